"""What is measured of the desk while it is served, in OpenMetrics, so that no single visit can be read off.

Requests are counted in tens, those of the portal together whatever the page, and the answer stays the same
for five minutes. Queues are told in powers of ten. Errors alone are told one by one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.samples import Sample

from luwte.base.clock import SystemClock
from luwte.base.files import write_bytes

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable (of prometheus_client) with the folder in which the workers count together."""
TENS = 10
HELD_SECONDS = 300
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_NEVER = ("_sum", "_count", "_created")
_EXACT = "luwte_errors"
_KEPT = "metrics.txt"

_requests = Counter("luwte_requests", "Requests answered, in tens.", ["route", "status"])
_seconds = Histogram("luwte_request_seconds", "How long answers took, in tens.", ["room"], buckets=BUCKETS)
_errors = Counter(_EXACT, "Requests that met an error of the program.", ["error"])


def count_request(route: str, status: int, seconds: float) -> None:
    """Count an answer of `route` (a name) that took so many seconds."""
    _requests.labels(route, f"{status // 100}xx").inc()
    _seconds.labels(route.partition(":")[0]).observe(seconds)


def count_error(kind: str) -> None:
    """Count an error of the type `kind`."""
    _errors.labels(kind).inc()


def metrics() -> bytes:
    """Return all measures as OpenMetrics text: the same for five minutes, from whichever worker."""
    folder = os.environ.get(SHARED)
    if folder is None:
        return _fresh()
    kept = Path(folder) / _KEPT
    with suppress(OSError):
        if time.time() - kept.stat().st_mtime < HELD_SECONDS:
            return kept.read_bytes()
    found = _fresh()
    write_bytes(kept, found)
    return found


def _fresh() -> bytes:
    shown = CollectorRegistry()
    shown.register(_Shown())
    text: bytes = generate_latest(shown)  # type: ignore[no-untyped-call]
    return text


class _Shown:
    """Collects what is shown: counts in tens, and what the databases say."""

    def collect(self) -> Iterator[Metric]:
        """Yield each measure."""
        counted = CollectorRegistry()
        if os.environ.get(SHARED):
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        else:
            counted = REGISTRY
        for metric in counted.collect():
            if metric.name.startswith("luwte_"):
                metric.samples = _in_tens(metric.samples)
                yield metric
        yield from standing()


def _in_tens(samples: Iterable[Sample]) -> list[Sample]:
    """Return `samples` rounded down to tens; of what was met less than ten times not even the name."""
    kept = [one for one in samples if not one.name.endswith(_NEVER)]
    met = {_series(one) for one in kept if one.value >= TENS or one.name.startswith(_EXACT)}
    return [_rounded(one) for one in kept if _series(one) in met]


def _series(sample: Sample) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in sample.labels.items() if name != "le")


def _rounded(sample: Sample) -> Sample:
    exact = sample.name.startswith(_EXACT)
    value = sample.value if exact else float(sample.value // TENS * TENS)
    return sample._replace(value=value, exemplar=None)


def band(count: int) -> int:
    """Return the largest power of ten, from 10 on, that `count` reaches, else 0."""
    return 10 ** (len(str(count)) - 1) if count >= TENS else 0


def standing() -> Iterator[Metric]:
    """Yield what the databases say: how old checkpoints are, how much waits. Nothing when they are away."""
    from luwte.desk.project.checks.record import logs

    now = SystemClock().now()
    age = GaugeMetricFamily(
        "luwte_checkpoint_age_seconds", "Since the last checkpoint of a record.", labels=["log"]
    )
    waits = GaugeMetricFamily("luwte_waiting", "What waits, in powers of ten.", labels=["what"])
    with suppress(DatabaseError):
        for log in logs():
            newest = log.checkpoint.objects.order_by("-size").values_list("at", flat=True).first()
            if newest is not None:
                age.add_metric([log.name], int((now - newest).total_seconds()) // 60 * 60)
            waits.add_metric([f"acts-{log.name}"], band(log.waiting.objects.count()))
        if "vault" in settings.WORLD.aliases:
            for what, count in _of_telling():
                waits.add_metric([what], band(count))
    yield from (age, waits)


def _of_telling() -> Iterator[tuple[str, int]]:
    from luwte.desk.telling import reading
    from luwte.desk.telling.models import CareTask

    yield "contacts-late", len(reading.late())
    yield "tasks-open", CareTask.objects.filter(done=None).count()
