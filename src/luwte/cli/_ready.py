"""What every command of the desk begins with: the desk stands, or one sentence says what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

from luwte.base.errors import BadInput

P = ParamSpec("P")
R = TypeVar("R")


def on_a_ready_desk(act: Callable[P, R]) -> Callable[P, R]:
    """Run the command `act`, which needs both databases, on a desk that stands; else say what is missing."""
    return _in("telling")(act)


def on_a_ready_register(act: Callable[P, R]) -> Callable[P, R]:
    """Run the command `act` in a process that may have no vault and no keys."""
    return _in("telling", "casework")(act)


def on_a_ready_vault(act: Callable[P, R]) -> Callable[P, R]:
    """Run the command `act` in a process that may have no register."""
    return _in("telling", "vault")(act)


def on_a_desk_that_lets_go(act: Callable[P, R]) -> Callable[P, R]:
    """Run the command `act` in a process that has both databases and may delete."""
    return _in("telling", "retention")(act)


def on_a_desk_with_pages(act: Callable[P, R]) -> Callable[P, R]:
    """Run the command `act` in a process that has accounts for its pages, of whichever world."""
    return _in("telling", "casework", pages=True)(act)


def on_ready_casework(act: Callable[P, R]) -> Callable[P, R]:
    """Run the command `act` where the accounts of casework are."""
    return _in("casework", pages=True)(act)


def on_ready_interface(act: Callable[P, R]) -> Callable[P, R]:
    """Run the command `act`, which needs casework's register and none of its accounts."""
    return _in("casework")(act)


def on_any_ready_desk(act: Callable[P, R]) -> Callable[P, R]:
    """Run the command `act`, which itself looks at what its process has."""
    return _in("telling", "casework", "vault", "retention")(act)


def _in(*worlds: str, pages: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def decorate(act: Callable[P, R]) -> Callable[P, R]:
        @wraps(act)
        def run(*values: P.args, **named: P.kwargs) -> R:
            from luwte.desk.project import ready
            from luwte.desk.project.sentences import database_sentences
            from luwte.desk.project.worlds import World

            _check_text((*values, *named.values()))
            ready.start()
            ready.require(*map(World, worlds))
            with database_sentences():
                ready.require_ready(pages=pages)
                return act(*values, **named)

        return run

    return decorate


def _check_text(given: Iterable[object]) -> None:
    """Raise `BadInput` for what came as bytes that are no text: no database keeps it."""
    for one in given:
        if isinstance(one, tuple):
            _check_text(one)
        elif isinstance(one, str) and any("\ud800" <= letter <= "\udfff" for letter in one):
            raise BadInput(f"{one!r} is not text in UTF-8. Give it as the terminal writes it.")
