"""What holds for every request: its size, where it comes from, and the headers of its answer."""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Everything is ours, nothing is inline, nobody frames us (OWASP, Content Security Policy).
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # Pico's chevrons are in its stylesheet.
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # `no-referrer` would make browsers post without an origin.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
A_YEAR = 365 * 24 * 3600
# Where nobody is signed in yet, and in a form that brings no file, a body is small.
WITHOUT_FILES = 1024 * 1024
# Seconds for which a body may stop coming in.
MOST_SILENCE = 60.0
AT_THE_DOOR = ("/dang-nhap", "/vao/")


class Guard:
    """Wraps the application; `largest` is the most bytes of a body that brings files."""

    def __init__(self, app: ASGIApp, largest: int, is_https: bool) -> None:
        self.app = app
        self.largest = largest
        self.is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        guarded = self._headed(send)
        if scope["method"] not in SAFE_METHODS and is_from_elsewhere(headers):
            await PlainTextResponse("Yêu cầu đến từ trang khác.", 403)(scope, receive, guarded)
            return
        if is_no_unicode(headers):
            await PlainTextResponse("Yêu cầu không đọc được.", 400)(scope, receive, guarded)
            return
        if scope["method"] == "HEAD":
            # RFC 9110, 9.3.2: as GET, without the content.
            scope, guarded = {**scope, "method": "GET"}, _without_content(guarded)
        may_bring_files = is_multipart(headers) and not scope["path"].startswith(AT_THE_DOOR)
        most = self.largest if may_bring_files else WITHOUT_FILES
        await self.app(scope, self._counted(headers, receive, most), guarded)

    def _counted(self, headers: Headers, receive: Receive, most: int) -> Receive:
        """Return `receive` that stops a body which grows too large, whatever its length says."""
        stated = headers.get("content-length", "0")
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            if stated.isdecimal() and int(stated) > most:
                raise HTTPException(413)
            try:
                message = await asyncio.wait_for(receive(), MOST_SILENCE)
            except TimeoutError:
                raise HTTPException(408) from None
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413)
            return message

        return counted

    def _headed(self, send: Send) -> Send:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if self.is_https:
                    headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}")
            await send(message)

        return headed


def _without_content(send: Send) -> Send:
    async def bare(message: Message) -> None:
        is_content = message["type"] == "http.response.body"
        await send({**message, "body": b""} if is_content else message)

    return bare


def is_from_elsewhere(headers: Headers) -> bool:
    """Return whether a browser says that another site sent the request (OWASP, CSRF).

    What is no browser says neither, and has no session that somebody else could use.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    source = headers.get("origin") or headers.get("referer")
    if source is None:
        return False
    return source.partition("://")[2].partition("/")[0] != headers.get("host")


def is_multipart(headers: Headers) -> bool:
    """Return whether a body is a form that may bring files (RFC 7578)."""
    return headers.get("content-type", "").lower().startswith("multipart/form-data")


def is_no_unicode(headers: Headers) -> bool:
    """Return whether a body names another encoding than UTF-8, as no page of ours does.

    The parser would use any that Python knows, and some of them make text that is none.
    """
    said = headers.get("content-type", "").lower().replace('"', "").partition("charset=")[2]
    return said != "" and said.partition(";")[0].strip() not in ("utf-8", "utf8")
