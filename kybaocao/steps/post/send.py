"""Send what is queued: claim, leave out what is moot, render, hand over, record."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kybaocao.adapters.ledger import Event, Letter, Parcel
from kybaocao.adapters.mailer import (
    AddressMailError,
    Attachment,
    Mail,
    MailConfigError,
    Mailer,
    MailError,
    MailOutageError,
    MailPolicyError,
    TransientMailError,
)
from kybaocao.rules.cycle.mail_cause import MailCause, cause_words
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.runtime import Office
from kybaocao.steps.access import letter_links
from kybaocao.steps.mail import TROUBLE, WORKS, holding, trouble
from kybaocao.steps.post.calendar_file import agency_file
from kybaocao.steps.post.letter_facts import facts_of
from kybaocao.steps.standings import standings

# Longer than a batch of parcels can take when every one of them runs into the time limit.
HOLD = timedelta(minutes=30)
AT_ONCE = 10
FIRST_PAUSE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Two letters in a row: the server is away, and it is not one letter that it drops.
MOST_OUTAGES = 2
# More addresses refused in one round than this, and than letters taken, are no addresses' fault.
MOST_REFUSED = 2
# Who greylists wants to be left alone for some minutes. So many refusals, with two hours between
# them, take five days: RFC 5321, 4.5.4.1 wants four or five before a letter is given up.
GREYLISTED, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=2)
MOST_REFUSALS = 66
ABOUT_A_REPORT_OWED = (Kind.OPENING, Kind.REMINDER, Kind.OVERDUE, Kind.ESCALATION)


@dataclass
class SendReport:
    """What one emptying of the queue did; numbers count mails, `moot` letters.

    `trouble` says in Vietnamese what keeps the server from taking letters, `errors` what became
    of single ones.
    """

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    moot: int = 0
    trouble: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """One line for the operator and the run's artifact, in Vietnamese."""
        return (
            f"{self.sent} thư đã gửi, {self.postponed} sẽ gửi lại, {self.failed} không gửi được, "
            f"{self.moot} không còn cần gửi"
        )


def send_letters(
    office: Office, clock: Callable[[], datetime], only: Collection[Kind] = tuple(Kind)
) -> SendReport:
    """Send the queued letters, grouped by recipient, and return what became of them.

    Killed between the server's 250 and our record, it repeats that one mail, with the same
    Message-ID, and no other (RFC 1047). A server that is away, or takes no letter, stops the run:
    its letters wait, and none is the nearer to being given up (RFC 5321, 4.5.4.1).
    """
    with office.mailer() as mailer:
        return _Round(office, mailer, clock, only).sent()


class _Round:
    """One emptying of the queue over one connection."""

    def __init__(
        self, office: Office, mailer: Mailer, clock: Callable[[], datetime], only: Collection[Kind]
    ) -> None:
        self.office, self.mailer, self.clock, self.only = office, mailer, clock, only
        self.post = office.ledger.post
        self.report = SendReport()
        # What the server has done so far: outages since the last letter that it took or refused,
        # addresses that it refused, and what it would not carry.
        self.outages = 0
        self.away: MailError | None = None
        self.refused: list[tuple[Parcel, MailError]] = []
        self.trouble: MailError | None = None
        self.policies: dict[str, MailError] = {}

    def sent(self) -> SendReport:
        hold = holding(self.office, self.clock())

        def ready(letter: Letter) -> bool:
            return letter.kind in self.only and hold(letter) is None

        while parcels := self.post.claim(self.clock(), HOLD, AT_ONCE, ready):
            for number, parcel in enumerate(parcels):
                self._send(parcel)
                if self.trouble is not None:
                    for waiting in parcels[number + 1 :]:
                        self._wait(waiting, self.trouble, FIRST_PAUSE)
                    break
            if self.trouble is not None:
                break
        self._judge()
        self._tell()
        return self.report

    def _send(self, parcel: Parcel) -> None:
        now = self.clock()
        try:
            letters = self._needed(parcel, now)
            if not letters:
                return
            parcel = Parcel(parcel.message_id, parcel.kind, parcel.address, letters)
            self.mailer.send(mail_of(self.office, parcel, now))
        except MailOutageError as error:
            self.outages += 1
            self.away = error
            # It may be that this letter alone is dropped in the middle: others go before it.
            self._wait(parcel, error, _pause(FIRST_PAUSE, parcel.letters[0].attempts, HOUR))
            self.trouble = error if self.outages == MOST_OUTAGES else None
            return
        except MailConfigError as error:
            self._wait(parcel, error, FIRST_PAUSE)
            self.trouble = error
            return
        except MailPolicyError as error:
            self.policies[parcel.address] = error
            self._wait(parcel, error, HOUR)
        except TransientMailError as error:
            self._later(parcel, error)
        except AddressMailError as error:
            # Whether the address is at fault or the server, the others will tell.
            if error.code is None:
                self._never(parcel, error)
            else:
                self.refused.append((parcel, error))
        except Exception as error:
            # Whatever is wrong with one letter must not keep the others.
            self._never(parcel, error)
        else:
            self.post.sent(parcel, now)
            self.report.sent += 1
        self.outages = 0

    def _needed(self, parcel: Parcel, now: datetime) -> tuple[Letter, ...]:
        moot = [letter for letter in parcel.letters if _is_moot(self.office, letter, now)]
        if moot:
            self.post.moot(moot, "overtaken by the report, by another deadline or a later letter")
            self.report.moot += len(moot)
        return tuple(letter for letter in parcel.letters if letter not in moot)

    def _wait(
        self, parcel: Parcel, error: MailError, pause: timedelta, refused: bool = False
    ) -> None:
        until = self.clock() + pause
        self.post.postponed(parcel, until, str(error), error.cause.value, refused)
        self.report.postponed += 1
        self.report.errors.append(f"{parcel.address}: {error}")

    def _later(self, parcel: Parcel, error: MailError) -> None:
        refusals = max(letter.refusals for letter in parcel.letters)
        if refusals + 1 >= MOST_REFUSALS:
            self._never(parcel, error)
        else:
            self._wait(parcel, error, _pause(GREYLISTED, refusals, LONGEST_PAUSE), refused=True)

    def _never(self, parcel: Parcel, error: Exception) -> None:
        now = self.clock()
        is_ours = isinstance(error, MailError)
        said = str(error) if is_ours else f"{type(error).__name__}: {error}"
        cause = error.cause if isinstance(error, MailError) else MailCause.LETTER
        self.post.failed(parcel, said, cause.value)
        for letter in parcel.letters:
            detail = {"address": parcel.address, "error": f"{cause_words(cause)} ({said})"}
            self.office.ledger.log(Event(now, "kybaocao", "letter-failed", letter.key, detail))
        self.report.failed += 1
        self.report.errors.append(f"{parcel.address}: {said}")

    def _judge(self) -> None:
        """Give up the addresses that were refused, unless that was done to everybody at once."""
        addresses = {parcel.address for parcel, _ in self.refused}
        most = max(MOST_REFUSED, self.report.sent)
        of_all = len(addresses) > most or (len(addresses) > 1 and not self.report.sent)
        for parcel, error in self.refused:
            if of_all:
                other = MailPolicyError(str(error))
                self.policies[parcel.address] = other
                self._wait(parcel, other, HOUR)
            else:
                self._never(parcel, error)
        if self.trouble is None and len(self.policies) > self.report.sent:
            self.trouble = next(iter(self.policies.values()))
        if self.trouble is None and self.outages and not self.report.sent:
            self.trouble = self.away

    def _tell(self) -> None:
        """Record for each active regime that trouble began, changed its kind, or is over."""
        now, found = self.clock(), self.trouble
        if found is None and not self.report.sent:
            return
        for regime in self.office.active:
            before = trouble(self.office, regime)
            if found is None and before is not None:
                self.office.ledger.log(Event(now, "kybaocao", WORKS, regime, {}))
            elif found is not None and (before is None or before.cause != found.cause):
                detail = {"cause": found.cause.value, "error": str(found)}
                self.office.ledger.log(Event(now, "kybaocao", TROUBLE, regime, detail))
        if found is not None:
            found_in = (trouble(self.office, regime) for regime in self.office.active)
            self.report.trouble = "; ".join(dict.fromkeys(t.words for t in found_in if t))


def _pause(first: timedelta, times: int, longest: timedelta) -> timedelta:
    return min(first * (1 << min(times, 12)), longest)


def mail_of(office: Office, parcel: Parcel, now: datetime) -> Mail:
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
