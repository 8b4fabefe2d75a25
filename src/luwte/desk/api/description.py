"""The description of the interface: OpenAPI 3.1, made from the routes and completed with what all share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from ninja.openapi.schema import OpenAPISchema
from pydantic import BaseModel

from luwte.desk.api import problems, repeats
from luwte.desk.api.access import Allowed
from luwte.desk.api.middleware import VERSION
from luwte.desk.api.routes import DOCUMENT, FILE, FORM, SHEET, api
from luwte.desk.api.scopes import SAID
from luwte.desk.api.shapes import Problem

BASE: Final = "/api/v1"
INFO: Final = {
    "title": "Luwte",
    "version": VERSION,
    "description": (
        "How machines of other agencies deliver reports of labs and events of cases to a desk, and learn "
        "what came in. No person can be named, asked for or found here. docs/api.md has examples."
    ),
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}
_ALWAYS = (400, 401, 403, 404, 405, 429, 500, 503)
_WITH_BODY = (408, 411, 413, 415)
_WITH_KEY = (409, 422)
_OF_TOKEN: dict[str, Any] = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "const": "client_credentials"},
        "client_id": {"type": "string"},
        "client_secret": {"type": "string"},
        "scope": {"type": "string"},
    },
}
_HAPPENS: Mapping[str, dict[str, str]] = {
    "hearing": {"source": "events", "kind": "hearing", "at": "2026-03-09T10:00:00+01:00"},
    "claim": {
        "source": "rights",
        "kind": "claim",
        "at": "2026-01-05T00:00:00Z",
        "lapses": "2026-04-05T00:00:00Z",
    },
    "release": {"source": "safety", "kind": "release", "at": "2026-03-09T08:00:00Z", "series": "series 7"},
}
_STEPS: Mapping[str, dict[str, Any]] = {
    "hearing": {
        "reference": "zitting-7", "step": "hearing_set", "hearing": "7", "occurred": "2026-06-15",
        "known": "2026-03-02", "said": {"court": "RBMNE", "time": "09:30"},
    },
    "moved": {
        "reference": "zitting-7-b", "step": "hearing_moved", "hearing": "7", "occurred": "2026-06-29",
        "known": "2026-06-01",
    },
    "charge": {
        "reference": "dagvaarding-1", "step": "charged", "defendant": "D1", "occurred": "2026-03-02",
        "known": "2026-03-02",
        "counts": [
            {"article": "252 Sr", "offence": "possession", "first": "2024-01-05", "last": "2024-03-01",
             "entries": ["00000000000000000000000000000061"]},
        ],
    },
    "correction": {
        "reference": "zitting-7-c", "step": "hearing_set", "hearing": "7", "occurred": "2026-06-16",
        "known": "2026-03-03", "corrects": "zitting-7",
    },
}  # fmt: skip
_KEY = {
    "in": "header",
    "name": repeats.HEADER,
    "required": False,
    "schema": {"type": "string", "pattern": '^"[A-Za-z0-9._~:-]{8,64}"$'},
    "description": "The same key with the same request gets the same answer, for at least 24 hours.",
}
_BODIES: Mapping[str, Any] = {
    "getToken": {FORM.media_type: {"schema": _OF_TOKEN}},
    "deliverReport": {FILE.media_type: {"schema": {"type": "string", "format": "binary"}}},
    "deliverCaseEvent": {
        DOCUMENT.media_type: {
            "schema": {"$ref": "#/components/schemas/CaseEvent"},
            "examples": {kind: {"value": {"case": "C-1", **said}} for kind, said in _HAPPENS.items()},
        }
    },
    "deliverCaseStep": {
        SHEET.media_type: {
            "schema": {"$ref": "#/components/schemas/CaseStepGiven"},
            "examples": {name: {"value": {"case": "C-1", **said}} for name, said in _STEPS.items()},
        }
    },
}
_ASKED = {
    "deliverReport": ("getReport", "reportId"),
    "deliverCaseEvent": ("getCaseEvent", "eventId"),
    "deliverCaseStep": ("getCaseStep", "stepId"),
}
"""By which operation one asks again after what was delivered."""
_KEYED = tuple(_ASKED)


@require_GET
def openapi(_request: HttpRequest) -> HttpResponse:
    """Give the description to whoever asks, also to a page of another host."""
    return HttpResponse(json.dumps(description()), content_type="application/json")


@cache
def description() -> dict[str, Any]:
    """Return the description as JSON values."""
    found: dict[str, Any] = dict(OpenAPISchema(api, ""))
    found["info"] = INFO | {"contact": _contact()}
    found["servers"] = [{"url": BASE}]
    found["security"] = []
    components = found["components"]
    _add_shape(components["schemas"], Problem)
    components["responses"] = {str(status): _problem(status) for status in problems.SENTENCES}
    components["headers"] = {
        "API-Version": {"schema": {"type": "string", "const": VERSION}, "required": True},
        "Location": {"schema": {"type": "string"}, "description": "The address of the resource."},
    }
    flow = {"tokenUrl": f"{BASE}/tokens", "scopes": {scope.value: said for scope, said in SAID.items()}}
    components["securitySchemes"] = {"oauth": {"type": "oauth2", "flows": {"clientCredentials": flow}}}
    allowed = _allowed()
    for path in found["paths"].values():
        for operation in path.values():
            _complete(operation, allowed[operation["operationId"]])
    return found


def _contact() -> dict[str, str]:
    """Who answers for it: the desk, by the first of its names (LUWTE_DESK_HOSTS)."""
    host = str(settings.ALLOWED_HOSTS[0])
    return {"name": "Luwte", "url": f"https://{host}/openapi.json", "email": f"api@{host}"}


def _allowed() -> dict[str, Allowed | None]:
    """Return operation id -> who may use it; None: whoever shows a secret."""
    found: dict[str, Allowed | None] = {}
    for _, router in api._routers:
        for view in router.path_operations.values():
            for one in view.operations:
                lets_in = next((each for each in one.auth_callbacks if isinstance(each, Allowed)), None)
                found[str(one.operation_id)] = lets_in
    return found


def _complete(operation: dict[str, Any], allowed: Allowed | None) -> None:
    name = operation["operationId"]
    for status, answer in operation["responses"].items():
        answer["headers"] = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
        if name in _KEYED:
            answer["headers"]["Location"] = {"$ref": "#/components/headers/Location"}
            answer["description"] = "Registered." if status == 201 else "It was registered before."
            asks, parameter = _ASKED[name]
            answer["links"] = {
                asks: {"operationId": asks, "parameters": {parameter: "$response.body#/id"}},
            }
    refusals = [*_ALWAYS, *(_WITH_BODY if name in _BODIES else ()), *(_WITH_KEY if name in _KEYED else ())]
    for status in refusals:
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
    operation["responses"] = {str(key): value for key, value in operation["responses"].items()}
    if name in _BODIES:
        operation["requestBody"] = {"required": True, "content": _BODIES[name]}
    if name in _KEYED:
        operation["parameters"] = [*operation["parameters"], _KEY]
    operation["tags"] = [name.removeprefix("get").removeprefix("deliver").removeprefix("list").lower()]
    operation["security"] = [{"oauth": [scope]} for scope in allowed.scopes] if allowed else []


def _problem(status: int) -> dict[str, Any]:
    headers = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {problems.MEDIA_TYPE: {"schema": schema}}
    return {"description": problems.SENTENCES[status][1], "headers": headers, "content": content}


def _add_shape(schemas: dict[str, Any], shape: type[BaseModel]) -> None:
    found = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= found.pop("$defs", {})
    schemas[shape.__name__] = found
