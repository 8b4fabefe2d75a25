"""Addresses of the interface, and of its description. A process of casework serves these and no others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from luwte.desk.api.description import openapi
from luwte.desk.api.problems import Refused, problem
from luwte.desk.api.routes import api


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing at an address."""
    del exception
    return problem(Refused(404))


def failed(_request: HttpRequest) -> HttpResponse:
    """Say that something went wrong here, and not what."""
    return problem(Refused(500))


handler404, handler500 = not_found, failed
urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("api/v1/openapi.json", openapi, name="openapi-v1"),
    path("api/v1/", api.urls),
]
