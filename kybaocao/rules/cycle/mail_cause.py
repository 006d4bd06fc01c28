"""Why a letter has not gone out: for a while, or not at all until somebody does something."""

from enum import StrEnum


class MailCause(StrEnum):
    """What stands in a letter's way; the words are those of `kybaocao resend --cause`."""

    AWAY = "away"
    SETTINGS = "settings"
    POLICY = "policy"
    LATER = "later"
    ADDRESS = "address"
    LETTER = "letter"
    ORDERED = "ordered"
    """Nothing does: a person has just ordered that it go out."""


CAUSE_WORDS = {
    MailCause.AWAY: "máy chủ thư không trả lời hoặc đang ngừng nhận thư",
    MailCause.SETTINGS: "khai báo máy chủ thư chưa đúng, hoặc máy chủ không cho đăng nhập",
    MailCause.POLICY: "máy chủ thư không cho chuyển thư (quy định của máy chủ)",
    MailCause.LATER: "máy chủ nhận tạm thời chưa nhận thư này",
    MailCause.ADDRESS: "không có địa chỉ nhận, hoặc địa chỉ không nhận thư",
    MailCause.LETTER: "thư không lập được, hoặc bị từ chối vì nội dung, dung lượng",
    MailCause.ORDERED: "vừa có người yêu cầu gửi lại",
}


def cause_words(cause: str) -> str:
    """Return a cause in Vietnamese, also for a letter that failed before causes were kept."""
    return CAUSE_WORDS[MailCause(cause)] if cause else "không rõ nguyên nhân"
