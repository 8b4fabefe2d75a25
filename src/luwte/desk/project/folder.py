"""The folders of the desk in the home, and the secret that signs the sessions of each world with pages."""

from __future__ import annotations

import secrets
from pathlib import Path

from luwte.base.files import write_bytes
from luwte.exchange.home import default_path

SECRET_FILE = "secret.key"  # noqa: S105 - the name of the file, not the secret # nosec B105


def desk_folder() -> Path:
    """Return where the desk keeps its files; the folder need not be there yet."""
    return default_path() / "desk"


def casework_folder() -> Path:
    """Return where casework keeps its accounts, their secret and what is sent in: nobody else reads it."""
    return default_path() / "casework"


def kept_in() -> Path:
    """Return a folder on the disk that this process writes to; casework on a server has none of a desk."""
    return folder if (folder := desk_folder()).exists() else default_path()


def secret_key(folder: Path) -> str:
    """Return the secret in `folder`; before `luwte desk init` made one, a fresh one for this process only."""
    try:
        return (folder / SECRET_FILE).read_text("ascii").strip() or secrets.token_urlsafe(64)
    except (OSError, UnicodeDecodeError):
        return secrets.token_urlsafe(64)


def make_secret_key(folder: Path) -> None:
    """Write a fresh secret into `folder` unless one is there; an empty file is none."""
    file = folder / SECRET_FILE
    if not file.exists() or not file.stat().st_size:
        write_bytes(file, secrets.token_urlsafe(64).encode() + b"\n")
