"""Results that are dear to make, kept in a file outside the tree: a run that is stopped goes on from there.

A file holds what one version of the code made, a line each. A line that was cut off is made again.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self


class Kept:
    """What was kept under `title` of what was `made_by` one version of the code, by name.

    Only one process writes at a time. Raises `SystemExit` with a sentence when another does, or when the
    folder cannot be written.
    """

    def __init__(self, folder: Path, title: str, made_by: str) -> None:
        path = folder / f"{title}-{made_by[:16]}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+b")
        except OSError as error:
            raise SystemExit(f"{path} cannot be written ({error.strerror}). Name another folder.") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise SystemExit(f"Another run writes {path}. Wait for it, or name another folder.") from None
        self._found: dict[str, object] = {}
        self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, name: str) -> object:
        """Return what is kept under `name`, None where there is nothing."""
        return self._found.get(name)

    def put(self, name: str, value: object) -> None:
        """Keep `value`, which JSON can hold, under `name`."""
        self._file.write(json.dumps([name, value]).encode() + b"\n")
        self._file.flush()
        self._found[name] = value

    def _read(self) -> None:
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            try:
                name, value = json.loads(line)
            except ValueError:
                continue
            self._found[name] = value
        self._file.truncate(whole)


def version_of(paths: Iterable[Path], *more: str) -> str:
    """Return a hash (64 hex) of what is in `paths`, files or folders of code, and of `more`."""
    found = sha256("\n".join(more).encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in {".py", ".npy", ".json", ".so"}:
                found.update(os.fsencode(file.name) + sha256(file.read_bytes()).digest())
    return found.hexdigest()
