"""Words for the administrators: what an account may do, what was done, and why something is not."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from luwte.desk.accounts.accounts import Known
from luwte.desk.accounts.four_eyes import Waiting, Wanted
from luwte.desk.accounts.rights import Right


def right(found: Right) -> str:
    """Return the word for a right."""
    return {
        Right.CARE: _("care worker"),
        Right.ADMINISTRATOR: _("administrator"),
        Right.AUDITOR: _("auditor"),
    }[found]


def rights(found: Known) -> list[str]:
    """Return the words for the rights of an account, [] for one that may see nothing."""
    return [right(one) for one in Right if getattr(found, one.value)]


def factors(found: Known) -> list[str]:
    """Return the words for the second factors of an account."""
    known = {
        Authenticator.Type.TOTP.value: _("app"),
        Authenticator.Type.WEBAUTHN.value: _("passkey"),
        Authenticator.Type.RECOVERY_CODES.value: _("recovery codes"),
    }
    return [known[one] for one in found.factors if one in known]


def wanted(found: Waiting) -> str:
    """Return what somebody asks for, about whom."""
    named = {"by": found.asked_by, "name": found.name}
    return {
        Wanted.ADMINISTRATOR: _("%(by)s asks to make %(name)s an administrator.") % named,
        Wanted.NO_ADMINISTRATOR: _("%(by)s asks that %(name)s is no administrator any more.") % named,
        Wanted.RESET: _("%(by)s asks to let %(name)s choose a new password and second factor.") % named,
        Wanted.REOPEN: _("%(by)s asks to open the closed account of %(name)s again.") % named,
    }[found.wanted]


def done(act: str) -> str:
    """Return what was done by the button `act`."""
    known = {
        "approve": _("It is done, and works from now on."),
        "close": _("The account is closed. Whoever used it is signed out."),
        "sessions": _("The account is signed out in every place."),
    }
    if act.startswith("ask-"):
        return _("You asked for it. Another administrator approves it within a day.")
    return known.get(act) or _("The right is changed. The account signs in again.")


def refused(cause: str) -> str:
    """Return why an act on an account is not done, and what to do; by the `cause` of `AccountRefused`."""
    return {
        "taken": _("There is an account of this name. Choose another name."),
        "unknown": _("There is no open account of this name."),
        "wrong": _("This cannot be a name. Take letters, digits and @ . + - _, at most 150."),
        "same": _("It is like that by now. Look at the account as it is."),
        "over": _("This request was done, or is more than a day old. Ask anew."),
        "own": _("You asked for this yourself. Another administrator approves it."),
        "other": _("The name belongs to another account by now. Ask anew."),
        "none": _("Who asked is no administrator any more. Ask anew."),
        "link": _("This link alone would open the account. Ask for a new password: then two give a link."),
        "last": _("Two administrators have to stay who can sign in. Make another one first."),
        "administrator": _("Another administrator does this."),
        "self": _("You cannot change your own rights. Another administrator does it."),
        "two": _("Two administrators decide this. Ask for it first."),
    }[cause]
