"""What an officer writes into cover, task table and text sheets: plausible, and about nobody."""

import random
from datetime import date
from typing import Any

from kybaocao.rules.form.form import Entry, InputKind, TableColumn, TableSheet

# By the first words of what is asked; each officer takes one, None leaves an optional one blank.
PHRASES: dict[str, tuple[str | None, ...]] = {
    "Số, ký hiệu": ("{number}/BC-{initials}",),
    "Người lập biểu": ("{office}",),
    "Chức vụ, bộ phận": ("Bộ phận tổng hợp",),
    "Điện thoại": ("0000 000 000",),
    "Thư điện tử": ("vanthu@don-vi.example",),
    "Người ký": ("Lãnh đạo {agency}",),
    "Kết quả nổi bật": (
        "{agency} đã rà soát các thủ tục thuộc thẩm quyền, cập nhật thủ tục đã chuẩn hóa lên cơ sở "
        "dữ liệu và niêm yết công khai tại nơi tiếp nhận hồ sơ.",
        "Đã kiểm tra việc tiếp nhận, trả kết quả tại các phòng, đơn vị trực thuộc; hồ sơ quá hạn "
        "đều có văn bản xin lỗi và hẹn lại ngày trả.",
        "Đã hoàn thành các nhiệm vụ đến hạn trong kế hoạch cải cách hành chính năm; tổ chức đối "
        "thoại với tổ chức, cá nhân về thủ tục hành chính.",
        "Đưa phần mềm một cửa vào sử dụng ở tất cả các phòng, ban; văn bản đi, đến trao đổi qua "
        "mạng thay cho bản giấy, trừ văn bản mật.",
    ),
    "Tồn tại, hạn chế": (
        "Còn hồ sơ quá hạn do phải lấy ý kiến nhiều cơ quan; phối hợp chưa có thời hạn cụ thể.",
        "Tỷ lệ hồ sơ nộp trực tuyến thấp vì người dân chưa quen sử dụng; cần tăng cường hướng dẫn.",
        "Một số nhiệm vụ chậm so với kế hoạch do thiếu kinh phí và nhân lực công nghệ thông tin.",
    ),
    "Phương hướng": (
        "Tiếp tục rà soát, đơn giản hóa thủ tục; đôn đốc hoàn thành các nhiệm vụ còn lại của năm.",
        "Tập trung giảm hồ sơ quá hạn; kiểm tra công vụ tại các đơn vị trực thuộc.",
        "Tập huấn nghiệp vụ một cửa cho công chức; mở rộng tiếp nhận hồ sơ trực tuyến.",
    ),
    "Kiến nghị": (
        None,
        None,
        "Đề nghị bố trí kinh phí nâng cấp phần mềm một cửa trong dự toán năm sau.",
        "Đề nghị hướng dẫn thống nhất cách tính hồ sơ trước hạn, đúng hạn khi hồ sơ liên thông.",
    ),
    "Mô hình mới": (None, None, "Trả kết quả tại nhà qua dịch vụ bưu chính khi người dân đăng ký."),
}
GENERAL = "{agency} đã triển khai theo kế hoạch."

# A task of an agency's own plan, beside those that the decision's annex gives it.
OWN_TASK = {
    "noi-dung": "Kiểm tra công vụ tại các phòng, đơn vị trực thuộc",
    "han": "Quý IV/2016",
    "trang-thai": "Đang triển khai",
    "kho-khan": "Một số đơn vị chưa cử đủ người",
}
# What is said of a task that was given: how it stands, its product, what hinders it.
PROGRESS = (
    ("Đang triển khai", None, None),
    ("Đang triển khai", "Dự thảo đang lấy ý kiến", None),
    ("Đang triển khai", None, "Một số nội dung đang chờ hướng dẫn"),
    ("Hoàn thành đúng hạn", "Văn bản số {number}/{initials}", None),
)
OVERDUE_PROGRESS = (
    ("Hoàn thành quá hạn", "Văn bản số {number}/{initials}", None),
    ("Quá hạn, chưa hoàn thành", "Dự thảo đang lấy ý kiến", "Phải lấy ý kiến nhiều cơ quan"),
    ("Hoàn thành đúng hạn", "Văn bản số {number}/{initials}", None),
)


def answer(entry: Entry, signed: date, agency: str) -> Any:
    """Return what an agency answers to an entry; None leaves it blank."""
    if entry.kind is InputKind.DATE:
        return signed
    if entry.kind is InputKind.CHOICE:
        return entry.choices[0]
    if entry.kind.is_number:
        return 1
    for start, phrases in PHRASES.items():
        if entry.name.startswith(start):
            # Phrases for show, and no secrets.
            phrase = random.Random(f"{agency}/{entry.code}").choice(phrases)  # noqa: S311
            break
    else:
        phrase = GENERAL if entry.required else None
    if phrase is None:
        return GENERAL.format(agency=agency) if entry.required else None
    return phrase.format(
        agency=agency,
        number=signed.timetuple().tm_yday,
        initials=_initials(agency),
        office=_office(agency),
    )


def own_row(sheet: TableSheet, signed: date) -> list[Any]:
    """Return the free row that an agency fills of a table, in the order of its columns."""
    if sheet.tasks is not None:
        return [OWN_TASK.get(column.id, "") for column in sheet.columns]
    return [_cell(column, signed) for column in sheet.columns]


def progress(task: str, overdue: bool, signed: date, agency: str) -> list[str | None]:
    """Return how a task stands, its product and what hinders it, as an agency says."""
    chosen = OVERDUE_PROGRESS if overdue else PROGRESS
    said = random.Random(f"{agency}/{task}/{signed}").choice(chosen)  # noqa: S311
    facts = {"number": signed.timetuple().tm_yday, "initials": _initials(agency)}
    return [part.format(**facts) if part else None for part in said]


def _cell(column: TableColumn, signed: date) -> Any:
    if column.kind.is_number:
        return 1
    if column.kind is InputKind.DATE:
        return signed
    return column.choices[0] if column.choices else column.hint or column.name


def _initials(agency: str) -> str:
    """Return the initials that stand in the marks of an agency's documents: `STP`, `UBND`."""
    for name, mark in (("Ủy ban nhân dân", "UBND"), ("Văn phòng", "VP")):
        if agency.startswith(name):
            return mark
    words = agency.replace("-", " ").split()
    return "".join(w[0].upper() for w in words if w not in ("và", "các", "tỉnh"))


def _office(agency: str) -> str:
    """Return the unit that draws up an agency's report."""
    if agency.startswith("Ủy ban nhân dân"):
        return "Phòng Nội vụ"
    return agency if agency.startswith("Văn phòng") else f"Văn phòng {agency}"
