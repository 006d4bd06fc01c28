"""Filled forms as senders return them, with faults and with all that a form does not ask for."""

import base64
import io
import random
import re
from collections.abc import Callable
from datetime import date
from functools import cache

import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, DataBarRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.adapters.workbooks import blank as workbook_blank
from kybaocao.demo.figures import Agencys
from kybaocao.demo.officer import filled
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import term
from tests.corpus.package import STRINGS, WORKBOOK, Parts, packed, real, unpacked

DUTIES = (
    ("quang-nam", "bao-cao-quy", "2016-Q3"),
    ("an-giang", "bao-cao-3-thang", "2013-Q3"),
    ("an-giang", "kiem-soat-tthc-quy", "2013-Q3"),
    ("bac-giang", "bao-cao-quy", "2014-Q3"),
    ("lam-dong", "cap-duoi-quy", "2016-Q3"),
    ("lang-son", "bao-cao-quy", "2016-Q3"),
    ("lang-son-hien-nay", "bao-cao-quy", "2026-Q3"),
)
FAULTS = ("khoảng 20", -7, "=1/0", "=5+3", None, 10**9, "1.234,5", "không phát sinh", True)
THREAD = "tc={A1B2C3D4-0000-4000-8000-000000000001}"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
TYPES, BOOK_LINKS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@cache
def form_filled(which: int) -> bytes:
    """Return a shipped form filled without fault by its first reporter."""
    config = real()
    of, what, when = DUTIES[which]
    regime, period = config.regimes[of], Period.parse(when)
    duty = regime.duty(what)
    whose = next(a for a in regime.agencies.values() if duty.reporters.include(a))
    of_term = term(regime, duty, period, config.calendar)
    form = config.form(duty.form).for_agency(whose)
    issued = workbook_blank.blank(form, whose, regime, duty, of_term)
    figures = Agencys(form, whose.code, seed=1).of(period, period.year)
    return filled(issued, form, figures, date(period.year, 9, 12), whose.name)


def sent(seed: int) -> bytes:
    """Return a file as a sender returns it; a seed gives one file."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    book = load_workbook(io.BytesIO(form_filled(seed % len(DUTIES))))
    numbers = [
        cell
        for sheet in book.worksheets[:-1]
        if sheet.sheet_state == "visible"
        for row in sheet.iter_rows(min_row=8)
        for cell in row
        if isinstance(cell.value, int | float) and cell.column > 2
    ]
    for cell in chance.sample(numbers, min(12, len(numbers))):
        cell.value = chance.choice(FAULTS)
    if seed % 3 == 1:
        parts = unpacked(through_xlsxwriter(chance, book))
    else:
        for sheet in book.worksheets:
            by_openpyxl(chance, sheet)
        book.defined_names["TongHoSo"] = DefinedName("TongHoSo", attr_text="Nháp!$B$1")
        draft = book.create_sheet("Nháp", chance.randrange(len(book.worksheets)))
        draft["A1"], draft["B1"] = "Cộng thử", "=SUM(B2:B9)"
        for number in range(2, 10):
            draft.cell(number, 2).value = chance.randrange(1000)
        parts = unpacked(saved(book))
        shared_strings(parts)
    some = len(PATCHES) if seed == 0 else chance.randint(4, len(PATCHES))
    for patch in chance.sample(PATCHES, some):
        patch(chance, parts)
    return packed(parts)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# Through the programs that write workbooks.


def by_openpyxl(chance: random.Random, sheet: Worksheet) -> None:
    """Put into a sheet what its sender may have added, each by chance."""
    below, right = sheet.max_row + 2, sheet.max_column + 2
    used = [c for row in sheet.iter_rows() for c in row if c.value is not None]
    if chance.random() < 0.7:
        for cell in chance.sample(used, min(6, len(used))):
            who = chance.choice(["Cán bộ tổng hợp", "Lãnh đạo phòng", THREAD])
            cell.comment = Comment(f"Đã rà soát\nô {cell.coordinate} <&>", who)
    if chance.random() < 0.6:
        rule = DataValidation("decimal", operator="between", formula1="0", formula2="1000000000")
        rule.add(f"D{below}:F{below + 9}")
        sheet.add_data_validation(rule)
    if chance.random() < 0.7:
        red = PatternFill(bgColor="FFFF0000")
        for area, look in (
            (f"D8:E{below}", CellIsRule("greaterThan", formula=["1000"], fill=red)),
            (f"D8:F{below}", DataBarRule("min", None, "max", None, color="FF638EC6")),
            (f"E8:F{below}", ColorScaleRule("min", None, "FFFFFFFF", "max", None, "FF00FF00")),
        ):
            sheet.conditional_formatting.add(area, look)
    if chance.random() < 0.5:
        sheet.row_dimensions[chance.randint(4, below)].hidden = True
        sheet.column_dimensions["J"].hidden = True
        sheet.row_dimensions.group(below + 3, below + 5, hidden=True)
    if chance.random() < 0.5:
        sheet.cell(below, right).value = "Người lập biểu"
        sheet.merge_cells(None, below, right, below + 1, right + 2)
        sheet.cell(below + 3, right).value = "Thủ trưởng"
    if chance.random() < 0.5:
        sheet.print_area = f"A1:{'ABCDEFGH'[chance.randrange(3, 8)]}{below}"
        sheet.print_title_rows = "4:5"
        sheet.oddHeader.center.text = "&BBản thảo & kiểm tra"
        sheet.row_breaks.append(Break(20))
        sheet.page_setup.scale = 80
    if chance.random() < 0.4:
        sheet.defined_names["vung_rieng"] = DefinedName(
            "vung_rieng", attr_text=f"'{sheet.title}'!$A$1:$B$9".replace("''", "'")
        )
    if chance.random() < 0.3:
        chart = BarChart()
        chart.add_data(Reference(sheet, 4, 8, 4, 16))
        sheet.add_chart(chart, f"K{below}")
    sheet.sheet_view.tabSelected = chance.random() < 0.3
    if chance.random() < 0.4:
        sheet.cell(below + 6, 4).value = f"=SUM(D8:D{below})*2"


def through_xlsxwriter(chance: random.Random, book: Workbook) -> bytes:
    """Return the cells of a book written anew, with what XlsxWriter knows to add."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    bold, red = made.add_format({"bold": True}), made.add_format({"font_color": "red"})
    for number, sheet in enumerate(book.worksheets):
        new = made.add_worksheet(sheet.title)
        used = [c for row in sheet.iter_rows() for c in row if c.value is not None]
        for cell in used:
            at, value = (cell.row - 1, cell.column - 1), cell.value
            if isinstance(value, str) and value.startswith("=") and cell.data_type == "f":
                new.write_formula(*at, value, None, chance.randrange(100))
            elif isinstance(value, str) and len(value) > 3 and chance.random() < 0.2:
                new.write_rich_string(*at, value[:1], bold, value[1:3], red, value[3:])
            elif isinstance(value, str):
                new.write_string(*at, value)
            elif isinstance(value, date):
                new.write_datetime(*at, value, made.add_format({"num_format": "dd/mm/yyyy"}))
            else:
                new.write(*at, value)
        for area in sheet.merged_cells.ranges:
            top = sheet.cell(area.min_row, area.min_col).value
            new.merge_range(str(area), "" if top is None else top)
        if sheet.sheet_state != "visible":
            new.hide()
            continue
        for cell in chance.sample(used, min(5, len(used))):
            new.write_comment(cell.coordinate, "Chờ ý kiến Sở Tài chính", {"author": "Cán bộ"})
        end = sheet.max_row + 2
        new.insert_textbox(end, 2, "Ô chữ: đã đối chiếu với số kỳ trước")
        new.insert_image(end + 8, 2, "dau.png", {"image_data": io.BytesIO(PNG)})
        new.conditional_format(7, 3, end, 4, {"type": "data_bar", "data_bar_2010": True})
        new.conditional_format(
            7, 3, end, 5, {"type": "cell", "criteria": "<", "value": 0, "format": red}
        )
        new.conditional_format(7, 4, end, 5, {"type": "icon_set", "icon_style": "3_arrows"})
        new.data_validation(end, 3, end + 5, 3, {"validate": "list", "source": ["Có", "Không"]})
        new.add_sparkline(end, 8, {"range": f"'{sheet.title}'!D8:F8".replace("''", "'")})
        new.add_table(end + 20, 10, end + 23, 11, {"name": f"Nhap{number}"})
        picture = {"image_left": "d.png", "image_data_left": io.BytesIO(PNG)}
        new.set_header("&L&G&RBản thảo", picture)
        new.set_column(14, 15, None, None, {"hidden": True})
        new.set_row(end + 30, None, None, {"hidden": True})
        new.set_landscape()
        if chance.random() < 0.5:
            new.protect("", {"format_cells": True})
        if chance.random() < 0.5:
            new.print_area(0, 0, end, 6)
            new.repeat_rows(3, 4)
    for name, said in book.defined_names.items():
        made.define_name(name, f"={said.attr_text}")
    made.worksheets()[-1].set_first_sheet()
    made.close()
    return buffer.getvalue()


# In the parts, what no library of Python writes.


def sheets(parts: Parts) -> list[str]:
    return [name for name in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]


def relate(parts: Parts, source: str, kind: str, target: str, mode: str = "") -> str:
    """Add a relationship to a part and return its id; `kind` is the type without its base."""
    folder, _, name = source.rpartition("/")
    links = f"{folder}/_rels/{name}.rels"
    empty = f'{XML}<Relationships xmlns="{_PACKAGE}/relationships"></Relationships>'
    said = parts.get(links, empty.encode()).decode()
    number = f"sender{len(re.findall('<Relationship ', said))}"
    base = kind if "://" in kind else f"{OFFICE}/relationships/{kind}"
    new = f'<Relationship Id="{number}" Type="{base}" Target="{target}"{mode}/></Relationships>'
    said = re.sub(r"(<Relationships [^>]*)/>", r"\1></Relationships>", said)
    parts[links] = said.replace("</Relationships>", new).encode()
    return number


_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def add(parts: Parts, name: str, data: str | bytes, content_type: str = "") -> None:
    """Add a part, with its type or that of its ending."""
    parts[name] = data if isinstance(data, bytes) else (XML + data).encode()
    said = parts[TYPES].decode()
    ending = name.rpartition(".")[2]
    if content_type:
        said = said.replace(
            "</Types>", f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
        )
    elif f'Extension="{ending}"' not in said:
        new = f'<Default Extension="{ending}" ContentType="image/{ending}"/>'
        said = re.sub(r"(<Types[^>]*>)", rf"\1{new}", said, count=1)
    parts[TYPES] = said.encode()


def put(parts: Parts, name: str, xml: str, before: str) -> None:
    """Put an element into a part before the first of the elements that follow it."""
    said = parts[name].decode()
    found = re.search(rf"<(?:{before})[ />]|</(?:worksheet|workbook)>", said)
    assert found
    parts[name] = (said[: found.start()] + xml + said[found.start() :]).encode()


def shared_strings(parts: Parts) -> None:
    """Move the texts into the table of strings, where Excel keeps them."""
    strings: dict[str, int] = {}

    def named(match: re.Match[str]) -> str:
        said = re.sub(r"&#(\d+);", lambda code: chr(int(code[1])), match[2])
        return f'{match[1]} t="s"><v>{strings.setdefault(said, len(strings))}</v></c>'

    for name in sheets(parts):
        said = parts[name].decode()
        found = re.sub(r'(<c [^>]*?) t="inlineStr"><is>(.*?)</is></c>', named, said, flags=re.S)
        parts[name] = found.encode()
    table = "".join(f"<si>{said}</si>" for said in strings)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    add(parts, STRINGS, f'<sst xmlns="{MAIN}">{table}</sst>', kind)
    relate(parts, WORKBOOK, "sharedStrings", "sharedStrings.xml")


def rich_shared_strings(chance: random.Random, parts: Parts) -> None:
    def split(match: re.Match[str]) -> str:
        said = match[2]
        if len(said) < 4 or "&" in said or chance.random() < 0.7:
            return match[0]
        cut = chance.randrange(1, len(said))
        bold = '<rPr><b/><sz val="12"/><color rgb="FFFF0000"/><rFont val="Arial"/></rPr>'
        pieces = (said[:cut], said[cut:])
        first, last = (f'<t xml:space="preserve">{piece}</t>' for piece in pieces)
        return f"<si><r>{first}</r><r>{bold}{last}</r></si>"

    said = parts[STRINGS].decode()
    parts[STRINGS] = re.sub(r"<si><t([^>]*)>([^<]*)</t></si>", split, said).encode()


def inline_strings(chance: random.Random, parts: Parts) -> None:
    strings = re.findall(r"<si>(.*?)</si>", parts[STRINGS].decode(), re.DOTALL)

    def inside(match: re.Match[str]) -> str:
        if chance.random() < 0.8:
            return match[0]
        return f'{match[1]} t="inlineStr"><is>{strings[int(match[2])]}</is></c>'

    for name in sheets(parts):
        said = parts[name].decode()
        found = re.sub(r'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="s"><v>(\d+)</v></c>', inside, said)
        parts[name] = found.encode()


def cached_results(chance: random.Random, parts: Parts) -> None:
    for name in sheets(parts):
        said = parts[name].decode()
        found = re.sub(
            r"</f><v ?/>|</f><v></v>", lambda _: f"</f><v>{chance.randrange(10**6) / 8}</v>", said
        )
        parts[name] = found.encode()


def drawn(chance: random.Random, parts: Parts) -> None:
    """A text box, an arrow and a picture, on a sheet that has no drawing yet."""
    free = [name for name in sheets(parts) if b"<drawing " not in parts[name]]
    if not free:
        return
    name = chance.choice(free)
    own, picture = "xl/drawings/drawing901.xml", "xl/media/image901.png"
    add(parts, picture, PNG)
    add(parts, own, _DRAWING, "application/vnd.openxmlformats-officedocument.drawing+xml")
    links = f"{own.replace('drawings/', 'drawings/_rels/')}.rels"
    relate(parts, own, "image", "../media/image901.png")
    assert b"sender0" in parts[links]
    at = relate(parts, name, "drawing", f"/{own}")
    xml = f'<drawing xmlns:r="{OFFICE}/relationships" r:id="{at}"/>'
    put(parts, name, xml, "legacyDrawing|legacyDrawingHF|picture|tableParts|extLst")


def threads(chance: random.Random, parts: Parts) -> None:
    """The conversation to which the comments of a thread belong, where there are any."""
    for number, name in enumerate(n for n in [*parts] if re.search(r"/comments?/?[^/]*\.xml$", n)):
        said = parts[name].decode()
        author = re.findall(r"<author>([^<]*)</author>", said)
        if THREAD not in author:
            continue
        places = re.findall(rf'ref="([A-Z]+\d+)" authorId="{author.index(THREAD)}"', said)
        words = "".join(
            f'<threadedComment ref="{at}" dT="2016-09-12T08:00:00.00" '
            f'personId="{_PERSON}" id="{THREAD[3:]}"><text>Trao đổi về ô {at}</text>'
            "</threadedComment>"
            for at in places
        )
        file = f"xl/threadedComments/threadedComment{number + 1}.xml"
        kind = "application/vnd.ms-excel.threadedcomments+xml"
        add(parts, file, f'<ThreadedComments xmlns="{_THREADS}">{words}</ThreadedComments>', kind)
        for links in [n for n in parts if n.startswith("xl/worksheets/_rels/")]:
            if f"/{name.rpartition('/')[2]}".encode() in parts[links]:
                sheet = links.replace("_rels/", "").removesuffix(".rels")
                relate(
                    parts, sheet, f"{_MICROSOFT}/2017/10/relationships/threadedComment", f"/{file}"
                )
    if "xl/persons/person.xml" not in parts:
        one = f'<person displayName="Cán bộ" id="{_PERSON}" userId="x" providerId="None"/>'
        kind = "application/vnd.ms-excel.person+xml"
        people = f'<personList xmlns="{_THREADS}">{one}</personList>'
        add(parts, "xl/persons/person.xml", people, kind)
        kind = f"{_MICROSOFT}/2017/10/relationships/person"
        relate(parts, WORKBOOK, kind, "persons/person.xml")


_MICROSOFT = "http://schemas.microsoft.com/office"
_THREADS = f"{_MICROSOFT}/spreadsheetml/2018/threadedcomments"
_PERSON = "{00000000-0000-4000-8000-0000000000AA}"


def extensions(chance: random.Random, parts: Parts) -> None:
    """Formats and checks of Excel 2010 (x14) in a sheet that has no extensions yet."""
    for name in sheets(parts):
        if b"<extLst" not in parts[name] and chance.random() < 0.6:
            parts[name] = parts[name].replace(b"</worksheet>", _EXTENSIONS + b"</worksheet>")


def custom_xml(_: random.Random, parts: Parts) -> None:
    add(parts, "customXml/item1.xml", '<ho-so xmlns="urn:van-ban"><so>12/BC</so></ho-so>')
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    space = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    item = f'<ds:datastoreItem ds:itemID="{_PERSON}" xmlns:ds="{space}"><ds:schemaRefs/>'
    add(parts, "customXml/itemProps1.xml", f"{item}</ds:datastoreItem>", kind)
    relate(parts, "customXml/item1.xml", "customXmlProps", "itemProps1.xml")
    relate(parts, WORKBOOK, "customXml", "../customXml/item1.xml")


def external_link(_: random.Random, parts: Parts) -> None:
    """A formula that looks into another workbook, with what that said last."""
    file = "xl/externalLinks/externalLink1.xml"
    inside = (
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}/relationships" '
        'r:id="sender0"><sheetNames><sheetName val="Kỳ trước"/></sheetNames><sheetDataSet>'
        '<sheetData sheetId="0"><row r="1"><cell r="A1"><v>41</v></cell></row></sheetData>'
        "</sheetDataSet></externalBook></externalLink>"
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    add(parts, file, inside, kind)
    mode = ' TargetMode="External"'
    relate(parts, file, "externalLinkPath", "ky-truoc.xlsx", mode)
    at = relate(parts, WORKBOOK, "externalLink", "externalLinks/externalLink1.xml")
    xml = (
        f'<externalReferences><externalReference xmlns:r="{OFFICE}/relationships" r:id="{at}"/>'
        "</externalReferences>"
    )
    put(parts, WORKBOOK, xml, "definedNames|calcPr|fileRecoveryPr|extLst")
    cell = '<row r="2000"><c r="B2000"><f>[1]\'Kỳ trước\'!A1+1</f><v>42</v></c></row></sheetData>'
    name = sheets(parts)[0]
    parts[name] = parts[name].replace(b"</sheetData>", cell.encode(), 1)


def printer_settings(chance: random.Random, parts: Parts) -> None:
    name = chance.choice(sheets(parts))
    parts["xl/printerSettings/printerSettings1.bin"] = bytes(range(256))
    said = parts[TYPES].decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"
    new = f'<Default Extension="bin" ContentType="{kind}"/>'
    parts[TYPES] = re.sub(r"(<Types[^>]*>)", rf"\1{new}", said, count=1).encode()
    at = relate(parts, name, "printerSettings", "../printerSettings/printerSettings1.bin")
    said = parts[name].decode()
    named = f'<pageSetup xmlns:r="{OFFICE}/relationships" r:id="{at}" '
    parts[name] = said.replace("<pageSetup ", named, 1).encode()


Patch = Callable[[random.Random, Parts], None]
PATCHES: tuple[Patch, ...] = (
    rich_shared_strings, inline_strings, cached_results, drawn, threads, extensions,
    custom_xml, external_link, printer_settings,
)  # fmt: skip

_ANCHOR = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>8</xdr:col><xdr:colOff>0</xdr:colOff>"
    "<xdr:row>{0}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>10</xdr:col>"
    "<xdr:colOff>0</xdr:colOff><xdr:row>{1}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{2}"
    "<xdr:clientData/></xdr:twoCellAnchor>"
)
_SIZE = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="400000"/></a:xfrm>'
_SHAPE = (
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{0}" name="Hình {0}"/><xdr:cNvSpPr/>'
    '</xdr:nvSpPr><xdr:spPr>{1}<a:prstGeom prst="{2}"><a:avLst/></a:prstGeom></xdr:spPr>'
    "<xdr:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr/><a:t>{3}</a:t></a:r></a:p></xdr:txBody>"
    "</xdr:sp>"
)
_PICTURE = (
    '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="9" name="Dấu"/><xdr:cNvPicPr/></xdr:nvPicPr>'
    '<xdr:blipFill><a:blip r:embed="sender0"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
    f'<xdr:spPr>{_SIZE}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
)
_DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{OFFICE}/relationships">'
    + _ANCHOR.format(2, 5, _SHAPE.format(2, _SIZE, "rect", "Ô chữ của đơn vị"))
    + _ANCHOR.format(6, 9, _SHAPE.format(3, _SIZE, "rightArrow", "Xem dòng này"))
    + _ANCHOR.format(10, 13, _PICTURE)
    + "</xdr:wsDr>"
)
_EXTENSIONS = (
    b'<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    b'uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"><x14:conditionalFormattings>'
    b'<x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    b'<x14:cfRule type="expression" priority="1" id="{00000000-000E-0000-0000-000001000000}">'
    b"<xm:f>$D8&gt;7</xm:f><x14:dxf><font><b/></font></x14:dxf></x14:cfRule>"
    b"<xm:sqref>D8:D20</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext>"
    b"</extLst>"
)
