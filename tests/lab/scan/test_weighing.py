from __future__ import annotations

from pathlib import Path

from luwte.lab.recognition.likelihood import Evidence
from luwte.lab.recognition.model import default_model
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.units import NamedMatch
from luwte.lab.scan.weighing import weigh
from tests.support.ledgers import ledger, row

CLOSE, FAR = NamedMatch("e" * 32, "one", "near", 2), NamedMatch("f" * 32, "two", "near", 31)
SAME = NamedMatch("e" * 32, "one", "identical", None)
LICENSED = NamedMatch("d" * 32, "three", "near", None)
FILM = Seen("a.mp4", "live", 9, "video", sha256=bytes(32), pdq=bytes(32), pdq_quality=90)
SEEN = Seen("a.jpg", "live", 9, "picture", sha256=bytes(32), pdq=bytes(32), pdq_quality=90)


def weighed(folder: Path, entries: int, *films: NamedMatch) -> list[int | None]:
    folder.mkdir()
    found = [(SEEN, match) for match in (CLOSE, SAME, FAR, LICENSED)] + [(FILM, match) for match in films]
    rows = [row(number, seen, (match,)) for number, (seen, match) in enumerate(found)]
    with ledger(folder, rows) as made:
        weigh(made, default_model(), entries, {CLOSE.entry})
        with made.reading() as database:
            return [found for (found,) in database.execute("SELECT likelihood FROM match ORDER BY root")]


def test_what_is_near_is_as_likely_as_its_distance_says(tmp_path: Path) -> None:
    close, same, far, licensed = weighed(tmp_path / "list", 100)
    assert (same, licensed) == (None, None)
    assert close == int(1000 * default_model().likelihood(Evidence(2), 100))
    assert far == int(1000 * default_model().likelihood(Evidence(31), 100))


def test_a_film_that_is_near_a_video_of_the_list_is_judged_by_no_distance(tmp_path: Path) -> None:
    *_, close, far = weighed(tmp_path / "list", 100, CLOSE, FAR)
    assert close is None
    assert far is not None, "near a picture it is by one frame, as a picture is"


def test_in_a_longer_list_chance_finds_more(tmp_path: Path) -> None:
    few = weighed(tmp_path / "short", 10)[2]
    many = weighed(tmp_path / "long", 100_000_000)[2]
    assert few is not None
    assert many is not None
    assert many < few
    assert weighed(tmp_path / "longest", 10**15)[2] == 1, "0 is what nothing judged"
