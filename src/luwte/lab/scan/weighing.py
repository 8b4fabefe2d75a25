"""How likely it is that what the fast pass found near is that very picture: by its distance alone."""

from __future__ import annotations

from collections.abc import Collection

from luwte.lab.recognition.likelihood import Evidence, Model
from luwte.lab.scan.ledger import Ledger
from luwte.lab.scan.units import per_mille

_DISTANCES = "SELECT DISTINCT distance FROM match WHERE verdict = 'near' AND distance IS NOT NULL"
_WEIGH = "UPDATE match SET likelihood = ? WHERE verdict = 'near' AND distance = ?"
_FILMS = """
SELECT DISTINCT entry FROM match JOIN file USING (carrier, root, place)
WHERE match.verdict = 'near' AND kind = 'video'
"""
_UNJUDGED = """
UPDATE match SET likelihood = NULL WHERE verdict = 'near' AND entry = ? AND EXISTS (
  SELECT 1 FROM file WHERE kind = 'video'
  AND (file.carrier, file.root, file.place) = (match.carrier, match.root, match.place))
"""


def weigh(ledger: Ledger, model: Model, entries: int, filmed: Collection[str]) -> None:
    """Write into `ledger` how likely each match that is near is, in a list of `entries`, by `model`.

    A video that is near one of the entries `filmed` is so by many frames, or their order: what those are
    worth no model knows, and the likelihood of its nearest frame would be far too low. It has none.

    To be called while it holds what the fast pass found, and no more. Raises `Failure` when it cannot be
    written.
    """
    with ledger.writing() as database:
        distances = [distance for (distance,) in database.execute(_DISTANCES)]
        likely = [(per_mille(model.likelihood(Evidence(each), entries)), each) for each in distances]
        database.executemany(_WEIGH, likely)
        films = {entry for (entry,) in database.execute(_FILMS)} & set(filmed)
        database.executemany(_UNJUDGED, [(entry,) for entry in sorted(films)])
