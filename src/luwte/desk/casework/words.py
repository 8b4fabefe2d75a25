"""Words of casework: what waits and why, what was found, why something cannot be done now."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luwte.desk.casework.roles import Role
from luwte.desk.review.hours import Why
from luwte.desk.review.proposals import Change
from luwte.desk.review.rules import Answer, Outcome


def roles() -> dict[Role, str]:
    """Return the word for each role."""
    return {
        Role.EXAMINER: _("examiner"),
        Role.REVIEWER: _("reviewer"),
        Role.CASE_OFFICER: _("case officer"),
        Role.LIST_MANAGER: _("list manager"),
    }


def not_now() -> dict[Why, str]:
    """Return why nothing is put before a reviewer now, as a sentence that asks nothing of them."""
    return {
        Why.ACUTE: _("Acute work goes first today. You need not look at anything now."),
        Why.HOURS: _("These are not hours for looking. You can go on in the hours that are set."),
        Why.BUDGET: _("Enough was looked at today, by everyone together. Thank you. Go on tomorrow."),
        Why.ITEMS: _("You have looked at enough for one day. Thank you. Go on tomorrow."),
        Why.PAUSE: _("You have looked for a while. Take a pause, and do something else."),
        Why.NOTHING: _("Nothing waits for you. Thank you."),
    }


def verdicts() -> dict[str, str]:
    """Return what the report of a lab says of files beside an entry."""
    return {
        "near": _("they look like it"),
        "same_picture": _("they are the same picture by the model of the lab"),
    }


def answers() -> dict[Answer, str]:
    """Return the word for each answer of a reviewer."""
    return {
        Answer.CONFIRMED: _("the same picture"),
        Answer.REJECTED: _("another picture"),
        Answer.CANNOT_TELL: _("unsure"),
    }


def outcomes() -> dict[str, str]:
    """Return what the answers on a cluster came to; "" while it is open."""
    return {
        "": _("not decided"),
        Outcome.CONFIRMED.value: _("decided: the same picture"),
        Outcome.REJECTED.value: _("decided: another picture"),
        Outcome.UNCLEAR.value: _("decided: nobody can tell"),
    }


def changes() -> dict[Change, str]:
    """Return what is asked for, in a few words."""
    return {
        Change.RELEASE: _("release the entry"),
        Change.KEEP: _("keep the entry out"),
        Change.WITHDRAW: _("withdraw the entry"),
        Change.REINSTATE: _("take the withdrawal back"),
        Change.WRONG: _("settle the dispute: the entry is wrong"),
        Change.SOUND: _("settle the dispute: the entry is sound"),
        Change.VOUCH: _("count the entry, as a second source says the same"),
        Change.FOREIGN: _("count its lists as foreign"),
        Change.OWN: _("count its lists as the authority's own"),
        Change.LIMITS: _("change the limits of review"),
        Change.FLOOR: _("change below what nobody looks"),
    }


def follows() -> dict[Change, str]:
    """Return what follows once a second person approved."""
    told = _("What is planned on it alone is not told. Care workers hear of what was told, to talk about it.")
    counts = _("Its files count again. People hear of them from the next round on, as each chose.")
    return {
        Change.RELEASE: counts,
        Change.KEEP: told,
        Change.WITHDRAW: told,
        Change.REINSTATE: counts,
        Change.WRONG: told,
        Change.SOUND: counts,
        Change.VOUCH: counts,
        Change.FOREIGN: _(
            "Nobody is told of entries that only these lists know, until a second source says the same. "
            "Care workers hear of what was told."
        ),
        Change.OWN: counts,
        Change.LIMITS: _("The new limits hold at once, for everyone who reviews."),
        Change.FLOOR: _("The new floor holds at once. The earlier one stays on record."),
    }


def numbers() -> dict[str, str]:
    """Return the word for each number that the authority sets, as the form asks for it."""
    return {
        "from_hour": _("From what hour"),
        "to_hour": _("Until what hour"),
        "minutes_a_day": _("Minutes a day, of everyone together"),
        "items_a_day": _("Clusters a day, of each"),
        "minutes_in_a_row": _("Minutes in a row"),
        "pause": _("Minutes of a pause"),
        "only": _("Where it may be somebody's only finding"),
        "first": _("Where it is the first in a case"),
        "more": _("Where it only adds files"),
        "sample": _("Of what lies below, asked anyway"),
    }


def no_work() -> dict[str, str]:
    """Return why the work of an account is not changed, by the cause; "name": of a reviewer."""
    return {
        "unknown": _("There is no open account of this name."),
        "none": _("You are no administrator any more. Ask another one."),
        "self": _("You cannot change your own work. Another administrator does it."),
        "name": _("This name could be that of another reviewer. Each is one person: take another name."),
    }


def kinds() -> dict[str, str]:
    """Return the word for an objection to an entry."""
    return {"dispute": _("disputed"), "withdrawal": _("withdrawn")}


def results() -> dict[str, str]:
    """Return how an objection to an entry ended."""
    return {
        "wrong": _("it was wrong"),
        "sound": _("it was sound"),
        "reinstated": _("taken back"),
    }


def verdicts_of_quarantine() -> dict[str, str]:
    """Return what a human found an entry in quarantine to be."""
    return {"released": _("released"), "kept": _("kept out")}


def refused() -> dict[str, str]:
    """Return why a report was not taken in, and what to do."""
    return {
        "large": _("The file is larger than a report can be. Nothing was kept of it."),
        "empty": _("No file was chosen. Choose the report that the lab wrote."),
        "none": _("This is no report, or it was changed on its way. Ask the lab for it again."),
        "newer": _("A newer version of the software made this report. Have this one updated first."),
        "signer": _("Nobody here trusts the key that signed this report. Ask who looks after this machine."),
        "case": _("The report names no case. Send it in again with the number of its case."),
        "contradicts": _("It says something else than what came in before. Ask the lab to make it again."),
        "other": _("It cannot be used like this. Ask who looks after this machine."),
    }
