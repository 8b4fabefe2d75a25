"""What changed between two computations of the same victim's rights, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum

from luwte.desk.rights.values import Key, Right

WATCHED = tuple(one.name for one in fields(Right) if one.name not in ("key", "computed_from"))


class Cause(StrEnum):
    """Why a right is otherwise than before."""

    LAW = "another file of law"
    STEPS = "other steps"
    TIME = "time, age or what somebody did"


@dataclass(frozen=True, slots=True)
class Change:
    """One right before and after (None: it was not there, or is no more), which fields differ, and why.

    `steps`: the ids of the steps that one of the two was computed from, and the other not.
    """

    key: Key
    before: Right | None
    after: Right | None
    fields: tuple[str, ...]
    cause: Cause
    steps: tuple[str, ...]


def changed(before: Iterable[Right], after: Iterable[Right]) -> tuple[Change, ...]:
    """Return what changed, by key; the same rights give nothing."""
    old, new = ({right.key: right for right in rights} for rights in (before, after))
    keys = sorted(old.keys() | new.keys())
    return tuple(change for key in keys if (change := _change(key, old.get(key), new.get(key))))


def _change(key: Key, before: Right | None, after: Right | None) -> Change | None:
    differ = tuple(name for name in WATCHED if getattr(before, name, None) != getattr(after, name, None))
    if not differ:
        return None
    steps = set(before.computed_from if before else ()) ^ set(after.computed_from if after else ())
    law = before is not None and after is not None and before.version != after.version
    cause = Cause.LAW if law else Cause.STEPS if steps else Cause.TIME
    return Change(key, before, after, differ, cause, tuple(sorted(steps)))
