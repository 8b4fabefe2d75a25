#!/usr/bin/env python3
"""Checks a coverage statement without Luwte: what was searched, and that your series were in the lists used.

    verify_coverage.py STATEMENT KEY [--witness KEY]... [--paper FILE] [--lang en|nl]

STATEMENT is the file that you were given. KEY is a file with the key of the record, as the house publishes it
(`luwte audit key`), or a court or a witness does. --paper is the text of the QR code on the letter.
Exit code: 0 all is confirmed, 1 not for every search, 2 refused. Needs Python 3.11 and `cryptography`.
"""

import argparse
import base64
import datetime
import hashlib
import json
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SAY = {
    "en": (
        "The record with the key {0} is as it was signed: {1} acts. Signed also by: {2}.",
        "nobody else",
        "{0} searches from {1} until {2} are in that record, with {3} files; {4} could not be read.",
        "{0} of them used a list that held at least one of your {1} series: confirmed.",
        "NOT confirmed: {0} of them used a list for which this file shows none of your series.",
        "The lists were signed by the key {0}. Ask the police whose it is.",
        "The letter fits: the record says at {0} that this file was given.",
        "This does not say whether anything was found, if these are all searches, or how good they were.",
        "REFUSED: {0}. Do not rely on this file.",
    ),
    "nl": (
        "Het register met de sleutel {0} is zoals ondertekend: {1} stappen. Ook ondertekend door: {2}.",
        "niemand anders",
        "{0} zoekacties van {1} tot {2} staan in dat register, met {3} bestanden; {4} waren niet te lezen.",
        "{0} daarvan gebruikten een lijst met ten minste één van uw {1} series: bevestigd.",
        "NIET bevestigd: {0} daarvan gebruikten een lijst waarvoor dit bestand geen van uw series toont.",
        "De lijsten zijn ondertekend met de sleutel {0}. Vraag de politie van wie die is.",
        "De brief past: het register zegt op {0} dat dit bestand is gegeven.",
        "Dit zegt niet of er iets is gevonden, of dit elke zoekactie is, of hoe goed er is gezocht.",
        "GEWEIGERD: dit past niet of is veranderd ({0}). Vertrouw niet op dit bestand.",
    ),
}
MOST, LINES = 64 << 20, 64  # bytes of a file; signatures on a note


class Refused(Exception):
    """What was given is changed, cut off, or something else."""


def need(held: object, why: str) -> None:
    if not held:
        raise Refused(why)


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def unhex(text: str) -> bytes:
    need(len(found := bytes.fromhex(text)) == 32, "a hash is cut off")
    return found


def unbase(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def check_signature(key: bytes, signature: bytes, content: str) -> None:
    Ed25519PublicKey.from_public_bytes(key).verify(signature, content.encode())


def root(leaves: list[tuple[int, bytes]], start: int, size: int, proof: Iterator[bytes]) -> bytes:
    """The root of a tree (RFC 6962) from hashes of leaves, by place, and those of the rest, left to right."""
    if not leaves:
        return next(proof)
    if size == 1:
        return leaves[0][1]
    left = 1 << (size - 1).bit_length() - 1
    low, high = ([one for one in leaves if (one[0] < start + left) == side] for side in (True, False))
    return sha(b"\1", root(low, start, left, proof), root(high, start + left, size - left, proof))


def check_tree(leaves: dict[int, bytes], size: int, proof: str, top: bytes, what: str) -> None:
    """`leaves`: place -> content. They, and the proof (base64), lead to the root `top`."""
    raw, fits = unbase(proof), {type(one) for one in (size, *leaves)} == {int} and size < 2**60
    need(fits and all(0 <= one < size for one in (0, *leaves)) and not len(raw) % 32, f"{what} has no place")
    steps = iter([raw[at : at + 32] for at in range(0, len(raw), 32)])
    found = root(sorted((one, sha(b"\0", leaf)) for one, leaf in leaves.items()), 0, size, steps)
    need(found == top and next(steps, None) is None, f"{what} does not lead to its root")


def signed(note: str, key: str) -> str | None:
    """Who signed the note (C2SP signed-note) with the key, of a log (1) or a witness (4); None: nobody."""
    name, short, long = key.strip().split("+", 2)
    typed, (body, _, lines) = unbase(long), note.rpartition("\n\n")
    ident = sha(name.encode(), b"\n", typed)[:4]
    need(typed[0] in (1, 4) and len(typed) == 33 and ident.hex() == short, "a key is damaged")
    for line in lines.splitlines()[:LINES]:
        dash, said, text, *_ = [*line.split(" "), "", ""]
        if (dash, said, (raw := unbase(text))[:4]) == ("\u2014", name, ident):
            time = f"cosignature/v1\ntime {int.from_bytes(raw[4:12], 'big')}\n" if typed[0] == 4 else ""
            check_signature(typed[1:], raw[12 if time else 4 :], f"{time}{body}\n")
            return name
    return None


def checkpoint(note: str, keys: list[str]) -> tuple[int, bytes, list[str | None]]:
    """The size and root of the record, and the names of who signed it: first its own, then witnesses."""
    names, (origin, size, top, *_) = [signed(note, one) for one in keys], note.split("\n")
    need(names[0] == origin, "the record is not signed with this key")
    need(all(names), "a witness did not sign this state of the record")
    return int(size), unbase(top), names


def listed(one: dict[str, Any], total: int) -> tuple[set[int], str]:
    """The numbers of your series that the list holds: its maker signed the root that each leads to."""
    maker = sha(bytes.fromhex(one["signing"]), one["recipient"].encode()).hex()
    need(one["version"].endswith("-" + maker[:16]), "a list is not signed by its maker")
    said = f"luwte-list-commitment-1\n{one['version']}\n{one['commitment']}\n"
    check_signature(bytes.fromhex(one["signing"]), bytes.fromhex(one["signature"]), said)
    for each in one["series"]:
        need(1 <= each["number"] <= total, "a series has a wrong number")
        salt, name, ids = (unhex(each[part]) for part in ("salt", "name", "ids"))
        leaf = b"luwte-series-1\n" + salt + name + each["entries"].to_bytes(8, "big") + ids
        check_tree({each["place"]: leaf}, one["leaves"], each["proof"], unhex(one["commitment"]), "a series")
    numbers = {each["number"] for each in one["series"]}
    need(len(numbers) == len(one["series"]), "a series stands twice")
    return numbers, " ".join(maker[at : at + 4] for at in range(0, 32, 4))


def canonical(act: dict[str, Any]) -> bytes:
    return json.dumps(act, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check(content: bytes, paper: bytes | None, keys: list[str], say: tuple[str, ...]) -> int:
    """Print what is confirmed and return the exit code. Raises for whatever does not fit."""
    found = json.loads(content)
    kind = found["format"], found["schema"], type(found["series"])
    need(kind == ("luwte-coverage", 1, int), "this is no coverage statement")
    size, top, names = checkpoint(found["checkpoint"], keys)
    lists = {one["version"]: (one["commitment"], *listed(one, found["series"])) for one in found["lists"]}
    need(len(lists) == len(found["lists"]), "a list stands twice")
    acts, places = found["searches"]["contents"], found["searches"]["places"]
    need(len(acts) == len(places) == len(set(places)) <= 100_000, "the searches have no places")
    leaves = dict(zip(places, map(canonical, acts), strict=True))
    check_tree(leaves, size, found["searches"]["proof"], top, "a search")
    since, until = (datetime.datetime.fromisoformat(found[name]) for name in ("since", "until"))
    told, shown = [act["details"] for act in acts], 0
    for act, one in zip(acts, told, strict=True):
        need(act["act"] == "findings.report-taken-in", "an act is no search")
        need(since <= datetime.datetime.fromisoformat(act["at"]) < until, "a search is of another time")
        commitment, numbers, _ = lists.get(one["list"], (None, (), ""))
        shown += bool(numbers) and one.get("commitment") == commitment
    lines = [say[0].format(keys[0].split("+")[1], size, ", ".join(map(str, names[1:])) or say[1])]
    amounts = sum(one["files"] for one in told), sum(one["unreadable"] for one in told)
    lines += [say[2].format(len(acts), since.date(), until.date(), *amounts)]
    lines += [say[3].format(shown, found["series"])] if shown else []
    lines += [say[4].format(len(acts) - shown)] if shown < len(acts) else []
    lines += [say[5].format(spoken) for spoken in sorted({one[2] for one in lists.values()})]
    if paper is not None:
        letter = json.loads(paper)
        said, (later, above, _) = json.loads(letter["act"]), checkpoint(letter["checkpoint"], keys)
        check_tree({letter["place"]: letter["act"].encode()}, later, letter["proof"], above, "the letter")
        digest = said["act"] == "telling.coverage-stated" and said["details"]["digest"]
        need(digest == hashlib.sha256(content).hexdigest(), "the letter is about another file")
        lines += [say[6].format(said["at"][:16])]
    print("\n".join([*lines, say[7]]))
    return 0 if shown == len(acts) else 1


def read(path: pathlib.Path) -> bytes:
    with path.open("rb") as file:
        need(len(content := file.read(MOST + 1)) <= MOST, "the file is too large")
    return content


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("statement", "key"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--witness", type=pathlib.Path, action="append", default=[])
    parser.add_argument("--paper", type=pathlib.Path)
    parser.add_argument("--lang", choices=SAY, default="en")
    given = parser.parse_args()
    try:
        keys = [read(path).decode() for path in (given.key, *given.witness)]
        paper = read(given.paper) if given.paper else None
        return check(read(given.statement), paper, keys, SAY[given.lang])
    except Exception as error:
        known = {Refused: str(error), InvalidSignature: "a signature does not fit"}
        other = f"a file is cut off, changed, or something else ({type(error).__name__})"
        print(SAY[given.lang][8].format(known.get(type(error), other)))
    return 2


if __name__ == "__main__":
    sys.exit(main())
