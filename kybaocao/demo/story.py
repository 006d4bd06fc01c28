"""Quảng Nam, quarter III of 2016: every day on which something happens, through the flows."""

import shutil
import textwrap
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from kybaocao import runtime
from kybaocao.adapters.letters import WEEKDAYS
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.officer import MISTAKES, Mistake, Officers
from kybaocao.rules.calendar.official_days import VIETNAM, official_day, window_words
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import Term, term
from kybaocao.rules.cycle.reminder import run_days
from kybaocao.rules.cycle.standing import State, Verdict
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.regime.contact import Role
from kybaocao.rules.regime.names import report_title
from kybaocao.runtime import Office
from kybaocao.serving.supervisor import Player, Service
from kybaocao.settings import GivenSettings, MailOptions, home_folder
from kybaocao.steps.standings import Standpoint, counts, standings

REGIME, DUTY, PERIOD = "quang-nam", "bao-cao-quy", Period.parse("2016-Q3")
GO_LIVE = date(2016, 7, 1)
FOLDER = Path("data/demo")
SEED = 1908
FAULTY = 6
# Counted in days from the deadline: a late report, and the last day that is played.
LATE, END = 5, 12
# The working days before the deadline, and the hours, at which reports come in.
SENDING_DAYS = (6, 4, 3, 2, 1, 0)
SENDING_HOURS = (time(9, 30), time(15, 45))
WIDTH = 100

Say = Callable[[str], object]


@dataclass(frozen=True)
class Sending:
    """What one agency sends at one time: its workbook, with a mistake or without."""

    at: datetime
    agency: str
    mistake: Mistake | None = None


@dataclass
class Cast:
    """Who does what in this cycle."""

    sendings: list[Sending] = field(default_factory=list)
    silent: str = ""
    late: str = ""

    @property
    def days(self) -> list[date]:
        return sorted({s.at.date() for s in self.sendings})


def play(say: Say) -> None:
    """Play the cycle from the start, and say what happened and where the files lie.

    Raises KyBaoCaoError if a flow fails or what came out is not what the story tells.
    """
    folder = home_folder() / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    say("Khởi động máy chủ Prefect và máy nhận thư thử trên máy này (khoảng nửa phút) …")
    with MailCatcher(folder / "thu") as catcher:
        settings = GivenSettings(
            home=home_folder(),
            data=FOLDER,
            active={REGIME: GO_LIVE},
            mail=MailOptions(host=catcher.host, port=catcher.port, security="none"),
            rehearsal=True,
            settle_seconds=0,
        )
        with (
            runtime.office(settings) as office,
            Officers() as officers,
            Service(settings, serve=False, play=True, port=0) as service,
        ):
            _Cycle(office, service.player(), catcher, officers, say).play()
            _end(office, catcher, say)


class _Cycle:
    """The days of one cycle."""

    def __init__(
        self, office: Office, player: Player, catcher: MailCatcher, officers: Officers, say: Say
    ) -> None:
        self.office = office
        self.player = player
        self.catcher = catcher
        self.officers = officers
        self.say = say
        self.regime, self.duty = office.duty(REGIME, DUTY)
        self.term = term(self.regime, self.duty, PERIOD, office.config.calendar)
        self.cast = cast_for(office, self.term)
        self.written: dict[Sending, tuple[str, Future[bytes]]] = {}

    def play(self) -> None:
        self._introduce()
        end = self.term.due.last_day + timedelta(days=END)
        calendar = self.office.config.calendar
        duty_days = [d for d in run_days(self.duty, self.term, calendar) if d <= end]
        for day in sorted({*duty_days, *self.cast.days}):
            before = len(self.catcher.letters)
            told = self._duty(day) if day in duty_days else []
            if not self.written:
                self._hand_out()
            if day in self.cast.days:
                told += self._intake(day)
            told.append(f"{len(self.catcher.letters) - before} thư đã gửi")
            self._tell(day, "; ".join(told))

    def _introduce(self) -> None:
        document, due = self.regime.document, official_day(self.term.due.last_day)
        signed = official_day(document.date) if document.date else ""
        title = report_title(self.duty.name, PERIOD.label)
        self.say(f"\n{title}, tỉnh {self.regime.province}")
        self.say(f"  Căn cứ: {self.duty.clause}, {document.number} ngày {signed}")
        self.say(f"  Hạn gửi: “{self.duty.stated}”, tức là hết ngày {due}")
        self.say(f"  Kỳ báo cáo: {window_words(self.term.window)}")
        self.say(f"  Mọi con số do máy sinh ra để chơi thử (hạt giống {SEED}), không có thật\n")

    def _tell(self, day: date, told: str) -> None:
        head = f"  {WEEKDAYS[day.weekday()].capitalize():<8} {official_day(day)}:"
        lines = textwrap.wrap(f"{head} {told}", WIDTH, subsequent_indent=" " * (len(head) + 1))
        for line in lines:
            self.say(line)

    def _duty(self, day: date) -> list[str]:
        done = self._run("duty", datetime.combine(day, self.duty.run_at, VIETNAM))
        self._run("sending", datetime.combine(day, time(7, 5), VIETNAM))
        return [done.replace(f"{PERIOD.label}: ", "").replace(f" {PERIOD.label}", "")]

    def _hand_out(self) -> None:
        """Let the officers fill what came with the opening letters, ahead of the days."""
        received = _workbooks(self.office, self.catcher)
        for sending in self.cast.sendings:
            name, blank = received[sending.agency]
            agency = self.regime.agencies[sending.agency]
            form = self.office.config.form(self.duty.form).for_agency(agency)
            filled = self.officers.fill(
                blank, form, agency, PERIOD, SEED, sending.mistake, sending.at.date()
            )
            self.written[sending] = (name, filled)

    def _intake(self, day: date) -> list[str]:
        """Drop the day's files into the folder, and take them in hour by hour."""
        today = [s for s in self.cast.sendings if s.at.date() == day]
        for at in sorted({s.at for s in today}):
            for sending in (s for s in today if s.at == at):
                name, filled = self.written[sending]
                (self.office.inbox.folder / name).write_bytes(filled.result())
            self._run("intake", at)
        self._run("sending", datetime.combine(day, time(17, 30), VIETNAM))
        return _came_in(self.office, day)

    def _run(self, flow: str, at: datetime) -> str:
        named = {"regime": REGIME, "duty": DUTY} if flow == "duty" else {}
        answer = self.player.run(flow, at.isoformat(), **named)
        if not answer["ok"]:
            raise KyBaoCaoError(f"the flow {flow} at {at.isoformat()} failed: {answer['summary']}")
        return str(answer["summary"])


def cast_for(office: Office, of_term: Term) -> Cast:
    """Return who sends what when: most in time, some with mistakes first, one late, one never."""
    regime, duty = office.duty(of_term.regime, of_term.duty)
    owing = [a.code for a in regime.agencies.values() if duty.reporters.include(a)]
    cast = Cast(silent=owing[-1], late=owing[-2])
    calendar = office.config.calendar
    last = calendar.on_or_before(of_term.due.last_day)
    days = [calendar.add(last, -n) for n in SENDING_DAYS]
    for number, agency in enumerate(owing[:-2]):
        hour = SENDING_HOURS[number // len(days) % len(SENDING_HOURS)]
        at = datetime.combine(days[number % len(days)], hour, VIETNAM)
        if number % 6 == 3 and number // 6 < FAULTY:
            mistake = MISTAKES[number // 6 % len(MISTAKES)]
            cast.sendings.append(Sending(at, agency, mistake))
            at = datetime.combine(days[number % len(days) + 1], hour, VIETNAM)
        cast.sendings.append(Sending(at, agency))
    late = of_term.due.last_day + timedelta(days=LATE)
    cast.sendings.append(Sending(datetime.combine(late, time(10, 15), VIETNAM), cast.late))
    cast.sendings.sort(key=lambda s: s.at)
    return cast


def _workbooks(office: Office, catcher: MailCatcher) -> dict[str, tuple[str, bytes]]:
    """Return the workbook that came with each agency's opening letter: its name and bytes."""
    contacts = office.ledger.contacts(REGIME)
    whose = {c.address: c.agency for c in contacts if c.role is Role.OFFICER}
    return {
        whose[message["To"].addresses[0].addr_spec]: (str(part.get_filename()), part.get_content())
        for message in catcher.messages
        for part in message.iter_attachments()
    }


def _came_in(office: Office, day: date) -> list[str]:
    """Return what was taken in on a day, and whose workbooks were returned."""
    found = standings(office, datetime.combine(day, time.max, VIETNAM), period=PERIOD.id)
    today = [
        (s, v) for s in found for v in s.versions if v.received_at.astimezone(VIETNAM).date() == day
    ]
    accepted = sum(v.verdict is Verdict.ACCEPTED for _, v in today)
    told = [f"nhận {accepted} báo cáo"] if accepted else []
    if returned := [s for s, v in today if v.verdict is Verdict.RETURNED]:
        names = ", ".join(s.agency.short for s in returned)
        told.append(f"trả lại {len(returned)} báo cáo có lỗi ({names})")
    return told


def _end(office: Office, catcher: MailCatcher, say: Say) -> None:
    now = datetime.combine(date(2016, 9, 30), time(8), VIETNAM)
    found = standings(office, now, regime=REGIME, duty=DUTY, period=PERIOD.id)
    made = office.ledger.consolidation(REGIME, DUTY, PERIOD.id, office.regime(REGIME).secretariat)
    if made is None:
        raise KyBaoCaoError("the cycle ended without a consolidated workbook")
    number = counts(found)
    say(
        f"\nKết quả: nhận {number['accepted']}/{number['total']} báo cáo, "
        f"{number['on_time']} đúng hạn, {number['late']} quá hạn "
        f"({_who(found, State.ACCEPTED_LATE)}); {number['missing']} chưa gửi "
        f"({_who(found, State.OVERDUE)})."
    )
    say("\nBáo cáo tổng hợp toàn tỉnh:")
    say(f"  {office.settings.data_folder / 'out' / REGIME / DUTY / PERIOD.id / made.file_name}")
    say("Một tệp trả lại, chỗ sai đã đánh dấu:")
    say(f"  {_returned(office, found)}")
    say(f"{len(catcher.letters)} thư đã gửi, mỗi thư một tệp .eml:")
    say(f"  {catcher.folder}")


def _who(found: list[Standpoint], state: State) -> str:
    return ", ".join(s.agency.short for s in found if s.standing.state is state)


def _returned(office: Office, found: list[Standpoint]) -> Path:
    """Lay out the first returned workbook as its sender got it back, and return where."""
    first = next(v for s in found for v in s.versions if v.verdict is Verdict.RETURNED)
    letter = next(
        x for x in office.ledger.post.letters(submission_id=first.id) if x.attachment_sha256
    )
    path = office.settings.data_folder / "out" / str(letter.attachment_name)
    path.write_bytes(office.archive.get(str(letter.attachment_sha256)))
    return path
