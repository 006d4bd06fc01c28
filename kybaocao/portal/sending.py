"""Sending: files, a nil return, and a wish for more time."""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from kybaocao.portal.desk import In, Posted, Signed, day_of, fault_of, text_of
from kybaocao.portal.report_page import report_page, seen_by, sending_known
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.ruling import Paper
from kybaocao.steps.decide import wishes
from kybaocao.steps.intake.nil_return import report_nil
from kybaocao.steps.intake.upload import PaperWords, Upload, upload
from kybaocao.steps.visible import Seen

router = APIRouter()

FILES, NIL, WISH = "nop", "khong-phat-sinh", "xin-gia-han"
UNCONFIRMED = "Hãy đánh dấu ô xác nhận rồi gửi lại."
NO_DAY = "Hãy ghi ngày xin gia hạn, ví dụ 20/09/2016."
NO_SUCH_DAY = "Ngày ký phải ghi theo dạng ngày/tháng/năm, ví dụ 12/09/2016."


@router.post("/bao-cao/{report_id}/nop")
def send(signed: In, form: Posted, report_id: int) -> Response:
    """Take in the files of a report; say on its page what became of each."""
    seen = _own(signed, report_id)
    reason = text_of(form, "ly_do")
    try:
        results = upload(
            signed.office,
            signed.visitor,
            seen.stands,
            files_of(form),
            reason,
            signed.complete_at,
            paper_words(form),
        )
    except RefusedError as error:
        return _again(signed, seen, form, FILES, error)
    return report_page(signed, seen_by(signed, report_id), results=results)


@router.post("/bao-cao/{report_id}/khong-phat-sinh")
def send_nil(signed: In, form: Posted, report_id: int) -> Response:
    """Send a report that says that nothing happened."""
    seen = _own(signed, report_id)
    told = {name.removeprefix("o_"): text_of(form, name) for name in form if name[:2] == "o_"}
    try:
        if not text_of(form, "xac_nhan"):
            raise RefusedError("the nil return is not confirmed", UNCONFIRMED)
        at = signed.complete_at
        result = report_nil(signed.office, signed.visitor, seen.stands, told, at)
    except RefusedError as error:
        return _again(signed, seen, form, NIL, error)
    return report_page(signed, seen_by(signed, report_id), results=[result])


@router.post("/bao-cao/{report_id}/xin-gia-han")
def wish(signed: In, form: Posted, report_id: int) -> Response:
    """Record that a report's agency wishes for more time."""
    seen = _own(signed, report_id)
    try:
        until = _day(form, "den_ngay", NO_DAY)
        if until is None:
            raise RefusedError("no day was given", NO_DAY)
        actor, reason = signed.visitor.address, text_of(form, "ly_do_gia_han")
        at = signed.complete_at
        _, is_new = wishes.wish_for_time(signed.office, seen.stands, until, reason, actor, at)
    except RefusedError as error:
        return _again(signed, seen, form, WISH, error)
    return signed.back(f"/bao-cao/{report_id}", "da-xin-gia-han" if is_new else "da-xin-truoc")


def files_of(form: FormData) -> list[Upload]:
    """Return the files of a form's field `tep`; a field without a choice brings none."""
    chosen = [f for f in form.getlist("tep") if isinstance(f, UploadFile)]
    return [Upload(f.filename or "", f.file.read()) for f in chosen if f.filename or f.size]


def paper_words(form: FormData) -> PaperWords:
    """Return what a form says of the papers among its files. Raises RefusedError."""
    kind = text_of(form, "loai")
    return PaperWords(
        Paper(kind) if kind in list(Paper) else Paper.SIGNED,
        text_of(form, "so_ky_hieu", 64),
        _day(form, "ngay_ky", NO_SUCH_DAY),
        text_of(form, "nguoi_ky", 255),
    )


def _day(form: FormData, name: str, told: str) -> date | None:
    """Return the day that was typed; None for nothing. Raises RefusedError, which says `told`."""
    found = day_of(form, name)
    if found is None and text_of(form, name):
        raise RefusedError(f"what '{name}' holds is no day", told)
    return found


def _own(signed: Signed, report_id: int) -> Seen:
    seen = seen_by(signed, report_id)
    if not seen.is_own:
        raise HTTPException(404)
    return seen


def _again(
    signed: Signed, seen: Seen, form: FormData, failed: str, error: RefusedError
) -> Response:
    """Show the report's page with the fault, and what was typed kept."""
    known = sending_known(signed, seen, **fault_of(form, failed, error))
    return report_page(signed, seen, 422, sending=known)
