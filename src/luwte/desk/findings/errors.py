"""What can be wrong with a report or a link, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class ReportContradicts(BadInput):
    """A report with an id that was taken in before says something else now."""


class SeriesUnusable(BadInput):
    """A series name that cannot be one."""


class ConfirmationImpossible(BadInput):
    """More near matches are confirmed than there are."""


class LinkUnknown(BadInput):
    """A link that is taken back but was never made."""


class QuarantineUnknown(BadInput):
    """An entry that is reviewed but is not in quarantine."""
