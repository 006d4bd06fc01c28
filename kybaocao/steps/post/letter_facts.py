"""What a letter says, gathered from the ledger and the regime at the moment of sending."""

from dataclasses import replace
from datetime import datetime

from kybaocao.adapters.ledger import Letter, Made, Parcel, Submission
from kybaocao.adapters.letters import LetterFacts, LetterItem, Progress, SentFile, WishedTime
from kybaocao.rules.calendar.official_days import VIETNAM, span_words
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.obligation import Due, Term
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import State
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.nil_return import is_nil
from kybaocao.rules.regime.duty import PARENT, Duty
from kybaocao.rules.regime.names import agency_name, document_words
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.ruling import PAPERS, Ruled
from kybaocao.runtime import Office
from kybaocao.steps.access import recipient_of
from kybaocao.steps.intake.papers import lacking_papers
from kybaocao.steps.standings import Standpoint, counts, standing_of, standings
from kybaocao.steps.view.status import overview


def facts_of(office: Office, parcel: Parcel, now: datetime) -> LetterFacts:
    """Return the facts of the mail that carries a parcel's letters, as they are at `now`."""
    regime = office.regime(parcel.letters[0].regime)
    is_digest = parcel.kind is Kind.DIGEST
    code = recipient_of(office, parcel)
    agency = regime.agencies.get(code)
    return LetterFacts(
        address=parcel.address,
        to_name=agency.name if agency else parcel.address,
        sender_name=office.settings.mail.sender_name,
        today=now.astimezone(VIETNAM).date(),
        items=[_item(office, letter, now) for letter in parcel.letters],
        waiting=overview(office, now, regime.id).waiting if is_digest else (),
        how_to_send=_how_to_send(office, regime, code),
        to_secretariat=code == regime.secretariat,
        contact=regime.contact,
    )


def _how_to_send(office: Office, regime: Regime, to: str) -> str:
    """Return how a report is sent here: in the operator's words, or what holds."""
    if office.settings.mail.how_to_send:
        return office.settings.mail.how_to_send
    filled = "Điền trực tiếp vào tệp biểu mẫu, giữ nguyên tên các trang tính, rồi"
    if office.settings.portal.url:
        return f"{filled} mở liên kết trong thư này và chọn tệp để gửi"
    if to == regime.secretariat:
        return f"{filled} đưa tệp cho bộ phận tổng hợp của cơ quan"
    return f"{filled} trả lời thư này, đính kèm tệp"


def _item(office: Office, letter: Letter, now: datetime) -> LetterItem:
    submission = office.ledger.submission(letter.submission_id) if letter.submission_id else None
    if letter.kind is Kind.DIGEST:
        return LetterItem()
    if letter.kind is Kind.UNREADABLE:
        return _unreadable(office, submission)
    if letter.kind is Kind.QUESTION:
        return _question(office, letter, submission)
    if letter.kind is Kind.SIGN_IN:
        return LetterItem(agency_name=agency_name(office.regime(letter.regime), letter.agency))
    regime, duty = office.duty(letter.regime, letter.duty)
    made = (
        office.ledger.consolidation_of(letter.consolidation_id) if letter.consolidation_id else None
    )
    owed = office.ledger.find_owed(letter.regime, letter.duty, letter.period, letter.agency)
    item = LetterItem(attachment=letter.attachment_name or "")
    period = Period.parse(letter.period)
    duty, of_term = office.asked(regime, duty, period)
    agency = regime.agencies.get(letter.agency)
    if owed is not None and agency is not None:
        duty = regime.owed_by(duty, agency)
    item = _about_duty(item, office, regime, duty, of_term, now)
    if owed is not None:
        stood = standing_of(office, owed, now)
        item = _about_report(item, office, stood, now)
        item = replace(
            item,
            is_marked=_is_marked(office, letter),
            recipient_name=_to(regime, duty, letter.recipient),
        )
        if letter.kind in (Kind.EXTENSION_ASKED, Kind.DECLINED):
            item = _about_wish(item, office, letter)
        if submission is not None:
            item = _about_submission(item, office, submission, stood)
    return item if made is None else _about_progress(item, office, made, now)


def _about_duty(
    item: LetterItem, office: Office, regime: Regime, duty: Duty, of_term: Term, now: datetime
) -> LetterItem:
    item = _about_day(item, office, of_term.due, now)
    return replace(
        item,
        duty_name=duty.name,
        regime_name=regime.name,
        document=document_words(regime.document),
        clause=duty.clause,
        stated=duty.stated,
        period_label=of_term.period.label,
        window=span_words(of_term.window),
        covers=office.config.form(duty.form).covers,
        recipient_name=_to(regime, duty),
        assumptions=tuple(a.text for a in regime.assumptions_of(duty) if a.in_letters),
    )


def _to(regime: Regime, duty: Duty, reader: str = "") -> str:
    """Return who receives a duty's reports, and through whom, if that is not the reader."""
    if duty.recipient == PARENT:
        return "cơ quan cấp trên trực tiếp"
    name = agency_name(regime, duty.recipient)
    if reader == duty.recipient:
        return "bộ phận tổng hợp của cơ quan"
    if reader == duty.through:
        return name
    return f"{name} (qua {agency_name(regime, duty.through)})" if duty.through else name


def _about_day(item: LetterItem, office: Office, due: Due, now: datetime) -> LetterItem:
    calendar, today = office.config.calendar, now.astimezone(VIETNAM).date()
    return replace(
        item,
        last_day=due.last_day,
        days_left=max(0, calendar.between(today, due.last_day)),
        days_late=max(0, calendar.between(due.last_day, today)),
    )


def _about_report(item: LetterItem, office: Office, stood: Standpoint, now: datetime) -> LetterItem:
    state = stood.standing.state
    beside = office.ledger.rulings.documents(obligation_id=stood.owed.id)
    return replace(
        _about_day(item, office, stood.awaited, now),
        mending_days=stood.regime.mending_days if stood.awaited != stood.owed.due else 0,
        papers=tuple(PAPERS[kind] for kind in lacking_papers(stood.duty, beside)),
        agency_name=stood.agency.name,
        note=stood.note,
        state_name=stood.standing.name,
        is_returned=state in (State.RETURNED, State.RETURNED_OVERDUE),
        is_waived=state is State.WAIVED,
        is_settled=stood.standing.is_settled,
    )


def _is_marked(office: Office, letter: Letter) -> bool:
    """Return whether a letter carries the workbook with which the report was returned."""
    of = {"regime": letter.regime, "duty": letter.duty, "period": letter.period}
    returned = office.ledger.post.letters(**of, agency=letter.agency, kind=Kind.RETURNED.value)
    sent_back = {one.attachment_sha256 for one in returned if one.attachment_sha256}
    return letter.attachment_sha256 in sent_back


def _about_wish(item: LetterItem, office: Office, letter: Letter) -> LetterItem:
    (wish,) = office.ledger.decisions.wishes(id=letter.wish_id)
    told = WishedTime(until=wish.until, reason=wish.reason, answer_reason=wish.answer_reason)
    return replace(item, wish=told)


def _about_submission(
    item: LetterItem, office: Office, submission: Submission, about: Standpoint
) -> LetterItem:
    findings = office.ledger.findings(submission.id)
    figures = office.ledger.figures([submission.id])[submission.id]
    returned = office.ledger.rulings.rulings(submission_id=submission.id, kind=Ruled.RETURNED.value)
    sent = SentFile(
        version=submission.version,
        received_at=submission.received_at,
        file_name=submission.file_name,
        sha256=submission.sha256,
        on_time=about.was_in_time(submission),
        is_nil=is_nil(office.config.form(about.duty.form), figures),
        returned_for=returned[-1].reason if returned else "",
        findings=tuple(f for f in findings if f.is_blocking),
        warnings=tuple(f for f in findings if not f.is_blocking),
    )
    return replace(item, sent=sent)


def _about_progress(item: LetterItem, office: Office, made: Made, now: datetime) -> LetterItem:
    regime = office.regime(made.regime)
    found = [
        s
        for s in standings(office, now, regime=made.regime, duty=made.duty, period=made.period)
        if regime.collector_of(s.duty, s.agency) == made.recipient
    ]
    counted = counts(found)
    return replace(
        item,
        progress=Progress(
            told=made.told,
            total=counted["total"],
            on_time=counted["on_time"],
            late=counted["late"],
            missing=tuple(s.agency.name for s in found if not s.standing.is_settled),
        ),
    )


def _question(office: Office, letter: Letter, submission: Submission | None) -> LetterItem:
    if submission is None:
        return LetterItem()
    target = f"{letter.regime}/{letter.agency}"
    asked = office.ledger.rulings.rulings(
        submission_id=submission.id, kind=Ruled.ASKED.value, target=target
    )
    sent = SentFile(
        received_at=submission.received_at,
        file_name=submission.file_name,
        reason=asked[-1].reason if asked else "",
    )
    return LetterItem(sent=sent)


def _unreadable(office: Office, submission: Submission | None) -> LetterItem:
    if submission is None:
        return LetterItem()
    findings = office.ledger.findings(submission.id)
    sent = SentFile(
        version=submission.version,
        received_at=submission.received_at,
        file_name=submission.file_name,
        sha256=submission.sha256,
        reason=_reason(findings[0]) if findings else "",
        findings=tuple(findings),
        was_read=bool(findings) and findings[0].code != Code.UNREADABLE,
    )
    return LetterItem(sent=sent)


def _reason(finding: Finding) -> str:
    found = finding.value[:1].upper() + finding.value[1:]
    return f"{found}. {finding.action}" if found else finding.action
