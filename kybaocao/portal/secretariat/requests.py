"""Reports that are asked for outside the calendar."""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from kybaocao.portal.desk import Overseer, Posted, Secretary, Signed, day_of, text_of
from kybaocao.rules.calendar.period import Window
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide import requests
from kybaocao.steps.decide.grants import Word
from kybaocao.steps.standings import counts, standings

router = APIRouter()
FIELDS = ("duty", "title", "form", "first", "last", "last_day", "reason", "granted_by")


@router.get("/yeu-cau")
def asked_for(signed: Overseer) -> HTMLResponse:
    return _page(signed, dict.fromkeys(FIELDS, ""))


@router.post("/yeu-cau")
def ask(signed: Secretary, form: Posted) -> Response:
    """Record a request and open it at once, so that its letters go out today."""
    regime = signed.office.regime(signed.visitor.regime)
    typed = {name: text_of(form, name) for name in FIELDS}
    try:
        duty = _duty(regime, typed["duty"])
        requests.ask(
            signed.office,
            regime,
            duty,
            title=typed["title"],
            form=typed["form"] or duty.form,
            agencies=_chosen(form),
            window=Window(_day(form, "first"), _day(form, "last")),
            last_day=_day(form, "last_day"),
            word=Word(typed["reason"], typed["granted_by"], signed.visitor.address),
            now=signed.now,
        )
    except RefusedError as error:
        return _page(signed, typed, error.told, _chosen(form))
    advance(signed.office, regime.id, duty.id, signed.now)
    return signed.back("/yeu-cau", "da-yeu-cau")


def _chosen(form: FormData) -> list[str]:
    return [code for code in form.getlist("agency") if isinstance(code, str)]


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
    signed: Signed, typed: dict[str, str], fault: str = "", chosen: list[str] | None = None
) -> HTMLResponse:
    office, today = signed.office, signed.now.date()
    regime = office.regime(signed.visitor.regime)
    made = []
    for request in reversed(office.ledger.decisions.requests(regime=regime.id)):
        of = {"regime": regime.id, "duty": request.duty, "period": request.period.id}
        made.append((request, counts(standings(office, signed.now, **of))))
    levels: dict[str, list[tuple[str, str]]] = {}
    for agency in regime.agencies.values():
        if agency.exists_on(today):
            heading = regime.levels[agency.level].heading
            levels.setdefault(heading, []).append((agency.code, agency.name))
    return signed.page(
        "yeu-cau.html",
        422 if fault else 200,
        made=made,
        duties=[duty for duty in regime.duties if duty.takes_requests],
        forms=office.config.form_titles,
        levels=levels,
        typed=typed,
        fault=fault,
        chosen=chosen or [],
        today=today,
    )
