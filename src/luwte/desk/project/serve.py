"""Serving the desk with gunicorn, in this process and its workers."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from luwte.base.errors import BadInput


class AddressTaken(BadInput):
    """The address to serve on cannot be used."""


class _Interruptible(Arbiter):  # type: ignore[misc]
    """Remembers that it was Ctrl-C that ended it."""

    def handle_int(self) -> None:
        self.app.interrupted = True
        super().handle_int()


class Server(BaseApplication):  # type: ignore[misc]
    """The desk behind gunicorn: threads, no access log (who reads when is nobody's business)."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self.interrupted = False
        self.choices: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "threads": 4,
            "worker_class": "gthread",
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take the choices made here and no file's."""
        for name, value in self.choices.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Return the desk as a WSGI application."""
        from luwte.desk.project.wsgi import application

        return application

    def run(self) -> None:
        """Serve until a signal ends it; an interrupt arises as `KeyboardInterrupt`."""
        try:
            _Interruptible(self).run()
        except SystemExit:
            if self.interrupted:
                raise KeyboardInterrupt from None
            raise


def serve(host: str, port: int, workers: int, ready: Callable[[], None]) -> None:
    """Serve the desk on `host`:`port` until interrupted; `ready` is called once the address is free to use.

    Raises `AddressTaken`.
    """
    _check_free(host, port)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ready()
    Server(host, port, workers).run()


def _check_free(host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AddressTaken(
            f"The desk cannot be served on {host}:{port} ({reason}). Choose another with --host and --port."
        ) from error
