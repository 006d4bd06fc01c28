"""What a reader tells of a cell beside its value, as a fault to ask about."""

from kybaocao.rules.cells.cell_words import as_shown
from kybaocao.rules.cells.grid import Oddity, Oddness, Value
from kybaocao.rules.check.answers import Fault
from kybaocao.rules.codes import Code

_FORMAT = "đặt lại định dạng ô thành Chung (General)"


def fault_of(oddity: Oddity, value: Value) -> Fault:
    """Return what is to be asked of a cell that holds `value`."""
    match oddity.kind:
        case Oddness.LEGACY_TEXT:
            of_font = oddity.detail[:1] == "." or oddity.detail[:4].casefold() in ("vni-", "vni ")
            why = f"ô dùng {'phông' if of_font else 'bảng mã'} {oddity.detail}"
            return Fault(
                Code.LEGACY_TEXT,
                f"chữ Unicode; {why} nên đã được chuyển mã như bên",
                "Xem lại chữ đã chuyển; nếu sai thì gõ lại bằng phông Times New Roman.",
            )
        case Oddness.STALE_FORMULA:
            return Fault(
                Code.STALE_FORMULA,
                f"kết quả đúng của công thức trong ô: {oddity.detail}",
                "Mở tệp, nhấn F9 để tính lại rồi lưu và gửi lại, hoặc ghi thẳng con số đúng.",
            )
        case Oddness.NOT_RECALCULATED:
            return Fault(
                Code.STALE_FORMULA,
                "công thức đã được tính lại; tệp ghi rằng các công thức chưa được tính lại trước "
                "khi lưu",
                "Mở tệp bằng Excel hoặc LibreOffice, lưu lại rồi gửi, hoặc ghi thẳng nội dung.",
            )
        case Oddness.SHOWN_OTHERWISE:
            return Fault(
                Code.SHOWN_OTHERWISE,
                f"ô hiện ra đúng điều được ghi; ô đang hiện “{oddity.detail}” nhưng ghi "
                f"{as_shown(value)}",
                f"Chọn ô, {_FORMAT}, rồi ghi lại nội dung đúng, con số tính bằng đơn vị tính của "
                "biểu mẫu.",
            )
        case Oddness.UNSOLVED:
            return Fault(
                Code.FORMULA_WITHOUT_VALUE,
                "công thức đã có kết quả tính",
                "Mở tệp bằng Excel hoặc LibreOffice, lưu lại rồi gửi, hoặc ghi thẳng nội dung.",
            )
        case Oddness.PICTURE:
            return Fault(
                Code.PICTURE,
                "nội dung bằng chữ hoặc con số; ảnh trong ô không đọc được",
                "Xóa ảnh, ghi nội dung vào ô; ảnh và bản quét thì gửi kèm thành tệp riêng.",
            )
        case _:
            return Fault(
                Code.INEXACT_NUMBER,
                f"con số được giữ đủ mọi chữ số ({oddity.detail})",
                "Ghi lại con số đúng; nếu là mã hoặc số hiệu thì đặt ô ở định dạng văn bản rồi gõ "
                "lại.",
            )
