"""The closing table: what was found, registered, told, withheld and why, read back and held to the story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from luwte.demo.mailbox import Mailbox
from luwte.demo.people import PEOPLE, DemoPerson, Planted

RULES = {
    "not_wanted": "T1",
    "wish_ended": "T1",
    "paused": "T1",
    "held_by_care": "T1",
    "only_when_asked": "T1",
    "rhythm": "T2",
    "ceiling": "T2",
    "on_its_way": "T2",
    "never_asked": "T9",
    "not_confirmed": "T12",
}
"""The invariant of the rules of telling behind each reason for not telling."""
LEGEND = (
    "T1: nothing without a wish that holds at the hand-over. T2: never more often than chosen. "
    "T9: a care worker asks first. T12: only what is identical or confirmed."
)

EDITED = ("near", "same_picture")
"""The verdicts on an edited copy: which of them depends on how closely it could be looked at."""

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Row:
    """One person in the end: what the scans `found`, what the register holds, how many `mails` came."""

    person: DemoPerson
    found: Planted
    findings: Sequence[Mapping[str, Any]]
    contacts: Sequence[Mapping[str, str]]
    decisions: Sequence[Mapping[str, str]]
    mails: int

    @property
    def told(self) -> int:
        """How many findings were told."""
        return sum(bool(finding["told"]) for finding in self.findings)

    @property
    def withheld(self) -> bool:
        """Whether a contact that stood ready was stopped before its hand-over."""
        return any(contact["state"] == "withheld" for contact in self.contacts)

    @property
    def rule(self) -> str:
        """The invariant at work: of how it was told, or of the first reason for not telling.

        That a file is only near is the last: among drawn pictures it may be chance.
        """
        if self.told:
            return "T2" if self.told > self.mails else "T1"
        reasons = [decision["reason"] for decision in self.decisions if decision["reason"] in RULES]
        return RULES[min(reasons, key="not_confirmed".__eq__)] if reasons else ""


def rows(register: Sequence[Mapping[str, Any]], reports: Sequence[Counts], mailbox: Mailbox) -> list[Row]:
    """Return a row a person from what the desk reads back, the reports of the scans and the mails."""
    by_name = {str(one["name"]): one for one in register}
    return [
        Row(
            person,
            _found(person.series, reports),
            by_name[person.name]["findings"],
            by_name[person.name]["contacts"],
            by_name[person.name]["decisions"],
            len(mailbox.to(person.address)),
        )
        for person in PEOPLE
    ]


def differences(found: Sequence[Row]) -> list[str]:
    """Return one sentence for each thing that is not as the story promises; none when all is."""
    return [sentence for row in found for sentence in _row_differences(row)]


def closing_table(found: Sequence[Row]) -> Table:
    """Return the table, one row a person."""
    title = "What was found, registered, told and withheld, and why"
    table = Table(title=title, caption=LEGEND, show_lines=True)
    for name in ("person", "wish", "found", "registered", "told", "withheld, and why", "rule"):
        table.add_column(name, overflow="fold")
    for row in found:
        person = row.person
        table.add_row(
            person.name, person.wish, _files(row), _registered(row), _told(row), _why(row), row.rule
        )
    return table


def _found(series: str, reports: Sequence[Counts]) -> Planted:
    counts = [report.get(series, {}) for report in reports]
    identical = sum(count.get("identical", 0) for count in counts)
    return Planted(live=identical, edited=sum(count.get(name, 0) for count in counts for name in EDITED))


def _row_differences(row: Row) -> list[str]:
    person = row.person
    planted = Planted(
        live=person.disk.identical + person.stick.identical, edited=person.disk.edited + person.stick.edited
    )
    registered = sum(int(finding["identical"]) for finding in row.findings)
    alike = sum(int(finding[name]) for finding in row.findings for name in EDITED)
    # Drawn pictures share shapes: a close look may find one more alike. Nobody is told of that alone.
    checks = [
        ("files found", row.found.identical, planted.identical),
        ("edited files found", row.found.edited, max(row.found.edited, planted.edited)),
        ("files registered", registered, planted.identical),
        ("edited files registered", alike, max(alike, planted.edited)),
        ("findings registered", len(row.findings), max(len(row.findings), person.cases)),
        ("findings told", row.told, person.promise.told),
        ("mails received", row.mails, person.promise.mails),
        ("contacts stopped", row.withheld, person.withdraws),
        ("rule at work", row.rule, person.promise.rule),
    ]
    return [
        f"{person.name}: {what} {is_so}, but the story promises {promised}."
        for what, is_so, promised in checks
        if is_so != promised
    ]


def _files(row: Row) -> str:
    return f"{row.found.identical} identical\n{row.found.edited} edited"


def _registered(row: Row) -> str:
    counts = [
        (finding["case"], finding["identical"], sum(finding[name] for name in EDITED))
        for finding in row.findings
    ]
    return "\n".join(f"{case}\n{identical} identical, {edited} edited" for case, identical, edited in counts)


def _told(row: Row) -> str:
    if not row.told:
        return "nothing sent"
    cases = "1 case" if row.told == 1 else f"{row.told} cases"
    mails = "1 neutral e-mail" if row.mails == 1 else f"{row.mails} neutral e-mails"
    return f"{cases}, by {mails} that points to the portal"


def _why(row: Row) -> str:
    sentences = ["Stopped between planning and hand-over."] if row.withheld else []
    sentences += [one["sentence"] for one in row.decisions if one["reason"] not in ("nothing_new", "due")]
    return " ".join(sentences) or "-"
