"""Addresses of the desk: the portal at the root, the pages of the staff below /staff/."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from luwte.desk.accounts.urls import allauth_patterns

_ROOMS = {"staff/": ("luwte.desk.staff",), "": ("luwte.desk.pages", "luwte.desk.portal")}

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"{room}.urls"))
    for prefix, rooms in _ROOMS.items()
    for room in rooms
    if find_spec(room) and find_spec(f"{room}.urls")
]
urlpatterns.append(path("staff/", include(allauth_patterns)))
