"""Words of the forms of the staff: each question, its answers, what is wrong with one; and read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luwte.desk.pages import wording
from luwte.desk.staff import asking, words
from luwte.desk.staff.asking import AREA, DAY, ONE, SEVERAL, Ask
from luwte.desk.vault.searching import MOST
from luwte.desk.wishes.rules import Channel


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that can be chosen, and whether it is."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as a page shows it; `wrong`: the sentence about the answer, "" when it is well."""

    name: str
    kind: str
    label: str
    hint: str
    needed: bool
    value: str
    answers: tuple[Answer, ...]
    wrong: str


def shown(asks: Sequence[Ask], given: asking.Given, faults: asking.Faults) -> list[Shown]:
    """Return the questions with what was answered so far."""
    return [_shown(ask, given, faults) for ask in asks]


def said(asks: Sequence[Ask], given: asking.Given) -> list[wording.Row]:
    """Return what was answered, to read back; questions without an answer are left out."""
    return [
        wording.Row(labels()[ask.name], text) for ask in asks if (text := _said(ask, given.get(ask.name, ())))
    ]


def fault(name: str, wrong: str) -> str:
    """Return what is wrong with an answer, with the name of the question."""
    label = labels()[name]
    return f"{label if label.endswith('?') else f'{label}:'} {faults()[wrong]}"


def spent() -> str:
    """Return that somebody searched too often."""
    return _(
        "You searched %(most)s times within an hour. Go on in an hour, or ask a colleague."
    ) % {"most": MOST}  # fmt: skip


def too_little() -> str:
    """Return what is needed to look somebody up."""
    return _("Give a name together with a day of birth, or an e-mail address, or a telephone number.")


def titles() -> dict[str, str]:
    """Return the title of each step."""
    return {
        "who": _("Who is it?"),
        "contact": _("How can this person be reached?"),
        "safe": _("What makes contact safe?"),
        "acting": _("Who decides and acts for this person?"),
        "someone": _("Somebody who acts for this person"),
        "needs": _("What does this person need?"),
    }


def hints() -> dict[str, str]:
    """Return what a step is about, for those that say so."""
    return {
        "safe": _("Talk about this when nobody listens. Ask who else reads the mail and answers the phone."),
        "acting": _(
            "A parent who is a suspect, or lives with one, hears nothing. "
            "In doubt say so: a colleague decides."
        ),
        "needs": _(
            "The individual assessment of article 22 of Directive 2012/29/EU. "
            "Write what is needed for the talks, and nothing about what happened."
        ),
    }


def labels() -> dict[str, str]:
    """Return each question."""
    return {
        "name": _("Name"),
        "born": _("Day of birth"),
        "born_from": _("Not known? Born on this day or later"),
        "born_to": _("Not known? Born on this day or earlier"),
        "seen": _("How did you see who it is?"),
        "knows": _("Does this person know that there is something to know?"),
        "language": _("Language"),
        "words": _("In which words do we write?"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "post": _("Postal address"),
        "secret": _("Is the postal address secret?"),
        "safe_ways": _("By which ways can we reach this person safely?"),
        "safe_times": _("When is it safe, and who may answer?"),
        "code_word": _("A word by which the person knows that it is us"),
        "near": _("Is somebody near this person a risk to them?"),
        "near_why": _("What do you know about that?"),
        "conflict": _("Is this person a suspect, or do they live with one?"),
        "authority": _("Who has parental authority?"),
        "basis": _("What says so?"),
        "needs": _("What applies to this person?"),
        "support": _("Who and what is there for this person?"),
        "helps": _("What helps in a talk?"),
        "care_worker": _("Care worker"),
        "acting_name": _("Name of this representative"),
        "role": _("As what do they act?"),
        "begins": _("First day of the mandate"),
        "ends": _("Last day of the mandate, if there is one"),
        "holder": _("Do they have parental authority?"),
        "acting_knows": _("Do they know that there is something to know?"),
        "acting_conflict": _("Are they a suspect, or do they live with one?"),
        "channel": _("How are they reached?"),
        "acting_email": _("Their e-mail address"),
        "acting_phone": _("Their telephone number"),
        "acting_post": _("Their postal address"),
        "acting_language": _("The language in which we write to them"),
        "standing": _("May they hear of a right that runs out?"),
    }


def faults() -> dict[str, str]:
    """Return what is wrong, for each fault."""
    return {
        "missing": _("This is not answered yet. Choose or type an answer."),
        "unknown": _("Choose one of the answers."),
        "text": _("This is too long, or has signs that cannot be printed. Make it shorter."),
        "day": _("This is no day. Write it as year, month and day, such as 1990-12-31."),
        "email": _("This is no e-mail address. Write it as name@example.org."),
        "phone": _("This is no telephone number. Write it as 0612345678 or +31612345678."),
        "post": _("This is no postal address. Write two to six lines, without empty ones."),
        "birth": _(
            "This day cannot be. It lies ahead, is too long ago, or the two days are the wrong way round."
        ),
        "twice": _("Give the day, or the first and last possible day. Not both."),
        "order": _("The mandate ends before it begins. Change one of the two days."),
        "holder": _("Only a parent or a guardian has parental authority. Change the role, or say no."),
        "way": _("This is needed for the chosen way. Give it, or choose another way."),
    }


def _shown(ask: Ask, given: asking.Given, wrong: asking.Faults) -> Shown:
    values = given.get(ask.name, ())
    answers = tuple(Answer(value, _answer(ask.name, value), value in values) for value in ask.values)
    sentence = faults()[wrong[ask.name]] if ask.name in wrong else ""
    hint = _hints().get(ask.name, "")
    text = "" if ask.kind in (ONE, SEVERAL) else "\n".join(values)
    return Shown(ask.name, ask.kind, labels()[ask.name], hint, ask.needed, text, answers, sentence)


def _said(ask: Ask, values: Sequence[str]) -> str:
    if ask.kind in (ONE, SEVERAL):
        return "; ".join(_answer(ask.name, value) for value in values)
    if ask.kind == DAY and values:
        return date_format(date.fromisoformat(values[0]), "j F Y")
    return ", ".join(values[0].split("\n")) if ask.kind == AREA and values else "".join(values)


def _hints() -> dict[str, str]:
    return {
        "born": _("Leave it empty when the day is not known."),
        "seen": _("You may go on before you saw it. Do not tell anything until then."),
        "safe_times": _("For instance: by phone on workdays after five; no letters to the house."),
        "code_word": _("Only this person and you know it."),
        "near_why": _("Only what is needed to keep contact safe."),
        "support": _("Family, friends, a care worker, a lawyer, Slachtofferhulp."),
        "helps": _("For instance an interpreter, a break, or somebody beside them."),
        "post": _("One line of the address on each line."),
        "acting_post": _("One line of the address on each line."),
    }


def _answer(name: str, value: str) -> str:
    known = _answers()
    return known.get(name, known["yes or no"])[value]


def _answers() -> dict[str, dict[str, str]]:
    conflicts = {
        "none": _("no"),
        "doubt": _("that is in doubt"),
        "certain": _("yes"),
    }
    languages = {"nl": _("Dutch"), "en": _("English")}
    return {
        "yes or no": {"yes": _("yes"), "no": _("no")},
        "knows": {"yes": _("yes"), "no": _("not yet")},
        "acting_knows": {"yes": _("yes"), "no": _("not yet")},
        "conflict": conflicts,
        "acting_conflict": conflicts,
        "language": languages,
        "acting_language": languages,
        "words": {
            "nl": _("In Dutch."),
            "nl-youth": _("In Dutch, as young people say it."),
            "en": _("In English."),
        },
        "seen": {
            "document": _("with a passport or identity card, face to face"),
            "video": _("with a passport or identity card, by video"),
            "register": _("in the register of persons"),
            "known": _("I know this person from before"),
            "not_yet": _("I did not see it yet"),
        },
        "safe_ways": {"email": _("e-mail"), "phone": _("a call"), "post": _("letter")},
        "near": {
            "no": _("no"),
            "doubt": _("that is in doubt"),
            "yes": _("yes"),
            "unknown": _("not talked about yet"),
        },
        "authority": {
            "joint": _("both parents"),
            "sole": _("one parent"),
            "shared": _("a parent and somebody else"),
            "guardianship": _("a guardian"),
            "none_now": _("nobody now, or an adult"),
            "unclear": _("not clear"),
        },
        "basis": {
            "register": _("the register of authority"),
            "decision": _("a decision of a court"),
            "said": _("somebody said so"),
            "none": _("nothing yet"),
        },
        "needs": {
            "child": _("is a child, or was one at the time"),
            "dependent": _("depends on somebody who is a suspect"),
            "harm": _("was harmed severely"),
            "disability": _("has a disability"),
            "repeat": _("may be harmed again"),
            "intimidation": _("may be put under pressure"),
            "language": _("needs another language"),
            "no_measures": _("wants no special measures"),
        },
        "role": wording.roles(),
        "channel": {
            value: words.channels()[Channel(value)]
            for value in ("portal", "email", "sms", "letter", "care_worker")
        },
    }
