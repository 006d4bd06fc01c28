"""The rows of a list on their way to indicators, and how they name each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kybaocao.rules.cells import text
from kybaocao.rules.codes import Code
from kybaocao.rules.form.form import Compute, Indicator
from kybaocao.rules.form_list.fields import Field
from kybaocao.rules.form_list.noted import Faults, Spot
from kybaocao.rules.form_list.table import ListLine


@dataclass(eq=False)
class ListRow:
    """One indicator on its way: its line, its number in its group, and what was understood.

    `part` and `whole` are rows of the list; `indicator` is complete once all rows are read.
    """

    line: ListLine
    number: str
    code: str = ""
    part: list["ListRow"] = field(default_factory=list)
    whole: list["ListRow"] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_ratio(self) -> bool:
        return bool(self.part and self.whole)

    @property
    def indicator(self) -> Indicator:
        compute = None
        if self.is_ratio:
            compute = Compute(
                part=tuple(row.code for row in self.part),
                whole=tuple(row.code for row in self.whole),
            )
        return Indicator(code=self.code, columns=self.columns, compute=compute, **self.values)


@dataclass(eq=False)
class Section:
    """A group that becomes a sheet."""

    symbol: str
    name: str
    spot: Spot
    lines: Sequence[ListLine]
    rows: list[ListRow] = field(default_factory=list)


class References:
    """Finds rows by their code, by their number in the same group, or by group and number."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._everywhere: dict[str, ListRow | None] = {}
        self._inside: dict[tuple[str, str], ListRow | None] = {}
        self._symbols: dict[int, str] = {}
        rows = [(section.symbol, row) for section in sections for row in section.rows]
        for symbol, row in rows:
            self._symbols[id(row)] = symbol
            self._everywhere.setdefault(text.fold(row.line.mark(Field.CODE) or row.code), row)
        for symbol, row in rows:
            self._everywhere.setdefault(text.fold(f"{symbol}.{row.number}"), row)
            self._everywhere.setdefault(text.fold(f"{symbol}-{row.number}"), row)
            key = (symbol, row.number)
            # A number that stands twice in a group names nothing.
            self._inside[key] = None if key in self._inside else row

    def find(self, code: str, beside: ListRow) -> ListRow | None:
        """Return the row that `code` names in the line of `beside`, or None."""
        found = self._everywhere.get(text.fold(code))
        return found or self._inside.get((self._symbols[id(beside)], code.strip("().:- ")))

    def found(
        self, codes: Sequence[str], of: Field, beside: ListRow, faults: Faults
    ) -> list[ListRow]:
        """Return the rows that a cell names; what names none is noted."""
        rows: list[ListRow] = []
        for code in codes:
            row = self.find(code, beside)
            if row is not None:
                rows.append(row)
                continue
            faults.add(
                Code.UNKNOWN_CODE,
                beside.line.spot(of),
                f"“{code}” là mã, hoặc số thứ tự trong cùng nhóm, của một chỉ tiêu trong danh mục",
                f"Sửa mã ở cột “{of}”, hoặc thêm chỉ tiêu đó vào danh mục.",
            )
        return rows
