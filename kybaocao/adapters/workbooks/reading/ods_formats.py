"""Number formats of OpenDocument (ODF 1.3 part 3, 16.29), written as other spreadsheets do."""

import math
from dataclasses import dataclass, field

from kybaocao.adapters.workbooks.reading.xml_parts import Attributes

KINDS = frozenset(
    f"{kind}-style" for kind in ("number", "percentage", "currency", "date", "time", "boolean")
) | {"text-style"}
_DAYS = {"day": "d", "month": "m", "year": "yy", "hours": "h", "minutes": "m", "seconds": "s"}
_NAMES = {"day-of-week": "dddd", "era": "g", "am-pm": "AM/PM", "week-of-year": "w", "quarter": "q"}
_MOST_PLACES = 30


@dataclass
class DataStyle:
    """One data style as it is read: its parts, and the styles that values of some kind have
    instead (condition, name)."""

    kind: str
    said: Attributes
    parts: list[str] = field(default_factory=list)
    instead: list[tuple[str, str]] = field(default_factory=list)
    number: Attributes | None = None
    embedded: list[tuple[int, str]] = field(default_factory=list)


class DataStyles:
    """The data styles of a document, told of as its elements come."""

    def __init__(self) -> None:
        self._styles: dict[str, DataStyle] = {}
        self._open: DataStyle | None = None
        self._text: str | None = None
        self._at = 0

    def start(self, tag: str, said: Attributes) -> bool:
        """Take an element; return if it belongs to a data style."""
        style = self._open
        if style is None:
            if tag in KINDS:
                self._open = self._styles[said.get("name", "")] = DataStyle(tag, said)
            return tag in KINDS
        if tag in ("text", "currency-symbol", "embedded-text"):
            self._text, self._at = "", _count(said.get("position"), 0)
        elif tag == "number":
            style.number, style.embedded = said, []
        elif tag == "map":
            condition = said.get("condition", "").replace("value()", "").replace("!=", "<>")
            style.instead.append((condition, said.get("apply-style-name", "")))
        elif tag == "text-properties" and said.get("color", "").lower() == "#ff0000":
            style.parts.append("[Red]")
        else:
            style.parts.append(_part(tag, said))
        return True

    def characters(self, piece: str) -> None:
        if self._text is not None:
            self._text += piece

    def end(self, tag: str) -> None:
        style = self._open
        if style is None:
            return
        if tag == style.kind:
            self._open = None
        elif tag == "number" and style.number is not None:
            style.parts.append(_number(style.number, style.embedded))
        elif self._text is not None:
            if tag == "embedded-text":
                style.embedded.append((self._at, self._text))
            else:
                style.parts.append(_words(self._text, style.kind == "percentage-style"))
            self._text = None

    def code(self, name: str) -> str:
        """Return the code of a style's number format, empty where there is none."""
        style = self._styles.get(name)
        if style is None:
            return ""
        if style.said.get("automatic-order") == "true":
            return "d/m/yyyy"
        known = ((c, self._styles.get(of)) for c, of in style.instead)
        sections = [f"[{c}]{''.join(of.parts)}" for c, of in known if of is not None]
        return ";".join([*sections, "".join(style.parts)])


def _words(text: str, is_percent: bool) -> str:
    escaped = (c if is_percent and c == "%" else f"\\{c}" for c in text)
    return "".join(escaped) or '""'


def _part(tag: str, said: Attributes) -> str:
    if tag in _DAYS:
        letter = _DAYS[tag] * (2 if said.get("style") == "long" else 1)
        return "mmm" if said.get("textual") == "true" else letter
    if tag == "scientific-number":
        return "0.00E+00"
    if tag == "fraction":
        return "# ?/?"
    if tag == "text-content":
        return "@"
    return _NAMES.get(tag, "General" if tag == "boolean" else "")


def _number(said: Attributes, embedded: list[tuple[int, str]]) -> str:
    """Return the places for digits of a number, with what stands among them."""
    scale = round(math.log(float(said.get("display-factor", "1") or 1), 1000))
    if "decimal-places" not in said and "min-integer-digits" not in said:
        return "General" + "," * scale
    least = _count(said.get("min-integer-digits"), 1)
    groups = said.get("grouping") == "true"
    farthest = max((at + 1 for at, _ in embedded), default=1)
    places = ["0" if n < least else "#" for n in range(max(least, 4 if groups else 1, farthest))]
    whole = ""
    for n, place in enumerate(places):
        whole = place + ("," if groups and n == 3 else "") + whole
        whole = "".join(f"{_words(t, False)}" for at, t in embedded if at == n + 1) + whole
    most = _count(said.get("decimal-places"), 0)
    kept = _count(said.get("min-decimal-places"), most)
    point = "." if most else ""
    return f"{whole}{point}{'0' * kept}{'#' * (most - kept)}{',' * scale}"


def _count(said: str | None, otherwise: int) -> int:
    is_known = said is not None and said.isdecimal()
    return min(int(said), _MOST_PLACES) if is_known and said else otherwise
