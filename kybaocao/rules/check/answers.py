"""What one cell answers: a value, a declared "not applicable", or a fault to ask about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kybaocao.rules.cells import numbers, text
from kybaocao.rules.cells.grid import Value
from kybaocao.rules.cells.numbers import AmbiguousNumber, AnswerWord, Number, shown, typed
from kybaocao.rules.cells.typed_units import OtherUnit, advice, in_unit, with_unit
from kybaocao.rules.codes import Code
from kybaocao.rules.form.form import InputKind
from kybaocao.rules.recognition.reading import as_text

_DAY_FIRST = re.compile(
    r"(?:ngày )?(\d{1,2}) ?(?:[/.-] ?|tháng )(\d{1,2}) ?(?:[/.-] ?|năm )(\d{4})"
)
_YEAR_FIRST = re.compile(r"(\d{4}) ?[/-] ?(\d{1,2}) ?[/-] ?(\d{1,2})")
_FIRST_YEAR, _LAST_YEAR = 1945, 2200


@dataclass(frozen=True)
class Answer:
    """An understood cell; `value` is None where the sender declared it not applicable."""

    value: int | float | str | None


@dataclass(frozen=True)
class Fault:
    """Why a cell is not understood or not allowed; `code` names the check."""

    code: Code
    expected: str
    action: str


@dataclass(frozen=True)
class Range:
    """The bounds of a number, both included; None is unbounded."""

    minimum: float | None = None
    maximum: float | None = None

    @property
    def words(self) -> str:
        if self.minimum is not None and self.maximum is not None:
            return f"từ {shown(self.minimum)} đến {shown(self.maximum)}"
        if self.minimum is not None:
            return f"không nhỏ hơn {shown(self.minimum)}"
        return f"không lớn hơn {shown(self.maximum or 0)}"

    def __contains__(self, value: float) -> bool:
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )


# What differences of fractions leave behind: as a fraction or as points it is nothing.
_NOTHING = 1e-9
_KIND_WORDS = {
    InputKind.INTEGER: "một số nguyên, ví dụ 1250",
    InputKind.DECIMAL: "một số, ví dụ 1250,5",
    InputKind.PERCENT: "một tỷ lệ phần trăm, ví dụ 98,33",
}
_WORDS_ALLOWED = "ghi 0 nếu không phát sinh, ghi “Không áp dụng” nếu không thuộc phạm vi"


def number(
    kind: InputKind, allowed: Range, value: Value, unit: str = "", words: str = ""
) -> Answer | Fault:
    """Return what a cell that asks for a number of `kind`, counted in `unit`, answers.

    Percentages are in percentage points, and within 0 to 100 unless `allowed` says otherwise.
    `words` are those that the cell shows behind a number.
    """
    found: Number
    if words and unit and (asked := _in_other_unit(kind, value, words, unit)):
        return asked
    if isinstance(value, str):
        said = numbers.word(value)
        if said is not None:
            return Answer(0 if said is AnswerWord.ZERO else None)
        try:
            found = numbers.parse(value, whole=kind is InputKind.INTEGER)
        except AmbiguousNumber as error:
            return _ambiguous(error, kind)
        except numbers.NotANumber:
            answer = _typed_with_unit(kind, allowed, value, unit)
            is_word = isinstance(answer, Fault) and answer.code is Code.NOT_A_NUMBER
            asks_if = kind is InputKind.INTEGER and allowed == _YES_OR_NO
            return _yes_or_no() if is_word and asks_if else answer
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if not abs(value) <= numbers.LARGEST:
            return _not_a_number(kind, value)
        found = Number(value)
    else:
        return _not_a_number(kind, value)
    return _of_kind(kind, allowed, found)


_YES_OR_NO = Range(0, 1)


def _yes_or_no() -> Fault:
    return Fault(
        Code.NOT_A_NUMBER, "số 1 hoặc số 0", "Ghi 1 nếu có, ghi 0 nếu không; không ghi bằng chữ."
    )


def _typed_with_unit(kind: InputKind, allowed: Range, value: str, unit: str) -> Answer | Fault:
    try:
        found = with_unit(value, unit, kind is InputKind.INTEGER) if unit else None
    except AmbiguousNumber as error:
        return _ambiguous(error, kind)
    if found is None:
        return _not_a_number(kind, value)
    if isinstance(found, OtherUnit):
        return _wrong_unit(kind, found, unit)
    return _of_kind(kind, allowed, found)


def _wrong_unit(kind: InputKind, found: OtherUnit, unit: str) -> Fault:
    is_whole = kind is InputKind.INTEGER
    expected = f"{_KIND_WORDS[kind]}, tính bằng {unit}"
    return Fault(Code.WRONG_UNIT, expected, advice(found, unit, is_whole))


def _in_other_unit(kind: InputKind, value: Value, words: str, unit: str) -> Fault | None:
    """Return the fault of a number that shows with the words of another unit than is asked."""
    found = in_unit(value, words, unit) if isinstance(value, int | float) else None
    return _wrong_unit(kind, found, unit) if isinstance(found, OtherUnit) else None


def _of_kind(kind: InputKind, allowed: Range, found: Number) -> Answer | Fault:
    value = found.value
    if found.is_percent and kind is not InputKind.PERCENT:
        return Fault(
            Code.UNEXPECTED_PERCENT,
            f"{_KIND_WORDS[kind]}; không ghi tỷ lệ phần trăm",
            "Ghi số lượng thay cho tỷ lệ, bỏ dấu %.",
        )
    if kind is InputKind.INTEGER:
        if isinstance(value, float):
            value = float(f"{value:.15g}")  # what a spreadsheet shows of 399.99999999999994
        if isinstance(value, float) and not value.is_integer():
            return Fault(
                Code.NOT_INTEGER,
                "một số nguyên, không có phần thập phân",
                "Ghi lại số nguyên, không dùng dấu chấm hoặc dấu phẩy.",
            )
        value = int(value)
    if kind is InputKind.PERCENT:
        allowed = Range(
            0 if allowed.minimum is None else allowed.minimum,
            100 if allowed.maximum is None else allowed.maximum,
        )
        if _NOTHING < value <= 1 and not found.is_percent:
            return _fraction_or_percent(value)
    if value not in allowed:
        return Fault(Code.OUT_OF_RANGE, f"số {allowed.words}", "Kiểm tra và ghi lại số đúng.")
    return Answer(value)


def _not_a_number(kind: InputKind, value: Value) -> Fault:
    if isinstance(value, str) and value.startswith("="):
        return Fault(
            Code.FORMULA_WITHOUT_VALUE,
            "công thức đã có kết quả tính",
            "Mở tệp bằng Excel hoặc LibreOffice, lưu lại rồi gửi, hoặc ghi thẳng con số.",
        )
    if isinstance(value, str) and value.startswith("#"):
        action = "Công thức trong ô bị lỗi; ghi lại con số."
    elif isinstance(value, str) and text.fold(value) in {"-", "--", "x", "...", "."}:
        action = f"Làm rõ ý của ô: {_WORDS_ALLOWED}."
    else:
        action = f"Chỉ ghi con số, không kèm chữ hay đơn vị tính; {_WORDS_ALLOWED}."
    return Fault(Code.NOT_A_NUMBER, _KIND_WORDS[kind], action)


def _ambiguous(error: AmbiguousNumber, kind: InputKind) -> Fault:
    thousands, decimal = error.readings
    action = f"Ghi {typed(thousands)} nếu là {shown(thousands)}"
    if kind is InputKind.INTEGER and decimal != int(decimal):
        action += "; ô này không nhận phần thập phân."
    else:
        action += f"; ghi {typed(decimal)} nếu là {shown(decimal)}."
    return Fault(Code.AMBIGUOUS_NUMBER, "con số chỉ có một cách hiểu", action)


def _fraction_or_percent(value: float) -> Fault:
    points = float(f"{100 * value:.10g}")
    quoted = "% (có dấu nháy đơn đứng trước)"
    # So few points could be a fraction again.
    more = f"'{typed(points)}{quoted}" if points <= 1 else typed(points)
    return Fault(
        Code.AMBIGUOUS_NUMBER,
        "tỷ lệ phần trăm chỉ có một cách hiểu",
        f"Ghi {more} nếu là {shown(points)}%; ghi '{typed(value)}{quoted} nếu là {shown(value)}%.",
    )


def day(value: Value) -> Answer | Fault:
    """Return the day that a cell names, as ISO text; text is read as day, month, year."""
    found: date | None = None
    if isinstance(value, datetime):
        found = value.date()
    elif isinstance(value, date):
        found = value
    elif isinstance(value, str):
        found = _day_in(text.plain(value).casefold())
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return Fault(
            Code.NOT_A_DATE,
            "một ngày, ví dụ 14/09/2016",
            "Ghi lại ngày theo dạng ngày/tháng/năm, năm đủ bốn chữ số.",
        )
    return Answer(found.isoformat())


def _day_in(typed: str) -> date | None:
    if match := _DAY_FIRST.fullmatch(typed):
        day_, month, year = map(int, match.groups())
    elif match := _YEAR_FIRST.fullmatch(typed):
        year, month, day_ = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day_)
    except ValueError:
        return None


def choice(choices: Sequence[str], value: Value) -> Answer | Fault:
    """Return the choice that a cell names, as the form writes it."""
    folded = text.fold(as_text(value))
    for candidate in choices:
        if text.fold(candidate) == folded:
            return Answer(candidate)
    return Fault(
        Code.NOT_A_CHOICE,
        "một trong các giá trị: " + "; ".join(choices),
        "Chọn một giá trị trong danh sách thả xuống của ô.",
    )


_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]|#N/A|#GETTING_DATA|#\?|Err:[0-9]{3}")


def words(value: Value, behind: str = "") -> Answer | Fault:
    """Return the text of a cell that asks for one; `behind` are words that it shows after a number.

    Errors, truth values and the 0 of a link to an empty cell are none.
    """
    said = f"{as_text(value)} {behind}".rstrip()
    if isinstance(value, bool):
        return Fault(Code.NOT_TEXT, "nội dung bằng chữ", f"Ghi rõ nội dung thay cho {said}.")
    if isinstance(value, int | float) and value == 0 and not behind:
        return Fault(
            Code.EMPTY_LINK,
            "nội dung bằng chữ, không phải số 0 (thường do công thức trỏ đến một ô trống)",
            "Ghi nội dung; nếu không có thì xóa số 0, hoặc ghi “Không có” ở ô bắt buộc.",
        )
    if isinstance(value, str) and _ERROR.fullmatch(said):
        return Fault(
            Code.ERROR_VALUE,
            "nội dung trả lời, không phải một lỗi của công thức",
            "Công thức trong ô bị lỗi; ghi thẳng nội dung vào ô.",
        )
    return Answer(said)


def answer(
    kind: InputKind, choices: Sequence[str], allowed: Range, value: Value, behind: str = ""
) -> Answer | Fault:
    """Return what a cell that asks for an input of `kind` answers."""
    if kind.is_number:
        return number(kind, allowed, value)
    if kind is InputKind.DATE:
        return day(value)
    if kind is InputKind.CHOICE:
        return choice(choices, value)
    return words(value, behind)
