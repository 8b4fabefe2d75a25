"""Reports of labs, as they come in and as their lab may see them again.

What is answered says what the report itself says and nothing of who is known here: a lab knows no people, so
whether a series shows somebody must not be seen from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile

from luwte.base.errors import BadInput
from luwte.desk.api.models import Delivery
from luwte.desk.api.notices import REPORTS
from luwte.desk.api.problems import Refused
from luwte.desk.api.repeats import Done, once
from luwte.desk.api.scopes import Scope
from luwte.desk.api.tokens import Caller
from luwte.desk.cases.errors import CaseUnknown
from luwte.desk.findings import services as findings
from luwte.desk.findings.errors import ReportContradicts
from luwte.desk.findings.models import ReportReceipt
from luwte.exchange.documents import moment_text
from luwte.exchange.errors import NewerSchema, SignerUnknown
from luwte.exchange.home import Home
from luwte.exchange.report import SORT, Report, read_report

LIMIT = SORT.limit
_BROKEN = (
    "report-unusable",
    "This is no report that can be used: damaged, changed, or something else. Send it as the lab wrote it.",
)
_REASONS: Mapping[type[BadInput], tuple[int, str, str]] = {
    NewerSchema: (400, "newer-schema", "A newer Luwte than that of the desk made this report."),
    SignerUnknown: (400, "signer-unknown", "The desk does not trust the key that signed this, or its list."),
    ReportContradicts: (
        409,
        "report-contradicts",
        "A report with this id was registered; it says otherwise.",
    ),
    CaseUnknown: (400, "case-missing", "The report names no case. Name it when the carrier is scanned."),
}


def deliver(caller: Caller, key: str | None, pieces: Iterable[bytes], now: datetime) -> Done:
    """Register the report in `pieces`, once; return what its lab is answered. Raises `Refused`.

    The bytes go into a file without a name, of which nothing is left when the process dies.
    """
    with TemporaryFile() as file:
        digest = sha256(b"POST /reports\n")
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
        file.flush()
        report = _read(Path(f"/dev/fd/{file.fileno()}"))
    return once(caller.client, key, digest.hexdigest(), lambda: _register(report, caller, now), now)


def status(caller: Caller, report: str) -> dict[str, object]:
    """Return what became of a report. Raises `Refused` (404), also for one that another client delivered."""
    row = ReportReceipt.objects.filter(pk=report).first()
    mine = Delivery.objects.filter(client=caller.client, resource=f"{REPORTS}/{report}").exists()
    if row is None or not (mine or Scope.EVENTS in caller.scopes):
        raise Refused(404)
    return _document(row)


def _read(path: Path) -> Report:
    try:
        return read_report(path, Home.open().trusted())
    except BadInput as error:
        raise _refused(error) from None


def _register(report: Report, caller: Caller, now: datetime) -> Done:
    try:
        done = findings.register(report, now)
    except BadInput as error:
        raise _refused(error) from None
    location = f"{REPORTS}/{report.id}"
    Delivery.objects.get_or_create(client_id=caller.client, resource=location, defaults={"received": now})
    return Done(201 if done.new else 200, _document(ReportReceipt.objects.get(pk=report.id)), location)


def _document(row: ReportReceipt) -> dict[str, object]:
    files = row.coverage
    return {
        "id": row.id,
        "state": "registered",
        "made": moment_text(row.made),
        "received": moment_text(row.received),
        "files": {
            "identical": files["identical"],
            "samePicture": files.get("same_picture", 0),
            "near": files["near"],
        },
    }


def _refused(error: BadInput) -> Refused:
    status, name, sentence = _REASONS.get(type(error), (400, *_BROKEN))
    return Refused(status, sentence, name=name)
