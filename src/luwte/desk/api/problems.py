"""Problem details (RFC 9457): how every refusal is said. Sentences of ours alone; nothing a caller wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.http import HttpResponse

from luwte.base.logs import request_id

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:luwte:problem:"
SENTENCES: Mapping[int, tuple[str, str, str]] = {
    400: ("invalid-input", "Invalid input", "The request cannot be used as it is; see /openapi.json."),
    401: ("no-token", "No valid token", "Get a token at /api/v1/tokens and send it as a bearer token."),
    403: ("not-allowed", "Not allowed", "This token lacks the scope. Ask the desk for it."),
    404: ("not-found", "Not found", "There is nothing here for you; see /openapi.json."),
    405: ("method-not-allowed", "Method not allowed", "This resource does not answer to this method."),
    406: ("not-acceptable", "Not acceptable", "Answers are JSON. Accept application/json."),
    408: ("too-slow", "Request too slow", "The request did not arrive in time. Send it again."),
    409: ("conflict", "Conflict", "The same request is being worked on. Ask again in a moment."),
    411: ("length-required", "Length required", "Say how long the request is with Content-Length."),
    413: ("too-large", "Request too large", "The request is larger than this resource takes."),
    415: ("media-type", "Media type not supported", "Send what /openapi.json asks for, not compressed."),
    422: ("key-used", "Idempotency key used", "This key came with another request before. Use a new key."),
    429: ("too-many", "Too many tries", "Wait as long as Retry-After says, and try again."),
    500: ("failed", "Failed", "This went wrong here. It was noted; nothing was changed. Try again later."),
    503: ("busy", "Not available now", "The desk cannot do this now. Try again later; nothing was lost."),
}  # fmt: skip
"""By status: the name of the type, its title, and the sentence unless a better one is given."""


class Refused(Exception):
    """A request is refused with `status`; `name` and `sentence` say more than the status does.

    `faults` are the places in the request, (where, sentence), and `headers` go with the answer.
    """

    def __init__(
        self,
        status: int,
        sentence: str = "",
        *,
        name: str = "",
        faults: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **more: str,
    ) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.name = status, sentence, name
        self.faults, self.headers, self.more = faults, headers or {}, more


def problem(refused: Refused) -> HttpResponse:
    """Return the answer that says why: `type`, `title`, `status`, `detail`, `instance`, and `errors`.

    `instance` names the request as the log of the desk does.
    """
    known = SENTENCES.get(refused.status, SENTENCES[400 if refused.status < 500 else 500])
    document: dict[str, object] = {
        "type": f"{TYPES}{refused.name or known[0]}",
        "title": known[1],
        "status": refused.status,
        "detail": refused.sentence or known[2],
        "instance": f"urn:luwte:request:{request_id.get() or 'none'}",
        **refused.more,
    }
    if refused.faults:
        document["errors"] = [{"name": name, "reason": reason} for name, reason in refused.faults]
    answer = HttpResponse(json.dumps(document), status=refused.status, content_type=MEDIA_TYPE)
    for header, value in refused.headers.items():
        answer[header] = value
    return answer
