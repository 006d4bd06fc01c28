"""Files on an earlier version of the form, held against a config in which it has a newer one."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from openpyxl import Workbook

from kybaocao.adapters.regime_files import Config
from kybaocao.rules.form.form import Entry, EntrySheet, Form, Indicator, IndicatorSheet, Was
from tests.corpus.package import blank, changed, fill, good, number, small, written
from tests.corpus.shapes import no_identity_sheet, of

CITED = {"unit": "hồ sơ", "source": "1908/QĐ-UBND, I.2.a"}
NEW_ROWS = (
    {"code": "HS-06", "name": "Hồ sơ trực tuyến", "columns": ["done", "cumulative"], **CITED},
    {"code": "HS-07", "name": "Hồ sơ dự kiến", "columns": ["planned"], **CITED},
)
"""The first is asked for; the second may stay blank."""
OTHER_UNIT = {"unit": "phần mềm", "was": Was(unit="xã")}
"""Nothing converts the one into the other."""


def second_version() -> Form:
    """Return version 2: two rows and an answer more, and HS-05, of districts, in other units."""
    figures, words = small().form("ngan").sheets
    assert isinstance(figures, IndicatorSheet) and isinstance(words, EntrySheet)
    rows = [r.model_copy(update=OTHER_UNIT if r.code == "HS-05" else {}) for r in figures.rows]
    rows += map(Indicator.model_validate, NEW_ROWS)
    asked = Entry(code="ND-04", name="Người ký báo cáo", required=True)
    sheets = (
        figures.model_copy(update={"rows": tuple(rows)}),
        words.model_copy(update={"rows": (*words.rows, asked)}),
    )
    return small().form("ngan").model_copy(update={"version": 2, "sheets": sheets})


@cache
def newer() -> Config:
    """Return the config of the small office after its form got a second version."""
    return replace(small(), forms={**small().forms, ("ngan", 2): second_version()})


def _filled_anew(book: Workbook) -> None:
    fill(book)
    table, words = book.worksheets[:2]
    row = next(r[0].row for r in table.iter_rows() if r[0].value == "HS-06")
    table.cell(row, 5, 7)
    table.cell(row, 6, 9)
    words.cell(next(r[0].row for r in words.iter_rows() if r[0].value == "ND-04"), 3, "Giám đốc")


MAKERS: dict[str, Callable[[], bytes]] = {
    "older-version.xlsx": good,
    "older-version-with-a-fault.xlsx": lambda: changed(number("E13", "99")),
    "older-version-without-identity.xlsx": lambda: written(no_identity_sheet),
    "older-version-in-other-units.xlsx": of("ubnd-tam-ky", E16=5),
    "newest-version.xlsx": lambda: written(_filled_anew, blank(of=newer)),
    "newest-version-without-identity.xlsx": lambda: written(
        no_identity_sheet, written(_filled_anew, blank(of=newer))
    ),
}
"""Their names begin with `older-` or `newest-`; `newer()` is the config that they belong to."""
