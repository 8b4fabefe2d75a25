"""The log of the desk, ready to be written to."""

from __future__ import annotations

from luwte.desk.audit.log import Log
from luwte.desk.audit.models import Checkpoint, Cleared, Cosignature, Leaf, Place, Tile, Waiting

DESK = Log("desk", Leaf, Waiting, Place, Tile, Checkpoint, Cosignature, Cleared)
