"""What a paper beside a report is, told by looking at its bytes; nothing of it is run or drawn."""

import hashlib
import io
import re
import zipfile

from kybaocao.rules.regime.ruling import PaperLook

# A reader looks for the header in the first KiB (ISO 32000-1, annex H.3, note 13).
_HEAD = 1024
_START = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
# A file whose table is damaged is opened by its objects, as long as its catalog is there.
_CATALOG = re.compile(rb"/Type\s*/Catalog\b")
_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_MOST_SIGNATURES = 64
# Object identifiers as DER has them (RFC 5652, 5.1 and 11.2).
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_HASHES = ("sha256", "sha1", "sha384", "sha512")
_JPEG_FRAMES = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCUMENTS = ("word/document.xml", "content.xml")


def look_at(data: bytes) -> PaperLook:
    """Return what a paper is. A signature is one in a dictionary of the PDF that fits its bytes."""
    head = data[:_HEAD].find(b"%PDF-")
    if head >= 0:
        return _pdf(data, head)
    if data.startswith(b"PK"):
        return PaperLook.DOCUMENT if _is_document(data) else PaperLook.BROKEN
    if data.startswith((_OLE, b"{\\rtf")):
        return (
            PaperLook.DOCUMENT if len(data) > _HEAD or data.startswith(b"{") else PaperLook.BROKEN
        )
    return PaperLook.PICTURE if _is_picture(data) else PaperLook.BROKEN


def _pdf(data: bytes, head: int) -> PaperLook:
    if not _opens(data, head):
        return PaperLook.BROKEN
    found = [_fits(data, head, *map(int, one.groups())) for one in _ranges(data)]
    if any(found):
        return PaperLook.SIGNED_PDF
    return PaperLook.ALTERED_PDF if False in found else PaperLook.PDF


def _opens(data: bytes, head: int) -> bool:
    """Return whether a reader finds the file's table of objects, or can make it anew."""
    for start in _START.finditer(data):
        at = int(start[1])
        if any(0 < to < len(data) and _TABLE.match(data, to) for to in (at, at + head)):
            return True
    is_whole = b"endobj" in data and b"%%EOF" in data
    return is_whole and _CATALOG.search(data) is not None


def _ranges(data: bytes) -> list[re.Match[bytes]]:
    return list(_RANGE.finditer(data))[:_MOST_SIGNATURES]


def _fits(data: bytes, head: int, first: int, size: int, second: int, rest: int) -> bool | None:
    """Return whether a byte range is that of a signature over these bytes; None if it is none.

    What it leaves out is the hexadecimal string of its /Contents and nothing else, which holds
    signed data (ISO 32000-1, 12.8.1) whose digest is that of all the rest.
    """
    end = head + second + rest
    hole = data[head + first + size : head + second]
    if first != 0 or second < size or end > len(data) or hole[:1] != b"<" or hole[-1:] != b">":
        return None
    if not re.search(rb"/Contents\s*$", data[max(0, head + size - 64) : head + size]):
        return None
    try:
        held = bytes.fromhex(hole[1:-1].decode("ascii"))
    except ValueError:
        return None
    if held[:1] != b"\x30" or _SIGNED_DATA not in held[:64]:
        return None
    if _MESSAGE_DIGEST not in held:
        return True
    signed = data[head : head + size] + data[head + second : end]
    return any(hashlib.new(name, signed).digest() in held for name in _HASHES)


def _is_document(data: bytes) -> bool:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    return any(name in names for name in _DOCUMENTS)


def _is_picture(data: bytes) -> bool:
    """Return whether a picture has its size at its beginning, and its end."""
    if data.startswith(b"\xff\xd8\xff"):
        return _JPEG_FRAMES.search(data) is not None and b"\xff\xd9" in data[-4096:]
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data[12:16] == b"IHDR" and b"IEND\xaeB`\x82" in data[-4096:]
    if data[:4] in (b"II*\0", b"MM\0*"):
        order = "little" if data[:1] == b"I" else "big"
        return 8 <= int.from_bytes(data[4:8], order) <= len(data) - 6  # type: ignore[arg-type]
    if data.startswith(b"GIF8"):
        return data.rstrip(b"\0").endswith(b";")
    if data[8:12] == b"WEBP":
        return int.from_bytes(data[4:8], "little") + 8 <= len(data) + 1
    return data.startswith(b"BM") or data[4:11] in (b"ftyphei", b"ftypmif")
