"""E01 images of ext4 and NTFS full of photos, made by the field's own tools, without a mount."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

MEBIBYTE = 1 << 20
SECTOR = 512
ONE_SEGMENT = "1GiB"


def photo_folder(pictures: Iterable[bytes], size: int, folder: Path) -> Path:
    """Fill `folder` with `pictures`, taken round by round, until it holds `size` bytes; return it.

    Each copy gets its own number in a comment, so that no two files are the same.
    """
    folder.mkdir(parents=True)
    held, written, number = list(pictures), 0, 0
    while written < size:
        content = numbered(held[number % len(held)], number)
        (folder / f"IMG_{number:04d}.jpg").write_bytes(content)
        written, number = written + len(content), number + 1
    return folder


def numbered(jpeg: bytes, number: int) -> bytes:
    """Return the JPEG file with `number` in a comment: other digests, the same picture (ITU-T T.81, B.2)."""
    return jpeg[:2] + b"\xff\xfe\0\x06" + number.to_bytes(4, "big") + jpeg[2:]


def ext4_image(folder: Path, image: Path) -> Path:
    """Write an ext4 file system with the files of `folder` to `image`; return it."""
    _empty(image, folder)
    _run("mke2fs", "-q", "-F", "-t", "ext4", "-m", "0", "-O", "^has_journal", "-d", folder, image)
    return image


def ntfs_image(folder: Path, image: Path) -> Path:
    """Write an NTFS file system with the files of `folder` to `image`; return it."""
    _empty(image, folder)
    _run("mkntfs", "-q", "-F", "-Q", "-s", SECTOR, "-p", 0, "-H", 255, "-S", 63, image)
    for path in sorted(folder.iterdir()):
        _run("ntfscp", "-q", image, path, path.name)
    return image


def acquire(image: Path) -> Path:
    """Image `image` as an investigator would, with ewfacquire's fast compression; return the E01."""
    target = image.with_suffix("")
    settings = ("-u", "-q", "-c", "deflate:fast", "-f", "encase6", "-S", ONE_SEGMENT, "-t", target)
    _run("ewfacquire", *settings, image)
    image.unlink()
    return target.with_suffix(".E01")


def _empty(image: Path, folder: Path) -> None:
    """A file of the size of all that goes in, with room for the file system's own tables."""
    size = sum(path.stat().st_size + 4096 for path in folder.iterdir())
    image.write_bytes(b"")
    with image.open("r+b") as file:
        file.truncate((size * 26 // 25 // MEBIBYTE + 12) * MEBIBYTE)


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{words[0]} failed: {(done.stderr or done.stdout).strip()[-300:]}")
