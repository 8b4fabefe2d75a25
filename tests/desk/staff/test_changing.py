"""What is known of a person is changed on their page, only what differs, and recorded by account."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.audit.acts import Act
from luwte.desk.vault import services as vault
from luwte.desk.vault.assessments import assessments
from luwte.desk.vault.models import Leaf
from luwte.desk.vault.rules import Identity, Mandate, Reach
from tests.support.desk import NOON
from tests.support.pages import words
from tests.support.tour import SOMEONE, care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]

BORN = date(1990, 5, 1)
WHO = {
    "name": "Noor", "born": "1990-05-01", "knows": "yes", "language": "nl", "words": "nl",
    "conflict": "none", "authority": "unclear", "care_worker": "",
}  # fmt: skip
SAID = {"seen": "video", "basis": "said", "near": "doubt", "near_why": "a brother", "safe_ways": "phone"}
POST = "Noor\nLaan 1\n1000 AA Plaats"


@pytest.fixture
def noor() -> str:
    """Noor, with an address of each kind."""
    reaches = [Reach("email", "noor@example.org"), Reach("phone", "0612345678"), Reach("post", POST)]
    return vault.add_person(Identity("Noor", BORN, BORN), *reaches, now=NOON)


def acts(since: int) -> list[str]:
    viewed = (Act.PERSON_VIEWED,)
    return list(
        Leaf.objects.filter(id__gt=since).exclude(act__in=viewed).order_by("id").values_list("act", flat=True)
    )


def change(noor: str, page: str, given: dict[str, str]) -> list[str]:
    """Send a form; return which acts it left."""
    client: Client = care_worker()
    before = Leaf.objects.latest("id").id
    answer = client.post(f"/staff/person/{noor}/{page}/", given)
    assert answer.status_code == 302, words(answer)
    return acts(before)


def test_who_somebody_is_changes_by_field(noor: str) -> None:
    assert change(noor, "who", WHO) == []
    given = WHO | {
        "name": "Noor Anders",
        "born": "",
        "born_to": "1990-12-31",
        "knows": "no",
        "authority": "sole",
    }
    assert change(noor, "who", given) == [Act.PERSON_CHANGED]
    assert vault.person(noor).identity == Identity(
        "Noor Anders", None, date(1990, 12, 31), informed=False, authority="sole"
    )
    content = bytes(Leaf.objects.filter(act=Act.PERSON_CHANGED).latest("id").content or b"")
    assert b'"fields":"authority,born_from,born_to,informed,name"' in content
    assert b'"by":"staff:' in content


def test_the_form_shows_what_is_known(noor: str) -> None:
    page = care_worker().get(f"/staff/person/{noor}/who/").content.decode()
    assert 'value="Noor"' in page
    assert 'value="1990-05-01"' in page
    page = care_worker().get(f"/staff/person/{noor}/contact/").content.decode()
    assert 'value="+31612345678"' in page
    assert POST in page


def test_addresses_change_one_by_one_and_an_empty_one_is_forgotten(noor: str) -> None:
    same = {"email": "noor@example.org", "phone": "06 12345678", "post": POST, "secret": "no"}
    assert change(noor, "contact", same | {"phone": "+31612345678"}) == []
    given = same | {"email": "new@example.org", "phone": ""}
    assert change(noor, "contact", given) == [Act.ADDRESS_CHANGED, Act.ADDRESS_REMOVED]
    assert {reach.kind: reach.value for reach in vault.person(noor).reaches} == {
        "email": "new@example.org", "post": POST,
    }  # fmt: skip


def test_a_secret_address_is_given_to_nobody_until_it_is_no_more(noor: str) -> None:
    given = {"email": "noor@example.org", "phone": "+31612345678", "post": POST}
    change(noor, "contact", given | {"secret": "yes"})
    assert vault.person(noor).address("post") is None
    assert change(noor, "contact", given | {"secret": "no"}) == [Act.PERSON_CHANGED]
    assert vault.person(noor).address("post") == POST


def test_who_acts_is_added_and_changed_and_a_mandate_ends(noor: str) -> None:
    assert change(noor, "acting", SOMEONE) == [Act.ACTING_ADDED]
    (found,) = vault.representatives(noor)
    assert found.mandate == Mandate("Riet Nieuw", "parent", date(2026, 1, 1), holder=True)
    assert change(noor, f"acting/{found.id}", SOMEONE) == []
    given = SOMEONE | {"ends": "2026-03-01", "acting_conflict": "doubt"}
    assert change(noor, f"acting/{found.id}", given) == [Act.ACTING_CHANGED]
    (found,) = vault.representatives(noor)
    assert (found.mandate.ends, found.mandate.conflict) == (date(2026, 3, 1), "doubt")


def test_who_acts_for_another_person_is_not_changed_here(noor: str) -> None:
    other = vault.add_person(Identity("Bo"), now=NOON)
    acting = vault.add_representative(other, Mandate("Riet", "parent", NOON.date()), now=NOON)
    for path in (f"{noor}/acting/{acting}", f"{noor}/acting/unknown", f"{'0' * 32}/acting"):
        assert care_worker().post(f"/staff/person/{path}/", SOMEONE).status_code == 404
    assert vault.representative(acting).mandate.name == "Riet"


def test_an_assessment_is_kept_beside_the_earlier_one_and_shown_to_who_calls(
    noor: str, clock: ManualClock
) -> None:
    assert change(noor, "assessment", SAID) == [Act.ASSESSED]
    clock.advance(timedelta(minutes=1))
    assert change(noor, "assessment", SAID | {"code_word": "linde"}) == [Act.ASSESSED]
    assert [one.said.code_word for one in assessments(noor)] == ["linde", ""]
    page = words(care_worker().get(f"/staff/person/{noor}/"))
    assert "linde" in page
    assert "a brother" in page


@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("who", WHO | {"name": ""}),
        ("who", WHO | {"born": "2031-01-01"}),
        ("contact", {"email": "noor", "secret": "no"}),
        ("acting", SOMEONE | {"ends": "2025-01-01"}),
        ("assessment", SAID | {"near": "perhaps"}),
    ],
)
def test_a_bad_answer_changes_nothing(noor: str, page: str, given: dict[str, str]) -> None:
    client = care_worker()
    before = Leaf.objects.latest("id").id
    answer = client.post(f"/staff/person/{noor}/{page}/", given)
    assert answer.status_code == 200
    assert "Fout:" in words(answer)
    assert acts(before) == []
