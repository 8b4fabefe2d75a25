"""Writing the results of a pass into the folder of a scan: the acute ones first and the report last.

Each file is the old or the whole new one, whatever happens. The fast pass removes what another scan left
there before it begins. The deep pass puts each of its own in the place of that of the fast pass.
"""

from __future__ import annotations

from pathlib import Path

from luwte.base.faults import fault_point
from luwte.exchange.home import Home
from luwte.exchange.report import Report, write_report
from luwte.lab.fingerprints.licensed import described
from luwte.lab.scan.folder import REPORT, clear
from luwte.lab.scan.handover import HANDOVER, SO_FAR, write_handover
from luwte.lab.scan.ledger import Ledger
from luwte.lab.scan.tally import TOOL
from luwte.lab.scan.worklist import NAME, write_worklist


def write_fast(folder: Path, ledger: Ledger, report: Report, home: Home, hasher: str = "") -> None:
    """Write what the fast pass found, with `hasher` if one was asked for, in place of other results."""
    fault_point("scan.read")
    clear(folder)
    _write(folder, ledger, report, home, "scan", hasher)


def write_deep(folder: Path, ledger: Ledger, report: Report, home: Home, hasher: str = "") -> None:
    """Write what both passes found."""
    fault_point("scan.deep.read")
    _write(folder, ledger, report, home, "scan.deep", hasher)


def _write(folder: Path, ledger: Ledger, report: Report, home: Home, step: str, hasher: str) -> None:
    about = {"tool": TOOL, "report": report.id, "list": report.list.version, "case": report.case or ""}
    if hasher:
        about["hasher"] = described(hasher)
    write_worklist(ledger, about, folder / NAME)
    fault_point(f"{step}.worklist")
    write_handover(folder / NAME, folder / HANDOVER, report.case)
    (folder / SO_FAR).unlink(missing_ok=True)
    fault_point(f"{step}.handover")
    write_report(folder / REPORT, report, home)
    fault_point(f"{step}.report")
