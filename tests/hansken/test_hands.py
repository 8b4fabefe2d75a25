"""Workers that outlive those who call them, in any number of threads, and are replaced when they die."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from luwte.base.errors import Failure
from luwte.hansken.hands import Hands
from luwte.lab.carriers import Unreadable
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.fingerprints.pictures import Reason
from tests.support.drawn import jpeg
from tests.support.workers import CRASHER, misbehaving, never_ready


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Two workers."""
    hands = Hands(2)
    yield hands
    hands.close()


def pieces(content: bytes) -> Iterator[bytes]:
    """Give `content` in pieces."""
    for start in range(0, len(content), 1000):
        yield content[start : start + 1000]


def test_each_caller_gets_the_fingerprint_of_its_own_file(hands: Hands) -> None:
    contents = [jpeg(seed) if seed % 3 else b"text %d" % seed for seed in range(24)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda content: hands.look(pieces(content)), contents))
    assert found == [(fingerprint_bytes(content), None) for content in contents]


def test_a_worker_stays_when_its_first_caller_has_gone(hands: Hands) -> None:
    for _ in range(3):
        thread = threading.Thread(target=hands.look, args=([b"a"],))
        thread.start()
        thread.join()
    started = {worker._child.pid for worker in hands._workers}
    assert hands.look([jpeg(1)]) == (fingerprint_bytes(jpeg(1)), None)
    assert {worker._child.pid for worker in hands._workers} >= started
    assert all(worker._child.poll() is None for worker in hands._workers)


def test_data_that_breaks_off_costs_that_file_alone(hands: Hands) -> None:
    def broken() -> Iterator[bytes]:
        yield b"abc"
        raise Unreadable("its data could not be read")

    for _ in range(4):
        assert hands.look(broken()) == (None, "its data could not be read")
    assert hands.look([b"abc"]) == (fingerprint_bytes(b"abc"), None)


def test_an_error_that_nobody_foresaw_costs_the_worker_not_the_next_file(hands: Hands) -> None:
    def broken() -> Iterator[bytes]:
        yield b"abc"
        raise ZeroDivisionError

    for _ in range(4):
        with pytest.raises(ZeroDivisionError):
            hands.look(broken())
    assert hands.look([b"abc"]) == (fingerprint_bytes(b"abc"), None)


def test_a_picture_that_kills_its_worker_leaves_its_digests_and_the_others() -> None:
    hands = Hands(1, start=misbehaving)
    found, error = hands.look([CRASHER])
    assert found is not None
    assert (found.md5, error) == (fingerprint_bytes(b"\xff\xd8\xffcrasher").md5, Reason.STOPPED)
    assert hands.look([jpeg(1)]) == (fingerprint_bytes(jpeg(1)), None)
    hands.close()


def test_a_machine_without_workers_says_so() -> None:
    hands = Hands(1, start=never_ready)
    with pytest.raises(Failure, match="No worker process starts"):
        hands.look([b"a"])
    hands.close()
