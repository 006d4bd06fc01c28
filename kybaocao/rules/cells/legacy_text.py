"""Vietnamese of before Unicode: TCVN3 and VNI, whose letters only their fonts show rightly.

TCVN3 (ABC) is the second, one-byte set of TCVN 5712:1993, in fonts named `.Vn…`; VNI is the
two-byte set of fonts named `VNI-…`. Files keep the letters that stand at the same places of
Windows-1252: `¸` for `á`, `aù` for `á`.
"""

import re
import unicodedata
from functools import lru_cache

from kybaocao.rules.cells.text import TONES

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


# A syllable of Vietnamese, its marks taken away: its first letters, its vowels, its last.
_SYLLABLE = re.compile(
    "(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    "(?:a[iouy]?|e[ou]?|i(?:eu?|[au])?|o(?:a[iy]?|eo?|i|o)?|u(?:a[iy]?|[ei]|o[iu]?|u|y(?:a|eu?|u)?)?"
    "|y(?:eu?)?)(?:ch|ng|nh|[cmnpt])?"
)
_VOWELS = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u"}
_SPACES = re.compile(r"[\s0-9(),.:;/+=%\"'!?\[\]{}*_&<>-]+")
# As in the numbers of documents: QĐ, NĐ.
_CONSONANTS = re.compile("[bcdđghklmnpqrstvx]{1,4}")
_LEAST = 2


@lru_cache(maxsize=8192)  # every file of a form repeats the same labels
def guessed(text: str) -> tuple[str, str] | None:
    """Return a text of before Unicode as it was meant, and the name of its encoding, where its
    font does not tell: its words are none of Vietnamese, and all of them are once converted.

    None where it is not sure.
    """
    if text.isascii():
        return None
    words = {word for word in _SPACES.split(text) if word and not word.isascii()}
    # Signs that stand alone are signs.
    wrong = [w for w in words if not _is_vietnamese(w) and any(map(str.isascii, w))]
    if len(wrong) < _LEAST:
        return None
    for name, font in (("VNI", "VNI-Times"), ("TCVN3 (ABC)", ".VnTime")):
        shown = to_unicode(text, font)
        if shown != text and all(_is_vietnamese(to_unicode(word, font)) for word in words):
            return shown, name
    return None


def _is_vietnamese(word: str) -> bool:
    """Return if a word is one syllable, of Vietnamese letters with one tone mark at most; or
    consonants alone.
    """
    lower = word.lower().strip("“”‘’…–—")
    if not lower or _CONSONANTS.fullmatch(lower):
        return True
    if len(lower) > 1 and not (word.islower() or word.istitle() or word.isupper()):
        return False
    plain = "".join(_VOWELS.get(char, char) for char in _untoned(lower))
    tones = sum(char in TONES for char in unicodedata.normalize("NFD", lower))
    return tones <= 1 and _SYLLABLE.fullmatch(plain) is not None


def _untoned(word: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFD", word) if char not in TONES)
    return unicodedata.normalize("NFC", bare)


def _is_common(char: str) -> bool:
    return char in _COMMON or char in _TCVN3


def _vni_letter(match: re.Match[str]) -> str:
    base, mark = match[0][0], match[0][1:].lower()
    return _ALONE.get(base, base) + _MARKS.get(mark, "")
