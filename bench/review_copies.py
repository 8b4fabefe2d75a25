"""What is measured for P12-review: edited copies of pictures, and what the scan and the field make of them.

Each picture is edited in every way of the battery and saved three times over, as sites do that save anew what
they get: these files are near-identical. Distances and alignments are those of the project's own code.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from PIL import Image

from bench.alterations import saved
from bench.edits import EDITS
from bench.methods import methods
from bench.paintings import painted
from bench.queries import Query, listed
from luwte.lab.fingerprints.fingerprint import FORMS_BYTES
from luwte.lab.recognition.evidence import Gallery
from luwte.lab.recognition.likelihood import Evidence, Model
from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS, Verdict
from luwte.lab.reference.hamming import HASH_BYTES

PLATFORMS = "recompressed"
"""The group of edits that happens to whatever is uploaded or sent on."""
SAVES = ((1.0, 90), (1.0, 70), (0.8, 80))
"""How each edited picture is saved: its scale and the quality of the JPEG."""
SEED = b"review"
OTHERS_FROM = 20_000_000
"""The seeds of what collages and pastes use: pictures that stand in no list."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file with an edited copy of picture number `source`.

    `listed` and `pdq` (32 bytes each) are the PDQ of that picture and of this file as it is; `field` says
    whether `pdqhash` finds the picture within 31 bits;
    `fast` is the distance where the fast pass finds it, `close` what the deep pass sees of it, None where it
    sees nothing, and `second` what it sees of what is near. `hashes` counts the hashes that the fast pass
    looks up. `whole`: the whole picture, not a photo box, is what it finds.
    """

    source: int
    edit: str
    platform: bool
    listed: bytes
    pdq: bytes
    field: bool
    fast: int | None
    close: Evidence | None
    hashes: int
    whole: bool
    second: Evidence | None = None

    def judged(self, model: Model, references: int) -> tuple[Verdict, int]:
        """Return the verdict of a scan with a list of `references`, and the likelihood in per mille."""
        distance = None if self.fast is None else self.second or Evidence(self.fast)
        parts = [part for part in (self.close, distance) if part is not None]
        verdicts = {model.verdict(part, references) for part in parts}
        likelihood = int(1000 * max((model.likelihood(part, references) for part in parts), default=0.0))
        if self.fast is not None:
            return ("same_picture" if "same_picture" in verdicts else "near"), likelihood
        return (verdicts.pop() if verdicts else "unknown"), likelihood


def copies(sources: int) -> list[Copy]:
    """Return the edited copies of `sources` drawn pictures, in as many processes as there are cores."""
    with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
        asked = [(source, sources) for source in range(sources)]
        return [*itertools.chain.from_iterable(pool.imap(_of_source, asked))]


def recall(measured: Sequence[Copy], model: Model, references: int) -> dict[str, float]:
    """Return the shares of all copies, and of those that platforms make, that each way finds."""
    found = {}
    for which, some in (("battery", measured), ("platforms", [one for one in measured if one.platform])):
        verdicts = [one.judged(model, references)[0] for one in some]
        found[f"{which}: PDQ, at {PDQ_RADIUS}"] = _share([one.field for one in some])
        found[f"{which}: fast pass"] = _share([one.fast is not None for one in some])
        found[f"{which}: both passes"] = _share([verdict in ("near", "same_picture") for verdict in verdicts])
    return found


def _share(found: Sequence[bool]) -> float:
    return sum(found) / max(1, len(found))


@cache
def _galleries(sources: int) -> tuple[list[Query], Gallery]:
    pictures = [Query(saved(painted(number), 95)) for number in range(sources)]
    gallery = Gallery(SEED.ljust(32))
    for number, query in enumerate(pictures):
        gallery.add(number, query.picture.grey)
    return pictures, gallery


def _of_source(asked: tuple[int, int]) -> list[Copy]:
    source, sources = asked
    pictures, gallery = _galleries(sources)
    by_name = {method.name: method for method in methods([listed(pictures[source])])}
    field, forms, ours = (by_name[name] for name in ("PDQ", "8 forms", "8 forms and boxes"))
    picture, other, found = painted(source), painted(OTHERS_FROM + source), []
    for edit in EDITS:
        edited = edit.of(picture, other, source)
        for scale, quality in SAVES:
            query = Query(saved(_scaled(edited, scale), quality))
            near = ours.ask(query).get(0, PDQ_RADIUS + 1)
            fast = int(near) if near <= PDQ_RADIUS else None
            close, second = _close(gallery, source, query)
            by_field = field.ask(query).get(0, PDQ_RADIUS + 1) <= PDQ_RADIUS
            pdq, hashes = query.frame.variants[:HASH_BYTES], _looked_up(query)
            platform = edit.group == PLATFORMS
            own = pictures[source].frame.variants[:HASH_BYTES]
            whole = fast is not None and forms.ask(query).get(0) == near
            about = source, edit.name, platform, own, pdq, by_field
            found.append(Copy(*about, fast, close, hashes, whole, second))
    return found


def _close(gallery: Gallery, source: int, query: Query) -> tuple[Evidence | None, Evidence | None]:
    """Return what votes and alignment show of the picture, and what looking into its distance does."""
    for pair in gallery.compare(source, "", query.picture.grey):
        if pair.same:
            seen = pair.evidence
            voted = replace(seen, distance=None) if seen.inliers else None
            return voted, pair.second
    return None, None


def _looked_up(query: Query) -> int:
    whole = FORMS_BYTES if query.frame.quality >= PDQ_QUALITY else 0
    return (len(query.frame.variants) - FORMS_BYTES + whole) // HASH_BYTES


def _scaled(picture: Image.Image, scale: float) -> Image.Image:
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return picture if scale == 1.0 else picture.resize((width, height), Image.Resampling.LANCZOS)
