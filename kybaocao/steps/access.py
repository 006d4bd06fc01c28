"""Signing in: links that letters carry, the sessions that they open, and who somebody is."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kybaocao.adapters.ledger import Event, Letter, LetterDraft, Link, Parcel
from kybaocao.adapters.letters import LetterFacts, LetterLink
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.regime.access import Capacity, Visitor, capacity_of
from kybaocao.rules.regime.names import agency_name
from kybaocao.runtime import Office

# A letter is at hand as long as its report is talked about; a link that was asked for is not.
LETTER_LINK_LASTS = timedelta(days=30)
ASKED_LINK_LASTS = timedelta(minutes=30)
SESSION_LASTS = timedelta(hours=24)
# Not every page that is looked at is worth a write.
SEEN_EVERY = timedelta(minutes=5)

ENTRY = "/vao/"


def ask_to_sign_in(office: Office, address: str, now: datetime) -> int:
    """Queue a letter with a sign-in link for each agency whose contact an address is.

    Returns how many were new: none for an unknown address, and one a minute for a known one.
    """
    drafts = [
        LetterDraft(
            *(Kind.SIGN_IN, contact.address, regime, "", "", contact.agency),
            recipient=contact.agency,
            asked_at=now,
        )
        for regime in office.active
        for contact in office.ledger.contacts(regime)
        if contact.address.lower() == address.strip().lower()
    ]
    return office.ledger.queue(drafts, now)


def letter_links(
    office: Office, parcel: Parcel, facts: LetterFacts, now: datetime
) -> list[LetterLink]:
    """Return the links of a mail, each to the page of one of its letters; none without a portal.

    Each rendering issues links of its own, since only the hash of an earlier one is known. The
    secretariat gets one to the board for a mail about many reports.
    """
    if not office.settings.portal.url:
        return []
    regime = office.regime(parcel.letters[0].regime)
    agency = recipient_of(office, parcel)
    pages: dict[tuple[str, str], str] = {}
    for letter, item in zip(parcel.letters, facts.items, strict=True):
        path = "/" if agency == regime.secretariat and parcel.letters[1:] else _page(office, letter)
        words = item.title if item.duty_name and path != "/" else agency_name(regime, agency)
        if agency:
            pages.setdefault((agency, path), words)
    once = parcel.kind is Kind.SIGN_IN
    lasts = ASKED_LINK_LASTS if once else LETTER_LINK_LASTS
    address = parcel.address
    return [
        LetterLink(words, issue_link(office, regime.id, agency, address, path, now, lasts, once))
        for (agency, path), words in pages.items()
    ]


def recipient_of(office: Office, parcel: Parcel) -> str:
    """Return the code of the agency for which a mail is; one queued long ago names none itself.

    Agencies may share an address, so that the letter says it.
    """
    first = parcel.letters[0]
    known = office.ledger.contacts(first.regime, address=parcel.address)
    mine = [contact.agency for contact in known]
    if first.recipient or first.agency in mine:
        return first.recipient or first.agency
    return next(iter(mine), "")


def issue_link(
    office: Office,
    regime: str,
    agency: str,
    address: str,
    path: str,
    now: datetime,
    lasts: timedelta = ASKED_LINK_LASTS,
    once: bool = True,
) -> str:
    """Return a new sign-in link for a contact, 256 random bits long, leading to `path`."""
    secret = secrets.token_urlsafe(32)
    link = Link(regime, agency, address, path, once, now + lasts, None)
    office.ledger.access.issue(secret, link, now)
    return f"{office.settings.portal.url}{ENTRY}{secret}"


def sign_in(
    office: Office, link_secret: str, now: datetime, former: str = ""
) -> tuple[str, str] | None:
    """Use a link; return the session's secret and the page to show, None if it is of no use.

    The `former` session of the same browser ends, since nobody could sign it out; what the same
    person had open in it can still be sent.
    """
    link = office.ledger.access.link(link_secret, now)
    if link is None or not opens_at_once(office, link):
        return None
    secret = secrets.token_urlsafe(32)
    used = office.ledger.access.sign_in(link_secret, secret, now, now + SESSION_LASTS, former)
    return None if used is None else (secret, used.path)


def opens_at_once(office: Office, link: Link) -> bool:
    """Return whether a link lets its contact in without asking for a fresh one.

    A letter lies in a mailbox for years and is forwarded: it opens an agency's own report, and
    nothing to those who see or decide about everyone's.
    """
    visitor = _visitor(office, link.regime, link.agency, link.address)
    return visitor is not None and (link.once or visitor.capacity is Capacity.AGENCY)


@dataclass(frozen=True)
class Entered:
    """Who is in, and the word that the forms of their pages bring."""

    visitor: Visitor
    word: str


def entered(office: Office, session_secret: str, now: datetime) -> Entered | None:
    """Return who a session belongs to; None if it is over, or its contact was taken off."""
    session = office.ledger.access.session(session_secret, now)
    if session is None:
        return None
    visitor = _visitor(office, session.regime, session.agency, session.address)
    if visitor is None or now - session.seen_at >= _idle(office, visitor):
        return None
    if now - session.seen_at > SEEN_EVERY:
        office.ledger.access.seen(session_secret, now)
    paths = None if session.paths is None else frozenset(session.paths)
    return Entered(replace(visitor, paths=paths), session.word)


def former_visitor(office: Office, session_secret: str) -> Visitor | None:
    """Return whose session it was, be it over by now; None if they ended it or were taken off."""
    session = office.ledger.access.former(session_secret)
    if session is None:
        return None
    return _visitor(office, session.regime, session.agency, session.address)


def _idle(office: Office, visitor: Visitor) -> timedelta:
    options = office.settings.portal
    return options.idle if visitor.capacity is Capacity.AGENCY else options.overseer_idle


def sign_out(office: Office, session_secret: str, visitor: Visitor, now: datetime) -> None:
    """End a session."""
    office.ledger.access.end(session_secret, now)
    subject = f"{visitor.regime}/{visitor.agency}"
    office.ledger.log(Event(now, visitor.address, "sign-out", subject))


def sign_out_everywhere(office: Office, visitor: Visitor, now: datetime) -> None:
    """End every session of a contact, and take back the links in the letters to it."""
    office.ledger.access.revoke(visitor.regime, visitor.agency, visitor.address, now)


def _visitor(office: Office, regime_id: str, agency: str, address: str) -> Visitor | None:
    if regime_id not in office.active:
        return None
    regime = office.regime(regime_id)
    if agency not in regime.agencies:
        return None
    mine = office.ledger.contacts(regime_id, agency=agency, address=address)
    capacity = capacity_of(regime, agency, (contact.role for contact in mine))
    if capacity is None:
        return None
    name = next((contact.name for contact in mine if contact.name), "")
    return Visitor(regime_id, agency, address, name, capacity)


def _page(office: Office, letter: Letter) -> str:
    """Return the page that a letter is about: its report, or what waits for the secretariat."""
    owed = office.ledger.find_owed(letter.regime, letter.duty, letter.period, letter.agency)
    if owed is not None:
        return f"/bao-cao/{owed.id}"
    if letter.consolidation_id:
        return f"/tong-hop/{letter.duty}/{letter.period}"
    if letter.recipient == office.regime(letter.regime).secretariat and letter.kind in (
        Kind.DIGEST,
        Kind.UNREADABLE,
    ):
        return "/cho-xu-ly"
    return "/"


def home_of(visitor: Visitor) -> str:
    """Return the page on which somebody starts."""
    return "/bao-cao" if visitor.capacity is Capacity.AGENCY else "/tong-hop"
