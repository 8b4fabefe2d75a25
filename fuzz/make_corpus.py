"""Write the corpus: small examples of every format, from nothing but this project's own writers.

`python -m fuzz.make_corpus` writes them anew into the tree. Packed chunks differ between versions of zlib.
"""

from __future__ import annotations

import hashlib
import json
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from fuzz import ewf, witness
from fuzz.receipts import mended
from fuzz.report import signed
from fuzz.signing import KNOWN, MAKER, document
from fuzz.targets import CORPUS
from luwte.crypto.identity import encrypt
from luwte.crypto.merkle import node_hash
from luwte.crypto.notes import Checkpoint
from luwte.demo.ewf_writer import write_e01
from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import MAGIC
from luwte.exchange.columns import to_bytes
from luwte.exchange.decisions import SORT as DECISIONS
from luwte.exchange.documents import compact, moment_from
from luwte.exchange.entries import HashRecord, RejectedPair, entry_from
from luwte.exchange.receipts import SORT as RECEIPTS
from luwte.exchange.report import (
    CarrierCoverage,
    CarrierProblem,
    ClusterFinding,
    Coverage,
    EntryFinding,
    RememberedFiles,
    Report,
    SeriesFinding,
    Thresholds,
    report_document,
)
from luwte.exchange.report_shape import CLASSES
from luwte.exchange.statement import Statement, parse_statement

MOMENT = "2026-01-01T00:00:00Z"


def main() -> None:
    """Write all examples."""
    for name, made in (
        ("ewf", ewf_examples()),
        ("vics", vics_examples()),
        ("csv_list", csv_examples()),
        ("bundle", bundle_examples()),
        ("report", report_examples()),
        ("decisions", decisions_examples()),
        ("receipts", receipts_examples()),
        ("witness", witness_examples()),
    ):
        (CORPUS / name).mkdir(parents=True, exist_ok=True)
        for example, content in made:
            (CORPUS / name / example).write_bytes(content)


def ewf_examples() -> Iterator[tuple[str, bytes]]:
    """Give packed, stored, split, damaged and large images, and one with sectors that could not be read."""
    with tempfile.TemporaryDirectory() as folder:
        raw, image = Path(folder, "medium.raw"), Path(folder, "image.E01")
        raw.write_bytes(Random(1).randbytes(3_000) + bytes(70_000) + b"Luwte " * 1_486 + bytes(4))
        (packed,) = (path.read_bytes() for path in write_e01(raw, image))
        yield "packed.E01", packed
        parts = write_e01(raw, image, segment_size=1_200)
        yield "split.E01", b"".join(path.read_bytes() for path in parts)
        raw.write_bytes(Random(2).randbytes(1_024))
        (stored,) = (path.read_bytes() for path in write_e01(raw, image, compress=False))
        yield "stored.E01", stored
        raw.write_bytes(bytes(3 << 20))
        (large,) = (path.read_bytes() for path in write_e01(raw, image))
        yield "large.E01", large
    yield "cut-off.E01", packed[: len(packed) // 2]
    yield "table-damaged.E01", _changed(packed, packed.index(b"table\0") + 76 + 1)
    yield "unread-sectors.E01", _with_unread_sectors(packed)


def vics_examples() -> Iterator[tuple[str, bytes]]:
    """Give hash sets and cases of VICS 1.3 and 2.0, in several encodings, with the quirks of real ones."""
    media = [_medium(number) for number in range(3)]
    context = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/Default/$metadata#"
    hash_set = {"@odata.context": f"{context}Media", "value": media}
    case = {
        "@odata.context": f"{context}Cases",
        "value": [{"CaseID": "1", "TotalMediaFiles": 9, "Media": media}],
    }
    old = {
        "odata.metadata": "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media",
        "value": [{"MediaID": "1", "Category": "1", "MD5": _hex("md5", 9).upper(), "Series": 7}],
    }
    yield "set-2.json", _json(hash_set)
    yield "case-2.json", _json(case)
    yield "set-1.json", _json(old)
    yield "marked.json", b"\xef\xbb\xbf" + _json(old)
    yield "wide.json", _json(old).decode().encode("utf-16")
    yield "bad-row.json", _json({"value": [{"MD5": "zz"}, 7, None, {"MD5": _hex("md5", 4), "Series": []}]})
    repeated = [_medium(number % 2) | {"Category": number, "Series": "reeks"} for number in range(6)]
    yield "repeated.json", _json({"value": [*repeated, *(_medium(number) for number in range(9))]})
    yield "deep.json", b'{"value":' + b"[" * 20
    yield (
        "numbers.json",
        b'{"value":[{"MD5":"' + _hex("md5", 5).encode() + b'","MediaSize":1e300,"Category":-1}]}',
    )


def csv_examples() -> Iterator[tuple[str, bytes]]:
    """Give lists with each delimiter and in each encoding, plain lists of sum tools, and a video."""
    rows = [
        f"{_hex('md5', n)},{_hex('sha1', n)},{_hex('sha256', n)},{_hex('sha256', -n)},{n},reeks {n}"
        for n in (1, 2)
    ]
    listed = "MD5,SHA1,SHA256,PDQ,Quality,Series\n" + "\n".join(rows) + "\n"
    yield "comma.csv", listed.encode()
    yield "semicolon.csv", ("sep=;\r\n" + listed.replace(",", ";").replace("\n", "\r\n")).encode()
    yield "tab.csv", listed.replace(",", "\t").encode("utf-16")
    yield (
        "quoted.csv",
        f'"hash","File Name","Deleted"\n"{_hex("md5", 3)}","a ""b"", c\nd.jpg","True"\n'.encode(),
    )
    yield "latin.csv", f"md5;naam\n{_hex('md5', 3)};caf\u00e9\n".encode("latin-1")
    yield "bad-row.csv", f"md5,size\n{_hex('md5', 3)},12\nzz,x\n\n".encode()
    twice = "".join(f"{_hex('md5', 1)},{_hex('sha256', 7)},{quality},{quality}\n" for quality in (9, "", 80))
    yield "repeated.csv", f"md5,pdq,quality,category\n{twice}".encode()
    yield "sums.txt", f"# made here\n{_hex('md5', 1)}  a b.jpg\n{_hex('sha256', 1)} *c.jpg\n".encode()
    frames = ((0, 0, 1), (7, 100, 1), (7, 100, 2), (8, 50, 2), (9, 49, 3))
    film = "".join(f"{n},{quality},{_hex('sha256', scene)},{n / 30:.3f}\n" for scene, quality, n in frames)
    yield "film.vpdq", film.encode()
    yield "film-bad-row.vpdq", f"{film}4,101,{_hex('sha256', 1)},0\n".encode()
    yield (
        "bsd.txt",
        f"MD5 (a.jpg) = {_hex('md5', 1)}\nSHA1 (b) = {_hex('sha1', 1)}\n{_hex('sha256', 2)}\n".encode(),
    )


def bundle_examples() -> Iterator[tuple[str, bytes]]:
    """Give a bundle, its statement, columns with and without everything in them, and an encrypted payload."""
    columns = _columns(3, whole=True)
    sealed = encrypt(b"a short payload", [KNOWN])
    statement = _statement(sealed)
    header = statement.text.encode()
    yield "whole.lwref", MAGIC + len(header).to_bytes(4, "little") + header + statement.signature + sealed
    yield "statement", header
    yield "columns", columns
    yield "columns-small", _columns(1, whole=False)
    yield "columns-films", _columns(3, whole=True, films=True)
    yield "columns-codes", _columns(3, whole=True, codes=True)
    yield "payload.age", sealed


def report_examples() -> Iterator[tuple[str, bytes]]:
    """Give bodies of reports with findings and without, of every schema, and a whole report."""
    full, empty = (_json(report_document(replace(_report(findings), schema=1))) for findings in (True, False))
    films = replace(_report(True), thresholds=Thresholds(film_share=80), schema=2)
    yield "deep.json", _json(report_document(_deep()))
    yield "films.json", _json(report_document(films))
    yield "full.json", full
    yield "empty.json", empty
    yield "whole.lwreport", signed(_json(report_document(_report(True))))


def decisions_examples() -> Iterator[tuple[str, bytes]]:
    """Give bodies of decisions, with two that contradict each other, and a whole file."""
    told = [
        {"cluster": f"c{number}" * 16, "entry": "ab" * 16, "verdict": verdict, "made": MOMENT}
        for number, verdict in ((1, "confirmed"), (2, "rejected"), (3, "open"), (3, "confirmed"))
    ]
    body = _json({"format": DECISIONS.format, "schema": DECISIONS.schema, "decisions": told})
    yield "full.json", body
    yield "none.json", _json({"format": DECISIONS.format, "schema": DECISIONS.schema, "decisions": []})
    yield "whole.decisions", document(DECISIONS.format, DECISIONS.schema, body)


def receipts_examples() -> Iterator[tuple[str, bytes]]:
    """Give bodies of the receipts for a list, of one series and of three, and a whole file."""
    one, body = (mended(_json(_receipts(count))) for count in (1, 3))
    yield "one.json", one
    yield "three.json", body
    yield "unfit.json", _json(_receipts(3))
    yield "whole.receipts", document(RECEIPTS.format, RECEIPTS.schema, body)


def witness_examples() -> Iterator[tuple[str, bytes]]:
    """Give requests that continue the state that was signed and some that do not, a line, and keys."""
    steps = [bytes([number]) * 32 for number in range(1, 4)]
    third = node_hash(witness.STATE.root, steps[0])
    yield "same.txt", witness.asking(witness.STATE, 2)
    yield "next.txt", witness.asking(Checkpoint(witness.LOG.name, 3, third), 2, steps[0])
    yield "unproven.txt", witness.asking(Checkpoint(witness.LOG.name, 9, steps[1]), 2, *steps)
    yield "shorter.txt", witness.asking(Checkpoint(witness.LOG.name, 1, steps[2]), 0)
    yield "line.txt", witness.WITNESS.line(witness.STATE.body, 1_767_225_600).encode()
    yield "log.key", witness.LOG.verifier.text.encode() + b"\n"
    yield "witness.key", witness.WITNESS.verifier.text.encode() + b"\n"


def _receipts(count: int) -> dict[str, Any]:
    source, leaves = Random(4), 1 << (count - 1).bit_length()
    rows = [
        {
            "series": f"reeks {number}",
            "salt": source.randbytes(32).hex(),
            "veil": source.randbytes(32).hex(),
            "entries": number,
            "ids": source.randbytes(32).hex(),
        }
        for number in range(1, count + 1)
    ]
    return {
        "format": RECEIPTS.format,
        "schema": RECEIPTS.schema,
        "version": f"{'0' * 32}-{KNOWN.id}",
        "commitment": bytes(32).hex(),
        "signature": bytes(64).hex(),
        "filler": [source.randbytes(32).hex() for _ in range(leaves - count)],
        "series": rows,
    }


def _changed(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def _with_unread_sectors(image: bytes) -> bytes:
    """Put a section `error2` with two ranges before the last section."""
    last = len(image) - 76
    content = struct.pack("<L", 2) + bytes(516) + struct.pack("<LLLL", 1, 2, 9, 1) + bytes(4)
    after = last + 76 + len(content)
    head = struct.pack("<16sQQ44x", b"error2", after, 76 + len(content))
    return ewf.mended(image[:last] + head + content + struct.pack("<16sQQ44x", b"done", after, 76))


def _medium(number: int) -> dict[str, Any]:
    return {
        "MediaID": number,
        "Category": 1 + number % 2,
        "MD5": _hex("md5", number).upper(),
        "SHA1": _hex("sha1", number),
        "MediaSize": 1_000 + number,
        "Series": None if number else "reeks \u00e9\u00e9n",
        "PhotoDNA": "AAEC" * 4,
        "VictimIdentified": "False",
        "MediaFiles": [{"FileName": "a.jpg", "FilePath": "C:\\b\\", "Unallocated": "true"}],
        "AlternativeHashes": [{"HashName": "SHA-256", "HashValue": _hex("sha256", number)}],
    }


def _columns(count: int, *, whole: bool, films: bool = False, codes: bool = False) -> bytes:
    builder, source = ColumnBuilder(), Random(3)
    for number in range(count):
        record = HashRecord(
            md5=source.randbytes(16),
            sha1=source.randbytes(20) if whole else None,
            sha256=source.randbytes(32) if whole and number else None,
            pdq=source.randbytes(32) if whole else None,
            pdq_quality=number * 50 if number else None,
            series=f"reeks {number}",
            attributes={"category": "1"} if number else {},
            frames=source.randbytes(32 * number) if films else b"",
        )
        entry = entry_from(record, bytes(32))
        if codes:
            pair = RejectedPair(source.randbytes(32), source.randbytes(32) if number else None)
            entry = replace(
                entry, codes=bytes((128, 96)) + source.randbytes(20 * number + 20), rejected=(pair,)
            )
        builder.add(entry, b"rotation" * 4)
    return to_bytes(builder.finish())


def _statement(sealed: bytes) -> Statement:
    document = {
        "format": "luwte-bundle",
        "schema": 1,
        "version": f"{'0' * 32}-{KNOWN.id}",
        "made": MOMENT,
        "signer": KNOWN.id,
        "recipients": [KNOWN.id],
        "entries": 3,
        "size": len(sealed),
        "sha256": hashlib.sha256(sealed).hexdigest(),
    }
    text = compact(document)
    return parse_statement(text, MAKER.sign(text), "the corpus")


def _report(findings: bool) -> Report:
    moment = moment_from(MOMENT)
    problems = (CarrierProblem("cut off", 2),)
    carrier = CarrierCoverage("ewf", 4_096, 10, 2_048, True, "matches", ("ext4", "NTFS"), problems)
    classes = dict.fromkeys(CLASSES, 0) | ({"identical": 2, "near": 1} if findings else {})
    classes |= {"other": 10 - sum(classes.values())}
    found = (classes["identical"], 0, classes["near"], 0)
    coverage = Coverage(
        10,
        2_048,
        6,
        1,
        3,
        2,
        {"cut off": 2},
        *found,
        10 - sum(found),
        classes,
        True,
        moment,
        moment,
        (carrier,),
    )
    entries = (EntryFinding("ab" * 16, 2, 0, 1),)
    listed = _statement(b"sealed")
    series = (SeriesFinding("reeks 1", 2, 0, 1, entries),) if findings else ()
    return Report("0f" * 16, moment, "2026/1-A", "luwte 0.1.0", listed, Thresholds(), coverage, series)


def _deep() -> Report:
    plain = _report(True)
    classes = plain.coverage.classes | {"same_picture": 2, "same_scene": 1, "other": 4}
    coverage = replace(plain.coverage, same_picture=2, same_scene=1, unknown=4, classes=classes)
    entry = EntryFinding("ab" * 16, 2, 2, 1, (RememberedFiles(("c1" * 16,), 1),))
    return replace(
        plain,
        coverage=coverage,
        findings=(SeriesFinding("reeks 1", 2, 2, 1, (entry,)),),
        thresholds=Thresholds(model="0123456789abcdef", same_picture=995, near=400),
        depth="deep",
        clusters=(
            ClusterFinding("c1" * 16, entry.entry, "reeks 1", "same_picture", 2, 999),
            ClusterFinding("c2" * 16, entry.entry, "reeks 1", "near", 1, 400),
        ),
    )


def _hex(kind: str, number: int) -> str:
    return hashlib.new(kind, str(number).encode(), usedforsecurity=False).hexdigest()


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


if __name__ == "__main__":
    main()
