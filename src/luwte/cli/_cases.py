"""`luwte desk case`: the register of cases: steps, charge sheets, parties, and what nobody charged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.base.ids import new_id
from luwte.cli._once import Once
from luwte.cli._people import DAY, PERSON
from luwte.cli._ready import on_a_ready_desk, on_a_ready_register

if TYPE_CHECKING:
    from luwte.desk.cases.book import Book, Hearing
    from luwte.desk.cases.given import Count
    from luwte.desk.cases.models import CaseStep

NUMBER = click.argument("number")
ON = click.option("--on", "occurred", type=DAY, required=True, help="The day of it, YYYY-MM-DD.")
KNOWN = click.option("--known", type=DAY, help="When it was known, YYYY-MM-DD (default: today).")
LARGEST_SHEET = 2 * 1024 * 1024
_SHAPE = (
    'Write {"counts": [{"article": "252 Sr", "offence": "possession", "first": "2024-01-05", "last": '
    '"2024-03-01", "entries": ["..."]}]}.'
)


@click.group()
def case() -> None:
    """The register of cases: what happened in them, who takes part, what is charged."""


@case.command()
@NUMBER
@on_a_ready_register
def show(number: str) -> None:
    """Show the case NUMBER: parties, hearings, charges, every step, what waits, and what nobody charged."""
    for line in _lines(_book(number)):
        click.echo(line)


@case.command(name="step", cls=Once)
@NUMBER
@click.argument("step")
@ON
@KNOWN
@click.option("--defendant", default="", help="Whom of the defendants it is about: a number, never a name.")
@click.option("--hearing", default="", help="What the hearing is called among its moves.")
@click.option("--court", default="", help="The code of the court, such as RBMNE or nysd.")
@click.option("--time", "at", default="", help="The hour of a hearing, HH:MM.")
@click.option("--corrects", default="", help="The id of the step that this takes the place of.")
@click.option(
    "--reference", default="", help="What you call this step; told twice under it, it is kept once."
)
@on_a_ready_register
def step_(
    number: str, step: str, occurred: datetime, known: datetime | None, court: str, at: str, **more: str
) -> None:
    """Tell that STEP happened in the case NUMBER, and print its id and how it stands.

    Steps: docs/cases.md lists them. One that came before what it rests on waits, and is applied by itself.
    """
    said = {name: value for name, value in (("court", court), ("time", at)) if value}
    _tell(number, step, occurred, known, said=said, **more)


@case.command(cls=Once)
@NUMBER
@click.argument("sheet", type=click.Path(readable=False, path_type=Path))
@ON
@KNOWN
@click.option("--defendant", default="", help="Who is charged: a number, never a name.")
@click.option("--changed", is_flag=True, help="It takes the place of an earlier charge.")
@click.option("--corrects", default="", help="The id of the charge that was told wrongly.")
@click.option("--reference", default="", help="What you call this charge.")
@on_a_ready_register
def charge(
    number: str, sheet: Path, occurred: datetime, known: datetime | None, changed: bool, **more: str
) -> None:
    """Tell the charge sheet of the case NUMBER, a JSON file; print its id and how it stands.

    It holds counts: article, offence, first and last day, and the ids of the entries that are listed.
    """
    _tell(number, "charge_changed" if changed else "charged", occurred, known, counts=_counts(sheet), **more)


@case.command(name="status", cls=Once)
@NUMBER
@PERSON
@click.argument("status", type=click.Choice(["presumed", "contested", "recognised"]))
@click.option("--by", "source", required=True, help="Who decided so: an office or a code, never a name.")
@ON
@KNOWN
@on_a_ready_desk
def status_(
    number: str, person_id: str, status: str, source: str, occurred: datetime, known: datetime | None
) -> None:
    """Set whether PERSON is a victim in the case NUMBER: a new version; the earlier ones stay."""
    from luwte.desk.cases import register
    from luwte.desk.telling.subjects import subject_of
    from luwte.desk.vault import services as vault

    now = SystemClock().now()
    vault.person(person_id)
    register.set_status(
        number,
        status,
        source,
        decided=occurred.date(),
        known=known.date() if known else register.today(now),
        subject=subject_of(person_id),
        now=now,
    )
    click.echo(f"{status.capitalize()}, by {source}. Nobody was told.")


@case.command(name="agency", cls=Once)
@NUMBER
@click.argument("agency")
@click.option("--law", required=True, help="The jurisdiction whose law holds: NL or US.")
@click.option("--reference", default="", help="What the agency calls the case.")
@on_a_ready_register
def agency_(number: str, agency: str, law: str, reference: str) -> None:
    """Say that AGENCY works on the case NUMBER; twice changes nothing."""
    from luwte.desk.cases import register

    register.name_agency(number, agency, law, reference, SystemClock().now())
    click.echo("Kept.")


@case.command()
@click.argument("step_id", metavar="STEP")
@click.option("--reason", required=True, help="Why it will never count. Name nobody.")
@on_a_ready_register
def dismiss(step_id: str, reason: str) -> None:
    """Dismiss STEP, which waits for what it rests on: it will never count."""
    from luwte.desk.cases import register

    register.dismiss(step_id, reason, SystemClock().now())
    click.echo("Dismissed. It stays on record and counts no more.")


@case.command()
@on_a_ready_register
def gaps() -> None:
    """List the cases with findings that stand on no charge sheet, the nearest hearing first."""
    from luwte.desk.cases import register
    from luwte.desk.cases.models import CaseStep
    from luwte.desk.findings import uncharged

    charged = CaseStep.objects.filter(step__in=("charged", "charge_changed")).values_list("case", flat=True)
    for one in uncharged.gaps(set(charged), register.today(SystemClock().now())):
        click.echo(f"{one.hearing or 'no hearing set'}  {one.number}  {len(one.entries)} entries")


def _tell(
    number: str, step: str, occurred: datetime, known: datetime | None, *, reference: str = "", **more: Any
) -> None:
    from luwte.desk.cases import register
    from luwte.desk.cases.errors import StepUnknown
    from luwte.desk.cases.given import Given
    from luwte.desk.cases.models import CaseStep

    now = SystemClock().now()
    corrects = more.get("corrects", "")
    if corrects and not CaseStep.objects.filter(pk=corrects, case__number=number.strip()).exists():
        raise StepUnknown(corrects)
    seen = known.date() if known else register.today(now)
    given = Given(step, occurred.date(), seen, reference or new_id(), **more)
    kept = register.tell_step(number, given, now)
    click.echo(kept.row.id)
    if kept.waits:
        click.echo(f"It waits: {WAITS[kept.waits.value]} It is applied by itself then.", err=True)


WAITS: Mapping[str, str] = {
    "nothing_to_correct": "the step that it corrects was not told yet.",
    "rival": "another correction of the same step was known later.",
    "no_hearing": "nobody told that this hearing was set.",
    "no_charge": "nobody told an earlier charge of this defendant.",
    "no_judgment": "nobody told a judgment.",
    "no_appeal": "nobody told that an appeal was filed.",
    "no_complaint": "nobody told that a complaint was filed.",
    "no_representative": "nobody told that a representative was set.",
}
"""Why a step waits, as a command says it."""


def _counts(sheet: Path) -> tuple[Count, ...]:
    from luwte.desk.cases.given import Count
    from luwte.exchange.documents import parse_object

    try:
        with sheet.open("rb") as file:
            content = file.read(LARGEST_SHEET + 1)
    except OSError as error:
        raise BadInput(f"{sheet} cannot be read: {error.strerror}. Give a JSON file.") from None
    if len(content) > LARGEST_SHEET:
        raise BadInput(f"{sheet} is larger than a charge sheet can be. Give the counts and entry ids alone.")
    counts = parse_object(content, sheet).get("counts")
    if not isinstance(counts, list):
        raise BadInput(f"{sheet} is no charge sheet. {_SHAPE}")
    return tuple(_count(one, sheet, Count) for one in counts)


def _count(one: Any, sheet: Path, make: type[Count]) -> Count:
    from datetime import date

    try:
        article, offence, entries = one["article"], one["offence"], one.get("entries", [])
        texts = [article, offence, *entries]
        if one.keys() - {"article", "offence", "first", "last", "entries"} or not isinstance(entries, list):
            raise TypeError
        if not all(isinstance(text, str) for text in texts):
            raise TypeError
        return make(
            article,
            offence,
            date.fromisoformat(one["first"]),
            date.fromisoformat(one["last"]),
            tuple(entries),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadInput(f"{sheet} is no charge sheet. {_SHAPE}") from None


def _book(number: str) -> Book:
    from luwte.desk.cases.book import open_book
    from luwte.desk.cases.errors import CaseUnknown
    from luwte.desk.cases.models import Case

    found = Case.objects.filter(number=number.strip()).exclude(number="").first()
    if found is None:
        raise CaseUnknown(
            f"No case {number.strip()!r} stands in the register. Give its number as it is there."
        )
    return open_book(found)


def _lines(book: Book) -> list[str]:
    from luwte.desk.cases.register import today
    from luwte.desk.findings.uncharged import gap

    found = gap(book, today(SystemClock().now()))
    hearings = [f"hearing    {one.id}  {one.day}{_now(one)}" for one in book.hearings]
    charges = [
        f"charge     {defendant or 'whole case'}  {count['article']}  {count['offence']}  "
        f"{count['first']} to {count['last']}  {len(count['entries'])} entries"
        for defendant, row in book.sheets.items()
        for count in row.counts
    ]
    return [
        f"case       {book.case.number}",
        *(
            f"agency     {row.agency}  {row.jurisdiction}  {row.reference}"
            for row in book.case.agencies.all()
        ),
        *(f"defendant  {one}" for one in book.defendants),
        *_victims(book),
        *hearings,
        *charges,
        *(
            _line(row, book)
            for row in sorted(book.rows.values(), key=lambda row: (row.known, row.occurred, row.id))
        ),
        *(f"uncharged  {entry}" for entry in (found.entries if found.charged else ())),
        f"next       {found.hearing or 'no hearing set'}",
    ]


def _now(hearing: Hearing) -> str:
    return "  cancelled" if hearing.cancelled else "  started" if hearing.started else ""


def _victims(book: Book) -> list[str]:
    from luwte.desk.cases.book import status_of, status_word
    from luwte.desk.findings.uncharged import series_of, subjects_of

    found = []
    for subject in subjects_of(book.case):
        row = status_of(book.case, subject, series_of(subject))
        said = f"  by {row.source}, {row.decided}" if row else ""
        found.append(f"victim     {subject}  {status_word(row)}{said}")
    return found


def _line(row: CaseStep, book: Book) -> str:
    waits = book.judged.waiting.get(row.id)
    state = "waits" if waits else "stands" if row.id in book.judged.chains else "corrected"
    about = " ".join(part for part in (row.defendant, row.hearing) if part)
    corrects = f"  corrects {row.corrects}" if row.corrects else ""
    why = f"  ({WAITS[waits.value]})" if waits else ""
    return f"step       {row.id}  {row.occurred}  {row.step}  {about}  {state}{corrects}{why}"
