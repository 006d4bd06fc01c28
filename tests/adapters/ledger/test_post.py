"""Letters: queued once by key, claimed by one sender at a time, and settled once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from kybaocao.adapters.ledger import Ledger, LetterStatus, Parcel
from kybaocao.rules.cycle.reminder import Kind, Rung
from tests.adapters.ledger.ledger_cast import HOLD, NOW, arrival, draft, opened, receipt

SECOND = timedelta(seconds=1)
OTHER = "vanthu@so-noi-vu.example"


def claimed(ledger: Ledger, at_seconds: float = 0) -> list[Parcel]:
    return ledger.post.claim(NOW + timedelta(seconds=at_seconds), HOLD)


def contents(parcels: list[Parcel]) -> list[tuple[str, list[str]]]:
    return [(p.message_id, [letter.key for letter in p.letters]) for p in parcels]


def statuses(ledger: Ledger) -> list[LetterStatus]:
    return [letter.status for letter in ledger.post.letters()]


def test_a_letter_comes_back_as_it_was_queued(ledger: Ledger) -> None:
    sent = replace(draft(), attachment_name="biểu mẫu.xlsx", attachment_sha256="a" * 64)
    assert ledger.queue([sent], NOW) == 1
    (letter,) = ledger.post.letters()
    assert letter.key == sent.key
    assert letter.rung == Rung(NOW.date().replace(day=12), Kind.REMINDER)
    assert (letter.attachment_name, letter.attachment_sha256) == ("biểu mẫu.xlsx", "a" * 64)
    assert (letter.status, letter.queued_at, letter.attempts) == (LetterStatus.QUEUED, NOW, 0)


def test_a_letter_is_queued_once(ledger: Ledger) -> None:
    assert ledger.queue([draft(), draft(), draft(day="2016-09-13")], NOW) == 2
    assert ledger.queue([draft(), draft(Kind.OVERDUE), draft(address=OTHER)], NOW) == 2
    assert ledger.queue([], NOW) == 0
    assert len({letter.message_id for letter in ledger.post.letters()}) == 4


def test_a_message_id_is_the_letters_own_and_stays(ledger: Ledger, database_url: str) -> None:
    ledger.queue([draft()], NOW)
    (letter,) = ledger.post.letters()
    assert letter.message_id.endswith("@kybaocao.example>")
    with closing(Ledger(database_url)) as again:
        again.queue([draft()], NOW + SECOND)
        assert [other.message_id for other in again.post.letters()] == [letter.message_id]


def test_reminders_to_one_address_travel_together(ledger: Ledger) -> None:
    ledger.queue(
        [
            draft(agency="so-y-te"),
            draft(agency="chi-cuc", address="vanthu@so-y-te.example"),
            draft(agency="so-noi-vu", address=OTHER),
            draft(Kind.OVERDUE),
        ],
        NOW,
    )
    parcels = claimed(ledger)
    assert [(p.address, p.kind, len(p.letters)) for p in parcels] == [
        ("vanthu@so-y-te.example", Kind.REMINDER, 2),
        (OTHER, Kind.REMINDER, 1),
        ("vanthu@so-y-te.example", Kind.OVERDUE, 1),
    ]
    assert parcels[0].message_id == parcels[0].letters[0].message_id


def test_what_answers_one_upload_travels_alone(ledger: Ledger) -> None:
    owed = opened(ledger)
    for number, kind in enumerate((Kind.RECEIPT, Kind.RETURNED, Kind.UNREADABLE, Kind.DELIVERY)):
        ledger.record(arrival(owed.id, number), NOW, [replace(receipt(), kind=kind)])
        ledger.record(arrival(owed.id, number + 100), NOW, [replace(receipt(), kind=kind)])
    parcels = claimed(ledger)
    assert [len(p.letters) for p in parcels] == [1] * 8
    assert len({p.message_id for p in parcels}) == 8


def test_a_claimed_letter_is_nobody_elses(ledger: Ledger) -> None:
    ledger.queue([draft(), draft(address=OTHER)], NOW)
    assert len(ledger.post.claim(NOW, HOLD, limit=1)) == 1
    (second,) = claimed(ledger)
    assert second.address == OTHER
    assert claimed(ledger, 1) == []
    assert statuses(ledger) == [LetterStatus.CLAIMED] * 2


def test_two_senders_never_get_the_same_letter(ledger: Ledger, database_url: str) -> None:
    drafts = [
        draft(address=f"a{n // 2}@x.example", day=f"2016-09-{n % 2 + 1:02}") for n in range(80)
    ]
    ledger.queue(drafts, NOW)

    def send(_: int) -> list[str]:
        keys = []
        with closing(Ledger(database_url)) as own:
            while parcels := own.post.claim(NOW, HOLD, limit=3):
                for parcel in parcels:
                    assert len(parcel.letters) == 2
                    keys += [letter.key for letter in parcel.letters]
                    own.post.sent(parcel, NOW)
        return keys

    with ThreadPoolExecutor(6) as pool:
        keys = [key for sender in pool.map(send, range(6)) for key in sender]
    assert Counter(keys) == dict.fromkeys((d.key for d in drafts), 1)
    assert set(statuses(ledger)) == {LetterStatus.SENT}


def test_senders_at_once_do_not_part_an_expired_parcel(ledger: Ledger, database_url: str) -> None:
    ledger.queue([draft(agency=f"so-{n}") for n in range(60)], NOW)
    before = contents(claimed(ledger))

    def take(_: int) -> list[tuple[str, list[str]]]:
        with closing(Ledger(database_url)) as own:
            return contents(own.post.claim(NOW + HOLD, HOLD))

    with ThreadPoolExecutor(6) as pool:
        taken = [parcel for sender in pool.map(take, range(6)) for parcel in sender]
    assert taken == before


def test_a_claim_that_ran_out_comes_back_as_the_same_parcel(ledger: Ledger) -> None:
    ledger.queue([draft(agency="so-y-te"), draft(agency="chi-cuc")], NOW)
    before = claimed(ledger)
    ledger.queue([draft(agency="trung-tam")], NOW + SECOND)
    last_moment = HOLD.total_seconds() - 0.001
    (newer,) = claimed(ledger, last_moment)
    assert [letter.agency for letter in newer.letters] == ["trung-tam"]
    again = claimed(ledger, HOLD.total_seconds())
    assert contents(again) == contents(before)
    assert [letter.attempts for letter in again[0].letters] == [1, 1]


def test_a_sent_letter_never_goes_out_again(ledger: Ledger) -> None:
    ledger.queue([draft()], NOW)
    (parcel,) = claimed(ledger)
    ledger.post.sent(parcel, NOW + SECOND)
    assert ledger.queue([draft()], NOW + SECOND) == 0
    assert claimed(ledger, 10**7) == []
    (letter,) = ledger.post.letters()
    assert (letter.status, letter.sent_at) == (LetterStatus.SENT, NOW + SECOND)


def test_a_postponed_parcel_waits_and_comes_back_the_same(ledger: Ledger) -> None:
    ledger.queue([draft(agency="so-y-te"), draft(agency="chi-cuc")], NOW)
    (parcel,) = before = claimed(ledger)
    ledger.post.postponed(parcel, NOW + 60 * SECOND, "450 mailbox busy")
    ledger.queue([draft(agency="trung-tam")], NOW)
    (newer,) = claimed(ledger, 59)
    assert [letter.agency for letter in newer.letters] == ["trung-tam"]
    (again,) = claimed(ledger, 60)
    assert contents([again]) == contents(before)
    assert [(letter.attempts, letter.error) for letter in again.letters] == [
        (1, "450 mailbox busy")
    ] * 2
    ledger.post.sent(again, NOW)
    assert ledger.post.letters()[0].error is None


def test_a_failed_letter_is_not_tried_again(ledger: Ledger) -> None:
    ledger.queue([draft()], NOW)
    (parcel,) = claimed(ledger)
    ledger.post.failed(parcel, "550 no such mailbox")
    (letter,) = ledger.post.letters(status="failed")
    assert letter.error == "550 no such mailbox"
    assert claimed(ledger, 10**7) == []


def test_a_letter_nobody_needs_leaves_its_parcel(ledger: Ledger) -> None:
    ledger.queue([draft(agency="so-y-te"), draft(agency="chi-cuc")], NOW)
    (parcel,) = claimed(ledger)
    ledger.post.moot(parcel.letters[:1], "the report has been accepted")
    (again,) = claimed(ledger, HOLD.total_seconds())
    assert again.message_id == parcel.message_id
    assert [letter.agency for letter in again.letters] == ["chi-cuc"]
    ledger.post.sent(again, NOW)
    assert statuses(ledger) == [LetterStatus.MOOT, LetterStatus.SENT]


def test_a_slow_sender_does_not_undo_what_the_next_one_did(ledger: Ledger) -> None:
    ledger.queue([draft()], NOW)
    (slow,) = claimed(ledger)
    (quick,) = claimed(ledger, HOLD.total_seconds())
    ledger.post.postponed(slow, NOW, "timed out")
    ledger.post.failed(slow, "timed out")
    assert statuses(ledger) == [LetterStatus.CLAIMED]
    ledger.post.sent(quick, NOW + HOLD)
    ledger.post.postponed(slow, NOW, "timed out")
    ledger.post.failed(slow, "timed out")
    ledger.post.moot(slow.letters, "accepted")
    ledger.post.sent(slow, NOW + 2 * HOLD)
    (letter,) = ledger.post.letters()
    assert (letter.status, letter.sent_at) == (LetterStatus.SENT, NOW + HOLD)


def test_a_parcel_that_got_through_late_counts_as_sent(ledger: Ledger) -> None:
    ledger.queue([draft()], NOW)
    (slow,) = claimed(ledger)
    (quick,) = claimed(ledger, HOLD.total_seconds())
    ledger.post.sent(slow, NOW + HOLD)
    ledger.post.postponed(quick, NOW + 2 * HOLD, "connection lost")
    assert statuses(ledger) == [LetterStatus.SENT]
