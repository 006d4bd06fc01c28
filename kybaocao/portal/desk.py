"""What every page needs: the office, the clock, the templates, and who is asking."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from kybaocao.portal.pages import Pages
from kybaocao.portal.rates import Rates
from kybaocao.rules.access import Visitor
from kybaocao.rules.finding import KyBaoCaoError
from kybaocao.runtime import Office
from kybaocao.steps import access

MOST_FILES, MOST_FIELDS, LONGEST_FIELD = 10, 500, 64 * 1024
CSRF_FIELD = "_csrf"
# What a page says after an act: only these sentences, whatever the address asks for.
DONE = {
    "da-gui": "Đã nhận tệp.",
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
    """A request by somebody who is signed in, at `now`."""

    desk: Desk
    request: Request
    visitor: Visitor
    secret: str
    now: datetime

    @property
    def office(self) -> Office:
        return self.desk.office

    @property
    def csrf(self) -> str:
        """The word that a form of this session must bring; it cannot be had from elsewhere."""
        return hmac.new(self.secret.encode(), b"csrf", hashlib.sha256).hexdigest()

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


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def signed_in(request: Request) -> Signed:
    """Return who asks. Raises NotSignedInError if nobody is signed in."""
    desk, now = desk_of(request), request.app.state.desk.clock()
    secret = request.cookies.get(desk.cookie, "")
    visitor = access.visitor_of(desk.office, secret, now) if secret else None
    if visitor is None:
        raise NotSignedInError("nobody is signed in")
    return Signed(desk, request, visitor, secret, now)


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

    Raises HTTPException 403 for a form from elsewhere, 413 for one that is too large.
    """
    async with request.form(
        max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
    ) as form:
        given = form.get(CSRF_FIELD)
        if not isinstance(given, str) or not hmac.compare_digest(
            given.encode(), signed.csrf.encode()
        ):
            raise HTTPException(403)
        yield form


def text_of(form: FormData, name: str, longest: int = 2000) -> str:
    """Return a form's text without blanks around it; empty if it has none of that name."""
    given = form.get(name)
    return given.strip()[:longest] if isinstance(given, str) else ""


In = Annotated[Signed, Depends(signed_in)]
Overseer = Annotated[Signed, Depends(overseer)]
Secretary = Annotated[Signed, Depends(secretary)]
Keeper = Annotated[Signed, Depends(keeper)]
Posted = Annotated[FormData, Depends(posted)]

__all__ = [
    "Desk",
    "In",
    "Keeper",
    "Overseer",
    "Posted",
    "Secretary",
    "Signed",
    "desk_of",
    "run_in_threadpool",
    "text_of",
]
