"""Marks go between a sender's bytes: every part, cell and format is as it was."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import python_calamine as calamine
import xlsxwriter

from kybaocao.adapters.workbooks.marked import holds_code, mark
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.recognition.reading import FINDINGS_SHEET
from tests.sample_form import filled, saved
from tests.workbook_cases import through_libreoffice, with_macro

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
OURS = re.compile(
    r"kybaocao-|\[Content_Types\]|\.rels$|/workbook\.xml|/styles\.xml|/(chart|work)?sheets?/"
)


def rich() -> bytes:
    """Return a workbook with nearly all that openpyxl would drop or rewrite."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Số liệu & khác")
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    percent = book.add_format({"num_format": "0.00%"})
    sheet.write_row(0, 0, ["Mã", "Kế hoạch", "Thực hiện"])
    for row in range(1, 9):
        sheet.write_row(row, 0, [f"TT-{row:02d}", row * 1.5, row * 100])
        sheet.write_formula(row, 3, f"=C{row + 1}/B{row + 1}", percent, 66.25)
    sheet.write_array_formula("E2:E4", "{=B2:B4*2}", None, 3)
    sheet.write_rich_string("F2", "một ", bold, "đậm", red, " đỏ")
    sheet.write_datetime("F3", date(2016, 9, 14), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_boolean("F4", True)
    sheet.write_url("F5", "https://vi-du.example/")
    sheet.write_string("F6", "=1+1 _x000D_ <&>")
    sheet.write_comment("C3", "Chờ Sở Tài chính", {"author": "Cán bộ"})
    sheet.write_comment("C8", "Đã rà soát")
    sheet.conditional_format("B2:B9", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("C2:C9", {"type": "cell", "criteria": ">", "value": 3, "format": red})
    sheet.data_validation("B2:B9", {"validate": "decimal", "criteria": ">=", "value": 0})
    sheet.add_sparkline("G2", {"range": "B2:C2"})
    sheet.merge_range("A12:C13", "gộp", bold)
    sheet.autofilter("A1:C9")
    sheet.insert_image("H2", "x.png", {"image_data": io.BytesIO(PNG)})
    sheet.insert_textbox("H8", "Ô chữ")
    sheet.set_header("&L&G", {"image_left": "x.png", "image_data_left": io.BytesIO(PNG)})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Số liệu & khác'!$C$2:$C$9"})
    sheet.insert_chart("H12", chart)
    sheet.protect("", {"select_locked_cells": True})
    second = book.add_worksheet("Bảng")
    second.add_table("A1:B3", {"data": [[1, "a"], [2, "b"]]})
    second.insert_checkbox(5, 5, True)
    second.activate()
    book.add_worksheet("Ẩn").hide()
    alone = book.add_chartsheet("Biểu đồ")
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": "='Số liệu & khác'!$C$2:$C$9"})
    alone.set_chart(pie)
    book.define_name("KBC_form", "='Ẩn'!$A$1")
    book.define_name("'Bảng'!cục_bộ", "='Bảng'!$A$2")
    second.print_area("A1:B3")
    book.close()
    return buffer.getvalue()


def rezipped(data: bytes, change: Callable[[str, bytes], bytes], *more: tuple[str, bytes]) -> bytes:
    """Return a file with each part changed, those made empty left out, and `more` parts."""
    source, buffer = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            if part := change(name, source.read(name)):
                made.writestr(name, part)
        for name, part in more:
            made.writestr(name, part)
    return buffer.getvalue()


def strict(data: bytes) -> bytes:
    """Return a file in the namespaces of strict OOXML (ISO/IEC 29500-1)."""

    def change(name: str, part: bytes) -> bytes:
        base = b"http://schemas.openxmlformats.org/"
        if name == "[Content_Types].xml" or name.startswith("docProps"):
            return part
        part = part.replace(
            base + b"spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        )
        new = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        return part.replace(base + b"officeDocument/2006/relationships", new)

    return rezipped(data, change)


def prefixed(data: bytes) -> bytes:
    """Return a file whose workbook, sheets and styles name their namespace by a prefix."""

    def change(name: str, part: bytes) -> bytes:
        if not re.search(r"sheets/sheet|workbook\.xml$|styles\.xml$", name):
            return part
        part = re.sub(rb"<(/?)(?=[A-Za-z]+[ />])(?![A-Za-z]+:)", rb"<\1x:", part)
        return part.replace(f'xmlns="{MAIN}"'.encode(), f'xmlns:x="{MAIN}"'.encode())

    return rezipped(data, change)


def odd(data: bytes) -> bytes:
    """Return a file with a byte-order mark, alternate content and quotes of the other kind."""

    def change(name: str, part: bytes) -> bytes:
        if name.endswith("workbook.xml"):
            other = (
                b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
                b'<mc:Choice Requires="x15" xmlns:x15="urn:x15"/></mc:AlternateContent><bookViews'
            )
            part = part.replace(b"<bookViews", other).replace(b'activeTab="0"', b"activeTab = '0'")
        return b"\xef\xbb\xbf" + part if "sheets/sheet" in name and name.endswith("xml") else part

    return rezipped(data, change)


def commented() -> bytes:
    book = filled()
    book["3. TTHC"]["E6"].comment = openpyxl.comments.Comment("Đã rà soát", "Cán bộ")
    return saved(book)


@pytest.fixture(
    scope="module", params=["rich", "openpyxl", "libreoffice", "strict", "prefixed", "odd"]
)
def sent(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    made: dict[str, Callable[[], bytes]] = {
        "rich": rich,
        "openpyxl": commented,
        "libreoffice": lambda: through_libreoffice(rich(), tmp_path_factory.mktemp("lo")),
        "strict": lambda: strict(commented()),
        "prefixed": lambda: prefixed(commented()),
        "odd": lambda: odd(commented()),
    }
    return made[request.param]()


def findings_for(data: bytes) -> list[Finding]:
    names = calamine.load_workbook(io.BytesIO(data)).sheet_names
    cells = enumerate(("B2", "C3", "B13", "D7", "C3"))
    return [
        Finding(
            "x", Severity.BLOCKING if n % 2 else Severity.WARNING, name, cell, "=1", "số", "Sửa."
        )
        for n, cell in cells
        for name in names
    ]


def parts_of(data: bytes) -> dict[str, bytes]:
    source = zipfile.ZipFile(io.BytesIO(data))
    return {name: source.read(name) for name in source.namelist()}


def is_strict(data: bytes) -> bool:
    """Return if openpyxl finds no sheet in a file, since it is strict OOXML."""
    return b"purl.oclc.org" in parts_of(data)["xl/workbook.xml"]


def rows_of(xml: bytes) -> bytes:
    found = re.search(rb"<(\w+:)?sheetData.*</(\w+:)?sheetData>", xml, re.DOTALL)
    return found[0] if found else b""


def values(data: bytes) -> dict[str, object]:
    book = calamine.load_workbook(io.BytesIO(data))
    return {
        meta.name: book.get_sheet_by_name(meta.name).to_python()
        for meta in book.sheets_metadata
        if meta.typ is calamine.SheetTypeEnum.WorkSheet and meta.name != FINDINGS_SHEET
    }


def formats(data: bytes, results: bool) -> Iterator[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=results, rich_text=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows() if sheet.title != FINDINGS_SHEET else ():
            # openpyxl makes an empty cell for each comment.
            for cell in (c for c in row if c.has_style or c.value is not None):
                value = getattr(cell.value, "text", cell.value)
                look = cell.font, cell.fill, cell.border, cell.protection
                yield sheet.title, cell.coordinate, repr(value), cell.number_format, repr(look)


def test_every_part_and_every_cell_stay_byte_for_byte(sent: bytes) -> None:
    before, after = parts_of(sent), parts_of(mark(sent, findings_for(sent), "Báo cáo"))
    assert before.keys() <= after.keys()
    for name, part in before.items():
        if "comments" in name or "vmlDrawing" in name:
            assert len(after[name]) >= len(part)
        elif not OURS.search(name):
            assert after[name] == part, name
        assert rows_of(after[name]) == rows_of(part)


def test_two_readers_find_the_same_values_results_and_formats(sent: bytes) -> None:
    marked = mark(sent, findings_for(sent), "Báo cáo")
    assert values(marked) == values(sent)
    if not is_strict(sent):
        for results in (True, False):
            assert list(formats(marked, results)) == list(formats(sent, results))


def test_it_is_marked_where_the_findings_are(sent: bytes) -> None:
    marked = mark(sent, findings_for(sent), "Báo cáo")
    assert calamine.load_workbook(io.BytesIO(marked)).sheet_names[0] == FINDINGS_SHEET
    if not is_strict(sent):
        book = openpyxl.load_workbook(io.BytesIO(marked))
        for sheet in book.worksheets[1:]:
            assert sheet["B2"].comment.text.startswith("CẦN XEM LẠI")
            assert sheet["D7"].comment.text.startswith("LỖI PHẢI SỬA")


def test_a_second_return_adds_nothing(sent: bytes) -> None:
    found = findings_for(sent)
    once = mark(sent, found, "Báo cáo")
    twice, thrice = (
        mark(once, found, "Báo cáo"),
        mark(mark(once, found, "Báo cáo"), found, "Báo cáo"),
    )
    assert parts_of(twice).keys() == parts_of(once).keys()
    assert {n: len(p) for n, p in parts_of(thrice).items()} == {
        n: len(p) for n, p in parts_of(twice).items()
    }
    cleared = parts_of(mark(thrice, [], "Báo cáo"))
    said = b"".join(part for name, part in cleared.items() if "comments" in name)
    assert "LỖI PHẢI SỬA".encode() not in said
    for name in parts_of(sent):
        assert name in cleared


def test_names_and_the_opened_sheet_count_by_the_new_order() -> None:
    data = rich()
    marked = openpyxl.load_workbook(io.BytesIO(mark(data, findings_for(data), "Báo cáo")))
    assert marked.active.title == FINDINGS_SHEET
    assert marked["Bảng"].print_area == "'Bảng'!$A$1:$B$3"
    assert marked["Bảng"].defined_names["cục_bộ"].attr_text == "'Bảng'!$A$2"
    assert marked["Số liệu & khác"].auto_filter.ref == "A1:C9"
    assert marked["Ẩn"].sheet_state == "hidden"


def test_libreoffice_opens_it_and_its_links_lead_to_the_cells(sent: bytes, tmp_path: Path) -> None:
    page = through_libreoffice(mark(sent, findings_for(sent), "Báo cáo"), tmp_path, "html").decode()
    assert FINDINGS_SHEET.upper() in page
    if is_strict(sent):
        return
    book = openpyxl.load_workbook(io.BytesIO(mark(sent, findings_for(sent), "Báo cáo")))
    links = [
        cell.hyperlink for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink
    ]
    names = calamine.load_workbook(io.BytesIO(sent)).sheet_names
    assert {link.location.rpartition("!")[0].strip("'") for link in links} == set(names)


def priorities(data: bytes, part: str = "xl/worksheets/sheet1.xml") -> tuple[list[int], list[int]]:
    """Return the priorities of our conditional formats on a sheet, and of the sender's."""
    ours: list[int] = []
    theirs: list[int] = []
    for rule in re.findall(rb"<cfRule[^>]*?(?:/>|>.*?</cfRule>)", parts_of(data)[part]):
        found = re.search(rb'priority="([0-9]+)"', rule)
        assert found is not None
        (ours if b"kybaocao" in rule else theirs).append(int(found[1]))
    return ours, theirs


def test_no_sheet_of_the_sender_is_selected_together_with_the_list() -> None:
    """What is typed would go into all of them."""
    data = rich()
    selected = b'tabSelected="1"'
    assert any(selected in part for part in parts_of(data).values())
    after = parts_of(mark(data, findings_for(data), "Báo cáo"))
    (alone,) = [name for name, part in after.items() if selected in part]
    assert "kybaocao-list" in alone


def test_our_fills_show_above_the_senders_own_formats() -> None:
    data = rich()
    ours, theirs = priorities(mark(data, findings_for(data), "Báo cáo"))
    assert len(ours) == len(theirs) == 2
    assert len({*ours, *theirs}) == 4
    assert max(ours) < min(theirs)


def test_a_format_that_a_pivot_table_names_keeps_its_number() -> None:
    data = rezipped(rich(), lambda _, part: part.replace(b"<cfRule ", b'<cfRule pivot="1" '))
    ours, theirs = priorities(mark(data, findings_for(data), "Báo cáo"))
    assert theirs == priorities(data)[1]
    assert min(ours) > max(theirs)


def test_a_conversation_at_a_cell_keeps_its_words() -> None:
    """Excel keeps a threaded comment elsewhere, and its author here begins with `tc=`."""
    book = filled()
    book["3. TTHC"]["E6"].comment = openpyxl.comments.Comment("Trao đổi", "tc={A1B2}")
    finding = Finding("x", Severity.BLOCKING, "3. TTHC", "E6", "1", "e", "a")
    marked = openpyxl.load_workbook(io.BytesIO(mark(saved(book), [finding], "Báo cáo")))
    assert marked["3. TTHC"]["E6"].comment.text == "Trao đổi"
    assert marked[FINDINGS_SHEET]["C6"].value == "E6"


def test_a_file_whose_marks_are_gone_has_no_comments_left() -> None:
    data = saved(filled())
    finding = Finding("x", Severity.BLOCKING, "3. TTHC", "E6", "1", "e", "a")
    cleared = parts_of(mark(mark(data, [finding], "Báo cáo"), [], "Báo cáo"))
    assert not [name for name in cleared if "comments" in name or name.endswith(".vml")]


# What is not marked.


def with_macros() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    book.add_worksheet("Bảng").write("A1", 1)
    book.add_vba_project(io.BytesIO(b"macro"), True)
    book.close()
    return buffer.getvalue()


def related(kind: str, target: str, part: bytes = b"") -> bytes:
    """Return a file whose workbook leads to one more part."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    new = f'<Relationship Id="rId99" Type="{base}/{kind}" Target="{target}"/></Relationships>'

    def change(name: str, old: bytes) -> bytes:
        is_one = name == "xl/_rels/workbook.xml.rels"
        return old.replace(b"</Relationships>", new.encode()) if is_one else old

    return rezipped(saved(filled()), change, (f"xl/{target}", part))


DDE = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c x"/></externalLink>'
DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'


def with_document_type() -> bytes:
    def change(name: str, part: bytes) -> bytes:
        return DTD + part if name == "xl/worksheets/sheet1.xml" else part

    return rezipped(saved(filled()), change)


def with_two_parts_of_one_name() -> bytes:
    return rezipped(saved(filled()), lambda _, part: part, ("DOCPROPS/app.xml", b"<x/>"))


@pytest.mark.parametrize(
    "data",
    [
        with_macros(),
        related("xlMacrosheet", "macrosheets/sheet1.xml", b"<x/>"),
        related("oleObject", "embeddings/oleObject1.bin"),
        related("connections", "connections.xml", b"<x/>"),
        related("control", "activeX/activeX1.xml", b"<x/>"),
        related("digital-signature/origin", "_xmlsignatures/origin.sigs"),
        with_two_parts_of_one_name(),
        related("externalLink", "externalLinks/externalLink1.xml", DDE.encode()),
        with_document_type(),
        saved(filled())[:-30],
    ],
    ids=[
        "macros",
        "macro sheet",
        "object",
        "connection",
        "control",
        "signature",
        "twins",
        "dde",
        "document type",
        "truncated",
    ],
)
def test_what_acts_or_breaks_is_not_handed_on(data: bytes) -> None:
    finding = Finding("x", Severity.BLOCKING, "3. TTHC", "E5", "1", "e", "a")
    marked = mark(data, [finding], "Báo cáo")
    assert openpyxl.load_workbook(io.BytesIO(marked)).sheetnames == [FINDINGS_SHEET]
    assert not any("vba" in name or "External" in name for name in parts_of(marked))


def test_code_is_known_by_the_parts_or_streams_that_hold_it(tmp_path: Path) -> None:
    plain = saved(filled())
    old = through_libreoffice(plain, tmp_path, "xls")
    open_document = through_libreoffice(plain, tmp_path, "ods")
    basic = rezipped(open_document, lambda _, part: part, ("Basic/Standard/x.xml", b"<x/>"))
    stream = "_VBA_PROJECT_CUR".encode("utf-16-le")
    assert not any(map(holds_code, (b"", b"PK", plain, rich(), old, open_document)))
    for data in (with_macros(), with_macro(plain), basic, old + stream):
        assert holds_code(data)
    for kind, target in (
        ("xlMacrosheet", "macrosheets/sheet1.xml"),
        ("oleObject", "embeddings/oleObject1.bin"),
        ("control", "activeX/activeX1.xml"),
    ):
        assert holds_code(related(kind, target, b"<x/>"))


def test_a_plain_link_to_another_workbook_stays() -> None:
    link = f'<externalLink xmlns="{MAIN}"><externalBook/></externalLink>'
    data = related("externalLink", "externalLinks/externalLink1.xml", link.encode())
    marked = parts_of(mark(data, [], "Báo cáo"))
    assert marked["xl/externalLinks/externalLink1.xml"] == link.encode()


def test_a_file_without_styles_and_views_is_marked() -> None:
    def change(name: str, part: bytes) -> bytes:
        if name == "xl/workbook.xml":
            part = re.sub(rb"<bookViews>.*</bookViews>", b"", part)
        if name == "xl/_rels/workbook.xml.rels":
            part = re.sub(rb"<Relationship [^>]*styles[^>]*/>", b"", part)
        return b"" if name == "xl/styles.xml" else part

    data = rezipped(commented(), change)
    marked = mark(data, findings_for(data), "Báo cáo")
    assert values(marked) == values(data)
    assert len(openpyxl.load_workbook(io.BytesIO(marked)).sheetnames) == 5
