"""Checkpoints: signed states of a log, given out so that nobody can rewrite what was recorded before.

Formats: C2SP tlog-checkpoint, tlog-cosignature, tlog-witness (the request).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

from django.db import transaction

from luwte.base.errors import BadInput, Failure
from luwte.base.faults import fault_point
from luwte.crypto.identity import Identity
from luwte.crypto.merkle import consistency
from luwte.crypto.notes import Checkpoint, NoteWrong, Signer, Verifier, parse_note
from luwte.desk.audit.alone import Lock, alone
from luwte.desk.audit.log import Log
from luwte.desk.audit.succession import newest as newest_key

LONGEST_LINE = 500


class NoCheckpoint(BadInput):
    """The log has no such checkpoint."""


class OtherKeySigns(BadInput):
    """Another key signs the log than the one that was to sign it now."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The record is signed by {name}, and the keys here are others. Nothing was signed. Bring the "
            "identity of the house back; when it is lost, or is to be replaced, see `luwte keys renew`."
        )


class NotContinued(Failure):
    """The log does not continue a checkpoint that was given out before."""

    def __init__(self, log: str, size: int) -> None:
        super().__init__(
            f"The record of the {log} does not continue the checkpoint of {size} acts that was given out "
            "before: it was put back to an older state, or rewritten. Nothing was signed. Keep that file and "
            "run `luwte audit verify --checkpoint` with it; after a restore, put it elsewhere first."
        )


def signer(identity: Identity, log: Log) -> Signer:
    """Return what signs `log` for a house: a key of its own, made from the house's secret one."""
    seed = blake2b(log.name.encode(), key=identity.signing, person=b"audit log", digest_size=32).digest()
    return Signer(f"luwte/{identity.public.id}/{log.name}", seed)


def checkpoint(log: Log, sign: Signer, now: datetime, before: bytes | None = None) -> str:
    """Give every act that waits its place, sign the state of `log`, keep it, and return the signed note.

    A log that did not grow gives the same note again. `before`: a note that was given out earlier. Raises
    `OtherKeySigns` when `sign` is not who signs this log, `NotContinued` when `before` is not of the
    same log, and `NoteWrong` when it is no checkpoint.
    """
    log.place_waiting()
    with transaction.atomic(using=log.using):
        alone(log.using, Lock.PLACES)
        _check_signer(log, sign)
        if before is not None:
            _check_continues(log, Checkpoint.parse(parse_note(before).body))
        size = log.size()
        kept = log.checkpoint.objects.filter(size=size).first()
        if kept is None:
            top = log.root(size)
            body = Checkpoint(sign.name, size, top).body
            note = f"{body}\n{sign.line(body)}"
            kept = log.checkpoint.objects.create(size=size, root=top, at=now, note=note)
        fault_point("audit.checkpoint")
    return _with_cosignatures(log, kept.size, kept.note)


def latest(log: Log) -> str:
    """Return the newest checkpoint with all signatures. Raises `NoCheckpoint`."""
    found = log.checkpoint.objects.order_by("-size").first()
    if found is None:
        raise NoCheckpoint("No checkpoint was made yet. Run `luwte audit checkpoint` first.")
    return _with_cosignatures(log, found.size, found.note)


def request(log: Log, witness: str, since: int | None = None) -> bytes:
    """Return what asks `witness` (a name) to sign the newest checkpoint (C2SP tlog-witness, add-checkpoint).

    It proves that the log continues what this witness signed last, or the state of `since` acts. Raises
    `NoCheckpoint`.
    """
    newest = log.checkpoint.objects.order_by("-size").first()
    if newest is None:
        raise NoCheckpoint("No checkpoint was made yet. Run `luwte audit checkpoint` first.")
    signed = log.cosignature.objects.filter(witness=witness, size__lt=newest.size)
    last = signed.order_by("-size").values_list("size", flat=True).first() or 0
    old = last if since is None else since
    if not 0 <= old <= newest.size:
        raise NoCheckpoint(f"The newest checkpoint has {newest.size} acts, so none can start at {old}.")
    proof = consistency(old, newest.size, log.subtree) if old else []
    lines = [f"old {old}", *(b64encode(one).decode() for one in proof)]
    return ("\n".join(lines) + f"\n\n{newest.note}").encode()


def cosigned(log: Log, witness: Verifier, line: str) -> int:
    """Keep the `line` by which `witness` signed one of the checkpoints; return that one's size.

    Raises `NoteWrong` when it signs none of them, or is more than one line.
    """
    signature = line.strip("\n")
    if "\n" in signature or len(signature) > LONGEST_LINE:
        raise NoteWrong("This is not one line of a witness. `luwte witness sign` prints it.")
    for row in log.checkpoint.objects.order_by("-size").iterator():
        body = parse_note(row.note.encode()).body
        if parse_note(f"{body}\n{signature}\n".encode()).signed_by(witness) is not None:
            log.cosignature.objects.get_or_create(
                size=row.size, witness=witness.name, defaults={"line": signature}
            )
            return row.size
    raise NoteWrong(f"This is no signature of {witness.name} on a checkpoint of this log.")


def signs(log: Log, key: Verifier) -> bool:
    """Return whether `key` is the one that signs `log`: nothing says that another does."""
    named = newest_key(log)
    found = log.checkpoint.objects.order_by("-size").first()
    if named is not None or found is None:
        return named in (None, key.text)
    return parse_note(found.note.encode()).signed_by(key) is not None


def origin(log: Log) -> str | None:
    """Return the name by which the newest checkpoint of `log` was signed, None without one."""
    found = log.checkpoint.objects.order_by("-size").first()
    return None if found is None else Checkpoint.parse(parse_note(found.note.encode()).body).origin


def _check_signer(log: Log, sign: Signer) -> None:
    if not signs(log, sign.verifier):
        raise OtherKeySigns((newest_key(log) or origin(log) or "").partition("+")[0])


def _check_continues(log: Log, before: Checkpoint) -> None:
    if not before.origin.endswith(f"/{log.name}"):
        raise NoteWrong(f"This is a checkpoint of {before.origin}, not of the record of the {log.name}.")
    try:
        same = before.size <= log.size() and log.root(before.size) == before.root
    except LookupError:
        same = False
    if not same:
        raise NotContinued(log.name, before.size)


def _with_cosignatures(log: Log, size: int, note: str) -> str:
    lines: Iterable[str] = (
        log.cosignature.objects.filter(size=size).order_by("id").values_list("line", flat=True)
    )
    return note + "".join(f"{line}\n" for line in lines)
