"""Addresses of the world of casework: its pages below /staff/, as those of the staff elsewhere; no portal."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from luwte.desk.accounts.urls import allauth_patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="staff:worklist"), name="first"),
    path("", include("luwte.desk.pages.urls")),
    path("staff/", include("luwte.desk.casework.urls")),
    path("staff/", include(allauth_patterns)),
]
