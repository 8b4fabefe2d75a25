"""Short ways to write the steps of a case, a victim and what is expected of a right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from luwte.desk.cases.vocabulary import Fact, Step
from luwte.desk.rights.engine import Matter, rights
from luwte.desk.rights.law import Jurisdiction
from luwte.desk.rights.values import Act, Mandate, Person, Representative, Right

Value = str | int | bool


def day(text: str) -> date:
    """Return the day 2026-09-14 as text says it."""
    return date.fromisoformat(text)


def fact(step: str, on: str, defendant: str = "", **said: Value) -> Fact:
    """Return a step; `known`, `hearing`, `id` and `supersedes` are fields of it, the rest is `said`."""
    fields = {name: str(said.pop(name, "")) for name in ("known", "hearing", "id", "supersedes")}
    return Fact(
        id=fields["id"] or f"{step}-{on}-{defendant}-{fields['hearing']}",
        step=Step(step),
        occurred=day(on),
        known=day(fields["known"] or on),
        defendant=defendant,
        hearing=fields["hearing"],
        supersedes=fields["supersedes"],
        said=MappingProxyType(said),
    )


def parent(
    name: str = "mother", *, kind: str = "parent", ends: str = "", barred: bool = False
) -> Representative:
    """Return a representative who acts since 2000."""
    return Representative(name, kind, date(2000, 1, 1), day(ends) if ends else None, barred)


def born(text: str, *around: Representative, capable: bool = False) -> Person:
    """Return a victim whose day of birth is known."""
    return Person(day(text), day(text), capable=capable, around=around)


@dataclass(frozen=True)
class Expect:
    """What is expected of one right on a day; what is None is not looked at."""

    on: str
    rule: str
    state: str
    until: str | None = None
    opens: str | None = None
    reason: str | None = None
    whose: tuple[str, ...] | None = None
    defendant: str | None = None
    hearing: str | None = None
    foreseen: bool | None = None
    endless: bool | None = None
    doubts: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Worked:
    """A worked case: under which files of law ("nl" all of that country), its steps, and what is expected."""

    name: str
    law: str
    facts: tuple[Fact, ...]
    person: Person
    expects: tuple[Expect, ...]
    acts: tuple[Act, ...] = ()
    mandates: tuple[Mandate, ...] = field(default=())


def row(law: Jurisdiction, case: Worked, expect: Expect) -> Right:
    """Return the one right that `expect` is about."""
    matter = Matter(case.facts, case.person, case.acts, case.mandates)
    found = [
        one
        for one in rights(law, matter, day(expect.on))
        if one.key.rule == expect.rule
        and expect.defendant in (None, one.key.defendant)
        and expect.hearing in (None, one.key.hearing)
    ]
    assert len(found) == 1, [one.key for one in found]
    return found[0]


def differs(right: Right, expect: Expect) -> dict[str, tuple[object, object]]:
    """Return what is otherwise than expected: field, what is, what should be."""
    found = {
        "state": str(right.state),
        "until": str(right.until or ""),
        "opens": str(right.opens or ""),
        "reason": str(right.reason),
        "whose": right.whose,
        "foreseen": right.foreseen,
        "endless": right.endless,
        "doubts": tuple(str(one) for one in right.doubts),
    }
    wanted = {name: getattr(expect, name) for name in found}
    return {
        name: (found[name], value)
        for name, value in wanted.items()
        if value is not None and found[name] != value
    }
