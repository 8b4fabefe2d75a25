"""A lab and a desk of their own, as processes, for a story from carrier to person; everyone is invented."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from luwte.demo.acts import READERS
from luwte.demo.contents import Album, PlantedFile
from luwte.demo.houses import House
from luwte.demo.mailbox import HOST, Mailbox, open_mailbox
from luwte.demo.narrator import Narrator
from luwte.demo.volumes import make_fat

BUNDLE = "known.lwref"
SECONDS_TO_START = 60
_LUWTE = (sys.executable, "-c", "from luwte.cli import main; main()")


@dataclass(slots=True)
class World:
    """The two houses, the mail server, and the address of the desk's pages."""

    folder: Path
    lab: House
    desk: House
    mailbox: Mailbox
    url: str
    album: Album = field(default_factory=lambda: Album(11))
    _pictures: dict[str, list[bytes]] = field(default_factory=dict)

    def enrol(self, name: str, series: str) -> str:
        """Add a person after a conversation, with three drawn pictures; return the id."""
        self._pictures[series] = [self.album.unrelated() for _ in range(3)]
        paths = [f"{series}-{place}.jpg" for place in range(3)]
        for path, content in zip(paths, self._pictures[series], strict=True):
            (self.folder / path).write_bytes(content)
        self.desk.luwte("enrol", *paths, "--series", series, "--to", BUNDLE)
        born, mail = "1990-05-01", f"{series}@post.example"
        added = self.desk.luwte("desk", "person", "add", name, "--email", mail, "--born", born)
        person = added.split()[-1]
        self.desk.luwte("desk", "link", person, series)
        told = "desk wish set --rhythm each --detail something --by Wim --conversation c1 --assessment a1"
        self.desk.luwte(*shlex.split(told), person)
        return person

    def find(self, series: str, case: str) -> None:
        """Seize a carrier with one picture of `series` among others, read it out, and take the report in."""
        known = self._pictures[series].pop()
        files = [("KNOWN.JPG", known), *((f"P{place}.JPG", self.album.unrelated()) for place in range(3))]
        planted = [PlantedFile("fat", f"FOTO/{name}", content, "other") for name, content in files]
        scratch = self.folder / f"{case}-files"
        scratch.mkdir()
        make_fat(self.folder / f"{case}.raw", planted, scratch)
        self.lab.luwte("scan", f"{case}.raw", "--reference", BUNDLE, "--out", case, "--case", case)
        self.desk.luwte("desk", "intake", f"{case}/report.lwreport")

    def tell(self) -> None:
        """Run a round of telling."""
        self.desk.luwte("desk", "tell")


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Give two houses that trust each other, signed texts, a mail server, and the desk's pages served."""
    with open_mailbox() as mailbox:
        url = f"http://{HOST}:{_free_port()}"
        settings = {
            "LUWTE_SMTP_HOST": HOST, "LUWTE_SMTP_PORT": str(mailbox.port), "LUWTE_PORTAL_URL": f"{url}/",
            "DJANGO_SETTINGS_MODULE": "luwte.desk.project.settings",
        }  # fmt: skip
        lab, desk = House("lab", folder, Narrator()), House("desk", folder, Narrator(), settings)
        for one, other in ((lab, desk), (desk, lab)):
            (folder / f"{one.name}.json").write_text(one.luwte("keys", "show"))
            other.luwte("keys", "trust", f"{one.name}.json")
        desk.luwte("desk", "init")
        assert desk.act("sign-texts") == [name for name, _ in READERS]
        with _served(folder, url, settings):
            yield World(folder, lab, desk, mailbox, url)


@contextmanager
def _served(folder: Path, url: str, settings: Mapping[str, str]) -> Iterator[None]:
    """Serve the pages of the desk until the block ends."""
    environment = os.environ | settings | {"LUWTE_HOME": str(folder / "desk")}
    command = [*_LUWTE, "desk", "serve", "--port", url.rpartition(":")[2]]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert url in process.stdout.readline()
            yield
        finally:
            process.terminate()
            process.wait(SECONDS_TO_START)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
