"""The demo from one end to the other, with the real commands: carriers are read, people told or not."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from luwte.base.errors import BadInput, Failure
from luwte.demo import lists
from luwte.demo.carrier import DemoCarrier, make_disk, make_stick
from luwte.demo.closing import Counts, closing_table, differences, rows
from luwte.demo.contents import DISK_FILES, STICK_FILES, Album
from luwte.demo.folder import fresh_folder
from luwte.demo.houses import House
from luwte.demo.mailbox import HOST, Mailbox, open_mailbox
from luwte.demo.narrator import Narrator
from luwte.demo.people import PEOPLE

CASES = {"disk": "DEMO-2026-001", "stick": "DEMO-2026-002"}


@dataclass(slots=True)
class Demo:
    """One run: its `folder`, its pictures, its two houses and its mailbox."""

    folder: Path
    album: Album
    narrator: Narrator
    lab: House
    desk: House
    mailbox: Mailbox
    people: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """Do the main job from carrier to person. Raises `Failure` when it ends other than the story."""
        self.trust()
        reference = self.known_pictures()
        carriers = self.carriers()
        reports = [self.scan(carrier, reference) for carrier in carriers]
        self.register(reports)
        self.tell()
        self.close(reports)

    def trust(self) -> None:
        """Let the two houses exchange their public keys."""
        self.narrator.chapter("Two houses that trust each other's signatures")
        for one, other in ((self.lab, self.desk), (self.desk, self.lab)):
            document = self.folder / "lists" / f"{one.name}.json"
            document.write_text(one.luwte("keys", "show", quiet=True))
            other.luwte("keys", "trust", str(document))

    def known_pictures(self) -> Path:
        """Make the reference bundle at the desk: a list from elsewhere, and enrolled pictures."""
        self.narrator.chapter("Known pictures become fingerprints; the pictures themselves are not kept")
        listed = lists.write_pictures(self.folder / "lists", self.album, lists.LISTED)
        enrolled = lists.write_pictures(self.folder / "enrolled", self.album, lists.ENROLLED)
        fingerprints = self.desk.luwte("fingerprint", *(str(path) for path, _ in listed), quiet=True)
        hashes, manifest = self.folder / "lists" / "elsewhere.csv", self.folder / "enrolled" / "manifest.csv"
        count = lists.write_list(hashes, fingerprints, listed, self.album.seed)
        self.narrator.say(f"A list from elsewhere: {count} hashes, most of them of strangers")
        lists.write_manifest(manifest, enrolled)
        reference = self.folder / "lists" / "known.lwref"
        self.desk.luwte("reference", "build", "--from", str(hashes), "--out", str(reference), quiet=True)
        self.desk.luwte("enrol", "--manifest", str(manifest), "--to", str(reference), quiet=True)
        self.lab.luwte("reference", "show", str(reference))
        return reference

    def carriers(self) -> list[DemoCarrier]:
        """Make the seized carriers."""
        self.narrator.chapter("Two seized carriers: a disk (E01; ext4 and FAT) and a USB stick (raw; FAT)")
        place = self.folder / "carriers"
        with self.narrator.progress("Files drawn for the disk", DISK_FILES) as step:
            disk = make_disk(place, self.album, step)
        with self.narrator.progress("Files drawn for the stick", STICK_FILES) as step:
            stick = make_stick(place, self.album, step)
        return [disk, stick]

    def scan(self, carrier: DemoCarrier, reference: Path) -> Path:
        """Read `carrier` out in the lab and return the folder with its report."""
        name = carrier.raw.stem
        self.narrator.chapter(f"The lab reads out the {name} of case {CASES[name]}")
        out = self.folder / "scans" / name
        self.lab.watched(
            "scan",
            str(carrier.image),
            "--reference",
            str(reference),
            "--out",
            str(out),
            "--case",
            CASES[name],
        )
        self.lab.luwte("report", "show", str(out / "report.lwreport"))
        return out

    def register(self, reports: list[Path]) -> None:
        """Add the people and take the reports in, the first one twice."""
        self.narrator.chapter("The desk registers every finding, whether or not anyone is told")
        self.desk.luwte("desk", "init")
        self.people = self.desk.act("add-people")
        for person in PEOPLE:
            self.narrator.say(f"{person.name}: {person.wish}")
        for out in reports:
            self.desk.luwte("desk", "intake", str(out / "report.lwreport"))
        before = self.desk.act("read-back")
        self.desk.luwte("desk", "intake", str(reports[0] / "report.lwreport"))
        self.promised(before == self.desk.act("read-back"), "The same report again changed nothing")

    def tell(self) -> None:
        """Plan, let one person withdraw, hand over, and try to tell a second time."""
        self.narrator.chapter("Telling, only as chosen")
        ready = self.desk.act("plan")
        self.narrator.say(f"Planned: {ready} contacts stand ready for hand-over")
        for person in PEOPLE:
            if person.withdraws:
                self.desk.act("withdraw", person=self.people[person.name])
                self.narrator.say(f"{person.name} withdraws now, before anything was handed over")
        self.desk.luwte("desk", "tell")
        sent = len(self.mailbox.mails)
        self.desk.luwte("desk", "tell")
        self.promised(len(self.mailbox.mails) == sent, "Telling a second time sent nothing")
        self.promised(self.mailbox.looks_the_same(), "All mails look the same from outside")

    def close(self, reports: list[Path]) -> None:
        """Show the closing table and the received mails; raise `Failure` where the story was not kept."""
        found = rows(self.desk.act("read-back"), [self.counts(out) for out in reports], self.mailbox)
        self.narrator.table(closing_table(found))
        self.narrator.chapter(
            f"The mail that came in at the demo's own mail server: {len(self.mailbox.mails)}"
        )
        for mail in self.mailbox.mails:
            self.narrator.say(f"from {mail.sender} to {mail.recipient}: {mail.subject}")
        if self.mailbox.mails:
            self.narrator.output(self.mailbox.mails[0].body)
        broken = differences(found)
        for sentence in broken:
            self.narrator.say(sentence, style="red")
        if broken:
            raise Failure(f"The demo did not end as its story promises: {broken[0]}")

    def counts(self, out: Path) -> Counts:
        """Return files per verdict for each series, as the report in `out` says."""
        report = json.loads(
            self.lab.luwte("report", "show", str(out / "report.lwreport"), "--json", quiet=True)
        )
        return {finding["series"]: finding["counts"] for finding in report["findings"]}

    def promised(self, kept: bool, sentence: str) -> None:
        """Say `sentence` when it was kept. Raises `Failure` when it was not."""
        if not kept:
            raise Failure(f"The demo did not end as its story promises. Not so: {sentence}.")
        self.narrator.say(f"{sentence}.", style="green")


def run_demo(folder: Path, seed: int, port: int, *, serve: bool) -> int:
    """Run the demo in `folder`, then serve the desk on `port` if `serve`; return the exit code.

    Raises `BadInput` for a folder or a port that cannot be used, `Failure` when something goes wrong.
    """
    if serve:
        check_port(port)
    began, narrator, place = time.monotonic(), Narrator(), fresh_folder(folder)
    with open_mailbox() as mailbox:
        settings = {"LUWTE_SMTP_HOST": HOST, "LUWTE_SMTP_PORT": str(mailbox.port)}
        settings["LUWTE_PORTAL_URL"] = f"http://{HOST}:{port}/"
        lab, desk = House("lab", place / "lab", narrator), House("desk", place / "desk", narrator, settings)
        demo = Demo(place, Album(seed), narrator, lab, desk, mailbox)
        demo.run()
        narrator.say(f"All as the story promises. {time.monotonic() - began:.0f} seconds, in {place}")
        return invite(demo, port) if serve else 0


def invite(demo: Demo, port: int) -> int:
    """Show how to sign in, serve the desk on `port` until it is ended, and return its exit code."""
    check_port(port)
    demo.narrator.chapter(f"The desk on http://{HOST}:{port}/ (Ctrl-C ends it)")
    return demo.desk.serve("desk", "serve", "--port", str(port))


def check_port(port: int) -> None:
    """Raise `BadInput` when `port` on the loopback address is in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise BadInput(
                f"Port {port} on {HOST} is in use. End what uses it, choose another with --port, "
                "or use --exit, which serves nothing."
            ) from None
