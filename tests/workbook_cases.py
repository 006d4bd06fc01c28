"""A small province with a form of every kind of sheet, and LibreOffice to open its workbooks."""

import atexit
import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import openpyxl
from openpyxl import Workbook

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.cycle.obligation import Term, term
from kybaocao.rules.cycle.standing import Standing, State
from kybaocao.rules.form.form import Figure, Form
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.report.consolidation import Consolidation, consolidate
from kybaocao.rules.report.received import ReceivedReport
from tests.levels import LEVELS
from tests.support import PATIENCE, need_program

SOURCE = "1908/QĐ-UBND, mục II.3"
BOTH = ("done", "cumulative")


def _row(code: str, name: str, columns: Iterable[str] = BOTH, **more: object) -> dict[str, object]:
    unit = more.pop("unit", "hồ sơ")
    return {
        "code": code,
        "name": name,
        "unit": unit,
        "columns": columns,
        "source": SOURCE,
        **more,
    }


FORM = Form.model_validate(
    {
        "id": "cchc-thu",
        "version": 3,
        "title": "Báo cáo công tác cải cách hành chính",
        "columns": [
            {"id": "planned", "name": "Kế hoạch năm"},
            {"id": "done", "name": "Thực hiện trong kỳ", "required": True},
            {"id": "cumulative", "name": "Lũy kế từ đầu năm", "periods": ["quarter"]},
            {"id": "note", "name": "Ghi chú", "text": True},
        ],
        "sheets": [
            {
                "kind": "entries",
                "id": "bia",
                "name": "Trang bìa",
                "title": "Thông tin báo cáo",
                "rows": [
                    {"code": "BIA-01", "name": "Người lập biểu", "required": True},
                    {"code": "BIA-02", "name": "Ngày ký văn bản", "kind": "date"},
                    {"code": "BIA-03", "name": "Điện thoại", "hint": "Ghi cả số 0 ở đầu"},
                    {
                        "code": "BIA-04",
                        "name": "Tình hình số liệu",
                        "kind": "choice",
                        "choices": ["Có phát sinh", "Không phát sinh, báo cáo bằng 0"],
                    },
                ],
            },
            {
                "kind": "indicators",
                "id": "tthc",
                "name": "3. TTHC",
                "title": "Cải cách thủ tục hành chính",
                "note": "Số liệu trên hệ thống một cửa.",
                "rows": [
                    _row("TT-01", "Tổng số hồ sơ đã giải quyết"),
                    _row("TT-02", "Giải quyết trước hạn và đúng hạn"),
                    _row("TT-03", "Giải quyết quá hạn"),
                    _row(
                        "TT-04",
                        "Tỷ lệ giải quyết trước hạn và đúng hạn",
                        unit="%",
                        kind="percent",
                        aggregate="ratio",
                        compute={"part": ["TT-02"], "whole": ["TT-01"]},
                    ),
                    _row("TT-05", "Số ngày trễ hẹn nhiều nhất", ["done"], aggregate="max"),
                    _row("TT-06", "Mức độ hài lòng", ["done"], kind="percent", aggregate="none"),
                ],
            },
            {
                "kind": "indicators",
                "id": "tc",
                "name": "Tài chính 'công' & thu",
                "title": "Cải cách tài chính công",
                "rows": [
                    _row(
                        "TC-01",
                        "Kinh phí thực hiện cải cách hành chính",
                        ["planned", "done", "cumulative"],
                        unit="triệu đồng",
                        kind="decimal",
                    ),
                    _row(
                        "TC-02",
                        "Số xã được kiểm tra",
                        unit="xã",
                        applies={"levels": ["huyen"]},
                    ),
                ],
            },
            {
                "kind": "table",
                "id": "nhiem-vu",
                "name": "Nhiệm vụ",
                "title": "Tiến độ nhiệm vụ được giao",
                "blank_rows": 5,
                "columns": [
                    {"id": "task", "name": "Nhiệm vụ", "required": True, "width": 40},
                    {"id": "due", "name": "Thời hạn", "kind": "date"},
                    {
                        "id": "state",
                        "name": "Tình trạng",
                        "kind": "choice",
                        "choices": ["Đã hoàn thành", "Quá hạn"],
                    },
                ],
            },
            {
                "kind": "entries",
                "id": "loi",
                "name": "Đánh giá",
                "title": "Đánh giá và kiến nghị",
                "rows": [
                    {"code": "ND-01", "name": "Kết quả nổi bật", "long": True, "required": True},
                    {"code": "ND-02", "name": "Kiến nghị, đề xuất", "long": True},
                ],
            },
        ],
        "rules": {
            "sums": [{"total": "TT-01", "parts": ["TT-02", "TT-03"]}],
            "within": [{"part": "TT-03", "whole": "TT-01"}],
            "cumulative": {"period": "done", "cumulative": "cumulative"},
        },
    }
)


def _agency(code: str, name: str, level: str) -> Agency:
    facts = {"code": code, "name": name, "short": name, "level": level, "source": SOURCE}
    return Agency.model_validate(facts)


AGENCIES = (
    _agency("so-tu-phap", "Sở Tư pháp", "so"),
    _agency("ubnd-tam-ky", "UBND thành phố Tam Kỳ", "huyen"),
    _agency("so-y-te", "Sở Y tế", "so"),
    _agency("ubnd-tay-giang", "UBND huyện Tây Giang", "huyen"),
)

REGIME = Regime.model_validate(
    {
        "id": "thu",
        "name": "Báo cáo cải cách hành chính",
        "province": "Quảng Nam",
        "document": {
            "number": "1908/QĐ-UBND",
            "date": date(2016, 6, 2),
            "issuer": "Ủy ban nhân dân tỉnh Quảng Nam",
            "title": "Quyết định",
        },
        "in_force": {"since": date(2016, 6, 2)},
        "secretariat": "so-noi-vu",
        "days_off": {"rule": "none", "source": "Giả định"},
        "corrected": "first-version",
        "duties": [
            {
                "id": "quy",
                "name": "Báo cáo quý",
                "clause": "Điều 1, V.1.d",
                "stated": "trước ngày 15 của tháng cuối quý",
                "reporters": {"levels": ["so", "huyen"]},
                "recipient": "so-noi-vu",
                "handling": "consolidate",
                "every": "quarter",
                "window": "mid-month",
                "deadline": {"before": 15},
                "opens": 15,
                "form": "cchc-thu",
            }
        ],
    }
).holding(
    {a.code: a for a in (*AGENCIES, _agency("so-noi-vu", "Sở Nội vụ", "so"))},
    levels=LEVELS,
)
DUTY: Duty = REGIME.duty("quy")


def term_of(period: str) -> Term:
    """Return the term of the province's only duty."""
    return term(REGIME, DUTY, Period.parse(period), WorkCalendar({}, {}))


TERM = term_of("2016-Q3")
QUARTER = TERM.period.frequency
AS_OF = datetime(2016, 9, 15, 7, 0, tzinfo=VIETNAM)

Values = Mapping[tuple[str, str], float | str | None]
_SHEETS = {row.code: s.id for s in FORM.sheets if s.kind != "table" for row in s.rows}


def report_of(agency: str, values: Values, version: int = 1) -> ReceivedReport:
    """Return an accepted report with a figure for each (row code, column) of `values`.

    A pair (`#2`, `task`) is the second row of the table.
    """
    figures = []
    for number, ((code, column), value) in enumerate(values.items(), 8):
        table = code.startswith("#")
        sheet = "nhiem-vu" if table else _SHEETS[code]
        figures.append(Figure(sheet, code.lstrip("#"), column, value, f"D{number}"))
    received = datetime(2016, 9, 10, 9, 30, tzinfo=VIETNAM)
    return ReceivedReport(agency, version, f"{agency}.xlsx", "ab12" * 16, received, tuple(figures))


def consolidated(reports: Mapping[str, Values]) -> Consolidation:
    """Return the consolidation of these agencies' values; the other agencies are late."""
    found = {code: report_of(code, values) for code, values in reports.items()}
    standings = {
        a.code: Standing(State.ACCEPTED, found[a.code].received_at, -4)
        if a.code in found
        else Standing(State.OVERDUE, None, 1)
        for a in AGENCIES
    }
    return consolidate(FORM, AGENCIES, standings, found, QUARTER)


GOOD: dict[str, Values] = {
    "so-tu-phap": {
        ("TT-01", "done"): 10,
        ("TT-02", "done"): 9,
        ("TT-03", "done"): 1,
        ("TT-01", "cumulative"): 30,
        ("TT-02", "cumulative"): 30,
        ("TT-03", "cumulative"): 0,
        ("TT-05", "done"): 4,
        ("TT-06", "done"): 91.5,
        ("TT-01", "note"): '=HYPERLINK("http://vi-du.example";"bấm")',
        ("TC-01", "planned"): 1250.5,
        ("TC-01", "done"): 0,
        ("TC-01", "cumulative"): None,
        ("BIA-01", ""): "Trần Thị B",
        ("BIA-02", ""): "2016-09-10",
        ("BIA-03", ""): "0905123456",
        ("ND-01", ""): "- Rút ngắn thời gian giải quyết 12 thủ tục\n- Niêm yết công khai",
        ("#1", "task"): "Xây dựng quy chế phối hợp",
        ("#1", "due"): "2016-10-30",
        ("#1", "state"): "Quá hạn",
    },
    "ubnd-tam-ky": {
        ("TT-01", "done"): 290,
        ("TT-02", "done"): 291 - 21,
        ("TT-03", "done"): 20,
        ("TT-05", "done"): 12,
        ("TC-01", "done"): 99.99,
        ("TC-02", "done"): 7,
        ("ND-01", ""): "Khai trương bộ phận một cửa hiện đại",
    },
    "ubnd-tay-giang": {
        ("TT-01", "done"): 0,
        ("TT-02", "done"): 0,
        ("TT-03", "done"): 0,
        ("TC-01", "done"): 0.01,
        ("TC-02", "done"): 0,
    },
}

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


@cache
def libreoffice_profile(recalculates: bool = False) -> str:
    """Return the option that names a profile of LibreOffice's, which stays for this process.

    LibreOffice trusts cached values unless it is told to recalculate on load. It takes longer to
    start with a new profile.
    """
    folder = Path(tempfile.mkdtemp(prefix="libreoffice-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if recalculates:
        (folder / "user").mkdir()
        (folder / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, "utf-8")
    return f"-env:UserInstallation={folder.as_uri()}"


def through_libreoffice(data: bytes, folder: Path, to: str = "xlsx") -> bytes:
    """Return `data` (xlsx) opened, recalculated and saved anew by LibreOffice."""
    return all_through_libreoffice({"book": data}, folder, to)["book"]


def all_through_libreoffice(
    books: Mapping[str, bytes], folder: Path, to: str = "xlsx"
) -> dict[str, bytes]:
    """Return workbooks (xlsx) by their names, opened, recalculated and saved by one LibreOffice."""
    soffice = need_program("soffice", "libreoffice")
    source = folder / "in"
    source.mkdir(exist_ok=True)
    for name, data in books.items():
        (source / f"{name}.xlsx").write_bytes(data)
    command = [soffice, libreoffice_profile(recalculates=True), "--headless", "--convert-to", to]
    command += ["--outdir", str(folder / "out"), *(str(source / f"{name}.xlsx") for name in books)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return {name: (folder / "out" / f"{name}.{to}").read_bytes() for name in books}


def opened(data: bytes, values: bool = True) -> Workbook:
    """Return the workbook with its values, or with its formulas."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def with_macro(data: bytes) -> bytes:
    """Return a workbook as Excel saves it with a macro in it."""
    source, buffer = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            plain = b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
            macro = b"vnd.ms-excel.sheet.macroEnabled.main+xml"
            made.writestr(name, source.read(name).replace(plain, macro))
        made.writestr("xl/vbaProject.bin", b"macro")
    return buffer.getvalue()
