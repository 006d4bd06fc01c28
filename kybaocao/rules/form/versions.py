"""A code keeps its meaning from one version of a form to the next, on whatever sheet it stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from kybaocao.rules.cells import text
from kybaocao.rules.form.form import EntrySheet, Figure, Form, IndicatorSheet, TableSheet, Was


@dataclass(frozen=True)
class Meaning:
    """What a code stands for: a row, or a column (`what`); on which sheet plays no part in it.

    `asks` is the kind of answer, `adding` how agencies' figures become one, and both are words
    to be compared.
    """

    what: str
    name: str
    unit: str
    asks: str
    adding: str
    sheet: str


@dataclass(frozen=True)
class Held:
    """A meaning, where its form declares it (keys and indexes), and what it says it was."""

    meaning: Meaning
    place: tuple[str | int, ...]
    was: Was | None


class Change(StrEnum):
    """What became of a code."""

    ADDED = "thêm"
    GONE = "bỏ"
    RENAMED = "đổi tên"
    MOVED = "chuyển trang tính"
    UNIT = "đổi đơn vị tính"
    ASKS = "đổi kiểu số liệu"
    ADDING = "đổi cách tổng hợp"


@dataclass(frozen=True)
class Changed:
    """One difference between two versions; `is_refused` where the code lost its meaning."""

    change: Change
    code: str
    before: str
    now: str
    place: tuple[str | int, ...] = ()
    is_refused: bool = False

    @property
    def words(self) -> str:
        """`TT-05: đổi đơn vị tính từ “đồng” thành “triệu đồng”`."""
        if self.change in (Change.ADDED, Change.GONE):
            return f"{self.code}: {self.change} “{self.now or self.before}”"
        return f"{self.code}: {self.change} từ “{self.before}” thành “{self.now}”"


def meanings(form: Form) -> dict[str, Held]:
    """Return what each code of a form stands for; columns are under their id and a mark."""
    found: dict[str, Held] = {}
    for n, column in enumerate(form.columns):
        meaning = Meaning("cột", column.name, "", "text" if column.text else "figure", "", "")
        found[f"[{column.id}]"] = Held(meaning, ("columns", n), column.was)
    for n, sheet in enumerate(form.sheets):
        if isinstance(sheet, TableSheet):
            for m, of in enumerate(sheet.columns):
                meaning = Meaning("cột của bảng", of.name, "", str(of.kind), "", sheet.id)
                place = ("sheets", n, "columns", m)
                found[f"[{sheet.id}/{of.id}]"] = Held(meaning, place, of.was)
        elif isinstance(sheet, EntrySheet):
            for m, entry in enumerate(sheet.rows):
                meaning = Meaning("dòng", entry.name, "", f"answer {entry.kind}", "", sheet.id)
                found[entry.code] = Held(meaning, ("sheets", n, "rows", m), entry.was)
        else:
            found |= _indicators(n, sheet)
    return found


def _indicators(n: int, sheet: IndicatorSheet) -> Iterator[tuple[str, Held]]:
    for m, row in enumerate(sheet.rows):
        adding = _adding(row.aggregate)
        if row.compute is not None:
            adding = f"{'+'.join(row.compute.part)} : {'+'.join(row.compute.whole)}"
        meaning = Meaning("dòng", row.name, row.unit, str(row.kind), adding, sheet.id)
        yield row.code, Held(meaning, ("sheets", n, "rows", m), row.was)


def _adding(ways: object) -> str:
    if isinstance(ways, Mapping):
        return ", ".join(sorted(f"{level}: {way}" for level, way in ways.items()))
    return str(ways)


def changes(before: Mapping[str, Meaning], form: Form) -> list[Changed]:
    """Return how a form differs from what its codes stood for before, in the form's order."""
    found: list[Changed] = []
    now = meanings(form)
    for code, held in now.items():
        if (old := before.get(code)) is None:
            found.append(Changed(Change.ADDED, code, "", held.meaning.name, held.place))
        else:
            found += _changes(code, old, held)
    gone = (code for code in before if code not in now)
    return [*found, *(Changed(Change.GONE, code, before[code].name, "") for code in gone)]


def _changes(code: str, old: Meaning, held: Held) -> Iterator[Changed]:
    new, was = held.meaning, held.was or Was()
    compared = (
        (Change.RENAMED, old.name, new.name, was.name),
        (Change.UNIT, old.unit, new.unit, was.unit),
        (Change.ASKS, old.asks, new.asks, str(was.kind or "")),
        (Change.ADDING, old.adding, new.adding, _adding(was.aggregate or "")),
    )
    for change, one, other, declared in compared:
        if text.fold(one) != text.fold(other):
            is_declared = text.fold(one) == text.fold(declared)
            yield Changed(change, code, one, other, held.place, not is_declared)
    if old.what != new.what:
        yield Changed(Change.ASKS, code, old.what, new.what, held.place, True)
    if old.sheet != new.sheet:
        yield Changed(Change.MOVED, code, old.sheet, new.sheet, held.place)


def meant(versions: Iterable[Form]) -> dict[str, Meaning]:
    """Return what each code last stood for in these versions, the oldest first."""
    found: dict[str, Meaning] = {}
    for form in versions:
        found |= {code: held.meaning for code, held in meanings(form).items()}
    return found


@dataclass(frozen=True)
class Carried:
    """An accepted report's figures as the newest version of its form has them.

    `figures` stand on that version's sheets and in its units. `apart` are those in a unit that
    nothing converts: they are never added. `lacks` are the indicators that the report's version
    did not ask for.
    """

    figures: tuple[Figure, ...]
    apart: tuple[Figure, ...] = ()
    lacks: tuple[str, ...] = ()


def carried(versions: Sequence[Form], figures: Iterable[Figure]) -> Carried:
    """Return the figures of a report on the first of `versions` as those of the last.

    The versions stand in their order. The code is what a figure is of, and not the sheet; a
    figure moved or converted says so in its cell of origin.
    """
    first, last = versions[0], versions[-1]
    if first is last:
        return Carried(tuple(figures))
    factors = _factors(versions)
    names = {sheet.id: sheet.name for sheet in first.sheets}
    sheets = {c: held.meaning.sheet for c, held in meanings(last).items() if held.meaning.sheet}
    tables = {sheet.id for sheet in last.sheets if isinstance(sheet, TableSheet)}
    kept: list[Figure] = []
    apart: list[Figure] = []
    for figure in figures:
        if figure.sheet in tables or figure.row not in sheets:
            kept.append(figure)
        elif (factor := factors.get(figure.row, Decimal(1))) is None:
            apart.append(figure)
        else:
            kept.append(_moved(figure, sheets[figure.row], names, factor))
    asked = {row.code for _, row in first.indicators()}
    lacks = tuple(row.code for _, row in last.indicators() if row.code not in asked)
    return Carried(tuple(kept), tuple(apart), lacks)


def converted(versions: Sequence[Form]) -> set[str]:
    """Return the codes whose unit changed from the first to the last of versions, by a factor."""
    return {code for code, factor in _factors(versions).items() if factor is not None}


def _moved(figure: Figure, sheet: str, names: Mapping[str, str], factor: Decimal) -> Figure:
    value, cell = figure.value, figure.cell
    if sheet != figure.sheet:
        cell = f"{names.get(figure.sheet, figure.sheet)}!{cell}"
    if factor != 1 and isinstance(value, int | float):
        value = float(Decimal(repr(value)) * factor)
        cell = f"{cell} × {factor.normalize():f}"
    return replace(figure, sheet=sheet, value=value, cell=cell)


def _factors(versions: Sequence[Form]) -> dict[str, Decimal | None]:
    """Return by how much a figure of each code is multiplied; None where it is never added.

    Codes whose unit is what it was are left out.
    """
    found: dict[str, Decimal | None] = {}
    before: dict[str, Meaning] = {}
    for form in versions:
        now = meanings(form)
        for code, held in now.items():
            old = before.get(code)
            if old is None or text.fold(old.unit) == text.fold(held.meaning.unit):
                continue
            was = held.was
            known = was is not None and text.fold(was.unit) == text.fold(old.unit)
            factor = Decimal(repr(was.factor)) if was and known and was.factor else None
            so_far = found.get(code, Decimal(1))
            found[code] = None if factor is None or so_far is None else so_far * factor
        before |= {code: held.meaning for code, held in now.items()}
    return found
