"""What people decided stays as they said it: exceptions and requests, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

from kybaocao.adapters.ledger import Ledger
from kybaocao.rules.calendar.period import Window
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.request import Request
from kybaocao.rules.cycle.waiver import Exemption, ExtensionRequest, Waiver, WishAnswer
from tests.adapters.ledger.ledger_cast import NOW, draft, opened

EXTENSION = Waiver(
    kind=Exemption.EXTENSION,
    regime="quang-nam",
    duty="bao-cao-quy",
    period="2016-Q3",
    agency="so-y-te",
    until=date(2016, 9, 20),
    reason="Mất điện kéo dài",
    granted_by="Giám đốc Sở Nội vụ",
    actor="operator",
    at=NOW,
)
REQUEST = Request(
    regime="quang-nam",
    duty="dot-xuat",
    year=2016,
    number=0,
    title="Báo cáo rà soát thủ tục đất đai",
    form="ngan",
    agencies=("so-tu-phap", "so-tai-chinh"),
    window=Window(date(2016, 1, 1), date(2016, 9, 30)),
    opens=date(2016, 10, 3),
    last_day=date(2016, 10, 14),
    reason="Công văn của UBND tỉnh",
    granted_by="Sở Nội vụ",
    actor="operator",
    at=NOW,
)


def test_an_exception_is_recorded_once_with_its_reason(ledger: Ledger) -> None:
    assert ledger.decisions.grant(EXTENSION) == EXTENSION
    later = replace(EXTENSION, at=NOW + timedelta(hours=1), actor="secretariat")
    assert ledger.decisions.grant(later) == EXTENSION
    assert ledger.decisions.waivers() == [EXTENSION]
    (event,) = ledger.events(act="extension")
    assert event.subject == "quang-nam/bao-cao-quy/2016-Q3/so-y-te"
    assert event.detail == {
        "until": "2016-09-20",
        "reason": "Mất điện kéo dài",
        "granted_by": "Giám đốc Sở Nội vụ",
    }


def test_a_later_word_stands_beside_the_earlier_one(ledger: Ledger) -> None:
    withdrawal = replace(EXTENSION, kind=Exemption.WITHDRAWAL, until=None, reason="Ghi nhầm")
    for each in (EXTENSION, withdrawal, EXTENSION):
        assert ledger.decisions.grant(each) == each
    kinds = [w.kind for w in ledger.decisions.waivers(agency="so-y-te")]
    assert kinds == [Exemption.EXTENSION, Exemption.WITHDRAWAL, Exemption.EXTENSION]
    assert ledger.decisions.waivers(agency="so-noi-vu") == []


def test_requests_are_numbered_within_duty_and_year(ledger: Ledger) -> None:
    first, is_new = ledger.decisions.ask(REQUEST)
    assert is_new
    assert first == replace(REQUEST, number=1)
    assert first.period.id == "2016-R1"
    other, _ = ledger.decisions.ask(replace(REQUEST, title="Báo cáo khác"))
    next_year, _ = ledger.decisions.ask(replace(REQUEST, year=2017))
    elsewhere, _ = ledger.decisions.ask(replace(REQUEST, duty="so-tu-phap"))
    assert [r.number for r in (other, next_year, elsewhere)] == [2, 1, 1]
    assert ledger.decisions.requests(duty="dot-xuat", year=2016) == [first, other]


def test_the_same_request_again_is_the_one_that_is_there(ledger: Ledger) -> None:
    first, _ = ledger.decisions.ask(REQUEST)
    again, is_new = ledger.decisions.ask(replace(REQUEST, at=NOW + timedelta(days=1)))
    assert (again, is_new) == (first, False)
    assert len(ledger.events(act="request")) == 1


def test_requests_made_at_once_get_numbers_without_gaps(ledger: Ledger) -> None:
    asked = [replace(REQUEST, title=f"Báo cáo {n}") for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        numbers = [r.number for r, _ in pool.map(ledger.decisions.ask, asked)]
    assert sorted(numbers) == list(range(1, 13))


def test_the_same_wish_for_more_time_is_recorded_once_with_its_letter(ledger: Ledger) -> None:
    wish = ExtensionRequest(0, opened(ledger).id, date(2016, 9, 20), "Bão", "a@b.example", NOW)
    letter = replace(draft(Kind.EXTENSION_ASKED), day=None)

    def ask(_: int) -> tuple[ExtensionRequest, bool]:
        return ledger.decisions.wish(wish, [letter])

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(8)))
    assert sorted(is_new for _, is_new in found) == [False] * 7 + [True]
    assert {one for one, _ in found} == set(ledger.decisions.wishes(answer=""))
    (queued,) = ledger.post.letters(kind="extension-asked")
    assert queued.wish_id == found[0][0].id
    assert len(ledger.events(act="wish")) == 1


def test_a_wish_is_answered_by_the_first_who_does(ledger: Ledger) -> None:
    wish = ExtensionRequest(0, opened(ledger).id, date(2016, 9, 20), "Bão", "a@b.example", NOW)
    asked, _ = ledger.decisions.wish(wish)

    def answer(number: int) -> bool:
        said = (WishAnswer.DECLINED, f"Lý do {number}", "c@d.example", NOW)
        return ledger.decisions.answer_wish(asked.id, *said)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(answer, range(8))) == 1
    (found,) = ledger.decisions.wishes()
    assert (found.answer, found.answered_by) == (WishAnswer.DECLINED, "c@d.example")
    assert not found.is_open
    assert len(ledger.events(act="answer-wish")) == 1
