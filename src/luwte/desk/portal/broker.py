"""What this desk knows of the broker through which people may sign in. Plain values: no framework."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Broker:
    """An OpenID provider, and what this desk is there.

    `name`: how people know it. `issuer`: its address, as in its tokens. `client`: who this desk is there,
    shown by `secret`, or by `key`, a private key in PEM. `levels`: the levels of assurance (`acr`) that are
    enough. `claim`: what in its tokens says who somebody is. `scope`: what is asked for, with blanks between.
    """

    name: str
    issuer: str
    client: str
    levels: tuple[str, ...]
    secret: str = field(default="", repr=False)
    key: bytes = field(default=b"", repr=False)
    claim: str = "sub"
    scope: str = "openid"

    @property
    def offered(self) -> bool:
        """Whether people can sign in through it here: only who serves them needs its secret or key."""
        return bool(self.secret or self.key)

    @property
    def guarded(self) -> bool:
        """Whether nobody on the way can read along: its address is one of HTTPS."""
        return urlsplit(self.issuer).scheme == "https"

    @property
    def here(self) -> bool:
        """Whether it is on this machine, as in a trial."""
        return on_this_machine(self.issuer)

    def may_ask(self, address: str) -> bool:
        """Return whether the desk may send anything to `address`, which the broker named as its own."""
        parts = urlsplit(address)
        plain = parts.scheme == "http" and self.here and on_this_machine(address)
        return (parts.scheme == "https" or plain) and bool(parts.hostname) and not parts.username


def on_this_machine(address: str) -> bool:
    """Return whether `address` is one of this machine alone."""
    return urlsplit(address).hostname in LOOPBACK
