"""`luwte desk review`: what a reviewer looks at next, what they answer, and the limits of the work."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._ready import on_a_ready_register

if TYPE_CHECKING:
    from luwte.desk.review.hours import NotNow
    from luwte.desk.review.ports import Stakes
    from luwte.desk.review.services import Question

ANSWERS = ("confirmed", "rejected", "cannot-tell")
BY = click.option("--by", required=True, metavar="NAME", help="Who reviews.")
CLUSTER = click.argument("cluster")
WHY = {
    "acute": "Acute work is waiting. Do that first, then `luwte desk review limits --no-acute`.",
    "hours": "These hours are not for review.",
    "budget": "The minutes of this day are used up. Go on tomorrow.",
    "items": "You have looked at as many as one should on a day. Go on tomorrow.",
    "pause": "You have looked long enough in a row. Take a pause.",
    "nothing": "Nothing waits for you.",
}


@click.group()
def review() -> None:
    """Look at clusters of files that resemble an entry, and decide with somebody else."""


@review.group()
def reviewer() -> None:
    """Who reviews."""


@reviewer.command()
@click.argument("name")
@on_a_ready_register
def add(name: str) -> None:
    """Let NAME review. One person has one name, whatever the capitals."""
    from luwte.desk.review import people

    click.echo(f"{people.add(name, SystemClock().now())} reviews from now on.")


@reviewer.command()
@click.argument("name")
@on_a_ready_register
def leave(name: str) -> None:
    """Record that NAME reviews no more; the answers stand."""
    from luwte.desk.review import people

    people.leave(name, SystemClock().now())
    click.echo("Recorded. The answers stand.")


@reviewer.command(name="list")
@on_a_ready_register
def list_() -> None:
    """List who reviews now."""
    from luwte.desk.review import people

    for name in people.names():
        click.echo(name)


@review.command(name="next")
@BY
@on_a_ready_register
def next_(by: str) -> None:
    """Show the cluster that is worth looking at most, or say why none now."""
    from luwte.desk.review import services
    from luwte.desk.review.hours import NotNow

    found = services.next_for(by, _stakes(), SystemClock().now())
    click.echo(_not_now(found) if isinstance(found, NotNow) else _question(found))


@review.command()
@CLUSTER
@BY
@click.option("--answer", required=True, type=click.Choice(ANSWERS), help="What you found.")
@on_a_ready_register
def decide(cluster: str, by: str, answer: str) -> None:
    """Record what you found on CLUSTER, which is before you."""
    from luwte.desk.review import services
    from luwte.desk.review.rules import Answer

    found = services.answer(by, cluster, Answer(answer.replace("-", "_")), SystemClock().now())
    click.echo(f"Decided: {found.value}." if found else "Recorded. Somebody else looks at it too.")


@review.command()
@CLUSTER
@BY
@on_a_ready_register
def refuse(cluster: str, by: str) -> None:
    """Leave CLUSTER to somebody else; no reason is asked, and you do not get it again."""
    from luwte.desk.review import services

    services.refuse(by, cluster, SystemClock().now())
    click.echo("Somebody else gets it.")


@review.command()
@BY
@on_a_ready_register
def stop(by: str) -> None:
    """Stop looking; no reason is asked. What is before you goes to somebody else."""
    from luwte.desk.review import services

    services.stop(by, SystemClock().now())
    click.echo("Stopped. Thank you.")


@review.command()
@CLUSTER
@click.option("--by", required=True, help="Who takes it back.")
@click.option("--reason", required=True, help="Why; it is kept.")
@on_a_ready_register
def undo(cluster: str, by: str, reason: str) -> None:
    """Take back every answer on CLUSTER, and what followed from it; it is asked anew."""
    from luwte.desk.review import services
    from luwte.desk.wishes.checks import LONGEST_REASON, check_text

    check_text("What is taken back needs who does.", by)
    check_text("What is taken back needs a reason.", reason, LONGEST_REASON)
    services.undo(cluster, by, reason, SystemClock().now())
    click.echo(
        "Taken back. What was planned on it alone is not told; what was told comes before a care worker with "
        "the next `luwte desk tell`. Labs take out what they remember of it with the next file that "
        "`luwte desk review export` writes: give it to them."
    )


@review.command()
@click.option("--acute/--no-acute", default=None, help="Acute work is waiting, or not any more.")
@click.option("--hours", metavar="FROM-TO", help="The hours that acute work leaves free, as 9-17.")
@click.option("--minutes-a-day", type=int, help="Minutes of all reviewers together on a day.")
@click.option("--items-a-day", type=int, help="Clusters that one reviewer looks at on a day.")
@click.option("--minutes-in-a-row", type=int, help="Minutes after which a reviewer takes a pause.")
@click.option("--pause", type=int, help="Minutes that a pause lasts.")
@on_a_ready_register
def limits(acute: bool | None, hours: str | None, **numbers: int | None) -> None:
    """Set limits of the work and show those that hold."""
    from dataclasses import replace

    from luwte.desk.review import authority

    said: dict[str, int | bool] = {name: number for name, number in numbers.items() if number is not None}
    if acute is not None:
        said["acute"] = acute
    if hours is not None:
        said["from_hour"], said["to_hour"] = _hours(hours)
    now = replace(authority.limits(), **said)  # type: ignore[arg-type]
    if said:
        authority.set_limits(now)
    click.echo(
        f"Acute work {'is waiting: no review' if now.acute else 'is not waiting'}. Hours "
        f"{now.from_hour}-{now.to_hour}. A day: {now.minutes_a_day} minutes together, {now.items_a_day} "
        f"clusters each. A pause of {now.pause} minutes after {now.minutes_in_a_row}."
    )


@review.command()
@click.option("--only", type=int, metavar="PER_MILLE", help="For what may be somebody's only finding.")
@click.option("--first", type=int, metavar="PER_MILLE", help="For the first finding in a case.")
@click.option("--more", type=int, metavar="PER_MILLE", help="For files that add to findings that count.")
@click.option("--sample", type=int, metavar="PER_MILLE", help="Of what lies below, so many are asked anyway.")
@click.option("--by", default="", metavar="NAME", help="Who sets it.")
@on_a_ready_register
def floor(by: str, **said: int | None) -> None:
    """Set how likely clusters must be to be asked, and show what holds. Nothing is lost below it."""
    from dataclasses import replace

    from luwte.desk.review import authority

    found, wanted = authority.version(), {name: number for name, number in said.items() if number is not None}
    if wanted:
        found = authority.set_floor(replace(found.floor, **wanted), by, SystemClock().now())
    held = found.floor
    whose = f"version {found.number}, set by {found.set_by}" if found.number else "what Luwte comes with"
    click.echo(
        f"Asked is what is believed in with {held.only} per mille or more where it may be somebody's only "
        f"finding, {held.first} where it is the first in a case, {held.more} where it adds files; of what "
        f"lies below, {held.sample} of 1,000 ({whose})."
    )


@review.command()
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="How many to show.")
@on_a_ready_register
def below(most: int) -> None:
    """List the clusters below the floor, the likeliest first."""
    from luwte.desk.review import status as counts

    found = counts.below(_stakes(), SystemClock().now())
    for one in found[:most]:
        click.echo(
            f"Cluster {one.cluster}: {one.files} files, {_likely(one.likelihood)}, believed in "
            f"with {one.belief:.1%}."
        )
    click.echo(f"{len(found)} lie below the floor.")


@review.command()
@on_a_ready_register
def status() -> None:
    """Say how many clusters wait, are decided, or are not asked, and why."""
    from luwte.desk.review import status as counts

    found = counts.status(_stakes(), SystemClock().now())
    click.echo(f"{found.waiting} wait for a reviewer, {found.before} are before one.")
    click.echo(f"{found.below} lie below the floor: registered, and not asked while they are so unlikely.")
    click.echo(f"{found.unheard} are registered and not asked: nobody may hear of them.")
    click.echo(f"{found.held} are not asked: their entry is held, they are part of another, or accepted.")
    click.echo(f"{found.confirmed} confirmed, {found.rejected} rejected, {found.unclear} unclear.")
    click.echo(
        f"Of what lay below the floor, {found.sampled} were asked as a sample and answered: "
        f"{found.sampled_confirmed} of them are confirmed."
    )


@review.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@on_a_ready_register
def export(out: Path) -> None:
    """Write what was confirmed and rejected, signed, for the lab that makes the next list."""
    from luwte.desk.review.decided import decisions
    from luwte.exchange.decisions import write_decisions
    from luwte.exchange.home import Home

    found = decisions()
    write_decisions(out, found, Home.open())
    click.echo(f"Wrote {len(found)} decisions to {out}.")


def _stakes() -> Stakes:
    """Return what knows of wishes: telling itself, or in a process without people what telling last kept."""
    from django.conf import settings

    from luwte.desk.project.worlds import World

    if settings.WORLD == World.CASEWORK:
        from luwte.desk.review.kept import stakes as kept

        return kept
    from luwte.desk.telling.stakes import stakes

    return stakes


def _likely(per_mille: int) -> str:
    return f"likelihood {per_mille / 10:.1f} %" if per_mille else "likelihood unknown"


def _question(found: Question) -> str:
    return (
        f"Cluster {found.cluster}, entry {found.entry}: {found.files} files in {', '.join(found.cases)}, "
        f"{found.verdict.replace('_', ' ')}, {_likely(found.likelihood)}. The series has "
        f"{found.series_files} files there. Look them up in your own forensic tool by the cluster, and "
        f"answer before {_clock(found.until)}."
    )


def _not_now(found: NotNow) -> str:
    until = f" From {_clock(found.until)} on." if found.until else ""
    return WHY[found.why.value] + until


def _clock(moment: datetime) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(moment):%H:%M}"


def _hours(text: str) -> tuple[int, int]:
    begin, _, end = text.partition("-")
    if not (begin.isdecimal() and end.isdecimal()):
        raise BadInput(f"{text!r} are no hours. Give them as 9-17.")
    return int(begin), int(end)
