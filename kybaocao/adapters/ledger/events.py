"""The event log: who did what to what, and when; nothing in it is ever changed."""

from dataclasses import asdict

from sqlalchemy import Connection, insert

from kybaocao.adapters.ledger.records import Event
from kybaocao.adapters.ledger.schema import events


def log(connection: Connection, event: Event) -> None:
    """Append an event within a transaction."""
    connection.execute(insert(events).values(asdict(event)))
