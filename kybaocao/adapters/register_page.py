"""The register of a regime as a page in Markdown, for the reader of the decision."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.regime.register import Register

TEMPLATE = "register.md"
# What would start a mark of GitHub-flavoured Markdown in the middle of a text.
MARKS = re.compile(r"([\\`*_\[\]<>|~])")


class RegisterPageError(KyBaoCaoError):
    """The page's template is missing, or asks for what the register does not have."""


def page(templates_dir: Path, register: Register) -> str:
    """Return the page. Raises RegisterPageError if its template cannot say it."""
    environment = Environment(
        loader=FileSystemLoader(templates_dir),
        autoescape=False,  # noqa: S701 - Markdown, which `text` escapes
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["text"] = text
    try:
        return environment.get_template(TEMPLATE).render(register=register)
    except (TemplateError, TypeError) as error:
        raise RegisterPageError(f"the register cannot be written: {error}") from error


def text(value: object) -> str:
    """Return a value as plain text of one line of Markdown, in a table's cell or outside."""
    return MARKS.sub(r"\\\1", " ".join(str(value).split()))
