"""Handing the licensed hasher that a scan was asked for to those who look, and to who compares."""

from __future__ import annotations

import subprocess
from functools import partial

from luwte.exchange.columns import Columns
from luwte.lab.reference.licensed import LicensedList
from luwte.lab.scan import worker
from luwte.lab.scan.comparing import Comparing
from luwte.lab.scan.launch import Launch
from luwte.lab.scan.request import Request


def licensed_list(columns: Columns, request: Request, start: Launch) -> LicensedList:
    """Return the hashes in `columns` of the hasher of `request`, compared within its deadline. Close it.

    Raises `BadInput` when none can be compared, or there is no such hasher.
    """
    comparing = partial(Comparing, deadline=request.deadline, start=start)
    return LicensedList(columns, request.hasher, comparing)


def with_hasher(start: Launch, name: str) -> Launch:
    """Return `start`, but that each worker hashes with the hasher called `name`; with no name, as it is."""
    if not name:
        return start

    def starting(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        asked = (worker.HASHER, name) if module == worker.MODULE else ()
        return start(module, *arguments, *asked)

    return starting
