"""What Excel refuses or complains of, and LibreOffice does not: limits of its specification.

The limits are those of ECMA-376 part 1 (18.3.1.33 data validation, 18.2.5 defined names, order
of a worksheet's parts) and of "Excel specifications and limits".
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

import pytest

from kybaocao.adapters.regime_files import load
from kybaocao.adapters.workbooks.blank import blank
from kybaocao.adapters.workbooks.marked import mark
from kybaocao.adapters.workbooks.reading import read
from kybaocao.adapters.workbooks.report import report
from kybaocao.rules.calendar.official_days import start_of
from kybaocao.rules.calendar.period import Window
from kybaocao.rules.check.checks import judge
from kybaocao.rules.cycle.obligation import Term, terms
from kybaocao.rules.cycle.request import Request
from kybaocao.rules.cycle.standing import Standing, State
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.report.consolidation import consolidate
from tests.support import ROOT

CONFIG = load(ROOT / "config")
NAMESPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
LONGEST = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
PARTS = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetProtection autoFilter
    mergeCells conditionalFormatting dataValidations hyperlinks printOptions pageMargins
    pageSetup headerFooter rowBreaks colBreaks ignoredErrors drawing legacyDrawing extLst
""".split()  # noqa: SIM905 - a list of words


def cases() -> Iterator[tuple[Regime, Duty, Term]]:
    for regime in CONFIG.regimes.values():
        for duty in regime.duties:
            yield regime, duty, first_term(regime, duty)


def first_term(regime: Regime, duty: Duty) -> Term:
    since = regime.in_force.since
    found = next(terms(regime, duty, since, date(since.year + 5, 1, 1), CONFIG.calendar), None)
    return found or requested(regime, duty, since)


def requested(regime: Regime, duty: Duty, day: date) -> Term:
    return Request(
        regime=regime.id,
        duty=duty.id,
        year=day.year,
        number=1,
        title=duty.name,
        form=duty.form,
        agencies=(),
        window=Window(day, day),
        opens=day,
        last_day=day,
        reason="Kiểm thử",
        granted_by="Sở Nội vụ",
        actor="Sở Nội vụ",
        at=start_of(day),
    ).term


def of_each_level(regime: Regime, duty: Duty) -> dict[str, Agency]:
    owing = [a for a in regime.agencies.values() if duty.reporters.include(a)]
    return {a.level: a for a in owing}


def xml(parts: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(parts.read(name))  # noqa: S314 - we wrote it


def faults(data: bytes) -> list[str]:
    """Return what Excel would refuse, repair or flag in a workbook."""
    found: list[str] = []
    with zipfile.ZipFile(BytesIO(data)) as parts:
        book = xml(parts, "xl/workbook.xml")
        styles = xml(parts, "xl/styles.xml")
        looks = len(styles.findall("m:dxfs/m:dxf", NAMESPACE))
        for sheet in book.findall("m:sheets/m:sheet", NAMESPACE):
            name = sheet.attrib["name"]
            if not re.fullmatch(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')", name):
                found.append(f"sheet name {name}")
        names = [
            (n.attrib["name"], n.get("localSheetId"))
            for n in book.findall("m:definedNames/m:definedName", NAMESPACE)
        ]
        found += [f"name {n}" for n, _ in names if not re.fullmatch(r"[A-Za-z_]\w*(\.\w+)?", n)]
        if len(names) != len(set(names)):
            found.append("a name is defined twice")
        for part in parts.namelist():
            if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", part):
                tree = xml(parts, part)
                found += [f"{part}: {fault}" for fault in sheet_faults(tree, looks)]
    return found


def sheet_faults(tree: ElementTree.Element, looks: int) -> Iterator[str]:
    order = [PARTS.index(child.tag.partition("}")[2]) for child in tree]
    if order != sorted(order):
        yield "parts out of order"
    for rule in tree.findall("m:dataValidations/m:dataValidation", NAMESPACE):
        for key, longest in LONGEST.items():
            if len(rule.get(key, "").encode("utf-16-le")) > 2 * longest:
                yield f"{rule.get('sqref')}: {key} too long"
        for formula in rule:
            if len(formula.text or "") > 255:
                yield f"{rule.get('sqref')}: formula too long"
            if "!" in (formula.text or ""):
                yield f"{rule.get('sqref')}: a validation that looks at another sheet"
    priorities = []
    for rule in tree.findall("m:conditionalFormatting/m:cfRule", NAMESPACE):
        priorities.append(rule.get("priority"))
        if int(rule.get("dxfId", "0")) >= max(1, looks):
            yield "a conditional format without its look"
        if any("!" in (f.text or "") for f in rule.findall("m:formula", NAMESPACE)):
            yield "a conditional format that looks at another sheet"
    if len(priorities) != len(set(priorities)):
        yield "two conditional formats of one priority"
    for line in tree.findall("m:headerFooter/*", NAMESPACE):
        if len(line.text or "") > 255:
            yield "header or footer too long"
    for row in tree.findall("m:sheetData/m:row", NAMESPACE):
        if float(row.get("ht", "0")) > 409.5:
            yield f"row {row.get('r')} too tall"
    for column in tree.findall("m:cols/m:col", NAMESPACE):
        if float(column.get("width", "0")) > 255:
            yield "column too wide"


@pytest.mark.parametrize(
    ("regime", "duty", "term"), list(cases()), ids=lambda c: getattr(c, "id", getattr(c, "key", ""))
)
def test_every_workbook_of_every_duty_keeps_excels_limits(
    regime: Regime, duty: Duty, term: Term
) -> None:
    form = CONFIG.form(duty.form)
    for agency in of_each_level(regime, duty).values():
        own = form.for_agency(agency)
        data = blank(own, agency, regime, duty, term)
        assert faults(data) == []
        judged = judge(own, term.period.frequency, term.period.is_first_of_year, read(data))
        assert judged.findings
        assert faults(mark(data, judged.findings, "Báo cáo")) == []
    agencies = [a for a in regime.agencies.values() if duty.reporters.include(a)]
    standings = {a.code: Standing(State.OVERDUE, None, 1) for a in agencies}
    found = consolidate(form, agencies, standings, {}, term.period.frequency)
    assert faults(report(found, form, regime, duty, term, term.due.at)) == []


def test_the_limits_can_be_broken() -> None:
    regime, duty, term = next(cases())
    agency = next(iter(of_each_level(regime, duty).values()))
    form = CONFIG.form(duty.form).for_agency(agency)
    data = blank(form, agency, regime, duty, term)
    spoilt = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(spoilt, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b'prompt="', b'prompt="' + b"x" * 255)
            new.writestr(name, part)
    assert any("prompt too long" in fault for fault in faults(spoilt.getvalue()))
