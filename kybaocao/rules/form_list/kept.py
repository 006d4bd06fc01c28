"""Codes for rows of a list that state none: those that their names had before, or new ones."""

import re
from collections.abc import Mapping, Sequence

from kybaocao.rules.cells import text
from kybaocao.rules.form.form_rules import ROW_CODE
from kybaocao.rules.form.versions import Meaning
from kybaocao.rules.form_list.fields import Field
from kybaocao.rules.form_list.references import ListRow, Section


class KeptCodes:
    """Codes of earlier versions of a form, which rows without one keep by their names."""

    def __init__(self, before: Mapping[str, Meaning], sections: Sequence[Section]) -> None:
        self._before = before
        self._by_name: dict[str, list[str]] = {}
        for code, meaning in before.items():
            if re.fullmatch(ROW_CODE, code):
                self._by_name.setdefault(text.fold(meaning.name), []).append(code)
        rows = [row for section in sections for row in section.rows]
        named = {self._known(row) for row in rows}
        self._taken = {*before, *filter(None, named)}

    def _known(self, row: ListRow) -> str | None:
        """Return the only code that the row's name, or its old one, had before."""
        said = row.line.text(Field.WAS) or row.line.text(Field.NAME)
        codes = self._by_name.get(text.fold(said), [])
        return codes[0] if len(codes) == 1 else None

    def code(self, symbol: str, row: ListRow) -> str:
        """Return a row's code: that of its name, or a new one of its group and number."""
        if known := self._known(row):
            return known
        made, count = _made(symbol, row.number), 0
        while made in self._taken:
            count += 1
            made = f"{symbol}-{count:02d}"
        if self._before:
            self._taken.add(made)
        return made


def _made(symbol: str, number: str) -> str:
    head, *rest = number.split(".")
    return f"{symbol}-{'.'.join([head.zfill(2), *rest])}"
