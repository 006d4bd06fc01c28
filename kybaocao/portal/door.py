"""Signing in and out."""

import re
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kybaocao.portal import rates
from kybaocao.portal.desk import Desk, In, Posted, desk_of
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.steps import access
from kybaocao.steps.post.send import send_letters

router = APIRouter()
# The page that somebody wanted when they were asked to sign in.
BACK_COOKIE = "ve"
OWN_PAGE = re.compile(r"/[A-Za-z0-9_-][A-Za-z0-9_./-]*")
AtDesk = Annotated[Desk, Depends(desk_of)]


@router.get("/")
def start(signed: In) -> Response:
    return RedirectResponse(access.home_of(signed.visitor), 303)


@router.get("/dang-nhap")
def ask(
    request: Request, desk: AtDesk, back: Annotated[str, Query(alias="ve", max_length=255)] = ""
) -> HTMLResponse:
    """Ask for an address; whoever came in by a letter's link need not type it again."""
    former = access.former_visitor(desk.office, request.cookies.get(desk.cookie, ""))
    return _door(desk, back=_own_page(back), known=former.address if former else "")


@router.post("/dang-nhap")
def asked(
    request: Request,
    desk: AtDesk,
    later: BackgroundTasks,
    address: Annotated[str, Form(max_length=254)],
    back: Annotated[str, Form(alias="ve", max_length=255)] = "",
) -> HTMLResponse:
    """Send a link if the address is known; the answer says the same if it is not."""
    _invite(request, desk, later, address)
    answer = _door(desk, asked=address)
    if page := _own_page(back):
        # The link comes by mail, and is opened in this browser as a rule.
        lasts = int(access.ASKED_LINK_LASTS.total_seconds())
        _set(answer, desk, BACK_COOKIE, page, lasts)
    return answer


def _door(desk: Desk, asked: str = "", back: str = "", known: str = "") -> HTMLResponse:
    seen = {"asked": asked, "back": back, "known": known, "visitor": None}
    return HTMLResponse(desk.pages.render("dang-nhap.html", seen))


def _own_page(given: str) -> str:
    """Return the address of a page of ours; nothing for what leads anywhere else."""
    return given if OWN_PAGE.fullmatch(given) else ""


def _invite(request: Request, desk: Desk, later: BackgroundTasks, address: str) -> None:
    here = request.client.host if request.client else ""
    desk.rates.hold(rates.LETTERS_FROM_ONE, "letters-from", here)
    if desk.rates.allows(rates.LETTERS_TO_ONE, "letters-to", address.strip().lower()):
        later.add_task(_send, desk, address)


def _send(desk: Desk, address: str) -> None:
    """Queue the letter and send it at once, after the page has been answered.

    One thread sends: it takes what others queue meanwhile, and a mail server that hangs holds up
    no page. What comes too late for it goes with the next round of the flow.
    """
    office = desk.office
    queued = access.ask_to_sign_in(office, address, desk.clock())
    if not queued or not office.settings.mail.host or not desk.posting.acquire(blocking=False):
        return
    try:
        send_letters(office, desk.clock, only=(Kind.SIGN_IN,))
    except KyBaoCaoError:
        # It stays queued, and the flow that sends letters says what is wrong.
        return
    finally:
        desk.posting.release()


@router.get("/vao/{secret}")
def knock(request: Request, desk: AtDesk, secret: str) -> HTMLResponse:
    """Show a button; only pressing it uses the link, so that a mail scanner uses up nothing."""
    _hold(request, desk)
    link = desk.office.ledger.access.link(secret, desk.clock())
    known = {"secret": secret, "visitor": None, "link": link, "agency": "", "afresh": False}
    if link is not None and link.regime in desk.office.active:
        agencies = desk.office.regime(link.regime).agencies
        known["agency"] = agencies[link.agency].name if link.agency in agencies else link.agency
        known["afresh"] = not access.opens_at_once(desk.office, link)
    return HTMLResponse(desk.pages.render("vao.html", known), 200 if link else 410)


@router.post("/vao/{secret}")
def enter(request: Request, desk: AtDesk, secret: str) -> Response:
    _hold(request, desk)
    former = request.cookies.get(desk.cookie, "")
    entered = access.sign_in(desk.office, secret, desk.clock(), former)
    if entered is None:
        known = {"secret": secret, "visitor": None, "link": None, "agency": "", "afresh": False}
        return HTMLResponse(desk.pages.render("vao.html", known), 410)
    session, path = entered
    asked_for = _own_page(request.cookies.get(BACK_COOKIE, "")) if path == "/" else ""
    answer = RedirectResponse(asked_for or path, 303)
    _set(answer, desk, desk.cookie, session, int(access.SESSION_LASTS.total_seconds()))
    answer.delete_cookie(BACK_COOKIE)
    return answer


def _set(answer: Response, desk: Desk, name: str, value: str, lasts: int) -> None:
    answer.set_cookie(
        name, value, max_age=lasts, secure=desk.is_secure, httponly=True, samesite="lax"
    )


@router.post("/dang-xuat")
def leave(signed: In, form: Posted) -> Response:
    access.sign_out(signed.office, signed.secret, signed.visitor, signed.now)
    answer = RedirectResponse("/dang-nhap", 303)
    answer.delete_cookie(
        signed.desk.cookie, secure=signed.desk.is_secure, httponly=True, samesite="lax"
    )
    return answer


@router.post("/dang-xuat/moi-noi")
def leave_everywhere(signed: In, form: Posted) -> Response:
    """End every session of who asks, and take back the links in their letters."""
    access.sign_out_everywhere(signed.office, signed.visitor, signed.now)
    answer = RedirectResponse("/dang-nhap", 303)
    answer.delete_cookie(
        signed.desk.cookie, secure=signed.desk.is_secure, httponly=True, samesite="lax"
    )
    return answer


def _hold(request: Request, desk: Desk) -> None:
    desk.rates.hold(rates.TRIES_FROM_ONE, "tries", request.client.host if request.client else "")
