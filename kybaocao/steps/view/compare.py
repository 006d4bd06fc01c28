"""The figures of a report beside what the same agency gave before."""

from datetime import datetime

from kybaocao.adapters.ledger import Submission
from kybaocao.rules.check.history import Before, own_numbers
from kybaocao.rules.check.relations import Place
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.report.comparison import ComparedSheet, compared, earlier
from kybaocao.runtime import Office
from kybaocao.steps.figures import figures_of
from kybaocao.steps.standings import Standpoint, standings


def comparison(office: Office, stands: Standpoint, now: datetime) -> list[ComparedSheet]:
    """Return the figures of the accepted version, or else of the latest that could be read."""
    read = [v for v in stands.versions if v.verdict is not Verdict.UNREADABLE]
    version = stands.accepted or (read[-1] if read else None)
    if version is None:
        return []
    before, year_ago = earlier(stands.regime, stands.duty, stands.period)
    form = office.config.form(stands.duty.form).for_agency(stands.agency)
    return compared(
        form,
        stands.period.frequency,
        _numbers(office, stands.duty.form, version),
        _accepted(office, stands, before, now),
        _accepted(office, stands, year_ago, now),
    )


def _accepted(
    office: Office, stands: Standpoint, one: Before | None, now: datetime
) -> dict[Place, float]:
    if one is None:
        return {}
    of = {"regime": stands.owed.regime, "duty": one.duty.id, "agency": stands.owed.agency}
    found = standings(office, now, **of, period=one.period.id)
    version = found[0].accepted if found else None
    return _numbers(office, stands.duty.form, version) if version else {}


def _numbers(office: Office, form: str, version: Submission) -> dict[Place, float]:
    return own_numbers(figures_of(office, form, [version.id])[version.id].figures)
