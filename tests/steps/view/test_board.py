"""The board's rows and columns, and one term as those see it who oversee or collect it."""

import io
from dataclasses import replace
from datetime import date

from openpyxl import load_workbook

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.standing import State
from kybaocao.rules.regime.access import Capacity, Visitor
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide.grants import Word
from kybaocao.steps.decide.requests import ask
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.view.board import Asked, Board, board
from kybaocao.steps.view.term_view import TermView, term_view, term_workbook
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook
from tests.steps.cycle.test_tiers import COMMUNES, home

__all__ = ["home"]

NOW = at("2016-09-05", "09:00")
SECRETARY = Visitor(REGIME, "so-noi-vu", "vanthu@so-noi-vu.example", "", Capacity.SECRETARIAT)
DESK = replace(SECRETARY, agency="phong-noi-vu-tam-ky", capacity=Capacity.AGENCY)
HOI_AN = replace(DESK, agency="ubnd-hoi-an")
COMMUNE = replace(DESK, agency="xa-cam-ha")
Q3 = Period.parse("2016-Q3")


def shown(office: Office, **asked: object) -> Board:
    return board(office, office.regime(REGIME), Asked(**asked), NOW)  # type: ignore[arg-type]


def opened(office: Office) -> Office:
    for duty in (QUARTERLY, COMMUNES):
        advance(office, REGIME, duty, at("2016-09-01"))
    return office


def seen(office: Office, visitor: Visitor, collector: str = "", sheet: str = "") -> TermView | None:
    return term_view(office, visitor, COMMUNES, "2016-Q3", collector, sheet, NOW)


def send(office: Office, agency: str, **of: str) -> None:
    data = workbook(office, agency, **of)
    receive(office, Incoming(data, f"{agency}.xlsx", "hand", NOW), NOW)


def names(view: TermView) -> list[str]:
    return [stands.agency.code for _, rows in view.groups for stands in rows]


def test_the_duty_due_next_is_shown_first(office: Office) -> None:
    found = shown(opened(office))
    assert found.duty is not None
    # Communes by the 9th, their desk by the 11th, the districts by the 14th.
    assert found.duty.id == COMMUNES
    assert [(one.duty.id, one.last_day) for one in found.open] == [
        (COMMUNES, date(2016, 9, 11)),
        (QUARTERLY, date(2016, 9, 14)),
    ]
    assert found.tallies[0].due == "09/9/2016 và 11/9/2016"


def test_terms_stand_newest_first_and_six_of_them(office: Office) -> None:
    days = [f"{year}-{month}-15" for year in (2017, 2018) for month in ("03", "06", "09", "12")]
    for day in ("2016-09-15", "2016-12-15", *days):
        advance(office, REGIME, QUARTERLY, at(day))
    found = shown(office, duty=QUARTERLY)
    assert [t.period.id for t in found.tallies] == [
        *("2018-Q4", "2018-Q3", "2018-Q2", "2018-Q1", "2017-Q4", "2017-Q3")
    ]
    assert found.years == (2018, 2017, 2016)
    of_year = shown(office, duty=QUARTERLY, year=2016)
    assert [t.period.id for t in of_year.tallies] == ["2016-Q4", "2016-Q3"]


def test_levels_group_the_rows_and_narrow_the_counts(office: Office) -> None:
    found = shown(opened(office), duty=COMMUNES)
    assert [(name, len(rows)) for name, rows in found.groups] == [
        ("Phòng, ban cấp huyện", 1),
        ("UBND xã, phường, thị trấn", 3),
    ]
    narrowed = shown(office, duty=COMMUNES, level="xa")
    assert narrowed.tallies[0].number["total"] == 3
    assert [level.id for level in narrowed.levels] == ["phong", "xa"]


def test_a_row_is_kept_if_any_of_its_reports_is_as_asked(office: Office) -> None:
    opened(office)
    send(office, "xa-cam-ha", duty=COMMUNES)
    assert shown(office, duty=COMMUNES, is_missing_only=True).shown == 3
    assert shown(office, duty=COMMUNES, state=State.ACCEPTED).shown == 1
    both = shown(office, duty=COMMUNES, state=State.ACCEPTED, is_missing_only=True)
    assert both.shown == 0


def test_the_secretariat_sees_who_collects_what(office: Office) -> None:
    send(opened(office), "xa-cam-ha", duty=COMMUNES)
    view = seen(office, SECRETARY)
    assert view is not None
    counts = {
        one.code: (one.tally.number["accepted"], one.tally.number["total"])
        for one in view.collectors
    }
    assert counts == {"phong-noi-vu-tam-ky": (0, 3), "ubnd-hoi-an": (1, 1)}
    assert view.chosen is None
    assert (view.tally.number["total"], view.sheets) == (4, ())
    chosen = seen(office, SECRETARY, "ubnd-hoi-an")
    assert chosen is not None
    assert names(chosen) == ["xa-cam-ha"]
    assert chosen.sheets


def test_a_district_sees_what_it_collects_and_nothing_else(office: Office) -> None:
    opened(office)
    desk, hoi_an = seen(office, DESK), seen(office, HOI_AN)
    assert desk is not None
    assert hoi_an is not None
    assert names(desk) == ["phong-noi-vu-tam-ky", "phuong-an-my", "xa-tam-thanh"]
    assert names(hoi_an) == ["xa-cam-ha"]
    assert seen(office, HOI_AN, "phong-noi-vu-tam-ky") is None
    assert seen(office, COMMUNE) is None
    assert term_view(office, DESK, QUARTERLY, "2016-Q3", "", "", NOW) is None


def test_a_collectors_workbook_holds_its_own_reports_alone(office: Office) -> None:
    opened(office)
    for agency in ("xa-cam-ha", "xa-tam-thanh"):
        send(office, agency, duty=COMMUNES)
    take = (COMMUNES, "2016-Q3")
    made = term_workbook(office, DESK, *take, "", NOW)
    assert made is not None
    name, data = made
    assert name == "quang-nam_xa-bao-cao-quy_2016-Q3_20160905-0900_TAM-THOI-1-3.xlsx"
    sheet = load_workbook(io.BytesIO(data))["Tình hình nộp"]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert "Ủy ban nhân dân xã Tam Thanh" in texts
    assert "Ủy ban nhân dân xã Cẩm Hà" not in texts
    assert term_workbook(office, SECRETARY, *take, "", NOW) is None
    assert term_workbook(office, DESK, *take, "ubnd-hoi-an", NOW) is None
    assert term_workbook(office, COMMUNE, *take, "", NOW) is None
    several = term_workbook(office, SECRETARY, *take, "ubnd-hoi-an", NOW)
    assert several is not None
    assert several[0].endswith("_ubnd-hoi-an_20160905-0900_1-1.xlsx")


def test_each_agencys_figures_stand_beside_the_sums(office: Office) -> None:
    opened(office)
    for agency in ("so-tu-phap", "ubnd-tam-ky"):
        send(office, agency)
    view = term_view(office, SECRETARY, QUARTERLY, "2016-Q3", "", "", NOW)
    assert view is not None
    (sheet,) = view.sheets
    sums = {row.code: row for row in sheet.sums}
    assert sheet.columns == ("Kế hoạch năm", "Thực hiện trong kỳ", "Lũy kế từ đầu năm")
    # A share is asked for no plan, and computed anew from the sums.
    assert sums["HS-04"].values[0] == ""
    assert sums["HS-04"].values[1] not in ("", "–")
    assert (sums["HS-01"].given, sums["HS-01"].owing) == (2, 4)
    assert sheet.matrix is not None
    rows = dict(sheet.matrix.rows)
    at_communes = [code for code, _ in sheet.matrix.heads].index("HS-05")
    assert rows["Sở Tư pháp"][at_communes] == ""
    assert rows["Ủy ban nhân dân thành phố Tam Kỳ"][at_communes] not in ("", "–")
    assert set(rows["Sở Tài chính"]) == {"–", ""}


def test_what_was_asked_for_carries_its_own_title(office: Office) -> None:
    """A request renames the duty for its term alone."""
    regime, _ = office.duty(REGIME, QUARTERLY)
    duty = regime.duty(QUARTERLY).model_copy(update={"on_request": True})
    word = Word("Công văn", "Sở Nội vụ", "x@so-noi-vu.example")
    request, _ = ask(
        office,
        regime,
        duty,
        title="Báo cáo nhanh về hồ sơ đất đai",
        form="ngan",
        agencies=["so-tu-phap"],
        window=Q3.window(duty.window),  # type: ignore[arg-type]
        last_day=date(2016, 10, 14),
        word=word,
        now=NOW,
    )
    advance(office, REGIME, QUARTERLY, NOW)
    found = shown(office, duty=QUARTERLY)
    assert request.title in {one.title.partition(" – ")[0] for one in found.open}
    titles = {tally.period.id: tally.title for tally in found.tallies}
    assert titles[request.period.id].startswith("Báo cáo nhanh về hồ sơ đất đai")
    assert titles["2016-Q3"] == "Báo cáo cải cách hành chính quý III năm 2016"
