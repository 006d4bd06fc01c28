"""Which of a regime's tasks an agency has still to report on, and what it said of them last."""

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.form.form import Figure, Form, TableSheet, TaskRows
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import DeadlineKind, OpenTask, open_tasks
from kybaocao.runtime import Office

Said = dict[str, str]


def tasks_to_report(
    office: Office, regime: Regime, form: Form, term: Term, agency: Agency
) -> list[OpenTask]:
    """Return the tasks that stand in an agency's workbook for a term, in the regime's order.

    A task stays until an accepted report of this agency, of any duty whose form lists tasks,
    that was due before this term says that it is done; one of every year comes back, as new,
    with each year. Returns nothing if `form` lists no tasks in such a period.
    """
    rows = _task_rows(form, term.period.frequency)
    if rows is None or not regime.tasks:
        return []
    finished, last = _reported(office, regime, term, agency)
    return [
        OpenTask(
            task,
            {c: said for c, said in last.get(task.id, {}).items() if c in rows.carried},
            task.is_overdue(term.due_for(agency.level).last_day),
        )
        for task in open_tasks(regime.tasks, agency, term.period.year, finished)
    ]


def _task_rows(form: Form, frequency: Frequency) -> TaskRows | None:
    sheets = [s for s in form.sheets if isinstance(s, TableSheet)]
    return next((rows for s in sheets if (rows := s.tasks_for(frequency))), None)


def _reported(
    office: Office, regime: Regime, term: Term, agency: Agency
) -> tuple[set[str], dict[str, Said]]:
    """Return the tasks that the agency's latest word calls done, and its latest words."""
    sheets = _sheets_with_tasks(office, regime)
    yearly = {task.id for task in regime.tasks if task.when.kind is DeadlineKind.YEARLY}
    before = [
        owed
        for owed in office.ledger.owed(regime=regime.id, agency=agency.code)
        if owed.duty in sheets and owed.due.last_day < term.due.last_day
    ]
    counted = []
    for owed in before:
        versions = office.ledger.versions([owed])[owed.id]
        accepted = [v for v in versions if v.verdict is Verdict.ACCEPTED]
        if accepted:
            counted.append((owed.due.last_day, accepted[-1].received_at, owed, accepted[-1]))
    figures = office.ledger.figures(version.id for *_, version in counted)
    finished: set[str] = set()
    last: dict[str, Said] = {}
    for _, _, owed, version in sorted(counted, key=lambda found: found[:2]):
        sheet = sheets[owed.duty]
        is_of_this_year = Period.parse(owed.period).year == term.period.year
        for task_id, said in _said(sheet, figures[version.id]).items():
            if task_id in yearly and not is_of_this_year:
                continue
            last[task_id] = said
            done = sheet.tasks is not None and said.get(sheet.tasks.state) in sheet.tasks.done
            (finished.add if done else finished.discard)(task_id)
    return finished, last


def _sheets_with_tasks(office: Office, regime: Regime) -> dict[str, TableSheet]:
    """Return the sheet that lists tasks on each duty's form, by duty id."""
    return {
        duty.id: sheet
        for duty in regime.duties
        for sheet in office.config.form(duty.form).sheets
        if isinstance(sheet, TableSheet) and sheet.tasks
    }


def _said(sheet: TableSheet, figures: tuple[Figure, ...]) -> dict[str, Said]:
    """Return what a report says of each task, by task id and column id."""
    rows: dict[str, Said] = {}
    for figure in figures:
        if figure.sheet == sheet.id:
            rows.setdefault(figure.row, {})[figure.column] = str(figure.value)
    key = sheet.tasks.id if sheet.tasks else ""
    return {said[key]: said for said in rows.values() if key in said}
