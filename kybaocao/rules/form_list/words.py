"""The words of an indicator list: kinds, columns, levels, ways of adding up, codes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from kybaocao.rules.cells import text
from kybaocao.rules.declaration import CODE
from kybaocao.rules.form.form import Aggregation, InputKind
from kybaocao.rules.regime.level import Level

T = TypeVar("T")


def _by_word(words: Mapping[T, Iterable[str]]) -> dict[str, T]:
    return {text.fold(word): meant for meant, several in words.items() for word in several}


KINDS = _by_word(
    {
        InputKind.INTEGER: ("số nguyên", "nguyên"),
        InputKind.DECIMAL: ("số thập phân", "thập phân", "số thực", "số lẻ"),
        InputKind.PERCENT: ("tỷ lệ", "tỉ lệ", "phần trăm", "tỷ lệ phần trăm", "tỷ lệ %", "%"),
    }
)
COLUMNS = _by_word(
    {
        "planned": ("kế hoạch", "kế hoạch năm"),
        "done": ("thực hiện", "trong kỳ", "thực hiện trong kỳ"),
        "cumulative": ("lũy kế", "lũy kế từ đầu năm"),
    }
)
AGGREGATIONS = _by_word(
    {
        Aggregation.SUM: ("cộng", "tổng", "cộng dồn"),
        Aggregation.MAX: ("cao nhất", "lớn nhất"),
        Aggregation.NONE: ("không", "không cộng", "không tổng hợp"),
        Aggregation.SHARED: ("danh mục chung", "chung danh mục", "chung"),
    }
)
_EVERYONE = {text.fold(word) for word in ("tất cả", "toàn tỉnh", "mọi cấp", "các cấp")}
_PREFIX = re.compile(r"(?:(?:các|cấp|ubnd|ủy ban nhân dân) )+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[,;\n]\s*|\s+và\s+")
_DECIMAL_UNITS = {
    text.fold(unit) for unit in ("triệu đồng", "tỷ đồng", "ha", "km", "km2", "tấn", "điểm")
}
_RANK_UNITS = {text.fold(unit) for unit in ("thứ hạng", "hạng", "điểm")}


def pieces(said: str) -> list[str]:
    """Return what a cell lists, parted by commas, semicolons, line breaks or `và`."""
    return [piece for piece in _BETWEEN.split(said) if piece]


def kind_of(unit: str) -> InputKind:
    """Return the kind of figure that a unit suggests: percentages, money and measures, counts."""
    if "%" in unit or text.fold(unit) in KINDS:
        return InputKind.PERCENT
    return InputKind.DECIMAL if text.fold(unit) in _DECIMAL_UNITS else InputKind.INTEGER


def adds_up(kind: InputKind, unit: str) -> bool:
    """Return if figures of many agencies can be added: percentages, ranks and marks cannot."""
    return kind is not InputKind.PERCENT and "%" not in unit and text.fold(unit) not in _RANK_UNITS


def to_whom(
    said: str, known: Sequence[Level]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the levels' ids and the agencies' codes that a cell names, and what is neither.

    A cell that names everyone, or nobody, names no level: the indicator is for all.
    """
    by_word = _by_word({level.id: level.known_as for level in known})
    levels: dict[str, None] = {}
    agencies: dict[str, None] = {}
    unknown: list[str] = []
    everyone = False
    for piece in pieces(text.clean(said)):
        word = text.fold(_PREFIX.sub("", piece))
        if word in _EVERYONE or text.fold(piece) in _EVERYONE:
            everyone = True
        elif word in by_word:
            levels[by_word[word]] = None
        elif "-" in piece and re.fullmatch(CODE, piece):
            agencies[piece] = None
        else:
            unknown.append(piece)
    if everyone and not unknown:
        return (), (), ()
    return tuple(levels), tuple(agencies), tuple(unknown)


def adding(said: str, known: Sequence[Level]) -> Aggregation | dict[str, Aggregation] | None:
    """Return the way of adding up that a cell names, or one for each level; None if unclear.

    `sở: cộng; huyện, xã: danh mục chung` names a way for three levels.
    """
    if ":" not in said:
        return AGGREGATIONS.get(text.fold(said))
    ways: dict[str, Aggregation] = {}
    for part in re.split(r"[;\n]", said):
        whom, _, how = part.partition(":")
        levels, agencies, unknown = to_whom(whom, known)
        way = AGGREGATIONS.get(text.fold(how))
        if way is None or not levels or agencies or unknown:
            return None
        ways |= dict.fromkeys(levels, way)
    return ways


def codes(said: str) -> list[str]:
    """Return the codes that a cell lists, parted as `pieces` or by a plus sign."""
    return [part for piece in pieces(said) for part in re.split(r"\s*\+\s*", piece) if part]


def sums(said: str) -> list[list[str]]:
    """Return the sums that a cell states; `A + B; C + D` are two, `A; B; C` is one."""
    several = [codes(part) for part in re.split(r"[;\n]", said)]
    several = [found for found in several if found]
    if all(len(found) == 1 for found in several):
        joined = [code for found in several for code in found]
        return [joined] if joined else []
    return several


def slug(name: str, longest: int) -> str:
    """Return an id made of a name's letters and digits: `Thủ tục (TTHC)` is `thu-tuc-tthc`."""
    bare = re.sub(f"[{text.TONES}\u0302\u0306\u031b]", "", text.fold(name)).replace("đ", "d")
    whole = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    if len(whole) > longest:
        head, hyphen, _ = whole[: longest + 1].rpartition("-")
        whole = head if hyphen else whole[:longest]
    return whole


def sheet_name(name: str, taken: Iterable[str]) -> str:
    """Return a name that Excel takes for a sheet: 31 characters, cut at a word, none twice."""
    legal = " ".join(re.sub(r"[\[\]:*?/\\]", " ", name).split()).strip("' ")
    used = {text.fold(other) for other in taken}
    for count in range(1, len(used) + 2):
        end = f" ({count})" if count > 1 else ""
        short = _cut(legal, 31 - len(end)) + end
        if text.fold(short) not in used:
            return short
    raise AssertionError("more names than are taken")


def _cut(name: str, longest: int) -> str:
    if len(name) > longest:
        head, space, _ = name[: longest + 1].rpartition(" ")
        # Of a name that is one long word, its beginning.
        name = head if space and len(head) > longest // 3 else name[:longest]
    return name.rstrip("' ,;.-–")
