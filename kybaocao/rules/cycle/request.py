"""Reports that the secretariat asks for, beside those that the calendar brings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period, Window
from kybaocao.rules.cycle.obligation import Due, Term
from kybaocao.rules.cycle.waiver import check_near
from kybaocao.rules.errors import DecisionError
from kybaocao.rules.regime.duty import Duty, Reporters
from kybaocao.rules.regime.regime import Regime


@dataclass(frozen=True)
class Request:
    """One request: what is asked of whom, on which form, by when, and who asked why.

    `last_day` is the last day on which a report is in time; no rule for days off moves it,
    since a person chose it. `number` counts the duty's requests of a year.
    """

    regime: str
    duty: str
    year: int
    number: int
    title: str
    form: str
    agencies: tuple[str, ...]
    window: Window
    opens: date
    last_day: date
    reason: str
    granted_by: str
    actor: str
    at: datetime

    @property
    def period(self) -> Period:
        return Period(self.year, Frequency.REQUEST, self.number)

    @property
    def note(self) -> str:
        """Why and by whom it is asked for, in Vietnamese."""
        return f"theo yêu cầu: {self.reason} ({self.granted_by})"

    @property
    def term(self) -> Term:
        due = Due(self.last_day, self.last_day)
        return Term(self.regime, self.duty, self.period, self.window, self.opens, due)

    def asked_of(self, duty: Duty) -> Duty:
        """Return `duty` as this request asks for it."""
        return duty.model_copy(
            update={
                "name": self.title,
                "form": self.form,
                "reporters": Reporters(agencies=self.agencies),
            }
        )


def reporters_on(regime: Regime, duty: Duty, day: date) -> tuple[str, ...]:
    """Return the codes of those who report this duty and exist on a day, in the regime's order."""
    return tuple(
        a.code for a in regime.agencies.values() if duty.reporters.include(a) and a.exists_on(day)
    )


def check_request(request: Request, regime: Regime, duty: Duty, forms: Collection[str]) -> None:
    """Raise DecisionError if the duty takes no requests, or form, words, days, agencies do not fit.

    `forms` are the ids of the known forms.
    """
    if not duty.takes_requests:
        raise DecisionError(
            f"{regime.id}/{duty.id} takes no requests: declare `on_request: true`",
            f"“{duty.name}” không được yêu cầu ngoài lịch.",
        )
    if request.form not in forms:
        known_forms = ", ".join(sorted(forms))
        raise DecisionError(
            f"no form '{request.form}'; known: {known_forms}", "Chọn một biểu mẫu có sẵn."
        )
    if not all(said.strip() for said in (request.title, request.reason, request.granted_by)):
        raise DecisionError(
            "a request needs its title, its reason, and who asks",
            "Ghi nội dung yêu cầu, căn cứ và người yêu cầu.",
        )
    _check_days(request.window, request.last_day, request.opens)
    _check_asked(request, regime, duty)


def _check_days(window: Window, last_day: date, today: date) -> None:
    if last_day < today:
        raise DecisionError(f"{last_day} is over", f"Hạn nộp {last_day:%d/%m/%Y} đã qua.")
    check_near(last_day, today)
    if window.last > last_day:
        raise DecisionError(
            f"the data would end on {window.last}, after the report is due",
            "Ngày cuối của số liệu phải không sau hạn nộp.",
        )
    if window.last < window.first:
        raise DecisionError(
            f"the data would end on {window.last}, before {window.first}",
            "Ngày đầu của số liệu phải không sau ngày cuối.",
        )


def _check_asked(request: Request, regime: Regime, duty: Duty) -> None:
    if not request.agencies:
        raise DecisionError("nobody is asked: name at least one agency", "Chọn ít nhất một đơn vị.")
    last_day = request.last_day
    for code in request.agencies:
        if code not in regime.agencies:
            raise DecisionError(f"no agency '{code}' in {regime.id}", f"Không có đơn vị “{code}”.")
        if not regime.agencies[code].exists_on(last_day):
            raise DecisionError(
                f"{code} does not exist on {last_day}",
                f"{regime.agencies[code].name} không còn hoặc chưa có vào hạn nộp.",
            )
        if not regime.recipient_of(duty, regime.agencies[code]):
            raise DecisionError(
                f"{code} has no superior to whom it would report",
                f"{regime.agencies[code].name} không có cơ quan cấp trên nhận báo cáo này.",
            )
