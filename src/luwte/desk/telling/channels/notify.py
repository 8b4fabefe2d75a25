"""Speaking with GOV.UK Notify or NotifyNL, which have one API, through its official client.

Notify does not deduplicate: two posts with one reference are two messages. So it is asked for the reference
(the idempotency key) before anything is posted, and asked again when the answer to a post is lost. Its
answers are read up to a size and within a time; no redirect is followed, no proxy of the process is used.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from luwte.desk.telling.channels.errors import ChannelSettingsWrong
from luwte.desk.telling.channels.port import Fate, Receipt

TIMEOUT = 10.0
"""Seconds without a byte before one request is given up."""
DEADLINE = 25.0
"""Seconds that one request may take in all."""
LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes; a page of Notify holds 250 messages."""
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_KEY = re.compile(rf"(?:[!-~]{{1,200}}-)?{_UUID}-{_UUID}")
_TEMPLATE = re.compile(_UUID)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

ON_ITS_WAY = {"created", "sending", "pending", "sent", "delivered", "pending-virus-check"}
ON_ITS_WAY |= {"accepted", "received"}
CAME_BACK = {"permanent-failure": "bounced", "temporary-failure": "bounced", "returned-letter": "returned"}
CAME_BACK |= {"failed": "bounced", "validation-failed": "refused", "virus-scan-failed": "refused"}
CAME_BACK |= {"cancelled": "refused"}
NEVER_LEFT = {"technical-failure"}


class Trouble(Exception):
    """Notify gave no usable answer. `status`: the HTTP status, None when there was no whole answer."""

    def __init__(self, text: str, status: int | None = None, *, connected: bool = True) -> None:
        super().__init__(f"{status} {text}" if status else text)
        self.text, self.status, self.connected = text, status, connected


class _Bounded(HTTPAdapter):
    """Reads no more of an answer than its largest size."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        options["stream"] = True
        response = super().send(request, *args, **options)
        content = b""
        for part in response.raw.stream(65536, decode_content=True):
            content += part
            if len(content) > LARGEST_ANSWER:
                response.close()
                raise requests.exceptions.ChunkedEncodingError("the answer is too big")
        response.raw = io.BytesIO(content)
        return response


@dataclass(frozen=True, slots=True)
class Service:
    """A service at Notify: its address, and the key that the service gave."""

    url: str
    key: str = field(repr=False)


def service(url: str, key: str) -> Service:
    """Return the service that the settings name. Raises `ChannelSettingsWrong`."""
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not (parts.scheme == "https" or plain) or not parts.hostname or parts.path not in ("", "/"):
        raise ChannelSettingsWrong(
            "Notify's address cannot be used. Write LUWTE_NOTIFY_URL as https://HOST, without a path."
        )
    if not _KEY.fullmatch(key):
        raise ChannelSettingsWrong(
            "The key of Notify cannot be used. Give LUWTE_NOTIFY_KEY as Notify shows it: "
            "NAME-SERVICE-SECRET, the last two each 36 characters long."
        )
    return Service(url, key)


def check_template(setting: str, template: str) -> None:
    """Raise `ChannelSettingsWrong` unless `template` can be the id of a template at Notify."""
    if not _TEMPLATE.fullmatch(template):
        raise ChannelSettingsWrong(
            f"{setting} is no template of Notify. Copy the id that Notify shows under the template: 36 "
            "characters, lower case."
        )


def client(to: Service) -> NotificationsAPIClient:
    """Return a client of Notify's own library, bounded."""
    made = NotificationsAPIClient(to.key, base_url=to.url, timeout=TIMEOUT)
    made.request_session.trust_env = False
    made.request_session.max_redirects = 0
    for scheme in ("https://", "http://"):
        made.request_session.mount(scheme, _Bounded(max_retries=0))
    return made


def ask(act: Callable[[], Any]) -> Any:
    """Return what `act`, one request, answers within the deadline. Raises `Trouble`."""
    answers: list[Any] = []

    def work() -> None:
        try:
            answers.append(act())
        except Exception as error:
            answers.append(_trouble(error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(DEADLINE)
    answer = answers[0] if answers else Trouble("no whole answer in time")
    if isinstance(answer, Trouble):
        raise answer
    return answer


def _trouble(error: Exception) -> Trouble:
    if not isinstance(error, APIError):
        return Trouble(type(error).__name__)
    cause = error.__cause__
    if error.response is None:
        lost = not isinstance(cause, requests.exceptions.ConnectTimeout) and not _never_connected(cause)
        return Trouble(type(cause).__name__ if cause else "no answer", connected=lost)
    messages = error.message if isinstance(error.message, list) else []
    told = [one for one in messages if isinstance(one, Mapping)]
    text = "; ".join(f"{one.get('error', '')}: {one.get('message', '')}" for one in told)
    return Trouble(text or "no reason given", error.status_code)


def _never_connected(cause: object) -> bool:
    """Whether the connection was refused, or the name not known: then nothing was posted."""
    reason = cause.args[0] if isinstance(cause, requests.ConnectionError) and cause.args else None
    return isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)


def fate(found: list[str]) -> Receipt | None:
    """Return what the statuses `found` under one reference come to; None when nothing left.

    Statuses: GOV.UK Notify API documentation, "Delivery statuses". What may have arrived weighs most.
    """
    if not found:
        return None
    unknown = [
        status for status in found if status not in ON_ITS_WAY | NEVER_LEFT and status not in CAME_BACK
    ]
    for status in found:
        if status in ON_ITS_WAY:
            return Receipt(Fate.DELIVERED, f"Notify: {status}")
    if unknown:
        return Receipt(Fate.UNKNOWN, "Notify has it in a state that is not known here")
    for status in found:
        if status in CAME_BACK:
            return Receipt(Fate.REFUSED, f"Notify: {status}", CAME_BACK[status])
    return Receipt(Fate.NOT_REACHED, f"Notify: {found[0]}")
