"""Each role in PostgreSQL does its work and no more; what is a record no role changes, deletes or unlocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.db import router

from luwte.base.ids import new_id
from luwte.desk.project.databases import ENVIRONMENT
from luwte.desk.project.grants import Role, rights
from tests.support.backups import new_key
from tests.support.postgres import Cluster
from tests.support.worlds import Process, casework_day, people, reported, telling_day

ALIASES = {"desk": "default", "vault": "vault"}


class Site:
    """Two databases that `luwte` owns, and a process for each role with the rights that `grants` prints."""

    def __init__(self, cluster: Cluster, home: Path) -> None:
        mark = new_id()[:8]
        self.cluster, self.home = cluster, home
        self.databases = {world: f"{world}_{mark}" for world in ALIASES}
        self.roles = {role: f"{role.value}_{mark}" for role in Role}
        owner = {ENVIRONMENT[ALIASES[world]]: cluster.create(name) for world, name in self.databases.items()}
        Process(home, owner)("desk", "init")
        for name in self.roles.values():
            cluster.run(f"CREATE ROLE {name} LOGIN")
        named = [word for role, name in self.roles.items() for word in (f"--{role.value}", name)]
        for world, name in self.databases.items():
            sql = Process(home, owner)("desk", "grants", world, *named)
            for _ in range(2):
                cluster.run(sql, name)

    def address(self, world: str, role: Role) -> str:
        """Return the address of a database for a role."""
        return self.cluster.address(self.databases[world], self.roles[role])

    def process(self, role: Role) -> Process:
        """Return a process of the world of `role`, with the addresses of that world alone."""
        worlds = {Role.CASEWORK: ["desk"], Role.VAULT: ["vault"]}.get(role, ["desk", "vault"])
        given = {ENVIRONMENT[ALIASES[world]]: self.address(world, role) for world in worlds}
        return Process(self.home, given | {"LUWTE_DESK_WORLD": role.value})

    def refused(self, world: str, role: Role, statement: str) -> None:
        """The database refuses `statement` to a role."""
        server = psycopg.connect(self.address(world, role), autocommit=True)
        with server, pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.execute(statement.encode())


@pytest.fixture(scope="module")
def site(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A desk in which each role did its day's work."""
    folder = tmp_path_factory.mktemp("roles")
    found = Site(postgres, folder / "home")
    casework, telling = found.process(Role.CASEWORK), found.process(Role.TELLING)
    _, mila = people(telling)
    casework_day(casework, telling, reported(found.home, folder / "r.lwreport"))
    telling_day(telling, mila)
    vault = found.process(Role.VAULT)
    noor = vault("desk", "person", "add", "Noor", "--email", "noor@example.org").strip()
    vault("desk", "person", "address", noor, "other@example.org")
    assert "is whole" in vault("audit", "verify", "--log", "vault")
    yield found
    for name in found.databases.values():
        postgres.drop(name)


INTERFACE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from luwte.desk.project import ready
ready.start()
from luwte.desk.api import case_events, case_steps, clients, reports
from luwte.desk.api.scopes import Scope
from luwte.desk.api.shapes import CaseEvent
from luwte.desk.api.step_shapes import CaseStepGiven
from luwte.desk.cases import register
from luwte.desk.api.tokens import Caller
now = datetime.now(UTC)
caller = Caller(clients.add("Lab", list(Scope), now)[0].id, tuple(Scope))
event = {"case": "C-1", "source": "events", "kind": "charge", "at": "2026-01-02T10:00:00Z"}
for key in (None, "12345678"):
    print(reports.deliver(caller, key, [Path(sys.argv[1]).read_bytes()], now).status)
print(case_events.deliver(caller, "87654321", "ab" * 32, CaseEvent.model_validate(event), now).status)
move = {"case": "C-1", "step": "hearing_moved", "hearing": "h1"}
move |= {"occurred": "2026-01-02", "known": "2026-01-02"}
for number, step in enumerate((move, move | {"hearing": "h2"}, move | {"step": "hearing_set"})):
    given = CaseStepGiven.model_validate(step | {"reference": f"r{number}"})
    print(case_steps.deliver(caller, None, "ab" * 32, given, now).document["state"])
register.dismiss(register.step_id("C-1", f"client:{caller.client}", "r1"), "of another case", now)
register.name_agency("C-1", "om", "NL", "", now)
print(case_steps.charge_gaps(caller, 0, 100, now)["next"])
"""
SPREAD = """
from luwte.desk.project import ready
ready.start()
from datetime import date
from luwte.desk.cases import register
from tests.support import api_acts, case_acts
from tests.support.desk import NOON
print(api_acts.spread() + case_acts.spread())
day = date(2026, 1, 5)
register.set_status("C-1", "recognised", "RBMNE", decided=day, known=day, subject="ab" * 16, now=NOON)
"""


@pytest.mark.postgres
def test_the_interface_needs_no_more_than_casework_may(site: Site, tmp_path: Path) -> None:
    """What machines deliver goes in with the rights of casework; telling finds whom it is about."""
    casework = site.process(Role.CASEWORK).started(
        reported(site.home, tmp_path / "another.lwreport"), program=INTERFACE
    )
    out, error = casework.communicate(timeout=240)
    assert out.split() == ["201", "200", "201", "waiting", "waiting", "standing", "0"], error
    telling = site.process(Role.TELLING).started(program=SPREAD)
    out, error = telling.communicate(timeout=240)
    assert out.strip().isdigit(), error


def test_every_table_has_its_rights() -> None:
    for alias in ENVIRONMENT:
        tables = {
            model._meta.db_table for model in apps.get_models() if router.allow_migrate_model(alias, model)
        }
        assert tables <= rights(alias).keys()


def test_no_role_may_change_or_delete_a_record() -> None:
    """Only retention deletes, and the log not even that."""
    for table, each in {**rights("default"), **rights("vault")}.items():
        for role, letters in each.items():
            if table.endswith(("_leaf", "_place", "_tile", "_checkpoint", "_cosignature", "_signoff")):
                assert "d" not in letters
            names = ("_wish", "_reportreceipt", "_reportseries", "_case", "_event", "_casestep", "_dismissal")
            if table.endswith((*names, "_victimstatus", "_caseagency")):
                assert "u" not in letters
                assert role == Role.RETENTION or "d" not in letters


@pytest.mark.postgres
@pytest.mark.parametrize("role", [Role.CASEWORK, Role.TELLING])
@pytest.mark.parametrize("table", ["audit_leaf", "findings_reportreceipt", "findings_reportseries"])
def test_a_record_stays_whoever_tries(site: Site, role: Role, table: str) -> None:
    for statement in (
        f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE",
        f"DROP TRIGGER {table}_no_update ON {table}", f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table} CASCADE", "SET session_replication_role = replica",
        "INSERT INTO audit_clearing DEFAULT VALUES", "CREATE TABLE mine (id int)",
        "CREATE TEMP TABLE audit_clearing (id int)",
        "CREATE OR REPLACE FUNCTION luwte_refuse() RETURNS trigger LANGUAGE sql AS ''",
    ):  # fmt: skip
        site.refused("desk", role, statement)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("world", "role"),
    [("desk", Role.CASEWORK), ("desk", Role.RETENTION), ("vault", Role.VAULT), ("vault", Role.RETENTION)],
)
@pytest.mark.parametrize("table", ["checkpoint", "cosignature", "place", "tile"])
def test_telling_alone_places_and_signs(site: Site, world: str, role: Role, table: str) -> None:
    """What somebody signed with other keys would stay, and the record would never be whole again."""
    app = "audit" if world == "desk" else "vault"
    site.refused(world, role, f"INSERT INTO {app}_{table} DEFAULT VALUES")


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["telling_decision", "wishes_wish", "telling_contactitem", "words_signoff"])
def test_what_telling_recorded_stays(site: Site, table: str) -> None:
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        site.refused("desk", Role.TELLING, statement)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "table",
    ["wishes_wish", "wishes_wishbook", "telling_contact", "telling_decision", "words_signoff", "auth_user",
     "django_session", "cases_event"],
)  # fmt: skip
def test_casework_sees_no_wish_no_contact_no_account(site: Site, table: str) -> None:
    site.refused("desk", Role.CASEWORK, f"SELECT count(*) FROM {table}")


@pytest.mark.postgres
@pytest.mark.parametrize(("world", "role"), [("vault", Role.CASEWORK), ("desk", Role.VAULT)])
def test_a_role_does_not_even_connect_to_the_other_world(site: Site, world: str, role: Role) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(site.address(world, role))


@pytest.mark.postgres
def test_telling_makes_no_finding_out_of_nothing_and_reads_no_reviewer(site: Site) -> None:
    site.refused("desk", Role.TELLING, "SELECT * FROM review_look")
    site.refused("desk", Role.TELLING, "INSERT INTO findings_reportseries DEFAULT VALUES")
    site.refused("desk", Role.TELLING, "UPDATE findings_cluster SET outcome = 'confirmed'")


@pytest.mark.postgres
def test_retention_deletes_records_only_when_it_says_so(site: Site) -> None:
    with psycopg.connect(site.address("desk", Role.RETENTION)) as server:
        with pytest.raises(psycopg.errors.RaiseException, match="never changed or deleted"):
            server.execute("DELETE FROM wishes_wish")
        server.rollback()
        server.execute("INSERT INTO audit_clearing DEFAULT VALUES")
        assert server.execute("DELETE FROM wishes_wish").rowcount > 0
        server.rollback()
    site.refused("desk", Role.RETENTION, "DELETE FROM audit_leaf")
    site.refused("desk", Role.RETENTION, "DELETE FROM words_signoff")


@pytest.mark.postgres
def test_a_command_without_the_right_says_so_in_a_sentence(site: Site) -> None:
    wrong = {"LUWTE_DESK_DATABASE": site.address("desk", Role.CASEWORK)}
    wrong["LUWTE_VAULT_DATABASE"] = site.address("vault", Role.TELLING)
    done = Process(site.home, wrong).ended("desk", "tell")
    assert done.returncode == 1
    assert "luwte desk grants" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.postgres
@pytest.mark.parametrize("role", [Role.CASEWORK, Role.TELLING, Role.VAULT])
def test_the_check_finds_nothing_wrong_with_what_grants_printed(site: Site, role: Role) -> None:
    assert database_findings(site, role) == {"postgres.durable"}, (
        "the tests' server does not wait for the disk"
    )


@pytest.mark.postgres
def test_the_check_misses_no_right_too_many_or_too_few(site: Site) -> None:
    desk, name = site.databases["desk"], site.roles[Role.CASEWORK]
    to, of = f"TO {name}", f"FROM {name}"
    wrong = {
        "postgres.more": (f"GRANT SELECT ON wishes_wish {to}", f"REVOKE SELECT ON wishes_wish {of}"),
        "postgres.less": (f"REVOKE INSERT ON cases_case {of}", f"GRANT INSERT ON cases_case {to}"),
        "postgres.everyone": ("GRANT SELECT ON cases_case TO PUBLIC", "REVOKE ALL ON cases_case FROM PUBLIC"),
        "postgres.power": (f"ALTER ROLE {name} CREATEDB", f"ALTER ROLE {name} NOCREATEDB"),
        "postgres.create": (
            f"GRANT CREATE ON SCHEMA public TO {name}", f"REVOKE CREATE ON SCHEMA public FROM {name}"
        ),
        "database.triggers": (
            "ALTER TABLE audit_leaf DISABLE TRIGGER audit_leaf_no_update",
            "ALTER TABLE audit_leaf ENABLE TRIGGER audit_leaf_no_update",
        ),
    }  # fmt: skip
    try:
        for statement, _ in wrong.values():
            site.cluster.run(statement, desk)
        assert database_findings(site, Role.CASEWORK) == {"postgres.durable", *wrong}
    finally:
        for _, statement in wrong.values():
            site.cluster.run(statement, desk)


def database_findings(site: Site, role: Role) -> set[str]:
    """Return what `luwte desk check` finds wrong with the databases, in the world of a role."""
    done = site.process(role).ended("desk", "check")
    assert done.stderr == ""
    said = {line.partition(":")[0] for line in done.stdout.splitlines()}
    return {one for one in said if one.startswith(("postgres.", "database."))}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--casework", "a;b"), "no name of a role"),
        (("--casework", "x", "--telling", "x"), "role of its own"),
    ],
)
def test_roles_that_cannot_be(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    done = Process(tmp_path / "home").ended("desk", "grants", "desk", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


@pytest.mark.postgres
def test_no_role_of_another_organisation_reaches_a_database_of_this_one(site: Site, tmp_path: Path) -> None:
    """Two desks on one server, each with the rights that `grants` prints."""
    other = Site(site.cluster, tmp_path / "home")
    try:
        for mine, theirs in ((site, other), (other, site)):
            _reaches_its_own(mine)
            for role in Role:
                for world in ALIASES:
                    foreign = site.cluster.address(theirs.databases[world], mine.roles[role])
                    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                        psycopg.connect(foreign)
    finally:
        for name in other.databases.values():
            site.cluster.drop(name)


def _reaches_its_own(site: Site) -> None:
    """So that what is refused is refused for the right reason."""
    for world in ALIASES:
        with psycopg.connect(site.address(world, Role.TELLING)) as server:
            assert server.execute("SELECT count(*) FROM django_migrations").fetchone() != (0,)


@pytest.mark.postgres
def test_the_role_that_backs_up_reads_and_changes_nothing_but_the_record(site: Site, tmp_path: Path) -> None:
    key = new_key(tmp_path / "key")
    given = {ENVIRONMENT[ALIASES[world]]: site.address(world, Role.BACKUP) for world in ALIASES}
    assert "for 1 keys" in Process(site.home, given)("backup", tmp_path / "b.age", "--to", key.public)
    site.refused("vault", Role.BACKUP, "SELECT * FROM vault_signinlink")
    site.refused("desk", Role.BACKUP, "SELECT * FROM django_session")
    for world, table in (("desk", "telling_contact"), ("desk", "audit_leaf"), ("vault", "vault_person")):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            site.refused(world, Role.BACKUP, statement)
    site.refused("desk", Role.TELLING, "INSERT INTO audit_restoration VALUES ('x', now(), now())")
    site.refused("desk", Role.TELLING, "DELETE FROM audit_restoration")


@pytest.mark.postgres
def test_sums_of_money_follow_payments_under_the_rights_of_telling(site: Site) -> None:
    """Triggers add up as whoever writes the payment; nobody sets a sum, casework reads none."""
    telling = site.process(Role.TELLING)
    mila = telling("desk", "person", "list").split()[0]
    order = (
        "--scheme claim --case C-1 --defendant d --court Rb --amount 90 --currency EUR --ordered 2025-01-12"
    )
    award = telling("desk", "money", "award", mila, *order.split()).strip()
    paid = ["--amount", "100", "--on", "2025-02-01", "--reference", "r"]
    assert "EUR 10.00 too much" in telling("desk", "money", "receive", mila, award, *paid)
    assert "paid EUR 90.00, open EUR 0.00" in telling("desk", "money", "show", mila)
    site.refused("desk", Role.TELLING, "UPDATE money_award SET amount = 1")
    site.refused("desk", Role.TELLING, "DELETE FROM money_payment")
    for table in ("award", "payment", "payout", "loss", "ceiling"):
        site.refused("desk", Role.CASEWORK, f"SELECT * FROM money_{table}")


OLD = """
SET session_replication_role = replica;
UPDATE cases_case SET opened = '2010-01-01';
UPDATE cases_event SET registered = '2010-01-01', at = '2010-01-01', lapses = NULL;
UPDATE cases_announcement SET received = '2010-01-01', at = '2010-01-01', lapses = NULL;
UPDATE cases_casestep SET received = '2010-01-01', at = '2010-01-01';
UPDATE cases_victimstatus SET received = '2010-01-01';
UPDATE cases_caseagency SET received = '2010-01-01';
UPDATE findings_reportreceipt SET received = '2010-01-01';
UPDATE findings_finding SET registered = '2010-01-01', updated = '2010-01-01';
UPDATE findings_cluster SET decided = '2010-01-01';
UPDATE telling_contact SET decided = '2010-01-01', handed = '2010-01-01', closed = '2010-01-01';
UPDATE review_look SET ended = '2010-01-01';
INSERT INTO django_session VALUES ('old', '', '2010-01-01');
"""


@pytest.mark.postgres
def test_retention_lets_go_in_its_own_role_and_can_do_nothing_else(site: Site) -> None:
    telling, retention = site.process(Role.TELLING), site.process(Role.RETENTION)
    for line in telling("desk", "person", "list").splitlines():
        telling("desk", "person", "erase", line.split()[0], "--yes")
    telling("desk", "tell")
    site.cluster.run(OLD, site.databases["desk"])
    site.cluster.run("UPDATE vault_erasure SET at = at - interval '60 days'", site.databases["vault"])
    assert "would go" in retention("desk", "retention")
    gone = retention("desk", "retention", "--apply")
    assert "a case with all that hangs on it" in gone
    assert "people who were erased" in gone
    assert "Nothing was over its term" in retention("desk", "retention", "--apply")
    assert "is whole" in retention("audit", "verify", "--log", "vault")
    for code, _, complained in retention.ends("desk tell", "desk retention hold C-1 --reason x --by y"):
        assert (code, "does not run in a process of retention" in complained) == (2, True)
    denied = telling.ended("desk", "retention", "--apply")
    assert (denied.returncode, denied.stdout) in ((0, "Nothing was over its term.\n"), (1, ""))
