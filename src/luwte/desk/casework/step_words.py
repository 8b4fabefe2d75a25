"""Words for the steps of a case: what happened, what it waits for, who is a victim, what cannot be."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luwte.desk.cases.judging import Why
from luwte.desk.cases.parties import Status
from luwte.desk.cases.vocabulary import Step


def steps() -> dict[Step, str]:
    """Return the words for each step, in the order in which a case usually goes."""
    return {
        Step.OFFENCE_ENDED: _("last day of the offence"),
        Step.FIRST_CONTACT: _("first contact with the victim"),
        Step.REPORT_FILED: _("report filed"),
        Step.VICTIM_IDENTIFIED: _("victim identified"),
        Step.INFORMATION_REQUESTED: _("victim asked to be kept informed"),
        Step.REPRESENTATIVE_SET: _("representative appointed"),
        Step.REPRESENTATIVE_ENDED: _("representative ended"),
        Step.INVESTIGATION_DROPPED: _("investigation ended"),
        Step.FILE_SENT: _("file sent to the prosecutor"),
        Step.SUSPECT_ARRESTED: _("suspect arrested"),
        Step.PROSECUTION_DECLINED: _("prosecution declined"),
        Step.PENAL_ORDER: _("penal order"),
        Step.COMPLAINT_FILED: _("complaint about not prosecuting filed"),
        Step.COMPLAINT_DECIDED: _("complaint about not prosecuting decided"),
        Step.AWARE: _("victim came to know of a step"),
        Step.CHARGED: _("charged"),
        Step.CHARGE_CHANGED: _("charge changed"),
        Step.RELEASE_HEARING_SET: _("hearing on release set"),
        Step.PLEA_OFFERED: _("plea offered"),
        Step.PLEA_HEARING: _("plea hearing set"),
        Step.HEARING_SET: _("hearing set"),
        Step.HEARING_MOVED: _("hearing moved"),
        Step.HEARING_CANCELLED: _("hearing cancelled"),
        Step.HEARING_STARTED: _("hearing started"),
        Step.VICTIM_SPOKE: _("victim spoke"),
        Step.CLOSING_SPEECH: _("closing speech of the prosecutor began"),
        Step.SENTENCING_SET: _("sentencing set"),
        Step.JUDGMENT: _("judgment"),
        Step.APPEAL_FILED: _("appeal filed"),
        Step.APPEAL_DECIDED: _("appeal decided"),
        Step.JUDGMENT_FINAL: _("judgment final"),
        Step.RELEASED: _("released from custody"),
        Step.LEAVE: _("leave from custody"),
        Step.ESCAPED: _("escaped from custody"),
        Step.TRANSFERRED: _("moved to another prison"),
        Step.CLAIM_FILED: _("claim filed"),
        Step.PAYMENT_RECEIVED: _("payment received"),
        Step.LOSS_DISCOVERED: _("new loss found"),
        Step.RIGHT_DENIED: _("right denied"),
        Step.ASSISTANCE_ORDERED: _("assistance ordered"),
        Step.TAKEN_BACK: _("did not happen (takes a step back)"),
    }


def waits() -> dict[Why, str]:
    """Return what a step waits for, and what to do."""
    return {
        Why.NOTHING_TO_CORRECT: _(
            "The step that it corrects is not here yet. Add that step, or dismiss this one."
        ),
        Why.RIVAL: _(
            "Another correction of the same step is newer. Dismiss this one, or correct the newer one."
        ),
        Why.NO_HEARING: _("Nobody said that this hearing was set. Add that step, or dismiss this one."),
        Why.NO_CHARGE: _("There is no earlier charge of this defendant. Add it, or dismiss this one."),
        Why.NO_JUDGMENT: _("There is no judgment yet. Add it, or dismiss this one."),
        Why.NO_APPEAL: _("There is no appeal yet. Add it, or dismiss this one."),
        Why.NO_COMPLAINT: _("There is no complaint yet. Add it, or dismiss this one."),
        Why.NO_REPRESENTATIVE: _("No representative was appointed. Add that step, or dismiss this one."),
    }


def statuses() -> dict[Status, str]:
    """Return the words for whether somebody is a victim in a case."""
    return {
        Status.PRESUMED: _("presumed"),
        Status.CONTESTED: _("contested"),
        Status.RECOGNISED: _("recognised"),
    }


def faults() -> dict[str, str]:
    """Return what is wrong with what a form sent, by the cause of the error."""
    return {
        "day": _("A day is missing, or not in the calendar."),
        "ancient": _("This day is before 1900. Check its year."),
        "unknown_yet": _("The day on which it was known is still to come."),
        "to_come": _("This step is still to come. Add it when it has happened."),
        "far": _("This day is too far away. Check its year."),
        "known_before": _("It was known before it happened. Change one of the two days."),
        "defendant": _("This may be a name. Give a defendant a number, such as D1."),
        "hearing_missing": _("Say which hearing it is, by the number that its moves have too."),
        "back_missing": _("Choose the step that did not happen."),
        "court": _("No court has this code. Choose one of the list."),
        "time": _("Give the hour as 09:30."),
        "no_sheet": _("Only a charge has a charge sheet. Leave it empty."),
        "counts": _("Each line of the charge sheet has five parts with a semicolon between."),
        "entry": _("An entry on the charge sheet is 32 digits and letters a to f."),
        "offence_days": _("An offence has a first and a last day, in that order, neither to come."),
        "before_offence": _(
            "A step would lie before the offence on the charge sheet. Correct one of the days."
        ),
        "why": _("Say in a few words why."),
        "source": _("Say who decided it: an office or a code, not a name."),
        "status_days": _("The day of the decision is still to come, or before 1900."),
        "circle": _("These corrections go round in a circle. Correct the first step."),
    }


def other() -> str:
    """Return what is said of any other fault."""
    return _("This cannot be kept. Look at each field again.")
