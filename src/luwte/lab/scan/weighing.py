"""How likely it is that what the fast pass found near is that very picture: by its distance alone."""

from __future__ import annotations

from luwte.lab.recognition.likelihood import Evidence, Model
from luwte.lab.scan.ledger import Ledger
from luwte.lab.scan.units import per_mille

_DISTANCES = "SELECT DISTINCT distance FROM match WHERE verdict = 'near' AND distance IS NOT NULL"
_WEIGH = "UPDATE match SET likelihood = ? WHERE verdict = 'near' AND distance = ?"


def weigh(ledger: Ledger, model: Model, entries: int) -> None:
    """Write into `ledger` how likely each match that is near is, in a list of `entries`, by `model`.

    To be called while it holds what the fast pass found, and no more. Raises `Failure` when it cannot be
    written.
    """
    with ledger.writing() as database:
        distances = [distance for (distance,) in database.execute(_DISTANCES)]
        likely = [(per_mille(model.likelihood(Evidence(each), entries)), each) for each in distances]
        database.executemany(_WEIGH, likely)
