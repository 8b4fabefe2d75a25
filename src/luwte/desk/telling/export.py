"""All that a person may have of their own data, as one JSON file.

What was not told is not in it: a file would say that there is something (T1, T3). Nor is what the desk knows
of a suspect near the person, a secret address, or the address of somebody else. Whether the law gives more is
for a jurist to decide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from luwte.desk.telling.looked import looked
from luwte.desk.telling.messages import MessageItem, PortalMessage, alerts, messages
from luwte.desk.telling.stating import stated
from luwte.desk.telling.subjects import acting_names, person_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.assessed import OF_OTHERS
from luwte.desk.vault.assessments import KnownAssessment, assessments
from luwte.desk.vault.rules import POST
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.models import Wish
from luwte.desk.wishes.rules import PERSON, HoldKind

STEP = 131_072
"""Bytes: a whole number of these makes every file, so that its size on the way tells nothing (T6)."""

_OF_THE_DESK = ("conflict", "informed", "deceased", "account")
"""Fields of who a person is that are the desk's, or say nothing to the person."""
_MANDATE = ("name", "role", "begins", "ends", "standing", "holder")


def export_file(subject: str, now: datetime, note: str) -> bytes:
    """Return the file of a person: `document` with `note` first, filled up with blanks to whole steps.

    `note`: what is not in it, in the reader's language. Raises `PersonUnknown`.
    """
    said = {"note": note} | document(subject, now)
    content = json.dumps(said, ensure_ascii=False, indent=1, default=_plain).encode() + b"\n"
    return content + b" " * (-len(content) % STEP)


def document(subject: str, now: datetime) -> dict[str, Any]:
    """Return what the file holds, by part. Raises `PersonUnknown`."""
    person_id = person_of(subject)
    known, names = vault.person(person_id), acting_names(person_id)
    identity = known.identity
    return {
        "made": now,
        "person": {name: value for name, value in asdict(identity).items() if name not in _OF_THE_DESK},
        "addresses": [
            asdict(reach) for reach in known.reaches if not (reach.kind == POST and identity.secret_address)
        ],
        "acting_for_you": _acting(person_id),
        "assessments": [_assessment(one) for one in assessments(person_id)],
        "wishes": [_wish(row, names) for row in wishes.versions(subject)],
        "quiet_periods": [
            {"first": quiet.first, "last": quiet.last, "yearly": quiet.yearly, "kind": quiet.kind}
            for _, quiet in wishes.quiet_periods(subject)
        ],
        "pauses": [
            {
                "starts": hold.starts,
                "ends": hold.ends,
                "kind": hold.kind,
                "reason": hold.reason if hold.kind == HoldKind.CARE else "",
            }
            for hold in wishes.holds([subject])
        ],
        "messages": [_message(one) for one in messages(subject, now)],
        "about_safety": [
            {"kind": one.kind, "at": one.at, "confirmed": one.confirmed} for one in alerts(subject, now)
        ],
        "statements": [{"year": one.year, "made": one.made, "digest": one.digest} for one in stated(subject)],
        "ways_in": [
            {"kind": one.kind, "since": one.made} for one in vault.ways_in(vault.Whose(person_id)).ways
        ],
        "looked": [asdict(one) for one in looked(person_id, identity.zone, None)],
    }


def _acting(person_id: str) -> list[dict[str, Any]]:
    return [
        {name: getattr(one.mandate, name) for name in _MANDATE} for one in vault.representatives(person_id)
    ]


def _assessment(one: KnownAssessment) -> dict[str, Any]:
    """Without what was said of other people than the person."""
    return {"at": one.at} | {name: value for name, value in asdict(one.said).items() if name not in OF_OTHERS}


def _wish(row: Wish, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "source": row.source,
        "version": row.version,
        "since": row.since,
        "told": row.told,
        "rhythm": row.rhythm,
        "channel": row.channel,
        "detail": row.detail,
        "until": row.until,
        "weekday": row.weekday,
        "hours": [row.from_hour, row.to_hour],
        "forward": row.forward,
        "cover": row.cover,
        "words": row.words,
        "others": [names.get(party, "") for party in row.others],
        "chosen_by": [PERSON if party == PERSON else names.get(party, "") for party in row.by],
        "conversation": row.conversation,
    }


def _message(one: PortalMessage) -> dict[str, Any]:
    return {"at": one.at, "opened": one.opened, "parts": [_part(item) for item in one.items]}


def _part(item: MessageItem) -> dict[str, Any]:
    """As much as may be read now; what was not chosen is not there."""
    said: dict[str, Any] = {
        "source": item.source,
        "how_often": item.files if item.files is not None else item.band,
    }
    said |= {"case": item.case, "searched": [asdict(one) for one in item.searched] or None}
    if item.news is not None:
        said |= {"what": item.news.kind, "at": item.news.at, "until": item.news.lapses}
    return {name: value for name, value in said.items() if value is not None}


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"the file cannot hold {value!r}")
