"""Files whose container or kind is the matter: not a spreadsheet, broken, locked, hostile."""

import re
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests.corpus.package import (
    TABLE,
    WORKBOOK,
    Parts,
    adding,
    changed,
    good,
    packed,
    pattern,
    renamed,
    text_of,
    unpacked,
    without,
)

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
PAGE = "<html><body><table><tr><td>HS-01</td><td>120</td></tr></table></body></html>"
BIFF_END = struct.pack("<HH", 0x000A, 0)


def compound(**streams: bytes) -> bytes:
    """Return an OLE compound file ([MS-CFB]) of these streams."""
    sector, free, end = 512, 0xFFFFFFFF, 0xFFFFFFFE
    table: list[int] = []
    body = b""
    entries = [_entry("Root Entry", 5, end, 0, 1)]
    for count, (name, data) in enumerate(streams.items(), 2):
        # Shorter ones would belong into a stream of streams.
        padded = data.ljust(4096, b"\0")
        sectors = -(-len(padded) // sector)
        start = len(table)
        table += [*range(start + 1, start + sectors), end]
        body += padded.ljust(sectors * sector, b"\0")
        last = count > len(streams)
        following = 0xFFFFFFFF if last else count
        entries.append(_entry(name, 2, start, len(padded), 0, following))
    directory = len(table)
    listing = b"".join(entries)
    listing = listing.ljust(-(-len(listing) // sector) * sector, b"\0")
    sectors = len(listing) // sector
    table += [*range(directory + 1, directory + sectors), end]
    at = len(table)
    table.append(0xFFFFFFFD)
    table += [free] * (sector // 4 - len(table))
    header = OLE + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, directory, 0, 4096, end, 0, end, 0, at)
    header = header.ljust(sector, b"\xff")
    return header + body + listing + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, start: int, size: int, child: int, right: int = -1) -> bytes:
    written = name.encode("utf-16-le").ljust(64, b"\0")
    nobody = 0xFFFFFFFF
    links = (nobody, right & nobody, child if child else nobody)
    head = written + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, *links)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def biff(*records: tuple[int, bytes]) -> bytes:
    """Return a workbook stream of BIFF8 with these records."""
    start = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    return start + b"".join(struct.pack("<HH", k, len(d)) + d for k, d in records) + BIFF_END


def zipped(**parts: bytes) -> bytes:
    """Return a zip file; `__` stands for a slash."""
    return packed({name.replace("__", "/"): part for name, part in parts.items()})


def flagged() -> bytes:
    """Return the good file with the bit of encryption set for each part."""
    data = bytearray(good())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(mark, start + 4)
    return bytes(data)


def doubled(parts: Mapping[str, bytes], name: str, part: bytes) -> bytes:
    """Return a package in which a name comes twice, with different parts."""
    # A zip file is not asked for a name that it has: one of the same length stands in for it.
    stand_in = f"{name[:-1]}~"
    return packed({**parts, stand_in: part}).replace(stand_in.encode(), name.encode())


def bad_sum() -> bytes:
    """Return the good file with a byte of a part changed, so that its checksum is wrong."""
    data = bytearray(packed(unpacked(good()), zipfile.ZIP_STORED))
    at = bytes(data).index(b"<v>120</v>")
    data[at + 3] = ord("9")
    return bytes(data)


def strange_method() -> bytes:
    """Return the good file whose parts are packed in a way that no program knows."""
    data = bytearray(good())
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = data.find(mark)
        while start >= 0:
            data[start + at : start + at + 2] = struct.pack("<H", 97)
            start = data.find(mark, start + 4)
    return bytes(data)


def laughing(part: str) -> Callable[[Parts], None]:
    """Declare entities that swell to a billion times their size."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))

    def change(parts: Parts) -> None:
        parts[part] = f"<!DOCTYPE x [{entities}]>".encode() + parts[part]

    return change


def sheets_of(parts: Parts) -> list[str]:
    """Return the names of the sheets' parts."""
    return [name for name in parts if re.fullmatch(r"xl/worksheets/\w+\.xml", name)]


def utf16(parts: Parts) -> None:
    """Write the sheets in UTF-16, as XML allows."""
    for name in sheets_of(parts):
        said = re.sub(r"^\ufeff?<\?xml.*?\?>", "", parts[name].decode()).lstrip("\ufeff")
        parts[name] = ('<?xml version="1.0" encoding="UTF-16"?>' + said).encode("utf-16")


def backslashes(parts: Parts) -> None:
    for name in list(parts):
        parts[name.replace("/", "\\")] = parts.pop(name)


def capitals(parts: Parts) -> None:
    for name in list(parts):
        parts[name.upper() if name.startswith("xl/w") else name] = parts.pop(name)


def strict(parts: Parts) -> None:
    """Turn the namespaces into those of strict OOXML."""
    old_root, root = "schemas.openxmlformats.org", "purl.oclc.org/ooxml"
    pairs = (
        (f"{old_root}/spreadsheetml/2006/main", f"{root}/spreadsheetml/main"),
        (f"{old_root}/officeDocument/2006/relationships", f"{root}/officeDocument/relationships"),
    )
    for name in list(parts):
        for old, new in pairs:
            parts[name] = parts[name].replace(old.encode(), new.encode())


def prefixed(parts: Parts) -> None:
    """Give every element of the sheets a prefix, as some libraries write them."""
    for name in sheets_of(parts):
        pattern(name, r"<(/?)([a-zA-Z]+)(?=[\s/>])", r"<\1x:\2")(parts)
        text_of(name, "<x:worksheet xmlns=", "<x:worksheet xmlns:x=")(parts)


def macros(parts: Parts) -> None:
    """Make it a workbook with macros."""
    types = "[Content_Types].xml"
    text_of(types, "spreadsheetml.sheet.main+xml", "MACRO")(parts)
    text_of(
        types,
        "application/vnd.openxmlformats-officedocument.MACRO",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )(parts)
    parts["xl/vbaProject.bin"] = compound(VBA=b"Sub Auto_Open()")


def module(parts: Parts) -> None:
    """List a module of old macros among the sheets, without a part, as Excel does."""
    said = '<sheet name="Module1" sheetId="9" xmlns:r="urn:la" r:id=""/></sheets>'
    text_of(WORKBOOK, "</sheets>", said)(parts)


ENCRYPTED_ODS = {
    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
    "META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>",
    "content.xml": bytes(range(200)),
}

MAKERS: dict[str, Callable[[], bytes]] = {
    "empty.xlsx": lambda: b"",
    "only-blanks.xlsx": lambda: b"\r\n  \r\n",
    "only-zeros.xlsx": lambda: bytes(5000),
    "cut-in-half.xlsx": lambda: good()[: len(good()) // 2],
    "cut-at-the-end.xlsx": lambda: good()[:-30],
    "empty-zip.xlsx": lambda: packed({}),
    "page-saved-as.xls": lambda: PAGE.encode(),
    "page-with-mark-and-blanks.xls": lambda: b"\xef\xbb\xbf\r\n  " + PAGE.encode(),
    "web-archive.xls": lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n",
    "csv-saved-as.xls": lambda: "Mã;Thực hiện\nHS-01;120\n".encode(),
    "text-of-excel-in-utf-16.xls": lambda: "Mã\tThực hiện\nHS-01\t120\n".encode("utf-16"),
    "xml-of-2003.xls": lambda: (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    ),
    "biff-of-excel-2.xls": lambda: struct.pack("<HHHH", 0x0009, 4, 0x0200, 0x0010) + bytes(50),
    "report-in.pdf.xlsx": lambda: b"%PDF-1.7\n1 0 obj<<>>endobj",
    "report-after-a-blank-line.pdf.xlsx": lambda: b"\r\n%PDF-1.4\n1 0 obj<<>>endobj",
    "owner-file-of-excel.xlsx": lambda: (
        b"\x04Minh".ljust(55) + b"\x04\0" + "Minh".ljust(54).encode("utf-16-le")
    ),
    "photo.png.xlsx": lambda: b"\x89PNG\r\n\x1a\n" + bytes(50),
    "photo.jpg.xlsx": lambda: b"\xff\xd8\xff\xe0" + bytes(50),
    "archive.rar.xlsx": lambda: b"Rar!\x1a\x07\x00" + bytes(50),
    "report-in.docx.xlsx": lambda: zipped(
        **{"[Content_Types].xml": b"<Types/>", "word__document.xml": b"<w/>"}
    ),
    "report-in.doc.xls": lambda: compound(WordDocument=b"x"),
    "slides.pptx.xlsx": lambda: zipped(ppt__presentation=b"<p/>"),
    "letter.msg.xls": lambda: compound(**{"__substg1.0_0037001F": b"x"}),
    "numbers-of-a-mac.xlsx": lambda: zipped(**{"Index__Document.iwa": b"x"}),
    "workbook-in-a-zip.xlsx": lambda: packed({"báo cáo.xlsx": good()}),
    "old-workbook-cut.xls": lambda: compound(Workbook=biff())[:-1100],
    "noise.xlsx": lambda: bytes((n * 37 + n // 251) % 256 for n in range(4000)),
    "password.xlsx": lambda: compound(EncryptionInfo=bytes(60), EncryptedPackage=bytes(5000)),
    "password-of-excel-97.xls": lambda: compound(
        Workbook=biff((0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48)))
    ),
    "password.ods": lambda: packed(ENCRYPTED_ODS),
    "password-of-the-zip.xlsx": flagged,
    "ole-without-workbook.xls": lambda: compound(Other=b"x"),
    "ole-with-broken-workbook.xls": lambda: compound(Workbook=bytes(range(256)) * 20),
    "bomb.xlsx": lambda: changed(adding("xl/media/image1.png", bytes(80 * 2**20))),
    "six-thousand-parts.xlsx": lambda: changed(
        *(adding(f"xl/media/{n}.png", b"") for n in range(6000))
    ),
    "document-type-in-workbook.xlsx": lambda: changed(laughing(WORKBOOK)),
    "document-type-in-sheet.xlsx": lambda: changed(laughing(TABLE)),
    "part-above-its-folder.xlsx": lambda: changed(adding("../../ra-ngoai.xml", b"x")),
    "part-of-the-root.xlsx": lambda: changed(adding("/etc/passwd", b"x")),
    "part-on-a-drive.xlsx": lambda: changed(adding("C:/ra-ngoai.xml", b"x")),
    "same-part-twice.xlsx": lambda: doubled(unpacked(good()), TABLE, b"<worksheet/>"),
    "same-part-twice-but-for-case.xlsx": lambda: changed(adding(TABLE.upper(), b"<worksheet/>")),
    "wrong-checksum.xlsx": bad_sum,
    "strange-compression.xlsx": strange_method,
    "no-sheet-part.xlsx": lambda: changed(without(TABLE)),
    "no-workbook-part.xlsx": lambda: changed(without(WORKBOOK)),
    "sheet-is-no-xml.xlsx": lambda: changed(adding(TABLE, b"HS-01;120")),
    "sheet-xml-cut.xlsx": lambda: changed(pattern(TABLE, r"<row r=\"13\".*", "")),
    "missing-shared-strings.xlsx": lambda: changed(
        pattern(TABLE, r'<c r="A12"[^>]*>.*?</c>', '<c r="A12" t="s"><v>7</v></c>')
    ),
    "row-below-the-last.xlsx": lambda: changed(
        text_of(
            TABLE, "</sheetData>", '<row r="1048577"><c r="A1048577"><v>1</v></c></row></sheetData>'
        )
    ),
    "column-right-of-the-last.xlsx": lambda: changed(
        text_of(TABLE, "</sheetData>", '<row r="20"><c r="XFE20"><v>1</v></c></row></sheetData>')
    ),
    "row-zero.xlsx": lambda: changed(
        text_of(TABLE, "</sheetData>", '<row r="0"><c r="A0"><v>1</v></c></row></sheetData>')
    ),
    # Odd, but right.
    "good-in-utf-16.xlsx": lambda: changed(utf16),
    "good-with-backslashes.xlsx": lambda: changed(backslashes),
    "good-with-capital-parts.xlsx": lambda: changed(capitals),
    "good-and-strict.xlsx": lambda: changed(strict),
    "good-with-prefixes.xlsx": lambda: changed(prefixed),
    "good-with-macros.xlsm": lambda: changed(macros),
    "good-with-module.xlsm": lambda: changed(module),
    "good-with-default-of-binary.xlsx": lambda: changed(
        text_of(
            "[Content_Types].xml",
            "</Types>",
            '<Default Extension="bin" '
            'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
    ),
    "good-stored.xlsx": lambda: packed(unpacked(good()), zipfile.ZIP_STORED),
    "good-in-bzip2.xlsx": lambda: packed(unpacked(good()), zipfile.ZIP_BZIP2),
    "good-with-bytes-behind.xlsx": lambda: good() + b"\r\n" * 20,
    "good-named.xls": good,
    "good-with-moved-workbook.xlsx": lambda: changed(
        renamed(WORKBOOK, "xl/book2.xml"),
        renamed("xl/_rels/workbook.xml.rels", "xl/_rels/book2.xml.rels"),
        text_of("_rels/.rels", "xl/workbook.xml", "xl/book2.xml"),
        text_of("[Content_Types].xml", "/xl/workbook.xml", "/xl/book2.xml"),
    ),
}
