"""What a file is, by its bytes; its name is not asked."""

import re
from enum import Enum

from kybaocao.adapters.workbooks.reading import refusals
from kybaocao.adapters.workbooks.reading.container import MAX_BYTES, Container
from kybaocao.rules.errors import UnreadableFileError


class Format(Enum):
    """The spreadsheets that are read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"


_OTHERS = (
    (0, b"%PDF", "tệp PDF"),
    (0, b"\xff\xd8\xff", "tệp ảnh"),
    (0, b"\x89PNG", "tệp ảnh"),
    (0, b"GIF8", "tệp ảnh"),
    (0, b"II*\0", "tệp ảnh"),
    (0, b"MM\0*", "tệp ảnh"),
    (8, b"WEBP", "tệp ảnh"),
    (4, b"ftyphei", "tệp ảnh"),
    (4, b"ftypmif", "tệp ảnh"),
    (0, b"Rar!", "tệp nén"),
    (0, b"7z\xbc\xaf", "tệp nén"),
    (0, b"\x1f\x8b", "tệp nén"),
    (0, b"{\\rtf", "tệp văn bản"),
)
_ZIPPED = (
    ("word/", "tệp Word"),
    ("ppt/", "tệp trình chiếu PowerPoint"),
    ("index/document.iwa", "tệp của Apple Numbers, Pages hoặc Keynote"),
    ("", "tệp nén"),
)
_OPEN_DOCUMENTS = (
    (b"opendocument.text", "tệp văn bản"),
    (b"opendocument.presentation", "tệp trình chiếu"),
    (b"opendocument.graphics", "tệp hình vẽ"),
)
# Some programs name the binary format as a default, for parts that are not there.
_BINARY = re.compile(rb"<Override[^>]*ms-excel\.sheet\.binary")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_OTHERS = (
    ("WordDocument", "tệp Word"),
    ("PowerPoint Document", "tệp trình chiếu PowerPoint"),
    ("__substg1.0_", "thư điện tử của Outlook"),
)
_HEADER = 512
_LOOKED_AT = 4096
# Beside a file that is open, Excel keeps one that says who opened it: a length and the name, the
# same again in UTF-16.
_OWNER_FILE = 165


def recognise(data: bytes) -> tuple[Format, Container | None]:
    """Return a spreadsheet's format, with its parts if it is zipped.

    Raises UnreadableFileError, which says what the file is and what to do, for all else.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableFileError(f"Tệp rỗng; {refusals.AGAIN}.")
    if len(data) > MAX_BYTES:
        raise refusals.too_large()
    if data.startswith(b"PK"):
        return _zipped(Container(data))
    if data.startswith(_OLE):
        return _ole(data), None
    for start, magic, kind in _OTHERS:
        if data.startswith(magic, start):
            raise refusals.other(kind)
    if data[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08"):
        raise refusals.outdated("bảng tính Excel đời rất cũ")
    if len(data) == _OWNER_FILE and data[55:57] == bytes((data[0], 0)):
        raise refusals.other("tệp tạm mà Excel để lại khi tệp đang mở (tên bắt đầu bằng ~$)")
    _refuse_text(data[:_LOOKED_AT])
    if data.startswith(b"BM"):
        raise refusals.other("tệp ảnh")
    raise UnreadableFileError(f"Tệp không phải là bảng tính; {refusals.AGAIN}.")


def _zipped(parts: Container) -> tuple[Format, Container]:
    if parts.is_locked:
        raise refusals.locked()
    manifest = parts.read("META-INF/manifest.xml")
    mime = parts.read("mimetype") or manifest
    for name, kind in _OPEN_DOCUMENTS:
        if name in mime:
            raise refusals.other(kind)
    if b"opendocument.spreadsheet" in mime:
        if b"encryption-data" in manifest:
            raise refusals.locked()
        return Format.ODS, parts
    content = parts.read("[Content_Types].xml")
    if _BINARY.search(content) or "xl/workbook.bin" in parts:
        return Format.XLSB, parts
    if b"spreadsheetml" in content or parts.has("xl/"):
        return Format.XLSX, parts
    raise refusals.other(next((k for prefix, k in _ZIPPED if parts.has(prefix)), "tệp nén"))


def _ole(data: bytes) -> Format:
    if _utf16("EncryptedPackage") in data:
        raise refusals.locked()
    # First of all, since a workbook may hold a document in an object of its own.
    if any(_utf16(name) in data for name in ("Workbook", "WORKBOOK", "Book", "BOOK")):
        return Format.XLS
    for name, kind in _OLE_OTHERS:
        if _utf16(name) in data:
            raise refusals.other(kind)
    # Of a file that was cut, the directory that names its streams is often what is missing.
    if len(data) < _HEADER:
        raise refusals.broken()
    sector, directory = 1 << min(data[30], 12), int.from_bytes(data[48:52], "little")
    if sector * (directory + 1) >= len(data):
        raise refusals.broken()
    raise refusals.other("tệp lạ hoặc đã hỏng")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _refuse_text(start: bytes) -> None:
    """Raise UnreadableFileError if a file that begins so is text."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", "replace").encode()
    if b"\0" in start:
        return
    start = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start or b"<office:document" in start:
        raise refusals.outdated("bảng tính dạng XML")
    if start.startswith(b"%pdf"):
        raise refusals.other("tệp PDF")
    is_page = start.startswith(b"<") or start.startswith(b"mime-version:") or b"<html" in start
    raise refusals.disguised("trang web" if is_page else "tệp chữ")
