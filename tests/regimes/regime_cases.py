"""What the tests of a regime look up in it, whichever regime it is."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from kybaocao.adapters.regime_files import Config
from kybaocao.adapters.workbooks.blank import blank
from kybaocao.adapters.workbooks.reading import read
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.check.checks import judge
from kybaocao.rules.cycle.obligation import Term, is_replaced, terms
from kybaocao.rules.form.form import Form
from kybaocao.rules.regime.regime import Regime
from kybaocao.steps.view.calendar import CalendarEntry

ALWAYS = date(2000, 1, 1), date(2030, 12, 31)


def golden(regime_id: str) -> list[dict[str, str]]:
    """Return the rows of the regime's golden table, duties and instants as the calendar has them.

    A table may leave out the regime before a duty, and a due instant's time if it is midnight.
    """
    table = Path(__file__).parent / "golden" / f"{regime_id}.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["duty"] = f"{regime_id}/{row['duty'].removeprefix(f'{regime_id}/')}"
        if "due" in row and "T" not in row["due"]:
            row["due"] += "T00:00:00+07:00"
    return rows


def row_of(entry: CalendarEntry, columns: Iterable[str]) -> dict[str, str]:
    """Return what the calendar's entry says in these columns, as a golden table writes it."""
    values = {column: getattr(entry, column) for column in columns}
    return {c: v.isoformat() if isinstance(v, date) else str(v) for c, v in values.items()}


def terms_of(config: Config, duty_id: str) -> list[Term]:
    """Return every term of a duty of the only regime in `config`."""
    (regime,) = config.regimes.values()
    return list(terms(regime, regime.duty(duty_id), *ALWAYS, config.calendar))


def term_of(config: Config, duty_id: str, period: str) -> Term:
    """Return the term for `period` of a duty of the only regime in `config`."""
    wanted = Period.parse(period)
    return next(term for term in terms_of(config, duty_id) if term.period == wanted)


def quarters_replaced(regime: Regime, duty_id: str, year: int) -> list[int]:
    """Return the quarters of `year` for which another report stands in for the duty's."""
    duty = regime.duty(duty_id)
    return [n for n in (1, 2, 3, 4) if is_replaced(regime, duty, Period.parse(f"{year}-Q{n}"))]


def reporters(regime: Regime, duty_id: str) -> set[str]:
    """Return the codes of all agencies that the duty names, in existence or not."""
    duty = regime.duty(duty_id)
    return {a.code for a in regime.agencies.values() if duty.reporters.include(a)}


def shown(form: Form, regime: Regime, code: str) -> set[str]:
    """Return the codes of the rows that the agency gets of the form."""
    return codes_of(form.for_agency(regime.agencies[code]))


def codes_of(form: Form) -> set[str]:
    """Return the codes of all rows of the form."""
    return {row.code for _, row in form.indicators()}


def target_of(form: Form, code: str) -> str:
    """Return the target of the form's row."""
    return next(row.target_words for _, row in form.indicators() if row.code == code)


def words_of(form: Form) -> str:
    """Return the titles and notes by which the form presents itself."""
    return " ".join([form.title, form.note, *(s.title + s.note for s in form.sheets)])


def parts_lost(form: Form, own: Form) -> list[str]:
    """Return the rows and sums of `form` that `own`, an agency's version, shows only in part."""
    codes = codes_of(own)
    lost = [
        row.code
        for _, row in own.indicators()
        if row.compute and not {*row.compute.part, *row.compute.whole} <= codes
    ]
    sums = ((rule.total, *rule.parts) for rule in form.rules.sums)
    return lost + [one[0] for one in sums if len({code in codes for code in one}) != 1]


def faults_of_a_blank(config: Config, duty_id: str, code: str) -> set[str]:
    """Return the findings about the agency's workbook of the duty's first term, left blank."""
    (regime,) = config.regimes.values()
    duty, agency = regime.duty(duty_id), regime.agencies[code]
    term = terms_of(config, duty_id)[0]
    own = config.form(duty.form).for_agency(agency)
    book = read(blank(own, agency, regime, regime.owed_by(duty, agency), term))
    judged = judge(own, term.period.frequency, term.period.is_first_of_year, book)
    return {finding.code for finding in judged.findings}
