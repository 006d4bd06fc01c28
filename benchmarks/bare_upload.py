"""An endpoint that only stores what is sent: `python -m benchmarks.bare_upload PORT FOLDER`."""

import os
import sys
from hashlib import sha256
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


def stored(folder: Path, data: bytes) -> None:
    """Put the bytes on disk under their sha256, as an archive must."""
    with (folder / sha256(data).hexdigest()).open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


async def upload(request: Request) -> PlainTextResponse:
    async with request.form() as form:
        file = form["tep"]
        assert isinstance(file, UploadFile)
        await run_in_threadpool(stored, request.app.state.folder, await file.read())
    return PlainTextResponse("stored")


def main(port: str, folder: str) -> None:
    app = Starlette(routes=[Route("/{path:path}", upload, methods=["POST"])])
    app.state.folder = Path(folder)
    uvicorn.run(app, host="127.0.0.1", port=int(port), access_log=False, log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
