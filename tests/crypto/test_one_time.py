from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from luwte.crypto import one_time

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RFC_4226 = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489"
RFC_6238 = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


def test_codes_are_those_of_the_standards() -> None:
    """RFC 4226, appendix D; RFC 6238, appendix B (the last six of its eight digits)."""
    assert [one_time.code_at(SECRET, step) for step in range(10)] == RFC_4226.split()
    for second, code in RFC_6238.items():
        assert one_time.code_at(SECRET, one_time.step_of(datetime.fromtimestamp(second, UTC))) == code


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(steps: int, counts: bool) -> None:
    step = one_time.step_of(NOON) + steps
    shown = one_time.step_shown(SECRET, one_time.code_at(SECRET, step), NOON, after=0)
    assert shown == (step if counts else None)


def test_a_code_and_those_before_it_count_once() -> None:
    step = one_time.step_of(NOON)
    codes = {one: one_time.code_at(SECRET, step + one) for one in (-1, 0, 1)}
    assert one_time.step_shown(SECRET, codes[0], NOON, after=step) is None
    assert one_time.step_shown(SECRET, codes[-1], NOON, after=step) is None
    assert one_time.step_shown(SECRET, codes[1], NOON, after=step) == step + 1
    assert one_time.step_shown(SECRET, codes[1], NOON + timedelta(seconds=30), after=step + 1) is None


@pytest.mark.parametrize("code", ["", "1", "٠٠٠٠٠٠", "a" * 64, "287082 "])
def test_what_is_no_code_fits_nothing(code: str) -> None:
    assert one_time.step_shown(SECRET, code, datetime.fromtimestamp(59, UTC), after=0) is None


@pytest.mark.parametrize("text", ["", "A", SECRET[:-1], SECRET + "A", SECRET.lower(), "1" * 32, "É" * 32])
def test_what_is_no_secret_is_none(text: str) -> None:
    assert one_time.is_secret(one_time.new_secret())
    assert not one_time.is_secret(text)


def test_what_is_made_is_never_the_same_and_easy_to_write_down() -> None:
    numbers = {one_time.new_number() for _ in range(50)}
    codes = {code for _ in range(10) for code in one_time.new_recovery_codes()}
    assert (len(numbers), len(codes)) == (50, 100)
    assert all(len(one) == 12 and one.isdigit() for one in numbers)
    assert all(len(one) == 11 and one[5] == "-" and not set(one) & set("01ilo") for one in codes)


def test_however_it_is_typed_it_is_one_code() -> None:
    assert one_time.plain(" K7MPX-2dq4r\t") == "k7mpx2dq4r"
    assert one_time.plain("1234 5678-9012") == "123456789012"
    assert len(one_time.plain("1" * 100_000)) == 64


def test_the_address_for_an_app_names_nobody() -> None:
    address = one_time.app_address(SECRET, "Berichten")
    assert address == f"otpauth://totp/Berichten?secret={SECRET}&issuer=Berichten"
