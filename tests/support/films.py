"""Videos for tests: drawn pictures that move a little, encoded by PyAV where it is installed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.drawn import drawn

FORMS = {
    "mp4": ("mp4", "mpeg4", "yuv420p"),
    "mov": ("mov", "mpeg4", "yuv420p"),
    "mkv": ("matroska", "mpeg4", "yuv420p"),
    "avi": ("avi", "mjpeg", "yuvj420p"),
    "3gp": ("3gp", "h263", "yuv420p"),
    "webm": ("webm", "libvpx", "yuv420p"),
    "h264": ("mp4", "libx264", "yuv420p"),
    "hevc, 10 bits": ("mp4", "libx265", "yuv420p10le"),
    "av1": ("mp4", "libsvtav1", "yuv420p"),
    "mpg": ("mpeg", "mpeg2video", "yuv420p"),
    "ts": ("mpegts", "mpeg2video", "yuv420p"),
    "flv": ("flv", "flv", "yuv420p"),
    "wmv": ("asf", "wmv2", "yuv420p"),
}
SIZE = (352, 288)
RATE = 10


def lossless(pictures: Iterable[NDArray[np.uint8]], rate: int = RATE) -> bytes:
    """Return grey `pictures` of one size as a video of `rate` a second that keeps every bit of them."""
    av = pytest.importorskip("av")
    target = BytesIO()
    with av.open(target, "w", format="matroska") as container:
        stream = container.add_stream("ffv1", rate=rate)
        stream.pix_fmt = "gray"
        for picture in pictures:
            if not stream.codec_context.is_open:
                stream.height, stream.width = picture.shape
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="gray")))
        container.mux(stream.encode())
    return target.getvalue()


@cache
def film(
    name: str = "mp4", *seeds: int, seconds: int = 2, keys: int = 250, size: tuple[int, int] = SIZE
) -> bytes:
    """Return a video of the drawn pictures of `seeds`, each for some seconds; a key frame every `keys`.

    Skips the test where PyAV, or its encoder for this, is missing.
    """
    av = pytest.importorskip("av")
    form, codec, pixels = FORMS[name]
    target = BytesIO()
    try:
        with av.open(target, "w", format=form) as container:
            stream = container.add_stream(codec, rate=RATE)
            stream.width, stream.height = size
            stream.pix_fmt, stream.gop_size, stream.bit_rate = pixels, keys, 4_000_000
            for seed in seeds or (1, 2, 3):
                picture = np.asarray(drawn(seed, *size).convert("RGB"))
                for step in range(RATE * seconds):
                    frame = av.VideoFrame.from_ndarray(np.roll(picture, step // 5, axis=1), format="rgb24")
                    container.mux(stream.encode(frame))
            container.mux(stream.encode())
    except (av.codec.codec.UnknownCodecError, av.error.FFmpegError) as missing:
        pytest.skip(f"this PyAV cannot write {codec}: {missing}")
    return target.getvalue()


@cache
def sound() -> bytes:
    """Return an MP4 that has sound alone."""
    av = pytest.importorskip("av")
    target = BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=48_000, layout="mono")
        for _ in range(20):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate = 48_000
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return target.getvalue()
