"""Letters that have not gone out: what keeps them, letting them go, and sending some again."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from kybaocao.adapters.ledger import Letter
from kybaocao.portal.desk import Keeper, Posted, Secretary, Signed, text_of
from kybaocao.rules.cycle.event_words import letter_words
from kybaocao.rules.cycle.mail_cause import MailCause, cause_words
from kybaocao.rules.regime.regime import Regime
from kybaocao.steps.decide.letters import say_go, send_again, undelivered
from kybaocao.steps.mail import is_live, mail_words
from kybaocao.steps.post.preview import preview

router = APIRouter()
# A letter's looks are inline, as mail programs want them; nothing in it acts or is fetched.
SAMPLE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@router.get("/thu")
def letters(signed: Keeper) -> HTMLResponse:
    regime = _regime(signed)
    found = undelivered(signed.office, regime=regime.id)
    causes: dict[str, list[Letter]] = {}
    for one in found:
        causes.setdefault(one.cause, []).append(one)
    return signed.page(
        "thu.html",
        words=mail_words(signed.office, signed.now, regime.id),
        live=is_live(signed.office, regime.id),
        ahead=preview(signed.office, regime, signed.now),
        causes=causes,
        cause=cause_words,
        letter=letter_words,
    )


@router.get("/thu/mau/{kind}")
def sample(signed: Keeper, kind: str) -> HTMLResponse:
    """Show a letter that waits as its reader will see it."""
    seen = preview(signed.office, _regime(signed), signed.now)
    for one in seen.samples:
        if one.kind == kind:
            return HTMLResponse(one.page, headers={"Content-Security-Policy": SAMPLE_POLICY})
    raise HTTPException(404)


@router.post("/thu/cho-gui")
def let_go(signed: Secretary, form: Posted) -> Response:
    """Let the regime's letters leave from now on."""
    say_go(signed.office, _regime(signed), signed.visitor.address, signed.now)
    return signed.back("/thu", "da-cho-gui")


@router.post("/thu/gui-lai")
def again(signed: Keeper, form: Posted) -> Response:
    """Send one letter again, or all of one cause."""
    found = undelivered(signed.office, regime=_regime(signed).id)
    number, cause = text_of(form, "thu", 16), text_of(form, "nguyen-nhan", 16)
    if number:
        asked = [one for one in found if str(one.id) == number]
    elif cause in set(MailCause):
        asked = [one for one in found if one.cause == cause]
    else:
        asked = []
    send_again(signed.office, asked, signed.visitor.address, signed.now)
    return signed.back("/thu", "da-gui-lai")


def _regime(signed: Signed) -> Regime:
    return signed.office.regime(signed.visitor.regime)
