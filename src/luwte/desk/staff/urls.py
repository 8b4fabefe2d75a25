"""Addresses of the staff, below /staff/. Some bear the names that allauth looks for."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from luwte.desk.staff import (
    calls,
    changing,
    enrol,
    entry,
    factors,
    finding_people,
    first,
    second,
    views,
    wishing,
)

app_name = "staff"

urlpatterns: list[URLPattern] = [
    path("", views.worklist, name="worklist"),
    path("people/", views.people, name="people"),
    path("sign-in/", entry.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(next_page="staff:sign_in"), name="sign_out"),
    path("invited/<str:token>/", entry.invited, name="invited"),
    path("account/", factors.Overview.as_view(), name="account"),
    path("account/password/", factors.password, name="password"),
    path("account/others/", factors.end_others, name="end_others"),
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
]

allauth_patterns: list[URLPattern] = [
    path("sign-in/", entry.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", second.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", second.Passkey.as_view(), name="mfa_login_webauthn"),
    path("again/", second.Again.as_view(), name="mfa_reauthenticate"),
    path("again/passkey/", second.AgainByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("account/", factors.Overview.as_view(), name="mfa_index"),
    path("account/app/", factors.AddApp.as_view(), name="mfa_activate_totp"),
    path("account/app/remove/", factors.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/passkey/", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkey/<int:pk>/remove/", factors.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/codes/", factors.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("account/codes/new/", factors.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
]
