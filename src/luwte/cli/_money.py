"""`luwte desk money`: losses, awards, payments and payouts of a person, a statement, a file for a fund."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from luwte.base.clock import SystemClock
from luwte.base.files import write_bytes
from luwte.cli._people import DAY, PERSON
from luwte.cli._ready import on_a_ready_desk
from luwte.cli._who import NAME_OR_BY, SECRETS, by_account, signing_by

if TYPE_CHECKING:
    from luwte.desk.money.statement import Statement

_AMOUNT = re.compile(r"(\d{1,12})(?:\.(\d{2}))?")
SCHEMES = ["claim", "restitution", "advance", "fund", "assistance"]
HEADS = ["medical", "therapy", "transport", "income", "legal", "other", "immaterial"]


class Amount(click.ParamType[int]):
    """An amount such as 1234.56 or 3000, read as whole cents."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the cents. Fails for what is no amount."""
        found = _AMOUNT.fullmatch(str(value))
        if found is None:
            self.fail(f"{value!r} is no amount. Write it as 1234.56, with no sign and no comma.", param, ctx)
        return 100 * int(found[1]) + int(found[2] or 0)


AMOUNT = click.option("--amount", type=Amount(), required=True, help="How much, as 1234.56.")
CURRENCY = click.option(
    "--currency", type=click.Choice(["EUR", "USD"]), required=True, help="In which money."
)
ON = click.option("--on", "day", type=DAY, required=True, help="On which day, YYYY-MM-DD.")
REFERENCE = click.option("--reference", required=True, help="What the payment is called at whoever paid.")
AWARD = click.argument("award")
PAYOUT = click.argument("payout")


@click.group()
def money() -> None:
    """Write down what people lost, are owed and received; have payouts decided by two."""


@money.command()
@PERSON
@click.option("--head", type=click.Choice(HEADS), required=True, help="What was lost.")
@AMOUNT
@CURRENCY
@ON
@click.option("--proof", required=True, help="Where the paper is that shows it.")
@click.option("--projected", is_flag=True, help="It is still to come.")
@click.option("--replaces", default="", help="The id of a loss that this one mends.")
@on_a_ready_desk
@by_account
def loss(person_id: str, day: datetime, **said: Any) -> None:
    """Write down what PERSON lost, and print its id."""
    from luwte.desk.money import services

    lost = services.Lost(day=day.date(), **said)
    click.echo(services.record_loss(_subject(person_id), lost, SystemClock().now()))


@money.command()
@PERSON
@click.option("--scheme", type=click.Choice(SCHEMES[:2]), required=True, help="By which law it was awarded.")
@click.option("--case", required=True, help="The number of the case.")
@click.option("--defendant", required=True, help="Whom it was awarded against, by a mark that is no name.")
@click.option("--court", required=True, help="Which court.")
@AMOUNT
@CURRENCY
@click.option("--ordered", type=DAY, required=True, help="When, YYYY-MM-DD.")
@click.option("--found", type=Amount(), help="The full losses that the court found.")
@click.option("--final", type=DAY, help="Since when the order is final.")
@click.option("--interest-from", "bears", type=DAY, help="The first day from which it bears interest.")
@click.option("--rates", "regime", default="", help="By which rates: nl.")
@on_a_ready_desk
@by_account
def award(person_id: str, case: str, **said: Any) -> None:
    """Write down what a court awarded PERSON, and print its id; the same order twice is one."""
    from luwte.desk.cases.services import known_case
    from luwte.desk.money import services

    days = {name: each.date() for name, each in said.items() if isinstance(each, datetime)}
    order = services.Order(case=known_case(case).id, **said | days)
    click.echo(services.record_award(_subject(person_id), order, SystemClock().now()))


@money.command()
@PERSON
@AWARD
@ON
@on_a_ready_desk
@by_account
def final(person_id: str, award: str, day: datetime) -> None:
    """Write down since when an AWARD of PERSON is final."""
    from luwte.desk.money import services

    services.make_final(_subject(person_id), award, day.date(), SystemClock().now())
    click.echo("Final.")


@money.command()
@PERSON
@click.argument("awards", metavar="AWARD...", nargs=-1, required=True)
@AMOUNT
@ON
@REFERENCE
@on_a_ready_desk
@by_account
def receive(person_id: str, awards: tuple[str, ...], amount: int, day: datetime, reference: str) -> None:
    """Write down what a convict paid of each AWARD of PERSON: shared out by what is open, interest first.

    The same payment twice is one. What is over is said: it belongs to whoever paid.
    """
    from luwte.desk.money import services

    given = (amount, day.date(), reference, SystemClock().now())
    subject = _subject(person_id)
    made = (
        [services.receive(subject, awards[0], *given)]
        if len(awards) == 1
        else services.receive_together(subject, list(awards), *given)
    )
    for one in made:
        over = f", {_money(one.surplus, one.currency)} too much" if one.surplus else ""
        parts = f"{_money(one.principal, one.currency)} of what was awarded"
        click.echo(f"{one.id}  {parts}, {_money(one.interest, one.currency)} of interest{over}")


@money.command(name="take-back")
@PERSON
@click.argument("payment")
@ON
@click.option("--reason", required=True, help="Why.")
@on_a_ready_desk
@by_account
def take_back(person_id: str, payment: str, day: datetime, reason: str) -> None:
    """Write down that a PAYMENT to PERSON did not come after all; it is owed again."""
    from luwte.desk.money import services

    services.take_back(_subject(person_id), payment, day.date(), reason, SystemClock().now())
    click.echo("Taken back. It is owed again.")


@money.command()
@PERSON
@click.option("--scheme", type=click.Choice(SCHEMES[2:]), required=True, help="By which law.")
@AMOUNT
@CURRENCY
@ON
@click.option("--reason", required=True, help="By which order or application.")
@click.option("--case", help="The number of the case, for the fund.")
@click.option("--award", default="", help="The award that an advance is of.")
@NAME_OR_BY
@SECRETS
@on_a_ready_desk
def ask(
    person_id: str, day: datetime, case: str | None, account: str, secrets: TextIO | None, **said: Any
) -> None:
    """Ask for a payout to PERSON, and print its id; somebody else decides."""
    from luwte.desk.cases.services import known_case
    from luwte.desk.money import payouts

    wanted = payouts.Wanted(day=day.date(), case=known_case(case).id if case else "", **said)
    with signing_by(account, secrets) as by:
        click.echo(
            payouts.ask(_subject(person_id), wanted, by=by or _typed(account), now=SystemClock().now())
        )


@money.command()
@PAYOUT
@click.option("--approve/--decline", required=True, help="What you decide.")
@NAME_OR_BY
@SECRETS
@on_a_ready_desk
def decide(payout: str, approve: bool, account: str, secrets: TextIO | None) -> None:
    """Decide on a PAYOUT that somebody else asked for."""
    from luwte.desk.money import payouts

    with signing_by(account, secrets) as by:
        row = payouts.decide(payout, approve, by=by or _typed(account), now=SystemClock().now())
    click.echo(f"{row.result.capitalize()}: {_money(row.amount, row.currency)} by {row.scheme}.")


@money.command()
@PAYOUT
@ON
@REFERENCE
@on_a_ready_desk
@by_account
def paid(payout: str, day: datetime, reference: str) -> None:
    """Write down that an approved PAYOUT was paid; the same payment twice is one."""
    from luwte.desk.money import payouts

    made = payouts.pay(payout, day.date(), reference, SystemClock().now())
    click.echo(f"{made.id}  {_money(made.principal, made.currency)}")


@money.command()
@on_a_ready_desk
def waiting() -> None:
    """List the payouts that somebody else must decide, oldest first."""
    from luwte.desk.money import payouts

    for row in payouts.waiting():
        asked = f"{row.asked:%Y-%m-%d} by {row.asked_by}"
        click.echo(f"{row.id}  {row.scheme}  {_money(row.amount, row.currency)}  asked {asked}: {row.reason}")


@money.command()
@PERSON
@click.option("--on", "day", type=DAY, help="On which day; without: today.")
@on_a_ready_desk
def show(person_id: str, day: datetime | None) -> None:
    """Show what PERSON lost, is owed and received."""
    from luwte.desk.money.statement import statement

    now = SystemClock().now()
    _print(statement(_subject(person_id), (day or now).date()))


@money.command()
@click.option("--scheme", type=click.Choice(SCHEMES[2:]), required=True, help="Who pays.")
@click.option("--from", "since", type=DAY, required=True, help="The first day, YYYY-MM-DD.")
@click.option("--to", "until", type=DAY, required=True, help="The last day, YYYY-MM-DD.")
@click.option(
    "--out", type=click.Path(readable=False, dir_okay=False, path_type=Path), required=True,
    help="The file to write (CSV).",
)  # fmt: skip
@on_a_ready_desk
def export(scheme: str, since: datetime, until: datetime, out: Path) -> None:
    """Write the payouts of a scheme as a file for whoever pays them; people are in it by pseudonym."""
    from luwte.desk.money.rules import Scheme
    from luwte.desk.money.statement import for_fund
    from luwte.desk.vault.sealing import key_ring

    content = for_fund(Scheme(scheme), since.date(), until.date(), key_ring().link)
    write_bytes(out, content.encode())
    click.echo(f"{out} is written: {content.count(chr(10)) - 1} payouts.")


def _typed(account: str) -> str:
    """Before there are accounts a name is typed: the same one in other letters is nobody else."""
    return " ".join(account.split()).casefold()


def _subject(person_id: str) -> str:
    from luwte.desk.telling.subjects import known_subject

    return known_subject(person_id)


def _money(cents: int, currency: str) -> str:
    return f"{currency} {cents // 100}.{cents % 100:02}"


def _print(found: Statement) -> None:
    for currency, cents in sorted(found.lost.items()):
        click.echo(f"lost      {_money(cents, currency)}")
    for one in found.awards:
        row, sums = one.award, (one.paid, one.principal_due, one.interest_due)
        paid, due, interest = (_money(max(cents, 0), row.currency) for cents in sums)
        ends = "final" if row.final else "not final"
        click.echo(f"{row.id}  {row.scheme}, {row.ordered}, {ends}: {_money(row.amount, row.currency)}")
        click.echo(f"          paid {paid}, open {due}, interest {interest}")
    for payout in found.payouts:
        state = "paid" if payout.paid else payout.result or "waits for a decision"
        click.echo(f"{payout.id}  {payout.scheme}: {_money(payout.amount, payout.currency)}, {state}")
    for currency, cents in sorted(found.received.items()):
        click.echo(f"received  {_money(cents, currency)}")
    if not (found.lost or found.awards or found.payouts or found.received):
        click.echo("Nothing is written down.")
