"""A second reading of cells: exact where it is sure, silent where it is not."""

from datetime import date
from decimal import Decimal

import pytest

from kybaocao.rules.form.form import InputKind
from kybaocao.rules.proof.values import (
    Raw,
    ShownShare,
    day_in,
    numbers_in,
    same,
    same_text,
)

WHOLE, DECIMAL, PERCENT = InputKind.INTEGER, InputKind.DECIMAL, InputKind.PERCENT


@pytest.mark.parametrize(
    ("kind", "value", "meant"),
    [
        (WHOLE, 12, {"12"}),
        (WHOLE, "1.234", {"1234"}),
        (WHOLE, "1.234.567", {"1234567"}),
        (DECIMAL, "1.234,5", {"1234.5"}),
        (DECIMAL, "1,234.5", {"1234.5"}),
        (DECIMAL, "1.234", {"1234", "1.234"}),
        (DECIMAL, "12 345,6", {"12345.6"}),
        (DECIMAL, "-0,5", {"-0.5"}),
        (DECIMAL, 0.1, {"0.1"}),
        (PERCENT, "98,33%", {"98.33"}),
        (PERCENT, ShownShare(Decimal("98.33")), {"98.33"}),
        (WHOLE, "Không phát sinh.", {"0"}),
        (WHOLE, "12 hồ sơ", {"12"}),
        (WHOLE, "chừng ba trăm", set()),
        (WHOLE, "12%", set()),
        (WHOLE, True, set()),
        (WHOLE, "1.23.4", set()),
    ],
)
def test_a_cell_means_what_its_sender_wrote(kind: InputKind, value: Raw, meant: set[str]) -> None:
    assert numbers_in(kind, "hồ sơ", value) == {Decimal(text) for text in meant}


def test_not_applicable_is_an_answer_of_its_own() -> None:
    assert numbers_in(WHOLE, "", "Không áp dụng") == {None}


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("0.3", "0.30000000000000004", True),
        ("1e15", "1000000000000001", True),
        ("123456789012345", "123456789012347", False),
        ("12.5", "12.6", False),
        ("0", "0.01", False),
    ],
)
def test_equal_means_fifteen_significant_digits(one: str, other: str, is_same: bool) -> None:
    assert same(Decimal(one), Decimal(other)) is is_same


@pytest.mark.parametrize("value", [date(2016, 9, 6), "06/9/2016", "ngày 6 tháng 9 năm 2016"])
def test_a_day_is_read_as_it_is_written_here(value: Raw) -> None:
    assert day_in(value) == "2016-09-06"


@pytest.mark.parametrize(
    ("kept", "value", "is_same"),
    [
        ("Sở Tư pháp", " Sở  Tư\u00a0pháp", True),
        ("công tác", "c«ng t¸c", None),
        ("Cải cách hành chính", "Caûi caùch haønh chính", None),
        ("công tác", "công việc", False),
        ("905", 905, True),
        ("12/09/2016", date(2016, 9, 12), True),
    ],
)
def test_a_text_is_kept_as_it_shows(kept: str, value: Raw, is_same: bool | None) -> None:
    assert same_text(kept, value) is is_same
