from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User

from luwte.desk.audit.models import Leaf
from luwte.desk.words import linter
from luwte.desk.words.registry import REGISTERS, Template, Text, template
from luwte.desk.words.services import signed
from tests.support.accounts import Worker, by

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that stands, in the tables of this test."""
    from luwte.desk.project import ready

    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)


def luwte(*arguments: str) -> tuple[int, str]:
    """Run `luwte desk words` and return its exit code and what it printed."""
    from click.testing import CliRunner

    from luwte.cli.desk import desk

    found = CliRunner().invoke(desk, ["words", *arguments])
    return found.exit_code, found.output + (str(found.exception) if found.exception else "")


def test_two_people_sign_a_text(desk: None) -> None:
    code, said = luwte("sign", "contact.sms", "--by", "Wim", "--role", "care worker")
    assert (code, "after a second, other person" in said) == (0, True)
    code, said = luwte("sign", "contact.sms", "--by", "WIM", "--role", "manager")
    assert code != 0
    assert "second, other person" in said
    code, said = luwte("sign", "contact.sms", "--by", "Lotte", "--role", "reader")
    assert (code, "It may be used." in said) == (0, True)
    assert all(signed(template("contact.sms", words)) for words in REGISTERS)


def test_once_there_are_accounts_two_of_them_sign(desk: None) -> None:
    wim, lotte = Worker("wim"), Worker("lotte")
    code, said = luwte("sign", "contact.sms", "--by", "Anyone", "--role", "reader", "--secrets", _typed(wim))
    assert (code != 0, "do not belong together" in said) == (True, True)
    assert luwte("sign", "contact.sms", "--role", "care worker", *wim.by())[0] == 0
    User.objects.filter(username="wim").update(username="willem")
    code, said = luwte("sign", "contact.sms", "--role", "manager", *by("willem", next(wim.codes)))
    assert code != 0
    assert "second, other person" in said, "an account under another name is the same one"
    code, said = luwte("sign", "contact.sms", "--role", "reader", *lotte.by())
    assert (code, "It may be used." in said) == (0, True)
    rows = Leaf.objects.filter(act="words.signed")
    by_whom = {json.loads(bytes(row.content or b""))["by"] for row in rows}
    assert by_whom == {f"staff:{wim.user.pk}", f"staff:{lotte.user.pk}"}
    assert "signed by wim (care worker)" in luwte("show", "contact.sms")[1]


def _typed(worker: Worker) -> str:
    return worker.by()[-1]


def test_list_and_show(desk: None) -> None:
    luwte("sign", "contact.sms", "--by", "Wim", "--role", "care worker")
    code, said = luwte("list")
    assert code == 0
    assert "contact.sms         1  nl-youth  outside  1 signatures" in said
    code, said = luwte("show", "contact.sms")
    assert code == 0
    assert template("contact.sms", "en").text.body in said
    assert template("contact.sms", "nl").digest in said
    assert "signed by Wim (care worker)" in said


def test_an_unknown_text_is_said(desk: None) -> None:
    code, said = luwte("show", "contact.fax")
    assert code != 0
    assert "no text 'contact.fax'" in said


def test_check_passes_and_fails_on_a_breach(monkeypatch: pytest.MonkeyPatch) -> None:
    assert luwte("check")[0] == 0
    planted = Template("planted", 1, "en", "inside", Text(body="You are safe."), frozenset())
    monkeypatch.setattr(linter, "templates", lambda: [planted])
    code, said = luwte("check")
    assert code == 1
    assert "planted (en): certainty: 'are safe'" in said
