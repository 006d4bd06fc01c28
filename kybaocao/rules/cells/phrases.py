"""Phrases of Vietnamese sentences: lists, capitals, quotations."""

import re
from collections.abc import Sequence


def joined(parts: Sequence[str]) -> str:
    """Return a list as a sentence has it: `a`, `a và b`, `a, b và c`."""
    return " và ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def capital(text: str) -> str:
    """Return `text` with a capital at its start."""
    return text[:1].upper() + text[1:]


def quoted(stated: str) -> str:
    """Return a document's words in quotation marks: `“định kỳ” (không nêu ngày)`.

    A remark in brackets at their end, or instead of them, is ours and stays outside.
    """
    words, remark = _words_and_remark(stated)
    return " ".join(filter(None, (f"“{words}”" if words else "", f"({remark})" if remark else "")))


def said(stated: str) -> str:
    """Return the same without brackets: `văn bản ghi: “định kỳ”; không nêu ngày`."""
    words, remark = _words_and_remark(stated)
    return "; ".join(filter(None, (f"văn bản ghi: “{words}”" if words else "", remark)))


def _words_and_remark(stated: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.*?)\s*\(([^()]*)\)", stated.strip())
    return (found[1], found[2]) if found else (stated.strip(), "")
