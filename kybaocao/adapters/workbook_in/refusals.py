"""Why a file is not read, in one sentence that says what to do."""

from kybaocao.rules.finding import UnreadableFileError

AGAIN = "hãy điền vào tệp biểu mẫu Excel đã nhận và gửi lại chính tệp đó"
_SAVE_AS = "hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại"


def broken() -> UnreadableFileError:
    return UnreadableFileError(
        "Tệp bị hỏng hoặc chưa tải lên đủ nên không đọc được; hãy mở, lưu lại rồi gửi lại."
    )


def locked() -> UnreadableFileError:
    return UnreadableFileError(
        "Tệp được đặt mật khẩu nên không đọc được; hãy bỏ mật khẩu rồi gửi lại."
    )


def too_large() -> UnreadableFileError:
    return UnreadableFileError(
        "Tệp quá lớn so với một báo cáo; hãy xóa các dòng, trang tính thừa rồi gửi lại."
    )


def outside() -> UnreadableFileError:
    return UnreadableFileError(
        "Tệp có ô nằm ngoài giới hạn của Excel nên không đọc được; hãy mở, lưu lại rồi gửi lại."
    )


def unsafe() -> UnreadableFileError:
    return UnreadableFileError(
        f"Tệp có thành phần lạ, có thể không an toàn, nên không được mở; {AGAIN}."
    )


def other(kind: str) -> UnreadableFileError:
    """Return the refusal of a file that is no spreadsheet but, in Vietnamese, a `kind`."""
    return UnreadableFileError(f"Đây là {kind}, không phải bảng tính; {AGAIN}.")


def disguised(kind: str) -> UnreadableFileError:
    """Return the refusal of what Excel opens, yet is no spreadsheet file."""
    return UnreadableFileError(
        f"Đây là {kind} mang tên bảng tính, không phải bảng tính; {_SAVE_AS}."
    )


def outdated(kind: str) -> UnreadableFileError:
    """Return the refusal of a spreadsheet of a kind that is not read."""
    return UnreadableFileError(f"Đây là {kind}, hệ thống không đọc được; {_SAVE_AS}.")
