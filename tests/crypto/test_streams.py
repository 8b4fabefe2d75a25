"""Age files in pieces: what the two ends raise comes out as it is, and a full disk leaves the old file."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

from luwte.base.errors import BadInput, Failure
from luwte.base.files import replacing
from luwte.crypto.streams import decrypt_into, encrypt_into, recipients_in, secret_keys_in

KEY = pyrage.x25519.Identity.generate()
TO = [str(KEY.to_public())]


class Full(io.BytesIO):
    """A file on a disk that is full after a while."""

    def write(self, content: object, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def broken() -> Iterator[bytes]:
    yield b"x" * 300_000
    raise LookupError("the database went away")


def test_what_the_pieces_raise_comes_out_as_it_is() -> None:
    with pytest.raises(LookupError, match="went away"):
        encrypt_into(io.BytesIO(), broken(), TO)


def test_a_full_disk_is_told_as_one_and_leaves_the_old_file(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"old")
    with pytest.raises(Failure, match="disk is full"), replacing(old):
        encrypt_into(Full(), [b"x" * 300_000], TO)
    assert [one.name for one in tmp_path.iterdir()] == ["old"]
    assert old.read_bytes() == b"old"


def test_what_the_sink_raises_comes_out_as_it_is() -> None:
    file = io.BytesIO()
    encrypt_into(file, [b"x" * 300_000], TO)
    file.seek(0)
    with pytest.raises(OSError, match="No space left"):
        decrypt_into(file, Full(), [str(KEY)], "it")


def test_keys_are_read_with_comments_and_once(tmp_path: Path) -> None:
    assert recipients_in(f"# Wim\n{TO[0]}\n\n {TO[0]}\n", "it") == TO
    assert secret_keys_in(f"# created\n{KEY}\n", "it") == [str(KEY)]
    for text in ("", "# nothing\n", "AGE-SECRET-KEY-1", f"{KEY}x", "hello"):
        with pytest.raises(BadInput, match="it"):
            secret_keys_in(text, "it")
