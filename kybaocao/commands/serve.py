"""Commands that keep running: the service, and the demo."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kybaocao import runtime
from kybaocao.adapters.private import tidy
from kybaocao.commands import screen, words
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.settings import SETTINGS_FILE, read_settings


def up() -> int:
    """Start Prefect's server, the deployments and the portal; Ctrl-C stops them cleanly."""
    from kybaocao.serving.supervisor import Service
    from kybaocao.steps.mail import mail_words

    settings = read_settings()
    if not settings.active:
        raise KyBaoCaoError(
            f"no regime is active: name one with its first day in {SETTINGS_FILE}, [active]"
        )
    # Whatever is wrong here is said before anything starts.
    with runtime.office(settings) as office:
        for fault in office.refused.faults if office.refused else ():
            screen.complain(f"{fault} (going on with the config that was good last)")
        held = mail_words(office, runtime.now())
    tidy(settings.data_folder, runtime.now())
    with Service(settings) as service:
        screen.say(
            f"Running; the portal answers at {service.portal_url}, Prefect at {service.api_url}. "
            "Ctrl-C stops it."
        )
        for line in held:
            screen.say(line)
        return service.wait()


def signin(address: str, /) -> None:
    """Print a sign-in link for an address, as where no mail server is set up yet.

    Parameters
    ----------
    address
        An address among the contacts of an active regime.
    """
    from kybaocao.serving.supervisor import local_url
    from kybaocao.steps.access import issue_link

    with runtime.office() as office:
        found = [
            (regime, contact.agency, contact.address)
            for regime in office.active
            for contact in office.ledger.contacts(regime)
            if contact.address.lower() == address.lower()
        ]
        if not found:
            raise KyBaoCaoError(f"{address} is no contact: see 'kybaocao contacts'")
        for regime, agency, known in found:
            link = issue_link(office, regime, agency, known, "/", runtime.now())
            site = "" if office.settings.portal.url else local_url(office.settings)
            screen.say(f"{agency}: {site}{link}")


def demo() -> None:
    """Play one whole reporting cycle on data of its own, and say where its workbook lies."""
    from kybaocao.demo.story import play

    play(screen.say)


def rehearse(
    regime: str,
    /,
    *,
    since: Annotated[str, Parameter(name="--from")],
    until: Annotated[str, Parameter(name="--to")],
    reports: Annotated[bool, Parameter(negative=())] = False,
    out: Path | None = None,
) -> None:
    """Play weeks or a year of a regime beside the ledger, and leave the letters to be read.

    It begins with the ledger as it is; no letter leaves, and no data of the installation change.

    Parameters
    ----------
    regime
        The regime's id, active or not.
    since
        First day, as 2026-12-01.
    until
        Last day, as 2027-03-31.
    reports
        Let agencies send invented reports, a few faulty, late or not at all.
    out
        A new folder for what comes of it; one in data/dien-tap if left out.
    """
    from kybaocao.demo.rehearsal import rehearse as play
    from kybaocao.demo.rehearsal import told

    first, last = words.day(since), words.day(until)
    if last < first:
        raise words.WrongUseError(f"--to {last} is before --from {first}.")
    settings = read_settings()
    name = f"{regime}_{first}_{last}_{runtime.now():%Y%m%dT%H%M%S}"
    folder = out or settings.data_folder / "dien-tap" / name
    for line in told(play(settings, regime, first, last, folder, reports)):
        screen.say(line)
