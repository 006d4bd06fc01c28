"""Vietnamese of before Unicode: TCVN3 and VNI, whose letters only their fonts show rightly.

TCVN3 (ABC) is the second, one-byte set of TCVN 5712:1993, in fonts named `.Vn…`; VNI is the
two-byte set of fonts named `VNI-…`. Files keep the letters that stand at the same places of
Windows-1252: `¸` for `á`, `aù` for `á`.
"""

import re
import unicodedata

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦\u03bc",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯà",
        strict=True,
    )
)
_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HAT, _BREVE = "\u0302", "\u0306"
_MARKS = {
    **_TONES,
    **{"â": _HAT, "á": _HAT + "\u0301", "à": _HAT + "\u0300", "å": _HAT + "\u0309"},
    **{"ã": _HAT + "\u0303", "ä": _HAT + "\u0323"},
    **{"ê": _BREVE, "é": _BREVE + "\u0301", "è": _BREVE + "\u0300", "ú": _BREVE + "\u0309"},
    **{"ü": _BREVE + "\u0303", "ë": _BREVE + "\u0323"},
}
_ALONE = dict(zip("íìæóòîñôöÍÌÆÓÒÎÑÔÖ", "íìỉĩịỵđơưÍÌỈĨỊỴĐƠƯ", strict=True))
_BREVES = "êéèúüë"
# A base takes marks of its own only: `oá` is `ố`, but `oé` is no letter of VNI.
_HATTED = "".join(sorted(set(_MARKS) - set(_BREVES)))
_VNI = re.compile(
    rf"([aA])([{''.join(_MARKS)}])|([eEoO])([{_HATTED}])|([uUyYôÔöÖ])([{''.join(_TONES)}])"
    rf"|([{''.join(_ALONE)}])",
    re.IGNORECASE,
)
# What editors put into any text, whatever its font.
_COMMON = frozenset("–—‘’“”•…\u200b\ufeff")


def is_legacy(font: str) -> bool:
    """Return if texts in `font` may be of before Unicode."""
    return font[:3].casefold() == ".vn" or font[:4].casefold() in ("vni-", "vni ")


def to_unicode(text: str, font: str) -> str:
    """Return `text` as its `font` shows it, in NFC; unchanged where the font is none of these.

    Fonts `.Vn…H` show capitals only. Text that holds letters outside the font's set was typed
    in Unicode, and is returned as it is.
    """
    if not is_legacy(font) or not all(char <= "\u00ff" or _is_common(char) for char in text):
        return text
    if font[0] != ".":
        return unicodedata.normalize("NFC", _VNI.sub(_vni_letter, text))
    if any(char.isalpha() and char >= "\u00c0" and char not in _TCVN3 for char in text):
        return text
    shown = "".join(_TCVN3.get(char, char) for char in text)
    return shown.upper() if font.endswith("H") else shown


def _is_common(char: str) -> bool:
    return char in _COMMON or char in _TCVN3


def _vni_letter(match: re.Match[str]) -> str:
    base, mark = match[0][0], match[0][1:].lower()
    return _ALONE.get(base, base) + _MARKS.get(mark, "")
