"""What is over goes where no retention comes by: in casework, whose accounts have a database of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from luwte.desk.accounts.models import Kept

A_DAY = timedelta(days=1)


def clear_over(now: datetime) -> None:
    """Delete sessions and used codes that are over, and tries to sign in that failed more than a day ago."""
    Session.objects.filter(expire_date__lt=now).delete()
    Kept.objects.filter(expires__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - A_DAY).delete()
