from __future__ import annotations

from pathlib import Path

import pytest

from luwte.desk.project.databases import DatabaseAddressWrong, databases

HERE = Path("desk")


def test_sqlite_files_are_two_and_wait_for_each_other() -> None:
    found = databases(HERE, {})
    assert {alias: Path(found[alias]["NAME"]).name for alias in found} == {
        "default": "desk.sqlite3",
        "vault": "vault.sqlite3",
    }
    assert all(one["OPTIONS"]["transaction_mode"] == "IMMEDIATE" for one in found.values())


def test_postgres_addresses() -> None:
    found = databases(
        HERE,
        {
            "LUWTE_DESK_DATABASE": "postgresql://ann:p%40ss@db.example:5433/desk?sslmode=require",
            "LUWTE_VAULT_DATABASE": "postgres:///vault?host=/run/pg",
        },
    )
    desk, vault = found["default"], found["vault"]
    assert [desk[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "ann",
        "p@ss",
        "db.example",
        "5433",
        "desk",
    ]
    assert desk["OPTIONS"] == {"sslmode": "require"}
    assert (vault["HOST"], vault["NAME"], vault["USER"]) == ("/run/pg", "vault", "")


@pytest.mark.parametrize(
    "address",
    ["desk", "mysql://x/y", "postgresql://x", "postgresql://x:port/y", "postgresql://x/y?options=-c"],
)
def test_an_address_that_cannot_be_read_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(DatabaseAddressWrong, match="LUWTE_DESK_DATABASE") as refused:
        databases(HERE, {"LUWTE_DESK_DATABASE": address})
    assert address not in str(refused.value).split()


def test_the_vault_may_lie_elsewhere_and_a_world_may_lack_one() -> None:
    found = databases(HERE, {}, vault=Path("safe"))
    assert (found["default"]["NAME"], found["vault"]["NAME"]) == ("desk/desk.sqlite3", "safe/vault.sqlite3")
    assert databases(HERE, {}, aliases=["default"]).keys() == {"default"}
    assert databases(HERE, {}, aliases=["vault"])["default"] == {}
