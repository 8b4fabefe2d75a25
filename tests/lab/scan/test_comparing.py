"""What compares licensed hashes is somebody else's code: nothing that it says is believed beyond bounds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from luwte.lab.fingerprints.licensed import HasherFailed
from luwte.lab.scan.comparing import MOST_LOSSES, Comparing
from luwte.lab.scan.comparing_worker import ANSWER, READY

KNOWN = [bytes([number] * 8) for number in range(4)]


def saying(answer: bytes, started: list[int]) -> Callable[..., subprocess.Popen[bytes]]:
    """Start children that take the list and then say `answer` to whatever is asked."""
    program = (
        "import sys, time\n"
        "source = sys.stdin.buffer\n"
        "source.read(5 + 32 + 5)\n"
        f"sys.stdout.buffer.write({READY!r}); sys.stdout.flush()\n"
        "source.read(5 + 8)\n"
        f"sys.stdout.buffer.write({answer!r}); sys.stdout.flush()\n"
        "time.sleep(60)\n"
    )

    def start(_module: str, *_arguments: str) -> subprocess.Popen[bytes]:
        started.append(1)
        return subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            process_group=0,
        )

    return start


def rows(*numbers: int, count: int | None = None) -> bytes:
    told = len(numbers) if count is None else count
    return ANSWER.pack(True, told) + b"".join(number.to_bytes(4, "little") for number in numbers)


def test_the_rows_that_are_near_are_given() -> None:
    comparing = Comparing("any", KNOWN, 20.0, saying(rows(0, 3), []))
    assert comparing.near(KNOWN[0]) == [0, 3]
    comparing.close()


@pytest.mark.parametrize(
    "answer",
    [rows(3, 0), rows(1, 1), rows(4), rows(count=5), rows(count=(1 << 32) - 1)],
    ids=["descending", "twice", "beyond the list", "more than the list", "most of all"],
)
def test_an_answer_that_cannot_be_costs_the_worker_and_three_in_a_row_are_enough(answer: bytes) -> None:
    started: list[int] = []
    comparing = Comparing("any", KNOWN, 20.0, saying(answer, started))
    for _ in range(MOST_LOSSES + 2):
        with pytest.raises(HasherFailed):
            comparing.near(KNOWN[0])
    assert len(started) == MOST_LOSSES
    comparing.close()
