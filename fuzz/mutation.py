"""Random changes to examples, all from one seed: what is done where Atheris is not installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

LARGEST: Final = 1 << 18
_NUMBERS: Final = (0, 1, 2, 7, 255, 256, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)
_WORDS: Final = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b"\\ud800",
    b"[" * 40,
    b'{"":' * 20,
    b"null",
    b"true",
    b"-0",
    b"1e400",
    b"9" * 400,
    b",",
    b";",
    b"\t",
    b"\r\n",
    b"\r",
    b"MD5",
    b"value",
    b"Media",
)

Mutation = Callable[[bytearray, Random], None]


def mutations(examples: Sequence[bytes], random: Random) -> Iterator[bytes]:
    """Give changed copies of `examples` without end; equal seeds give equal copies."""
    while True:
        content = bytearray(random.choice(examples))
        if random.random() < 0.1:
            other = random.choice(examples)
            content[random.randint(0, len(content)) :] = other[random.randint(0, len(other)) :]
        for _ in range(1 << random.randint(0, 4)):
            random.choice(_MUTATIONS)(content, random)
        yield bytes(content[:LARGEST])


def _flip(content: bytearray, random: Random) -> None:
    if content:
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)


def _replace(content: bytearray, random: Random) -> None:
    if content:
        content[random.randrange(len(content))] = random.randrange(256)


def _cut(content: bytearray, random: Random) -> None:
    place = random.randint(0, len(content))
    del content[place : place + random.randint(1, 64)]


def _cut_off(content: bytearray, random: Random) -> None:
    if random.random() < 0.1:
        del content[random.randint(0, len(content)) :]


def _repeat(content: bytearray, random: Random) -> None:
    place = random.randint(0, len(content))
    content[place:place] = content[place : place + random.randint(1, 256)]


def _number(content: bytearray, random: Random) -> None:
    width = random.choice((1, 2, 4, 8))
    if len(content) >= width:
        place = random.randint(0, len(content) - width)
        number = random.choice(_NUMBERS) + random.choice((0, 0, 1))
        content[place : place + width] = (number % 256**width).to_bytes(width, "little")


def _word(content: bytearray, random: Random) -> None:
    place = random.randint(0, len(content))
    word = random.choice(_WORDS)
    content[place : place + random.choice((0, len(word)))] = word


_MUTATIONS: Final[tuple[Mutation, ...]] = (_flip, _replace, _cut, _cut_off, _repeat, _number, _word)
