"""What offices and documents are called: levels, documents, agencies, titles of reports."""

from collections.abc import Iterable
from dataclasses import dataclass

from kybaocao.rules.calendar.official_days import official_day
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import LegalDocument, Regime

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


MOTTO = "Độc lập - Tự do - Hạnh phúc"


DOCUMENT_KINDS = {
    "QĐ": "Quyết định",
    "KH": "Kế hoạch",
    "NĐ": "Nghị định",
    "NQ": "Nghị quyết",
    "CT": "Chỉ thị",
}


def report_title(name: str, period: str) -> str:
    """Return the report's name and period: `Báo cáo cải cách hành chính quý III năm 2016`.

    A name that ends as the period begins (`… quý`, `Quý III …`) says the words once.
    """
    names, periods = name.split(), period.split()
    for shared in range(min(len(names) - 1, len(periods)), 0, -1):
        if names[-shared:] == [word.casefold() for word in periods[:shared]]:
            return " ".join((*names, *periods[shared:]))
    return " – ".join(filter(None, (name, period)))


def province_line(regime: Regime) -> str:
    """Return the head line of the province's documents: `UBND TỈNH QUẢNG NAM`."""
    name = regime.province.strip().upper()
    return f"UBND {name}" if name.startswith(("TỈNH", "THÀNH PHỐ")) else f"UBND TỈNH {name}"


def document_words(document: LegalDocument) -> str:
    """Return `Quyết định số 1908/QĐ-UBND ngày 02/6/2016 của Ủy ban nhân dân tỉnh Quảng Nam`."""
    mark = document.number.rpartition("/")[2].partition("-")[0]
    kind = DOCUMENT_KINDS.get(mark, "Văn bản")
    day = f" ngày {official_day(document.date)}" if document.date else ""
    return f"{kind} số {document.number}{day} của {document.issuer}"


def agency_name(regime: Regime, code: str) -> str:
    """Return the full name of one of the regime's agencies, or its code if it has none."""
    agency: Agency | None = regime.agencies.get(code)
    return agency.name if agency else code


# Longer words first: a "thị xã" is no "xã".
_UNIT_KINDS = (
    "thành phố",
    "tỉnh",
    "thị xã",
    "thị trấn",
    "đặc khu",
    "huyện",
    "quận",
    "phường",
    "xã",
)


@dataclass(frozen=True)
class Unit:
    """The unit over which a consolidation adds up: its head line, its name, and all of it.

    `UBND HUYỆN ĐÔNG GIANG`, `huyện Đông Giang` (empty for the province), `Toàn huyện`.
    """

    line: str
    name: str
    whole: str


def unit_of(regime: Regime, duty: Duty, agencies: Iterable[Agency]) -> Unit:
    """Return the unit that these agencies, of one collector, make up together.

    It is the province, unless their report goes to the superior that all of them have.
    """
    parents = {agency.parent for agency in agencies}
    superior = regime.agencies.get(duty.recipient) if parents == {duty.recipient} else None
    if superior is None or regime.levels[superior.level].provincial:
        line = province_line(regime)
        return Unit(line, "", f"Toàn {_kind(line)}")
    name = superior.name.removeprefix("Ủy ban nhân dân").removeprefix("UBND").strip()
    return Unit(f"UBND {name}".upper(), name, f"Toàn {_kind(name)}")


def _kind(name: str) -> str:
    said = name.casefold().removeprefix("ubnd ")
    return next((kind for kind in _UNIT_KINDS if said.startswith(kind)), "đơn vị")
