"""Workbooks of Excel 5 to 2003 (BIFF): their values, looks and errors, mostly by xlrd."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import xlrd
from xlrd.biffh import error_text_from_code

from kybaocao.adapters.workbooks.reading import refusals, xls_records
from kybaocao.adapters.workbooks.reading.draft import Draft, Run, within_limits
from kybaocao.adapters.workbooks.reading.looks import PLAIN, Look, code_of, look
from kybaocao.rules.errors import UnreadableFileError

_FIRST_OF_FILE = 50


def read(data: bytes) -> tuple[list[Draft], Mapping[str, str], bool]:
    """Return the sheets, the defined names, and if no sheet says that it was left uncalculated.

    Where xlrd fails, the records are read here, without the defined names. Formulas come as their
    results alone, and so are not held against them. Raises UnreadableFileError.
    """
    found = xls_records.records(data)
    drafts, names = _by_xlrd(data) or (xls_records.drafts(found), {})
    for draft, sheet in zip(drafts, found.sheets, strict=False):
        draft.computed |= sheet.computed
    return drafts, names, all(sheet.is_recalculated for sheet in found.sheets)


def _by_xlrd(data: bytes) -> tuple[list[Draft], Mapping[str, str]] | None:
    with open(os.devnull, "w", encoding="ascii") as silence:  # noqa: PTH123
        try:
            book = xlrd.open_workbook(
                file_contents=data,
                formatting_info=True,
                ragged_rows=True,
                logfile=silence,
                # Some programs write streams that overlap outside of what is read.
                ignore_workbook_corruption=True,
            )
            return list(_drafts(book)), dict(_names(book))
        except (UnreadableFileError, MemoryError):
            raise
        except Exception as error:  # whatever a parser meets in bytes that lie
            if "encrypted" in str(error):
                raise refusals.locked() from None
            return None


def _drafts(book: Any) -> Iterator[Draft]:
    fonts = [str(font.name) for font in book.font_list]
    looks = [_look(book, fonts, style) for style in book.xf_list]
    drafts: list[Draft] = []
    for sheet in book.sheets():
        draft = Draft(sheet.name, sheet.visibility != 0)
        for row in range(sheet.nrows):
            kinds, values = sheet.row_types(row), sheet.row_values(row)
            for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
                if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                    style = sheet.cell_xf_index(row, column)
                    look = looks[style] if style < len(looks) else PLAIN
                    runs = sheet.rich_text_runlist_map.get((row, column), ())
                    _put(draft, (row + 1, column + 1), kind, value, look, book.datemode == 1)
                    if runs and kind == xlrd.XL_CELL_TEXT:
                        draft.text((row + 1, column + 1), value, look, _runs(value, runs, fonts))
        for top, bottom, left, right in sheet.merged_cells:
            draft.merge(top + 1, left + 1, bottom, right)
        shown = sheet.rowinfo_map.items()
        draft.hidden_rows.update(row + 1 for row, info in shown if info.hidden or not info.height)
        columns = sheet.colinfo_map.items()
        hidden = [at + 1 for at, info in columns if info.hidden or not info.width]
        draft.hidden_columns += zip(hidden, hidden, strict=True)
        drafts.append(draft)
        within_limits(drafts)
        yield draft


def _look(book: Any, fonts: Sequence[str], style: Any) -> Look:
    known = book.format_map.get(style.format_key)
    own = (known.format_str if known else None) or ""
    built_in = code_of(str(style.format_key), {})
    # Below this the library has codes of its own, with the month before the day.
    code = (built_in or own) if style.format_key < _FIRST_OF_FILE else (own or built_in)
    return look(code, fonts[style.font_index] if style.font_index < len(fonts) else "")


def _put(
    draft: Draft, at: tuple[int, int], kind: int, value: Any, look: Look, since_1904: bool
) -> None:
    if kind == xlrd.XL_CELL_TEXT:
        draft.text(at, value, look)
    elif kind == xlrd.XL_CELL_BOOLEAN:
        draft.cells[at] = bool(value)
    elif kind == xlrd.XL_CELL_ERROR:
        draft.error(at, error_text_from_code.get(value, "#?"))
    else:
        draft.number(at, repr(value), look, since_1904)


def _runs(value: str, runs: Sequence[tuple[int, int]], fonts: Sequence[str]) -> list[Run]:
    """Return the pieces of a text; before its first run stands the cell's own font."""
    marks = [(0, ""), *((at, fonts[f] if f < len(fonts) else "") for at, f in runs)]
    ends = [at for at, _ in marks[1:]] + [len(value)]
    return [(font, value[at:end]) for (at, font), end in zip(marks, ends, strict=True)]


def _names(book: Any) -> Iterator[tuple[str, str]]:
    for name in book.name_obj_list:
        said = getattr(getattr(name, "result", None), "text", None)
        if isinstance(said, str):
            yield str(name.name), said
