"""`luwte desk wish`, `quiet` and `hold`: what people chose, and when nothing may come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._people import DAY, PERSON
from luwte.cli._ready import on_a_ready_desk
from luwte.cli._who import by_account

SOURCES = ["case", "internet", "events", "rights", "takedown", "safety"]
RHYTHMS = ["each", "weekly", "monthly", "quarterly", "yearly", "on_request"]
CHANNELS = ["portal", "email", "sms", "letter", "care_worker", "lawyer"]
DETAILS = ["something", "bands", "everything"]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SELF = "person"


@click.group()
def wish() -> None:
    """Record and show what people chose."""


@wish.command(name="set")
@PERSON
@click.option("--source", type=click.Choice(SOURCES), default="case", show_default=True, help="News of what.")
@click.option("--told/--not-told", default=True, show_default=True, help="Whether the person wants to hear.")
@click.option(
    "--rhythm", type=click.Choice(RHYTHMS), default="monthly", show_default=True, help="How often, at most."
)
@click.option("--weekday", type=click.Choice(WEEKDAYS), help="On which day of the week only.")
@click.option("--hours", default="0-24", show_default=True, help="Between which hours only, such as 9-17.")
@click.option(
    "--channel",
    type=click.Choice(CHANNELS),
    default="portal",
    show_default=True,
    help="How the person is reached.",
)
@click.option(
    "--detail", type=click.Choice(DETAILS), default="bands", show_default=True, help="How much is said."
)
@click.option("--words", help="Language and register: nl, nl-youth or en (default: as the person's).")
@click.option("--forward", is_flag=True, help="A right that would lapse may come before the rhythm allows.")
@click.option("--cover", is_flag=True, help="The same message at every turn, with news or without.")
@click.option("--also", metavar="REPRESENTATIVE", multiple=True, help="Who may be told too.")
@click.option("--until", type=DAY, help="The last day on which this holds, YYYY-MM-DD.")
@click.option(
    "--by-party",
    metavar="PARTY",
    multiple=True,
    default=[SELF],
    show_default=True,
    help="Who chose: person, or the id of a representative.",
)
@click.option("--by", required=True, help="Who records it.")
@click.option("--conversation", required=True, help="In which conversation it was chosen.")
@click.option("--assessment", default="", help="From which individual assessment it follows.")
@on_a_ready_desk
def wish_set(person_id: str, source: str, **given: Any) -> None:
    """Add a version of what PERSON chose; earlier versions stay."""
    from luwte.desk.telling import services
    from luwte.desk.wishes.rules import Source

    set_ = services.set_wish(
        person_id,
        Source(source),
        _choice(person_id, **given),
        set_by=given["by"],
        conversation=given["conversation"],
        now=SystemClock().now(),
        by=frozenset(_party(party) for party in given["by_party"]),
        assessment=given["assessment"],
    )
    click.echo(f"Recorded as version {set_.version} for {source}.")


@wish.command(name="withdraw")
@PERSON
@click.option("--by", required=True, help="Who records it.")
@click.option("--conversation", required=True, help="In which conversation it was said.")
@on_a_ready_desk
def withdraw(person_id: str, by: str, conversation: str) -> None:
    """Record that PERSON wants to hear of nothing any more, from no source. Works at once."""
    from luwte.desk.telling.subjects import subject_of
    from luwte.desk.vault import services as vault
    from luwte.desk.wishes import services

    vault.person(person_id)
    now = SystemClock().now()
    ended = services.withdraw(subject_of(person_id), set_by=by, conversation=conversation, now=now)
    click.echo(f"Withdrawn for {ended} sources. Nothing is sent any more, also of what stood ready.")


@wish.command(name="show")
@PERSON
@click.option("--words", help="In which words it is read back: nl, nl-youth or en (default: the person's).")
@on_a_ready_desk
@by_account
def wish_show(person_id: str, words: str | None) -> None:
    """Read back what PERSON chose, every version with who recorded it, and the quiet periods that stand."""
    from luwte.desk.telling.subjects import party_of, subject_of
    from luwte.desk.vault import services as vault
    from luwte.desk.wishes import services
    from luwte.desk.wishes.checks import register_of
    from luwte.desk.wishes.summary import summary

    identity, subject = vault.view(person_id).identity, subject_of(person_id)
    register = register_of(words or identity.words)
    names = {party_of(one.id): one.mandate.name for one in vault.representatives(person_id)}
    for row in services.versions(subject):
        version = services.wish_of(row)
        said = ", ".join(text for text in (row.conversation, row.assessment) if text)
        by = ", ".join(names.get(party, party) for party in row.by)
        click.echo(
            f"{row.source} version {row.version}, {row.since:%Y-%m-%d}, chosen by {by}, "
            f"recorded by {row.set_by} ({said})"
        )
        click.echo(f"  {summary([version], [], register, identity.zone, names)[SOURCES.index(row.source)]}")
    for quiet_id, period in services.quiet_periods(subject):
        yearly = ", every year" if period.yearly else ""
        click.echo(f"quiet {quiet_id}: {period.first} to {period.last}{yearly} ({period.kind})")


@click.group()
def quiet() -> None:
    """Record days on which nothing may come."""


@quiet.command(name="add")
@PERSON
@click.option("--first", type=DAY, required=True, help="The first quiet day, YYYY-MM-DD.")
@click.option("--last", type=DAY, required=True, help="The last quiet day, YYYY-MM-DD.")
@click.option("--yearly", is_flag=True, help="Comes back every year.")
@click.option(
    "--kind",
    type=click.Choice(["days", "exams", "court"]),
    default="days",
    show_default=True,
    help="Why; nothing depends on it.",
)
@click.option("--by", required=True, help="Who records it.")
@on_a_ready_desk
def quiet_add(person_id: str, first: datetime, last: datetime, yearly: bool, kind: str, by: str) -> None:
    """Add a quiet period of PERSON and print its id; what falls in it comes afterwards."""
    from luwte.desk.telling.subjects import subject_of
    from luwte.desk.vault import services as vault
    from luwte.desk.wishes import services
    from luwte.desk.wishes.rules import Quiet, QuietKind

    subject = subject_of(vault.person(person_id).id)
    period = Quiet(subject, first.date(), last.date(), yearly, QuietKind(kind))
    click.echo(services.add_quiet(period, set_by=by, now=SystemClock().now()))


@quiet.command(name="lift")
@click.argument("quiet_id", metavar="QUIET")
@on_a_ready_desk
def quiet_lift(quiet_id: str) -> None:
    """Take a quiet period away; it stays on record."""
    from luwte.desk.wishes import services

    services.lift_quiet(quiet_id, SystemClock().now())
    click.echo("Lifted.")


@click.command()
@PERSON
@click.option("--reason", required=True, help="Why; the person can read it.")
@click.option("--until", type=DAY, required=True, help="The day on which it ends, YYYY-MM-DD.")
@click.option("--by", required=True, help="Which care worker.")
@on_a_ready_desk
def hold(person_id: str, reason: str, until: datetime, by: str) -> None:
    """Pause everything for PERSON as a care worker, with a reason that the person can read."""
    from luwte.desk.telling import services
    from luwte.desk.vault import services as vault
    from luwte.desk.wishes.rules import HoldKind

    ends = until.replace(tzinfo=vault.person(person_id).identity.zone).astimezone(UTC)
    now = SystemClock().now()
    services.hold(person_id, HoldKind.CARE, set_by=by, reason=reason, ends=ends, now=now)
    click.echo(f"Held until {until.date()}. What there is, is kept.")


@click.command()
@PERSON
@click.option("--until", type=DAY, help="The day on which it ends, YYYY-MM-DD (default: in 90 days).")
@on_a_ready_desk
def pause(person_id: str, until: datetime | None) -> None:
    """Pause everything for PERSON, at once and without a reason."""
    from luwte.desk.telling import services
    from luwte.desk.vault import services as vault
    from luwte.desk.wishes.services import PAUSE

    now = SystemClock().now()
    zone = vault.person(person_id).identity.zone
    lasts = until.replace(tzinfo=zone).astimezone(UTC) - now if until else PAUSE
    if lasts.total_seconds() <= 0:
        raise BadInput("This pause ends before it begins. Give a day that is still to come.")
    ends = services.pause(person_id, now, lasts)
    click.echo(f"Paused until {ends.astimezone(zone).date()}. What there is, is kept.")


def _choice(person_id: str, **given: Any) -> Any:
    from luwte.desk.vault import services as vault
    from luwte.desk.wishes.checks import hours_of, register_of
    from luwte.desk.wishes.rules import Channel, Choice, Detail, Rhythm

    return Choice(
        given["told"],
        Rhythm(given["rhythm"]),
        Channel(given["channel"]),
        Detail(given["detail"]),
        given["until"].date() if given["until"] else None,
        WEEKDAYS.index(given["weekday"]) if given["weekday"] else None,
        hours_of(given["hours"]),
        given["forward"],
        given["cover"],
        frozenset(_party(one) for one in given["also"]),
        register_of(given["words"] or vault.person(person_id).identity.words),
    )


def _party(who: str) -> str:
    """The party that `who` names; raises `RepresentativeUnknown`."""
    from luwte.desk.telling.subjects import party_of
    from luwte.desk.vault import services as vault

    return SELF if who == SELF else party_of(vault.representative(who).id)
