"""What operators make of numbers, texts and truths; what is not sure is not known."""

from kybaocao.adapters.workbooks.reading.evaluation.grammar import UnknownFormula

# Fractions as text have the point of the sender's language; so many digits of others are sure.
_SURE = 10**15

Result = float | str | bool
Part = Result | None
"""What a cell or an expression is; None is an empty cell."""


class Failure(UnknownFormula):
    """A formula gives an error, surely: it divides by nothing, or finds nothing."""


def number_of(part: Part) -> float:
    if isinstance(part, str | bool):
        raise UnknownFormula
    return part or 0.0


def _said(part: Part) -> str:
    """Return a part as text, where every language writes it alike."""
    if isinstance(part, bool):
        raise UnknownFormula
    if isinstance(part, float):
        if not part.is_integer() or abs(part) >= _SURE:
            raise UnknownFormula
        return str(int(part))
    return part or ""


def joined(sign: str, left: Part, right: Part) -> Result:
    match sign:
        case "+":
            return number_of(left) + number_of(right)
        case "-":
            return number_of(left) - number_of(right)
        case "*":
            return number_of(left) * number_of(right)
        case "/":
            if not number_of(right):
                raise Failure
            return number_of(left) / number_of(right)
        case "^":
            if not number_of(left) and number_of(right) <= 0:
                raise Failure
            power = number_of(left) ** number_of(right)
            if not isinstance(power, float):
                raise Failure
            return power
        case "&":
            return _said(left) + _said(right)
        case _:
            return compared(sign, left, right)


def compared(sign: str, left: Part, right: Part) -> bool:
    if left is None or right is None:
        other = right if left is None else left
        blank: Part = "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0
        left, right = (blank if left is None else left), (blank if right is None else right)
    kinds = [0 if isinstance(p, float) else 1 if isinstance(p, str) else 2 for p in (left, right)]
    if sorted(kinds) == [0, 2]:
        raise UnknownFormula  # to Excel no number is a truth, to LibreOffice 1 is
    if kinds[0] != kinds[1]:
        order = kinds[0] - kinds[1]
    elif isinstance(left, str) and isinstance(right, str):
        if left.casefold() == right.casefold():
            order = 0
        elif sign in ("=", "<>"):
            order = 1
        else:
            raise UnknownFormula
    else:
        order = _order(number_of(left), number_of(right))
    return {
        "=": order == 0, "<>": order != 0, "<": order < 0,
        ">": order > 0, "<=": order <= 0, ">=": order >= 0,
    }[sign]  # fmt: skip


def _order(left: float, right: float) -> int:
    """Return which is greater; what differs by a float's last bits alone is not known."""
    if left == right:
        return 0
    if abs(left - right) <= 1e-11 * max(abs(left), abs(right)):
        raise UnknownFormula
    return 1 if left > right else -1
