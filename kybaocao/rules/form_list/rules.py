"""The sums and limits that an indicator list states, and their faults."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kybaocao.rules.codes import Code
from kybaocao.rules.form.form_rules import Rules, SumRule, WithinRule
from kybaocao.rules.form_list import words
from kybaocao.rules.form_list.fields import Field
from kybaocao.rules.form_list.noted import Faults, Spot
from kybaocao.rules.form_list.references import ListRow, References


@dataclass(frozen=True)
class Found:
    """The rules, and the cell that each sum and each limit comes from."""

    rules: Rules
    sums: Sequence[Spot]
    within: Sequence[Spot]


def rules(rows: Sequence[ListRow], references: References, faults: Faults) -> Found:
    """Return the rules that the rows state; what cannot hold is noted and left out."""
    sums: list[tuple[SumRule, Spot]] = []
    within: list[tuple[WithinRule, Spot]] = []
    for row in rows:
        at = row.line.spot(Field.SUMS)
        for codes in words.sums(row.line.mark(Field.SUMS)):
            parts = references.found(codes, Field.SUMS, row, faults)
            if len(codes) < 2:
                faults.add(
                    Code.SINGLE_PART,
                    at,
                    "tổng của ít nhất hai chỉ tiêu",
                    "Ghi mã của các chỉ tiêu thành phần, cách nhau bằng dấu phẩy hoặc dấu cộng.",
                )
            elif len(set(map(id, parts))) < len(parts):
                faults.add(Code.DOUBLE_PART, at, "mỗi chỉ tiêu chỉ cộng một lần", "Xóa mã lặp lại.")
            elif row in parts:
                _itself(row, Field.SUMS, faults)
            elif len(parts) == len(codes):
                names = tuple(part.code for part in parts)
                sums.append((SumRule(total=row.code, parts=names), at))
        at = row.line.spot(Field.WITHIN)
        codes = words.codes(row.line.mark(Field.WITHIN))
        for whole in references.found(codes, Field.WITHIN, row, faults):
            if whole is row:
                _itself(row, Field.WITHIN, faults)
            else:
                within.append((WithinRule(part=row.code, whole=whole.code), at))
    by_code = {row.code: row for row in rows}
    _circles(((r.total, r.parts) for r, _ in sums), by_code, Field.SUMS, faults)
    _circles(((r.part, (r.whole,)) for r, _ in within), by_code, Field.WITHIN, faults)
    made = Rules(sums=tuple(r for r, _ in sums), within=tuple(r for r, _ in within))
    return Found(made, [at for _, at in sums], [at for _, at in within])


def _itself(row: ListRow, of: Field, faults: Faults) -> None:
    faults.add(
        Code.REFERS_TO_ITSELF,
        row.line.spot(of),
        "mã của chỉ tiêu khác",
        "Xóa mã của chính chỉ tiêu này.",
    )


def _circles(
    links: Iterable[tuple[str, Sequence[str]]],
    rows: Mapping[str, ListRow],
    of: Field,
    faults: Faults,
) -> None:
    """Note every chain of references that comes back to where it began, once."""
    after: dict[str, list[str]] = {}
    for code, others in links:
        after.setdefault(code, []).extend(others)
    told: set[str] = set()
    for start in after:
        if start in told or (way := _way_back(start, after)) is None:
            continue
        told.update(way)
        faults.add(
            Code.CIRCLE,
            rows[start].line.spot(of),
            f"không quay vòng: {' → '.join([*way, start])}",
            f"Sửa một mã ở cột “{of}” của các chỉ tiêu này.",
        )


def _way_back(start: str, after: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Return the codes from `start` on that lead back to it, or None."""
    came_from: dict[str, str] = {}
    waiting = [start]
    while waiting:
        code = waiting.pop()
        for other in after.get(code, ()):
            if other == start:
                way = [code]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if other not in came_from:
                came_from[other] = code
                waiting.append(other)
    return None
