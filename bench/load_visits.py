"""The visitors of P10, in a process of their own: people and care workers who click, wait and read.

Reads from its input (JSON) where the desk is and who comes; writes what each request took to its output.
Every visitor is a thread with cookies of its own, follows redirects as a browser does, and thinks between
two pages: negative exponential with a mean of seven seconds, at most ten times that, as the benchmark TPC-W
lets people think. Nobody asks again before the answer is there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import re
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlencode

HOST, PATIENCE = "127.0.0.1", 60
THINK = 7.0
"""Seconds between two pages, on average."""
LONGEST = 10
PORTAL = {
    "/": "first page",
    "/?asked": "answer",
    "/vraag/": "question",
    "/waarom/": "choices",
    "/gezocht/": "searched",
    "/pauze/": "pause",
    "/verder/": "resume",
    "/keuzes/": "wishes",
    "/mijn/": "own",
    "/mijn/rechten/": "rights",
}
STAFF = {
    "/staff/": "work list",
    "/staff/people/": "search",
    "/staff/find/": "find",
    "/staff/first/": "first contacts",
    "/staff/numbers/": "numbers",
    "/staff/sign-in/": "password",
    "/staff/sign-in/code/": "code",
}
BEGINNINGS = {
    "/static/": "style",
    "/in/": "link",
    "/bericht/": "message",
    "/staff/person/": "person",
    "/staff/call/": "call",
}
SHOWN = ("/staff/people/",)
"""Where what is sent is answered by a page at once, so that no name stands in an address."""
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_STYLE = re.compile(r'rel="stylesheet"[^>]* href="([^"]+)"|href="([^"]+)"[^>]* rel="stylesheet"')
_MESSAGE = re.compile(r'href="(/bericht/[^"/]+/)"')
_PERSON = re.compile(r'href="(/staff/person/[^"/]+/)"')
_CALL = re.compile(r'action="(/staff/call/[^"/]+/)"')


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people and care workers come at once, for how many seconds, to a desk with how many `others`.

    The others do not come; all of them stand on the work list, and every tenth has a call that waits.
    """

    people: int
    staff: int
    seconds: int
    others: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One request: the kind of page, the seconds to its last byte, and what was wrong ("": nothing)."""

    kind: str
    seconds: float
    wrong: str


def kind_of(method: str, path: str) -> str:
    """Return the kind of page at `path`; what is sent to a page that is also read has a kind of its own."""
    found = PORTAL.get(path) or STAFF.get(path)
    if found is None:
        found = next((kind for start, kind in BEGINNINGS.items() if path.startswith(start)), path)
    return f"{found} sent" if method == "POST" and found in ("link", "password", "code") else found


def wrong(method: str, path: str, status: int) -> str:
    """Return what is wrong with an answer: a page is there (200), and what is sent leads to one (302).

    That is stricter than "2xx or 3xx": a page that sends away lost the session, and a form that comes back
    was not taken. What is sent to one of `SHOWN` is answered by a page.
    """
    leads = method == "POST" and path not in SHOWN
    return "" if status == (302 if leads else 200) else f"{method} {status}"


def think(mean: float, dice: random.Random) -> float:
    """Return how many seconds somebody looks at a page."""
    return min(dice.expovariate(1 / mean), LONGEST * mean)


def code(secret: str, at: float) -> str:
    """Return the code that an app with `secret` shows (RFC 6238)."""
    counted = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), hashlib.sha1)
    place = counted[-1] & 15
    return f"{(struct.unpack('>I', counted[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Browser:
    """Asks the desk for pages; the last one is `page`. What each took goes to `seen`."""

    def __init__(self, port: int, seen: list[Seen]) -> None:
        self.page = ""
        self._port, self._seen, self._cookies = port, seen, dict[str, str]()

    def get(self, path: str) -> None:
        """Load a page."""
        self._ask("GET", path)

    def post(self, path: str, **form: str) -> None:
        """Send a form of the page that is there, and load the page that it leads to."""
        token = _TOKEN.search(self.page)
        sent = {"csrfmiddlewaretoken": token.group(1) if token else "", **form}
        if leads := self._ask("POST", path, urlencode(sent)):
            self.get(leads)

    def style(self) -> None:
        """Load the style sheets of the page, as a browser does once."""
        page = self.page
        for one, other in _STYLE.findall(page):
            self.get(one or other)
        self.page = page

    def _ask(self, method: str, path: str, body: str = "") -> str:
        begun = time.perf_counter()
        leads = ""
        try:
            answer, text = self._exchange(method, path, body)
            fault, leads = wrong(method, path, answer.status), answer.headers.get("Location", "")
            self.page = text if answer.status == 200 else self.page
        except (OSError, HTTPException) as error:
            fault = f"{method} {type(error).__name__}"
        self._seen.append(Seen(kind_of(method, path), time.perf_counter() - begun, fault))
        return "" if fault else leads

    def _exchange(self, method: str, path: str, body: str) -> tuple[HTTPResponse, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Accept-Language": "nl", "Cookie": cookies}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection(HOST, self._port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer, text


class Visitor:
    """Somebody with a browser, until the time is over."""

    def __init__(self, browser: Browser, seconds: float, mean: float, seed: str) -> None:
        self.browser, self.dice = browser, random.Random(seed)
        self._mean, self._end = mean, time.monotonic() + seconds

    def arrive(self) -> None:
        """Wait a while first: nobody comes at the same moment."""
        time.sleep(self.dice.uniform(0, 2 * self._mean))

    def goes_on(self) -> bool:
        """Look at the page, and say whether there is time for another."""
        time.sleep(max(0.0, min(think(self._mean, self.dice), self._end - time.monotonic())))
        return time.monotonic() < self._end


PAGES = ("/", "/vraag/", "/waarom/", "/gezocht/", "pause", "/keuzes/", "/mijn/", "/mijn/rechten/")
WEIGHTS = (3, 2, 1, 1, 2, 1, 1, 1)
"""To which page a person goes next, and how often."""


def person(one: Visitor, link: str) -> None:
    """Sign in by a link; look, read what waits, ask, pause and go on, read what was chosen and searched, and
    what is one's own."""
    one.arrive()
    one.browser.get(link)
    one.browser.style()
    if not one.goes_on():
        return
    one.browser.post(link)
    while one.goes_on():
        waiting = _MESSAGE.search(one.browser.page)
        if waiting and one.dice.random() < 0.5:
            one.browser.get(waiting.group(1))
            continue
        chosen = one.dice.choices(PAGES, WEIGHTS)[0]
        if chosen == "pause":
            chosen = "/verder/" if 'action="/verder/"' in one.browser.page else "/pauze/"
        (one.browser.post if chosen in ("/vraag/", "/verder/", "/pauze/") else one.browser.get)(chosen)


OTHERS = ("/staff/find/", "/staff/first/", "/staff/numbers/")


def worker(one: Visitor, account: Mapping[str, str]) -> None:
    """Sign in with a password and a code; look at the list, at people and at other pages, take calls and
    give them back."""
    one.arrive()
    one.browser.get("/staff/sign-in/")
    one.browser.style()
    if not one.goes_on():
        return
    one.browser.post("/staff/sign-in/", username=account["name"], password=account["password"])
    if not one.goes_on():
        return
    one.browser.post("/staff/sign-in/code/", code=code(account["secret"], time.time()))
    while one.goes_on():
        look(one)
        people = _PERSON.findall(one.browser.page)
        if not people or not one.goes_on():
            continue
        one.browser.get(one.dice.choice(people[:20] if one.dice.random() < 0.5 else people))
        for act in ("accept", "give_back"):
            call = _CALL.search(one.browser.page)
            if call and f'value="{act}"' in one.browser.page and one.goes_on():
                one.browser.post(call.group(1), act=act)


def look(one: Visitor) -> None:
    """Load the work list, mostly; else look for people by name, or load another page of the staff."""
    chosen = one.dice.choices(("/staff/", "search", *OTHERS), (14, 3, 1, 1, 1))[0]
    if chosen == "search":
        one.browser.post("/staff/people/", name="Visitor 1")
    else:
        one.browser.get(chosen)


def main() -> None:
    """Let everyone come and write what was seen."""
    plan = json.load(sys.stdin)
    seen: list[Seen] = []
    visits: list[tuple[Callable[..., None], object]] = [
        *((person, link) for link in plan["links"]),
        *((worker, account) for account in plan["accounts"]),
    ]
    threads = []
    for number, (visit, who) in enumerate(visits):
        visitor = Visitor(Browser(plan["port"], seen), plan["seconds"], plan["think"], f"visitor {number}")
        threads.append(threading.Thread(target=visit, args=(visitor, who)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump([[one.kind, one.seconds, one.wrong] for one in seen], sys.stdout)


if __name__ == "__main__":
    main()
