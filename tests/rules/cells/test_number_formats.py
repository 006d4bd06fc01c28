"""A number is what its sender sees: the section of its format that applies decides."""

import pytest

from kybaocao.adapters.workbooks.look import number_format
from kybaocao.rules.cells.number_formats import (
    AS_STORED,
    NOTHING,
    Shown,
    Shows,
    hides_text,
    is_plain,
    shown,
)
from kybaocao.rules.form.form import InputKind

ACCOUNTING = '_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("General", 5), ("@", 5), ("0.00", 12.3456), ("0", 0.4), ("00000", 400), ("+0", 5),
        ("# ##0", 8), ("# ### ##0", 1234), ("#\\ ##0.00", 398),
        ("#,##0.00 ;(#,##0.00)", -3), ("0;[Red]0", -5), ("0;-0", -5), ("0.0#", 2),
        ("# ?/?", 0.5), ("0.00E+00", 400_000), ("#\\.##0", 1234), ("#,###", 5),
        (ACCOUNTING, 0), (ACCOUNTING, 1_234_567), (ACCOUNTING, -5), ("[$₫-42A]#,##0", 5),
        ('0;-0;"Không có"', 0), ("[<1]0;d/m/yyyy", 0.5), ('[>=1000000]#,##0,," tr";0', 5),
        ("_-* #,##0 _₫_-;-* #,##0 _₫_-;_-* \"-\"?? _₫_-;_-@_-", 12),
    ],
)  # fmt: skip
def test_what_shows_as_it_is_stored_but_for_rounding_is_the_number(code: str, value: float) -> None:
    assert shown(code, value) == AS_STORED


@pytest.mark.parametrize(
    ("code", "value", "seen"),
    [
        ("#,##0,", 400_000, "400"),
        ("#,##0.0,,", 668_980_000, "669,0"),
        ('[>=1000000]#,##0,," tr";0', 5_000_000, "5 tr"),
        (";;;", 4, NOTHING),
        ("0;0;;@", 0, NOTHING),
        ("#,###", 0, NOTHING),
        ("#", 0.4, NOTHING),
        ('"Không có"', 4, "Không có"),
        ('0;-0;"Không áp dụng"', 0, "Không áp dụng"),
        ('"-"', 4, "-"),
        ('"-"', 0, "-"),
        ('0"0"', 40, "400"),
        ("0\\.00", 1234, "12.34"),
        ("#\\.##0", 5, ".5"),
        ("0;0", -5, "5"),
        ("-0", 5, "-5"),
        ("0%%", 4, "40000%%"),
        ("000\\-0000", 5551234, "555-1234"),
    ],
)
def test_what_shows_otherwise_is_told_as_it_shows(code: str, value: float, seen: str) -> None:
    assert shown(code, value) == Shown(Shows.OTHERWISE, seen)


@pytest.mark.parametrize(
    ("code", "value", "shows"),
    [
        ("0%", 4, Shows.PERCENT),
        ("0.00%;[Red]-0.00%", -0.5, Shows.PERCENT),
        ('0"%"', 4, Shows.POINTS),
        ("0\\%", 4, Shows.POINTS),
        ("d/m/yyyy", 42625, Shows.DATE),
        ("[<1]0;d/m/yyyy", 42625, Shows.DATE),
        ("mm:ss.0", 0.5, Shows.DATE),
        ("[h]:mm", 3, Shows.DURATION),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 42625, Shows.DATE),
        ('"ngày "d" tháng "m', 42625, Shows.DATE),
    ],
)
def test_percentages_days_and_durations_are_known(code: str, value: float, shows: Shows) -> None:
    assert shown(code, value) == Shown(shows)


def test_a_month_before_its_day_is_told() -> None:
    assert shown("m/d/yyyy", 42625).month_first
    assert not shown("yyyy-mm-dd", 42625).month_first
    assert not shown("mmm d", 42625).month_first


@pytest.mark.parametrize(
    ("code", "words"),
    [('#,##0" triệu"', "triệu"), ('General" triệu"', "triệu"), ('#,##0 "hồ sơ"', "hồ sơ")],
)
def test_words_behind_a_number_are_told(code: str, words: str) -> None:
    assert shown(code, 5) == Shown(Shows.NUMBER, words)


@pytest.mark.parametrize(
    ("code", "instead"),
    [
        ("@", None),
        ("0.00", None),
        (ACCOUNTING, None),
        (";;", None),
        (";;;", NOTHING),
        ('0;0;0;"đã có"', "đã có"),
        ('@"0"', "0"),
        ('@" hồ sơ"', None),
    ],
)
def test_a_format_may_hide_a_text(code: str, instead: str | None) -> None:
    assert hides_text(code) == instead


def test_our_own_formats_show_what_is_stored() -> None:
    for kind in InputKind:
        assert kind is InputKind.DATE or is_plain(number_format(kind))
