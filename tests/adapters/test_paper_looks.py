"""A paper is what its bytes are: signed, not signed, a picture, or nothing that opens."""

import pytest

from kybaocao.adapters.paper_looks import look_at
from kybaocao.rules.regime.ruling import PaperLook
from tests.adapters.workbooks.reading.test_recognition import OLE, zipped
from tests.papers import pdf, png, signed_pdf

SIGNED = signed_pdf()
CLAIM = b"/ByteRange[0 10 20 30]/Contents<3082>/Type/Sig adbe.pkcs7.detached"


@pytest.mark.parametrize(
    ("data", "look"),
    [
        (SIGNED, PaperLook.SIGNED_PDF),
        (b"\r\n" + SIGNED, PaperLook.SIGNED_PDF),
        (SIGNED + pdf()[9:], PaperLook.SIGNED_PDF),  # added to after it was signed
        (pdf(), PaperLook.PDF),
        (pdf() + b"\0" * 3000, PaperLook.PDF),
        (pdf().replace(b"startxref\n", b"startxref\n9"), PaperLook.PDF),
        (png(), PaperLook.PICTURE),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\xff\xc0\0\x11\x08\xff\xd9", PaperLook.PICTURE),
        (b"II*\0\x08\0\0\0\0\0\0\0\0\0", PaperLook.PICTURE),
        (zipped(**{"word__document.xml": b"<w/>"}), PaperLook.DOCUMENT),
        (b"{\\rtf1 chao}", PaperLook.DOCUMENT),
        (OLE + b"\0" * 4096, PaperLook.DOCUMENT),
    ],
    ids=[
        "signed",
        "signed-after-a-blank-line",
        "added-to",
        "pdf",
        "padded",
        "wrong-table",
        "png",
        "jpeg",
        "tiff",
        "docx",
        "rtf",
        "doc",
    ],
)
def test_a_paper_that_opens_says_what_it_is(data: bytes, look: PaperLook) -> None:
    assert look_at(data) is look


@pytest.mark.parametrize(
    "data",
    [pdf(CLAIM), pdf() + CLAIM, pdf(b"<<" + CLAIM + b">>"), pdf() + SIGNED[-9000:]],
    ids=["in-an-object", "behind-the-end", "in-a-dictionary", "another-files-signature"],
)
def test_words_of_a_signature_are_no_signature(data: bytes) -> None:
    assert look_at(data) is PaperLook.PDF


def test_a_signature_over_other_bytes_does_not_fit() -> None:
    assert look_at(SIGNED.replace(b"0 595 842", b"0 842 595")) is PaperLook.ALTERED_PDF


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"rac" * 999,
        b"%PDF-1.7\n" + CLAIM,
        pdf()[:150],
        SIGNED[: len(SIGNED) // 2],
        png()[:-12],
        b"\xff\xd8\xff\xe0",
        b"PK\x03\x04 word/",
        OLE,
        b"",
    ],
    ids=[
        "header-alone",
        "junk",
        "claim",
        "cut",
        "signed-and-cut",
        "png-cut",
        "jpeg-cut",
        "zip-cut",
        "ole-cut",
        "nothing",
    ],
)
def test_what_does_not_open_says_so(data: bytes) -> None:
    assert look_at(data) is PaperLook.BROKEN
