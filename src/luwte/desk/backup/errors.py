"""What can be wrong with a backup or a restore, each as one sentence."""

from __future__ import annotations

from pathlib import Path

from luwte.base.errors import BadInput, Failure


class NotABackup(BadInput):
    """A file is no backup of this house, or not the one that was written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is not restored: {why}. Take another copy, or another backup.")


class BackupIsNewer(BadInput):
    """A backup was made by a newer Luwte."""

    def __init__(self, path: Path, version: str) -> None:
        super().__init__(
            f"{path} was made by a newer Luwte ({version}) than this one. Install that "
            "version here, then restore."
        )


class NoIdentity(BadInput):
    """The home has no keys by which a backup of this house can be told."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"There is no {file}. Bring the identity of this house there from where its copy is kept: "
            "without it no backup can be told from one that somebody else made."
        )


class SecretNotHere(BadInput):
    """The secret of the desk is not there, under which the second factors of the staff are sealed."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"There is no {file}. Bring its copy there: without it no code of the staff is right any more. "
            "If it is lost, make an empty file there, and two new administrators after the restore."
        )


class ErasedListNotHere(BadInput):
    """The list of the erased is not there."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"There is no {file}. Bring the newest copy of the list of the erased there: without it people "
            "who were erased would come back. Only if nobody was ever erased, make an empty file there."
        )


class RingNotHere(BadInput):
    """There is no key ring."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"There is no key ring at {where}. Bring its newest copy there, and erased.list with it: without "
            "the ring nobody could be read, and nothing is restored."
        )


class RingDoesNotFit(BadInput):
    """The key ring is not the one that a backup needs."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"The key ring {where} does not fit this backup: {why}. Bring the newest copy of the ring of "
            "this vault; nothing is restored."
        )


class DeskStands(BadInput):
    """There is something where a backup should be restored."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"There are data in {where} already, and a backup is restored only where none are. Move them "
            "away and run this again."
        )


class AnotherRestore(BadInput):
    """A restore of another backup was cut off here."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"In {where} the restore of another backup was cut off. Finish it with that backup, or empty "
            "both databases and run this again."
        )


class CheckpointForeign(BadInput):
    """A checkpoint is of no record of this house."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is no checkpoint that this house signed of its record. Give what `luwte audit "
            "checkpoint` wrote."
        )


class RecordDiffers(Failure):
    """The record in a backup is not the one that was signed."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The record in this backup is not the one that was signed: {problem} Nothing was restored; keep "
            "the file, and take another backup."
        )


class RowsDiffer(Failure):
    """What stands in the database is not what the backup holds."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"What was put into {table} is not what came out of it. Nothing was restored; look whether the "
            "database and its disk are sound, and run this again."
        )
