"""What a care worker does in the demo before there is a page for it: add people, record wishes, read back.

Each act runs as a process of its own in the desk's home: `python -m luwte.demo.acts NAME VALUES`, where
VALUES is a JSON object. It prints one JSON value. All goes through the desk's own services.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from luwte.base.clock import SystemClock
from luwte.base.errors import LuwteError
from luwte.demo.people import PEOPLE, DemoPerson

CARE_WORKER = "Wim Zorgzaam"
"""The invented care worker who had the conversations."""
READERS = ((CARE_WORKER, "care worker"), ("Lotte Lezer", "language adviser"))
"""The two invented workers who sign the texts, and their roles."""


def add_people() -> dict[str, str]:
    """Add the six people, link their series, record the wishes of those who were asked; name -> id."""
    from luwte.desk.telling import services as telling
    from luwte.desk.vault import services as vault
    from luwte.desk.vault.rules import EMAIL, Identity, Reach

    now, ids = SystemClock().now(), {}
    for person in PEOPLE:
        identity = Identity(person.name, person.born, person.born, care_worker=CARE_WORKER)
        ids[person.name] = vault.add_person(identity, Reach(EMAIL, person.address))
        telling.link_series(ids[person.name], person.series, now)
        if person.wanted is not None:
            _record_wish(ids[person.name], person)
    return ids


def sign_texts() -> list[str]:
    """Have both invented workers sign every text; return who signed."""
    from luwte.desk.words.registry import templates
    from luwte.desk.words.services import sign

    now = SystemClock().now()
    for text in sorted({one.id for one in templates()}):
        for name, role in READERS:
            sign(text, None, name, role, now)
    return [name for name, _ in READERS]


def plan() -> int:
    """Decide for everyone and put what may be told in the outbox, handing nothing over; return how much."""
    from luwte.desk.telling.facts import Known
    from luwte.desk.telling.models import Contact
    from luwte.desk.telling.services import plan_all
    from luwte.desk.telling.values import State

    plan_all(Known.everyone(), SystemClock().now())
    return Contact.objects.filter(state=State.PLANNED).count()


def withdraw(person: str) -> int:
    """Withdraw what the person with this id chose; return for how many sources. Raises `PersonUnknown`."""
    from luwte.desk.telling.subjects import subject_of
    from luwte.desk.vault import services as vault
    from luwte.desk.wishes import services as wishes

    known = vault.person(person)
    return wishes.withdraw(subject_of(known.id), now=SystemClock().now())


def read_back() -> list[dict[str, Any]]:
    """Return for each person, by name, what the register holds: findings, contacts and standing decisions."""
    from luwte.desk.telling import reading
    from luwte.desk.telling.subjects import subject_of

    return [
        {
            "name": one.person.identity.name,
            "decisions": [{"reason": str(found.reason), "sentence": found.sentence} for found in one.reasons],
            **_register_of(subject_of(one.person.id)),
        }
        for one in reading.standing(language="en")
    ]


def _record_wish(person_id: str, person: DemoPerson) -> None:
    from luwte.desk.telling.services import set_wish
    from luwte.desk.wishes.rules import Channel, Choice, Detail, Rhythm, Source

    choice = Choice(bool(person.wanted), Rhythm(person.rhythm), Channel.EMAIL, Detail(person.detail))
    now = SystemClock().now()
    set_wish(
        person_id,
        Source.CASE,
        choice,
        set_by=CARE_WORKER,
        conversation="demo",
        now=now,
        assessment="demo",
    )


def _register_of(subject: str) -> dict[str, Any]:
    from luwte.desk.findings.models import Finding
    from luwte.desk.telling.models import Contact, ContactItem
    from luwte.desk.telling.values import State

    items = ContactItem.objects.filter(contact__subject=subject, contact__state=State.DONE)
    told = set(items.values_list("finding_id", flat=True))
    findings = Finding.objects.filter(subject=subject).select_related("case").order_by("case__number")
    contacts = Contact.objects.filter(subject=subject).order_by("number")
    return {
        "findings": [
            {
                "case": row.case.number,
                "identical": row.identical,
                "near": row.near,
                "same_picture": row.same_picture,
                "told": row.id in told,
            }
            for row in findings
        ],
        "contacts": list(contacts.values("channel", "state", "receipt")),
    }


ACTS: dict[str, Callable[..., Any]] = {
    "add-people": add_people,
    "sign-texts": sign_texts,
    "plan": plan,
    "withdraw": withdraw,
    "read-back": read_back,
}


def main() -> None:
    """Run the act that the command line names and print what it gives as JSON."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luwte.desk.project.settings")
    django.setup()
    name, values = sys.argv[1:]
    try:
        result = ACTS[name](**json.loads(values))
    except LuwteError as error:
        sys.exit(f"luwte: {error}")
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
