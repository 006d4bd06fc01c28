"""Contacts kept by people: shown, changed one agency at a time, imported and exported."""

from collections.abc import Collection, Sequence
from datetime import datetime

from kybaocao.adapters.workbooks import contact_files, reading
from kybaocao.rules.errors import UnreadableFileError
from kybaocao.rules.recognition.reading import as_text
from kybaocao.rules.regime import contact_list
from kybaocao.rules.regime.contact import Contact
from kybaocao.rules.regime.contact_list import Changes, ContactList
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office


def contacts_of(office: Office, regime: Regime) -> list[Contact]:
    """Return a regime's contacts as the ledger has them."""
    return [
        Contact(agency=c.agency, role=c.role, address=c.address, name=c.name, telephone=c.telephone)
        for c in office.ledger.contacts(regime.id)
    ]


def exported(office: Office, regime: Regime, as_csv: bool) -> tuple[str, bytes]:
    """Return the name and the bytes of the list as a workbook, or as CSV."""
    rows = contact_list.rows_of(regime, contacts_of(office, regime))
    name = f"danh-ba_{regime.id}"
    if as_csv:
        return f"{name}.csv", contact_files.text(contact_list.HEADERS, rows)
    return f"{name}.xlsx", contact_files.workbook(contact_list.HEADERS, rows)


def imported(office: Office, regime: Regime, data: bytes) -> ContactList:
    """Return what a list's bytes say, be they a spreadsheet or CSV; nothing is written."""
    before = contacts_of(office, regime)
    try:
        book = office.readers.run(reading.read, data)
    except UnreadableFileError as error:
        # A small PDF passes for text.
        if reading.is_paper(data):
            return ContactList(faults=((0, str(error)),))
        try:
            return contact_list.read(contact_files.rows_of_text(data), regime, before)
        except contact_files.OtherEncodingError as other:
            return ContactList(faults=((0, str(other)),))
        except ValueError:
            return ContactList(faults=((0, str(error)),))
    grid = next((g for g in book.grids if not g.hidden and g.cells), None)
    if grid is None:
        return ContactList(faults=((0, "Tệp không có dòng nào."),))
    width = max(column for _, column in grid.cells)
    rows = [
        (n, [as_text(grid.cells.get((n, c), "")) for c in range(1, width + 1)])
        for n in range(1, grid.last_row + 1)
    ]
    return contact_list.read(rows, regime, before)


def replace(
    office: Office,
    regime: Regime,
    agencies: Collection[str],
    contacts: Sequence[Contact],
    actor: str,
    now: datetime,
) -> Changes | list[str]:
    """Put contacts in the place of those that `agencies` have; return what changed by it.

    Or the faults that forbid it, Vietnamese sentences; with any of them nothing changes.
    """
    faults = contact_list.doubles(contacts)
    faults += contact_list.unmanned(regime, contacts, agencies)
    if faults:
        return faults
    before = office.ledger.replace_contacts(regime.id, contacts, now, actor, agencies)
    return contact_list.changes(before, contacts)
