"""Writes a form as YAML that looks like the forms written by hand and loads back as the same."""

import io
import os
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.emitter import Emitter
from ruamel.yaml.scalarstring import FoldedScalarString

from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.form.form import Form

# A folded line breaks after the word that crosses this, so that it ends before column 100.
WIDTH = 91
_LONGEST_LINE = 80
# Lists of words stand on one line, as `[done, cumulative]`, unless they are longer.
_LONGEST_FLOW = 60
# The kind comes first where it decides what follows.
_FIRST = ("id", "kind")


class _Emitter(Emitter):
    """Quotes with the double mark, as people do, and breaks no line but of a folded text."""

    def choose_scalar_style(self) -> Any:
        style = super().choose_scalar_style()
        return '"' if style == "'" else style

    def write_plain(self, text: Any, split: bool = True) -> None:
        width, self.best_width = self.best_width, sys.maxsize
        super().write_plain(text, split=False)
        self.best_width = width

    def write_double_quoted(self, text: Any, split: bool = True) -> None:
        super().write_double_quoted(text, split=False)


def as_yaml(form: Form, comment: str = "") -> str:
    """Return the form as YAML, under `comment` lines; what equals its default is left out."""
    yaml = YAML(typ="rt")
    yaml.Emitter = _Emitter
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    tree = _mapping(form, is_sheet=False)
    for key in ("columns", "sheets", "rules"):
        if key in tree:
            tree.yaml_set_comment_before_after_key(key, before="\n")
    for number in range(len(tree["sheets"])):
        tree["sheets"].yaml_set_comment_before_after_key(number, before="\n", indent=2)
    stream = io.StringIO()
    yaml.dump(tree, stream)
    return "".join(f"# {line}\n" for line in comment.splitlines()) + stream.getvalue()


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


def _mapping(model: BaseModel, is_sheet: bool) -> CommentedMap:
    fields = type(model).model_fields
    keys = [key for key in _FIRST if key in fields] if is_sheet else []
    tree = CommentedMap()
    for key in [*keys, *(key for key in fields if key not in keys)]:
        value = getattr(model, key)
        if fields[key].is_required() or value != fields[key].get_default(call_default_factory=True):
            tree[key] = _value(key, value)
    return tree


def _value(key: str, value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _mapping(value, is_sheet=False)
    if isinstance(value, dict):
        return CommentedMap((str(name), _value(key, held)) for name, held in value.items())
    if isinstance(value, tuple):
        tree = CommentedSeq([_item(key, item) for item in value])
        is_short = all(isinstance(item, str) for item in tree)
        if is_short and len(", ".join(tree)) <= _LONGEST_FLOW:
            tree.fa.set_flow_style()
        return tree
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        plain = str(value)
        can_fold = plain == " ".join(plain.split()) and not plain.startswith("#")
        is_long = key in ("note", "hint") and len(plain) > _LONGEST_LINE
        return FoldedScalarString(plain) if is_long and can_fold else plain
    return value


def _item(key: str, value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _mapping(value, is_sheet=key == "sheets")
    return str(value) if isinstance(value, str) else value
