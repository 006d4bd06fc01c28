"""A leader's page: how punctual and complete the reports are."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from kybaocao.adapters.workbooks.contact_files import workbook
from kybaocao.portal.desk import Overseer, Signed
from kybaocao.portal.pages import XLSX, download
from kybaocao.rules.cycle.standing import days_words
from kybaocao.steps.view.results import Results, results, table_of

router = APIRouter()
Year = Annotated[str, Query(alias="nam")]


@router.get("/ket-qua")
def shown(signed: Overseer, loai: str = "", year: Year = "") -> HTMLResponse:
    return signed.page("ket-qua.html", found=_found(signed, loai, year), days=days_words)


@router.get("/ket-qua/tai.xlsx")
def as_workbook(signed: Overseer, loai: str = "", year: Year = "") -> Response:
    """Hand out the agencies' results as a workbook."""
    found = _found(signed, loai, year)
    name = f"ket-qua_{found.duty.id if found.duty else signed.visitor.regime}"
    data = workbook(*table_of(found), "Kết quả")
    return download(f"{name}{f'_{found.year}' if found.year else ''}.xlsx", data, XLSX)


@router.get("/ket-qua/xu-huong.svg")
def trend(signed: Overseer, loai: str = "", year: Year = "") -> Response:
    """Draw the rates of the terms shown; the page's table says the same in figures."""
    drawn = signed.desk.pages.render("xu-huong.svg", {"terms": _found(signed, loai, year).terms})
    return Response(drawn, media_type="image/svg+xml")


def _found(signed: Signed, duty: str, year: str) -> Results:
    regime = signed.office.regime(signed.visitor.regime)
    asked = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None
    return results(signed.office, regime, duty, signed.now, asked)
