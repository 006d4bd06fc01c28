"""Any spreadsheet that people send, as plain values at the coordinates they see.

The sole reader of spreadsheets. It may be given anything: call it in a child process with
limits of memory and time, since hostile bytes can make any parser hang or swell.
"""

from collections.abc import Mapping

from kybaocao.adapters.workbooks.reading import evaluation, ods, refusals, xls, xlsb, xlsx
from kybaocao.adapters.workbooks.reading.draft import Draft, within_limits
from kybaocao.adapters.workbooks.reading.recognition import Format, recognise
from kybaocao.rules.cells.addresses import address
from kybaocao.rules.cells.grid import Book, Grid
from kybaocao.rules.errors import UnreadableFileError
from kybaocao.rules.form.form import IDENTITY_KEYS, IDENTITY_SHEET
from kybaocao.rules.recognition.reading import as_text

# What is sent beside a workbook: a signed report, or its scan.
PAPERS = ("tệp PDF", "tệp Word", "tệp văn bản", "tệp ảnh")


def is_paper(data: bytes) -> bool:
    """Return if a file is, by its bytes, a document or picture that goes beside a workbook."""
    try:
        recognise(data)
    except refusals.OtherFileError as error:
        return error.kind in PAPERS
    except UnreadableFileError:
        return False
    return False


def read(data: bytes) -> Book:
    """Return the sheets of an xlsx, xlsm, xlsb, xls or ods file; what it is, its bytes tell.

    Percentages by format come as text (`98,33%`), and formulas without a result as `=…`, since
    that is what the sender sees; errors come as their text (`#REF!`). A value that stands under
    a merged area, where nobody sees it, stays in `cells`. Raises UnreadableFileError.
    """
    kind, parts = recognise(data)
    is_recalculated, as_displayed = True, False
    names: Mapping[str, str]
    drafts: list[Draft]
    if parts is None:
        drafts, names, is_recalculated = xls.read(data)
    elif kind is Format.ODS:
        drafts, names = ods.read(parts)
    elif kind is Format.XLSB:
        drafts, names, is_recalculated = xlsb.read(parts)
    else:
        drafts, names, is_recalculated, as_displayed = xlsx.read(parts)
    within_limits(drafts)
    if as_displayed:
        for draft in drafts:
            draft.formulas.clear()
    evaluation.hold(drafts, is_recalculated)
    grids = tuple(draft.grid() for draft in drafts)
    return Book(grids, _identity(grids, names))


def _identity(grids: tuple[Grid, ...], names: Mapping[str, str]) -> dict[str, str]:
    """Return what the identity sheet says, and where it is silent, the defined names."""
    cells = {
        f"{_sheet_key(grid.name)}!{address(*at)}": as_text(value)
        for grid in grids
        if grid.hidden or grid.name == IDENTITY_SHEET
        for at, value in grid.cells.items()
        if at[1] <= 2
    }
    found: dict[str, str] = {}
    for key in IDENTITY_KEYS:
        for row in range(1, 21):
            if cells.get(f"{_sheet_key(IDENTITY_SHEET)}!A{row}") == key:
                found[key] = cells.get(f"{_sheet_key(IDENTITY_SHEET)}!B{row}", "")
        if not found.get(key):
            sheet, _, cell = names.get(f"KBC_{key}", "").rpartition("!")
            value = cells.get(f"{_sheet_key(sheet)}!{cell.replace('$', '')}", "")
            found[key] = value if sheet else cell.strip('="')
    return {key: value for key, value in found.items() if value}


def _sheet_key(name: str) -> str:
    return name.strip("='").casefold()
