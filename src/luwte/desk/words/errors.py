"""What can be wrong with texts and their signatures, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class TemplateUnknown(BadInput):
    """There is no such text, or not in this version or register."""


class VariableMissing(BadInput):
    """A text is filled with too little, too much, or with something that cannot stand in it."""


class SignatureRefused(BadInput):
    """This signature does not count."""


class ProposalRefused(BadInput):
    """A new version of a text that cannot be proposed; `faults`: register -> what is wrong there."""

    def __init__(self, template_id: str, faults: dict[str, list[str]]) -> None:
        first = next(f"{words}: {found[0]}" for words, found in faults.items())
        super().__init__(f"The new version of {template_id!r} cannot be proposed ({first}). Change the text.")
        self.faults = faults
