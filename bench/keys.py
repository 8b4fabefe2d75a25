"""Rotating the key ring: people a CPU second, beside what their envelopes alone cost, and its memory."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

from bench.rows import Row

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHUNK = 10_000
LIMITED = 5_000
"""People of whom the envelopes alone are done."""
TARGET = 0.25
GROWTH = 1.5


def rows(people: int) -> Iterator[Row]:
    """Return how fast the keys of so many people are wrapped anew, and whether the memory stays flat.

    A desk on SQLite in a folder of its own that goes afterwards; everyone has a name, a day of birth and an
    e-mail address. Digests for look-ups are made anew with the keys.
    """
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as folder:
        os.environ["LUWTE_HOME"] = folder
        from luwte.desk.project import ready

        ready.init()
        _fill(people)
        alone = _envelopes(min(people, LIMITED))
        taken: list[int] = []
        begun = time.process_time()
        _rotate(taken)
        speed = people / (time.process_time() - begun)
    work = f"rotate the key ring: {people:,} people on SQLite, keys and digests (people a CPU second)"
    ratio = speed / alone
    yield Row(
        "P13", work, "none", speed, None, alone, ratio, f">= {TARGET} of the envelopes", ratio >= TARGET
    )
    early, most = taken[len(taken) // 10], taken[-1]
    grown = most / early
    text = "memory of the rotation, at its end (MB) and at a tenth of it"
    yield Row(
        "P13-memory", text, "none", most / 1e6, None, early / 1e6, grown, f"<= {GROWTH}x", grown <= GROWTH
    )


def _fill(people: int) -> None:
    """Add people in bulk, sealed as the services seal them."""
    from dataclasses import asdict

    from django.db import transaction

    from luwte.crypto.envelope import new_key
    from luwte.desk.vault import sealing
    from luwte.desk.vault.models import Address, Person, PersonKey
    from luwte.desk.vault.rules import EMAIL, Identity, Reach

    ring, born = sealing.key_ring(), date(1990, 1, 1)
    for start in range(0, people, CHUNK):
        persons, keys, addresses = [], [], []
        for number in range(start, min(start + CHUNK, people)):
            person, key = Person(sealed=b""), new_key()
            sealing.seal_row(person, key, asdict(Identity(f"Person {number}", born, born)))
            address = Address(person=person)
            sealing.seal_row(address, key, asdict(Reach(EMAIL, f"p{number}@bench.example")))
            wrapped = ring.wrap(key, sealing.key_place(person.pk))
            persons.append(person)
            addresses.append(address)
            keys.append(PersonKey(person=person, wrapped=wrapped, version=ring.current))
        with transaction.atomic(using="vault"):
            Person.objects.bulk_create(persons)
            PersonKey.objects.bulk_create(keys)
            Address.objects.bulk_create(addresses)


def _envelopes(people: int) -> float:
    """People a second of opening and wrapping their keys alone, without a database."""
    from luwte.crypto.envelope import new_key
    from luwte.desk.vault import sealing

    ring = sealing.key_ring()
    fresh = ring.rotated()
    places = [sealing.key_place(f"{number:032x}") for number in range(people)]
    wrapped = [(place, ring.wrap(new_key(), place)) for place in places]
    begun = time.process_time()
    for place, envelope in wrapped:
        fresh.wrap(fresh.unwrap(envelope, place), place)
    return people / (time.process_time() - begun)


def _rotate(taken: list[int]) -> None:
    from luwte.desk.vault import rotation

    def shown(_done: int, _of: int) -> None:
        taken.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)

    rotation.rotate(NOW, shown=shown)
