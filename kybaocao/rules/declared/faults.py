"""What pydantic finds wrong with a declaration, in words for the one who wrote it."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from kybaocao.rules.declaration import CODE, KeyPath
from kybaocao.rules.form.form import SHEET_NAME
from kybaocao.rules.form.form_rules import ROW_CODE
from kybaocao.rules.regime.contact import NO_OR_TELEPHONE, TELEPHONE

_PATTERNS = {
    CODE: "lower-case letters, digits and single hyphens",
    ROW_CODE: "capitals and digits, parted by hyphens or dots (TTHC-05)",
    TELEPHONE: "a telephone number, in quotes",
    NO_OR_TELEPHONE: "a telephone number",
    SHEET_NAME: "a sheet name without any of []:*?/\\ and with no apostrophe at its ends",
}
_WORDS = {
    "model_type": "`key: value` lines",
    "model_attributes_type": "`key: value` lines",
    "dict_type": "`key: value` lines",
    "tuple_type": "a list",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "date_parsing": "a day (2016-12-31)",
    "date_type": "a day (2016-12-31)",
    "date_from_datetime_parsing": "a day (2016-12-31)",
    "date_from_datetime_inexact": "a day (2016-12-31)",
    "time_parsing": "a time (07:00)",
    "time_type": "a time (07:00)",
    "string_too_short": "a text",
    "string_type": "a text (numbers in quotes)",
}


def model_faults(tree: Any, error: ValidationError) -> list[tuple[KeyPath, str]]:
    """Return each fault of `tree`: its place (keys and indexes), what was expected and found."""
    found: dict[tuple[str | int, ...], list[Any]] = {}
    for fault in error.errors():
        found.setdefault(_place(tree, fault), []).append(fault)
    return [
        (place, _message(faults))
        for place, faults in found.items()
        # A list whose entries are faulty is called too short as well.
        if not (faults[0]["type"] == "too_short" and any(_inside(place, p) for p in found))
    ]


def _inside(outer: KeyPath, inner: KeyPath) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _place(tree: Any, fault: Any) -> tuple[str | int, ...]:
    """Return where a fault stands, without the names of unions' members, which no file holds."""
    place: list[str | int] = []
    for part in fault["loc"]:
        if isinstance(tree, dict) and part not in tree and fault["type"] != "missing":
            continue
        if isinstance(tree, dict) and part == tree.get("kind"):
            continue
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            if not isinstance(tree, dict):
                continue
        place.append(part)
    if fault["type"].startswith("union_tag"):
        place.append(fault["ctx"]["discriminator"].strip("'"))
    return tuple(place)


def _message(faults: Sequence[Any]) -> str:
    kind, given = faults[0]["type"], faults[0].get("input")
    if kind == "extra_forbidden":
        return "is not a word known here"
    if kind in ("missing", "union_tag_not_found"):
        return "is missing"
    if kind == "value_error":
        return str(faults[0]["ctx"]["error"])
    if kind == "union_tag_invalid":
        given = faults[0]["ctx"]["tag"]
    words = " or ".join(dict.fromkeys(map(_expected, faults)))
    known = isinstance(given, str | int | float | date)
    return f"expected {words}" + (f", found {str(given)!r}" if known else "")


def _expected(fault: Any) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "string_pattern_mismatch" and context["pattern"] in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    if kind == "string_too_long":
        return f"at most {context['max_length']} characters"
    if kind == "too_short":
        return f"at least {context['min_length']} in this list"
    if kind == "greater_than_equal":
        return f"{context['ge']} or more"
    if kind == "less_than_equal":
        return f"{context['le']} or less"
    if kind == "union_tag_invalid":
        return re.sub(r", ([^,]*)$", r" or \1", str(context["expected_tags"]))
    return str(fault["msg"]).removeprefix("Input should be ")
