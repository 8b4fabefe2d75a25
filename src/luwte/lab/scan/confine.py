"""What a child process takes from itself before it touches foreign bytes.

Limits: no memory without end, no file, no core dump, no life after its parent, no privilege. Then, where the
leading process gives one, a filter of system calls (see `calls`).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager

from luwte.lab.scan import privileges

FILTER = "LUWTE_CALLS"
"""The variable that holds the filter of system calls, as `calls.call_filter` gives it."""

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER = 1
_ALL_THREADS = 1 | 4  # TSYNC; and SPEC_ALLOW: older kernels else slow a filtered process down, see prctl(2)
_INSTRUCTION = 8


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def confine(memory: int) -> None:
    """Shut this process in: `memory` bytes of address space, the pipes that it has, the calls that it needs.

    Call this last before foreign bytes come. A filter that was given and cannot be loaded ends the process.
    """
    limit(memory)
    shut()


def limit(memory: int) -> None:
    """Limit this process to `memory` bytes of address space and to writing into the pipes that it has."""
    _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    privileges.give_up()
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def shut() -> None:
    """Load the filter of system calls that the environment holds, if any, into every thread."""
    given = os.environ.get(FILTER)
    if not given:
        return
    number, _, words = given.partition(":")
    program = b64decode(words)
    parsed = _Program(len(program) // _INSTRUCTION, program)
    if ctypes.CDLL(None).syscall(int(number), _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(parsed)):
        sys.exit("The filter of system calls could not be loaded.")


@contextmanager
def cpu_within(seconds: int) -> Iterator[None]:
    """Let the block use at most `seconds` of processor time, of all threads together; more ends this process.

    The limit is the soft one of setrlimit(2), so that a long-lived process has it anew for each file.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard)
    )
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))


def private_output() -> int:
    """Return a descriptor for what was standard output, which itself now leads nowhere.

    A library that prints cannot spoil the answers of this process then.
    """
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def write_all(descriptor: int, record: bytes) -> None:
    """Write all of `record`."""
    view = memoryview(record)
    while view:
        view = view[os.write(descriptor, view) :]


def _lower(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (limit, limit))
