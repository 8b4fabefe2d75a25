"""Errors that end a command: each says what is wrong, where, and what to do."""

from __future__ import annotations


class LuwteError(Exception):
    """Something went wrong that a person can be told in one sentence. `exit_code` is the command's."""

    exit_code = 1


class BadInput(LuwteError):
    """What was given cannot be used; the caller must change it. Exit code 2."""

    exit_code = 2


class Failure(LuwteError):
    """The input was fine but the work could not be done (disk, memory, another program). Exit code 1."""
