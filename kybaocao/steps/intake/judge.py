"""Judge one file in a child that may be killed, without storing anything."""

from dataclasses import replace
from datetime import date

from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.rules.codes import Code
from kybaocao.rules.declared.config import Config
from kybaocao.rules.errors import UnreadableFileError
from kybaocao.settings import Settings
from kybaocao.steps.intake.verdict import (
    Judged,
    Report,
    read_and_judge,
    read_and_judge_as,
    report_of,
    unreadable,
)

__all__ = ["Judged", "Report", "judge", "judge_as"]


def judge(
    config: Config,
    settings: Settings,
    pool: ReaderPool,
    data: bytes,
    sender: str | None = None,
    day: date | None = None,
) -> Judged:
    """Return the verdict on a file's bytes; whatever is wrong with them is a finding.

    `sender` is the code of the agency from which the file came, if that is known. On `day`, the
    day of reception, rules may be warnings still; without it all are in force. Safe to call
    from several threads, which then have their files judged side by side.
    """
    largest, active = settings.largest_file_mib, tuple(settings.active)
    try:
        if len(data) > largest * 2**20:
            raise UnreadableFileError(
                f"Tệp lớn hơn {largest} MB nên không được đọc; đề nghị gửi lại đúng biểu mẫu."
            )
        judged, identity = pool.run_with(config, read_and_judge, active, data, sender, day)
    except UnreadableFileError as error:
        return unreadable(Code.UNREADABLE, "", str(error))
    if identity is None:
        return judged
    report = report_of(config, identity)
    if isinstance(report, str):
        raise AssertionError(f"a child knew a report that its parent does not: {report}")
    return replace(judged, report=report)


def judge_as(
    config: Config, pool: ReaderPool, data: bytes, report: Report, day: date | None = None
) -> Judged:
    """Return the verdict on a file's bytes as the report that a person says it is.

    Raises UnreadableFileError.
    """
    judged = pool.run_with(config, read_and_judge_as, report, data, day)
    return replace(judged, report=report)
