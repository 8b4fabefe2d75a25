"""How a file comes in: as a stream, to a file without a name, no larger than a report can be.

Where the browser's other forms go, files are dropped unread (FILE_UPLOAD_HANDLERS). This handler is given to
a request only when an account that may send reports in has been let in.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from luwte.exchange.report import SORT

MOST_BYTES = SORT.limit
FIELD = "report"


class Receiving(FileUploadHandler):
    """Keeps the one file of a form; `digest` is its SHA-256. What is larger is read past, and not kept.

    `no_room`: the disk did not take it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.too_large = self.no_room = False
        self._folder = folder
        self._sum = sha256()
        self._size = 0
        self._kept: IO[bytes] | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of what came in, as hexadecimal digits."""
        return self._sum.hexdigest()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with the file of the form; any other is read past."""
        super().new_file(*args, **kwargs)
        if self._kept is not None or self.field_name != FIELD:
            raise SkipFile
        try:
            # A kill leaves nothing behind of a file without a name. It lives as long as the request.
            self._kept = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
        except OSError:
            self.no_room = True
            raise SkipFile from None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write one piece."""
        if self._kept is None:
            return
        self._size += len(raw_data)
        if self._size > MOST_BYTES:
            self.too_large = True
            self._kept.close()
            raise SkipFile
        self._sum.update(raw_data)
        self._write(self._kept, raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """Return the file, from its beginning. Its name is forgotten."""
        if self._kept is None or self.too_large or self.no_room:
            return None
        self._kept.seek(0)
        return UploadedFile(file=self._kept, name=FIELD, size=file_size)

    def _write(self, kept: IO[bytes], raw_data: bytes) -> None:
        """Write through at once, so that a full disk shows here and not when the file is read."""
        try:
            kept.write(raw_data)
            kept.flush()
        except OSError:
            self.no_room = True
            with suppress(OSError):
                kept.close()
            raise SkipFile from None

    def upload_interrupted(self) -> None:
        """Let go of what came of it."""
        if self._kept is not None:
            self._kept.close()
