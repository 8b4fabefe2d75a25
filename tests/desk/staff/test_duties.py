"""Administrators and auditors see what waits for them, most pressing first, each with the reason why."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from luwte.base.clock import ManualClock
from luwte.desk.accounts import accounts, four_eyes
from luwte.desk.accounts.four_eyes import Wanted
from luwte.desk.accounts.models import Account
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.models import Checkpoint, Cosignature, Leaf, Place
from luwte.desk.audit.noticed import missing
from luwte.desk.audit.verified import note_verified
from luwte.desk.staff import auditor_duties, duties
from luwte.desk.staff.duties import Duty, in_order
from luwte.desk.vault import break_glass
from luwte.desk.vault.log import VAULT
from luwte.desk.words import proposals
from luwte.desk.words.models import SignOff
from luwte.desk.words.registry import REGISTERS, template
from tests.support.accounts import Worker
from tests.support.desk import NOON
from tests.support.pages import words
from tests.support.stage import stranger
from tests.support.tour import care_worker
from tests.support.triggers import without_triggers

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "quick_hashes", "signed", "verified"),
]
ACCOUNTS, RECORD = "/staff/accounts/", "/staff/audit/"
DAY = timedelta(days=1)


@pytest.fixture
def verified(home: Path) -> None:
    """Both records were verified just now."""
    for log in (DESK, VAULT):
        note_verified(log, NOON, 0)


def administrators() -> tuple[Client, Client]:
    return tuple(Worker(name, administrator=True).enter() for name in ("ada", "bo"))  # type: ignore[return-value]


def auditor(name: str = "eva") -> Client:
    worker = Worker(name)
    Account.objects.update_or_create(pk=worker.user.pk, defaults={"auditor": True, "care": False})
    return worker.enter()


def lines(client: Client, path: str) -> list[tuple[str, str]]:
    """Return what waits on a page, in order, with the reason why."""
    page = client.get(path).content.decode().split('id="todo"')[1].split("</section>")[0]
    return re.findall(r'rowheader" scope="row"><a [^>]*>([^<]+)</a></th><td [^>]*>([^<]+)</td>', page)


def waits(client: Client, path: str) -> dict[str, str]:
    """Return the same by what it is, of one thing the last reason."""
    return dict(lines(client, path))


def test_what_a_colleague_asked_comes_first_and_what_you_asked_last() -> None:
    ada, bo = administrators()
    Worker("wim")
    four_eyes.ask(Wanted.RESET, "wim", by=User.objects.get(username="ada").pk, now=NOON)
    first, last = next(iter(waits(bo, ACCOUNTS).items())), list(waits(ada, ACCOUNTS).items())[-1]
    assert first[0] == last[0] == "ada vraagt of wim een nieuw wachtwoord en een nieuwe tweede stap kiest."
    assert "wacht op u als tweede beheerder tot 3 maart 2026, 13:00" in first[1]
    assert "U vroeg dit." in last[1]
    assert f'href="{ACCOUNTS}#waiting"' in bo.get(ACCOUNTS).content.decode()


def test_what_was_approved_or_is_more_than_a_day_old_waits_no_more(clock: ManualClock) -> None:
    _, bo = administrators()
    Worker("wim")
    four_eyes.ask(Wanted.RESET, "wim", by=User.objects.get(username="ada").pk, now=clock.now() - DAY)
    assert not [one for one in waits(bo, ACCOUNTS) if "vraagt" in one]
    again = four_eyes.ask(Wanted.RESET, "wim", by=User.objects.get(username="ada").pk, now=clock.now())
    assert [one for one in waits(bo, ACCOUNTS) if "vraagt" in one]
    four_eyes.approve(again.id, by=User.objects.get(username="bo").pk, now=clock.now())
    assert not [one for one in waits(bo, ACCOUNTS) if "vraagt" in one]


def test_one_administrator_alone_is_told_so() -> None:
    ada = Worker("ada", administrator=True).enter()
    assert "niemand iets goedkeuren" in waits(ada, ACCOUNTS)["Beheerders"]
    Worker("bo", administrator=True)
    assert "Beheerders" not in waits(ada, ACCOUNTS)


def test_an_invitation_that_is_over_and_an_account_that_nobody_uses() -> None:
    ada, _ = administrators()
    accounts.add("nieuw", by="command", now=NOON)
    old = Worker("oud")
    User.objects.filter(pk=old.user.pk).update(last_login=NOON - timedelta(days=91))
    User.objects.filter(username__in=("ada", "bo")).update(last_login=NOON)
    before = waits(ada, ACCOUNTS)
    assert "meer dan 90 dagen niemand" in before["oud"]
    assert "nieuw" not in before
    accounts.invite("nieuw", by="command", now=NOON - 4 * DAY)
    after = waits(ada, ACCOUNTS)
    assert "De tijd om een tweede stap in te stellen is voorbij" in after["nieuw"]
    assert list(after).index("nieuw") < list(after).index("oud")
    accounts.close("oud", by="command", now=NOON)
    assert "oud" not in waits(ada, ACCOUNTS)


def test_an_account_that_somebody_tries_to_enter() -> None:
    ada, _ = administrators()
    Worker("wim")
    tried = {"username": "wim", "ip_address": "192.0.2.1", "attempt_time": timezone.now()}
    AccessAttempt.objects.create(**tried, failures_since_start=4)
    assert "wim" not in waits(ada, ACCOUNTS)
    AccessAttempt.objects.update(failures_since_start=5)
    assert "Inloggen mislukte te vaak." in waits(ada, ACCOUNTS)["wim"]


def test_a_text_waits_for_who_did_not_sign_it_and_not_for_who_did() -> None:
    ada, bo = administrators()
    assert "Teksten" not in waits(ada, ACCOUNTS), "two people signed every text"
    texts = {words: template("contact.sms", words).text for words in REGISTERS}
    proposals.propose("contact.sms", texts, by="staff:9", now=NOON)
    assert "Er is een nieuwe versie voorgesteld." in waits(ada, ACCOUNTS)["De tekst contact.sms"]
    page = ada.get("/staff/texts/contact.sms/").content.decode()
    found = proposals.proposal("contact.sms")
    assert found is not None
    assert found.texts[0].digest in page
    digests = [one.digest for one in found.texts]
    ada.post("/staff/texts/contact.sms/sign/", {"digest": digests, "role": "beheerder"})
    assert "De tekst contact.sms" not in waits(ada, ACCOUNTS)
    assert "De tekst contact.sms" in waits(bo, ACCOUNTS)


def test_a_care_worker_who_is_one_too_is_told_on_the_work_list() -> None:
    ada, _ = administrators()
    Worker("wim")
    assert "op u" not in words(ada.get("/staff/")).split("Wie op u wacht")[0]
    four_eyes.ask(Wanted.RESET, "wim", by=User.objects.get(username="bo").pk, now=NOON)
    page = ada.get("/staff/").content.decode()
    assert f'<a class="nl-link" href="{ACCOUNTS}">Accounts</a>, er wacht 1 ding op u' in page
    assert ACCOUNTS not in care_worker(name="zus").get("/staff/").content.decode()


def test_texts_that_nobody_signed_are_one_line_with_their_number() -> None:
    with without_triggers("default"):
        SignOff.objects.all().delete()
    ada = Worker("ada", administrator=True).enter()
    assert "hebben minder dan twee handtekeningen" in waits(ada, ACCOUNTS)["Teksten"]


def signed_and_cosigned() -> None:
    """Let the record of the desk have a checkpoint of all that is in it, with a witness."""
    for log in (DESK, VAULT):
        log.place_waiting()
        log.checkpoint.objects.create(size=log.size(), root=b"\1" * 32, at=NOON, note="note")
        log.cosignature.objects.create(size=log.size(), witness="court.example", line="x")


def test_break_glass_is_there_until_this_auditor_looked() -> None:
    noor, eva, els = stranger("Noor"), auditor(), auditor("els")
    break_glass.ask(noor.id, "een reden", by="staff:5", now=NOON)
    found = waits(eva, RECORD)
    asked = "Iemand vroeg te zien wie een persoon is, buiten het gewone werk om"
    assert "1 keer sinds u het laatst keek" in found[asked]
    address = f"{RECORD}?log=vault&amp;act=vault.glass-asked"
    assert f'href="{address}"' in eva.get(RECORD).content.decode()
    eva.get(f"{RECORD}?log=vault&act=vault.glass-asked&by=staff:9")
    assert asked in waits(eva, RECORD), "who looks at a part has not seen it"
    eva.get(address.replace("&amp;", "&"))
    assert asked not in waits(eva, RECORD)
    assert asked in waits(els, RECORD), "each auditor looks"


def test_what_comes_after_a_look_is_there_again(clock: ManualClock) -> None:
    noor, eva = stranger("Noor"), auditor()
    break_glass.ask(noor.id, "een reden", by="staff:5", now=NOON)
    eva.get(f"{RECORD}?log=vault&act=vault.glass-asked")
    break_glass.ask(noor.id, "een reden", by="staff:5", now=NOON + timedelta(minutes=2))
    (found,) = [why for what, why in waits(eva, RECORD).items() if "vroeg" in what]
    assert found.startswith("1 keer")


def test_an_act_of_long_ago_is_not_put_before_anybody(clock: ManualClock) -> None:
    break_glass.ask(stranger("Noor").id, "een reden", by="staff:5", now=NOON)
    clock.advance(timedelta(days=31))
    eva = auditor()
    assert not [one for one in waits(eva, RECORD) if "vroeg" in one]


def test_a_record_that_lost_an_act_comes_before_everything() -> None:
    noor, eva = stranger("Noor"), auditor()
    break_glass.ask(noor.id, "een reden", by="staff:5", now=NOON)
    DESK.place_waiting()
    assert missing(DESK) == 0
    with without_triggers("default"):
        Leaf.objects.filter(pk=Place.objects.get(place=0).leaf).delete()
    (what, why), *_ = lines(eva, RECORD)
    assert (what, why[:18]) == ("Het logboek van het meldpunt", "Het klopt niet: 1 ")


def test_a_place_that_is_gone_and_an_end_that_is_cut_off_are_seen() -> None:
    for _ in range(3):
        with transaction.atomic():
            DESK.record(Act.BACKED_UP, NOON, by="command")
    DESK.place_waiting()
    size = DESK.size()
    Checkpoint.objects.create(size=size, root=b"\1" * 32, at=NOON, note="note")
    assert missing(DESK) == 0
    with without_triggers("default"):
        Place.objects.filter(place=1).delete()
        assert missing(DESK) == 1
        Place.objects.filter(place__gte=size - 2).delete()
        assert missing(DESK) >= 2


def test_checkpoints_witnesses_and_verifying(clock: ManualClock) -> None:
    eva = auditor()
    stranger("Noor")
    found = list(waits(eva, RECORD))
    assert "Het logboek van de kluis" in found
    assert "in geen ijkpunt" in words(eva.get(RECORD))
    signed_and_cosigned()
    assert "in geen ijkpunt" not in words(eva.get(RECORD))
    assert "Geen getuige van buiten" not in words(eva.get(RECORD))
    with without_triggers("default"):
        Cosignature.objects.all().delete()
    assert "Geen getuige van buiten" in words(eva.get(RECORD))
    assert "niet bekend dat het de laatste 10 dagen" not in words(eva.get(RECORD))
    clock.advance(timedelta(days=11))
    late = auditor("els")
    assert "niet bekend dat het de laatste 10 dagen" in words(late.get(RECORD))
    assert "in geen ijkpunt" in words(late.get(RECORD)), "acts came after it, more than two days ago"


def test_no_name_stands_in_it() -> None:
    noor, eva = stranger("Noor-Zonderweerga"), auditor()
    break_glass.ask(noor.id, "een reden", by="staff:5", now=NOON)
    page = words(eva.get(RECORD))
    for name in ("Noor-Zonderweerga", "een reden", "eva"):
        assert name not in page


def test_there_are_words_for_every_act() -> None:
    assert set(auditor_duties.notices()) == {act for _, _, act in auditor_duties.NOTICES}


def test_what_presses_less_is_counted() -> None:
    found = [Duty(rank, f"{rank:03}", "why", NOON, "/") for rank in reversed(range(duties.MOST + 2))]
    ordered = in_order(found, NOON)
    assert [one.rank for one in ordered.shown] == list(range(duties.MOST))
    assert ordered.more == 2
    same = [Duty(1, "b", "", NOON, "/"), Duty(1, "a", "", NOON - DAY, "/"), Duty(1, "c", "", None, "/")]
    assert [one.what for one in in_order(same, NOON).shown] == ["a", "b", "c"]
