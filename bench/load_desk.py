"""The desk of P10, filled in a process of its own: who is in it, and how the visitors get in (JSON)."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import count

PASSWORD = "een-lang-wachtwoord-voor-de-meting"
_numbers = count(1)


def main() -> None:
    """Fill the desk that the environment names: `people` who visit, `others`, `staff`."""
    people, staff, others = map(int, sys.argv[1:])
    from luwte.desk.project import ready

    ready.init()
    visitors = [_visitor(number) for number in range(people)]
    for number in range(others):
        _other(number)
    _plan()
    links = [_link(person) for person in visitors]
    json.dump({"links": links, "accounts": [_account(number) for number in range(staff)]}, sys.stdout)


def _visitor(number: int) -> str:
    """Add a person who hears when they ask; half have a message that waits, and more when they ask again."""
    from luwte.desk.telling import services
    from luwte.desk.telling.subjects import subject_of
    from luwte.desk.wishes.rules import Choice, Rhythm

    person = _person(f"Visitor {number}", Choice(True, Rhythm.ON_REQUEST))
    if number % 2:
        _finding(person)
        services.ask(subject_of(person), _before())
        _finding(person)
    return person


def _other(number: int) -> None:
    """Add a person who does not visit; every tenth has a call that waits."""
    from luwte.desk.wishes.rules import Channel, Choice, Rhythm

    if number % 10:
        _person(f"Other {number}", Choice(True, Rhythm.MONTHLY))
    else:
        _finding(_person(f"Other {number}", Choice(True, Rhythm.EACH, Channel.CARE_WORKER)))


def _person(name: str, choice: object) -> str:
    from luwte.desk.telling import services
    from luwte.desk.vault import services as vault
    from luwte.desk.vault.rules import EMAIL, Identity, Reach
    from luwte.desk.wishes.rules import Choice, Source

    assert isinstance(choice, Choice)
    born = date(1990, 1, 1)
    reach = Reach(EMAIL, f"{name.replace(' ', '').lower()}@bench.example")
    person = vault.add_person(Identity(name, born, born), reach, now=_before())
    services.set_wish(
        person, Source.CASE, choice, set_by="bench", conversation="bench", assessment="bench", now=_before()
    )
    return person


def _finding(person: str) -> None:
    from luwte.desk.cases.models import Case
    from luwte.desk.findings.models import Finding, Touched
    from luwte.desk.telling.subjects import subject_of

    subject = subject_of(person)
    case = Case.objects.create(number=f"case {next(_numbers)}", opened=_before())
    Finding.objects.create(subject=subject, case=case, identical=1, registered=_before(), updated=_before())
    Touched.objects.get_or_create(subject=subject)


def _plan() -> None:
    """Decide for everyone, as a round of telling does, and hand nothing over."""
    from luwte.desk.telling import planner
    from luwte.desk.telling.channels.portal import PortalChannel
    from luwte.desk.wishes.rules import Channel

    planner.notice(datetime.now(UTC))
    planner.plan_due(datetime.now(UTC), {Channel.PORTAL: PortalChannel()})


def _account(number: int) -> dict[str, str]:
    """Add a care worker with a password and an app."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.contrib.auth.models import User

    name, secret = f"worker{number}", generate_totp_secret()
    TOTP.activate(User.objects.create_user(name, password=PASSWORD, is_staff=True), secret)
    return {"name": name, "password": PASSWORD, "secret": secret}


def _link(person: str) -> str:
    from luwte.desk.vault import services as vault

    return f"/in/{vault.sign_in_link(person, datetime.now(UTC))}/"


def _before() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


if __name__ == "__main__":
    main()
