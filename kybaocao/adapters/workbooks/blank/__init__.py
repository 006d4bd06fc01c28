"""The blank workbook of one agency for one period, made from the form."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, time

import xlsxwriter

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.blank import answers, indicators, tables
from kybaocao.adapters.workbooks.blank.blank_book import FIRST_CHOICES, BlankBook, Inputs
from kybaocao.rules.check.given_rows import Note, given, notes
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.form.form import (
    IDENTITY_SHEET,
    EntrySheet,
    Form,
    Identity,
    IndicatorSheet,
    TableSheet,
)
from kybaocao.rules.form.formulas import Place
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.names import agency_name
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import OpenTask

__all__ = ["Inputs", "blank"]


def blank(
    form: Form,
    agency: Agency,
    regime: Regime,
    duty: Duty,
    term: Term,
    tasks: Sequence[OpenTask] = (),
    inputs: Inputs | None = None,
) -> bytes:
    """Return the xlsx that `agency` fills: `form` (already `for_agency`) for the term's period.

    One sheet per form sheet, title lines above one header row, inputs unlocked; the hidden
    identity sheet and the names `KBC_…` say what the file is, and which of the `tasks` stand
    in which table. `inputs` are filled in on entry and indicator sheets, by row code and column
    id ("" for an entry). The same arguments give the same bytes.
    """
    buffer = io.BytesIO()
    file = xlsxwriter.Workbook(buffer, look.workbook_options())
    _write(BlankBook(file, form, agency, regime, duty, term, tasks, inputs))
    file.close()
    return buffer.getvalue()


def _write(book: BlankBook) -> None:
    """Write every sheet; figures are located first, since formulas may look at other sheets."""
    opened = datetime.combine(book.term.opens, time())
    book.file.set_properties(
        {
            "title": f"{book.form.title} – {book.term.period.label}",
            "subject": book.agency.name,
            "company": agency_name(book.regime, book.duty.recipient),
            "created": opened,
        }
    )
    sheets = [(s, book.file.add_worksheet(s.name)) for s in book.form.sheets]
    tops = {s.id: book.title(s, ws) for s, ws in sheets}
    for sheet, _ in sheets:
        if isinstance(sheet, IndicatorSheet):
            indicators.locate(book, sheet, tops[sheet.id])
    for sheet, worksheet in sheets:
        top = tops[sheet.id]
        if isinstance(sheet, IndicatorSheet):
            indicators.write(book, sheet, worksheet, top)
        elif isinstance(sheet, EntrySheet):
            answers.write_entries(book, sheet, worksheet, top)
        else:
            tables.write(book, sheet, worksheet, top)
    indicators.watch(book)
    _identity(book)
    sheets[0][1].activate()


def _identity(book: BlankBook) -> None:
    """Write what the file is, and the choices of its drop-downs, where nobody sees them."""
    ws = book.file.add_worksheet(IDENTITY_SHEET)
    term = book.term
    identity = Identity(
        book.form.id,
        book.form.version,
        term.regime,
        term.duty,
        book.agency.code,
        term.period.id,
    )
    for row, (key, value) in enumerate(asdict(identity).items()):
        ws.write_string(row, 0, key)
        ws.write_string(row, 1, str(value))
        place = Place(IDENTITY_SHEET, row + 1, 2).seen_from("")
        book.file.define_name(f"KBC_{key}", f"={place}")
    first = len(identity.__dataclass_fields__) + 1
    for row, note in enumerate(_notes(book), first):
        for column, said in enumerate(note):
            ws.write_string(row, column, said)
    for column, choices in enumerate(book.choices, FIRST_CHOICES):
        ws.write_column(0, column, choices)
    ws.protect()
    ws.very_hidden()


def _notes(book: BlankBook) -> Iterator[Note]:
    """Yield what has to come back as it was issued."""
    for sheet in book.form.sheets:
        if isinstance(sheet, TableSheet) and (rows := book.task_rows(sheet)):
            for task in book.tasks:
                yield from notes(sheet, given(rows, task))
