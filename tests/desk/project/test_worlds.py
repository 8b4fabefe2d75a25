from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from luwte.desk.project.environment import SettingWrong
from luwte.desk.project.worlds import World, world


def test_without_a_choice_a_process_has_both_worlds() -> None:
    assert world({}) == world({"LUWTE_DESK_WORLD": ""}) == World.TELLING
    assert World.TELLING.aliases == ("default", "vault")
    assert (World.CASEWORK.aliases, World.VAULT.aliases) == (("default",), ("vault",))


@pytest.mark.parametrize(
    ("chosen", "given", "said"),
    [
        ("casework", "LUWTE_VAULT_DATABASE", "a process of casework is never given that"),
        ("casework", "LUWTE_DESK_KEYS", "a process of casework is never given that"),
        ("vault", "LUWTE_DESK_DATABASE", "a process of vault is never given that"),
        ("match", "LUWTE_HOME", "LUWTE_DESK_WORLD is no world"),
    ],
)
def test_a_process_that_is_given_too_much_is_refused(chosen: str, given: str, said: str) -> None:
    with pytest.raises(SettingWrong, match=said) as refused:
        world({"LUWTE_DESK_WORLD": chosen, given: "a-secret"})
    assert "a-secret" not in str(refused.value)


def test_the_vault_may_have_its_key() -> None:
    assert world({"LUWTE_DESK_WORLD": "vault", "LUWTE_DESK_KEYS": "x"}) == World.VAULT


@pytest.mark.parametrize(
    ("chosen", "there", "absent"),
    [("casework", "findings", ["vault", "wishes", "telling", "portal", "staff", "words"]),
     ("vault", "vault", ["audit", "cases", "findings", "review", "wishes", "telling", "portal", "staff",
                         "casework", "accounts", "auth", "sessions"]),
     ("telling", "portal", ["casework"])],
)  # fmt: skip
def test_what_a_world_lacks_is_not_installed(
    chosen: str, there: str, absent: list[str], tmp_path: Path
) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.apps import apps\n"
        "from django.db import connections\n"
        "print(*sorted(one.name.rpartition('.')[2] for one in apps.get_app_configs()))\n"
        "print(*(f'{a}={connections[a].vendor}' for a in connections))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUWTE_")}
    values = {"LUWTE_HOME": str(tmp_path), "LUWTE_DESK_WORLD": chosen}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=kept | values | {"DJANGO_SETTINGS_MODULE": "luwte.desk.project.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = done.stdout.split()
    assert there in found
    assert not {*found} & {*absent}
    own = {
        "casework": ["default=sqlite", "accounts=sqlite"],
        "vault": ["default=unknown", "vault=sqlite"],
        "telling": ["default=sqlite", "vault=sqlite"],
    }[chosen]
    assert [one for one in found if "=" in one] == own
