"""How often reports recur: one row for each frequency says all that differs between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
HALVES = {1: "đầu", 2: "cuối"}


@dataclass(frozen=True)
class Rhythm:
    """One frequency. Texts in braces: `n` is the period's number in its year, `roman` and
    `month` the same as officials write it.

    `id` follows the year in a period's id, `name` stands before the year in its label. `each`
    says how often in words, `some` one of the periods where a duty keeps only some of them
    `every_year`. `counted_in` names a period's last month, then the months after it, where a
    deadline says no month; `calendar` and `mid_month` are the windows in words; `per` follows
    what is wanted of each period.
    """

    id: str
    months: int
    per_year: int
    name: str
    each: str
    some: str = ""
    every_year: str = " hằng năm"
    counted_in: tuple[str, ...] = ()
    calendar: str = "trọn kỳ báo cáo"
    mid_month: str = "từ ngày 15 của tháng trước kỳ đến ngày 14 của tháng cuối kỳ"
    per: str = ""
    recurs: bool = True


class Frequency(StrEnum):
    """How often a duty recurs; each value is the word used in config."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    NINE_MONTHS = "nine-months"
    YEAR = "year"
    ONCE = "once"
    REQUEST = "request"

    @property
    def rhythm(self) -> Rhythm:
        """All that is particular to this frequency."""
        return RHYTHMS[self]

    @property
    def recurs(self) -> bool:
        """Whether the calendar alone brings the report back."""
        return self.rhythm.recurs

    @property
    def months(self) -> int:
        """Months in one period; a report that does not recur belongs to its year."""
        return self.rhythm.months

    @property
    def per_year(self) -> int:
        """The most periods in one year."""
        return self.rhythm.per_year

    @property
    def is_within_a_year(self) -> bool:
        """Whether its figures add up to those of the year so far."""
        return self.recurs and self.months < 12

    def name_of(self, index: int) -> str:
        """Return what stands before the year in a period's label: `Quý III`, `Tháng 3`."""
        return _said(self.rhythm.name, index)

    def some_of(self, index: int) -> str:
        """Return one of the year's periods in a sentence: `quý III`, `6 tháng đầu năm`."""
        return _said(self.rhythm.some, index)

    def id_of(self, index: int) -> str:
        """Return what follows the year in a period's id: `-Q3`, `-M03`."""
        return _said(self.rhythm.id, index)


def _said(text: str, index: int) -> str:
    month = f"{index:0{2 if index <= 2 else 1}d}"  # Nghị định 30/2020/NĐ-CP: tháng 01, tháng 3
    return text.format(n=index, month=month, roman=ROMAN.get(index), half=HALVES.get(index))


RHYTHMS: Mapping[Frequency, Rhythm] = {
    Frequency.MONTH: Rhythm(
        id="-M{n:02d}",
        months=1,
        per_year=12,
        name="Tháng {month}",
        each="hằng tháng",
        some="tháng {month}",
        counted_in=("tháng báo cáo", "tháng sau"),
        calendar="từ ngày đầu đến ngày cuối của tháng báo cáo",
        mid_month="từ ngày 15 của tháng trước đến ngày 14 của tháng báo cáo",
        per="/tháng",
    ),
    Frequency.QUARTER: Rhythm(
        id="-Q{n}",
        months=3,
        per_year=4,
        name="Quý {roman}",
        each="hằng quý",
        some="quý {roman}",
        counted_in=("tháng cuối quý", "tháng đầu của quý sau"),
        calendar="từ ngày đầu đến ngày cuối của quý",
        mid_month="từ ngày 15 của tháng trước quý đến ngày 14 của tháng cuối quý",
        per="/quý",
    ),
    Frequency.HALF_YEAR: Rhythm(
        id="-H{n}",
        months=6,
        per_year=2,
        name="6 tháng {half}",
        each="6 tháng đầu năm và 6 tháng cuối năm (hằng năm)",
        some="6 tháng {half} năm",
        every_year=" (hằng năm)",
    ),
    Frequency.NINE_MONTHS: Rhythm(
        id="-9M", months=9, per_year=1, name="9 tháng", each="9 tháng đầu năm (hằng năm)"
    ),
    Frequency.YEAR: Rhythm(id="", months=12, per_year=1, name="", each="hằng năm", per="/năm"),
    Frequency.ONCE: Rhythm(
        id="-once", months=12, per_year=1, name="", each="một lần", recurs=False
    ),
    Frequency.REQUEST: Rhythm(
        id="-R{n}",
        months=12,
        per_year=999,
        name="Lần {n}",
        each="khi được yêu cầu (đột xuất)",
        recurs=False,
    ),
}
