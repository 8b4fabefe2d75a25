"""Reading a file of law: TOML into a `Jurisdiction`, strictly and within bounds. Pure."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from types import MappingProxyType

from luwte.desk.cases.vocabulary import HEARINGS, Step
from luwte.desk.rights.amounts import amount_of
from luwte.desk.rights.errors import ExpressionWrong, JurisdictionWrong
from luwte.desk.rights.fields import Fields
from luwte.desk.rights.grammar import Expression, Kind, ending, opening
from luwte.desk.rights.law import (
    OLDEST,
    Amount,
    Band,
    Each,
    Holder,
    Jurisdiction,
    Mark,
    Only,
    Practice,
    Rule,
    Source,
    Status,
    moments,
)
from luwte.desk.rights.offences import article

MOST_BYTES = 500_000
_NAME = re.compile(r"([a-z]{2})-(\d{4}-\d\d-\d\d)\.toml")
_ID = re.compile(r"[a-z]{2}-[a-z0-9]+(-[a-z0-9]+){0,8}")
_SCOPED = {
    Kind.THIS: Each.STEP,
    Kind.AWARE: Each.STEP,
    Kind.HEARING: Each.HEARING,
    Kind.FIRST_SET: Each.HEARING,
}


def read_law(content: bytes, file: str) -> Jurisdiction:
    """Return the law in `content`, named `file` (nl-2024-07-01.toml).

    Raises `JurisdictionWrong`: one sentence that names the file, the rule and the field.
    """
    name = _NAME.fullmatch(file)
    if name is None:
        raise JurisdictionWrong(file, "", "", "a file of law is named like nl-2024-07-01.toml.")
    whole = Fields(file, "", _table(content, file))
    country, valid_from = whole.text("country"), whole.day("valid_from")
    if (country, valid_from.isoformat()) != name.groups():
        raise whole.wrong("valid_from", "country and day must be those in the name of the file.")
    found = Jurisdiction(
        country=country,
        version=file.removesuffix(".toml"),
        valid_from=valid_from,
        reviewed_by=whole.text("reviewed_by", empty=True),
        practice=_practice(Fields(file, "practice", whole.table("practice"))),
        amounts=MappingProxyType(
            {one.id: one for one in whole.each("amount", lambda one: _amount(file, one))}
        ),
        rules=whole.each("rule", lambda one: _rule(file, country, one), empty=False),
    )
    return whole.ended(_unique(found, whole))


def _table(content: bytes, file: str) -> object:
    if len(content) > MOST_BYTES:
        raise JurisdictionWrong(file, "", "", f"it is larger than {MOST_BYTES} bytes.")
    try:
        return tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise JurisdictionWrong(file, "", "", f"it is no TOML ({error}).") from None


def _unique(law: Jurisdiction, whole: Fields) -> Jurisdiction:
    names = [rule.id for rule in law.rules]
    for name in names:
        if names.count(name) > 1:
            raise whole.wrong("rule", f"the id {name!r} stands twice. Give each rule its own.")
    return law


def _source(fields: Fields) -> Source:
    return Source(
        fields.text("source"),
        fields.day("dated"),
        fields.one_of("mark", Mark),
        fields.text("jurist", empty=True),
    )


def _amount(file: str, table: object) -> Amount:
    fields = Fields(file, "amount", table)
    fields.where = f"amount {fields.text('id')}"
    return amount_of(fields, fields.where.removeprefix("amount "), _source(fields))


def _practice(fields: Fields) -> Practice:
    return fields.ended(
        Practice(
            roll=fields.flag("roll"),
            roll_months=fields.number("roll_months", 0, 1200),
            leap_early=fields.flag("leap_early"),
            representatives=frozenset(fields.each("representatives", lambda one: str(one), empty=False)),
            first=fields.text("first", empty=True),
            source=_source(fields),
        )
    )


def _rule(file: str, country: str, table: object) -> Rule:
    fields = Fields(file, "rule", table)
    name = fields.text("id")
    fields.where = f"rule {name}"
    if not _ID.fullmatch(name) or not name.startswith(f"{country}-"):
        raise fields.wrong("id", f"give a name like {country}-join: small letters, digits and hyphens.")
    rule = Rule(
        id=name,
        name=fields.words("name"),
        form=fields.words("form"),
        source=_source(fields),
        each=fields.one_of("each", Each),
        who=fields.each("who", lambda one: _band(fields, one), empty=False),
        opens=fields.each("opens", lambda one: _expression(fields, "opens", one), empty=False),
        until=_expression(fields, "until", fields.text("until")),
        of=_steps(fields, "of"),
        said=_said(fields),
        closed_by=_steps(fields, "closed_by"),
        used_by=_steps(fields, "used_by"),
        offences=frozenset(fields.each("offences", lambda one: _offence(fields, one))),
        or_years=fields.number("or_years", 0, 100, 0),
        late=fields.flag("late", default=False),
        status=fields.one_of("status", Status, Status.IN_FORCE),
    )
    _check(rule, fields)
    return fields.ended(rule)


def _check(rule: Rule, fields: Fields) -> None:
    """What each field says on its own may be sound, and the whole not."""
    if bool(rule.of) != (rule.each in (Each.STEP, Each.HEARING)):
        raise fields.wrong("of", "it belongs to a rule for each step or each hearing, and to no other.")
    if rule.each == Each.HEARING and not rule.of <= HEARINGS:
        raise fields.wrong("of", f"a hearing is set by one of: {', '.join(sorted(HEARINGS))}.")
    if rule.said and rule.each != Each.STEP:
        raise fields.wrong("said", "it belongs to a rule for each step.")
    for field, expressions in (("opens", rule.opens), ("until", (rule.until,))):
        for moment in (moment for one in expressions for moment in moments(one)):
            if rule.each != _SCOPED.get(moment.kind, rule.each):
                raise fields.wrong(field, f"{str(moment.kind)!r} has no meaning for each {rule.each}.")
    _check_bands(rule, fields)


def _check_bands(rule: Rule, fields: Fields) -> None:
    """The ages of one kind of victim leave no gap: a right that ends with an age does not begin again."""
    plain = sorted((band.least, band.below) for band in rule.who if band.only is None)
    for (_, below), (least, _) in pairwise(plain):
        if least > below:
            raise fields.wrong("who", f"between {below} and {least} years it is nobody's.")


def _band(fields: Fields, table: object) -> Band:
    band = Fields(fields.file, f"{fields.where}, who", table)
    only = band.text("only", empty=True)
    found = Band(
        holder=band.one_of("holder", Holder),
        least=band.number("from", 0, OLDEST, 0),
        below=band.number("below", 1, OLDEST, OLDEST),
        only=band.member("only", Only, only) if only else None,
    )
    if found.least >= found.below:
        raise band.wrong("below", "it must be more than `from`.")
    return band.ended(found)


def _expression(fields: Fields, field: str, text: object) -> Expression:
    try:
        return (opening if field == "opens" else ending)(text if isinstance(text, str) else "")
    except ExpressionWrong as error:
        raise fields.wrong(field, str(error)) from None


def _steps(fields: Fields, field: str) -> frozenset[Step]:
    return frozenset(fields.each(field, lambda one: fields.member(field, Step, one)))


def _said(fields: Fields) -> MappingProxyType[str, str | int | bool]:
    table = fields.table("said", empty=True)
    if not all(isinstance(value, (str, int, bool)) for value in table.values()):
        raise fields.wrong("said", "give texts, whole numbers, true or false.")
    return MappingProxyType(dict(table))


def _offence(fields: Fields, one: object) -> str:
    code = article(one) if isinstance(one, str) else None
    if code is None:
        raise fields.wrong("offences", f"{one!r} is no article. Write it as a text: 252, 300(2), 6 WVW.")
    return code
