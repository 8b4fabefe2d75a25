"""The filter of system calls: what a child cannot do any more, and that all it reads with still works."""

from __future__ import annotations

import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from luwte.lab.scan.calls import ALLOWED, FATAL, NoFilter, call_filter
from tests.support.children import confined
from tests.support.drawn import jpeg

FORBIDDEN = {
    "a socket": "import socket; socket.socket()",
    "a socket between processes": "import socket; socket.socketpair()",
    "a file made": "import os; os.open('PLACE/made', os.O_WRONLY | os.O_CREAT)",
    "a file opened to write": "open('PLACE/there', 'r+')",
    "a file cut off": "import os; os.truncate('PLACE/there', 0)",
    "a file removed": "import os; os.unlink('PLACE/there')",
    "a file renamed": "import os; os.rename('PLACE/there', 'PLACE/gone')",
    "a folder made": "import os; os.mkdir('PLACE/made')",
    "a link made": "import os; os.symlink('/', 'PLACE/made')",
    "rights changed": "import os; os.chmod('PLACE/there', 0o777)",
    "a process": "import os; os.fork() or os._exit(0)",
    "a program": "import subprocess; subprocess.run(['true'])",
    "memory that another process can see": "import os; os.memfd_create('x')",
}
FATALLY = {
    "another program": "import os; os.execv('/bin/true', ['true'])",
    "a signal": "import os; os.kill(os.getpid(), 0)",
    "a look into a process": "import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)",
    "another root": "import os; os.chroot('/')",
    "a name space": "import ctypes; ctypes.CDLL(None).unshare(0)",
}


@pytest.fixture(scope="module")
def given() -> str:
    """The filter of this machine."""
    try:
        return call_filter()
    except NoFilter as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_no_reading_needs_fails(what: str, given: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"evidence")
    code = FORBIDDEN[what].replace("PLACE", str(tmp_path))
    lines = f"try:\n    {code}\nexcept PermissionError:\n    print('refused')"
    assert confined(lines, given).stdout == "refused\n"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"there": b"evidence"}
    assert confined(lines, "").stdout == "", "without the filter this must not be refused"


@pytest.mark.parametrize("what", FATALLY)
def test_what_only_an_exploit_tries_ends_the_process(what: str, given: str) -> None:
    code = f"print('still here', flush=True)\n{FATALLY[what]}\nprint('lives on')"
    ended = confined(code, given)
    assert (ended.returncode, ended.stdout) == (-signal.SIGSYS, "still here\n")
    assert confined(code, "").returncode != -signal.SIGSYS


def test_more_rights_to_memory_or_files_cannot_be_taken_back(given: str) -> None:
    code = (
        "import resource\n"
        "for what in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):\n"
        "    limits = resource.getrlimit(what)\n"
        "    try:\n"
        "        resource.setrlimit(what, limits)\n"
        "    except (PermissionError, ValueError):\n"
        "        print(limits)\n"
    )
    assert confined(code, given).stdout == f"{(4 << 30,) * 2}\n(0, 0)\n(0, 0)\n"


READING = {
    "threads": "from threading import Thread\nt = Thread(target=lambda: print('done')); t.start(); t.join()",
    "numpy": "import numpy\nnumpy.linalg.svd(numpy.ones((300, 300)))\nprint('done')",
    "Pillow": (
        "from io import BytesIO\nfrom PIL import Image\n"
        "for kind in ('PNG', 'GIF', 'WEBP', 'TIFF', 'BMP', 'JPEG'):\n"
        "    out = BytesIO()\n"
        "    Image.new('RGB', (64, 64), 'red').save(out, kind)\n"
        "    Image.open(out).load()\n"
        "print('done')"
    ),
    "simplejpeg": "import simplejpeg\nsimplejpeg.decode_jpeg(open('PICTURE', 'rb').read())\nprint('done')",
    "pytsk3": (
        "import pytsk3\ntry:\n    pytsk3.FS_Info(pytsk3.Img_Info('PICTURE'))\n"
        "except OSError:\n    print('done')"
    ),
    "isal": "from isal import isal_zlib\nisal_zlib.decompress(isal_zlib.compress(b'x'))\nprint('done')",
    "pyvmdk": "import pyvmdk\nprint('done' if not pyvmdk.check_file_signature('PICTURE') else '')",
    "pybde": "import pybde\nprint('done' if not pybde.check_volume_signature('PICTURE') else '')",
    "pyluksde": "import pyluksde\nprint('' if pyluksde.check_volume_signature('PICTURE') else 'done')",
    "pyfvde": "import pyfvde\nprint('done' if not pyfvde.check_volume_signature('PICTURE') else '')",
    "pyfsapfs": "import pyfsapfs\nprint('' if pyfsapfs.check_container_signature('PICTURE') else 'done')",
    "cryptography": (
        "from cryptography.hazmat.primitives.kdf.argon2 import Argon2id\n"
        "made = Argon2id(salt=bytes(16), length=32, iterations=4, lanes=4, memory_cost=1 << 16)\n"
        "print('done' if made.derive(b'x') else '')"
    ),
    "pillow_heif": (
        "import numpy, pillow_heif\nfrom io import BytesIO\nfrom PIL import Image\n"
        "pillow_heif.register_heif_opener()\nout = BytesIO()\n"
        "Image.new('RGB', (64, 64), 'red').save(out, 'HEIF')\nImage.open(out).load()\nprint('done')"
    ),
    "av": (
        "import av, numpy\nfrom io import BytesIO\nout = BytesIO()\n"
        "with av.open(out, 'w', 'mp4') as film:\n"
        "    stream = film.add_stream('mpeg4', rate=25)\n"
        "    stream.width, stream.height, stream.pix_fmt = 320, 240, 'yuv420p'\n"
        "    frame = av.VideoFrame.from_ndarray(numpy.zeros((240, 320, 3), 'u1'), 'rgb24')\n"
        "    for _ in range(30):\n"
        "        film.mux(stream.encode(frame))\n"
        "    film.mux(stream.encode())\n"
        "out.seek(0)\n"
        "with av.open(out) as film:\n"
        "    stream = film.streams.video[0]\n"
        "    stream.thread_type, stream.thread_count = 'AUTO', 4\n"
        "    print('done' if sum(1 for _ in film.decode(stream)) == 30 else '')"
    ),
    "libarchive": (
        "import io, tarfile\nout = io.BytesIO()\n"
        "with tarfile.open(fileobj=out, mode='w:gz') as tar:\n    tar.add('PICTURE')\n"
        "out.seek(0)\n"
        "import libarchive\n"
        "with libarchive.stream_reader(out) as archive:\n"
        "    print('done' if sum(len(block) for entry in archive for block in entry.get_blocks()) else '')"
    ),
}


@pytest.mark.parametrize("what", READING)
def test_what_reads_still_reads_even_when_it_is_imported_afterwards(
    what: str, given: str, tmp_path: Path
) -> None:
    if what not in ("threads", "Pillow") and find_spec(what) is None:
        pytest.skip(f"{what} is not installed")
    (tmp_path / "picture.jpg").write_bytes(jpeg(1))
    ended = confined(READING[what].replace("PICTURE", str(tmp_path / "picture.jpg")), given)
    assert (ended.stdout, ended.returncode) == ("done\n", 0), ended.stderr


def test_a_filter_that_the_kernel_refuses_ends_the_child(given: str) -> None:
    number, _, _ = given.partition(":")
    ended = confined("print('open')", f"{number}:AAAAAAAAAAA=")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "The filter of system calls could not be loaded.\n"


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    call_filter.cache_clear()
    with pytest.raises(NoFilter, match="libseccomp is not installed"):
        call_filter()
    call_filter.cache_clear()


def test_no_call_is_both_allowed_and_fatal() -> None:
    assert not set(ALLOWED) & set(FATAL)
    assert len(set(ALLOWED)) == len(ALLOWED)
    assert len(set(FATAL)) == len(FATAL)


def test_root_keeps_no_privilege_but_reading(given: str) -> None:
    code = "from luwte.lab.scan import privileges\nprint(privileges.held() & ~0b110)"
    assert confined(code, given).stdout == "0\n"
