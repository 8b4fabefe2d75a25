"""A backup is believed when this house signed exactly it, and fits this program and this ring; else not."""

from __future__ import annotations

import gzip
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyrage
import pytest

from luwte.base.errors import BadInput
from luwte.crypto.identity import Identity
from luwte.crypto.keyring import KeyRing, read_key_ring
from luwte.desk.backup import document, restoring
from luwte.desk.backup.errors import (
    BackupIsNewer,
    CheckpointForeign,
    ErasedListNotHere,
    NoIdentity,
    NotABackup,
    RingDoesNotFit,
    RingNotHere,
    SecretNotHere,
)
from luwte.desk.backup.keys import Keys
from luwte.desk.backup.manifest import read_manifest
from luwte.exchange.home import Home
from tests.support.backups import new_key
from tests.support.worlds import Process

KEY = pyrage.x25519.Identity.generate()
OTHER = pyrage.x25519.Identity.generate()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home and a backup of its desk; nothing is written there any more."""
    folder = tmp_path_factory.mktemp("made")
    lab = folder / "lab.json"
    lab.write_text(Process(folder / "lab")("keys", "show"))
    Process(folder / "home").day(
        "desk init",
        f"keys trust {lab}",
        "desk person add Geheimenaam --born 2000-02-29 --email noor@example.org",
        "desk staff add wim",
        f"audit checkpoint --out {folder / 'desk.txt'}",
        f"backup {folder / 'desk.age'} --to {OTHER.to_public()} --to {KEY.to_public()}",
    )
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, whose home is this process's."""
    copy = tmp_path / "copy"
    shutil.copytree(made, copy)
    monkeypatch.setenv("LUWTE_HOME", str(copy / "home"))
    return copy


def look(place: Path, key: Any = KEY, *checkpoints: Path) -> Any:
    return restoring.look(place / "desk.age", [str(key)], checkpoints)


def lines(place: Path) -> list[bytes]:
    """Return what whoever has a key reads."""
    opened = io.BytesIO()
    with (place / "desk.age").open("rb") as file:
        pyrage.decrypt_io(file, opened, [KEY])
    return gzip.decompress(opened.getvalue()).splitlines(keepends=True)


def seal(place: Path, content: list[bytes]) -> None:
    """Write a backup as anybody can who knows a public key."""
    packed = gzip.compress(b"".join(content))
    with (place / "desk.age").open("wb") as file:
        pyrage.encrypt_io(io.BytesIO(packed), file, [KEY.to_public()])


def signed_anew(place: Path, **changes: Any) -> None:
    """Write a backup that this house signed and that says other things of itself."""
    content, home = lines(place), Home.open()
    manifest = read_manifest(content[-1], home.identity.public, place)
    for name, value in changes.items():
        object.__setattr__(manifest, name, value)
    seal(place, [*content[:-1], manifest.signed(home.identity)])


@pytest.mark.parametrize("key", [KEY, OTHER])
def test_each_recipient_opens_it(place: Path, key: Any) -> None:
    manifest, lost, _, _ = look(place, key)
    assert (manifest.tables["vault.Person"].count, lost) == (1, [])
    assert {"sessions.Session", "vault.SignInLink", "vault.Factor"}.isdisjoint(manifest.tables)


def test_what_its_thief_reads_names_nobody_and_holds_no_key(place: Path) -> None:
    raw, text = (place / "desk.age").read_bytes(), b"".join(lines(place))
    identity = json.loads((place / "home" / "identity.json").read_text())
    ring = read_key_ring(place / "home" / "desk" / "keys.json")
    secrets = [b"Geheimenaam", b"example.org", identity["signing"].encode(), identity["receiving"].encode()]
    secrets += [*ring.keys.values(), ring.link]
    assert all(secret not in text and secret not in raw for secret in secrets)
    assert not any(name.encode() in text for name in ("keys.json", "erased.list", "identity.json"))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda raw: raw[: len(raw) // 2], "cut off"),
        (lambda raw: raw[:100], "age file"),
        (lambda raw: raw[:-1], "cut off"),
        (lambda raw: raw[:-30] + bytes([raw[-30] ^ 1]) + raw[-29:], "changed"),
        (lambda raw: raw + b"x", "changed or cut off"),
        (lambda raw: b"nothing", "no age file"),
        (lambda raw: b"", "no age file"),
    ],
)
def test_a_file_that_was_spoiled_is_refused(place: Path, spoil: Callable[[bytes], bytes], why: str) -> None:
    file = place / "desk.age"
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(BadInput, match=why):
        look(place)


def test_what_follows_its_end_is_refused_at_the_first_piece(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unpacker would keep all of it and copy it with each piece."""
    written: list[int] = []
    write = document._Lines.write

    def counted(lines: document._Lines, content: bytes, /) -> int:
        written.append(len(content))
        return write(lines, content)

    monkeypatch.setattr(document._Lines, "write", counted)
    packed = gzip.compress(b"".join(lines(place)))
    for more in (b"x", bytes(32 << 20)):
        with (place / "desk.age").open("wb") as file:
            pyrage.encrypt_io(io.BytesIO(packed + more), file, [KEY.to_public()])
        written.clear()
        with pytest.raises(NotABackup, match="something follows its end"):
            look(place)
        assert sum(written) < len(packed) + (1 << 20)


def test_more_beside_its_rows_than_any_has_is_refused(place: Path) -> None:
    content = lines(place)
    seal(place, [content[0], *[b"{" + b" " * (1 << 20) + b"}\n"] * 17, *content[1:]])
    with pytest.raises(NotABackup, match="more beside its rows"):
        look(place)


def _with_file(place: Path, name: str, content: bytes) -> None:
    """Write a backup that this house signed and that holds one more file."""
    every = lines(place)
    body = [*every[:-1], document.file_line(name, content)]
    manifest = read_manifest(every[-1], Home.open().identity.public, place)
    signed = replace(manifest, content=sha256(b"".join(body)).hexdigest())
    seal(place, [*body, signed.signed(Home.open().identity)])


@pytest.mark.parametrize("content", [b"{}", b"\xff", b""])
def test_a_file_that_holds_no_key_keeps_nothing_from_being_restored(place: Path, content: bytes) -> None:
    _with_file(place, "trusted/bad.json", content)
    keys = look(place).keys
    assert (len(keys.trust), list(keys.unread)) == (1, ["bad.json"])


def test_a_key_that_was_forgotten_since_is_not_trusted_again(place: Path) -> None:
    home = Home.open()
    ((public, _),) = look(place).keys.trust
    home.forget(public.id)
    assert look(place).keys == Keys([], [public], [])


def test_another_key_opens_nothing(place: Path) -> None:
    with pytest.raises(BadInput, match="for other keys"):
        look(place, pyrage.x25519.Identity.generate())


def test_a_row_that_was_changed_shows(place: Path) -> None:
    content = lines(place)
    at = next(number for number, line in enumerate(content) if line.startswith(b"["))
    for planted in ([*content[:at], *content[at + 1 :]], [*content[:at], content[at], *content[at:]]):
        seal(place, planted)
        with pytest.raises(NotABackup, match="changed after it was signed"):
            look(place)


def test_a_planted_backup_is_refused(place: Path) -> None:
    content, thief = lines(place), Identity.generate()
    manifest = read_manifest(content[-1], Home.open().identity.public, place)
    seal(place, [*content[:-1], manifest.signed(thief)])
    with pytest.raises(NotABackup, match="this house did not sign it"):
        look(place)


@pytest.mark.parametrize("end", [b"", b"{}\n", b"[]\n", b"{\n", b'{"manifest":1,"signature":"00"}\n', b"x"])
def test_an_end_that_is_none_is_refused(place: Path, end: bytes) -> None:
    seal(place, [*lines(place)[:-1], end])
    with pytest.raises(NotABackup):
        look(place)


@pytest.mark.parametrize(
    "content", [[], [b"\n"], [b"{}\n", b"{}\n"], [b"[1]\n"], [b'{"format":"x","schema":1}\n', b"\n"]]
)
def test_what_is_no_backup_is_refused(place: Path, content: list[bytes]) -> None:
    seal(place, content)
    with pytest.raises(NotABackup):
        look(place)


def test_one_of_a_newer_luwte_is_refused(place: Path) -> None:
    content = lines(place)
    head = json.loads(content[0]) | {"schema": 2, "version": "9.0"}
    seal(place, [json.dumps(head).encode() + b"\n", *content[1:]])
    with pytest.raises(BackupIsNewer, match=r"newer Luwte \(9.0\)"):
        look(place)


def test_one_with_later_tables_is_refused(place: Path) -> None:
    signed_anew(place, migrations={"default": [("audit", "0099_later")], "vault": []})
    with pytest.raises(BackupIsNewer):
        look(place)


def test_without_the_identity_nothing_is_believed_and_none_is_made(place: Path) -> None:
    file = place / "home" / "identity.json"
    file.unlink()
    with pytest.raises(NoIdentity):
        look(place)
    assert not file.exists()


def test_without_the_secret_of_the_desk_it_stays_shut(place: Path) -> None:
    secret = place / "home" / "desk" / "secret.key"
    secret.unlink()
    with pytest.raises(SecretNotHere, match="make an empty file there"):
        look(place)
    secret.touch()
    look(place)


def test_without_the_list_of_the_erased_it_stays_shut(place: Path) -> None:
    file = place / "home" / "desk" / "erased.list"
    assert look(place).listed == 0, "`init` makes it, empty"
    file.unlink()
    with pytest.raises(ErasedListNotHere, match="make an empty file there"):
        look(place)
    file.write_bytes(b"\xff\xfe\n" + b"ab" * 16 + b"\n")
    assert look(place).listed == 1
    file.unlink()
    file.mkdir()
    with pytest.raises(BadInput, match="cannot be read"):
        look(place)


def test_without_the_ring_it_stays_shut(place: Path) -> None:
    (place / "home" / "desk" / "keys.json").unlink()
    with pytest.raises(RingNotHere, match="nothing is restored"):
        look(place)


def test_another_ring_is_refused(place: Path) -> None:
    KeyRing.generate().write(place / "home" / "desk" / "keys.json")
    with pytest.raises(RingDoesNotFit, match="another vault"):
        look(place)


def test_a_ring_that_is_older_than_the_backup_is_refused(place: Path) -> None:
    signed_anew(place, versions=["feedbeef"])
    with pytest.raises(RingDoesNotFit, match="feedbeef is not in it"):
        look(place)


def test_a_ring_in_the_environment_serves(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = place / "home" / "desk" / "keys.json"
    monkeypatch.setenv("LUWTE_DESK_KEYS", file.read_text())
    file.unlink()
    assert look(place)


def test_a_checkpoint_from_outside_shows_that_the_backup_is_older(place: Path) -> None:
    assert look(place, KEY, place / "desk.txt")[1] == []
    signed_anew(place, logs={name: _smaller(state) for name, state in look(place)[0].logs.items()})
    (lost,) = look(place, KEY, place / "desk.txt")[1]
    assert (lost.log, lost.size, lost.kept) == ("desk", 3, 0)


def _smaller(state: Any) -> Any:
    return type(state)(0, state.root, "")


def test_a_checkpoint_of_somebody_else_is_refused(place: Path) -> None:
    note = place / "desk.txt"
    note.write_text(note.read_text().replace("luwte/", "other/"))
    with pytest.raises(CheckpointForeign):
        look(place, KEY, note)


def test_the_secret_key_of_a_recipient_is_read_from_a_file_of_its_owner_alone(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key(tmp_path / "key")
    restore = Process(place / "home").ends(
        f"restore {place / 'desk.age'} --identity {key.secret}",
        f"restore {place / 'desk.age'} --identity {place / 'desk.txt'}",
        f"backup {tmp_path / 'b.age'}",
        f"backup {tmp_path / 'b.age'} --to AGE-SECRET-KEY-1XYZ",
        f"backup {tmp_path / 'b.age'} --to age1nothing",
        f"backup {tmp_path / 'b.age'} --to-file {key.secret}",
    )
    assert [code for code, _, _ in restore] == [2] * 6
    said = (
        "for other keys",
        "Other users",
        "Who can open",
        "holds a secret key",
        "no age public key",
        "secret key",
    )
    assert all(word in complained for word, (_, _, complained) in zip(said, restore, strict=True)), restore
    assert all(len(complained.strip().splitlines()) == 1 for _, _, complained in restore)
    assert not (tmp_path / "b.age").exists()


def _restored(place: Path, *more: str) -> list[tuple[int, str, str]]:
    """Take the databases away, restore in a process of its own, run `more`; return how each ended."""
    for file in (place / "home" / "desk").glob("*.sqlite3*"):
        file.unlink()
    key = place / "key"
    key.write_text(str(KEY))
    key.chmod(0o600)
    return Process(place / "home").ends(f"restore {place / 'desk.age'} --identity {key}", *more)


def test_a_record_that_differs_brings_nothing_in_and_trusts_nobody(place: Path) -> None:
    """A sound backup whose signer says of another state of the record."""
    ((public, _),) = look(place).keys.trust
    shutil.rmtree(place / "home" / "trusted")
    logs = {name: type(one)(one.size, "00" * 32, "") for name, one in look(place).manifest.logs.items()}
    signed_anew(place, logs=logs)
    (restored, listed) = _restored(place, "keys list")
    assert restored[0] == 1
    assert "Nothing was restored" in restored[2]
    assert public.id not in listed[1]


def test_one_of_an_earlier_luwte_is_brought_up_to_date_by_init_and_then_finished(place: Path) -> None:
    """As a program made it that forgot nothing: shut until the same restore ends."""
    later, table = ("telling", "0005_first_contact"), "telling.FirstContact"
    content, home = lines(place), Home.open()
    manifest = read_manifest(content[-1], home.identity.public, place)
    content = [line for line in content[:-1] if table.encode() not in line]
    had = {alias: [one for one in each if one != later] for alias, each in manifest.migrations.items()}
    kept = {label: one for label, one in manifest.tables.items() if label != table}
    digest = sha256(b"".join(content)).hexdigest()
    earlier = replace(manifest, migrations=had, tables=kept, content=digest)
    seal(place, [*content, earlier.signed(home.identity)])
    shutil.rmtree(place / "home" / "trusted")
    restore = f"restore {place / 'desk.age'} --identity {place / 'key'}"
    ended = _restored(
        place, "desk person list", "desk init", "desk person list", restore, "desk person list", "desk tell"
    )
    assert [code for code, _, _ in ended] == [0, 2, 2, 2, 0, 0, 2], ended
    assert "Run `luwte desk init` to bring them up to date" in ended[0][1]
    assert all("luwte restore` again" in complained for _, _, complained in ended[2:4])
    assert "Restored and checked" in ended[4][1]
    assert "Geheimenaam" in ended[5][1]
    assert "will be trusted again" in ended[0][1]
    assert "is trusted again" in ended[4][1]
    assert len(Home.open().trusted()) == 2
