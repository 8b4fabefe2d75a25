from __future__ import annotations

import hashlib

from luwte.lab.fingerprints import films
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason, decode_grey
from tests.support.drawn import jpeg


def test_a_picture_has_all_parts() -> None:
    content = jpeg(1)
    found = fingerprint_bytes(content)
    pdq, quality = pdq_hash(decode_grey(content).grey)
    assert (found.size, found.kind, found.width, found.height) == (len(content), "picture", 640, 480)
    assert (found.pdq, found.pdq_quality, found.error) == (pdq, quality, None)
    assert found.variants is not None
    assert len(found.variants) == 8 * 32
    assert found.variants[:32] == pdq
    assert found.sha256 == hashlib.sha256(content).digest()


def test_a_broken_picture_keeps_its_digests() -> None:
    content = b"\xff\xd8\xff\xe0 broken"
    found = fingerprint_bytes(content)
    assert (found.kind, found.error, found.pdq, found.width) == ("picture", Reason.DAMAGED, None, None)
    assert found.md5 == hashlib.md5(content).digest()


def test_other_files_have_digests_alone() -> None:
    for content in (b"text", b""):
        found = fingerprint_bytes(content)
        assert (found.kind, found.size, found.pdq, found.error) == ("other", len(content), None, None)


def test_a_video_that_is_none_has_its_digests_and_a_reason() -> None:
    found = fingerprint_bytes(b"FLV\x01....")
    reasons = (Reason.VIDEO_DAMAGED, Reason.VIDEO_EMPTY) if films.installed() else (Reason.VIDEO_FORMAT,)
    assert (found.kind, found.size, found.pdq) == ("video", 8, None)
    assert found.error in reasons
