"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kybaocao.portal import rates
from kybaocao.portal.desk import Desk, In, Posted, desk_of
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.steps import access
from kybaocao.steps.post.send import send_letters

router = APIRouter()
AtDesk = Annotated[Desk, Depends(desk_of)]


@router.get("/")
def start(signed: In) -> Response:
    return RedirectResponse(access.home_of(signed.visitor), 303)


@router.get("/dang-nhap")
def ask(desk: AtDesk) -> HTMLResponse:
    return HTMLResponse(desk.pages.render("dang-nhap.html", {"asked": "", "visitor": None}))


@router.post("/dang-nhap")
def asked(
    request: Request,
    desk: AtDesk,
    later: BackgroundTasks,
    address: Annotated[str, Form(max_length=254)],
) -> HTMLResponse:
    """Send a link if the address is known; the answer says the same if it is not."""
    here = request.client.host if request.client else ""
    desk.rates.hold(rates.LETTERS_FROM_ONE, "letters-from", here)
    if desk.rates.allows(rates.LETTERS_TO_ONE, "letters-to", address.strip().lower()):
        later.add_task(_invite, desk, address)
    page = desk.pages.render("dang-nhap.html", {"asked": address, "visitor": None})
    return HTMLResponse(page)


def _invite(desk: Desk, address: str) -> None:
    """Queue the letter and send it at once: whoever asks for it is waiting."""
    if access.ask_to_sign_in(desk.office, address, desk.clock()) and desk.office.settings.mail.host:
        try:
            send_letters(desk.office, desk.clock)
        except KyBaoCaoError:
            # It stays queued, and the flow that sends letters says what is wrong.
            return


@router.get("/vao/{secret}")
def knock(request: Request, desk: AtDesk, secret: str) -> HTMLResponse:
    """Show a button; only pressing it uses the link, so that a mail scanner uses up nothing."""
    _hold(request, desk)
    link = desk.office.ledger.access.link(secret, desk.clock())
    known = {"secret": secret, "visitor": None, "link": link, "agency": ""}
    if link is not None and link.regime in desk.office.active:
        agencies = desk.office.regime(link.regime).agencies
        known["agency"] = agencies[link.agency].name if link.agency in agencies else link.agency
    return HTMLResponse(desk.pages.render("vao.html", known), 200 if link else 410)


@router.post("/vao/{secret}")
def enter(request: Request, desk: AtDesk, secret: str) -> Response:
    _hold(request, desk)
    former = request.cookies.get(desk.cookie, "")
    entered = access.sign_in(desk.office, secret, desk.clock(), former)
    if entered is None:
        known = {"secret": secret, "visitor": None, "link": None, "agency": ""}
        return HTMLResponse(desk.pages.render("vao.html", known), 410)
    session, path = entered
    answer = RedirectResponse(path, 303)
    answer.set_cookie(
        desk.cookie,
        session,
        max_age=int(access.SESSION_LASTS.total_seconds()),
        secure=desk.is_secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.post("/dang-xuat")
def leave(signed: In, form: Posted) -> Response:
    access.sign_out(signed.office, signed.secret, signed.visitor, signed.now)
    answer = RedirectResponse("/dang-nhap", 303)
    answer.delete_cookie(
        signed.desk.cookie, secure=signed.desk.is_secure, httponly=True, samesite="lax"
    )
    return answer


def _hold(request: Request, desk: Desk) -> None:
    desk.rates.hold(rates.TRIES_FROM_ONE, "tries", request.client.host if request.client else "")
