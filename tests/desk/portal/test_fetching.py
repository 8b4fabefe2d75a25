"""One request to the broker: over a line that was checked, of a bounded size, within a bounded time."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from luwte.desk.portal import fetching
from luwte.desk.portal.fetching import NotFetched, fetch

Answer = Callable[[socket.socket], None]


@contextmanager
def answering(answer: Answer) -> Iterator[int]:
    """Give the port at which `answer` deals with each line in turn."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line:
                try:
                    answer(line)
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def saying(content: bytes, pause: float = 0.0) -> Answer:
    def answer(line: socket.socket) -> None:
        asked = b""
        while not asked.endswith((b"\r\n\r\n", b"a=b")):
            asked += line.recv(65_536)
        if not pause:
            line.sendall(content)
            return
        for byte in content:
            line.sendall(bytes([byte]))
            time.sleep(pause)

    return answer


def whole(content: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n{more}\r\n".encode() + content


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT", 1.0)
    monkeypatch.setattr(fetching, "DEADLINE", 1.0)


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """Return the file of a certificate for `name` and 127.0.0.1, and a context that shows it."""
    key, who = generate_private_key(SECP256R1()), x509.Name([])
    names = [x509.DNSName(name)] + ([x509.IPAddress(ip_address("127.0.0.1"))] if name == "localhost" else [])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        made.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


def over_tls(context: ssl.SSLContext, answer: Answer) -> Answer:
    def speak(line: socket.socket) -> None:
        with context.wrap_socket(line, server_side=True) as safe:
            answer(safe)

    return speak


def test_an_answer_comes_whole() -> None:
    with answering(saying(whole(b"well", "404 Not Found"))) as port:
        assert fetch("GET", f"http://127.0.0.1:{port}/a?b=c", {}) == (404, b"well")


def test_the_line_is_one_to_who_shows_a_certificate_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, context = certificate(tmp_path)
    with answering(over_tls(context, saying(whole(b"well")))) as port:
        with pytest.raises(NotFetched, match="SSLCertVerificationError"):
            fetch("GET", f"https://localhost:{port}/", {})
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert fetch("POST", f"https://localhost:{port}/", {}, b"a=b") == (200, b"well")
        assert fetch("GET", f"https://127.0.0.1:{port}/", {}) == (200, b"well")
    other, context = certificate(tmp_path, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    with answering(over_tls(context, saying(whole(b"well")))) as port, pytest.raises(NotFetched):
        fetch("GET", f"https://localhost:{port}/", {})


@pytest.mark.parametrize(
    "answer",
    [
        saying(b""),
        saying(b"nonsense\r\n\r\n"),
        saying(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n"),
        saying(b"HTTP/1.1 200 OK\r\n" + b"a" * 70_000),
        saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"),
        saying(whole(b"x" * (fetching.LARGEST + 1))),
        saying(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (fetching.LARGEST + 1)),
        saying(whole(b"", "302 Found", "Location: http://127.0.0.1:9/\r\n")),
        saying(whole(b"", "308 Permanent Redirect", "Location: /\r\n")),
    ],
    ids=range(9),
)
def test_what_is_no_answer_or_too_much_is_none(answer: Answer) -> None:
    with answering(answer) as port, pytest.raises(NotFetched):
        fetch("GET", f"http://127.0.0.1:{port}/", {})


@pytest.mark.parametrize(
    "content",
    [whole(b"x" * 100), b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 50, whole(b"")],
    ids=["content", "headers", "first line"],
)
def test_a_slow_answer_ends_at_the_deadline(content: bytes) -> None:
    begun = time.monotonic()
    with answering(saying(content, pause=0.05)) as port, pytest.raises(NotFetched):
        fetch("GET", f"http://127.0.0.1:{port}/", {})
    assert time.monotonic() - begun < 10


def test_who_says_nothing_is_left_in_time() -> None:
    held = threading.Event()

    def silent(_line: socket.socket) -> None:
        held.wait(8)

    with answering(silent) as port:
        for scheme in ("http", "https"):
            begun = time.monotonic()
            with pytest.raises(NotFetched):
                fetch("GET", f"{scheme}://127.0.0.1:{port}/", {})
            assert time.monotonic() - begun < 6
        held.set()


def test_after_each_failure_the_next_request_may_go() -> None:
    for _ in range(5):
        with pytest.raises(NotFetched):
            fetch("GET", "http://127.0.0.1:9/", {})
    with answering(saying(whole(b"well"))) as port:
        assert fetch("GET", f"http://127.0.0.1:{port}/", {}) == (200, b"well")
