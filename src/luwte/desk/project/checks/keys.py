"""The key ring, the secret of sessions, and the list of the erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage

from luwte.desk.project.checks import Check, databases, finding
from luwte.desk.project.databases import ACCOUNTS
from luwte.desk.project.folder import SECRET_FILE, casework_folder, desk_folder
from luwte.desk.project.worlds import World
from luwte.desk.vault.ring import ENVIRONMENT, key_ring, ring_file

LONG = 64
"""Letters of the secret that signs sessions: `init` writes 86, of 512 random bits."""


def the_ring_can_be_changed() -> Iterator[CheckMessage]:
    """Erasure destroys keys in the ring, so the ring must be where it can be written."""
    if settings.WORLD != World.CASEWORK and ring_file() is None:
        yield finding(
            "keys.environment",
            f"The key ring stands in {ENVIRONMENT} itself: it never rotates, and erasure reaches no backup.",
            f"Put it into a file of mode 0600 and name that in {ENVIRONMENT}, or use a token.",
        )


def every_key_is_under_the_current_one() -> Iterator[CheckMessage]:
    """A rotation that was cut off leaves people under an old key."""
    if settings.WORLD == World.CASEWORK:
        return
    from luwte.desk.vault.rotation import waiting

    if left := waiting(key_ring()):
        yield finding(
            "keys.rotation",
            f"The keys of {left} people are under another than the ring's current key.",
            "Run `luwte keys rotate` to its end.",
        )


def sessions_are_signed_with_a_kept_secret() -> Iterator[CheckMessage]:
    """Without a kept secret each process signs sessions with one of its own."""
    if settings.WORLD != World.TELLING and ACCOUNTS not in databases():
        return
    path = (casework_folder() if settings.CASEWORK else desk_folder()) / SECRET_FILE
    try:
        kept = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        kept = ""
    if len(kept) < LONG:
        yield finding(
            "keys.secret",
            f"The secret of sessions in {path} is not there or shorter than {LONG} letters.",
            "Remove the file and run `luwte desk init`; everyone signs in anew.",
        )


def the_erased_are_listed() -> Iterator[CheckMessage]:
    """After a restore only the list beside the ring says whom the backup brought back."""
    if settings.WORLD == World.CASEWORK:
        return
    from luwte.desk.vault import erased
    from luwte.desk.vault.models import Erasure

    done = frozenset(Erasure.objects.filter(reached__isnull=False).values_list("pk", flat=True))
    if missing := done - erased.listed_ids():
        yield finding(
            "keys.erased-list",
            f"{len(missing)} erased people are not in {erased.list_file()}.",
            "Bring that file back from its copy; without it a restore could bring them back unseen.",
        )
    if waiting := Erasure.objects.filter(reached=None).count():
        yield finding(
            "keys.erased-waiting",
            f"{waiting} erased people can still be read in backups with this ring.",
            "Run `luwte keys erased`; it says what it waits for.",
        )


CHECKS: tuple[Check, ...] = (
    the_ring_can_be_changed,
    every_key_is_under_the_current_one,
    sessions_are_signed_with_a_kept_secret,
    the_erased_are_listed,
)
