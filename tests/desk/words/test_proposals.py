"""A new version keeps the rules, is never sent, and its signatures hold for the file made of it."""

from __future__ import annotations

import tomllib

import pytest
from django.db import DatabaseError, transaction

from luwte.desk.audit.models import Leaf
from luwte.desk.words import proposals
from luwte.desk.words.errors import ProposalRefused, SignatureRefused, TemplateUnknown
from luwte.desk.words.models import Proposal
from luwte.desk.words.registry import REGISTERS, Template, Text, template, text, versions
from luwte.desk.words.services import sign_these, signed
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
ID = "contact.email"


def changed(words: str = "", subject: str | None = None, body: str | None = None) -> dict[str, Text]:
    """Return the texts of now, each a little longer, and that in `words` with another subject or body."""
    found = {}
    for one in REGISTERS:
        now = template(ID, one).text
        more = {"nl": "Tot dan.\n", "nl-youth": "Tot dan.\n", "en": "See you then.\n"}[one]
        found[one] = Text(now.subject, f"{now.body}\n{more}")
    if words:
        old = found[words]
        found[words] = Text(old.subject if subject is None else subject, old.body if body is None else body)
    return found


def test_what_keeps_the_rules_is_proposed_and_not_sent() -> None:
    before = text(ID, "nl", url="https://a.nl/")
    made = proposals.propose(ID, changed(), by="staff:7", now=NOON)
    assert proposals.proposal(ID) == made
    assert (made.version, made.by) == (versions(ID)[0] + 1, "staff:7")
    assert proposals.waiting() == {ID}
    assert text(ID, "nl", url="https://a.nl/") == before
    row = Leaf.objects.get(act="words.proposed")
    assert row.about == made.id


def test_two_sign_it_and_the_file_made_of_it_has_the_same_signatures() -> None:
    made = proposals.propose(
        ID, changed("nl", body='Hallo,\n\nEr is "nieuws" \\ op\n{url}\n'), by="staff:7", now=NOON
    )
    for signer in ("staff:7", "staff:8"):
        sign_these(made.texts, signer, "care worker", NOON, signer=signer)
    assert all(signed(one) for one in made.texts)
    with pytest.raises(SignatureRefused, match=r"signed contact\.email before"):
        sign_these(made.texts, "staff:8", "care worker", NOON, signer="staff:8")
    found = tomllib.loads(proposals.as_file(made))["versions"]
    assert [one["version"] for one in found] == [made.version]
    for one in made.texts:
        again = Template(ID, made.version, one.words, one.place, Text(**found[0][one.words]), one.variables)
        assert again.digest == one.digest


@pytest.mark.parametrize(
    ("words", "subject", "body", "fault"),
    [
        ("nl", None, "Het is zeker.\n{url}\n", "certainty: 'zeker'"),
        ("en", None, "It is about the police.\n{url}\n", "outside: 'police'"),
        ("en", "We promise", None, "certainty: 'promise'"),
        ("nl", None, "Er staat een bericht.\n", "gaps: version"),
        ("nl", None, "{url} {name}\n", "gaps: version"),
        ("nl", None, "{url\n", "gaps:"),
        ("nl", None, "{url:>9999999999}\n", "gaps: the gap 'url' holds more than a name"),
        ("nl", None, "{url!r}\n", "gaps: the gap 'url' holds more than a name"),
        ("nl", None, "{url.__class__}\n", "gaps: version"),
        ("nl", None, "{0}\n", "gaps: version"),
        ("nl", None, "", "gaps: version"),
        ("nl", None, "a" * (proposals.LONGEST_BODY + 1), "length: body has 4001 characters, at most 4000"),
        ("nl", "a" * 151, None, "length: subject"),
        ("nl", None, "{url}\0\n", "characters: there are some"),
        ("nl", "a\nBcc: b", None, "characters: there are some"),
        ("nl", None, "{url}\u202e\n", "characters: there are some"),
        ("nl-youth", None, "{url} verantwoordelijkheidsgevoel\n", "readability: The word"),
    ],
)
def test_what_breaks_a_rule_is_said_where_it_stands_and_nothing_is_kept(
    words: str, subject: str | None, body: str | None, fault: str
) -> None:
    with pytest.raises(ProposalRefused, match="cannot be proposed") as refused:
        proposals.propose(ID, changed(words, subject, body), by="staff:7", now=NOON)
    assert set(refused.value.faults) == {words}
    assert any(one.startswith(fault) for one in refused.value.faults[words]), refused.value.faults
    assert not Proposal.objects.exists()
    assert not Leaf.objects.exists()


def test_a_register_that_is_missing_is_a_fault_there_and_an_unknown_text_is_none() -> None:
    texts = changed()
    del texts["en"]
    assert set(proposals.wrong(ID, texts)) == {"en"}
    with pytest.raises(TemplateUnknown):
        proposals.propose("nothing", texts, by="staff:7", now=NOON)


def test_one_waits_at_a_time_and_those_of_before_stay_as_they_were() -> None:
    first = proposals.propose(ID, changed(), by="staff:7", now=NOON)
    second = proposals.propose(ID, changed("nl", subject="Er is een bericht voor u"), by="staff:8", now=NOON)
    assert proposals.proposal(ID) == second
    rows = Proposal.objects.order_by("at", "ended")
    assert {row.id for row in rows if row.ended} == {first.id}
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Proposal.objects.filter(pk=second.id).update(texts={})
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.create(template=ID, version=9, texts={}, by="staff:7", at=NOON)


def test_a_proposal_is_over_when_the_text_has_that_version() -> None:
    Proposal.objects.create(template=ID, version=versions(ID)[0], texts={}, by="staff:7", at=NOON)
    assert proposals.proposal(ID) is None
    assert proposals.waiting() == set()
