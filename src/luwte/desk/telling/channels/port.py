"""What every channel is: it takes one contact and says what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Fate(StrEnum):
    """What became of a contact at the moment of hand-over."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The channel's answer. Only `DELIVERED` and `UNKNOWN` may have arrived; `text` is for the record."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """All that a channel may know; never a reason or a count. `key` makes the contact idempotent."""

    key: str
    address: str
    language: str
    now: datetime


class ChannelPort(Protocol):
    """A way to reach a person. `idempotent` channels may be handed the same key again after a crash."""

    idempotent: bool

    def deliver(self, envelope: Envelope) -> Receipt:
        """Hand the contact over and return what became of it; never raises for what a channel can meet."""
        ...
