"""Addresses of casework, below /staff/, with those of its accounts: here its people are the staff."""

from __future__ import annotations

from django.urls import URLPattern, path

from luwte.desk.accounts.urls import account_patterns
from luwte.desk.casework import (
    cases,
    entries,
    intake,
    limits,
    numbers,
    reviewing,
    second,
    signers,
    views,
    work,
)

app_name = "staff"

urlpatterns: list[URLPattern] = [
    *account_patterns,
    path("", views.worklist, name="worklist"),
    path("review/", reviewing.review, name="review"),
    path("review/undo/", reviewing.undo, name="undo"),
    path("quarantine/", entries.quarantine, name="quarantine"),
    path("lists/", entries.lists, name="lists"),
    path("lists/<str:signer>/", signers.signer, name="signer"),
    path("entry/", entries.find, name="find"),
    path("entry/<str:entry_id>/", entries.entry, name="entry"),
    path("second/<str:proposal>/", second.answer, name="second"),
    path("intake/", intake.intake, name="intake"),
    path("intake/<str:digest>/", intake.upload, name="upload"),
    path("intake/<str:digest>/again/", intake.again, name="again"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<str:case_id>/", cases.case, name="case"),
    path("limits/", limits.limits, name="limits"),
    path("limits/acute/", limits.acute, name="acute"),
    path("numbers/", numbers.page, name="numbers"),
    path("accounts/", work.overview, name="accounts"),
    path("accounts/<int:account_id>/", work.one, name="one_account"),
]
