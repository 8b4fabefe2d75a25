"""What every command of the desk begins with: the desk stands, or one sentence says what is missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def on_a_ready_desk(act: Callable[P, R]) -> Callable[P, R]:
    """Run the command `act` on a desk that stands; say in one sentence what is missing."""

    @wraps(act)
    def run(*values: P.args, **named: P.kwargs) -> R:
        from luwte.desk.project import ready

        ready.start()
        with ready.database_sentences():
            ready.require_ready()
            return act(*values, **named)

    return run
