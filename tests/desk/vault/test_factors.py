"""Ways to come in without a link: whose they are, how many there may be, and what ends them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from luwte.crypto.one_time import code_at, new_secret, plain, step_of
from luwte.desk.audit.acts import Act
from luwte.desk.vault import services
from luwte.desk.vault.coming_in import IN_A_ROW, MOST, WAITS
from luwte.desk.vault.errors import NoWayIn, PersonUnknown, WayImpossible
from luwte.desk.vault.factors import MOST_PASSKEYS
from luwte.desk.vault.log import VAULT
from luwte.desk.vault.models import Factor, SignInLink
from luwte.desk.vault.rules import Identity, Mandate
from luwte.desk.vault.services import SignedIn, Whose
from tests.support.desk import NOON
from tests.support.ways import App, with_app

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]
TODAY = NOON.date()
HALF = timedelta(seconds=30)


@pytest.fixture
def noor() -> str:
    """The id of a person."""
    return services.add_person(Identity("Noor"))


@pytest.fixture
def ada(noor: str) -> str:
    """The id of who acts for Noor."""
    return services.add_representative(noor, Mandate("Ada", "lawyer", TODAY))


def enters(number: str, code: str, now: datetime = NOON) -> bool:
    try:
        services.enter_by_code(number, code, now)
    except NoWayIn:
        return False
    return True


def passkey(number: int) -> tuple[bytes, bytes, int]:
    return number.to_bytes(32), b"key" * 20, 1


def acts() -> list[tuple[str, str, str]]:
    """Return what the record says of ways in: act, who, which kind."""
    rows = VAULT.leaf.objects.filter(act__contains="way-in").order_by("id")
    said = [json.loads(bytes(one.content or b"")) for one in rows]
    return [(one["act"], one["by"], one["details"]["kind"]) for one in said]


def test_with_the_first_way_come_a_number_and_recovery_codes(noor: str) -> None:
    whose = Whose(noor)
    assert services.ways_in(whose) == services.WaysIn()
    app = with_app(noor)
    found = services.ways_in(whose)
    assert (found.number, found.codes, len(found.ways), found.app) == (app.number, 10, 1, True)
    assert services.add_passkey(whose, *passkey(1), NOON) == []
    assert [one.kind for one in services.ways_in(whose).ways] == ["app", "passkey"]
    assert acts() == [("vault.way-in-added", "person", "app"), ("vault.way-in-added", "person", "passkey")]


def test_what_is_kept_shows_nothing(noor: str) -> None:
    app = with_app(noor)
    services.add_passkey(Whose(noor), *passkey(1), NOON)
    kept = str(list(Factor.objects.values()))
    for secret in (app.number, app.secret, *app.codes, *map(plain, app.codes), passkey(1)[0].hex()):
        assert secret not in kept


def test_an_app_lets_in_with_each_code_once(noor: str) -> None:
    app = with_app(noor)
    assert services.enter_by_code(app.number, app.code(later=0), NOON) == SignedIn(noor, None, 1)
    assert not enters(app.number, app.code(later=0))
    assert not enters(app.number, app.code(later=-1))
    assert enters(app.number, app.code(later=1))
    assert not enters(app.number, app.code(later=1), NOON + HALF)


def test_the_code_that_set_an_app_up_counts_no_more(noor: str) -> None:
    secret = new_secret()
    code = code_at(secret, step_of(NOON))
    services.add_app(Whose(noor), secret, code, NOON)
    assert not enters(services.ways_in(Whose(noor)).number, code)


def test_a_recovery_code_lets_in_once_however_it_is_typed(noor: str) -> None:
    app = with_app(noor)
    typed = f" {app.codes[0].upper()} "
    grouped = " ".join(app.number[place : place + 4] for place in (0, 4, 8))
    assert enters(grouped, typed)
    assert not enters(app.number, app.codes[0])
    assert services.ways_in(Whose(noor)).codes == 9
    assert enters(app.number, app.codes[1])


def test_new_codes_end_the_old_ones(noor: str) -> None:
    app = with_app(noor)
    made = services.new_codes(Whose(noor), NOON)
    assert not enters(app.number, app.codes[0])
    assert enters(app.number, made[0])


@pytest.mark.parametrize(("number", "code"), [("", ""), ("0" * 12, "000000"), ("x" * 10_000, "é" * 10_000)])
def test_nobody_comes_in_by_what_is_nothing(noor: str, number: str, code: str) -> None:
    app = with_app(noor)
    assert not enters(number, code)
    assert not enters(app.number, code)
    assert not enters(number, app.code())


def test_each_has_their_own(noor: str, ada: str) -> None:
    own, hers, other = with_app(noor), with_app(noor, ada), services.add_person(Identity("Piet"))
    assert services.enter_by_code(own.number, own.code(), NOON) == SignedIn(noor, None, 1)
    assert services.enter_by_code(hers.number, hers.code(), NOON) == SignedIn(noor, ada, 1)
    assert not enters(own.number, hers.codes[0])
    assert not enters(hers.number, own.codes[0])
    way = services.ways_in(Whose(noor)).ways[0].id
    for whose in (Whose(noor, ada), Whose(other)):
        assert not services.remove_way(whose, way, NOON)
    services.remove_ways(Whose(noor, ada), NOON)
    assert services.ways_in(Whose(noor)).ways
    assert ("vault.way-in-removed", "representative", "all") in acts()


def test_who_acts_comes_in_only_while_they_may_read(noor: str, ada: str) -> None:
    app = with_app(noor, ada)
    services.change_representative(ada, conflict="doubt")
    assert not enters(app.number, app.codes[0])
    services.change_representative(ada, conflict="none", informed=False)
    assert not enters(app.number, app.codes[0])
    services.change_representative(ada, informed=True, ends=TODAY)
    assert not enters(app.number, app.codes[0], NOON + timedelta(days=1))
    assert enters(app.number, app.codes[0])


def test_nobody_comes_in_as_someone_who_has_died(noor: str) -> None:
    app = with_app(noor)
    services.change_person(noor, deceased=True)
    assert not enters(app.number, app.codes[0])
    services.change_person(noor, deceased=False)
    assert enters(app.number, app.codes[0])


def test_erasure_takes_them_away(noor: str, ada: str) -> None:
    app, hers = with_app(noor), with_app(noor, ada)
    services.erase(noor, now=NOON)
    assert not Factor.objects.exists()
    assert not enters(app.number, app.codes[0])
    assert not enters(hers.number, hers.codes[0])
    with pytest.raises(PersonUnknown):
        with_app(noor)
    assert not Factor.objects.exists()


def test_coming_in_ends_links_and_visits_before_it(noor: str) -> None:
    app = with_app(noor)
    services.sign_in_link(noor, NOON)
    number = services.enter_by_code(app.number, app.codes[0], NOON).visit
    assert not SignInLink.objects.exists()
    assert (
        services.visit_of(noor) == number == services.enter_by_code(app.number, app.codes[1], NOON).visit - 1
    )


def test_who_ends_all_visits_takes_all_ways_away(noor: str, ada: str) -> None:
    own, hers, other = with_app(noor), with_app(noor, ada), with_app(services.add_person(Identity("Piet")))
    services.end_visits(noor, NOON, by="staff:7")
    assert not enters(own.number, own.codes[0])
    assert not enters(hers.number, hers.codes[0])
    assert enters(other.number, other.codes[0])
    (leaf,) = VAULT.leaf.objects.filter(act=Act.VISITS_ENDED)
    assert json.loads(bytes(leaf.content or b""))["details"]["ways"] == 2


def test_with_the_last_way_number_and_codes_go(noor: str) -> None:
    app, whose = with_app(noor), Whose(noor)
    services.add_passkey(whose, *passkey(1), NOON)
    first, second = services.ways_in(whose).ways
    assert services.remove_way(whose, first.id, NOON)
    assert services.ways_in(whose).codes == 10, "they stand in for the passkey"
    assert services.remove_way(whose, second.id, NOON)
    assert services.ways_in(whose) == services.WaysIn()
    assert not enters(app.number, app.codes[0])
    assert not services.remove_way(whose, second.id, NOON)
    assert services.remove_ways(whose, NOON) == 0
    number = Factor.objects.filter(kind="number").first()
    assert number is None


def test_the_number_and_the_codes_are_no_way_to_take_away(noor: str) -> None:
    with_app(noor)
    for row in Factor.objects.exclude(kind="app"):
        assert not services.remove_way(Whose(noor), row.pk, NOON)
    assert Factor.objects.count() == 3


@pytest.mark.parametrize("secret", ["", "short", "a" * 32, "A" * 31 + "=", "A" * 10_000])
def test_an_app_needs_a_key_of_ours_and_a_code_that_fits(noor: str, secret: str) -> None:
    with pytest.raises(WayImpossible, match="does not fit"):
        services.add_app(Whose(noor), secret, "000000", NOON)
    with pytest.raises(WayImpossible, match="does not fit"):
        services.add_app(Whose(noor), new_secret(), "x", NOON)
    assert not Factor.objects.exists()


def test_there_is_one_app_and_a_few_passkeys(noor: str) -> None:
    with_app(noor)
    with pytest.raises(WayImpossible, match="one already"):
        with_app(noor)
    for number in range(MOST_PASSKEYS):
        services.add_passkey(Whose(noor), *passkey(number), NOON)
    with pytest.raises(WayImpossible, match="as many passkeys"):
        services.add_passkey(Whose(noor), *passkey(99), NOON)
    other = Whose(services.add_person(Identity("Piet")))
    with pytest.raises(WayImpossible, match="one already"):
        services.add_passkey(other, *passkey(0), NOON)
    with pytest.raises(WayImpossible, match="Set one up first"):
        services.new_codes(other, NOON)
    with pytest.raises(WayImpossible, match="does not fit"):
        services.add_passkey(other, b"x", b"x" * 5_000, 0, NOON)


def test_a_passkey_lets_in_when_its_signature_is_its_own_and_its_counter_goes_up(noor: str) -> None:
    ident, credential, _ = passkey(1)
    services.add_passkey(Whose(noor), ident, credential, 4, NOON)
    seen: list[bytes] = []

    def tries(count: int | None, which: bytes = ident) -> bool:
        def check(known: bytes) -> int | None:
            seen.append(known)
            return count

        try:
            services.enter_by_passkey(which, check, NOON)
        except NoWayIn:
            return False
        return True

    assert [tries(count) for count in (None, 3, 4, 5, 5, 0, 6)] == [
        False,
        False,
        False,
        True,
        False,
        False,
        True,
    ]
    assert not tries(9, which=b"other")
    assert set(seen) == {credential}


def test_a_passkey_that_does_not_count_lets_in_each_time(noor: str) -> None:
    ident, credential, _ = passkey(1)
    services.add_passkey(Whose(noor), ident, credential, 0, NOON)
    for _ in range(2):
        assert services.enter_by_passkey(ident, lambda _: 0, NOON).person_id == noor


def wrong(app: App, times: int, now: datetime = NOON) -> None:
    for _ in range(times):
        assert not enters(app.number, "000000", now)


def test_after_some_wrong_codes_in_a_row_one_waits(noor: str) -> None:
    app = with_app(noor)
    wrong(app, IN_A_ROW - 1)
    assert enters(app.number, app.codes[0]), "and counting begins anew"
    wrong(app, IN_A_ROW)
    assert not enters(app.number, app.codes[1], NOON + WAITS - HALF)
    assert enters(app.number, app.codes[1], NOON + WAITS)


def test_waiting_is_not_made_longer_by_trying_meanwhile(noor: str) -> None:
    app = with_app(noor)
    wrong(app, IN_A_ROW + 20)
    assert enters(app.number, app.codes[0], NOON + WAITS)


def test_after_many_the_number_is_closed_until_its_owner_comes_in_another_way(noor: str) -> None:
    app = with_app(noor)
    services.add_passkey(Whose(noor), *passkey(1), NOON)
    later = NOON
    for _ in range(MOST // IN_A_ROW):
        wrong(app, IN_A_ROW, later)
        later += WAITS
    assert not enters(app.number, app.codes[0], later + timedelta(days=400))
    services.enter_by_passkey(passkey(1)[0], lambda _: 2, later)
    assert enters(app.number, app.codes[0], later)
    Factor.objects.filter(kind="number").update(failed=MOST, tried=later)
    assert not enters(app.number, app.codes[1], later)
    services.redeem_link(services.sign_in_link(noor, later), later)
    assert enters(app.number, app.codes[1], later)


def test_wrong_codes_for_one_close_no_other(noor: str, ada: str) -> None:
    app, hers = with_app(noor), with_app(noor, ada)
    wrong(app, IN_A_ROW)
    assert enters(hers.number, hers.codes[0])


def test_a_clock_that_ran_ahead_closes_nobody_out(noor: str) -> None:
    app = with_app(noor)
    wrong(app, IN_A_ROW, NOON + timedelta(days=300))
    assert enters(app.number, app.codes[0])


def test_what_comes_in_is_recorded_and_what_fails_is_not(noor: str) -> None:
    app = with_app(noor)
    before = VAULT.leaf.objects.count()
    wrong(app, 3)
    assert VAULT.leaf.objects.count() == before
    enters(app.number, app.codes[0])
    leaf = VAULT.leaf.objects.latest("id")
    said = json.loads(bytes(leaf.content or b""))
    assert (leaf.act, leaf.about, said["by"], said["details"]["way"]) == (
        Act.CAME_IN,
        noor,
        "person",
        "codes",
    )
    assert app.number not in str(said)
