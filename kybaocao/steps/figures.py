"""What accepted reports say, in the words of the newest version of their form."""

from collections.abc import Iterable

from kybaocao.rules.form.versions import Carried, carried
from kybaocao.runtime import Office


def figures_of(office: Office, form_id: str, submissions: Iterable[int]) -> dict[int, Carried]:
    """Return the figures of submissions, by id, as the newest version of a form has them.

    Each is on the version that its workbook was made from. One on another form, as of a time
    before this, is as it is.
    """
    ids = list(submissions)
    forms = office.ledger.forms.of(ids)
    found: dict[int, Carried] = {}
    for number, figures in office.ledger.figures(ids).items():
        name, version = forms[number]
        known = (name, version) in office.config.forms
        if name == form_id and version is not None and known:
            found[number] = carried(office.config.versions(form_id, version), figures)
        else:
            found[number] = Carried(figures)
    return found
