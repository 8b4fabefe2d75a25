"""Which channels this desk has, from its settings."""

from __future__ import annotations

from django.conf import settings

from luwte.desk.telling.channels.configured import configured
from luwte.desk.telling.channels.port import ChannelPort
from luwte.desk.wishes.rules import Channel

BY_PEOPLE = frozenset({Channel.CARE_WORKER, Channel.LAWYER})
"""The channels that are a person; nothing has to be set up for them."""


def channels() -> dict[Channel, ChannelPort]:
    """Return the channels that the settings name. Raises `ChannelSettingsWrong` when they contradict."""
    return configured(settings)


def there() -> frozenset[Channel]:
    """Return the channels that can be used here, people included."""
    return BY_PEOPLE | channels().keys()
