"""The pages of the texts show each as it arrives, take signatures under what was read, and proposals."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from luwte.desk.accounts.models import Account
from luwte.desk.staff import text_words
from luwte.desk.telling.channels.email import EmailChannel, MailServer
from luwte.desk.telling.channels.port import Envelope
from luwte.desk.words import proposals
from luwte.desk.words.claims import INSIDE
from luwte.desk.words.models import SignOff
from luwte.desk.words.registry import REGISTERS, template, templates, text
from tests.support.accounts import Worker
from tests.support.desk import NOON
from tests.support.pages import words
from tests.support.tour import care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "quick_hashes"),
]
TEXTS = "/staff/texts/"
MAIL = f"{TEXTS}contact.email/"


def digests(page: str) -> list[str]:
    return re.findall(r'name="digest" value="([0-9a-f]{64})"', page)


def sent(**changes: str) -> dict[str, str]:
    """Return what the form of a new version sends, with lines as browsers end them."""
    more = {"nl": "Tot dan.", "nl-youth": "Tot dan.", "en": "See you then."}
    found = {}
    for one in REGISTERS:
        now = template("contact.email", one).text
        found[f"subject-{one}"] = now.subject
        found[f"body-{one}"] = f"{now.body}\n{more[one]}\n".replace("\n", "\r\n")
    return found | changes


def test_every_text_is_on_the_list_and_has_its_page_in_each_register() -> None:
    client = care_worker()
    listed = client.get(TEXTS).content.decode()
    for one in templates():
        assert f'href="{TEXTS}{one.id}/"' in listed
    for template_id in sorted({one.id for one in templates()}):
        page = client.get(f"{TEXTS}{template_id}/")
        assert page.status_code == 200
        assert len(digests(page.content.decode())) == len(REGISTERS)


def test_the_e_mail_is_shown_exactly_as_it_is_sent() -> None:
    way = EmailChannel(MailServer("127.0.0.1", 25, "bericht@localhost"), "http://localhost:8000/")
    shown = words(care_worker().get(MAIL))
    for one in REGISTERS:
        message = way.message(Envelope("trial", "anna@example.org", one, NOON))  # type: ignore[arg-type]
        assert str(message["Subject"]) in shown
        assert str(message["From"]) in shown
        for line in message.get_content().split("\n"):
            assert " ".join(line.split()) in shown


def test_letters_messages_and_calls_are_shown_with_values_in_their_gaps() -> None:
    client = care_worker()
    for template_id, values in (
        ("contact.sms", {}), ("contact.letter", {"url": "http://localhost:8000/"}),
        ("call.opener", {"worker": "een hulpverlener"}),
        ("coverage.looked", {"number": "12", "day": "2 maart 2026"}),
    ):  # fmt: skip
        shown = words(client.get(f"{TEXTS}{template_id}/"))
        body = text(template_id, "nl", **values).body
        assert " ".join(body.split()) in " ".join(shown.split()), template_id


def test_two_accounts_sign_what_they_read_and_one_does_not_sign_twice() -> None:
    first, second = care_worker(name="wim"), care_worker(name="bo")
    press = {"digest": digests(first.get(MAIL).content.decode()), "role": "hulpverlener"}
    assert "U hebt deze tekst getekend" in words(first.post(f"{MAIL}sign/", press, follow=True))
    assert digests(first.get(MAIL).content.decode()) == [], "there is nothing left to sign"
    assert "U tekende dit al" in words(first.post(f"{MAIL}sign/", press, follow=True))
    assert "mag niet weg" in words(first.get(TEXTS))
    second.post(f"{MAIL}sign/", press)
    rows = SignOff.objects.filter(template="contact.email")
    assert {(row.by, row.role) for row in rows} == {("wim", "hulpverlener"), ("bo", "hulpverlener")}
    assert {row.signer for row in rows} == {
        f"staff:{client.session['_auth_user_id']}" for client in (first, second)
    }
    assert rows.count() == 2 * len(REGISTERS)


@pytest.mark.parametrize(
    "press",
    [
        {"role": "hulpverlener"},
        {"digest": ["0" * 64], "role": "hulpverlener"},
        {"digest": [template("contact.email", "nl").digest, "x"], "role": "hulpverlener"},
        {"digest": [template("contact.sms", "nl").digest], "role": "hulpverlener"},
        {"digest": [template("contact.email", "nl").digest], "role": ""},
        {"digest": [template("contact.email", "nl").digest], "role": "x" * 201},
    ],
)
def test_what_was_not_read_or_has_no_role_is_not_signed(press: dict[str, object]) -> None:
    client = care_worker()
    answer = client.post(f"{MAIL}sign/", press)
    assert answer.status_code == 302
    assert not SignOff.objects.exists()


def test_a_new_version_is_proposed_signed_by_two_and_given_as_lines_of_its_file() -> None:
    first, second = care_worker(name="wim"), care_worker(name="bo")
    assert first.post(f"{MAIL}new/", sent())["Location"] == MAIL
    made = proposals.proposal("contact.email")
    assert made is not None
    assert made.texts[0].text.body.endswith("\n\nTot dan.\n"), "lines end as in the file"
    assert "een nieuwe wacht" in words(first.get(TEXTS))
    for client in (first, second):
        assert "contact.email.toml" not in words(client.get(MAIL))
        press = {"digest": [one.digest for one in made.texts], "role": "hulpverlener"}
        client.post(f"{MAIL}sign/", press)
    page = first.get(MAIL).content.decode()
    assert "contact.email.toml" in page
    assert "[[versions]]" in page


def test_what_breaks_a_rule_stands_by_its_text_and_what_was_typed_stays() -> None:
    client = care_worker()
    typed = "Dit is zeker <b>waar</b>.\r\n{url}\r\n"
    answer = client.post(f"{MAIL}new/", sent(**{"body-nl": typed}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(
        r'id="wrong-nl"><li>Tegen een regel: het zegt meer dan iemand weet: &#x27;zeker&#x27;', page
    )
    assert "Dit is zeker &lt;b&gt;waar&lt;/b&gt;." in page
    assert 'id="wrong-en"' not in page
    assert 'aria-describedby="wrong-nl"' in page
    assert "<title>Fout:" in page
    assert proposals.proposal("contact.email") is None


def test_a_text_that_is_not_there_and_who_may_not_read_them() -> None:
    client = care_worker()
    for path in ("nothing/", "nothing/new/"):
        assert client.get(f"{TEXTS}{path}").status_code == 404
    assert client.post(f"{TEXTS}nothing/sign/").status_code == 404
    eva = Worker("eva")
    Account.objects.update_or_create(pk=eva.user.pk, defaults={"auditor": True, "care": False})
    browser: Client = eva.enter()
    assert browser.get(TEXTS).status_code == browser.get(MAIL).status_code == 403


def test_every_rule_for_words_has_words() -> None:
    made = {"outside", "coverage", "readability", "gaps", "length", "characters"}
    assert set(text_words.rules()) == {*INSIDE, *made}
    assert text_words.faults(["totals: 'all'", "unknown: x"])[1] == "unknown: x"
