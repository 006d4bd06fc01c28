"""The consolidated workbook of one duty and period: what the secretariat keeps and hands on."""

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.report import charts, listings, matrix, status, summary
from kybaocao.adapters.workbooks.report.listings import MOST_CELLS
from kybaocao.adapters.workbooks.report.report_book import ReportBook
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.form.form import Form
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.report.consolidation import Consolidation

__all__ = ["MOST_CELLS", "report"]


def report(
    consolidation: Consolidation,
    form: Form,
    regime: Regime,
    duty: Duty,
    term: Term,
    as_of: datetime,
    told: Sequence[str] = (),
) -> bytes:
    """Return the consolidated workbook (xlsx), as things stood at `as_of` (aware).

    Its first page tells `told`, a line each: what changed, and how the figures were proved.

    Totals are live formulas over the matrix sheets, with their values cached; text that came
    from a sender is never a formula nor a link. The same arguments give the same bytes.
    """
    buffer = io.BytesIO()
    file = xlsxwriter.Workbook(buffer, look.workbook_options())
    book = ReportBook(file, consolidation, form, regime, duty, term, as_of, told)
    file.set_properties(book.properties)
    summary.write(book)
    charts.write(book)
    for sheet in form.indicator_sheets:
        matrix.write(book, sheet)
    status.write(book)
    listings.write(book)
    file.close()
    return buffer.getvalue()
