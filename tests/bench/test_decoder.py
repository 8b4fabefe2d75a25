"""Each descriptor that leaves a lab has a figure of what can be rebuilt from it; the attacks work at all."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from bench.attacks import Coded, Ridge, aligned, coded, correlation, painted
from bench.decoder import CARRIED, FIGURES, NO_DESCRIPTOR, PAGE, drawn, figures, page, write
from luwte.exchange.entries import FINGERPRINT_BYTES, Entry, RejectedPair
from luwte.exchange.layout import LAYOUT
from luwte.lab.fingerprints.local_codes import Rotation

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def without_figure(names: set[str]) -> set[str]:
    """Return which of `names` (columns, fields) hold a descriptor that docs/decoder.json does not measure."""
    measured = json.loads((DOCS / FIGURES).read_text())
    unknown = {name for name in names if name not in CARRIED and name not in NO_DESCRIPTOR}
    for name in names - unknown - NO_DESCRIPTOR:
        for part in measured.values():
            if not any(told.startswith(CARRIED[name]) for told in part["descriptors"]):
                unknown.add(name)
    return unknown


def test_each_descriptor_that_a_bundle_can_carry_has_a_figure() -> None:
    of_entries = {field.name for kind in (Entry, RejectedPair) for field in fields(kind)} | set(
        FINGERPRINT_BYTES
    )
    assert not without_figure(set(LAYOUT) | of_entries)
    assert without_figure({"learned", "pdq"}) == {"learned"}


def test_nothing_is_a_descriptor_and_none_at_once() -> None:
    assert not set(CARRIED) & NO_DESCRIPTOR


def test_the_page_says_what_was_measured() -> None:
    measured = json.loads((DOCS / FIGURES).read_text())
    assert (DOCS / PAGE).read_text() == "\n".join(page(measured))
    assert set(measured) == {"drawn pictures", "given photos"}


def test_what_was_measured_on_other_pictures_stays(tmp_path: Path) -> None:
    part = {"trained": 2, "tested": 1, "descriptors": {"PDQ": {"best": 0.5, "bits": 0.5}}}
    write(tmp_path, {"one": part})
    write(tmp_path, {"two": part})
    assert set(json.loads((tmp_path / FIGURES).read_text())) == {"one", "two"}
    assert "| PDQ | **0.50** | **0.50** |" in (tmp_path / PAGE).read_text()


def test_a_ridge_finds_a_linear_map_and_correlation_is_that_of_pearson() -> None:
    dice = np.random.default_rng(1)
    hidden, features = dice.normal(size=(8, 20)), dice.normal(size=(200, 8))
    shown = features @ hidden
    assert correlation(Ridge(features[:150], shown[:150])(features[150:]), shown[150:]) > 0.99
    one, other = dice.normal(size=(2, 3, 50))
    by_numpy = np.mean([np.corrcoef(*pair)[0, 1] for pair in zip(one, other, strict=True)])
    assert correlation(one, other) == pytest.approx(float(by_numpy))


@pytest.fixture(scope="module")
def few() -> list:  # type: ignore[type-arg]
    return list(drawn(24))


def test_true_patches_painted_where_they_were_give_the_picture(few: list) -> None:  # type: ignore[type-arg]
    seen = [coded(Rotation(bytes(32)).encode(one.keypoints)) for one in few]
    given = [replace(code, values=one.patches) for code, one in zip(seen, few, strict=True)]
    shown = np.stack([one.shown for one in few])
    canvas = painted(given, lambda values: values)[:, :1024]
    assert correlation(canvas, shown) > 0.5
    turned = [replace(code, values=-code.values) for code in given]
    assert correlation(painted(turned, lambda values: values)[:, :1024], shown) < -0.5


def test_directions_of_two_lists_are_aligned_whatever_their_rotations() -> None:
    dice = np.random.default_rng(2)
    spread = np.array([9, 7, 5, 4, 3, 2.5] + [0.3] * 26)

    def codes(seed: int, rotation: np.ndarray) -> list[Coded]:
        found = []
        for _ in range(40):
            values = dice.normal(size=(64, 32)) * spread
            places = np.stack([values[:, 0] / 60 + 0.5, values[:, 1] / 60 + 0.5], axis=1)
            angles = np.degrees(np.arctan2(values[:, 2], values[:, 3]))
            places = np.concatenate([places, np.exp(values[:, 4:5] / 5), angles[:, None]], axis=1)
            found.append(Coded(values @ rotation, places, (1.0, 1.0)))
        return found

    rotations = [np.linalg.qr(dice.normal(size=(32, 32)))[0] for _ in range(2)]
    one, other = aligned(codes(1, rotations[0]), codes(2, rotations[1]), 5)
    marks = [
        [np.corrcoef(np.concatenate([part.places[:, 0] for part in seen]),
                     np.concatenate([part.values[:, 0] for part in seen]))[0, 1] for seen in (one, other)]
    ]  # fmt: skip
    assert marks[0][0] * marks[0][1] > 0.8


def test_the_attack_gains_more_the_more_it_knows(few: list) -> None:  # type: ignore[type-arg]
    told = figures(few)["descriptors"]
    assert told["PDQ"]["best"] > told["SHA-256"]["best"]
    assert told["local codes, rotation known"]["best"] > told["SHA-256"]["best"]
