"""What a page says of one report: its days, the words on which they rest, and what was sent."""

from dataclasses import dataclass
from datetime import date, datetime

from kybaocao.adapters.ledger import Submission
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.regime.names import document_words, report_title
from kybaocao.runtime import Office
from kybaocao.steps.standings import Standpoint, term_of
from kybaocao.steps.view.calendar import CalendarEntry, entry

CHANNELS = {
    "folder": "thư mục nhận tệp",
    "mailbox": "hộp thư tiếp nhận",
    "portal": "trang báo cáo",
}


@dataclass(frozen=True)
class ReportFacts:
    """A report as it stands on `today`, with its calendar.

    `days` counts the working days from today to the last one in time, negative if that is over;
    `today_off` says why today is none of work.
    """

    stands: Standpoint
    calendar: CalendarEntry
    today: date
    days: int
    today_off: str

    @property
    def title(self) -> str:
        return report_title(self.stands.duty.name, self.stands.period.label)

    @property
    def last_day(self) -> date:
        return self.stands.owed.due.last_day

    @property
    def is_late(self) -> bool:
        return not self.stands.standing.is_settled and self.today > self.last_day

    @property
    def days_words(self) -> str:
        """How much time is left, or since when there is none; empty for a settled report."""
        if self.stands.standing.is_settled:
            return ""
        if self.is_late:
            return f"quá hạn {-self.days} ngày làm việc" if self.days else "đã quá hạn"
        if self.today == self.last_day:
            return "hạn cuối là hôm nay"
        if self.days:
            return f"còn {self.days} ngày làm việc"
        if self.today_off:
            return "không còn ngày làm việc nào trước hạn"
        return "hôm nay là ngày làm việc cuối cùng trước hạn"

    @property
    def document(self) -> str:
        return document_words(self.stands.regime.document)

    @property
    def last_version(self) -> Submission | None:
        return self.stands.versions[-1] if self.stands.versions else None


def report_facts(office: Office, stands: Standpoint, now: datetime) -> ReportFacts:
    """Return what is said of a report that stands so at `now`."""
    days, today = office.config.calendar, now.astimezone(VIETNAM).date()
    of, due = term_of(office, stands), stands.owed.due
    shown = entry(office.config, stands.regime, stands.duty, of, due, "", [stands.agency])
    off = days.reason_off(today) or ""
    return ReportFacts(stands, shown, today, days.between(today, due.last_day), off)


def sent_by(submission: Submission) -> str:
    """Return who sent a version: the address, or the way by which it came."""
    return submission.sender or CHANNELS.get(submission.channel, submission.channel)
