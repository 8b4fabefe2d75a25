"""`luwte desk`: register findings, keep people's wishes, tell as chosen, serve the pages."""

from __future__ import annotations

import os
from pathlib import Path

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import Failure
from luwte.base.logs import say
from luwte.cli._broker import person
from luwte.cli._cases import case
from luwte.cli._check import check
from luwte.cli._clients import client
from luwte.cli._coverage import coverage
from luwte.cli._events import event, undeliverable
from luwte.cli._grants import grants
from luwte.cli._harm import harm
from luwte.cli._lists import lists
from luwte.cli._moments import minute
from luwte.cli._money import money
from luwte.cli._quarantine import quarantine
from luwte.cli._ready import on_a_desk_with_pages, on_a_ready_desk, on_a_ready_register, on_ready_interface
from luwte.cli._resume import resume
from luwte.cli._retention import retention
from luwte.cli._review import review
from luwte.cli._staff import staff
from luwte.cli._who import by_account
from luwte.cli._why import why
from luwte.cli._wishes import hold, pause, quiet, wish
from luwte.cli._words import words

SIGN_IT = (
    "Let two people read it and sign it with `luwte desk words sign`; `luwte desk words list` shows which."
)
REACH_IT = "See that the mail server (LUWTE_SMTP_HOST, LUWTE_SMTP_PORT) or Notify (LUWTE_NOTIFY_URL) answers."


@click.group()
def desk() -> None:
    """Register findings and tell people as they chose."""


_COMMANDS = (
    person, wish, quiet, hold, harm, pause, event, undeliverable, review, quarantine, lists, words, why,
    money, grants, coverage, check, resume, retention, staff, client, case,
)  # fmt: skip
for _command in _COMMANDS:
    desk.add_command(_command)


@desk.command()
def init() -> None:
    """Set the desk up in LUWTE_HOME: databases, key ring, secret. Twice is fine.

    In the world of casework: the accounts of its pages, and nothing of the register.
    """
    from luwte.desk.project import ready
    from luwte.desk.project.worlds import World, world

    if world() == World.CASEWORK:
        folder = ready.init_casework()
        click.echo(f"The accounts of casework stand in {folder}. Add people with `luwte desk staff add`.")
        return
    folder = ready.init()
    click.echo(f"The desk stands in {folder}. Keep a copy of its keys apart from its databases.")


@desk.command()
@click.argument("report", type=click.Path(readable=False, path_type=Path))
@click.option("--case", help="The case's number, when the report names none.")
@on_a_ready_register
def intake(report: Path, case: str | None) -> None:
    """Check REPORT and register what it says. The same report twice changes nothing."""
    from django.conf import settings

    from luwte.desk.findings import services
    from luwte.exchange.home import Home

    done = services.intake(report, Home.open().trusted(), SystemClock().now(), case=case)
    if not done.new:
        click.echo(f"Report {done.report} on case {done.case} was taken in before; nothing changed.")
        return
    click.echo(
        f"Report {done.report} on case {done.case}: {done.series} series, findings for "
        f"{done.findings} people, {done.unlinked} series of nobody known here. Nobody was told."
    )
    sure = "counted as identical" if settings.ACCEPT_SAME_PICTURE else "near until somebody confirms it"
    click.echo(
        f"Files: {done.identical} identical, {done.same_picture} the same picture ({sure}), {done.near} near."
    )


@desk.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Server processes.")
@click.option(
    "--health-port", type=click.IntRange(1, 65535),
    help="A port of 127.0.0.1 for /live, /ready and /metrics; without: none.",
)  # fmt: skip
@click.option(
    "--interface", is_flag=True, help="In the world of casework: the interface for machines, and no page."
)
def serve(host: str, port: int, workers: int, health_port: int | None, interface: bool) -> None:
    """Serve the portal at / and the staff's pages at /staff/ until Ctrl-C.

    In the world of casework: its pages alone, at /staff/; or, with --interface, what machines of other
    agencies use, at /api/v1.
    """
    if interface:
        os.environ["LUWTE_DESK_INTERFACE"] = "1"  # before the settings are read, for every server process
        _serve_interface(host, port, workers, health_port)
    else:
        _serve_pages(host, port, workers, health_port)


@on_a_desk_with_pages
def _serve_pages(host: str, port: int, workers: int, health_port: int | None) -> None:
    from django.conf import settings

    place = f"http://{host}:{port}"
    where = (
        f"Casework is at {place}/staff/"
        if settings.CASEWORK
        else f"The desk is at {place}/ and {place}/staff/"
    )
    if settings.CASEWORK:
        from luwte.desk.accounts.over import clear_over

        clear_over(SystemClock().now())
    _serve(host, port, workers, health_port, where)


@on_ready_interface
def _serve_interface(host: str, port: int, workers: int, health_port: int | None) -> None:
    place = f"http://{host}:{port}"
    _serve(host, port, workers, health_port, f"The interface is at {place}/api/v1 and {place}/openapi.json")


def _serve(host: str, port: int, workers: int, health_port: int | None, where: str) -> None:
    from luwte.desk.project import serve as server

    choices = server.Choices(host, port, workers, health_port)
    server.serve(choices, lambda: click.echo(f"{where} (Ctrl-C ends it)."))


@desk.command()
@on_a_ready_desk
def tell() -> None:
    """Decide for everyone, hand over what may be told, and say what was told and withheld, and why.

    Exit code 1 when a contact stands ready that could not be handed over; later rounds try it again.
    """
    from luwte.desk.telling import reading, services
    from luwte.desk.telling.addressing import UNSIGNED

    clock = SystemClock()
    done = services.tell(clock)
    for found in reading.standing(language="en"):
        for reason in found.reasons:
            click.echo(f"{found.person.id}  {reason.outcome:<8}  {reason.findings:>4}  {reason.sentence}")
    told = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in sorted(done.contacts.items()))
    alerts = f" Alerts of safety: {done.alerts}." if done.alerts else ""
    click.echo(f"{done.people} people looked at. Contacts: {told or 'none'}.{alerts}")
    late = reading.late()
    handed = sum(done.contacts.values())
    say("telling.round", people=done.people, handed=handed, alerts=done.alerts, late=len(late))
    if late:
        unsigned = next((one for one in late if one.cause == UNSIGNED), None)
        first = unsigned or late[0]
        raise Failure(
            f"{len(late)} of the contacts could not be handed over: {first.cause}. "
            f"{SIGN_IT if unsigned else REACH_IT} `luwte desk tell` tries again from "
            f"{minute(first.next_try)} on."
        )


@desk.command()
@on_a_ready_desk
def stakes() -> None:
    """Keep for processes of casework of which undecided files somebody may hear; run it every hour."""
    from luwte.desk.review.kept import keep
    from luwte.desk.telling.stakes import stakes as known

    click.echo(f"Kept {keep(known, SystemClock().now())} series in cases of which somebody may hear.")


@desk.command()
@click.argument("person_id", metavar="PERSON")
@click.argument("series")
@on_a_ready_desk
def link(person_id: str, series: str) -> None:
    """Say that SERIES shows PERSON; earlier reports count too."""
    from luwte.desk.telling import services

    cases = services.link_series(person_id, series, SystemClock().now())
    click.echo(f"Linked. The series stands in {cases} cases so far; nobody was told.")


@desk.command()
@click.argument("person_id", metavar="PERSON")
@click.argument("series")
@on_a_ready_desk
def unlink(person_id: str, series: str) -> None:
    """Take back that SERIES shows PERSON; what is not told yet never is. What was told stays on record."""
    from luwte.desk.telling import services

    cases = services.unlink_series(person_id, series, SystemClock().now())
    click.echo(f"Taken back. The findings in {cases} cases are counted anew; nobody was told.")


@desk.command(name="sign-in")
@click.argument("person_id", metavar="PERSON")
@on_a_ready_desk
@by_account
def sign_in(person_id: str) -> None:
    """Print a link that signs PERSON in once, within 24 hours; earlier links and visits are over."""
    from django.conf import settings
    from django.urls import reverse

    from luwte.desk.audit.actors import actor
    from luwte.desk.vault import services

    token = services.sign_in_link(person_id, SystemClock().now(), by=actor())
    page = reverse("portal:sign_in", args=[token])
    click.echo(f"{settings.PORTAL_URL.rstrip('/')}{page}")


@desk.command(name="sign-out")
@click.argument("person_id", metavar="PERSON")
@on_a_ready_desk
def sign_out(person_id: str) -> None:
    """End every visit to the portal about PERSON, also of who acts for them; links and ways in end too."""
    from luwte.desk.vault import services

    services.end_visits(person_id, SystemClock().now())
    click.echo("Everyone who was signed in for this person is signed out.")
