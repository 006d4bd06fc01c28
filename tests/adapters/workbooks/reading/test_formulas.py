"""A result that its formula does not give is told, with the right one; no doubt is a fault."""

import io

import pytest
from openpyxl import Workbook
from xlsxwriter import Workbook as Writer  # type: ignore[import-untyped]

from kybaocao.adapters.workbooks.reading import evaluation, read
from kybaocao.adapters.workbooks.reading.draft import Draft
from kybaocao.rules.cells.grid import Oddity, Oddness, Value
from tests.adapters.workbooks.reading.test_cells import HEAD, with_cells, with_sheet

GIVEN: dict[tuple[int, int], Value] = {
    (1, 1): 10, (2, 1): 20.5, (3, 1): "chữ", (5, 1): -3, (6, 1): True, (7, 1): "#REF!",
}  # fmt: skip


def told(formula: str, kept: Value) -> str | None:
    """Return the right result that is told of a formula in B2, or None."""
    sheet, other = Draft("Trang 1"), Draft("Biểu 2")
    sheet.cells |= GIVEN
    sheet.errors.add((7, 1))
    other.cells[1, 1] = 7
    sheet.cells[2, 2] = kept
    sheet.formulas[2, 2] = (formula, 2, 2)
    evaluation.hold([sheet, other])
    odd = sheet.odd.get((2, 2))
    assert odd is None or odd.kind is Oddness.STALE_FORMULA
    return odd.detail if odd else None


@pytest.mark.parametrize(
    ("formula", "result", "shown"),
    [
        ("A1+A2", 30.5, "30,5"),
        ("A1-A2*2", -31, "-31"),
        ("(A1-A2)*2", -21, "-21"),
        ("A1/4", 2.5, "2,5"),
        ("-A1", -10, "-10"),
        ("A1*-2", -20, "-20"),
        ("A1*50%", 5, "5"),
        ("A1+A4", 10, "10"),
        ("SUM(A1:A5)", 27.5, "27,5"),
        ("SUM(A1,A2,1.5)", 32, "32"),
        ("SUM($A$1:A2) + 1", 31.5, "31,5"),
        ("sum(A1)".upper(), 10, "10"),
        ("ROUND(A2/3,2)", 6.83, "6,83"),
        ("ROUND(2.5,0)", 3, "3"),
        ("ROUND(-2.5,0)", -3, "-3"),
        ("ROUND(1234,-2)", 1200, "1.200"),
        ("100*SUM(A1:A1)/SUM(A2:A2)", 100 * 10 / 20.5, "48,780487804878"),
        ("'Biểu 2'!A1*2", 14, "14"),
        ("'Trang 1'!A1", 10, "10"),
        ("1E3+A1", 1010, "1.010"),
        ("A1^2", 100, "100"),
        ("-2^2", 4, "4"),
        ("POWER(A1,2)/A1", 10, "10"),
        ("IF(A1>=10,A2,0)", 20.5, "20,5"),
        ('IF(A4="",1,2)', 1, "1"),
        ('IF(A3="CHỮ",1,2)', 1, "1"),
        ("IF(A1<>10,TEXTJOIN(A1),3)", 3, "3"),
        ("IF(AND(A1>1,NOT(A2<1),OR(FALSE,TRUE())),5,6)", 5, "5"),
        ("IFERROR(A1/A4,8)", 8, "8"),
        ("MAX(A1:A5)", 20.5, "20,5"),
        ("MIN(A1:A5,-9)", -9, "-9"),
        ("AVERAGE(A1:A3)", 15.25, "15,25"),
        ("COUNTA(A1:A6)", 5, "5"),
        ("COUNT(A1:A6)", 3, "3"),
        ('COUNTIF(A1:A5,">0")', 2, "2"),
        ('SUMIF(A1:A3,"chữ",A1:A3)+1', 1, "1"),
        ("SUMIF(A1:A3,10)", 10, "10"),
        ("INT(A5/2)", -2, "-2"),
        ("ABS(A5)", 3, "3"),
        ("ROUNDUP(A2/3,1)", 6.9, "6,9"),
        ("TRUNC(A2)", 20, "20"),
        ("VLOOKUP(10,A1:A2,1,0)", 10, "10"),
    ],
)
def test_simple_formulas_are_held_against_their_results(
    formula: str, result: float, shown: str
) -> None:
    assert told(formula, result) is None
    assert told(formula, result * (1 + 1e-14)) is None
    assert told(formula, result + 1) == shown
    assert told(formula, "chữ khác") == shown


@pytest.mark.parametrize(
    "formula",
    [
        "A3+1", "A1&A2", "A3^2", "IF(A3,1,2)", "SUM(A:A)", "SUM(A1:A7)", "A1+A6", "A7", "Tổng",
        "'[1]Khác'!A1", "Khác!A1", "A1/0", "A1/A4", "ROUND(A1)", "SUM(A1", "A1 A2", "", "B2+1",
        "MEDIAN(A1:A2)", "MAX(A1:A7)", "1E308*10", "TODAY()", "A1:A2", "A6=1", "AVERAGE(A3)",
        "INT(2.9999999999999996)", "VLOOKUP(A1,A1:A2,1)", "VLOOKUP(A1,A1:B1,3,0)",
        'COUNTIF(A1:A5,"*")', "IF(0.1+0.2=0.3,1,2)", 'SUMIF(A1:A3,"<>x",A1:A3)',
        "IF(A1>1,A9(1),2)", "IFERROR(A7,0)", '"chữ', 'A3<"b"', "(" * 500 + "1" + ")" * 500,
        "+".join(["A1"] * 2000), "$A$0+1", "ROUND(A1,1E20)", "A1.5",
    ],
)  # fmt: skip
def test_what_is_not_known_is_not_judged(formula: str) -> None:
    assert told(formula, 999) is None


def test_results_are_followed_through_other_formulas() -> None:
    sheet = Draft("Trang 1")
    sheet.cells |= {(1, 1): 10, (2, 1): 99, (3, 1): 198}
    sheet.formulas |= {(3, 1): ("A2*2", 3, 1), (2, 1): ("A1+1", 2, 1)}
    evaluation.hold([sheet])
    assert {at: odd.detail for at, odd in sheet.odd.items()} == {(2, 1): "11", (3, 1): "22"}


def test_a_change_is_followed_through_a_chain_that_agrees_with_itself() -> None:
    sheet = Draft("Trang 1")
    sheet.cells[1, 1] = 5  # it was 0 when the others were computed
    for row in range(30, 1, -1):  # so that none is known when it is asked for
        sheet.cells[row, 1] = row - 1
        sheet.formulas[row, 1] = (f"A{row - 1}+1", row, 1)
    evaluation.hold([sheet])
    assert {at: odd.detail for at, odd in sheet.odd.items()} == {
        (row, 1): str(row + 4) for row in range(2, 31)
    }


def test_an_error_is_told_as_such_whatever_its_formula_would_give() -> None:
    grid = with_cells('<c r="A1" t="e"><f>1+1</f><v>#REF!</v></c>')
    assert dict(grid.cells) == {(1, 1): "#REF!"}
    assert not grid.odd


def test_of_sheets_of_the_same_name_a_formula_does_not_say_which_it_means() -> None:
    sheets = [Draft("Biểu"), Draft("Biểu"), Draft("Tổng")]
    sheets[0].cells[1, 1], sheets[1].cells[1, 1] = 1, 2
    sheets[2].cells[1, 1] = 9
    sheets[2].formulas[1, 1] = ("Biểu!A1*1", 1, 1)
    evaluation.hold(sheets)
    assert not sheets[2].odd


def test_long_chains_and_circles_end() -> None:
    sheet = Draft("Trang 1")
    for row in range(1, 5_000):
        sheet.cells[row, 1] = sheet.cells[row, 2] = row
        sheet.formulas[5_000 - row, 1] = (f"A{5_000 - row - 1}+1", 5_000 - row, 1)
        sheet.formulas[row, 2] = (f"SUM(B1:B{row})", row, 2)
    evaluation.hold([sheet])
    assert (4_000, 1) not in sheet.odd


def test_a_shared_formula_moves_with_its_cell() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}">{formula}<v>{2 * n}</v></c></row>'
        for n, formula in (
            (1, '<f t="shared" ref="B1:B3" si="0">A1*2+C$1</f>'),
            (2, '<f t="shared" si="0"/>'),
            (3, '<f t="shared" si="0"/>'),
        )
    ).replace("<v>6</v>", "<v>7</v>")
    grid = with_sheet(f"{HEAD}<sheetData>{rows}</sheetData></worksheet>").grids[0]
    assert dict(grid.odd) == {(3, 2): Oddity(Oddness.STALE_FORMULA, "6")}


def test_what_is_fixed_in_a_shared_formula_does_not_move() -> None:
    shared = ('<f t="shared" ref="B1:C2" si="0">$A$1+$A1+A$1</f>', '<f t="shared" si="0"/>')
    cells = (
        f'<row r="1"><c r="A1"><v>1</v></c><c r="B1">{shared[0]}<v>3</v></c>'
        f'<c r="C1">{shared[1]}<v>5</v></c></row>'
        f'<row r="2"><c r="A2"><v>10</v></c><c r="B2">{shared[1]}<v>12</v></c>'
        f'<c r="C2">{shared[1]}<v>14</v></c></row>'
    )
    assert not with_sheet(f"{HEAD}<sheetData>{cells}</sheetData></worksheet>").grids[0].odd
    wrong = cells.replace("<v>14</v>", "<v>15</v>")
    odd = with_sheet(f"{HEAD}<sheetData>{wrong}</sheetData></worksheet>").grids[0].odd
    assert dict(odd) == {(2, 3): Oddity(Oddness.STALE_FORMULA, "14")}


def test_texts_that_formulas_make_are_held_too() -> None:
    assert told('A3&" và "&A1', "chữ và 10") is None
    assert told('A3&" và "&A1', "chữ và 11") == "“chữ và 10”"
    assert told('IF(A1>1,"Có","Không")', "Không") == "“Có”"
    assert told('IF(A1>1,"","Không")', "Không") == "“”"
    assert told('VLOOKUP("chữ",A3:A5,1,FALSE)&""=A3', True) is None
    assert told('VLOOKUP("chữ",A3:A5,1,FALSE)&""=A3', False) == "TRUE"


ARRAY = '<c r="A1"><f t="array" ref="A1:A2">1+1</f><v>9</v></c>'
CALCULATED = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>{}</workbook>'
)


def told_of_array(properties: str) -> dict[tuple[int, int], Oddity]:
    xml = f'{HEAD}<sheetData><row r="1">{ARRAY}</row></sheetData></worksheet>'
    return dict(with_sheet(xml, xl__workbook=CALCULATED.format(properties)).grids[0].odd)


@pytest.mark.parametrize("said", ["", '<calcPr calcId="191029"/>', '<calcPr fullCalcOnLoad="0"/>'])
def test_an_unknown_formula_is_believed_where_the_file_was_calculated(said: str) -> None:
    assert not told_of_array(said)


@pytest.mark.parametrize("said", ['<calcPr fullCalcOnLoad="1"/>', '<calcPr calcCompleted="0"/>'])
def test_an_unknown_formula_is_asked_about_where_the_file_was_not(said: str) -> None:
    assert told_of_array(said) == {(1, 1): Oddity(Oddness.NOT_RECALCULATED, "")}
    exact = said.replace("<calcPr", '<calcPr fullPrecision="0"')
    assert told_of_array(exact) == {(1, 1): Oddity(Oddness.NOT_RECALCULATED, "")}


def test_a_text_that_nobody_sees_is_no_empty_cell() -> None:
    cells = '<c r="A1" t="str"><v> </v></c><c r="B1"><f>COUNTA(A1:A1)</f><v>1</v></c>'
    assert not [o for o in with_cells(cells).odd.values() if o.kind is Oddness.STALE_FORMULA]


def test_percentages_are_shown_as_the_sender_sees_them() -> None:
    buffer = io.BytesIO()
    with Writer(buffer) as book:
        sheet = book.add_worksheet()
        share = book.add_format({"num_format": "0.00%"})
        sheet.write_row("A1", [1, 4])
        sheet.write_formula("C1", "=A1/B1", share, 0.5)
        sheet.write_formula("D1", "=A1/B1", share, 0.25)
    grid = read(buffer.getvalue()).grids[0]
    assert (grid.cells[1, 3], grid.cells[1, 4]) == ("50%", "25%")
    assert dict(grid.odd) == {(1, 3): Oddity(Oddness.STALE_FORMULA, "25%")}


def test_precision_as_displayed_is_no_fault() -> None:
    workbook = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
        '<calcPr fullPrecision="0"/></workbook>'
    )
    cells = '<row r="1"><c r="A1"><f>1/3</f><v>0.33</v></c></row>'
    xml = f"{HEAD}<sheetData>{cells}</sheetData></worksheet>"
    assert with_sheet(xml).grids[0].odd
    assert not with_sheet(xml, xl__workbook=workbook).grids[0].odd


def test_a_formula_without_a_result_is_not_stale() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "=1+1"
    stream = io.BytesIO()
    book.save(stream)
    grid = read(stream.getvalue()).grids[0]
    assert grid.cells[1, 1] == "=1+1"
    assert dict(grid.odd) == {(1, 1): Oddity(Oddness.UNSOLVED, "1+1")}
