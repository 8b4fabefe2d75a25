"""What can be wrong with a file that crosses the wall; each is one sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

from luwte.base.errors import BadInput


class Unusable(BadInput):
    """A file cannot be used as what it was given for: damaged, changed, or something else altogether."""


class NewerSchema(BadInput):
    """A file was made by a newer Luwte than this one."""


class SignerUnknown(BadInput):
    """A file is signed by a key that this machine does not trust."""


class BadList(BadInput):
    """A foreign hash list has rows or a form that cannot be read."""


class OtherRotation(BadInput):
    """Local codes of two authorities were to stand in one list; they cannot be compared with each other."""

    @classmethod
    def between_lists(cls) -> OtherRotation:
        """Return the sentence for codes that are added to those of another rotation."""
        return cls(
            "The local codes of these pictures stand under another authority's secret rotation than those of "
            "the list. Enrol into a list that was begun here, and scan once with each."
        )


def newer(path: Path | str, schema: int) -> NewerSchema:
    """Return the sentence for a file of a later schema number."""
    return NewerSchema(f"{path} has schema {schema}, of a newer Luwte than this one. Update Luwte here.")


def unknown_signer(path: Path | str, signer: str) -> SignerUnknown:
    """Return the sentence for a file whose signer is not among the trusted keys."""
    return SignerUnknown(
        f"{path} is signed by key {signer}, which is not trusted here. Ask its maker for the public key, "
        "compare the id by phone, and run `luwte keys trust FILE`."
    )


def for_others(path: Path) -> BadInput:
    """Return the sentence for a file that the keys of this machine cannot open."""
    return BadInput(
        f"{path} was encrypted for other keys. Let its maker trust what `luwte keys show` prints here, and "
        "then build it again."
    )


def damaged(path: Path | str, what: str) -> Unusable:
    """Return the sentence for a file that was changed or cut off on the way."""
    return Unusable(f"{path} is not as its maker signed it ({what}). Ask for it again.")


def unreadable(path: Path | str, error: OSError) -> BadInput:
    """Return the sentence for a file that the system does not let us read."""
    reason = error.strerror or type(error).__name__
    return BadInput(f"{path} cannot be read ({reason}). Check the name and your rights to it.")
