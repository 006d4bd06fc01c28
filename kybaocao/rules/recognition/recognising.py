"""Which report a file is: held against its identity, or read off its sheets where that is gone."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.addresses import address
from kybaocao.rules.cells.cell_words import as_shown, is_code_like, key
from kybaocao.rules.cells.grid import Book
from kybaocao.rules.codes import Code
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Form, TableSheet
from kybaocao.rules.recognition.reading import is_ours
from kybaocao.rules.recognition.sheet_view import rows_of
from kybaocao.rules.recognition.titles import (
    TitleLine,
    agencies_by_key,
    agencies_named,
    agency_key,
    bare,
    lines_above,
    names_period,
    periods_in,
    superiors,
    title_lines,
)
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.names import province_line, report_title
from kybaocao.rules.regime.regime import Regime

Forms = Mapping[tuple[str, int], Form]

# A form is held by a file that has half of its codes; a form that has a tenth less is no rival.
_ENOUGH = 0.5
_MARGIN = 0.1
_MOST_SHEETS = 4


@dataclass(frozen=True)
class Reading:
    """One way to read what a file is; `form` is as declared, for every agency."""

    regime: str
    duty: str
    agency: str
    period: Period
    form: str
    version: int
    words: str


@dataclass(frozen=True)
class Recognition:
    """The ways to read a file that its sheets leave open, and what they do not say."""

    readings: tuple[Reading, ...]
    lacking: tuple[str, ...] = ()

    @property
    def certain(self) -> Reading | None:
        """The only reading, where nothing speaks against it."""
        return self.readings[0] if len(self.readings) == 1 and not self.lacking else None


def recognise(
    book: Book,
    regimes: Collection[Regime],
    forms: Forms,
    active: Collection[str] = (),
    sender: str | None = None,
) -> Recognition:
    """Return what a file without an identity can be, by its titles, labels and codes.

    The form is the one whose codes, labels and units it holds, by a clear margin over others;
    the agency and the period are those that its titles name, and the duty the one whose title
    they are. `sender` stands in where no title names an agency. Reports of regimes that are
    not `active` are only thought of where none is of an active one.
    """
    lines = title_lines(book)
    periods = frozenset().union(*map(periods_in, lines))
    cited = {regime.id for regime in _cited(regimes, lines_above(book))}
    asked = [regime for regime in regimes if not cited or regime.id in cited]
    whose = {regime.id: _agencies(regime, lines, sender) for regime in asked}
    lacking = []
    if not any(whose.values()):
        lacking.append("đơn vị báo cáo")
    if not periods:
        lacking.append("kỳ báo cáo")
    if lacking:
        return Recognition((), tuple(lacking))
    held = _Held(book)
    found = [
        (reading, fit)
        for regime in asked
        for code in sorted(whose[regime.id])
        for reading, fit in _readings(regime, code, periods, forms, held)
    ]
    if any(reading.regime in active for reading, _ in found):
        found = [(reading, fit) for reading, fit in found if reading.regime in active]
    best = _best(found)
    if not best:
        return Recognition((), ("biểu mẫu",))
    told = _told(asked, lines, periods)
    readings = [reading for reading in best if (reading.regime, reading.duty) in told]
    if told and not readings:
        return Recognition(tuple(best), ("tên báo cáo khớp với biểu mẫu",))
    return Recognition(tuple(readings or best))


def _cited(regimes: Iterable[Regime], lines: Sequence[TitleLine]) -> Iterator[Regime]:
    """Yield the regimes whose document or province some line names."""
    for regime in regimes:
        number, province = bare(regime.document.number), bare(province_line(regime))
        if any(province == line.bare or number in line.bare for line in lines):
            yield regime


def _agencies(regime: Regime, lines: Sequence[TitleLine], sender: str | None) -> frozenset[str]:
    named = agencies_named(regime, lines)
    codes = frozenset().union(*(codes for _, codes in named.values()))
    if not codes and sender is not None and sender in regime.agencies:
        return frozenset({sender})
    return codes


class _Held:
    """The codes and texts of a file, and what stands beside each code."""

    def __init__(self, book: Book) -> None:
        self.texts: set[str] = set()
        self.codes: set[str] = set()
        self.beside: set[tuple[str, str]] = set()
        for grid in book.grids:
            if is_ours(grid):
                continue
            for cells in rows_of(grid).values():
                said = [key(value) for value in cells.values() if isinstance(value, str)]
                codes = [key(value) for value in cells.values() if is_code_like(value)]
                self.texts.update(said)
                self.codes.update(codes)
                self.beside.update((code, other) for code in codes for other in said)


def _fit(form: Form, held: _Held) -> float:
    """Return the share of a form that a file holds, less what it holds beyond; 0 for too little.

    Labels and units count beside the codes, so that versions of a form are told apart.
    """
    codes: set[str] = set()
    beside: set[tuple[str, str]] = set()
    headers: set[str] = set()
    for sheet in form.sheets:
        if isinstance(sheet, TableSheet):
            headers |= {key(column.name) for column in sheet.columns}
            continue
        for row in sheet.rows:
            codes.add(key(row.code))
            labels = (row.name, getattr(row, "unit", row.name))
            beside |= {(key(row.code), key(label)) for label in labels}
    wanted = len(codes) + len(headers)
    has = len(codes & held.codes) + len(headers & held.texts)
    if has < _ENOUGH * wanted:
        return 0
    extra = len(held.codes - codes)
    return (has + len(beside & held.beside)) / (wanted + len(beside) + extra)


def _readings(
    regime: Regime, code: str, periods: Collection[Period], forms: Forms, held: _Held
) -> Iterator[tuple[Reading, float]]:
    agency = regime.agencies[code]
    fits: dict[tuple[str, int], float] = {}
    for duty in regime.duties:
        for period in periods:
            of = _period_of(duty, period)
            requested = of is not None and of.frequency is Frequency.REQUEST
            if of is None or not (requested or duty.reporters.include(agency)):
                continue
            for (form_id, version), form in forms.items():
                if form_id != duty.form and not requested:
                    continue
                if (form_id, version) not in fits:
                    fits[form_id, version] = _fit(form.for_agency(agency), held)
                if fit := fits[form_id, version]:
                    name = report_title(duty.name, of.label)
                    words = f"{name} của {agency.name} (biểu mẫu {form_id}, phiên bản {version})"
                    where = (regime.id, duty.id, code, of, form_id, version)
                    yield Reading(*where, words), fit


def _period_of(duty: Duty, period: Period) -> Period | None:
    """Return the period of a duty that a named one is; a report owed once is named by its year."""
    if duty.once is not None and period.frequency is Frequency.YEAR:
        return Period(period.year, Frequency.ONCE, 1) if period.year == duty.once.year else None
    if period.frequency is Frequency.REQUEST:
        return period if duty.takes_requests else None
    if period.frequency is not duty.every or (duty.which and period.index not in duty.which):
        return None
    return period


def _best(found: Sequence[tuple[Reading, float]]) -> list[Reading]:
    """Return the readings on the form that fits best, and on those that fit nearly as well.

    Of one form's versions the best counts alone, the newest where they fit alike.
    """
    best = max((fit for _, fit in found), default=0)
    versions: dict[str, tuple[float, int]] = {}
    for reading, fit in found:
        if fit >= best - _MARGIN:
            rank = (fit, reading.version)
            versions[reading.form] = max(rank, versions.get(reading.form, rank))
    return [
        reading
        for reading, _ in found
        if reading.form in versions and reading.version == versions[reading.form][1]
    ]


def _told(
    regimes: Iterable[Regime], lines: Sequence[TitleLine], periods: Collection[Period]
) -> set[tuple[str, str]]:
    """Return the duties (regime, duty) whose report's title stands in some line."""
    told: set[tuple[str, str]] = set()
    for regime in regimes:
        titles = {
            (regime.id, duty.id): bare(report_title(duty.name, of.label))
            for duty in regime.duties
            for period in periods
            if (of := _period_of(duty, period)) is not None
        }
        for line in lines:
            said = {at: title for at, title in titles.items() if title in line.bare}
            longest = max(map(len, said.values()), default=0)
            told |= {at for at, title in said.items() if len(title) == longest}
    return told


# Held against the identity.


def contradictions(
    book: Book, regime: Regime, duty: Duty, agency: str, period: Period, form: Form
) -> list[Finding]:
    """Return where titles name another agency or period than the identity does, each once.

    The head line may name superiors; an agency's successor may bear the workbook of what it
    went on from.
    """
    known = agencies_by_key(regime)
    kin = {agency, *superiors(regime, agency), *_relations(regime, agency)}
    fixed = {bare(t) for sheet in form.sheets for t in (sheet.title, sheet.note) if t}
    by_sheet: dict[str, list[TitleLine]] = {}
    for line in title_lines(book):
        by_sheet.setdefault(line.sheet, []).append(line)
    agencies: dict[str, list[TitleLine]] = {}
    periods: dict[frozenset[Period], list[TitleLine]] = {}
    for lines in by_sheet.values():
        named = [(line, codes) for line in lines if (codes := known.get(agency_key(line.text)))]
        if not any(agency in codes for _, codes in named):
            strange = [line for line, codes in named if not kin & set(codes)]
            for line in strange[:1]:
                agencies.setdefault(agency_key(line.text), []).append(line)
        of = [(x, p) for x in lines if (p := _counting(x, duty)) and not _ends_in(x.bare, fixed)]
        if of and not any(names_period(p, period) for _, p in of):
            line, said = of[0]
            periods.setdefault(said, []).append(line)
    return [
        *(_wrong_agency(regime, agency, found) for found in agencies.values()),
        *(_wrong_period(duty, period, found) for found in periods.values()),
    ]


def _counting(line: TitleLine, duty: Duty) -> frozenset[Period]:
    """Return the periods of a line that count against the identity.

    The month named in another report than a monthly one is when it was made.
    """
    by_month = duty.every is Frequency.MONTH
    return frozenset(p for p in periods_in(line) if by_month or p.frequency is not Frequency.MONTH)


def _ends_in(said: str, fixed: Collection[str]) -> bool:
    return any(said.endswith(text) for text in fixed)


def _relations(regime: Regime, agency: str) -> Iterator[str]:
    for move in regime.successions:
        if agency in (move.predecessor, move.successor):
            yield from (move.predecessor, move.successor)


def may_send_for(regime: Regime, sender: str, agency: str) -> bool:
    """Return if `sender` can be expected to send the report of `agency`: itself, its superior or
    that one's desk, or what it went over into."""
    above = superiors(regime, agency)
    desks = {regime.agencies[code].desk for code in (agency, *above) if code in regime.agencies}
    return sender in {agency, *above, *desks, *_relations(regime, agency)}


def wrong_sender(regime: Regime, sender: str, agency: str) -> Finding:
    """Return the finding on a workbook that was issued to another agency than its sender."""
    known = regime.agencies.get(sender)
    return Code.WRONG_SENDER.finding(
        "",
        "",
        f"tệp được gửi từ {known.name if known else sender}, nhưng biểu mẫu đã phát cho "
        f"{regime.agencies[agency].name}",
        "biểu mẫu đã phát cho chính đơn vị gửi",
        "Mỗi đơn vị dùng tệp biểu mẫu đã gửi cho mình; nếu gửi thay, đề nghị nói rõ.",
    )


def _as_titled(lines: Sequence[TitleLine]) -> str:
    """Return what a title says, and on which other sheets it says so too."""
    first, *others = lines
    if not others:
        return as_shown(first.text)
    sheets = ", ".join(f"“{line.sheet}”" for line in others[:_MOST_SHEETS])
    more = ", …" if len(others) > _MOST_SHEETS else ""
    return f"{as_shown(first.text)}; cũng vậy ở {len(others)} trang tính khác: {sheets}{more}"


def _wrong_agency(regime: Regime, agency: str, lines: Sequence[TitleLine]) -> Finding:
    issued, line = regime.agencies[agency].name, lines[0]
    return Code.WRONG_AGENCY.finding(
        line.sheet,
        address(line.row, line.column),
        _as_titled(lines),
        f"{issued}, đơn vị mà biểu mẫu này đã phát cho",
        f"Nếu là báo cáo của {issued}, sửa lại tên đơn vị; nếu là của đơn vị khác, chép số liệu "
        "vào tệp biểu mẫu đã gửi cho đơn vị đó.",
    )


def _wrong_period(duty: Duty, period: Period, lines: Sequence[TitleLine]) -> Finding:
    line = lines[0]
    return Code.WRONG_PERIOD.finding(
        line.sheet,
        address(line.row, line.column),
        _as_titled(lines),
        f"{period.label}, kỳ mà biểu mẫu này đã phát",
        f"Nếu là {report_title(duty.name, period.label)}, sửa lại tên kỳ; nếu là kỳ khác, điền "
        "vào tệp biểu mẫu đã gửi cho kỳ đó.",
    )
