"""The wide net: how far beyond the field's radius the PDQ of a short list is searched.

In a short list few strangers are near by chance, so a larger distance still says something; in a long one it
says nothing. The model says where that ends: what lies beyond would not be near.
"""

from __future__ import annotations

from luwte.lab.recognition.likelihood import Model
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.reference.index import ReferenceIndex

MOST_HASHES = 100_000
"""PDQ hashes of a list beyond which nothing is searched wider, whatever the model says."""


def wide_net(model: Model, index: ReferenceIndex) -> int:
    """Return the bits up to which a picture is searched in the list of `index`: `PDQ_RADIUS` or more."""
    if not 0 < len(index.bundle.pdq) <= MOST_HASHES:
        return PDQ_RADIUS
    return max(PDQ_RADIUS, model.reach(index.pictured))
