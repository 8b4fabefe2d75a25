from __future__ import annotations

from dataclasses import replace

from luwte.lab.fingerprints.fingerprint import Fingerprint, fingerprint_bytes
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.crew import Answer, Crew, Job
from luwte.lab.scan.spared import Spared
from tests.support.drawn import jpeg
from tests.support.workers import SLEEPER, misbehaving

FOUND = fingerprint_bytes(jpeg(1))
DIGESTED = replace(FOUND, width=None, height=None, pdq=None, pdq_quality=None, variants=None)


def test_a_copy_of_what_was_looked_at_is_known() -> None:
    spared = Spared()
    assert spared.known(DIGESTED) is None
    spared.remember(FOUND)
    assert spared.known(DIGESTED) == FOUND
    assert spared.known(replace(DIGESTED, sha256=b"x" * 32)) is None
    assert spared.known(replace(DIGESTED, size=1)) is None


def test_a_look_that_failed_and_a_file_that_has_none_are_not_remembered() -> None:
    spared = Spared()
    for found in (replace(FOUND, error=str(Reason.DAMAGED)), replace(FOUND, kind="other")):
        spared.remember(found)
    assert spared.known(DIGESTED) is None


def test_memory_is_bounded_and_the_longest_unused_goes() -> None:
    spared = Spared(most=3 << 10)
    files = [replace(FOUND, size=number) for number in range(4)]
    for found in files[:3]:
        spared.remember(found)
        spared.remember(found)
    assert spared.known(files[0]) is not None
    spared.remember(files[3])
    assert [spared.known(found) is not None for found in files] == [True, False, True, True]


def test_what_is_known_good_is_not_looked_at() -> None:
    asked: list[Fingerprint] = []

    def is_good(found: Fingerprint) -> bool:
        asked.append(found)
        return found.size == FOUND.size

    spared = Spared(is_good)
    assert spared.known(DIGESTED) is DIGESTED
    assert spared.known(replace(DIGESTED, size=1)) is None
    assert len(asked) == 2


def test_a_crew_does_not_look_at_what_is_spared() -> None:
    """A look at this file would take an hour."""
    with Crew(1, deadline=60, start=misbehaving, spares=Spared(lambda found: found.size < 20)) as crew:
        crew.submit(Job(0, [SLEEPER]))
        spared = crew.answer(60)
        crew.submit(Job(1, [jpeg(1)]))
        looked = crew.answer(60)
    assert isinstance(spared, Answer)
    assert spared.fingerprint is not None
    assert (spared.fingerprint.kind, spared.fingerprint.error) == ("picture", None)
    assert looked == Answer(1, FOUND, None)
