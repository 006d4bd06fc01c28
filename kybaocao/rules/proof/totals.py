"""The tables of a consolidation made anew from the answers, with exact decimals."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kybaocao.rules.form.form import Column, Compute, Figure, Form, Indicator, IndicatorSheet
from kybaocao.rules.proof.values import number, same
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.level import LevelId

Place = tuple[str, str]
"""Code and column."""
Given = Mapping[str, Mapping[Place, Decimal]]
"""By agency, its numbers by place."""


@dataclass(frozen=True)
class Claimed:
    """What a consolidation says of one figure: its total, and how many gave it, declined, owe it.

    `total` is None where it has none; `of_agencies` are the figures that its matrix shows.
    """

    total: Decimal | None
    given: int
    declined: int
    applies: int
    of_agencies: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class _Rows:
    """The form's rows, with the levels of the agencies to which each applies."""

    rows: Mapping[str, tuple[IndicatorSheet, Indicator]]
    agencies: Sequence[Agency]
    excused: Collection[str] = ()

    def bound(self, code: str) -> int:
        """Return how many owe a row, those left out to whom the report was waived."""
        return sum(agency.code not in self.excused for agency in self.owing(code))

    def owing(self, code: str) -> list[Agency]:
        sheet, row = self.rows[code]
        return [a for a in self.agencies if sheet.applies.to(a) and row.applies.to(a)]

    def way(self, code: str) -> str:
        """Return how a row adds up over all: `sum`, `max`, `shared`, or else `none`."""
        row = self.rows[code][1]
        levels = {agency.level for agency in self.owing(code)}
        ways = {_declared(row, level) for level in levels}
        if len(ways) != 1 or (ways == {"shared"} and len(levels) > 1):
            return "none"
        return ways.pop()


def _declared(row: Indicator, level: LevelId) -> str:
    ways = row.aggregate
    return str(ways.get(level, "none") if isinstance(ways, dict) else ways)


def prove_totals(
    form: Form,
    columns: Sequence[Column],
    agencies: Sequence[Agency],
    figures: Mapping[str, Sequence[Figure]],
    claimed: Mapping[Place, Claimed],
    excused: Collection[str] = (),
) -> tuple[int, list[str]]:
    """Return how many totals were proved, and a sentence for each that differs.

    `figures` are those of the accepted reports, by agency code; `excused` are those who need
    not report.
    """
    given, declined = _given(figures), _declined(figures)
    rows = _Rows({row.code: (sheet, row) for sheet, row in form.indicators()}, agencies, excused)
    count, differences = 0, []
    for code, (_, row) in rows.rows.items():
        for column in (c.id for c in columns if not c.text and c.id in row.columns):
            place = (code, column)
            if place not in claimed:
                differences.append(f"{code} {column}: không có trong bảng tổng hợp")
                continue
            of_place = [a for a in declined.get(place, ()) if a in {x.code for x in agencies}]
            found = list(_compare(rows, place, given, len(of_place), claimed[place]))
            count += not found
            differences += found
    return count, differences


def _given(figures: Mapping[str, Sequence[Figure]]) -> dict[str, dict[Place, Decimal]]:
    return {
        agency: {
            (f.row, f.column): number(f.value) for f in mine if isinstance(f.value, int | float)
        }
        for agency, mine in figures.items()
    }


def _declined(figures: Mapping[str, Sequence[Figure]]) -> dict[Place, list[str]]:
    found: dict[Place, list[str]] = {}
    for agency, mine in figures.items():
        for figure in mine:
            if figure.value is None:
                found.setdefault((figure.row, figure.column), []).append(agency)
    return found


def _compare(
    rows: _Rows, place: Place, given: Given, declined: int, claimed: Claimed
) -> Iterator[str]:
    code, column = place
    where = f"{code} {column}"
    row = rows.rows[code][1]
    each = {a: v for a in given if (v := _of_agency(row, column, given[a])) is not None}
    for agency in sorted(each.keys() | claimed.of_agencies.keys()):
        ours, theirs = each.get(agency), claimed.of_agencies.get(agency)
        if ours is None or theirs is None or not same(ours, theirs):
            yield f"{where}, {agency}: bảng ghi {_said(theirs)}, tính lại {_said(ours)}"
    total, among = _total(rows, row, column, given, each)
    if (total is None) != (claimed.total is None) or (
        total is not None and claimed.total is not None and not same(total, claimed.total, among)
    ):
        yield f"{where}, tổng: bảng ghi {_said(claimed.total)}, tính lại {_said(total)}"
    told = (claimed.given, claimed.declined, claimed.applies)
    counts = (len(each), declined, rows.bound(code))
    if counts != told:
        names = "số đơn vị có số liệu, không áp dụng, phải báo cáo"
        yield f"{where}, {names}: bảng ghi {told}, tính lại {counts}"


def _of_agency(row: Indicator, column: str, mine: Mapping[Place, Decimal]) -> Decimal | None:
    if row.compute is None:
        return mine.get((row.code, column))
    if not _is_whole(row.compute, column, mine):
        return None
    part, whole = (
        sum((mine[code, column] for code in codes), Decimal(0))
        for codes in (row.compute.part, row.compute.whole)
    )
    return 100 * part / whole if whole else None


def _is_whole(compute: Compute, column: str, mine: Mapping[Place, Decimal]) -> bool:
    return all((code, column) in mine for code in (*compute.part, *compute.whole))


def _total(
    rows: _Rows, row: Indicator, column: str, given: Given, each: Mapping[str, Decimal]
) -> tuple[Decimal | None, Decimal]:
    """Return a row's figure over all agencies, and the largest number that went into it."""
    if row.compute is None:
        values = list(each.values())
        among = max(map(abs, values), default=Decimal(0))
        return _one(rows.way(row.code), values), among
    compute = row.compute
    ways = {rows.way(code) for code in (*compute.part, *compute.whole)}
    if ways == {"sum"}:
        whole_reports = [mine for mine in given.values() if _is_whole(compute, column, mine)]
    elif ways <= {"max", "shared"}:
        whole_reports = list(given.values())
    else:
        return None, Decimal(0)
    part, whole = (
        sum((_over(rows, code, column, whole_reports) for code in codes), Decimal(0))
        for codes in (compute.part, compute.whole)
    )
    return (100 * part / whole if whole else None), Decimal(0)


def _over(
    rows: _Rows, code: str, column: str, reports: Sequence[Mapping[Place, Decimal]]
) -> Decimal:
    values = [mine[code, column] for mine in reports if (code, column) in mine]
    return _one(rows.way(code), values) or Decimal(0)


def _one(way: str, values: Sequence[Decimal]) -> Decimal | None:
    if not values or way not in ("sum", "max", "shared"):
        return None
    return sum(values, Decimal(0)) if way == "sum" else max(values)


def _said(value: Decimal | None) -> str:
    return "(không có)" if value is None else f"{value:.15g}"
