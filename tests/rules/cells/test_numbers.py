"""Numbers as officers type them: right or asked, never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.cells.numbers import (
    LARGEST,
    AmbiguousNumber,
    AnswerWord,
    NotANumber,
    Number,
    parse,
    shown,
    word,
)

NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0", 0),
        ("12", 12),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("1 234", 1234),
        (f"1{NBSP}234{NARROW}567", 1234567),
        (f"1{THIN}234,5", 1234.5),
        (f" {NBSP}159.845,00\u200b ", 159845),
        ("1.234,567", 1234.567),
        ("0,125", 0.125),
        ("1234,567", 1234.567),
        ("-5", -5),
        ("\u22125", -5),
        ("１２，５", 12.5),
    ],
)
def test_one_reading(typed: str, value: float) -> None:
    assert parse(typed) == Number(value)


@pytest.mark.parametrize("typed", ["98,33%", "98,33 %", "98.33%", f"98,33{NBSP}%"])
def test_percentages_stay_points(typed: str) -> None:
    assert parse(typed) == Number(98.33, is_percent=True)


@pytest.mark.parametrize("typed", ["1.234", "1,234", "159.845", "12.000", "12,000", "1 234.567"])
def test_one_separator_before_three_digits_is_asked(typed: str) -> None:
    with pytest.raises(AmbiguousNumber) as caught:
        parse(typed)
    thousands, decimal = caught.value.readings
    assert thousands == pytest.approx(decimal * 1000)


@pytest.mark.parametrize(
    ("typed", "value"), [("1.234", 1234), ("1,234", 1234), ("159.845", 159845), ("12.000", 12000)]
)
def test_where_a_whole_number_is_wanted_it_separates_thousands(typed: str, value: int) -> None:
    assert parse(typed, whole=True) == Number(value)


def test_a_whole_number_with_a_comma_and_zeros_is_still_asked() -> None:
    with pytest.raises(AmbiguousNumber) as caught:
        parse("12,000", whole=True)
    assert caught.value.readings == (12000, 12)


@pytest.mark.parametrize(
    "typed",
    [
        "12hs", "1О2", "l2", "12 000 000đ", "1e400", "#N/A",
        "", " ", "-", "x", "12 hồ sơ", "khoảng 12", "12-15", "12/5", "1.23.456", "1.2345.678",
        "12 34", "1,2,3", ".5", "5.", "5,", "1e5", "0x10", "inf", "nan", "Infinity", "1_000",
        "5²", "½", "(5)", "12%%", "%", "9007199254740993", "9" * 5000, "٣",
    ],
)  # fmt: skip
@pytest.mark.parametrize("whole", [True, False])
def test_what_is_no_number_is_not_made_one(typed: str, whole: bool) -> None:
    with pytest.raises(NotANumber):
        parse(typed, whole)


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("không phát sinh", AnswerWord.ZERO),
        ("Không  phát sinh.", AnswerWord.ZERO),
        ("KPS", AnswerWord.ZERO),
        ("Không có.", AnswerWord.ZERO),
        ("không có . ", AnswerWord.ZERO),
        ("không", AnswerWord.ZERO),
        ("Không áp dụng", AnswerWord.NOT_APPLICABLE),
        ("KAD", AnswerWord.NOT_APPLICABLE),
        ("n/a", AnswerWord.NOT_APPLICABLE),
        ("-", None),
        ("x", None),
        ("", None),
        ("không rõ", None),
    ],
)
def test_zero_and_not_applicable_are_two_answers(typed: str, meaning: AnswerWord | None) -> None:
    assert word(typed) is meaning


@given(st.integers(-LARGEST, LARGEST))
def test_whole_numbers_shown_the_vietnamese_way_come_back(value: int) -> None:
    assert parse(shown(value), whole=True) == Number(value)
    assert parse(shown(value).replace(".", NBSP), whole=True) == Number(value)
    assert parse(str(value)) == Number(value)


@given(st.integers(-(10**11), 10**11), st.integers(1, 4))
def test_decimals_come_back_or_are_asked(scaled: int, decimals: int) -> None:
    value = scaled / 10**decimals
    try:
        assert parse(shown(value)).value == value
    except AmbiguousNumber as error:
        assert value in error.readings


@given(st.text(alphabet="0123456789., %-'\u00a0", max_size=12), st.booleans())
def test_whatever_is_typed_is_a_number_or_asked(typed: str, whole: bool) -> None:
    try:
        number = parse(typed, whole)
    except (NotANumber, AmbiguousNumber) as error:
        assert error.text == typed
    else:
        digits = "".join(c for c in typed if c.isdigit()).strip("0")
        assert (
            "".join(c for c in f"{Decimal(repr(number.value)):f}" if c.isdigit()).strip("0")
            == digits
        )


@given(st.text())
def test_no_text_breaks_the_reader(typed: str) -> None:
    try:
        assert abs(parse(typed).value) <= LARGEST
    except (NotANumber, AmbiguousNumber) as error:
        assert error.text == typed
