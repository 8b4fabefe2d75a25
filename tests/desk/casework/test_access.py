"""Who gets what at every address of casework: each route, each role, GET and POST.

Outcomes as in `tests/desk/project/test_roles.py`. A new route without a row fails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from luwte.desk.accounts import accounts
from luwte.desk.accounts.models import Account
from luwte.desk.audit.desk import DESK
from luwte.desk.cases.models import Case
from luwte.desk.casework.roles import Role
from luwte.desk.findings.models import ReportReceipt
from luwte.desk.findings.provenance import signer_of
from luwte.desk.review import proposals
from luwte.desk.review.proposals import Change
from tests.support.casework import entered, heard, worker
from tests.support.desk import NOON, cluster, entry_id
from tests.support.review import reported
from tests.support.routes import routes

PLAIN = ("plain", "administrator")
ROLES = ("nobody", "account", "unshown", "closed", *PLAIN, *map(str, Role))
"""Nobody; an account that is none of the staff; one without a second factor; one that was closed; one without
any role; an administrator's; and one of each role."""
Row = dict[str, str]


def row(most: str, **others: str) -> Row:
    """Return the row in which everyone gets `most` and some something else."""
    return dict.fromkeys(ROLES, most) | others


def staff(outcome: str, *allowed: Role, unshown: str = "on") -> Row:
    """Return the row of a page for `allowed` (everyone of the staff without), and nobody else."""
    found = row("in", account="403", unshown=unshown)
    held = {str(role) for role in allowed} or {*PLAIN, *map(str, Role)}
    return found | {one: outcome if one in held else "403" for one in (*PLAIN, *map(str, Role))}


def administrator(outcome: str) -> Row:
    """Return the row of a page of administrators."""
    return row("403", nobody="in", closed="in", unshown="on", administrator=outcome)


REVIEWER, LISTS, SENDERS = (Role.REVIEWER,), (Role.LIST_MANAGER,), (Role.EXAMINER, Role.CASE_OFFICER)
NO_GET, NO_POST = row("405"), row("405")
ENTRANCE = row("ok", **dict.fromkeys(("account", "unshown", *PLAIN, *map(str, Role)), "on"))
CODE = row("in", **dict.fromkeys(("account", "unshown", *PLAIN, *map(str, Role)), "on"))
OWN = staff("ok", unshown="ok")
NO_FACTOR = staff("403", unshown="403")
TABLE: Mapping[str, tuple[Row, Row]] = {
    "": (row("on"), row("on")),
    "uit/": (row("on"), NO_POST),
    "vandaag/": (row("ok"), NO_POST),
    "taal/": (row("on"), row("on")),
    "staff/": (staff("ok"), NO_POST),
    "staff/review/": (staff("ok", *REVIEWER), staff("done", *REVIEWER)),
    "staff/review/undo/": (staff("ok", *REVIEWER), staff("ok", *REVIEWER)),
    "staff/quarantine/": (staff("ok", *LISTS), NO_POST),
    "staff/lists/": (staff("ok", *LISTS), NO_POST),
    "staff/lists/<str:signer>/": (staff("ok", *LISTS), staff("done", *LISTS)),
    "staff/entry/": (staff("on", *LISTS), NO_POST),
    "staff/entry/<str:entry_id>/": (staff("ok", *LISTS), staff("done", *LISTS)),
    "staff/second/<str:proposal>/": (
        NO_GET,
        staff("done", *LISTS) | {"case-officer": "403"},
    ),
    "staff/intake/": (staff("ok", *SENDERS), staff("400", *SENDERS)),
    "staff/intake/<str:digest>/": (staff("404", *SENDERS), NO_POST),
    "staff/intake/<str:digest>/again/": (NO_GET, staff("on", *SENDERS)),
    "staff/cases/": (staff("ok", Role.CASE_OFFICER), NO_POST),
    "staff/cases/<str:case_id>/": (
        staff("ok", Role.CASE_OFFICER),
        staff("done", Role.CASE_OFFICER),
    ),
    "staff/limits/": (staff("ok", Role.CASE_OFFICER), staff("done", Role.CASE_OFFICER)),
    "staff/limits/acute/": (NO_GET, staff("done", Role.CASE_OFFICER)),
    "staff/numbers/": (staff("ok", Role.CASE_OFFICER), NO_POST),
    "staff/accounts/": (administrator("ok"), NO_POST),
    "staff/accounts/<int:account_id>/": (administrator("ok"), administrator("done")),
    "staff/sign-in/": (ENTRANCE, ENTRANCE),
    "staff/sign-in/code/": (CODE, CODE),
    "staff/sign-in/passkey/": (ENTRANCE, ENTRANCE),
    "staff/sign-out/": (
        NO_GET,
        row("in", **dict.fromkeys(("account", "unshown", *PLAIN, *map(str, Role)), "done")),
    ),
    "staff/invited/<str:token>/": (row("404"), row("404")),
    "staff/again/": (NO_FACTOR, NO_FACTOR),
    "staff/again/passkey/": (NO_FACTOR, NO_FACTOR),
    "staff/account/": (OWN, staff("405", unshown="405")),
    "staff/account/password/": (staff("ok"), staff("ok")),
    "staff/account/others/": (NO_GET, staff("done")),
    "staff/account/app/": (OWN, OWN),
    "staff/account/app/remove/": (staff("404", unshown="404"), staff("404", unshown="404")),
    "staff/account/passkey/": (OWN, OWN),
    "staff/account/passkey/<int:pk>/remove/": (staff("404", unshown="404"), staff("404", unshown="404")),
    "staff/account/codes/": (staff("404", unshown="404"), staff("405", unshown="405")),
    "staff/account/codes/new/": (OWN, OWN),
}
FORMS = {
    "staff/review/": {"act": "next"},
    "staff/entry/<str:entry_id>/": {"act": "dispute", "reason": "why"},
    "staff/second/<str:proposal>/": {"act": "approve"},
    "staff/limits/": {
        "change": "floor", "only": "10", "first": "100", "more": "1000", "sample": "5", "reason": "why",
    },
    "staff/limits/acute/": {"acute": "yes"},
    "staff/lists/<str:signer>/": {"act": "foreign", "source": "elsewhere", "reason": "why"},
    "staff/accounts/<int:account_id>/": {"act": "give-examiner"},
    "staff/cases/<str:case_id>/": {
        "act": "step", "step": "charged", "reference": "r-1", "occurred": "2026-02-02", "known": "2026-02-02",
    },
}  # fmt: skip


@pytest.fixture
def browsers() -> dict[str, Client]:
    """A browser for each role."""
    outsider = Client()
    outsider.force_login(User.objects.create_user("account"))
    unshown = Client()
    unshown.force_login(User.objects.create_user("unshown", is_staff=True))
    closed = worker("closed", Role.REVIEWER, Role.LIST_MANAGER)
    accounts.close("closed", by="command", now=NOON)
    found = {"nobody": Client(), "account": outsider, "unshown": unshown, "closed": closed}
    found |= {one: worker(one) for one in PLAIN}
    key = User.objects.get(username="administrator").pk
    Account.objects.update_or_create(pk=key, defaults={"administrator": True})
    return found | {str(role): worker(str(role), role) for role in Role}


def outcome(browser: Client, path: str, way: str, form: Mapping[str, str]) -> str:
    """Return what a browser gets; nothing stays of it."""
    before, cookies = DESK.leaf.objects.count(), browser.cookies.output()
    with transaction.atomic():
        answer = getattr(browser, way)(path, form if way == "post" else {})
        acted = DESK.leaf.objects.count() > before
        transaction.set_rollback(True)
    browser.cookies.clear()
    browser.cookies.load(cookies.replace("Set-Cookie: ", "").replace("\r\n", "; "))
    if answer.status_code == 200:
        return "ok"
    if answer.status_code not in (302, 303):
        return str(answer.status_code)
    if acted:
        return "done"
    return "in" if answer["Location"].startswith("/staff/sign-in/") else "on"


def test_every_role_gets_at_every_address_what_the_table_says(browsers: dict[str, Client]) -> None:
    reported(cluster("x", "a", 2))
    heard()
    waits = proposals.ask(Change.WITHDRAW, entry_id("b"), "why", by="casework:0", now=NOON)
    plain = str(User.objects.get(username="plain").pk)
    ids = {
        "entry_id": entry_id("a"), "proposal": waits, "digest": "ab" * 32, "token": "none",
        "signer": signer_of(ReportReceipt.objects.get()),
        "account_id": plain, "case_id": Case.objects.exclude(number="").get().id,
    }  # fmt: skip
    found = [route for route, _ in routes(get_resolver())]
    assert set(found) == TABLE.keys(), "each route has a row, each row a route"
    wrong = {}
    for route, (place, way), role in product(found, enumerate(("get", "post")), ROLES):
        path = "/" + re.sub(r"<\w+:(\w+)>", lambda part: ids.get(part[1], "1"), route)
        got = outcome(browsers[role], path, way, FORMS.get(route, {}))
        if got != TABLE[route][place][role]:
            wrong[route, way, role] = f"{got}, not {TABLE[route][place][role]}"
    assert wrong == {}


def test_who_loses_a_role_is_signed_out_and_gets_the_page_no_more() -> None:
    from luwte.desk.casework import roles

    browser = worker("wim", Role.REVIEWER)
    assert browser.get("/staff/review/").status_code == 200
    roles.take("wim", Role.REVIEWER, by="command", now=NOON)
    assert browser.get("/staff/review/")["Location"].startswith("/staff/sign-in/")
    assert entered("wim").get("/staff/review/").status_code == 403
