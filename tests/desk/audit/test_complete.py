"""Whatever changes a row, a service, a command or a page, records an act, or stands here with the reason.

Read from the source (`tests.support.reach`), so that what is new is asked too, before anybody thinks of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from luwte.cli._main import luwte as everything
from tests.support.reach import Desk
from tests.support.routes import named, routes

PREFIX = "luwte."
OF_THE_RECORD = "the record itself: a checkpoint says no more than what is in it"
UNRECORDED = {
    "cli.audit.checkpoint": OF_THE_RECORD,
    "cli.audit.cosigned": OF_THE_RECORD,
    "cli.audit.verify": OF_THE_RECORD,
    "desk.audit.checkpoints.checkpoint": OF_THE_RECORD,
    "cli._renew.renew": "recorded in each database by its own log, under no fixed name",
    "desk.audit.succession.change_key": "the same",
    "cli._retention.holds": "looks; only the command above it deletes",
    "desk.audit.clearing.clearing": "opens the way for a deletion, which records itself",
    "cli.enrol.enrol": "writes a list of fingerprints; it reaches no desk",
    "cli.desk.serve": "in casework, sessions and tries that are over go",
    "cli.desk.stakes": "a copy of what stands elsewhere, for processes of casework",
    "desk.review.kept.keep": "the same copy",
    "desk.findings.services.settle_cluster": "a step of a decision, or of its undoing; they are recorded",
    "desk.findings.services.heed_acceptance": "lets telling look again; what it decides is recorded",
    "desk.telling.outbox.Outbox.lease_some": "a reservation; the hand-over is recorded",
    "desk.telling.messages.open_message": "what a person reads is theirs: a row says so, for the rule on "
    "unopened messages (T15), and goes again; the record would never forget it",
    "desk.portal.views.message": "the same",
    "desk.api.repeats.once": "keeps the answer to an act that it is given; the act is recorded",
    "desk.api.tries.count": "a try to get a token that failed, counted for a quarter of an hour",
}  # fmt: skip
BY_A_FRAMEWORK = {
    "staff/sign-in/": "the account's own sign-in",
    "staff/sign-out/": "ends a session, a row that does not stay",
    "staff/again/passkey/": "allauth's page; what it says it did is recorded (`desk.accounts.recording`)",
    "taal/": "sets a cookie",
    "uit/": "ends a session, a row that does not stay",
}
"""Pages whose code is not ours, or that change no row but a session's."""


@pytest.fixture(scope="module")
def desk() -> Desk:
    """The desk's functions."""
    return Desk()


def commands(group: click.Group) -> Iterator[str]:
    """Give the name of the function of each command below `group`."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command)
        elif command is not None:
            yield named(command.callback)


def roots(desk: Desk) -> set[str]:
    """Return every function by which something is done: services, commands, pages."""
    pages = {name for route, name in routes() if route not in BY_A_FRAMEWORK}
    return {*desk.transactions(), *commands(everything), *pages}


def test_whatever_writes_records_an_act(desk: Desk) -> None:
    silent = {name for name in roots(desk) if desk.writes(name) and not desk.records(name)}
    assert silent == {PREFIX + name for name in UNRECORDED}


def test_every_page_of_ours_is_looked_at(desk: Desk) -> None:
    pages = dict(routes())
    assert BY_A_FRAMEWORK.keys() <= pages.keys()
    unknown = [route for route, name in pages.items() if name not in desk.functions]
    assert set(unknown) <= BY_A_FRAMEWORK.keys()


def test_the_source_is_read_as_it_is(desk: Desk) -> None:
    """A reader that saw nothing would find nothing wrong."""
    writing = [name for name in roots(desk) if desk.writes(name)]
    assert len(writing) > 80
    for known in (
        "desk.wishes.services.set_wish", "desk.telling.services.ask", "cli._wishes.withdraw",
        "desk.staff.views.lift",
    ):  # fmt: skip
        assert PREFIX + known in writing
    assert not desk.writes("luwte.desk.portal.views.why")
