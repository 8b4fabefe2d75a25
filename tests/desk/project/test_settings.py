from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def check(home: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Django's own checks on the settings."""
    values = {"LUWTE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "luwte.desk.project.settings"}
    command = [sys.executable, "-W", "error", "-m", "django", "check", *options]
    return subprocess.run(
        command, env=os.environ | values | environment, capture_output=True, text=True, check=False
    )


def test_deployment_check_finds_nothing_behind_https(tmp_path: Path) -> None:
    done = check(tmp_path, "--deploy", "--fail-level", "INFO", LUWTE_DESK_HTTPS="1")
    assert done.returncode == 0, done.stderr


def test_cookies_are_this_hosts_alone_behind_https(tmp_path: Path) -> None:
    code = (
        "from luwte.desk.project import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"LUWTE_HOME": str(tmp_path), "LUWTE_DESK_HTTPS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "__Host-s __Host-c __Host-l True\n"


@pytest.mark.parametrize(("world", "leads"), [("telling", "8000"), ("casework", "8001")])
def test_links_of_a_trial_lead_to_the_pages_of_their_world_by_a_name(
    tmp_path: Path, world: str, leads: str
) -> None:
    """As README serves both; a browser makes no passkey for an address of digits."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUWTE_")}
    done = subprocess.run(
        [sys.executable, "-c", "from luwte.desk.project import settings as s\nprint(s.PORTAL_URL)"],
        env=kept | {"LUWTE_HOME": str(tmp_path), "LUWTE_DESK_WORLD": world},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"http://localhost:{leads}/\n"


@pytest.mark.parametrize("value", ["true", "yes", "on", "", "2"])
def test_https_is_on_or_off_and_nothing_else_is_taken_for_off(tmp_path: Path, value: str) -> None:
    done = check(tmp_path, LUWTE_DESK_HTTPS=value)
    assert done.returncode != 0
    assert "LUWTE_DESK_HTTPS is neither on nor off" in done.stderr


def test_on_one_machine_only_https_is_missing(tmp_path: Path) -> None:
    assert check(tmp_path).returncode == 0
    warned = check(tmp_path, "--deploy").stderr
    found = {word.strip("():?") for word in warned.split() if word.startswith("(security.")}
    assert found == {"security.W004", "security.W008", "security.W012", "security.W016"}


def test_the_address_of_a_sign_in_link_is_never_logged(tmp_path: Path) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "client = Client(enforce_csrf_checks=True)\n"
        "for call in (client.post, client.put, client.options): call('/in/a-link-for-one-person/')"
    )
    values = {"LUWTE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "luwte.desk.project.settings"}
    values["LUWTE_DESK_HOSTS"] = "testserver"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | values, capture_output=True, text=True, check=True
    )
    assert "a-link-for-one-person" not in done.stdout + done.stderr


def test_no_secret_stands_in_the_settings(tmp_path: Path) -> None:
    code = "from luwte.desk.project import settings; print(settings.SECRET_KEY)"
    secrets = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"LUWTE_HOME": str(tmp_path)},
            capture_output=True,
            check=True,
        ).stdout
        for _ in range(2)
    }
    assert len(secrets) == 2
    assert not any(tmp_path.iterdir())
