"""Addresses that every room shares; none of them says what this is."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from luwte.desk.pages import views

urlpatterns = [
    path("uit/", views.leave, name="exit"),
    path("vandaag/", views.neutral, name="neutral"),
    path("taal/", set_language, name="language"),
]
