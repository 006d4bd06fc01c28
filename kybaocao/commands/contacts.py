"""The command for the addresses that letters go to."""

from pathlib import Path

from kybaocao import runtime
from kybaocao.commands import screen, words


def contacts(regime: str, /, *, replace: Path | None = None, as_json: words.AsJson = False) -> None:
    """Show where a regime's letters go, or put those of a CSV file in their place.

    Parameters
    ----------
    regime
        The regime's id; it must be active.
    replace
        A file like contacts.csv; agencies that it does not name keep their contacts.
    as_json
        Print a JSON list instead of a table.
    """
    from kybaocao.adapters.regime_files import read_contacts

    with runtime.office() as office:
        declared = words.regime(office, regime)
        office.go_live(declared.id)
        if replace is not None:
            given = read_contacts(replace.resolve(), declared.agencies)
            office.ledger.replace_contacts(declared.id, given, runtime.now(), "operator")
        found = office.ledger.contacts(declared.id)
    screen.show_contacts(declared, found, as_json)
