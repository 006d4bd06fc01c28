"""The secretariat's board of agencies by periods, and each term's consolidation."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from kybaocao.portal.desk import In, Overseer
from kybaocao.portal.pages import XLSX, download
from kybaocao.rules.cycle.event_words import letter_words
from kybaocao.rules.cycle.standing import MARKS, STATE_NAMES, State, days_words
from kybaocao.steps.view.board import Asked, board
from kybaocao.steps.view.term_view import term_view, term_workbook
from kybaocao.steps.view.today import today

router = APIRouter()
WORDS: dict[str, Any] = {
    "marks": MARKS,
    "days": days_words,
    "states": STATE_NAMES,
    "letter": letter_words,
}


@router.get("/tong-hop")
def overview(
    signed: Overseer,
    duty: Annotated[str, Query(alias="nghia-vu")] = "",
    year: Annotated[str, Query(alias="nam")] = "",
    level: Annotated[str, Query(alias="cap")] = "",
    state: Annotated[str, Query(alias="trang-thai")] = "",
    missing: Annotated[str, Query(alias="con-thieu")] = "",
) -> HTMLResponse:
    office, regime = signed.office, signed.office.regime(signed.visitor.regime)
    # What was chosen from a list that has changed since stands for nothing chosen.
    asked = Asked(
        duty,
        int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
        level if level in regime.levels else "",
        State(state) if state in set(State) else None,
        missing == "1",
    )
    return signed.page(
        "tong-hop.html",
        regime=regime,
        asked=asked,
        board=board(office, regime, asked, signed.now),
        today=today(office, regime, signed.now),
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
    return signed.page("tong-hop-ky.html", view=view, sheet=sheet, **WORDS)


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
