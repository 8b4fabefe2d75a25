"""Bugs beside `plan`: in alerts of safety (T14), and in when to look again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from luwte.desk.telling.safety import Act, Alert, Step
from luwte.desk.telling.values import Born, Recipient, Told
from luwte.desk.wishes.rules import Hold, Wish
from tests.model.people import DAY
from tests.model.planting import alert, look

Next = Callable[..., Step]
Look = Callable[..., datetime | None]


@alert("T14", "an alert is sent once, and never again")
def _(step: Next, one: Alert, *facts: Any) -> Step:
    found = step(one, *facts)
    return replace(found, act=Act.DONE) if one.attempts and found.act == Act.SEND else found


@alert("T14", "an alert goes on after it was confirmed")
def _(step: Next, one: Alert, *facts: Any) -> Step:
    return step(replace(one, confirmed=None), *facts)


@alert("T14", "an alert is tried for ever")
def _(step: Next, one: Alert, *facts: Any) -> Step:
    return step(replace(one, attempts=min(one.attempts, 3)), *facts)


@alert("T14", "an alert is sent again at once, without half an hour between")
def _(step: Next, one: Alert, *facts: Any) -> Step:
    return step(replace(one, last=None), *facts)


@alert("T14", "no care worker is asked after two attempts, or when the channel fails")
def _(step: Next, one: Alert, *facts: Any) -> Step:
    return replace(step(one, *facts), care=False)


@alert("T14", "an alert is sent through a pause")
def _(step: Next, one: Alert, wish: Wish | None, holds: list[Hold], *facts: Any) -> Step:
    return step(one, wish, [], *facts)


@alert("T14", "an alert is sent to who did not choose it")
def _(step: Next, one: Alert, wish: Wish | None, *facts: Any) -> Step:
    wanted = wish and replace(wish, choice=replace(wish.choice, told=True))
    return step(one, wanted, *facts)


@alert("T14", "an alert is sent to who does not know")
def _(step: Next, one: Alert, wish: Wish | None, holds: list[Hold], who: Recipient, *facts: Any) -> Step:
    return step(one, wish, holds, replace(who, informed=True), *facts)


@alert("T14", "an alert waits for hours that were chosen for other news")
def _(step: Next, one: Alert, wish: Wish | None, holds: list[Hold], who: Recipient, *more: Any) -> Step:
    found, now = step(one, wish, holds, who, *more), more[0]
    night = now.astimezone(who.zone).hour < 9
    return replace(found, act=Act.WAIT, at=now + timedelta(hours=9)) if night else found


@look("T3", "nobody looks again at what waits")
def _(after: Look, facts: list[Any], more: dict[str, Any]) -> datetime | None:
    return None


@look("T7", "somebody looks again a month late")
def _(after: Look, facts: list[Any], more: dict[str, Any]) -> datetime | None:
    found = after(*facts, **more)
    return found and found + 30 * DAY


@look("T8", "nobody looks again before a right lapses")
def _(after: Look, facts: list[Any], more: dict[str, Any]) -> datetime | None:
    more["events"] = [replace(one, lapses=None) for one in more["events"]]
    return after(*facts, **more)


@look("T10", "nobody looks again on a birthday")
def _(after: Look, facts: list[Any], more: dict[str, Any]) -> datetime | None:
    facts[1] = [replace(one, life=replace(one.life, born=Born())) if one.life else one for one in facts[1]]
    return after(*facts, **more)


@look("T15", "nobody looks again when patience is over")
def _(after: Look, facts: list[Any], more: dict[str, Any]) -> datetime | None:
    more["history"] = [_opened(one) for one in more["history"]]
    return after(*facts, **more)


def _opened(one: Told) -> Told:
    return replace(one, opened=one.at)
