"""What every page needs: the office, the clock, the templates, and who is asking."""

import hmac
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from threading import Lock
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from kybaocao.portal.pages import Pages
from kybaocao.portal.rates import ACTS_OF_ONE, Rates
from kybaocao.rules.cells.text import clean
from kybaocao.rules.errors import KyBaoCaoError, RefusedError
from kybaocao.rules.regime.access import Visitor
from kybaocao.runtime import Office
from kybaocao.steps import access

LOG = logging.getLogger("kybaocao.portal")
# In seconds: how often requests look whether config was edited.
LOOK_EVERY = 2.0
MOST_FILES, MOST_FIELDS, LONGEST_FIELD = 10, 500, 64 * 1024
CSRF_FIELD = "_csrf"
# In a request's scope: when a form that was kept had arrived.
SENT_ON = "kybaocao.sent-on"
BESIDE_REPORTS = ("/ban-nop/", "/tai-lieu/", "/dang-xuat")
TOO_MANY_FILES = (
    f"Mỗi lần gửi được nhiều nhất {MOST_FILES} tệp. Chưa nhận tệp nào; hãy chia thành nhiều lần."
)
# What a page says after an act: only these sentences, whatever the address asks for.
DONE = {
    "da-tra-lai": "Đã trả lại báo cáo; đơn vị nhận thư kèm lý do.",
    "da-chap-nhan": "Đã chấp nhận báo cáo; đơn vị nhận biên nhận.",
    "da-gia-han": "Đã gia hạn; đơn vị nhận thư báo hạn mới.",
    "da-tu-choi": "Đã trả lời không gia hạn; đơn vị nhận thư.",
    "da-mien": "Đã miễn báo cáo này; đơn vị nhận thư báo.",
    "da-thu-hoi": "Đã thu hồi; đơn vị nhận thư báo.",
    "da-nhac": "Đã đưa thư nhắc vào hàng gửi.",
    "da-nhac-tat-ca": "Đã đưa thư nhắc vào hàng gửi cho mọi đơn vị đã chọn.",
    "da-nhac-mot-phan": "Có đơn vị không được nhắc thêm: hôm nay đã nhắc, hoặc chưa có địa chỉ. "
    "Cột “Đã nhắc” ghi lần nhắc gần nhất.",
    "da-yeu-cau": "Đã gửi yêu cầu; thư mở kỳ kèm biểu mẫu sẽ đến các đơn vị trong ít phút.",
    "da-thu-hoi-yeu-cau": "Đã thu hồi yêu cầu; các đơn vị nhận thư báo không phải nộp nữa.",
    "da-giao": "Đã giao tệp cho báo cáo; đơn vị nhận thư trả lời.",
    "da-kem": "Đã lưu tệp làm tài liệu kèm theo báo cáo.",
    "da-bo-tai-lieu": "Đã bỏ tài liệu khỏi báo cáo; nhật ký vẫn ghi tệp nào, ai bỏ, vì sao.",
    "da-loai": "Đã loại tệp; tệp gốc vẫn được lưu.",
    "da-hoi": "Đã gửi thư hỏi đơn vị; tệp vẫn chờ xử lý.",
    "da-luu-danh-ba": "Đã lưu danh bạ.",
    "da-cho-gui": "Đã cho gửi thư; thư đang chờ đi trong giờ làm việc.",
    "da-gui-lai": "Đã đưa thư vào lượt gửi tới.",
    "da-gui": "Đã nhận tệp.",
    "da-xin-gia-han": "Đã gửi yêu cầu gia hạn; chưa có trả lời thì hạn nộp không thay đổi.",
    "da-xin-truoc": "Yêu cầu gia hạn này đã gửi trước đó.",
}


class NotSignedInError(KyBaoCaoError):
    """A page for which somebody must sign in first."""


@dataclass(frozen=True)
class Desk:
    """The portal of one office; `clock` is the only one."""

    office: Office
    clock: Callable[[], datetime]
    pages: Pages
    rates: Rates
    # Held by the one thread that sends sign-in letters.
    posting: Lock = field(default_factory=Lock)
    looking: "Looking" = field(default_factory=lambda: Looking())

    @property
    def is_secure(self) -> bool:
        """Whether people come by https, or on this machine alone."""
        return not self.office.settings.portal.url.startswith("http://")

    @property
    def cookie(self) -> str:
        """The session cookie's name; its prefix binds it to this host (RFC 6265bis, 4.1.3.2)."""
        return "__Host-phien" if self.is_secure else "phien"


@dataclass(frozen=True)
class Signed:
    """A request by somebody who is signed in, at `now`.

    `csrf` is the word that a form of their pages must bring; it cannot be had from elsewhere.
    """

    desk: Desk
    request: Request
    visitor: Visitor
    secret: str
    csrf: str
    now: datetime

    @property
    def office(self) -> Office:
        return self.desk.office

    @property
    def complete_at(self) -> datetime:
        """When the whole request had arrived, however long it then waited for its turn."""
        at: datetime = getattr(self.request.state, "complete_at", self.now)
        return at

    def page(self, template: str, status: int = 200, **known: Any) -> HTMLResponse:
        """Return a page of `templates/portal/`, rendered with what it needs to know."""
        request = self.request
        seen = {
            "visitor": self.visitor,
            "csrf": self.csrf,
            "now": self.now,
            "path": request.url.path,
            "done": DONE.get(request.query_params.get("xong", ""), ""),
        }
        return HTMLResponse(self.desk.pages.render(template, {**seen, **known}), status)

    def back(self, path: str, done: str = "") -> RedirectResponse:
        """Return the answer to an act: another page, which says the sentence `DONE[done]`."""
        return RedirectResponse(f"{path}?xong={done}" if done else path, 303)


class Looking:
    """Looks now and then whether config was edited; of requests at once only one looks."""

    def __init__(self, every: float = LOOK_EVERY) -> None:
        self._every = every
        self._next = 0.0
        self._lock = threading.Lock()

    def at(self, office: Office) -> Office:
        """Return the office with the config that holds now, or as it is while others look."""
        if time.monotonic() < self._next or not self._lock.acquire(blocking=False):
            return office
        try:
            return office.refreshed()
        except Exception:
            # Whatever is wrong with config or data, pages go on with what they have.
            LOG.exception("config could not be looked at")
            return office
        finally:
            self._next = time.monotonic() + self._every
            self._lock.release()


def desk_of(request: Request) -> Desk:
    """Return the desk at which a whole request is answered: with one config."""
    kept: Desk | None = getattr(request.state, "desk", None)
    if kept is None:
        kept = request.app.state.desk
        found = kept.looking.at(kept.office)
        if found is not kept.office:
            kept = request.app.state.desk = replace(kept, office=found)
        request.state.desk = kept
    return kept


def signed_in(request: Request) -> Signed:
    """Return who asks. Raises NotSignedInError if nobody is signed in."""
    desk = desk_of(request)
    now = desk.clock()
    secret = request.cookies.get(desk.cookie, "")
    found = access.entered(desk.office, secret, now) if secret else None
    if found is None or not _leads_to(found.visitor, request.url.path):
        raise NotSignedInError("nobody is signed in")
    return Signed(desk, request, found.visitor, secret, found.word, now)


def _leads_to(visitor: Visitor, path: str) -> bool:
    """Return whether a visitor's way in leads to a page; a letter's link to its report's alone.

    What lies beside a report has numbers of its own, for which `steps.visible` asks.
    """
    page = "/".join(path.split("/")[:3])
    return visitor.may_open(page) or path.startswith(BESIDE_REPORTS)


def overseer(signed: Annotated[Signed, Depends(signed_in)]) -> Signed:
    """Return who asks if they may see everyone's reports; for others the page is not there."""
    return _only(signed, signed.visitor.sees_all)


def secretary(signed: Annotated[Signed, Depends(signed_in)]) -> Signed:
    """Return who asks if they decide about reports; for others the page is not there."""
    return _only(signed, signed.visitor.decides)


def keeper(signed: Annotated[Signed, Depends(signed_in)]) -> Signed:
    """Return who asks if they keep the contacts; for others the page is not there."""
    return _only(signed, signed.visitor.keeps_contacts)


def _only(signed: Signed, may: bool) -> Signed:
    if not may:
        raise HTTPException(404)
    return signed


async def posted(
    request: Request, signed: Annotated[Signed, Depends(signed_in)]
) -> AsyncIterator[FormData]:
    """Give the form that a session's own page posted, its files on disk if they are large.

    Raises HTTPException 403 for a form from elsewhere, 413 for one that is too large, 429 for
    a session's too many acts, and RefusedError for too many files.
    """
    signed.desk.rates.hold(ACTS_OF_ONE, "acts", signed.csrf)
    async with _form_of(request) as form:
        request.state.complete_at = request.scope.get(SENT_ON) or signed.desk.clock()
        given = form.get(CSRF_FIELD)
        # What was kept was posted from a page of ours, and is sent on from another.
        if SENT_ON not in request.scope and not (
            isinstance(given, str) and hmac.compare_digest(given.encode(), signed.csrf.encode())
        ):
            raise HTTPException(403)
        yield form


@asynccontextmanager
async def _form_of(request: Request) -> AsyncIterator[FormData]:
    limits = {"max_fields": MOST_FIELDS, "max_part_size": LONGEST_FIELD}
    try:
        form = await request.form(max_files=MOST_FILES, **limits)
    except HTTPException as error:
        # The parser tells its faults apart by their words alone.
        if error.status_code == 400 and str(error.detail).startswith("Too many files"):
            raise RefusedError("too many files", TOO_MANY_FILES) from error
        raise
    try:
        yield form
    finally:
        await form.close()


def fault_of(form: FormData, failed: str, error: RefusedError) -> dict[str, Any]:
    """Return what a page says of a refused act: which it was, why, and what had been typed."""
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    return {"failed": failed, "fault": error.told, "typed": typed}


def text_of(form: FormData, name: str, longest: int = 2000) -> str:
    """Return a form's text as `clean` leaves it; empty if it has none of that name."""
    given = form.get(name)
    return clean(given)[:longest] if isinstance(given, str) else ""


def day_of(form: FormData, name: str) -> date | None:
    """Return the day that a form names, as browsers send it or as people type it here."""
    given = text_of(form, name, 32)
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(given, shape).date()
    return None


In = Annotated[Signed, Depends(signed_in)]
Overseer = Annotated[Signed, Depends(overseer)]
Secretary = Annotated[Signed, Depends(secretary)]
Keeper = Annotated[Signed, Depends(keeper)]
Posted = Annotated[FormData, Depends(posted)]
