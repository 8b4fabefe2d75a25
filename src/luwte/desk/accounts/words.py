"""Words about accounts: what is wrong with a password that was chosen."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def password_faults(error: ValidationError) -> list[str]:
    """Return what is wrong with a password that was chosen, as sentences."""
    known = {
        "twice": _("The two passwords differ. Type the same one twice."),
        "wrong": _("Your present password is not right."),
        "password_too_short": _("Take at least 15 characters. A few words in a row will do."),
        "password_too_common": _("Many people use this password. Choose another one."),
        "password_too_similar": _("This looks too much like your name. Choose another one."),
    }
    other = _("This password will not do. Choose another one.")
    return [known.get(one.code or "", other) for one in error.error_list]
