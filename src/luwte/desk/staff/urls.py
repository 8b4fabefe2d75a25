"""Addresses of the care workers, below /staff/, with those of their accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from luwte.desk.accounts.urls import account_patterns
from luwte.desk.staff import (
    administration,
    auditing,
    calls,
    changing,
    enrol,
    finding_people,
    first,
    numbers,
    texts,
    views,
    wishing,
)

app_name = "staff"

urlpatterns: list[URLPattern] = [
    *account_patterns,
    path("", views.worklist, name="worklist"),
    path("people/", views.people, name="people"),
    path("person/<str:person_id>/", views.person, name="person"),
    path("person/<str:person_id>/link/", views.link, name="link"),
    path("person/<str:person_id>/lift/", views.lift, name="lift"),
    path("person/<str:person_id>/visits/", views.end_visits, name="end_visits"),
    path(
        "person/<str:person_id>/acting/<str:representative_id>/link/", views.acting_link, name="acting_link"
    ),
    path("person/<str:person_id>/who/", changing.who, name="who"),
    path("person/<str:person_id>/contact/", changing.contact, name="contact"),
    path("person/<str:person_id>/assessment/", changing.assessment, name="assessment"),
    path("person/<str:person_id>/acting/", changing.acting, name="acting_new"),
    path("person/<str:person_id>/acting/<str:representative_id>/", changing.acting, name="acting"),
    path("person/<str:person_id>/wishes/", wishing.overview, name="wishes"),
    path("person/<str:person_id>/wishes/stop/", wishing.withdraw, name="wishes_stop"),
    path("person/<str:person_id>/wishes/<int:place>/", wishing.source, name="wish"),
    path("first/", first.board, name="first"),
    path("first/<str:task_id>/", first.propose, name="first_propose"),
    path("first/decision/<str:decision_id>/", first.settle, name="first_settle"),
    path("find/", finding_people.find, name="find"),
    path("enrol/", enrol.conversations, name="enrol"),
    path("enrol/<str:draft_id>/", enrol.read_back, name="enrol_read"),
    path("enrol/<str:draft_id>/keep/", enrol.keep, name="enrol_keep"),
    path("enrol/<str:draft_id>/drop/", enrol.drop, name="enrol_drop"),
    path("enrol/<str:draft_id>/without/<str:part>/", enrol.remove, name="enrol_remove"),
    path("enrol/<str:draft_id>/step/<str:step>/", enrol.step, name="enrol_step"),
    path("call/<str:task_id>/", calls.call, name="call"),
    path("task/<str:task_id>/", views.task, name="task"),
    path("numbers/", numbers.page, name="numbers"),
    path("texts/", texts.overview, name="texts"),
    path("texts/<str:template_id>/", texts.one, name="text"),
    path("texts/<str:template_id>/sign/", texts.sign, name="sign_text"),
    path("texts/<str:template_id>/new/", texts.propose, name="propose_text"),
    path("accounts/", administration.overview, name="accounts"),
    path("accounts/<int:account_id>/", administration.one, name="one_account"),
    path("audit/", auditing.record, name="audit"),
    path("audit/looks/", auditing.looks, name="looks"),
    path("audit/looks/<int:account_id>/", auditing.looks_of, name="looks_of"),
]
