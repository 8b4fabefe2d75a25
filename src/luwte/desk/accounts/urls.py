"""Addresses of accounts, below /staff/ in each world that has pages. Some bear names that allauth looks for.

`account_patterns` belong to the pages of the staff of that world, whose namespace is `staff`.
"""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from luwte.desk.accounts import entry, factors, second

account_patterns: list[URLPattern] = [
    path("sign-in/", entry.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(next_page="staff:sign_in"), name="sign_out"),
    path("invited/<str:token>/", entry.invited, name="invited"),
    path("account/", factors.Overview.as_view(), name="account"),
    path("account/password/", factors.password, name="password"),
    path("account/others/", factors.end_others, name="end_others"),
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
