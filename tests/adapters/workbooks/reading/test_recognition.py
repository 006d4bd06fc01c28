"""A file is what its bytes say; what is no spreadsheet is named, with what to do."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from kybaocao.adapters.workbooks.reading import container, read
from kybaocao.rules.errors import UnreadableFileError
from tests.sample_form import filled, saved

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ODF = b"application/vnd.oasis.opendocument."


OWNER = b"\x06Nguyen".ljust(55) + b"\x06\0" + "Nguyen".ljust(54).encode("utf-16-le")


def zipped(**parts: bytes) -> bytes:
    return zipped_parts({name.replace("__", "/"): part for name, part in parts.items()})


def zipped_parts(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return buffer.getvalue()


def utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def ole_of(size: int, sector: int = 512) -> bytes:
    """Return an OLE file of nothing, whose directory stands in the second sector."""
    shift = bytes([sector.bit_length() - 1, 0])
    return (OLE + bytes(22) + shift + bytes(16) + b"\x01").ljust(size, b"\0")


def flagged(data: bytes) -> bytes:
    """Return a zip file whose first part says that it is encrypted."""
    at = data.index(b"PK\x01\x02") + 8
    return data[:at] + bytes([data[at] | 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "rỗng"),
        (b"\0" * 5000, "rỗng"),
        (b" \r\n\t", "rỗng"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xef\xbb\xbf\r\n%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "ảnh"),
        (b"\xff\xd8\xff\xe0", "ảnh"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "ảnh"),
        (b"\0\0\0\x18ftypheic", "ảnh"),
        (b"BM\x36\0\0\0\0\0\0\0", "ảnh"),
        (b"Rar!\x1a\x07", "tệp nén"),
        (b"\x1f\x8b\x08\0", "tệp nén"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "trang web"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "trang web"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><p/>", "trang web"),
        (
            b'<?xml version="1.0"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "bảng tính dạng XML",
        ),
        ("Mã;Chỉ tiêu\nTTHC-04;12".encode(), "tệp chữ"),
        ("Mã\tChỉ tiêu\n".encode("utf-16"), "tệp chữ"),
        (b"BM;12\n", "tệp chữ"),
        (b"\x09\x08\x08\0\0\x05\x10\0", "đời rất cũ"),
        (b"\x00\x01\x02\x03" * 100, "không phải là bảng tính"),
        (zipped(**{"a.txt": b"x"}), "tệp nén"),
        (zipped(**{"a.xlsx": saved(Workbook())}), "tệp nén"),
        (zipped(**{"word__document.xml": b"<w/>"}), "Word"),
        (zipped(**{"ppt__presentation.xml": b"<p/>"}), "PowerPoint"),
        (zipped(**{"Index__Document.iwa": b"x"}), "Apple"),
        (zipped(mimetype=ODF + b"text"), "văn bản"),
        (
            zipped_parts(
                {
                    "mimetype": ODF + b"spreadsheet",
                    "META-INF/manifest.xml": b"<m:encryption-data/>",
                    "content.xml": b"\x01\x02",
                }
            ),
            "mật khẩu",
        ),
        (flagged(saved(Workbook())), "mật khẩu"),
        (OLE + b"\0" * 600 + utf16("EncryptedPackage"), "mật khẩu"),
        (OLE + b"\0" * 600 + utf16("WordDocument"), "Word"),
        (OLE + b"\0" * 600 + utf16("PowerPoint Document"), "PowerPoint"),
        (OLE + b"\0" * 600, "tệp lạ"),
        (OLE + b"\0" * 20, "chưa tải lên đủ"),
        (ole_of(1024), "chưa tải lên đủ"),
        (ole_of(1025), "tệp lạ"),
        (ole_of(8192, 4096), "chưa tải lên đủ"),
        (ole_of(8193, 4096), "tệp lạ"),
        (OWNER, "tệp tạm"),
        (b"1" * 165, "tệp chữ"),
        (OLE + b"\0" * 600 + utf16("Workbook"), "hỏng"),
        (saved(filled())[:3000], "hỏng"),
        (saved(filled())[:-30], "hỏng"),
        (zipped(**{"xl__workbook.xml": b"<workbook"}), "hỏng"),
    ],
)
def test_what_is_no_spreadsheet_says_what_it_is(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read(data)
    message = str(caught.value)
    assert words in message
    assert "gửi" in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_workbook_of_opendocument_needs_no_type_in_front() -> None:
    manifest = b'<m:file-entry m:media-type="' + ODF + b'spreadsheet"/>'
    with pytest.raises(UnreadableFileError, match="hỏng"):
        read(zipped(**{"META-INF__manifest.xml": manifest, "content.xml": b"<x"}))


def test_the_binary_format_as_a_mere_default_is_none() -> None:
    parts = parts_of(saved(filled()))
    default = b'<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.main"/>'
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"<Override", default + b"<Override", 1)
    assert read(zipped_parts(parts)) == read(saved(filled()))


def test_a_workbook_without_the_sheet_it_names_is_broken() -> None:
    parts = parts_of(saved(filled()))
    del parts["xl/worksheets/sheet2.xml"]
    with pytest.raises(UnreadableFileError, match="hỏng"):
        read(zipped_parts(parts))


# The container is looked over before any part is opened.


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_as_many_parts_as_real_files_have_are_read() -> None:
    parts = parts_of(saved(filled()))
    parts |= {f"xl/media/image{n}.png": b"x" for n in range(1_200)}
    assert read(zipped_parts(parts)) == read(saved(filled()))


def test_no_more_parts_than_any_file_needs() -> None:
    parts = {f"xl/media/{n}": b"" for n in range(container.MAX_PARTS + 1)}
    with pytest.raises(UnreadableFileError, match="quá lớn"):
        read(zipped_parts(parts))


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    with pytest.raises(UnreadableFileError, match="quá lớn"):
        read(zipped(**{"xl__workbook.xml": b"<w/>", "xl__media__a": bytes(80 * 2**20)}))


def test_a_file_too_long_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(filled())
    monkeypatch.setattr("kybaocao.adapters.workbooks.reading.recognition.MAX_BYTES", len(data) - 1)
    with pytest.raises(UnreadableFileError, match="quá lớn"):
        read(data)


@pytest.mark.parametrize(
    "name", ["../xl/a.xml", "xl/../../a", "/etc/passwd", "C:/a.xml", "xl\\..\\..\\a", "xl/a\n.xml"]
)
def test_a_part_with_an_unsafe_name_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFileError, match="an toàn"):
        read(zipped_parts(parts_of(saved(filled())) | {name: b"x"}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["xl/workbook.xml", "XL/Workbook.xml"])
def test_two_parts_of_one_name_are_refused(name: str) -> None:
    buffer = io.BytesIO(saved(filled()))
    with zipfile.ZipFile(buffer, "a") as file:
        file.writestr(name, b"<workbook/>")
    with pytest.raises(UnreadableFileError, match="an toàn"):
        read(buffer.getvalue())


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/worksheets/sheet1.xml"],
)
def test_a_document_type_is_refused_in_every_part(part: str) -> None:
    parts = parts_of(saved(filled()))
    bare = parts[part].split(b"?>", 1)[-1]
    parts[part] = b'<!DOCTYPE w [<!ENTITY a "aaaa">]>' + bare
    with pytest.raises(UnreadableFileError, match="an toàn"):
        read(zipped_parts(parts))


@pytest.mark.parametrize("cell", ["A1048577", "XFE1", "ZZZ9999999", "A0"])
def test_a_cell_outside_of_every_spreadsheet_is_refused(cell: str) -> None:
    parts = parts_of(saved(filled()))
    name = "xl/worksheets/sheet1.xml"
    row = f'<row r="9"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
    parts[name] = parts[name].replace(b"</sheetData>", row)
    with pytest.raises(UnreadableFileError, match="giới hạn của Excel"):
        read(zipped_parts(parts))


def test_names_of_parts_with_the_separators_of_windows_are_read() -> None:
    parts = parts_of(saved(filled()))
    data = zipped_parts(parts)
    for name in parts:
        data = data.replace(name.encode(), name.replace("/", "\\").encode())
    assert read(data) == read(zipped_parts(parts))
