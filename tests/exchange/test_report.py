from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luwte.base.errors import BadInput
from luwte.exchange.bundle import read_statement
from luwte.exchange.errors import NewerSchema, SignerUnknown, Unusable
from luwte.exchange.home import Home, read_public
from luwte.exchange.report import (
    CarrierProblem,
    ClusterFinding,
    EntryFinding,
    RememberedFiles,
    Report,
    SeriesFinding,
    Thresholds,
    case_number,
    read_report,
    report_document,
    write_report,
)
from luwte.exchange.report_checks import FOUND
from luwte.exchange.report_shape import OTHER_REASON, OTHER_SYSTEM, plain_reasons, plain_system
from luwte.exchange.statement import Statement
from tests.support.exchange import NOON, OLD, bundle, coverage, names, report, spoiled

SLOW = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def lab(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "lab")


@pytest.fixture
def listed(tmp_path: Path, lab: Home) -> Statement:
    bundle(tmp_path / "list", lab)
    return read_statement(tmp_path / "list", lab.trusted())


def written(tmp_path: Path, lab: Home, found: Report) -> Path:
    write_report(tmp_path / "report.lwreport", found, lab)
    return tmp_path / "report.lwreport"


counts = st.integers(0, 5)
entry_findings = st.builds(
    EntryFinding,
    st.binary(min_size=16, max_size=16).map(bytes.hex),
    identical=counts,
    same_picture=counts,
    near=counts,
)


@st.composite
def findings(draw: st.DrawFn) -> tuple[SeriesFinding, ...]:
    found = []
    for series in draw(st.lists(names, unique=True, max_size=4)):
        entries = draw(st.lists(entry_findings, min_size=1, max_size=4, unique_by=lambda entry: entry.entry))
        tally = {verdict: sum(getattr(entry, verdict) for entry in entries) for verdict in FOUND}
        found.append(SeriesFinding(series, **tally, entries=tuple(entries)))
    return tuple(found)


@given(findings(), st.none() | st.just("2026.1/a"), st.integers(0, 10**6))
@SLOW
def test_what_is_written_is_what_is_read(
    tmp_path: Path,
    lab: Home,
    listed: Statement,
    found: tuple[SeriesFinding, ...],
    case: str | None,
    later: int,
) -> None:
    made = report(listed, findings=found, case=case, made=NOON + timedelta(seconds=later))
    path = written(tmp_path, lab, made)
    assert read_report(path, lab.trusted()) == replace(made, signer=lab.identity.public.id)


def test_a_report_is_plain_json(tmp_path: Path, lab: Home, listed: Statement) -> None:
    made = report(listed)
    found = json.loads(written(tmp_path, lab, made).read_bytes())
    assert found["body"] == report_document(made)
    assert found["signer"] == lab.identity.public.id


def test_every_changed_byte_is_noticed(tmp_path: Path, lab: Home, listed: Statement) -> None:
    good = written(tmp_path, lab, report(listed)).read_bytes()
    bad = tmp_path / "bad"
    for place in range(len(good)):
        for flip in (1, 0x20):
            bad.write_bytes(good[:place] + bytes([good[place] ^ flip]) + good[place + 1 :])
            with pytest.raises(BadInput):
                read_report(bad, lab.trusted())


@given(st.data())
@SLOW
def test_spoiled_reports_end_in_one_sentence(
    tmp_path: Path, lab: Home, listed: Statement, data: st.DataObject
) -> None:
    good = written(tmp_path, lab, report(listed)).read_bytes()
    (tmp_path / "bad").write_bytes(data.draw(spoiled(good) | st.binary(max_size=200)))
    with pytest.raises(BadInput) as caught:
        read_report(tmp_path / "bad", lab.trusted())
    assert "\n" not in str(caught.value)


def test_an_unknown_signer_is_named(tmp_path: Path, lab: Home, listed: Statement) -> None:
    path = written(tmp_path, lab, report(listed))
    with pytest.raises(SignerUnknown, match=lab.identity.public.id):
        read_report(path, Home.open(tmp_path / "desk").trusted())


def test_the_list_must_be_of_a_trusted_maker(tmp_path: Path, lab: Home) -> None:
    stranger = Home.open(tmp_path / "stranger")
    bundle(tmp_path / "list", stranger)
    path = written(tmp_path, lab, report(read_statement(tmp_path / "list", stranger.trusted())))
    with pytest.raises(SignerUnknown, match=f"The list that .* by key {stranger.identity.public.id}"):
        read_report(path, lab.trusted())
    read_report(path, [*lab.trusted(), stranger.identity.public])


def test_the_list_cannot_be_another_than_was_signed(tmp_path: Path, lab: Home, listed: Statement) -> None:
    path = written(tmp_path, lab, report(replace(listed, entries=500)))
    with pytest.raises(Unusable, match="not the list that was signed"):
        read_report(path, lab.trusted())
    path = written(tmp_path, lab, report(replace(listed, signature=bytes(64))))
    with pytest.raises(Unusable, match="list does not fit"):
        read_report(path, lab.trusted())


def test_a_newer_schema_says_update(tmp_path: Path, lab: Home, listed: Statement) -> None:
    path = written(tmp_path, lab, report(listed))
    path.write_bytes(path.read_bytes().replace(b'"schema":4', b'"schema":5', 1))
    with pytest.raises(NewerSchema, match="Update Luwte"):
        read_report(path, lab.trusted())


def signed(tmp_path: Path, lab: Home, document: object, schema: int = 4) -> Path:
    """Write a report whose signature is good, whatever it says."""
    body = json.dumps(document).encode()
    head = (
        f'{{"format":"luwte-report","schema":{schema},"signer":"{lab.identity.public.id}",'
        f'"signature":"{lab.identity.sign(body).hex()}","body":\n'
    )
    path = tmp_path / "signed"
    path.write_bytes(head.encode() + body + b"\n}\n")
    return path


def planted(*keys: str | int, value: object) -> Callable[[dict[str, Any]], None]:
    def plant(document: dict[str, Any]) -> None:
        place: Any = document
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return plant


def test_a_report_says_the_rule_that_a_video_was_judged_by(
    tmp_path: Path, lab: Home, listed: Statement
) -> None:
    made = report(listed, thresholds=Thresholds(film_share=80))
    assert read_report(written(tmp_path, lab, made), lab.trusted()).thresholds == Thresholds(31, 50, 80)


def test_the_schema_outside_is_that_inside(tmp_path: Path, lab: Home, listed: Statement) -> None:
    path = written(tmp_path, lab, report(listed))
    path.write_bytes(path.read_bytes().replace(b'"schema":4', b'"schema":1', 1))
    with pytest.raises(Unusable, match="its schema differs"):
        read_report(path, lab.trusted())
    with pytest.raises(Unusable, match="its schema differs"):
        read_report(signed(tmp_path, lab, report_document(report(listed)), schema=2), lab.trusted())


FOREIGN = [
    planted("path", value="/DCIM/a.jpg"),
    planted("coverage", "names", value=["a.jpg"]),
    planted("coverage", "reasons", value={"cannot read /DCIM/a.jpg": 1}),
    planted("coverage", "reasons", value={"cannot read a.jpg": 1}),
    planted("coverage", "reasons", value={"1a" * 16: 1}),
    planted("coverage", "reasons", value={"C:\\a": 1}),
    planted("coverage", "carriers", 0, "path", value="/evidence"),
    planted("coverage", "carriers", 0, "kind", value="/evidence/a.E01"),
    planted("coverage", "carriers", 0, "file_systems", value=["/dev/sda1"]),
    planted("coverage", "carriers", 0, "problems", value=[{"reason": "a.jpg", "count": 1}]),
    planted("coverage", "carriers", 0, "problems", value=[{"reason": "odd", "count": 1, "path": "a"}]),
    planted("coverage", "carriers", 0, "image_hash", value="1a" * 16),
    planted("coverage", "classes", "a.jpg", value=1),
    planted("coverage", "files", value=-1),
    planted("coverage", "files", value=True),
    planted("coverage", "files", value=1.5),
    planted("coverage", "started", value="yesterday"),
    planted("findings", 0, "entries", 0, "md5", value="1a" * 16),
    planted("findings", 0, "entries", 0, "entry", value="1A" * 16),
    planted("findings", 0, "pdq", value="1a" * 32),
    planted("findings", 0, "series", value="a\nb"),
    planted("thresholds", "pdq_radius", value="31"),
    planted("tool", value="luwte /usr/bin"),
    planted("case", value="../../etc"),
    planted("id", value="1"),
    planted("format", value="luwte-bundle"),
    planted("schema", value=4.0),
    planted("pass", value="slow"),
    planted("thresholds", "near", value=1001),
    planted("thresholds", "model", value="/models/a"),
    planted("findings", 0, "entries", 0, "remembered", value=[{"clusters": ["1A" * 16], "files": 1}]),
    planted("findings", 0, "entries", 0, "remembered", value=[{"clusters": ["1a" * 16] * 16, "files": 1}]),
    planted("findings", 0, "entries", 0, "remembered", value=[{"clusters": [], "files": 1, "path": "a"}]),
    planted("clusters", 0, "path", value="a.jpg"),
    planted("clusters", 0, "cluster", value="1a" * 32),
    planted("clusters", 0, "likelihood", value=1001),
    planted("clusters", 0, "likelihood", value=0.5),
    planted("clusters", 0, "verdict", value="same_scene"),
]


@pytest.mark.parametrize("plant", FOREIGN)
def test_a_signature_does_not_let_anything_else_through(
    tmp_path: Path, lab: Home, listed: Statement, plant: Callable[[dict[str, Any]], None]
) -> None:
    document = report_document(judged(listed))
    read_report(signed(tmp_path, lab, document), lab.trusted())
    plant(document)
    with pytest.raises(Unusable, match="may not say"):
        read_report(signed(tmp_path, lab, document), lab.trusted())


@pytest.mark.parametrize("missing", ["coverage", "findings", "list", "case"])
def test_nothing_may_be_missing(tmp_path: Path, lab: Home, listed: Statement, missing: str) -> None:
    document = report_document(report(listed))
    del document[missing]
    with pytest.raises(Unusable, match="may not say"):
        read_report(signed(tmp_path, lab, document), lab.trusted())


@pytest.mark.parametrize("document", [[], "text", None, {"a": [[[[[[[[[[]]]]]]]]]]}])
def test_a_signed_body_of_another_form_is_refused(tmp_path: Path, lab: Home, document: object) -> None:
    with pytest.raises(Unusable):
        read_report(signed(tmp_path, lab, document), lab.trusted())


ENTRY = EntryFinding("ab" * 16, 2, 3, 1)
K, L = "c1" * 16, "c2" * 16


@pytest.mark.parametrize(
    "found",
    [
        (SeriesFinding("blue", 3, 3, 1, (ENTRY,)),),
        (SeriesFinding("blue", 1, 3, 1, (ENTRY,)),),
        (SeriesFinding("blue", 2, 4, 1, (ENTRY,)),),
        (SeriesFinding("blue", 2, 2, 1, (ENTRY,)),),
        (SeriesFinding("blue", 2, 3, 1, (ENTRY, ENTRY)),),
        (SeriesFinding("blue", 2, 3, 1, (ENTRY,)), SeriesFinding("blue", 2, 3, 1, (ENTRY,))),
        (SeriesFinding("blue", 1, 0, 0, ()),),
        *(
            (SeriesFinding("blue", 2, 3, 1, (replace(ENTRY, remembered=parts),)),)
            for parts in (
                (RememberedFiles((K,), 3),),
                (RememberedFiles((K,), 1), RememberedFiles((L,), 2)),
                (RememberedFiles((K,), 1), RememberedFiles((K,), 1)),
                (RememberedFiles((L, K), 1),),
                (RememberedFiles((K, K), 1),),
                (RememberedFiles((), 1),),
                (RememberedFiles((K,), 0),),
            )
        ),
    ],
)
def test_counts_that_do_not_add_up_are_refused(
    tmp_path: Path, lab: Home, listed: Statement, found: tuple[SeriesFinding, ...]
) -> None:
    path = written(tmp_path, lab, report(listed, findings=found))
    with pytest.raises(Unusable, match="do not add up"):
        read_report(path, lab.trusted())


@pytest.mark.parametrize(
    "changes",
    [
        {"other": 3},
        {"unreadable": 1},
        {"identical": 1, "other": 3},
        {"near": 0},
        {"same_picture": 1, "other": 1},
        {"same_scene": 1, "other": 1},
    ],
)
def test_classes_that_do_not_add_up_to_all_files_are_refused(
    tmp_path: Path, lab: Home, listed: Statement, changes: dict[str, int]
) -> None:
    sound = coverage()
    odd = replace(sound, classes=sound.classes | changes)
    path = written(tmp_path, lab, report(listed, coverage=odd))
    with pytest.raises(Unusable, match="do not add up"):
        read_report(path, lab.trusted())


CLUSTER = ClusterFinding("c1" * 16, ENTRY.entry, "blue", "same_picture", 3, 998, ("c3" * 16,))
NEAR_ONE = replace(CLUSTER, cluster="c2" * 16, verdict="near", files=1, likelihood=500, holds=())
RULE = Thresholds(model="0123456789abcdef", same_picture=995, near=400)


def judged(listed: Statement, **changes: object) -> Report:
    """Return the report of a deep pass with two clusters, with `changes` to its parts."""
    sound = coverage()
    classes = sound.classes | {"same_picture": 3, "same_scene": 1, "unknown_imagery": 0, "other": 1}
    parts: dict[str, object] = {
        "coverage": replace(sound, same_picture=3, same_scene=1, unknown=3, classes=classes),
        "findings": (SeriesFinding("blue", 2, 3, 1, (ENTRY,)),),
        "thresholds": RULE,
        "depth": "deep",
        "clusters": (CLUSTER, NEAR_ONE),
    }
    return report(listed, **parts | changes)


def test_clusters_and_the_model_are_read_as_written(tmp_path: Path, lab: Home, listed: Statement) -> None:
    made = judged(listed)
    assert read_report(written(tmp_path, lab, made), lab.trusted()) == replace(
        made, signer=lab.identity.public.id
    )
    document = report_document(made)
    assert document["pass"] == "deep"
    assert document["clusters"][0] == {
        "cluster": "c1" * 16,
        "entry": "ab" * 16,
        "series": "blue",
        "verdict": "same_picture",
        "files": 3,
        "likelihood": 998,
        "holds": ["c3" * 16],
    }


@pytest.mark.parametrize(
    "clusters",
    [
        (replace(CLUSTER, entry="cd" * 16),),
        (replace(CLUSTER, series="red"),),
        (replace(CLUSTER, files=0),),
        (replace(CLUSTER, files=5),),
        (replace(CLUSTER, files=4), NEAR_ONE),
        (CLUSTER, replace(NEAR_ONE, cluster=CLUSTER.cluster)),
        (replace(CLUSTER, holds=(CLUSTER.cluster,)),),
        (replace(CLUSTER, holds=("c3" * 16, "c3" * 16)),),
        (replace(CLUSTER, holds=("c3" * 16, "c4" * 16, "c5" * 16)),),
    ],
)
def test_clusters_that_do_not_fit_the_findings_are_refused(
    tmp_path: Path, lab: Home, listed: Statement, clusters: tuple[ClusterFinding, ...]
) -> None:
    path = written(tmp_path, lab, judged(listed, clusters=clusters))
    with pytest.raises(Unusable, match="clusters that do not fit"):
        read_report(path, lab.trusted())


def test_what_rests_on_a_decision_is_read_as_written(tmp_path: Path, lab: Home, listed: Statement) -> None:
    parts = (RememberedFiles((K,), 1), RememberedFiles((K, L), 1))
    made = judged(listed, findings=(SeriesFinding("blue", 2, 3, 1, (replace(ENTRY, remembered=parts),)),))
    assert read_report(written(tmp_path, lab, made), lab.trusted()).findings == made.findings
    assert report_document(made)["findings"][0]["entries"][0]["remembered"] == [
        {"clusters": [K], "files": 1},
        {"clusters": [K, L], "files": 1},
    ]


def test_a_cluster_has_a_verdict_that_its_entry_has(tmp_path: Path, lab: Home, listed: Statement) -> None:
    only_near = EntryFinding(ENTRY.entry, 2, 0, 4)
    found = (SeriesFinding("blue", 2, 0, 4, (only_near,)),)
    path = written(tmp_path, lab, judged(listed, findings=found, clusters=(CLUSTER,)))
    with pytest.raises(Unusable, match="clusters that do not fit"):
        read_report(path, lab.trusted())


@pytest.mark.parametrize(
    "changes",
    [
        {"thresholds": Thresholds()},
        {"thresholds": replace(RULE, model=None)},
        {"thresholds": replace(RULE, near=None)},
        {"thresholds": replace(RULE, near=996)},
        {"thresholds": Thresholds(), "depth": "fast", "clusters": ()},
        {"thresholds": Thresholds(), "depth": "fast", "coverage": coverage()},
    ],
)
def test_what_a_model_said_names_the_model(
    tmp_path: Path, lab: Home, listed: Statement, changes: dict[str, object]
) -> None:
    path = written(tmp_path, lab, judged(listed, **changes))
    with pytest.raises(Unusable, match="by which model"):
        read_report(path, lab.trusted())


def test_verdicts_that_do_not_add_up_to_all_files_are_refused(
    tmp_path: Path, lab: Home, listed: Statement
) -> None:
    path = written(tmp_path, lab, report(listed, coverage=replace(coverage(), unknown=6)))
    with pytest.raises(Unusable, match="do not add up"):
        read_report(path, lab.trusted())


@pytest.mark.parametrize(("schema", "film_share"), [(1, None), (2, 80)])
def test_reports_that_earlier_versions_wrote_are_read(schema: int, film_share: int | None) -> None:
    found = read_report(OLD / f"report-{schema}.lwreport", [read_public(OLD / "public.json")])
    assert (found.schema, found.depth, found.clusters) == (schema, "fast", ())
    assert found.thresholds == Thresholds(film_share=film_share)
    assert (found.coverage.identical, found.coverage.same_picture, found.coverage.near) == (2, 0, 1)
    assert found.coverage.classes["same_scene"] == 0
    assert found.findings == (SeriesFinding("series 1", 2, 0, 1, (EntryFinding("ab" * 16, 2, 0, 1),)),)
    assert report_document(found) == json.loads((OLD / f"report-{schema}.lwreport").read_bytes())["body"]


def test_a_report_of_the_third_schema_is_read_and_says_nothing_of_decisions(
    tmp_path: Path, lab: Home
) -> None:
    maker = read_public(OLD / "public-3.json")
    found = read_report(OLD / "report-3.lwreport", [maker])
    assert (found.schema, found.depth, len(found.clusters)) == (3, "deep", 2)
    assert found.findings == (SeriesFinding("series 1", 2, 3, 1, (ENTRY,)),)
    document = report_document(found)
    assert document == json.loads((OLD / "report-3.lwreport").read_bytes())["body"]
    document["findings"][0]["entries"][0]["remembered"] = []
    with pytest.raises(Unusable, match="may not say"):
        read_report(signed(tmp_path, lab, document, 3), [*lab.trusted(), maker])


@pytest.mark.parametrize("schema", [1, 2])
@pytest.mark.parametrize("key", ["pass", "clusters"])
def test_an_older_report_says_nothing_of_what_is_newer(
    tmp_path: Path, lab: Home, schema: int, key: str
) -> None:
    trusted = [*lab.trusted(), read_public(OLD / "public.json")]
    document = json.loads((OLD / f"report-{schema}.lwreport").read_bytes())["body"]
    read_report(signed(tmp_path, lab, document, schema), trusted)
    with pytest.raises(Unusable, match="may not say"):
        read_report(signed(tmp_path, lab, document | {key: "fast"}, schema), trusted)


SECRETS = [
    "/DCIM/beach",
    "holiday.jpg",
    "C:\\Users",
    "my_file",
    "d41d8cd98f00b204e9800998ecf8427e",
    "naïve name",
]


@given(st.lists(st.sampled_from(SECRETS), min_size=1, max_size=3), st.text(max_size=20))
@SLOW
def test_no_path_name_or_fingerprint_leaves_in_a_reason(
    tmp_path: Path, lab: Home, listed: Statement, secrets: list[str], around: str
) -> None:
    reasons = {f"{around} {secret}": 1 for secret in secrets}
    problems = tuple(CarrierProblem(reason, 1) for reason in reasons)
    path = written(tmp_path, lab, report(listed, coverage=coverage(reasons, problems)))
    text = path.read_text()
    assert not any(secret in text for secret in secrets)
    found = read_report(path, lab.trusted()).coverage
    assert sum(found.reasons.values()) == len(reasons)
    assert sum(problem.count for problem in found.carriers[0].problems) == len(reasons)


def test_reasons_are_few_and_their_sum_is_kept() -> None:
    many = {f"reason {number}": number + 1 for number in range(500)}
    found = plain_reasons(many)
    assert len(found) == 101
    assert sum(found.values()) == sum(many.values())
    assert plain_reasons({"cut off.": 1, " cut off": 2}) == {"cut off": 3}
    assert plain_reasons({"": 4}) == {OTHER_REASON: 4}


def test_file_systems_have_plain_names() -> None:
    assert [plain_system(name) for name in ("ext4", "HFS+", "ISO 9660")] == ["ext4", "HFS+", "ISO 9660"]
    assert plain_system("/dev/sda1") == OTHER_SYSTEM


@pytest.mark.parametrize("value", ["", " a", "a\nb", "x" * 65, "a;b", "<a>"])
def test_case_numbers_are_checked_before_a_scan(value: str) -> None:
    with pytest.raises(BadInput, match="case number"):
        case_number(value)


@pytest.mark.parametrize("value", ["2026/0123-A", "09:123456_b.2", "Case 7"])
def test_case_numbers_of_the_usual_form_pass(value: str) -> None:
    assert case_number(value) == value


def test_files_that_are_no_reports(tmp_path: Path, lab: Home) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_report(tmp_path / "none", lab.trusted())
    with pytest.raises(BadInput, match="cannot be read"):
        read_report(tmp_path, lab.trusted())
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(Unusable, match="not a report"):
        read_report(tmp_path / "empty", lab.trusted())
