"""Why a file is not read, in one sentence that says what to do."""

from kybaocao.rules.errors import UnreadableFileError


class OtherFileError(UnreadableFileError):
    """A file of another kind: no spreadsheet, but perhaps a paper. `kind` says it in words."""

    kind = ""


AGAIN = "hãy điền vào tệp biểu mẫu Excel đã nhận và gửi lại chính tệp đó"
_SAVE_AS = "hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại"


def broken() -> UnreadableFileError:
    return UnreadableFileError(
        "Tệp bị hỏng hoặc chưa tải lên đủ nên không đọc được; hãy mở, lưu lại rồi gửi lại."
    )


def locked() -> UnreadableFileError:
    return UnreadableFileError(
        "Tệp được đặt mật khẩu, hoặc khóa cấu trúc bằng mật khẩu, nên không đọc được; hãy bỏ mật "
        "khẩu rồi gửi lại."
    )


def too_large() -> UnreadableFileError:
    return UnreadableFileError(
        "Tệp quá lớn so với một báo cáo; hãy xóa các dòng, trang tính thừa rồi gửi lại."
    )


def outside() -> UnreadableFileError:
    return UnreadableFileError(
        "Tệp có ô nằm ngoài giới hạn của Excel nên không đọc được; hãy mở, lưu lại rồi gửi lại."
    )


def twice(sheet: str, cell: str) -> UnreadableFileError:
    """Return the refusal of a sheet that holds one cell two times, differently."""
    return UnreadableFileError(
        f"Tệp ghi hai giá trị khác nhau cho ô {cell} của trang tính “{sheet}” nên không rõ giá trị "
        "nào đúng; hãy mở bằng Excel, kiểm tra ô đó, lưu lại rồi gửi lại."
    )


def strange(sheet: str, cell: str = "") -> UnreadableFileError:
    """Return the refusal of a sheet that holds a cell of a kind that is not known here."""
    where = f"ô {cell} của trang tính “{sheet}”" if cell else f"một ô của trang tính “{sheet}”"
    return UnreadableFileError(f"Tệp ghi {where} theo cách lạ nên không đọc được; {_SAVE_AS}.")


def unsafe() -> UnreadableFileError:
    return UnreadableFileError(
        f"Tệp có thành phần lạ, có thể không an toàn, nên không được mở; {AGAIN}."
    )


def other(kind: str) -> OtherFileError:
    """Return the refusal of a file that is no spreadsheet but, in Vietnamese, a `kind`."""
    error = OtherFileError(f"Đây là {kind}, không phải bảng tính; {AGAIN}.")
    error.kind = kind
    return error


def disguised(kind: str) -> UnreadableFileError:
    """Return the refusal of what Excel opens, yet is no spreadsheet file."""
    return UnreadableFileError(
        f"Đây là {kind} mang tên bảng tính, không phải bảng tính; {_SAVE_AS}."
    )


def outdated(kind: str) -> UnreadableFileError:
    """Return the refusal of a spreadsheet of a kind that is not read."""
    return UnreadableFileError(f"Đây là {kind}, hệ thống không đọc được; {_SAVE_AS}.")
