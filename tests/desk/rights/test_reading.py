"""Files of law: bad ones are refused in one sentence with file, rule and field; the shipped ones hold."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from random import Random

import pytest

from luwte.desk.cases.vocabulary import Step
from luwte.desk.rights.errors import JurisdictionWrong
from luwte.desk.rights.law import Each, Mark
from luwte.desk.rights.reading import MOST_BYTES, read_law
from luwte.desk.rights.shelf import FOLDER, shipped
from luwte.desk.words.claims import breaches
from luwte.desk.words.readability import too_hard

FILE = "xx-2026-01-01.toml"
LAW = """
country = "xx"
valid_from = 2026-01-01

[practice]
roll = false
roll_months = 3
leap_early = false
representatives = ["parent"]
source = "Code 1"
dated = 2026-01-01
mark = "unverified"

[[amount]]
id = "sum"
currency = "EUR"
source = "Code 2"
dated = 2026-01-01
mark = "read"
base = 2025
[amount.sums]
2026-01-01 = [100]
[amount.index]
2025 = "100.0"

[[rule]]
id = "xx-join"
name = { nl = "Meedoen", en = "Join" }
form = { nl = "Een brief.", en = "A letter." }
each = "defendant"
who = [{ holder = "representative", below = 18 }, { holder = "victim", from = 18 }]
opens = ["charged"]
until = "before closing_speech"
source = "Code 3"
dated = 2026-01-01
mark = "read"
"""


def test_a_sound_file_is_read() -> None:
    law = read_law(LAW.encode(), FILE)
    assert (law.country, law.version, law.valid_from) == ("xx", "xx-2026-01-01", date(2026, 1, 1))
    rule = law.rule("xx-join")
    assert (rule.each, rule.source.mark) == (Each.DEFENDANT, Mark.READ)
    assert rule.opened_by == {Step.CHARGED}
    assert rule.moved_by == (Step.HEARING_MOVED, Step.HEARING_CANCELLED)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('country = "xx"', 'country = "yy"', "field 'valid_from': country and day must be those in the name"),
        ("valid_from = 2026-01-01", "valid_from = 7", "field 'valid_from': give a day"),
        ("valid_from = 2026-01-01", "valid_from = 2026-01-01T10:00:00", "field 'valid_from': give a day"),
        ('country = "xx"', 'country = "xx"\ncolour = 1', "field 'colour': this field is not known"),
        ('until = "before closing_speech"', "", "rule xx-join, field 'until': it is missing"),
        ("before closing_speech", "before lunch", "rule xx-join, field 'until': 'before lunch': at word 2"),
        ("before closing_speech", "before this step", "field 'until': 'this step' has no meaning for each"),
        ("before closing_speech", "before the hearing", "'the hearing' has no meaning for each defendant"),
        ('opens = ["charged"]', "opens = []", "rule xx-join, field 'opens': give a list of 1 to"),
        ('opens = ["charged"]', "opens = [3]", "rule xx-join, field 'opens': An expression has"),
        ('each = "defendant"', 'each = "person"', "field 'each': 'person' is not known. Choose one of: case"),
        ('each = "defendant"', 'each = "step"', "field 'of': it belongs to a rule for each step"),
        ('each = "defendant"', 'each = "hearing"\nof = ["judgment"]', "field 'of': a hearing is set by"),
        ('each = "defendant"', 'each = "defendant"\nsaid = { served = true }', "field 'said'"),
        ('each = "defendant"', 'each = "defendant"\nclosed_by = ["lunch"]', "field 'closed_by': 'lunch'"),
        (
            'each = "defendant"',
            'each = "defendant"\nor_years = true',
            "field 'or_years': give a whole number",
        ),
        ('each = "defendant"', 'each = "defendant"\noffences = [252]', "field 'offences'"),
        ('each = "defendant"', 'each = "defendant"\noffences = ["theft"]', "'theft' is no article"),
        ("from = 18", "from = 19", "field 'who': between 18 and 19 years it is nobody's"),
        ("from = 18", "from = 18, below = 12", "field 'below': it must be more than"),
        ("from = 18", 'from = 18, only = "rich"', "field 'only': 'rich' is not known"),
        ('id = "xx-join"', 'id = "nl-join"', "field 'id': give a name like xx-join"),
        ('nl = "Meedoen"', 'nl = ""', "rule xx-join, name, field 'nl': give a text"),
        ('nl = "Meedoen"', 'nl = "Mee\\u0007doen"', "cannot be printed"),
        ('nl = "Meedoen", ', "", "rule xx-join, name, field 'nl': it is missing"),
        ('mark = "read"\nbase', 'mark = "sure"\nbase', "amount sum, field 'mark': 'sure' is not known"),
        ("[100]", "[1.5]", "amount sum, field 'sums': 1.5 is no sum in whole cents"),
        ("[100]", "[]", "field 'sums': give a list of 1 to 50"),
        ("base = 2025", "base = 2024", "field 'base': the index of the base year is missing"),
        ('"100.0"', "100.0", "field 'index': 100.0 is no index"),
        ('"100.0"', '"0"', "field 'index': '0' is no index"),
        ("EUR", "euro", "field 'currency': give three capitals"),
        ("roll = false", 'roll = "no"', "practice, field 'roll': give true or false"),
        ("[practice]", "[practise]", "field 'practice': it is missing"),
        ("[[rule]]", "[rule]", "field 'rule': give a list"),
        ("[[rule]]", "[[rule", "it is no TOML"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(old: str, new: str, sentence: str) -> None:
    assert old in LAW
    with pytest.raises(JurisdictionWrong) as refused:
        read_law(LAW.replace(old, new).encode(), FILE)
    assert sentence in str(refused.value)
    assert str(refused.value).startswith(FILE)


def test_ids_are_given_once() -> None:
    rule = LAW[LAW.index("[[rule]]") :]
    with pytest.raises(JurisdictionWrong, match="'xx-join' stands twice"):
        read_law((LAW + rule).encode(), FILE)


@pytest.mark.parametrize(
    ("content", "file", "sentence"),
    [
        (b"", "law.toml", "named like nl-2024-07-01.toml"),
        (b"#" * (MOST_BYTES + 1), FILE, "larger than"),
        (b"\xff", FILE, "no TOML"),
        (b"a = " + b"[" * 100_000, FILE, "no TOML"),
        (b"a = 2026-13-45", FILE, "no TOML"),
    ],
)
def test_hostile_bytes_are_refused(content: bytes, file: str, sentence: str) -> None:
    with pytest.raises(JurisdictionWrong, match=re.escape(sentence)):
        read_law(content, file)


def test_spoiled_files_are_read_or_refused() -> None:
    """Bytes and lines of the shipped files changed at random: never anything but a sentence."""
    random = Random(4)
    files = {file.name: file.read_text().splitlines() for file in FOLDER.glob("*.toml")}
    refused = 0
    for _ in range(300):
        name, lines = random.choice(sorted(files.items()))
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        changed = [*lines]
        changed[at] = random.choice((lines[other], lines[at][: len(lines[at]) // 2], lines[at].swapcase()))
        refused += 1
        with suppress(JurisdictionWrong):
            read_law("\n".join(changed).encode(), name)
            refused -= 1
    assert 100 < refused < 300


@pytest.mark.parametrize("version", shipped())
def test_names_and_forms_claim_nothing_and_are_easy_to_read(version: str) -> None:
    for rule in shipped()[version].rules:
        for words in (rule.name, rule.form):
            for text, language in ((words.nl, "nl"), (words.en, "en")):
                assert not breaches(text, language), text
                assert not too_hard(text, language), text


@pytest.mark.parametrize("version", shipped())
def test_what_is_not_verified_says_what_to_confirm(version: str) -> None:
    law = shipped()[version]
    sources = [law.practice.source, *(rule.source for rule in law.rules)]
    sources += [amount.source for amount in law.amounts.values()]
    assert [one.article for one in sources if one.mark == Mark.UNVERIFIED and not one.jurist] == []
