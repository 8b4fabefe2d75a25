"""What must not come back to life with a backup: doors of the staff that shut since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from luwte.desk.accounts import accounts
from luwte.desk.accounts.models import Account
from luwte.desk.backup.restoring import _close_doors
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db(databases=["default"])
HOUR = timedelta(hours=1)


def account(name: str, **values: object) -> int:
    user = User.objects.create(username=name, is_staff=True)
    Account.objects.create(id=user.pk, **values)
    return int(user.pk)


def test_a_door_that_shut_stays_shut_and_one_that_stood_open_is_shut() -> None:
    shut = account("shut", open_until=NOON - 80 * HOUR)
    invited = account("invited", open_until=NOON + HOUR, invitation="ab" * 32)
    earlier = account("earlier")
    _close_doors(NOON)
    assert not accounts.may_enter(shut, NOON)
    assert not accounts.may_enter(invited, NOON)
    assert not Account.objects.exclude(invitation="").exists()
    assert accounts.may_enter(earlier, NOON), "an account of an earlier version may set a factor up"
    assert not accounts.may_enter(earlier, NOON + accounts.INVITED_FOR)
