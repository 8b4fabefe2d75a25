"""Addresses of the staff, below /staff/."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from luwte.desk.staff import calls, entry, views

app_name = "staff"

urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("sign-in/", entry.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(next_page="staff:sign_in"), name="sign_out"),
    path("person/<str:person_id>/", views.person, name="person"),
    path("person/<str:person_id>/link/", views.link, name="link"),
    path("person/<str:person_id>/lift/", views.lift, name="lift"),
    path(
        "person/<str:person_id>/acting/<str:representative_id>/link/", views.acting_link, name="acting_link"
    ),
    path("call/<str:task_id>/", calls.call, name="call"),
    path("task/<str:task_id>/", views.task, name="task"),
]
