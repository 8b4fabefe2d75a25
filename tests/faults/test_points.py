"""Every fault point of the desk is one that a test kills at."""

from __future__ import annotations

import re
from pathlib import Path

import luwte.desk
from luwte.desk.api.outbox import HOOK_POINTS
from luwte.desk.api.repeats import REPEAT_POINTS
from luwte.desk.audit.log import AUDIT_POINTS
from luwte.desk.backup.making import BACKUP_POINTS
from luwte.desk.backup.restoring import RESTORE_POINTS
from luwte.desk.cases.register import STEP_POINTS
from luwte.desk.casework.uploads import UPLOAD_POINTS
from luwte.desk.findings.lists import LIST_POINTS
from luwte.desk.findings.services import FAULT_POINTS as INTAKE_POINTS
from luwte.desk.findings.services import REVIEW_POINTS as REGISTER_POINTS
from luwte.desk.money.payouts import PAYOUT_POINTS
from luwte.desk.money.services import MONEY_POINTS
from luwte.desk.project.renewing import RENEW_POINTS
from luwte.desk.retention.taking import RETENTION_POINTS
from luwte.desk.review.proposals import PROPOSAL_POINTS
from luwte.desk.review.services import REVIEW_POINTS
from luwte.desk.telling.access import ACCESS_POINTS
from luwte.desk.telling.after_restore import RESUME_POINTS
from luwte.desk.telling.announced import ANNOUNCED_POINTS
from luwte.desk.telling.leaving import LEAVING_POINTS
from luwte.desk.telling.outbox import FAULT_POINTS as OUTBOX_POINTS
from luwte.desk.telling.planner import FAULT_POINTS as PLANNER_POINTS
from luwte.desk.telling.safety_outbox import FAULT_POINTS as SAFETY_POINTS
from luwte.desk.telling.stating import STATING_POINTS
from luwte.desk.telling.steps import SPREAD_POINTS
from luwte.desk.vault.rotation import ROTATION_POINTS
from luwte.desk.vault.services import VAULT_POINTS

_POINT = re.compile(r"fault_point\(\s*([^)]*?)\s*\)")
KILLED_AT = (
    *PLANNER_POINTS,
    *OUTBOX_POINTS,
    *SAFETY_POINTS,
    *INTAKE_POINTS,
    *REGISTER_POINTS,
    *REVIEW_POINTS,
    *LIST_POINTS,
    *AUDIT_POINTS,
    *VAULT_POINTS,
    *ROTATION_POINTS,
    *STATING_POINTS,
    *LEAVING_POINTS,
    *BACKUP_POINTS,
    *RESTORE_POINTS,
    *RESUME_POINTS,
    *RETENTION_POINTS,
    *ACCESS_POINTS,
    *RENEW_POINTS,
    *REPEAT_POINTS,
    *HOOK_POINTS,
    *ANNOUNCED_POINTS,
    *PROPOSAL_POINTS,
    *UPLOAD_POINTS,
    *MONEY_POINTS,
    *PAYOUT_POINTS,
    *STEP_POINTS,
    *SPREAD_POINTS,
)


def test_every_point_in_the_source_is_killed_at() -> None:
    sources = Path(luwte.desk.__file__).parent.rglob("*.py")
    named = {found for path in sources for found in _POINT.findall(path.read_text())}
    assert named == {f'"{point}"' for point in KILLED_AT}
    assert len(set(KILLED_AT)) == len(KILLED_AT)
