"""Workbooks of Office Open XML (ECMA-376), transitional or strict."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

from kybaocao.adapters.workbooks.reading import refusals
from kybaocao.adapters.workbooks.reading.container import Container, resolved
from kybaocao.adapters.workbooks.reading.draft import (
    LAST_COLUMN,
    LAST_ROW,
    At,
    Draft,
    Run,
    is_visible,
    within_limits,
)
from kybaocao.adapters.workbooks.reading.looks import PLAIN, Look, code_of, look
from kybaocao.adapters.workbooks.reading.sheet_xml import SheetXml, sheet_xml
from kybaocao.adapters.workbooks.reading.xml_parts import (
    MAIN,
    Attributes,
    elements,
    is_plain,
    parse,
    text_of,
    unescaped,
)
from kybaocao.rules.cells import legacy_text
from kybaocao.rules.cells.addresses import address, column_number
from kybaocao.rules.cells.grid import Area, Value

_STRINGS = re.compile(r"<si>(.*?)</si>|<si ?/>", re.DOTALL)
_ROOT = re.compile(
    r"\ufeff?\s*(?:<\?xml [^>]*\?>)?\s*(<sst [^>]*?\bxmlns=\""
    rf"(?:{'|'.join(map(re.escape, MAIN))})\"[^>]*>)"
)
_ONE_TEXT = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
_RUNS = re.compile(
    r"<rPh\b.*?</rPh>|<r>|<rFont [^>]*val=\"([^\"]*)\"|<t(?: [^>]*)?>([^<]*)</t>", re.DOTALL
)
_SHARED = re.compile(r'\bsi="([0-9]+)"')
_KIND = re.compile(r'\bt="([a-zA-Z]+)"')
_BLANKS = " \t\r\n"
_AREA = re.compile("([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")


@dataclass(frozen=True)
class _Sheet:
    name: str
    path: str
    hidden: bool


@dataclass(frozen=True)
class _Workbook:
    path: str
    sheets: tuple[_Sheet, ...]
    names: Mapping[str, str]
    since_1904: bool
    is_recalculated: bool
    as_displayed: bool
    strings: str
    styles: str


@dataclass(frozen=True)
class _Text:
    """A string of the table that cells share: its text, with its pieces if it has fonts."""

    said: str
    runs: tuple[Run, ...] = ()


def read(parts: Container) -> tuple[list[Draft], Mapping[str, str], bool, bool]:
    """Return the sheets, the defined names, if the file does not say of its results that they are
    out of date, and if they keep only the digits that show.

    Raises UnreadableFileError.
    """
    workbook = _workbook(parts)
    looks = _looks(parts.need(workbook.styles) if workbook.styles else b"")
    # Some programs leave the strings out that no cell refers to.
    strings = _strings(parts.read(workbook.strings))
    drafts: list[Draft] = []
    for sheet in workbook.sheets:
        draft = Draft(sheet.name, sheet.hidden)
        _fill(draft, sheet_xml(parts.need(sheet.path)), strings, looks, workbook.since_1904)
        drafts.append(draft)
        within_limits(drafts)
    return drafts, workbook.names, workbook.is_recalculated, workbook.as_displayed


def relations(parts: Container, path: str) -> dict[str, tuple[str, str]]:
    """Return the kind (its last word) and target of each relation of a part, by id."""
    folder, _, name = path.rpartition("/")
    return {
        said.get("Id", ""): (
            said.get("Type", "").rpartition("/")[2],
            resolved(path, said.get("Target", "")),
        )
        for tag, said, _ in elements(parts.read(f"{folder}/_rels/{name}.rels".lstrip("/")))
        if tag == "Relationship" and said.get("TargetMode") != "External"
    }


def _workbook(parts: Container) -> _Workbook:
    path = "xl/workbook.xml"
    if path not in parts:
        known = relations(parts, "")
        path = next((target for kind, target in known.values() if kind == "officeDocument"), path)
    related = relations(parts, path)
    names: dict[str, str] = {}
    sheets: list[_Sheet] = []
    since_1904 = as_displayed = False
    is_recalculated = True
    for tag, said, content in elements(parts.need(path), MAIN):
        if tag == "definedName":
            names[said.get("name", "")] = content
        elif tag == "workbookPr":
            since_1904 = said.get("date1904") in ("1", "true")
        elif tag == "calcPr":
            as_displayed = said.get("fullPrecision") in ("0", "false")
            is_recalculated = said.get("fullCalcOnLoad") not in ("1", "true")
            is_recalculated &= said.get("calcCompleted") not in ("0", "false")
        elif tag == "sheet":
            kind, target = related.get(said.get("id", ""), ("worksheet", ""))
            # Modules of old macros stand among the sheets without a part of their own.
            if kind == "worksheet" and said.get("id"):
                hidden = said.get("state", "visible") != "visible"
                sheets.append(_Sheet(said.get("name", ""), target, hidden))
    by_kind = dict(related.values())
    return _Workbook(
        path,
        tuple(sheets),
        names,
        since_1904,
        is_recalculated,
        as_displayed,
        by_kind.get("sharedStrings", "xl/sharedStrings.xml"),
        by_kind.get("styles", ""),
    )


# Strings and styles.


def _strings(xml: bytes) -> list[str | _Text | None]:
    """Return the shared strings: text, text in pieces, or None for what cannot be seen."""
    if not xml:
        return []
    found = _strings_by_pattern(xml)
    raw = found if found is not None else _strings_by_parser(xml)
    keeps_fonts = b".Vn" in xml or b"VNI" in xml or b".VN" in xml or b".vn" in xml
    return [_string(string, keeps_fonts) for string in raw]


def _strings_by_pattern(xml: bytes) -> list[str] | None:
    try:
        said = xml.decode("utf-8")
    except UnicodeDecodeError:
        return None
    root = _ROOT.match(said)
    if not (root and "</sst>" in said[-20:] and is_plain(said[root.end() :], root[1])):
        return None
    found: list[str] = _STRINGS.findall(said)
    is_all = len(found) == said.count("<si")
    # Strings have no more than the places of their tags, unless they say how they look.
    is_flat = said.count("<r>") or said.count("<t") == said.count("</t>") + said.count("<t/>")
    return found if is_all and is_flat else None


def _strings_by_parser(xml: bytes) -> list[str]:
    found: list[str] = []
    pieces: list[str] = []

    def escaped(said: str) -> str:
        return said.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "si":
            pieces.clear()
        else:
            font = f' val="{escaped(attributes.get("val", ""))}"' if tag == "rFont" else ""
            pieces.append(f"<{tag}{font}>")

    def end(tag: str) -> None:
        if tag == "si":
            found.append("".join(pieces))
        else:
            pieces.append(f"</{tag}>")

    parse(xml, start, end, lambda piece: pieces.append(escaped(piece)), MAIN)
    return found


def _string(raw: str, keeps_fonts: bool = True) -> str | _Text | None:
    """Return the string that the content of an `si` or `is` element is."""
    return (_often if len(raw) <= _SHORT else _seen)(raw, keeps_fonts)


def _seen(raw: str, keeps_fonts: bool) -> str | _Text | None:
    if one := _ONE_TEXT.fullmatch(raw):
        said = text_of(one[1])
        return said if is_visible(said) else None
    runs: list[Run] = []
    font = ""
    for match in _RUNS.finditer(raw):
        if match[0] == "<r>":
            font = ""
        elif match[1] is not None:
            font = text_of(match[1])
        elif match[2] is not None:
            runs.append((font, text_of(match[2])))
    said = "".join(piece for _, piece in runs)
    if not is_visible(said):
        return None
    return _Text(said, tuple(runs)) if keeps_fonts and any(f for f, _ in runs) else said


# The files of a form repeat most of their strings.
_SHORT = 400
_often = lru_cache(maxsize=4096)(_seen)


@lru_cache(maxsize=16)  # the files of a form come with the same styles
def _looks(xml: bytes) -> Mapping[str, Look]:
    """Return the looks of cell styles (by index as in `s="3"`) that are not plain."""
    formats: dict[str, str] = {}
    fonts: list[str] = []
    styles: list[tuple[str, str]] = []
    font = ""
    for tag, said, _ in elements(xml, MAIN):
        if tag == "numFmt":
            formats[said.get("numFmtId", "")] = said.get("formatCode", "")
        elif tag == "name":
            font = said.get("val", "")
        elif tag == "font":
            fonts.append(font)
            font = ""
        elif tag == "xf":
            styles.append((said.get("numFmtId", ""), said.get("fontId", "")))
        elif tag == "cellStyleXfs":
            styles.clear()
        elif tag == "cellXfs":
            break
    by_id = {str(index): name for index, name in enumerate(fonts)}
    looks = {
        str(index): look(code_of(number, formats), by_id.get(font, ""))
        for index, (number, font) in enumerate(styles)
    }
    return {index: seen for index, seen in looks.items() if seen != PLAIN}


# Cells.


def _fill(
    draft: Draft,
    xml: SheetXml,
    strings: Sequence[str | _Text | None],
    looks: Mapping[str, Look],
    since_1904: bool,
) -> None:
    """Put a worksheet's cells into the draft."""
    resolve = unescaped if xml.is_parsed else text_of
    masters: dict[str, tuple[str, int, int]] = {}
    cells = draft.cells
    for letters, digits, style, kind, rest, shape, formula, value, inline in xml.cells:
        at = row, column = int(digits), column_number(letters)
        if not 0 < row <= LAST_ROW or column > LAST_COLUMN:
            raise refusals.outside()
        if "&" in value and kind in _NUMBERS and not xml.is_parsed:
            value = text_of(value)
        seen = looks.get(style or "0", PLAIN)
        if formula or shape:
            draft.computed.add(at)
            _keep_formula(draft, at, shape, resolve(formula), masters)
            if not value and kind != "str":
                draft.unsolved(at, resolve(formula) or "…")
                continue
        if kind == "s":
            _put_shared(draft, at, value, strings, seen)
        elif kind == "inlineStr":
            _put_string(draft, at, _string(inline or f"<t>{value}</t>"), seen)
        elif kind in _NUMBERS:
            if not seen.code and len(value) < _SURE and value.isdecimal() and value.isascii():
                cells[at] = int(value)
            else:
                _put_number(draft, at, value, inline, seen, since_1904)
        else:
            _put_other(draft, at, kind, resolve(value), seen)
        if rest and " vm=" in rest:
            draft.picture(at)
    _put_shape(draft, xml)


_NUMBERS = ("", "n", "s")
# Digits of whole numbers that a double holds, whatever they are.
_SURE = 16


def _put_shape(draft: Draft, xml: SheetXml) -> None:
    """Put what a worksheet says beside its cells; raises UnreadableFileError where it says of
    one cell two things."""
    for reference in xml.merged:
        draft.merge(*_area(reference))
    draft.hidden_rows.update(map(int, xml.hidden_rows))
    draft.hidden_columns += xml.hidden_columns
    if len(draft.cells) < len(xml.cells) and (twice := xml.cell_twice()):
        raise refusals.twice(draft.name, twice)


def _put_shared(
    draft: Draft, at: At, value: str, strings: Sequence[str | _Text | None], seen: Look
) -> None:
    """Put a string of the table that cells share, by its number there."""
    if not value:
        return
    try:
        string = strings[int(value)]
    except (ValueError, IndexError):
        raise refusals.broken() from None
    if value.startswith("-"):
        raise refusals.broken()
    _put_string(draft, at, string, seen)


def _put_number(
    draft: Draft, at: At, value: str, inline: str, seen: Look, since_1904: bool
) -> None:
    """Put a number; a text counts where the type of its cell is forgotten."""
    if value:
        draft.number(at, value.strip(_BLANKS), seen, since_1904)
    elif inline:
        _put_string(draft, at, _string(inline), seen)


def _put_other(draft: Draft, at: At, kind: str, value: str, seen: Look) -> None:
    """Put a value of a type that is no number; raises UnreadableFileError for one that is none."""
    match kind:
        case "str":
            draft.text(at, value, seen)
            if value.startswith("=DISPIMG("):
                draft.picture(at)
        case "b":
            draft.cells[at] = value.strip() in ("1", "true")
        case "e":
            draft.error(at, value or "#?")
        case "d":
            draft.day(at, _iso(value), seen)
        case _:
            raise refusals.strange(draft.name, address(*at))


def _put_string(draft: Draft, at: At, string: str | _Text | None, seen: Look) -> None:
    if isinstance(string, _Text):
        draft.text(at, string.said, seen, string.runs)
    elif string and (seen is not PLAIN or legacy_text.guessed(string)):
        draft.text(at, string, seen)
    elif string:
        draft.cells[at] = string
    else:
        draft.unseen.add(at)


def _keep_formula(
    draft: Draft, at: At, shape: str, formula: str, masters: dict[str, tuple[str, int, int]]
) -> None:
    """Keep a formula and the cell that it is written for; those of other kinds are left."""
    kind = _KIND.search(shape)
    if kind is None or kind[1] == "normal":
        draft.formulas[at] = (formula, *at)
    elif kind[1] == "shared" and (shared := _SHARED.search(shape)):
        if formula:
            masters[shared[1]] = (formula, *at)
        if shared[1] in masters:
            draft.formulas[at] = masters[shared[1]]


def _iso(value: str) -> Value:
    """Return a date written as ISO 8601, or the text if it is none."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return value
    return found.replace(tzinfo=None) if found.time() != time() else found.date()


def _area(reference: str) -> Area:
    match = _AREA.fullmatch(reference.upper())
    if match is None:
        raise refusals.broken()
    left, top, right, bottom = match.groups()
    first = (int(top), column_number(left))
    last = (int(bottom), column_number(right)) if right else first
    return (*first, *last)
