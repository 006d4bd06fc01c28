"""What to know of a report beside its figures: nothing happened, or they are another's too."""

from collections.abc import Container, Iterable, Mapping, Sequence

from kybaocao.rules.calendar.official_days import official_day
from kybaocao.rules.cells.phrases import joined
from kybaocao.rules.cells.text import shortened
from kybaocao.rules.check.relations import Place
from kybaocao.rules.form.form import Figure, Form
from kybaocao.rules.form.nil_return import is_nil
from kybaocao.rules.regime.agency import Succession

NIL = "Không phát sinh"
# Fewer figures than this, zeros apart, can be alike by chance.
_ENOUGH = 10
_LONGEST = 200


def remarks(
    form: Form, names: Mapping[str, str], reports: Mapping[str, Sequence[Figure]]
) -> dict[str, str]:
    """Return a remark for each report that calls for one, by agency code.

    It says that nothing happened, or which agencies gave the very same figures, as where one
    copied from another. `names` are the agencies', `reports` the figures of each.
    """
    found = {code: NIL for code, figures in reports.items() if is_nil(form, figures)}
    alike: dict[frozenset[tuple[Place, float]], list[str]] = {}
    for code, figures in reports.items():
        numbers = _typed(form, figures)
        if sum(bool(value) for _, value in numbers) >= _ENOUGH:
            alike.setdefault(numbers, []).append(code)
    for codes in alike.values():
        for code in codes if len(codes) > 1 else ():
            others = joined([names[other] for other in codes if other != code])
            found[code] = shortened(f"Mọi số liệu giống hệt {others}; cần xác minh", _LONGEST)
    return found


def _typed(form: Form, figures: Iterable[Figure]) -> frozenset[tuple[Place, float]]:
    """Return the numbers that the sender gave, and not what the form computes of them."""
    asked = {row.code for _, row in form.indicators() if row.compute is None}
    return frozenset(
        ((f.row, f.column), f.value)
        for f in figures
        if f.row in asked and f.column and isinstance(f.value, int | float)
    )


def twice_reported(
    moves: Iterable[Succession], names: Mapping[str, str], reports: Container[str]
) -> dict[str, str]:
    """Return by agency code what to know where it and whom its work went to have both reported."""
    found: dict[str, str] = {}
    for move in moves:
        pair = (move.predecessor, move.successor)
        if all(code in names and code in reports for code in pair):
            first, second = (f"{names[code]} ({code})" for code in pair)
            said = (
                f"{first} đã chuyển sang {second} từ ngày {official_day(move.day)}, và cả hai đều "
                "có báo cáo được tính; cần xác minh số liệu không tính hai lần"
            )
            for code in pair:
                found[code] = f"{found[code]}; {said}" if code in found else said
    return found
