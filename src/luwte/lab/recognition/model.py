"""The file of a model: read and checked, written, and named by what is in it.

default_model.json beside this module ships with Luwte; an authority's own stands in its home as
recognition.json, where `luwte calibrate` put it, with the thresholds that the authority chose. One of
schema 1 says nothing of how what is near is looked into, and is used as it is.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import cast

from luwte.exchange.documents import compact, parse_object, read_bounded
from luwte.exchange.errors import Unusable, newer
from luwte.exchange.shapes import Shape, ShapeWrong, exactly, record, text
from luwte.lab.recognition.likelihood import Evidence, Model, Second, Tail, Thresholds, features

FORMAT = "luwte-recognition"
SCHEMA = 2
FILE_NAME = "recognition.json"
LIMIT = 65_536
_DEFAULT = Path(__file__).with_name("default_model.json")
_LARGE = 1e6
_SMALL = 1e-12
_FAR = 100  # natural logarithm
_FEWEST_INLIERS = 4
_MOST_INLIERS = 64


@cache
def default_model() -> Model:
    """Return the model that ships with Luwte."""
    return read_model(_DEFAULT)


def model_of(home: Path) -> Model:
    """Return the model that stands in the folder `home`, or the default; raises `BadInput` for a bad one."""
    own = home / FILE_NAME
    return read_model(own) if own.exists() or own.is_symlink() else default_model()


def read_model(path: Path) -> Model:
    """Return the model in the file `path`; raises `BadInput` when it cannot be read or is anything else."""
    try:
        document = parse_object(read_bounded(path, LIMIT), path)
    except Unusable:
        raise _damaged(path, "it is damaged, or another file") from None
    schema = document.get("schema")
    if document.get("format") == FORMAT and type(schema) is int and schema > SCHEMA:
        raise newer(path, schema)
    try:
        (_SHAPES[1] if schema == 1 else _SHAPES[SCHEMA])(document, "the document")
    except ShapeWrong as error:
        raise _damaged(path, str(error)) from None
    return _model(document)


def _damaged(path: Path, why: str) -> Unusable:
    return Unusable(
        f"{path} is not a model of likelihoods ({why}). Restore it from a copy; or remove it, and with it "
        "the thresholds that were set there, to go on with the model that ships with Luwte or calibrate anew."
    )


def model_bytes(model: Model) -> bytes:
    """Return `model` as a file: equal models give equal bytes."""
    parts = asdict(model)
    if model.second is None:
        del parts["second"]
    return compact({"format": FORMAT, "schema": SCHEMA if model.second else 1, **parts}) + b"\n"


def version(model: Model) -> str:
    """Return the name of `model`, 16 hex: what stands in every report, and changes with any number in it."""
    return sha256(model_bytes(model)).hexdigest()[:16]


def _model(document: dict[str, object]) -> Model:
    whole, aligned = (_tail(document[part]) for part in ("whole", "aligned"))
    second = None
    if "second" in document:
        about = cast("dict[str, float]", document["second"])
        second = Second(_tail(about["tail"]), float(about["silence"]))
    thresholds = Thresholds(**cast("dict[str, float]", document["thresholds"]))  # type: ignore[arg-type]
    weights = tuple(map(float, cast("list[float]", document["weights"])))
    prior = float(cast("float", document["prior"]))
    return Model(cast("str", document["about"]), prior, weights, whole, aligned, thresholds, second)


def _tail(document: object) -> Tail:
    return Tail(**{name: float(value) for name, value in cast("dict[str, float]", document).items()})


def _number(low: float, high: float) -> Shape:
    """Return the shape of a number of `low` to `high`."""

    def check(value: object, where: str) -> None:
        if type(value) not in (int, float):
            raise ShapeWrong(f"{where} is not a number")
        if not low <= cast("float", value) <= high:  # also NaN, and whole numbers beyond any float
            raise ShapeWrong(f"{where} is not between {low:g} and {high:g}")

    return check


def _inliers(value: object, where: str) -> None:
    if type(value) is not int or not _FEWEST_INLIERS <= value <= _MOST_INLIERS:
        raise ShapeWrong(f"{where} is not a whole number of {_FEWEST_INLIERS} to {_MOST_INLIERS}")


def _weights(value: object, where: str) -> None:
    wanted = len(features(Evidence()))
    if not isinstance(value, list) or len(value) != wanted:
        raise ShapeWrong(f"{where} are not {wanted} numbers")
    for weight in value:
        _number(-_LARGE, _LARGE)(weight, where)


def _thresholds(value: object, where: str) -> None:
    record(same_picture=_number(0, 1), near=_number(0, 1), same_scene=_inliers)(value, where)
    found = cast("dict[str, float]", value)
    if found["near"] > found["same_picture"]:
        raise ShapeWrong("near is above same_picture")


_TAIL = record(
    start=_number(-_LARGE, _LARGE),
    share=_number(_SMALL, 1),
    excess=_number(_SMALL, _LARGE),
    found=_number(_SMALL, 1),
    spread=_number(_SMALL, _LARGE),
)


def _shape(schema: int, **more: Shape) -> Shape:
    return record(
        format=exactly(FORMAT),
        schema=exactly(schema),
        about=text(r"[^\x00-\x1f\x7f]*", 1000),
        prior=_number(_SMALL, 0.999),
        weights=_weights,
        whole=_TAIL,
        aligned=_TAIL,
        thresholds=_thresholds,
        **more,
    )


_SHAPES = {1: _shape(1), SCHEMA: _shape(SCHEMA, second=record(tail=_TAIL, silence=_number(-_FAR, 0)))}
