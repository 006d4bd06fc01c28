"""The whole configuration in memory."""

from collections.abc import Mapping
from dataclasses import dataclass

from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.form.form import Form
from kybaocao.rules.regime.level import Level
from kybaocao.rules.regime.regime import Regime


@dataclass(frozen=True)
class Config:
    """Everything that is declared: regimes by id, forms by id and version, the
    calendar, and the levels of agencies from the top."""

    regimes: Mapping[str, Regime]
    forms: Mapping[tuple[str, int], Form]
    calendar: WorkCalendar
    levels: tuple[Level, ...]

    def form(self, form_id: str, version: int | None = None) -> Form:
        """Return a form, its newest version by default. Raises KeyError if there is none."""
        if version is None:
            version = max(v for i, v in self.forms if i == form_id)
        return self.forms[form_id, version]

    def versions(self, form_id: str, since: int = 1) -> list[Form]:
        """Return a form's versions from one on, the oldest first."""
        known = sorted(v for i, v in self.forms if i == form_id and v >= since)
        return [self.forms[form_id, version] for version in known]

    @property
    def form_titles(self) -> dict[str, str]:
        """The title of every form's newest version, by id."""
        return {form_id: self.form(form_id).title for form_id, _ in sorted(self.forms)}
