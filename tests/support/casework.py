"""Casework in the process of a test: its pages with what its settings say, its accounts, what they work on.

Accounts stand in the register here; that they have a database of their own is tested with real processes.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from luwte.desk.casework import roles
from luwte.desk.casework.roles import Role
from luwte.desk.review import kept
from tests.support.desk import NOON
from tests.support.review import Given
from tests.support.tour import shown_factor

URLS = "luwte.desk.project.casework_urls"


def overrides(folder: Path) -> dict[str, Any]:
    """Return what the settings of a process of casework say otherwise than those of telling."""
    instead = {
        "luwte.desk.portal.pull.WholeSteps": "",
        "luwte.desk.project.actors.Acting": "luwte.desk.accounts.acting.Acting",
    }
    return {
        "INSTALLED_APPS": ["luwte.desk.casework", *settings.INSTALLED_APPS],
        "MIDDLEWARE": [found for one in settings.MIDDLEWARE if (found := instead.get(one, one))],
        "TEMPLATES": copy.deepcopy(settings.TEMPLATES),
        "ROOT_URLCONF": URLS,
        "CASEWORK": True,
        "ACCOUNTS_CALLED": "casework",
        "LARGE_FORMS": ("/staff/intake/",),
        "UPLOADS": folder,
    }


def worker(name: str, *held: Role, language: str = "nl") -> Client:
    """Return a browser in which an account with these roles has signed in with two factors."""
    User.objects.get_or_create(username=name, is_staff=True)
    for role in held:
        roles.give(name, role, by="command", now=NOON)
    return entered(name, language)


def entered(name: str, language: str = "nl") -> Client:
    """Return a browser in which an account has signed in with two factors."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(User.objects.get(username=name))
    shown_factor(client)
    client.post("/taal/", {"language": language})
    return client


def heard(given: Given | None = None) -> None:
    """Let telling keep that somebody wants to hear of all there is, or what is `given`."""
    kept.keep(given or Given(), NOON)
