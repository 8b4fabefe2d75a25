"""Addresses of the portal; none of them says what it is about."""

from __future__ import annotations

from django.urls import path

from luwte.desk.portal import by_broker, choosing, coming_in, mine, quiet, views, ways, why_told

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("in/<str:token>/", views.sign_in, name="sign_in"),
    path("via/", by_broker.begin, name="broker"),
    path("via/terug/", by_broker.back, name="broker_back"),
    path("bericht/<str:message_id>/", views.message, name="message"),
    path("bericht/<str:message_id>/later/", views.not_now, name="not_now"),
    path("gelezen/<str:alert_id>/", views.confirm, name="confirm"),
    path("vraag/", views.ask, name="ask"),
    path("pauze/", views.pause, name="pause"),
    path("verder/", views.resume, name="resume"),
    path("niet-goed/", views.distress, name="distress"),
    path("voor-u/", views.here_for_you, name="here_for_you"),
    path("waarom/", views.why, name="why"),
    path("gezocht/", views.searched, name="searched"),
    path("gezocht/maak/", views.state, name="state"),
    path("gezocht/<str:statement>/", views.statement, name="statement"),
    path("gezocht/<str:statement>/blad/", views.paper, name="paper"),
    path("keuzes/", choosing.choices, name="choices"),
    path("keuzes/<int:place>/", choosing.source, name="source"),
    path("keuzes/<int:place>/nalezen/", choosing.read_back, name="read_back"),
    path("keuzes/<int:place>/vast/", choosing.keep, name="keep"),
    path("rust/", quiet.quiet, name="quiet"),
    path("rust/<str:quiet_id>/weg/", quiet.lift, name="lift_quiet"),
    path("stop/", choosing.stop, name="stop"),
    path("bericht/<str:message_id>/waarom/", why_told.why_told, name="why_told"),
    path("verlaten/", views.leaving, name="leaving"),
    path("vooraf/", mine.before, name="before"),
    path("veilig/", mine.safety, name="safety"),
    path("mijn/", mine.mine, name="mine"),
    path("mijn/gegevens/", mine.data, name="data"),
    path("mijn/gegevens/blad/", mine.save, name="save"),
    path("mijn/bekeken/", mine.looked_at, name="looked"),
    path("mijn/mensen/", mine.acting, name="acting"),
    path("mijn/rechten/", mine.rights, name="rights"),
    path("mijn/weg/", mine.erase, name="erase"),
    path("binnen/", coming_in.come_in, name="come_in"),
    path("mijn/toegang/", ways.ways, name="ways"),
    path("mijn/toegang/app/", ways.app, name="ways_app"),
    path("mijn/toegang/sleutel/", ways.passkey, name="ways_passkey"),
    path("mijn/toegang/codes/", ways.codes, name="ways_codes"),
    path("mijn/toegang/weg/", ways.remove, name="ways_remove"),
]
