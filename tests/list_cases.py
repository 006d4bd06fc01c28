"""Indicator lists as offices make them: in several layouts, right or with a fault."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from ruamel.yaml import YAML

from kybaocao.rules.cells.grid import Book, Grid, Value
from kybaocao.rules.form.form import Aggregation, Form, InputKind
from kybaocao.rules.form_list.form_list import Imported, ListFacts, build
from tests.levels import LEVELS
from tests.support import ROOT

SOURCE = "1908/QĐ-UBND, Điều 1, V.1.b"
GIVEN = ListFacts("danh-muc", source=SOURCE)
HEADER = ("TT", "Mã", "Tên chỉ tiêu", "Đơn vị tính")
# The forms alone: a list has nothing to do with regimes.
FORMS = {
    path.stem: Form.model_validate(YAML(typ="safe").load(path))
    for path in sorted((ROOT / "config" / "forms").glob("*.yaml"))
}
Rows = Sequence[Sequence[Value | None]]


def grid(rows: Rows, name: str = "Danh mục", hidden: bool = False) -> Grid:
    """Return a sheet whose first row is row 1; None leaves a cell empty."""
    cells = {
        (row, column): value
        for row, values in enumerate(rows, 1)
        for column, value in enumerate(values, 1)
        if value is not None
    }
    return Grid(name, cells, hidden)


def listed(
    *rows: Sequence[Value | None],
    more: Sequence[str] = (),
    given: ListFacts = GIVEN,
    earlier: Sequence[Form] = (),
) -> Imported:
    """Import a list with the title in row 1, the header in row 2, and `rows` from row 3 on.

    Its columns are TT (A), Mã (B), Tên chỉ tiêu (C), Đơn vị tính (D) and `more` (E …).
    """
    book = Book((grid([["Danh mục chỉ tiêu"], [*HEADER, *more], *rows]),))
    return build(book, given, LEVELS, earlier)


def office_list() -> bytes:
    """Return a list with merged headers in two rows, numbered columns, groups, notes, signature."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "Danh mục"
    for row in (
        ["UBND TỈNH QUẢNG NAM"],
        ["SỞ NỘI VỤ"],
        ["Danh mục chỉ tiêu báo cáo cải cách hành chính"],
        ["(Kèm theo Công văn của Sở Nội vụ)"],
        [],
        [
            "TT",
            "Nội dung  chỉ tiêu",
            "ĐVT",
            "Cấp áp dụng",
            "Quan hệ",
            None,
            "Tỷ lệ",
            None,
            "Căn cứ",
        ],
        [None, None, None, None, "Bằng tổng của", "Không vượt quá", "Tử số", "Mẫu số"],
        ["A", "B", "C", "D", 1, 2, 3, 4, 5],
        ["I", "Chỉ đạo, điều hành"],
        [1, "Số nhiệm vụ đến hạn", "nhiệm vụ", None, "1.1, 1.2", None, None, None, SOURCE],
        [1.1, "Hoàn thành đúng hạn", "nhiệm vụ", None, None, 1, None, None, SOURCE],
        ["1.2", "Chưa hoàn thành", "nhiệm vụ", None, None, None, None, None, SOURCE],
        [2, "Tỷ lệ hoàn thành đúng hạn", "%", None, None, None, "1.1", "1", SOURCE],
        [],
        ["II. Thủ tục hành chính: một cửa, một cửa liên thông"],
        [1, "Hồ sơ tiếp nhận", "hồ sơ", "Sở, ban, ngành; cấp xã", *[None] * 4, SOURCE],
        ["-", "Trong đó: trực tuyến", "hồ sơ", "sở, xã", None, "1", None, None, SOURCE],
        [2, "Kinh phí", "triệu đồng", *[None] * 5, SOURCE],
        [],
        ["Ghi chú: số liệu lấy từ hệ thống một cửa."],
        [None, "NGƯỜI LẬP BIỂU", None, "GIÁM ĐỐC"],
    ):
        page.append(row)
    merged = ("A3:I3", "A6:A7", "B6:B7", "C6:C7", "D6:D7", "E6:F6", "G6:H6", "I6:I7", "A15:I15")
    for area in (*merged, "A20:I20"):
        page.merge_cells(area)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return a workbook's bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_KINDS = {
    InputKind.INTEGER: "Số nguyên",
    InputKind.DECIMAL: "số thập phân",
    InputKind.PERCENT: "Tỷ lệ",
}
_ADDED = {
    Aggregation.SUM: "cộng",
    Aggregation.MAX: "cao nhất",
    Aggregation.NONE: "không",
    Aggregation.SHARED: "danh mục chung",
}
_LEVELS = {"so": "Sở", "huyen": "Huyện", "xa": "Xã", "phong": "Phòng"}
_SHORT = {"planned": "kế hoạch", "done": "trong kỳ", "cumulative": "lũy kế"}


def added(ways: Aggregation | dict[str, Aggregation]) -> str | None:
    """Return how a list says in what way figures add up."""
    if isinstance(ways, dict):
        return "; ".join(f"{_LEVELS[level]}: {_ADDED[way]}" for level, way in ways.items())
    return _ADDED.get(ways)


def list_of(form: Form) -> Grid:
    """Return the list from which a secretary would have made `form`: each sheet a group."""
    header = [*HEADER, "Kiểu", "Cột", "Cấp áp dụng", "Bằng tổng của", "Không vượt quá"]
    header += ["Tử số", "Mẫu số", "Mục tiêu", "Căn cứ", "Tổng hợp", "Nhỏ nhất", "Lớn nhất"]
    rows: list[list[Value | None]] = [["Danh mục chỉ tiêu"], [*header]]
    for number, sheet in enumerate(form.indicator_sheets):
        rows.append([chr(65 + number), None, sheet.title])
        for count, row in enumerate(sheet.rows, 1):
            sums = [r.parts for r in form.rules.sums if r.total == row.code]
            within = [r.whole for r in form.rules.within if r.part == row.code]
            names = (*(str(level) for level in row.applies.levels), *row.applies.agencies)
            rows.append(
                [
                    count,
                    row.code,
                    row.name,
                    row.unit,
                    _KINDS[row.kind],
                    "; ".join(_SHORT[column] for column in row.columns),
                    ", ".join(_LEVELS.get(n, n) for n in names) or None,
                    "; ".join(" + ".join(parts) for parts in sums) or None,
                    ", ".join(within) or None,
                    "; ".join(row.compute.part) if row.compute else None,
                    " + ".join(row.compute.whole) if row.compute else None,
                    row.target_words or None,
                    row.source,
                    added(row.aggregate),
                    None if row.minimum in (None, 0) else row.minimum,
                    row.maximum,
                ]
            )
    return grid(rows)
