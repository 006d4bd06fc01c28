"""The checks: a form and a file's plain values in, figures and every finding out.

One check, one function, one named finding, located to the cell that the sender sees.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.official_days import official_day
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells import numbers
from kybaocao.rules.cells.grid import Book, Oddness
from kybaocao.rules.cells.numbers import AnswerWord
from kybaocao.rules.cells.percentages import given
from kybaocao.rules.check import answers, arithmetic
from kybaocao.rules.check.answers import Answer, Fault, Range
from kybaocao.rules.check.given_rows import GivenRow, Placed, find_given, given_rows
from kybaocao.rules.check.labels import hold_labels
from kybaocao.rules.check.relations import Place
from kybaocao.rules.check.shortfall import shortfalls
from kybaocao.rules.check.skeleton import (
    column_of,
    crossed_rows,
    has_columns,
    missing_sheet,
    row_of,
    unknown_rows,
)
from kybaocao.rules.check.walk import At, Walk
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.form.form import (
    Column,
    EntrySheet,
    Figure,
    Form,
    Indicator,
    IndicatorSheet,
    InputKind,
    TableSheet,
)
from kybaocao.rules.form.nil_return import is_nil
from kybaocao.rules.recognition.reading import ANSWER_HEADER, Located, identity_of, locate

__all__ = ["Judgement", "identity_of", "judge"]

# From so many blank inputs on, a sheet without any figure is one finding.
_BLANK_SHEET = 4


@dataclass(frozen=True)
class Judgement:
    """What a file holds and what is wrong with it, in the order of the file's cells.

    `located` is where the form's sheets stand in the file, by sheet id and in the file's order.
    `is_nil` says that it reports that nothing happened.
    """

    findings: tuple[Finding, ...]
    figures: tuple[Figure, ...]
    located: Mapping[str, Located] = field(default_factory=dict)
    is_nil: bool = False

    @property
    def sheets(self) -> dict[str, str]:
        """The names under which the form's sheets stand in the file, by sheet id."""
        return {sheet_id: where.grid.name for sheet_id, where in self.located.items()}

    @property
    def verdict(self) -> Verdict:
        blocked = any(finding.is_blocking for finding in self.findings)
        return Verdict.RETURNED if blocked else Verdict.ACCEPTED


def judge(
    form: Form,
    frequency: Frequency,
    first_of_year: bool,
    book: Book,
    day: date | None = None,
    period: Period | None = None,
) -> Judgement:
    """Judge a file by `form` (as it applies to the sender, from `Form.for_agency`).

    `first_of_year` says that the period is the year's first, whose cumulative figures equal
    those of the period. On `day`, the day of reception, rules may be warnings still; without
    it all are in force. Targets are looked at if the `period` is told.
    """
    columns = form.columns_for(frequency)
    walk = Walk(columns, day)
    located = locate(form, [column.name for column in columns], book)
    for sheet in form.sheets:
        where = located.get(sheet.id)
        if where is None:
            walk.findings.append(((-1, 0, 0), missing_sheet(sheet)))
        elif has_columns(walk, where):
            if isinstance(sheet, IndicatorSheet):
                _judge_indicators(walk, where, sheet)
            elif isinstance(sheet, EntrySheet):
                _judge_entries(walk, where, sheet, period)
            else:
                _judge_table(walk, where, sheet, given_rows(sheet, book))
    _judge_arithmetic(walk, form, first_of_year, period)
    walk.findings.sort(key=lambda placed: placed[0])
    return Judgement(
        tuple(finding for _, finding in walk.findings),
        tuple(walk.figures),
        dict(sorted(located.items(), key=lambda item: item[1].position)),
        is_nil(form, walk.figures),
    )


def _required(walk: Walk, where: Located, at: At, expected: str, until: date | None = None) -> None:
    action = "Điền ô này; ghi 0 nếu không phát sinh, ghi “Không áp dụng” nếu không thuộc phạm vi."
    if where.sheet.kind != "indicators":
        action = "Điền ô này."
    fault = Fault(Code.REQUIRED_BLANK, expected, action)
    walk.find(where, *at, fault, value="(để trống)", until=until)


def _judge_indicators(walk: Walk, where: Located, sheet: IndicatorSheet) -> None:
    crossed = crossed_rows(walk, where, sheet)
    unknown_rows(walk, where, [row.code for row in sheet.rows], crossed)
    hold_labels(walk, where, sheet, crossed)
    columns = [(c, column_of(where, c.name)) for c in walk.columns]
    blanks: list[tuple[Indicator, Column, At]] = []
    is_empty = True
    for indicator in sheet.rows:
        asked = [(c, n) for c, n in columns if c.text or c.id in indicator.columns]
        required = any(c.required for c, _ in asked) and indicator.compute is None
        until = indicator.warning_until
        row = row_of(walk, where, indicator.code, indicator.name, required, crossed, until)
        if row is None:
            continue
        for column, number in asked:
            at = (row, number)
            walk.places[indicator.code, column.id] = (where, *at)
            if where.value(*at) is None:
                if column.required and indicator.compute is None:
                    blanks.append((indicator, column, at))
            elif indicator.compute is None or column.text:
                is_empty = False
                _judge_figure(walk, where, indicator, column, at)
            else:
                _note_percentage(walk, where, (indicator.code, column.id), at)
    if is_empty and len(blanks) >= _BLANK_SHEET:
        expected = f"trang tính có số liệu ở {len(blanks)} ô bắt buộc; hiện chưa điền ô nào"
        lasting = [i.warning_until for i, _, _ in blanks]
        until = max(d for d in lasting if d) if all(lasting) else None
        _required(walk, where, min(at for _, _, at in blanks), expected, until)
        return
    for indicator, _, at in blanks:
        expected = f"có số liệu, đơn vị tính: {indicator.unit}"
        _required(walk, where, at, expected, indicator.warning_until)


def _note_percentage(walk: Walk, where: Located, place: Place, at: At) -> None:
    """Keep what was typed where the form computes a percentage; what a formula gives is not."""
    oddity, value = where.grid.odd.get(at), where.value(*at)
    if at in where.grid.computed:
        return
    is_seen = oddity is None or oddity.kind is Oddness.WITH_WORDS
    if value is not None and is_seen and (found := given(value)) is not None:
        walk.given[place] = found


def _judge_figure(walk: Walk, where: Located, indicator: Indicator, column: Column, at: At) -> None:
    """Judge an input that is filled in."""
    if column.text:
        _judge_input(walk, where, (indicator.code, column.id), at, InputKind.TEXT)
        return
    value = where.value(*at)
    if value is None or walk.told_by_reader(where, at, is_number=True):
        return
    allowed, words = Range(indicator.minimum, indicator.maximum), where.words_behind(*at)
    answer = answers.number(indicator.kind, allowed, value, indicator.unit, words)
    if isinstance(answer, Fault):
        walk.find(where, *at, answer)
        return
    walk.accept(where, indicator.code, column.id, at, answer)
    if isinstance(answer.value, int | float):
        walk.numbers[indicator.code, column.id] = answer.value
        if isinstance(value, str):
            walk.typed.add((indicator.code, column.id))


def _judge_entries(
    walk: Walk, where: Located, sheet: EntrySheet, period: Period | None = None
) -> None:
    crossed = crossed_rows(walk, where, sheet)
    unknown_rows(walk, where, [row.code for row in sheet.rows], crossed)
    hold_labels(walk, where, sheet, crossed)
    for entry in sheet.rows:
        until = entry.warning_until
        row = row_of(walk, where, entry.code, entry.name, entry.required, crossed, until)
        if row is None:
            continue
        at = (row, column_of(where, ANSWER_HEADER))
        asked = f"có nội dung “{entry.name}”" if entry.required else ""
        _judge_input(walk, where, (entry.code, ""), at, entry.kind, entry.choices, asked, until)
        if entry.kind is InputKind.DATE:
            _hold_day(walk, where, at, period)


# Figures may reach the secretariat before the paper beside them is signed; not a year before.
_SIGNED_WITHIN = timedelta(days=366)


def _hold_day(walk: Walk, where: Located, at: At, period: Period | None) -> None:
    """Ask about a day, such as that of signing, that had not come when the report was received.

    Within a year after it only warns. Where nobody says when that was, a day long after the period
    is asked about.
    """
    value = where.value(*at)
    answer = None if value is None else answers.day(value)
    if not isinstance(answer, Answer) or not isinstance(answer.value, str):
        return
    named = date.fromisoformat(answer.value)
    if walk.day is not None:
        first, last = walk.day, walk.day + _SIGNED_WITHIN
        expected = f"không sau ngày nhận báo cáo ({official_day(walk.day)})"
    elif period is not None:
        first = last = period.month_end + _SIGNED_WITHIN
        expected = f"không sau ngày {official_day(last)}"
    else:
        return
    if named > first:
        severity = Severity.BLOCKING if named > last else Severity.WARNING
        fault = Fault(Code.DAY_TO_COME, expected, "Kiểm tra lại ngày, nhất là năm; ghi ngày đúng.")
        walk.find(where, *at, fault, severity=severity)


def _judge_table(walk: Walk, where: Located, sheet: TableSheet, issued: Sequence[GivenRow]) -> None:
    """Judge rows in the order in which they stand; those that were `issued` have to be there."""
    columns = {column.id: column_of(where, column.name) for column in sheet.columns}
    placed = find_given(where, sheet.tasks, columns, issued) if sheet.tasks else Placed()
    for row, at, fault in placed.faults:
        walk.find(where, row, at, fault)
    filled = [
        row
        for row in where.below_header()
        if any(where.value(row, at) is not None for at in columns.values())
        and not _says_nothing(where, row, columns.values())
    ]
    for count, row in enumerate(filled, start=1):
        task = placed.rows.get(row)
        for column in sheet.columns:
            cell_at, figure = (row, columns[column.id]), (str(count), column.id)
            if task is not None and column.id in task.texts:
                walk.accept(where, *figure, cell_at, Answer(task.texts[column.id]))
                continue
            asked = f"có nội dung cột “{column.name}”" if column.required else ""
            if asked and task is not None:
                asked = f"nhiệm vụ {task.id}: {asked}"
            _judge_input(walk, where, figure, cell_at, column.kind, column.choices, asked)


def _says_nothing(where: Located, row: int, columns: Iterable[int]) -> bool:
    """Return if a row of a table says `Không phát sinh` and nothing else."""
    held = [value for at in columns if (value := where.value(row, at)) is not None]
    return len(held) == 1 and isinstance(held[0], str) and numbers.word(held[0]) is AnswerWord.ZERO


def _judge_input(
    walk: Walk,
    where: Located,
    place: Place,
    at: At,
    kind: InputKind,
    choices: Sequence[str] = (),
    asked: str = "",
    until: date | None = None,
) -> None:
    """Judge one input; `asked` says what a required one expects."""
    value = where.value(*at)
    if value is None:
        if asked:
            _required(walk, where, at, asked, until)
        return
    if walk.told_by_reader(where, at):
        return
    answer = answers.answer(kind, choices, Range(), value, where.words_behind(*at))
    if isinstance(answer, Answer):
        walk.accept(where, *place, at, answer)
    elif answer.code is Code.EMPTY_LINK and not asked:
        walk.find(where, *at, answer, severity=Severity.WARNING)
    else:
        walk.find(where, *at, answer)


def _judge_arithmetic(walk: Walk, form: Form, first_of_year: bool, period: Period | None) -> None:
    columns, figures = walk.columns, walk.numbers
    of_text = arithmetic.computed_from(form, walk.typed)
    shares = {place: one for place, one in walk.given.items() if place not in of_text}
    found = arithmetic.mismatches(form, columns, first_of_year, figures, shares, walk.day)
    for one in found:
        where, row, column = walk.places[one.at]
        fault = Fault(one.code, one.expected, one.action)
        walk.find(where, row, column, fault, value=one.value, severity=one.severity)
    percentages = arithmetic.computed(form, columns, figures)
    for place, value in percentages.items():
        if place in walk.places:
            where, row, column = walk.places[place]
            walk.accept(where, *place, (row, column), Answer(value))
    if period is not None:
        doubtful = {place for one in found for place in (one.at, *one.relation.cells)}
        _judge_targets(walk, form, period, doubtful)


def _judge_targets(walk: Walk, form: Form, period: Period, doubtful: Set[Place]) -> None:
    """Hold figures that are not `doubtful`, and what they make, against their targets."""
    sound = {place: n for place, n in walk.numbers.items() if place not in doubtful}
    sound |= arithmetic.computed(form, walk.columns, sound)
    for place, held, expected, action in shortfalls(form, walk.columns, period, sound):
        if place in walk.places:
            where, row, column = walk.places[place]
            fault = Fault(Code.TARGET_MISSED, expected, action)
            walk.find(where, row, column, fault, value=held)
