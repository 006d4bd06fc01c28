"""Spreadsheet formulas for what a form declares: percentages, sums, and arithmetic that fails."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kybaocao.rules.cells.addresses import address, column_letters
from kybaocao.rules.form.form import Compute, Form, InputKind
from kybaocao.rules.form.form_rules import Rules
from kybaocao.rules.form.headers import NOT_APPLICABLE


@dataclass(frozen=True)
class Place:
    """A cell of a workbook: sheet name, 1-based row and column."""

    sheet: str
    row: int
    column: int

    def seen_from(self, sheet: str) -> str:
        """Return the absolute reference to this cell in a formula on `sheet`."""
        cell = f"${column_letters(self.column)}${self.row}"
        return cell if sheet == self.sheet else f"{quoted(self.sheet)}!{cell}"

    @property
    def cell(self) -> str:
        return address(self.row, self.column)


Places = Mapping[tuple[str, str], Place]
"""Where each (row code, column id) of a form stands."""

Refer = Callable[[Place, str], str]
"""How a formula on a sheet writes a cell: `Place.seen_from`, or by a name."""


def quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it: `'3. TTHC'`."""
    return "'" + sheet.replace("'", "''") + "'"


def percentage(compute: Compute, column: str, places: Places, sheet: str) -> str:
    """Return the formula 100 × sum of parts / sum of whole, empty where the whole is zero.

    It is empty too until every part is a number: what is not applicable is no zero. Rows that
    `places` lacks count as nothing.
    """
    whole = _cells(compute.whole, column, places, sheet)
    part = _cells(compute.part, column, places, sheet)
    cells = list(dict.fromkeys((*part, *whole)))
    of_part, of_whole = (f"SUM({','.join(found) or 0})" for found in (part, whole))
    share = f'IF({of_whole}=0,"",100*{of_part}/{of_whole})'
    return f'=IF(COUNT({",".join(cells) or 0})<{len(cells)},"",{share})'


def share_words(compute: Compute) -> str:
    """Return how a percentage is computed, in words: `100 × (TT-19 + TT-20) : TT-18`."""
    part, whole = (" + ".join(codes) for codes in (compute.part, compute.whole))
    sums = [f"({said})" if "+" in said else said for said in (part, whole)]
    return f"100 × {sums[0]} : {sums[1]}"


def _cells(codes: Sequence[str], column: str, places: Places, sheet: str) -> list[str]:
    return [places[c, column].seen_from(sheet) for c in codes if (c, column) in places]


def acceptable(
    cell: str, kind: InputKind, minimum: float | None, maximum: float | None
) -> tuple[str, str]:
    """Return a formula that is true if `cell` holds a figure within bounds, or says that it is
    not applicable; and what such a figure is, in words."""
    words = ["một số nguyên" if kind is InputKind.INTEGER else "một số"]
    tests = [f"{cell}=INT({cell})"] if kind is InputKind.INTEGER else []
    if kind is InputKind.PERCENT:
        maximum = 100 if maximum is None else maximum
        # What is typed as `98,33%` is kept as 0,9833.
        tests.append(f"OR({cell}<=0,{cell}>1)")
    if minimum is not None:
        words.append(f"từ {minimum:g}")
        tests.append(f"{cell}>={minimum:g}")
    if maximum is not None:
        words.append(f"đến {maximum:g}")
        tests.append(f"{cell}<={maximum:g}")
    if kind is InputKind.PERCENT:
        words.append("(ghi 98,33 cho 98,33%, không gõ dấu %)")
    words.append(f"hoặc “{NOT_APPLICABLE}”")
    within = f"AND({','.join(tests)})" if tests else "TRUE"
    return f'=IF(ISNUMBER({cell}),{within},{cell}="{NOT_APPLICABLE}")', " ".join(words)


def unkept(
    form: Form, places: Places, first_period: bool, refer: Refer = Place.seen_from
) -> Iterator[tuple[list[Place], str]]:
    """Yield the cells under each of the form's rules and a condition, true when they break it.

    A condition holds only once every cell is filled with a number, so that a form half filled
    shows no fault. It is written for use on the sheet of the first of the cells; `refer` writes
    a cell as a formula on that sheet does.
    """
    columns = [c.id for c in form.columns]
    computed = {i.code for _, i in form.indicators() if i.compute}
    yield from _sums(form.rules, columns, places, refer)
    for rule in form.rules.within:
        for column in columns:
            if found := _all(column, (rule.part, rule.whole), places):
                part, whole = (refer(p, found[0].sheet) for p in found)
                yield found, f"IF(COUNT({part},{whole})=2,{part}>{whole},FALSE)"
    cumulative = form.rules.cumulative
    if cumulative is None:
        return
    differs = "<>" if first_period else "<"
    for (code, column), place in places.items():
        so_far = places.get((code, cumulative.cumulative))
        if column == cumulative.period and so_far and code not in computed:
            one, total = refer(place, place.sheet), refer(so_far, place.sheet)
            yield [place, so_far], f"IF(COUNT({one},{total})=2,{total}{differs}{one},FALSE)"


def _sums(
    rules: Rules, columns: Sequence[str], places: Places, refer: Refer
) -> Iterator[tuple[list[Place], str]]:
    for rule in rules.sums:
        for column in columns:
            if found := _all(column, (rule.total, *rule.parts), places):
                total, *parts = (refer(p, found[0].sheet) for p in found)
                gap = f"ABS({total}-SUM({','.join(parts)}))>0.005"
                yield found, f"IF(COUNT({total},{','.join(parts)})={len(found)},{gap},FALSE)"


def _all(column: str, codes: Sequence[str], places: Places) -> list[Place]:
    """Return the cells of `codes` in `column`, or none if one of them is not asked for."""
    found = [places[c, column] for c in codes if (c, column) in places]
    return found if len(found) == len(codes) else []
