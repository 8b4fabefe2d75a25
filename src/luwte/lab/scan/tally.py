"""Counting while a scan goes on, and the report that comes of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from luwte import __version__
from luwte.base.ids import new_id
from luwte.exchange.report import (
    CarrierCoverage,
    CarrierProblem,
    Coverage,
    EntryFinding,
    Report,
    SeriesFinding,
    Thresholds,
)
from luwte.exchange.report_shape import CLASSES, OTHER_REASON
from luwte.exchange.statement import Statement
from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS, Verdict
from luwte.lab.scan.classes import class_of
from luwte.lab.scan.outcome import ImageHash, Outcome
from luwte.lab.scan.reading import Opened
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.worklist import NamedMatch

_MOST = (1 << 53) - 1  # what a report can hold; only a list of hashes can claim more
_REASONS = 1000  # hostile bytes may make each file's reason another; memory must not grow with them
TOOL = f"luwte {__version__}"


@dataclass
class Tally:
    """What was counted so far, over all carriers. A file counts under its best verdict; a file that could
    not be read, or not be decoded, counts as unreadable besides."""

    files: int = 0
    bytes: int = 0
    unreadable: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    carriers: list[CarrierCoverage] = field(default_factory=list)
    _found: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, file: Seen, matches: Sequence[NamedMatch]) -> None:
        """Count one file and what it matches."""
        self.files += 1
        if file.md5 or file.sha1 or file.sha256 or file.pdq:
            self.bytes = min(_MOST, self.bytes + (file.size or 0))
        self.kinds[file.kind] += 1
        verdict: Verdict = matches[0].verdict if matches else "unknown"
        self.verdicts[verdict] += 1
        self.classes[class_of(file, verdict)] += 1
        if file.error is not None:
            self.unreadable += 1
            known = file.error in self.reasons or len(self.reasons) < _REASONS
            self.reasons[file.error if known else OTHER_REASON] += 1
        for match in matches:
            self._found[match.series][match.entry, match.verdict] += 1

    def add_carrier(
        self, opened: Opened, outcome: Outcome, files: int, size: int, image_hash: ImageHash
    ) -> None:
        """Count a carrier whose `files` files of together `size` bytes were counted."""
        problems = tuple(CarrierProblem(reason, count) for reason, count in sorted(outcome.problems.items()))
        systems = outcome.file_systems or opened.file_systems
        self.carriers.append(
            CarrierCoverage(
                opened.kind, opened.size, files, size, outcome.complete, image_hash, systems, problems
            )
        )

    def findings(self) -> tuple[SeriesFinding, ...]:
        """Return what was found, by series and entry, in the order of their names."""
        return tuple(_finding(series, found) for series, found in sorted(self._found.items()))

    def report(self, case: str | None, statement: Statement, started: datetime, ended: datetime) -> Report:
        """Return the report on all that was counted."""
        coverage = Coverage(
            files=self.files,
            bytes=self.bytes,
            pictures=self.kinds["picture"],
            videos=self.kinds["video"],
            other=self.kinds["other"],
            unreadable=self.unreadable,
            reasons=dict(sorted(self.reasons.items())),
            identical=self.verdicts["identical"],
            near=self.verdicts["near"],
            unknown=self.verdicts["unknown"],
            classes={name: self.classes[name] for name in CLASSES},
            complete=all(carrier.complete for carrier in self.carriers),
            started=started,
            ended=ended,
            carriers=tuple(self.carriers),
        )
        thresholds = Thresholds(PDQ_RADIUS, PDQ_QUALITY)
        return Report(new_id(), ended, case, TOOL, statement, thresholds, coverage, self.findings())


def _finding(series: str, found: Counter[tuple[str, str]]) -> SeriesFinding:
    entries = tuple(
        EntryFinding(entry, found[entry, "identical"], found[entry, "near"])
        for entry in sorted({entry for entry, _ in found})
    )
    return SeriesFinding(
        series,
        sum(entry.identical for entry in entries),
        sum(entry.near for entry in entries),
        entries,
    )
