"""Papers as offices send them: a PDF, the same signed, a photograph."""

import struct
import zlib

from tests.support import ROOT


def pdf(*objects: bytes) -> bytes:
    """Return a whole PDF of one empty page, and of more objects behind it."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        *objects,
    ]
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(bodies) + 1)
    return made + trailer + b"startxref\n%d\n%%%%EOF\n" % start


def signed_pdf() -> bytes:
    """Return such a PDF with a detached signature over all its other bytes."""
    return (ROOT / "tests" / "signed.pdf").read_bytes()


def png() -> bytes:
    """Return a whole picture of one point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    points = zlib.compress(b"\0\0")
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
