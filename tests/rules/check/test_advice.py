"""Advice that is followed to the letter is taken, or at least not given again."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.adapters.workbooks import reading
from kybaocao.rules.cells.addresses import column_number
from kybaocao.rules.cells.grid import Book, Value
from kybaocao.rules.check import answers
from kybaocao.rules.check.answers import Answer, Fault, Range
from kybaocao.rules.codes import Code
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import InputKind
from kybaocao.steps.intake.verdict import Judged, judge_book
from tests.corpus.makers import data_of
from tests.test_corpus import TABLE, config_of
from tests.test_two_readers import ENDLESS

TO_WRITE = re.compile(r"[Gg]hi (?:“([^”]+)”|'?(-?[0-9][0-9.,]*%?))")
EXAMPLE = re.compile(r"ví dụ ([0-9][0-9/,]*)")
NUMERIC = (InputKind.INTEGER, InputKind.DECIMAL, InputKind.PERCENT)


def advised(action: str, expected: str = "") -> list[str]:
    """Return what an action says to write, and the example of what is expected."""
    found = [(words or number).rstrip(".,") for words, number in TO_WRITE.findall(action)]
    return found + [said.rstrip(",") for said in EXAMPLE.findall(expected)]


def followed(kind: InputKind, allowed: Range, value: Value, unit: str) -> Fault | None:
    """Hold every advice about a cell against what comes of it; return the fault advised about."""
    fault = answers.number(kind, allowed, value, unit)
    if isinstance(fault, Answer):
        return None
    for said in advised(fault.action, fault.expected):
        again = answers.number(kind, allowed, said, unit)
        is_refused = isinstance(again, Fault)
        # Of two readings one may be out of bounds; a number may not be below a minimum.
        is_bounded = is_refused and again.code is Code.OUT_OF_RANGE
        assert not is_refused or is_bounded, (value, fault, said, again)
    return fault


def test_what_fractions_leave_behind_is_no_riddle() -> None:
    left = 0.1 + 0.2 - 0.3
    assert answers.number(InputKind.PERCENT, Range(), left, "") == Answer(left)
    assert isinstance(answers.number(InputKind.PERCENT, Range(), 1e-6, ""), Fault)


digits = st.text("0123456789", min_size=1, max_size=4)
typed = st.builds(
    lambda sign, parts, between, unit: sign + between.join(parts) + unit,
    st.sampled_from(["", "-", "'"]),
    st.lists(digits, min_size=1, max_size=4),
    st.sampled_from([".", ",", " ", "'"]),
    st.sampled_from(["", "%", " hồ sơ", " triệu", " triệu đồng", " đồng", " nghìn", " tỷ", " xã"]),
) | st.builds(
    lambda whole, decimals, point, unit: f"{whole}{point}{decimals}{unit}",
    st.integers(0, 10**7),
    digits,
    st.sampled_from([".", ",", ".000,", " 000,"]),
    st.sampled_from(["", "%", " nghìn đồng", " triệu", " tỷ đồng"]),
)


@given(
    st.sampled_from(NUMERIC),
    st.sampled_from([Range(), Range(0), Range(0, 1), Range(0, 100)]),
    typed | st.floats(1e-6, 1) | st.floats(-1e9, 1e9) | st.sampled_from(["có", "x", "-", "nhiều"]),
    st.sampled_from(["", "hồ sơ", "triệu đồng", "nghìn đồng", "đồng", "%"]),
)
def test_what_a_number_is_told_to_be_is_taken(
    kind: InputKind, allowed: Range, value: Value, unit: str
) -> None:
    followed(kind, allowed, value, unit)


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        (InputKind.DECIMAL, "8.280", ["8280", "8,28"]),
        (InputKind.DECIMAL, "8,280", ["8280", "8,28"]),
        (InputKind.DECIMAL, "8.281", ["8281", "8,2810"]),
        (InputKind.INTEGER, "1 234,567", ["1234567"]),
        (InputKind.PERCENT, 0.001, ["0,1%", "0,001%"]),
        (InputKind.PERCENT, 0.98765, ["98,7650", "0,98765%"]),
        (InputKind.DECIMAL, "12345 nghìn", ["12,3450"]),
        (InputKind.INTEGER, "12345 nghìn", []),
    ],
)
def test_a_number_is_named_so_that_it_has_one_reading(
    kind: InputKind, value: Value, says: list[str]
) -> None:
    fault = followed(kind, Range(), value, "triệu đồng")
    assert fault is not None
    assert advised(fault.action) == says


def test_a_row_of_one_or_none_says_so() -> None:
    fault = followed(InputKind.INTEGER, Range(0, 1), "Có", "cơ quan")
    assert fault is not None
    assert fault.expected == "số 1 hoặc số 0"
    assert advised(fault.action) == ["1", "0"]


def test_the_example_of_a_day_is_one() -> None:
    fault = answers.day("hôm qua")
    assert isinstance(fault, Fault)
    assert [answers.day(said) for said in advised("", fault.expected)] == [Answer("2016-09-14")]


# Through whole files.

RETURNED = [e.file for e in TABLE if e.verdict == "returned" and e.file not in ENDLESS]
UNIT = re.compile("đơn vị tính là ([^,]+),")
RESULT = re.compile("kết quả đúng của công thức trong ô: (.+)")
TOTAL = re.compile("cộng các phần được ([0-9.,]+)")
FIGURE = re.compile(r"(?:bằng|không nhỏ hơn) “[^”]+” \(([0-9.,]+)\)")
DELETE = re.compile("xóa (?:tỷ lệ|số 0)")


def offered(finding: Finding) -> Iterator[str | None]:
    """Yield each content that a finding offers for its cell; None is an empty one."""
    yield from UNIT.findall(finding.action)
    yield from (
        said.strip("“”").replace(".", "")
        for pattern, words in (
            (RESULT, finding.expected),
            (TOTAL, finding.value),
            (FIGURE, finding.expected),
        )
        for said in pattern.findall(words)
    )
    if DELETE.search(finding.action):
        yield None
    yield from advised(finding.action, finding.expected)


def with_value(book: Book, sheet: str, cell: str, value: Value | None) -> Book:
    """Return a book with one cell written anew, as a text."""
    match = re.fullmatch("([A-Z]+)([0-9]+)", cell)
    assert match
    at = int(match[2]), column_number(match[1])
    grids = []
    for grid in book.grids:
        if grid.name == sheet:
            cells = {place: held for place, held in grid.cells.items() if place != at}
            odd = {place: held for place, held in grid.odd.items() if place != at}
            if value is not None:
                cells[at] = value
            grids.append(replace(grid, cells=cells, odd=odd, computed=grid.computed - {at}))
        else:
            grids.append(grid)
    return replace(book, grids=tuple(grids))


@cache
def book_of(name: str) -> Book:
    return reading.read(data_of(name))


def judged_of(name: str, book: Book) -> Judged:
    config = config_of(name)
    return judge_book(config, list(config.regimes), book)


@pytest.mark.parametrize("name", RETURNED)
def test_what_a_finding_offers_mends_it(name: str) -> None:
    book = book_of(name)
    for finding in judged_of(name, book).findings:
        if not finding.cell:
            continue
        for said in offered(finding):
            mended = judged_of(name, with_value(book, finding.sheet, finding.cell, said))
            again = [(f.code, f.sheet, f.cell) for f in mended.findings if f.is_blocking]
            assert (finding.code, finding.sheet, finding.cell) not in again, (finding, said)


def test_most_kinds_of_findings_at_cells_offer_something() -> None:
    kinds = {f.code for name in RETURNED for f in judged_of(name, book_of(name)).findings}
    offering = {
        f.code
        for name in RETURNED
        for f in judged_of(name, book_of(name)).findings
        if list(offered(f))
    }
    assert {
        "ambiguous-number", "not-a-number", "wrong-unit", "other-unit",
        "stale-formula", "sum-mismatch", "ratio-mismatch", "required-blank", "empty-link",
    } <= offering <= kinds  # fmt: skip
