"""The verifier confirms a true statement and refuses every other, in a process that has no Luwte."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from luwte.crypto.identity import Identity
from luwte.crypto.notes import Signer
from luwte.desk.audit import checkpoints
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.telling import coverage_document, stating
from luwte.exchange.receipts import committed_text
from tests.support.audit import acts
from tests.support.coverage import Stage
from tests.support.desk import NOON, someone
from tests.support.exchange import entries

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

VERIFIER = Path(__file__).resolve().parents[2] / "verifier" / "verify_coverage.py"
_ALONE = (
    "import runpy, sys; sys.modules['luwte'] = sys.modules['tests'] = None; "
    "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
)
WITNESS = Signer("court.example/luwte", bytes(range(32)), witness=True)


@dataclass
class Given:
    """What a person holds: the statement, the paper and the keys, in `folder`."""

    folder: Path
    content: bytes
    paper: str
    key: str

    def verify(self, *more: str) -> tuple[int, str]:
        """Run the verifier; return its exit code and what it printed."""
        for name, text in (("statement.json", self.content), ("paper.txt", self.paper.encode())):
            (self.folder / name).write_bytes(text)
        (self.folder / "log.key").write_text(self.key + "\n")
        (self.folder / "witness.key").write_text(WITNESS.verifier.text + "\n")
        words = [sys.executable, "-I", "-c", _ALONE, str(VERIFIER), "statement.json", "log.key", *more]
        done = subprocess.run(
            words, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.stderr == ""
        return done.returncode, done.stdout


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage.at(tmp_path)


def give(stage: Stage, subject: str) -> Given:
    """Let a witness sign, state what was searched, and prove it on paper."""
    stage.checkpoint()
    _cosign(stage)
    statement = stating.state(subject, NOON.year, NOON + timedelta(hours=2))
    content = stating.content_of(subject, statement)
    acts(DESK, 3)
    stage.checkpoint(NOON + timedelta(hours=3))
    _cosign(stage)
    return Given(stage.folder, content, stating.paper_of(subject, statement), stage.signer.verifier.text)


def _cosign(stage: Stage) -> None:
    body = checkpoints.latest(DESK).partition("\n\n")[0] + "\n"
    checkpoints.cosigned(DESK, WITNESS.verifier, WITNESS.line(body, 1_772_000_000))


@pytest.fixture
def given(stage: Stage) -> Given:
    """Noor, whose series was in the list of three searches among other acts."""
    noor = someone(series="series 0")
    statement = stage.listed(entries(30))
    for number in range(3):
        acts(DESK, 5 + number)
        stage.search(statement, found=number == 1, now=NOON + timedelta(days=number), case=f"C-{number}")
    return give(stage, noor.subject)


def test_a_true_statement_is_confirmed(given: Given) -> None:
    code, said = given.verify("--witness", "witness.key", "--paper", "paper.txt")
    assert code == 0, said
    assert "3 searches from 2026-01-01 until 2027-01-01" in said
    assert "with 30 files; 6 could not be read" in said
    assert "3 of them used a list that held at least one of your 1 series: confirmed" in said
    assert f"Signed also by: {WITNESS.name}" in said
    assert "The letter fits: the record says at 2026-03-02T14:00" in said
    assert "does not say whether anything was found" in said
    assert "NOT confirmed" not in said


def test_it_speaks_dutch(given: Given) -> None:
    code, said = given.verify("--lang", "nl")
    assert (code, "bevestigd" in said, "Ook ondertekend door: niemand anders" in said) == (0, True, True)


def test_a_list_without_receipts_or_without_the_series_is_said_to_be_so(stage: Stage) -> None:
    noor = someone(series="series 0")
    stage.search(stage.listed(entries(30)))
    stage.search(stage.listed(entries(12, seed=2), "unknown", kept=False))
    others = [one for one in entries(9, seed=3) if one.series != "series 0"]
    stage.search(stage.listed(others, "others"))
    code, said = give(stage, noor.subject).verify()
    assert code == 1
    assert "1 of them used a list that held at least one of your 1 series: confirmed" in said
    assert "NOT confirmed: 2 of them" in said


def test_a_person_without_a_series_and_a_year_without_searches_are_not_confirmed(stage: Stage) -> None:
    stage.search(stage.listed(entries(30)), now=NOON + timedelta(days=400))
    code, said = give(stage, someone().subject).verify()
    assert (code, "0 searches" in said) == (0, True)


Tamper = Callable[[dict[str, Any]], None]


def _flip(text: str, at: int = 0) -> str:
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


def _bent(text: str) -> str:
    raw = bytearray(b64decode(text))
    raw[-1] ^= 1
    return b64encode(bytes(raw)).decode()


def _series(found: dict[str, Any]) -> dict[str, Any]:
    series: dict[str, Any] = found["lists"][0]["series"][0]
    return series


def _act(found: dict[str, Any]) -> dict[str, Any]:
    act: dict[str, Any] = found["searches"]["contents"][1]
    return act


def _other_maker(found: dict[str, Any]) -> None:
    """Somebody else signs the same root under the same version."""
    one, other = found["lists"][0], Identity.generate()
    one["signature"] = other.sign(committed_text(one["version"], bytes.fromhex(one["commitment"]))).hex()
    one["signing"], one["recipient"] = other.public.signing.hex(), other.public.recipient


def _own_root(found: dict[str, Any]) -> None:
    """Somebody else signs a root of their own, that a series of their own leads to."""
    one = found["lists"][0]
    one["commitment"] = "00" * 32
    _other_maker(found)


def _moved(found: dict[str, Any]) -> None:
    """The same bytes in all, but one of the salt stands in the name."""
    series = _series(found)
    series["salt"], series["name"] = series["salt"][:-2], series["salt"][-2:] + series["name"]


def _own_record(found: dict[str, Any]) -> None:
    """A record of one's own under the signature of another."""
    head, size, _, *rest = found["checkpoint"].split("\n")
    found["checkpoint"] = "\n".join([head, size, b64encode(bytes(32)).decode(), *rest])
    found["searches"] = {"places": [], "contents": [], "proof": b64encode(bytes(32)).decode()}


def _told_twice(found: dict[str, Any]) -> None:
    for part in (found["searches"]["places"], found["searches"]["contents"]):
        part.append(part[0])


def _beyond(found: dict[str, Any]) -> None:
    """A search that never was, at a place that the record does not have, behind the last one that it has."""
    searches, size = found["searches"], int(found["checkpoint"].split("\n")[1])
    assert searches["places"][-1] == size - 1
    made_up = deepcopy(searches["contents"][-1])
    made_up["details"]["files"] = 1_000_000
    searches["places"].append(size + 5)
    searches["contents"].append(made_up)


TAMPERED: dict[str, Tamper] = {
    "a search beyond the end of the record": _beyond,
    "bytes moved from one part to another": _moved,
    "a record of one's own": _own_record,
    "a search told twice": _told_twice,
    "a series beyond those of the person": lambda found: _series(found).update(number=2),
    "another series": lambda found: _series(found).update(name=_flip(_series(found)["name"])),
    "another salt": lambda found: _series(found).update(salt=_flip(_series(found)["salt"])),
    "another count of entries": lambda found: _series(found).update(entries=_series(found)["entries"] + 1),
    "a count that is none": lambda found: _series(found).update(entries=-1),
    "other entries": lambda found: _series(found).update(ids=_flip(_series(found)["ids"])),
    "another place in the list": lambda found: _series(found).update(place=_series(found)["place"] ^ 1),
    "another path in the list": lambda found: _series(found).update(proof=_bent(_series(found)["proof"])),
    "a path that goes on": lambda found: _series(found).update(
        proof=b64encode(b64decode(_series(found)["proof"]) + bytes(32)).decode()
    ),
    "a tree of another size": lambda found: found["lists"][0].update(leaves=2048),
    "an endless tree": lambda found: found["lists"][0].update(leaves=2**80),
    "a series twice": lambda found: found["lists"][0]["series"].append(deepcopy(_series(found))),
    "another root of the list": lambda found: found["lists"][0].update(commitment="ab" * 32),
    "another signature of the list": lambda found: found["lists"][0].update(
        signature=_flip(found["lists"][0]["signature"])
    ),
    "another list": lambda found: found["lists"][0].update(version=_flip(found["lists"][0]["version"])),
    "another maker": _other_maker,
    "another maker's root": _own_root,
    "a list twice": lambda found: found["lists"].append(deepcopy(found["lists"][0])),
    "another list in a search": lambda found: _act(found)["details"].update(list="ab" * 16 + "-" + "cd" * 8),
    "more files": lambda found: _act(found)["details"].update(files=1000),
    "fewer unreadable files": lambda found: _act(found)["details"].update(unreadable=0),
    "another time": lambda found: _act(found).update(at="2026-04-02T12:00:00.000000+00:00"),
    "an act that is no search": lambda found: _act(found).update(act="telling.decided"),
    "a search left out of the contents": lambda found: found["searches"]["contents"].pop(),
    "a search at another place": lambda found: found["searches"].update(
        places=[found["searches"]["places"][0] + 1, *found["searches"]["places"][1:]]
    ),
    "two searches at one place": lambda found: found["searches"].update(
        places=[found["searches"]["places"][0]] * 3
    ),
    "another proof": lambda found: found["searches"].update(proof=_bent(found["searches"]["proof"])),
    "no proof": lambda found: found["searches"].update(proof=""),
    "a period that does not fit": lambda found: found.update(until="2026-03-03T00:00:00Z"),
    "another state of the record": lambda found: found.update(
        checkpoint=found["checkpoint"].replace("\n", "\n1", 1)
    ),
    "no signature": lambda found: found.update(checkpoint=found["checkpoint"].partition("\n\n")[0] + "\n\n"),
    "another format": lambda found: found.update(format="luwte-report"),
    "a newer schema": lambda found: found.update(schema=2),
    "words for numbers": lambda found: found.update(series="many"),
    "nothing in it": lambda found: found.clear(),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_every_change_is_refused(given: Given, what: str) -> None:
    found = json.loads(given.content)
    TAMPERED[what](found)
    given.content = json.dumps(found).encode()
    code, said = given.verify()
    assert code == 2, said
    assert said.startswith("REFUSED: ")
    assert len(said.splitlines()) == 1


def test_an_act_that_is_no_search_is_refused_though_it_is_recorded(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        said: dict[str, Any] = {"list": "x", "commitment": "y", "files": 10**6, "unreadable": 0}
        DESK.record(Act.DECIDED, NOON, by="telling", about="ab" * 16, **said)
    monkeypatch.setattr(coverage_document, "Act", SimpleNamespace(TAKEN_IN=Act.DECIDED))
    code, said_of_it = give(stage, someone().subject).verify()
    assert (code, "an act is no search" in said_of_it) == (2, True)


def test_what_is_cut_off_deep_large_or_noise_is_refused(given: Given) -> None:
    whole = given.content
    for content in (
        whole[:-200], b"", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b'{"series": ' + b"9" * 10_000 + b"}",
    ):  # fmt: skip
        given.content = content
        code, said = given.verify()
        assert (code, said.startswith("REFUSED: ")) == (2, True), content[:20]
    (given.folder / "large.json").touch()
    with (given.folder / "large.json").open("r+b") as file:
        file.truncate(2**30)
    code, said = given.verify("--paper", "large.json")
    assert (code, "the file is too large" in said) == (2, True)
    assert given.verify("--paper", "nowhere.txt")[0] == 2


def test_another_key_or_a_witness_that_did_not_sign_is_refused(given: Given, stage: Stage) -> None:
    own, stranger = given.key, Signer(stage.signer.name, bytes(32))
    (given.folder / "other.key").write_text(
        Signer("court.example/other", bytes(32), witness=True).verifier.text
    )
    assert given.verify("--witness", "other.key")[0] == 2
    for key in (stranger.verifier.text, own[:-4], "", "a+b", _flip(own, own.index("+") + 1), "a+b+c"):
        given.key = key
        code, said = given.verify()
        assert (code, said.startswith("REFUSED: ")) == (2, True), key


def test_a_record_of_another_name_is_refused_though_the_key_signed_it(given: Given, stage: Stage) -> None:
    """One seed may sign several records; each has a name, and a key is for one of them."""
    renamed = replace(stage.signer, name="court.example/other")
    found = json.loads(given.content)
    body = found["checkpoint"].partition("\n\n")[0] + "\n"
    found["checkpoint"] = f"{body}\n{renamed.line(body)}"
    given.content, given.key = json.dumps(found).encode(), renamed.verifier.text
    code, said = given.verify()
    assert (code, "the record is not signed with this key" in said) == (2, True), said


def test_another_root_that_the_maker_signed_is_not_the_one_that_was_searched_with(
    given: Given, stage: Stage
) -> None:
    """A maker may sign a second root for one version, with a series in it that the list never had."""
    found = json.loads(given.content)
    one, series = found["lists"][0], _series(found)
    salt, name, ids = (bytes.fromhex(series[part]) for part in ("salt", "name", "ids"))
    leaf = b"luwte-series-1\n" + salt + name + series["entries"].to_bytes(8, "big") + ids
    root = sha256(b"\0" + leaf).digest()
    signature = stage.home.identity.sign(committed_text(one["version"], root)).hex()
    series.update(place=0, proof="")
    one.update(leaves=1, commitment=root.hex(), signature=signature)
    given.content = json.dumps(found).encode()
    code, said = given.verify()
    assert (code, "NOT confirmed: 3 of them" in said) == (1, True), said


def test_a_letter_proves_only_its_own_file(given: Given, stage: Stage) -> None:
    letter = json.loads(given.paper)
    changed = letter["act"].replace('"digest":"', '"digest":"0')
    unsigned = letter["checkpoint"].partition("\n\n")[0] + "\n\n"
    papers: list[object] = [{}, [], {**letter, "place": letter["place"] + 1}, {**letter, "act": changed}]
    papers += [{**letter, "proof": _bent(letter["proof"])}, {**letter, "checkpoint": unsigned}]
    for paper in papers:
        given.paper = json.dumps(paper)
        assert given.verify("--paper", "paper.txt")[0] == 2
    given.paper = json.dumps(letter)
    given.content = given.content.replace(b'"series": 1,', b'"series": 2,')
    assert given.verify()[0] == 0, "nobody but the letter shows how many series a person has"
    assert given.verify("--paper", "paper.txt")[0] == 2


def test_the_statement_of_another_does_not_fit_the_letter(given: Given, stage: Stage) -> None:
    bo = someone("Bo", series="series 1", email="bo@example.org")
    other = give(stage, bo.subject)
    given.content = other.content
    assert given.verify()[0] == 0
    assert given.verify("--paper", "paper.txt")[0] == 2


def test_it_needs_nothing_but_the_standard_library_and_cryptography() -> None:
    source = VERIFIER.read_text()
    assert "luwte" not in "".join(line for line in source.splitlines() if "import" in line)
    done = subprocess.run(
        [sys.executable, "-I", "-c", "import sys; sys.modules['luwte'] = None; import luwte"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, "the way in which these tests keep Luwte out does not work"
