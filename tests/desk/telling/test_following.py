"""What a channel says after it accepted a contact reaches the record, the care worker and the next round."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.findings.services import register
from luwte.desk.telling import outbox, reading, safety_outbox, services
from luwte.desk.telling.channels.port import Fate, Receipt
from luwte.desk.telling.following import FOLLOWED, follow
from luwte.desk.telling.models import CareTask, Contact
from luwte.desk.wishes.rules import Channel, Choice, Rhythm, Source
from tests.support.desk import NOON, KeepingChannel, Someone, report, someone, ways

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_MAIL = Choice(True, Rhythm.EACH, Channel.EMAIL)


@dataclass
class FollowedChannel(KeepingChannel):
    """Says `later` of every contact that it is asked after."""

    later: Receipt | None = None
    asked: list[str] = field(default_factory=list)

    def fate_of(self, key: str) -> Receipt | None:
        """Return what became of it."""
        self.asked.append(key)
        return self.later


def told(mail: FollowedChannel) -> Someone:
    """Let somebody be told of one case by e-mail."""
    noor = someone(series="s-1", choice=BY_MAIL)
    register(report({"s-1": {"a": (3, 0)}}), NOON)
    tell(mail)
    return noor


def tell(mail: FollowedChannel, after: timedelta = timedelta(0)) -> None:
    services.tell(ManualClock(NOON + after), ways(mail))


def states() -> list[str]:
    return list(Contact.objects.order_by("number").values_list("state", flat=True))


def test_what_comes_back_later_stops_the_channel_and_is_a_task() -> None:
    mail = FollowedChannel()
    noor = told(mail)
    mail.later = Receipt(Fate.REFUSED, "Notify: permanent-failure", "returned")
    tell(mail, HOUR)
    assert states() == ["refused"]
    assert [one.reason for one in reading.why(noor.id, NOON + HOUR).reasons] == ["channel_stopped"]
    (task,) = CareTask.objects.filter(done=None)
    assert (task.kind, task.reason) == (outbox.ADDRESS_FAILS, "returned")
    tell(mail, 9 * DAY)
    assert len(mail.kept) == 1


def test_what_never_left_is_told_again() -> None:
    mail = FollowedChannel()
    told(mail)
    mail.later = Receipt(Fate.NOT_REACHED, "Notify: technical-failure")
    tell(mail, HOUR)
    assert states() == ["withheld", "done"]
    assert len({envelope.key for envelope in mail.kept}) == 2
    assert not CareTask.objects.exists()


@pytest.mark.parametrize(
    ("fate", "state"), [(Fate.DELIVERED, "done"), (Fate.REFUSED, "refused"), (Fate.UNKNOWN, "unknown")]
)
def test_an_unknown_outcome_is_found_out(fate: Fate, state: str) -> None:
    mail = FollowedChannel(Fate.UNKNOWN)
    told(mail)
    assert states() == ["unknown"]
    mail.later = Receipt(fate, "Notify: so it is")
    tell(mail, HOUR)
    assert states() == [state]
    searched = CareTask.objects.get(kind=outbox.UNKNOWN_OUTCOME)
    assert (searched.done is None) == (fate == Fate.UNKNOWN)


def test_a_channel_is_asked_less_and_less_often_and_then_no_more() -> None:
    mail = FollowedChannel()
    told(mail)
    rounds = [follow(ways(mail), NOON + timedelta(minutes=minutes)) for minutes in range(0, 8_640, 10)]
    assert 8 <= sum(rounds) == len(mail.asked) <= 11
    assert states() == ["done"]


def test_a_channel_is_not_asked_what_it_may_have_forgotten() -> None:
    mail = FollowedChannel()
    told(mail)
    assert follow(ways(mail), NOON + FOLLOWED) == 0
    assert follow(ways(mail), NOON + FOLLOWED - HOUR) == 1


def test_an_alert_that_comes_back_asks_a_care_worker_at_once() -> None:
    mail = FollowedChannel()
    noor = someone()
    choice = Choice(True, Rhythm.EACH, Channel.EMAIL)
    services.set_wish(
        noor.id, Source.SAFETY, choice, set_by="Wim", conversation="gesprek", now=NOON, assessment="A-1"
    )
    services.record_event(noor.id, "C-9", Source.SAFETY, "release", at=NOON, now=NOON)
    assert services.tell(ManualClock(NOON), ways(mail)).alerts == 1
    assert (len(mail.kept), CareTask.objects.filter(kind=safety_outbox.CARE).count()) == (1, 0)
    mail.later = Receipt(Fate.REFUSED, "Notify: permanent-failure", "bounced")
    tell(mail, HOUR / 6)
    assert (len(mail.kept), CareTask.objects.filter(kind=safety_outbox.CARE).count()) == (1, 1)


def test_what_was_read_meanwhile_stays_told() -> None:
    mail = FollowedChannel()
    noor = told(mail)
    reading.open_message(noor.subject, reading.messages(noor.subject, NOON)[0].id, NOON)
    mail.later = Receipt(Fate.NOT_REACHED, "Notify: technical-failure")
    tell(mail, HOUR)
    assert states() == ["done"]
