"""Who gets what at every address: each route of the desk, each role, GET and POST.

The routes are read from the addresses: a new one without a row fails. To add a route, write what it gives
most of `ROLES`, and which get something else; to add a role, write a browser for it in `browsers`, and its
outcome wherever it is not that of most. Outcomes:

    ok      the page, or the file
    done    an act was recorded, and the answer leads on
    on      nothing was recorded, and the answer leads on: where only a cookie or a session changes, where
            there was nothing to do, and where a page that somebody may not have leads to the first page
    in      nothing was recorded, and the answer leads to the sign-in of the staff
    403, 404, 405, 410    refused
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.accounts import accounts
from luwte.desk.accounts.models import Account
from luwte.desk.audit.desk import DESK
from luwte.desk.findings.services import register
from luwte.desk.telling import first, stating
from luwte.desk.telling import services as telling
from luwte.desk.telling.calls import CALL
from luwte.desk.telling.models import CareTask, Contact, SafetyAlert
from luwte.desk.telling.safety_outbox import SafetyOutbox
from luwte.desk.vault import drafts
from luwte.desk.vault import services as vault
from luwte.desk.vault.log import VAULT
from luwte.desk.vault.rules import Mandate
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import PERSON, Choice, Detail, Quiet, Rhythm, Source
from luwte.desk.words.registry import REGISTERS, template
from tests.support.coverage import Stage
from tests.support.desk import NOON, KeepingChannel, Someone, report, ways
from tests.support.pages import enter, enter_by
from tests.support.routes import routes
from tests.support.stage import EARLIER, acting_entrance, entrance, represented, stranger
from tests.support.tour import care_worker, shown_factor

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]

DAY = timedelta(days=1)
PEOPLE = ("nobody", "Noor", "Piet", "Riet", "Rob", "Roos")
"""Nobody; Noor, of whom all is; Piet, another person; Riet, who acts for Noor; Rob, who did when he signed
in, and whose mandate has ended since; Roos, who turned out to live with a suspect since."""
ACCOUNTS = ("account", "closed", "unshown", "staff", "administrator", "auditor")
"""An account without the right of the staff; one of a care worker that was closed after signing in; a care
worker who showed no second factor; a care worker; an administrator; an auditor, who cares for nobody."""
ROLES = (*PEOPLE, *ACCOUNTS)

Row = dict[str, str]


def row(most: str, **others: str) -> Row:
    """Return the row in which everyone gets `most` and some roles something else."""
    return dict.fromkeys(ROLES, most) | others


def staff(outcome: str, *, unshown: str = "on", auditor: str = "403") -> Row:
    """Return the row of a page of the staff; who showed no second factor is led to setting one up."""
    return row("in", account="403", unshown=unshown, staff=outcome, administrator=outcome, auditor=auditor)


def own(outcome: str, *, unshown: str) -> Row:
    """Return the row of a page about one's own account."""
    return staff(outcome, unshown=unshown, auditor=outcome)


def only(role: str, outcome: str) -> Row:
    """Return the row of a page for one role of the staff."""
    return staff("403") | {role: outcome}


ALL, ON, NO_GET, NO_POST = row("ok"), row("on"), row("405"), row("405")
READ, OF_NOOR = row("on", Noor="ok", Piet="ok"), row("on", Noor="ok", Piet="404")
EITHER = row("on", Noor="ok", Piet="ok", Riet="ok")
ACT, ACT_OF_NOOR = row("on", Noor="done", Piet="done"), row("on", Noor="done")
STAFF, STAFF_ACT, OWN = staff("ok"), staff("done"), own("ok", unshown="ok")
NOT_THERE, NO_OWN_POST = own("404", unshown="404"), own("405", unshown="405")
NO_FACTOR = own("403", unshown="403")
"""These accounts have signed in and have no second factor of their own to show again."""
OF_WORKER = staff("ok") | {"administrator": "404"}
OF_WORKER_ON, OF_WORKER_ACT = OF_WORKER | {"staff": "on"}, OF_WORKER | {"staff": "done"}
"""A conversation is of the care worker who began it."""
ENTRANCE = row("ok", account="on", unshown="on", staff="on", administrator="on", auditor="on")
CODE = row("in", account="on", unshown="on", staff="on", administrator="on", auditor="on")
TABLE: Mapping[str, tuple[Row, Row]] = {
    # route: what GET gives each role, what POST gives it
    "": (row("ok", Rob="on", Roos="on"), NO_POST),
    "in/<str:token>/": (ALL, row("done")),
    "via/": (row("404"), NO_POST),  # without a broker, as by default
    "via/terug/": (row("404"), NO_POST),
    "bericht/<str:message_id>/": (row("on", Noor="ok", Piet="404", Riet="404"), NO_POST),
    "bericht/<str:message_id>/later/": (NO_GET, ON),
    "gelezen/<str:alert_id>/": (NO_GET, ACT_OF_NOOR),
    "vraag/": (NO_GET, ACT_OF_NOOR),
    "pauze/": (NO_GET, ACT),
    "verder/": (NO_GET, ACT_OF_NOOR),
    "niet-goed/": (NO_GET, ACT),
    "voor-u/": (READ, NO_POST),
    "waarom/": (READ, NO_POST),
    "gezocht/": (READ, NO_POST),
    "gezocht/maak/": (NO_GET, ACT),
    "gezocht/<str:statement>/": (OF_NOOR, NO_POST),
    "gezocht/<str:statement>/blad/": (OF_NOOR, NO_POST),
    "keuzes/": (READ, NO_POST),
    "keuzes/<int:place>/": (row("on", Noor="ok"), ON),
    "keuzes/<int:place>/nalezen/": (ON, ON),
    "keuzes/<int:place>/vast/": (NO_GET, ON),  # nothing was read back yet
    "rust/": (READ, ACT),
    "rust/<str:quiet_id>/weg/": (NO_GET, ACT_OF_NOOR),
    "stop/": (READ, ACT_OF_NOOR),
    "bericht/<str:message_id>/waarom/": (OF_NOOR, NO_POST),
    "verlaten/": (ALL, NO_POST),
    "vooraf/": (row("on", Noor="ok", Piet="ok", Riet="ok"), NO_POST),
    "veilig/": (ALL, NO_POST),
    "mijn/": (READ, NO_POST),
    "mijn/gegevens/": (READ, NO_POST),
    "mijn/gegevens/blad/": (NO_GET, READ),
    "mijn/bekeken/": (READ, NO_POST),
    "mijn/mensen/": (READ, NO_POST),
    "mijn/rechten/": (READ, NO_POST),
    "mijn/weg/": (READ, ACT),
    "binnen/": (ALL, ALL),  # nothing was given, so nobody comes in
    "mijn/toegang/": (EITHER, NO_POST),
    "mijn/toegang/app/": (EITHER, EITHER),
    "mijn/toegang/sleutel/": (EITHER, EITHER),
    "mijn/toegang/codes/": (NO_GET, ON),
    "mijn/toegang/weg/": (NO_GET, ON),
    "uit/": (ON, NO_POST),
    "vandaag/": (ALL, NO_POST),
    "taal/": (ON, ON),
    "staff/": (staff("ok", auditor="on"), NO_POST),
    "staff/people/": (STAFF, STAFF),
    "staff/sign-in/": (ENTRANCE, ENTRANCE),
    "staff/sign-in/code/": (CODE, CODE),
    "staff/sign-in/passkey/": (ENTRANCE, ENTRANCE),
    "staff/sign-out/": (
        NO_GET,
        row("in", account="done", unshown="done", staff="done", administrator="done", auditor="done"),
    ),
    "staff/invited/<str:token>/": (row("404"), row("404")),  # a person's link invites no account
    "staff/again/": (NO_FACTOR, NO_FACTOR),
    "staff/again/passkey/": (NO_FACTOR, NO_FACTOR),
    "staff/account/": (OWN, NO_OWN_POST),
    "staff/account/password/": (own("ok", unshown="on"), own("ok", unshown="on")),
    "staff/account/others/": (NO_GET, own("done", unshown="on")),
    "staff/account/app/": (OWN, OWN),
    "staff/account/app/remove/": (NOT_THERE, NOT_THERE),
    "staff/account/passkey/": (OWN, OWN),
    "staff/account/passkey/<int:pk>/remove/": (NOT_THERE, NOT_THERE),
    "staff/account/codes/": (NOT_THERE, NO_OWN_POST),
    "staff/account/codes/new/": (OWN, OWN),
    "staff/person/<str:person_id>/": (STAFF, NO_POST),
    "staff/person/<str:person_id>/link/": (NO_GET, STAFF),
    "staff/person/<str:person_id>/lift/": (NO_GET, staff("on")),
    "staff/person/<str:person_id>/visits/": (NO_GET, STAFF_ACT),
    "staff/person/<str:person_id>/acting/<str:representative_id>/link/": (NO_GET, STAFF),
    "staff/person/<str:person_id>/who/": (STAFF, STAFF),  # nothing was typed: the form again
    "staff/person/<str:person_id>/contact/": (STAFF, STAFF),
    "staff/person/<str:person_id>/assessment/": (STAFF, STAFF),
    "staff/person/<str:person_id>/acting/": (STAFF, STAFF),
    "staff/person/<str:person_id>/acting/<str:representative_id>/": (STAFF, STAFF),
    "staff/person/<str:person_id>/wishes/": (STAFF, NO_POST),
    "staff/person/<str:person_id>/wishes/stop/": (NO_GET, STAFF_ACT),
    "staff/person/<str:person_id>/wishes/<int:place>/": (STAFF, STAFF),
    "staff/find/": (STAFF, STAFF),
    "staff/first/": (STAFF, NO_POST),
    "staff/first/<str:task_id>/": (NO_GET, STAFF_ACT),
    "staff/first/decision/<str:decision_id>/": (NO_GET, STAFF_ACT),
    "staff/enrol/": (STAFF, STAFF_ACT),
    "staff/enrol/<str:draft_id>/": (OF_WORKER_ON, NO_POST),
    "staff/enrol/<str:draft_id>/keep/": (NO_GET, OF_WORKER_ON),  # nothing was read back yet
    "staff/enrol/<str:draft_id>/drop/": (NO_GET, OF_WORKER_ACT),
    "staff/enrol/<str:draft_id>/without/<str:part>/": (NO_GET, OF_WORKER_ACT),
    "staff/enrol/<str:draft_id>/step/<str:step>/": (OF_WORKER, OF_WORKER_ACT),
    "staff/call/<str:task_id>/": (NO_GET, STAFF_ACT),
    "staff/task/<str:task_id>/": (NO_GET, STAFF_ACT),
    "staff/numbers/": (STAFF, NO_POST),
    "staff/texts/": (STAFF, NO_POST),
    "staff/texts/<str:template_id>/": (STAFF, NO_POST),
    "staff/texts/<str:template_id>/sign/": (NO_GET, STAFF_ACT),
    "staff/texts/<str:template_id>/new/": (STAFF, STAFF_ACT),
    "staff/accounts/": (only("administrator", "ok"), only("administrator", "ok")),  # a link, shown once
    "staff/accounts/<int:account_id>/": (only("administrator", "ok"), only("administrator", "done")),
    "staff/audit/": (only("auditor", "ok"), NO_POST),
    "staff/audit/looks/": (only("auditor", "ok"), NO_POST),
    "staff/audit/looks/<int:account_id>/": (only("auditor", "ok"), NO_POST),
}
FORMS = {
    "gezocht/maak/": {"year": "2026"},
    "rust/": {"first": "2026-07-01", "last": "2026-07-14", "kind": "days"},
    "mijn/weg/": {"act": "ask", "sure": "yes"},
    "staff/call/<str:task_id>/": {"act": "accept"},
    "staff/task/<str:task_id>/": {"outcome": "done"},
    "staff/texts/<str:template_id>/sign/": {"digest": template("contact.sms", "en").digest, "role": "reader"},
    "staff/texts/<str:template_id>/new/": {
        f"body-{words}": template("contact.sms", words).text.body for words in REGISTERS
    },
    "staff/accounts/": {"act": "add", "name": "new"},
    "staff/accounts/<int:account_id>/": {"act": "sessions"},
    "staff/first/<str:task_id>/": {"why": "news"},
    "staff/first/decision/<str:decision_id>/": {"answer": "refuse"},
    "staff/enrol/<str:draft_id>/step/<str:step>/": {"needs": "child"},
}


def _something_of_everything(noor: Someone) -> None:
    """Noor has an alert, news to ask for, and a pause."""
    chosen = Choice(True, Rhythm.EACH, detail=Detail.BANDS)
    telling.set_wish(
        noor.id, Source.SAFETY, chosen, set_by="Wim", conversation="call", now=EARLIER, assessment="one"
    )
    telling.record_event(noor.id, "C-9", Source.SAFETY, "release", at=NOON, now=NOON)
    SafetyOutbox(ways(KeepingChannel()), ManualClock(NOON)).send_due()
    register(report({"series-Noor": {"late": (1, 0)}}, case="Noor-late"), NOON)
    telling.pause(noor.id, NOON)


def _no_more(noor: Someone, name: str, **since: Any) -> Client:
    """Return a browser of someone who may not act for Noor any more, signed in when they might."""
    acting = vault.add_representative(noor.id, Mandate(name, "parent", NOON.date() - 9 * DAY), now=NOON)
    browser = enter_by(acting_entrance(acting))
    assert browser.get("/").status_code == 200
    vault.change_representative(acting, now=NOON, **since)
    return browser


def _account(name: str, **rights: Any) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_user(name, **rights))
    return browser


def _closed() -> Client:
    browser = care_worker(name="closed")
    accounts.close("closed", by="command", now=NOON)
    return browser


def _administrator() -> Client:
    """As the command line makes one: no superuser of Django, of whom there is none."""
    accounts.add("administrator", by="command", now=NOON, administrator=True)
    browser = Client()
    browser.force_login(User.objects.get(username="administrator", is_superuser=False))
    shown_factor(browser)
    return browser


def _auditor() -> Client:
    browser = care_worker(name="auditor")
    account = Account.objects.get(pk=User.objects.get(username="auditor").pk)
    account.auditor, account.care = True, False
    account.save()
    return browser


def _kind(route: str) -> str:
    return next((kind for kind in ("call", "first") if kind in route), "task")


class Site:
    """Noor, of whom there is something of everything; and a browser for each role."""

    def __init__(self, folder: Path) -> None:
        noor, acting = represented("Noor")
        _something_of_everything(noor)
        Stage.at(folder).checkpoint()
        kinds = {"call": CALL, "task": "taken_back"}
        self.tasks = {
            route: CareTask.objects.create(subject=noor.subject, kind=kind, reason="unopened", made=NOON).id
            for route, kind in kinds.items()
        }
        self.ids = {
            "token": entrance(stranger("Truus")).strip("/").removeprefix("in/"),
            "message_id": Contact.objects.get(subject=noor.subject, recipient=PERSON).id,
            "alert_id": SafetyAlert.objects.get().id,
            "quiet_id": wishes.add_quiet(
                Quiet(noor.subject, NOON.date(), NOON.date()), set_by="self", now=NOON
            ),
            "statement": stating.state(noor.subject, 2026, NOON),
            "person_id": noor.id,
            "representative_id": acting,
            "template_id": "contact.sms",
            "account_id": str(User.objects.create_user("other", is_staff=True).pk),
            "decision_id": self._decision(noor),
            "draft_id": self._draft(),
            "part": "someone-1",
            "step": "needs",
        }
        Stage.at(folder).checkpoint()
        self.browsers = {
            "nobody": Client(),
            "Noor": enter(noor),
            "Piet": enter(stranger("Piet")),
            "Riet": enter_by(acting_entrance(acting)),
            "Rob": _no_more(noor, "Rob", ends=NOON.date() - DAY),
            "Roos": _no_more(noor, "Roos", conflict="certain"),
            "account": _account("account"),
            "closed": _closed(),
            "unshown": _account("unshown", is_staff=True),
            "staff": care_worker(),
            "administrator": _administrator(),
            "auditor": _auditor(),
        }

    def outcome(self, role: str, route: str, way: str) -> str:
        """Return what a role gets at a route; nothing stays of it."""
        browser, before = self.browsers[role], self._acts()
        cookies = browser.cookies.output()
        with transaction.atomic(), transaction.atomic(using="vault"):
            answer = getattr(browser, way)(self.path(route), FORMS.get(route, {}) if way == "post" else {})
            acted = self._acts() > before
            transaction.set_rollback(True)
            transaction.set_rollback(True, using="vault")
        browser.cookies.clear()
        browser.cookies.load(cookies.replace("Set-Cookie: ", "").replace("\r\n", "; "))
        if answer.status_code == 200:
            return "ok"
        if answer.status_code not in (302, 303):
            return str(answer.status_code)
        if acted:
            return "done"
        return "in" if answer["Location"].startswith("/staff/sign-in/") else "on"

    def _decision(self, noor: Someone) -> str:
        """Somebody proposed to call Noor, as if she did not know."""
        self.tasks["first"] = CareTask.objects.create(
            subject=noor.subject, kind=CALL, reason="does_not_know", made=NOON
        ).id
        return first.propose(self.tasks["first"], first.Verdict.CALL, "news", by="Wim", now=NOON)

    def _draft(self) -> str:
        """A conversation that the care worker began, with somebody who acts for the person."""
        worker = User.objects.get_or_create(username="zorg", is_staff=True)[0]
        made = drafts.begin(by=f"staff:{worker.pk}", now=NOON)
        drafts.keep(made, "someone-1", {"acting_name": ["Riet"]}, by=f"staff:{worker.pk}", now=NOON)
        return made

    def path(self, route: str) -> str:
        """Return an address of a route, with the ids of what is Noor's."""
        ids = self.ids | {"task_id": self.tasks[_kind(route)]}
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: ids.get(found[1], "1"), route)

    def _acts(self) -> int:
        return DESK.leaf.objects.count() + VAULT.leaf.objects.count()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Noor and all browsers."""
    return Site(tmp_path)


def test_every_role_gets_at_every_address_what_the_table_says(site: Site) -> None:
    assert {route for route, _ in routes()} == TABLE.keys(), "each route has a row, each row a route"
    wrong = {}
    for (route, _), (place, way), role in product(routes(), enumerate(("get", "post")), ROLES):
        found, wanted = site.outcome(role, route, way), TABLE[route][place][role]
        if found != wanted:
            wrong[route, way, role] = f"{found}, not {wanted}"
    assert wrong == {}


def test_head_is_a_get_without_its_page(site: Site) -> None:
    for (route, _), role in product(routes(), ROLES):
        assert site.outcome(role, route, "head") == TABLE[route][0][role], (route, role)


def test_no_other_method_is_answered_to_anybody(site: Site) -> None:
    for (route, _), role in product(routes(), ROLES):
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
            answer = site.browsers[role].generic(method, site.path(route))
            assert (answer.status_code, answer.content) == (405, b""), (route, role, method)
