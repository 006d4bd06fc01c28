"""The blank workbook of one agency for one period, made from the form."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, time

import xlsxwriter

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.blank import answers, indicators, tables
from kybaocao.adapters.workbooks.blank.desk import FIRST_CHOICES, Desk, Inputs
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
    book = xlsxwriter.Workbook(buffer, look.workbook_options())
    _write(Desk(book, form, agency, regime, duty, term, tasks, inputs))
    book.close()
    return buffer.getvalue()


def _write(desk: Desk) -> None:
    """Write every sheet; figures are located first, since formulas may look at other sheets."""
    opened = datetime.combine(desk.term.opens, time())
    desk.book.set_properties(
        {
            "title": f"{desk.form.title} – {desk.term.period.label}",
            "subject": desk.agency.name,
            "company": agency_name(desk.regime, desk.duty.recipient),
            "created": opened,
        }
    )
    sheets = [(s, desk.book.add_worksheet(s.name)) for s in desk.form.sheets]
    tops = {s.id: desk.title(s, ws) for s, ws in sheets}
    for sheet, _ in sheets:
        if isinstance(sheet, IndicatorSheet):
            indicators.locate(desk, sheet, tops[sheet.id])
    for sheet, worksheet in sheets:
        top = tops[sheet.id]
        if isinstance(sheet, IndicatorSheet):
            indicators.write(desk, sheet, worksheet, top)
        elif isinstance(sheet, EntrySheet):
            answers.write_entries(desk, sheet, worksheet, top)
        else:
            tables.write(desk, sheet, worksheet, top)
    indicators.watch(desk)
    _identity(desk)
    sheets[0][1].activate()


def _identity(desk: Desk) -> None:
    """Write what the file is, and the choices of its drop-downs, where nobody sees them."""
    ws = desk.book.add_worksheet(IDENTITY_SHEET)
    term = desk.term
    identity = Identity(
        desk.form.id,
        desk.form.version,
        term.regime,
        term.duty,
        desk.agency.code,
        term.period.id,
    )
    for row, (key, value) in enumerate(asdict(identity).items()):
        ws.write_string(row, 0, key)
        ws.write_string(row, 1, str(value))
        place = Place(IDENTITY_SHEET, row + 1, 2).seen_from("")
        desk.book.define_name(f"KBC_{key}", f"={place}")
    first = len(identity.__dataclass_fields__) + 1
    for row, note in enumerate(_notes(desk), first):
        for column, said in enumerate(note):
            ws.write_string(row, column, said)
    for column, choices in enumerate(desk.choices, FIRST_CHOICES):
        ws.write_column(0, column, choices)
    ws.protect()
    ws.very_hidden()


def _notes(desk: Desk) -> Iterator[Note]:
    """Yield what has to come back as it was issued."""
    for sheet in desk.form.sheets:
        if isinstance(sheet, TableSheet) and (rows := desk.task_rows(sheet)):
            for task in desk.tasks:
                yield from notes(sheet, given(rows, task))
