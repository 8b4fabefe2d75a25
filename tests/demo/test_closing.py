"""The closing table is held to the story: whatever differs is said, and the demo fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luwte.demo.closing import differences, rows
from luwte.demo.mailbox import Mailbox, ReceivedMail
from luwte.demo.people import PEOPLE, DemoPerson

World = tuple[list[dict[str, Any]], list[dict[str, dict[str, int]]], Mailbox]
REASONS = {"T9": "never_asked", "T12": "not_confirmed"}


def _world() -> World:
    """A register, two reports and a mailbox in which everything went as the story promises."""
    register = [_registered(person) for person in PEOPLE]
    reports = [
        {
            person.series: {"identical": planted.identical} | _edited(planted.edited)
            for person in PEOPLE
            if (planted := getattr(person, carrier)) != type(planted)()
        }
        for carrier in ("disk", "stick")
    ]
    mailbox = Mailbox()
    for person in PEOPLE:
        mail = ReceivedMail("van@demo.example", person.address, "Bericht", "zelfde")
        mailbox.mails += [mail] * person.promise.mails
    return register, reports, mailbox


def _edited(files: int) -> dict[str, int]:
    return {"near": min(files, 1), "same_picture": max(0, files - 1)}


def _registered(person: DemoPerson) -> dict[str, Any]:
    planted = [one for one in (person.disk, person.stick) if one != type(one)()]
    findings = [
        {"case": str(index), "identical": one.identical, "told": person.promise.told > 0}
        | _edited(one.edited)
        for index, one in enumerate(planted)
    ]
    contacts = [{"state": "withheld"}] if person.withdraws else [{"state": "done"}] * person.promise.mails
    told = person.promise.told > 0
    reason = "nothing_new" if told else REASONS.get(person.promise.rule, "not_wanted")
    decisions = [{"reason": reason, "sentence": "Because."}]
    return {"name": person.name, "findings": findings, "contacts": contacts, "decisions": decisions}


def test_a_world_as_promised_shows_no_difference() -> None:
    assert differences(rows(*_world())) == []


def _second_mail(world: World) -> None:
    world[2].mails.append(world[2].mails[0])


def _mail_to_silence(world: World) -> None:
    world[2].mails.append(ReceivedMail("", "noor@demo.example", "", ""))


def _missed_file(world: World) -> None:
    world[1][0]["demo-heron"]["identical"] -= 1


def _missed_edit(world: World) -> None:
    world[1][0]["demo-heron"]["near"] -= 1


def _unregistered_edit(world: World) -> None:
    finding = next(one for one in world[0] if any(each["near"] for each in one["findings"]))["findings"]
    next(each for each in finding if each["near"])["near"] -= 1


def _lost_report(world: World) -> None:
    world[1].pop()


def _lost_finding(world: World) -> None:
    _of(world, "Bram Verzonnen")["findings"].pop()


def _told_unconfirmed(world: World) -> None:
    _of(world, "Lotte Proef")["findings"][0]["told"] = True


def _not_told(world: World) -> None:
    _of(world, "Fenna Voorbeeld")["findings"][0]["told"] = False


def _withdrawal_ignored(world: World) -> None:
    _of(world, "Daan Bedenksel")["contacts"] = [{"state": "done"}]


def _other_reason(world: World) -> None:
    _of(world, "Sjoerd Fictief")["decisions"][0]["reason"] = "paused"


@pytest.mark.parametrize(
    "spoil",
    [
        _second_mail,
        _mail_to_silence,
        _missed_file,
        _missed_edit,
        _unregistered_edit,
        _lost_report,
        _lost_finding,
        _told_unconfirmed,
        _not_told,
        _withdrawal_ignored,
        _other_reason,
    ],
)
def test_whatever_differs_from_the_story_is_said(spoil: Callable[[World], None]) -> None:
    world = _world()
    spoil(world)
    assert differences(rows(*world))


def _of(world: World, name: str) -> dict[str, Any]:
    return next(one for one in world[0] if one["name"] == name)


def test_a_chance_resemblance_is_no_difference() -> None:
    world = _world()
    world[1][0]["demo-heron"]["near"] += 1
    world[0][0]["findings"][0]["near"] += 1
    assert differences(rows(*world)) == []
