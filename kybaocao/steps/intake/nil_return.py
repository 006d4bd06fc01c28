"""A nil return: the report's own workbook, filled to say that nothing happened, and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from kybaocao.rules.check import answers
from kybaocao.rules.check.answers import Fault, Range
from kybaocao.rules.check.history import Earlier
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.form.form import Aggregation, Entry, Form, InputKind
from kybaocao.rules.form.nil_return import allows_nil, entries_to_ask, nil_inputs
from kybaocao.rules.regime.access import Visitor
from kybaocao.runtime import Office
from kybaocao.steps.cycle.open_period import blank_workbook
from kybaocao.steps.cycle.task_progress import tasks_to_report
from kybaocao.steps.intake.earlier import reports_earlier
from kybaocao.steps.intake.judge import Report
from kybaocao.steps.intake.upload import Outcome, Upload, upload
from kybaocao.steps.standings import Reports, Standpoint, term_of

MARK = "khong-phat-sinh"


@dataclass(frozen=True)
class NilOffer:
    """What a nil return must be told: the entries of the form's cover."""

    entries: Sequence[Entry]


def nil_offer(office: Office, stands: Standpoint, now: datetime) -> NilOffer | None:
    """Return what a nil return of a report asks for; None where it would make no sense.

    Not for a form that cannot say so, with tasks of which the agency must tell how they stand,
    or with matters carried over from the period before. Not for a settled report: that
    something was reported is mended by a workbook.
    """
    form = _form(office, stands)
    if stands.standing.is_settled or not allows_nil(form, stands.period.frequency):
        return None
    if tasks_to_report(office, stands.regime, form, term_of(office, stands), stands.agency):
        return None
    if any(_carried_over(form, one) for one in _earlier(office, stands, form, now)):
        return None
    return NilOffer(entries_to_ask(form))


def report_nil(
    office: Office, visitor: Visitor, stands: Standpoint, told: Mapping[str, str], now: datetime
) -> Outcome:
    """Send the nil return of a report for a visitor; return what became of it.

    `told` answers the entries of the offer, as typed, by row code. What is sent is a workbook
    like any other, and its original is in the archive. Raises RefusedError where no nil return
    is offered, or for an answer that is missing or does not fit.
    """
    offer = nil_offer(office, stands, now)
    if offer is None:
        raise RefusedError(
            f"{stands.owed.key} takes no nil return",
            "Báo cáo này không báo “không phát sinh” được; hãy điền và gửi biểu mẫu.",
        )
    said = {e.code: value for e in offer.entries if (value := _said(e, told)) is not None}
    form = _form(office, stands)
    so_far = _so_far(form, stands, _earlier(office, stands, form, now))
    inputs = nil_inputs(form, stands.period.frequency, said, so_far)
    of = term_of(office, stands)
    regime, agency = stands.regime, stands.agency.code
    name, data = blank_workbook(office, regime, stands.duty, of, agency, inputs)
    path = PurePath(name)
    sent = Upload(f"{path.stem}_{MARK}{path.suffix}", data)
    return upload(office, visitor, stands, [sent], "", now)[0]


def _said(entry: Entry, told: Mapping[str, str]) -> float | str | date | None:
    """Return the answer to an entry as its cell holds it; None if there is none."""
    typed = told.get(entry.code, "").strip()
    if not typed:
        if entry.required:
            raise RefusedError(f"{entry.code} is blank", f"Hãy điền “{entry.name}”.")
        return None
    answer = answers.answer(entry.kind, entry.choices, Range(), typed)
    if isinstance(answer, Fault):
        raise RefusedError(f"{entry.code} does not fit", f"“{entry.name}”: cần {answer.expected}.")
    if entry.kind is InputKind.DATE:
        return date.fromisoformat(str(answer.value))
    return answer.value


def _form(office: Office, stands: Standpoint) -> Form:
    duty = stands.regime.owed_by(stands.duty, stands.agency)
    return office.config.form(duty.form).for_agency(stands.agency)


def _earlier(office: Office, stands: Standpoint, form: Form, now: datetime) -> list[Earlier]:
    if not form.rules.carried and form.rules.cumulative is None:
        return []
    report = Report(stands.regime, stands.duty, stands.agency, stands.period, form)
    return reports_earlier(office, report, Reports(office, now))[0]


def _carried_over(form: Form, one: Earlier) -> bool:
    """Return whether a report closed with matters that the next one opens with."""
    closings = {rule.closing for rule in form.rules.carried}
    return one.is_adjacent and any(v and row in closings for (row, _), v in one.numbers.items())


def _so_far(form: Form, stands: Standpoint, earlier: Sequence[Earlier]) -> dict[str, float]:
    """Return the figures of the year up to this period, by row, of the rows that add up."""
    rule = form.rules.cumulative
    of_year = [one for one in earlier if one.period.year == stands.period.year]
    if rule is None or not of_year:
        return {}
    latest = max(of_year, key=lambda one: one.period.last_month)
    adding = {row.code for _, row in form.indicators() if row.aggregate is Aggregation.SUM}
    column = rule.cumulative
    if not any(c.id == column for c in form.columns_for(latest.period.frequency)):
        column = rule.period
    return {row: v for (row, of), v in latest.numbers.items() if of == column and row in adding}
