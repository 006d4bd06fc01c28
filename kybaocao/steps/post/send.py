"""Send what is queued: claim, leave out what is moot, render, hand over, record."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kybaocao.adapters.ledger import Event, Letter, Parcel
from kybaocao.adapters.mailer import (
    Attachment,
    Mail,
    MailConfigError,
    Mailer,
    TransientMailError,
)
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.runtime import Office
from kybaocao.steps.access import letter_links
from kybaocao.steps.post.calendar_file import agency_file
from kybaocao.steps.post.letter_facts import facts_of
from kybaocao.steps.standings import standings

# Longer than a batch of parcels can take when every one of them runs into the time limit.
HOLD = timedelta(minutes=30)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 60
ABOUT_A_REPORT_OWED = (Kind.OPENING, Kind.REMINDER, Kind.OVERDUE, Kind.ESCALATION)


@dataclass
class SendReport:
    """What one emptying of the queue did; numbers count mails, `moot` letters."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    moot: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """One line for the operator and the run's artifact, in Vietnamese."""
        return (
            f"{self.sent} thư đã gửi, {self.postponed} sẽ gửi lại, {self.failed} không gửi được, "
            f"{self.moot} không còn cần gửi"
        )


def send_letters(office: Office, clock: Callable[[], datetime]) -> SendReport:
    """Send the queued letters, grouped by recipient, and return what became of them.

    Killed between the server's 250 and our record, it repeats that one mail, with the same
    Message-ID, and no other (RFC 1047). A fault of the mail settings stops the run and
    leaves its letters queued.
    """
    report = SendReport()
    post = office.ledger.post
    with office.mailer() as mailer:
        while parcels := post.claim(clock(), HOLD):
            for number, parcel in enumerate(parcels):
                try:
                    _send(office, mailer, parcel, clock(), report)
                except MailConfigError as error:
                    report.errors.append(str(error))
                    for waiting in parcels[number:]:
                        post.postponed(waiting, clock() + FIRST_PAUSE, str(error))
                        report.postponed += 1
                    return report
    return report


def _send(
    office: Office, mailer: Mailer, parcel: Parcel, now: datetime, report: SendReport
) -> None:
    post = office.ledger.post
    try:
        moot = [letter for letter in parcel.letters if _is_moot(office, letter, now)]
        letters = tuple(letter for letter in parcel.letters if letter not in moot)
        if moot:
            post.moot(moot, "overtaken by the report, by another deadline or by a later letter")
            report.moot += len(moot)
        if not letters:
            return
        parcel = Parcel(parcel.message_id, parcel.kind, parcel.address, letters)
        mailer.send(_mail(office, parcel, now))
    except TransientMailError as error:
        _again(office, parcel, now, str(error), report)
    except MailConfigError:
        raise
    except Exception as error:
        # Whatever is wrong with one letter must not keep the others.
        _never(office, parcel, now, f"{type(error).__name__}: {error}", report)
    else:
        post.sent(parcel, now)
        report.sent += 1


def _mail(office: Office, parcel: Parcel, now: datetime) -> Mail:
    calendars = _calendars(office, parcel, now)
    facts = facts_of(office, parcel, now)
    links = letter_links(office, parcel, facts, now)
    facts = replace(facts, links=links, calendars=[c.name for c in calendars])
    rendered = office.letters.render(parcel.kind, facts)
    return Mail(
        message_id=parcel.message_id,
        to=parcel.address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        date=now,
        attachments=(
            *(
                Attachment(letter.attachment_name, office.archive.get(letter.attachment_sha256))
                for letter in parcel.letters
                if letter.attachment_name and letter.attachment_sha256
            ),
            *calendars,
        ),
    )


def _calendars(office: Office, parcel: Parcel, now: datetime) -> list[Attachment]:
    """Return the calendar of each agency whose opening letter this is, where that is wanted."""
    if parcel.kind is not Kind.OPENING or not office.settings.mail.attach_calendar:
        return []
    agencies = dict.fromkeys((letter.regime, letter.agency) for letter in parcel.letters)
    return [
        Attachment(
            f"lich-bao-cao_{regime}_{agency}.ics",
            agency_file(office, office.regime(regime), agency, now),
        )
        for regime, agency in agencies
    ]


def _is_moot(office: Office, letter: Letter, now: datetime) -> bool:
    """Return whether a letter's report has come, its deadline moved, or a later letter asks."""
    if letter.kind not in ABOUT_A_REPORT_OWED:
        return False
    about = {
        "regime": letter.regime,
        "duty": letter.duty,
        "period": letter.period,
        "agency": letter.agency,
    }
    found = standings(office, now, **about)
    if all(standpoint.standing.is_settled for standpoint in found):
        return True
    # A reminder speaks before the deadline, the letters on what is overdue after it.
    is_late = now >= found[0].awaited.at
    if letter.kind is not Kind.OPENING and is_late is (letter.kind is Kind.REMINDER):
        return True
    later = office.ledger.post.letters(**about, kind=letter.kind.value, address=letter.address)
    return any(other.day and letter.day and other.day > letter.day for other in later)


def _again(office: Office, parcel: Parcel, now: datetime, error: str, report: SendReport) -> None:
    attempts = max(letter.attempts for letter in parcel.letters)
    if attempts >= MOST_ATTEMPTS:
        _never(office, parcel, now, error, report)
        return
    pause = min(FIRST_PAUSE * 2 ** min(attempts, 10), LONGEST_PAUSE)
    office.ledger.post.postponed(parcel, now + pause, error)
    report.postponed += 1
    report.errors.append(f"{parcel.address}: {error}")


def _never(office: Office, parcel: Parcel, now: datetime, error: str, report: SendReport) -> None:
    office.ledger.post.failed(parcel, error)
    for letter in parcel.letters:
        detail = {"address": parcel.address, "error": error}
        office.ledger.log(Event(now, "kybaocao", "letter-failed", letter.key, detail))
    report.failed += 1
    report.errors.append(f"{parcel.address}: {error}")
