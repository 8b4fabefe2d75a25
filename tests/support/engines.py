"""The engines that one computation runs on here: the NumPy twin and each path of the compiled core."""

from __future__ import annotations

import os


def engines() -> list[str]:
    """`numpy`, then the compiled paths this processor has; with CI set the compiled core must be there."""
    try:
        from luwte import _native
    except ImportError:
        if os.environ.get("CI"):
            raise
        return ["numpy"]
    return ["numpy", *_native.paths()]


def compiled_paths() -> list[str]:
    """The engines of the compiled core alone."""
    return engines()[1:]
