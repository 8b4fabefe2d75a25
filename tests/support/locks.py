"""Encrypted volumes for tests, with drawn keys: LUKS with the tools of the system, BitLocker by hand.

BitLocker follows "BitLocker Drive Encryption (BDE) format" in the documentation of libbde, and NIST SP
800-38C and 800-38E for the modes. No tool on Linux makes such a volume; `cryptsetup bitlkDump` finds the
keys of these, too.
"""

from __future__ import annotations

import struct
import subprocess
from hashlib import sha256
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from tests.support.tools import need, run

PASSWORD = "correct horse battery staple"
RECOVERY = "-".join(f"{number * 11:06d}" for number in (1, 22, 333, 4444, 55555, 6543, 321, 65535))
SECTOR = 512
PBKDF2 = ("--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000")
ARGON = ("--pbkdf", "argon2id", "--pbkdf-memory", "64", "--pbkdf-force-iterations", "4")
_LUKS_START = 16 << 20
_IDENTIFIER = bytes.fromhex("3bd66749292ed84a8399f6a339e3d001")
_ROUNDS = 1 << 20
_HEADER_SECTORS = 16
_METADATA = 64 << 10
_XTS_128, _CBC_128 = 0x8004, 0x8002
_CCM, _STRETCH = 0x2000, 0x1000
_PASSWORD, _RECOVERY = 0x2000, 0x0800
_MOMENT = 0x01D0_0000_0000_0000


def luks_by_qemu(path: Path, plain: Path) -> Path:
    """Make `path` a LUKS 1 volume with the bytes of `plain`, by qemu-img alone.

    On a busy machine it fails now and then to measure how fast it is, and is asked again.
    """
    secret = path.with_suffix(".secret")
    secret.write_text(PASSWORD)
    given = ("--object", f"secret,id=it,file={secret}", "-o", "key-secret=it,iter-time=10")
    command = [need("qemu-img"), "convert", "-f", "raw", "-O", "luks", *given, str(plain), str(path)]
    for _ in range(20):
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        if b"accurate CPU usage" not in done.stderr:
            break
    assert done.returncode == 0, done.stderr
    return path


def luks(
    path: Path, plain: Path, *, version: int = 1, kdf: tuple[str, ...] = PBKDF2, sector: int = 512
) -> Path:
    """Make `path` a LUKS volume with the bytes of `plain`: the header by cryptsetup, the data by hand."""
    key, content, start = Random(path.name).randbytes(64), plain.read_bytes(), _LUKS_START
    path.write_bytes(bytes(start + len(content)))
    keys = path.with_suffix(".key")
    keys.write_bytes(key)
    given: tuple[str | Path, ...] = ("--volume-key-file", keys, "--key-size", "512", *kdf)
    given += ("--cipher", "aes-xts-plain64", "--offset", str(start // SECTOR))
    given += ("--sector-size", str(sector)) if version == 2 else ()
    kind = f"luks{version}"
    run("cryptsetup", "-q", "luksFormat", "--type", kind, *given, path, "-", stdin=PASSWORD.encode())
    with path.open("r+b") as file:
        file.seek(start)
        for place in range(0, len(content), sector):
            tweak = (place // SECTOR).to_bytes(16, "little")
            cipher = Cipher(algorithms.AES(key), modes.XTS(tweak))
            file.write(cipher.encryptor().update(content[place : place + sector]))
    return path


def bitlocker(path: Path, plain: Path, *, xts: bool = True, to_go: bool = False) -> Path:
    """Make `path` a BitLocker volume with the bytes of `plain`, opened by `PASSWORD` and by `RECOVERY`.

    AES of 128 bits, in XTS or in CBC. The last MiB of `plain` must be free: the metadata take its place.
    With `to_go` its header is that of a removable medium.
    """
    content, random = bytearray(plain.read_bytes()), Random(path.name)
    master, key = random.randbytes(32), random.randbytes(32 if xts else 16)
    method = _XTS_128 if xts else _CBC_128
    base = len(content) - (1 << 20)
    places = [base + number * _METADATA for number in range(3)]
    moved = base + 3 * _METADATA
    entries = (
        _protected(_PASSWORD, _stretched_password(), master, random)
        + _protected(_RECOVERY, _stretched_recovery(), master, random)
        + _entry(3, 5, _sealed(master, key, method, random))
        + _entry(15, 15, struct.pack("<QQ", moved, _HEADER_SECTORS * SECTOR))
    )
    head = struct.pack(
        "<LLLL16sLLQ", 48 + len(entries), 1, 48, 48 + len(entries), bytes(16), 9, method, _MOMENT
    )
    block = struct.pack("<8sHHHH", b"-FVE-FS-", 0, 2, 4, 4) + struct.pack(
        "<QLL3QQ", len(content), 0, _HEADER_SECTORS, *places, moved
    )
    metadata = (block + head + entries).ljust(_METADATA, b"\0")
    content[moved : moved + _HEADER_SECTORS * SECTOR] = content[: _HEADER_SECTORS * SECTOR]
    for place in range(0, len(content), SECTOR):
        sector = bytes(content[place : place + SECTOR])
        content[place : place + SECTOR] = _encrypted(sector, place, key, xts=xts)
    for place in places:
        content[place : place + _METADATA] = metadata
    content[:SECTOR] = _volume_header(places, to_go=to_go)
    path.write_bytes(content)
    return path


def _volume_header(places: list[int], *, to_go: bool) -> bytes:
    header = bytearray(SECTOR)
    header[:11] = b"\xeb\x58\x90" + (b"MSWIN4.1" if to_go else b"-FVE-FS-")
    struct.pack_into("<HB", header, 11, SECTOR, 8)
    header[82:90] = b"FAT32   "
    struct.pack_into("<16s3Q", header, 424 if to_go else 160, _IDENTIFIER, *places)
    header[510:] = b"\x55\xaa"
    return bytes(header)


def _entry(kind: int, value: int, content: bytes) -> bytes:
    return struct.pack("<HHHH", 8 + len(content), kind, value, 1) + content


def _protected(kind: int, secret: bytes, master: bytes, random: Random) -> bytes:
    """Return the volume master key, sealed with `secret` after it was stretched."""
    salt = random.randbytes(16)
    stretched = _stretched(secret, salt)
    stretch = _entry(
        0, 3, struct.pack("<L16s", _STRETCH, salt) + _entry(0, 5, _sealed(stretched, master, _CCM, random))
    )
    sealed = _entry(0, 5, _sealed(stretched, master, _CCM, random))
    about = struct.pack("<16sQHH", random.randbytes(16), _MOMENT, 0, kind)
    return _entry(2, 8, about + stretch + sealed)


def _sealed(key: bytes, content: bytes, method: int, random: Random) -> bytes:
    """Return `content` as a key container, sealed by AES-CCM with `key`: the tag stands before it."""
    nonce = struct.pack("<QL", _MOMENT, random.randrange(1, 1 << 31))
    container = struct.pack("<LHHL", 12 + len(content), 1, 0, method) + content
    sealed = AESCCM(key, tag_length=16).encrypt(nonce, container, None)
    return nonce + sealed[-16:] + sealed[:-16]


def _stretched_password() -> bytes:
    return sha256(sha256(PASSWORD.encode("utf-16-le")).digest()).digest()


def _stretched_recovery() -> bytes:
    numbers = [int(group) // 11 for group in RECOVERY.split("-")]
    return sha256(struct.pack("<8H", *numbers)).digest()


def _stretched(secret: bytes, salt: bytes) -> bytes:
    last = bytes(32)
    for count in range(_ROUNDS):
        last = sha256(last + secret + salt + count.to_bytes(8, "little")).digest()
    return last


def _encrypted(sector: bytes, place: int, key: bytes, *, xts: bool) -> bytes:
    if xts:
        tweak = (place // SECTOR).to_bytes(16, "little")
        return Cipher(algorithms.AES(key), modes.XTS(tweak)).encryptor().update(sector)
    ecb = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # the vector that the format asks for
    vector = ecb.update(place.to_bytes(16, "little"))
    return Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor().update(sector)
