"""The benign photos and the public test carriers of the trial folder, when it is beside the checkout."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from luwte.demo.ewf_writer import write_e01
from luwte.lab.carriers import CarrierFile, open_carrier
from tests.support import images
from tests.support.tools import run

pytestmark = pytest.mark.trial


def summary(path: Path) -> list[tuple[str, str, int]]:
    """Return state, path and size of every file that can be read."""
    with open_carrier(path) as carrier:
        return sorted((file.state, file.path, _length(file)) for file in carrier.files())


def _length(file: CarrierFile) -> int:
    return sum(map(len, file.chunks()))


@pytest.mark.parametrize("name", ["ext2.E01", "ext2.split.E01", "ext2.splitraw.000"])
def test_the_same_file_system_in_three_forms(trials: Path, name: str) -> None:
    found = images.read_all(trials / "carriers" / name)
    assert len(found) == 3
    assert found == images.read_all(trials / "carriers" / "ext2.E01")
    with open_carrier(trials / "carriers" / name) as carrier:
        assert carrier.file_systems == ["ext2"]
        assert carrier.verify(lambda _: None) in (True, None)
        assert carrier.problems == []


def test_the_others(trials: Path) -> None:
    assert len(summary(trials / "carriers" / "iso9660.raw")) == 3
    with open_carrier(trials / "carriers" / "hfsplus.raw") as carrier:
        assert carrier.file_systems == ["HFS+"]
        states = [file.state for file in carrier.files()]
    assert (states.count("live"), states.count("stream")) == (12, 1)


@pytest.mark.parametrize("name", ["ext2.qcow2", "ext2.vmdk", "ext2.vhd"])
def test_a_virtual_disk_holds_what_the_raw_image_does(trials: Path, name: str) -> None:
    assert summary(trials / "carriers" / name) == summary(trials / "carriers" / "ext2.E01")


def unpacked(trials: Path, archive: str, name: str, folder: Path) -> Path:
    """Return the image `name` of a zip of the trial folder, unpacked into `folder`."""
    with zipfile.ZipFile(trials / "carriers" / archive) as file:
        return Path(file.extract(name, folder))


def test_undeleted_files_on_fat(trials: Path, tmp_path: Path) -> None:
    path = unpacked(trials, "6-undel-fat.zip", "6-undel-fat/6-fat-undel.dd", tmp_path)
    found = {(Path(name).name, size) for state, name, size in summary(path) if state == "deleted"}
    sizes = {"_rag1.dat": 1584, "_rag2.dat": 3873, "_ing.dat": 780, "_ult1.dat": 3801}
    assert found >= {*sizes.items(), ("frag3.dat", 2027), ("mult2.dat", 1715)}


def test_undeleted_files_on_ntfs(trials: Path, tmp_path: Path) -> None:
    path = unpacked(trials, "7-undel-ntfs.zip", "7-undel-ntfs/7-ntfs-undel.dd", tmp_path)
    found = {(name, size) for state, name, size in summary(path) if state == "deleted"}
    top = {
        ("res1.dat", 101),
        ("frag1.dat", 1584),
        ("frag2.dat", 3873),
        ("sing1.dat", 780),
        ("mult1.dat", 3801),
    }
    below = {("dir1/dir2/frag3.dat", 2027), ("dir1/mult2.dat", 1715), ("mult1.dat:ADS", 1234)}
    assert found == top | below | {("$OrphanFiles/sing2.dat", 1005)}


def test_disks_with_the_marks_of_two_file_systems(trials: Path, tmp_path: Path) -> None:
    path = unpacked(trials, "10b-ntfs-autodetect.zip", "10-ntfs-autodetect/10-ntfs-disk.dd", tmp_path)
    names = [name for _, name, _ in summary(path)]
    assert {"p1 (NTFS)/NTFS.TXT", "p2 (NTFS)/NTFS.TXT"} <= set(names)


def photos(trials: Path, count: int) -> dict[str, bytes]:
    """Return the first photos by name."""
    paths = sorted((trials / "photos").glob("*.jpg"))[:count]
    return {path.name: path.read_bytes() for path in paths}


def test_all_photos_on_ext4(trials: Path, tmp_path: Path) -> None:
    tree = {f"DCIM/{name}": content for name, content in photos(trials, 1200).items()}
    raw = images.ext(tmp_path / "disk.raw", tree, size=64 * images.MIB)
    assert images.read_all(raw) == images.expected(tree)
    segments = write_e01(raw, tmp_path / "disk.E01", segment_size=10 * images.MIB)
    assert images.read_all(segments[0]) == images.expected(tree)
    run("ewfacquire", "-u", "-q", "-c", "deflate:fast", "-S", "10MiB", "-t", tmp_path / "other", raw)
    assert images.read_all(tmp_path / "other.E01") == images.expected(tree)


def test_photos_on_ntfs_live_and_deleted(trials: Path, tmp_path: Path) -> None:
    tree = photos(trials, 150)
    gone = sorted(tree)[::10]
    raw = images.ntfs(tmp_path / "disk.raw", tree, size=16 * images.MIB)
    for name in gone:
        images.ntfs_delete(raw, name)
    wanted = images.expected({name: content for name, content in tree.items() if name not in gone})
    wanted |= images.expected({name: tree[name] for name in gone}, "deleted")
    assert images.read_all(raw) == wanted
    assert images.read_all(write_e01(raw, tmp_path / "disk.E01")[0]) == wanted


def test_photos_on_fat_live_and_deleted(trials: Path, tmp_path: Path) -> None:
    tree = photos(trials, 300)
    gone = sorted(tree)[::10]
    raw = images.fat(tmp_path / "card.raw", tree, 32)
    for name in gone:
        images.fat_delete(raw, name)
    found = images.read_all(write_e01(raw, tmp_path / "card.E01")[0])
    digests = {
        state: {value for key, value in found.items() if key[0] == state} for state in ("live", "deleted")
    }
    assert digests["live"] == set(images.expected({n: c for n, c in tree.items() if n not in gone}).values())
    assert digests["deleted"] >= set(images.expected({name: tree[name] for name in gone}).values())
