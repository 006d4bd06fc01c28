"""The columns of an indicator list, by the headers that offices give them."""

import re
from collections.abc import Mapping
from enum import StrEnum

from kybaocao.rules.cells import text


class Field(StrEnum):
    """What a column of a list says; the value is its usual header."""

    NUMBER = "TT"
    CODE = "Mã"
    NAME = "Tên chỉ tiêu"
    WAS = "Tên cũ"
    UNIT = "Đơn vị tính"
    KIND = "Kiểu"
    COLUMNS = "Cột"
    LEVELS = "Cấp áp dụng"
    AGGREGATE = "Tổng hợp"
    MINIMUM = "Nhỏ nhất"
    MAXIMUM = "Lớn nhất"
    SUMS = "Bằng tổng của"
    WITHIN = "Không vượt quá"
    PART = "Tử số"
    WHOLE = "Mẫu số"
    TARGET = "Mục tiêu"
    SOURCE = "Căn cứ"
    PLANNED = "Kế hoạch năm"
    DONE = "Thực hiện trong kỳ"
    CUMULATIVE = "Lũy kế từ đầu năm"
    REMARK = "Ghi chú"


_ALSO: Mapping[Field, tuple[str, ...]] = {
    Field.NUMBER: ("STT", "Số TT", "Số thứ tự"),
    Field.CODE: ("Mã số", "Mã chỉ tiêu", "Mã CT", "Ký hiệu"),
    Field.NAME: (
        "Nội dung chỉ tiêu",
        "Chỉ tiêu",
        "Nội dung",
        "Tên, nội dung chỉ tiêu",
        "Chỉ tiêu báo cáo",
        "Tên chỉ tiêu báo cáo",
        "Nội dung báo cáo",
    ),
    Field.WAS: ("Tên chỉ tiêu cũ", "Tên ở phiên bản trước"),
    Field.UNIT: ("ĐVT", "Đơn vị", "Đ.vị tính", "Đơn vị đo"),
    Field.KIND: ("Loại", "Kiểu số liệu", "Loại số liệu", "Kiểu dữ liệu"),
    Field.COLUMNS: ("Cột số liệu",),
    Field.LEVELS: ("Cấp", "Áp dụng", "Đơn vị áp dụng", "Đối tượng áp dụng", "Cấp báo cáo"),
    Field.AGGREGATE: ("Cách tổng hợp",),
    Field.SUMS: ("Bằng tổng", "Tổng của", "Bằng tổng các chỉ tiêu"),
    Field.WITHIN: ("Không lớn hơn", "Không quá", "Không vượt"),
    Field.TARGET: ("Mục tiêu phấn đấu", "Chỉ tiêu phấn đấu"),
    Field.SOURCE: ("Nguồn", "Căn cứ pháp lý", "Căn cứ, nguồn", "Nguồn, căn cứ"),
    Field.PLANNED: ("Kế hoạch",),
    Field.DONE: ("Thực hiện", "Kết quả thực hiện", "Trong kỳ", "Kết quả trong kỳ"),
    Field.CUMULATIVE: ("Lũy kế", "Lũy kế năm"),
}
ASKED = (Field.PLANNED, Field.DONE, Field.CUMULATIVE)
"""Columns of the form itself, which a list may show as empty or marked columns."""


def field_of(header: str) -> Field | None:
    """Return what a column of that header says; remarks in brackets do not count."""
    return _FIELDS.get(_folded(header))


def _folded(header: str) -> str:
    return text.fold(re.sub(r"\s*\([^()]*\)\s*$", "", text.plain(header)).rstrip("*:. "))


_FIELDS = {_folded(name): known for known in Field for name in (known.value, *_ALSO.get(known, ()))}
