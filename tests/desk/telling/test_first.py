"""T9: before somebody who does not know is called, one person proposes it and another one agrees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.telling import first, tasks
from luwte.desk.telling.errors import CallImpossible, FirstContactImpossible, TaskUnknown
from luwte.desk.telling.first import Verdict
from luwte.desk.telling.models import FirstContact
from luwte.desk.telling.tasks import CallOutcome
from luwte.desk.telling.values import Reason
from luwte.desk.vault import services as vault
from tests.support.desk import NOON
from tests.support.stage import stranger, tell

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

DAY = timedelta(days=1)


@pytest.fixture
def call() -> str:
    """The id of a call with somebody who does not know."""
    vault.change_person(stranger("Noor").id, informed=False)
    tell()
    (found,) = tasks.queue()
    assert found.reason == Reason.DOES_NOT_KNOW
    return found.id


def propose(call: str, verdict: Verdict = Verdict.CALL, why: str = "news", by: str = "Wim") -> str:
    return first.propose(call, verdict, why, by=by, now=NOON, until=NOON.date() + 7 * DAY)


def wait(call: str, until: date | None) -> str:
    return first.propose(call, Verdict.WAIT, "unwell", by="Wim", now=NOON, until=until)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(FirstContactImpossible) as found:
        act()
    return found.value.cause


def test_nobody_takes_the_call_before_two_agreed(call: str) -> None:
    with pytest.raises(CallImpossible, match="two people decide first"):
        tasks.accept(call, "Ada", NOON)
    made = propose(call)
    with pytest.raises(CallImpossible, match="two people decide first"):
        tasks.accept(call, "Ada", NOON)
    found = first.settle(made, agree=True, by="Ada", now=NOON)
    assert (found.lets_call(), found.asked_by, found.agreed_by) == (True, "Wim", "Ada")
    tasks.accept(call, "Ada", NOON)
    assert tasks.queue()[0].accepted_by == "Ada"


def test_who_proposed_it_does_not_agree(call: str) -> None:
    made = propose(call)
    assert refused(lambda: first.settle(made, agree=True, by="Wim", now=NOON)) == "own"
    assert not first.standing([call])[call].lets_call()


@pytest.mark.parametrize("end", ["refused", "waits", "another proposal"])
def test_nobody_takes_the_call_when_it_is(call: str, end: str) -> None:
    made = propose(call, Verdict.WAIT, "too_young") if end == "waits" else propose(call)
    first.settle(made, agree=end != "refused", by="Ada", now=NOON)
    if end == "another proposal":
        propose(call, Verdict.WAIT, "unwell", by="Ada")
    with pytest.raises(CallImpossible):
        tasks.accept(call, "Ada", NOON)
    assert (call in first.standing([call])) == (end != "refused")


def test_a_refusal_is_given_once_and_another_proposal_may_follow(call: str) -> None:
    made = propose(call)
    first.settle(made, agree=False, by="Ada", now=NOON)
    with pytest.raises(TaskUnknown):
        first.settle(made, agree=True, by="Ada", now=NOON)
    again = propose(call, by="Ada")
    assert first.settle(again, agree=True, by="Wim", now=NOON).lets_call()


def test_a_proposal_has_a_reason_of_its_verdict_and_waiting_an_end(call: str) -> None:
    assert refused(lambda: propose(call, Verdict.CALL, "too_young")) == "why"
    assert refused(lambda: wait(call, None)) == refused(lambda: wait(call, NOON.date())) == "until"
    assert not FirstContact.objects.exists()


def test_it_ends_with_the_call(call: str) -> None:
    first.settle(propose(call), agree=True, by="Ada", now=NOON)
    tasks.accept(call, "Ada", NOON)
    assert refused(lambda: propose(call)) == "taken"
    tasks.record_outcome(call, CallOutcome.REACHED, "Ada", NOON)
    with pytest.raises(TaskUnknown):
        propose(call)


def test_who_was_only_never_asked_is_called_by_who_takes_the_call() -> None:
    stranger("Bo")
    tell()
    (found,) = tasks.queue()
    assert found.reason == Reason.NEVER_ASKED
    tasks.accept(found.id, "Ada", NOON)
    assert tasks.queue()[0].accepted_by == "Ada"


def test_the_record_says_what_was_decided_by_code(call: str) -> None:
    first.settle(propose(call), agree=True, by="Ada", now=NOON)
    acts = DESK.leaf.objects.filter(act__in=[Act.FIRST_PROPOSED, Act.FIRST_DECIDED]).order_by("id")
    assert [one.act for one in acts] == [Act.FIRST_PROPOSED, Act.FIRST_DECIDED]
    assert b'"why":"news"' in bytes(acts[0].content or b"")
    assert b'"agreed":true' in bytes(acts[1].content or b"")
