"""Bugs to plant in the rules of telling, each with the invariant that it breaks, and how they are planted."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from types import ModuleType
from typing import cast

from luwte.desk.telling import calendar, rules
from luwte.desk.wishes import rules as wish_rules
from tests.model.checks import Plan

MODULES: dict[str, ModuleType] = {"rules": rules, "calendar": calendar, "wishes": wish_rules}


@dataclass(frozen=True, slots=True)
class Mutant:
    """In `module`, `before` becomes `after`; `breaks` names the invariant."""

    breaks: str
    module: str
    before: str
    after: str

    def plan(self) -> Plan:
        """Return `plan` with this bug in it."""
        source = inspect.getsource(MODULES[self.module])
        assert source.count(self.before) == 1, f"{self.before!r} does not stand once in {self.module}"
        spoiled = _run(MODULES[self.module], source.replace(self.before, self.after))
        if self.module != "rules":
            whole = _run(rules, inspect.getsource(rules))
            whole.update({name: spoiled[name] for name in TAKEN & spoiled.keys()})
            spoiled = whole
        return cast(Plan, spoiled["plan"])


# The functions, not the classes, that the rules take from the other two modules.
TAKEN = {"days_later", "due_after", "latest", "expired"}

MUTANTS = [
    Mutant("T1", "rules", "if not wish.choice.told:", "if False:"),
    Mutant("T1", "rules", "if expired(wish, now, zone):", "if False:"),
    Mutant(
        "T1",
        "rules",
        "    if wish is None:\n        return Outcome.CALL",
        "    if False:\n        return Outcome.CALL",
    ),
    Mutant("T1", "wishes", "date() > until", "date() >= until"),
    Mutant("T1", "wishes", "now.astimezone(zone).date() > until", "now.date() > until"),
    Mutant("T1", "wishes", "return max(standing", "return min(standing"),
    Mutant("T1", "wishes", "(wish.since <= now or not wish.choice.told)", "True"),
    Mutant("T1", "wishes", "wish.since <= now or not wish.choice.told", "wish.since <= now"),
    Mutant("T1", "wishes", "if wish.source == source and", "if"),
    Mutant("T1", "rules", "or _held(file.holds, now)", ""),
    Mutant("T1", "rules", "own = any(", "own = all("),
    Mutant("T1", "rules", "max(hold.ends for hold in standing)", "min(hold.ends for hold in standing)"),
    Mutant("T1", "rules", "if wish.choice.channel in recipient.stopped:", "if False:"),
    Mutant("T1", "rules", "if wish.choice.rhythm == Rhythm.ON_REQUEST:", "if False:"),
    Mutant(
        "T2",
        "rules",
        "        if now < due:\n            return Outcome.WAIT, Reason.RHYTHM",
        "        if False:\n            return Outcome.WAIT, Reason.RHYTHM",
    ),
    Mutant(
        "T2",
        "rules",
        "        if now < due:\n            return Outcome.WAIT, Reason.CEILING",
        "        if now <= due:\n            return Outcome.WAIT, Reason.CEILING",
    ),
    Mutant(
        "T2",
        "rules",
        "        if now < due:\n            return Outcome.WAIT, Reason.CEILING",
        "        if False:\n            return Outcome.WAIT, Reason.CEILING",
    ),
    Mutant("T2", "rules", "due = max(due_after", "due = min(due_after"),
    Mutant("T2", "rules", "for told in counted if wish.source in told.sources]", "for told in counted]"),
    Mutant("T2", "rules", "days_later(max(told.at", "days_later(min(told.at"),
    Mutant("T2", "rules", "if any(told.state in OPEN for told in counted):", "if False:"),
    Mutant("T2", "rules", "if not told.asked and told.state", "if told.state"),
    Mutant("T2", "rules", "if not told.asked and told.state not in NEVER_LEFT]", "if not told.asked]"),
    Mutant("T2", "calendar", "return max(wall, moment.astimezone(UTC) + step)", "return wall"),
    Mutant(
        "T2",
        "calendar",
        "return max(wall, moment.astimezone(UTC) + step)",
        "return moment.astimezone(UTC) + step",
    ),
    Mutant("T2", "calendar", "Rhythm.QUARTERLY: 3", "Rhythm.QUARTERLY: 2"),
    Mutant("T2", "calendar", "Rhythm.YEARLY: 12", "Rhythm.YEARLY: 11"),
    Mutant("T2", "calendar", "if rhythm == Rhythm.WEEKLY:", "if False:"),
    Mutant("T2", "calendar", "(month + 1) % 12, 1", "(month + 1) % 12, 2"),
    Mutant("T2", "calendar", "return max(wall.replace", "return min(wall.replace"),
    Mutant(
        "T2",
        "calendar",
        "    local = moment.astimezone(zone).replace(tzinfo=None)",
        "    local = moment.replace(tzinfo=None)",
    ),
    Mutant("T3", "rules", "others[obstacle].append(item.id)", "others[obstacle] = [item.id]"),
    Mutant("T3", "rules", "    if not later:\n        return [told]", "    if True:\n        return [told]"),
    Mutant("T3", "rules", "if contact.state not in NEVER_LEFT for item", "for item"),
    Mutant("T3", "rules", "    if ready:\n        decisions", "    if not decisions:\n        decisions"),
    Mutant(
        "T3",
        "rules",
        "files[event.subject].items.append(_Item(event.id, event.source, event.at, True))",
        "pass",
    ),
    Mutant("T4", "rules", "if item.id not in told)", ")"),
    Mutant(
        "T4", "rules", "if contact.state not in NEVER_LEFT for item", "if contact.state == 'done' for item"
    ),
    Mutant("T9", "rules", "    if not file.wishes:", "    if False:"),
    Mutant(
        "T12",
        "rules",
        "obstacle = _not_tellable(item) or obstacles[item.source]",
        "obstacle = obstacles[item.source]",
    ),
    Mutant(
        "T12",
        "rules",
        "obstacle = _not_tellable(item) or obstacles[item.source]",
        "obstacle = obstacles[item.source] or _not_tellable(item)",
    ),
    Mutant("channel", "rules", "if wish.choice.channel == channel)\n    later", ")\n    later"),
    Mutant("channel", "rules", "by_call = channel == Channel.CARE_WORKER", "by_call = False"),
    Mutant("order", "rules", "key=lambda item: (item.since, item.id)", "key=lambda item: item.id"),
]


def _run(module: ModuleType, source: str) -> dict[str, object]:
    names: dict[str, object] = {"__name__": module.__name__}
    exec(compile(source, module.__name__, "exec"), names)
    return names
