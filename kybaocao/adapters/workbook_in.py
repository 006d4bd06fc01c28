"""Any spreadsheet that people send, as plain values at the coordinates they see.

The sole reader of spreadsheets. It may be given anything: call it in a child process with
limits of memory and time, since a parser can hang, swell or abort on hostile bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import unescape

import python_calamine as calamine

from kybaocao.rules import numbers, text
from kybaocao.rules.finding import UnreadableFileError
from kybaocao.rules.form import IDENTITY_KEYS, IDENTITY_SHEET
from kybaocao.rules.grid import Book, Grid, Value, address
from kybaocao.rules.reading import as_text

MAX_CELLS = 2_000_000
MAX_PARTS = 5_000
MAX_INFLATED = 512 * 2**20
# Sheets of blank formatted rows shrink a lot; only large ones that shrink this much are bombs.
SMALL_ENOUGH = 64 * 2**20
MAX_RATIO = 200

_AGAIN = "hãy điền vào tệp biểu mẫu Excel đã nhận và gửi lại chính tệp đó"
_NOT_SHEETS = (
    (b"%PDF", "tệp PDF"),
    (b"\xff\xd8\xff", "tệp ảnh"),
    (b"\x89PNG", "tệp ảnh"),
    (b"GIF8", "tệp ảnh"),
    (b"BM", "tệp ảnh"),
    (b"II*\0", "tệp ảnh"),
    (b"MM\0*", "tệp ảnh"),
    (b"Rar!", "tệp nén"),
    (b"7z\xbc\xaf", "tệp nén"),
    (b"{\\rtf", "tệp văn bản"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD = "Tệp được đặt mật khẩu nên không đọc được; hãy bỏ mật khẩu rồi gửi lại."  # noqa: S105
_BROKEN = "Tệp bị hỏng hoặc chưa tải lên đủ nên không đọc được; hãy mở, lưu lại rồi gửi lại."
_TOO_LARGE = "Tệp quá lớn so với một báo cáo; hãy xóa các dòng, trang tính thừa rồi gửi lại."


def read(data: bytes) -> Book:
    """Return the sheets of an xlsx, xlsm, xlsb, xls or ods file; what it is, its bytes tell.

    Percentages by format come as text (`98,33%`), and formulas without a result as `=…`, since
    that is what the sender sees; errors come as their text (`#REF!`). Raises UnreadableFileError.
    """
    parts = _recognise(data)
    seen = _seen(parts) if parts is not None else _Seen({}, {})
    try:
        with calamine.load_workbook(io.BytesIO(data)) as workbook:
            grids = tuple(_grids(workbook, seen))
    except calamine.PasswordError:
        raise UnreadableFileError(_PASSWORD) from None
    except (calamine.CalamineError, ValueError, OSError):
        raise UnreadableFileError(_BROKEN) from None
    except BaseException as error:
        # A panic of the parser derives from BaseException, and its class cannot be imported.
        if type(error).__name__ == "PanicException":
            raise UnreadableFileError(_BROKEN) from None
        raise
    return Book(grids, _identity(grids, seen.names))


# What the bytes are.


def _recognise(data: bytes) -> zipfile.ZipFile | None:
    """Return the parts of an xlsx file, or None for other spreadsheets."""
    if not data:
        raise UnreadableFileError(f"Tệp rỗng; {_AGAIN}.")
    if data.startswith(b"PK"):
        return _recognise_zip(data)
    if data.startswith(_OLE):
        _recognise_ole(data)
        return None
    for magic, name in _NOT_SHEETS:
        if data.startswith(magic):
            raise UnreadableFileError(f"Đây là {name}, không phải bảng tính; {_AGAIN}.")
    if b"\0" not in data[:4096]:
        start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        name = "trang web" if start.startswith(b"<") else "tệp chữ"
        raise UnreadableFileError(
            f"Đây là {name} mang tên bảng tính, không phải bảng tính; "
            "hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại."
        )
    raise UnreadableFileError(f"Tệp không phải là bảng tính; {_AGAIN}.")


def _recognise_ole(data: bytes) -> None:
    if _utf16("EncryptedPackage") in data:
        raise UnreadableFileError(_PASSWORD)
    if not any(_utf16(name) in data for name in ("Workbook", "Book")):
        is_word = _utf16("WordDocument") in data
        name = "tệp Word" if is_word else "tệp lạ hoặc đã hỏng"
        raise UnreadableFileError(f"Đây là {name}, không phải bảng tính; {_AGAIN}.")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _recognise_zip(data: bytes) -> zipfile.ZipFile | None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
        infos = parts.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableFileError(_BROKEN) from None
    inflated = sum(info.file_size for info in infos)
    is_bomb = inflated > SMALL_ENOUGH and inflated > MAX_RATIO * len(data)
    if len(infos) > MAX_PARTS or inflated > MAX_INFLATED or is_bomb:
        raise UnreadableFileError(_TOO_LARGE)
    names = {info.filename for info in infos}
    if any(name.startswith("xl/") for name in names):
        if any(info.flag_bits & 1 for info in infos):
            raise UnreadableFileError(_PASSWORD)
        return parts
    if "mimetype" in names and b"opendocument.spreadsheet" in _part(parts, "mimetype"):
        return None
    name = "tệp Word" if any(n.startswith("word/") for n in names) else "tệp nén"
    raise UnreadableFileError(f"Đây là {name}, không phải bảng tính; {_AGAIN}.")


# What the sender sees in an xlsx and the parser does not tell.


@dataclass(frozen=True)
class _Seen:
    """`cells` by sheet name: percentages by format (True), or a text; and defined `names`."""

    cells: Mapping[str, Mapping[tuple[int, int], str | bool]]
    names: Mapping[str, str]


_FILLED_CELL = re.compile(
    rb"<c ([^>]*[^>/])>"
    rb"(?:(<f[^>]*/>|<f[^>]*>)(?:([^<]*)</f>)?)?"
    rb"(?:<v(?: [^>]*)?>([^<]*)</v>|<v ?/>)?"
)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_STYLE = re.compile(rb'\bs="([0-9]+)"')
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')


def _seen(parts: zipfile.ZipFile) -> _Seen:
    try:
        names, sheets = _workbook(parts)
        percents = _percent_styles(_part(parts, "xl/styles.xml"))
        cells = {name: _special_cells(_part(parts, path), percents) for name, path in sheets}
    except (zipfile.BadZipFile, expat.ExpatError, ValueError, OSError, EOFError):
        raise UnreadableFileError(_BROKEN) from None
    return _Seen(cells, names)


def _part(parts: zipfile.ZipFile, path: str) -> bytes:
    """Return a part's bytes, empty if there is none."""
    try:
        return parts.read(path)
    except KeyError:
        return b""
    except Exception as error:  # zlib.error, NotImplementedError: whatever a bad part raises
        raise zipfile.BadZipFile(path) from error


def _workbook(parts: zipfile.ZipFile) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the defined names, and each sheet's name and part."""
    names: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []
    targets = {
        attributes.get("Id", ""): attributes.get("Target", "")
        for tag, attributes, _ in _elements(_part(parts, "xl/_rels/workbook.xml.rels"))
        if tag == "Relationship"
    }
    for tag, attributes, content in _elements(_part(parts, "xl/workbook.xml")):
        if tag == "definedName":
            names[attributes.get("name", "")] = content
        elif tag == "sheet":
            target = targets.get(attributes.get("id", ""), "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            sheets.append((attributes.get("name", ""), path))
    return names, sheets


def _elements(xml: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Return every element's local name, attributes and text, as they end.

    A document type is refused: no honest part has one, and entities can swell.
    """
    found: list[tuple[str, dict[str, str], str]] = []
    stack: list[tuple[str, dict[str, str], list[str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        stack.append((tag.rpartition(" ")[2], local, []))

    def end(_: str) -> None:
        tag, attributes, pieces = stack.pop()
        found.append((tag, attributes, "".join(pieces)))

    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    if xml:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = lambda piece: stack[-1][2].append(piece)
        parser.StartDoctypeDeclHandler = refuse
        parser.Parse(xml, True)
    return found


def _percent_styles(xml: bytes) -> set[bytes]:
    """Return the cell styles (indexes as in `s="3"`) whose number format shows a percentage."""
    formats = {"9": "0%", "10": "0.00%"}
    percents: set[bytes] = set()
    used: list[str] = []
    for tag, attributes, _ in _elements(xml):
        if tag == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf":
            used.append(attributes.get("numFmtId", ""))
        elif tag == "cellStyleXfs":
            used.clear()
        elif tag == "cellXfs":
            percents = {
                str(index).encode()
                for index, number in enumerate(used)
                if "%" in _QUOTED.sub("", formats.get(number, ""))
            }
    return percents


def _special_cells(xml: bytes, percents: set[bytes]) -> dict[tuple[int, int], str | bool]:
    """Return the cells of a sheet that are percentages, errors, or formulas without a result."""
    special: dict[tuple[int, int], str | bool] = {}
    last_row = last_column = 0
    for count, match in enumerate(_FILLED_CELL.finditer(xml)):
        attributes, formula, body, value = match.groups()
        reference = _REFERENCE.search(attributes)
        if reference is None:
            continue
        row, column = int(reference[2]), _column_number(reference[1])
        last_row, last_column = max(row, last_row), max(column, last_column)
        if count > MAX_CELLS:
            break
        if b't="e"' in attributes and value:
            special[row, column] = value.decode()
        elif formula and not value and b't="str"' not in attributes:
            special[row, column] = "=" + unescape((body or b"").decode())
        elif percents and (style := _STYLE.search(attributes)) and style[1] in percents:
            special[row, column] = True
    # The parser holds a sheet as one rectangle, and aborts where memory does not suffice.
    if last_row * last_column > MAX_CELLS * 4:
        raise UnreadableFileError(_TOO_LARGE)
    return special


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


# Values at their coordinates.


def _grids(workbook: calamine.CalamineWorkbook, seen: _Seen) -> Iterator[Grid]:
    left = MAX_CELLS
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        cells = _cells(workbook.get_sheet_by_index(index), seen.cells.get(sheet.name, {}))
        left -= len(cells)
        if left < 0:
            raise UnreadableFileError(_TOO_LARGE)
        visible = sheet.visible is calamine.SheetVisibleEnum.Visible
        yield Grid(sheet.name, cells, hidden=not visible)


def _cells(
    sheet: calamine.CalamineSheet, special: Mapping[tuple[int, int], str | bool]
) -> dict[tuple[int, int], Value]:
    cells: dict[tuple[int, int], Value] = {}
    first_row, first_column = sheet.start or (0, 0)
    for row, values in enumerate(sheet.to_python(), first_row + 1):
        for column, value in enumerate(values, first_column + 1):
            if value == "" or (isinstance(value, str) and not text.clean(value)):
                continue
            cells[row, column] = _percentage(value) if (row, column) in special else value
    for at, shown in special.items():
        if isinstance(shown, str):
            cells[at] = shown
    return cells


def _percentage(value: Value) -> Value:
    """Return a number whose format shows percent as the sender sees it: 0.9833 is `98,33%`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    points = numbers.shown(float(f"{100 * value:.12g}")).replace(".", "")
    # Three decimals could be taken for thousands; a fourth cannot.
    return f"{points}{'0' if re.search(',[0-9]{3}$', points) else ''}%"


def _identity(grids: tuple[Grid, ...], names: Mapping[str, str]) -> dict[str, str]:
    """Return what the identity sheet says, and where it is silent, the defined names."""
    cells = {
        f"{_sheet_key(grid.name)}!{address(*at)}": as_text(value)
        for grid in grids
        for at, value in grid.cells.items()
        if at[1] <= 2 and (grid.hidden or grid.name == IDENTITY_SHEET)
    }
    found: dict[str, str] = {}
    for key in IDENTITY_KEYS:
        for row in range(1, 21):
            if cells.get(f"{_sheet_key(IDENTITY_SHEET)}!A{row}") == key:
                found[key] = cells.get(f"{_sheet_key(IDENTITY_SHEET)}!B{row}", "")
        if not found.get(key):
            sheet, _, cell = names.get(f"KBC_{key}", "").rpartition("!")
            value = cells.get(f"{_sheet_key(sheet)}!{cell.replace('$', '')}", "")
            found[key] = value if sheet else cell.strip('="')
    return {key: value for key, value in found.items() if value}


def _sheet_key(name: str) -> str:
    return name.strip("='").casefold()
