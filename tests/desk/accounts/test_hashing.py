"""Passwords are kept with Argon2id at the cost that RFC 9106 recommends."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import override_settings

from tests.support.accounts import PASSWORD, SIGN_IN

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]


def test_a_password_of_an_earlier_version_is_kept_anew_at_sign_in() -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):
        user = User.objects.create_user("zorg", password=PASSWORD, is_staff=True)
    assert Client().post(SIGN_IN, {"username": "zorg", "password": PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")
    assert user.check_password(PASSWORD)
