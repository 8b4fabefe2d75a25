"""The home of a house: its keys and the public keys of those it trusts, made on first use.

LUWTE_HOME/identity.json        secret keys, readable by their owner alone
LUWTE_HOME/identity-next.json   those that come after them, while they are changed
LUWTE_HOME/identity-<id>.json   those of before
LUWTE_HOME/trusted/<id>.json    public keys of other houses
LUWTE_HOME/forgotten/<id>.json  those that were trusted once: no restored backup makes them trusted again
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import pyrage

from luwte.base.errors import BadInput, Failure
from luwte.base.files import make_folder, move, write_bytes
from luwte.base.locks import exclusive
from luwte.crypto.envelope import KEY_BYTES, new_key
from luwte.crypto.identity import Identity, PublicIdentity
from luwte.exchange.documents import compact, parse_object, read_bounded
from luwte.exchange.entries import SEED_BYTES
from luwte.exchange.errors import newer

ENVIRONMENT = "LUWTE_HOME"
IDENTITY_FORMAT = "luwte-identity"
PUBLIC_FORMAT = "luwte-public-key"
SCHEMA = 1
LIMIT = 16_384
IDENTITY_FILE, NEXT_FILE = "identity.json", "identity-next.json"
TRUSTED, FORGOTTEN = "trusted", "forgotten"


@dataclass(frozen=True, slots=True)
class Home:
    """Where this house keeps its keys: the folder `path`, its `identity`, its `entry_key` (32 bytes)."""

    path: Path
    identity: Identity
    entry_key: bytes

    @classmethod
    def open(cls, path: Path | None = None) -> Home:
        """Return the home in `path`, or where LUWTE_HOME or the user's data directory says.

        Makes the keys on first use, once, also when two processes start together. Raises `BadInput` when
        the identity file is damaged or open to others: keys are never silently made anew.
        """
        folder = make_folder(path or default_path())
        file = folder / IDENTITY_FILE
        if not file.exists():
            with exclusive(folder):
                if not file.exists():
                    write_bytes(file, _new_identity())
        return cls(folder, *_read_identity(file))

    @classmethod
    def existing(cls, path: Path | None = None) -> Home:
        """Return the home as `open` does, but make nothing. Raises `BadInput` also when it has no keys."""
        folder = path or default_path()
        file = folder / IDENTITY_FILE
        if not file.exists():
            raise BadInput(
                f"There is no {file}. Bring the identity of this house there from where its copy is kept, or "
                "set LUWTE_HOME to the folder that has it."
            )
        return cls(folder, *_read_identity(file))

    @classmethod
    def next(cls, path: Path | None = None) -> Home:
        """Return the home in `path` with the keys that come next; made once, they wait for `adopt_next`.

        Raises `BadInput` as `open` does.
        """
        folder = make_folder(path or default_path())
        file = folder / NEXT_FILE
        if not file.exists():
            write_bytes(file, _new_identity())
        return cls(folder, *_read_identity(file))

    @classmethod
    def adopt_next(cls, path: Path | None = None) -> Home:
        """Let the keys that come next be those of the home, and return it. Those of before stay beside them.

        Cut off, the same again ends it. Raises `BadInput` as `open` does.
        """
        folder = path or default_path()
        file, next_ = folder / IDENTITY_FILE, folder / NEXT_FILE
        content = read_bounded(next_, LIMIT)
        if file.exists() and read_bounded(file, LIMIT) != content:
            before, _ = _read_identity(file)
            write_bytes(folder / f"identity-{before.public.id}.json", read_bounded(file, LIMIT))
        write_bytes(file, content)
        next_.unlink()
        return cls(folder, *_read_identity(file))

    @property
    def rotation_seed(self) -> bytes:
        """The seed (32 bytes) of the secret rotation that local codes made here stand under."""
        return blake2b(key=self.entry_key, person=b"local codes", digest_size=SEED_BYTES).digest()

    @property
    def commitment_key(self) -> bytes:
        """The secret (32 bytes) that the salts of what lists made here commit to follow from."""
        return blake2b(key=self.entry_key, person=b"list commitment", digest_size=KEY_BYTES).digest()

    def public_document(self) -> dict[str, object]:
        """Return what others need to trust this house; `luwte keys show` prints it as JSON."""
        public = self.identity.public
        return {
            "format": PUBLIC_FORMAT,
            "schema": SCHEMA,
            "id": public.id,
            "signing": public.signing.hex(),
            "recipient": public.recipient,
        }

    def trusted(self) -> list[PublicIdentity]:
        """Return the identities whose signatures count here: its own first, the others by id."""
        own = self.identity.public
        files = sorted((self.path / TRUSTED).glob("*.json"))
        others = [read_public(file) for file in files]
        return [own, *(other for other in others if other.id != own.id)]

    def trust(self, path: Path, before: Callable[[str], object] = lambda _: None) -> PublicIdentity:
        """Check the public document in `path`, keep it and return it; raises `BadInput` for anything else.

        `before` is given the id first: what it raises leaves all as it was.
        """
        content = read_bounded(path, LIMIT, piped=True)
        public = parse_public(content, path)
        if public.id != self.identity.public.id:
            folder = make_folder(self.path / TRUSTED)
            before(public.id)
            write_bytes(folder / _file_of(public.id), content)
            (self.path / FORGOTTEN / _file_of(public.id)).unlink(missing_ok=True)
        return public

    def put_back(self, public: PublicIdentity, content: bytes) -> bool:
        """Trust what was trusted when a backup was made, and return True; False when it was forgotten since.

        `content` is the public document of `public`. One that is trusted already stays as it is.
        """
        if self.was_forgotten(public.id):
            return False
        file = make_folder(self.path / TRUSTED) / _file_of(public.id)
        if public.id != self.identity.public.id and not file.exists():
            write_bytes(file, content)
        return True

    def was_forgotten(self, key_id: str) -> bool:
        """Return whether `key_id` was trusted here once and is not any more."""
        return (self.path / FORGOTTEN / _file_of(key_id)).exists()

    def forget(self, key_id: str, before: Callable[[str], object] = lambda _: None) -> None:
        """Trust `key_id` no longer; raises `BadInput` when it is not among the others' keys.

        `before` is given the id first, as in `trust`.
        """
        file = self.path / TRUSTED / _file_of(key_id)
        if re.fullmatch(r"[0-9a-f]{16}", key_id) is None or not file.exists():
            raise BadInput(f"There is no trusted key {key_id}. `luwte keys list` shows which there are.")
        before(key_id)
        try:
            move(file, make_folder(self.path / FORGOTTEN) / file.name)
        except Failure:
            file.unlink()  # a full disk must not keep a key trusted
            raise


def default_path() -> Path:
    """Return LUWTE_HOME, or `luwte` in the user's data directory (XDG Base Directory Specification)."""
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        return Path(chosen).expanduser().absolute()
    data = Path(os.environ.get("XDG_DATA_HOME") or "")
    try:
        return (data if data.is_absolute() else Path.home() / ".local" / "share") / "luwte"
    except RuntimeError:
        raise BadInput("There is no home folder for this user. Set LUWTE_HOME to a folder.") from None


def _file_of(key_id: str) -> str:
    return f"{key_id}.json"


def read_public(path: Path) -> PublicIdentity:
    """Return the identity in the public document `path`; raises `BadInput` when it is anything else."""
    return parse_public(read_bounded(path, LIMIT), path)


def parse_public(content: bytes, path: Path) -> PublicIdentity:
    """Return the identity in `content`, read from `path`; raises `BadInput` as `read_public` does."""
    if b"AGE-SECRET-KEY" in content.upper() or IDENTITY_FORMAT.encode() in content:
        raise BadInput(
            f"{path} holds secret keys. Never pass it on; send what `luwte keys show` prints instead."
        )
    document = parse_object(content, path)
    _check_format(document, PUBLIC_FORMAT, path)
    try:
        public = PublicIdentity.checked(_unhex(document["signing"], 32), _text(document["recipient"]))
    except (KeyError, ValueError):
        raise _garbage(path) from None
    if document.get("id") != public.id or set(document) != {"format", "schema", "id", "signing", "recipient"}:
        raise _garbage(path)
    return public


def _read_identity(path: Path) -> tuple[Identity, bytes]:
    content = read_bounded(path, LIMIT)
    if path.stat().st_mode & 0o077:
        raise BadInput(f"Other users can read the secret keys in {path}. Run `chmod 600 {path}` first.")
    broken = BadInput(
        f"The keys in {path} are damaged. Put the file back from a backup; without it, "
        "what was encrypted for this machine stays closed, and new keys must be exchanged."
    )
    try:
        document = parse_object(content, path)
    except BadInput:
        raise broken from None
    _check_format(document, IDENTITY_FORMAT, path, broken)
    try:
        identity = Identity(_unhex(document["signing"], 32), _text(document["receiving"]))
        identity.public  # noqa: B018 - derives both public keys, so that a damaged secret shows here
        return identity, _unhex(document["entry_key"], KEY_BYTES)
    except (KeyError, ValueError, pyrage.IdentityError):
        raise broken from None


def _new_identity() -> bytes:
    identity = Identity.generate()
    return compact(
        {
            "format": IDENTITY_FORMAT,
            "schema": SCHEMA,
            "signing": identity.signing.hex(),
            "receiving": identity.receiving,
            "entry_key": new_key().hex(),
        }
    )


def _check_format(
    document: dict[str, object], wanted: str, path: Path, broken: BadInput | None = None
) -> None:
    schema = document.get("schema")
    if document.get("format") != wanted or type(schema) is not int or schema < 1:
        raise broken or _garbage(path)
    if schema > SCHEMA:
        raise newer(path, schema)


def _garbage(path: Path) -> BadInput:
    return BadInput(f"{path} is not a public key document. Ask for what `luwte keys show` prints there.")


def _unhex(value: object, length: int) -> bytes:
    found = bytes.fromhex(_text(value))
    if len(found) != length or found.hex() != value:
        raise ValueError(value)
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value
