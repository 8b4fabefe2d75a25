"""The command `luwte`: thin click commands, one module per noun, loaded only when called."""

from luwte.cli._main import main

__all__ = ["main"]
