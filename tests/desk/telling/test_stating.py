"""Coverage statements: the same with and without findings, recorded, and given again as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from luwte.desk.audit.acts import Act
from luwte.desk.audit.checkpoints import NoCheckpoint
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.models import Leaf
from luwte.desk.findings.models import Finding
from luwte.desk.telling import coverage_document, stating
from luwte.desk.telling.errors import NotProvenYet, PeriodTooLong, StatementUnknown
from luwte.desk.telling.models import CoverageStatement
from tests.support.audit import acts
from tests.support.coverage import Stage
from tests.support.desk import NOON, someone
from tests.support.exchange import entries
from tests.support.triggers import without_triggers

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]
LATER = NOON + timedelta(hours=2)
_SECRETS = re.compile(rb'"(?:id|salt|name|ids|proof)": "[^"]*"|"(?:entries|place)": \d+')


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stating._searches.cache_clear()
    yield Stage.at(tmp_path)
    stating._searches.cache_clear()


def _stated(subject: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stating.content_of(subject, stating.state(subject, 2026, LATER)))
    return found


def _how_long(secret: re.Match[bytes]) -> bytes:
    """Return the length of a text; a number, as where an entry stands in its list, is longer by chance."""
    return b"%d" % len(secret[0]) if secret[0].endswith(b'"') else b"number"


def test_with_and_without_findings_it_is_the_same_but_for_the_persons_own_secrets(stage: Stage) -> None:
    noor = someone(series="series 0").subject
    bo = someone("Bo", series="series 2", email="bo@example.org").subject
    statement = stage.listed(entries(30))
    stage.search(statement, found=True)
    stage.search(statement, case="C-2")
    stage.checkpoint()
    assert set(Finding.objects.values_list("subject", flat=True)) == {noor}
    made = [stating.content_of(one, stating.state(one, 2026, LATER)) for one in (noor, bo)]
    assert made[0] != made[1]
    shapes = [_SECRETS.sub(_how_long, content) for content in made]
    assert shapes[0] == shapes[1]


def test_a_finding_that_comes_later_changes_no_byte_of_what_was_stated(stage: Stage) -> None:
    noor = someone(series="series 0").subject
    statement = stage.listed(entries(30))
    stage.search(statement)
    stage.checkpoint()
    one = stating.state(noor, 2026, LATER)
    before = stating.content_of(noor, one)
    stage.search(statement, found=True, case="C-2")
    stage.checkpoint()
    stating._searches.cache_clear()
    assert stating.content_of(noor, one) == before


def test_it_shows_the_searches_of_its_year_up_to_the_checkpoint(stage: Stage) -> None:
    noor = someone(series="series 0").subject
    statement = stage.listed(entries(30))
    for moment in (
        datetime(2025, 12, 31, 23, 59, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), NOON,
        datetime(2027, 1, 1, tzinfo=UTC),
    ):  # fmt: skip
        stage.search(statement, now=moment, case=f"{moment:%Y%m%d}")
    stage.checkpoint()
    stage.search(statement, case="after")
    found = _stated(noor)
    assert [one["at"][:10] for one in found["searches"]["contents"]] == ["2026-01-01", "2026-03-02"]
    assert stating.years(LATER) == [2026, 2025]
    assert (found["series"], len(found["lists"]), len(found["lists"][0]["series"])) == (1, 1, 1)


def test_no_name_of_a_series_no_case_and_no_pseudonym_is_in_it(stage: Stage) -> None:
    noor = someone(series="series 0").subject
    stage.search(stage.listed(entries(30)), found=True, case="CASE-4712")
    stage.checkpoint()
    said = json.dumps(_stated(noor))
    for secret in ("series 0", "CASE-4712", noor, "Noor"):
        assert secret not in said


def test_it_is_recorded_by_its_digest_and_asked_again_it_is_the_same(stage: Stage) -> None:
    noor = someone(series="series 0").subject
    stage.search(stage.listed(entries(30)))
    stage.checkpoint()
    one = stating.state(noor, 2026, LATER)
    assert stating.state(noor, 2026, LATER + timedelta(hours=1)) == one
    row = Leaf.objects.get(act=Act.COVERAGE_STATED)
    said = json.loads(bytes(row.content or b""))
    assert (said["about"], said["by"]) == (one, "person")
    assert said["details"] == {"digest": sha256(stating.content_of(noor, one)).hexdigest()}
    assert noor not in json.dumps(said)
    assert CoverageStatement.objects.count() == 1


def test_another_link_or_another_checkpoint_makes_another_statement(stage: Stage) -> None:
    noor = someone(series="series 0")
    stage.search(stage.listed(entries(30)))
    stage.checkpoint()
    made = {stating.state(noor.subject, 2026, LATER)}
    from luwte.desk.telling import services

    services.link_series(noor.id, "series 1", LATER)
    made.add(stating.state(noor.subject, 2026, LATER))
    stage.checkpoint()
    made.add(stating.state(noor.subject, 2026, LATER))
    assert len(made) == 3


def test_the_paper_comes_with_the_next_checkpoint(stage: Stage) -> None:
    noor = someone(series="series 0").subject
    stage.search(stage.listed(entries(30)))
    stage.checkpoint()
    one = stating.state(noor, 2026, LATER)
    assert [row.proven for row in stating.stated(noor)] == [False]
    with pytest.raises(NotProvenYet):
        stating.paper_of(noor, one)
    acts(DESK, 1)
    stage.checkpoint()
    assert [(row.id, row.year, row.proven) for row in stating.stated(noor)] == [(one, 2026, True)]
    paper = json.loads(stating.paper_of(noor, one))
    assert json.loads(paper["act"])["details"]["digest"] == stating.stated(noor)[0].digest


def test_nobody_gets_the_statement_of_another(stage: Stage) -> None:
    noor = someone(series="series 0").subject
    stage.search(stage.listed(entries(30)))
    stage.checkpoint()
    one = stating.state(noor, 2026, LATER)
    stage.checkpoint()
    for act in (stating.content_of, stating.paper_of):
        with pytest.raises(StatementUnknown):
            act("ff" * 16, one)
    assert stating.stated("ff" * 16) == []


def test_without_a_checkpoint_nothing_is_stated(stage: Stage) -> None:
    with pytest.raises(NoCheckpoint):
        stating.state(someone().subject, 2026, LATER)
    assert stating.years(LATER) == []
    assert stating.stated("ff" * 16) == []


def test_what_was_forgotten_since_cannot_be_given_again(stage: Stage) -> None:
    noor = someone(series="series 0").subject
    stage.search(stage.listed(entries(30)))
    stage.checkpoint()
    one = stating.state(noor, 2026, LATER)
    with without_triggers("default"):
        Leaf.objects.filter(act=Act.TAKEN_IN).update(content=None)
    stating._searches.cache_clear()
    with pytest.raises(StatementUnknown, match="no longer kept"):
        stating.content_of(noor, one)


def test_more_searches_than_one_file_holds_are_not_stated(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = stage.listed(entries(30))
    for number in range(3):
        stage.search(statement, case=f"C-{number}")
    stage.checkpoint()
    monkeypatch.setattr(coverage_document, "MOST_SEARCHES", 2)
    with pytest.raises(PeriodTooLong):
        stating.state(someone().subject, 2026, LATER)
    assert not Leaf.objects.filter(act=Act.COVERAGE_STATED).exists()
