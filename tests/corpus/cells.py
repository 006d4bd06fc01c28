"""Files in which one cell is the matter. D12 asks for whole `hồ sơ` and stands in no sum."""

from collections.abc import Callable

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.formula import ArrayFormula

from tests.corpus.package import (
    TABLE,
    WORDS,
    WORKBOOK,
    Change,
    cell,
    changed,
    formula,
    number,
    pattern,
    text_of,
    typed,
    written,
)


def making(change: Change) -> Callable[[], bytes]:
    """Return what makes the good file with one change."""
    return lambda: changed(change)


def looking(at: str, value: float, style: str) -> Callable[[Workbook], None]:
    def spoil(book: Workbook) -> None:
        book.worksheets[0][at] = value
        book.worksheets[0][at].number_format = style

    return spoil


def lettered(said: str, font: str) -> Callable[[Workbook], None]:
    """Type the wishes in an old font."""

    def spoil(book: Workbook) -> None:
        book.worksheets[1]["C7"] = said
        book.worksheets[1]["C7"].font = Font(name=font)

    return spoil


def noted(book: Workbook) -> None:
    book.worksheets[0]["E12"].comment = Comment("Số này đã kiểm tra", "Văn thư")


def arrayed(book: Workbook) -> None:
    book.worksheets[0]["E12"] = ArrayFormula("E12:E12", "=SUM(E13:E14*1)")


def typed_cases() -> dict[str, Callable[[], bytes]]:
    """What officers type where a whole number of `hồ sơ` is asked for."""
    said = {
        "1-234-with-point": "1.234",
        "1-234-with-comma": "1,234",
        "1-234-with-blank": "1 234",
        "1-234-with-no-break-space": "1\u00a0234",
        "1-234-567-with-points": "1.234.567",
        "12-000-with-comma": "12,000",
        "1-234-5": "1.234,5",
        "percent": "98,33%",
        "own-unit": "12 hồ sơ",
        "other-unit": "12 triệu",
        "approximate": "khoảng 400",
        "in-letters": "bốn trăm",
        "dash": "-",
        "cross": "x",
        "not-applicable": "Không áp dụng",
        "not-applicable-in-english": "N/A",
        "nothing-happened": "không phát sinh",
        "nothing-there-with-full-stop": "Không có.",
        "tick-of-a-symbol-font": "\uf0fc",
        "blanks-around": "  400 ",
        "zero-width-space": "400\u200b",
        "byte-order-mark": "\ufeff400",
        "full-width-digits": "４００",
        "leading-zeros": "00400",
        "plus-sign": "+400",
        "minus-sign": "\u2212400",
        "scientific": "4e2",
        "letter-o-for-zero": "4OO",
        "arabic-digits": "\u0664\u0660\u0660",
        "two-numbers": "400 (trong đó 12)",
        "sum-in-text": "=200+200",
        "only-blanks": "   ",
        "only-zero-width-space": "\u200b\u00a0",
        "infinity": "inf",
        "too-long": "9" * 60,
    }
    return {f"typed-{name}.xlsx": making(typed("D12", said)) for name, said in said.items()}


def number_cases() -> dict[str, Callable[[], bytes]]:
    """Numbers as the XML of a cell writes them."""
    literals = {
        "beyond-2-to-53": "9007199254740993",
        "1e400": "1e400",
        "inf": "INF",
        "nan": "NaN",
        "with-point-zero": "400.0",
        "scientific": "4.0E2",
        "fraction": "400.5",
        "almost-whole": "399.99999999999994",
        "negative": "-400",
        "negative-zero": "-0",
        "blank-around": " 400 ",
        "comma": "400,0",
        "word": "abc",
        "hexadecimal": "0x10",
        "underscores": "4_00",
        "superscript": "40²",
        "arabic-digits": "٤٠٠",
    }
    return {
        f"number-{name}.xlsx": making(number("D12", literal)) for name, literal in literals.items()
    }


def error_cases() -> dict[str, Callable[[], bytes]]:
    names = {
        "ref": "#REF!", "na": "#N/A", "div0": "#DIV/0!", "name": "#NAME?", "value": "#VALUE!",
        "null": "#NULL!", "num": "#NUM!", "spill": "#SPILL!", "calc": "#CALC!",
        "field": "#FIELD!", "blocked": "#BLOCKED!",
    }  # fmt: skip
    return {
        f"error-{name}.xlsx": making(cell("E12", f"<v>{said}</v>", "e"))
        for name, said in names.items()
    }


OURS = 'IF(COUNT($E$13,$E$12)&lt;2,"",IF(SUM($E$12)=0,"",100*SUM($E$13)/SUM($E$12)))'
CALCULATED = pattern(WORKBOOK, "<calcPr[^>]*/>", '<calcPr calcId="191029"/>')

MAKERS: dict[str, Callable[[], bytes]] = {
    **typed_cases(),
    **number_cases(),
    **error_cases(),
    "error-from-formula.xlsx": lambda: changed(formula("E12", "E13/0", "#DIV/0!", "e")),
    "formula-without-result.xlsx": lambda: changed(formula("E12", "E13+E14")),
    "formula-with-empty-result.xlsx": lambda: changed(cell("E12", "<f>E13+E14</f><v></v>")),
    "formula-with-right-result.xlsx": lambda: changed(formula("E12", "SUM(E13:E14)", "120")),
    "formula-with-stale-result.xlsx": lambda: changed(formula("E12", "SUM(E13:E14)", "119")),
    "formula-stale-where-nobody-asks.xlsx": lambda: changed(
        text_of(
            TABLE, "</sheetData>", '<row r="30"><c r="J30"><f>1+1</f><v>3</v></c></row></sheetData>'
        )
    ),
    "formula-shared.xlsx": lambda: changed(
        cell("E12", '<f t="shared" ref="E12:F12" si="0">E13+E14</f><v>120</v>'),
        cell("F12", '<f t="shared" si="0"/><v>300</v>'),
    ),
    "formula-shared-and-stale.xlsx": lambda: changed(
        cell("E12", '<f t="shared" ref="E12:F12" si="0">E13+E14</f><v>120</v>'),
        cell("F12", '<f t="shared" si="0"/><v>301</v>'),
    ),
    "formula-of-array-without-result.xlsx": lambda: written(arrayed),
    "formula-of-another-workbook.xlsx": lambda: changed(
        formula("E12", "[1]Sheet1!$A$1", "120"), CALCULATED
    ),
    "formula-unknown-and-not-recalculated.xlsx": lambda: changed(
        formula("E12", "[1]Sheet1!$A$1", "120")
    ),
    "formula-of-conditions-with-stale-result.xlsx": lambda: changed(
        formula("E12", "IF(COUNTA(E13:E14)=2,ABS(MAX(E13:E14)),INT(AVERAGE(E13:E14)))", "120")
    ),
    "formula-joining-text-with-stale-result.xlsx": lambda: changed(
        cell(
            "C7",
            '<f>"Đề nghị "&amp;1&amp;" việc"</f><v>Đề nghị 2 việc</v>',
            "str",
            WORDS,
        )
    ),
    "formula-looking-up-with-stale-result.xlsx": lambda: changed(
        formula("D12", 'VLOOKUP("HS-02",$A$12:$E$14,5,FALSE)', "400")
    ),
    "share-of-ours-with-stale-result.xlsx": lambda: changed(formula("E15", OURS, "12.5")),
    "share-of-the-senders-with-other-result.xlsx": lambda: changed(
        formula("E15", "MEDIAN(1,2)", "12.5"), CALCULATED
    ),
    "formula-giving-text.xlsx": lambda: changed(formula("D12", '"4"&amp;"00"', "400", "str")),
    "boolean.xlsx": lambda: changed(cell("D12", "<v>1</v>", "b")),
    "iso-date-cell.xlsx": lambda: changed(cell("D12", "<v>2016-09-12</v>", "d")),
    "number-shown-as-date.xlsx": lambda: written(looking("D12", 400, "dd/mm/yyyy")),
    "number-shown-as-percent.xlsx": lambda: written(looking("D12", 4, "0%")),
    "number-shown-with-unit.xlsx": lambda: written(looking("D12", 400, '#,##0" hồ sơ"')),
    "number-shown-as-text.xlsx": lambda: written(looking("D12", 400, "@")),
    "number-shown-rounded.xlsx": lambda: written(looking("D12", 400.4, "0")),
    "share-typed-over-the-formula.xlsx": lambda: changed(typed("E15", "83,33%")),
    "share-cut-off-not-rounded.xlsx": lambda: changed(
        number("E12", "207030"),
        number("F12", "207030"),
        number("E13", "204847"),
        number("F13", "204847"),
        number("E14", "2183"),
        number("F14", "2183"),
        typed("E15", "98,94%"),
    ),
    "share-wrong.xlsx": lambda: changed(typed("E15", "93,33%")),
    "tcvn3-font.xlsx": lambda: written(lettered("C¶i c¸ch hµnh chÝnh", ".VnTime")),
    "tcvn3-capitals-font.xlsx": lambda: written(lettered("C¶i c¸ch", ".VnTimeH")),
    "vni-font.xlsx": lambda: written(lettered("Caûi caùch haønh chính", "VNI-Times")),
    "tcvn3-in-a-new-font.xlsx": lambda: changed(typed("C7", "C¶i c¸ch hµnh chÝnh", WORDS)),
    "unicode-in-old-font.xlsx": lambda: written(lettered("Cải cách hành chính", ".VnTime")),
    "text-in-nfd.xlsx": lambda: changed(
        typed("C7", "Cải cách hành chính", WORDS),
        text_of(WORDS, "ải cách hành chính", "a\u0309i ca\u0301ch ha\u0300nh chi\u0301nh"),
    ),
    "text-like-a-formula.xlsx": lambda: changed(
        typed("C7", '=HYPERLINK("http://vi-du.example","bấm")', WORDS)
    ),
    "text-like-markup.xlsx": lambda: changed(typed("C7", "<script>alert(1)</script>", WORDS)),
    "text-with-escape-of-office.xlsx": lambda: changed(typed("C7", "Dòng một_x000D_\nhai", WORDS)),
    "text-with-control-character.xlsx": lambda: changed(typed("C7", "chuông_x0007_", WORDS)),
    "text-with-lone-surrogate.xlsx": lambda: changed(typed("C7", "nửa_xD83D_", WORDS)),
    "text-with-emoji.xlsx": lambda: changed(typed("C7", "xong \U0001f44d", WORDS)),
    "text-right-to-left-override.xlsx": lambda: changed(typed("C7", "abc\u202exslx", WORDS)),
    "text-of-32767-letters.xlsx": lambda: changed(typed("C7", "x" * 32767, WORDS)),
    "rich-text.xlsx": lambda: changed(
        cell("D12", "<is><r><t>4</t></r><r><rPr><b/></rPr><t>00</t></r></is>", "inlineStr")
    ),
    "phonetic-text.xlsx": lambda: changed(
        cell("D12", '<is><t>400</t><rPh sb="0" eb="1"><t>7</t></rPh></is>', "inlineStr")
    ),
    "comment-on-a-cell.xlsx": lambda: written(noted),
    "blank-required.xlsx": lambda: changed(cell("E13", "")),
    "blank-not-required.xlsx": lambda: changed(cell("D12", "")),
    "share-spoiled-by-a-number-typed-as-text.xlsx": lambda: changed(
        typed("F13", "250"),
        formula("F15", 'IF(SUM($F$12)=0,"",100*SUM($F$13)/SUM($F$12))', "0"),
    ),
    "cell-with-two-values.xlsx": lambda: changed(cell("D12", "<v>400</v><v>500</v>")),
    "cell-of-no-address.xlsx": lambda: changed(text_of(TABLE, 'r="E12"', 'r="E1x2"')),
    "cell-twice-alike.xlsx": lambda: changed(
        text_of(TABLE, "</sheetData>", '<row r="12"><c r="E12"><v>120</v></c></row></sheetData>')
    ),
    "cell-twice.xlsx": lambda: changed(
        text_of(TABLE, "</sheetData>", '<row r="12"><c r="E12"><v>999</v></c></row></sheetData>')
    ),
}
