"""The shipped form filled in many ways: not one number is read otherwise than it was written.

`KYBAOCAO_TEST_VARIANTS` says how many files; `make soak` makes thousands.
"""

import os
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from kybaocao.adapters.workbooks import reading
from kybaocao.rules.cells.numbers import shown, typed
from kybaocao.rules.form.form import Figure, Indicator, InputKind
from kybaocao.steps.intake.verdict import judge_book
from tests.corpus.package import packed, province, real, unpacked
from tests.workbook_cases import all_through_libreoffice

COUNT = int(os.environ.get("KYBAOCAO_TEST_VARIANTS", "30"))
CONVERTED = max(4, COUNT // 20)
CHANGED_CELLS = 60

AS_STORED = (
    "#,##0", "0", "0.00", "#,##0.00", "#,##0.0##", '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)',
    "#,##0;[Red]-#,##0", "@", "[>=0]#,##0;General", "#\\ ##0",
)  # fmt: skip
OTHERWISE = ("#,##0,", "#,##0.0,,", ";;;", '"-"', '0"0"', '"Không rõ"', "[<0]0;d/m/yyyy")
FORMATS = (*AS_STORED, *OTHERWISE)

Place = tuple[str, str]


@dataclass(frozen=True)
class Writing:
    """A cell's XML but for its address, and the number that it says; None is to be asked about."""

    style: str
    inside: str
    says: float | None


@dataclass(frozen=True)
class Base:
    """The filled form with styles for all formats, and its figures that are numbers."""

    parts: Mapping[str, bytes]
    first_style: int
    sheets: Mapping[str, str]
    figures: tuple[Figure, ...]
    rows: Mapping[str, Indicator]


@cache
def base() -> Base:
    data = province()
    parts = unpacked(data)
    styles = parts["xl/styles.xml"].decode()
    head, _, tail = styles.partition("<cellXfs")
    body, _, rest = tail.partition("</cellXfs>")
    first = len(re.findall(r"<xf[ />]", body))
    new = "".join(f'<xf numFmtId="{900 + n}" applyNumberFormat="1"/>' for n in range(len(FORMATS)))
    codes = "".join(
        f'<numFmt numFmtId="{900 + n}" formatCode="{escaped(code)}"/>'
        for n, code in enumerate(FORMATS)
    )
    body = re.sub(r'count="\d+"', "", body, count=1)
    styles = f"{head}<cellXfs{body}{new}</cellXfs>{rest}"
    if "<numFmts" in styles:
        styles = re.sub(r"<numFmts[^>]*>", f"<numFmts>{codes}".replace("\\", r"\\"), styles)
    else:
        styles = re.sub(
            r"(<styleSheet[^>]*>)", lambda m: f"{m[1]}<numFmts>{codes}</numFmts>", styles
        )
    parts["xl/styles.xml"] = styles.encode()
    judged = judge_book(real(), list(real().regimes), reading.read(data))
    assert judged.report is not None
    rows = {row.code: row for _, row in judged.report.form.indicators()}
    numbers = tuple(
        f
        for f in judged.figures
        if f.row in rows and rows[f.row].compute is None and isinstance(f.value, int | float)
    )
    names = {grid.name: n for n, grid in enumerate(reading.read(data).grids, 1)}
    sheets = {
        sheet: f"xl/worksheets/sheet{names[name]}.xml" for sheet, name in judged.sheets.items()
    }
    return Base(parts, first, sheets, numbers, rows)


def escaped(said: str) -> str:
    return said.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def writing(chance: random.Random, value: float, row: Indicator, kinds: tuple[str, ...]) -> Writing:
    """Return one way to write a value, right or one that has to be asked about."""
    plain = f"<v>{value!r}</v>"
    is_fraction = row.kind is InputKind.PERCENT and 0 < value <= 1
    kind = chance.choice(kinds)
    if kind == "number":
        style = chance.randrange(len(AS_STORED))
        return Writing(str(style), plain, None if is_fraction else value)
    if kind == "text":
        said = chance.choice(texts(value, row))
        inside = f'<is><t xml:space="preserve">{escaped(said)}</t></is>'
        is_asked = is_fraction and not said.endswith("%")
        return Writing('" t="inlineStr', inside, None if is_asked else value)
    if kind == "formula":
        return Writing("", f"<f>{value!r}+0</f>{plain}", None if is_fraction else value)
    if kind == "stale":
        return Writing("", f"<f>{value!r}+1</f>{plain}", None)
    if kind == "otherwise" and value:
        return Writing(str(len(AS_STORED) + chance.randrange(len(OTHERWISE))), plain, None)
    nothing = [('" t="e', "<v>#REF!</v>"), ('" t="b', "<v>1</v>")]
    style, inside = chance.choice(nothing)
    return Writing(style, inside, None)


def texts(value: float, row: Indicator) -> list[str]:
    """Return texts that say a value, each in one way only."""
    said = [typed(value), f"  {typed(value)} ", typed(value) + "\u200b", f"{typed(value)}\u00a0"]
    said.append("".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in typed(value)))
    if row.kind is InputKind.INTEGER:
        said += [shown(value), shown(value).replace(".", " ")]
        said.append(f"{typed(value)} {row.unit}")
    if row.kind is InputKind.PERCENT:
        said.append(f"{typed(value)}%")
    return said


CALCULATED = ("number", "number", "text", "formula", "otherwise", "none")
KINDS = (*CALCULATED, "stale")


def variant(seed: int, kinds: tuple[str, ...] = KINDS) -> tuple[bytes, dict[Place, float | None]]:
    """Return a filled form, and what each of its changed cells says; a seed gives one file."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    of = base()
    says: dict[Place, float | None] = {}
    by_sheet: dict[str, dict[str, Writing]] = {}
    for figure in chance.sample(of.figures, min(CHANGED_CELLS, len(of.figures))):
        assert isinstance(figure.value, int | float)
        made = writing(chance, figure.value, of.rows[figure.row], kinds)
        by_sheet.setdefault(of.sheets[figure.sheet], {})[figure.cell] = made
        says[figure.row, figure.column] = made.says
    parts = dict(of.parts)
    for name, cells in by_sheet.items():
        parts[name] = rewritten(parts[name].decode(), cells, of.first_style).encode()
    return packed(parts), says


def rewritten(sheet: str, cells: Mapping[str, Writing], first_style: int) -> str:
    left = set(cells)

    def put(match: re.Match[str]) -> str:
        made = cells.get(match[1])
        if made is None:
            return match[0]
        left.discard(match[1])
        if made.style.isdigit():
            return f'<c r="{match[1]}" s="{first_style + int(made.style)}">{made.inside}</c>'
        kind = made.style.removeprefix('" ')
        return f'<c r="{match[1]}"{f" {kind}{chr(34)}" if kind else ""}>{made.inside}</c>'

    found = re.sub(r'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)', put, sheet, flags=re.DOTALL)
    assert not left
    return found


def misread(data: bytes, says: Mapping[Place, float | None]) -> list[str]:
    """Return the cells of which another number is taken than was written, or any without asking."""
    judged = judge_book(real(), list(real().regimes), reading.read(data))
    taken = {(f.row, f.column): f.value for f in judged.figures}
    asked = {finding.cell for finding in judged.findings}
    found = []
    for figure in base().figures:
        place = (figure.row, figure.column)
        wanted = says.get(place, figure.value)
        have = taken.get(place)
        is_right = have == pytest.approx(wanted, rel=1e-12) if wanted is not None else have is None
        if not is_right or (wanted is None and figure.cell not in asked):
            found.append(f"{figure.cell} {place}: {have!r} for {wanted!r}")
    return found


def all_misread(made: Iterable[tuple[str, bytes, Mapping[Place, float | None]]]) -> list[str]:
    return [f"{name}: {said}" for name, data, says in made for said in misread(data, says)]


def test_not_one_number_of_a_variant_is_misread() -> None:
    made = ((str(seed), *variant(seed)) for seed in range(COUNT))
    assert all_misread(made) == []


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_nor_is_it_when_another_program_saved_it(kind: str, tmp_path: Path) -> None:
    made = {str(seed): variant(seed, CALCULATED) for seed in range(CONVERTED)}
    saved = all_through_libreoffice({n: data for n, (data, _) in made.items()}, tmp_path, kind)
    read_back = ((n, saved[n], says) for n, (_, says) in made.items())
    assert all_misread(read_back) == []
