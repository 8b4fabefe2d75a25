"""One act on an account and what is recorded of it: both, or neither that a kill could tell apart.

In telling accounts stand in the register, in casework in a database of their own. There the record is kept
first: a kill between the two leaves something on record that did not come about, never the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import router, transaction

from luwte.desk.accounts.models import Account
from luwte.desk.audit.desk import DESK


@contextmanager
def whole() -> Iterator[None]:
    """Let the block be one transaction in the database of accounts, and one in the register inside it."""
    with ExitStack() as held:
        for alias in dict.fromkeys((router.db_for_write(Account), DESK.using)):
            held.enter_context(transaction.atomic(using=alias))
        yield
