"""Who gets what at every address: each route of the desk, each role, GET and POST.

The routes are read from the addresses: a new one without a row fails. To add a route, write its row with one
outcome for each of `ROLES`; to add a role, write a browser for it in `browsers` and one more outcome in each
row. Outcomes:

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
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.audit.desk import DESK
from luwte.desk.findings.services import register
from luwte.desk.telling import services as telling
from luwte.desk.telling import stating
from luwte.desk.telling.calls import CALL
from luwte.desk.telling.models import CareTask, Contact, SafetyAlert
from luwte.desk.telling.safety_outbox import SafetyOutbox
from luwte.desk.vault.log import VAULT
from luwte.desk.wishes.rules import PERSON, Choice, Detail, Rhythm, Source
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

ROLES = ("nobody", "Noor", "Piet", "Riet", "account", "staff", "administrator")
"""Nobody; Noor, of whom all is; Piet, another person; Riet, who acts for Noor; an account without the right
of the staff; a care worker; an administrator."""

Row = list[str]
ALL: Row = ["ok"] * 7
ON: Row = ["on"] * 7
NO_GET = NO_POST = ["405"] * 7
READ: Row = ["on", "ok", "ok", "on", "on", "on", "on"]
OF_NOOR: Row = ["on", "ok", "404", "on", "on", "on", "on"]
ACT: Row = ["on", "done", "done", "on", "on", "on", "on"]
ACT_OF_NOOR: Row = ["on", "done", "on", "on", "on", "on", "on"]
STAFF: Row = ["in", "in", "in", "in", "403", "ok", "ok"]
STAFF_ACT: Row = ["in", "in", "in", "in", "403", "done", "done"]
NOT_THERE: Row = ["in", "in", "in", "in", "403", "404", "404"]
CODE: Row = ["in", "in", "in", "in", "on", "on", "on"]
NO_FACTOR: Row = ["in", "in", "in", "in", "403", "403", "403"]
"""These accounts have signed in and have no second factor of their own to show again."""
TABLE: Mapping[str, tuple[Row, Row]] = {
    # route: what GET gives each role, what POST gives it
    "": (ALL, NO_POST),
    "in/<str:token>/": (ALL, ["done"] * 7),
    "bericht/<str:message_id>/": (["on", "ok", "404", "404", "on", "on", "on"], NO_POST),
    "bericht/<str:message_id>/later/": (NO_GET, ON),
    "gelezen/<str:alert_id>/": (NO_GET, ACT_OF_NOOR),
    "vraag/": (NO_GET, ACT_OF_NOOR),
    "pauze/": (NO_GET, ACT),
    "verder/": (NO_GET, ACT_OF_NOOR),
    "niet-goed/": (NO_GET, ACT),
    "voor-u/": (READ, NO_POST),
    "waarom/": (READ, NO_POST),
    "gezocht/": (READ, NO_POST),
    "gezocht/maak/": (NO_GET, ["on", "on", "done", "on", "on", "on", "on"]),  # Noor has it already
    "gezocht/<str:statement>/": (OF_NOOR, NO_POST),
    "gezocht/<str:statement>/blad/": (["on", "404", "404", "on", "on", "on", "on"], NO_POST),
    "verlaten/": (ALL, NO_POST),
    "uit/": (ON, NO_POST),
    "vandaag/": (ALL, NO_POST),
    "taal/": (ON, ON),
    "staff/": (STAFF, NO_POST),
    "staff/people/": (STAFF, NO_POST),
    "staff/sign-in/": (["ok", "ok", "ok", "ok", "on", "on", "on"],) * 2,
    "staff/sign-in/code/": (CODE, CODE),
    "staff/sign-in/passkey/": (["ok", "ok", "ok", "ok", "on", "on", "on"],) * 2,
    "staff/sign-out/": (NO_GET, ["in", "in", "in", "in", "done", "done", "done"]),
    "staff/invited/<str:token>/": (["404"] * 7,) * 2,  # the token of a person's link is none of an account
    "staff/again/": (NO_FACTOR, NO_FACTOR),
    "staff/again/passkey/": (NO_FACTOR, NO_FACTOR),
    "staff/account/": (STAFF, ["in", "in", "in", "in", "403", "405", "405"]),
    "staff/account/password/": (STAFF, STAFF),
    "staff/account/others/": (NO_GET, STAFF_ACT),
    "staff/account/app/": (STAFF, STAFF),
    "staff/account/app/remove/": (NOT_THERE, NOT_THERE),
    "staff/account/passkey/": (STAFF, STAFF),
    "staff/account/passkey/<int:pk>/remove/": (NOT_THERE, NOT_THERE),
    "staff/account/codes/": (NOT_THERE, ["in", "in", "in", "in", "403", "405", "405"]),
    "staff/account/codes/new/": (STAFF, STAFF),
    "staff/person/<str:person_id>/": (STAFF, NO_POST),
    "staff/person/<str:person_id>/link/": (NO_GET, STAFF),
    "staff/person/<str:person_id>/lift/": (NO_GET, ["in", "in", "in", "in", "403", "on", "on"]),
    "staff/person/<str:person_id>/acting/<str:representative_id>/link/": (NO_GET, STAFF),
    "staff/call/<str:task_id>/": (NO_GET, STAFF_ACT),
    "staff/task/<str:task_id>/": (NO_GET, STAFF_ACT),
}
FORMS = {
    "gezocht/maak/": {"year": "2026"},
    "staff/call/<str:task_id>/": {"act": "accept"},
    "staff/task/<str:task_id>/": {"outcome": "done"},
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
            "token": entrance(noor).strip("/").removeprefix("in/"),
            "message_id": Contact.objects.get(subject=noor.subject, recipient=PERSON).id,
            "alert_id": SafetyAlert.objects.get().id,
            "statement": stating.state(noor.subject, 2026, NOON),
            "person_id": noor.id,
            "representative_id": acting,
        }
        account = Client()
        account.force_login(User.objects.create_user("account"))
        administrator = Client()
        administrator.force_login(User.objects.create_superuser("administrator"))
        shown_factor(administrator)
        self.browsers = {
            "nobody": Client(),
            "Noor": enter(noor),
            "Piet": enter(stranger("Piet")),
            "Riet": enter_by(acting_entrance(acting)),
            "account": account,
            "staff": care_worker(),
            "administrator": administrator,
        }

    def outcome(self, role: str, route: str, way: str) -> str:
        """Return what a role gets at a route; nothing stays of it."""
        browser, before = self.browsers[role], self._acts()
        cookies = browser.cookies.output()
        with transaction.atomic(), transaction.atomic(using="vault"):
            answer = getattr(browser, way)(self._path(route), FORMS.get(route, {}) if way == "post" else {})
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

    def _path(self, route: str) -> str:
        ids = self.ids | {"task_id": self.tasks["call" if "call" in route else "task"]}
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: ids.get(found[1], "1"), route)

    def _acts(self) -> int:
        return DESK.leaf.objects.count() + VAULT.leaf.objects.count()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Noor and all browsers."""
    return Site(tmp_path)


def test_every_role_gets_at_every_address_what_the_table_says(site: Site) -> None:
    assert {route for route, _ in routes()} == TABLE.keys(), "each route has a row, each row a route"
    found = {
        route: tuple([site.outcome(role, route, way) for role in ROLES] for way in ("get", "post"))
        for route, _ in routes()
    }
    assert found == TABLE
