"""What can be wrong with a client or a request, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class ScopeUnknown(BadInput):
    """A scope that there is not, or none at all."""


class ClientUnknown(BadInput):
    """A client that there is not, or that ended."""


class ClientUnusable(BadInput):
    """A name or a certificate that a client cannot have."""
