"""A leader's page: how punctual and complete the reports are."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from kybaocao.portal.desk import Overseer, Signed
from kybaocao.rules.cycle.standing import STATE_NAMES
from kybaocao.steps.view.results import Results, results

router = APIRouter()


@router.get("/ket-qua")
def shown(signed: Overseer, loai: str = "") -> HTMLResponse:
    return signed.page("ket-qua.html", found=_found(signed, loai), states=STATE_NAMES)


@router.get("/ket-qua/xu-huong.svg")
def trend(signed: Overseer, loai: str = "") -> Response:
    """Draw the rates of the latest terms; the page's table says the same in figures."""
    drawn = signed.desk.pages.render("xu-huong.svg", {"terms": _found(signed, loai).terms})
    return Response(drawn, media_type="image/svg+xml")


def _found(signed: Signed, duty: str) -> Results:
    regime = signed.office.regime(signed.visitor.regime)
    return results(signed.office, regime, duty, signed.now)
