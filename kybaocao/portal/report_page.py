"""A report's page: what everyone sees of it, and the parts of those who send or decide."""

from typing import Any

from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from kybaocao.portal.desk import MOST_FILES, Signed
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.workdays import ONE_DAY
from kybaocao.rules.cells.phrases import capital
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.regime.ruling import LOOKS, PAPERS
from kybaocao.steps import visible
from kybaocao.steps.decide import wishes
from kybaocao.steps.intake.nil_return import nil_offer
from kybaocao.steps.view import report_story
from kybaocao.steps.view.compare import comparison
from kybaocao.steps.view.event_log import log_page
from kybaocao.steps.visible import Seen


def seen_by(signed: Signed, report_id: int) -> Seen:
    """Return a report as who asks may see it. Raises HTTPException 404 if they may not."""
    seen = visible.report(signed.office, signed.visitor, report_id, signed.now)
    if seen is None:
        raise HTTPException(404)
    return seen


def report_page(signed: Signed, seen: Seen, status: int = 200, **more: Any) -> HTMLResponse:
    """Return a report's page as it was seen; `more` is what an act adds, as a fault it met.

    `results` are what became of files that were just sent.
    """
    known = {
        "seen": seen,
        "story": report_story.story(signed.office, seen.stands, signed.now),
        "paper_names": {kind: capital(name) for kind, name in PAPERS.items()},
        "looks": LOOKS,
        "may_take_away": seen.is_own or signed.visitor.decides,
        "sees_mails": seen.is_own or signed.visitor.sees_all,
        "results": (),
        "sending": sending_known(signed, seen),
        **_overseen(signed, seen),
        **more,
    }
    return signed.page("bao-cao-mot.html", status, **known)


def sending_known(signed: Signed, seen: Seen, **more: Any) -> dict[str, Any]:
    """Return what `phan/gui.html` knows.

    Of a fault: which form met it (`failed`), what it is, and what was `typed`.
    """
    office, stands = signed.office, seen.stands
    today = signed.now.astimezone(VIETNAM).date()
    return {
        "may_send": seen.is_own,
        "most_mib": office.settings.largest_file_mib,
        "most_files": MOST_FILES,
        "papers": PAPERS,
        "nil": nil_offer(office, stands, signed.now) if seen.is_own else None,
        "wishes": office.ledger.decisions.wishes(obligation_id=stands.owed.id),
        "may_wish": seen.is_own and not stands.standing.is_settled,
        "first_wish": max(stands.owed.due.last_day + ONE_DAY, today),
        "failed": "",
        "fault": "",
        "typed": {},
        **more,
    }


def _overseen(signed: Signed, seen: Seen) -> dict[str, Any]:
    """Return what only those see who see everyone's reports."""
    if not signed.visitor.sees_all:
        return {"ruling": None, "compared": (), "events": ()}
    stands = seen.stands
    return {
        "ruling": ruling_known(signed, seen) if signed.visitor.decides else None,
        "compared": comparison(signed.office, stands, signed.now),
        "events": log_page(signed.office, stands.regime, None, "", stands.owed.key, 1).lines,
    }


def ruling_known(signed: Signed, seen: Seen, **more: Any) -> dict[str, Any]:
    """Return what `phan/quyet-dinh.html` knows; of a fault, which act met it and what was typed."""
    stands = seen.stands
    latest = stands.versions[-1] if stands.versions else None
    is_returned = latest is not None and latest.verdict is Verdict.RETURNED
    today = signed.now.astimezone(VIETNAM).date()
    return {
        "latest": latest,
        "may_accept": is_returned and stands.accepted is None,
        "may_return": stands.accepted is not None,
        "is_owed": not stands.standing.is_settled,
        "is_granted": stands.granted is not None,
        "wishes": wishes.open_wishes(signed.office, stands.owed.id),
        "first_day": max(stands.owed.due.last_day + ONE_DAY, today),
        "failed": "",
        "fault": "",
        "typed": {},
        **more,
    }
