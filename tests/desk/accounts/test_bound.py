"""Sessions are bound to the account as it was, end by themselves, and end when anything about it changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.accounts import accounts, bound, four_eyes
from tests.support.accounts import PASSWORD, Worker, shown_by
from tests.support.desk import NOON
from tests.support.pages import words

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "quick_hashes"),
]

OTHER = "een-heel-ander-wachtwoord"


def within(client: Client) -> bool:
    return client.get("/staff/").status_code == 200


def test_a_session_ends_after_a_working_day_however_busy(clock: ManualClock) -> None:
    client = Worker().enter()
    clock.advance(bound.LONGEST - timedelta(seconds=1))
    assert within(client)
    clock.advance(timedelta(seconds=1))
    assert not within(client)


def test_a_session_without_a_factor_ends_after_a_quarter_of_an_hour(clock: ManualClock) -> None:
    client = Worker(app=False).enter_first()
    clock.advance(bound.WITHOUT_FACTOR)
    assert client.get("/staff/account/").status_code == 302


def change_password(client: Client, worker: Worker) -> None:
    form = {
        "password": PASSWORD,
        "new_password": "een-heel-ander-wachtwoord",
        "again": "een-heel-ander-wachtwoord",
    }
    assert client.post("/staff/account/password/", form).status_code == 302


def new_codes(client: Client, worker: Worker) -> None:
    assert client.post("/staff/account/codes/new/").status_code == 302


def end_others(client: Client, worker: Worker) -> None:
    assert client.post("/staff/account/others/").status_code == 302


@pytest.mark.parametrize("change", [change_password, new_codes, end_others])
def test_who_changes_how_they_sign_in_stays_and_others_go(
    change: Callable[[Client, Worker], None],
) -> None:
    worker = Worker()
    others = [worker.enter() for _ in range(2)]
    client = worker.enter()
    assert all(map(within, others))
    change(client, worker)
    assert within(client)
    assert not any(map(within, others))


@pytest.mark.parametrize(
    "change",
    [
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: User.objects.filter(pk=user.pk).update(is_staff=False),
        lambda user: accounts.close(user.username, by="command", now=NOON),
        lambda user: accounts.invite(user.username, by="command", now=NOON) and None,
        lambda user: four_eyes.make_administrator(user.username, by="command", now=NOON),
        lambda user: Authenticator.objects.get(user=user, type="totp").delete(),
        lambda user: accounts.set_password(user, OTHER, NOON),
    ],
    ids=["inactive", "not staff", "closed", "only invited", "administrator", "factor removed", "password"],
)
def test_a_change_by_others_counts_at_the_next_request(
    change: Callable[[User], object], request: pytest.FixtureRequest
) -> None:
    worker = Worker()
    client = worker.enter()
    change(worker.user)
    assert within(client) == (request.node.callspec.id == "only invited")


def test_the_stamp_cannot_be_left_out() -> None:
    client = Worker().enter()
    session = client.session
    del session["staff"]
    session.save()
    assert not within(client)


def test_setting_up_an_app_opens_the_desk_and_shows_the_codes_once() -> None:
    worker = Worker(app=False)
    client = worker.enter_first()
    page = client.get("/staff/account/app/").content.decode()
    assert "<svg" in page
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    assert client.post("/staff/account/app/", {"code": "000000"}).status_code == 200
    answer = client.post("/staff/account/app/", {"code": shown_by(secret)})
    assert answer["Location"] == "/staff/account/codes/"
    assert within(client)
    first, again = (client.get("/staff/account/codes/").content.decode() for _ in range(2))
    codes = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()
    assert len(codes) == 10
    assert all(code in first for code in codes)
    assert not any(code in again for code in codes)
    stored = str(list(Authenticator.objects.values("data")))
    assert secret not in stored


def test_a_factor_is_asked_for_again_before_what_matters(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker()
    client = worker.enter()
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    for path in ("password/", "app/remove/", "codes/new/", "passkey/"):
        assert client.get(f"/staff/account/{path}")["Location"].startswith("/staff/again/?next="), path
    form = {"password": PASSWORD, "new_password": OTHER, "again": OTHER}
    assert client.post("/staff/account/password/", form)["Location"].startswith("/staff/again/?next=")
    assert not any(secret in str(dict(client.session)) for secret in (PASSWORD, OTHER))
    assert client.post("/staff/again/?next=/staff/account/password/", {"code": "1"}).status_code == 200
    answer = client.post("/staff/again/", {"code": next(worker.codes), "next": "/staff/account/password/"})
    assert answer["Location"] == "/staff/account/password/"
    assert client.get("/staff/account/password/").status_code == 200


def test_the_last_factor_stays() -> None:
    worker = Worker()
    client = worker.enter()
    client.post("/staff/account/app/remove/")
    assert accounts.has_factor(worker.user.pk)


def test_a_factor_of_somebody_else_cannot_be_removed() -> None:
    other = Worker("els")
    data = {"name": "sleutel", "credential": {}}
    key = Authenticator.objects.create(user=other.user, type="webauthn", data=data)
    client = Worker().enter()
    assert client.post(f"/staff/account/passkey/{key.pk}/remove/").status_code == 404


def test_the_present_password_is_asked_for() -> None:
    worker = Worker()
    client = worker.enter()
    page = client.post("/staff/account/password/", {"password": "x", "new_password": OTHER, "again": OTHER})
    assert "Uw huidige wachtwoord klopt niet." in words(page)
    worker.user.refresh_from_db()
    assert worker.user.check_password(PASSWORD)
