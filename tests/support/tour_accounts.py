"""The pages on which staff sign in and look after their account, as answers: beside `tests.support.tour`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.test import Client

from luwte.desk.accounts import accounts
from tests.support.accounts import PASSWORD, SIGN_IN, Worker
from tests.support.desk import NOON

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


def account_pages(language: str) -> Iterator[tuple[str, Answer]]:
    """Give each page of signing in and of the account, by name; each begins with "account"."""
    visitor = Client(headers={"Accept-Language": language})
    yield "account: sign in refused", visitor.post(SIGN_IN, {"username": "nobody", "password": "nothing"})
    yield "account: passkey", visitor.get("/staff/sign-in/passkey/")
    yield "account: passkey refused", visitor.post("/staff/sign-in/passkey/", {"credential": "{}"})
    yield "account: no invitation", visitor.get("/staff/invited/none/")
    token = accounts.add("pas", by="command", now=NOON)
    short = {"new_password": "kort", "again": "ander"}
    yield "account: invited, refused", visitor.post(f"/staff/invited/{token}/", short)
    worker = Worker("zus")
    visitor.post(SIGN_IN, {"username": worker.name, "password": PASSWORD})
    yield "account: second step", visitor.get("/staff/sign-in/code/")
    yield "account: second step refused", visitor.post("/staff/sign-in/code/", {"code": "1"})
    yield from _before_a_factor(language)
    yield from _with_an_app(language)
    yield from _with_a_passkey(worker, language)


def _before_a_factor(language: str) -> Iterator[tuple[str, Answer]]:
    client = Client(headers={"Accept-Language": language})
    client.post(SIGN_IN, {"username": Worker("nog", app=False).name, "password": PASSWORD})
    yield "account: no factor yet", client.get("/staff/account/")
    yield "account: app refused", client.post("/staff/account/app/", {"code": "1"})


def _with_an_app(language: str) -> Iterator[tuple[str, Answer]]:
    client = Worker("een").enter(Client(headers={"Accept-Language": language}))
    yield "account: the last factor", client.post("/staff/account/app/remove/")
    for name, path in (
        ("remove the app", "app/remove/"), ("add a passkey", "passkey/"), ("codes", "codes/"),
        ("new codes", "codes/new/"), ("password", "password/"),
    ):  # fmt: skip
        yield f"account: {name}", client.get(f"/staff/account/{path}")
    yield "account: again", client.get("/staff/again/?next=/staff/account/password/")
    yield "account: again refused", client.post("/staff/again/", {"code": "1"})
    yield "account: fresh codes", client.post("/staff/account/codes/new/", follow=True)
    yield "account: signed out elsewhere", client.post("/staff/account/others/", follow=True)


def _with_a_passkey(worker: Worker, language: str) -> Iterator[tuple[str, Answer]]:
    """Its credential is none: only what names it is looked at."""
    data = {"name": "sleutel", "credential": {}}
    key = Authenticator.objects.create(user=worker.user, type="webauthn", data=data)
    client = worker.enter(Client(headers={"Accept-Language": language}))
    yield "account: overview", client.get("/staff/account/")
    yield "account: remove a passkey", client.get(f"/staff/account/passkey/{key.pk}/remove/")
