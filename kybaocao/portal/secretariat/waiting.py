"""The queue of what waits for a person."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from kybaocao.adapters.ledger import LetterStatus, Owed
from kybaocao.portal.desk import Overseer, Posted, Secretary, Signed, text_of
from kybaocao.portal.pages import download
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.ruling import PAPERS, Paper
from kybaocao.steps.decide import triage
from kybaocao.steps.view import waiting as waits

router = APIRouter()


@router.get("/cho-xu-ly")
def waiting(signed: Overseer) -> HTMLResponse:
    return _page(signed)


@router.get("/cho-xu-ly/{number}/tep")
def original(signed: Overseer, number: int) -> Response:
    for submission in signed.office.ledger.unknown(signed.visitor.regime):
        if submission.id == number:
            data = signed.office.archive.get(submission.sha256)
            return download(submission.file_name, data)
    raise HTTPException(404)


@router.post("/cho-xu-ly/{number}/giao")
def assign(signed: Secretary, number: int, form: Posted) -> Response:
    """Place a file as a version of a report."""
    return _done(
        signed,
        lambda: triage.assign(
            signed.office,
            number,
            _report(signed, form),
            *_word(signed, form),
            signed.now,
            signed.visitor.regime,
        ),
        "da-giao",
    )


@router.post("/cho-xu-ly/{number}/kem")
def attach(signed: Secretary, number: int, form: Posted) -> Response:
    """Keep a file beside a report, as a paper."""
    kind = text_of(form, "kind")
    if kind not in PAPERS:
        raise HTTPException(422)
    return _done(
        signed,
        lambda: triage.attach_waiting(
            signed.office,
            number,
            _report(signed, form),
            Paper(kind),
            signed.visitor.address,
            signed.now,
            signed.visitor.regime,
        ),
        "da-kem",
    )


@router.post("/cho-xu-ly/{number}/loai")
def reject(signed: Secretary, number: int, form: Posted) -> Response:
    """Decide that a file is no report."""
    return _done(
        signed,
        lambda: triage.reject(
            signed.office, number, *_word(signed, form), signed.now, signed.visitor.regime
        ),
        "da-loai",
    )


@router.post("/cho-xu-ly/{number}/hoi")
def ask(signed: Secretary, number: int, form: Posted) -> Response:
    """Ask an agency about a file by letter; it goes on waiting."""
    agency = text_of(form, "agency")
    return _done(
        signed,
        lambda: triage.ask(
            signed.office,
            number,
            signed.visitor.regime,
            agency,
            *_word(signed, form),
            signed.now,
            signed.visitor.regime,
        ),
        "da-hoi",
    )


def _done(signed: Signed, act: Callable[[], object], done: str) -> Response:
    try:
        act()
    except RefusedError as error:
        return _page(signed, error.told)
    return signed.back("/cho-xu-ly", done)


def _word(signed: Signed, form: FormData) -> tuple[str, str]:
    """Return the reason that was typed, and who types."""
    return text_of(form, "reason"), signed.visitor.address


def _report(signed: Signed, form: FormData) -> Owed:
    """Return the report that was chosen. Raises RefusedError if the agency owes none such."""
    duty, _, period = text_of(form, "term").partition("/")
    agency = text_of(form, "agency")
    owed = signed.office.ledger.find_owed(signed.visitor.regime, duty, period, agency)
    if owed is None:
        told = "Đơn vị đã chọn không phải nộp báo cáo đã chọn. Chọn lại báo cáo và đơn vị."
        raise RefusedError(f"{agency} owes no {duty}/{period}", told)
    return owed


def _page(signed: Signed, fault: str = "") -> HTMLResponse:
    office, regime = signed.office, signed.office.regime(signed.visitor.regime)
    known = {duty.id for duty in regime.duties}
    terms: dict[str, str] = {}
    for owed in reversed(office.ledger.owed(regime=regime.id)):
        key = f"{owed.duty}/{owed.period}"
        if key not in terms and owed.duty in known:
            period = Period.parse(owed.period)
            duty, _ = office.asked(regime, regime.duty(owed.duty), period)
            terms[key] = report_title(duty.name, period.label)
    failed = office.ledger.post.letters(status=LetterStatus.FAILED.value)
    return signed.page(
        "cho-xu-ly.html",
        409 if fault else 200,
        files=waits.waiting(office, regime.id),
        aside=waits.aside(office, regime.id),
        failed=[letter for letter in failed if letter.regime == regime.id],
        terms=terms,
        agencies={a.code: a.name for a in regime.agencies.values()},
        papers={kind.value: words for kind, words in PAPERS.items()},
        fault=fault,
    )
