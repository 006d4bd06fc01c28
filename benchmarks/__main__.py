"""`python -m benchmarks`: a short table for each kind of work, in a few minutes."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
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
    form_of,
)
from benchmarks.timing import Work, seconds_a_piece, show
from kybaocao.adapters import workbook_in, workbook_report
from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.rules import checks
from kybaocao.rules.consolidation import Consolidation, Report, consolidate
from kybaocao.rules.form import Figure
from kybaocao.rules.grid import Book
from kybaocao.rules.obligation import VIETNAM, Standing, State
from kybaocao.runtime import Settings

FILES = 3_000
# Each round reads other files, so that memory that grows with their number would show.
FILES_A_ROUND = 300
# The slow ways need no more files of each round to show how slow they are.
SLOW_FILES = 10
CORES = os.cpu_count() or 1
NOW = datetime(2016, 9, 15, 7, tzinfo=VIETNAM)
Read = Callable[[bytes], Book]
BARE = "bare unzip and parse"


def judged(read: Read, file: Path) -> tuple[str, tuple[Figure, ...]]:
    """Read and check one file that must be accepted; return the agency and its figures."""
    book = read(file.read_bytes())
    identity = checks.identity_of(book)
    assert identity is not None
    form = form_of(REGIME.agencies[identity.agency])
    found = checks.judge(form, PERIOD.frequency, PERIOD.is_first_of_year, book)
    assert not found.findings
    return identity.agency, found.figures


def reading(files: Sequence[Path]) -> tuple[dict[str, float], list[str]]:
    """Time the ways to read a folder of reports; ours also check them. Return notes beside."""
    limits = Settings.model_fields
    seconds, memory = limits["reading_seconds"].default, limits["reading_memory_mib"].default
    resident: list[float] = []

    def through(pool: ReaderPool, threads: ThreadPoolExecutor, some: Sequence[Path]) -> None:
        def read(data: bytes) -> Book:
            return pool.run(workbook_in.read, data)

        # Nothing is kept of a file but that it was accepted, as in `kybaocao check`.
        for _ in threads.map(lambda file: judged(read, file), some):
            pass
        resident.append(resident_mib())

    def works(few: Sequence[Path]) -> dict[str, Work]:
        slow = few[:SLOW_FILES]
        return {
            BARE: Work(lambda: plain.unzip_and_parse(few), len(few)),
            "read, in-process": Work(
                lambda: [workbook_in.read(f.read_bytes()) for f in slow], len(slow)
            ),
            "read and checked, in-process": Work(
                lambda: [judged(workbook_in.read, f) for f in slow], len(slow)
            ),
            "read and checked, 1 killable child": Work(
                lambda: through(one, alone, few[: len(few) // 3]), len(few) // 3
            ),
            f"read and checked, {CORES} killable children": Work(
                lambda: through(several, together, few), len(few)
            ),
            "pandas + calamine, unchecked": Work(
                lambda: plain.read_with_pandas(slow, "calamine"), len(slow)
            ),
            "pandas + openpyxl, unchecked": Work(
                lambda: plain.read_with_pandas(slow, "openpyxl"), len(slow)
            ),
        }

    with (
        ReaderPool(seconds, memory) as one,
        ReaderPool(seconds, memory, CORES) as several,
        ThreadPoolExecutor(1) as alone,
        ThreadPoolExecutor(CORES) as together,
    ):
        starts = range(0, len(files), FILES_A_ROUND)
        rounds = [works(files[at : at + FILES_A_ROUND]) for at in starts]
        # Children start when first needed, and are warm from then on.
        for work in works(files[:FILES_A_ROUND]).values():
            work.do()
        warm = resident[-1]
        found = seconds_a_piece(*rounds)
    notes = [
        f"Medians of {len(rounds)} rounds; in-process and pandas {SLOW_FILES} files a round, "
        "carried on to all.",
        f"Memory of the parent: {warm:.0f} MB when warm, {resident[-1]:.0f} MB at the end.",
    ]
    return found, notes


def resident_mib() -> float:
    """Return the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def making(files: Sequence[Path]) -> dict[str, float]:
    """Time the workbooks that we make: one for each agency, and one of them all."""
    figures = dict(judged(workbook_in.read, file) for file in files[: len(AGENCIES)])
    reports = {
        code: Report(code, 1, f"{code}.xlsx", "0" * 64, NOW, found)
        for code, found in figures.items()
    }
    standings = {agency.code: Standing(State.ACCEPTED, NOW, -1) for agency in AGENCIES}
    form = CONFIG.form(DUTY.form)

    def merge() -> Consolidation:
        return consolidate(form, AGENCIES, standings, reports, PERIOD.frequency)

    merged = merge()
    return seconds_a_piece(
        {
            "blank workbook of an agency": Work(
                lambda: [blank_of(agency) for agency in AGENCIES[:10]], 10
            ),
            f"{len(AGENCIES)} reports merged into tables": Work(merge, 1),
            "tables written as the province's workbook": Work(
                lambda: workbook_report.report(merged, form, REGIME, DUTY, TERM, NOW), 1
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
        sent = seconds_a_piece(letters.works(port, workbook))
    title = f"{letters.COUNT} letters with a workbook of {len(workbook) // 1024} KB"
    show(title, sent, "smtplib, letters made before")


if __name__ == "__main__":
    main()
