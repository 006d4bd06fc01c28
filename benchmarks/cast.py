"""What the benchmarks work on: Quảng Nam's 41 real workbooks of quarter III of 2016, filled."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp

from kybaocao.adapters.regime_files import Config, load
from kybaocao.adapters.workbooks import blank as workbook_blank
from kybaocao.demo.officer import report
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import term
from kybaocao.rules.form.form import Form
from kybaocao.rules.regime.agency import Agency
from kybaocao.settings import CHECKOUT

SEED = 1908
PERIOD = Period.parse("2016-Q3")
CONFIG: Config = load(CHECKOUT / "config")
REGIME = CONFIG.regimes["quang-nam"]
DUTY = REGIME.duty("bao-cao-quy")
TERM = term(REGIME, DUTY, PERIOD, CONFIG.calendar)
AGENCIES = [a for a in REGIME.agencies.values() if DUTY.reporters.include(a)]


def form_of(agency: Agency) -> Form:
    """Return the form with the agency's own rows."""
    return CONFIG.form(DUTY.form).for_agency(agency)


def blank_of(agency: Agency) -> bytes:
    """Return the agency's blank workbook."""
    return workbook_blank.blank(form_of(agency), agency, REGIME, DUTY, TERM)


def filled_of(code: str) -> bytes:
    """Return an agency's filled workbook."""
    agency = REGIME.agencies[code]
    blank, form = blank_of(agency), form_of(agency)
    return report(blank, form, agency, PERIOD, SEED, None, TERM.due.last_day)


@contextmanager
def filled_files(count: int) -> Iterator[list[Path]]:
    """Give that many files, the agencies' workbooks in turn; they are gone afterwards."""
    with ProcessPoolExecutor(2, get_context("spawn")) as officers:
        books = list(officers.map(filled_of, [agency.code for agency in AGENCIES]))
    folder = Path(mkdtemp(prefix="kybaocao-bench-"))
    try:
        files = [folder / f"{number:04d}.xlsx" for number in range(count)]
        for number, file in enumerate(files):
            file.write_bytes(books[number % len(books)])
        yield files
    finally:
        shutil.rmtree(folder)
