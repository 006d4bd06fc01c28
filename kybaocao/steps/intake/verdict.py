"""What a reading child finds out about a file: its bytes in, its verdict out.

It imports neither ledger nor settings, so that a child starts fast.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from kybaocao.adapters.workbooks import reading as workbook_in
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.grid import Book
from kybaocao.rules.check import checks
from kybaocao.rules.check.subjects import with_subjects
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.declared.config import Config
from kybaocao.rules.finding import Finding, in_order
from kybaocao.rules.form.form import Figure, Form, Identity
from kybaocao.rules.form.newer_form import news
from kybaocao.rules.form.versions import converted
from kybaocao.rules.recognition import recognising
from kybaocao.rules.recognition.reading import identities_of
from kybaocao.rules.recognition.sheet_shape import with_shape
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.same import Same

ISSUED = "tệp biểu mẫu đã phát cho đơn vị"
_MOST_NAMED = 4


@dataclass(frozen=True)
class Report:
    """What an issued workbook is: whose report, of which duty and period, on which form.

    `form` is as it applies to the agency, in the version that the file is on.
    """

    regime: Regime
    duty: Duty
    agency: Agency
    period: Period
    form: Form

    @property
    def identity(self) -> Identity:
        """What the workbook says of itself."""
        return Identity(
            self.form.id,
            self.form.version,
            self.regime.id,
            self.duty.id,
            self.agency.code,
            self.period.id,
        )

    @property
    def words(self) -> str:
        """`Báo cáo cải cách hành chính quý III năm 2016 của Sở Tư pháp`."""
        return f"{report_title(self.duty.name, self.period.label)} của {self.agency.name}"


@dataclass(frozen=True)
class Judged:
    """A verdict with its reasons; `report` is None where it is not certain which one it is.

    `sheets` gives the names under which the form's sheets stand in the file, by sheet id;
    `is_nil` says that the file reports that nothing happened.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    figures: tuple[Figure, ...] = ()
    report: Report | None = None
    sheets: Mapping[str, str] = field(default_factory=dict)
    is_nil: bool = False


def read_and_judge(
    config: Config, active: Collection[str], data: bytes, sender: str | None, day: date | None
) -> tuple[Judged, Identity | None]:
    """Return the verdict on a file by what it says of itself, and which report it is.

    The report itself stays behind: its regime is more than a file is worth sending.
    """
    judged = judge_book(config, active, workbook_in.read(data), sender, day)
    identity = judged.report.identity if judged.report else None
    return replace(judged, report=None), identity


def read_and_judge_as(config: Config, report: Report, data: bytes, day: date | None) -> Judged:
    """Return the verdict on a file as the report that it is said to be, without that report."""
    return replace(judge_as(config, workbook_in.read(data), report, day), report=None)


def judge_book(
    config: Config,
    active: Collection[str],
    book: Book,
    sender: str | None = None,
    day: date | None = None,
) -> Judged:
    """Return the verdict on what a file holds, by what it says of itself."""
    said = identities_of(book)
    if len(said) != 1:
        return _recognised(config, active, book, said, sender, day)
    report = report_of(config, said[0])
    if isinstance(report, str):
        return unreadable(
            Code.UNKNOWN_REPORT, report, "Dùng biểu mẫu đã gửi cho đơn vị trong kỳ này"
        )
    return _of_whom(config, book, report, sender, day)


def judge_as(config: Config, book: Book, report: Report, day: date | None = None) -> Judged:
    """Return the verdict on what a file holds, as the report that it is."""
    period, form = report.period, report.form
    # What is done in the first such period of a year is all that was done in the year.
    first_of_year = period.is_first_of_year and period.frequency.is_within_a_year
    judgement = checks.judge(form, period.frequency, first_of_year, book, day, period)
    columns = form.columns_for(period.frequency)
    shaped = with_shape(judgement.findings, columns, book, judgement.located)
    findings = with_subjects(shaped, judgement.located, columns)
    newest = config.form(form.id)
    if newest.version > form.version:
        now_asked = newest.for_agency(report.agency)
        by_factor = converted(config.versions(form.id, form.version))
        new = news(form, now_asked, period.frequency, judgement.sheets, by_factor)
        findings = tuple(in_order((*new, *findings), [grid.name for grid in book.grids]))
    return Judged(
        _verdict(findings),
        findings,
        judgement.figures,
        report,
        judgement.sheets,
        judgement.is_nil,
    )


def _of_whom(
    config: Config, book: Book, report: Report, sender: str | None, day: date | None
) -> Judged:
    """Judge a file as the report that it says it is, unless it is doubtful whose it is."""
    regime, agency = report.regime, report.agency.code
    against = recognising.contradictions(
        book, regime, report.duty, agency, report.period, report.form
    )
    if sender is not None and not recognising.may_send_for(regime, sender, agency):
        against.insert(0, recognising.wrong_sender(regime, sender, agency))
    if any(finding.code in (Code.WRONG_SENDER, Code.WRONG_AGENCY) for finding in against):
        return Judged(Verdict.UNREADABLE, tuple(against))
    judged = judge_as(config, book, report, day)
    if not against:
        return judged
    names = [grid.name for grid in book.grids]
    findings = tuple(in_order((*against, *judged.findings), names))
    return replace(judged, verdict=_verdict(findings), findings=findings)


def _recognised(
    config: Config,
    active: Collection[str],
    book: Book,
    said: list[Identity],
    sender: str | None,
    day: date | None,
) -> Judged:
    """Judge a file that does not say what it is, or says it twice, by what its sheets say."""
    regimes = list(config.regimes.values())
    found = recognising.recognise(book, regimes, config.forms, active, sender)
    lost = "tệp không có thông tin nhận dạng của biểu mẫu"
    if said:
        lost = "tệp có thông tin nhận dạng của hai biểu mẫu khác nhau"
    action = "Điền vào đúng tệp biểu mẫu đã gửi cho đơn vị rồi gửi lại."
    reading = found.certain
    if said and reading is not None and not any(_is_said(reading, one) for one in said):
        reading = None
    if reading is None and found.readings:
        several = "; ".join(r.words for r in found.readings[:_MOST_NAMED])
        more = "; …" if len(found.readings) > _MOST_NAMED else ""
        doubt = f"; không rõ {' và '.join(found.lacking)}" if found.lacking else ""
        return unreadable(
            Code.TWO_READINGS, f"{lost}{doubt}, và có thể là: {several}{more}", action
        )
    if reading is None:
        lacking = f", và nội dung không cho biết {' và '.join(found.lacking)}"
        return unreadable(Code.NO_IDENTITY, lost + lacking, action)
    identity = Identity(
        reading.form,
        reading.version,
        reading.regime,
        reading.duty,
        reading.agency,
        reading.period.id,
    )
    report = report_of(config, identity)
    if isinstance(report, str):
        return unreadable(Code.UNKNOWN_REPORT, report, action)
    judged = _of_whom(config, book, report, sender, day)
    if judged.report is None:
        return judged
    finding = Code.RECOGNISED.finding(
        "",
        "",
        lost,
        f"{ISSUED}, còn nguyên thông tin nhận dạng",
        f"Tệp được hiểu là {report.words}. Nếu không đúng, đề nghị báo ngay; lần sau điền vào đúng "
        "tệp biểu mẫu đã gửi.",
    )
    return replace(judged, findings=(finding, *judged.findings))


def _is_said(reading: recognising.Reading, said: Identity) -> bool:
    return (reading.regime, reading.duty, reading.agency, reading.period.id) == (
        said.regime,
        said.duty,
        said.agency,
        said.period,
    )


def _verdict(findings: tuple[Finding, ...]) -> Verdict:
    blocked = any(finding.is_blocking for finding in findings)
    return Verdict.RETURNED if blocked else Verdict.ACCEPTED


def report_of(config: Config, identity: Identity) -> Report | str:
    """Return the report that an identity names, or why it names none, in Vietnamese."""
    regime = config.regimes.get(identity.regime)
    if regime is None:
        return f"không có chế độ báo cáo “{identity.regime}”"
    duty = next((d for d in regime.duties if d.id == identity.duty), None)
    if duty is None:
        return f"chế độ báo cáo “{regime.name}” không có báo cáo “{identity.duty}”"
    agency = regime.agencies.get(identity.agency)
    if agency is None or not (duty.reporters.include(agency) or duty.takes_requests):
        return f"“{identity.agency}” không phải đơn vị phải gửi {duty.name}"
    try:
        period = Period.parse(identity.period)
    except ValueError:
        return f"“{identity.period}” không phải là một kỳ báo cáo"
    asked = duty.is_asked(period)
    if period.frequency is not duty.every and not asked:
        return f"{duty.name} không có kỳ “{identity.period}”"
    try:
        form = config.form(identity.form, identity.version)
    except KeyError:
        return f"không có biểu mẫu “{identity.form}” phiên bản {identity.version}"
    if form.id != duty.form and not asked:
        return f"{duty.name} không dùng biểu mẫu “{identity.form}”"
    return Report(regime, duty, agency, period, _applied(Same(form), agency))


@lru_cache(maxsize=1024)  # an agency sends the same form again and again
def _applied(of: Same[Form], agency: Agency) -> Form:
    return of.value.for_agency(agency)


def unreadable(code: Code, found: str, action: str) -> Judged:
    finding = code.finding("", "", found, ISSUED, action)
    return Judged(Verdict.UNREADABLE, (finding,))
