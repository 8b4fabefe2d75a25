"""Two steps to sign in; whatever was wrong, the page, the work and the record's size are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from luwte.base.clock import ManualClock
from luwte.desk.audit.models import Leaf
from luwte.desk.pages.address import address
from luwte.desk.staff import accounts
from luwte.desk.staff.hashing import Argon2id
from tests.support.accounts import PASSWORD, SIGN_IN, Worker
from tests.support.pages import words

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "quick_hashes"),
]
CODE = "/staff/sign-in/code/"


def acts() -> list[str]:
    return list(Leaf.objects.order_by("id").values_list("act", flat=True))


@contextmanager
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Give the list of every Argon2 run."""
    runs: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("encode", "verify"):
            plain = getattr(Argon2id, name)

            def counted(self: Argon2id, *given: object, _plain: object = plain, _name: str = name) -> object:
                runs.append(_name)
                return _plain(self, *given)  # type: ignore[operator]

            patch.setattr(Argon2id, name, counted)
        yield runs


def shape(client: Client, name: str, password: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Return all that can be told from outside of a try to sign in, and what work it was."""
    with (
        hashes(monkeypatch) as runs,
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        answer = client.post(SIGN_IN, {"username": name, "password": password})
    page = re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]*', rb"\1", answer.content)
    return {
        "status": answer.status_code,
        "page": page.replace(name.encode(), b"?"),
        "headers": dict(answer.headers) | {"Expires": None, "Content-Length": None, "X-Request-Id": None},
        "cookies": sorted(answer.cookies),
        "hashes": len(runs),
        "queries": len(queries),
    }


def test_nothing_tells_an_unknown_name_from_a_wrong_password_a_lock_or_a_closed_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Names of one length, so that sizes can be compared too. The lock's own try is the sixth."""
    for name in ("known", "shut.", "fresh", "other"):
        User.objects.create_user(name, password=PASSWORD, is_staff=name != "other", is_active=name != "shut.")
    User.objects.filter(username="fresh").update(password="!")
    client = Client()
    client.get(SIGN_IN)
    locked = Client(REMOTE_ADDR="192.0.2.1")
    for _ in range(5):
        locked.post(SIGN_IN, {"username": "known", "password": "wrong"})
    locked.get(SIGN_IN)
    for name in ("known", "shut.", "fresh", "other", "nobod"):
        client.post(SIGN_IN, {"username": name, "password": "wrong"})
    wanted = shape(client, "known", "wrong password", monkeypatch)
    assert (wanted["status"], wanted["hashes"]) == (200, 1)
    assert shape(client, "nobod", "wrong password", monkeypatch) == wanted
    assert shape(client, "fresh", PASSWORD, monkeypatch) == wanted
    assert shape(client, "shut.", PASSWORD, monkeypatch) == wanted
    assert shape(client, "other", PASSWORD, monkeypatch) == wanted
    assert shape(locked, "known", "wrong password", monkeypatch) == wanted
    assert shape(locked, "known", PASSWORD, monkeypatch) == wanted


def test_a_lock_holds_for_one_name_from_one_address_and_ends(clock: ManualClock) -> None:
    Worker()
    els = Worker("els")
    client = Client(REMOTE_ADDR="192.0.2.1")
    for _ in range(5):
        client.post(SIGN_IN, {"username": "zorg", "password": "wrong"})
    assert acts().count("staff.locked") == 1
    right = {"username": "zorg", "password": PASSWORD}
    assert client.post(SIGN_IN, right).status_code == 200
    assert client.post(SIGN_IN, right | {"username": els.name}).status_code == 302
    assert Client(REMOTE_ADDR="192.0.2.2").post(SIGN_IN, right).status_code == 302
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert client.post(SIGN_IN, right).status_code == 302


def test_the_address_behind_the_proxy_is_the_one_that_the_proxy_saw() -> None:
    Worker()
    client = Client()
    with override_settings(HTTPS=True, SECURE_SSL_REDIRECT=False):
        for number in range(5):
            seen = f"10.0.0.{number}, 192.0.2.1"
            client.post(SIGN_IN, {"username": "zorg", "password": "x"}, headers={"X-Forwarded-For": seen})
        right = {"username": "zorg", "password": PASSWORD}
        assert client.post(SIGN_IN, right, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 200
        assert client.post(SIGN_IN, right, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 302


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_code_lets_in_once(step: int) -> None:
    worker = Worker()
    for expected in ("/staff/", None):
        client = worker.enter_first()
        assert client.get("/staff/")["Location"].startswith(SIGN_IN)
        answer = client.post(CODE, {"code": worker.code(step)})
        assert answer.headers.get("Location") == expected
    assert acts().count("staff.signed-in") == 1
    assert acts()[-1] == "staff.sign-in-failed"


def test_a_recovery_code_lets_in_once_and_is_recorded() -> None:
    worker = Worker()
    code = next(worker.codes)
    for expected in (302, 200):
        assert worker.enter_first().post(CODE, {"code": code}).status_code == expected
    assert acts().count("staff.recovery-code-used") == 1


def test_wrong_codes_lock_as_wrong_passwords_do_and_the_right_one_is_not_used_up() -> None:
    worker = Worker()
    client = worker.enter_first()
    for number in range(5):
        page = client.post(CODE, {"code": f"00000{number}"})
        assert "Fout: dit klopte niet." in words(page)
    code = next(worker.codes)
    assert words(client.post(CODE, {"code": code})) == words(page)
    assert Worker.enter_first(worker).get(CODE).status_code == 302
    other = Client(REMOTE_ADDR="192.0.2.9")
    other.post(SIGN_IN, {"username": "zorg", "password": PASSWORD})
    cache.clear()
    assert other.post(CODE, {"code": code}).status_code == 302


def test_the_second_step_is_closed_without_the_first() -> None:
    Worker()
    for path in (CODE, "/staff/again/", "/staff/account/", "/staff/account/codes/", "/staff/account/app/"):
        assert Client().get(path)["Location"].startswith(SIGN_IN), path


def test_signing_in_begins_a_new_session() -> None:
    worker, client = Worker(), Client()
    client.get("/staff/")
    client.post("/taal/", {"language": "en"})
    before = client.session.session_key
    worker.enter(client)
    between = client.session.session_key
    assert before != between
    worker.enter(Client())
    client.post("/staff/sign-out/")
    assert client.get("/staff/").status_code == 302
    assert acts()[-1] == "staff.signed-out"


def test_an_account_without_a_second_factor_opens_nothing_and_closes_after_three_days(
    clock: ManualClock,
) -> None:
    worker = Worker(app=False)
    client = worker.enter_first()
    for path in ("/staff/", "/staff/person/x/", "/staff/account/password/"):
        assert client.get(path)["Location"] == "/staff/account/", path
    assert client.post("/staff/task/x/").headers["Location"] == "/staff/account/"
    assert "Stel een tweede manier van aanmelden in" in words(client.get("/staff/account/"))
    clock.advance(accounts.INVITED_FOR)
    assert worker.enter_first().get("/staff/account/")["Location"].startswith(SIGN_IN)


def test_no_one_makes_an_account_or_looks_one_up() -> None:
    for path in ("signup", "password/reset", "email", "social", "login/code"):
        assert Client().get(f"/staff/{path}/").status_code == 404
        assert Client().get(f"/accounts/{path}/").status_code == 404


def test_what_was_typed_stands_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    Worker()
    Client().post(SIGN_IN, {"username": "zorg", "password": "my-secret-typed"})
    rows = str(list(AccessAttempt.objects.values()))
    leaves = b"".join(bytes(row.content or b"") for row in Leaf.objects.all())
    assert "my-secret-typed" not in rows
    assert b"zorg" not in leaves
    told = capfd.readouterr()
    assert "zorg" not in told.out + told.err


def test_an_ipv6_network_of_64_bits_is_one_place() -> None:
    Worker()
    right, wrong = ({"username": "zorg", "password": one} for one in (PASSWORD, "wrong"))
    for number in range(5):
        Client(REMOTE_ADDR=f"2001:db8:0:1::{number}").post(SIGN_IN, wrong)
    assert Client(REMOTE_ADDR="2001:db8:0:1:ffff::9").post(SIGN_IN, right).status_code == 200
    assert Client(REMOTE_ADDR="2001:db8:0:2::1").post(SIGN_IN, right).status_code == 302


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::"),
        ("fe80::1%eth0", "fe80::"),
        ("", "::"),
        ("x", "::"),
    ],
)
def test_where_a_request_comes_from(seen: str, kept: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=seen)
    assert address(request) == kept


def test_one_name_from_everywhere_has_a_limit_of_its_own_which_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luwte.desk.staff.tries.MOST", 8)
    Worker()
    els = Worker("els")
    for number in range(8):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(SIGN_IN, {"username": "zorg", "password": "wrong"})
    right = {"username": "zorg", "password": PASSWORD}
    fresh = Client(REMOTE_ADDR="198.51.100.1")
    assert fresh.post(SIGN_IN, right).status_code == 200
    assert fresh.post(SIGN_IN, right | {"username": els.name}).status_code == 302
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert Client(REMOTE_ADDR="198.51.100.2").post(SIGN_IN, right).status_code == 302
