"""What can be wrong with texts and their signatures, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class TemplateUnknown(BadInput):
    """There is no such text, or not in this version or register."""


class VariableMissing(BadInput):
    """A text is filled with too little, too much, or with something that cannot stand in it."""


class SignatureRefused(BadInput):
    """This signature does not count."""
