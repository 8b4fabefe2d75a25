"""What there is to look closely with: the local codes of a list, and the model of an authority."""

from __future__ import annotations

from collections.abc import Callable

from luwte.exchange.home import Home
from luwte.lab.recognition.deep import Entries
from luwte.lab.recognition.deep_films import FilmRecognition
from luwte.lab.recognition.geometry import PAIR_RADIUS
from luwte.lab.recognition.likelihood import Model
from luwte.lab.recognition.model import model_of, version
from luwte.lab.reference.codes import CODE_RADIUS, MOST_CANDIDATES, CodeList
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.scan.closely import Means, Recogniser, Rule

PER_MILLE = 1000
Closer = Callable[[ReferenceIndex, Home], Means | None]
"""Gives the means to look closely, None where there are none."""


class ListMeans:
    """The means that the list in `index` gives, judged by `model`."""

    def __init__(self, index: ReferenceIndex, model: Model) -> None:
        self._index = index
        self._model = model

    @property
    def key(self) -> str:
        """What decides what a close look gives, beside the list."""
        codes = f"codes {CODE_RADIUS} {MOST_CANDIDATES} {PAIR_RADIUS}"
        return f"model {version(self._model)}, {codes}, quarters, frames of pictures"

    @property
    def rule(self) -> Rule:
        """How the model judges."""
        return rule_of(self._model)

    def recogniser(self) -> Recogniser:
        """Open the codes; raises `BadInput` when they contradict each other."""
        return FilmRecognition(CodeList(self._index.bundle), Entries(self._index), self._model)


def rule_of(model: Model) -> Rule:
    """Return how `model` judges, as a report says it."""
    thresholds = model.thresholds
    same_picture, near = round(PER_MILLE * thresholds.same_picture), round(PER_MILLE * thresholds.near)
    return Rule(version(model), same_picture, near)


def means_of(index: ReferenceIndex, home: Home) -> Means | None:
    """Return the means of a list, None for one without local codes, by the model of `home`.

    Raises `BadInput` when that model cannot be used.
    """
    return ListMeans(index, model_of(home.path)) if len(index.bundle.coded_entry) else None
