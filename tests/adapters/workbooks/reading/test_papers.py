"""What is a paper beside a workbook is told by its bytes."""

import pytest

from kybaocao.adapters.workbooks.reading import is_paper
from tests.adapters.workbooks.reading.test_recognition import ODF, OLE, utf16, zipped
from tests.sample_form import filled, saved


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        zipped(word__document=b""),
        OLE + utf16("WordDocument"),
        zipped(mimetype=ODF + b"text"),
        b"{\\rtf1 ",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n",
        b"II*\0",
    ],
    ids=["pdf", "docx", "doc", "odt", "rtf", "jpeg", "png", "tiff"],
)
def test_documents_and_scans_are_papers(data: bytes) -> None:
    assert is_paper(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"chao", b"PK\x03\x04", zipped(a=b""), b"Rar!", b"<html>", zipped(ppt__a=b"")],
    ids=["nothing", "text", "broken", "zip", "rar", "page", "slides"],
)
def test_all_else_is_none(data: bytes) -> None:
    assert not is_paper(data)


def test_a_workbook_is_none_though_it_holds_a_document() -> None:
    assert not is_paper(saved(filled()))
    assert not is_paper(zipped(xl__workbook=b"", word__document=b""))
