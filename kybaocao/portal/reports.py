"""An agency's reports: what is due, what was sent, and each report's story."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from kybaocao.adapters.ledger import Submission
from kybaocao.portal.desk import In, Posted, Signed, text_of
from kybaocao.portal.pages import XLSX, download
from kybaocao.portal.report_page import report_page, seen_by
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.regime.names import agency_name
from kybaocao.steps import visible
from kybaocao.steps.intake import papers
from kybaocao.steps.view import report_lists, report_story
from kybaocao.steps.view.report_facts import sent_by
from kybaocao.steps.visible import Seen

router = APIRouter()


@router.get("/bao-cao")
def reports(signed: In) -> HTMLResponse:
    office, visitor, now = signed.office, signed.visitor, signed.now
    regime, today = office.regime(visitor.regime), now.astimezone(VIETNAM).date()
    # Whoever sees everyone's has a board for them.
    others = [] if visitor.sees_all else visible.collected_reports(office, visitor, now)
    return signed.page(
        "bao-cao.html",
        agency=agency_name(regime, visitor.agency),
        own=report_lists.arranged(office, visible.own_reports(office, visitor, now), now),
        collected=report_lists.collected(others, today),
        coming=report_lists.coming(office, visitor, now),
        sent_by=sent_by,
    )


@router.get("/bao-cao/{report_id}")
def report(signed: In, report_id: int) -> HTMLResponse:
    return report_page(signed, seen_by(signed, report_id))


@router.get("/bao-cao/{report_id}/bieu-mau")
def blank(signed: In, report_id: int) -> Response:
    """Hand out the report's own empty workbook."""
    seen = seen_by(signed, report_id)
    name, data = report_story.blank_of(signed.office, seen.stands)
    return download(name, data, XLSX)


@router.get("/ban-nop/{submission_id}/tep")
def original(signed: In, submission_id: int) -> Response:
    """Hand out a version as it was sent, byte for byte."""
    _, version = _version(signed, submission_id)
    return download(version.file_name, signed.office.archive.get(version.sha256))


@router.get("/ban-nop/{submission_id}/danh-dau")
def marked(signed: In, submission_id: int) -> Response:
    """Hand out a returned version with its faults shown in place."""
    seen, version = _version(signed, submission_id)
    if version.verdict is not Verdict.RETURNED:
        raise HTTPException(404)
    name, data = report_story.marked_of(signed.office, seen.stands, version)
    return download(name, data, XLSX)


@router.get("/ban-nop/{submission_id}/bien-nhan")
def receipt(signed: In, submission_id: int) -> HTMLResponse:
    """Show the receipt of an accepted version, to be printed."""
    seen, version = _version(signed, submission_id)
    if version.verdict is not Verdict.ACCEPTED:
        raise HTTPException(404)
    facts = report_story.receipt_of(signed.office, seen.stands, version, signed.now)
    return signed.page("bien-nhan.html", receipt=facts)


@router.get("/tai-lieu/{document_id}")
def paper(signed: In, document_id: int) -> Response:
    """Hand out a paper that came beside a report."""
    found = visible.document(signed.office, signed.visitor, document_id, signed.now)
    if found is None:
        raise HTTPException(404)
    _, document = found
    return download(document.file_name, signed.office.archive.get(document.sha256))


@router.post("/tai-lieu/{document_id}/bo")
def take_away(signed: In, form: Posted, document_id: int) -> Response:
    """Take a paper away from its report, by its sender's agency or by the secretariat."""
    found = visible.document(signed.office, signed.visitor, document_id, signed.now)
    if found is None or not (found[0].is_own or signed.visitor.decides):
        raise HTTPException(404)
    seen, document = found
    reason, actor = text_of(form, "ly_do", 500), signed.visitor.address
    papers.take_away(signed.office, document, reason, signed.complete_at, actor)
    return signed.back(f"/bao-cao/{seen.stands.owed.id}", "da-bo-tai-lieu")


def _version(signed: Signed, submission_id: int) -> tuple[Seen, Submission]:
    found = visible.submission(signed.office, signed.visitor, submission_id, signed.now)
    if found is None:
        raise HTTPException(404)
    return found
