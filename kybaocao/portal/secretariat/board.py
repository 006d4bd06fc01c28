"""The secretariat's board of agencies by periods, and each term's consolidation."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from kybaocao.adapters.workbooks.contact_files import workbook as table
from kybaocao.portal.desk import In, Overseer, Posted, Secretary, Signed
from kybaocao.portal.pages import XLSX, download
from kybaocao.rules.cells.text import clean
from kybaocao.rules.cycle.event_words import letter_words
from kybaocao.rules.cycle.mail_cause import cause_words
from kybaocao.rules.cycle.standing import MARKS, STATE_NAMES, State, days_words
from kybaocao.steps.cycle.remind import NotRemindedError, remind_now
from kybaocao.steps.standings import Standpoint
from kybaocao.steps.view.board import Asked, board
from kybaocao.steps.view.missing import HEADERS, missing_now, rows_of
from kybaocao.steps.view.term_view import term_view, term_workbook
from kybaocao.steps.view.today import today
from kybaocao.steps.visible import reports_of_term

router = APIRouter()
WORDS: dict[str, Any] = {
    "marks": MARKS,
    "days": days_words,
    "states": STATE_NAMES,
    "letter": letter_words,
    "cause": cause_words,
}


@router.get("/tong-hop")
def overview(
    signed: Overseer,
    duty: Annotated[str, Query(alias="nghia-vu")] = "",
    year: Annotated[str, Query(alias="nam")] = "",
    level: Annotated[str, Query(alias="cap")] = "",
    state: Annotated[str, Query(alias="trang-thai")] = "",
    missing: Annotated[str, Query(alias="con-thieu")] = "",
    text: Annotated[str, Query(alias="tim", max_length=200)] = "",
) -> HTMLResponse:
    office, regime = signed.office, signed.office.regime(signed.visitor.regime)
    # What was chosen from a list that has changed since stands for nothing chosen.
    asked = Asked(
        duty,
        int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
        level if level in regime.levels else "",
        State(state) if state in set(State) else None,
        missing == "1",
        clean(text),
    )
    return signed.page(
        "tong-hop.html",
        regime=regime,
        asked=asked,
        board=board(office, regime, asked, signed.now),
        today=today(office, regime, signed.now),
        missing=missing_now(office, regime, signed.now),
        **WORDS,
    )


@router.get("/tong-hop/{duty}/{period}")
def term(
    signed: In,
    duty: str,
    period: str,
    collector: Annotated[str, Query(alias="noi-nhan")] = "",
    sheet: Annotated[str, Query(alias="trang-tinh")] = "",
) -> HTMLResponse:
    view = term_view(signed.office, signed.visitor, duty, period, collector, sheet, signed.now)
    if view is None:
        raise HTTPException(404)
    lacking = [s for _, rows in view.groups for s in rows if not s.standing.is_settled]
    rows = rows_of(signed.office, lacking)
    known: dict[str, Any] = {"view": view, "sheet": sheet, "lacking": lacking, "lacking_rows": rows}
    return signed.page("tong-hop-ky.html", **{**known, **WORDS})


@router.post("/tong-hop/{duty}/{period}/nhac")
def remind_all(signed: Secretary, form: Posted, duty: str, period: str) -> Response:
    """Write today to every agency of a list that still owes this report."""
    codes = set(form.getlist("agency"))
    found = [s for s in _lacking(signed, duty, period) if s.agency.code in codes]
    actor = signed.visitor.address
    told = [_reminded(signed, stands, actor) for stands in found]
    done = "da-nhac-tat-ca" if told and all(told) else "da-nhac-mot-phan"
    return signed.back(f"/tong-hop/{duty}/{period}", done)


def _reminded(signed: Signed, stands: Standpoint, actor: str) -> bool:
    try:
        remind_now(signed.office, stands, actor, signed.now)
    except NotRemindedError:
        return False
    return True


@router.get("/tong-hop/{duty}/{period}/con-thieu.xlsx")
def missing_list(signed: Overseer, duty: str, period: str) -> Response:
    """Hand out who is missing, and whom to write to or call, as a workbook."""
    rows = rows_of(signed.office, _lacking(signed, duty, period))
    return download(f"con-thieu_{duty}_{period}.xlsx", table(HEADERS, rows, "Còn thiếu"), XLSX)


def _lacking(signed: Signed, duty: str, period: str) -> list[Standpoint]:
    found = reports_of_term(signed.office, signed.visitor, duty, period, signed.now)
    if not found:
        raise HTTPException(404)
    return [s for s in found if not s.standing.is_settled]


@router.get("/tong-hop/{duty}/{period}/tai")
def take(
    signed: In,
    duty: str,
    period: str,
    collector: Annotated[str, Query(alias="noi-nhan")] = "",
) -> Response:
    made = term_workbook(signed.office, signed.visitor, duty, period, collector, signed.now)
    if made is None:
        raise HTTPException(404)
    return download(*made, XLSX)
