"""Reports that are asked for outside the calendar: typed, looked at, sent, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from kybaocao.portal.desk import LONGEST_FIELD, Overseer, Posted, Secretary, Signed, day_of, text_of
from kybaocao.portal.pages import XLSX, download
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period, Window
from kybaocao.rules.cycle.request import Request
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.contact import Role
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.cycle.open_period import blank_workbook
from kybaocao.steps.decide import requests
from kybaocao.steps.decide.grants import Word
from kybaocao.steps.standings import counts, standings

router = APIRouter()
FIELDS = ("duty", "title", "form", "first", "last", "last_day", "reason", "granted_by")


@dataclass(frozen=True)
class Whom:
    """An agency that a request would be sent to, and the addresses that its letter goes to."""

    agency: Agency
    addresses: tuple[str, ...]


@router.get("/yeu-cau")
def asked_for(signed: Overseer) -> HTMLResponse:
    return _page(signed, dict.fromkeys(FIELDS, ""))


@router.post("/yeu-cau")
def look(signed: Secretary, form: Posted) -> Response:
    """Show what would be asked of whom; nothing is recorded."""
    typed = _typed(form)
    if text_of(form, "again"):
        return _page(signed, typed, chosen=_chosen(signed, form))
    try:
        request, duty = _drafted(signed, form)
    except RefusedError as error:
        return _page(signed, typed, error.told, _chosen(signed, form))
    regime = signed.office.regime(signed.visitor.regime)
    addresses: dict[str, list[str]] = {}
    for contact in signed.office.ledger.contacts(regime.id, role=Role.OFFICER.value):
        addresses.setdefault(contact.agency, []).append(contact.address)
    whom = [
        Whom(regime.agencies[code], tuple(addresses.get(code, ()))) for code in request.agencies
    ]
    return signed.page(
        "yeu-cau-xem.html",
        request=request,
        duty=duty,
        form_title=signed.office.config.form_titles[request.form],
        typed=typed,
        whom=whom,
        unreached=sum(1 for one in whom if not one.addresses),
    )


@router.post("/yeu-cau/bieu-mau")
def workbook(signed: Secretary, form: Posted) -> Response:
    """Hand out the workbook that the first agency would get."""
    request, duty = _drafted(signed, form)
    regime = signed.office.regime(signed.visitor.regime)
    # The number that it would get; no request has 0.
    before = signed.office.ledger.decisions.requests(
        regime=regime.id, duty=duty.id, year=request.year
    )
    numbered = replace(request, number=1 + len(before))
    asked, first = numbered.asked_of(duty), request.agencies[0]
    name, data = blank_workbook(signed.office, regime, asked, numbered.term, first)
    return download(name, data, XLSX)


@router.post("/yeu-cau/gui")
def ask(signed: Secretary, form: Posted) -> Response:
    """Record a request and open it at once, so that its letters go out today."""
    try:
        request, duty = _drafted(signed, form)
    except RefusedError as error:
        return _page(signed, _typed(form), error.told, _chosen(signed, form))
    signed.office.ledger.decisions.ask(request)
    advance(signed.office, request.regime, duty.id, signed.now)
    return signed.back("/yeu-cau", "da-yeu-cau")


@router.post("/yeu-cau/{duty}/{period}/thu-hoi")
def take_back(signed: Secretary, form: Posted, duty: str, period: str) -> Response:
    """Take a request back: whoever was asked owes nothing any more, and is told."""
    regime = signed.office.regime(signed.visitor.regime)
    try:
        asked, of = _duty(regime, duty), Period.parse(period)
    except (RefusedError, ValueError):
        raise HTTPException(404) from None
    reason, by = text_of(form, "reason", 500), text_of(form, "granted_by", 200)
    word = Word(reason, by, signed.visitor.address)
    try:
        requests.cancel(signed.office, regime, asked, of, word, signed.now)
    except RefusedError as error:
        return _page(signed, dict.fromkeys(FIELDS, ""), error.told)
    return signed.back("/yeu-cau", "da-thu-hoi-yeu-cau")


def _typed(form: FormData) -> dict[str, str]:
    return {name: text_of(form, name) for name in FIELDS}


def _drafted(signed: Signed, form: FormData) -> tuple[Request, Duty]:
    """Return the request that a form asks for. Raises RefusedError for one that does not fit."""
    regime = signed.office.regime(signed.visitor.regime)
    typed, chosen = _typed(form), _chosen(signed, form)
    duty = _duty(regime, typed["duty"])
    asked = typed["form"] or duty.form
    if asked not in _forms(signed, regime):
        raise RefusedError(f"{asked} is no form of {regime.id}", "Chọn một biểu mẫu có sẵn.")
    if not chosen:
        told = "Chưa chọn đơn vị nào. Đánh dấu ít nhất một đơn vị, hoặc chọn cả một cấp."
        raise RefusedError("nobody is asked", told)
    request = requests.drafted(
        signed.office,
        regime,
        duty,
        title=typed["title"],
        form=asked,
        agencies=chosen,
        window=Window(_day(form, "first"), _day(form, "last")),
        last_day=_day(form, "last_day"),
        word=Word(typed["reason"], typed["granted_by"], signed.visitor.address),
        now=signed.now,
    )
    return request, duty


def _chosen(signed: Signed, form: FormData) -> list[str]:
    """Return the codes that a form names, by themselves or by their whole level."""
    regime = signed.office.regime(signed.visitor.regime)
    levels = set(form.getlist("level"))
    whole = [a.code for a in _there(signed, regime) if a.level in levels]
    named = [code for code in form.getlist("agency") if isinstance(code, str)]
    kept = text_of(form, "agencies", LONGEST_FIELD).split()
    return list(dict.fromkeys([*named, *kept, *whole]))


def _there(signed: Signed, regime: Regime) -> list[Agency]:
    """Return the agencies of today."""
    today = signed.now.astimezone(VIETNAM).date()
    return [agency for agency in regime.agencies.values() if agency.exists_on(today)]


def _forms(signed: Signed, regime: Regime) -> dict[str, str]:
    """Return the titles of the forms that a regime's duties are on, by id."""
    titles = signed.office.config.form_titles
    return {form: titles[form] for form in dict.fromkeys(duty.form for duty in regime.duties)}


def _duty(regime: Regime, duty_id: str) -> Duty:
    for duty in regime.duties:
        if duty.id == duty_id and duty.takes_requests:
            return duty
    raise RefusedError(f"{duty_id} takes no requests", "Chọn loại báo cáo được yêu cầu.")


def _day(form: FormData, name: str) -> date:
    given = day_of(form, name)
    if given is None:
        told = "Điền đủ ba ngày: số liệu từ ngày, đến ngày, và hạn nộp."
        raise RefusedError(f"{name} is no day", told)
    return given


def _page(
    signed: Signed, typed: dict[str, str], fault: str = "", chosen: Sequence[str] = ()
) -> HTMLResponse:
    office = signed.office
    regime = office.regime(signed.visitor.regime)
    made = []
    for request in reversed(office.ledger.decisions.requests(regime=regime.id)):
        of = {"regime": regime.id, "duty": request.duty, "period": request.period.id}
        made.append((request, counts(standings(office, signed.now, **of))))
    levels: dict[str, list[Agency]] = {}
    for agency in _there(signed, regime):
        levels.setdefault(agency.level, []).append(agency)
    return signed.page(
        "yeu-cau.html",
        422 if fault else 200,
        made=made,
        duties=[duty for duty in regime.duties if duty.takes_requests],
        forms=_forms(signed, regime),
        levels={regime.levels[level]: found for level, found in levels.items()},
        typed=typed,
        fault=fault,
        chosen=chosen,
        today=signed.now.astimezone(VIETNAM).date(),
    )
