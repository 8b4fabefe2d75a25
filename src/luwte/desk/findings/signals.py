"""What the register says to other rooms of its process, which it does not know itself."""

from __future__ import annotations

from django.dispatch import Signal

registered = Signal()
"""A report is new in the register: `report` (its id) and `now`. Sent once for each, last in its transaction,
whichever way it came in; what a listener keeps is kept with it, and what it raises undoes all of it."""
