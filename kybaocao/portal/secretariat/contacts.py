"""Where letters go: shown, edited, imported and exported."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from kybaocao.portal.desk import Keeper, Overseer, Posted, Signed, text_of
from kybaocao.portal.pages import XLSX, download
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.contact import ROLE_NAMES, Contact
from kybaocao.rules.regime.contact_list import Changes, faults_of, role_of, telephone_of
from kybaocao.rules.regime.names import agency_name
from kybaocao.rules.regime.regime import Regime
from kybaocao.steps.decide import contact_list

router = APIRouter()
# Whoever keeps the addresses must not make himself one of those who decide.
OWN_DESK = (
    "Địa chỉ của {} do cán bộ tổng hợp của chính cơ quan này sửa, vì người ở các địa chỉ đó được "
    "quyết định về báo cáo. Hãy bỏ cơ quan này ra khỏi danh sách và gửi yêu cầu đến họ."
)
# Empty rows of an agency's form, for people to add.
ROOM = 2
_COUNTS = r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$"


@router.get("/danh-ba")
def contacts(
    signed: Overseer, counts: Annotated[str, Query(alias="nhap", pattern=_COUNTS)] = ""
) -> HTMLResponse:
    return _list(signed, counts=counts)


@router.get("/danh-ba/tai.xlsx")
def as_workbook(signed: Overseer) -> Response:
    name, data = contact_list.exported(signed.office, _regime(signed), as_csv=False)
    return download(name, data, XLSX)


@router.get("/danh-ba/tai.csv")
def as_csv(signed: Overseer) -> Response:
    name, data = contact_list.exported(signed.office, _regime(signed), as_csv=True)
    return download(name, data, "text/csv; charset=utf-8")


@router.post("/danh-ba/nhap")
def bring_in(signed: Keeper, form: Posted) -> Response:
    """Put a list's contacts in the place of those of the agencies that it names."""
    given = form.get("tep")
    if not isinstance(given, UploadFile) or not given.filename:
        return _list(signed, 422, ["Chưa chọn tệp danh bạ."])
    regime = _regime(signed)
    found = contact_list.imported(signed.office, regime, given.file.read())
    became = found.told or _replace(signed, regime, found.agencies, found.contacts)
    if isinstance(became, list):
        return _list(signed, 422, became)
    counts = ".".join(str(len(of)) for of in (became.added, became.changed, became.gone))
    return signed.back(f"/danh-ba?nhap={counts}")


@router.get("/danh-ba/{code}")
def agency(signed: Keeper, code: str) -> HTMLResponse:
    regime = _regime(signed)
    mine = [c for c in contact_list.contacts_of(signed.office, regime) if c.agency == code]
    rows = [(c.role.value, c.address, c.name, c.telephone) for c in mine]
    return _form(signed, _agency(regime, code), rows)


@router.post("/danh-ba/{code}")
def change(signed: Keeper, code: str, form: Posted) -> Response:
    """Put an agency's contacts as typed in the place of those that it has."""
    regime = _regime(signed)
    declared = _agency(regime, code)
    count = sum(1 for key in form if key.startswith("address-"))
    typed = [
        (
            text_of(form, f"role-{n}", 32),
            text_of(form, f"address-{n}", 300),
            text_of(form, f"name-{n}", 255),
            telephone_of(text_of(form, f"telephone-{n}", 100)),
        )
        for n in range(count)
    ]
    typed = [row for row in typed if row[1]]
    given, faults = [], []
    for words, address, name, telephone in typed:
        role = role_of(words)
        faults += faults_of(address, role, words, telephone)
        if role is not None and not faults:
            contact = {"agency": code, "role": role, "address": address, "name": name}
            given.append(Contact.model_validate({**contact, "telephone": telephone}))
    had = any(c.agency == code for c in contact_list.contacts_of(signed.office, regime))
    if had and not typed and not text_of(form, "none"):
        return _form(signed, declared, [], asks=True)
    became = faults or _replace(signed, regime, [code], given)
    if isinstance(became, list):
        return _form(signed, declared, typed, became)
    return signed.back("/danh-ba", "da-luu-danh-ba")


def _replace(
    signed: Signed, regime: Regime, agencies: Collection[str], given: Sequence[Contact]
) -> list[str] | Changes:
    """Put contacts in place; return what changed, or what forbids it in Vietnamese sentences."""
    if regime.secretariat in agencies and not signed.visitor.decides:
        return [OWN_DESK.format(agency_name(regime, regime.secretariat))]
    actor = signed.visitor.address
    return contact_list.replace(signed.office, regime, agencies, given, actor, signed.now)


def _regime(signed: Signed) -> Regime:
    return signed.office.regime(signed.visitor.regime)


def _agency(regime: Regime, code: str) -> Agency:
    if code not in regime.agencies:
        raise HTTPException(404)
    return regime.agencies[code]


def _list(
    signed: Signed, status: int = 200, faults: list[str] | None = None, counts: str = ""
) -> HTMLResponse:
    regime, today = _regime(signed), signed.now.date()
    by_agency: dict[str, list[Contact]] = {}
    for contact in contact_list.contacts_of(signed.office, regime):
        by_agency.setdefault(contact.agency, []).append(contact)
    agencies = [
        (agency, by_agency.get(agency.code, []), _became(regime, agency, today))
        for agency in regime.agencies.values()
    ]
    return signed.page(
        "danh-ba.html",
        status,
        agencies=agencies,
        faults=faults or [],
        counts=counts.split(".") if counts else [],
        roles=ROLE_NAMES,
        levels=regime.levels,
        lacking=sum(1 for a, found, _ in agencies if not found and a.exists_on(today)),
    )


def _form(
    signed: Signed,
    agency: Agency,
    rows: list[tuple[str, str, str, str]],
    faults: list[str] | None = None,
    asks: bool = False,
) -> HTMLResponse:
    """Return an agency's form; with `asks`, it asks whether the agency shall have no address."""
    return signed.page(
        "danh-ba-don-vi.html",
        422 if faults or asks else 200,
        asks=asks,
        agency=agency,
        rows=[*rows, *[("officer", "", "", "")] * ROOM],
        faults=faults or [],
        roles=ROLE_NAMES,
    )


def _became(regime: Regime, agency: Agency, today: date) -> str:
    """Return when an agency began or ended, and what became of it, in Vietnamese."""
    words = []
    if agency.since is not None:
        words.append(f"từ {agency.since:%d/%m/%Y}")
    if agency.until is not None:
        words.append(f"đến hết {agency.until:%d/%m/%Y}")
        heirs = [s for s in regime.successions if s.predecessor == agency.code]
        names = dict.fromkeys(regime.agencies[s.successor].name for s in heirs)
        words += [f"chuyển sang: {'; '.join(names)}"] if names else []
    return "; ".join(words)
