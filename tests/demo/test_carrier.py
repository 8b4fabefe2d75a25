"""The demo's carriers hold what was planted, live and deleted, and are the same every time."""

from __future__ import annotations

import subprocess
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from luwte.base.errors import Failure
from luwte.demo import volumes
from luwte.demo.carrier import DemoCarrier, make_disk, make_stick
from luwte.demo.contents import ODD_NAMES, Album
from luwte.demo.people import PEOPLE
from luwte.lab.carriers import CarrierFile, open_carrier

Found = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> DemoCarrier:
    return make_disk(tmp_path_factory.mktemp("disk"), Album(3))


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> DemoCarrier:
    return make_stick(tmp_path_factory.mktemp("stick"), Album(3))


def test_every_planted_live_file_is_read_back_from_the_e01(disk: DemoCarrier) -> None:
    found = _read(disk.image)
    live = {_digest(file.content) for file in disk.files if not file.deleted}
    assert live <= {digest for digest, state in found if state == "live"}


def test_every_deleted_file_is_read_back(disk: DemoCarrier, stick: DemoCarrier) -> None:
    for carrier in (disk, stick):
        gone = {_digest(file.content) for file in carrier.files if file.deleted}
        assert gone
        assert gone <= {digest for digest, state in _read(carrier.image) if state == "deleted"}


def test_raw_and_e01_hold_the_same_files(disk: DemoCarrier) -> None:
    assert _read(disk.raw) == _read(disk.image)


def test_the_disk_holds_every_person_s_planted_pictures(disk: DemoCarrier, stick: DemoCarrier) -> None:
    album = Album(3)
    for person in PEOPLE:
        enrolled = {_digest(content) for content in album.enrolled(person.series)}
        for carrier, planted in ((disk, person.disk), (stick, person.stick)):
            there = [file for file in carrier.files if _digest(file.content) in enrolled]
            assert len(there) == planted.live + planted.deleted
            assert sum(file.deleted for file in there) == planted.deleted
            edited = [file for file in carrier.files if (file.series, file.role) == (person.series, "edited")]
            assert len(edited) == planted.edited


def test_the_zip_holds_the_zipped_pictures(disk: DemoCarrier) -> None:
    packed = next(file for file in disk.files if file.role == "zip")
    with zipfile.ZipFile(BytesIO(packed.content)) as archive:
        inside = {_digest(archive.read(name)) for name in archive.namelist()}
    for person in PEOPLE:
        enrolled = {_digest(content) for content in Album(3).enrolled(person.series)}
        assert len(enrolled & inside) == person.disk.zipped


def test_odd_names_other_files_and_broken_ones_are_there(disk: DemoCarrier) -> None:
    paths = {file.path.rpartition("/")[2] for file in disk.files}
    assert paths.issuperset(ODD_NAMES)
    assert {"broken", "other", "unrelated", "zip"} <= {file.role for file in disk.files}
    assert sum(file.role == "unrelated" for file in disk.files) > 200


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    stick: DemoCarrier, disk: DemoCarrier, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert _digest(make_disk(tmp_path / "one", Album(3)).image.read_bytes()) == _digest(
        disk.image.read_bytes()
    )
    assert make_stick(tmp_path / "one", Album(3)).raw.read_bytes() == stick.raw.read_bytes()
    assert make_stick(tmp_path / "two", Album(4)).raw.read_bytes() != stick.raw.read_bytes()


def test_the_ext4_volume_is_sound(disk: DemoCarrier, tmp_path: Path) -> None:
    volume = tmp_path / "ext4.img"
    volume.write_bytes(disk.raw.read_bytes()[1 << 20 :])
    subprocess.run(["/usr/sbin/e2fsck", "-fn", volume], check=True, capture_output=True)


def test_a_missing_tool_is_told_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path: None)
    with pytest.raises(Failure, match="apt-get install e2fsprogs"):
        volumes.run_tool("mke2fs")
    with pytest.raises(Failure, match="apt-get install mtools"):
        volumes.run_tool("mcopy")


def test_a_tool_that_refuses_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"mcopy could not make the demo carrier: .*nowhere"):
        volumes.run_tool("mcopy", "-i", str(tmp_path / "nowhere"), "a", "::/")


def _read(image: Path) -> Found:
    with open_carrier(image) as carrier:
        return {(_content_digest(file), file.state): file.path for file in carrier.files()}


def _content_digest(file: CarrierFile) -> str:
    return _digest(b"".join(file.chunks()))


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
