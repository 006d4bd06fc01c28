"""Hold a consolidation against the originals, a second way, before it is delivered."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kybaocao.adapters import originals
from kybaocao.adapters.ledger import AcceptedFile
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.cycle.standing import State
from kybaocao.rules.errors import UnreadableFileError
from kybaocao.rules.form.form import Column, Figure, Form
from kybaocao.rules.proof.file_proof import FileProof, prove_file, texts
from kybaocao.rules.proof.totals import Claimed, Place, prove_totals
from kybaocao.rules.proof.values import number
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.report.consolidation import Consolidation
from kybaocao.runtime import Office
from kybaocao.steps.figures import figures_of

MOST_UNPROVED = 5
SUMMED = ("code", "column", "value", "given", "not_applicable", "applies")


@dataclass
class Proof:
    """What was proved, what could not be and what differs; the latter two as sentences."""

    files: int = 0
    cells: int = 0
    totals: int = 0
    unproved: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """What the first page says of it."""
        said = [
            f"Đã đối chiếu {shown(self.cells)} ô số liệu với {self.files} tệp gốc, "
            f"và tính lại {shown(self.totals)} số tổng hợp"
        ]
        more = len(self.unproved) - MOST_UNPROVED
        rest = [f"và {more} đơn vị khác có ô chưa đối chiếu được"] if more > 0 else []
        return [*said, *self.unproved[:MOST_UNPROVED], *rest]


def prove(
    office: Office,
    form: Form,
    period: Period,
    accepted: Mapping[str, AcceptedFile],
    found: Consolidation,
    counted: Mapping[str, int],
    strays: Sequence[str] = (),
) -> Proof:
    """Prove a consolidation on `form` against the `accepted` reports of its period, by agency.

    `counted` names the submission that it counts of each agency, and `strays` the agencies
    whose accepted reports may not be lost from it.
    """
    proof = Proof()
    agencies = [each.agency for each in found.agencies]
    for agency in agencies:
        one, submission = accepted.get(agency.code), counted.get(agency.code)
        if (one.submission if one else None) != submission:
            proof.differences.append(f"{agency.name}: không tổng hợp bản được chấp nhận sau cùng")
        elif one is not None:
            _one_file(office, proof, agency, period, one)
    for code in strays:
        proof.differences.append(
            f"{code}: báo cáo đã được chấp nhận ({accepted[code].file_name}) không được tổng hợp, "
            "vì đơn vị không còn trong danh sách khai báo; khai báo lại đơn vị nếu không phải chủ ý"
        )
    # Reports on an earlier version are added up as the newest has them, by its declaration.
    files = {a.code: accepted[a.code] for a in agencies if a.code in accepted}
    carried = figures_of(office, form.id, [one.submission for one in files.values()])
    figures = {code: carried[one.submission].figures for code, one in files.items()}
    columns = form.columns_for(period.frequency)
    excused = {a.agency.code for a in found.agencies if a.standing.state is State.WAIVED}
    proof.totals, differences = prove_totals(
        form, columns, agencies, numbers_of(form, columns, figures), claimed(found), excused
    )
    proof.differences += differences
    return proof


def numbers_of(
    form: Form, columns: Sequence[Column], figures: Mapping[str, Sequence[Figure]]
) -> dict[str, list[Figure]]:
    """Return the figures of rows that are asked for now; a ratio's are made anew."""
    asked = {
        (row.code, c.id)
        for _, row in form.indicators()
        for c in columns
        if not c.text and c.id in row.columns and row.compute is None
    }
    return {
        agency: [f for f in mine if (f.row, f.column) in asked] for agency, mine in figures.items()
    }


def claimed(found: Consolidation) -> dict[Place, Claimed]:
    """Return what the tables say, number by number."""
    matrices: dict[Place, dict[str, Decimal]] = {}
    for matrix in found.matrices.values():
        for place in ((str(column[0]), str(column[1])) for column in matrix.columns):
            values = matrix[place].dropna()
            given = zip(values.index.to_list(), values.to_list(), strict=True)
            matrices[place] = {agency: number(float(value)) for agency, value in given}
    table = found.summary
    rows = table[list(SUMMED)].itertuples(index=False, name=None)
    return {
        (code, column): Claimed(
            None if math.isnan(value) else number(float(value)),
            int(given),
            int(declined),
            int(applies),
            matrices.get((code, column), {}),
        )
        for code, column, value, given, declined, applies in rows
    }


def _one_file(
    office: Office, proof: Proof, agency: Agency, period: Period, one: AcceptedFile
) -> None:
    """Hold one report against its original."""
    try:
        data = office.archive.get(one.sha256)
    except OSError:
        proof.differences.append(
            f"{agency.name}: tệp gốc {one.file_name} không còn nguyên trong kho"
        )
        return
    form = office.config.form(one.form, one.form_version).for_agency(agency)
    columns = form.columns_for(period.frequency)
    result = _read_until_sure(office, form, columns, one, data)
    if result is None:
        proof.unproved.append(
            f"Chưa đối chiếu được {len(one.figures)} ô của {agency.name}: "
            f"không có cách đọc thứ hai cho tệp {one.file_name}"
        )
        return
    proof.files += 1
    proof.cells += result.cells
    proof.differences += (f"{agency.name}: {t}" for t in texts(one.file_name, result.differences))
    if result.unproved:
        named = "; ".join(result.unproved[:MOST_UNPROVED])
        more = "; …" if len(result.unproved) > MOST_UNPROVED else ""
        proof.unproved.append(
            f"Chưa đối chiếu được {len(result.unproved)} ô của {agency.name}: {named}{more}"
        )


def _read_until_sure(
    office: Office, form: Form, columns: Sequence[Column], one: AcceptedFile, data: bytes
) -> FileProof | None:
    """Return the proof by the first reader that agrees, or else by the one that differs least."""
    found: list[FileProof] = []
    for read, given in _ways(data):
        try:
            pages = office.readers.run(read, given)
        except UnreadableFileError:
            continue
        found.append(prove_file(form, columns, one.figures, pages))
        if found[-1].is_clean:
            break
    return min(found, key=lambda p: (len(p.differences), len(p.unproved)), default=None)


def _ways(data: bytes) -> Iterator[tuple[originals.Read, bytes]]:
    """Yield each way to read an original, the quickest first, LibreOffice's where it is there."""
    if not originals.needs_conversion(data):
        yield originals.by_calamine, data
        yield originals.by_openpyxl, data
    if (as_xlsx := originals.converted(data)) is not None:
        yield originals.by_calamine, as_xlsx
        yield originals.by_openpyxl, as_xlsx
