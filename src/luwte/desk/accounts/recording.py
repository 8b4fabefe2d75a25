"""What happens at sign-in and to second factors, recorded where Django, allauth and axes say so."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from luwte.desk.accounts import bound
from luwte.desk.accounts.accounts import COMMAND, end_sessions, named
from luwte.desk.accounts.whole import whole
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.rules import Detail
from luwte.desk.pages.moment import now

NOBODY = "visitor"
"""Who acts when nobody is signed in."""


class Terminal(HttpRequest):
    """Stands for the command line where tries are counted and locked: they come from nowhere."""


def locked(request: HttpRequest, name: str) -> bool:
    """Whether too many tries failed for this name from where the request comes from."""
    return not AxesProxyHandler.is_allowed(request, {"username": name})


def failed_again(request: HttpRequest, name: str) -> None:
    """Count and record a second step that failed, as a wrong password is."""
    with whole():
        user_login_failed.send(__name__, credentials={"username": name}, request=request)


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    steps = [one.get("type", one["method"]) for one in get_authentication_records(request, user)]
    factor = any(step != "password" for step in steps)
    with whole():
        bound.begin(request, user.pk, factor=factor)
        _record(Act.SIGNED_IN, user.pk, named(user.pk), factor=steps[-1] if factor else "none")


@receiver(user_logged_out)
def _signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        _record(Act.SIGNED_OUT, user.pk, named(user.pk))


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    name = credentials.get("username") or ""
    user_id = User.objects.filter(username=name).values_list("pk", flat=True).first()
    by = NOBODY if request and not isinstance(request, Terminal) else COMMAND
    _record(Act.SIGN_IN_FAILED, user_id, by)
    if getattr(request, "axes_failures_since_start", None) == settings.AXES_FAILURE_LIMIT:
        _record(Act.LOCKED, user_id, by)


@receiver(authenticator_used)
def _used(user: User, authenticator: Authenticator, reauthenticated: bool = False, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _record(Act.RECOVERY_USED, user.pk, named(user.pk))
    if reauthenticated:
        _record(Act.CONFIRMED, user.pk, named(user.pk), factor=authenticator.type)


@receiver(post_save, sender=Authenticator)
def _added(instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        _changed(Act.FACTOR_ADDED, instance, named(instance.user_id))


@receiver(post_delete, sender=Authenticator)
def _removed(instance: Authenticator, **_: Any) -> None:
    _changed(Act.FACTOR_REMOVED, instance, getattr(instance, "removed_by", named(instance.user_id)))


def _changed(act: Act, factor: Authenticator, by: str) -> None:
    """Record it, and end all other sessions of the account; whoever added a factor has shown it."""
    with whole():
        _record(act, factor.user_id, by, factor=factor.type)
        epoch = end_sessions(factor.user_id)
    request = context.request
    if request is None or request.user.pk != factor.user_id:
        return
    bound.move_on(request, epoch, factor=True if act == Act.FACTOR_ADDED else None)
    if act == Act.FACTOR_ADDED:
        record_authentication(request, request.user, "mfa", type=factor.type)


def _record(act: Act, user_id: int | None, by: str, **details: Detail) -> None:
    with whole():
        DESK.record(act, now(), by=by, about="" if user_id is None else named(user_id), **details)
