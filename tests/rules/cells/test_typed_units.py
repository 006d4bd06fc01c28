"""Numbers typed with a unit: taken in the form's own, asked about in another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.check.answers import Answer, Fault, Range, number
from kybaocao.rules.form.form import InputKind

MONEY = Range(0, None)


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("12 hồ sơ", "hồ sơ", 12),
        ("1.234 hồ sơ", "hồ sơ", 1234),
        ("12 HỒ  SƠ.", "hồ sơ", 12),
        ("12 triệu đồng", "triệu đồng", 12),
        ("12 triệu", "triệu đồng", 12),
        ("12,5tr", "triệu đồng", 12.5),
        ("2.500.000 đ", "đồng", 2_500_000),
        ("2.500.000 VNĐ", "đồng", 2_500_000),
    ],
)
def test_the_forms_own_unit_is_understood(typed: str, unit: str, value: float) -> None:
    kind = InputKind.INTEGER if unit == "hồ sơ" else InputKind.DECIMAL
    assert number(kind, MONEY, typed, unit) == Answer(value)


@pytest.mark.parametrize(
    ("typed", "unit", "advice"),
    [
        ("12 triệu", "đồng", "Ghi 12000000 nếu đúng là 12.000.000 đồng."),
        ("12 triệu đồng", "đồng", "Ghi 12000000 nếu đúng là 12.000.000 đồng."),
        ("1,5 tỷ", "triệu đồng", "Ghi 1500 nếu đúng là 1.500 triệu đồng."),
        ("2.500.000 đồng", "triệu đồng", "Ghi 2,5 nếu đúng là 2,5 triệu đồng."),
        ("12 nghìn", "hồ sơ", "Ghi 12000 nếu đúng là 12.000 hồ sơ."),
        ("12 nghìn hồ sơ", "hồ sơ", "Ghi 12000 nếu đúng là 12.000 hồ sơ."),
        ("12 triệu đồng", "hồ sơ", "Chỉ ghi con số tính bằng hồ sơ, không kèm chữ."),
    ],
)
def test_another_unit_is_asked_about(typed: str, unit: str, advice: str) -> None:
    fault = number(InputKind.DECIMAL, MONEY, typed, unit)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.action) == ("wrong-unit", advice)
    assert unit in fault.expected


@pytest.mark.parametrize(
    "typed", ["12 bộ", "khoảng 12", "12 (ước)", "12 hồ sơ 5", "đồng", "1-2 hồ sơ"]
)
def test_words_that_are_no_unit_are_no_number(typed: str) -> None:
    fault = number(InputKind.INTEGER, MONEY, typed, "hồ sơ")
    assert isinstance(fault, Fault)
    assert fault.code == "not-a-number"


def test_two_readings_stay_two_readings() -> None:
    fault = number(InputKind.DECIMAL, MONEY, "1.234 triệu", "triệu đồng")
    assert isinstance(fault, Fault)
    assert fault.code == "ambiguous-number"


@given(st.text(max_size=80), st.sampled_from(["hồ sơ", "đồng", "triệu đồng", "%", ""]))
def test_whatever_is_typed_has_an_answer(typed: str, unit: str) -> None:
    assert isinstance(number(InputKind.DECIMAL, MONEY, typed, unit), Answer | Fault)
