"""Weeks or a year of a regime played beside the ledger: what would be sent to whom, and when."""

import csv
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from pydantic import SecretStr

from kybaocao import runtime
from kybaocao.adapters import ical_out
from kybaocao.adapters.ical_out import CalendarEvent
from kybaocao.adapters.ledger import copy_ledger
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.officer import MISTAKES, Mistake, report
from kybaocao.rules.calendar.official_days import VIETNAM, official_day, start_of
from kybaocao.rules.calendar.workdays import ONE_DAY
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.settings import Settings
from kybaocao.steps.cycle.cycle import advance, unscheduled
from kybaocao.steps.cycle.days import days_ahead
from kybaocao.steps.cycle.open_period import blank_workbook
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.post.digest import queue_digest
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import Standpoint, standings

MOST_DAYS = 3 * 366
SEED = 1908
CARRIED, SENT, ARRIVED, ANSWERED = time(7), time(8), time(9, 30), time(10)
# The working days before the deadline on which invented reports come; who comes late, by how much.
SENDING_DAYS = (6, 4, 3, 2, 1, 0)
LATE = timedelta(days=5)
# Which of every so many agencies sends a faulty workbook first.
FAULTY = 3
# In days, beyond which nothing is sent about a deadline.
MOST_AWAY = 20
# Fewer agencies all report in time.
ENOUGH_FOR_A_LATE_ONE = 4
HEADS = ("Ngày", "Giờ", "Nơi nhận", "Địa chỉ", "Tiêu đề", "Tệp kèm theo", "Thư")
DATA, LETTERS, BLANKS, BOOKS = "du-lieu", "thu", "tep-kem-thu", "tong-hop"
INDEX, TABLE, CALENDAR = "doc-truoc.html", "lich-gui-thu.csv", "lich-gui-thu.ics"


@dataclass(frozen=True)
class LetterShown:
    """One letter that would leave: when, to whom, about what, and where it can be read."""

    at: datetime
    to: str
    address: str
    subject: str
    attached: tuple[str, ...]
    page: str

    @property
    def row(self) -> tuple[str, ...]:
        day, hour = official_day(self.at.date()), f"{self.at:%H:%M}"
        attached = "; ".join(self.attached)
        return day, hour, self.to, self.address, self.subject, attached, self.page


@dataclass(frozen=True)
class Rehearsed:
    """What came of a rehearsal, and the folder in which it lies."""

    folder: Path
    letters: tuple[LetterShown, ...]
    books: tuple[Path, ...]
    reports: int
    faults: tuple[str, ...]

    @property
    def index(self) -> Path:
        return self.folder / INDEX


def rehearse(
    settings: Settings, regime_id: str, first: date, last: date, folder: Path, reports: bool = False
) -> Rehearsed:
    """Play a regime from one day to another in a new folder, with invented reports if wanted.

    It begins with a copy of the ledger; no letter leaves this machine, and nothing of the
    installation's data changes. Raises KyBaoCaoError for a span that cannot be played or a
    folder that is not empty.
    """
    if not first <= last or (last - first).days > MOST_DAYS:
        raise KyBaoCaoError(f"a rehearsal plays at most {MOST_DAYS} days, first to last")
    if folder.exists() and any(folder.iterdir()):
        raise KyBaoCaoError(f"{folder} is not empty: a rehearsal needs a folder of its own")
    data = folder / DATA
    data.mkdir(parents=True, exist_ok=True)
    copy_ledger(settings.ledger_url, data / "kybaocao.db")
    _lend(settings.data_folder / "archive", data / "archive")
    with MailCatcher(data / "mail") as catcher:
        mail = settings.mail.model_copy(
            update={
                **{"host": catcher.host, "port": catcher.port, "security": "none"},
                **{"user": "", "password": SecretStr(""), "ca_file": None},
            }
        )
        changed = {
            **{"data": data.absolute(), "database_url": SecretStr(""), "mail": mail},
            **{"rehearsal": True, "active": {regime_id: settings.active.get(regime_id, first)}},
        }
        with runtime.office(settings.model_copy(update=changed)) as office:
            play = _Play(office, office.regime(regime_id), catcher, folder, reports)
            for number in range((last - first).days + 1):
                play.day(first + timedelta(days=number), last)
            found = play.end()
    return found


def _lend(archive: Path, to: Path) -> None:
    """Let the rehearsal read what is archived; what it adds lies in its own folder."""
    for path in archive.glob("??/*"):
        (to / path.parent.name).mkdir(parents=True, exist_ok=True)
        (to / path.parent.name / path.name).symlink_to(path.absolute())


class _Play:
    """The days of one rehearsal."""

    def __init__(
        self, office: Office, regime: Regime, catcher: MailCatcher, folder: Path, reports: bool
    ) -> None:
        self.office, self.regime, self.catcher = office, regime, catcher
        self.folder, self.reports = folder, reports
        self.sent: list[LetterShown] = []
        self.faults: list[str] = []
        self.received = 0
        self.days: dict[str, set[date]] = {}

    def day(self, day: date, last: date) -> None:
        """Do what the flows do on a day: carry, send, take in, send."""
        self._carry(day, last)
        self._send(datetime.combine(day, SENT, VIETNAM))
        if self.reports and self._arrive(datetime.combine(day, ARRIVED, VIETNAM)):
            self._send(datetime.combine(day, ANSWERED, VIETNAM))

    def _carry(self, day: date, last: date) -> None:
        if not self.days:
            live, calendar = self.office.active[self.regime.id], self.office.config.calendar
            for duty in self.regime.duties:
                if duty.every.recurs:
                    span = (live, day, last + timedelta(days=366), calendar)
                    ahead = days_ahead(self.regime, duty, *span, self.office.as_opened)
                    # A start carries every duty at once.
                    self.days[duty.id] = {day, *ahead}
        at = datetime.combine(day, CARRIED, VIETNAM)
        due = [duty.id for duty in self.regime.duties if day in self.days.get(duty.id, ())]
        waiting = [duty.id for _, duty in unscheduled(self.office, at)]
        for duty_id in dict.fromkeys((*due, *waiting)):
            done = advance(self.office, self.regime.id, duty_id, at)
            self.faults += [f"{official_day(day)}: {act}" for act in done.stopped]
        queue_digest(self.office, at)

    def _send(self, at: datetime) -> None:
        done = send_letters(self.office, lambda: at)
        self.faults += [f"{official_day(at.date())}: {error}" for error in done.errors]
        for path in self.catcher.letters:
            self.sent.append(self._kept(path, at))
            path.unlink()

    def _kept(self, path: Path, at: datetime) -> LetterShown:
        """Lay out a letter that was caught: itself, its page, and what came with it."""
        data = path.read_bytes()
        message = message_from_bytes(data, policy=policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101 (so the policy says)
        address = str(message["To"])
        known = self.office.ledger.contacts(self.regime.id, address=address)
        agency = self.regime.agencies.get(known[0].agency) if known else None
        slug = path.stem.partition("-")[2]
        name = f"{at:%Y-%m-%d}_{agency.code if agency else 'khac'}_{len(self.sent) + 1:05d}_{slug}"
        folder = self.folder / LETTERS
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.eml").write_bytes(data)
        body = message.get_body(("html", "plain"))
        (folder / f"{name}.html").write_text(body.get_content() if body else "", encoding="utf-8")
        attached = []
        for part in message.iter_attachments():
            content = part.get_payload(decode=True)
            given = Path(part.get_filename() or "tep").name
            if isinstance(content, bytes):
                attached.append(self._attached(f"{at:%Y-%m-%d}_{given}", content))
        to = agency.name if agency else address
        page = f"{LETTERS}/{name}.html"
        return LetterShown(at, to, address, str(message["Subject"]), tuple(attached), page)

    def _attached(self, name: str, data: bytes) -> str:
        """Lay out a file of a letter once; another file of that name gets one of its own."""
        path = self.folder / BLANKS / name
        path.parent.mkdir(exist_ok=True)
        if path.exists() and path.read_bytes() != data:
            mark = hashlib.sha256(data).hexdigest()[:8]
            path = path.with_name(f"{path.stem}_{mark}{path.suffix}")
        path.write_bytes(data)
        return f"{BLANKS}/{path.name}"

    # Reports

    def _arrive(self, at: datetime) -> int:
        """Take in the reports that are invented for a day; return how many."""
        found: dict[tuple[str, str], list[Standpoint]] = {}
        for stands in standings(self.office, at, regime=self.regime.id):
            if abs((stands.owed.due.last_day - at.date()).days) <= MOST_AWAY:
                found.setdefault((stands.owed.duty, stands.owed.period), []).append(stands)
        came = 0
        for group in found.values():
            for number, stands in enumerate(group):
                if not stands.standing.is_settled and stands.owed.opens <= at.date():
                    for mistake in self._due_on(at.date(), number, len(group), stands):
                        came += self._report(stands, mistake, at)
        self.received += came
        return came

    def _due_on(
        self, day: date, number: int, of: int, stands: Standpoint
    ) -> Iterator[Mistake | None]:
        """Yield what an agency sends on a day: one of six sends a faulty workbook first."""
        calendar, due = self.office.config.calendar, stands.owed.due.last_day
        if of >= ENOUGH_FOR_A_LATE_ONE and number == of - 1:
            return
        if of >= ENOUGH_FOR_A_LATE_ONE and number == of - 2:
            if day == due + LATE:
                yield None
            return
        sending = SENDING_DAYS[number % len(SENDING_DAYS)]
        on = calendar.add(calendar.on_or_before(due), -sending)
        if number % len(SENDING_DAYS) == FAULTY:
            if day == on:
                yield MISTAKES[number // len(SENDING_DAYS) % len(MISTAKES)]
            on = calendar.add(on, 1)
        if day == on:
            yield None

    def _report(self, stands: Standpoint, mistake: Mistake | None, at: datetime) -> int:
        office, duty, agency = self.office, stands.duty, stands.agency
        form = office.config.form(duty.form).for_agency(agency)
        name = f"{duty.name}, {stands.period.label}, {agency.name}"
        try:
            _, term = office.asked(stands.regime, duty, stands.period)
            file_name, blank = blank_workbook(office, stands.regime, duty, term, agency.code)
            of = (form, agency, stands.period, SEED)
            try:
                data = report(blank, *of, mistake, at.date())
            except (LookupError, StopIteration):
                # A form without a place for this mistake.
                data = report(blank, *of, None, at.date())
        except (LookupError, ValueError, StopIteration) as error:
            self.faults.append(f"Không lập được báo cáo thử: {name} ({error})")
            return 0
        receive(office, Incoming(data, file_name, "hand", at), at)
        return 1

    # What is left to be read

    def end(self) -> Rehearsed:
        """Write the index, the calendars and the workbooks; return what came of it all."""
        books = []
        out = self.office.settings.data_folder / "out"
        if out.is_dir():
            shutil.copytree(out, self.folder / BOOKS)
            books = sorted(p for p in (self.folder / BOOKS).rglob("*") if p.is_file())
        with (self.folder / TABLE).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADS, *(one.row for one in self.sent)])
        (self.folder / CALENDAR).write_bytes(self._calendar())
        found = Rehearsed(
            self.folder, tuple(self.sent), tuple(books), self.received, tuple(self.faults)
        )
        self._index(found)
        return found

    def _calendar(self) -> bytes:
        """Return an event for each day and subject, with all to whom it would go."""
        groups: dict[tuple[date, str], list[LetterShown]] = {}
        for one in self.sent:
            groups.setdefault((one.at.date(), one.subject), []).append(one)
        events = [
            CalendarEvent(
                uid=f"{hashlib.sha256(f'{day}{subject}'.encode()).hexdigest()[:32]}@dien-tap",
                day=day,
                due=start_of(day + ONE_DAY),
                summary=f"{len(group)} thư: {subject}",
                description="\n".join(one.to for one in group),
                category="Diễn tập gửi thư",
            )
            for (day, subject), group in groups.items()
        ]
        stamp = self.sent[0].at if self.sent else start_of(self.regime.in_force.since)
        return ical_out.written(f"Diễn tập – {self.regime.name}", events, stamp)

    def _index(self, found: Rehearsed) -> None:
        templates = FileSystemLoader(self.office.settings.home / "templates" / "rehearsal")
        page = Environment(loader=templates, autoescape=True).get_template(INDEX)
        books = [path.relative_to(self.folder).as_posix() for path in found.books]
        text = page.render(regime=self.regime, found=found, heads=HEADS, books=books, table=TABLE)
        found.index.write_text(text, encoding="utf-8")


def told(found: Rehearsed) -> Sequence[str]:
    """Return what to say at the end, in Vietnamese: what there is, and where it lies."""
    said = f"{len(found.letters)} thư, {len(found.books)} tệp tổng hợp"
    said += f", {found.reports} báo cáo thử đã nhận" if found.reports else ""
    return (
        f"Diễn tập xong: {said}. Không thư nào rời máy này, dữ liệu thật không thay đổi.",
        *found.faults,
        f"Đọc trước: {found.index}",
        f"Lịch gửi thư: {found.folder / TABLE} và {found.folder / CALENDAR}",
        f"Các thư: {found.folder / LETTERS}",
    )
