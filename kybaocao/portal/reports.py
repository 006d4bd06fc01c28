"""An agency's reports: what is due, what was sent, and each report's story."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from kybaocao.portal.desk import In
from kybaocao.steps import visible

router = APIRouter()


@router.get("/bao-cao")
def reports(signed: In) -> HTMLResponse:
    own = visible.own_reports(signed.office, signed.visitor, signed.now)
    return signed.page("bao-cao.html", own=own)
