"""Encrypted volumes: named without a key, and read like any other with one."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from luwte.base.errors import BadInput
from luwte.lab.carriers import Unreadable, bitlocker, locks, open_carrier
from luwte.lab.carriers.bitlocker import BitLocker
from luwte.lab.carriers.errors import CarrierIsEncrypted
from luwte.lab.carriers.luks2 import Luks2
from luwte.lab.carriers.sectors import NotRead
from luwte.lab.carriers.segments import Segments
from tests.support import images
from tests.support import locks as made
from tests.support.drawn import jpeg
from tests.support.locks import ARGON, PASSWORD, RECOVERY, SECTOR

TREE = {"one.jpg": jpeg(0), "letter.txt": b"dear all" * 200}
MAKERS: dict[str, tuple[Callable[[Path, Path], Path], str]] = {
    "luks": (made.luks, "LUKS"),
    "luks-qemu": (made.luks_by_qemu, "LUKS"),
    "luks2": (lambda path, plain: made.luks(path, plain, version=2), "LUKS 2"),
    "luks2-argon": (lambda path, plain: made.luks(path, plain, version=2, kdf=ARGON, sector=4096), "LUKS 2"),
    "bitlocker-xts": (made.bitlocker, "BitLocker"),
    "bitlocker-cbc": (lambda path, plain: made.bitlocker(path, plain, xts=False), "BitLocker"),
    "to-go": (lambda path, plain: made.bitlocker(path, plain, to_go=True), "BitLocker"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("locks")


@pytest.fixture(scope="module")
def plain(folder: Path) -> Path:
    return images.ntfs(folder / "plain.raw", TREE)


@pytest.fixture(scope="module")
def volume(folder: Path, plain: Path) -> Callable[[str], Path]:
    def of(kind: str) -> Path:
        path = folder / kind
        return path if path.exists() else MAKERS[kind][0](path, plain)

    return of


@pytest.mark.parametrize("kind", MAKERS)
def test_a_volume_is_named_without_a_key_and_read_with_one(
    kind: str, volume: Callable[[str], Path], plain: Path
) -> None:
    path, name = volume(kind), MAKERS[kind][1]
    with pytest.raises(CarrierIsEncrypted, match=rf"is encrypted \({name}\)\. Give its key"):
        open_carrier(path)
    assert images.read_all(path, [PASSWORD]) == images.expected(TREE)
    with open_carrier(path, [PASSWORD]) as carrier:
        assert (carrier.file_systems, carrier.problems) == ([f"NTFS in {name}"], [])


@pytest.mark.parametrize(("xts", "to_go", "key"), [(True, True, PASSWORD), (False, False, RECOVERY)])
@pytest.mark.parametrize("make", [images.fat, images.exfat])
def test_bitlocker_is_read_whatever_file_system_is_in_it(
    make: Callable[[Path, images.Tree], Path], xts: bool, to_go: bool, key: str, tmp_path: Path
) -> None:
    plain = make(tmp_path / "plain", TREE)
    path = made.bitlocker(tmp_path / "disk", plain, xts=xts, to_go=to_go)
    with pytest.raises(CarrierIsEncrypted, match="the given key does not open it"):
        open_carrier(path, ["other"])
    found = images.read_all(path, [key])
    assert images.expected(TREE).items() <= found.items()
    assert found == images.read_all(plain)


def test_both_readers_of_bitlocker_give_the_same(volume: Callable[[str], Path]) -> None:
    """What ours reads of a volume with NTFS is what libbde reads of it."""
    import pybde

    for kind in ("bitlocker-xts", "bitlocker-cbc", "to-go"):
        image, theirs = Segments([volume(kind)]), pybde.volume()
        theirs.set_password(PASSWORD)
        with volume(kind).open("rb") as file:
            theirs.open_file_object(file)
            whole = theirs.read_buffer_at_offset(theirs.get_size(), 0)
        ours = BitLocker(image.read, image.size, PASSWORD)
        assert ours.read_buffer_at_offset(ours.get_size(), 0) == whole
        image.close()


@pytest.mark.parametrize("recovery", [RECOVERY, RECOVERY.replace("-", "")])
def test_a_recovery_password_opens_bitlocker(recovery: str, volume: Callable[[str], Path]) -> None:
    assert images.read_all(volume("bitlocker-xts"), [recovery]) == images.expected(TREE)


@pytest.mark.parametrize("kind", ["luks", "luks-qemu", "luks2", "bitlocker-xts"])
def test_the_plain_bytes_are_those_that_were_encrypted(
    kind: str, volume: Callable[[str], Path], plain: Path
) -> None:
    image, content = Segments([volume(kind)]), plain.read_bytes()
    (opened,) = locks.plain_volumes(MAKERS[kind][1], image.read, image.size, locks.Keys([PASSWORD]))
    assert not isinstance(opened, locks.StaysLocked)
    content = content[: len(content) - (1 << 20) * kind.startswith("bitlocker")]
    assert opened.read(0, len(content)) == content
    assert opened.read(70_001, 1234) == content[70_001 : 70_001 + 1234]
    assert len(opened.read(opened.size - 3, 100)) == 3
    assert opened.read(opened.size + 1, 1) == b""
    image.close()


@pytest.mark.parametrize("kind", ["luks", "luks2", "bitlocker-xts"])
def test_a_volume_that_no_key_opens_stays_encrypted(kind: str, volume: Callable[[str], Path]) -> None:
    name = MAKERS[kind][1]
    with pytest.raises(CarrierIsEncrypted) as caught:
        open_carrier(volume(kind), ["hunter2", f"{PASSWORD} "])
    assert f"is encrypted ({name}: no given key of 2 opens it). Give its key" in str(caught.value)
    assert not re.search("hunter2|staple", str(caught.value))


def test_volumes_among_others_stand_under_their_label_and_are_searched(tmp_path: Path) -> None:
    plain = images.ext(tmp_path / "plain.raw", {"a.txt": b"a"})
    with plain.open("r+b") as file:
        file.seek(12 << 20)
        file.write(jpeg(3))
    disk = images.mbr(tmp_path / "disk.raw", [plain, made.luks(tmp_path / "two", plain)])
    with open_carrier(disk, ["other", PASSWORD]) as carrier:
        searched: list[int] = []
        carrier.carve(searched.append)
        found = {file.path: images.sha256_of(file) for file in carrier.files()}
        assert carrier.file_systems == ["ext4", "ext4 in LUKS"]
        assert carrier.problems == []
    picture = hashlib.sha256(jpeg(3)).hexdigest()
    places = ["p1/$Unallocated/13631488.jpg", "p2/$Unallocated/12582912.jpg"]
    assert {path for path, digest in found.items() if digest == picture} == set(places)
    assert set(found) == {"p1/a.txt", "p2/a.txt", *places}
    with open_carrier(disk, ["other"]) as carrier:
        reasons = [problem.reason for problem in carrier.problems]
        assert [file.path for file in carrier.files()] == ["p1/a.txt"]
    assert reasons == ["a part of the carrier is encrypted (LUKS): the given key does not open it"]


def test_a_volume_in_a_volume_is_opened_three_deep(tmp_path: Path) -> None:
    path = images.ext(tmp_path / "0", TREE)
    for number in range(1, 4):
        path = made.luks(tmp_path / str(number), path)
    with open_carrier(path, [PASSWORD]) as carrier:
        assert carrier.file_systems == ["ext4 in LUKS in LUKS in LUKS"]
    with pytest.raises(CarrierIsEncrypted, match="it lies in 3 others"):
        open_carrier(made.luks(tmp_path / "4", path), [PASSWORD])


def test_what_is_in_an_opened_volume_and_is_not_known_is_said(tmp_path: Path) -> None:
    path = made.luks(tmp_path / "luks", images.blank(tmp_path / "plain", 4 << 20))
    with pytest.raises(BadInput, match="an encrypted volume holds no known file system"):
        open_carrier(path, [PASSWORD])


CORE_STORAGE = bytes(8) + b"\1\0\x10\0" + bytes(76) + b"CS\1\0\0\0" + bytes(1 << 20)


def test_core_storage_is_named_with_or_without_a_key(tmp_path: Path) -> None:
    (tmp_path / "disk").write_bytes(CORE_STORAGE)
    with pytest.raises(CarrierIsEncrypted, match=r"is encrypted \(Core Storage\)\. Give"):
        open_carrier(tmp_path / "disk")
    with pytest.raises(CarrierIsEncrypted, match=r"\(Core Storage: it is damaged, or of a kind"):
        open_carrier(tmp_path / "disk", ["key"])


@pytest.mark.parametrize("place", [164, 208 + 4])
def test_a_header_that_asks_for_endless_work_is_not_tried(
    place: int, volume: Callable[[str], Path], tmp_path: Path
) -> None:
    content = bytearray(volume("luks").read_bytes())
    struct.pack_into(">L", content, place, 0xFFFFFFFF)
    (tmp_path / "disk").write_bytes(content)
    with pytest.raises(CarrierIsEncrypted, match="LUKS: it is damaged, or of a kind that no key opens here"):
        open_carrier(tmp_path / "disk", [PASSWORD])


def test_keys_are_tried_for_a_while_only(
    volume: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "SECONDS", -1.0)
    with pytest.raises(CarrierIsEncrypted, match="no given key of 2 opens it in the time there is"):
        open_carrier(volume("luks"), [PASSWORD, "other"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"memory":64', b'"memory":99999999999'),
        (b'"time":4', b'"time":400000000'),
        (b'"cpus":', b'"cpus":99'),
        (b'"iterations":', b'"iterations":99999'),
        (b'"stripes":4000', b'"stripes":400000000'),
        (b'"sector_size":4096', b'"sector_size":7'),
        (b"aes-xts-plain64", b"serpent-xts-plain64"),
        (b'"type":"crypt"', b'"type":"other"'),
        (b'"offset":"16777216"', b'"offset":"-1"'),
        (b'"keyslots"', b'"keys"'),
    ],
)
def test_a_luks2_header_that_asks_for_too_much_opens_nothing(
    old: bytes, new: bytes, volume: Callable[[str], Path], tmp_path: Path
) -> None:
    path = tmp_path / "disk"
    path.write_bytes(changed(volume("luks2-argon").read_bytes(), old, new))
    with pytest.raises(CarrierIsEncrypted, match=r"\(LUKS 2: "):
        open_carrier(path, [PASSWORD])


def test_a_luks2_header_that_is_damaged_is_read_from_its_copy(
    volume: Callable[[str], Path], tmp_path: Path
) -> None:
    content = bytearray(volume("luks2").read_bytes())
    content[5000] ^= 1
    (tmp_path / "disk").write_bytes(content)
    assert images.read_all(tmp_path / "disk", [PASSWORD]) == images.expected(TREE)
    image = Segments([tmp_path / "disk"])
    assert not Luks2(image.read, image.size).unlock("other")
    image.close()


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return the LUKS 2 volume with `new` for `old` in both copies of its header, and right checksums."""
    found = bytearray(content)
    (size,) = struct.unpack_from(">Q", found, 8)
    for start in (0, size):
        area = bytes(found[start + 4096 : start + size]).split(b"\0", 1)[0]
        assert old in area
        found[start + 4096 : start + size] = area.replace(old, new).ljust(size - 4096, b"\0")
        found[start + 448 : start + 512] = bytes(64)
        digest = hashlib.sha256(found[start : start + size]).digest()
        found[start + 448 : start + 480] = digest
    return bytes(found)


def test_damaged_bitlocker_metadata_ends_in_one_error_or_in_bytes(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (made, bitlocker):
        monkeypatch.setattr(module, "_ROUNDS", 1)
    whole, random = made.bitlocker(tmp_path / "disk", plain).read_bytes(), Random(4)
    start, opened = whole.index(b"-FVE-FS-", SECTOR), 0
    for number in range(300):
        content = bytearray(whole)
        for _ in range(random.choice([1, 4])):
            place = random.choice(
                [random.randrange(SECTOR), start + random.randrange(112 + 40 * (number % 9))]
            )
            content[place] = random.randrange(256)
        try:
            ours = BitLocker(reading(bytes(content)), len(whole), PASSWORD)
            assert len(ours.read_buffer_at_offset(ours.get_size(), 0)) == ours.get_size()
            opened += 1
        except NotRead:
            continue
    assert 0 < opened < 300


@pytest.mark.parametrize("place", range(4))
def test_bitlocker_metadata_at_an_odd_place_is_refused(
    place: int, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (made, bitlocker):
        monkeypatch.setattr(module, "_ROUNDS", 1)
    content = bytearray(made.bitlocker(tmp_path / "disk", plain).read_bytes())
    assert BitLocker(reading(bytes(content)), len(content), PASSWORD).get_size() == len(content)
    content[content.index(b"-FVE-FS-", SECTOR) + 32 + 8 * place] = 100
    with pytest.raises(NotRead):
        BitLocker(reading(bytes(content)), len(content), PASSWORD)


def reading(content: bytes) -> Callable[[int, int], bytes]:
    """Return how to read `content`."""
    return lambda offset, size: content[offset : offset + size]


@pytest.mark.parametrize("kind", ["luks", "luks2", "bitlocker-xts"])
def test_damaged_volumes_end_in_one_sentence_or_unread_files(
    kind: str, volume: Callable[[str], Path], tmp_path: Path
) -> None:
    whole, random, path = volume(kind).read_bytes(), Random(kind), tmp_path / "disk"
    keys = [] if kind.startswith("bitlocker") else [PASSWORD]
    places = [7 << 20, len(whole)] if kind.startswith("bitlocker") else [0, 33_000]
    for _ in range(30):
        content = bytearray(whole)
        for _ in range(random.choice([1, 4, 50])):
            content[random.randrange(*places)] = random.randrange(256)
        path.write_bytes(content[: random.choice([len(whole), random.randrange(600, len(whole))])])
        try:
            with open_carrier(path, keys) as carrier:
                for file in carrier.files():
                    try:
                        b"".join(file.chunks())
                    except Unreadable:
                        continue
        except BadInput:
            continue
