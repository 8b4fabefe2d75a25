"""Whether the authority lets "the same picture" count without a reviewer: LUWTE_ACCEPT_SAME_PICTURE, off."""

from __future__ import annotations

from django.conf import settings

from luwte.desk.findings.rules import Counted, for_telling


def counted(identical: int, same_picture: int, near: int, confirmed: int) -> Counted:
    """Return what of these files counts for telling, as the authority chose."""
    accepted = settings.ACCEPT_SAME_PICTURE
    return for_telling(identical, same_picture, near, confirmed, accepted=accepted)
