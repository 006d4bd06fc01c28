"""What somebody posted when their session was over: kept, and sent on once they sign in again."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Message

from kybaocao.adapters.archive import write_through
from kybaocao.portal.desk import SENT_ON, In, Posted, desk_of
from kybaocao.rules.regime.access import Visitor
from kybaocao.runtime import Office
from kybaocao.steps import access

router = APIRouter()
LASTS = timedelta(hours=12)
# Of one person at a time: whoever has no session must not fill the disk.
MOST = 3
GONE = "Nội dung này không còn được giữ, hoặc đã được gửi tiếp. Hãy mở báo cáo và kiểm tra."


@dataclass(frozen=True)
class KeptPost:
    """A form as it was posted, whose it is, and when all of it had arrived."""

    path: str
    content_type: str
    regime: str
    agency: str
    address: str
    at: str

    @property
    def arrived(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def is_of(self, visitor: Visitor) -> bool:
        """Return whether a visitor is the person who posted it."""
        whose = (visitor.regime, visitor.agency, visitor.address)
        return (self.regime, self.agency, self.address) == whose


async def keep(request: Request, secret: str) -> tuple[str, KeptPost] | None:
    """Keep what is posted by someone whose session is over; return where it lies, and what it is.

    None for strangers, for those who signed out, and for someone of whom much is kept already.
    """
    desk = desk_of(request)
    visitor = access.former_visitor(desk.office, secret) if secret else None
    kind = request.headers.get("content-type", "")
    if visitor is None or len(kind) > 200:
        return None
    body = await request.body()
    whose = (visitor.regime, visitor.agency, visitor.address)
    post = KeptPost(request.url.path, kind, *whose, desk.clock().isoformat())
    folder = _folder(desk.office)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder, desk.clock())
    if sum(found.is_of(visitor) for found in _all(folder).values()) >= MOST:
        return None
    token = secrets.token_urlsafe(32)
    write_through(_place(folder, token).with_suffix(".body"), body)
    write_through(_place(folder, token), json.dumps(asdict(post)).encode())
    return token, post


@router.get("/gui-tiep/{token}")
def offer(signed: In, token: str) -> HTMLResponse:
    """Show what is kept; only pressing the button sends it."""
    post = _find(signed.office, signed.visitor, token, signed.now)
    return signed.page("gui-tiep.html", token=token, at=post.arrived)


@router.post("/gui-tiep/{token}")
async def send_on(request: Request, signed: In, form: Posted, token: str) -> Response:
    """Answer as the page would have answered to which it was posted."""
    post = _find(signed.office, signed.visitor, token, signed.now)
    place = _place(_folder(signed.office), token)
    answer = await _answer(request, post, place.with_suffix(".body").read_bytes())
    if answer.status_code < 500:
        _drop(place)
    return answer


async def _answer(request: Request, post: KeptPost, body: bytes) -> Response:
    """Return what the portal says to a kept form, now that its sender has signed in."""
    own = {"content-type": post.content_type, "content-length": str(len(body))}
    kept = [(name, value) for name, value in request.headers.items() if name not in own]
    of_this = ("endpoint", "path_params", "route", "router", "state")
    scope: dict[str, Any] = {
        **{name: value for name, value in request.scope.items() if name not in of_this},
        "path": post.path,
        "raw_path": post.path.encode(),
        "query_string": b"",
        "headers": [(n.encode(), v.encode("latin-1")) for n, v in (*kept, *own.items())],
        SENT_ON: post.arrived,
    }
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    await request.app(scope, receive, send)
    start, *parts = said
    answer = Response(b"".join(p.get("body", b"") for p in parts), start["status"])
    answer.raw_headers = list(start["headers"])
    return answer


def _find(office: Office, visitor: Visitor, token: str, now: datetime) -> KeptPost:
    """Return what was kept of a visitor. Raises HTTPException 404 for what is not theirs."""
    folder = _folder(office)
    _sweep(folder, now)
    post = _all(folder).get(_place(folder, token))
    if post is None or not post.is_of(visitor):
        raise HTTPException(404)
    return post


def _folder(office: Office) -> Path:
    return office.settings.data_folder / "kept"


def _place(folder: Path, token: str) -> Path:
    return folder / f"{hashlib.sha256(token.encode()).hexdigest()}.json"


def _all(folder: Path) -> Mapping[Path, KeptPost]:
    found = {}
    for path in folder.glob("*.json"):
        with suppress(FileNotFoundError):
            found[path] = KeptPost(**json.loads(path.read_text(encoding="utf-8")))
    return found


def _sweep(folder: Path, now: datetime) -> None:
    for path, post in _all(folder).items():
        if now - post.arrived > LASTS:
            _drop(path)


def _drop(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_suffix(".body").unlink(missing_ok=True)
