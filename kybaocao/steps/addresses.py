"""Whom a letter goes to: the contacts that the ledger knows of an agency."""

from collections.abc import Collection
from dataclasses import replace

from kybaocao.adapters.ledger import Ledger, LetterDraft
from kybaocao.rules.regime.contact import Role


def to_contacts(
    ledger: Ledger, draft: LetterDraft, agency: str, roles: Collection[Role] = (Role.OFFICER,)
) -> list[LetterDraft]:
    """Return the letter once for each address of the agency's contacts in these roles."""
    found = {
        contact.address: contact.role
        for contact in ledger.contacts(draft.regime, agency=agency)
        if contact.role in roles
    }
    return [
        replace(draft, address=address, recipient=agency, role=role)
        for address, role in sorted(found.items())
    ]
