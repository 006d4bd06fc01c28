"""The event log in Vietnamese: what was done, about what, and with which particulars."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kybaocao.rules.calendar.official_days import official_day
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.text import fold
from kybaocao.rules.cycle.reminder import KIND_NAMES, Kind
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.cycle.waiver import WishAnswer
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.ruling import PAPERS, Paper

ACTS = {
    "open": "Mở kỳ báo cáo",
    "receive": "Nhận tệp",
    "set-aside": "Để riêng trong thư mục nhận",
    "receive-again": "Nhận lại tệp đã có",
    "consolidate": "Tổng hợp",
    "not-proved": "Dừng giao vì khác với tệp gốc",
    "deliver-unproved": "Cho giao khi chưa đối chiếu",
    "contacts": "Sửa danh bạ",
    "config-taken": "Áp dụng cấu hình mới",
    "config-refused": "Chưa áp dụng cấu hình vừa sửa vì có lỗi",
    "extension": "Gia hạn",
    "waiver": "Miễn báo cáo",
    "withdrawal": "Thu hồi gia hạn, miễn",
    "request": "Yêu cầu báo cáo",
    "wish": "Xin gia hạn",
    "answer-wish": "Trả lời việc xin gia hạn",
    "assigned": "Xếp tệp vào báo cáo",
    "rejected": "Loại tệp, không phải báo cáo",
    "attached": "Xếp tệp làm văn bản kèm theo",
    "asked": "Hỏi lại đơn vị về tệp",
    "returned": "Trả lại báo cáo đã nhận",
    "accepted": "Chấp nhận báo cáo đã bị trả lại",
    "remind": "Nhắc ngoài lịch",
    "attach": "Nhận văn bản kèm theo",
    "take-away": "Bỏ văn bản kèm theo",
    "letter-failed": "Thư không gửi được",
    "mail-trouble": "Máy chủ thư không gửi được thư",
    "mail-works": "Máy chủ thư lại gửi được thư",
    "go": "Cho phép gửi thư đi",
    "resend": "Gửi lại thư",
    "sign-in": "Đăng nhập",
    "sign-out": "Đăng xuất",
    "sign-out-everywhere": "Đăng xuất khỏi mọi thiết bị, thu hồi liên kết trong thư",
}
# What a person decided, in the order in which a summary of a day tells it.
DECISIONS = (
    "go",
    "resend",
    "request",
    "extension",
    "waiver",
    "withdrawal",
    "answer-wish",
    "returned",
    "accepted",
    "assigned",
    "rejected",
    "attached",
    "asked",
    "deliver-unproved",
)
VERDICTS = {
    Verdict.ACCEPTED: "được chấp nhận",
    Verdict.RETURNED: "trả lại để sửa",
    Verdict.UNREADABLE: "không đọc được",
}
LABELS = {
    "accepted": "số báo cáo đã nhận",
    "differences": "số điểm khác",
    "recipient": "nơi nhận",
    "address": "địa chỉ",
    "addresses": "địa chỉ",
    "agencies": "đơn vị",
    "answer": "trả lời",
    "error": "lỗi",
    "file": "tệp",
    "since": "từ lúc",
    "granted_by": "người quyết định",
    "kind": "loại",
    "letters": "số thư",
    "new": "số báo cáo mới mở",
    "owed": "số báo cáo phải có",
    "reason": "lý do",
    "sha256": "mã tệp (SHA-256)",
    "target": "báo cáo, đơn vị liên quan",
    "until": "đến hết ngày",
    "verdict": "kết quả kiểm tra",
    "version": "bản",
    "wish": "số thứ tự của lần xin",
}
ACTORS = {"kybaocao": "Hệ thống", "operator": "Người vận hành"}


def actor_words(actor: str) -> str:
    """Return who did something: an address, or the words for the program and its operator."""
    return ACTORS.get(actor, actor)


def actor_key(typed: str) -> str:
    """Return what the log calls somebody whom people call as `actor_words` does."""
    named = {fold(words): actor for actor, words in ACTORS.items()}
    return named.get(fold(typed), typed)


def act_words(act: str) -> str:
    """Return what was done; an act without words of its own stays as it is."""
    return ACTS.get(act, act)


def letter_words(kind: Kind) -> str:
    """Return what a letter is called within a sentence: `thư nhắc hạn`."""
    name = KIND_NAMES[kind]
    return name[:1].lower() + name[1:]


def about_words(regime: Regime, about: str, file_name: str = "") -> str:
    """Return what a line of the log is about: a report, a term, an agency, a file.

    `about` is a key: `regime/duty/period/agency` (more may follow), `regime/agency`, a regime,
    or `submission/12` for a file that belongs to no report.
    """
    first, *rest = about.split("/")
    if first == "submission":
        return f"Tệp “{file_name}”" if file_name else f"Tệp số {'/'.join(rest)}"
    if not rest:
        return regime.name if first == regime.id else about
    if rest[0] in regime.agencies:
        return regime.agencies[rest[0]].name
    parts = [_term_words(regime, rest[0], rest[1] if rest[1:] else "")]
    parts += [regime.agencies[code].name for code in rest[2:3] if code in regime.agencies]
    if rest[3:] and rest[3] in set(Kind):
        parts.append(letter_words(Kind(rest[3])))
    return " – ".join(filter(None, parts)) or about


def _term_words(regime: Regime, duty_id: str, period: str) -> str:
    """Return a duty and a period in words; empty for a duty that is not declared (any more)."""
    name = next((duty.name for duty in regime.duties if duty.id == duty_id), "")
    if not name:
        return ""
    try:
        return report_title(name, Period.parse(period).label)
    except ValueError:
        return name


def detail_words(regime: Regime, detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the particulars of an event as labels and texts, without those that say nothing."""
    told = [(LABELS.get(key, key), _value_words(regime, key, v)) for key, v in detail.items()]
    return [(label, text) for label, text in told if text]


def _value_words(regime: Regime, key: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_value_words(regime, key, each) for each in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {_value_words(regime, k, v)}" for k, v in value.items())
    text = str(value)
    if key == "verdict" and text in set(Verdict):
        return VERDICTS[Verdict(text)]
    if key == "answer" and text in set(WishAnswer):
        return {WishAnswer.GRANTED: "đồng ý", WishAnswer.DECLINED: "không đồng ý"}[WishAnswer(text)]
    if key in ("kind", "reason") and text in set(Paper):
        return PAPERS[Paper(text)]
    if key == "until":
        return _day_words(text)
    if key == "agencies" and text in regime.agencies:
        return regime.agencies[text].name
    return about_words(regime, text) if key == "target" else text


def _day_words(text: str) -> str:
    try:
        return official_day(date.fromisoformat(text))
    except ValueError:
        return text


def counted_words(counted: Iterable[tuple[int, str]]) -> str:
    """Return counts as a list, without those of nothing: `9 được chấp nhận, 3 trả lại`."""
    return ", ".join(f"{number} {words}" for number, words in counted if number)
