"""What the portal hands out: pages, every value escaped, and files, always as downloads."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi.responses import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kybaocao.adapters.letters import line, sentence, weekday
from kybaocao.rules.calendar.official_days import local_time, official_day
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.cells.phrases import capital, quoted
from kybaocao.rules.regime.access import Visitor
from kybaocao.rules.regime.contact import dialled
from kybaocao.rules.regime.regime import HelpLine

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Pages:
    """The templates of one folder, and its `static/` files."""

    def __init__(self, folder: Path) -> None:
        self.static = folder / "static"
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "capitalized": capital,
            "day": official_day,
            "dialled": dialled,
            "line": line,
            "moment": local_time,
            "number": shown,
            "quoted": quoted,
            "sentence": sentence,
            "weekday": weekday,
        }
        self._environment.globals |= {"asset": cache(self._asset)}

    def tell_helps(self, helps: Callable[[Visitor | None], list[tuple[str, HelpLine]]]) -> None:
        """Say on every page whom a visitor, or somebody who is not signed in, may ask."""
        self._environment.globals["helps"] = helps

    def render(self, template: str, known: Mapping[str, Any]) -> str:
        """Return a page."""
        return self._environment.get_template(template).render(known)

    def _asset(self, name: str) -> str:
        """Return the address of a static file, which changes with its bytes."""
        digest = hashlib.sha256((self.static / name).read_bytes()).hexdigest()
        return f"/tinh/{name}?v={digest[:12]}"


def download(name: str, data: bytes, kind: str = "application/octet-stream") -> Response:
    """Return a file under its name (RFC 6266; RFC 8187 for what is not ASCII)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": "sandbox"}
    return Response(data, media_type=kind, headers=headers)
