"""Renders `templates/portal/`: every value escaped, every asset served by us."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kybaocao.adapters.letters import line, sentence, weekday
from kybaocao.rules.calendar.official_days import local_time, official_day
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.cells.phrases import quoted


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
            "day": official_day,
            "line": line,
            "moment": local_time,
            "number": shown,
            "quoted": quoted,
            "sentence": sentence,
            "weekday": weekday,
        }
        self._environment.globals |= {"asset": cache(self._asset)}

    def render(self, template: str, known: Mapping[str, Any]) -> str:
        """Return a page."""
        return self._environment.get_template(template).render(known)

    def _asset(self, name: str) -> str:
        """Return the address of a static file, which changes with its bytes."""
        digest = hashlib.sha256((self.static / name).read_bytes()).hexdigest()
        return f"/tinh/{name}?v={digest[:12]}"
