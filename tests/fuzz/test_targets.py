"""The readers of foreign bytes stand every example and many spoiled copies; a planted bug is found."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from fuzz import make_corpus, plain
from fuzz.ewf import mended
from fuzz.mutation import LARGEST, mutations
from fuzz.signing import KNOWN
from fuzz.targets import CORPUS, NAMES, examples, load
from luwte.base.errors import BadInput
from luwte.exchange.report import read_report

CHANGED = 400
MADE = {
    "ewf": make_corpus.ewf_examples,
    "vics": make_corpus.vics_examples,
    "csv_list": make_corpus.csv_examples,
    "bundle": make_corpus.bundle_examples,
    "report": make_corpus.report_examples,
    "decisions": make_corpus.decisions_examples,
    "receipts": make_corpus.receipts_examples,
    "witness": make_corpus.witness_examples,
}


def contents(name: str) -> list[bytes]:
    """Return the corpus of a target."""
    return [path.read_bytes() for path in examples(name)]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_a_clear_refusal_comes_out(name: str) -> None:
    found = [
        f"{finding.error!r} at {finding.data!r}"
        for finding in plain.replay(load(name), contents(name), 4, CHANGED)
    ]
    assert not found


@pytest.mark.parametrize("name", NAMES)
def test_what_the_writers_make_today_is_read_too(name: str) -> None:
    made = [content for _, content in MADE[name]()]
    assert not [finding.error for finding in plain.replay(load(name), made, 0, 0)]
    assert {example for example, _ in MADE[name]()} <= {path.name for path in examples(name)}


def test_the_corpus_is_small_and_of_the_targets_only() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(NAMES)
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) < 200_000


def test_a_report_of_the_corpus_is_a_good_one(tmp_path: Path) -> None:
    path = tmp_path / "a.lwreport"
    path.write_bytes(dict(make_corpus.report_examples())["whole.lwreport"])
    assert read_report(path, [KNOWN]).findings
    path.write_bytes(path.read_bytes().replace(b'"identical": 2', b'"identical": 3'))
    with pytest.raises(BadInput, match="signature"):
        read_report(path, [KNOWN])


def test_checksums_of_a_good_image_stay_as_they_are() -> None:
    image = dict(make_corpus.ewf_examples())["packed.E01"]
    assert mended(image) == image
    spoiled = bytearray(image)
    spoiled[13 + 72] ^= 1
    assert mended(bytes(spoiled)) == image


def test_changes_come_from_the_seed_alone_and_stay_small() -> None:
    first, again, other = (list(islice(mutations([b"abc" * 50], Random(seed)), 300)) for seed in (1, 1, 2))
    assert first == again != other
    assert len(set(first)) > 200
    assert max(map(len, islice(mutations([bytes(LARGEST)], Random(1)), 50))) <= LARGEST


def test_a_planted_bug_is_found_kept_and_shown_again(tmp_path: Path) -> None:
    def one(data: bytes) -> None:
        if b"d" not in data:
            raise IndexError("planted")

    tried, finding = plain.run(one, [b"abcd"], 0, 60)
    assert tried > 1
    assert finding is not None
    assert isinstance(finding.error, IndexError)
    kept = plain.keep(finding, tmp_path / "found")
    assert b"d" not in kept.read_bytes()
    assert not list(plain.replay(lambda _: None, [b"abcd"], 0, 5))


def test_an_input_that_takes_too_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "LONGEST", 0.05)

    def one(_: bytes) -> None:
        while True:
            pass

    assert [type(finding.error) for finding in plain.replay(one, [b""], 0, 0)] == [plain.TooSlow]


def test_the_command_runs_a_target_and_a_single_input(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fuzz", "vics"]
    ran = subprocess.run(
        [*command, "--time", "0", "--engine", "plain"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "vics: 0 inputs tried\n"
    seen = subprocess.run([*command, "--input", str(examples("vics")[0])], capture_output=True, text=True)
    assert (seen.returncode, seen.stdout) == (0, "")
