"""The text of a YAML file as plain values that know the lines on which they stand."""

import re
from collections.abc import Sequence
from typing import Any

import yaml

PREFIX = "tag:yaml.org,2002:"
# What plain words mean in YAML 1.2; a day stays text, since an impossible one must not end it all.
PLAIN = {
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"[-+]?[0-9]+", list("-+0123456789")),
    "float": (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
}


class TreeError(Exception):
    """The text is no YAML: `line` (0 if unknown) and what is wrong, in English."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


class LinedDict(dict[Any, Any]):
    """A mapping; `lines` gives the 1-based line of each key."""

    lines: dict[Any, int]


class LinedList(list[Any]):
    """A sequence; `lines` gives the 1-based line of each item."""

    lines: list[int]


class _Loader(yaml.CSafeLoader):
    """Reads as YAML 1.2 does: `no` is a word, and 2016-12-31 too."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (yaml's own attribute)


for _name, (_pattern, _first) in PLAIN.items():
    _Loader.add_implicit_resolver(PREFIX + _name, re.compile(rf"(?:{_pattern})$"), _first)


def read(text: str) -> Any:
    """Return the values of a YAML text, mappings and sequences with their lines.

    Raises TreeError for what is no YAML, a key given twice included.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
        return None if node is None else _value(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problem = re.sub(r"\s+", " ", error.problem or "not YAML").strip()
        raise TreeError(line, problem) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise TreeError(0, " ".join(str(error).split())) from error


def _value(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        found = LinedDict()
        found.lines = {}
        for key_node, value_node in node.value:
            key, line = _value(key_node), key_node.start_mark.line + 1
            if isinstance(key, LinedDict | LinedList):
                raise TreeError(line, "expected a word before the colon")
            if key in found:
                raise TreeError(line, f'found duplicate key "{key}"')
            found[key] = _value(value_node)
            found.lines[key] = line
        return found
    if isinstance(node, yaml.SequenceNode):
        items = LinedList(map(_value, node.value))
        items.lines = [item.start_mark.line + 1 for item in node.value]
        return items
    return _scalar(node.tag.removeprefix(PREFIX), node.value)


def _scalar(kind: str, text: str) -> Any:
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text)
    return float(text) if kind == "float" else text


def line_of(tree: Any, place: Sequence[str | int]) -> int:
    """Return the 1-based line at which `place` (keys and indexes) stands in a tree.

    Parts that the tree does not have, such as a missing key or the name of a union's
    member, are passed over, so that the line is that of what encloses them.
    """
    line = 1
    for part in place:
        try:
            line = tree.lines[part]
            tree = tree[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            continue
    return line
