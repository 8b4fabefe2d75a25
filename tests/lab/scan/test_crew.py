from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from luwte.base.errors import BadInput, Failure
from luwte.lab.carriers import Unreadable
from luwte.lab.fingerprints.fingerprint import Fingerprint, fingerprint_bytes
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.crew import Answer, Crew, Job, Stopped
from tests.support.drawn import jpeg
from tests.support.workers import (
    CHECKOUT,
    CRASHER,
    GLUTTON,
    LIAR,
    PRINTER,
    SLEEPER,
    SPINNER,
    WRITER,
    hurried,
    misbehaving,
    never_ready,
)


def looked_at(crew: Crew, contents: list[Iterable[bytes]]) -> list[Answer]:
    def submit() -> None:
        for number, chunks in enumerate(contents):
            crew.submit(Job(number, chunks))

    thread = threading.Thread(target=submit)
    thread.start()
    found: list[Answer] = []
    while len(found) < len(contents):
        answer = crew.answer(60)
        assert isinstance(answer, Answer), "the crew fell silent"
        found.append(answer)
    thread.join()
    return sorted(found, key=lambda answer: answer.number)


def children() -> set[int]:
    return {
        int(name)
        for task in Path("/proc/self/task").iterdir()
        for name in (task / "children").read_text().split()
    }


def test_a_crew_gives_the_fingerprint_of_every_file() -> None:
    contents = [jpeg(seed) for seed in range(6)] + [b"text", b""]
    with Crew(2) as crew:
        found = looked_at(crew, [[content] for content in contents])
    assert [answer.fingerprint for answer in found] == [fingerprint_bytes(content) for content in contents]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (SLEEPER, Reason.DEADLINE),
        (CRASHER, Reason.STOPPED),
        (GLUTTON, Reason.MEMORY),
        (LIAR, Reason.STOPPED),
        (WRITER, Reason.STOPPED),
        (PRINTER, Reason.DAMAGED),
    ],
)
def test_a_file_that_breaks_its_worker_costs_that_file_alone(bad: bytes, reason: Reason) -> None:
    contents = [jpeg(1), bad, jpeg(2), b"text", bad + b"2", jpeg(3)]
    with Crew(2, deadline=1 if reason is Reason.DEADLINE else 60, start=misbehaving) as crew:
        found = looked_at(crew, [[content] for content in contents])
    assert [answer.error for answer in found] == [None, reason, None, None, reason, None]
    for answer, content in zip(found, contents, strict=True):
        assert answer.fingerprint is not None, "the digests were known before the worker broke"
        assert answer.fingerprint.sha256 == fingerprint_bytes(content).sha256


def test_whoever_feeds_a_file_is_told_when_nobody_wants_the_rest() -> None:
    told = threading.Event()
    with Crew(1, start=misbehaving) as crew:
        crew.submit(Job(0, [CRASHER], told.set))
        assert crew.answer(60) is not None
        assert told.is_set()


def test_a_file_that_cannot_be_read_on_is_dropped_and_the_worker_goes_on() -> None:
    def broken() -> Iterator[bytes]:
        yield jpeg(1)[:5000]
        raise Unreadable("bad sector")

    with Crew(1) as crew:
        found = looked_at(crew, [broken(), [jpeg(2)]])
    assert found[0] == Answer(0, None, "bad sector")
    assert found[1].fingerprint == fingerprint_bytes(jpeg(2))


def test_a_worker_that_is_killed_from_outside_is_replaced() -> None:
    with Crew(1) as crew:
        assert looked_at(crew, [[jpeg(1)]])[0].error is None
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 60  # a box dies a moment after the process that holds it
        while looked_at(crew, [[jpeg(1)]])[0].error is not None:
            assert time.monotonic() < until
        (found,) = looked_at(crew, [[jpeg(2)]])
    assert found.fingerprint == fingerprint_bytes(jpeg(2))


def test_where_no_worker_starts_there_is_one_sentence_and_no_loss_of_files() -> None:
    with Crew(1, start=never_ready) as crew, pytest.raises(Failure, match="No worker process starts"):
        crew.submit(Job(0, [b"text"]))
        crew.answer(60)


class Damaged:
    """Knows of files from a list that turns out to be damaged."""

    def known(self, digested: Fingerprint) -> Fingerprint | None:
        raise BadInput("The list is damaged.")

    def remember(self, found: Fingerprint) -> None:
        return


def test_what_fails_in_one_of_the_crew_is_told_to_whoever_waits() -> None:
    with Crew(1, spares=Damaged()) as crew, pytest.raises(BadInput, match="The list is damaged"):
        crew.submit(Job(0, [jpeg(1)]))
        assert crew.answer(60) is None, "nobody said what went wrong"


def test_dismissing_a_crew_leaves_no_child_even_if_it_is_busy() -> None:
    before = children()
    crew = Crew(2, deadline=60, start=misbehaving)
    for number in range(3):
        crew.submit(Job(number, [SLEEPER]))
    until = time.monotonic() + 30
    while len(children() - before) < 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    crew.close()
    assert children() <= before
    with pytest.raises(Stopped):
        crew.submit(Job(9, [b"x"]))


def test_processor_time_is_bounded_for_each_file_long_before_the_deadline() -> None:
    contents = [jpeg(1), SPINNER, jpeg(2), *[jpeg(number) for number in range(3, 9)]]
    with Crew(1, deadline=120, start=hurried) as crew:
        found = looked_at(crew, [[content] for content in contents])
    assert [answer.error for answer in found] == [None, Reason.STOPPED, *[None] * 7]


def test_children_do_not_outlive_their_parent() -> None:
    code = (
        "import signal, time\n"
        "from luwte.lab.scan.crew import Worker\n"
        "from tests.support.workers import SLEEPER, misbehaving\n"
        "worker = Worker(3600, misbehaving)\n"
        "worker.greet()\n"
        "worker._send([SLEEPER])\n"
        "worker._receive(time.monotonic() + 60)\n"
        "print(worker._child.pid, flush=True)\n"
        "signal.pause()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=CHECKOUT) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        assert time.monotonic() < until, "the worker outlived its parent"
        time.sleep(0.05)


def test_a_child_knows_few_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUWTE_HOME", "/nowhere")
    monkeypatch.setenv("SOME_PASSWORD", "secret")
    with Crew(1) as crew:
        looked_at(crew, [[b"text"]])
        (pid,) = children()
        told = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"LUWTE_HOME" not in told
    assert b"secret" not in told
