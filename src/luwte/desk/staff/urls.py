"""Addresses of the staff, below /staff/. Some bear the names that allauth looks for."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from luwte.desk.staff import administration, auditing, calls, entry, factors, numbers, second, texts, views

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
