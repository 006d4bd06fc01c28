"""What pages ask of the ledger: terms, letters of a day, lines of the log; on both databases."""

from dataclasses import replace
from datetime import date, timedelta

from kybaocao.adapters.ledger import Event, Ledger, Sought
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import Due, Obligation
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.regime.ruling import Document, Paper
from tests.adapters.ledger.ledger_cast import HOLD, NOW, TERM, arrival, draft, opened, owe, receipt

LATER = NOW + timedelta(hours=1)
ALL = Sought("quang-nam")


def abouts(ledger: Ledger, sought: Sought) -> list[str]:
    return [line.about for line in ledger.views.lines(sought, limit=100)]


def test_terms_come_with_their_last_day_those_due_last_first(ledger: Ledger) -> None:
    after = replace(TERM, period=Period.parse("2016-Q4"))
    late = Due(date(2016, 12, 14), date(2016, 12, 16))
    ledger.open(owe("so-y-te", "so-noi-vu"), (), NOW)
    ledger.open([Obligation(after, "so-y-te", late)], (), NOW)
    other = replace(TERM, regime="lang-son")
    ledger.open([Obligation(other, "so-y-te", TERM.due)], (), NOW)
    assert [(t.duty, t.period, t.last_day) for t in ledger.views.terms("quang-nam")] == [
        ("bao-cao-quy", "2016-Q4", date(2016, 12, 16)),
        ("bao-cao-quy", "2016-Q3", date(2016, 9, 15)),
    ]


def test_letters_are_counted_by_kind_on_the_day_they_went_out(ledger: Ledger) -> None:
    ledger.queue(
        [draft(), draft(day="2016-09-13"), replace(receipt(), submission_id=None, asked_at=NOW)],
        NOW,
    )
    for parcel in ledger.post.claim(NOW, HOLD):
        ledger.post.sent(parcel, LATER)
    span = (LATER, LATER + timedelta(seconds=1))
    assert ledger.views.sent("quang-nam", *span) == {Kind.REMINDER: 2, Kind.RECEIPT: 1}
    assert ledger.views.sent("quang-nam", NOW, LATER) == {}
    assert ledger.views.sent("lang-son", *span) == {}


def test_a_line_about_a_file_or_a_paper_knows_its_report(ledger: Ledger) -> None:
    owed = opened(ledger)
    ledger.record(arrival(owed.id), NOW)
    paper = Document(
        owed.id, Paper.SIGNED, "f" * 64, "ký.pdf", "12/BC", None, "Giám đốc", NOW, "x", NOW
    )
    ledger.rulings.attach(paper)
    lines = ledger.views.lines(ALL, limit=2)
    assert [(one.event.act, one.about, one.obligation_id, one.file_name) for one in lines] == [
        ("attach", owed.key, owed.id, ""),
        ("receive", owed.key, owed.id, "báo cáo 1.xlsx"),
    ]


def test_a_file_of_nobodys_is_about_itself(ledger: Ledger) -> None:
    for regime in ("quang-nam", "lang-son", ""):
        ledger.record(replace(arrival(None), regime=regime), NOW)
    (line,) = ledger.views.lines(ALL, limit=9)
    assert (line.about, line.obligation_id) == (line.event.subject, None)
    assert line.file_name == "báo cáo 1.xlsx"


def test_only_a_regimes_lines_are_shown(ledger: Ledger) -> None:
    mine = ("quang-nam", "quang-nam/so-y-te")
    for subject in (*mine, "quang-nam-cu/so-y-te", "lang-son", "quang", "chua-ro/x"):
        ledger.log(Event(NOW, "x", "sign-in", subject))
    assert abouts(ledger, ALL) == list(reversed(mine))


def test_lines_are_filtered_by_time_person_and_subject(ledger: Ledger) -> None:
    ledger.log(Event(NOW, "An@x.example", "sign-in", "quang-nam/so-y-te"))
    ledger.log(Event(LATER, "binh@x.example", "sign-in", "quang-nam/so-noi-vu"))
    first, second = ["quang-nam/so-y-te"], ["quang-nam/so-noi-vu"]
    assert abouts(ledger, replace(ALL, since=LATER)) == second
    assert abouts(ledger, replace(ALL, before=LATER)) == first
    assert abouts(ledger, replace(ALL, actor="an@")) == first
    assert abouts(ledger, replace(ALL, actor="%")) == []
    assert abouts(ledger, replace(ALL, text="NOI-VU")) == second
    assert abouts(ledger, replace(ALL, text="Sở Y tế", agencies=("so-y-te",))) == first
    assert abouts(ledger, replace(ALL, text="Sở", agencies=("so-y",))) == []


def test_lines_are_counted_and_paged(ledger: Ledger) -> None:
    for number in range(5):
        ledger.log(Event(NOW, f"n{number}", "sign-in", "quang-nam"))
    assert ledger.views.count(ALL) == 5
    actors = [one.event.actor for one in ledger.views.lines(ALL, limit=2, offset=2)]
    assert actors == ["n2", "n1"]
