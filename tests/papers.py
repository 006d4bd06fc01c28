"""Papers as offices send them: a PDF, the same signed, a photograph."""

import datetime as dt
import struct
import zlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

ROOM = 8192
"""Hexadecimal digits kept free for a signature."""


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
    """Return a PDF with a detached signature over all its bytes but the signature's own."""
    blank = b"/ByteRange[0 %010d %010d %010d]"
    dictionary = b"<</Type/Sig/SubFilter/adbe.pkcs7.detached%s/Contents<%s>>>"
    made = pdf(dictionary % (blank % (0, 0, 0), b"0" * ROOM))
    first = made.index(b"/Contents<") + len(b"/Contents")
    second = first + ROOM + 2
    made = made.replace(blank % (0, 0, 0), blank % (first, second, len(made) - second))
    held = _signature(made[:first] + made[second:]).hex().encode()
    return made[: first + 1] + held.ljust(ROOM, b"0") + made[second - 1 :]


def _signature(data: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sở Tư pháp")])
    day = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, day, day.replace(year=2036))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    builder = pkcs7.PKCS7SignatureBuilder().set_data(data)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(serialization.Encoding.DER, options)


def png() -> bytes:
    """Return a whole picture of one point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    points = zlib.compress(b"\0\0")
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
