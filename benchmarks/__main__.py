"""`python -m benchmarks`: a short table for each kind of work, in a few minutes."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from benchmarks import letters, plain
from benchmarks.cast import (
    AGENCIES,
    CONFIG,
    DUTY,
    PERIOD,
    REGIME,
    TERM,
    blank_of,
    filled_files,
)
from benchmarks.timing import Cost, Work, children, costs, resident_mib, show
from kybaocao.adapters import originals
from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.adapters.workbooks import reading as workbook_in
from kybaocao.adapters.workbooks import report
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.standing import Standing, State, Verdict
from kybaocao.rules.proof.file_proof import prove_file
from kybaocao.rules.proof.totals import prove_totals
from kybaocao.rules.report.consolidation import Consolidation, consolidate
from kybaocao.rules.report.received import ReceivedReport
from kybaocao.settings import CHECKOUT, GivenSettings
from kybaocao.steps.cycle.prove import claimed, numbers_of
from kybaocao.steps.intake.judge import Judged, judge
from kybaocao.steps.intake.verdict import judge_book

FILES = 3_000
# Each round reads other files, so that memory that grows with their number would show.
FILES_A_ROUND = 300
# The slow ways need no more files of each round to show how slow they are.
SLOW_FILES = 10
CORES = os.cpu_count() or 1
NOW = datetime(2016, 9, 15, 7, tzinfo=VIETNAM)
SETTINGS = GivenSettings(home=CHECKOUT, active={REGIME.id: REGIME.in_force.since})
BARE = "bare unzip and parse"


def in_process(file: Path) -> Judged:
    """Read and judge one file without a child."""
    return judge_book(CONFIG, SETTINGS.active, workbook_in.read(file.read_bytes()))


def through(pool: ReaderPool, files: Sequence[Path]) -> None:
    """Read and judge files as `kybaocao check` does; nothing is kept but the verdict."""
    for judged in pool.each(lambda f: judge(CONFIG, SETTINGS, pool, f.read_bytes()), files):
        assert judged.verdict is Verdict.ACCEPTED, judged.findings


def bare_side_by_side(processes: ProcessPoolExecutor, files: Sequence[Path]) -> None:
    """Unzip and parse in several processes, a share of the files in each."""
    for _ in processes.map(plain.unzip_and_parse, [files[n::CORES] for n in range(CORES)]):
        pass


def reading(files: Sequence[Path]) -> tuple[dict[str, Cost], list[str]]:
    """Time the ways to read a folder of reports; ours also check them. Return notes beside."""
    seconds, memory = SETTINGS.reading_seconds, SETTINGS.reading_memory_mib
    several = f"read and checked, {CORES} killable children"
    resident: list[tuple[float, float]] = []

    def works(few: Sequence[Path]) -> dict[str, Work]:
        slow, third = few[:SLOW_FILES], few[: len(few) // 3]

        def in_children() -> None:
            through(pool, few)
            resident.append((resident_mib(), max(map(resident_mib, children()))))

        return {
            BARE: Work(lambda: plain.unzip_and_parse(few), len(few)),
            f"{BARE}, {CORES} processes": Work(lambda: bare_side_by_side(processes, few), len(few)),
            "read, in-process": Work(
                lambda: [workbook_in.read(f.read_bytes()) for f in slow], len(slow)
            ),
            "read and checked, in-process": Work(lambda: [in_process(f) for f in slow], len(slow)),
            "read and checked, 1 killable child": Work(lambda: through(one, third), len(third)),
            several: Work(in_children, len(few)),
            "pandas + calamine, unchecked": Work(
                lambda: plain.read_with_pandas(slow, "calamine"), len(slow)
            ),
            "pandas + openpyxl, unchecked": Work(
                lambda: plain.read_with_pandas(slow, "openpyxl"), len(slow)
            ),
        }

    with (
        ReaderPool(seconds, memory, 1) as one,
        ReaderPool(seconds, memory, CORES) as pool,
        ProcessPoolExecutor(CORES, get_context("spawn")) as processes,
    ):
        starts = range(0, len(files), FILES_A_ROUND)
        rounds = [works(files[at : at + FILES_A_ROUND]) for at in starts]
        # Children start when first needed, and are warm from then on.
        for work in works(files[:FILES_A_ROUND]).values():
            work.do()
        found = costs(*rounds)
    (parent, child), (parent_after, child_after) = resident[0], resident[-1]
    loop = found["pandas + openpyxl, unchecked"].clock / found[several].clock
    notes = [
        f"Medians of {len(rounds)} rounds; in-process and pandas {SLOW_FILES} files a round, "
        "carried on to all.",
        f"{several}: {loop:.0f} times as fast as the loop of pandas and openpyxl.",
        f"Memory after {FILES_A_ROUND} files: parent {parent:.0f} MiB, largest child "
        f"{child:.0f} MiB; after {len(files)} more: {parent_after:.0f} and {child_after:.0f} MiB.",
    ]
    return found, notes


def making(files: Sequence[Path]) -> dict[str, Cost]:
    """Time the workbooks that we make: one for each agency, and one of them all."""
    judged_files = list(map(in_process, files[: len(AGENCIES)]))
    figures = {one.report.agency.code: one.figures for one in judged_files if one.report}
    reports = {
        code: ReceivedReport(code, 1, f"{code}.xlsx", "0" * 64, NOW, found)
        for code, found in figures.items()
    }
    standings = {agency.code: Standing(State.ACCEPTED, NOW, -1) for agency in AGENCIES}
    form = CONFIG.form(DUTY.form)

    def merge() -> Consolidation:
        return consolidate(form, AGENCIES, standings, reports, PERIOD.frequency)

    merged = merge()
    kept = [(one.report.form, one.figures) for one in judged_files if one.report]

    def prove_files() -> None:
        for (of_agency, found), file in zip(kept, files, strict=False):
            columns = of_agency.columns_for(PERIOD.frequency)
            pages = originals.by_calamine(file.read_bytes())
            assert prove_file(of_agency, columns, found, pages).is_clean

    def prove_tables() -> None:
        columns = form.columns_for(PERIOD.frequency)
        numbers = numbers_of(form, columns, figures)
        assert not prove_totals(form, columns, AGENCIES, numbers, claimed(merged))[1]

    return costs(
        {
            "blank workbook of an agency": Work(
                lambda: [blank_of(agency) for agency in AGENCIES[:10]], 10
            ),
            f"{len(AGENCIES)} reports merged into tables": Work(merge, 1),
            "a report proved against its original": Work(prove_files, len(kept)),
            "the tables proved": Work(prove_tables, 1),
            "tables written as the province's workbook": Work(
                lambda: report.report(merged, form, REGIME, DUTY, TERM, NOW), 1
            ),
        }
    )


def main() -> None:
    """Run everything and print it."""
    with filled_files(FILES) as files:
        title = f"{FILES} filled workbooks of {len(AGENCIES)} agencies"
        found, notes = reading(files)
        show(title, found, BARE, notes)
        show("Making workbooks", making(files), "blank workbook of an agency")
    workbook = blank_of(AGENCIES[0])
    with letters.catcher() as port:
        sent = costs(letters.works(port, workbook))
    title = f"{letters.COUNT} letters with a workbook of {len(workbook) // 1024} KB"
    show(title, sent, "smtplib, letters made before")


if __name__ == "__main__":
    main()
