"""The six people of the demo, all invented: what each wished, what is planted, and what must come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Planted:
    """How many pictures of one series lie on a carrier, and in what shape."""

    live: int = 0
    deleted: int = 0
    zipped: int = 0
    edited: int = 0

    @property
    def identical(self) -> int:
        """The files that a scan must find to be identical."""
        return self.live + self.deleted + self.zipped


@dataclass(frozen=True, slots=True)
class Promise:
    """What the story promises for one person; the demo fails when the register says otherwise.

    `told` counts the findings told, `mails` the neutral e-mails received, `rule` is the rule at work.
    """

    told: int
    mails: int
    rule: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One invented adult: the series of their pictures, the wish, what is planted where, the promise.

    `wanted` is None for someone who was never asked; `rhythm` and `detail` are words of
    `luwte.desk.wishes.rules`. `disk` and `stick` say what the carriers of the
    first and the second case hold. `withdraws` stops the wish between planning and hand-over.
    """

    name: str
    address: str
    series: str
    wish: str
    wanted: bool | None
    born: date = date(1990, 6, 15)
    rhythm: str = "each"
    detail: str = "everything"
    enrolled: int = 8
    disk: Planted = field(default_factory=Planted)
    stick: Planted = field(default_factory=Planted)
    withdraws: bool = False
    promise: Promise = field(default_factory=lambda: Promise(0, 0, ""))

    @property
    def cases(self) -> int:
        """In how many cases something of this person's series is planted."""
        return (self.disk != Planted()) + (self.stick != Planted())


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        "Fenna Voorbeeld", "fenna@demo.example", "demo-heron",
        wish="each finding, by neutral e-mail, everything",
        born=date(1991, 4, 3),
        wanted=True,
        disk=Planted(live=4, deleted=2, zipped=1, edited=3),
        promise=Promise(1, 1, "T1"),
    ),
    DemoPerson(
        "Bram Verzonnen", "bram@demo.example", "demo-otter",
        wish="at most weekly, a coarse summary",
        born=date(1988, 11, 21),
        wanted=True, rhythm="weekly", detail="bands",
        disk=Planted(live=3, edited=1),
        stick=Planted(live=2, deleted=1),
        promise=Promise(2, 1, "T2"),
    ),
    DemoPerson(
        "Noor Bedacht", "noor@demo.example", "demo-swift",
        wish="silence",
        born=date(1999, 2, 9),
        wanted=False,
        disk=Planted(live=5, zipped=1),
        promise=Promise(0, 0, "T1"),
    ),
    DemoPerson(
        "Sjoerd Fictief", "sjoerd@demo.example", "demo-badger",
        wish="was never asked",
        born=date(1984, 7, 30),
        wanted=None,
        disk=Planted(live=1, deleted=1),
        stick=Planted(live=2),
        promise=Promise(0, 0, "T9"),
    ),
    DemoPerson(
        "Lotte Proef", "lotte@demo.example", "demo-plover",
        wish="each finding, by neutral e-mail, everything",
        born=date(2001, 1, 17),
        wanted=True,
        disk=Planted(edited=4),
        promise=Promise(0, 0, "T12"),
    ),
    DemoPerson(
        "Daan Bedenksel", "daan@demo.example", "demo-lynx",
        wish="each finding, then withdrawn while the mail stood ready",
        born=date(1995, 10, 5),
        wanted=True, detail="something",
        stick=Planted(live=3, edited=1),
        withdraws=True,
        promise=Promise(0, 0, "T1"),
    ),
)  # fmt: skip
