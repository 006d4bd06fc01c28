"""Formulas held against their results: common ones only, whose every part is known."""

from collections.abc import Sequence

from kybaocao.adapters.workbooks.reading.draft import At, Draft
from kybaocao.adapters.workbooks.reading.evaluation.grammar import UnknownFormula
from kybaocao.adapters.workbooks.reading.evaluation.operators import Part, Result
from kybaocao.adapters.workbooks.reading.evaluation.results import BookResults, waits
from kybaocao.adapters.workbooks.reading.looks import percentage
from kybaocao.rules.cells import numbers, text
from kybaocao.rules.cells.grid import Oddity, Oddness


def hold(drafts: Sequence[Draft], is_recalculated: bool = True) -> None:
    """Mark each cell whose result is not what its formula gives (`Oddness.STALE_FORMULA`).

    Known are numbers, texts, cells and areas of the book, the operators, and the functions of
    `functions`; a formula with anything else is passed over, as is one whose parts are not what it
    wants. Where the file says that its results are not up to date, these are marked too
    (`Oddness.NOT_RECALCULATED`), since nobody knows.
    """
    if not any(draft.formulas or draft.computed for draft in drafts):
        return
    results = BookResults(drafts)
    for draft in drafts:
        for at in draft.formulas:
            right = results.solved(draft, at, 0)
            if right is None or at in draft.errors or waits(draft, at):
                continue
            try:
                is_kept = _is_same(results.kept(draft, at), right)
            except UnknownFormula:
                continue
            if not is_kept:
                draft.odd[at] = Oddity(Oddness.STALE_FORMULA, _shown(draft, at, right))
        for at in () if is_recalculated else draft.computed:
            is_known = at in draft.formulas and results.solved(draft, at, 0) is not None
            if at in draft.cells and not is_known and at not in draft.errors:
                draft.odd.setdefault(at, Oddity(Oddness.NOT_RECALCULATED, ""))


def _is_same(kept: Part, right: Result) -> bool:
    if isinstance(kept, float) and isinstance(right, float):
        return abs(kept - right) <= 1e-9 + 1e-11 * max(abs(kept), abs(right))
    if isinstance(right, str):
        return not isinstance(kept, float | bool) and text.clean(kept or "") == text.clean(right)
    return isinstance(kept, float | bool) and float(kept) == float(right)


def _shown(draft: Draft, at: At, right: Result) -> str:
    if isinstance(right, str):
        return f"“{text.clean(right)}”"
    if isinstance(right, bool):
        return "TRUE" if right else "FALSE"
    is_share = at in draft.raw and draft.cells.get(at) == percentage(draft.raw[at])
    return percentage(right) if is_share else numbers.shown(right)
