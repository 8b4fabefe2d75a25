"""A story in which every word that a person may bring is a canary: run it in a process of its own.

Standard output is one JSON object: what it left in pages, exports and measures. Standard error is the log.
`python -m tests.support.canaries` with LUWTE_HOME of a fresh desk.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

NAME = "Kanarienaam"
ADDRESS = "kanarie.adres@kanariepost.example"
PHONE = "0687654321"
STREET = "Kanariestraat"
REASON = "Kanariereden"
ACTING = "Kanarievertegenwoordiger"
PATH = "kanariepad"
QUERY = "kanariezoek"
POSTED = "kanariepost"
HOST = "kanariehost.example"
HEADER = "Kanariebrowser"
FAULT = "Kanariefout"
PASSWORD = "kanariewachtwoord"
CASE = "KANARIE-2026-7"
"""Stands in the register by right: a case is found by it. Nowhere else."""
OF_PEOPLE = (NAME, ADDRESS, "kanariepost.example", "687654321", STREET, REASON, ACTING)
OF_ADDRESSES = (PATH, QUERY)
OF_VISITS = (*OF_ADDRESSES, POSTED, HOST, HEADER, FAULT, PASSWORD)


def people() -> tuple[str, str]:
    """Add someone of whom something is found, and who acts for them; return both ids."""
    from luwte.base.clock import SystemClock
    from luwte.desk.findings.services import register
    from luwte.desk.vault import break_glass, drafts
    from luwte.desk.vault import services as vault
    from luwte.desk.vault.assessed import Assessed
    from luwte.desk.vault.assessments import assess
    from luwte.desk.vault.rules import Mandate, Reach
    from luwte.desk.wishes.rules import Channel, Choice
    from tests.support.desk import report, someone
    from tests.support.words import sign_all

    now = SystemClock().now()
    sign_all(now)
    choice = Choice(True, channel=Channel.EMAIL)
    noor = someone(f"Noor {NAME}", series="s-1", choice=choice, email=ADDRESS, now=now)
    vault.change_address(noor.id, Reach("phone", PHONE))
    vault.change_address(noor.id, Reach("post", f"Noor {NAME}\n{STREET} 7\n9999 ZZ Verzonnen"))
    acting = vault.add_representative(noor.id, Mandate(ACTING, "lawyer", now.date()))
    draft = drafts.begin(by="staff:1", now=now)
    drafts.keep(draft, "who", {"name": [NAME], "email": [ADDRESS]}, by="staff:1", now=now)
    assess(noor.id, Assessed(safe_times=NAME, support=STREET), by="staff:1", now=now)
    break_glass.ask(noor.id, REASON, by="Wim", now=now)
    register(report({"s-1": {"a": (2, 0)}}, case=CASE), now)
    return noor.id, acting


def told() -> None:
    """Tell through a mail server that refuses and repeats the address in its answer."""
    from django.conf import settings

    from luwte.base.clock import SystemClock
    from luwte.desk.telling import services
    from luwte.desk.telling.channels.configured import configured
    from tests.desk.telling.channels.test_email import server

    with server({b"RCPT": f"550 5.1.1 <{ADDRESS}>: no {NAME} here".encode()}) as (port, _):
        settings.MAIL["port"] = str(port)
        services.tell(SystemClock(), configured(settings))
    settings.MAIL["port"] = "1"
    services.tell(SystemClock(), configured(settings))


def visited(person: str) -> Iterator[bytes]:
    """Visit pages rightly and wrongly; yield what came back, but for the pages of who is signed in."""
    from django.test import Client

    from luwte.base.clock import SystemClock
    from luwte.desk.cases.models import Case
    from luwte.desk.vault import services as vault

    token = vault.sign_in_link(person, SystemClock().now())
    client = Client(raise_request_exception=False, headers={"User-Agent": HEADER})
    strict = Client(raise_request_exception=False, enforce_csrf_checks=True)
    yield client.get(f"/in/{token}/").content
    yield strict.post(f"/in/{token}/", {"x": POSTED}).content
    for path in (f"/{PATH}/", f"/in/{PATH}/", f"/staff/person/{PATH}/", f"/gezocht/{PATH}/"):
        yield client.get(path, {"q": QUERY}).content
        yield client.post(path, {"q": POSTED}).content
    yield client.get("/", headers={"Host": HOST}).content
    yield client.post("/staff/sign-in/", {"username": "wim", "password": PASSWORD}).content
    client.post(f"/in/{token}/")
    yield client.post("/pauze/", {"until": POSTED}).content

    def value(*_: object) -> bool:
        mine = FAULT
        raise ValueError(mine, ADDRESS)

    def integrity(*_: object) -> bool:
        Case.objects.create(number=CASE, opened=SystemClock().now())
        return True

    def statement(*_: object) -> bool:
        return bool(Case.objects.extra(where=["opened = %s"], params=[FAULT]).count())

    for broken in (value, integrity, statement):
        with patch("luwte.desk.portal.visit.Visitor.may_read", broken):
            yield client.get("/waarom/").content
            yield client.get("/gezocht/", {"q": QUERY}).content
    yield token.encode()


def searched() -> None:
    """Look for somebody by a part of the name, turn the page and go wrong, as a care worker does."""
    from tests.support.tour import care_worker

    worker = care_worker()
    found = worker.post("/staff/people/", {"name": NAME[:8]})
    assert NAME in found.content.decode(), "what is not found leaves nothing behind either"
    worker.post("/staff/people/", {"name": NAME, "outcome": STREET, "page": ACTING})
    with patch("luwte.desk.telling.lists.search", side_effect=ValueError(NAME)):
        worker.raise_request_exception = False
        worker.post("/staff/people/", {"name": NAME})


def exported() -> Iterator[bytes]:
    """Yield what leaves the desk for others: checkpoints, tiles, measures; and sessions, which lie packed in
    a database."""
    from django.contrib.sessions.models import Session

    from luwte.base.clock import SystemClock
    from luwte.desk.audit import checkpoints
    from luwte.desk.audit.desk import DESK
    from luwte.desk.audit.tiles import write_tiles
    from luwte.desk.project.measures import metrics
    from luwte.desk.vault.log import VAULT
    from luwte.exchange.home import Home

    for log in (DESK, VAULT):
        sign = checkpoints.signer(Home.open().identity, log)
        yield checkpoints.checkpoint(log, sign, SystemClock().now()).encode()
        with tempfile.TemporaryDirectory() as folder:
            write_tiles(log, Path(folder))
            yield from (file.read_bytes() for file in Path(folder).rglob("*") if file.is_file())
    yield metrics()
    yield from (json.dumps(one.get_decoded()).encode() for one in Session.objects.all())


def commanded() -> None:
    """Run commands that fail over what was given to them, as a timer would."""
    from luwte.cli import main

    for words in (
        ["desk", "why", NAME],
        ["desk", "person", "add", NAME, "--email", POSTED],
        ["desk", "person", "add", NAME, f"--{PATH}", QUERY],
        ["desk", "intake", f"/{PATH}/{CASE}"],
    ):
        with patch("sys.argv", ["luwte", *words]):
            try:
                main()
            except SystemExit:
                continue


def main() -> None:
    """Live the story and print what it left."""
    from luwte.desk.project import ready

    ready.init()
    person, _ = people()
    told()
    *pages, token = visited(person)
    searched()
    commanded()
    left: dict[str, Any] = {
        "token": token.decode(),
        "pages": [page.decode("utf-8", "replace") for page in pages],
        "exports": [one.decode("latin-1") for one in exported()],
    }
    sys.stdout.write(json.dumps(left))


if __name__ == "__main__":
    main()
