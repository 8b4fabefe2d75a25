"""The pages: who they answer to, that what travels is encrypted, and what others see of it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage

from luwte.desk.project.checks import Check, finding

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
SECRET = 32
"""Characters: what brokers give has more."""


def https_is_spoken() -> Iterator[CheckMessage]:
    """Cookies, redirects and HSTS follow from one setting."""
    if not settings.HTTPS:
        yield finding(
            "web.https",
            "LUWTE_DESK_HTTPS is not 1: cookies and pages may travel in the clear.",
            "Put a proxy that speaks HTTPS in front of the desk and set it to 1.",
        )


def it_answers_to_its_own_names() -> Iterator[CheckMessage]:
    """A wildcard lets anyone's name lead here; a name that is missing shuts people out."""
    hosts, called = settings.ALLOWED_HOSTS, "which stands in every e-mail"
    if settings.CASEWORK:
        called = "which stands in every invitation"
    if wide := [host for host in hosts if host.startswith((".", "*"))]:
        yield finding(
            "web.hosts",
            f"LUWTE_DESK_HOSTS lets in any name that fits {wide[0]}.",
            "Write each name of the desk in full.",
        )
    portal = urlsplit(settings.PORTAL_URL)
    if portal.hostname in LOOPBACK or portal.scheme != "https":
        yield finding(
            "web.portal",
            f"LUWTE_PORTAL_URL, {called}, is not the address of a site with HTTPS.",
            "Write it as https://HOST/.",
        )
    elif portal.hostname not in hosts:
        yield finding(
            "web.portal-host",
            "The host of LUWTE_PORTAL_URL is not among LUWTE_DESK_HOSTS, so visitors would be refused.",
            "Add it there.",
        )


def what_is_sent_travels_encrypted() -> Iterator[CheckMessage]:
    """To a relay on this machine mail may go in the clear, to another one not. Casework sends nothing."""
    if settings.CASEWORK:
        return
    mail = settings.MAIL
    if mail["host"] and mail["host"] not in LOOPBACK and mail["security"] not in ("tls", "starttls"):
        yield finding(
            "web.mail",
            "E-mail goes to another machine in the clear (LUWTE_SMTP_SECURITY).",
            "Set it to tls or starttls.",
        )
    if mail["host"] and mail["sender"].endswith("@localhost"):
        yield finding(
            "web.sender",
            "LUWTE_MAIL_FROM is still the sender of a trial, which no provider accepts.",
            "Write an address of your own domain that says nothing.",
        )
    if (notify := settings.NOTIFY["url"]) and urlsplit(notify).scheme != "https":
        yield finding("web.notify", "LUWTE_NOTIFY_URL has no HTTPS.", "Write it as https://HOST.")


def the_broker_is_a_safe_one() -> Iterator[CheckMessage]:
    """What it says of people is believed."""
    broker = settings.BROKER
    if broker is None:
        return
    if broker.here:
        yield finding(
            "web.broker-here",
            "The broker of LUWTE_BROKER_ISSUER is on this machine, as in a trial: it can let in anybody.",
            "Write the address of the broker that you chose, or take it out.",
        )
    elif not broker.guarded:
        yield finding(
            "web.broker",
            "LUWTE_BROKER_ISSUER has no HTTPS, so nobody can sign in through it.",
            "Write it as https://HOST/.",
        )
    if not broker.offered:
        yield finding(
            "web.broker-unshown",
            "The desk has nothing to show the broker, so the portal does not offer it.",
            "Give LUWTE_BROKER_SECRET_FILE or LUWTE_BROKER_KEY_FILE to the process that serves, and to this.",
        )
    if broker.secret and len(broker.secret) < SECRET:
        yield finding(
            "web.broker-secret",
            f"The secret that this desk shows the broker has fewer than {SECRET} characters.",
            "Ask the broker for a longer one, or make a key and name it in LUWTE_BROKER_KEY_FILE.",
        )


CHECKS: tuple[Check, ...] = (
    https_is_spoken,
    it_answers_to_its_own_names,
    what_is_sent_travels_encrypted,
    the_broker_is_a_safe_one,
)
