"""Plan the letters that reports still owed call for today; sending is another step."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from kybaocao.adapters.ledger import Event, Letter, LetterDraft
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.cycle.reminder import Kind, Rung, called_for, rungs
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.contact import Role
from kybaocao.rules.regime.duty import Duty
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.cycle.open_period import blank_workbook
from kybaocao.steps.standings import Standpoint

LADDER_KINDS = (Kind.OPENING, Kind.REMINDER, Kind.OVERDUE, Kind.ESCALATION)


def planned(
    office: Office, duty: Duty, term: Term, found: Sequence[Standpoint], now: datetime
) -> list[LetterDraft]:
    """Return the letters to queue now about those of a term's reports that are still owed.

    A letter of the ladder that is in the ledger, in whatever state, is not planned again.
    Letters about a report of an agency that ended go to its heir.
    """
    today = now.astimezone(VIETNAM).date()
    written: dict[str, set[Rung]] = {}
    openings: dict[str, Letter] = {}
    of = {"regime": term.regime, "duty": term.duty, "period": term.period.id}
    for letter in office.ledger.post.letters(**of):
        if letter.kind in LADDER_KINDS and letter.rung:
            written.setdefault(letter.agency, set()).add(letter.rung)
        if letter.kind is Kind.OPENING:
            openings[letter.agency] = letter
    drafts: list[LetterDraft] = []
    for standpoint in found:
        if standpoint.standing.is_settled or standpoint.answers is None:
            continue
        opened, ladder = _ladder(office, duty, standpoint)
        sent = written.get(standpoint.agency.code, set())
        # The opening goes out when the period is opened, and only then.
        sent |= {rung for rung in ladder if rung.kind is Kind.OPENING}
        told = opened if duty.ladder.opening or standpoint.mending else None
        for rung in called_for(ladder, standpoint.awaited, today, sent, told):
            drafts += _letters(office, standpoint, rung, openings.get(standpoint.agency.code))
    return drafts


def _ladder(office: Office, duty: Duty, stands: Standpoint) -> tuple[date, list[Rung]]:
    """Return a report's ladder, and the day on which it was asked for.

    One that was given back has a ladder of its own from that day on: on the days before it
    counted, and nobody was to be reminded.
    """
    owed, calendar, back = stands.owed, office.config.calendar, stands.doubted
    if stands.mending is None or back is None or back.given_back_at is None:
        opened = owed.opened_at.astimezone(VIETNAM).date()
        return opened, rungs(duty.ladder, owed.opens, owed.due, calendar, opened)
    asked = back.given_back_at.astimezone(VIETNAM).date()
    ladder = rungs(duty.ladder, asked, stands.mending, calendar, asked)
    return asked, [rung for rung in ladder if rung.kind is not Kind.OPENING]


class NotRemindedError(RefusedError):
    """No reminder by hand goes out; `told` is the one reason."""


def remind_now(office: Office, stands: Standpoint, actor: str, now: datetime) -> int:
    """Queue a letter about a report still owed, whatever the ladder says; return how many.

    It is a reminder before the deadline and the letter on what is overdue after it, and stands
    beside the ladder's of the same day. Raises NotRemindedError where nothing is owed, where
    there is nobody to write to, and for what was reminded of by hand on the same day.
    """
    owed, today = stands.owed, now.astimezone(VIETNAM).date()
    if stands.standing.is_settled:
        settled = "đơn vị được miễn báo cáo này"
        if stands.standing.is_received:
            settled = "báo cáo đã được nhận"
        raise NotRemindedError(f"{owed.key} is settled", f"Không gửi thư nhắc: {settled}.")
    if stands.answers is None:
        told = "Không gửi thư nhắc: đơn vị đã chấm dứt hoạt động, chưa rõ đơn vị kế thừa."
        raise NotRemindedError(f"nobody answers for {owed.key}", told)
    kind = Kind.OVERDUE if now >= stands.awaited.at else Kind.REMINDER
    of = {"regime": owed.regime, "duty": owed.duty, "period": owed.period, "agency": owed.agency}
    openings = office.ledger.post.letters(**of, kind=Kind.OPENING.value)
    drafts = _letters(office, stands, Rung(today, kind), openings[-1] if openings else None)
    if not drafts:
        told = f"Không gửi thư nhắc: danh bạ chưa có địa chỉ đầu mối của {stands.answers.name}."
        raise NotRemindedError(f"nobody to write to about {owed.key}", told)
    queued = office.ledger.queue([replace(draft, asked_at=now) for draft in drafts], now)
    if not queued:
        told = "Hôm nay thư nhắc về báo cáo này đã được gửi theo lệnh “Nhắc ngay”."
        raise NotRemindedError(f"{owed.key} was reminded of by hand today", told)
    detail = {"letters": queued}
    office.ledger.log(Event(now, actor, "remind", f"obligation/{owed.id}", detail))
    return queued


def last_rung(office: Office, duty: Duty, term: Term, found: Sequence[Standpoint]) -> date:
    """Return the last day on which a term calls for a letter, what was extended included."""
    ladder, calendar = duty.ladder, office.config.calendar
    dues = {term.due, *(s.owed.due for s in found)}
    mended = (_ladder(office, duty, s)[1] for s in found if s.mending)
    ladders = [rungs(ladder, term.opens, due, calendar) for due in dues]
    return max(rung.day for one in (*ladders, *mended) for rung in one)


def _letters(
    office: Office, standpoint: Standpoint, rung: Rung, opening: Letter | None
) -> list[LetterDraft]:
    owed, regime = standpoint.owed, standpoint.regime
    answers = (standpoint.answers or standpoint.agency).code
    about = (owed.regime, owed.duty, owed.period, owed.agency, rung.day)
    draft = LetterDraft(rung.kind, "", *about)
    if rung.kind is Kind.ESCALATION:
        head = to_contacts(office.ledger, draft, answers, (Role.HEAD,))
        return head + to_contacts(office.ledger, draft, regime.secretariat)
    if sent_back := _sent_back(office, standpoint):
        draft = replace(
            draft,
            attachment_name=sent_back.attachment_name,
            attachment_sha256=sent_back.attachment_sha256,
        )
    elif opening is not None:
        # Nobody should have to look for the workbook at 16:50 on the last day.
        name, sha256 = _workbook(office, standpoint, opening)
        draft = replace(draft, attachment_name=name, attachment_sha256=sha256)
    return to_contacts(office.ledger, draft, answers)


def _sent_back(office: Office, stands: Standpoint) -> Letter | None:
    """Return the letter with which the latest version came back marked, unless one has counted."""
    last = stands.versions[-1] if stands.versions else None
    if last is None or last.verdict is not Verdict.RETURNED:
        return None
    found = office.ledger.post.letters(submission_id=last.id, kind=Kind.RETURNED.value)
    return next((one for one in reversed(found) if one.attachment_sha256), None)


def _workbook(
    office: Office, standpoint: Standpoint, opening: Letter
) -> tuple[str | None, str | None]:
    """Return name and sha256 of the workbook asked for: that of the opening letter, unless a
    newer version of its form came into use since."""
    form = office.config.form(standpoint.duty.form)
    since = office.ledger.forms.replaced(form.id, form.version)
    if since is None or since <= opening.queued_at:
        return opening.attachment_name, opening.attachment_sha256
    owed = standpoint.owed
    _, term = office.asked(standpoint.regime, standpoint.duty, standpoint.period)
    name, data = blank_workbook(office, standpoint.regime, standpoint.duty, term, owed.agency)
    return name, office.archive.put(data)
