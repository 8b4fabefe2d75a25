"""Whether the parts of a report agree: its form alone does not say that its counts are true to each other."""

from __future__ import annotations

from collections import Counter

from luwte.exchange.report_model import Coverage, EntryFinding, Report, SeriesFinding
from luwte.exchange.report_shape import ALL_VERDICTS

FOUND = ("identical", "same_picture", "near")
"""The verdicts that are findings."""


def adds_up(report: Report) -> bool:
    """Return whether the counts of `report` agree: classes, verdicts, series and entries."""
    series = [finding.series for finding in report.findings]
    if len(set(series)) != len(series) or any(_odd(finding) for finding in report.findings):
        return False
    if not _classes_agree(report.coverage) or not _closely_agrees(report):
        return False
    return report.schema < ALL_VERDICTS or _verdicts_agree(report.coverage)


def clusters_fit(report: Report) -> bool:
    """Return whether each cluster of `report` is of an entry that was found, with no more files, and holds
    others than itself, fewer than its files."""
    entries = {
        (finding.series, entry.entry): entry for finding in report.findings for entry in finding.entries
    }
    files: Counter[tuple[str, str]] = Counter()
    for cluster in report.clusters:
        place = (cluster.series, cluster.entry)
        if place not in entries or not cluster.files or not getattr(entries[place], cluster.verdict):
            return False
        if (
            len({cluster.cluster, *cluster.holds}) <= len(cluster.holds)
            or len(cluster.holds) >= cluster.files
        ):
            return False
        files[place] += cluster.files
    within = all(count <= entries[place].same_picture + entries[place].near for place, count in files.items())
    return within and len({cluster.cluster for cluster in report.clusters}) == len(report.clusters)


def rule_stated(report: Report) -> bool:
    """Return whether `report` names the model that judged, and its thresholds, where one must have."""
    rule = report.thresholds
    if rule.model is None or rule.same_picture is None or rule.near is None:
        nothing = (rule.model, rule.same_picture, rule.near) == (None, None, None)
        return nothing and not _judged(report)
    return rule.near <= rule.same_picture


def _judged(report: Report) -> bool:
    """Return whether `report` says anything that only a model can say."""
    return report.depth == "deep" or report.coverage.same_picture > 0 or bool(report.clusters)


def _classes_agree(coverage: Coverage) -> bool:
    """Every file is in one class, and the classes of what was found say what the verdicts say."""
    classes = coverage.classes
    agree = all(classes[name] == getattr(coverage, name) for name in (*FOUND, "same_scene"))
    return agree and sum(classes.values()) == coverage.files


def _closely_agrees(report: Report) -> bool:
    """Return whether no more was looked at closely than there is, and nothing in a fast pass."""
    coverage = report.coverage
    asked = coverage.closely + sum(coverage.not_closely.values())
    return asked <= (coverage.pictures + coverage.videos if report.depth == "deep" else 0)


def _verdicts_agree(coverage: Coverage) -> bool:
    found = coverage.identical + coverage.same_picture + coverage.near
    return found + coverage.same_scene + coverage.unknown == coverage.files


def _odd(finding: SeriesFinding) -> bool:
    """A file may show entries of several series, or several entries of one: sums are bounds, not equal."""
    for kind in FOUND:
        found = [getattr(entry, kind) for entry in finding.entries]
        if not max(found, default=0) <= getattr(finding, kind) <= sum(found):
            return True
    if any(not _remembers(entry) for entry in finding.entries):
        return True
    return len({entry.entry for entry in finding.entries}) != len(finding.entries)


def _remembers(entry: EntryFinding) -> bool:
    """Return whether what is identical only to remembered files is no more than what is identical, and each
    part of it names the clusters that it rests on, as no other does."""
    parts = entry.remembered
    named = all(one.files and one.clusters == tuple(sorted(set(one.clusters))) != () for one in parts)
    once = len({one.clusters for one in parts}) == len(parts)
    return named and once and sum(one.files for one in parts) <= entry.identical
