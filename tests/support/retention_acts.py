"""What a test of retention does in a process of its own."""

from __future__ import annotations

from typing import Any


def grow_old() -> str:
    """Tell everyone of a case, let them read it, and erase one person; return the id of a finding."""
    from luwte.desk.findings.models import Finding
    from luwte.desk.telling.models import Contact
    from luwte.desk.telling.subjects import person_of
    from luwte.desk.vault import services as vault
    from tests.support.desk import NOON
    from tests.support.retention import DAY, HOUR, tell

    tell(NOON + HOUR)
    Contact.objects.update(opened=NOON + DAY)
    finding = Finding.objects.filter(subject__in=Contact.objects.values("subject")).order_by("id").first()
    subjects = set(Finding.objects.values_list("subject", flat=True))
    for subject in sorted(subjects - set(Contact.objects.values_list("subject", flat=True))):
        vault.erase(person_of(subject), now=NOON + DAY)
    assert finding is not None
    return finding.id


def let_go() -> int:
    """Delete what is over its term, in steps of two rows; return how many went."""
    from luwte.desk.retention import services
    from tests.support.retention import clear

    services.STEP = 2
    return clear()


def again() -> int:
    """Take the same report in once more, tell, and return how many e-mails left."""
    from luwte.desk.findings.services import register
    from luwte.exchange.home import Home
    from tests.support.desk import report
    from tests.support.retention import DAY, LATE, tell

    found = {"s-portal": {"a": (3, 1)}, "s-email": {"a": (3, 1)}}
    register(report(found, report_id="12" * 16, house=Home.open().identity), LATE + DAY)
    return len(tell(LATE + 2 * DAY).kept)


def gone(finding: str) -> dict[str, Any]:
    """Return what is left, what the records say of what went, and what is wrong with them."""
    import json

    from luwte.desk.audit.checking import verify
    from luwte.desk.audit.checkpoints import signer
    from luwte.desk.audit.forgetting import DIGEST_BYTES
    from luwte.desk.cases.models import Case
    from luwte.desk.findings.models import Finding, ReportReceipt
    from luwte.desk.retention.errors import NothingProven
    from luwte.desk.retention.proof import prove
    from luwte.desk.retention.table import shipped
    from luwte.desk.retention.taking import PEOPLE, REGISTER
    from luwte.desk.telling.models import Contact, Remembered
    from luwte.desk.vault.models import Person
    from luwte.exchange.home import Home

    problems: list[str] = []
    steps, digests = 0, set()
    for book in (REGISTER, PEOPLE):
        problems += verify(book.log, signer(Home.open().identity, book.log).verifier).problems
        acts = book.log.leaf.objects.filter(act=book.act)
        kept = dict(book.cleared.objects.values_list("leaf", "digests"))
        said = {one.id: json.loads(bytes(one.content or b"{}"))["details"]["rows"] for one in acts}
        if {leaf: len(bytes(found)) // DIGEST_BYTES for leaf, found in kept.items()} != said:
            problems.append("acts and digests differ")
        for found in map(bytes, kept.values()):
            each = [found[at : at + DIGEST_BYTES] for at in range(0, len(found), DIGEST_BYTES)]
            problems += ["a row went twice" for one in each if one in digests]
            digests.update(each)
        steps += len(said)
    try:
        proven = all(one.whole and one.gone for one in prove(finding, shipped()))
    except NothingProven:
        proven = False
    tables: dict[str, Any] = {
        "case": Case, "report": ReportReceipt, "finding": Finding, "contact": Contact, "person": Person,
    }  # fmt: skip
    left = {name: table.objects.count() for name, table in tables.items()}
    return {"left": left, "problems": problems, "steps": steps, "proven": proven,
            "marks": Remembered.objects.exclude(mark="").count()}  # fmt: skip


ACTS = {"grow-old": grow_old, "let-go": let_go, "again": again, "gone": gone}
