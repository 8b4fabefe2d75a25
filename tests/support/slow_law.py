"""A second, slow calculator of rights, written from the articles and not from the files of law.

It reads no file and no grammar: each right is a few lines of its own. It plays a case back day by day, as it
was told, finds birthdays by walking through a year, and terms by stepping through the calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from luwte.desk.cases.vocabulary import Fact, Step
from luwte.desk.rights.values import Person

ONE = timedelta(days=1)
S = Step
SETS = {S.HEARING_SET: "", S.RELEASE_HEARING_SET: "r", S.PLEA_HEARING: "p", S.SENTENCING_SET: "s"}
LISTED = {
    "nl-2024-07-01": {"252", "art. 252 lid 1 Sr", "285", "300", "possession"},
    "nl-2013-01-01": {"240b Sr", "285", "300", "possession"},
}
TRAFFICKING = {"18 USC 2252A(a)(2)", "2252A", "2251", "possession"}


@dataclass
class Court:
    """A hearing as it is played back."""

    kind: Step
    name: str
    first: date
    known: date
    day: date | None


@dataclass
class Row:
    """One right as the slow calculator sees it: `end` is the last day, `how` it ends."""

    key: tuple[str, str, str, str]
    who: str
    opens: date | None = None
    end: date | None = None
    how: str = "unknown"
    used: list[date] = field(default_factory=list)
    never: str = ""


class Played:
    """A case played back until a day: what stands, in the order in which it was told."""

    def __init__(self, facts: tuple[Fact, ...], until: date) -> None:
        self.facts: list[Fact] = []
        gone: set[str] = set()
        for one in sorted({fact.known for fact in facts if fact.known <= until}):
            for fact in (fact for fact in facts if fact.known == one):
                gone |= {fact.supersedes} - {""}
                self.facts.append(fact)
        told = {fact.id: fact for fact in self.facts}
        self.root = {name: self.origin(name, told) for name in told}
        newest = {self.root[fact.id]: fact.id for fact in self.facts if fact.id not in gone}
        self.facts = [fact for fact in self.facts if fact.id in newest.values()]
        self.facts = [fact for fact in self.facts if fact.step != S.TAKEN_BACK]
        self.defendants = sorted({fact.defendant for fact in self.facts} - {""})

    def origin(self, name: str, told: dict[str, Fact]) -> str:
        return self.origin(told[name].supersedes, told) if told[name].supersedes in told else name

    def about(self, defendant: str) -> list[Fact]:
        return [
            fact for fact in self.facts if not defendant or not fact.defendant or fact.defendant == defendant
        ]


def days_of(facts: list[Fact], *steps: Step) -> list[date]:
    return sorted(fact.occurred for fact in facts if fact.step in steps)


def courts(facts: list[Fact]) -> list[Court]:
    found: list[Court] = []
    early = [fact for fact in facts if fact.step in SETS]
    for fact in facts:
        mine = [court for court in found if court.name == fact.hearing]
        if fact.step in SETS:
            mine = [court for court in mine if court.kind == fact.step]
        if fact.step not in (*SETS, S.HEARING_MOVED, S.HEARING_CANCELLED):
            continue
        if not mine:
            begin = next((one for one in early if one.hearing == fact.hearing), fact)
            kind = begin.step if begin.step in SETS else S.HEARING_SET
            mine = [Court(kind, fact.hearing, begin.occurred, fact.known, None)]
            found += mine
        mine[-1].day = None if fact.step == S.HEARING_CANCELLED else fact.occurred
    return found


def at(court: Court, fact: Fact) -> bool:
    return fact.hearing == court.name or (fact.hearing == "" and fact.occurred == court.day)


def held(court: Court | None, fact: Fact) -> bool:
    return court is None or fact.step == S.JUDGMENT or at(court, fact)


def step_days(start: date, count: int) -> date:
    for _ in range(abs(count)):
        start += ONE if count > 0 else -ONE
    return start


def step_months(start: date, count: int) -> date:
    """Walk on until the month is right, then until the day of the number, or the last of the month."""
    months, there = 0, start
    while months < count:
        there += ONE
        months += there.day == 1
    while there.day < start.day and (there + ONE).month == there.month:
        there += ONE
    return there


def step_years(start: date, count: int) -> date:
    try:
        return start.replace(year=start.year + count)
    except ValueError:
        return date(start.year + count, 2, 28)


@cache
def reaches(born: date, age: int) -> date:
    """Walk through the year of the birthday until it is there; who was born on a leap day waits for March."""
    there = date(born.year + age, 1, 1)
    while (there.month, there.day) < (born.month, born.day):
        there += ONE
    return there


class Slow:
    """The rights of one victim in one case, under one law, on one day."""

    def __init__(self, version: str, facts: tuple[Fact, ...], person: Person, today: date) -> None:
        self.version, self.person, self.today = version, person, today
        self.case = Played(facts, today)
        self.each = self.case.defendants or [""]

    def rows(self) -> Iterator[Row]:
        for row in self.nl() if self.version.startswith("nl") else self.us():
            yield self._aged(row)

    # The Netherlands

    def nl(self) -> Iterator[Row]:
        first = (S.FIRST_CONTACT, S.REPORT_FILED)
        known = (*first, S.VICTIM_IDENTIFIED)
        yield self.forever("nl-inform", "police", *first)
        yield self.used(self.forever("nl-ask", "from12", *known), S.INFORMATION_REQUESTED)
        yield self.forever("nl-help", "from18", *known)
        yield self.forever("nl-restore", "from18", *first)
        for name in self.each:
            yield self.forever("nl-file", "from18", S.FILE_SENT, S.CHARGED, of=name)
            yield self.forever("nl-join-form", "prosecutor", S.CHARGED, of=name)
            yield self.join(name)
            yield self.rejoin(name)
            yield self.advance(name)
            yield from self.speaking(name)
        yield from self.news()
        yield from self.steps()
        yield from self.fund()

    def forever(self, rule: str, who: str, *steps: Step, of: str = "") -> Row:
        opened = days_of(self.case.about(of), *steps)
        return Row((rule, of, "", ""), who, opened[0] if opened else None, None, "endless")

    def used(self, row: Row, *steps: Step, facts: list[Fact] | None = None) -> Row:
        for fact in self.case.about(row.key[1]) if facts is None else facts:
            if fact.step in steps and fact.said.get("right", row.key[0]) == row.key[0]:
                row.used.append(fact.occurred)
        return row

    def closing(self, row: Row, facts: list[Fact], court: Court | None, happens: Step, *closers: Step) -> Row:
        """Until `happens`, or one of `closers`, whichever comes first; foreseen on the day of a hearing."""
        if row.opens is None:
            return row
        trial = [one for one in courts(facts) if one.kind == S.HEARING_SET] if court is None else [court]
        ahead = [one.day for one in trial if one.day and one.day >= row.opens]
        coming = sorted(one for one in ahead if one >= self.today)
        row.end = coming[0] if coming else max(ahead, default=None)
        row.how = "foreseen" if row.end else "unknown"
        over = {fact.occurred for fact in facts if fact.step in (happens, *closers) and held(court, fact)}
        there = row.opens
        while there <= self.today:
            if there in over:
                row.end, row.how = there, "closed"
                return row
            there += ONE
        return row

    def join(self, name: str) -> Row:
        facts = self.case.about(name)
        opened = [
            *days_of(facts, S.CHARGED),
            *(c.known for c in courts(facts) if c.kind == S.HEARING_SET and c.day),
        ]
        row = Row(("nl-join", name, "", ""), "from18", min(opened, default=None))
        return self.used(self.closing(row, facts, None, S.CLOSING_SPEECH, S.JUDGMENT), S.CLAIM_FILED)

    def rejoin(self, name: str) -> Row:
        facts = self.case.about(name)
        claims, appeals = days_of(facts, S.CLAIM_FILED), days_of(facts, S.APPEAL_FILED)
        opened = max(claims[0], appeals[-1]) if claims and appeals else None
        row = Row(("nl-rejoin", name, "", ""), "from18", opened)
        return self.closing(row, facts, None, S.CLOSING_SPEECH, S.APPEAL_DECIDED)

    def advance(self, name: str) -> Row:
        final = days_of(self.case.about(name), S.JUDGMENT_FINAL)
        return Row(
            ("nl-advance", name, "", ""),
            "state",
            step_months(final[-1], 8) if final else None,
            None,
            "endless",
        )

    def speaking(self, name: str) -> Iterator[Row]:
        facts = self.case.about(name)
        for court in courts(facts):
            if court.kind != S.HEARING_SET:
                continue
            for rule, who in (
                ("nl-speak", "speak"),
                ("nl-speak-for-child", "below12"),
                ("nl-speak-parent", "parent"),
                ("nl-speak-family", "family"),
                ("nl-speak-kin", "kin"),
            ):
                row = Row((rule, name, court.name, ""), who, court.known)
                self.closing(row, facts, court, S.HEARING_STARTED, S.CLOSING_SPEECH, S.JUDGMENT)
                self.used(row, S.VICTIM_SPOKE, facts=[fact for fact in facts if at(court, fact)])
                row.never = self.charge(facts, lambda code, years: code in LISTED[self.version] or years >= 8)
                yield self.off(row, court)

    def charge(self, facts: list[Fact], fits: Callable[[str, int], bool]) -> str:
        """Of each defendant the last that was told of the charge decides; nobody told: it may fit."""
        last: dict[str, bool] = {}
        for fact in facts:
            if fact.step in (S.CHARGED, S.CHARGE_CHANGED, S.JUDGMENT):
                if fact.said.get("convicted") is False:
                    last[fact.defendant] = False
                elif "offence" in fact.said:
                    years = fact.said.get("maximum_years", 0)
                    last[fact.defendant] = fits(str(fact.said["offence"]), int(years))
        return "" if not last or any(last.values()) else "charge"

    def off(self, row: Row, court: Court) -> Row:
        row.never = row.never or ("" if court.day else "cancelled")
        return row

    def news(self) -> Iterator[Row]:
        asked = days_of(self.case.facts, S.INFORMATION_REQUESTED)
        fortnight = {
            S.PROSECUTION_DECLINED, S.FILE_SENT, S.CHARGED, S.PENAL_ORDER, S.HEARING_SET, S.JUDGMENT,
            S.APPEAL_FILED, S.APPEAL_DECIDED,
        }  # fmt: skip
        at_once = {
            S.HEARING_MOVED: "nl-notice-moved",
            S.HEARING_CANCELLED: "nl-notice-moved",
            S.RELEASED: "nl-notice-free",
            S.LEAVE: "nl-notice-free",
            S.ESCAPED: "nl-notice-escape",
        }
        for fact in self.case.facts:
            mine = [
                one.occurred for one in self.case.about(fact.defendant) if one.step == S.INFORMATION_REQUESTED
            ]
            from_day = max(fact.known, min(mine)) if mine and asked else None
            rule = at_once.get(fact.step, "nl-notice" if fact.step in fortnight else "")
            rule = "nl-notice-police" if fact.step == S.INVESTIGATION_DROPPED else rule
            if rule:
                row = Row(
                    self.key(rule, fact), "police" if rule == "nl-notice-police" else "prosecutor", from_day
                )
                wait = 0 if fact.step in at_once else 14
                row.end, row.how = (step_days(from_day, wait), "fixed") if from_day else (None, "unknown")
                yield row
            if fact.step == S.JUDGMENT:
                claims = days_of(self.case.about(fact.defendant), S.CLAIM_FILED)
                opened = max(fact.known, claims[0]) if claims else None
                yield Row(self.key("nl-notice-claim", fact), "prosecutor", opened, None, "endless")

    def key(self, rule: str, fact: Fact) -> tuple[str, str, str, str]:
        return rule, fact.defendant, "", self.case.root[fact.id]

    def steps(self) -> Iterator[Row]:
        for fact in self.case.facts:
            served, about = fact.said.get("served"), fact.said.get("right")
            if fact.step == S.RIGHT_DENIED and about in (None, "nl-file"):
                yield self.term("nl-file-objection", fact, step_days(fact.occurred, 14))
            if fact.step == S.RIGHT_DENIED and about in (None, "nl-translation"):
                yield self.term("nl-translation-objection", fact, step_days(fact.occurred, 14))
            if fact.step in (S.PROSECUTION_DECLINED, S.INVESTIGATION_DROPPED) and served in (None, False):
                row = Row(self.key("nl-complaint", fact), "from18", fact.occurred, None, "endless")
                yield self.used(row, S.COMPLAINT_FILED)
            if fact.step == S.PROSECUTION_DECLINED and served in (None, True):
                yield self.complaint("nl-complaint-served", fact)
            if fact.step == S.PENAL_ORDER:
                yield self.complaint("nl-complaint-order", fact)
            if fact.step == S.LOSS_DISCOVERED:
                row = self.term("nl-civil", fact, step_years(fact.known, 5))
                row.opens = fact.known
                yield row

    def term(self, rule: str, fact: Fact, end: date | None) -> Row:
        return Row(self.key(rule, fact), "from18", fact.occurred, end, "fixed" if end else "unknown")

    def complaint(self, rule: str, fact: Fact) -> Row:
        mine = {fact.id, self.case.root[fact.id]}
        aware = [
            one.occurred
            for one in self.case.about(fact.defendant)
            if one.step == S.AWARE
            and one.occurred >= fact.occurred
            and str(one.said.get("of", fact.id)) in mine
        ]
        return self.used(
            self.term(rule, fact, step_months(min(aware), 3) if aware else None), S.COMPLAINT_FILED
        )

    def fund(self) -> Iterator[Row]:
        opened = days_of(self.case.facts, S.OFFENCE_ENDED, S.REPORT_FILED)
        crime = days_of(self.case.facts, S.OFFENCE_ENDED)
        for rule in ("nl-fund", "nl-fund-child"):
            row = Row((rule, "", "", ""), "from18", opened[0] if opened else None)
            counted = crime[-1] if crime else None
            if counted and rule == "nl-fund-child":
                born = self.person.earliest
                counted = max(counted, reaches(born, 18)) if born else None
            if counted:
                row.end, row.how = step_years(counted, 10), "fixed"
            yield row

    # The United States

    def us(self) -> Iterator[Row]:
        known = (S.VICTIM_IDENTIFIED, S.FIRST_CONTACT, S.REPORT_FILED)
        yield self.forever("us-told-rights", "prosecutor", *known)
        yield self.forever("us-respect", "from18", *known)
        yield self.forever("us-civil", "from18", S.VICTIM_IDENTIFIED, S.JUDGMENT)
        if self.version == "us-2018-12-07":
            row = self.used(self.forever("us-assistance", "from18", S.JUDGMENT), S.ASSISTANCE_ORDERED)
            row.never = self.charge(self.case.facts, lambda code, _: code in TRAFFICKING)
            yield row
        talked = (S.PLEA_OFFERED, S.PROSECUTION_DECLINED, S.INVESTIGATION_DROPPED)
        for name in self.each:
            facts = self.case.about(name)
            yield self.forever("us-protected", "from18", S.SUSPECT_ARRESTED, S.CHARGED, of=name)
            yield self.forever("us-confer", "from18", S.SUSPECT_ARRESTED, S.CHARGED, *talked, of=name)
            yield self.forever("us-no-delay", "from18", S.CHARGED, of=name)
            row = self.forever("us-restitution", "from18", S.JUDGMENT, of=name)
            row.never = self.charge(facts, lambda code, _: code in TRAFFICKING)
            yield row
            for court in courts(facts):
                yield from self.in_court(name, facts, court)
        yield from self.federal_steps()

    def in_court(self, name: str, facts: list[Fact], court: Court) -> Iterator[Row]:
        label = court.name if court.kind == S.HEARING_SET else f"{court.kind}:{court.name}"

        def row(rule: str, who: str, end: date | None) -> Row:
            return self.off(Row((rule, name, label, ""), who, court.known, end, "fixed"), court)

        yield row("us-notice-hearing", "prosecutor", court.day)
        yield row("us-attend", "from18", court.day)
        if court.kind != S.HEARING_SET:
            spoke = [fact for fact in facts if at(court, fact)]
            yield self.used(row("us-heard", "from18", court.day), S.VICTIM_SPOKE, facts=spoke)
        if court.kind == S.SENTENCING_SET:
            yield row("us-loss-list", "prosecutor", step_days(court.first, -60))
            yield row("us-loss-unknown", "prosecutor", step_days(court.day, -10) if court.day else None)

    def federal_steps(self) -> Iterator[Row]:
        for fact in self.case.facts:
            said = fact.said
            if fact.step in (S.RELEASED, S.LEAVE, S.ESCAPED, S.TRANSFERRED):
                yield Row(self.key("us-notice-custody", fact), "prosecutor", fact.known, fact.known, "fixed")
            if fact.step == S.PLEA_OFFERED:
                pleas = [
                    one.day for one in courts(self.case.about(fact.defendant)) if one.kind == S.PLEA_HEARING
                ]
                later = sorted(one for one in pleas if one and one >= fact.known)
                end, how = (later[0], "fixed") if later else (None, "unknown")
                yield Row(self.key("us-plea-told", fact), "prosecutor", fact.known, end, how)
            if fact.step == S.RIGHT_DENIED:
                row = Row(self.key("us-motion", fact), "from18", fact.occurred, None, "endless")
                yield self.used(row, S.COMPLAINT_FILED)
                if said.get("asserted", True) is True and said.get("highest_offence", False) is False:
                    yield self.term("us-mandamus", fact, step_days(fact.occurred, 14))
            if fact.step == S.COMPLAINT_FILED and said.get("right", "us-mandamus") == "us-mandamus":
                row = self.term("us-mandamus-decided", fact, step_days(fact.occurred, 3))
                row.who = "court"
                yield row
            if fact.step == S.JUDGMENT and said.get("losses_open", True) is True:
                row = self.term("us-loss-final", fact, step_days(fact.occurred, 90))
                row.who = "court"
                yield row
            if fact.step == S.LOSS_DISCOVERED:
                yield self.used(self.term("us-loss-new", fact, step_days(fact.occurred, 60)), S.CLAIM_FILED)

    # Whose, and the state

    def _aged(self, row: Row) -> Row:
        """A right of a child ends on the day before the birthday; one from an age on begins on it."""
        about = self.case.about(row.key[1])
        claims = [fact for fact in about if fact.step == S.CLAIM_FILED]
        row.used += [fact.occurred for fact in claims if fact.said.get("right") == row.key[0]]
        died, duty = self.person.deceased, row.who in ("police", "prosecutor", "court", "state")
        alone = {"family": self.person.unable, "kin": died}.get(row.who, True)
        if not alone or (died and row.who != "kin" and not duty):
            row.never = "person"
        return row

    def ages(self, row: Row) -> tuple[int, int]:
        least = 12 if row.who == "speak" and not self.person.capable else 0
        return least, {"below12": 12, "parent": 18}.get(row.who, 999)

    def verdict(self, row: Row) -> tuple[str, date | None, date | None]:
        """Return the state of a row on the day, its first day and its last."""
        if row.never:
            return "not applicable", None, None
        if row.opens is None:
            return "not yet", None, None
        least, below = self.ages(row)
        born = self.person.latest
        if least and born is None:
            return "not yet", None, None
        begins = max(row.opens, reaches(born, least)) if least and born else row.opens
        stops = reaches(born, below) if below < 999 and born else None
        if stops and stops <= row.opens:
            return "not applicable", None, None
        if row.end and row.end < begins:
            return ("lapsed", None, row.end) if row.end < row.opens else ("not applicable", None, None)
        cut = stops is not None and (row.end is None or stops - ONE < row.end)
        last = stops - ONE if cut and stops else row.end
        if self.today < begins:
            return "not yet", begins, last
        soft = row.how == "foreseen" and not cut
        for there in row.used:
            if begins <= there <= self.today and (last is None or soft or there <= last):
                return "used", begins, last
        over = last is not None and (
            self.today > last or (row.how == "closed" and not cut and self.today == last)
        )
        return ("lapsed" if over and not soft else "open"), begins, last

    def whose(self, row: Row) -> tuple[str, ...]:
        """Return who may exercise a row on the day."""
        who, person = row.who, self.person
        if who in ("police", "prosecutor", "court", "state"):
            return (who,)
        adult = person.latest is not None and reaches(person.latest, 18) <= self.today
        twelve = person.latest is not None and reaches(person.latest, 12) <= self.today
        acting = [one for one in person.around if one.acts(self.today)]
        legal = [one for one in acting if one.kind in LEGAL[self.version[:2]]]
        if self.version.startswith("nl") and any(one.kind == "curator" for one in legal):
            legal = [one for one in legal if one.kind == "curator"]
        if row.never == "person":
            return ()
        kinds = {"parent": ("parent", "carer"), "family": ("partner", "family"), "kin": KIN}
        if who in kinds:
            chosen = [] if who == "parent" and adult else [one for one in acting if one.kind in kinds[who]]
            return () if person.deceased and who != "kin" else tuple(one.id for one in chosen)
        if person.deceased:
            return ()
        reps = tuple(one.id for one in legal)
        if who == "speak":
            return ("victim",) if twelve or person.capable else ()
        if who == "below12":
            return () if twelve else reps
        return ("victim",) if (adult if who == "from18" else twelve) else reps


KIN = ("partner", "family", "parent", "kin")
LEGAL = {"nl": {"parent", "guardian", "curator"}, "us": {"parent", "guardian", "family", "appointee"}}
