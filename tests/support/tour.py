"""Every page of the portal and of the staff, as an answer: for tests that hold for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.test import Client

from luwte.desk.accounts import accounts
from luwte.desk.accounts.models import Account
from luwte.desk.telling import tasks
from luwte.desk.wishes.rules import Detail, Source
from tests.support.by_broker import arrive, come_back, sign_in, standing
from tests.support.desk import NOON, Someone
from tests.support.pages import enter, enter_by
from tests.support.stage import acting_entrance, alerted, entrance, eventful, everyone, represented, tell
from tests.support.ways import with_app

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

OWN = (
    "/vooraf/", "/mijn/", "/mijn/gegevens/", "/mijn/bekeken/", "/mijn/mensen/", "/mijn/rechten/",
    "/mijn/weg/", "/mijn/weg/?verder", "/mijn/weg/?verder&nog", "/mijn/toegang/", "/mijn/toegang/app/",
    "/mijn/toegang/sleutel/",
)  # fmt: skip
"""What is a person's own, and what comes after the link."""
ENROLLED: dict[str, dict[str, str | list[str]]] = {
    "who": {
        "name": "Sanne Nieuw", "born": "1990-05-01", "seen": "document", "knows": "yes", "language": "nl",
        "words": "nl",
    },
    "contact": {
        "email": "sanne@example.org", "phone": "0612345678",
        "post": "Sanne Nieuw\r\nLaan 1\r\n1000 AA Plaats",
        "secret": "no",
    },
    "safe": {
        "safe_ways": ["email", "phone"], "safe_times": "na vijf uur", "code_word": "linde", "near": "no",
        "conflict": "none",
    },
    "acting": {"authority": "none_now", "basis": "register"},
    "needs": {"needs": ["child", "language"], "support": "haar zus", "helps": "een tolk"},
}  # fmt: skip
"""What somebody says in the conversation in which they are added."""
SOMEONE = {
    "acting_name": "Riet Nieuw", "role": "parent", "begins": "2026-01-01", "holder": "yes",
    "acting_knows": "yes", "acting_conflict": "none", "channel": "care_worker", "acting_language": "nl",
    "standing": "no",
}  # fmt: skip
WISH = {
    "told": "no", "rhythm": "monthly", "channel": "portal", "weekday": "", "hours": "9-17",
    "detail": "bands", "cover": "no", "words": "nl", "until": "", "by": "person", "conversation": "call",
    "version": "1",
}  # fmt: skip
PASSWORD = "een-lang-wachtwoord-voor-de-proef"


def care_worker(language: str = "nl", name: str = "zorg") -> Client:
    """Return a browser in which a care worker has signed in."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(User.objects.get_or_create(username=name, is_staff=True)[0])
    shown_factor(client)
    client.post("/taal/", {"language": language})
    return client


def shown_factor(client: Client) -> None:
    """Let the session of `client` count as begun with a second factor."""
    session = client.session
    session["staff"] |= {"factor": True}
    session.save()


def portal_pages(language: str) -> Iterator[tuple[str, Answer]]:
    """Give each page that a person can see, by name; those before sign-in begin with "outside"."""
    people = everyone()
    tell()
    visitor = Client(headers={"Accept-Language": language})
    yield "outside: first page", visitor.get("/")
    yield "outside: link", visitor.get(entrance(people["Anna"]))
    yield "outside: spent link", visitor.post("/in/unknown/")
    yield "outside: what the exit does", visitor.get("/verlaten/")
    yield "outside: safe devices", visitor.get("/veilig/")
    yield "outside: come in", visitor.get("/binnen/")
    yield "outside: did not come in", visitor.post("/binnen/")
    yield "outside: neutral", visitor.get("/vandaag/")
    yield "outside: not found", visitor.get("/nowhere/")
    yield from _by_broker(language)
    for who in ("Anna", "Bilal", "Chris", "Demi", "Eva", "Gijs", "Hanna", "Imke"):
        client = enter(people[who], language)
        yield f"{who}: first page", client.get("/")
        for path in re.findall(r'href="(/bericht/[0-9a-f]+/)"', client.get("/").content.decode()):
            yield f"{who}: message", client.get(path)
        yield f"{who}: asked", client.get("/?asked")
        yield f"{who}: why", client.get("/waarom/")
        yield f"{who}: searched", client.get("/gezocht/")
        client.post("/pauze/")
        yield f"{who}: paused", client.get("/")
        yield from ((f"{who}: {path}", client.get(path)) for path in OWN)
    yield from _ways(people["Anna"], language)
    yield from _choices(people["Bilal"], language)
    client.post("/mijn/weg/", {"act": "ask", "sure": "yes"})
    for path in ("/mijn/", "/mijn/weg/"):
        yield f"leaving: {path}", client.get(path)
    yield from _other_pages(language)


def _ways(person: Someone, language: str) -> Iterator[tuple[str, Answer]]:
    """The pages on which somebody who set up an app sees and changes how they come in."""
    client = enter(person, language)
    yield "ways: wrong code", client.post("/mijn/toegang/app/")
    yield "ways: no passkey", client.post("/mijn/toegang/sleutel/")
    with_app(person.id)
    yield "ways: an app", client.get("/mijn/toegang/")
    yield "ways: codes", client.post("/mijn/toegang/codes/")
    yield "ways: who looked", client.get("/mijn/bekeken/")
    session = client.session
    session["since"] -= 3_600
    session.save()
    yield "ways: not now", client.get("/mijn/toegang/")


def _by_broker(language: str) -> Iterator[tuple[str, Answer]]:
    """What a visitor sees on the way through a broker who does not come in."""
    with standing() as provider:
        visitor = Client(headers={"Accept-Language": language})
        yield "outside: way by the broker", visitor.get("/")
        yield "outside: not by the broker", sign_in(visitor)
        yield "outside: stopped at the broker", arrive(visitor, come_back(visitor, "no"))
        provider.answers["/keys"] = (500, {}, b"")
        yield "outside: broker away", sign_in(visitor)


def _choices(person: Someone, language: str) -> Iterator[tuple[str, Answer]]:
    """The pages on which somebody chooses: what holds, each question, the read-back, rest and stop."""
    client = enter(person, language)
    for path in ("/keuzes/", "/keuzes/1/", "/rust/", "/stop/"):
        yield f"chooses: {path}", client.get(path)
    client.post("/keuzes/1/", {"deel": "1", "rhythm": "weekly"})
    for part in range(1, 9):
        yield f"chooses: question {part}", client.get(f"/keuzes/1/?deel={part}")
    client.post("/keuzes/1/", {"deel": "2", "channel": "care_worker"})
    yield "chooses: alone", client.get("/keuzes/1/nalezen/")
    yield "chooses: a call", client.post("/keuzes/1/nalezen/", {"alone": "yes"}, follow=True)
    yield "chooses: so far", client.get("/keuzes/1/?verder")
    yield "chooses: nothing new", client.get("/keuzes/1/?later")
    yield "chooses: no answer", client.post("/keuzes/1/", {"deel": "1"})
    client.post("/keuzes/1/", {"deel": "8", "told": "no"})
    yield "chooses: nothing any more", client.get("/keuzes/1/nalezen/")
    yield "chooses: no day", client.post("/rust/", {"first": "soon", "kind": "days"})
    days = {"first": "2026-07-01", "last": "2026-07-14", "kind": "exams"}
    yield "chooses: quiet days", client.post("/rust/", days, follow=True)
    for found in re.findall(r'href="(/bericht/[0-9a-f]+/)"', client.get("/").content.decode()):
        yield "chooses: why told", client.get(f"{found}waarom/")
    yield "chooses: stopped", client.post("/stop/", follow=True)


def _other_pages(language: str) -> Iterator[tuple[str, Answer]]:
    """Pages of events, of safety, and of someone who acts for a person."""
    karim, acting = represented("Karim")
    lapses = NOON + timedelta(days=60)
    right = eventful("Lotte", Source.RIGHTS, "claim", Detail.EVERYTHING, lapses=lapses)
    step = eventful("Mees", Source.EVENTS, "verdict", Detail.BANDS)
    safe = alerted("Nadia")
    tell()
    entrances = {
        "Riet": acting_entrance(acting),
        **{name: entrance(one) for name, one in (("Karim", karim), ("Lotte", right), ("Mees", step))},
        "Nadia": entrance(safe),
    }
    for who, path in entrances.items():
        client = enter_by(path, language)
        first = client.get("/")
        yield f"{who}: first page", first
        for found in re.findall(r'href="(/bericht/[0-9a-f]+/)"', first.content.decode()):
            yield f"{who}: message", client.get(found)
        if who != "Riet":
            yield f"{who}: why", client.get("/waarom/")
            yield from ((f"{who}: {path}", client.get(path)) for path in OWN)
        for found in re.findall(r'action="(/gelezen/[0-9a-f]+/)"', first.content.decode()):
            client.post(found)
            yield f"{who}: confirmed", client.get("/")
        if who != "Riet":
            client.post("/niet-goed/")
            yield f"{who}: not well", client.get("/voor-u/")


def staff_pages(language: str) -> Iterator[tuple[str, Answer]]:
    """Give each page that a care worker can see, by name."""
    people = everyone()
    tell()
    yield "sign in", Client(headers={"Accept-Language": language}).get("/staff/sign-in/")
    client = care_worker(language)
    yield "account", client.get("/staff/account/")
    yield "app", client.get("/staff/account/app/")
    yield "password", client.get("/staff/account/password/")
    yield "password refused", client.post("/staff/account/password/")
    token = accounts.add("nieuw", by="command", now=NOON)
    yield "invited", Client(headers={"Accept-Language": language}).get(f"/staff/invited/{token}/")
    yield "work list", client.get("/staff/")
    yield from _enrolment(client)
    yield from _first_contacts(client)
    yield "look for people", client.get("/staff/people/")
    yield "people", client.post("/staff/people/", {"name": ""})
    yield "people by outcome", client.post("/staff/people/", {"outcome": "call"})
    yield "nobody", client.post("/staff/people/", {"name": "nobody"})
    for who, person in people.items():
        yield who, client.get(f"/staff/person/{person.id}/")
    for task in tasks.queue():
        client.post(f"/staff/call/{task.id}/", {"act": "accept"})
    yield "work list, taken", client.get("/staff/")
    for who in ("Farid", "Demi"):
        yield f"{who}, taken", client.get(f"/staff/person/{people[who].id}/")
    karim, acting = represented("Karim")
    browser = enter(karim)
    browser.post("/niet-goed/")
    browser.post("/mijn/weg/", {"act": "ask", "sure": "yes"})
    yield "Karim", client.get(f"/staff/person/{karim.id}/")
    for page in ("who/", "contact/", "assessment/", "acting/", f"acting/{acting}/", "wishes/", "wishes/4/"):
        yield f"Karim, {page}", client.get(f"/staff/person/{karim.id}/{page}")
    yield "Karim, a wish", client.post(f"/staff/person/{karim.id}/wishes/1/", WISH | {"told": "yes"})
    yield "link of Riet", client.post(f"/staff/person/{karim.id}/acting/{acting}/link/")
    yield "link", client.post(f"/staff/person/{people['Anna'].id}/link/")
    lapses = NOON + timedelta(days=60)
    otto = eventful("Otto", Source.RIGHTS, "claim", Detail.EVERYTHING, lapses=lapses)
    yield "Otto, a right", client.get(f"/staff/person/{otto.id}/")
    yield "numbers", client.get("/staff/numbers/")
    yield from _administration(client)


def _administration(client: Client) -> Iterator[tuple[str, Answer]]:
    """The pages of the texts, of the administrators and of the auditor."""
    key = User.objects.get(username="zorg").pk
    Account.objects.filter(pk=key).update(administrator=True, auditor=True)
    other = User.objects.get(username="nieuw").pk
    yield "accounts", client.get("/staff/accounts/")
    yield "account added", client.post("/staff/accounts/", {"act": "add", "name": "nog-een"})
    yield "account refused", client.post("/staff/accounts/", {"act": "add", "name": "nieuw"})
    yield "reset asked", client.post(f"/staff/accounts/{other}/", {"act": "ask-reset"})
    yield "what waits", client.get("/staff/accounts/")
    client.post(f"/staff/accounts/{other}/", {"act": "close"})
    for name, account in (("one's own account", key), ("a closed account", other)):
        yield name, client.get(f"/staff/accounts/{account}/")
    yield "texts", client.get("/staff/texts/")
    yield "a text", client.get("/staff/texts/contact.email/")
    yield "a new version", client.get("/staff/texts/contact.email/new/")
    yield "a new version refused", client.post("/staff/texts/contact.email/new/")
    yield "record", client.get("/staff/audit/?log=desk&act=looks")
    yield "record refused", client.get("/staff/audit/?log=desk&since=x")
    yield "looks", client.get("/staff/audit/looks/")
    yield "looks of", client.get(f"/staff/audit/looks/{key}/")


def _enrolment(client: Client) -> Iterator[tuple[str, Answer]]:
    """The pages on which somebody is looked up and added, each step answered wrongly first."""
    yield "find", client.get("/staff/find/")
    yield "find nothing", client.post("/staff/find/", {"name": "Anna"})
    yield "find a fault", client.post("/staff/find/", {"email": "anna", "phone": "1", "born": "soon"})
    yield "find nobody", client.post("/staff/find/", {"email": "nobody@example.org"})
    yield "find somebody", client.post("/staff/find/", {"email": "noor@example.org"})
    yield "conversations", client.get("/staff/enrol/")
    first = client.post("/staff/enrol/")["Location"]
    draft = first.removesuffix("step/who/")
    yield "someone", client.get(f"{draft}step/someone/")
    yield "someone, wrong", client.post(f"{draft}step/someone/", SOMEONE | {"channel": "email"})
    client.post(f"{draft}step/someone/", SOMEONE)
    for step, given in ENROLLED.items():
        yield f"step {step}", client.get(f"{draft}step/{step}/")
        yield f"step {step}, wrong", client.post(f"{draft}step/{step}/", {"needs": "none"})
        client.post(f"{draft}step/{step}/", given)
    yield "open conversations", client.get("/staff/enrol/")
    yield "read back", client.get(draft)
    yield "added", client.post(f"{draft}keep/", {"changed": changed(client, draft)}, follow=True)
    made = client.post("/staff/enrol/")["Location"].removesuffix("step/who/")
    for step, given in ENROLLED.items():
        client.post(f"{made}step/{step}/", given)
    yield "a double", client.get(made)
    yield "a double, not looked at", client.post(f"{made}keep/", {"changed": changed(client, made)})


def _first_contacts(client: Client) -> Iterator[tuple[str, Answer]]:
    """The board, with what this worker proposed and what a colleague did."""
    yield "first contacts", client.get("/staff/first/")
    colleague, calls = (
        care_worker(name="collega"),
        [one for one in tasks.queue() if one.reason == "never_asked"],
    )
    for browser, call, why in zip(
        (client, colleague, colleague), calls, ("news", "news", "too_young"), strict=False
    ):
        browser.post(f"/staff/first/{call.id}/", {"why": why, "until": "2027-01-01"})
    yield "first contacts, proposed", client.get("/staff/first/")


def changed(client: Client, draft: str) -> str:
    """Return what the read-back of a conversation sends along: when it changed last."""
    found = re.search(r'name="changed" value="([^"]+)"', client.get(draft).content.decode())
    assert found is not None
    return found[1]
