"""Commands that carry reports forward, or judge them."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kybaocao import runtime
from kybaocao.commands import screen, words
from kybaocao.configured import configured
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.settings import read_settings

WORST = {Verdict.ACCEPTED: 0, Verdict.RETURNED: 1, Verdict.UNREADABLE: 2}


def run(
    duty: str,
    /,
    *,
    as_of: str | None = None,
    dry_run: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Carry a duty's cycle forward to now: open, remind, consolidate, queue delivery.

    Parameters
    ----------
    duty
        Regime and duty, as quang-nam/bao-cao-quy.
    as_of
        The day, as 2016-09-14, at the duty's hour, or a time, as 2016-09-14T16:50; now if left out.
        Another than today only with --dry-run, or in a rehearsal.
    dry_run
        Show what would be done and change nothing.
    """
    from kybaocao.steps.cycle.cycle import advance

    words.names(duty)
    when = words.when(as_of) if as_of is not None else None
    with runtime.untouched() if dry_run else runtime.office() as office:
        regime, declared = words.declared(office, duty)
        if when is None:
            at = runtime.now()
        elif isinstance(when, datetime):
            at = when
        else:
            at = datetime.combine(when, declared.run_at, VIETNAM)
        if when is not None and not dry_run:
            at = office.dated(at)
        report = advance(office, regime.id, declared.id, at, dry_run)
        screen.say(("Sẽ làm: " if dry_run else "Đã làm: ") + report.summary)
        for path in report.workbooks:
            screen.say(f"Báo cáo tổng hợp: {path}")


def check(*files: Path, as_json: words.AsJson = False) -> int:
    """Judge files, and the files in folders, without storing anything.

    Exits with 0 if all are accepted, 1 if one is returned, 2 if one is unreadable.

    Parameters
    ----------
    files
        Files or folders.
    as_json
        Print one JSON object per file: file, verdict, findings.
    """
    from kybaocao.steps.intake.judge import Judged, judge

    paths = list(words.files(files))
    settings = read_settings()
    config = configured(settings, lambda _: None, runtime.now(), keep=False).config

    def judged_of(path: Path) -> Judged:
        try:
            return judge(config, settings, pool, path.read_bytes())
        except OSError as error:
            wanted = ("tệp mở được", f"Kiểm tra tệp rồi thử lại ({error.strerror}).")
            fault = Code.UNREADABLE.finding("", "", "", *wanted)
            return Judged(Verdict.UNREADABLE, (fault,))

    worst = 0
    with runtime.reader_pool(settings) as pool:
        found = pool.each(judged_of, paths)
        for path, judged in zip(screen.with_progress(paths), found, strict=True):
            worst = max(worst, WORST[judged.verdict])
            screen.show_judged(path, judged, as_json)
    return worst


def receive(*files: Path, received_at: str | None = None, reason: str = "") -> int:
    """Take in files that reached the secretariat by hand; each is stored, judged, answered.

    Parameters
    ----------
    files
        Files or folders. They stay where they are; a copy goes to the archive.
    received_at
        When they arrived, as 2016-09-14T16:50 in Vietnam's time; now if left out.
    reason
        Why they replace reports that were accepted; it may stand in the workbook instead.
    """
    from kybaocao.steps.intake.case import Incoming
    from kybaocao.steps.intake.receive import receive as receive_one

    paths = list(words.files(files))
    now = runtime.now()
    at = words.arrival(received_at, now) if received_at is not None else now
    unread = 0
    with runtime.office() as office:
        for path in screen.with_progress(paths):
            try:
                data = path.read_bytes()
            except OSError as error:
                screen.complain(f"{path} cannot be read: {error.strerror}")
                unread += 1
                continue
            receipt = receive_one(office, Incoming(data, path.name, "hand", at, reason), now)
            screen.say(receipt.summary)
    return 1 if unread else 0


def consolidate(duty: str, period: str, /) -> int:
    """Make the provincial workbook of a period as it stands now, partial or not.

    Parameters
    ----------
    duty
        Regime and duty, as quang-nam/bao-cao-quy.
    period
        As 2016-Q3, 2016-H1, 2016-9M, 2016, 2016-once or 2016-R1.
    """
    from kybaocao.steps.cycle.consolidate import Stopped, consolidate_term

    words.names(duty)
    of = words.period(period)
    with runtime.office() as office:
        regime, asked_duty, term = words.collected_term(office, duty, of)
        stopped = False
        for done in consolidate_term(office, regime, asked_duty, term, runtime.now()):
            if isinstance(done, Stopped):
                screen.say(f"{done.proved.recipient}: {done.words}")
                stopped = True
                continue
            partial = " (chưa đầy đủ)" if done.made.is_partial else ""
            screen.say(f"Tổng hợp {done.made.accepted}/{done.made.owed} báo cáo{partial}:")
            screen.say(str(done.path))
    return 1 if stopped else 0
