"""The command for the addresses that letters go to."""

from pathlib import Path

from kybaocao import runtime
from kybaocao.commands import screen, words
from kybaocao.rules.errors import ConfigError, ConfigFault, KyBaoCaoError


def contacts(regime: str, /, *, replace: Path | None = None, as_json: words.AsJson = False) -> None:
    """Show where a regime's letters go, or put those of a file in their place.

    Parameters
    ----------
    regime
        The regime's id; it must be active.
    replace
        The portal's list, or one like contacts.csv: a workbook, or CSV in UTF-8 or UTF-16.
        Agencies that it does not name keep their contacts.
    as_json
        Print a JSON list instead of a table.
    """
    from kybaocao.steps.decide import contact_list

    with runtime.office() as office:
        declared = words.regime(office, regime)
        office.go_live(declared.id)
        if replace is not None:
            given = contact_list.imported(office, declared, _bytes_of(replace))
            if given.faults:
                raise ConfigError([ConfigFault(replace.name, *fault) for fault in given.faults])
            became = contact_list.replace(
                office, declared, given.agencies, given.contacts, "operator", runtime.now()
            )
            if isinstance(became, list):
                raise KyBaoCaoError(" ".join(became))
            if not as_json:
                screen.say("\n".join(became.words(declared)))
                return
        found = office.ledger.contacts(declared.id)
    screen.show_contacts(declared, found, as_json)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KyBaoCaoError(f"{path} cannot be read: {error.strerror}") from None
