"""A small writer of binary workbooks ([MS-XLSB]), since no program at hand writes them."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MIME = "application/vnd.ms-excel"


def record(kind: int, body: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(body), b""
    while True:
        size, rest = size >> 7, size & 0x7F
        length += bytes([rest | (0x80 if size else 0)])
        if not size:
            return number + length + body


def wide(said: str) -> bytes:
    return struct.pack("<I", len(said)) + said.encode("utf-16-le")


def font(name: str) -> bytes:
    return record(43, struct.pack("<HHHHBBBB8sB", 220, 0, 400, 0, 0, 0, 0, 0, b"", 0) + wide(name))


def style(number_format: int, font_index: int) -> bytes:
    return record(47, struct.pack("<HHHHHBBHH", 0, number_format, font_index, 0, 0, 0, 0, 0, 0))


def cell(kind: int, column: int, look: int, body: bytes) -> bytes:
    return record(kind, struct.pack("<II", column, look) + body)


def row(index: int, hidden: bool = False) -> bytes:
    flags = 0x10 if hidden else 0
    return record(0, struct.pack("<IIHBBBI", index, 0, 300, 0, flags, 0, 0))


def columns(first: int, last: int, hidden: bool = False, width: int = 2304) -> bytes:
    return record(60, struct.pack("<4IH", first, last, width, 0, int(hidden)))


def rich(said: str, runs: Sequence[tuple[int, int]] = ()) -> bytes:
    packed = b"".join(struct.pack("<HH", *run) for run in runs)
    count = struct.pack("<I", len(runs)) if runs else b""
    return record(19, bytes([bool(runs)]) + wide(said) + count + packed)


def workbook(
    sheet: bytes,
    fonts: Sequence[str] = ("Arial",),
    styles: Sequence[tuple[int, int]] = ((0, 0),),
    strings: Sequence[bytes] = (),
    since_1904: bool = False,
    formats: Mapping[int, str] | None = None,
) -> bytes:
    """Return a workbook of one sheet, given by its records: rows, their end, merged cells."""
    types = {"workbook": "main", "worksheets/sheet1": "worksheet", "styles": "styles"}
    types["sharedStrings"] = "sharedStrings"
    kinds = {"workbook": "sheet.binary.macroEnabled.main", "worksheets/sheet1": "worksheet"}
    overrides = "".join(
        f'<Override PartName="/xl/{name}.bin" ContentType="{MIME}.{kinds.get(name, name)}"/>'
        for name in types
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.bin"/>'
        f'<Relationship Id="r2" Type="{RELATIONS}/styles" Target="styles.bin"/>'
        f'<Relationship Id="r3" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.bin"/>'
        "</Relationships>",
        "xl/workbook.bin": record(131)
        + record(153, struct.pack("<III", int(since_1904), 0, 0))
        + record(143)
        + record(156, struct.pack("<II", 0, 1) + wide("r1") + wide("Trang 1"))
        + record(144)
        + record(132),
        "xl/styles.bin": record(278)
        + b"".join(
            record(44, struct.pack("<H", number) + wide(code))
            for number, code in (formats or {}).items()
        )
        + record(611, struct.pack("<I", len(fonts)))
        + b"".join(map(font, fonts))
        + record(612)
        + record(626, struct.pack("<I", 1))
        + style(0, 0)
        + record(627)
        + record(617, struct.pack("<I", len(styles)))
        + b"".join(style(*s) for s in styles)
        + record(618)
        + record(279),
        "xl/sharedStrings.bin": record(159, struct.pack("<II", len(strings), len(strings)))
        + b"".join(strings)
        + record(160),
        "xl/worksheets/sheet1.bin": record(129) + record(145) + sheet + record(130),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return buffer.getvalue()
