"""Giving the house new keys: both records say which key signs after which, and then the new one signs.

The new keys wait in a file of their own until both records name them. Cut off at any moment, the same again
goes on. The keys of before stay in a file beside them, for backups and lists of before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from luwte.base.errors import BadInput
from luwte.base.faults import fault_point
from luwte.base.locks import exclusive
from luwte.crypto.identity import Identity
from luwte.crypto.notes import Signer, Verifier
from luwte.desk.audit.checkpoints import checkpoint, origin, signer, signs
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import Log
from luwte.desk.audit.succession import change_key, newest
from luwte.desk.vault.log import VAULT
from luwte.exchange.home import IDENTITY_FILE, NEXT_FILE, Home, default_path

RENEW_POINTS = ("renew.recorded", "renew.signed", "renew.adopted")
LOGS = (VAULT, DESK)


class OldKeysMissing(BadInput):
    """The records were signed by keys that are not here."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The record is signed by {name}, whose secret key is not in this home. Bring identity.json back "
            "from its copy. When it is lost for good, say so with --lost, and give what `luwte audit key` "
            "once printed with --old-key, if anybody kept it."
        )


def renew(now: datetime, *, by: str, lost: bool = False, known: Sequence[Verifier] = ()) -> Home:
    """Give the house new keys, by which both records are signed from now on; return its home.

    The keys of before sign that. When they are `lost`, `by` stands for it, and `known` are the keys that
    checked the records before, as far as somebody kept them. Raises `OldKeysMissing`.
    """
    folder = default_path()
    with exclusive(folder):
        mine, waits = (
            make(folder).identity if (folder / name).exists() else None
            for make, name in ((Home.existing, IDENTITY_FILE), (Home.next, NEXT_FILE))
        )
        old = {log.name: _old(log, mine, waits, known if lost else None) for log in LOGS}
        replaced = mine is None or waits is not None or any(isinstance(one, Signer) for one in old.values())
        home = Home.next(folder) if replaced else Home.existing(folder)
        _sign(home.identity, old, now, by)
        if replaced:
            home = Home.adopt_next(folder)
            fault_point("renew.adopted")
    return home


def _old(
    log: Log, mine: Identity | None, waits: Identity | None, known: Sequence[Verifier] | None
) -> Signer | str | None:
    """Return what signs `log` until now; None when nothing does, or the keys that wait do already.

    `known` is None when the keys are not said to be lost.
    """
    if waits and signs(log, signer(waits, log).verifier):
        return None
    sign = signer(mine, log) if mine else None
    if sign and signs(log, sign.verifier):
        return sign
    named = newest(log)
    if (name := named or origin(log)) is None:
        return None
    if known is None:
        raise OldKeysMissing(name.partition("+")[0])
    return named or next((key.text for key in known if signs(log, key)), name)


def _sign(new: Identity, old: Mapping[str, Signer | str | None], now: datetime, by: str) -> None:
    for log in LOGS:
        sign, before = signer(new, log), old[log.name]
        if before is not None:
            change_key(log, before, sign.verifier, now, by=by)
            fault_point("renew.recorded")
        checkpoint(log, sign, now)
        fault_point("renew.signed")
