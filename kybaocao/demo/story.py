"""Quảng Nam, quarter III of 2016: every day on which something happens, through the flows."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from kybaocao import runtime
from kybaocao.adapters.letters import WEEKDAYS
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.figures import Agencys
from kybaocao.demo.officer import MISTAKES, Mistake, filled
from kybaocao.rules.finding import KyBaoCaoError
from kybaocao.rules.obligation import VIETNAM, Term, Verdict, term
from kybaocao.rules.period import Period
from kybaocao.rules.reminder import run_days
from kybaocao.runtime import GivenSettings, MailOptions, Office
from kybaocao.service import Player, Service
from kybaocao.steps.open_period import blank_workbook
from kybaocao.steps.standings import counts, standings

REGIME, DUTY, PERIOD = "quang-nam", "bao-cao-quy", Period.parse("2016-Q3")
GO_LIVE = date(2016, 7, 1)
FOLDER = Path("data/demo")
SEED = 1908
FAULTY = 6
# Counted in days from the deadline: a late report, and the last day that is played.
LATE, END = 5, 12

Say = Callable[[str], object]


@dataclass(frozen=True)
class Sending:
    """What one agency sends on one day: its workbook, with a mistake or without."""

    at: datetime
    agency: str
    mistake: Mistake | None = None


@dataclass
class Cast:
    """Who does what in this cycle."""

    term: Term
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
    folder = runtime.home_folder() / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    with MailCatcher(folder / "thu") as catcher:
        settings = GivenSettings(
            home=runtime.home_folder(),
            data=FOLDER,
            active={REGIME: GO_LIVE},
            mail=MailOptions(host=catcher.host, port=catcher.port, security="none"),
            settle_seconds=0,
        )
        say("Khởi động máy chủ Prefect và máy nhận thư thử trên máy này …")
        with runtime.office(settings) as office, Service(settings, serve=False, port=0) as service:
            _cycle(office, service.player(), catcher, say)
            _end(office, catcher, say)


def _cycle(office: Office, player: Player, catcher: MailCatcher, say: Say) -> None:
    regime, duty = office.duty(REGIME, DUTY)
    of_term = term(regime, duty, PERIOD, office.config.calendar)
    cast = cast_for(office, of_term)
    say(
        f"{duty.name}, {PERIOD.label}: số liệu {of_term.window.first:%d/%m/%Y}–"
        f"{of_term.window.last:%d/%m/%Y}, hạn “{duty.stated}” ({duty.clause}), "
        f"tức là hết ngày {of_term.due.last_day:%d/%m/%Y}."
    )
    end = of_term.due.last_day + timedelta(days=END)
    duty_days = [d for d in run_days(duty, of_term, office.config.calendar) if d <= end]
    for day in sorted({*duty_days, *cast.days}):
        before = len(catcher.letters)
        told = []
        if day in duty_days:
            done = _run(player, "duty", datetime.combine(day, duty.run_at, VIETNAM))
            told.append(done.replace(f"{PERIOD.label}: ", ""))
            _run(player, "sending", datetime.combine(day, time(7, 5), VIETNAM))
        if day in cast.days:
            for sending in (s for s in cast.sendings if s.at.date() == day):
                _drop(office, of_term, sending)
                _run(player, "intake", sending.at)
            told += _came_in(office, day)
            _run(player, "sending", datetime.combine(day, time(17, 30), VIETNAM))
        told.append(f"{len(catcher.letters) - before} thư đã gửi")
        say(f"  {WEEKDAYS[day.weekday()]:>8} {day:%d/%m/%Y}: " + "; ".join(told))


def _came_in(office: Office, day: date) -> list[str]:
    """Return what was taken in on a day, with the first fault of each returned workbook."""
    found = standings(office, datetime.combine(day, time.max, VIETNAM), period=PERIOD.id)
    today = [(s, v) for s in found for v in s.versions if _local_day(v.received_at) == day]
    accepted = sum(v.verdict is Verdict.ACCEPTED for _, v in today)
    told = [f"nhận {accepted} báo cáo"] if accepted else []
    if returned := [(s, v) for s, v in today if v.verdict is Verdict.RETURNED]:
        names = ", ".join(s.agency.short for s, _ in returned)
        told.append(f"trả lại {len(returned)} báo cáo có lỗi ({names})")
    return told


def _local_day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


def cast_for(office: Office, of_term: Term) -> Cast:
    """Return who sends what when: most in time, some with mistakes first, one late, one never."""
    regime, duty = office.duty(of_term.regime, of_term.duty)
    owing = [a.code for a in regime.agencies.values() if duty.reporters.include(a)]
    cast = Cast(of_term, silent=owing[-1], late=owing[-2])
    calendar = office.config.calendar
    days = [
        calendar.add(calendar.on_or_before(of_term.due.last_day), -n) for n in (6, 4, 3, 2, 1, 0)
    ]
    for number, agency in enumerate(owing[:-2]):
        day = days[number % len(days)]
        at = datetime.combine(day, time(8 + number % 9, number * 7 % 60), VIETNAM)
        if number % 6 == 3 and number // 6 < FAULTY:
            mistake = MISTAKES[number // 6 % len(MISTAKES)]
            cast.sendings.append(Sending(at - timedelta(hours=1), agency, mistake))
            at = at + timedelta(days=1) if day != days[-1] else at
        cast.sendings.append(Sending(at, agency))
    late = of_term.due.last_day + timedelta(days=LATE)
    cast.sendings.append(Sending(datetime.combine(late, time(10, 15), VIETNAM), cast.late))
    cast.sendings.sort(key=lambda s: s.at)
    return cast


def report(office: Office, of_term: Term, sending: Sending) -> tuple[str, bytes]:
    """Return the name and bytes of the workbook that an agency sends."""
    regime, duty = office.duty(of_term.regime, of_term.duty)
    agency = regime.agencies[sending.agency]
    form = office.config.form(duty.form).for_agency(agency)
    figures = Agencys(form, agency.code, SEED).quarter(of_term.period, of_term.period.year)
    if sending.mistake is not None:
        sending.mistake(form, figures)
    name, blank = blank_workbook(office, regime, duty, of_term, agency.code)
    return name, filled(blank, form, figures, sending.at.date(), agency.name)


def _drop(office: Office, of_term: Term, sending: Sending) -> None:
    name, data = report(office, of_term, sending)
    (office.inbox.folder / name).write_bytes(data)


def _run(player: Player, flow: str, at: datetime) -> str:
    named = {"regime": REGIME, "duty": DUTY} if flow == "duty" else {}
    answer = player.run(flow, at.isoformat(), **named)
    if not answer["ok"]:
        raise KyBaoCaoError(f"the flow {flow} at {at.isoformat()} failed: {answer['summary']}")
    return str(answer["summary"])


def _end(office: Office, catcher: MailCatcher, say: Say) -> None:
    now = datetime.combine(date(2016, 9, 30), time(8), VIETNAM)
    found = standings(office, now, regime=REGIME, duty=DUTY, period=PERIOD.id)
    number = counts(found)
    returned = next(v for s in found for v in s.versions if v.verdict is Verdict.RETURNED)
    letter = next(
        x for x in office.ledger.post.letters(submission_id=returned.id) if x.attachment_sha256
    )
    marked = office.settings.data_folder / "out" / str(letter.attachment_name)
    marked.write_bytes(office.archive.get(str(letter.attachment_sha256)))
    made = office.ledger.consolidation(REGIME, DUTY, PERIOD.id)
    if made is None:
        raise KyBaoCaoError("the cycle ended without a consolidated workbook")
    place = office.settings.data_folder / "out" / REGIME / DUTY / PERIOD.id / made.file_name
    say("")
    say(
        f"Kết quả: {number['accepted']}/{number['total']} báo cáo đã nhận, {number['on_time']} "
        f"đúng hạn, {number['late']} quá hạn, {number['missing']} chưa gửi."
    )
    say(f"Thư đã gửi ({len(catcher.letters)}): {catcher.folder}")
    say(f"Một tệp trả lại, đã đánh dấu chỗ sai: {marked}")
    say(f"Báo cáo tổng hợp toàn tỉnh: {place}")
