"""What every channel is: it takes one contact and says what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from luwte.desk.wishes.rules import Register

LONGEST_RECEIPT = 300


class Fate(StrEnum):
    """What became of a contact at the moment of hand-over."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The channel's answer. Only `DELIVERED` and `UNKNOWN` may have arrived; `text` is for the record.

    `cause` says why a channel must stop, where that is known: bounced, refused, returned.
    """

    fate: Fate
    text: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """All that a channel may know; never a reason or a count. `key` makes the contact idempotent.

    `address`: an e-mail address or a telephone number as E.164 writes it. `name` and `lines`: the name and
    the lines under it of a postal address, for letters alone.
    """

    key: str
    address: str
    words: Register
    now: datetime
    name: str = ""
    lines: tuple[str, ...] = ()


class ChannelPort(Protocol):
    """A way to reach a person. `idempotent` channels may be handed the same key again after a crash."""

    idempotent: bool

    def deliver(self, envelope: Envelope) -> Receipt:
        """Hand the contact over and return what became of it; never raises for what a channel can meet."""
        ...


def recognises(channel: ChannelPort, handed: datetime, now: datetime) -> bool:
    """Return whether `channel` would still recognise at `now` a contact that it was handed at `handed`.

    `keeps`, where a channel has it, is how long it does.
    """
    keeps: timedelta | None = getattr(channel, "keeps", None)
    return channel.idempotent and (keeps is None or now - handed < keeps)


@runtime_checkable
class FollowedPort(Protocol):
    """A channel that can be asked afterwards what became of a contact."""

    def fate_of(self, key: str) -> Receipt | None:
        """Return what became of the contact `key`; None when that is not known, or nobody answers now."""
        ...


def later(channel: object, keys: Iterable[str]) -> dict[str, Receipt]:
    """Return what is known by now of the contacts `keys`; nothing for a channel that cannot be asked.

    A `REFUSED` among them came back: that channel must stop for that recipient, with the receipt's `cause`.
    """
    if not isinstance(channel, FollowedPort):
        return {}
    found = ((key, channel.fate_of(key)) for key in keys)
    return {key: receipt for key, receipt in found if receipt is not None}


def without_person(text: str, envelope: Envelope) -> str:
    """Return `text` without the person in it: servers repeat addresses, and receipts stand by pseudonym."""
    known = [envelope.address, envelope.address.rpartition("@")[0], envelope.name, *envelope.lines]
    named = "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in sorted(known, key=len)[::-1] if one)
    told = rf"[^\s<>]*@[^\s<>]*|\+[\d ().-]{{6,}}{'|' if named else ''}{named}"
    return re.sub(told, "(address)", text, flags=re.IGNORECASE)[:LONGEST_RECEIPT]
