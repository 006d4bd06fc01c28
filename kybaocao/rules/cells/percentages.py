"""Percentages that a file gives beside their parts, held against what the parts make."""

from dataclasses import dataclass
from decimal import Decimal

from kybaocao.rules.cells import numbers
from kybaocao.rules.cells.grid import Value
from kybaocao.rules.cells.numbers import AmbiguousNumber, NotANumber

# A spreadsheet keeps what shows as 98,33% as 0,9833.
_FRACTION_DIGITS = 2
_MOST_DIGITS = 12


@dataclass(frozen=True)
class Given:
    """A percentage as it stands in a cell, in percentage points, by each way to read it.

    `decimals` counts the digits after the point of each reading, but for zeros at the end.
    """

    readings: tuple[float, ...]
    decimals: tuple[int, ...]

    def agrees(self, exact: float, tolerance: float) -> bool:
        """Return if this is `exact`, rounded or cut off at the digits given, within tolerance."""
        return any(
            -max(tolerance, unit / 2) <= exact - reading <= max(tolerance, unit)
            for reading, unit in self._readings()
        )

    def _readings(self) -> list[tuple[float, float]]:
        # A little is added, since 98.95 - 98.94 is more than 0.01 for a float.
        slack = 1e-9
        pairs = zip(self.readings, self.decimals, strict=True)
        return [(reading, 10.0**-digits + slack) for reading, digits in pairs]


def given(value: Value) -> Given | None:
    """Return the percentage that a cell gives, or None if it gives no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        if not abs(value) <= numbers.LARGEST:
            return None
        digits = _digits(value)
        if 0 < value <= 1:
            points = float(f"{100 * value:.{_MOST_DIGITS}g}")
            return Given((value, points), (digits, max(0, digits - _FRACTION_DIGITS)))
        return Given((value,), (digits,))
    if not isinstance(value, str):
        return None
    try:
        number = numbers.parse(value).value
    except AmbiguousNumber as error:
        return Given(error.readings, tuple(map(_digits, error.readings)))
    except NotANumber:
        return None
    return Given((number,), (_digits(number),))


def _digits(value: float) -> int:
    exponent = Decimal(f"{value:.{_MOST_DIGITS}g}").normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
