"""Errors of the channels, named as sentences."""

from __future__ import annotations

from luwte.base.errors import BadInput


class ChannelSettingsWrong(BadInput):
    """The settings of a channel cannot be used."""
