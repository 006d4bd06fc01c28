"""What the secretariat decides about one report: return, accept, grant, remind."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from kybaocao.portal import sending
from kybaocao.portal.desk import Posted, Secretary, Signed, day_of, fault_of, text_of
from kybaocao.portal.report_page import report_page, ruling_known, seen_by
from kybaocao.rules.errors import RefusedError
from kybaocao.steps.cycle import remind
from kybaocao.steps.decide import grants, triage, wishes
from kybaocao.steps.decide.grants import Word
from kybaocao.steps.intake.acceptance import accept
from kybaocao.steps.intake.upload import upload
from kybaocao.steps.standings import Standpoint
from kybaocao.steps.visible import Seen

router = APIRouter()


@router.post("/bao-cao/{report_id}/nop-thay")
def send_for(signed: Secretary, form: Posted, report_id: int) -> Response:
    """Take in files that the agency sent in another way, as by paper or by phone."""
    seen = seen_by(signed, report_id)
    reason, at = text_of(form, "ly_do"), signed.complete_at
    try:
        words = sending.paper_words(form)
        files = sending.files_of(form)
        results = upload(signed.office, signed.visitor, seen.stands, files, reason, at, words)
    except RefusedError as error:
        return _again(signed, seen, form, "nop-thay", error)
    return report_page(signed, seen_by(signed, report_id), results=results)


def _give_back(signed: Signed, form: FormData, stands: Standpoint) -> None:
    """Return the accepted version to its agency."""
    reason, actor = text_of(form, "ly_do"), signed.visitor.address
    triage.give_back(signed.office, stands.owed, reason, actor, signed.now)


def _accept(signed: Signed, form: FormData, stands: Standpoint) -> None:
    """Let the latest version count although the checks returned it."""
    number, reason = text_of(form, "ban_nop"), text_of(form, "ly_do")
    submission_id = int(number) if number.isdecimal() else 0
    actor = signed.visitor.address
    accept(signed.office, stands, submission_id, reason, actor, signed.now)


def _extend(signed: Signed, form: FormData, stands: Standpoint) -> None:
    """Give the agency more time; its wishes for it are answered with that."""
    until = day_of(form, "den_ngay")
    if until is None:
        raise RefusedError("no day", "Ghi ngày gia hạn đến, ví dụ 20/09/2016.")
    of = (stands.regime, stands.duty, stands.period, stands.agency.code)
    grants.extend(signed.office, *of, until, _word(signed, form), signed.now)


def _decline(signed: Signed, form: FormData, stands: Standpoint) -> None:
    """Answer a wish for more time with no."""
    number = text_of(form, "xin")
    mine = {str(w.id): w.id for w in wishes.open_wishes(signed.office, stands.owed.id)}
    if number not in mine:
        raise RefusedError("no such wish", "Đề nghị gia hạn này không còn chờ trả lời.")
    reason, actor = text_of(form, "ly_do"), signed.visitor.address
    wishes.decline(signed.office, mine[number], reason, actor, signed.now)


def _waive(signed: Signed, form: FormData, stands: Standpoint) -> None:
    """Free the agency from this report."""
    of = (stands.regime, stands.duty, stands.period, stands.agency.code)
    grants.waive(signed.office, *of, None, _word(signed, form), signed.now)


def _withdraw(signed: Signed, form: FormData, stands: Standpoint) -> None:
    """Take back what was granted for this report."""
    of = (stands.regime, stands.duty, stands.period, stands.agency.code)
    grants.withdraw(signed.office, *of, _word(signed, form), signed.now)


def _remind(signed: Signed, form: FormData, stands: Standpoint) -> None:
    """Write to the agency today, whatever the ladder says."""
    remind.remind_now(signed.office, stands, signed.visitor.address, signed.now)


def _word(signed: Signed, form: FormData) -> Word:
    visitor = signed.visitor
    by = text_of(form, "nguoi_quyet_dinh", 200) or visitor.name or visitor.address
    return Word(text_of(form, "ly_do"), by, visitor.address)


# The last word of each act's address, and the act.
ACTS: dict[str, Callable[[Signed, FormData, Standpoint], None]] = {
    "tra-lai": _give_back,
    "chap-nhan": _accept,
    "gia-han": _extend,
    "tu-choi": _decline,
    "mien": _waive,
    "thu-hoi": _withdraw,
    "nhac": _remind,
}


@router.post("/bao-cao/{report_id}/quyet-dinh/{act}")
def decide_about(signed: Secretary, form: Posted, report_id: int, act: str) -> Response:
    """Carry out one of the secretariat's acts; the report's page says what came of it."""
    if act not in ACTS:
        raise HTTPException(404)
    seen = seen_by(signed, report_id)
    try:
        ACTS[act](signed, form, seen.stands)
    except RefusedError as error:
        return _again(signed, seen, form, act, error)
    return signed.back(f"/bao-cao/{report_id}", f"da-{act}")


def _again(
    signed: Signed, seen: Seen, form: FormData, failed: str, error: RefusedError
) -> Response:
    """Show the report's page with the fault, and what was typed kept."""
    known = ruling_known(signed, seen, **fault_of(form, failed, error))
    return report_page(signed, seen, 422, ruling=known)
