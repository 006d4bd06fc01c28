"""A nil return: a report that says that nothing happened, which is not a blank one."""

from collections.abc import Iterable

from kybaocao.rules.form import Figure, Form


def is_nil(form: Form, figures: Iterable[Figure]) -> bool:
    """Return if a report's figures say that nothing happened in the period.

    Every figure of the period that the sender filled in is 0 or not applicable, and at least
    one is 0. Cumulative figures, plans, and what the form computes do not count; a report in
    which nothing applies is no nil return, nor is a form without figures.
    """
    rule = form.rules.cumulative
    counted = {rule.period} if rule else {c.id for c in form.columns if c.required and not c.text}
    asked = {row.code for _, row in form.indicators() if row.compute is None}
    values = [f.value for f in figures if f.column in counted and f.row in asked]
    return any(v is not None for v in values) and not any(values)
