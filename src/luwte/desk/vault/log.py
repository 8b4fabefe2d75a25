"""The log of the vault, in its own database: it commits with what it records."""

from __future__ import annotations

from luwte.desk.audit.actors import COMMAND
from luwte.desk.audit.log import Log
from luwte.desk.vault.models import Checkpoint, Cleared, Cosignature, Leaf, Place, Tile, Waiting

__all__ = ["COMMAND", "VAULT"]

VAULT = Log("vault", Leaf, Waiting, Place, Tile, Checkpoint, Cosignature, Cleared)
