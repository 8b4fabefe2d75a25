"""The description holds to the API Design Rules of the Dutch government (ADR 2.2), rule by rule.

The technical rules that Logius' Spectral set (`media/linter.yaml`) and the text ask for, as checks of ours;
each names its rule. That a running desk holds to them is checked in `test_answers` and `test_schema`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from luwte.desk.api.description import description
from luwte.desk.api.middleware import VERSION
from luwte.desk.api.scopes import Scope
from tests.support.interface import Machine

Document = dict[str, Any]
METHODS = {"get", "post", "put", "delete", "patch"}
SEGMENTS = re.compile(r"(/([a-z0-9\-]+|\{[^}]+\}))+")
CAMEL = re.compile(r"\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*")
OF_OAUTH = {"access_token", "token_type", "expires_in", "grant_type", "client_id", "client_secret",
            "error_description"}  # fmt: skip
"""Names that RFC 6749 gives."""


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def resolved(document: Document, value: Document) -> Document:
    while "$ref" in value:
        found: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


def properties(value: Any) -> Iterator[tuple[str, Document]]:
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict):
            yield from value["properties"].items()
        for each in value.values():
            yield from properties(each)
    elif isinstance(value, list):
        for each in value:
            yield from properties(each)


def no_trailing_slash(document: Document) -> bool:
    """/core/no-trailing-slash"""
    return not any(path.endswith("/") for path in document["paths"])


def kebab_case(document: Document) -> bool:
    """/core/path-segments-kebab-case"""
    return all(SEGMENTS.fullmatch(path) for path in document["paths"])


def plural_nouns(document: Document) -> bool:
    """/core/naming-collections, /core/naming-resources"""
    return all(path.split("/")[1].endswith("s") for path in document["paths"])


def camel_case(document: Document) -> bool:
    """/core/query-keys-camel-case, and the same for what documents hold"""
    names = [one["name"] for _, _, each in operations(document) for one in each["parameters"]
             if one["in"] in ("query", "path")]  # fmt: skip
    names += [name for name, _ in properties(document) if name not in OF_OAUTH]
    return all(CAMEL.fullmatch(name) for name in names)


def known_methods(document: Document) -> bool:
    """/core/http-methods"""
    return all(method in METHODS for _, method, _ in operations(document))


def moments(document: Document) -> bool:
    """/core/date-time/format, /core/date-time/date-omit-time-portion"""
    named = {"made", "received", "at", "lapses", "time"}
    found = [str(value) for name, value in properties(document) if name in named]
    return len(found) > 5 and all("date-time" in value for value in found)


def problems(document: Document) -> bool:
    """/core/error-handling/problem-details"""
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) < 400:
                continue
            content = resolved(document, answer)["content"]
            if content.keys() != {"application/problem+json"}:
                return False
            schema = resolved(document, content["application/problem+json"]["schema"])
            if not {"status", "title", "detail"} <= {*schema["required"]}:
                return False
    return True


def invalid_input(document: Document) -> bool:
    """/core/error-handling/invalid-input"""
    return all("400" in operation["responses"] for _, _, operation in operations(document))


def version_header(document: Document) -> bool:
    """/core/version-header"""
    return all(
        "API-Version" in resolved(document, answer)["headers"]
        for _, _, operation in operations(document)
        for answer in operation["responses"].values()
    )


def openapi_3(document: Document) -> bool:
    """/core/doc-openapi"""
    return str(document["openapi"]).startswith("3.1")


def contact(document: Document) -> bool:
    """/core/doc-openapi-contact"""
    return bool({"name", "email", "url"} <= document["info"]["contact"].keys())


def uri_version(document: Document) -> bool:
    """/core/uri-version"""
    addresses = [one["url"] for one in document["servers"]]
    return bool(addresses) and all(re.search(r"/v[1-9][0-9]*$", one) for one in addresses)


def semver(document: Document) -> bool:
    """/core/semver"""
    return bool(re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"]))


def secure_servers(document: Document) -> bool:
    """/core/transport/tls"""
    return not any(one["url"].startswith("http:") for one in document["servers"])


def no_sensitive_addresses(document: Document) -> bool:
    """/core/transport/no-sensitive-uris: nothing but ids that we gave, and numbers"""
    allowed = {"reportId", "eventId", "stepId", "after", "limit"}
    names = {one["name"] for _, _, each in operations(document) for one in each["parameters"]
             if one["in"] in ("query", "path")}  # fmt: skip
    return names <= allowed


def operation_ids(document: Document) -> bool:
    """Spectral: each operation has an id of its own"""
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    return len(set(ids)) == len(ids) and all(CAMEL.fullmatch(one) for one in ids)


def shape(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]["properties"]
    return found


def not_found(document: Document) -> Document:
    found: Document = document["components"]["responses"]["404"]
    return found


def listing(document: Document) -> Document:
    found: Document = document["paths"]["/events"]["get"]
    return found


RULES: dict[Callable[[Document], bool], Callable[[Document], object]] = {
    no_trailing_slash: lambda spoiled: spoiled["paths"].update({"/reports/": {}}),
    kebab_case: lambda spoiled: spoiled["paths"].update({"/caseEvents": {}}),
    plural_nouns: lambda spoiled: spoiled["paths"].update({"/report": {}}),
    camel_case: lambda spoiled: shape(spoiled, "CaseEvent").update({"case_no": {}}),
    known_methods: lambda spoiled: spoiled["paths"]["/events"].update({"trace": listing(spoiled)}),
    moments: lambda spoiled: shape(spoiled, "ReportStatus").update({"made": {"type": "string"}}),
    problems: lambda spoiled: not_found(spoiled).update({"content": {"application/json": {}}}),
    invalid_input: lambda spoiled: listing(spoiled)["responses"].pop("400"),
    version_header: lambda spoiled: not_found(spoiled)["headers"].clear(),
    openapi_3: lambda spoiled: spoiled.update({"openapi": "2.0"}),
    contact: lambda spoiled: spoiled["info"]["contact"].pop("email"),
    uri_version: lambda spoiled: spoiled["servers"].append({"url": "/api"}),
    semver: lambda spoiled: spoiled["info"].update({"version": "1.0"}),
    secure_servers: lambda spoiled: spoiled["servers"].append({"url": "http://desk/v1"}),
    no_sensitive_addresses: lambda spoiled: listing(spoiled)["parameters"].append(
        {"in": "query", "name": "person"}
    ),
    operation_ids: lambda spoiled: listing(spoiled).update({"operationId": "getToken"}),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_description_holds_to_each_rule_and_the_rule_bites(rule: Callable[[Document], bool]) -> None:
    assert rule(description()), rule.__doc__
    spoiled = deepcopy(description())
    RULES[rule](spoiled)
    assert not rule(spoiled), f"{rule.__doc__} finds nothing wrong with anything"


def test_the_version_is_that_of_every_answer() -> None:
    assert description()["info"]["version"] == VERSION


def test_each_scope_is_explained_and_asked_for() -> None:
    """RFC 6749: which scope each resource asks for."""
    flow = description()["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]
    asked = {one["oauth"][0] for _, _, each in operations(description()) for one in each["security"]}
    assert flow["scopes"].keys() == asked == set(Scope)


@pytest.mark.django_db(databases=["default", "vault"])
def test_it_is_published_at_both_addresses_for_everyone(machine: Machine) -> None:
    """/core/publish-openapi"""
    found = [machine.ask("GET", path) for path in ("/openapi.json", "/api/v1/openapi.json")]
    assert [one.status for one in found] == [200, 200]
    assert found[0].json() == found[1].json() == description()
    assert all(one.headers["access-control-allow-origin"] == "*" for one in found)


def test_every_reference_leads_somewhere() -> None:
    document = description()
    references = re.findall(r"'\$ref': '([^']+)'", str(document))
    assert len(references) > 20
    for reference in set(references):
        assert resolved(document, {"$ref": reference}), reference


def test_nothing_in_it_is_about_a_person() -> None:
    names = {name for name, _ in properties(description())}
    assert not names & {
        "person",
        "subject_id",
        "name_of",
        "email",
        "born",
        "address",
        "findings",
        "people",
        "unlinked",
    }
