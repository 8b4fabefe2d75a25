"""Serving the desk with gunicorn, in this process and its workers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from luwte.base.errors import BadInput
from luwte.base.logs import JsonLines, say
from luwte.desk.project.health import HOST, beside

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable (of prometheus_client) with the folder in which the workers count together."""


class AddressTaken(BadInput):
    """The address to serve on cannot be used."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Where to serve, with how many workers; `health_port`: where to tell of health, None for nowhere."""

    host: str
    port: int
    workers: int
    health_port: int | None = None

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """All addresses to listen on."""
        health = [(HOST, self.health_port)] if self.health_port is not None else []
        return [(self.host, self.port), *health]


class _Interruptible(Arbiter):  # type: ignore[misc]
    """Remembers that it was Ctrl-C that ended it."""

    def handle_int(self) -> None:
        self.app.interrupted = True
        super().handle_int()


class QuietLogger(Logger):  # type: ignore[misc]
    """Gunicorn's logger: its own messages repeat addresses of requests, so only their place is logged."""

    def setup(self, cfg: Any) -> None:
        """Set gunicorn's handlers up, and let each write our lines."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())

    def access(self, *_: object) -> None:
        """Log no request: `luwte.desk.project.logs` does."""


class Server(BaseApplication):  # type: ignore[misc]
    """The desk behind gunicorn: threads, no access log (who reads when is nobody's business)."""

    def __init__(self, choices: Choices) -> None:
        self.interrupted = False
        self.health_port = choices.health_port
        self.choices: dict[str, Any] = {
            "bind": [
                f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in choices.addresses
            ],
            "workers": choices.workers,
            "threads": 4,
            "worker_class": "gthread",
            "accesslog": None,
            "loglevel": "warning",
            "logger_class": QuietLogger,
            "control_socket_disable": True,
            "forwarder_headers": "",  # else a visitor could set SCRIPT_NAME through a proxy on this machine
        }
        super().__init__()

    def load_config(self) -> None:
        """Take the choices made here and no file's."""
        for name, value in self.choices.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """Return the desk as a WSGI application, with its health beside it."""
        from luwte.desk.project.wsgi import application

        return application if self.health_port is None else beside(application, self.health_port)

    def run(self) -> None:
        """Serve until a signal ends it; an interrupt arises as `KeyboardInterrupt`."""
        try:
            _Interruptible(self).run()
        except SystemExit:
            if self.interrupted:
                raise KeyboardInterrupt from None
            raise


def serve(choices: Choices, ready: Callable[[], None]) -> None:
    """Serve the desk until interrupted; `ready` is called once the addresses are free to use.

    Raises `AddressTaken`.
    """
    for host, port in choices.addresses:
        _check_free(host, port)
    if choices.health_port == choices.port:
        raise AddressTaken("The pages and the health of the desk cannot have one port. Choose two.")
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ready()
    say("serve.started", port=choices.port, workers=choices.workers)
    master, folder = os.getpid(), tempfile.mkdtemp(prefix="luwte-measures-")
    os.environ[SHARED] = folder
    try:
        Server(choices).run()
    finally:
        if os.getpid() == master:  # a worker that ends comes by here too
            shutil.rmtree(folder, ignore_errors=True)


def _check_free(host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AddressTaken(
            f"The desk cannot be served on {host}:{port} ({reason}). Choose another with --host, --port "
            "or --health-port."
        ) from error
