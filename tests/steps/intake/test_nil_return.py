"""A nil return is a workbook that says that nothing happened, where a form can say so."""

import io
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.form.form import Form
from kybaocao.rules.form.nil_return import allows_nil, entries_to_ask
from kybaocao.rules.regime.access import Capacity, Visitor
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.nil_return import nil_offer, report_nil
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.intake.upload import Became
from kybaocao.steps.standings import Standpoint, standings
from tests.steps.conftest import QUARTERLY, REGIME, SMALL, at, workbook

OWN = "so-tu-phap"
OFFICER = Visitor(REGIME, OWN, "vanthu@so-tu-phap.quang-nam.example", "", Capacity.AGENCY)
THIRD, FOURTH = at("2016-09-05"), at("2016-12-05")
COVER = """
  - id: bia
    kind: entries
    name: Bìa
    title: Thông tin
    rows:
      - {code: BIA-01, name: Ngày ký, kind: date, required: true}
      - {code: BIA-02, name: Người ký}
      - {code: BIA-03, name: Đã có kế hoạch, kind: choice, required: true, choices: [Có, Không]}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The small office, with a cover on its form."""
    folder = tmp_path / "home"
    shutil.copytree(SMALL / "config", folder / "config")
    (folder / "templates").symlink_to(SMALL.parent.parent / "templates")
    form = folder / "config" / "forms" / "ngan.yaml"
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace("sheets:\n", f"sheets:{COVER}", 1), encoding="utf-8")
    return folder


@pytest.fixture
def stands(office: Office) -> Callable[[datetime], Standpoint]:
    def at_time(now: datetime) -> Standpoint:
        advance(office, REGIME, QUARTERLY, now)
        return standings(office, now, regime=REGIME, duty=QUARTERLY, agency=OWN)[-1]

    return at_time


TOLD = {"BIA-01": "2/9/2016", "BIA-02": "Giám đốc", "BIA-03": "Có"}


def test_the_cover_is_asked_for_and_stands_in_the_workbook(
    office: Office, stands: Callable[[datetime], Standpoint]
) -> None:
    offer = nil_offer(office, stands(THIRD), THIRD)
    assert offer is not None
    assert [entry.code for entry in offer.entries] == ["BIA-01", "BIA-02", "BIA-03"]
    outcome = report_nil(office, OFFICER, stands(THIRD), TOLD, THIRD)
    assert (outcome.became, outcome.is_nil, outcome.findings) == (Became.ACCEPTED, True, ())
    assert outcome.submission is not None
    assert outcome.file_name == "bao-cao-quy_2016-Q3_so-tu-phap_khong-phat-sinh.xlsx"
    book = load_workbook(io.BytesIO(office.archive.get(outcome.submission.sha256)))
    cover = [row[2].value for row in book["Bìa"].iter_rows() if row[0].value in TOLD]
    assert cover == [datetime(2016, 9, 2), "Giám đốc", "Có"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"BIA-01": ""}, "Hãy điền “Ngày ký”"),
        ({"BIA-01": "hôm qua"}, "“Ngày ký”: cần một ngày"),
        ({"BIA-03": "Có lẽ"}, "“Đã có kế hoạch”: cần một trong"),
    ],
)
def test_an_answer_that_does_not_fit_is_asked_about(
    office: Office,
    stands: Callable[[datetime], Standpoint],
    change: dict[str, str],
    said: str,
) -> None:
    with pytest.raises(RefusedError) as refused:
        report_nil(office, OFFICER, stands(THIRD), TOLD | change, THIRD)
    assert said in refused.value.told
    assert office.ledger.unknown() == []


def test_what_was_done_before_in_the_year_is_not_taken_back(
    office: Office, stands: Callable[[datetime], Standpoint]
) -> None:
    stands(THIRD)
    receipt = receive(office, Incoming(workbook(office, OWN), "a.xlsx", "folder", THIRD), THIRD)
    before = office.ledger.figures([receipt.submission.id])[receipt.submission.id]
    so_far = {f.row: f.value for f in before if f.column == "cumulative" and f.row != "HS-04"}
    assert any(so_far.values())
    outcome = report_nil(office, OFFICER, stands(FOURTH), TOLD, FOURTH)
    assert (outcome.became, outcome.findings) == (Became.ACCEPTED, ())
    assert outcome.submission is not None
    found = office.ledger.figures([outcome.submission.id])[outcome.submission.id]
    shown = {f.row: f.value for f in found if f.column == "cumulative" and f.row != "HS-04"}
    assert shown == so_far
    assert {f.value for f in found if f.column == "done"} <= {0, None}


def test_a_settled_report_takes_none(
    office: Office, stands: Callable[[datetime], Standpoint]
) -> None:
    report_nil(office, OFFICER, stands(THIRD), TOLD, THIRD)
    assert nil_offer(office, stands(THIRD), THIRD) is None
    with pytest.raises(RefusedError):
        report_nil(office, OFFICER, stands(THIRD), TOLD, THIRD)


def small(office: Office, **change: object) -> Form:
    return office.config.form("ngan").model_copy(update=change)


def test_a_plan_is_there_or_not_but_never_nil(office: Office) -> None:
    assert allows_nil(small(office), Frequency.QUARTER)
    assert not allows_nil(small(office, covers="kế hoạch"), Frequency.QUARTER)


def test_a_form_that_wants_more_than_nothing_takes_none(office: Office) -> None:
    form = small(office)
    sheets = [
        sheet.model_copy(
            update={"rows": tuple(r.model_copy(update={"minimum": 1}) for r in sheet.rows)}
        )
        if sheet.kind == "indicators"
        else sheet
        for sheet in form.sheets
    ]
    assert not allows_nil(small(office, sheets=tuple(sheets)), Frequency.QUARTER)


def test_a_form_that_wants_words_beside_its_figures_takes_none(office: Office) -> None:
    columns = tuple(
        column.model_copy(update={"required": True}) if column.text else column
        for column in small(office).columns
    )
    assert not allows_nil(small(office, columns=columns), Frequency.QUARTER)


def test_a_form_of_words_alone_takes_none(office: Office) -> None:
    form = small(office)
    words = tuple(sheet for sheet in form.sheets if sheet.kind == "entries")
    assert not allows_nil(small(office, sheets=words), Frequency.QUARTER)
    asked = entries_to_ask(small(office, sheets=words))
    assert [entry.code for entry in asked] == ["BIA-01", "BIA-02", "BIA-03"]
