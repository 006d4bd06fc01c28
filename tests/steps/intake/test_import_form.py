"""A real file becomes a form, and the form a workbook that its reporters can fill."""

from datetime import date
from pathlib import Path

from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.adapters.workbooks import reading
from kybaocao.adapters.workbooks.blank import blank
from kybaocao.demo.figures import Agencys
from kybaocao.demo.officer import filled
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.check.checks import judge
from kybaocao.rules.cycle.obligation import term
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.form.form import Form
from kybaocao.rules.form_list.form_list import ListFacts
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from kybaocao.steps.intake.import_form import import_form, sample
from tests.list_cases import office_list
from tests.steps.conftest import QUARTERLY, REGIME
from tests.workbook_cases import through_libreoffice

GIVEN = ListFacts("danh-muc")


def imported(settings: GivenSettings, readers: ReaderPool, data: bytes) -> Form:
    found = import_form(settings, readers, data, GIVEN)
    assert found.form is not None, found.findings
    assert [(f.code, f.cell) for f in found.findings] == [("notes", "A20")]
    return found.form


def test_a_list_of_openpyxl_and_one_of_libreoffice_give_one_form(
    settings: GivenSettings, readers: ReaderPool, tmp_path: Path
) -> None:
    data = office_list()
    form = imported(settings, readers, data)
    assert [(s.name, [r.code for r in s.rows]) for s in form.indicator_sheets] == [
        ("1. Chỉ đạo, điều hành", ["I-01", "I-01.1", "I-01.2", "I-02"]),
        ("2. Thủ tục hành chính một cửa", ["II-01", "II-01.1", "II-02"]),
    ]
    for kind in ("xlsx", "ods", "xls"):
        assert imported(settings, readers, through_libreoffice(data, tmp_path, kind)) == form


def test_the_new_forms_workbook_once_filled_is_accepted(
    settings: GivenSettings, readers: ReaderPool, office: Office
) -> None:
    whole = imported(settings, readers, office_list())
    regime, duty = office.duty(REGIME, QUARTERLY)
    agency = regime.agencies["so-tu-phap"]
    form, period = whole.for_agency(agency), Period.parse("2016-Q3")
    of_term = term(regime, duty, period, office.config.calendar)
    figures = Agencys(form, agency.code, seed=1).of(period, 2016)
    data = blank(form, agency, regime, duty, of_term)
    answer = filled(data, form, figures, date(2016, 9, 12), agency.name)
    judgement = judge(form, period.frequency, False, reading.read(answer))
    assert judgement.verdict is Verdict.ACCEPTED, judgement.findings
    assert {f.row for f in judgement.figures} >= {r.code for _, r in form.indicators()}
    figures["I-01.1", "done"] = figures["I-01", "done"] + 1
    wrong = filled(data, form, figures, date(2016, 9, 12), agency.name)
    judgement = judge(form, period.frequency, False, reading.read(wrong))
    assert judgement.verdict is Verdict.RETURNED


def test_the_sample_shows_every_row(
    settings: GivenSettings, readers: ReaderPool, office: Office
) -> None:
    form = imported(settings, readers, office_list())
    regime, duty = office.duty(REGIME, QUARTERLY)
    for today in (date(2016, 7, 1), date(2099, 1, 1)):
        book = reading.read(sample(office.config, regime, duty, form, today))
        shown = {value for grid in book.grids for value in grid.cells.values()}
        assert {row.code for _, row in form.indicators()} <= shown


def test_what_is_no_spreadsheet_is_a_finding(settings: GivenSettings, readers: ReaderPool) -> None:
    found = import_form(settings, readers, b"%PDF-1.7", GIVEN)
    assert found.form is None
    (finding,) = found.findings
    assert (finding.code, finding.is_blocking) == ("unreadable", True)
    assert "PDF" in finding.action
