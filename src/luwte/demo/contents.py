"""What lies on the demo's carriers: planted pictures among others, a zip, other files, broken ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from luwte.demo.dice import Dice
from luwte.demo.edits import FOUND_BY_PDQ, as_jpeg, as_png
from luwte.demo.people import PEOPLE, Planted
from luwte.demo.pictures import draw

Volume = Literal["ext4", "fat"]
Role = Literal["unrelated", "identical", "edited", "other", "broken", "zip"]

SIZES = ((640, 480), (480, 640), (800, 600), (720, 540))
DISK_FILES, STICK_FILES = 280, 49
"""How many files `disk` and `stick` give, for showing progress."""
ODD_NAMES = (
    "-rf.jpg",
    "café ☕ aan zee.jpg",
    "写真 2.jpg",
    "een naam met\nregeleinde.jpg",
    "..jpg",
    "aanhaling \" en ' samen.jpg",
    "100% $HOME `id`.jpg",
    "l" + "a" * 200 + "ng.jpg",
    "caf\udce9 zonder utf8.jpg",
)
"""File names that careless code trips over; the last is not UTF-8 (as `os.fsdecode` shows it)."""


@dataclass(frozen=True, slots=True)
class PlantedFile:
    """One file of a carrier; `path` is relative to its volume, `series` is set where it was enrolled."""

    volume: Volume
    path: str
    content: bytes
    role: Role
    series: str | None = None
    deleted: bool = False


class Album:
    """The pictures of one demo: numbered drawings of one seed, the same every time."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._next = 0

    def picture(self, number: int) -> bytes:
        """Return drawing `number` as a JPEG file."""
        width, height = SIZES[number % len(SIZES)]
        return as_jpeg(draw(self._seed(number), width, height), 80 + number % 13)

    def edited(self, number: int, edit: str) -> bytes:
        """Return drawing `number` as a JPEG file after the edit that `edits.EDITS` names so."""
        width, height = SIZES[number % len(SIZES)]
        return as_jpeg(FOUND_BY_PDQ[edit](draw(self._seed(number), width, height)), 75)

    def unrelated(self) -> bytes:
        """Return a drawing that was not given out before and belongs to no series."""
        self._next += 1
        return self.picture(100_000 + self._next)

    def enrolled(self, series: str) -> list[bytes]:
        """Return the pictures of the person with `series`, as they were when they were enrolled."""
        count = next(person.enrolled for person in PEOPLE if person.series == series)
        return [self.picture(number_of(series, index)) for index in range(count)]

    def _seed(self, number: int) -> int:
        return self.seed * 1_000_000 + number


def number_of(series: str, index: int) -> int:
    """Return the number of the drawing that is picture `index` of `series`."""
    place = next(place for place, person in enumerate(PEOPLE) if person.series == series)
    return 1_000 * (place + 1) + index


def disk(album: Album, unrelated: int = 230) -> Iterator[PlantedFile]:
    """Give the files of the first case's disk: an ext4 volume and a FAT volume with deleted files."""
    zipped: list[tuple[str, bytes]] = []
    for person in PEOPLE:
        yield from _of_series(album, person.series, person.disk, "ext4", zipped)
    for index in range(unrelated):
        volume: Volume = "fat" if index % 6 == 0 else "ext4"
        deleted = volume == "fat" and index % 4 == 0
        path = f"DCIM/{index // 60 + 100}/IMG_{index:04d}.JPG"
        yield PlantedFile(volume, path, album.unrelated(), "unrelated", deleted=deleted)
    for name in ODD_NAMES:
        yield PlantedFile("ext4", f"Rare namen/{name}", album.unrelated(), "unrelated")
    zipped += [(f"archief/{index}.jpg", album.unrelated()) for index in range(9)]
    yield PlantedFile("ext4", "Documenten/archief.zip", packed(zipped), "zip")
    yield from _others(Dice(album.seed, 1))
    yield from _broken(album)


def stick(album: Album, unrelated: int = 40) -> Iterator[PlantedFile]:
    """Give the files of the second case's USB stick: one FAT volume."""
    for person in PEOPLE:
        yield from _of_series(album, person.series, person.stick, "fat", [], first=person.disk.identical)
    for index in range(unrelated):
        yield PlantedFile(
            "fat", f"FOTO/P{index:05d}.JPG", album.unrelated(), "unrelated", deleted=index % 5 == 0
        )


def packed(members: list[tuple[str, bytes]]) -> bytes:
    """Return a zip file of `members` (name, content), the same bytes every time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members:
            member = zipfile.ZipInfo(name, date_time=(2024, 3, 1, 10, 0, 0))
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _of_series(
    album: Album,
    series: str,
    planted: Planted,
    volume: Volume,
    zipped: list[tuple[str, bytes]],
    first: int = 0,
) -> Iterator[PlantedFile]:
    """The files of one series: deleted ones always on FAT, zipped ones go to `zipped`."""
    numbers = iter(range(number_of(series, first), number_of(series, first) + planted.identical))
    place = number_of(series, 0) // 1_000
    for index in range(planted.live):
        path = f"Map {place}/{'kopie ' * index}foto.jpg"
        yield PlantedFile(volume, path, album.picture(next(numbers)), "identical", series)
    for index in range(planted.deleted):
        path = f"WEG/D{place}{index}.JPG"
        yield PlantedFile("fat", path, album.picture(next(numbers)), "identical", series, deleted=True)
    zipped += [
        (f"archief/s{place}{index}.jpg", album.picture(next(numbers))) for index in range(planted.zipped)
    ]
    names = sorted(FOUND_BY_PDQ)
    for index in range(planted.edited):
        edit = names[(place + index) % len(names)]
        content = album.edited(number_of(series, index), edit)
        yield PlantedFile(volume, f"Ontvangen/{place}{index}.jpg", content, "edited", series)


def _others(dice: Dice) -> Iterator[PlantedFile]:
    def noise(size: int) -> bytes:
        return dice.raw(size // 8).tobytes()

    contents = {
        "Documenten/boodschappen.txt": b"brood\nkaas\nappels\n" * 20,
        "Documenten/rapport.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + noise(20_000) + b"\n%%EOF\n",
        "Documenten/tabel.csv": b"naam;aantal\n" + b"tegels;12\n" * 300,
        "Documenten/leeg.txt": b"",
        "Systeem/register.bin": noise(120_000),
        "Systeem/nullen.bin": bytes(90_000),
        "Muziek/lied.mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00" + noise(40_000),
        "Film/kort.mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + noise(60_000),
    }
    for path, content in contents.items():
        yield PlantedFile("ext4", path, content, "other")
    yield PlantedFile("fat", "LEESMIJ.TXT", b"Alles hier is getekend.\r\n", "other")


def _broken(album: Album) -> Iterator[PlantedFile]:
    whole = album.unrelated()
    picture = as_png(draw(album.seed * 1_000_000 + 900_000, 320, 240))
    contents = {
        "Kapot/half.jpg": whole[: len(whole) // 2],
        "Kapot/kop.jpg": whole[:180],
        "Kapot/leeg.jpg": b"",
        "Kapot/half.png": picture[: len(picture) // 3],
        "Kapot/reus.png": picture[:16] + (60_000).to_bytes(4, "big") * 2 + picture[24:],
        "Kapot/niets.gif": b"GIF89a" + bytes(40),
        "Kapot/tekst.jpg": b"dit is geen plaatje\n",
    }
    for path, content in contents.items():
        yield PlantedFile("ext4", path, content, "broken")
