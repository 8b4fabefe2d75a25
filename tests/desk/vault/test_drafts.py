"""A conversation is kept sealed until the person is added, once and whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from luwte.crypto.envelope import EnvelopeBroken
from luwte.desk.audit.acts import Act
from luwte.desk.vault import drafts, look_ups, rotation, sealing, services
from luwte.desk.vault.assessed import Assessed
from luwte.desk.vault.assessments import assess, assessments
from luwte.desk.vault.drafts import LARGEST, MOST
from luwte.desk.vault.erased import destroy_again
from luwte.desk.vault.errors import DraftTooLarge, DraftUnknown, PersonImpossible
from luwte.desk.vault.models import Assessment, Draft, Leaf, Person, PersonKey
from luwte.desk.vault.ring import key_ring
from luwte.desk.vault.rules import Identity, Mandate, Reach
from tests.support.desk import NOON

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

BY = "staff:7"
BORN = date(1990, 5, 1)
NOOR = Identity("Noor", BORN, BORN)
MAIL = Reach("email", "noor@example.org")
SAID = Assessed("document", near="no", safe_ways=("phone",), code_word="linde")


def begun() -> str:
    made = drafts.begin(by=BY, now=NOON)
    drafts.keep(made, "who", {"name": ["Noor Geheim"]}, by=BY, now=NOON)
    return made


def finish(draft: str, *, identity: Identity = NOOR, said: Assessed = SAID, by: str = BY) -> str:
    mandate = Mandate("Riet", "lawyer", NOON.date())
    return drafts.finish(draft, identity, [MAIL], [mandate], said, by=by, now=NOON)


def test_what_was_said_is_there_after_a_break_and_stands_nowhere_in_clear() -> None:
    made = begun()
    drafts.keep(made, "contact", {"email": ["noor@example.org"]}, by=BY, now=NOON + timedelta(hours=1))
    found = drafts.draft(made, by=BY)
    assert found.parts == {"who": {"name": ["Noor Geheim"]}, "contact": {"email": ["noor@example.org"]}}
    assert (found.begun, found.changed) == (NOON, NOON + timedelta(hours=1))
    row = Draft.objects.get()
    assert b"Geheim" not in bytes(row.sealed) + bytes(row.wrapped)
    assert not any(b"Geheim" in bytes(leaf.content or b"") for leaf in Leaf.objects.all())


def test_a_step_that_is_answered_again_takes_the_place_of_what_it_was() -> None:
    made = begun()
    drafts.keep(made, "who", {"name": ["Bo"]}, by=BY, now=NOON)
    assert drafts.draft(made, by=BY).parts == {"who": {"name": ["Bo"]}}


def test_nobody_else_opens_changes_drops_or_finishes_it() -> None:
    made = begun()
    others: dict[str, Callable[[], object]] = {
        "open": lambda: drafts.draft(made, by="staff:8"),
        "keep": lambda: drafts.keep(made, "who", {}, by="staff:8", now=NOON),
        "drop": lambda: drafts.drop(made, by="staff:8", now=NOON),
        "finish": lambda: finish(made, by="staff:8"),
    }
    for act in others.values():
        with pytest.raises(DraftUnknown):
            act()
    assert drafts.drafts("staff:8") == []
    assert [one.id for one in drafts.drafts(BY)] == [made]


def test_a_conversation_has_bounds() -> None:
    made = begun()
    with pytest.raises(DraftTooLarge, match="too much text"):
        drafts.keep(made, "safe", {"near_why": ["x" * LARGEST]}, by=BY, now=NOON)
    assert drafts.draft(made, by=BY).parts.keys() == {"who"}
    for _ in range(MOST - 1):
        drafts.begin(by=BY, now=NOON)
    with pytest.raises(DraftTooLarge, match="Finish or drop"):
        drafts.begin(by=BY, now=NOON)
    assert drafts.begin(by="staff:8", now=NOON)


def test_the_person_is_added_once_and_whole_under_the_key_of_the_draft() -> None:
    made = begun()
    place = bytes(Draft.objects.get().wrapped)
    assert finish(made) == made
    assert bytes(PersonKey.objects.get().wrapped) == place
    assert services.person(made).identity == NOOR
    assert [one.mandate.name for one in services.representatives(made)] == ["Riet"]
    assert [(one.said, one.at, one.by) for one in assessments(made)] == [(SAID, NOON, BY)]
    assert look_ups.find(by=BY, now=NOON, email=MAIL.value) == [made]
    acts = list(Leaf.objects.order_by("id").values_list("act", flat=True))
    assert acts[-4:-1] == [Act.PERSON_ADDED, Act.ACTING_ADDED, Act.ASSESSED]
    with pytest.raises(DraftUnknown):
        finish(made)
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"identity": Identity("")},
        {"identity": Identity("Noor", date(2030, 1, 1), date(2030, 1, 1))},
        {"said": Assessed(near="perhaps")},
        {"said": Assessed(support="x" * 601)},
        {"said": Assessed(code_word="a\x00")},
    ],
)
def test_nothing_is_added_of_what_cannot_be_and_the_draft_stays(wrong: dict[str, object]) -> None:
    made = begun()
    with pytest.raises(PersonImpossible):
        finish(made, **wrong)  # type: ignore[arg-type]
    assert not Person.objects.exists()
    assert [one.id for one in drafts.drafts(BY)] == [made]


def test_a_dropped_one_is_gone_and_the_record_says_so() -> None:
    made = begun()
    drafts.drop(made, by=BY, now=NOON)
    assert not Draft.objects.exists()
    assert Leaf.objects.get(act=Act.DRAFT_DROPPED).about == made


def test_rotation_wraps_the_keys_of_drafts_too_and_old_keys_go() -> None:
    made = begun()
    rotation.rotate(NOON)
    assert Draft.objects.get().version == key_ring().current
    rotation.retire(NOON + 2 * rotation.SETTLED)
    assert drafts.draft(made, by=BY).parts == {"who": {"name": ["Noor Geheim"]}}


def test_an_old_key_that_a_draft_needs_is_not_dropped() -> None:
    begun()
    old = Draft.objects.get()
    rotation.rotate(NOON)
    old.save()
    with pytest.raises(Exception, match="still need an old key"):
        rotation.retire(NOON + 2 * rotation.SETTLED)


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_who_is_erased_can_be_read_in_no_copy_of_the_draft() -> None:
    made = begun()
    copy = Draft.objects.get()
    finish(made)
    services.erase(made, now=NOON)
    assert not Assessment.objects.exists()
    with pytest.raises(EnvelopeBroken):
        key_ring().unwrap(bytes(copy.wrapped), sealing.key_place(made))
    copy.save(force_insert=True)
    destroy_again(NOON)
    assert not Draft.objects.exists()


def test_assessments_stand_beside_each_other_the_newest_first() -> None:
    noor = services.add_person(NOOR)
    assess(noor, SAID, by=BY, now=NOON)
    assess(noor, Assessed(support="zus"), by="staff:8", now=NOON + timedelta(days=1))
    assert [one.said.support for one in assessments(noor)] == ["zus", ""]
    assert b"linde" not in b"".join(bytes(row.sealed) for row in Assessment.objects.all())
    with pytest.raises(PersonImpossible, match="safe way"):
        assess(noor, Assessed(safe_ways=("pigeon",)), by=BY, now=NOON)
