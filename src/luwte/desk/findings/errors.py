"""What can be wrong with a report or a link, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class ReportContradicts(BadInput):
    """A report with an id that was taken in before says something else now."""


class SeriesUnusable(BadInput):
    """A series name that cannot be one."""


class LinkUnknown(BadInput):
    """A link that is taken back but was never made."""


class QuarantineUnknown(BadInput):
    """An entry that is reviewed but is not in quarantine."""


class EntryUnusable(BadInput):
    """What cannot be the id of an entry."""


class EntryNotForeign(BadInput):
    """An entry of the authority's own that somebody wants to vouch for."""


class SourceKnown(BadInput):
    """A source that vouches for an entry a second time."""


class ObjectionUnknown(BadInput):
    """A dispute or a withdrawal that is closed but is not open."""


class OriginUnknown(BadInput):
    """A signer or a series that is not said to be foreign."""


class ClusterUnknown(BadInput):
    """A cluster that no report named."""


class ReceiptsContradict(BadInput):
    """Receipts for a list of which others were taken in before."""
