"""What a test of links, mandates, accounts and break-glass does in a process of its own."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

ADA, BO = "ada", "bo"
PASSWORD = "een-lang-wachtwoord-voor-de-proef"


def ready(person: str) -> dict[str, Any]:
    """Let there be two administrators, two care workers, who acts for a person, and something of each kind
    that waits to be done; return the ids and tokens."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.contrib.auth.models import User

    from luwte.desk.accounts import accounts, four_eyes
    from luwte.desk.accounts.four_eyes import Wanted
    from luwte.desk.vault import break_glass, services
    from luwte.desk.vault.rules import Mandate, Reach
    from tests.support.ways import with_app

    for name in (ADA, BO):
        four_eyes.make_administrator(name, by="command", now=_now())
    invited = accounts.add("cas", by="command", now=_now())
    accounts.add("dee", by="command", now=_now())
    TOTP.activate(User.objects.get(username="dee"), generate_totp_secret())
    ada, bo = (User.objects.get(username=name).pk for name in (ADA, BO))
    mandate = Mandate("Riet", "parent", _now().date(), reaches=(Reach("email", "riet@example.org"),))
    acting = services.add_representative(person, mandate, now=_now())
    glass = break_glass.ask(person, "reason", by="staff:1", now=_now())
    app = with_app(person, now=_now())
    return {
        "person": person,
        "number": app.number,
        "recovery": app.codes,
        "acting": acting,
        "link": services.sign_in_link(person, _now()),
        "acting_link": services.sign_in_link_for(acting, _now()),
        "glass": glass,
        "invited": invited,
        "administrator": four_eyes.ask(Wanted.ADMINISTRATOR, "cas", by=ada, now=_now()).id,
        "another": four_eyes.ask(Wanted.ADMINISTRATOR, "eve", by=ada, now=_now()).id,
        "reset": four_eyes.ask(Wanted.RESET, "dee", by=ada, now=_now()).id,
        "bo": bo,
        "ada": ada,
    }


def do(act: str, given: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Do one of the acts that wait, if all stands as it did `before`; return what stands then."""
    if stands() != before:
        raise ValueError(f"before {act}: {stands()} is not {before}")
    _ACTS[act](given)
    return stands()


def stands() -> dict[str, Any]:
    """Return what the tables say of all this, and what the records do."""
    from allauth.mfa.models import Authenticator
    from django.contrib.auth.models import User

    from luwte.desk.accounts.models import Account, Request
    from luwte.desk.audit.checking import verify
    from luwte.desk.audit.checkpoints import signer
    from luwte.desk.audit.desk import DESK
    from luwte.desk.cases.models import Event
    from luwte.desk.vault.log import VAULT
    from luwte.desk.vault.models import BreakGlass, Factor, Representative, SignInLink
    from luwte.exchange.home import Home

    identity = Home.open().identity
    return {
        "links": sorted(map(str, SignInLink.objects.values_list("token", "used"))),
        "acting": {row.pk: bytes(row.sealed).hex() for row in Representative.objects.order_by("pk")},
        "ways": {row.pk: bytes(row.sealed).hex() for row in Factor.objects.order_by("pk")},
        "glass": sorted(map(str, BreakGlass.objects.values_list("pk", "approved", "ends", "opened"))),
        "notices": Event.objects.filter(kind="seen").count(),
        "accounts": sorted(map(str, User.objects.values_list("username", "is_active", "password"))),
        "epochs": sorted(
            map(str, Account.objects.values_list("pk", "administrator", "invitation", "epoch", "open_until"))
        ),
        "factors": Authenticator.objects.count(),
        "requests": sorted(map(str, Request.objects.values_list("act", "name", "approved", "approved_by"))),
        "acts": {log.name: log.leaf.objects.count() for log in (DESK, VAULT)},
        "problems": [
            problem
            for log in (DESK, VAULT)
            for problem in verify(log, signer(identity, log).verifier).problems
        ],
    }


def approve_glass(request: str) -> None:
    """Approve that somebody is opened."""
    from luwte.desk.vault import break_glass

    break_glass.approve(request, by="staff:2", now=_now())


def open_glass(request: str) -> str:
    """Open who somebody is under an approved request, and return the name."""
    from luwte.desk.telling import access

    return access.open_person(request, by="staff:1", now=_now()).identity.name


def _end_mandate(given: dict[str, Any]) -> None:
    from luwte.desk.vault import services

    services.end_mandate(given["acting"], _now().date())


def _add_acting(given: dict[str, Any]) -> None:
    from luwte.desk.vault import services
    from luwte.desk.vault.rules import Mandate, Reach

    mandate = Mandate("Roos", "guardian", _now().date(), reaches=(Reach("email", "roos@example.org"),))
    services.add_representative(given["person"], mandate, now=_now())


def _approve(which: str) -> Any:
    def does(given: dict[str, Any]) -> None:
        from luwte.desk.accounts import four_eyes

        four_eyes.approve(given[which], by=given["bo"], now=_now())

    return does


def _ask(given: dict[str, Any]) -> None:
    from luwte.desk.accounts import four_eyes
    from luwte.desk.accounts.four_eyes import Wanted

    four_eyes.ask(Wanted.RESET, "cas", by=given["ada"], now=_now())


def _enter(given: dict[str, Any]) -> None:
    from luwte.desk.accounts import accounts

    accounts.use_invitation(given["invited"], PASSWORD, _now())


def _close(given: dict[str, Any]) -> None:
    from luwte.desk.accounts import accounts

    accounts.close("dee", by="command", now=_now())


def _use(which: str) -> Any:
    def does(given: dict[str, Any]) -> None:
        from luwte.desk.vault import services

        services.redeem_link(given[which], _now())

    return does


def _make_link(given: dict[str, Any]) -> None:
    from luwte.desk.vault import services

    services.sign_in_link(given["person"], _now())


def _come_in(given: dict[str, Any]) -> None:
    from luwte.desk.vault import services

    services.enter_by_code(given["number"], given["recovery"][0], _now())


def _add_way(given: dict[str, Any]) -> None:
    from tests.support.ways import with_app

    with_app(given["person"], given["acting"], _now())


def _remove_ways(given: dict[str, Any]) -> None:
    from luwte.desk.vault import services

    services.remove_ways(services.Whose(given["person"]), _now())


def come_in_together(number: str, codes: list[str], begin: float, pause: float) -> int:
    """Try each recovery code, one each `pause` seconds from `begin` (seconds since 1970); return how many let
    in."""
    from luwte.desk.vault import services
    from luwte.desk.vault.errors import NoWayIn

    entered = 0
    for place, code in enumerate(codes):
        time.sleep(max(0.0, begin + place * pause - time.time()))
        try:
            services.enter_by_code(number, code, _now())
        except NoWayIn:
            continue
        entered += 1
    return entered


def _approve_glass(given: dict[str, Any]) -> None:
    approve_glass(given["glass"])


def _now() -> datetime:
    from tests.support.desk import NOON

    return NOON


_ACTS = {
    "use a link": _use("link"),
    "use the link of who acts": _use("acting_link"),
    "make a link": _make_link,
    "come in by a recovery code": _come_in,
    "set up a way in": _add_way,
    "take ways in away": _remove_ways,
    "add who acts": _add_acting,
    "end a mandate": _end_mandate,
    "approve the glass": _approve_glass,
    "ask for a reset": _ask,
    "approve an administrator": _approve("administrator"),
    "approve a new administrator": _approve("another"),
    "approve a reset": _approve("reset"),
    "use an invitation": _enter,
    "close an account": _close,
}
NAMES = tuple(_ACTS)
ACTS = {
    "people-ready": ready,
    "people-do": do,
    "people-stand": stands,
    "glass-approve": approve_glass,
    "glass-open": open_glass,
    "come-in": come_in_together,
}
