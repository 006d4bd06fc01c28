"""Files of other formats: binary workbooks by code, and what LibreOffice saves."""

import io
import struct
import subprocess
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.corpus.package import TABLE as TABLE_PART
from tests.corpus.package import (
    changed,
    formula,
    good,
    number,
    packed,
    province,
    text_of,
    typed,
    unpacked,
    written,
)
from tests.corpus.shapes import columns_hidden
from tests.support import PATIENCE, need_program

# The binary format, [MS-XLSB].


def record(kind: int, body: bytes = b"") -> bytes:
    """Return a record: its number and size in groups of seven bits, then its body."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(body)
    lengths = bytearray()
    while True:
        size, low = size >> 7, size & 0x7F
        lengths.append(low | (0x80 if size else 0))
        if not size:
            return head + bytes(lengths) + body


def wide(said: str) -> bytes:
    encoded = said.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def binary(data: bytes, spoil: Callable[[Workbook], object] = lambda book: None) -> bytes:
    """Return a workbook in the binary format, with its values and formulas' kept results."""
    book = load_workbook(io.BytesIO(data))
    spoil(book)
    sheets, links, parts = b"", b"", {}
    for count, sheet in enumerate(book.worksheets, 1):
        state = {"visible": 0, "hidden": 1, "veryHidden": 2}[sheet.sheet_state]
        body = struct.pack("<II", state, count) + wide(f"rId{count}") + wide(sheet.title)
        sheets += record(156, body)
        links += link(count, "worksheet", f"worksheets/sheet{count}.bin")
        size = struct.pack("<4I", 0, sheet.max_row - 1, 0, sheet.max_column - 1)
        start = record(129) + record(148, size) + record(145)
        rows = b"".join(map(_row, sheet.iter_rows()))
        parts[f"xl/worksheets/sheet{count}.bin"] = start + rows + record(146) + record(130)
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    main = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    book_type = f'<Override PartName="/xl/workbook.bin" ContentType="{main}"/>'
    return packed(
        {
            "[Content_Types].xml": f"{types}{book_type}</Types>".encode(),
            "_rels/.rels": linked(link(1, "officeDocument", "xl/workbook.bin")),
            "xl/workbook.bin": record(131) + record(143) + sheets + record(144) + record(132),
            "xl/_rels/workbook.bin.rels": linked(links),
            **parts,
        }
    )


def link(number_of: int, kind: str, target: str) -> bytes:
    """Return a relation of a package."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    said = f'<Relationship Id="rId{number_of}" Type="{kinds}/{kind}" Target="{target}"/>'
    return said.encode()


def linked(links: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/package/2006/relationships"
    return b'<Relationships xmlns="' + space + b'">' + links + b"</Relationships>"


def _row(cells: Iterable[object]) -> bytes:
    found = b""
    for cell in cells:
        value = cell.value  # type: ignore[attr-defined]
        at = struct.pack("<II", cell.column - 1, 0)  # type: ignore[attr-defined]
        if value is None or (isinstance(value, str) and value.startswith("=")):
            continue
        if isinstance(value, str) and value == "#N/A":
            found += record(3, at + b"\x2a")
        elif isinstance(value, str):
            found += record(6, at + wide(value))
        elif isinstance(value, int) and abs(value) < 2**29:
            found += record(2, at + struct.pack("<I", (value << 2 & 0xFFFFFFFF) | 2))
        else:
            found += record(5, at + struct.pack("<d", value))
    first = next(iter(cells)) if isinstance(cells, tuple) else None
    number_of = first.row - 1 if first is not None else 0
    return record(0, struct.pack("<I", number_of) + bytes(13)) + found


def na(book: Workbook) -> None:
    book.worksheets[0]["E12"] = "#N/A"


def cut_binary() -> bytes:
    """Return a binary workbook whose first sheet ends within a record."""
    parts = unpacked(binary(good()))
    name = "xl/worksheets/sheet1.bin"
    return packed({**parts, name: parts[name][:-40]})


def doubled_binary() -> bytes:
    """Return a binary workbook that has the cell D12 twice."""
    parts = unpacked(binary(good()))
    name = "xl/worksheets/sheet1.bin"
    one = record(2, struct.pack("<III", 3, 0, 400 << 2 | 2))
    other = record(2, struct.pack("<III", 3, 0, 500 << 2 | 2))
    assert parts[name].count(one) == 1
    return packed({**parts, name: parts[name].replace(one, one + other)})


def without_type() -> bytes:
    """Return an OpenDocument without its type in front, as some programs pack it anew."""
    parts = unpacked(saved()["good-by-libreoffice.ods"])
    del parts["mimetype"]
    return packed(parts)


MAKERS: dict[str, Callable[[], bytes]] = {
    "good.xlsb": lambda: binary(good()),
    "error-na.xlsb": lambda: binary(good(), na),
    "cut-within-a-record.xlsb": cut_binary,
    "cell-twice.xlsb": doubled_binary,
    "good-without-type.ods": without_type,
    "province.xlsx": province,
    "province-with-dates-of-1904.xlsx": lambda: written(since_1904, province()),
}


# Saved by LibreOffice.


def old_font(book: Workbook) -> None:
    book.worksheets[1]["C7"] = "C¶i c¸ch hµnh chÝnh"
    book.worksheets[1]["C7"].font = Font(name=".VnTime")


def shares(book: Workbook) -> None:
    book.worksheets[0]["D12"] = 4
    book.worksheets[0]["D12"].number_format = "0%"


def since_1904(book: Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904


SOURCES: dict[str, Callable[[], bytes]] = {
    "good": good,
    "province": province,
    "province-of-1904": lambda: written(since_1904, province()),
    "formula-without-result": lambda: changed(formula("E12", "E13+E14")),
    "error-na": lambda: changed(formula("E12", "NA()")),
    "error-ref": lambda: changed(formula("E12", "SUM(E13:E14)+#REF!")),
    "tcvn3-font": lambda: written(old_font),
    "percent": lambda: written(shares),
    "typed-1-234": lambda: changed(typed("D12", "1.234")),
    "hidden-row": lambda: changed(text_of(TABLE_PART, '<row r="13" ', '<row r="13" hidden="1" ')),
    "hidden-column": lambda: changed(columns_hidden(5, 6)),
    "sum-wrong": lambda: changed(number("E13", "99")),
}

SAVED = {
    f"{name}-by-libreoffice.{kind}": (name, kind)
    for name in SOURCES
    for kind in ("xlsx", "xls", "ods")
}
"""The names of files that LibreOffice makes: of which source, and in which format."""


@cache
def saved() -> Mapping[str, bytes]:
    """Return the files that LibreOffice saves, by name; it starts once for each format."""
    soffice = need_program("soffice", "libreoffice")
    with TemporaryDirectory(prefix="kybaocao-corpus-") as name:
        return _saved(soffice, Path(name))


def _saved(soffice: str, folder: Path) -> Mapping[str, bytes]:
    inputs = folder / "in"
    inputs.mkdir()
    for name, make in SOURCES.items():
        (inputs / f"{name}.xlsx").write_bytes(make())
    found: dict[str, bytes] = {}
    for kind in ("xlsx", "xls", "ods"):
        out = folder / kind
        command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
        command += ["--headless", "--convert-to", kind, "--outdir", str(out)]
        command += sorted(map(str, inputs.iterdir()))
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
        for name in SOURCES:
            found[f"{name}-by-libreoffice.{kind}"] = (out / f"{name}.{kind}").read_bytes()
    return found
