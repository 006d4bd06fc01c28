"""The wording of marks, and text as a spreadsheet's parts hold it."""

import re

from kybaocao.rules.cells import text
from kybaocao.rules.finding import Finding

AUTHOR = "Kỳ Báo Cáo"
MUST_MEND, SHOULD_LOOK = "LỖI PHẢI SỬA", "CẦN XEM LẠI"
THEIRS = "\n--- Ghi chú của đơn vị ---\n"
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def is_ours(comment: str) -> bool:
    """Return if a comment's text, or its beginning, was written by us."""
    return comment.startswith((MUST_MEND, SHOULD_LOOK))


def said_of(finding: Finding) -> str:
    """Return a finding as its comment says it."""
    level = MUST_MEND if finding.is_blocking else SHOULD_LOOK
    value = f"Hiện có: {text.clean(finding.value)}\n" if finding.value else ""
    subject = f"{finding.subject}\n" if finding.subject else ""
    return (
        f"{level}\n{subject}{value}Yêu cầu: {capital(finding.expected)}\nCách sửa: {finding.action}"
    )


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def escaped(said: str) -> str:
    """Return text in which nothing is an escape (`_x000D_`, ECMA-376 part 1, 22.9.2.19)."""
    return _LIKE_AN_ESCAPE.sub("_x005F_", said)
