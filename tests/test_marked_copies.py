"""A marked copy is the sender's file with marks put in between: nothing of it is lost.

`KYBAOCAO_TEST_COPIES` says how many files; `make soak` makes dozens.
"""

import html
import io
import os
import posixpath
import random
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.adapters.workbooks import reading
from kybaocao.adapters.workbooks.marked import MARK, mark
from kybaocao.rules.cells.addresses import address
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.recognition.reading import FINDINGS_SHEET
from kybaocao.steps.intake.verdict import Judged, judge_book
from tests.corpus.package import Parts, real, unpacked
from tests.corpus.sending import THREAD, sent
from tests.workbook_cases import all_through_libreoffice

COUNT = int(os.environ.get("KYBAOCAO_TEST_COPIES", "2"))
AT_ONCE = 20
"""How many files one LibreOffice opens."""

SHAPE = re.compile(r"<\w+:shape .*?</\w+:shape>", re.DOTALL)
HEADING = "Báo cáo của đơn vị"
COUNTS = dict.fromkeys(("fonts", "fills", "borders", "cellXfs", "dxfs"), ("count",))
NEW_VALUES = {
    **COUNTS,
    "sheetView": ("tabSelected",),
    "cfRule": ("priority",),
    "definedName": ("localSheetId",),
    "workbookView": ("activeTab", "firstSheet"),
}
"""The attributes to which marking gives other values, by element."""


@dataclass(frozen=True)
class Returned:
    """A sender's file and its marked copy."""

    seed: int
    data: bytes
    findings: tuple[Finding, ...]
    copy: bytes = field(repr=False)

    @cached_property
    def before(self) -> Parts:
        return unpacked(self.data)

    @cached_property
    def after(self) -> Parts:
        return unpacked(self.copy)

    @cached_property
    def seen_before(self) -> dict[str, object]:
        return seen(opened(self.data))

    @cached_property
    def noted_before(self) -> dict[tuple[str, str], tuple[str, str]]:
        return comments(opened(self.data))


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> list[Returned]:
    """Return the copies; the sender of every fifth file saves it by LibreOffice."""
    made = {str(seed): sent(seed) for seed in range(COUNT)}
    others = {name: data for name, data in made.items() if int(name) % 5 == 4}
    if others:
        made |= all_through_libreoffice(others, tmp_path_factory.mktemp("sent"))
    return [returned(int(name), data) for name, data in made.items()]


def returned(seed: int, data: bytes) -> Returned:
    findings = (*judged(data).findings, *aimed(seed, data))
    return Returned(seed, data, findings, mark(data, findings, HEADING))


def judged(data: bytes) -> Judged:
    return judge_book(real(), list(real().regimes), reading.read(data))


def aimed(seed: int, data: bytes) -> Iterator[Finding]:
    """Yield findings at the sender's comments, below merged cells, and anywhere, on some sheets."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    for sheet in opened(data).worksheets:
        if chance.random() < 0.3:
            continue
        noted = [c.coordinate for row in sheet.iter_rows() for c in row if c.comment]
        merged = [str(area).rpartition(":")[2] for area in sheet.merged_cells.ranges]
        cells = [*noted[:3], *merged[:2], f"D{chance.randint(1, 60)}"]
        for cell in cells:
            severity = chance.choice(list(Severity))
            yield Finding("x", severity, sheet.title, cell, "=1 <&>", "số", "Sửa.")


def opened(data: bytes, results: bool = False) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(io.BytesIO(data), data_only=results, rich_text=True)


# What another program or person sees of a file.


def seen(book: Workbook) -> dict[str, object]:
    """Return all that openpyxl reads of a book but our marks, by sheet and matter."""
    looks: dict[int, str] = {}
    found: dict[str, object] = {"names": names(book.defined_names)}
    for sheet in book.worksheets:
        if sheet.title == FINDINGS_SHEET:
            continue
        whole: dict[str, object] = {
            "cells": dict(cells(sheet, looks)),
            "merged": sorted(map(str, sheet.merged_cells.ranges)),
            "rows": {n: (d.height, d.hidden) for n, d in sheet.row_dimensions.items()},
            "columns": {n: (d.width, d.hidden) for n, d in sheet.column_dimensions.items()},
            "checks": [repr(rule) for rule in sheet.data_validations.dataValidation],
            "formats": rules(sheet),
            "names": names(sheet.defined_names),
            "printed": (sheet.print_area, sheet.print_title_rows, sheet.print_title_cols),
            "header": ET.tostring(sheet.HeaderFooter.to_tree()),
            "page": repr((sheet.page_setup, sheet.page_margins, sheet.print_options)),
            "breaks": repr((sheet.row_breaks, sheet.col_breaks)),
            "state": (sheet.sheet_state, sheet.freeze_panes, sheet.auto_filter.ref),
            "locked": repr(sheet.protection),
            "tables": sorted(sheet.tables),
        }
        found.update({f"{sheet.title}: {matter}": said for matter, said in whole.items()})
    return found


def cells(sheet: Worksheet, looks: dict[int, str]) -> Iterator[tuple[str, object]]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None and not cell.has_style:
                continue  # openpyxl makes an empty cell for each comment
            value = getattr(cell.value, "text", cell.value)
            if cell.style_id not in looks:
                parts = cell.font, cell.fill, cell.border, cell.alignment, cell.protection
                looks[cell.style_id] = repr(parts) + cell.number_format
            yield cell.coordinate, (cell.data_type, repr(value), looks[cell.style_id])


def rules(sheet: Worksheet) -> list[str]:
    """Return the sender's conditional formats in the order in which they count."""
    found = []
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            if MARK not in rule.formula:
                look = repr((rule.type, rule.operator, rule.formula, rule.dxf, rule.dataBar))
                found.append((rule.priority, str(area.sqref), look))
    return [f"{area} {look}" for _, area, look in sorted(found)]


def names(of: Mapping[str, object]) -> dict[str, str]:
    return {name: str(getattr(said, "attr_text", said)) for name, said in of.items()}


def comments(book: Workbook) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (sheet.title, cell.coordinate): (cell.comment.author, cell.comment.text)
        for sheet in book.worksheets
        if sheet.title != FINDINGS_SHEET
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


# What stands in the parts.


def sheet_parts(parts: Parts) -> dict[str, str]:
    """Return the part of each sheet, by the sheet's name."""
    targets = links(parts, "xl/workbook.xml")
    found = {}
    for tag in re.findall(r"<sheet [^>]*>", parts["xl/workbook.xml"].decode()):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        found[html.unescape(said["name"])] = targets[said["id"]]
    return found


def links(parts: Parts, source: str) -> dict[str, str]:
    """Return the parts to which a part leads, by the id of the relationship."""
    said = parts.get(links_part(source), b"").decode()
    tags = (dict(re.findall(r'(\w+)="([^"]*)"', t)) for t in re.findall("<Relationship .*?>", said))
    folder = posixpath.dirname(source)
    return {
        tag["Id"]: posixpath.normpath(posixpath.join("/", folder, tag["Target"])).lstrip("/")
        for tag in tags
    }


def links_part(source: str) -> str:
    folder, name = posixpath.split(source)
    return f"{folder}/_rels/{name}.rels"


def touched(one: Returned) -> set[str]:
    """Return the parts which marking has a reason to change."""
    found = {"[Content_Types].xml", "xl/workbook.xml", links_part("xl/workbook.xml")}
    found.add("xl/styles.xml")
    marked = {finding.sheet for finding in one.findings if finding.cell}
    for sheet, part in sheet_parts(one.before).items():
        if re.search(rb'tabSelected="(1|true)"', one.before[part]):
            found.add(part)
        if sheet in marked:
            of_comments = (n for n in links(one.before, part).values() if is_of_comments(n))
            found.update([part, links_part(part), *of_comments])
    return found


def is_of_comments(part: str) -> bool:
    return re.search(r"/comments?/?[^/]*\.xml$|\.vml$", part) is not None


def rows(xml: bytes) -> bytes:
    found = re.search(rb"<sheetData.*</sheetData>|<sheetData ?/>", xml, re.DOTALL)
    return found[0] if found else b""


def pieces(xml: bytes) -> list[bytes]:
    """Return the tags and texts of a part, without the attributes that get new values."""
    found = []
    for piece in re.findall(rb"<[^>]*>|[^<]+", xml):
        named = re.match(rb"<([\w:]+)", piece)
        if named is None:
            found.append(piece)
            continue
        tag = piece
        for attribute in NEW_VALUES.get(named[1].decode().rpartition(":")[2], ()):
            tag = re.sub(rb'\s%s="[^"]*"' % attribute.encode(), b"", tag)
        found.append(re.sub(rb"\s*/?>$", b">", tag))
        if piece.endswith(b"/>"):
            found.append(b"</" + named[1] + b">")
    return found


def is_kept(before: bytes, after: bytes) -> bool:
    """Return if all pieces of a part stand in another, in their order."""
    left = iter(pieces(after))
    return all(piece in left for piece in pieces(before))


# The tests.


def test_what_marking_has_no_reason_to_touch_is_the_same_to_the_byte(
    copies: list[Returned],
) -> None:
    for one in copies:
        assert [n for n in one.after if n in one.before] == [*one.before], one.seed
        changed = {n for n, part in one.before.items() if one.after[n] != part}
        assert changed <= touched(one), one.seed


def test_what_it_touches_is_still_there_in_its_order(copies: list[Returned]) -> None:
    for one in copies:
        for name in touched(one) & one.before.keys():
            assert is_kept(one.before[name], one.after[name]), (one.seed, name)
            assert rows(one.before[name]) == rows(one.after[name]), (one.seed, name)


def test_openpyxl_reads_the_same(copies: list[Returned]) -> None:
    for one in copies:
        for results in (False, True):
            before = seen(opened(one.data, results)) if results else one.seen_before
            after = seen(opened(one.copy, results))
            assert before.keys() == after.keys()
            assert {m: after[m] for m in before if after[m] != before[m]} == {}, one.seed


def test_a_senders_comment_stays_behind_ours(copies: list[Returned]) -> None:
    for one in copies:
        after = comments(opened(one.copy))
        for at, (author, said) in one.noted_before.items():
            assert after[at][1].endswith(said), (one.seed, at)
            assert after[at] == (author, said) or author != THREAD, (one.seed, at)


def test_every_comment_has_its_shape_and_no_shape_is_lost(copies: list[Returned]) -> None:
    for one in copies:
        before, after = shapes(one.before), shapes(one.after)
        noted = dict.fromkeys(comments(opened(one.copy)), 1)
        assert {at: count for at, count in after.items() if at[1]} == noted, one.seed
        assert {at: after.get(at) for at in before} == before, one.seed


def shapes(parts: Parts) -> dict[tuple[str, str], int]:
    """Return how many shapes of VML stand at a cell, and how many elsewhere, by sheet."""
    found: dict[tuple[str, str], int] = {}
    for sheet, part in sheet_parts(parts).items():
        for drawing in (n for n in links(parts, part).values() if n.endswith(".vml")):
            for shape in re.findall(
                r"<\w+:shape .*?</\w+:shape>", parts[drawing].decode(), re.DOTALL
            ):
                row, column = (re.search(rf"<\w+:{n}>(\d+)<", shape) for n in ("Row", "Column"))
                at = address(int(row[1]) + 1, int(column[1]) + 1) if row and column else ""
                found[sheet, at] = found.get((sheet, at), 0) + 1
    return found


def test_a_second_return_without_findings_gives_back_the_senders(copies: list[Returned]) -> None:
    for one in copies:
        cleared = mark(one.copy, [], HEADING)
        book = opened(cleared)
        assert comments(book) == one.noted_before, one.seed
        assert seen(book) == one.seen_before, one.seed
        parts = unpacked(cleared)
        for name, part in one.before.items():
            assert is_kept(part, parts[name]), (one.seed, name)


def test_a_copy_is_judged_as_the_file(copies: list[Returned]) -> None:
    for one in copies:
        before, after = judged(one.data), judged(one.copy)
        assert after.figures == before.figures, one.seed
        assert list(after.findings) == list(before.findings), one.seed


def test_libreoffice_opens_a_copy_and_shows_the_same(
    copies: list[Returned], tmp_path: Path
) -> None:
    for first in range(0, COUNT, AT_ONCE):
        some = copies[first : first + AT_ONCE]
        books = {f"{one.seed}-sent": one.data for one in some}
        books |= {f"{one.seed}-copy": one.copy for one in some}
        saved = all_through_libreoffice(books, tmp_path)
        for one in some:
            before, after = (saved[f"{one.seed}-{which}"] for which in ("sent", "copy"))
            assert shown(after) == shown(before), one.seed
            told = comments(opened(after))
            for at, (_, said) in comments(opened(before)).items():
                assert told[at][1].endswith(said), (one.seed, at)


def shown(data: bytes) -> tuple[dict[str, object], list[str]]:
    """Return the values by sheet, and the texts and pictures of the drawings."""
    values: dict[str, object] = {
        f"{sheet.title}!{cell.coordinate}": str(cell.value)
        for sheet in opened(data, results=True).worksheets
        if sheet.title != FINDINGS_SHEET
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    drawn = b"".join(part for name, part in unpacked(data).items() if "/drawings/drawing" in name)
    return values, sorted(re.findall(r"<a:t>[^<]*|<xdr:pic>|<c:chart ", drawn.decode()))
