"""The Sleuth Kit on images of ours: it asks for bytes, an `Image` gives them."""

from __future__ import annotations

from typing import Final, Protocol

import pytsk3

from luwte.lab.carriers.carrier import Unreadable

TROUBLE: Final = (OSError, RuntimeError, ValueError, TypeError, OverflowError, AttributeError)
"""What pytsk3 raises on a damaged image; it has no error class of its own."""


class Image(Protocol):
    """All bytes of a medium, readable from any place."""

    size: int

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer at the end; raises `Unreadable`."""

    def close(self) -> None:
        """Close what is open."""


class TskImage(pytsk3.Img_Info):  # type: ignore[misc]
    """An image handed to the Sleuth Kit, which never opens a file of its own."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self.failure: str | None = None
        super().__init__(url="", type=pytsk3.TSK_IMG_TYPE_EXTERNAL)

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes to the library; why that failed is kept, since the library does not pass it on."""
        try:
            return self._image.read(offset, size)
        except Unreadable as error:
            self.failure = error.reason
            raise OSError(error.reason) from error

    def get_size(self) -> int:
        """Return the bytes of the whole image."""
        return self._image.size

    def take_failure(self, otherwise: str) -> str:
        """Return why reading failed since the last call, or `otherwise` when the image itself read well."""
        failure, self.failure = self.failure, None
        return failure or otherwise
