"""The rows of an indicator list as indicators, and every fault of their cells."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from kybaocao.rules.cells import numbers, text
from kybaocao.rules.codes import Code
from kybaocao.rules.form.form import Aggregation, Applies, InputKind, Was
from kybaocao.rules.form.form_rules import ROW_CODE
from kybaocao.rules.form.versions import Meaning
from kybaocao.rules.form_list import words as list_words
from kybaocao.rules.form_list.fields import ASKED, Field
from kybaocao.rules.form_list.kept import KeptCodes
from kybaocao.rules.form_list.noted import Faults
from kybaocao.rules.form_list.references import ListRow, References, Section
from kybaocao.rules.form_list.table import ListLine, numbered
from kybaocao.rules.regime.level import Level

T = TypeVar("T")
Adding = Aggregation | dict[str, Aggregation]
COLUMN_IDS = dict(zip(ASKED, ("planned", "done", "cumulative"), strict=True))
_MARKS = {"x", "✓", "✔", "v", "có"}
_PLACEHOLDER, _PLACEHOLDER_CODE = "?", "THIEU"


def read_rows(
    sections: Sequence[Section],
    source: str,
    levels: Sequence[Level],
    faults: Faults,
    before: Mapping[str, Meaning],
) -> References:
    """Fill the sections' rows, and return how to find them.

    What a row lacks is noted, and a placeholder stands in its place. A row without a code of
    its own has that of its name in the versions `before`, or one that stood for nothing there.
    """
    for section in sections:
        section.rows = [ListRow(line, number) for line, number in numbered(section.lines)]
    _code(sections, faults, KeptCodes(before, sections))
    rows = [row for section in sections for row in section.rows]
    _sources(rows, source, faults)
    for row in rows:
        row.values |= _values(row.line, levels, faults)
        row.columns = _columns(row.line, row.values["aggregate"], faults)
    references = References(sections)
    for row in rows:
        _ratio(row, references, faults)
    return references


def _code(sections: Sequence[Section], faults: Faults, kept: KeptCodes) -> None:
    """Give every row a code: its own, or one of its name before, or of its group and number."""
    first: dict[str, ListRow] = {}
    for section in sections:
        for count, row in enumerate(section.rows):
            written = text.plain(row.line.mark(Field.CODE))
            of = Field.CODE if written else Field.NUMBER
            code = written.upper() or kept.code(section.symbol, row)
            at = row.line.spot(of)
            if Field.CODE in row.line.broken:
                code = ""
            # Spreadsheet programs make days of numbers like 1.1.
            elif row.line.is_date(of) or not re.fullmatch(ROW_CODE, code):
                code = ""
                faults.add(
                    Code.ILLEGAL_CODE,
                    at,
                    "mã gồm chữ in hoa không dấu và chữ số, nối bằng gạch ngang hoặc dấu chấm, "
                    "ví dụ TTHC-05",
                    "Sửa mã; đặt ô ở dạng văn bản (Text) nếu Excel đã đổi thành ngày.",
                )
            elif code in first:
                faults.add(
                    Code.DUPLICATE_CODE,
                    at,
                    f"mã {code} chỉ có một lần (đã có ở {_where(first[code].line)})",
                    "Sửa mã hoặc số thứ tự, hoặc xóa dòng thừa.",
                )
                code = ""
            first.setdefault(code, row)
            row.code = code or f"{_PLACEHOLDER_CODE}-{section.symbol}-{count}"


def _where(line: ListLine) -> str:
    return f"trang tính “{line.table.sheet}”, dòng {line.row}"


def _sources(rows: Sequence[ListRow], source: str, faults: Faults) -> None:
    lacking: dict[int, None] = {}
    for row in rows:
        said = row.line.text(Field.SOURCE) or source
        row.values["source"] = said or _PLACEHOLDER
        if said or Field.SOURCE in row.line.broken:
            continue
        table = row.line.table
        action = "Ghi số, ký hiệu văn bản và điều khoản, hoặc nhập lại với --source."
        if Field.SOURCE in table.columns:
            faults.add(Code.MISSING_SOURCE, row.line.spot(Field.SOURCE), "có căn cứ", action)
        elif table.position not in lacking:
            lacking[table.position] = None
            at = table.spot(table.header, None)
            faults.add(Code.MISSING_SOURCE, at, f"có cột “{Field.SOURCE}”", action)


def _values(line: ListLine, known: Sequence[Level], faults: Faults) -> dict[str, Any]:
    """Return what an indicator takes from its own line, codes and columns left out."""
    name, unit = line.text(Field.NAME), line.text(Field.UNIT)
    if not name and Field.NAME not in line.broken and Field.NAME in line.table.columns:
        faults.add(
            Code.MISSING_NAME,
            line.spot(Field.NAME),
            "có tên chỉ tiêu",
            "Ghi tên chỉ tiêu vào ô này.",
        )
    if not unit and Field.UNIT not in line.broken and Field.UNIT in line.table.columns:
        faults.add(
            Code.MISSING_UNIT,
            line.spot(Field.UNIT),
            "có đơn vị tính ở từng dòng",
            "Ghi đơn vị tính; nếu đây là tên nhóm, ghi số La Mã hoặc chữ cái in hoa ở cột TT.",
        )
    is_ratio = bool(line.mark(Field.PART) or line.mark(Field.WHOLE))
    usual = InputKind.PERCENT if is_ratio else list_words.kind_of(unit)
    expected = "số nguyên, số thập phân hoặc tỷ lệ"
    action = "Ghi một trong ba kiểu; nội dung bằng lời không phải là chỉ tiêu."
    kind = _word(
        line, Field.KIND, list_words.KINDS, usual, (Code.UNKNOWN_KIND, expected, action), faults
    )
    if is_ratio and (kind is not InputKind.PERCENT or (unit and "%" not in unit)):
        at = line.spot(Field.KIND if kind is not InputKind.PERCENT else Field.UNIT)
        faults.add(
            Code.RATIO_KIND,
            at,
            "chỉ tiêu có Tử số, Mẫu số là tỷ lệ, đơn vị tính là %",
            "Sửa kiểu và đơn vị tính, hoặc xóa Tử số và Mẫu số.",
        )
        kind = InputKind.PERCENT
    adds = Aggregation.SUM if list_words.adds_up(kind, unit) else Aggregation.NONE
    aggregate = _aggregate(line, known, adds, faults)
    levels, agencies, unknown = list_words.to_whom(line.mark(Field.LEVELS), known)
    *first, last = [level.word for level in known if level.known_as] or [""]
    for word in unknown:
        faults.add(
            Code.UNKNOWN_LEVEL,
            line.spot(Field.LEVELS),
            f"{', '.join(first)} hoặc {last}, hay mã của một đơn vị; không rõ “{word}”",
            "Sửa cấp áp dụng; để trống nếu áp dụng cho mọi đơn vị.",
        )
    was = line.text(Field.WAS)
    return {
        "name": name or _PLACEHOLDER,
        "was": Was(name=was) if was else None,
        "unit": unit or _PLACEHOLDER,
        "kind": kind,
        "aggregate": aggregate,
        "applies": Applies(levels=levels, agencies=agencies),
        "target": line.text(Field.TARGET),
        **_bounds(line, faults),
    }


def _word(
    line: ListLine,
    of: Field,
    words: Mapping[str, T],
    usual: T,
    fault: tuple[Code, str, str],
    faults: Faults,
) -> T:
    """Return what a cell of fixed words means; without any, what is usual."""
    said = line.text(of)
    if not said:
        return usual
    if (meant := words.get(text.fold(said))) is not None:
        return meant
    code, expected, action = fault
    faults.add(code, line.spot(of), expected, action)
    return usual


def _aggregate(
    line: ListLine, known: Sequence[Level], usual: Aggregation, faults: Faults
) -> Adding:
    if not (said := line.text(Field.AGGREGATE)):
        return usual
    if (meant := list_words.adding(said, known)) is not None:
        return meant
    faults.add(
        Code.UNKNOWN_AGGREGATE,
        line.spot(Field.AGGREGATE),
        "cộng, cao nhất, danh mục chung hoặc không; theo cấp thì ghi “sở: cộng; huyện: danh mục "
        "chung”",
        "Ghi cách tổng hợp số liệu của các đơn vị thành số của tỉnh, hoặc để trống.",
    )
    return usual


def _bounds(line: ListLine, faults: Faults) -> dict[str, float]:
    bounds: dict[str, float] = {}
    for of, key in ((Field.MINIMUM, "minimum"), (Field.MAXIMUM, "maximum")):
        if not (said := line.text(of)):
            continue
        try:
            bounds[key] = numbers.parse(said).value
        except (numbers.NotANumber, numbers.AmbiguousNumber):
            faults.add(Code.BAD_BOUND, line.spot(of), "một số, ví dụ 63", "Sửa số này.")
    return bounds


def _columns(line: ListLine, aggregate: Adding, faults: Faults) -> tuple[str, ...]:
    """Return the columns in which a row asks: those named or marked, else the usual ones.

    A list that shows columns of the form itself has no others.
    """
    named: list[str] = []
    for word in list_words.pieces(line.mark(Field.COLUMNS)):
        column = list_words.COLUMNS.get(text.fold(word))
        if column is None:
            faults.add(
                Code.UNKNOWN_COLUMNS,
                line.spot(Field.COLUMNS),
                f"kế hoạch, trong kỳ hoặc lũy kế; không rõ “{word}”",
                "Sửa tên cột; để trống nếu là các cột thường dùng.",
            )
        else:
            named.append(column)
    shown = [f for f in ASKED if f in line.table.columns]
    marked = [f for f in shown if text.fold(line.text(f)) in _MARKS]
    for of in shown:
        if line.text(of) and of not in marked:
            faults.add(
                Code.UNKNOWN_MARK,
                line.spot(of),
                "đánh dấu x ở cột cần số liệu, hoặc để trống",
                "Xóa nội dung của ô này, hoặc ghi x.",
            )
    if named or marked:
        asked = {*named, *(COLUMN_IDS[f] for f in marked)}
        return tuple(column for column in COLUMN_IDS.values() if column in asked)
    usual = [COLUMN_IDS[f] for f in shown or ASKED]
    if aggregate is not Aggregation.SUM and "done" in usual:
        return ("done",)
    return tuple(usual)


def _ratio(row: ListRow, references: References, faults: Faults) -> None:
    line = row.line
    given = {of: list_words.codes(line.mark(of)) for of in (Field.PART, Field.WHOLE)}
    lacking = [of for of, codes in given.items() if not codes and of not in line.broken]
    if len(lacking) == 1:
        other = Field.PART if lacking[0] is Field.WHOLE else Field.WHOLE
        faults.add(
            Code.HALF_RATIO,
            line.spot(lacking[0]),
            f"có “{lacking[0]}” vì đã có “{other}”",
            f"Ghi mã chỉ tiêu ở cột “{lacking[0]}”, hoặc xóa “{other}”.",
        )
    found = {of: references.found(codes, of, row, faults) for of, codes in given.items()}
    if not all(found.values()):
        return
    row.part, row.whole = found[Field.PART], found[Field.WHOLE]
    row.values["aggregate"] = Aggregation.RATIO
    if not line.text(Field.COLUMNS) and not any(line.text(f) for f in ASKED):
        # A ratio can be computed where all its parts have figures; nobody plans one by parts.
        shared = set.intersection(*(set(other.columns) for other in (*row.part, *row.whole)))
        row.columns = tuple(c for c in ("done", "cumulative") if c in shared) or ("done",)
