"""Judge one file by what it says of itself, without storing anything."""

from dataclasses import dataclass

from kybaocao.adapters import workbook_in
from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.adapters.regime_files import Config
from kybaocao.rules import checks
from kybaocao.rules.agency import Agency
from kybaocao.rules.duty import Duty
from kybaocao.rules.finding import Finding, Severity, UnreadableFileError
from kybaocao.rules.form import Figure, Form, Identity
from kybaocao.rules.obligation import Verdict
from kybaocao.rules.period import Frequency, Period
from kybaocao.rules.regime import Regime
from kybaocao.runtime import Settings

# In the first of these of a year, what is done in the period is all that was done in the year.
WITHIN_A_YEAR = (Frequency.QUARTER, Frequency.HALF_YEAR, Frequency.NINE_MONTHS)


@dataclass(frozen=True)
class Report:
    """What an issued workbook is: whose report, of which duty and period, on which form."""

    regime: Regime
    duty: Duty
    agency: Agency
    period: Period
    form: Form


@dataclass(frozen=True)
class Judged:
    """A verdict with its reasons; `report` is None where the file names none that we know."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    figures: tuple[Figure, ...] = ()
    report: Report | None = None


def judge(config: Config, settings: Settings, pool: ReaderPool, data: bytes) -> Judged:
    """Return the verdict on a file's bytes; whatever is wrong with them is a finding."""
    largest = settings.largest_file_mib
    try:
        if len(data) > largest * 2**20:
            raise UnreadableFileError(
                f"Tệp lớn hơn {largest} MB nên không được đọc; đề nghị gửi lại đúng biểu mẫu."
            )
        book = pool.run(workbook_in.read, data)
    except UnreadableFileError as error:
        return _unreadable("unreadable", "", str(error))
    identity = checks.identity_of(book)
    if identity is None:
        return _unreadable(
            "no-identity",
            "tệp không có thông tin nhận dạng của biểu mẫu",
            "Điền vào đúng tệp biểu mẫu đã gửi cho đơn vị rồi gửi lại.",
        )
    report = _report(config, identity)
    if isinstance(report, str):
        return _unreadable("unknown-report", report, "Dùng biểu mẫu đã gửi cho đơn vị trong kỳ này")
    period = report.period
    first_of_year = period.is_first_of_year and period.frequency in WITHIN_A_YEAR
    judgement = checks.judge(report.form, period.frequency, first_of_year, book)
    return Judged(judgement.verdict, judgement.findings, judgement.figures, report)


def _report(config: Config, identity: Identity) -> Report | str:
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
    asked = period.frequency is Frequency.REQUEST and duty.takes_requests
    if period.frequency is not duty.every and not asked:
        return f"{duty.name} không có kỳ “{identity.period}”"
    try:
        form = config.form(identity.form, identity.version)
    except KeyError:
        return f"không có biểu mẫu “{identity.form}” phiên bản {identity.version}"
    if form.id != duty.form and not asked:
        return f"{duty.name} không dùng biểu mẫu “{identity.form}”"
    return Report(regime, duty, agency, period, form.for_agency(agency))


def _unreadable(code: str, found: str, action: str) -> Judged:
    expected = "tệp biểu mẫu đã phát cho đơn vị"
    finding = Finding(code, Severity.BLOCKING, "", "", found, expected, action)
    return Judged(Verdict.UNREADABLE, (finding,))
