from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from luwte.exchange.report_shape import MOST_HELD
from luwte.exchange.rows import WorklistRow
from luwte.lab.scan.clustering import cluster_findings, mark_clusters
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.units import NamedMatch, Row
from luwte.lab.scan.worklist import NAME, read_rows, write_worklist
from tests.support.ledgers import ledger, row

KEY = bytes(range(32))
NEAR = NamedMatch("e" * 32, "one", "near", 12, 400)
SURE = NamedMatch("e" * 32, "one", "same_picture", 3, 990)
OTHER = NamedMatch("f" * 32, "two", "near", 20)
SAME = NamedMatch("e" * 32, "one", "identical", None)
SCENE = NamedMatch("e" * 32, "one", "same_scene", None, 100)
HASH, AWAY = bytes(32), b"\xff" * 32


def file(number: int, pdq: bytes = HASH, kind: str = "picture") -> Seen:
    digest = bytes([number]) * 32
    return Seen(f"{number}.jpg", "live", 9, kind, sha256=digest, pdq=pdq, pdq_quality=90)  # type: ignore[arg-type]


ROWS = (
    row(0, file(1), (NEAR, OTHER)),
    row(1, file(2), (SURE,)),
    row(2, file(3, AWAY), (NEAR,)),
    row(3, file(4), (SAME,)),
    row(4, file(5), (SCENE,)),
    row(5, file(6)),
    row(6, file(7, kind="video"), (NEAR,)),
    row(7, file(7, kind="video"), (NEAR,)),
)


def marked(folder: Path, rows: tuple[Row, ...], key: bytes = KEY) -> list[WorklistRow]:
    folder.mkdir(exist_ok=True)
    with ledger(folder, rows) as made:
        mark_clusters(made, bytes(32))
        mark_clusters(made, key)
        write_worklist(made, {}, folder / NAME)
        made.discard()
    return list(read_rows(folder))


def test_each_match_that_needs_a_decision_is_in_one_cluster_of_its_entry(tmp_path: Path) -> None:
    rows = marked(tmp_path, ROWS)
    found = [row.cluster for row in rows]
    one, two, sure, far, same, scene, nothing, film, copy = found
    assert one == sure
    assert film == copy
    assert len({one, two, far, film}) == 4
    assert (same, scene, nothing) == (None, None, None)
    assert [row.likelihood for row in rows] == [400, None, 990, 400, None, 100, None, 400, 400]


def test_ids_are_the_same_whatever_the_order_and_others_under_another_key(tmp_path: Path) -> None:
    first = {(row.sha256, row.entry, row.cluster) for row in marked(tmp_path / "a", ROWS)}
    turned = tuple(row._replace(root=number) for number, row in enumerate(ROWS[::-1]))
    assert {(row.sha256, row.entry, row.cluster) for row in marked(tmp_path / "b", turned)} == first
    others = {row.cluster for row in marked(tmp_path / "c", ROWS, bytes(32))}
    assert others & {cluster for _, _, cluster in first} == {None}


def test_a_cluster_says_which_ids_it_had_before_a_smaller_digest_joined(tmp_path: Path) -> None:
    def told(folder: Path, *numbers: int) -> dict[str, tuple[str, ...]]:
        folder.mkdir()
        rows = tuple(row(place, file(number), (NEAR,)) for place, number in enumerate(numbers))
        with ledger(folder, rows) as made:
            mark_clusters(made, KEY)
            return {one.cluster: one.holds for one in cluster_findings(made)}

    ((old, nothing),) = told(tmp_path / "a", 9).items()
    ((middle, held),) = told(tmp_path / "b", 9, 5, 5).items()
    ((new, both),) = told(tmp_path / "c", 5, 9, 2).items()
    assert nothing == ()
    assert held == (old,)
    assert set(both) == {old, middle}
    assert new not in both
    ((many, holds),) = told(tmp_path / "d", *range(1, 30)).items()
    assert len(set(holds) - {many}) == MOST_HELD


def test_a_report_has_each_cluster_once_with_its_weakest_verdict_and_highest_likelihood(
    tmp_path: Path,
) -> None:
    sure = SURE._replace(entry="d" * 32, series="zero")
    with ledger(tmp_path, (*ROWS, row(8, file(8), (sure,)), row(9, file(9), (sure,)))) as made:
        mark_clusters(made, KEY)
        found = cluster_findings(made)
    told = sorted((one.series, one.entry[0], one.verdict, one.files, one.likelihood) for one in found)
    assert told == [
        ("one", "e", "near", 1, 400),
        ("one", "e", "near", 2, 400),
        ("one", "e", "near", 2, 990),
        ("two", "f", "near", 1, 0),
        ("zero", "d", "same_picture", 2, 990),
    ]
    assert len({one.cluster for one in found}) == len(found)


def test_files_that_a_list_names_by_less_than_sha256_are_told_apart(tmp_path: Path) -> None:
    bare = replace(file(1, AWAY), sha256=None)
    rows = (
        row(0, replace(bare, md5=b"m" * 16, pdq=None), (NEAR,)),
        row(1, replace(bare, sha1=b"s" * 20, pdq=None), (NEAR,)),
        row(2, bare, (NEAR,)),
        row(3, bare, (NEAR,)),
    )
    first, second, third, fourth = (row.cluster for row in marked(tmp_path, rows))
    assert third == fourth
    assert len({first, second, third}) == 3
