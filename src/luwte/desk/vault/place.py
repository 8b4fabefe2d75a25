"""Where the vault's own files lie: beside the register, or in a folder that another system user owns."""

from __future__ import annotations

import os
from pathlib import Path

from luwte.exchange.home import default_path

FOLDER = "LUWTE_VAULT_FOLDER"
KEYS_FILE = "keys.json"


def vault_folder() -> Path:
    """Return the folder of the vault's SQLite file and of the key ring; it need not be there yet."""
    given = os.environ.get(FOLDER)
    return Path(given) if given else default_path() / "desk"
