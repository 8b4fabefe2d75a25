"""Every right that a case can have is told in words that claim nothing, are easy to read and miss nothing."""

from __future__ import annotations

import re
from random import Random

import pytest

from luwte.desk.rights.engine import Matter, rights
from luwte.desk.rights.explained import SENTENCES, Language, explained, source_line
from luwte.desk.rights.shelf import shipped
from luwte.desk.rights.values import VICTIM, Doubt, Mandate, Reason
from luwte.desk.words.claims import breaches
from luwte.desk.words.readability import too_hard
from tests.desk.rights.worked_nl import ADULT, NL1, NL3
from tests.support.case_histories import BEGIN, history, some_day, victim
from tests.support.rights import born, day, fact, parent

LATE = "At times it can still be done later. It helps to ask."
NL = shipped()["nl-2024-07-01"]


def leaves(table: object) -> list[str]:
    if isinstance(table, dict):
        return [leaf for value in table.values() for leaf in leaves(value)]
    return [str(table)]


def test_both_languages_have_the_same_sentences_of_every_reason_and_doubt() -> None:
    def names(table: object, path: str = "") -> set[str]:
        if not isinstance(table, dict):
            return {path}
        return {name for key, value in table.items() for name in names(value, f"{path}/{key}")}

    assert names(SENTENCES["nl"]) == names(SENTENCES["en"])
    told = {Reason.OPENED, Reason.MANDATE, Reason.EXERCISED, Reason.WAIVER}
    assert set(SENTENCES["nl"]["why"]) == set(Reason) - told
    assert set(SENTENCES["nl"]["doubt"]) == set(Doubt) - {Doubt.NOBODY}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_random_histories_give_is_told_well(language: Language) -> None:
    said: dict[str, None] = {}
    for seed in range(600):
        random = Random(f"told{seed}")
        law = tuple(shipped().values())[seed % len(shipped())]
        mandate = Mandate("m", VICTIM, "lawyer", BEGIN)
        matter = Matter(history(random), victim(random), mandates=(mandate,))
        for right in rights(law, matter, some_day(random)):
            parts = explained(right, law, language)
            if right.mark == "unverified" and right.state != "not applicable":
                assert SENTENCES[language]["mark"]["unverified"] in parts
            said[" ".join(re.sub(r"\.?$", ".", one) for one in parts)] = None
            assert "{" not in "".join(parts)
    assert len(said) > 500
    for text in said:
        assert not breaches(text, language), text
        assert not too_hard(text, language), text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_sentence_alone_claims_nothing_and_addresses_nobody(language: Language) -> None:
    texts = leaves(SENTENCES[language])
    texts += [
        getattr(words, language)
        for law in shipped().values()
        for r in law.rules
        for words in (r.name, r.form)
    ]
    for text in texts:
        assert not breaches(text, language), text
        assert language == "en" or not re.search(r"\b(u|uw|je|jij|jouw)\b", text, re.IGNORECASE), text


def told(rule: str, matter: Matter, on: str, language: Language = "en") -> tuple[str, ...]:
    right = next(one for one in rights(NL, matter, day(on)) if one.key.rule == rule)
    return explained(right, NL, language)


def test_some_rights_read_like_this() -> None:
    case = Matter(NL3, ADULT)
    assert told("nl-join", case, "2026-05-01", "nl") == (
        "Geld voor de schade vragen in de strafzaak",
        "Dit kan tot een moment op de zitting. De zitting is nu op 15 juni 2026. "
        "Die dag kan nog anders worden.",
    )
    assert told("nl-join", case, "2026-06-16")[2] == "That day is over. We ask what happened."
    child = Matter(NL1, born("2014-09-12", parent()))
    assert told("nl-speak-for-child", child, "2026-09-11") == (
        "Speak for a child at the hearing",
        "This can be done until 11 September 2026, that day included.",
        "Whoever decides for the child can do this.",
    )
    assert told(
        "nl-notice-free", Matter((*NL3, fact("released", "2026-05-01", "A")), ADULT), "2026-05-02"
    ) == (
        "News that somebody is released",
        "This was for the prosecutor to do, by 1 May 2026. Whether it was done is not known here.",
    )
    late = Matter((fact("offence_ended", "2015-01-01"),), ADULT)
    assert told("nl-fund", late, "2026-01-01")[-1] == LATE
    assert told("nl-fund-child", Matter((fact("offence_ended", "2026-01-01"),), ADULT), "2026-01-02")[-1] == (
        "This has not been checked yet. A lawyer can look into it."
    )


def test_the_source_is_said_with_its_day() -> None:
    right = next(
        one for one in rights(NL, Matter(NL3, ADULT), day("2026-05-01")) if one.key.rule == "nl-join"
    )
    assert source_line(right, NL, "nl").startswith("Bron: Sv 51f(1)")
    assert source_line(right, NL, "en").endswith("text of 1 January 2025.")
