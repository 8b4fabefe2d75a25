"""Plain words on what falls short, chosen by what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from bench.rows import Row

MEMORY = "what copies are known by grows to 64 MiB, after about 60,000 pictures, and no further"
REASONS = {
    "P1": "entropy decoding and three digests alone, the limit, would reach {bound:.3g} on this machine",
    "P1-limit": "scaling to a shorter side of 512 costs more than the entropy decoder alone",
    "P1-bits": "decoding at a scale differs from filtering the whole; a larger scale would cost time",
    "P2": "the target is for 10 M random entries; a shorter list leaves less to skip, and entries that lie"
    " close together cannot be skipped",
    "P2-skewed-own": "the tables are looked up before a query is left to the comparison of all pairs",
    "P2-largest": "an index of this length waits for memory at each step",
    "P3": "each look-up waits for memory; runs on the same machine differed from 2.7 to 3.6 times",
    "P3-scan": "each file is an object of Python here: a few microseconds, beside milliseconds of decoding",
    "P4": "the peer inflates faster here than where the target was set",
    "P4-limit": "walking the file system and handing chunks over costs time that the limit does not spend",
    "P5": "starting, opening the list and its index weigh more in a short scan; per photo P1 is the bound",
    "P5-cpu": "beside decoding, the image is inflated twice (its files, and its stored hash), files"
    " pass two pipes, and the list is opened",
    "P5-memory": "opening a list holds it encrypted and decrypted at once",
    "P5-small": "looking is the smaller part; opening the list and searching it in eight variants take most",
    "P6": "more than a busy machine explains: look at it",
    "P6-memory": MEMORY,
    "P6-leading": MEMORY,
    "P13": "digests for look-ups and the rows themselves take the rest",
    "P14": "less than a millisecond, behind the wait or without one; where a machine is so busy that answers"
    " take longer than a step, more",
    "P7": "each node also runs Ray itself, and on this machine who leads has no core of its own",
    "P8": "deciding is plain Python, one person at a time",
    "P8-desk": "each person is opened from the vault, decided, and recorded with the reasons",
    "P9": "each e-mail is decided anew twice, and recorded before it leaves and after",
    "P10": "visitors, desk and database share the cores of one machine: who asks while a long page is made or"
    " a password is checked waits for it",
    "P12": "beyond reach are pictures pasted at under half the size, one of four in a collage, and the"
    " photographed screen of a phone: few of their keypoints are left at 256 pixels, and text takes most of"
    " those that are asked",
    "P12-photos": "as many are found as the target asks, but strangers are near from a likelihood of one in"
    " twenty; in the two pairs that were looked into, garments on one rack. None was the same picture",
    "P12-A": "the target was measured on 57 edits; this battery of 77 is harder: more crops, free turns,"
    " pastes, pages and slants, which no hash of the whole picture survives and local codes are for",
    "P12-deep": "the file is read, unpacked and decoded again, which is most of both passes",
    "P12-deep-small": "its keypoints take as long as those of a large picture; decoding it takes little",
    "P12-index": "each code waits for memory some thousand times, and real codes crowd together",
    "P12-review": "what is left are mostly strangers that matched by chance, looked at for what may be"
    " somebody's only finding, and until the desk knows what its likelihoods are worth; a higher floor takes"
    " fewer and costs true findings (review-measured.md)",
    "P8-memory": "memory grew with the number of people",
}


def paragraph(rows: Sequence[Row]) -> str:
    """Return one paragraph on the rows that miss their target, and why; or that none does."""
    missed = [_sentence(row) for row in rows if not row.met]
    return " ".join(missed) or "Nothing in this run: each row meets its target."


def _sentence(row: Row) -> str:
    reason = REASONS[max((name for name in REASONS if row.id.startswith(name)), key=len)]
    bound = row.peer_value / row.limit if row.peer_value and row.limit else 0.0
    return f"{row.id} reaches {row.ratio:.3g} (target: {row.target}): {reason.format(bound=bound)}."
