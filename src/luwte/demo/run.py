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

STAFF = "zorg"
LIST, MANIFEST, REFERENCE = "lists/elsewhere.csv", "enrolled/manifest.csv", "lists/known.lwref"
RECEIPTS = "lists/known.receipts"
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
        self.known_pictures()
        reports = [self.scan(carrier) for carrier in self.carriers()]
        self.register(reports)
        self.tell()
        self.show_searched()
        self.close(reports)

    def trust(self) -> None:
        """Let the two houses exchange their public keys."""
        self.narrator.chapter("Two houses, a lab and a desk, trust each other's signatures")
        self.narrator.say(f"All commands run in {self.folder}, with LUWTE_HOME=lab or LUWTE_HOME=desk")
        for one, other in ((self.lab, self.desk), (self.desk, self.lab)):
            document = f"lists/{one.name}.json"
            (self.folder / document).write_text(one.luwte("keys", "show", quiet=True))
            other.luwte("keys", "trust", document)

    def known_pictures(self) -> None:
        """Make the reference bundle at the desk: a list from elsewhere, and enrolled pictures."""
        self.narrator.chapter("Known pictures become fingerprints; the pictures themselves are not kept")
        listed = lists.write_pictures(self.folder, "lists", self.album, lists.LISTED)
        enrolled = lists.write_pictures(self.folder, "enrolled", self.album, lists.ENROLLED)
        fingerprints = self.desk.luwte("fingerprint", *(path for path, _ in listed), quiet=True)
        count = lists.write_list(self.folder / LIST, fingerprints, listed, self.album.seed)
        self.narrator.say(f"A list from elsewhere: {count} hashes, most of them of strangers")
        lists.write_manifest(self.folder / MANIFEST, enrolled)
        self.desk.luwte("reference", "build", "--from", LIST, "--out", REFERENCE, quiet=True)
        self.desk.luwte("enrol", "--manifest", MANIFEST, "--to", REFERENCE, quiet=True)
        self.lab.luwte("reference", "show", REFERENCE)

    def carriers(self) -> list[DemoCarrier]:
        """Make the seized carriers."""
        self.narrator.chapter("Two seized carriers: a disk (E01; ext4 and FAT) and a USB stick (raw; FAT)")
        place = self.folder / "carriers"
        with self.narrator.progress("Files drawn for the disk", DISK_FILES) as step:
            disk = make_disk(place, self.album, step)
        with self.narrator.progress("Files drawn for the stick", STICK_FILES) as step:
            stick = make_stick(place, self.album, step)
        return [disk, stick]

    def scan(self, carrier: DemoCarrier) -> str:
        """Read `carrier` out in the lab and return where its report is, in the demo's folder."""
        name = carrier.raw.stem
        self.narrator.chapter(f"The lab reads out the {name} of case {CASES[name]}")
        image, out = f"carriers/{carrier.image.name}", f"scans/{name}"
        self.lab.watched("scan", image, "--reference", REFERENCE, "--out", out, "--case", CASES[name])
        return f"{out}/report.lwreport"

    def register(self, reports: list[str]) -> None:
        """Add the people and take the reports in, the first one twice."""
        self.narrator.chapter("Only the signed report crosses the wall: no path, no name, no picture")
        self.desk.luwte("report", "show", reports[0])
        self.narrator.chapter("The desk registers every finding, whether or not anyone is told")
        self.desk.luwte("desk", "init")
        readers = " and ".join(self.desk.act("sign-texts"))
        self.narrator.say(f"{readers} sign every text that leaves the desk; both are invented")
        self.people = self.desk.act("add-people")
        for person in PEOPLE:
            self.narrator.say(f"{person.name}: {person.wish}")
        for report in reports:
            self.desk.luwte("desk", "intake", report)
        before = self.desk.act("read-back")
        self.desk.luwte("desk", "intake", reports[0])
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
        self.narrator.last_line(self.desk.luwte("desk", "tell", quiet=True))
        self.promised(len(self.mailbox.mails) == sent, "Telling a second time sent nothing (T4)")
        self.promised(self.mailbox.looks_the_same(), "All mails look the same from outside (T6)")

    def show_searched(self) -> None:
        """Give one person the file that shows what was searched."""
        self.narrator.chapter("What was searched, as a file that anyone can check, whatever was found")
        self.desk.luwte("reference", "receipts", REFERENCE, "--out", RECEIPTS, quiet=True)
        self.desk.luwte("desk", "lists", "receipts", RECEIPTS)
        self.desk.luwte("audit", "checkpoint", "--out", "checkpoint.txt", quiet=True)
        self.desk.luwte("desk", "coverage", self.people[PEOPLE[0].name], "--out", "searched.json")

    def close(self, reports: list[str]) -> None:
        """Show the closing table and the received mails; raise `Failure` where the story was not kept."""
        found = rows(self.desk.act("read-back"), [self.counts(report) for report in reports], self.mailbox)
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

    def counts(self, report: str) -> Counts:
        """Return files per verdict for each series, as `report` says."""
        body = json.loads(self.lab.luwte("report", "show", report, "--json", quiet=True))
        return {finding["series"]: finding["counts"] for finding in body["findings"]}

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
    began, narrator = time.monotonic(), Narrator()
    with fresh_folder(folder) as place, open_mailbox() as mailbox:
        settings = {"LUWTE_SMTP_HOST": HOST, "LUWTE_SMTP_PORT": str(mailbox.port)}
        settings["LUWTE_PORTAL_URL"] = f"http://{HOST}:{port}/"
        lab, desk = House("lab", place, narrator), House("desk", place, narrator, settings)
        demo = Demo(place, Album(seed), narrator, lab, desk, mailbox)
        demo.run()
        narrator.say(
            f"All as the story promises. {time.monotonic() - began:.0f} seconds, in {place}", "green"
        )
        return invite(demo, port) if serve else 0


def invite(demo: Demo, port: int) -> int:
    """Show how to sign in, serve the desk on `port` until it is ended, and return its exit code."""
    check_port(port)
    demo.narrator.chapter("To try out: each link signs one invented person in, once")
    told = demo.desk.luwte("desk", "staff", "add", STAFF, quiet=True)
    link = next(word for word in told.split() if word.startswith("http"))
    # A browser makes passkeys for a name, not for an address.
    demo.narrator.say(
        f"A care worker, who sets up a passkey or an app first: {link.replace(HOST, 'localhost')}"
    )
    for person in PEOPLE:
        link = demo.desk.luwte("desk", "sign-in", demo.people[person.name], quiet=True).strip()
        demo.narrator.say(f"{person.name}: {link}")
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
