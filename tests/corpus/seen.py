"""Files whose cells show something else than they hold, or hold what is no answer; and XML that
one reader takes for cells and another does not."""

import struct
from collections.abc import Callable, Mapping

from openpyxl import Workbook

from tests.corpus.cells import looking, making
from tests.corpus.foreign import binary, record
from tests.corpus.package import (
    TABLE,
    WORDS,
    Change,
    cell,
    changed,
    formula,
    good,
    number,
    packed,
    pattern,
    text_of,
    typed,
    unpacked,
    written,
)

FOREIGN = "http://vi-du.example/la"
GHOST = '<c r="D12"><v>999</v></c>'


def shown(value: float, code: str) -> Callable[[], bytes]:
    return lambda: written(looking("D12", value, code))


def labelled(cells: Mapping[str, object]) -> Callable[[], bytes]:
    """Write over units and labels of the sheet of figures."""

    def spoil(book: Workbook) -> None:
        for at, value in cells.items():
            book.worksheets[0][at] = value

    return lambda: written(spoil)


def before_rows(ghost: str) -> Change:
    return text_of(TABLE, "<sheetData>", f"<sheetData>{ghost}")


def after_rows(ghost: str) -> Change:
    return text_of(TABLE, "</sheetData>", f"</sheetData>{ghost}")


def in_row(ghost: str) -> Change:
    """Put something behind the cells of row 12, in its place."""
    return pattern(TABLE, r'(<row r="12".*?)</row>', rf"\1{ghost}</row>")


def short_records(data: bytes) -> bytes:
    """Return a binary workbook whose cells leave out their columns where they can."""
    parts = unpacked(data)
    short = {1: 12, 2: 13, 3: 14, 4: 15, 5: 16, 6: 17, 7: 18}
    for name, part in parts.items():
        if "worksheets/" in name:
            last, made = -2, b""
            for kind, body in records(part):
                column = struct.unpack_from("<I", body)[0] if kind in short else -2
                if kind in short and column == last + 1:
                    made += record(short[kind], body[4:])
                else:
                    made += record(kind, body)
                last = column
            parts[name] = made
    return packed(parts)


def records(data: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind, at = kind & 0x7F | data[at] << 7, at + 1
        size = shift = 0
        while True:
            size |= (data[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if not data[at - 1] & 0x80:
                break
        found.append((kind, data[at : at + size]))
        at += size
    return found


def strange_record() -> bytes:
    """Return a binary workbook with a record among its cells that nobody knows."""
    parts = unpacked(binary(good()))
    name = "xl/worksheets/sheet1.bin"
    end = parts[name].rindex(record(146))
    part = parts[name][:end] + record(63, bytes(12)) + parts[name][end:]
    return packed({**parts, name: part})


MAKERS: dict[str, Callable[[], bytes]] = {
    "shown-in-thousands.xlsx": shown(400_000, "#,##0,"),
    "shown-in-millions.xlsx": shown(400_000_000, "#,##0.0,,"),
    "shown-not-at-all.xlsx": shown(400, ";;;"),
    "shown-as-words.xlsx": shown(400, '"Không có"'),
    "shown-as-dash.xlsx": shown(400, '"-"'),
    "shown-with-a-zero-more.xlsx": shown(40, '0"0"'),
    "shown-as-day-from-one-on.xlsx": shown(42625, "[<1]0;d/m/yyyy"),
    "shown-in-another-unit.xlsx": shown(400, '#,##0" nghìn"'),
    "shown-rounded-to-two.xlsx": shown(400, "0.00"),
    "shown-in-accounting.xlsx": shown(0, '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)'),
    "shown-with-points.xlsx": shown(1234, "#\\.##0"),
    "unit-of-thousands.xlsx": labelled({"C12": "nghìn hồ sơ"}),
    "unit-of-another-kind.xlsx": labelled({"C13": "người"}),
    "unit-blank.xlsx": labelled({"C12": None, "C15": "Tỷ lệ %"}),
    "unit-in-the-label.xlsx": labelled({"B12": "Hồ sơ đã giải quyết (nghìn hồ sơ)"}),
    "label-in-other-words.xlsx": labelled({"B12": "Số cuộc thanh tra"}),
    "error-as-text-answer.xlsx": making(cell("C6", "<v>#REF!</v>", "e", WORDS)),
    "formula-without-result-as-text-answer.xlsx": making(
        cell("C6", "<f>Sheet9!A1</f>", "", WORDS)
    ),
    "picture-as-text-answer.xlsx": making(
        pattern(WORDS, r'<c r="C6"( s="\d+")?[^>]*>.*?</c>',
                r'<c r="C6"\1 t="e" vm="1"><v>#VALUE!</v></c>'),
    ),
    "picture-of-wps.xlsx": making(
        cell("C6", '<f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>', "str", WORDS)
    ),
    "truth-as-text-answer.xlsx": making(cell("C6", "<v>1</v>", "b", WORDS)),
    "link-to-nothing-as-text-answer.xlsx": making(cell("C6", "<f>B99</f><v>0</v>", "", WORDS)),
    "link-to-nothing-as-wish.xlsx": making(cell("C7", "<f>B99</f><v>0</v>", "", WORDS)),
    "error-as-reason.xlsx": making(cell("C8", "<v>#N/A</v>", "e", WORDS)),
    "error-as-note.xlsx": making(cell("G12", "<v>#N/A</v>", "e")),
    "cells-in-a-comment.xlsx": making(before_rows(f'<!-- <row r="12">{GHOST}</row> -->')),
    "cells-in-an-instruction.xlsx": making(before_rows(f'<?la <row r="12">{GHOST}</row>?>')),
    "cells-in-an-extension.xlsx": making(
        text_of(TABLE, "</worksheet>",
                f'<extLst><ext uri="la"><x:la xmlns:x="{FOREIGN}"><row r="12">{GHOST}</row></x:la>'
                "</ext></extLst></worksheet>")
    ),
    "cells-of-another-namespace.xlsx": making(
        in_row(f'<x:c xmlns:x="{FOREIGN}" r="D12"><x:v>999</x:v></x:c>')
    ),
    "cells-inside-a-foreign-element.xlsx": making(
        in_row(f'<x:la xmlns:x="{FOREIGN}">{GHOST}</x:la>')
    ),
    "rows-of-another-namespace.xlsx": making(
        before_rows(f'<row xmlns="{FOREIGN}" r="12">{GHOST}</row>')
    ),
    "cells-outside-of-rows.xlsx": making(after_rows(f'<la><row r="12">{GHOST}</row></la>')),
    "cell-of-an-unknown-type.xlsx": making(cell("D12", "<v>400</v>", "q")),
    "number-with-references.xlsx": making(number("D12", "&#52;&#48;0")),
    "cells-in-small-letters.xlsx": making(text_of(TABLE, '<c r="D12"', '<c r="d12"')),
    "string-of-a-comment.xlsx": lambda: changed(
        typed("C7", "chữ", WORDS), text_of(WORDS, "chữ", "ch<!-- không -->ữ")
    ),
    "short-records.xlsb": lambda: short_records(binary(good())),
    "record-unknown.xlsb": strange_record,
    "link-to-a-cell.xlsx": lambda: changed(formula("D12", "$D$13", "400")),
}  # fmt: skip
