"""Luwte: register every finding, tell each person only as chosen."""

__version__ = "0.1.0"
