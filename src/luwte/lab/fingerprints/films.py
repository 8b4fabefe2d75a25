"""From a video to some of its frames, through PyAV (FFmpeg) where that is installed (`luwte[media]`).

First its key frames, over its whole length: they cost little. Then about a frame a second of what decoding
within a bound reaches; the rest has its key frames. The container is told by its first bytes, never probed,
and only codecs of the field are opened. The library is loaded with the first video.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from io import BufferedIOBase
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from luwte.lab.fingerprints.kinds import HEAD_BYTES
from luwte.lab.fingerprints.pictures import MAX_PIXELS_UNSCALED, GreyPicture, Reason, Undecodable

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

MAX_PIXELS_DECODED = 4_000_000_000
"""The pixels of a video that are decoded for a frame a second, over all its tracks."""
MAX_TRACKS = 4
MAX_PACKETS = 1_000_000
"""The packets of one track that are read; a track that goes round in itself ends there."""
WIDEST_GAP = 60.0
"""Seconds without a frame from which a video counts as looked at only in part."""

_SECOND = 1.0
_MOST_WITHOUT = 60
_DENSE = 1.5
_FORMS = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\0\0\x01\xba", "mpeg"),
    (b"\0\0\x01\xb3", "mpegvideo"),
    (b".RMF", "rm"),
    (b"\x06\x0e\x2b\x34", "mxf"),
    (b"OggS", "ogg"),
    (b"RIFF", "avi"),
    (b"G", "mpegts"),
)
_QUICKTIME = frozenset((b"ftyp", b"moov", b"mdat", b"wide", b"pnot"))
_CODECS = (
    "amv,av1,cinepak,dirac,dnxhd,dvvideo,ffv1,flv,flv1,h261,h263,h263i,h263p,h264,hevc,"
    "huffyuv,indeo2,indeo3,indeo4,indeo5,jpeg2000,libdav1d,mjpeg,mpeg1video,mpeg2video,mpeg4,"
    "msmpeg4,msmpeg4v1,msmpeg4v2,msmpeg4v3,msvideo1,png,prores,qtrle,rawvideo,rpza,rv10,rv20,"
    "rv30,rv40,svq1,svq3,theora,vc1,vp3,vp6,vp6a,vp6f,vp7,vp8,vp9,vvc,wmv1,wmv2,wmv3"
)
_OPTIONS = {
    "protocol_whitelist": "",
    "codec_whitelist": _CODECS,
    "max_pixels": str(MAX_PIXELS_UNSCALED),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A frame of a video: whether it was found among the `key` frames, and how to get its picture.

    `place` orders the frames of a video: the number of the track, and the seconds in it.
    """

    key: bool
    place: tuple[int, float]
    picture: Callable[[], GreyPicture]


def installed() -> bool:
    """Return whether videos can be decoded here."""
    try:
        return find_spec("av") is not None
    except ValueError:
        return False


def decode_film(source: BufferedIOBase, seconds: float, pixels: int | None = None) -> Iterator[Sample]:
    """Give frames of the video in `source` (seekable), for at most about `seconds`.

    Beside the key frames at most `pixels` are decoded, or MAX_PIXELS_DECODED. Raises `Undecodable` when it
    cannot be decoded, or, after what there is, when it could only in part.
    """
    try:
        yield from _Film(source, time.monotonic() + seconds, pixels or MAX_PIXELS_DECODED).samples()
    except Undecodable:
        raise
    except MemoryError:
        raise Undecodable(Reason.MEMORY) from None
    except ImportError:
        raise Undecodable(Reason.VIDEO_FORMAT) from None
    except Exception:  # what FFmpeg and PyAV say of damaged input has many names
        raise Undecodable(Reason.VIDEO_DAMAGED) from None


def _form_of(head: bytes) -> str:
    if head[4:8] in _QUICKTIME:
        return "mov"
    for beginning, form in _FORMS:
        if head.startswith(beginning):
            return form
    raise Undecodable(Reason.VIDEO_FORMAT)


class _Pace:
    """Lets a frame through once a second, and now and then where time does not pass."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self._without = 0

    def lets(self, moment: float | None) -> bool:
        self._without += 1
        passed = moment is not None and (not self.times or abs(moment - self.times[-1]) >= _SECOND)
        if not passed and self._without <= _MOST_WITHOUT and self.times:
            return False
        self._without = 0
        self.times.append(moment if moment is not None else self.times[-1] if self.times else 0.0)
        return True


class _Film:
    def __init__(self, source: BufferedIOBase, until: float, pixels: int) -> None:
        self._source = source
        self._until = until
        self._left = pixels
        self._good = 0
        self._bad = 0
        self._broken = False

    def samples(self) -> Iterator[Sample]:
        tracks = self._tracks()
        for track in tracks:
            yield from self._samples_of(track)
        if self._broken or self._bad >= self._good:
            raise Undecodable(Reason.VIDEO_DAMAGED)

    def _tracks(self) -> list[int]:
        with self._open() as container:
            found = container.streams.video[:MAX_TRACKS]
            if not found:
                raise Undecodable(Reason.VIDEO_EMPTY)
            usable = [number for number, stream in enumerate(found) if _is_known(stream)]
            if not usable:
                raise Undecodable(Reason.VIDEO_FORMAT)
            if any(stream.width * stream.height > MAX_PIXELS_UNSCALED for stream in found):
                raise Undecodable(Reason.PIXELS)
            return usable

    def _open(self) -> InputContainer:
        import av

        self._source.seek(0)
        form = _form_of(self._source.read(HEAD_BYTES))
        self._source.seek(0)
        return av.open(self._source, "r", format=form, options=_OPTIONS, metadata_errors="ignore")

    def _samples_of(self, track: int) -> Iterator[Sample]:
        pace = _Pace()
        length = None
        with self._open() as container:
            length = None if container.duration is None else container.duration / 1_000_000
            for frame in self._frames(container, track, "NONKEY"):
                if pace.lets(frame.time):
                    yield Sample(True, (track, pace.times[-1]), partial(_picture, frame))
        if length is not None and _widest([0.0, *pace.times, length]) <= _DENSE:
            return
        with self._open() as container:
            yield from self._each_second(container, track, pace.times, length)

    def _each_second(
        self, container: InputContainer, track: int, keys: list[float], length: float | None
    ) -> Iterator[Sample]:
        pace = _Pace()
        for frame in self._frames(container, track, "NONREF"):
            self._left -= frame.width * frame.height
            if self._left < 0:
                reached = pace.times[-1] if pace.times else 0.0
                rest = [moment for moment in keys if moment > reached]
                if _widest([reached, *rest, *([length] if length is not None else [])]) > WIDEST_GAP:
                    raise Undecodable(Reason.VIDEO_PART)
                return
            if pace.lets(frame.time):
                yield Sample(False, (track, pace.times[-1]), partial(_picture, frame))

    def _frames(
        self, container: InputContainer, track: int, skip: Literal["NONKEY", "NONREF"]
    ) -> Iterator[VideoFrame]:
        import av

        stream = container.streams.video[track]
        stream.codec_context.thread_count = 1
        stream.codec_context.skip_frame = skip
        packets = container.demux(stream)
        for _ in range(MAX_PACKETS):
            if time.monotonic() > self._until:
                break
            try:
                packet = next(packets, None)
            except av.error.FFmpegError:
                self._broken = True
                return
            if packet is None:
                return
            yield from self._decoded(packet)
        raise Undecodable(Reason.VIDEO_PART)

    def _decoded(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        import av

        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            self._bad += 1
            return []
        self._good += bool(frames)
        return frames


def _is_known(stream: VideoStream) -> bool:
    return stream.codec_context is not None and stream.codec_context.name in _CODECS.split(",")


def _widest(moments: list[float]) -> float:
    return max((after - before for before, after in pairwise(moments)), default=0.0)


def _picture(frame: VideoFrame) -> GreyPicture:
    """The luma of `frame` over the whole range of grey, as PDQ takes it from a still."""
    if frame.width * frame.height > MAX_PIXELS_UNSCALED:
        raise Undecodable(Reason.PIXELS)
    try:
        grey = np.ascontiguousarray(frame.reformat(format="gray").to_ndarray(), np.uint8)
    except MemoryError:
        raise Undecodable(Reason.MEMORY) from None
    except Exception:  # a pixel format that is not known, or a frame that is none
        raise Undecodable(Reason.VIDEO_DAMAGED) from None
    return GreyPicture(frame.width, frame.height, grey)
