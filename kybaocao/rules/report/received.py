"""How each agency's report stands, and the files whose figures count, as tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from kybaocao.rules.cycle.standing import Standing
from kybaocao.rules.form.form import Figure, Form
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.report.remarks import remarks

STATUS = (
    "agency",
    "name",
    "state",
    "state_name",
    "counted_at",
    "days",
    "version",
    "received_at",
    "remark",
)
SOURCES = ("agency", "name", "filename", "sha256", "version", "received_at", "figures", "left_out")


@dataclass(frozen=True)
class ReceivedReport:
    """The accepted version that counts of one agency's report.

    `figures` are as the newest version of the form has them, `apart` those in a unit that
    nothing converts, and `lacks` the rows that its own version did not ask for.
    """

    agency: str
    version: int
    filename: str
    sha256: str
    received_at: datetime
    figures: tuple[Figure, ...]
    apart: tuple[Figure, ...] = ()
    lacks: tuple[str, ...] = ()


def status_table(
    form: Form,
    agencies: Sequence[Agency],
    standings: Mapping[str, Standing],
    reports: Mapping[str, ReceivedReport],
    doubled: Mapping[str, str],
) -> pd.DataFrame:
    """Return a row for each agency (`STATUS`); `remark` says what to know of its report.

    `doubled` is what `remarks.twice_reported` says.
    """
    names = {agency.code: agency.name for agency in agencies}
    said = remarks(form, names, {code: report.figures for code, report in reports.items()})
    rows = []
    for agency in agencies:
        found, report = standings[agency.code], reports.get(agency.code)
        rows.append(
            (
                agency.code,
                agency.name,
                str(found.state),
                found.name,
                found.counted_at,
                found.days,
                report.version if report else None,
                report.received_at if report else None,
                "; ".join(
                    filter(None, (found.why, said.get(agency.code), doubled.get(agency.code)))
                ),
            )
        )
    return pd.DataFrame(rows, columns=list(STATUS), dtype=object)


def source_table(
    agencies: Sequence[Agency], reports: Mapping[str, ReceivedReport], cells: pd.DataFrame
) -> pd.DataFrame:
    """Return a row for each report (`SOURCES`); `left_out` names rows that are not in `cells`."""
    kept = set(cells[["agency", "sheet", "code", "column"]].itertuples(index=False, name=None))
    rows = []
    for agency in agencies:
        if report := reports.get(agency.code):
            places = ((f.row, (agency.code, f.sheet, f.row, f.column)) for f in report.figures)
            gone = [row for row, place in places if place not in kept]
            gone += [f"{f.row} (đơn vị tính cũ)" for f in report.apart]
            rows.append(
                (
                    agency.code,
                    agency.name,
                    report.filename,
                    report.sha256,
                    report.version,
                    report.received_at,
                    len(report.figures) + len(report.apart),
                    ", ".join(dict.fromkeys(gone)),
                )
            )
    return pd.DataFrame(rows, columns=list(SOURCES), dtype=object)


_MOST_CODES = 12


def version_notes(reports: Sequence[ReceivedReport]) -> Iterator[str]:
    """Yield from whom totals are where reports on an earlier version of the form are among them."""
    lacking: dict[tuple[str, ...], int] = {}
    apart: dict[tuple[str, ...], int] = {}
    for report in reports:
        for found, codes in ((lacking, report.lacks), (apart, tuple(f.row for f in report.apart))):
            key = tuple(dict.fromkeys(codes))
            found[key] = found.get(key, 0) + 1
    for found, why in (
        (lacking, "theo biểu mẫu phiên bản cũ, chưa có chỉ tiêu"),
        (apart, "theo biểu mẫu phiên bản cũ, có đơn vị tính khác nên không được cộng ở chỉ tiêu"),
    ):
        for codes, count in found.items():
            if codes:
                named = ", ".join(codes[:_MOST_CODES]) + (", …" if codes[_MOST_CODES:] else "")
                yield (
                    f"{count}/{len(reports)} báo cáo {why} {named}; số tổng hợp của các chỉ tiêu "
                    "này chỉ gồm số liệu của những đơn vị còn lại."
                )
