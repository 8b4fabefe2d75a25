"""Words for the care workers: why someone waits, what a task is about, what may be told."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luwte.desk.telling.calls import CALL
from luwte.desk.telling.first import Decided, Verdict
from luwte.desk.telling.harm import LIFTED
from luwte.desk.telling.leaving import LEAVING
from luwte.desk.telling.outbox import ADDRESS_FAILS, SERVER_SILENT, UNKNOWN_OUTCOME
from luwte.desk.telling.safety_outbox import CARE
from luwte.desk.telling.steps import STEP_TAKEN_BACK
from luwte.desk.telling.taken_back import TAKEN_BACK, Fell
from luwte.desk.telling.tasks import CallOutcome, CallTask
from luwte.desk.telling.troubles import DECEASED
from luwte.desk.telling.values import Outcome, Reason
from luwte.desk.vault.rules import Mandate
from luwte.desk.wishes.rules import Channel


def outcomes() -> dict[Outcome, str]:
    """Return a word for each outcome."""
    return {
        Outcome.TELL: _("to be told"),
        Outcome.CALL: _("call"),
        Outcome.WAIT: _("waits"),
        Outcome.WITHHOLD: _("not told"),
        Outcome.NOTHING: _("nothing new"),
    }


def told(*, unsure: bool) -> str:
    """Return the word for someone who was told, or of whom that is not known."""
    return _("not known whether told") if unsure else _("told")


def reason(found: Reason, *, told: bool) -> str:
    """Return the reason in a few words; nothing new reads otherwise for someone who was told before."""
    if told and found == Reason.NOTHING_NEW:
        return _("Was told, as chosen. There is nothing new since.")
    return reasons()[found]


def reasons() -> dict[Reason, str]:
    """Return the reason in a few words, as staff read it."""
    return {
        Reason.DUE: _("There is news, and it may be told now."),
        Reason.CALL_CHOSEN: _("There is news, and this person chose a call."),
        Reason.COVER: _("Chose a fixed message, also without news."),
        Reason.RIGHT_LAPSES: _("A right runs out. The representative may hear it now."),
        Reason.DECEASED: _("Has died. Nothing leaves any more."),
        Reason.CONFLICT: _("May not hear this: a suspect, or lives with one."),
        Reason.CONFLICT_DOUBT: _("It is not clear whether this may be told. You decide."),
        Reason.MANDATE_ENDED: _("The mandate does not hold today."),
        Reason.DOES_NOT_KNOW: _("Does not know yet. The first talk is yours."),
        Reason.AGE_UNKNOWN: _("The age is not known well enough. Find it out first."),
        Reason.FOR_REPRESENTATIVES: _("Is a young child. Those who care for the child hear it."),
        Reason.AUTHORITY_UNCLEAR: _("It is not clear who may decide. Find it out first."),
        Reason.CONSENT_MISSING: _("Not everyone who has to choose has chosen. Ask them."),
        Reason.ADULT_NOW: _("Has come of age and chooses anew. Ask what they want."),
        Reason.NOT_CHOSEN: _("Nobody chose that this person hears it."),
        Reason.THROUGH_LAWYER: _("Chose to hear it through the lawyer."),
        Reason.NO_LAWYER: _("Chose to hear it through a lawyer. There is none now."),
        Reason.NEVER_ASKED: _("Was not asked yet what they want. The first talk is yours."),
        Reason.NOT_CONFIRMED: _("Only something that resembles it. Nobody confirmed it."),
        Reason.QUARANTINED: _("A human looks first whether this is right."),
        Reason.RIGHT_LAPSED: _("The right ran out before it could be told."),
        Reason.NOT_WANTED: _("Chose not to be told."),
        Reason.WISH_ENDED: _("The choice had an end date. Ask what they want now."),
        Reason.HARM: _("A sign that things go badly. Messages have stopped. Call first."),
        Reason.PAUSED: _("Set a pause."),
        Reason.HELD_BY_CARE: _("A care worker set a pause."),
        Reason.UNOPENED: _("Did not open the last messages. Ask what they want."),
        Reason.ONLY_WHEN_ASKED: _("Chose to ask by themselves."),
        Reason.CHANNEL_STOPPED: _("The chosen way does not work."),
        Reason.ON_ITS_WAY: _("A message is on its way."),
        Reason.OTHER_CHANNEL: _("Follows later, in the way chosen for it."),
        Reason.RHYTHM: _("The chosen rhythm."),
        Reason.CEILING: _("Heard from us less than a week ago."),
        Reason.QUIET: _("Chose quiet for these days."),
        Reason.HOURS: _("Chose a fixed day or time."),
        Reason.NOTHING_NEW: _("There is nothing new to tell."),
    }


def call(found: CallTask) -> str:
    """Return why a call is asked for."""
    if found.safety:
        return _("An event about safety, and nobody confirmed that they read it. Call now.")
    return reasons()[found.reason]


def tasks() -> dict[str, str]:
    """Return what each kind of task asks."""
    return {
        CALL: _("Call."),
        CARE: _("Call about an event of safety."),
        UNKNOWN_OUTCOME: _(
            "It is not known whether a message arrived. Find out; it is not sent again by itself."
        ),
        ADDRESS_FAILS: _("An address does not work. Find one that does."),
        SERVER_SILENT: _("The mail server has not answered for some time. The e-mail is still tried."),
        DECEASED: _("This person has died. Talk with those who stay behind."),
        LIFTED: _("A pause after a sign of harm was ended."),
        LEAVING: _("This person asked to erase everything. Call, and hear whether it is their own wish."),
        TAKEN_BACK: _("Something was told that does not stand any more. Talk about it."),
        STEP_TAKEN_BACK: _("A step of a criminal case was told that did not happen. Talk about it."),
    }


def causes() -> dict[str, str]:
    """Return why a way stopped, or why something that was told does not stand."""
    return {
        "bounced": _("The message came back."),
        "refused": _("The address was refused."),
        "returned": _("The letter came back."),
        "moved": _("The person moved."),
        "not_subscribed": _("The number does not take messages."),
        Fell.UNDONE.value: _("Who confirmed it took that back."),
        Fell.KEPT.value: _("It rests on a picture that anyone may have."),
        Fell.WITHDRAWN.value: _("What it rests on was wrong and is withdrawn."),
        Fell.UNLINKED.value: _("It does not show this person."),
    }


def impossible(cause: str) -> str:
    """Return why an act on a call could not be done, by the `cause` of `CallImpossible`."""
    return {
        "taken": _("Someone else took this call. Choose another one."),
        "full": _("Your hands are full. Record first what came of one of your calls."),
        "past": _("This time is over. Choose one that is still to come."),
        "not_yours": _("This call is not yours. Take it first."),
        "first": _("This person does not know yet. Two of you decide first, on the page of first contacts."),
        "no_call": _("Nobody has reached this person since. Call first, and record it."),
    }[cause]


def first_impossible(cause: str) -> str:
    """Return why a decision about a first contact cannot be taken, by the cause."""
    return {
        "why": _("Choose one of the reasons."),
        "until": _("Waiting has an end. Give a day that is still to come."),
        "taken": _("Someone else took this call. Choose another one."),
        "own": _("Whoever proposed it cannot agree. Let a colleague look at it."),
    }[cause]


def first_why() -> dict[str, str]:
    """Return why a first contact is made, or waits."""
    return {
        "news": _("there is news that this person may want to know"),
        "right": _("a right runs out"),
        "safety": _("it is about their safety"),
        "asks": _("they asked something themselves"),
        "grows_up": _("they are old enough to decide now"),
        "too_young": _("they are too young now"),
        "no_support": _("nobody is there for them now"),
        "risk_near": _("somebody near them may be a risk"),
        "unwell": _("they are not well now"),
        "unsure_who": _("it is not clear who it is"),
    }


def first_decided(found: Decided) -> str:
    """Return what stands decided about a first contact, with who proposed it and who agreed."""
    why = first_why()[found.why]
    if found.verdict == Verdict.CALL:
        said = _("To call, because %(why)s.") % {"why": why}
    else:
        until = date_format(found.until, "j F Y") if found.until else ""
        said = _("To wait until %(day)s, because %(why)s.") % {"day": until, "why": why}
    by = _("Proposed by %(name)s.") % {"name": found.asked_by}
    agreed = _("%(name)s agreed.") % {"name": found.agreed_by} if found.agreed_by else ""
    return f"{said} {by} {agreed}".strip()


def outcome_of_call(last: str) -> str:
    """Return what came of the last try of a call, or "" when there was none that counts."""
    found = {
        CallOutcome.NO_ANSWER.value: _("No answer last time."),
        CallOutcome.LATER.value: _("Asked to be called at another time."),
    }
    return found.get(last, "")


def talks() -> dict[str, str]:
    """Return the word for each kind of talk in which a wish is chosen."""
    return {"call": _("by phone"), "visit": _("face to face"), "letter": _("in a letter to us")}


def channels() -> dict[Channel, str]:
    """Return the word for each way to reach someone."""
    return {
        Channel.PORTAL: _("portal"),
        Channel.EMAIL: _("e-mail"),
        Channel.SMS: _("text message"),
        Channel.LETTER: _("letter"),
        Channel.CARE_WORKER: _("call"),
        Channel.LAWYER: _("through the lawyer"),
    }


def mandate(found: Mandate, today: date) -> str:
    """Return what stands in the way of a representative today, or that nothing does."""
    if not found.holds(today):
        return _("The mandate does not hold today.")
    if found.conflict == "certain":
        return _("May not hear this: a suspect, or lives with one.")
    if found.conflict == "doubt":
        return _("It is not clear whether this may be told. You decide.")
    if not found.informed:
        return _("Does not know yet. The first talk is yours.")
    return _("The mandate holds today.")
