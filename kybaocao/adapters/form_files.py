"""Writes a form as YAML that looks like the forms written by hand and loads back as the same."""

import os
import re
import sys
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from kybaocao.rules.declared.yaml_tree import PLAIN, PREFIX
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.form.form import Form

# A folded line breaks after the word that crosses this, so that it ends before column 100.
WIDTH = 91
_LONGEST_LINE = 80
# Lists of words stand on one line, as `[done, cumulative]`, unless they are longer.
_LONGEST_FLOW = 60
# The kind comes first where it decides what follows.
_FIRST = ("id", "kind")
# An empty line stands before these, and before each sheet.
_APART = ("columns", "sheets", "rules")


class _Folded(str):
    """Text that stands in folded lines."""


class _Flow(list[Any]):
    """A list that stands on one line."""


class _Dumper(yaml.SafeDumper):
    """Quotes with the double mark, as people do, and breaks no line but of a folded text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def choose_scalar_style(self) -> Any:
        style = super().choose_scalar_style()
        return '"' if style == "'" else style

    def write_plain(self, text: Any, split: bool = True) -> None:
        width, self.best_width = self.best_width, sys.maxsize
        super().write_plain(text, split=False)
        self.best_width = width

    def write_double_quoted(self, text: Any, split: bool = True) -> None:
        super().write_double_quoted(text, split=False)


# Text that any YAML reader, of 1.1 or of 1.2, would take for something else is quoted.
_OCTAL = (r"[-+]?0o[0-7_]+", list("-+0"))
for _name, (_pattern, _letters) in {**PLAIN, "octal": _OCTAL}.items():
    _Dumper.add_implicit_resolver(PREFIX + _name, re.compile(rf"(?:{_pattern})$"), _letters)
# A word of ours stands as its text.
_Dumper.add_multi_representer(str, lambda dumper, word: dumper.represent_str(str(word)))
_Dumper.add_representer(
    _Folded, lambda dumper, text: dumper.represent_scalar(f"{PREFIX}str", str(text), style=">")
)
_Dumper.add_representer(
    _Flow, lambda dumper, items: dumper.represent_sequence(f"{PREFIX}seq", items, flow_style=True)
)


def as_yaml(form: Form, comment: str = "") -> str:
    """Return the form as YAML, under `comment` lines; what equals its default is left out."""
    parts = [f"# {line}\n" for line in comment.splitlines()]
    for key, value in _mapping(form, is_sheet=False).items():
        part = _dumped({key: value})
        if key == "sheets":
            part = re.sub("(?m)^  - ", "\n  - ", part)
        parts += ["\n", part] if key in _APART else [part]
    return "".join(parts)


def _dumped(tree: dict[str, Any]) -> str:
    said: str = yaml.dump(
        tree,
        Dumper=_Dumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=WIDTH,
    )
    return said


def write(path: Path, form: Form, comment: str = "") -> None:
    """Write a form's YAML to a new file. Raises KyBaoCaoError if there is one already."""
    data = as_yaml(form, comment).encode()
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise KyBaoCaoError(f"{path} exists already and is left as it is") from None


def _mapping(model: BaseModel, is_sheet: bool) -> dict[str, Any]:
    fields = type(model).model_fields
    keys = [key for key in _FIRST if key in fields] if is_sheet else []
    tree: dict[str, Any] = {}
    for key in [*keys, *(key for key in fields if key not in keys)]:
        value = getattr(model, key)
        if fields[key].is_required() or value != fields[key].get_default(call_default_factory=True):
            tree[key] = _value(key, value)
    return tree


def _value(key: str, value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _mapping(value, is_sheet=False)
    if isinstance(value, tuple):
        items = [_item(key, item) for item in value]
        is_short = all(isinstance(item, str) for item in items)
        return _Flow(items) if is_short and len(", ".join(items)) <= _LONGEST_FLOW else items
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        plain = str(value)
        can_fold = plain == " ".join(plain.split()) and not plain.startswith("#")
        is_long = key in ("note", "hint") and len(plain) > _LONGEST_LINE
        return _Folded(plain) if is_long and can_fold else plain
    return value


def _item(key: str, value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _mapping(value, is_sheet=key == "sheets")
    return str(value) if isinstance(value, str) else value
