"""Foreign lists and second sources: asked by one list manager, approved by another, each with its numbers."""

from __future__ import annotations

import pytest
from django.test import Client

from luwte.desk.audit.models import Leaf
from luwte.desk.casework.roles import Role
from luwte.desk.findings import lists
from luwte.desk.findings.holding import Holding
from luwte.desk.findings.models import EntrySource, Origin, ReportReceipt
from luwte.desk.findings.provenance import Of, signer_of
from luwte.desk.review import proposals
from luwte.desk.review.errors import ProposalImpossible
from luwte.desk.review.models import Proposal
from luwte.desk.review.proposals import Change
from tests.support.casework import worker
from tests.support.desk import NOON, cluster, entry_id
from tests.support.pages import words
from tests.support.review import reported

A = entry_id("a")


@pytest.fixture
def lia() -> Client:
    """A list manager, and a report with an entry."""
    reported(cluster("x", "a", 3, series="Kanarie"))
    return worker("lia", Role.LIST_MANAGER)


def key() -> str:
    return signer_of(ReportReceipt.objects.get())


def second(browser: Client, act: str = "approve") -> str:
    """Answer the proposal that waits; return the words of the page that follows."""
    waits = Proposal.objects.get(closed=None).id
    return words(browser.post(f"/staff/second/{waits}/", {"act": act}, follow=True))


def held() -> bool:
    return A in Holding().among([A])


def test_two_people_say_that_lists_are_foreign_and_two_take_it_back(lia: Client) -> None:
    leo, page = worker("leo", Role.LIST_MANAGER), f"/staff/lists/{key()}/"
    assert f'href="{page}"' in lia.get("/staff/lists/").content.decode()
    assert "van de eigen dienst" in words(lia.get(page))
    sent = {"act": "foreign", "source": "Dienst  Ver", "reason": "bekeken"}
    assert lia.post(page, sent)["Location"] == page
    assert not Origin.objects.exists(), "one alone changes nothing"
    assert not held()
    assert "Wie het vroeg" in second(lia)
    said = words(leo.get(page))
    assert "lia vroeg" in said
    assert "De bron: Dienst Ver" in said
    assert f"Lijsten van de sleutel {key()}" in words(leo.get("/staff/"))
    second(leo)
    origin = Origin.objects.get()
    assert (origin.of, origin.name, origin.source) == ("signer", key(), "dienst ver")
    assert origin.declared_by.count("casework:") == 2
    assert held()
    assert "Ze tellen als vreemd, van dienst ver" in words(lia.get(page))
    leo.post(page, {"act": "own", "reason": "bekeken"})
    assert Origin.objects.exists()
    second(lia)
    assert not Origin.objects.exists()
    assert not held()
    assert Leaf.objects.filter(act="findings.list-declared").count() == 2


def test_a_second_source_lets_an_entry_count_once_a_colleague_saw_it(lia: Client) -> None:
    page, leo = f"/staff/entry/{A}/", worker("leo", Role.LIST_MANAGER)
    assert 'value="vouch"' not in lia.get(page).content.decode(), "one's own needs no second source"
    lists.declare_foreign(Of.SIGNER, key(), "dienst ver", "wim", NOON)
    assert held()
    assert 'value="vouch"' in lia.get(page).content.decode()
    lia.post(page, {"act": "vouch", "source": "eigen onderzoek", "reason": "bekeken"})
    assert held()
    assert "De bron: eigen onderzoek" in words(leo.get(page))
    second(leo)
    assert not held()
    assert set(EntrySource.objects.values_list("source", flat=True)) == {"dienst ver", "eigen onderzoek"}


@pytest.mark.parametrize("source", ["", "  ", "Dienst  VER", "x" * 201, "a\u202eb"])
def test_a_source_is_another_one_and_has_a_name(lia: Client, source: str) -> None:
    lists.declare_foreign(Of.SIGNER, key(), "dienst ver", "wim", NOON)
    answer = lia.post(f"/staff/entry/{A}/", {"act": "vouch", "source": source, "reason": "bekeken"})
    assert answer.status_code == 400
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("source", ["", "  ", "x" * 201, "a\u202eb"])
def test_a_foreign_list_is_somebodys(lia: Client, source: str) -> None:
    answer = lia.post(f"/staff/lists/{key()}/", {"act": "foreign", "source": source, "reason": "bekeken"})
    assert (answer.status_code, Proposal.objects.count()) == (400, 0)
    assert "noem van wie de lijsten zijn" in words(answer)


def test_what_another_change_asks_for_is_no_source(lia: Client) -> None:
    with pytest.raises(ProposalImpossible, match="source"):
        proposals.ask(Change.WITHDRAW, A, "why", by="casework:1", now=NOON, source="x")
    with pytest.raises(ProposalImpossible, match="no id of a key"):
        proposals.ask(Change.FOREIGN, A, "why", by="casework:1", now=NOON, source="x")
    with pytest.raises(ProposalImpossible, match="no id of a key"):
        proposals.ask(Change.OWN, "rest", "why", by="casework:1", now=NOON)


def test_what_is_so_already_is_not_asked(lia: Client) -> None:
    page = f"/staff/lists/{key()}/"
    lia.post(page, {"act": "own", "reason": "bekeken"})
    lists.declare_foreign(Of.SIGNER, key(), "dienst ver", "wim", NOON)
    lia.post(page, {"act": "foreign", "source": "een ander", "reason": "bekeken"})
    assert not Proposal.objects.exists()
    assert lia.post(page, {"act": "withdraw", "reason": "bekeken"}).status_code == 400


def test_what_vouched_meanwhile_is_not_vouched_twice(lia: Client) -> None:
    leo = worker("leo", Role.LIST_MANAGER)
    lists.declare_foreign(Of.SIGNER, key(), "dienst ver", "wim", NOON)
    lia.post(f"/staff/entry/{A}/", {"act": "vouch", "source": "eigen onderzoek", "reason": "bekeken"})
    lists.vouch(A, "Eigen onderzoek", "wim", NOON)
    assert "Dat kan niet meer" in second(leo)
    assert Proposal.objects.get().closed is None


@pytest.mark.parametrize("signer", ["0" * 16, "x", "0" * 400, "%25", "0" * 15 + "%0a"])
def test_a_key_of_no_list_has_no_page(lia: Client, signer: str) -> None:
    assert lia.get(f"/staff/lists/{signer}/").status_code == 404


def test_no_series_is_named(lia: Client) -> None:
    assert "Kanarie" not in lia.get(f"/staff/lists/{key()}/").content.decode()
