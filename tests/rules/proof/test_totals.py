"""Consolidations of random reports are what exact decimals make of them, number by number."""

import os
import random

import pytest

from kybaocao.rules.form.form import Figure
from kybaocao.rules.proof.totals import prove_totals
from kybaocao.steps.cycle.prove import claimed, numbers_of
from tests.workbook_cases import AGENCIES, FORM, QUARTER, Values, consolidated, report_of

ROUNDS = int(os.environ.get("KYBAOCAO_TEST_CONSOLIDATIONS", "12"))
COLUMNS = FORM.columns_for(QUARTER)
Reports = dict[str, dict[tuple[str, str], float | str | None]]


def random_reports(chance: random.Random) -> Reports:
    """Return reports with figures of all sizes, blanks, and rows that do not apply."""
    found: Reports = {}
    for agency in AGENCIES:
        if chance.random() < 0.2:
            continue
        mine: dict[tuple[str, str], float | str | None] = {}
        for sheet, row in FORM.indicators():
            if row.compute is not None or not (sheet.applies.to(agency) and row.applies.to(agency)):
                continue
            for column in row.columns:
                size = 10.0 ** chance.randint(0, 11)
                number = round(chance.random() * size, chance.randint(0, 4))
                choice: list[float | None] = [number, float(int(number)), 0, None]
                if chance.random() < 0.9:
                    mine[row.code, column] = chance.choice(choice)
        found[agency.code] = mine
    return found


def proof(reports: Reports, spoil: float = 0) -> tuple[int, list[str]]:
    values: dict[str, Values] = dict(reports)
    made = consolidated(values)
    if spoil:
        first = made.summary.index[made.summary["value"].notna()][0]
        made.summary.loc[first, "value"] += spoil
    figures: dict[str, list[Figure]] = {
        code: list(report_of(code, mine).figures) for code, mine in values.items()
    }
    numbers = numbers_of(FORM, COLUMNS, figures)
    return prove_totals(FORM, COLUMNS, AGENCIES, numbers, claimed(made))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_tables_are_what_exact_decimals_make_of_the_answers(seed: int) -> None:
    count, differences = proof(random_reports(random.Random(seed)))  # noqa: S311
    assert differences == []
    assert count == sum(
        c.id in row.columns for _, row in FORM.indicators() for c in COLUMNS if not c.text
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_total_off_by_one_is_named(seed: int) -> None:
    _, differences = proof(random_reports(random.Random(seed)), spoil=1)  # noqa: S311
    assert len(differences) == 1
    assert "tổng: bảng ghi" in differences[0]
