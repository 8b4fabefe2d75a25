from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from luwte.base.errors import BadInput
from luwte.lab.recognition.likelihood import Evidence, Thresholds
from luwte.lab.recognition.model import (
    FILE_NAME,
    default_model,
    model_bytes,
    model_of,
    read_model,
    version,
)


def test_a_model_ships_and_knows_a_copy_from_a_stranger() -> None:
    model = default_model()
    assert model.verdict(Evidence(None, 30, 0.8, 8), 1_000_000) == "same_picture"
    assert model.verdict(Evidence(None, 5, 0.1, 126), 1_000_000) == "unknown"
    assert model.verdict(Evidence(None, 14, 0.15, 122), 1_000_000) == "same_scene"
    assert "photos" in model.about
    assert "/" not in model.about


def test_a_written_model_is_read_back_and_has_the_same_name(tmp_path: Path) -> None:
    model = default_model()
    (tmp_path / "m.json").write_bytes(model_bytes(model))
    assert read_model(tmp_path / "m.json") == model
    assert len(version(model)) == 16


def test_each_threshold_is_in_the_name() -> None:
    model = default_model()
    others = [Thresholds(0.999, 0.05, 10), Thresholds(0.99, 0.1, 10), Thresholds(0.99, 0.05, 12)]
    names = {version(replace(model, thresholds=thresholds)) for thresholds in others}
    assert len(names | {version(model)}) == 4


def test_an_authority_has_its_own(tmp_path: Path) -> None:
    assert model_of(tmp_path) == default_model()
    own = replace(default_model(), thresholds=Thresholds(0.9999, 0.5, 20))
    (tmp_path / FILE_NAME).write_bytes(model_bytes(own))
    assert model_of(tmp_path) == own


def test_a_link_to_nowhere_is_not_taken_for_no_model(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).symlink_to(tmp_path / "gone")
    with pytest.raises(BadInput, match="cannot be read"):
        model_of(tmp_path)


def changed(**parts: object) -> bytes:
    document: dict[str, Any] = json.loads(model_bytes(default_model()))
    for name, value in parts.items():
        where, _, key = name.rpartition("__")
        (document[where] if where else document)[key] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"[]",
        b"{}",
        b'{"a":' * 5000,
        b"x" * 100_000,
        changed(format="luwte-report"),
        changed(schema=3),
        changed(schema=0),
        changed(second__silence=0.5),
        changed(second=None),
        changed(schema=True),
        changed(more=1),
        changed(about="a\nb"),
        changed(prior=0),
        changed(prior=1.0),
        changed(prior="0.5"),
        changed(weights=[1.0]),
        changed(weights=[True] * 5),
        changed(weights=[1e300] * 5),
        changed(weights=["1"] * 5),
        changed(whole__excess=0),
        changed(whole__share=-1),
        changed(aligned__found=2),
        changed(aligned__more=2),
        changed(aligned=None),
        changed(thresholds__near=0.999, thresholds__same_picture=0.5),
        changed(thresholds__same_scene=3),
        changed(thresholds__same_scene=10.0),
        changed(prior=0.5).replace(b"0.5", b"NaN"),
        changed(prior=0.5).replace(b"0.5", b"1e999"),
        changed(prior=0.5).replace(b"0.5", b"9" * 400),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        model_of(tmp_path)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 450 + len(str(file))
    newer = '"schema": 3' in content.decode("utf-8", "replace")
    assert ("Update Luwte" if newer else "Restore it from a copy; or remove it") in str(refused.value)


def test_a_model_of_schema_1_is_used_as_it_is_and_keeps_its_name(tmp_path: Path) -> None:
    old = replace(default_model(), second=None)
    assert json.loads(model_bytes(old))["schema"] == 1
    (tmp_path / "old.json").write_bytes(model_bytes(old))
    assert read_model(tmp_path / "old.json") == old
    assert version(read_model(tmp_path / "old.json")) == version(old) != version(default_model())


def test_what_belongs_to_the_other_schema_is_refused(tmp_path: Path) -> None:
    document: dict[str, Any] = json.loads(model_bytes(default_model()))
    for wrong in (document | {"schema": 1}, {k: v for k, v in document.items() if k != "second"}):
        (tmp_path / "m.json").write_text(json.dumps(wrong))
        with pytest.raises(BadInput, match="not a model"):
            read_model(tmp_path / "m.json")
