"""The list of contacts as people keep it in Excel: rows out, and rows in with every fault."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from kybaocao.rules.cells.text import clean, fold
from kybaocao.rules.regime.address import address_fault
from kybaocao.rules.regime.contact import (
    LONGEST_TELEPHONE,
    ROLE_NAMES,
    TELEPHONE,
    Contact,
    Role,
)
from kybaocao.rules.regime.regime import Regime

HEADERS = ("Mã đơn vị", "Đơn vị", "Vai trò", "Địa chỉ thư điện tử", "Người nhận", "Điện thoại")
CODE, NAME, ROLE, MAIL, PERSON, PHONE = HEADERS
LONGEST_NAME = 255
# The headers of a regime's contacts.csv, which names agencies by their code alone.
_DECLARED = {"agency": CODE, "role": ROLE, "address": MAIL, "name": PERSON, "telephone": PHONE}
_KNOWN = {fold(header): header for header in HEADERS} | _DECLARED
_MOST_NAMED = 8
# Numbers with area code or of mobiles have ten or eleven digits and begin with 0.
_LOST_ZERO = re.compile(r"[2-9][0-9]{8,9}")

LineFault = tuple[int, str]
"""The line that is at fault, 0 if it is the list as a whole, and a Vietnamese sentence."""


@dataclass(frozen=True)
class ContactList:
    """What a list says: the contacts, the agencies that it names, and the faults by line.

    An agency that is named without an address has no contact any more. With a fault nothing
    of the list may be used.
    """

    contacts: tuple[Contact, ...] = ()
    agencies: frozenset[str] = frozenset()
    faults: tuple[LineFault, ...] = ()

    @property
    def told(self) -> list[str]:
        """The faults as sentences that say their line."""
        return [f"Dòng {line}: {words}" if line else words for line, words in self.faults]


@dataclass(frozen=True)
class Changes:
    """What became of the addresses of some agencies."""

    added: tuple[Contact, ...] = ()
    changed: tuple[Contact, ...] = ()
    gone: tuple[Contact, ...] = ()
    left_without: tuple[str, ...] = ()

    def words(self, regime: Regime) -> list[str]:
        """Return Vietnamese sentences: how many of each, and who has no address any more."""
        counts = f"{len(self.added)} thêm, {len(self.changed)} đổi, {len(self.gone)} bỏ"
        said = [f"Địa chỉ: {counts}."]
        if self.left_without:
            names = [regime.agencies[code].name for code in self.left_without[:_MOST_NAMED]]
            more = "…" if len(self.left_without) > _MOST_NAMED else ""
            said.append(
                f"{len(self.left_without)} đơn vị không còn địa chỉ nào nên không nhận được thư: "
                f"{'; '.join(names)}{more}."
            )
        return said


def changes(before: Iterable[Contact], after: Iterable[Contact]) -> Changes:
    """Return what changed between two lists of the same agencies' contacts."""
    old = {(c.agency, c.address.lower()): c for c in before}
    new = {(c.agency, c.address.lower()): c for c in after}
    left = {agency for agency, _ in old} - {agency for agency, _ in new}
    return Changes(
        tuple(c for at, c in new.items() if at not in old),
        tuple(c for at, c in new.items() if at in old and old[at] != c),
        tuple(c for at, c in old.items() if at not in new),
        tuple(sorted(left)),
    )


def rows_of(regime: Regime, contacts: Iterable[Contact]) -> list[tuple[str, ...]]:
    """Return the list's rows under HEADERS; an agency without a contact has one to fill in."""
    by_agency: dict[str, list[Contact]] = {code: [] for code in regime.agencies}
    for contact in contacts:
        by_agency.get(contact.agency, []).append(contact)
    rows: list[tuple[str, ...]] = []
    for code, agency in regime.agencies.items():
        named = (code, agency.name)
        rows += [
            (*named, ROLE_NAMES[c.role], c.address, c.name, c.telephone) for c in by_agency[code]
        ]
        if not by_agency[code]:
            rows.append((*named, ROLE_NAMES[Role.OFFICER], "", "", ""))
    return rows


def read(
    rows: Iterable[tuple[int, Sequence[str]]], regime: Regime, before: Iterable[Contact] = ()
) -> ContactList:
    """Return what numbered rows say, the first that names the columns being their header.

    A list without a column for telephones leaves those that its addresses have `before`.
    """
    phones = {(c.agency, c.address.lower()): c.telephone for c in before}
    numbered = [(n, [clean(cell) for cell in cells]) for n, cells in rows]
    columns: dict[str, int] = {}
    while numbered and not {CODE, MAIL} <= columns.keys():
        _, cells = numbered.pop(0)
        columns = {_KNOWN[f]: at for at, c in enumerate(cells) if (f := fold(c)) in _KNOWN}
    if not {CODE, MAIL} <= columns.keys():
        said = f"Không thấy dòng tiêu đề có các cột “{CODE}” và “{MAIL}”. Hãy dùng tệp tải về từ"
        return ContactList(faults=((0, f"{said} trang danh bạ làm mẫu."),))
    contacts: list[Contact] = []
    agencies: set[str] = set()
    faults: list[LineFault] = []
    for number, cells in numbered:
        given = {h: cells[at] if at < len(cells) else "" for h, at in columns.items()}
        if not any(given.values()):
            continue
        code = given[CODE].lower()
        if code not in regime.agencies:
            said = f"không có đơn vị mã “{given[CODE]}”" if code else "thiếu mã đơn vị"
            faults.append((number, f"{said}."))
            continue
        agencies.add(code)
        if not given[MAIL]:
            continue
        words = given.get(ROLE, "")
        role = role_of(words)
        phone = telephone_of(given.get(PHONE, ""))
        if PHONE not in columns:
            phone = phones.get((code, given[MAIL].lower()), "")
        wrong = faults_of(given[MAIL], role, words, phone)
        faults += [(number, said) for said in wrong]
        if role is not None and not wrong:
            name = given.get(PERSON, "")[:LONGEST_NAME]
            contacts.append(
                Contact(agency=code, role=role, address=given[MAIL], name=name, telephone=phone)
            )
    of_all = [*doubles(contacts), *unmanned(regime, contacts, agencies)]
    faults += [(0, said) for said in of_all]
    if not agencies and not faults:
        faults.append((0, "Danh sách không có dòng nào."))
    return ContactList(tuple(contacts), frozenset(agencies), tuple(faults))


def role_of(words: str) -> Role | None:
    """Return the role that its Vietnamese name or its code says; an officer's for no words."""
    if not words.strip():
        return Role.OFFICER
    known = {fold(name): role for role, name in ROLE_NAMES.items()}
    known |= {role.value: role for role in Role}
    return known.get(fold(words))


def faults_of(address: str, role: Role | None, words: str = "", telephone: str = "") -> list[str]:
    """Return what is wrong with one contact, each a sentence without a place."""
    faults = []
    if fault := address_fault(address):
        faults.append(f"địa chỉ thư “{address}” {fault}.")
    if role is None:
        faults.append(f"vai trò “{words}” không có; chọn: {', '.join(ROLE_NAMES.values())}.")
    if telephone and (len(telephone) > LONGEST_TELEPHONE or not re.fullmatch(TELEPHONE, telephone)):
        faults.append(f"điện thoại “{telephone}” không phải số điện thoại, ví dụ 0251 3812 345.")
    return faults


def telephone_of(given: str) -> str:
    """Return a number as typed, its first 0 put back where a spreadsheet made it a plain number."""
    return f"0{given}" if _LOST_ZERO.fullmatch(given) else given


def doubles(contacts: Sequence[Contact]) -> list[str]:
    """Return a sentence for each address that an agency has twice."""
    seen: set[tuple[str, str]] = set()
    faults = []
    for contact in contacts:
        key = (contact.agency, contact.address.lower())
        if key in seen:
            faults.append(f"Đơn vị {contact.agency}: địa chỉ {contact.address} có hai lần.")
        seen.add(key)
    return faults


def unmanned(regime: Regime, contacts: Iterable[Contact], agencies: Collection[str]) -> list[str]:
    """Return a sentence if the secretariat would be left without anybody who may act."""
    code = regime.secretariat
    manned = any(c.agency == code and c.role is Role.OFFICER for c in contacts)
    if code not in agencies or manned:
        return []
    office = regime.agencies[code].name
    return [f"{office} phải còn ít nhất một đầu mối, nếu không sẽ không ai xử lý được báo cáo."]
