"""Whose file it is and of which period: known from its identity, from its sheets, or asked."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook

from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.form.form import IDENTITY_SHEET, Indicator, IndicatorSheet
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.judge import Judged, judge
from kybaocao.steps.intake.receive import Receipt, receive
from kybaocao.steps.intake.verdict import read_and_judge
from kybaocao.steps.standings import standings
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook

SHEET = "1. Hồ sơ"
Change = Callable[[Workbook], object]


def changed(data: bytes, *changes: Change) -> bytes:
    """Return a workbook after something was done to it, saved by another program."""
    book = load_workbook(io.BytesIO(data))
    for change in changes:
        change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def nameless(book: Workbook) -> None:
    del book[IDENTITY_SHEET]
    for name in list(book.defined_names):
        del book.defined_names[name]


def retitled(old: str, new: str, *sheets: str) -> Change:
    def change(book: Workbook) -> None:
        for sheet in sheets or book.sheetnames:
            for row in book[sheet].iter_rows(max_row=12):
                for cell in row:
                    if isinstance(cell.value, str):
                        cell.value = cell.value.replace(old, new)

    return change


def seen(office: Office, data: bytes, sender: str | None = None) -> Judged:
    return judge(office.config, office.settings, office.readers, data, sender)


def codes(judged: Judged) -> list[str]:
    return [finding.code for finding in judged.findings]


def test_a_good_file_is_accepted_without_a_word(office: Office) -> None:
    judged = seen(office, workbook(office, "so-tu-phap"), "so-tu-phap")
    assert (judged.verdict, judged.findings) == (Verdict.ACCEPTED, ())
    assert judged.sheets == {"ho-so": SHEET, "noi-dung": "2. Nội dung"}


def test_the_report_is_made_of_what_the_office_declares(office: Office) -> None:
    report = seen(office, workbook(office, "so-tu-phap")).report
    assert report is not None
    regime = office.config.regimes[REGIME]
    assert report.regime is regime
    assert report.duty is regime.duty(QUARTERLY)
    assert report.agency is regime.agencies["so-tu-phap"]
    assert report.form == office.config.form("ngan").for_agency(report.agency)


def test_a_child_sends_no_declarations_back(office: Office) -> None:
    data = workbook(office, "so-tu-phap")
    judged, identity = read_and_judge(office.config, (), data, None, None)
    assert judged.report is None
    assert identity is not None
    assert (identity.agency, identity.duty) == ("so-tu-phap", QUARTERLY)


def test_files_judged_side_by_side_keep_their_order_and_their_own_report(office: Office) -> None:
    agencies = ["so-tu-phap", "ubnd-tam-ky", "so-tai-chinh"] * 3
    files = [workbook(office, agency) for agency in agencies]
    found = office.readers.each(lambda data: seen(office, data), files)
    assert [judged.report and judged.report.agency.code for judged in found] == agencies


def test_without_an_identity_it_is_recognised_and_says_so(office: Office) -> None:
    data = workbook(office, "ubnd-tam-ky")
    judged = seen(office, changed(data, nameless))
    assert (judged.verdict, codes(judged)) == (Verdict.ACCEPTED, ["recognised"])
    assert judged.figures == seen(office, data).figures
    assert judged.report is not None
    assert judged.report.words in judged.findings[0].action
    assert "quý III năm 2016 của Ủy ban nhân dân thành phố Tam Kỳ" in judged.report.words


def test_what_is_recognised_is_judged_like_any_file(office: Office) -> None:
    def blank(book: Workbook) -> None:
        nameless(book)
        sheet = book[SHEET]
        row = next(r[0].row for r in sheet.iter_rows() if r[0].value == "HS-02")
        sheet.cell(row, 5).value = None

    judged = seen(office, changed(workbook(office, "so-tu-phap"), blank))
    assert (judged.verdict, codes(judged)) == (Verdict.RETURNED, ["recognised", "required-blank"])


def test_two_readings_wait_for_a_person(office: Office) -> None:
    other = retitled("SỞ TƯ PHÁP", "SỞ TÀI CHÍNH", SHEET)
    judged = seen(office, changed(workbook(office, "so-tu-phap"), nameless, other))
    assert (judged.verdict, codes(judged)) == (Verdict.UNREADABLE, ["two-readings"])
    assert "của Sở Tư pháp" in judged.findings[0].value
    assert "của Sở Tài chính" in judged.findings[0].value
    assert judged.report is None


def test_a_file_that_says_nothing_waits_and_says_what_it_lacks(office: Office) -> None:
    judged = seen(office, changed(workbook(office, "so-tu-phap"), nameless, retitled("SỞ", "")))
    assert (judged.verdict, codes(judged)) == (Verdict.UNREADABLE, ["no-identity"])
    assert "đơn vị báo cáo" in judged.findings[0].value


def second_identity(agency: str) -> Change:
    def change(book: Workbook) -> None:
        copy = book.copy_worksheet(book[IDENTITY_SHEET])
        for row in copy.iter_rows(max_row=6):
            if row[0].value == "agency":
                row[1].value = agency

    return change


def test_of_two_identities_that_of_the_sheets_counts(office: Office) -> None:
    data = changed(workbook(office, "so-tu-phap"), second_identity("so-tai-chinh"))
    judged = seen(office, data)
    assert (judged.verdict, codes(judged)) == (Verdict.ACCEPTED, ["recognised"])
    assert judged.report is not None
    assert judged.report.agency.code == "so-tu-phap"
    assert "hai biểu mẫu" in judged.findings[0].value


def test_two_identities_and_sheets_of_a_third_are_asked(office: Office) -> None:
    other = retitled("SỞ TƯ PHÁP", "ỦY BAN NHÂN DÂN THÀNH PHỐ TAM KỲ")
    data = changed(workbook(office, "so-tu-phap"), second_identity("so-tai-chinh"), other)
    assert seen(office, data).verdict is Verdict.UNREADABLE


def test_a_title_of_another_agency_waits_for_a_person(office: Office) -> None:
    data = changed(workbook(office, "so-tu-phap"), retitled("SỞ TƯ PHÁP", "Sở Tài chính", SHEET))
    judged = seen(office, data)
    (finding,) = judged.findings
    assert (judged.verdict, judged.report) == (Verdict.UNREADABLE, None)
    assert (finding.code, finding.sheet, finding.cell) == ("wrong-agency", SHEET, "A2")
    assert finding.expected.startswith("Sở Tư pháp")


def test_a_title_of_another_period_is_returned_at_its_cell(office: Office) -> None:
    data = workbook(office, "so-tu-phap")
    judged = seen(office, changed(data, retitled("Quý III năm 2016", "Quý 2/2016", "2. Nội dung")))
    (finding,) = judged.findings
    assert judged.verdict is Verdict.RETURNED
    assert (finding.code, finding.sheet) == ("wrong-period", "2. Nội dung")
    assert judged.report is not None


def test_a_title_of_another_period_is_told_where_the_sender_comes_by(office: Office) -> None:
    def blank(book: Workbook) -> None:
        sheet = book[SHEET]
        row = next(r[0].row for r in sheet.iter_rows() if r[0].value == "HS-02")
        sheet.cell(row, 5).value = None

    late = retitled("Quý III năm 2016", "Quý 2/2016", "2. Nội dung")
    judged = seen(office, changed(workbook(office, "so-tu-phap"), late, blank))
    assert codes(judged) == ["required-blank", "wrong-period"]


def test_anothers_workbook_waits_for_a_person(office: Office) -> None:
    data = workbook(office, "so-tu-phap")
    judged = seen(office, data, "so-tai-chinh")
    assert (judged.verdict, codes(judged)) == (Verdict.UNREADABLE, ["wrong-sender"])
    assert seen(office, data, "ubnd-tinh").verdict is Verdict.ACCEPTED, "a superior may hand it on"


# Versions.


def with_newer_form(office: Office, **more: object) -> Office:
    """Return the office after its form got a second version, with one more row."""
    form = office.config.form("ngan")
    sheet, rest = form.sheets
    assert isinstance(sheet, IndicatorSheet)
    row = {"code": "HS-09", "name": "Hồ sơ trực tuyến", "unit": "hồ sơ", "columns": ["done"]}
    new = Indicator.model_validate({**row, "source": "1908/QĐ-UBND", **more})
    newer = sheet.model_copy(update={"rows": (*sheet.rows, new)})
    second = form.model_copy(update={"version": 2, "sheets": (newer, rest)})
    forms = {**office.config.forms, ("ngan", 2): second}
    return replace(office, config=replace(office.config, forms=forms))


def test_a_file_on_an_old_version_is_accepted_and_asked_for_what_is_new(office: Office) -> None:
    data = workbook(office, "so-tu-phap")
    figures = seen(office, data).figures
    judged = seen(with_newer_form(office), data)
    assert (judged.verdict, codes(judged)) == (Verdict.ACCEPTED, ["new-in-form"])
    assert judged.figures == figures
    assert "HS-09" in judged.findings[0].expected
    assert judged.report is not None
    assert judged.report.form.version == 1


def test_what_is_new_for_others_is_not_asked(office: Office) -> None:
    newer = with_newer_form(office, applies={"levels": ["huyen"]})
    assert seen(newer, workbook(office, "so-tu-phap")).findings == ()
    assert codes(seen(newer, workbook(office, "ubnd-tam-ky"))) == ["new-in-form"]


@pytest.mark.parametrize("version", [1, 2])
def test_without_an_identity_the_version_is_known_by_its_rows(office: Office, version: int) -> None:
    newer = with_newer_form(office)
    data = changed(workbook(newer if version == 2 else office, "so-tu-phap"), nameless)
    judged = seen(newer, data)
    assert judged.report is not None
    assert judged.report.form.version == version


# A file of the last period.


def sent(office: Office, data: bytes, day: str) -> Receipt:
    return receive(office, Incoming(data, "bao cao.xlsx", "folder", at(day)), at(day))


@pytest.fixture
def accepted(office: Office) -> bytes:
    """The accepted report of quarter 3, at a time when quarter 4 is open."""
    advance(office, REGIME, QUARTERLY, at("2016-08-23"))
    data = workbook(office, "so-tu-phap")
    assert sent(office, data, "2016-09-12").submission.verdict is Verdict.ACCEPTED
    advance(office, REGIME, QUARTERLY, at("2016-11-23"))
    return data


@pytest.mark.parametrize("saved_again", [False, True])
def test_last_quarters_file_is_not_taken_for_a_new_one(
    office: Office, accepted: bytes, saved_again: bool
) -> None:
    data = changed(accepted) if saved_again else accepted
    receipt = sent(office, data, "2016-12-12")
    assert receipt.submission.verdict is Verdict.UNREADABLE
    (finding,) = receipt.judged.findings
    assert finding.code == "last-period-file"
    assert "quý III năm 2016" in finding.value
    assert "quý IV năm 2016" in finding.action
    third, fourth = standings(office, at("2016-12-12"), agency="so-tu-phap", duty=QUARTERLY)
    assert third.accepted is not None
    assert (len(third.versions), len(fourth.versions)) == (1, 0)
    told = {letter.address for letter in office.ledger.post.letters(kind="unreadable")}
    assert "vanthu@so-tu-phap.quang-nam.example" in told
    assert sent(office, data, "2016-12-13").is_repeat


def test_while_no_later_report_is_awaited_the_same_bytes_are_a_repeat(office: Office) -> None:
    advance(office, REGIME, QUARTERLY, at("2016-08-23"))
    data = workbook(office, "so-tu-phap")
    sent(office, data, "2016-09-12")
    assert sent(office, data, "2016-09-20").is_repeat


def test_last_quarters_figures_in_a_new_workbook_are_a_warning(
    office: Office, accepted: bytes
) -> None:
    old = load_workbook(io.BytesIO(accepted))[SHEET]

    def figures(book: Workbook) -> None:
        for row in old.iter_rows():
            if str(row[0].value).startswith("HS-"):
                for cell in row[3:6]:
                    book[SHEET].cell(cell.row, cell.column).value = cell.value

    receipt = sent(
        office, changed(workbook(office, "so-tu-phap", "2016-Q4"), figures), "2016-12-12"
    )
    assert receipt.submission.verdict is Verdict.ACCEPTED
    assert "same-as-last-period" in codes(receipt.judged)


def test_a_report_that_nobody_awaits_is_named(office: Office) -> None:
    receipt = sent(office, workbook(office, "so-tu-phap", "2016-Q4"), "2016-09-12")
    assert receipt.judged.findings[0].code == "not-owed"
    assert "quý IV năm 2016 của Sở Tư pháp" in receipt.judged.findings[0].value
