"""What strangers' connections can do to the portal: hold no place, and say nothing of others."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request

from kybaocao.portal import __main__ as served
from kybaocao.settings import PortalOptions, Settings

HEAD_WITHIN = 1.0


def bare() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    def who(request: Request) -> str:
        return request.client.host if request.client else ""

    return app


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch, trusted: tuple[str, ...]) -> Iterator[int]:
    """The port of a server that is run with the portal's options."""
    monkeypatch.setattr(served, "HEAD_WITHIN", HEAD_WITHIN)
    portal = PortalOptions(trusted_proxies=trusted)
    options = served.options_of(Settings(portal=portal))
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        options.pop("host")
        options.pop("port")
        server = uvicorn.Server(uvicorn.Config(bare(), **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("trusted", [()])
@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HT"])
def test_a_connection_on_which_no_request_begins_is_closed(port: int, said: bytes) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as connection:
        connection.sendall(said)
        assert connection.recv(1) == b""


@pytest.mark.parametrize("trusted", [()])
def test_a_second_request_that_stays_half_is_closed_too(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT")
        answer = b""
        while part := connection.recv(4096):
            answer += part
    assert answer.count(b"HTTP/1.1 200") == 1


@pytest.mark.parametrize(("trusted", "seen"), [((), "127.0.0.1"), (("127.0.0.1",), "203.0.113.9")])
def test_only_a_trusted_proxy_says_who_is_asking(port: int, seen: str) -> None:
    answer = httpx.get(
        f"http://127.0.0.1:{port}/", headers={"X-Forwarded-For": "203.0.113.9"}, timeout=60
    )
    assert answer.json() == seen
