"""What can be done with the register, one transaction each. Nobody is told anything here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from luwte.base.faults import fault_point
from luwte.crypto.identity import PublicIdentity
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.cases.models import Case
from luwte.desk.cases.services import case_for
from luwte.desk.findings import clusters, joined, provenance, quarantine, remembered, searched
from luwte.desk.findings.counting import linked, recount
from luwte.desk.findings.errors import (
    ClusterUnknown,
    LinkUnknown,
    ReportContradicts,
    SeriesUnusable,
)
from luwte.desk.findings.gate import enter
from luwte.desk.findings.models import (
    Cluster,
    Finding,
    Gate,
    ReportReceipt,
    ReportSeries,
    SeriesLink,
    Touched,
)
from luwte.desk.findings.quarantine import Verdict
from luwte.desk.findings.signals import registered
from luwte.desk.findings.values import Fell, name_mark
from luwte.exchange.documents import compact
from luwte.exchange.report import Report, read_report, report_document

FAULT_POINTS = (
    "intake.receipt",
    "intake.series",
    "intake.remembered",
    "intake.clusters",
    "intake.sightings",
    "intake.quarantine",
    "intake.findings",
    "intake.done",
)
REVIEW_POINTS = ("intake.unlinked", "intake.reviewed", "intake.settled")


@dataclass(frozen=True, slots=True)
class Intake:
    """What taking a report in did. `new` is False when it was taken in before: then nothing changed.

    `series` counts the series in the report, `unlinked` those of them that show nobody known here, and
    `findings` the people (one finding each) to whom the others are linked. `identical`, `same_picture` and
    `near` are files of the report, each counted once.
    """

    report: str
    case: str
    new: bool
    series: int
    unlinked: int
    findings: int
    identical: int
    same_picture: int
    near: int


def intake(
    path: Path, trusted: Iterable[PublicIdentity], now: datetime, *, case: str | None = None
) -> Intake:
    """Check the report in `path` and register what it says: all of it or, after any failure, nothing.

    The case is the one that the report names, or `case`. Raises `BadInput` for a report that cannot be used.
    """
    return register(read_report(path, trusted), now, case=case)


def register(report: Report, now: datetime, *, case: str | None = None) -> Intake:
    """Register what a checked `report` says. Raises `ReportContradicts` or `CaseUnknown`."""
    with transaction.atomic():
        enter()
        content = sha256(compact(report_document(report))).hexdigest()
        known = ReportReceipt.objects.select_related("case").filter(pk=report.id).first()
        number = _agreed_case(report, case, known)
        if known is not None:
            return _again(report, known, content)
        receipt = _receive(report, content, case_for(number, now), now)
        _record_series(report, receipt)
        decided = clusters.take_in(report, receipt, now)
        remembered.take_in(report, receipt)
        fault_point("intake.remembered")
        provenance.note(receipt, now)
        fault_point("intake.clusters")
        quarantine.sight(receipt)
        changed = _rested({name for one in report.clusters for name in (one.cluster, *one.holds)}, now)
        fault_point("intake.sightings")
        changed |= {(subject, receipt.case.pk) for subject, _ in linked(_names(report))}
        changed |= quarantine.review_bursts({receipt.case_id}, now) | quarantine.findings_with(decided)
        fault_point("intake.quarantine")
        recount(changed, now)
        DESK.record(Act.TAKEN_IN, now, by=actor(), about=searched.sealed(receipt), **searched.details(report))
        fault_point("intake.findings")
        result = _result(report, receipt, new=True)
        registered.send(ReportReceipt, report=report.id, now=now)
    fault_point("intake.done")
    return result


@transaction.atomic
def link_series(subject: str, series: str, now: datetime) -> int:
    """Say that `series` shows `subject`; findings of reports that came earlier arise now.

    Return in how many cases the series stands. Linking twice changes nothing. Raises `SeriesUnusable`.
    """
    if not series.strip() or len(series) > 200 or not series.isprintable():
        raise SeriesUnusable("A series is named by 1 to 200 printable characters. Give the name in the list.")
    enter()
    if SeriesLink.objects.get_or_create(subject=subject, series=series, defaults={"linked": now})[1]:
        DESK.record(Act.LINKED, now, by=actor(), about=subject, series=name_mark(series))
    return _recount_series(subject, series, now)


@transaction.atomic
def unlink_series(subject: str, series: str, now: datetime) -> int:
    """Take back that `series` shows `subject`: the findings are counted anew without it.

    A finding that comes to nothing stays in the register, with zero counts, and is not tellable. Return in
    how many cases the series stands. Raises `LinkUnknown`.
    """
    enter()
    if not SeriesLink.objects.filter(subject=subject, series=series).delete()[0]:
        raise LinkUnknown(
            f"Series {series!r} is not linked to this person. Give the name that it was linked by."
        )
    DESK.record(Act.UNLINKED, now, by=actor(), about=subject, series=name_mark(series))
    fault_point("intake.unlinked")
    return _recount_series(subject, series, now, Fell.UNLINKED)


@transaction.atomic
def release(entry: str, by: str, now: datetime) -> None:
    """Record that `by` looked at a quarantined entry and finds it sound: its files count again, for good."""
    enter()
    recount(quarantine.judge(entry, Verdict.RELEASED, by, now), now)
    fault_point("intake.reviewed")


@transaction.atomic
def keep(entry: str, by: str, now: datetime) -> None:
    """Record that `by` looked at a quarantined entry and finds it unsound: nobody is ever told of it."""
    enter()
    recount(quarantine.judge(entry, Verdict.KEPT, by, now), now, Fell.KEPT)
    fault_point("intake.reviewed")


@transaction.atomic
def settle_cluster(cluster: str, outcome: str, now: datetime) -> None:
    """Record what reviewers decided of a cluster ("" takes it back), with all that follows for findings.

    Raises `ClusterUnknown`.
    """
    enter()
    row = Cluster.objects.filter(pk=cluster).first()
    if row is None:
        raise ClusterUnknown(f"No report named cluster {cluster!r}. Give the id that the worklist shows.")
    fell = Fell.UNDONE if row.outcome == clusters.CONFIRMED else None
    row.outcome, row.decided, row.decided_with = outcome, now, ""
    row.save()
    joined.settle(row)
    changed = quarantine.review_rejections({row.entry}, now) | quarantine.findings_with({row.entry})
    recount(changed | _rested(joined.parts(cluster) | {cluster}, now), now, fell)
    fault_point("intake.settled")


@transaction.atomic
def heed_acceptance() -> None:
    """Let the planner look again at all whom it concerns, when the authority's choice on it has changed."""
    if Gate.objects.filter(accepts=settings.ACCEPT_SAME_PICTURE).exists():
        return
    enter()
    Gate.objects.update(accepts=settings.ACCEPT_SAME_PICTURE)
    concerned = Finding.objects.filter(same_picture__gt=0).values_list("subject", flat=True).distinct()
    Touched.objects.bulk_create([Touched(subject=subject) for subject in concerned], batch_size=500)


def _rested(clusters: Iterable[str], now: datetime) -> set[tuple[str, str]]:
    """See anew what rests on decisions on `clusters`; return the findings, (subject, case id), of it."""
    rows = remembered.resting_on(clusters)
    series: dict[str, set[str]] = {}
    entries: dict[str, set[str]] = {}
    for row in rows:
        series.setdefault(row.series, set()).add(row.receipt.case_id)
        entries.setdefault(row.receipt.case_id, set()).add(row.entry)
    for case, some in sorted(entries.items()):
        quarantine.sight_anew(case, some)
    found = {(subject, case) for subject, one in linked(series) for case in series[one]}
    return found | quarantine.review_bursts(entries.keys(), now)


def _recount_series(subject: str, series: str, now: datetime, fell: Fell | None = None) -> int:
    cases = set(ReportSeries.objects.filter(series=series).values_list("receipt__case", flat=True))
    recount({(subject, case) for case in cases}, now, fell)
    return len(cases)


def _agreed_case(report: Report, case: str | None, known: ReportReceipt | None) -> str | None:
    """The case that the report names and the one that was given must be one."""
    named = [number.strip() for number in (report.case, case, known and known.case.number) if number]
    if len(set(named)) > 1:
        raise ReportContradicts(
            f"Report {report.id} belongs to case {named[0]}, not {named[-1]}. "
            "Leave `--case` out, or give that one."
        )
    return named[0] if named else None


def _again(report: Report, known: ReportReceipt, content: str) -> Intake:
    if known.content != content:
        raise ReportContradicts(
            f"Another report with the id {report.id} was taken in before. Ask the lab to make this one again."
        )
    return _result(report, known, new=False)


def _receive(report: Report, content: str, case: Case, now: datetime) -> ReportReceipt:
    document = report_document(report)
    receipt = ReportReceipt.objects.create(
        id=report.id,
        content=content,
        case=case,
        signer=report.signer,
        list_version=report.list.version,
        made=report.made,
        received=now,
        coverage=document["coverage"] | {"thresholds": document["thresholds"]},
    )
    fault_point("intake.receipt")
    return receipt


def _record_series(report: Report, receipt: ReportReceipt) -> None:
    """Series that show nobody known here are kept too: a later link finds them."""
    ReportSeries.objects.bulk_create(
        [
            ReportSeries(
                receipt=receipt,
                series=finding.series,
                identical=finding.identical,
                near=finding.near,
                same_picture=finding.same_picture,
                entries={one.entry: [one.identical, one.near, one.same_picture] for one in finding.entries},
            )
            for finding in report.findings
        ],
        batch_size=500,
    )
    fault_point("intake.series")


def _names(report: Report) -> set[str]:
    return {finding.series for finding in report.findings}


def _result(report: Report, receipt: ReportReceipt, *, new: bool) -> Intake:
    series = _names(report)
    found = linked(series)
    unlinked = len(series - {name for _, name in found})
    people = len({subject for subject, _ in found})
    files = (report.coverage.identical, report.coverage.same_picture, report.coverage.near)
    return Intake(report.id, receipt.case.number, new, len(series), unlinked, people, *files)
