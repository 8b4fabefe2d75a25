"""Keys on their way: out of a file that is the owner's alone, into the reader, and nowhere else."""

from __future__ import annotations

import json
import subprocess
from io import BytesIO
from pathlib import Path

import pytest

from luwte.base.errors import BadInput
from luwte.exchange.home import Home
from luwte.lab.scan import reader
from luwte.lab.scan.keys import ASKED, LONGEST, MOST, read_keys, taken_over, with_keys
from luwte.lab.scan.launch import launch
from luwte.lab.scan.pieces import Garbled, piece
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support import images, locks
from tests.support.children import below
from tests.support.drawn import jpeg
from tests.support.locks import PASSWORD
from tests.support.scans import reference, run_luwte


def kept(path: Path, content: bytes | str, mode: int = 0o600) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


def test_keys_are_lines_as_they_stand(tmp_path: Path) -> None:
    first = kept(tmp_path / "a", "\ufeffone\r\n\n  two # \n")
    second = kept(tmp_path / "b", "drie\u2028é\none", 0o400)
    assert read_keys([first, second]) == ("one", "  two # ", "drie\u2028é")
    assert read_keys([]) == ()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644])
def test_a_file_that_others_reach_is_refused(mode: int, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"can be read by others than its owner.*chmod 600") as caught:
        read_keys([kept(tmp_path / "a", "secret", mode)])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\r\n", b"secret\xff", b"secret\0", b"s" * (LONGEST + 1), b"s\n" * 40_000],
    ids=["empty", "lines", "bytes", "nul", "long", "large"],
)
def test_a_file_without_keys_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no file of keys") as caught:
        read_keys([kept(tmp_path / "a", content)])
    assert "secret" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(BadInput, match="cannot be read"):
            read_keys([path])


def test_more_keys_than_are_tried_are_refused(tmp_path: Path) -> None:
    lines = [f"key {number}" for number in range(MOST + 1)]
    first, second = kept(tmp_path / "a", "\n".join(lines[:-1])), kept(tmp_path / "b", lines[-1])
    assert len(read_keys([first])) == MOST
    with pytest.raises(BadInput, match=f"There are {MOST + 1} keys. Give at most {MOST}"):
        read_keys([first, second])


def test_what_comes_in_pieces_is_taken_over_or_nothing() -> None:
    keys = [PASSWORD, "é"]
    wire = piece(b"k", json.dumps(keys).encode())
    assert taken_over(BytesIO(wire)) == tuple(keys)
    assert taken_over(BytesIO(b"")) == ()
    with pytest.raises(Garbled):
        taken_over(BytesIO(wire[:-1]))


def test_only_the_reader_gets_keys_and_no_other_process_sees_them(tmp_path: Path, home: Path) -> None:
    seen: list[bytes] = []

    def watched(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        child = launch(module, *arguments)
        for process in (child.pid, *below(child.pid)):
            for name in ("cmdline", "environ"):
                try:
                    seen.append(Path(f"/proc/{process}/{name}").read_bytes())
                except OSError:
                    continue  # it ended
        given.append((module, arguments))
        return child

    given: list[tuple[str, tuple[str, ...]]] = []
    plain = images.ext(tmp_path / "plain.raw", {"known.jpg": jpeg(0)})
    carrier = locks.luks(tmp_path / "evidence", plain)
    keys = kept(tmp_path / "keys", f"other\n{PASSWORD}\n")
    request = Request([carrier], reference(tmp_path / "ref"), tmp_path / "out", workers=1, unlock=[keys])
    report = scan(request, Home.open(), start=watched)
    assert report.coverage.identical == 1
    assert {module for module, arguments in given if ASKED in arguments} == {reader.MODULE}
    assert len(given) > 2
    assert any(ASKED.encode() in text for text in seen)
    assert not any(PASSWORD.encode() in text for text in seen)
    for path in (tmp_path / "out").iterdir():
        assert PASSWORD.encode() not in path.read_bytes()


def test_without_keys_the_start_is_the_same() -> None:
    assert with_keys(launch, reader.MODULE, ()) is launch


def test_a_scan_reads_encrypted_volumes_behind_the_walls(tmp_path: Path, home: Path) -> None:
    plain = images.ntfs(tmp_path / "plain.raw", {"known.jpg": jpeg(0)})
    parts = [
        images.ext(tmp_path / "open", {"a.txt": b"a"}),
        locks.bitlocker(tmp_path / "bitlocker", plain),
        locks.luks(tmp_path / "luks2", plain, version=2, kdf=locks.ARGON),
    ]
    disk = images.mbr(tmp_path / "disk.raw", parts)
    keys = kept(tmp_path / "keys", f"{PASSWORD}\n")
    command = ("scan", disk, "--reference", reference(tmp_path / "ref"), "--workers", "1", "--no-carve")
    done = run_luwte(*command, "--out", tmp_path / "out", "--unlock", keys)
    assert done.returncode == 0, done.stderr
    assert "ext4, NTFS in BitLocker, NTFS in LUKS 2" in done.stdout
    assert PASSWORD not in done.stdout + done.stderr
    rows = {row.path: row.counted_as for row in read_rows(tmp_path / "out")}
    assert rows == {"p1/a.txt": "other", "p2/known.jpg": "identical", "p3/known.jpg": "identical"}
    done = run_luwte(*command, "--out", tmp_path / "locked", "--unlock", kept(tmp_path / "wrong", "hunter2"))
    assert "a part of the carrier is encrypted (BitLocker): the given key does not open it: 1" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr
    done = run_luwte(*command, "--out", tmp_path / "open-to-all", "--unlock", kept(keys, PASSWORD, 0o644))
    assert (done.returncode, PASSWORD in done.stderr) == (2, False)
    assert "can be read by others" in done.stderr
