"""The portal as an application: its routes, its guard, and what it says when something fails."""

import errno
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from kybaocao import runtime
from kybaocao.adapters.archive import ArchiveFullError
from kybaocao.adapters.ledger import LedgerAwayError
from kybaocao.portal import door, kept, reports, sending
from kybaocao.portal.desk import Desk, NotSignedInError, desk_of
from kybaocao.portal.guard import A_YEAR, HEADERS, SAFE_METHODS, Guard
from kybaocao.portal.pages import Pages
from kybaocao.portal.rates import Rates
from kybaocao.portal.secretariat import (
    board,
    contacts,
    letters,
    log,
    requests,
    results,
    rulings,
    waiting,
)
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.access import Visitor
from kybaocao.rules.regime.regime import HelpLine
from kybaocao.runtime import Office

LOG = logging.getLogger("kybaocao.portal")
ROOMS = (
    *(door, kept, reports, sending, board, rulings, waiting, requests, contacts, letters, log),
    results,
)
# Form fields and boundaries beside the files themselves.
ROOM_BESIDE_FILES = 1024 * 1024

SAID = {
    400: "Yêu cầu không đọc được. Hãy quay lại trang trước và thử lại.",
    403: "Trang đã mở quá lâu hoặc được gửi từ nơi khác. Hãy mở lại trang rồi thử lại.",
    404: "Không có trang này, hoặc trang không thuộc đơn vị của bạn.",
    405: "Không có trang này, hoặc trang không thuộc đơn vị của bạn.",
    408: "Đường truyền ngừng quá lâu nên nội dung chưa được nhận. Hãy gửi lại.",
    413: "Tệp quá lớn nên không được nhận. Hãy gửi tệp nhỏ hơn.",
    422: "Có ô chưa điền đúng. Hãy quay lại trang trước, kiểm tra và gửi lại.",
    429: "Đã thử quá nhiều lần. Hãy chờ một lúc rồi thử lại.",
    500: "Hệ thống gặp lỗi và việc vừa làm có thể chưa được ghi nhận. Hãy thử lại; nếu vẫn lỗi, "
    "báo cho quản trị viên.",
    503: "Hệ thống đang bận nên việc vừa làm chưa được nhận. Hãy chờ ít phút, mở lại trang trước "
    "để kiểm tra, rồi gửi lại phần chưa có.",
    507: "Máy chủ hết chỗ lưu nên việc vừa làm chưa được nhận. Hãy báo cho quản trị viên; khi đã "
    "xử lý xong, mở lại trang trước để kiểm tra, rồi gửi lại phần chưa có.",
}
# In seconds.
RETRY_AFTER = 60


def portal(office: Office, clock: Callable[[], datetime] = runtime.now) -> FastAPI:
    """Return the portal of an office. Nothing of it describes itself to strangers."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    pages = Pages(office.settings.home / "templates" / "portal")
    pages.tell_helps(partial(_helps, office))
    app.state.desk = Desk(office, clock, pages, Rates())
    for room in ROOMS:
        app.include_router(room.router)
    app.mount("/tinh", Static(directory=pages.static))
    largest = office.settings.largest_file_mib * 1024 * 1024 + ROOM_BESIDE_FILES
    is_https = office.settings.portal.url.startswith("https://")
    app.add_middleware(Guard, largest=largest, is_https=is_https)
    app.add_exception_handler(NotSignedInError, _sign_in_first)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(RefusedError, _not_done)
    app.add_exception_handler(ArchiveFullError, _full)
    app.add_exception_handler(LedgerAwayError, _away)
    app.add_exception_handler(OSError, _no_room)
    app.add_exception_handler(Exception, _failed)
    return app


def _helps(office: Office, visitor: Visitor | None) -> list[tuple[str, HelpLine]]:
    """Return whom to ask: of the visitor's regime, or of each active one with its province."""
    named = [visitor.regime] if visitor else list(office.settings.active)
    regimes = [office.regime(name) for name in named]
    several = len({regime.contact for regime in regimes}) > 1
    found = [(r.province if several else "", r.contact) for r in regimes if r.contact]
    return list(dict.fromkeys(found))


class Static(StaticFiles):
    """Our own files; their addresses change with their bytes, so they may be kept."""

    def file_response(self, *args: object, **named: object) -> Response:
        answer = super().file_response(*args, **named)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return answer


async def _sign_in_first(request: Request, error: Exception) -> Response:
    desk = desk_of(request)
    if request.method in SAFE_METHODS:
        asked = request.url.path
        return RedirectResponse("/dang-nhap" + (f"?ve={quote(asked)}" if asked != "/" else ""), 303)
    found = await kept.keep(request, request.cookies.get(desk.cookie, ""))
    token, post = found or ("", None)
    known = {"token": token, "post": post, "visitor": None}
    return HTMLResponse(desk.pages.render("het-phien.html", known), 401)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 (registered for nothing else)
    answer = _page(request, error.status_code, SAID.get(error.status_code, SAID[400]))
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _misread(request: Request, error: Exception) -> Response:
    # What is no number in an address is no page.
    assert isinstance(error, RequestValidationError)  # noqa: S101 (registered for nothing else)
    in_address = any(fault["loc"][:1] == ("path",) for fault in error.errors())
    return _page(request, 404 if in_address else 422, SAID[404 if in_address else 422])


def _not_done(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101 (registered for nothing else)
    return _page(request, 409, error.told)


def _full(request: Request, error: Exception) -> Response:
    LOG.error("the archive cannot be written: %s", error)
    return _page(request, HTTPStatus.INSUFFICIENT_STORAGE, str(error))


def _away(request: Request, error: Exception) -> Response:
    assert isinstance(error, LedgerAwayError)  # noqa: S101 (registered for nothing else)
    LOG.error("%s", error)
    if error.is_full:
        return _page(request, HTTPStatus.INSUFFICIENT_STORAGE, SAID[507])
    answer = _page(request, HTTPStatus.SERVICE_UNAVAILABLE, SAID[503])
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _no_room(request: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)  # noqa: S101 (registered for nothing else)
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        raise error
    LOG.error("nothing can be written: %s", error)
    return _page(request, HTTPStatus.INSUFFICIENT_STORAGE, SAID[507])


def _failed(request: Request, error: Exception) -> Response:
    answer = _page(request, 500, SAID[500])
    # What nobody foresaw is answered outside the guard.
    answer.headers.update({**HEADERS, "Cache-Control": "no-store"})
    return answer


def _page(request: Request, status: int, said: str) -> HTMLResponse:
    known = {"said": said, "status": status, "visitor": None}
    return HTMLResponse(desk_of(request).pages.render("loi.html", known), status)
