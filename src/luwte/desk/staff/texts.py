"""The pages of the texts: each version as it arrives, what the rules for words say of it, who signed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luwte.desk.accounts.accounts import named
from luwte.desk.accounts.entry import for_right
from luwte.desk.accounts.rights import Right
from luwte.desk.pages.moment import now
from luwte.desk.staff import text_words
from luwte.desk.staff.text_preview import Shown, shown
from luwte.desk.words import proposals
from luwte.desk.words.errors import ProposalRefused, SignatureRefused, TemplateUnknown
from luwte.desk.words.linter import faults
from luwte.desk.words.models import SignOff
from luwte.desk.words.registry import REGISTERS, Template, Text, template, templates, versions
from luwte.desk.words.services import NEEDED, sign_these, signatures

for_readers = for_right(Right.CARE, Right.ADMINISTRATOR)
known_faults = lru_cache(maxsize=512)(faults)
"""Texts of the tree do not change while the desk runs."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A text in one register: itself, as it arrives, what is wrong with it, who signed it."""

    text: Template
    shown: Shown
    faults: tuple[str, ...]
    signatures: tuple[SignOff, ...]

    @property
    def enough(self) -> bool:
        """Whether two people signed it."""
        return len(self.signatures) >= NEEDED


@require_safe
@for_readers
def overview(request: HttpRequest) -> HttpResponse:
    """List every text: where it is read, its version, how many signed each register, what is proposed."""
    waiting = proposals.waiting()
    lines = [
        (
            found[0],
            [len(signatures(one)) for one in found],
            any(map(known_faults, found)),
            found[0].id in waiting,
        )
        for found in _by_text()
    ]
    return render(request, "staff/texts.html", {"lines": lines, "registers": REGISTERS, "needed": NEEDED})


@require_safe
@for_readers
def one(request: HttpRequest, template_id: str) -> HttpResponse:
    """Show a text: what is proposed, the version that counts, and those of before."""
    return _page(request, template_id)


@require_POST
@for_readers
def sign(request: HttpRequest, template_id: str) -> HttpResponse:
    """Sign exactly the texts that the page showed, in each register, as this account."""
    by, read = named(request.user.pk or 0), set(request.POST.getlist("digest")[: 2 * len(REGISTERS)])
    candidates = [*_newest(template_id), *_proposed(template_id)]
    wanted = [found for found in candidates if found.digest in read]
    if not wanted or len(wanted) != len(read):
        messages.info(request, _("The text is not the one that you read. Read it again."))
        return redirect("staff:text", template_id)
    try:
        sign_these(wanted, request.user.get_username(), request.POST.get("role", ""), now(), signer=by)
    except SignatureRefused:
        messages.info(
            request, _("You signed this before, or the role cannot be used. A second person signs next.")
        )
    else:
        messages.success(request, _("You signed this text."))
    return redirect("staff:text", template_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def propose(request: HttpRequest, template_id: str) -> HttpResponse:
    """Propose a new version; what breaks a rule for words is said by its text, and nothing is kept."""
    now_there = _newest(template_id)
    texts = {found.words: found.text for found in now_there}
    wrong: dict[str, list[str]] = {}
    if request.method == "POST":
        texts = {words: _sent(request, words) for words in REGISTERS}
        try:
            proposals.propose(template_id, texts, by=named(request.user.pk or 0), now=now())
        except ProposalRefused as error:
            wrong = error.faults
        else:
            messages.success(request, _("The new version is proposed. Two people read and sign it."))
            return redirect("staff:text", template_id)
    parts = [(words, texts[words], text_words.faults(wrong.get(words, []))) for words in REGISTERS]
    context = {"id": template_id, "variables": sorted(now_there[0].variables), "parts": parts, "wrong": wrong,
               "subject": bool(now_there[0].text.subject), "longest": proposals.LONGEST_BODY}  # fmt: skip
    return render(request, "staff/propose.html", context)


def _page(request: HttpRequest, template_id: str) -> HttpResponse:
    newest = _newest(template_id)
    proposed = proposals.proposal(template_id)
    signer = named(request.user.pk or 0)
    waits = _seen(proposed.texts) if proposed else []
    earlier = [
        (number, _seen([template(template_id, words, number) for words in REGISTERS]))
        for number in versions(template_id)[1:]
    ]
    context = {
        "id": template_id,
        "place_read": newest[0].place,
        "parts": [
            (
                _("The version that counts"),
                newest[0].version,
                _seen(newest),
                _may_sign(_seen(newest), signer),
            ),
            *(
                [(_("A new version that is proposed"), proposed.version, waits, _may_sign(waits, signer))]
                if proposed
                else []
            ),
        ],
        "proposed": proposed,
        "file": proposals.as_file(proposed) if proposed and all(one.enough for one in waits) else "",
        "earlier": earlier,
        "needed": NEEDED,
    }
    return render(request, "staff/text.html", context)


def _may_sign(found: Sequence[Seen], signer: str) -> bool:
    return any(signer not in {row.signer for row in one.signatures} for one in found)


def _seen(found: Sequence[Template]) -> list[Seen]:
    moment = now()
    return [
        Seen(one, shown(one, moment), tuple(text_words.faults(faults(one))), tuple(signatures(one)))
        for one in found
    ]


def _newest(template_id: str) -> list[Template]:
    try:
        return [template(template_id, words) for words in REGISTERS]
    except TemplateUnknown as error:
        raise Http404 from error


def _proposed(template_id: str) -> Sequence[Template]:
    found = proposals.proposal(template_id)
    return found.texts if found else ()


def _by_text() -> list[list[Template]]:
    found = templates()
    size = len(REGISTERS)
    return [found[at : at + size] for at in range(0, len(found), size)]


def _sent(request: HttpRequest, words: str) -> Text:
    """Browsers send lines that end as in an e-mail; the file has them as everywhere else."""
    subject, body = (request.POST.get(f"{part}-{words}", "") for part in ("subject", "body"))
    return Text(subject.strip(), body.replace("\r\n", "\n").replace("\r", "\n"))
