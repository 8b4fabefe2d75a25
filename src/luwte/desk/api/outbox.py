"""The sender of notices: leases a hook, sends what came after its position, and moves the position.

    leased -> sent -> recorded

Notices go in their order, each at least once: a process that dies after sending sends the same one again,
under the same id. A receiver that does not answer is tried again later and later; what waits stays.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from luwte.base.clock import Clock
from luwte.base.faults import fault_point
from luwte.base.ids import new_id
from luwte.desk.api import hooks, notices
from luwte.desk.api.models import Hook, Notice
from luwte.desk.api.sending import AddressUnusable, NotReached, request

LEASE = timedelta(minutes=5)
RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(days=1)
GONE = 410
HOOK_POINTS = ("hook.leased", "hook.sent", "hook.recorded")


def next_try(attempts: int, asked: str, now: datetime) -> datetime:
    """Return when to try again after so many failures: twice as late each time, or as late as was asked."""
    wait: timedelta = min(RETRY * 2 ** min(attempts - 1, 12), LONGEST_RETRY)
    if asked.isascii() and asked.isdigit() and len(asked) <= 6:
        wait = max(wait, min(timedelta(seconds=int(asked)), LONGEST_RETRY))
    return now + wait


@dataclass(slots=True)
class Sender:
    """One process that sends notices, by its `clock`, under its own `name`."""

    clock: Clock
    name: str = field(default_factory=new_id)

    def send_all(self) -> int:
        """Send to every hook what waits for it; return how many notices were taken."""
        taken = 0
        while (hook := self._lease()) is not None:
            fault_point("hook.leased")
            while hook is not None and (waiting := notices.after(hook.position, 1)):
                sent = self._send(hook, waiting[0])
                taken += sent
                hook = self._mine(hook.pk) if sent else None
            Hook.objects.filter(lease=self.name).update(lease="", lease_until=None)
        return taken

    @transaction.atomic
    def _lease(self) -> Hook | None:
        now = self.clock.now()
        free = Q(lease="") | Q(lease_until__lt=now)
        due = Q(not_before=None) | Q(not_before__lte=now)
        waits = Exists(Notice.objects.filter(pk__gt=OuterRef("position")))
        rows = Hook.objects.filter(free, due, waits, ended=None)
        hook = rows.select_for_update(skip_locked=True).order_by("pk").first()
        if hook is not None:
            hook.lease, hook.lease_until = self.name, now + LEASE
            hook.save()
        return hook

    def _mine(self, pk: str) -> Hook | None:
        return Hook.objects.filter(pk=pk, lease=self.name, ended=None).first()

    def _send(self, hook: Hook, notice: Notice) -> bool:
        """Return whether the receiver took it; either way it is recorded."""
        body = json.dumps(notices.document(notice)).encode()
        seconds = int(self.clock.now().timestamp())
        headers = {
            "Content-Type": notices.MEDIA_TYPE,
            "webhook-id": notice.event,
            "webhook-timestamp": str(seconds),
            "webhook-signature": hooks.signature(notice.event, seconds, body),
        }
        status, later = 0, ""
        try:
            answer = request("POST", hook.address, body, headers)
            status, later = answer.status, answer.headers.get("retry-after", "")
        except (NotReached, AddressUnusable, OSError):
            pass
        fault_point("hook.sent")
        self._record(hook, notice, status, later)
        fault_point("hook.recorded")
        return 200 <= status < 300

    @transaction.atomic
    def _record(self, hook: Hook, notice: Notice, status: int, later: str) -> None:
        now = self.clock.now()
        mine = Hook.objects.filter(pk=hook.pk, lease=self.name, ended=None)
        if 200 <= status < 300:
            mine.update(position=notice.pk, attempts=0, not_before=None, lease_until=now + LEASE)
        elif status == GONE and mine.exists():
            hooks.end(hook.pk, "gone", now)
        else:
            attempts = hook.attempts + 1
            until = next_try(attempts, later, now)
            mine.update(attempts=attempts, not_before=until, lease="", lease_until=None)


def late() -> list[Hook]:
    """Return the hooks whose receivers did not take what was sent last."""
    return list(Hook.objects.filter(ended=None, attempts__gt=0).order_by("pk"))
