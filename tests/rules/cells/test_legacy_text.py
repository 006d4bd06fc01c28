"""Text in the letters of old fonts becomes what those fonts show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.cells.legacy_text import _TCVN3, guessed, is_legacy, to_unicode

REPUBLIC = "Cộng hòa xã hội chủ nghĩa Việt Nam Độc lập - Tự do - Hạnh phúc"


@pytest.mark.parametrize(
    ("typed", "font", "shown"),
    [
        (
            "Céng hßa x· héi chñ nghÜa ViÖt Nam §éc lËp - Tù do - H¹nh phóc",
            ".VnTime",
            REPUBLIC,
        ),
        (
            "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam Ñoäc laäp - Töï do - Haïnh phuùc",
            "VNI-Times",
            REPUBLIC,
        ),
        ("Uû ban nh©n d©n", ".VnTime", "Uỷ ban nhân dân"),
        ("uû ban nh©n d©n tØnh", ".VnTimeH", "UỶ BAN NHÂN DÂN TỈNH"),
        ("UÛY BAN NHAÂN DAÂN TÆNH", "VNI-Helve", "ỦY BAN NHÂN DÂN TỈNH"),
        ("T\u00ad ph¸p", ".VnArial", "Tư pháp"),
        ("T\u00ad ph¸p", ".vnarial", "Tư pháp"),
        ("\u03bc", ".VnTime", "à"),
        ("ñöôøng, ÖÛ, hueá, quyù, naêm, baèng", "VNI-Times", "đường, Ử, huế, quý, năm, bằng"),
        ("kyø baùo caùo “III” – 2016", "VNI-Times", "kỳ báo cáo “III” – 2016"),
        ("TTHC-05: 12,5%", ".VnTime", "TTHC-05: 12,5%"),
    ],
)
def test_text_is_what_its_font_shows(typed: str, font: str, shown: str) -> None:
    assert to_unicode(typed, font) == shown


@pytest.mark.parametrize("font", [".VnTime", "VNI-Times", ".VnTimeH"])
@pytest.mark.parametrize("typed", ["Sở Nội vụ tỉnh", "Đã giải quyết", "đúng hạn"])
def test_unicode_in_an_old_font_stays(typed: str, font: str) -> None:
    assert to_unicode(typed, font) == typed


@pytest.mark.parametrize("font", ["Times New Roman", "Arial", "", "VnTime", "UVnTime", "VN"])
def test_other_fonts_are_no_old_ones(font: str) -> None:
    assert not is_legacy(font)
    assert to_unicode("Céng hßa", font) == "Céng hßa"


def test_the_second_set_has_every_lower_letter_once() -> None:
    marks = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    letters = {unicodedata.normalize("NFC", v + m) for v in "aăâeêioôơuưy" for m in marks}
    letters |= set("đ") | set("ĂÂĐÊÔƠƯ")
    assert set(_TCVN3.values()) == letters - set("aeiouy")
    assert len(_TCVN3) == len(letters - set("aeiouy")) + 1  # the micro sign stands for à twice


@given(st.text(), st.sampled_from([".VnTime", ".VnTimeH", "VNI-Times"]))
def test_no_text_breaks_it(typed: str, font: str) -> None:
    assert isinstance(to_unicode(typed, font), str)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Rµ so¸t thñ tôc; c«ng t¸c kh¸c", "Rà soát thủ tục; công tác khác"),
        ("§Ò nghÞ bè trÝ kinh phÝ (1908/Q§-UBND)", "Đề nghị bố trí kinh phí (1908/QĐ-UBND)"),
        ("Caûi caùch haønh chính", "Cải cách hành chính"),
    ],
)
def test_text_of_before_unicode_is_known_by_its_words(typed: str, meant: str) -> None:
    found = guessed(typed)
    assert found is not None
    assert found[0] == meant


@pytest.mark.parametrize(
    "said",
    [
        REPUBLIC, "có nhà", "thêm dòng; không có", "café résumé", "«abc» «def»", "50µm và 3µm",
        "Rút ngắn 12 thủ tục", "1908/QĐ-UBND, NĐ-CP", "±5° ×2", "naïve façade", "§ 5 © ®",
        unicodedata.normalize("NFD", REPUBLIC), "TTHC-05",
    ],
)  # fmt: skip
def test_no_other_text_is_taken_for_old(said: str) -> None:
    assert guessed(said) is None
