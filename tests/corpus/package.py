"""A good workbook of the small form, and ways to change its parts or its cells."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from openpyxl import Workbook, load_workbook

from kybaocao.adapters.regime_files import Config, load
from kybaocao.adapters.workbooks import blank as workbook_blank
from kybaocao.demo.figures import Agencys
from kybaocao.demo.officer import filled
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import term
from tests.support import ROOT

REGIME, DUTY, AGENCY = "quang-nam", "bao-cao-quy", "so-tu-phap"
PERIOD = Period.parse("2016-Q3")

TABLE = "xl/worksheets/sheet1.xml"
WORDS = "xl/worksheets/sheet2.xml"
IDENTITY = "xl/worksheets/sheet3.xml"
WORKBOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"

Parts = dict[str, bytes]
Change = Callable[[Parts], None]

FIGURES = {
    "D12": 400,
    **{"E12": 120, "F12": 300},
    **{"E13": 100, "F13": 250},
    **{"E14": 20, "F14": 50},
}
"""What stands in the table: HS-01 to HS-03 in rows 12 to 14; HS-04 in row 15 is computed."""

RESULTS = "Rút ngắn thời gian giải quyết 12 thủ tục; niêm yết công khai"
WISHES = "Bố trí kinh phí nâng cấp phần mềm một cửa"


@cache
def small() -> Config:
    """Return the config of the small office."""
    return load(ROOT / "tests" / "small" / "config")


@cache
def real() -> Config:
    """Return the config that ships."""
    return load(ROOT / "config")


@cache
def blank(agency: str = AGENCY, period: str = "2016-Q3", of: Callable[[], Config] = small) -> bytes:
    """Return the workbook of the small form as an agency receives it."""
    config = of()
    regime = config.regimes[REGIME]
    duty, whose = regime.duty(DUTY), regime.agencies[agency]
    of_term = term(regime, duty, Period.parse(period), config.calendar)
    form = config.form(duty.form).for_agency(whose)
    return workbook_blank.blank(form, whose, regime, duty, of_term)


@cache
def good() -> bytes:
    """Return it filled without fault, as openpyxl saves it."""
    return written(lambda book: None)


@cache
def province() -> bytes:
    """Return the large form of the province, filled without fault."""
    config = real()
    regime = config.regimes[REGIME]
    duty, whose = regime.duty(DUTY), regime.agencies[AGENCY]
    of_term = term(regime, duty, PERIOD, config.calendar)
    form = config.form(duty.form).for_agency(whose)
    issued = workbook_blank.blank(form, whose, regime, duty, of_term)
    figures = Agencys(form, AGENCY, seed=1).of(PERIOD, 2016)
    return filled(issued, form, figures, date(2016, 9, 12), whose.name)


def written(spoil: Callable[[Workbook], object], data: bytes | None = None) -> bytes:
    """Return the filled workbook (or `data`) after `spoil` changed it in openpyxl."""
    book = load_workbook(io.BytesIO(blank() if data is None else data))
    if data is None:
        fill(book)
    spoil(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def fill(book: Workbook) -> None:
    """Type the good answers into a blank workbook."""
    table, words = book.worksheets[:2]
    for cell, value in FIGURES.items():
        table[cell] = value
    words["C6"], words["C7"] = RESULTS, WISHES


def unpacked(data: bytes) -> Parts:
    """Return a package's parts by name, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a package of these parts; the same parts give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, part in parts.items():
            file.writestr(zipfile.ZipInfo(name), part, method)
    return buffer.getvalue()


def changed(*changes: Change, of: bytes | None = None) -> bytes:
    """Return the good workbook (or `of`) with these changes in its parts."""
    parts = unpacked(good() if of is None else of)
    for change in changes:
        change(parts)
    return packed(parts)


def cell(at: str, inside: str, kind: str = "", part: str = TABLE) -> Change:
    """Put what stands inside a cell's element, and its type; the style stays."""

    def change(parts: Parts) -> None:
        said = parts[part].decode()
        found = re.search(rf'<c r="{at}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', said, re.DOTALL)
        assert found, at
        of_kind = f' t="{kind}"' if kind else ""
        new = f'<c r="{at}"{found[1] or ""}{of_kind}>{inside}</c>'
        parts[part] = (said[: found.start()] + new + said[found.end() :]).encode()

    return change


def number(at: str, literal: str) -> Change:
    """Put a number as written."""
    return cell(at, f"<v>{literal}</v>")


def typed(at: str, said: str, part: str = TABLE) -> Change:
    """Put a text."""
    escaped = said.replace("&", "&amp;").replace("<", "&lt;")
    return cell(at, f'<is><t xml:space="preserve">{escaped}</t></is>', "inlineStr", part)


def formula(at: str, said: str, result: str = "", kind: str = "") -> Change:
    """Put a formula with its kept result, or without one."""
    return cell(at, f"<f>{said}</f>" + (f"<v>{result}</v>" if result else ""), kind)


def text_of(part: str, old: str, new: str, least: int = 1) -> Change:
    """Replace text in a part, everywhere; it must stand there."""

    def change(parts: Parts) -> None:
        assert parts[part].decode().count(old) >= least, (part, old)
        parts[part] = parts[part].decode().replace(old, new).encode()

    return change


def pattern(part: str, old: str, new: str) -> Change:
    """Replace what a pattern finds in a part, everywhere; it must stand there."""

    def change(parts: Parts) -> None:
        said, count = re.subn(old, new, parts[part].decode(), flags=re.DOTALL)
        assert count, (part, old)
        parts[part] = said.encode()

    return change


def without(part: str) -> Change:
    """Take a part away."""
    return lambda parts: parts.__delitem__(part)


def adding(part: str, data: bytes) -> Change:
    """Put a part in."""
    return lambda parts: parts.__setitem__(part, data)


def renamed(old: str, new: str) -> Change:
    """Give a part another name, at the end of the package."""
    return lambda parts: parts.__setitem__(new, parts.pop(old))
