"""Vietnamese text: cleaned for keeping, and folded for comparing."""

import re
import unicodedata

TONES = "\u0300\u0301\u0303\u0309\u0323"

# What people see as one sign: full-width forms as ASCII, every dash as the hyphen, letters of
# Cyrillic and Greek as the Latin ones of the same shape, and the Icelandic eth as đ.
_ALIKE = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {ord(dash): ord("-") for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"}
    | str.maketrans("АВЕЅІЈКМНОРСТУХаеосрухіјѕ", "ABESIJKMHOPCTYXaeocpyxijs")
    | str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo")
    | str.maketrans("ÐðƉ", "ĐđĐ")
)
_KEPT = {"\n", "\t"}
_WORD = re.compile(r"[\w\u0300-\u036f]+")
_TONE = re.compile(f"[{TONES}]")


def clean(text: str) -> str:
    """Return `text` in NFC, without invisible characters, with plain spaces, and stripped.

    Line breaks stay, as `\\n`.
    """
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(map(_visible, text))
    return unicodedata.normalize("NFC", text).strip()


def _visible(char: str) -> str:
    if char in _KEPT or char.isprintable():
        return char
    category = unicodedata.category(char)
    # Ticks of fonts of symbols stand at places for private use: they are seen.
    if category == "Co":
        return char
    return " " if category.startswith("Z") else ""


def plain(text: str) -> str:
    """Return `text` cleaned, its full-width forms, dashes and look-alikes of Latin letters as
    those, its spaces single.
    """
    return " ".join(clean(text.translate(_ALIKE)).split())


def fold(text: str) -> str:
    """Return a key that is equal for texts that people take for the same.

    It ignores case, width, kind of dash, kind and number of spaces, invisible characters,
    Unicode form, letters of other scripts that look like Latin ones, and where a tone mark
    stands in its syllable (`hoà`, `hòa`). Not for display.
    """
    decomposed = unicodedata.normalize("NFD", plain(text).casefold())
    return _WORD.sub(_tone_last, decomposed)


def _tone_last(word: re.Match[str]) -> str:
    return _TONE.sub("", word[0]) + "".join(_TONE.findall(word[0]))


def holds(text: str, typed: str) -> bool:
    """Return whether people who typed that were looking for `text`.

    Case and spaces do not count; marks count where some were typed (`tư pháp` is not `tu pháp`,
    and `tu phap` finds both).
    """
    sought = fold(typed)
    return sought in fold(text) or (sought == _bare(sought) and sought in _bare(fold(text)))


def _bare(folded: str) -> str:
    return "".join(c for c in folded if not unicodedata.combining(c)).replace("đ", "d")


def shortened(text: str, limit: int) -> str:
    """Return `text` in at most `limit` characters, cut at a word with an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0] + "…"
