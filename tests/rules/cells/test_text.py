"""Text compared as people read it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.cells.text import clean, fold, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Vang", "Hòa Vang"),
        ("Thuý", "Thúy"),
        ("QUỲ HỢP", "quỳ hợp"),
        ("Ủy ban", "Uỷ ban"),
        ("Sở  Nội\u00a0vụ ", "Sở Nội vụ"),
        ("Sở Nội\u200b vụ\ufeff", "Sở Nội vụ"),
        ("ＴＴＨＣ－０５", "TTHC-05"),
        ("TTHC–05", "tthc-05"),
        ("ТТНС-05", "TTHC-05"),
        ("ΤΤΗC-05", "TTHC-05"),
        ("Ðã giải quyết", "Đã giải quyết"),
        ("Sở Nội vụ", "Sở Nội vụ".replace("o", "о").replace("S", "Ѕ")),
        ("Thực hiện\ntrong kỳ", "Thực hiện trong kỳ"),
        ("(hoà), huỷ.", "(hòa), hủy."),
        (unicodedata.normalize("NFD", "Lũy kế từ đầu năm"), "Lũy kế từ đầu năm"),
    ],
)
def test_texts_that_people_take_for_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("má", "mà"), ("thu", "thư"), ("Đại Lộc", "Dại Lộc"), ("TTHC-05", "TTHC05")]
)
def test_texts_that_differ(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_signs_behind_a_word_stay_behind_its_tone() -> None:
    assert fold("không có.") == fold("không có") + "."
    assert fold("(kỳ)*") == "(" + fold("kỳ") + ")*"


def test_ticks_of_symbol_fonts_are_seen() -> None:
    assert clean(" \uf0fc\u200b ") == "\uf0fc"


def test_signs_that_look_alike_become_one() -> None:
    assert plain(" ТТНС\u2013０５\u200b\u3000\u0412 ") == "TTHC-05 B"


def test_cleaning_keeps_what_is_seen() -> None:
    assert clean("\ufeff  Ke\u0302\u0301t qua\u0309:\r\n\t1\u00a0234\u00ad \x07") == (
        "Kết quả:\n\t1 234"
    )


@given(st.text())
def test_cleaning_and_folding_settle_at_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert fold(clean(text)) == fold(text)
    assert unicodedata.is_normalized("NFC", clean(text))
