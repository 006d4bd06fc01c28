"""The command `kybaocao`: reads words, calls steps, prints what they return."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter, UnusedCliTokensError
from sqlalchemy.exc import DBAPIError

from kybaocao import runtime, screen, words
from kybaocao.rules.finding import Finding, KyBaoCaoError, Severity
from kybaocao.rules.obligation import VIETNAM, Verdict
from kybaocao.rules.period import Period

WRONG_USE = 64
WORST = {Verdict.ACCEPTED: 0, Verdict.RETURNED: 1, Verdict.UNREADABLE: 2}
AsJson = Annotated[bool, Parameter(name="--json", negative=())]

app = App(
    name="kybaocao",
    help="Runs the reporting cycles of a province's administrative reform.",
    version_flags=[],
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code: 64 for wrong use, 1 for what else stopped it."""
    screen.prepare()
    try:
        result = app(arguments, exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        return _refuse(f"{_said(error)}: see 'kybaocao --help'.", WRONG_USE)
    except words.WrongUseError as error:
        return _refuse(str(error), WRONG_USE)
    except KyBaoCaoError as error:
        return _refuse(str(error), 1)
    except KeyboardInterrupt:
        return _refuse("interrupted; run it again, nothing is done twice", 130)
    except DBAPIError as error:
        # The driver's words alone: SQLAlchemy's show the statement and its values.
        return _refuse(f"the ledger cannot be used: {' '.join(str(error.orig).split())}", 1)
    except BrokenPipeError:
        # Whoever read the output has heard enough; nothing may be written to it at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{where}{error.strerror or error}", 1)
    return result if isinstance(result, int) else 0


def _said(error: CycloptsError) -> str:
    if isinstance(error, UnusedCliTokensError):
        return f"Words too many, '{' '.join(error.unused_tokens or [])}'"
    # The list of all commands that may follow is one for the help.
    said = " ".join(str(error).split()).partition(" Available commands")[0]
    return said.replace(". Did", ", did").rstrip(".?")


def _refuse(sentence: str, code: int) -> int:
    screen.complain(sentence)
    return code


@app.command
def calendar(
    *,
    regime: str,
    since: Annotated[str, Parameter(name="--from")],
    until: Annotated[str, Parameter(name="--to")],
    as_json: AsJson = False,
) -> None:
    """Show what a regime makes due between two days, with clause and assumptions.

    Parameters
    ----------
    regime
        The regime's id, a folder of config/regimes.
    since
        First day, as 2016-06-02.
    until
        Last day, as 2016-12-31.
    as_json
        Print a JSON list instead of a table.
    """
    from kybaocao.adapters.regime_files import load
    from kybaocao.steps.calendar import entries

    first, last = words.day(since), words.day(until)
    if last < first:
        raise words.WrongUseError(f"--to {last} is before --from {first}.")
    config = load(runtime.read_settings().home / "config")
    if regime not in config.regimes:
        raise words.WrongUseError(
            f"No regime '{regime}'; known: {', '.join(sorted(config.regimes))}."
        )
    found = list(entries(config, config.regimes[regime], first, last))
    if as_json:
        screen.show_json([e.as_json() for e in found])
        return
    for duty in dict.fromkeys(e.duty for e in found):
        screen.show_duty([e for e in found if e.duty == duty])
    if not found:
        screen.say("Không có báo cáo nào đến hạn trong thời gian này.")


@app.command
def run(
    duty: str,
    /,
    *,
    as_of: str | None = None,
    dry_run: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Carry a duty's cycle forward to a day: open, remind, consolidate, queue delivery.

    Parameters
    ----------
    duty
        Regime and duty, as quang-nam/bao-cao-quy.
    as_of
        The day, as 2016-09-14, at the duty's hour, or a time, as 2016-09-14T16:50; now if left out.
    dry_run
        Show what would be done and do nothing.
    """
    from kybaocao.steps.cycle import advance

    words.names(duty)
    when = words.when(as_of) if as_of is not None else None
    with runtime.office() as office:
        regime, declared = words.declared(office, duty)
        if when is None:
            at = runtime.now()
        elif isinstance(when, datetime):
            at = when
        else:
            at = datetime.combine(when, declared.run_at, VIETNAM)
        report = advance(office, regime.id, declared.id, at, dry_run)
        screen.say(("Sẽ làm: " if dry_run else "Đã làm: ") + report.summary)
        if report.workbook:
            screen.say(f"Báo cáo tổng hợp: {report.workbook}")


@app.command
def status(*, as_json: AsJson = False) -> None:
    """Show how every open report stands, which letters wait, and what waits for a person.

    Parameters
    ----------
    as_json
        Print one JSON object instead of tables.
    """
    from kybaocao.steps.status import overview

    with runtime.office() as office:
        found = overview(office, runtime.now())
    if as_json:
        screen.show_json(found.as_json())
        return
    screen.show_overview(found)


@app.command
def contacts(regime: str, /, *, replace: Path | None = None, as_json: AsJson = False) -> None:
    """Show where a regime's letters go, or put those of a CSV file in their place.

    Parameters
    ----------
    regime
        The regime's id; it must be active.
    replace
        A file like contacts.csv; agencies that it does not name keep their contacts.
    as_json
        Print a JSON list instead of a table.
    """
    from kybaocao.adapters.regime_files import read_contacts

    with runtime.office() as office:
        declared = words.regime(office, regime)
        office.go_live(declared.id)
        if replace is not None:
            given = read_contacts(replace.resolve(), declared.agencies)
            office.ledger.replace_contacts(declared.id, given, runtime.now(), "operator")
        found = office.ledger.contacts(declared.id)
    screen.show_contacts(declared, found, as_json)


@app.command
def check(*files: Path, as_json: AsJson = False) -> int:
    """Judge files, and the files in folders, without storing anything.

    Exits with 0 if all are accepted, 1 if one is returned, 2 if one is unreadable.

    Parameters
    ----------
    files
        Files or folders.
    as_json
        Print one JSON object per file: file, verdict, findings.
    """
    from kybaocao.adapters.regime_files import load
    from kybaocao.steps.judge import Judged, judge

    paths = list(words.files(files))
    settings = runtime.read_settings()
    config = load(settings.home / "config")
    worst = 0
    with runtime.reader_pool(settings) as pool:
        for path in screen.with_progress(paths):
            try:
                judged = judge(config, settings, pool, path.read_bytes())
            except OSError as error:
                wanted = ("tệp mở được", f"Kiểm tra tệp rồi thử lại ({error.strerror}).")
                fault = Finding("unreadable", Severity.BLOCKING, "", "", "", *wanted)
                judged = Judged(Verdict.UNREADABLE, (fault,))
            worst = max(worst, WORST[judged.verdict])
            screen.show_judged(path, judged, as_json)
    return worst


@app.command
def receive(*files: Path, received_at: str | None = None) -> int:
    """Take in files that reached the secretariat by hand; each is stored, judged, answered.

    Parameters
    ----------
    files
        Files or folders. They stay where they are; a copy goes to the archive.
    received_at
        When they arrived, as 2016-09-14T16:50 in Vietnam's time; now if left out.
    """
    from kybaocao.steps import receive as step

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
            receipt = step.receive(office, data, path.name, "hand", at, now)
            screen.say(receipt.summary)
    return 1 if unread else 0


@app.command
def consolidate(duty: str, period: str, /) -> None:
    """Make the provincial workbook of a period as it stands now, partial or not.

    Parameters
    ----------
    duty
        Regime and duty, as quang-nam/bao-cao-quy.
    period
        As 2016-Q3, 2016-H1 or 2016.
    """
    from kybaocao.rules.duty import Handling
    from kybaocao.rules.obligation import term
    from kybaocao.steps.consolidate import consolidate_term

    words.names(duty)
    try:
        of = Period.parse(period)
    except ValueError as error:
        raise words.WrongUseError(f"{error}.") from None
    with runtime.office() as office:
        regime, declared = words.declared(office, duty)
        if of.frequency is not declared.every:
            raise words.WrongUseError(
                f"{duty} has no period '{period}': it is due every {declared.every}."
            )
        if declared.handling is Handling.FORWARD:
            raise words.WrongUseError(
                f"{duty} is forwarded to its recipient, and not consolidated."
            )
        if not office.ledger.owed(regime=regime.id, duty=declared.id, period=of.id):
            raise KyBaoCaoError(
                f"{duty} has not been opened for {of.id}: run 'kybaocao run {duty}'"
            )
        of_term = term(regime, declared, of, office.config.calendar)
        done = consolidate_term(office, regime, declared, of_term, runtime.now())
        partial = " (chưa đầy đủ)" if done.made.is_partial else ""
        screen.say(f"Tổng hợp {done.made.accepted}/{done.made.owed} báo cáo{partial}:")
        screen.say(str(done.path))


@app.command
def up() -> int:
    """Start Prefect's server and the served deployments; Ctrl-C stops them cleanly."""
    from kybaocao.service import Service

    settings = runtime.read_settings()
    if not settings.active:
        raise KyBaoCaoError(
            f"no regime is active: name one with its first day in {runtime.SETTINGS_FILE}, [active]"
        )
    # Whatever is wrong here is said before anything starts.
    runtime.office(settings).__exit__()
    with Service(settings) as service:
        screen.say(f"Running; Prefect answers at {service.api_url}. Ctrl-C stops it.")
        return service.wait()


@app.command
def demo() -> None:
    """Play one whole reporting cycle on data of its own, and say where its workbook lies."""
    from kybaocao.demo.story import play

    play(screen.say)


if __name__ == "__main__":
    sys.exit(main())
