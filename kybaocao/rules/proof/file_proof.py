"""One report's figures held against its original: each is there, once, and nothing besides."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kybaocao.rules.form.form import Column, Figure, Form, InputKind
from kybaocao.rules.proof.places import AskedInput, At, FoundInputs, Page, find
from kybaocao.rules.proof.values import (
    Raw,
    ShownShare,
    day_in,
    number,
    numbers_in,
    plain,
    same,
    same_text,
)

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]+)")


@dataclass(frozen=True)
class Difference:
    """A cell that says one thing in the original and another in the ledger, both as text."""

    cell: str
    what: str
    kept: str
    original: str


@dataclass(frozen=True)
class FileProof:
    """How many figures were proved; what differs; and what could not be held against the file."""

    cells: int
    differences: tuple[Difference, ...] = ()
    unproved: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.differences and not self.unproved


def prove_file(
    form: Form, columns: Sequence[Column], figures: Sequence[Figure], pages: Sequence[Page]
) -> FileProof:
    """Hold a report's figures against its file, both ways.

    `form` is the version of the report, as it applies to its sender, and `columns` those of its
    period. Percentages that the form computes are made anew from the figures.
    """
    found = find(form, columns, pages)
    computed = {
        (sheet.id, row.code): row for sheet, row in form.indicators() if row.compute is not None
    }
    text = {c.id for c in columns if c.text}
    differences: list[Difference] = []
    unproved: list[str] = []
    left = dict(found.inputs)
    seen: set[tuple[str, str, str]] = set()
    cells = 0
    for figure in figures:
        place = (figure.sheet, figure.row, figure.column)
        if place in seen:
            differences.append(
                Difference(figure.cell, _what(figure), _said(figure.value), "(hai lần)")
            )
            continue
        seen.add(place)
        if (figure.sheet, figure.row) in computed and figure.column not in text:
            compute = computed[figure.sheet, figure.row].compute
            parts = (compute.part, compute.whole) if compute else ((), ())
            if not _is_ratio(figure, figures, *parts):
                differences.append(
                    Difference(figure.cell, _what(figure), _said(figure.value), "(tính lại khác)")
                )
            continue
        page = found.pages.get(figure.sheet)
        held = left.pop((page.name, _at(figure.cell)), None) if page else None
        if held is None or not _is_place(held[0], figure):
            if _is_unfound(found, figure):
                unproved.append(f"{_what(figure)} (ô {figure.cell})")
            else:
                kept, there = _said(figure.value), "(để trống)"
                differences.append(Difference(figure.cell, _what(figure), kept, there))
            continue
        verdict = _agrees(held[0], figure.value, held[1])
        if verdict:
            cells += 1
        elif verdict is None:
            unproved.append(f"{_what(figure)} (ô {figure.cell})")
        else:
            kept, there = _said(figure.value), _said(held[1])
            differences.append(Difference(figure.cell, _what(figure), kept, there))
    for (name, at), (asked, value) in left.items():
        what = f"{name}: {' '.join(filter(None, (asked.row, asked.column)))}"
        if value == 0 and not asked.kind.is_number:
            # A link to an empty cell leaves a 0 where a text is asked for.
            unproved.append(f"{what} (ô {_address(at)})")
        else:
            differences.append(Difference(_address(at), what, "(không có)", _said(value)))
    return FileProof(cells, tuple(differences), tuple(unproved))


def _is_place(asked: AskedInput, figure: Figure) -> bool:
    same_row = asked.row in ("", figure.row)
    return same_row and (asked.sheet, asked.column) == (figure.sheet, figure.column)


def _is_unfound(found: FoundInputs, figure: Figure) -> bool:
    return bool({(figure.sheet, ""), (figure.sheet, figure.row)} & found.unfound)


def _agrees(asked: AskedInput, kept: float | str | None, value: Raw) -> bool | None:
    """Return whether a figure is what its cell says; None where that cannot be told."""
    if asked.printed:
        # Issued by us, in a locked cell, with what may have been added since.
        is_ours = isinstance(value, str) and plain(value).startswith(plain(str(kept)))
        return True if is_ours else None
    if asked.kind.is_number:
        return _same_number(asked, kept, value)
    if asked.kind is InputKind.DATE:
        day = day_in(value)
        return None if day is None else day == kept
    if asked.kind is InputKind.CHOICE:
        return isinstance(value, str) and plain(value) == plain(str(kept))
    return same_text(kept, value) if isinstance(kept, str) else False


def _same_number(asked: AskedInput, kept: float | str | None, value: Raw) -> bool | None:
    if isinstance(kept, str):
        return False
    can_be = numbers_in(asked.kind, asked.unit, value)
    if not can_be:
        return None
    wanted = None if kept is None else number(kept)
    fits = any(
        answer is wanted
        or (isinstance(answer, Decimal) and wanted is not None and same(answer, wanted))
        for answer in can_be
    )
    if fits:
        return True if len(can_be) == 1 else None
    return False


def _is_ratio(
    figure: Figure, figures: Sequence[Figure], part: Sequence[str], whole: Sequence[str]
) -> bool:
    given = {f.row: f.value for f in figures if f.column == figure.column}
    parts, wholes = (_sum(given, codes) for codes in (part, whole))
    if not wholes or isinstance(figure.value, str) or figure.value is None:
        return False
    return same(number(figure.value), 100 * parts / wholes)


def _sum(given: Mapping[str, float | str | None], codes: Sequence[str]) -> Decimal:
    return sum((number(v) for c in codes if isinstance(v := given.get(c), int | float)), Decimal(0))


def _what(figure: Figure) -> str:
    return " ".join(filter(None, (figure.row, figure.column)))


def _said(value: Raw | None) -> str:
    if isinstance(value, ShownShare):
        return f"{value.points}%"
    text = "Không áp dụng" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _at(cell: str) -> At:
    """Return row and column of an address, (0, 0) if it is none."""
    match = _ADDRESS.fullmatch(cell)
    if match is None:
        return 0, 0
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]), column


def _address(at: At) -> str:
    letters, column = "", at[1]
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{at[0]}"


def texts(file_name: str, differences: Sequence[Difference]) -> Iterator[str]:
    """Yield each difference as a sentence: cell, both values and file."""
    for one in differences:
        yield (
            f"{file_name}, ô {one.cell} ({one.what}): hệ thống giữ “{one.kept}”, "
            f"tệp gốc ghi “{one.original}”"
        )
