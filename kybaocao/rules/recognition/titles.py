"""What the lines above a sheet's table say: whose report it is, and of which period."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells import text
from kybaocao.rules.cells.cell_words import key
from kybaocao.rules.cells.grid import Book
from kybaocao.rules.form.headers import CODE_HEADER, NUMBER_HEADER
from kybaocao.rules.recognition.reading import is_ours
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.names import province_line
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.same import Same

_LAST_ROW = 25
_LONGEST = 300
_MARKS = re.compile(f"[{text.TONES}\u0302\u0306\u031b]")
_HEADERS = {key(CODE_HEADER), key(NUMBER_HEADER)}

# Lines that name agencies and days without saying whose report it is, or of when.
_ASIDE = re.compile(r"(can cu|han nop|don vi nhan|noi nhan|kinh gui|[0-9]+[.)] )")
_LABEL = re.compile(r"(ten )?(don vi|co quan)( bao cao| gui| lap bieu| lap bao cao)?\s*:\s*")
_SHORT_WORDS = {
    text.fold(long): text.fold(short)
    for long, short in (
        ("ủy ban nhân dân", "ubnd"),
        ("văn phòng", "vp"),
        ("thành phố", "tp"),
        ("thị xã", "tx"),
        ("thị trấn", "tt"),
    )
}


@dataclass(frozen=True)
class TitleLine:
    """A text above a table; `bare` is without case, marks and spaces that do not count."""

    sheet: str
    row: int
    column: int
    text: str
    bare: str


def title_lines(book: Book) -> list[TitleLine]:
    """Return the texts above the table of every sheet, but for those that are asides."""
    return [line for line in lines_above(book) if not _ASIDE.match(line.bare)]


def lines_above(book: Book) -> list[TitleLine]:
    """Return every text above the table of every sheet, in order."""
    found: list[TitleLine] = []
    for grid in book.grids:
        if is_ours(grid):
            continue
        top = sorted(
            ((at, v) for at, v in grid.cells.items() if at[0] <= _LAST_ROW and isinstance(v, str)),
            key=lambda item: item[0],
        )
        header = next((row for (row, _), value in top if key(value) in _HEADERS), _LAST_ROW)
        for (row, column), value in top:
            if row < header and len(value) <= _LONGEST:
                found.append(TitleLine(grid.name, row, column, value, bare(value)))
    return found


@lru_cache(maxsize=4096)  # every file of a form repeats nearly the same lines
def bare(said: str) -> str:
    """Return a text without case and without any mark on its letters: `quy iii nam 2016`."""
    return _MARKS.sub("", text.fold(said)).replace("đ", "d")


# Whose.


@lru_cache(maxsize=8192)
def agency_key(name: str) -> str:
    """Return the comparing key of an agency's name, however it is shortened or labelled."""
    folded = text.fold(name)
    if label := _LABEL.match(bare(name)):
        folded = text.fold(text.plain(name)[label.end() :])
    for long, short in _SHORT_WORDS.items():
        folded = folded.replace(long, short)
    return " ".join(re.sub(r"[.,;:()]", " ", folded).split())


def _names_in_titles(regime: Regime, agency: Agency) -> Iterator[str]:
    province = (
        regime.province if "tỉnh" in regime.province.casefold() else f"tỉnh {regime.province}"
    )
    for name in (agency.name, agency.short):
        yield name
        yield f"{name} {province}"


def agencies_by_key(regime: Regime) -> Mapping[str, Collection[str]]:
    """Return the codes of the agencies that bear a name, full or short, by its key."""
    return _by_key(Same(regime))


@lru_cache(maxsize=16)
def _by_key(of: Same[Regime]) -> Mapping[str, Collection[str]]:
    found: dict[str, set[str]] = {}
    for agency in of.value.agencies.values():
        for name in _names_in_titles(of.value, agency):
            found.setdefault(agency_key(name), set()).add(agency.code)
    return found


def agencies_named(
    regime: Regime, lines: Collection[TitleLine]
) -> dict[str, tuple[TitleLine, frozenset[str]]]:
    """Return the agencies that lines consist of, by key: the first such line, and their codes.

    The province, and an agency that stands above another or could, is in the head line and not
    the sender; of agencies that share a name those count whose superior is named too.
    """
    known = agencies_by_key(regime)
    head = agency_key(province_line(regime))
    found: dict[str, tuple[TitleLine, frozenset[str]]] = {}
    for line in lines:
        name = agency_key(line.text)
        if name in known and name != head and name not in found:
            found[name] = line, frozenset(known[name])
    every = {code for _, codes in found.values() for code in codes}
    heads = {up for code in every for up in superiors(regime, code)} & every
    said = {agency_key(line.text) for line in lines}
    heads |= {code for code in every if _may_be_head(regime, code, said)}
    for name, (line, codes) in list(found.items()):
        left = codes - heads
        below = frozenset(c for c in left if regime.agencies[c].parent in every)
        if len(left) > 1 and below:
            left = below
        if left:
            found[name] = line, frozenset(left)
        else:
            del found[name]
    return found


def _may_be_head(regime: Regime, code: str, said: Collection[str]) -> bool:
    """Return if an agency may be named as the superior of one whose own name is gone."""
    if all(agency.parent != code for agency in regime.agencies.values()):
        return False
    above = regime.agencies.get(regime.agencies[code].parent or "")
    names = [province_line(regime), *((above.name, above.short) if above else ())]
    return not any(agency_key(name) in said for name in names)


def superiors(regime: Regime, code: str) -> list[str]:
    """Return the codes of an agency's superiors, the nearest first."""
    found: list[str] = []
    agency = regime.agencies.get(code)
    while agency is not None and agency.parent and agency.parent not in found:
        found.append(agency.parent)
        agency = regime.agencies.get(agency.parent)
    return found


# Of when.

_INDEXES = {
    **{"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4},
    **{"mot": 1, "nhat": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4},
}
_QUARTER = re.compile(rf"\b(?:quy|q)[ .]*0?({'|'.join(sorted(_INDEXES, key=len, reverse=True))})\b")
_MONTHS = re.compile(r"\b(?:0?(3|6|9)|(ba|sau|chin))[ ]*thang\b(?: (dau|cuoi)\b)?")
_MONTH = re.compile(r"\b(?:thang[ ]*|t[. ]?(?=[0-9]+[ /.-]+(?:19|20)))0?([1-9]|1[0-2])(?![0-9])")
_MONTH_WORDS = {"ba": "3", "sau": "6", "chin": "9"}
_REQUESTED = re.compile(r"\blan (?:thu )?([1-9][0-9]{0,2})(?=[ /,.-]+(?:nam )?[0-9]{4}\b)")
_YEAR = re.compile(r"(?<![0-9/.])((?:19|20)[0-9]{2})(?![0-9])|[/.-]((?:19|20)[0-9]{2})(?![0-9])")
_WHOLE_YEAR = re.compile(r"\bnam ((?:19|20)[0-9]{2})$")
_WINDOW = re.compile(r"\(?(?:[a-z ]*)\btu ngay\b.*|[,(]? *ngay [0-9].*")
_FAR = 40


def periods_in(line: TitleLine) -> frozenset[Period]:
    """Return the periods that a line names, however they are typed: `Quý 3/2016`.

    `Năm 2016` counts where nothing shorter is named, and no span of years.
    """
    return _periods(line.bare)


@lru_cache(maxsize=4096)
def _periods(said: str) -> frozenset[Period]:
    said = _WINDOW.sub("", said).strip(" .;:-")
    found: set[Period] = set()
    vague: set[Period] = set()
    for match in _QUARTER.finditer(said):
        found |= _of_year(said, match.end(), Frequency.QUARTER, _INDEXES[match[1]])
    for match in _MONTHS.finditer(said):
        months, part = match[1] or _MONTH_WORDS[match[2]], match[3]
        if months == "3":
            found |= _of_year(said, match.end(), Frequency.QUARTER, 1) if part == "dau" else set()
        elif months == "6":
            into = found if part else vague
            into |= _of_year(said, match.end(), Frequency.HALF_YEAR, 2 if part == "cuoi" else 1)
        else:
            found |= _of_year(said, match.end(), Frequency.NINE_MONTHS, 1)
    for match in _MONTH.finditer(said):
        found |= _of_year(said, match.end(), Frequency.MONTH, int(match[1]))
    for match in _REQUESTED.finditer(said):
        found |= _of_year(said, match.end(), Frequency.REQUEST, int(match[1]))
    whole = _WHOLE_YEAR.search(said)
    if whole and not found | vague and "giai doan" not in said:
        found.add(Period(int(whole[1]), Frequency.YEAR, 1))
    return frozenset(found or vague)


def _of_year(said: str, end: int, frequency: Frequency, index: int) -> set[Period]:
    """Return the period in the first year that is named shortly after."""
    year = _YEAR.search(said, end, end + _FAR)
    return {Period(int(year[1] or year[2]), frequency, index)} if year else set()


def names_period(said: frozenset[Period], period: Period) -> bool:
    """Return if one of the periods said is `period`; a report owed once is named by its year."""
    if period.frequency is Frequency.ONCE:
        return any(p.frequency is Frequency.YEAR and p.year == period.year for p in said)
    return period in said
