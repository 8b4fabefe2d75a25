"""What can be wrong with a case, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class CaseUnknown(BadInput):
    """It is not known which case is meant."""
