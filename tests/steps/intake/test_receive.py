"""What becomes of a file: kept first, judged, recorded, answered; never lost, never twice."""

import hashlib
import io
import os
import pkgutil
import random
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kybaocao.adapters.archive import ArchiveFullError
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.figures import Figures
from kybaocao.demo.officer import forgotten, wrong_sum
from kybaocao.rules.cycle.standing import State, Verdict
from kybaocao.rules.form.form import Form
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide.triage import give_back, reject
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import IntakeReport, Receipt, collect, plain_name, receive
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import Standpoint, standings
from kybaocao.steps.view.status import overview
from tests.steps.conftest import FORWARDED, QUARTERLY, REGIME, at, drop, killed, workbook
from tests.workbook_cases import with_macro


@pytest.fixture(autouse=True)
def opened(office: Office) -> None:
    advance(office, REGIME, QUARTERLY, at("2016-08-23"))


def changed(data: bytes) -> bytes:
    """Return a workbook of the same contents in other bytes."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as book:
        book.comment = b"again"
    return stream.getvalue()


def take_in(office: Office, day: str = "2016-09-12", hour: str = "09:15") -> IntakeReport:
    return collect(office, at(day, hour), at(day, hour))


def answers(office: Office, *kinds: str) -> list[str]:
    return [x.kind for x in office.ledger.post.letters() if x.kind in kinds]


def waiting(office: Office) -> list[Path]:
    return [p for p in office.inbox.folder.rglob("*") if p.is_file()]


def test_a_good_report_is_accepted_and_receipted(office: Office) -> None:
    data = workbook(office, "so-tu-phap")
    drop(office, "bao cao.xlsx", data)
    (receipt,) = take_in(office).receipts
    assert receipt.submission.verdict is Verdict.ACCEPTED
    assert receipt.submission.sha256 == hashlib.sha256(data).hexdigest()
    assert office.archive.get(receipt.submission.sha256) == data
    assert answers(office, "receipt", "returned") == ["receipt"]
    assert waiting(office) == []


def test_a_faulty_report_comes_back_marked(office: Office, catcher: MailCatcher) -> None:
    drop(office, "bao cao.xlsx", workbook(office, "so-tu-phap", spoil=wrong_sum))
    (receipt,) = take_in(office).receipts
    assert receipt.submission.verdict is Verdict.RETURNED
    assert [f.code for f in receipt.judged.findings] == ["sum-mismatch"]
    send_letters(office, lambda: at("2016-09-12", "09:20"))
    letter = next(
        m
        for m in catcher.messages
        if any(m.iter_attachments()) and "trả lại" in str(m["Subject"]).lower()
    )
    attached = next(letter.iter_attachments())
    assert attached.get_filename() == "bao cao_can-sua.xlsx"
    marked = load_workbook(io.BytesIO(attached.get_payload(decode=True)))  # type: ignore[arg-type]
    finding = receipt.judged.findings[0]
    assert marked[finding.sheet][finding.cell].comment is not None


def test_a_corrected_report_is_version_two_and_counts(office: Office) -> None:
    drop(office, "lan 1.xlsx", workbook(office, "so-tu-phap", spoil=forgotten))
    take_in(office, "2016-09-12")
    drop(office, "lan 2.xlsx", workbook(office, "so-tu-phap"))
    (receipt,) = take_in(office, "2016-09-16").receipts
    assert receipt.submission.version == 2
    standing = next(s.standing for s in standings(office, at("2016-09-17"), agency="so-tu-phap"))
    assert standing.state is State.ACCEPTED, "the regime counts the first version's arrival"


def test_the_latest_accepted_version_counts_even_after_a_faulty_one(office: Office) -> None:
    drop(office, "1.xlsx", workbook(office, "so-tu-phap"))
    take_in(office)
    drop(office, "2.xlsx", workbook(office, "so-tu-phap", spoil=forgotten))
    take_in(office)
    (found,) = standings(office, at("2016-09-13"), agency="so-tu-phap")
    assert found.accepted is not None
    assert (found.accepted.version, len(found.versions)) == (1, 2)


def test_the_same_bytes_twice_are_one_submission(office: Office) -> None:
    data = workbook(office, "so-tu-phap")
    drop(office, "a.xlsx", data)
    drop(office, "b.xlsx", data)
    receipts = take_in(office).receipts
    assert sorted(r.is_repeat for r in receipts) == [False, True]
    assert all(r.judged.verdict is Verdict.ACCEPTED for r in receipts)
    assert (
        len(
            (receipts[0].owed and office.ledger.versions([receipts[0].owed])[receipts[0].owed.id])
            or []
        )
        == 1
    )
    assert answers(office, "receipt") == ["receipt"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("rong.xlsx", b"", "rỗng"),
        ("anh.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "ảnh"),
        ("bao-cao.xlsx", b"%PDF-1.7\n" + b"0" * 100, "PDF"),
        ("hong.xlsx", b"PK\x03\x04" + b"\0" * 100, ""),
    ],
    ids=["empty", "picture", "pdf", "truncated"],
)
def test_what_cannot_be_read_waits_for_a_person(
    office: Office, name: str, data: bytes, says: str
) -> None:
    drop(office, name, data)
    (receipt,) = take_in(office).receipts
    assert receipt.submission.verdict is Verdict.UNREADABLE
    assert says in receipt.judged.findings[0].action
    assert office.archive.get(receipt.submission.sha256) == data
    assert waiting(office) == []
    assert answers(office, "unreadable") == ["unreadable"]
    assert any(name in line for line in overview(office, at("2016-09-12")).waiting)


def test_a_workbook_of_a_period_that_is_not_open_waits_for_a_person(office: Office) -> None:
    drop(office, "quy 4.xlsx", workbook(office, "so-tu-phap", "2016-Q4"))
    (receipt,) = take_in(office).receipts
    assert receipt.judged.findings[0].code == "not-owed"
    assert [s.file_name for s in office.ledger.unknown()] == ["quy 4.xlsx"]
    told = {x.address for x in office.ledger.post.letters(kind="unreadable")}
    assert told == {
        "vanthu@so-noi-vu.quang-nam.example",
        "vanthu@so-tu-phap.quang-nam.example",
    }


def test_the_letter_calls_unreadable_what_is(office: Office, catcher: MailCatcher) -> None:
    drop(office, "quy 4.xlsx", workbook(office, "so-tu-phap", "2016-Q4"))
    drop(office, "quet.pdf", b"%PDF-1.7")
    take_in(office)
    send_letters(office, lambda: at("2016-09-12", "10:00"))
    subjects = {str(m["Subject"]) for m in catcher.messages}
    assert "[CCHC] Không đọc được tệp: quet.pdf" in subjects
    assert "[CCHC] Chưa ghi nhận được tệp: quy 4.xlsx" in subjects


def test_received_is_when_the_file_was_complete_and_not_when_it_was_read(office: Office) -> None:
    """In time is what lay whole in the folder before midnight, however late the run."""
    drop(office, "a.xlsx", workbook(office, "so-tu-phap"))
    complete = (office.inbox.folder / "a.xlsx").stat().st_ctime
    time.sleep(0.05)
    (receipt,) = collect(office, at("2030-01-01")).receipts
    assert receipt.submission.received_at.timestamp() == pytest.approx(complete, abs=0.001)
    assert receipt.submission.recorded_at == at("2030-01-01")


def test_numbers_typed_the_vietnamese_way_are_right(office: Office) -> None:
    def typed(form: Form, figures: Figures) -> None:
        figures["HS-01", "done"] = "1.234"  # type: ignore[assignment]
        figures["HS-02", "done"] = "1 200"  # type: ignore[assignment]
        figures["HS-03", "done"] = "34"  # type: ignore[assignment]
        for code, value in (("HS-01", 1234), ("HS-02", 1200), ("HS-03", 34)):
            figures[code, "cumulative"] = value * 3

    drop(office, "a.xlsx", workbook(office, "so-tu-phap", spoil=typed))
    (receipt,) = take_in(office).receipts
    assert receipt.submission.verdict is Verdict.ACCEPTED, receipt.judged.findings
    values = {(f.row, f.column): f.value for f in receipt.judged.figures}
    assert values["HS-01", "done"] == 1234
    assert values["HS-04", "done"] == pytest.approx(100 * 1200 / 1234)


def test_a_full_archive_acknowledges_nothing_and_loses_nothing(office: Office) -> None:
    drop(office, "a.xlsx", workbook(office, "so-tu-phap"))
    office.archive.folder.rename(office.archive.folder.with_name("away"))
    office.archive.folder.write_text("in the way")
    with pytest.raises(ArchiveFullError, match="Chưa lưu được tệp"):
        take_in(office)
    assert [p.name for p in waiting(office)] == ["a.xlsx"]
    office.archive.folder.unlink()
    office.archive.folder.with_name("away").rename(office.archive.folder)
    assert take_in(office).receipts[0].submission.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\nb.xlsx", "C:\\x\\báo cáo.xlsx", "‮slx.exe", "", "a" * 300]
)
def test_a_senders_name_is_only_ever_text(name: str) -> None:
    plain = plain_name(name)
    assert plain
    assert "/" not in plain and "\\" not in plain and plain.isprintable() and len(plain) <= 200


def kills() -> Iterator[tuple[str, str, int]]:
    """Yield random moments of intake, as many as `make soak` asks for."""
    chance = random.Random(11)  # noqa: S311
    for _ in range(int(os.environ.get("KYBAOCAO_TEST_KILLS", "0"))):
        call = chance.choice(("put", "record", "done"))
        yield chance.choice(("before", "after")), call, chance.randint(1, 4)


@pytest.mark.parametrize(
    ("when", "call", "count"),
    [
        *kills(),
        ("after", "take", 1),
        ("before", "put", 2),
        ("after", "put", 2),
        ("before", "record", 2),
        ("after", "record", 2),
        ("before", "done", 3),
        ("after", "done", 3),
    ],
)
def test_intake_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    office: Office, when: str, call: str, count: int
) -> None:
    """After kill -9 and a second run each file is one submission with one answer."""
    files = {
        "tot.xlsx": workbook(office, "so-tu-phap"),
        "loi.xlsx": workbook(office, "so-tai-chinh", spoil=forgotten),
        "tot 2.xlsx": workbook(office, "ubnd-tam-ky"),
        "hong.xlsx": b"PK\x03\x04",
    }
    for name, data in files.items():
        drop(office, name, data)
    killed(office, "collect", at("2016-09-12", "09:15"), when, call, count)
    take_in(office)
    assert waiting(office) == []
    found = standings(office, at("2016-09-13"))
    submissions = [v for s in found for v in s.versions] + office.ledger.unknown()
    assert sorted(v.sha256 for v in submissions) == sorted(
        hashlib.sha256(data).hexdigest() for data in files.values()
    )
    assert all(office.archive.get(v.sha256) for v in submissions)
    assert Counter(answers(office, "receipt", "returned", "unreadable")) == {
        "receipt": 2,
        "returned": 1,
        "unreadable": 1,
    }


def test_a_cumulative_figure_that_does_not_go_on_is_a_warning(office: Office) -> None:
    """Figures of the last accepted period stand beside the new ones."""
    drop(office, "quy 3.xlsx", workbook(office, "so-tu-phap"))
    take_in(office)
    advance(office, REGIME, QUARTERLY, at("2016-11-23"))

    def restarted(form: Form, figures: Figures) -> None:
        for code in ("HS-01", "HS-02", "HS-03"):
            figures[code, "cumulative"] = figures[code, "done"]

    drop(office, "quy 4 dung.xlsx", workbook(office, "so-tu-phap", "2016-Q4"))
    (right,) = take_in(office, "2016-12-12").receipts
    assert right.submission.verdict is Verdict.ACCEPTED
    assert right.judged.findings == ()
    again, came = workbook(office, "so-tu-phap", "2016-Q4", spoil=restarted), at("2016-12-12")
    odd = receive(office, Incoming(again, "quy 4 lai.xlsx", "hand", came, "Sửa lũy kế"), came)
    assert odd.submission.verdict is Verdict.ACCEPTED, "a warning travels on"
    assert {f.code for f in odd.judged.findings} == {"cumulative-gap"}
    assert [f.code for f in office.ledger.findings(odd.submission.id)] == ["cumulative-gap"] * 3


def test_a_file_that_cannot_be_opened_stops_no_other(office: Office) -> None:
    drop(office, "tot.xlsx", workbook(office, "so-tu-phap"))
    stuck = office.inbox.folder / ".taken" / "1473645600000000000-7" / "khoa.xlsx"
    stuck.mkdir(parents=True)
    report = take_in(office)
    assert [r.submission.verdict for r in report.receipts] == [Verdict.ACCEPTED]
    assert [one.name for one in report.aside] == ["khoa.xlsx"]
    assert any("khoa.xlsx" in line for line in overview(office, at("2016-09-12")).waiting)


def test_every_bad_thing_in_the_folder_is_named_and_the_good_ones_come_in(office: Office) -> None:
    os.mkfifo(office.inbox.folder / "ong.xlsx")
    (office.inbox.folder / "lien ket.xlsx").symlink_to("/etc/hostname")
    with (office.inbox.folder / "lon.xlsx").open("wb") as file:
        file.truncate(office.inbox.largest + 1)
    drop(office, os.fsdecode(b"b\xe1o c\xe1o.xlsx"), workbook(office, "so-tu-phap"))
    for _ in range(2):
        report = take_in(office)
        assert {one.name for one in report.aside} == {"ong.xlsx", "lien ket.xlsx", "lon.xlsx"}
    (stands,) = standings(office, at("2016-09-13"), agency="so-tu-phap")
    assert stands.accepted is not None
    told = "\n".join(overview(office, at("2016-09-12")).waiting)
    assert "ong.xlsx" in told and "lớn hơn 50 MB" in told
    events = office.ledger.events(act="set-aside")
    assert sorted(e.detail["file"] for e in events) == ["lien ket.xlsx", "lon.xlsx", "ong.xlsx"]


@pytest.mark.parametrize("place", ["receive.judge", "receive.against_earlier", "settle.answers_to"])
def test_a_file_at_which_our_own_code_fails_waits_and_the_others_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    bad, good = workbook(office, "so-tu-phap"), workbook(office, "so-tai-chinh")
    module, _, name = place.partition(".")
    where = f"kybaocao.steps.intake.{module}.{name}"
    real, failed = pkgutil.resolve_name(where), []

    def failing(*given: Any) -> Any:
        is_bad = any(one == bad or getattr(one, "sha256", "") == sha for one in given)
        if (is_bad or sha in given) and not failed:
            failed.append(place)
            raise RecursionError("maximum recursion depth exceeded")
        return real(*given)

    sha = hashlib.sha256(bad).hexdigest()
    monkeypatch.setattr(where, failing)
    drop(office, "a.xlsx", bad)
    drop(office, "b.xlsx", good)
    found = {r.file_name: r for r in take_in(office).receipts}
    assert found["b.xlsx"].submission.verdict is Verdict.ACCEPTED
    assert found["a.xlsx"].submission.verdict is Verdict.UNREADABLE
    assert [f.code for f in found["a.xlsx"].judged.findings] == ["not-judged"]
    assert [s.file_name for s in office.ledger.unknown()] == ["a.xlsx"]
    assert office.archive.get(sha) == bad
    assert waiting(office) == []


def test_a_file_that_found_its_report_later_waits_no_more(office: Office) -> None:
    data = workbook(office, "so-tu-phap", "2016-Q4")
    drop(office, "som.xlsx", data)
    take_in(office)
    assert len(office.ledger.unknown()) == 1
    advance(office, REGIME, QUARTERLY, at("2016-11-23"))
    drop(office, "lai.xlsx", data)
    take_in(office, "2016-11-24")
    assert office.ledger.unknown() == []


@pytest.mark.parametrize(("day", "says"), [("2016-09-14", "đúng hạn"), ("2016-09-16", "quá hạn")])
def test_the_receipt_says_whether_the_report_was_in_time(
    office: Office, catcher: MailCatcher, day: str, says: str
) -> None:
    drop(office, "a.xlsx", workbook(office, "so-tu-phap"))
    take_in(office, day)
    send_letters(office, lambda: at(day, "10:00"))
    receipt = next(m for m in catcher.messages if "Đã nhận" in str(m["Subject"]))
    text = receipt.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert says in text.lower()
    assert {"đúng hạn": "quá hạn", "quá hạn": "đúng hạn"}[says] not in text.lower()


def test_who_sent_a_file_is_on_record(office: Office) -> None:
    now, address = at("2016-09-12"), "vanthu@so-tu-phap.quang-nam.example"
    data = workbook(office, "so-tu-phap")
    one = receive(
        office, Incoming(data, "a.xlsx", "portal", now, sender="so-tu-phap", actor=address), now
    )
    assert one.submission.verdict is Verdict.ACCEPTED
    assert one.submission.sender == address
    (event,) = office.ledger.events(act="receive")
    assert event.actor == address
    other = workbook(office, "so-tai-chinh")
    by_folder = receive(office, Incoming(other, "b.xlsx", "folder", now), now)
    assert by_folder.submission.sender == ""


def test_a_sender_hears_of_a_file_that_is_not_theirs_and_its_agency_does_not(
    office: Office,
) -> None:
    now, data = at("2016-09-12"), workbook(office, "so-tai-chinh")
    got = receive(office, Incoming(data, "a.xlsx", "portal", now, sender="so-tu-phap"), now)
    assert got.judged.findings[0].code == "wrong-sender"
    told = {x.address for x in office.ledger.post.letters(kind="unreadable")}
    assert told == {
        "vanthu@so-noi-vu.quang-nam.example",
        "vanthu@so-tu-phap.quang-nam.example",
    }


def test_a_repeat_says_what_became_of_the_file(office: Office) -> None:
    now, data = at("2016-09-12"), workbook(office, "so-tu-phap", spoil=forgotten)
    receive(office, Incoming(data, "a.xlsx", "hand", now), now)
    again = receive(office, Incoming(data, "b.xlsx", "hand", now), now)
    whose = f"{REGIME}/{QUARTERLY}/2016-Q3/so-tu-phap"
    assert again.summary == f"b.xlsx: trùng tệp đã gửi trước đó (lần 1, {whose}: trả lại)"


def sent(office: Office, data: bytes, reason: str = "", hour: str = "09:00") -> Receipt:
    time = at("2016-09-12", hour)
    return receive(office, Incoming(data, "bc.xlsx", "portal", time, reason), time)


def stood(office: Office) -> Standpoint:
    (found,) = standings(office, at("2016-09-13"), agency="so-tu-phap", duty=QUARTERLY)
    return found


def given_back(office: Office, reason: str = "Số liệu tăng gấp mười") -> None:
    give_back(office, stood(office).owed, reason, "operator", at("2016-09-12", "10:00"))


def test_a_version_returned_for_its_reason_alone_counts_once_the_reason_is_given(
    office: Office,
) -> None:
    """The same bytes with the reason are another act, and a version of their own."""
    first = workbook(office, "so-tu-phap")
    assert sent(office, first).submission.verdict is Verdict.ACCEPTED
    second = changed(first)
    returned = sent(office, second)
    assert [f.code for f in returned.judged.findings if f.is_blocking] == ["needs-reason"]
    assert sent(office, second).is_repeat
    counts = sent(office, second, "Đã đối chiếu lại")
    assert not counts.is_repeat
    assert (counts.submission.version, counts.submission.reason) == (3, "Đã đối chiếu lại")
    assert stood(office).accepted == counts.submission
    assert sent(office, second, "Đã đối chiếu lại").is_repeat


def test_the_file_before_the_last_counts_again_when_it_is_sent_again(office: Office) -> None:
    """Not the bytes decide what is a repeat, but whether they are what counts."""
    right = workbook(office, "so-tu-phap")
    slip = changed(right)
    sent(office, right)
    sent(office, slip, "Cập nhật số liệu")
    silent = sent(office, right)
    assert [f.code for f in silent.judged.findings] == ["needs-reason"]
    counts = sent(office, right, "Bản trước là nhầm")
    assert not counts.is_repeat
    assert stood(office).accepted == counts.submission
    assert (counts.submission.version, counts.submission.reason) == (4, "Bản trước là nhầm")
    assert counts.submission.sha256 == hashlib.sha256(right).hexdigest()
    assert sent(office, right).is_repeat


def test_after_the_last_file_is_given_back_the_one_before_it_counts_when_sent_again(
    office: Office,
) -> None:
    right = workbook(office, "so-tu-phap")
    sent(office, right)
    sent(office, changed(right), "Cập nhật số liệu")
    given_back(office)
    assert stood(office).accepted is None, "what it replaced must not count by itself"
    counts = sent(office, right)
    assert not counts.is_repeat
    assert stood(office).accepted == counts.submission


def test_a_file_given_back_on_a_doubt_counts_when_it_is_explained(office: Office) -> None:
    right = workbook(office, "so-tu-phap")
    sent(office, right)
    given_back(office)
    silent = sent(office, right, hour="11:00")
    assert silent.is_repeat
    assert silent.submission.verdict is Verdict.RETURNED
    other = sent(office, workbook(office, "so-tu-phap", spoil=forgotten), hour="11:10")
    assert other.submission.verdict is Verdict.RETURNED
    assert sent(office, right, hour="11:20").is_repeat, "another file between says nothing of it"
    counts = sent(office, right, "Đúng: có đợt cấp lại hàng loạt", hour="11:30")
    assert not counts.is_repeat
    assert stood(office).accepted == counts.submission
    assert counts.submission.reason == "Đúng: có đợt cấp lại hàng loạt"


def test_a_repeat_is_in_the_log_and_is_answered_with_what_is_true(office: Office) -> None:
    """The sender's last letter says how the report stands, whatever was sent in between."""
    right = workbook(office, "so-tu-phap")
    slip = changed(right)

    def last() -> tuple[str, int | None]:
        letter = office.ledger.post.letters(agency="so-tu-phap")[-1]
        return letter.kind, letter.submission_id

    one = sent(office, right)
    two = sent(office, slip, "Cập nhật số liệu")
    assert last() == ("receipt", two.submission.id)
    three = sent(office, right, hour="09:30")
    assert last() == ("returned", three.submission.id), "it lacks its reason"
    sent(office, slip, hour="09:40")
    assert last() == ("receipt", two.submission.id)
    sent(office, right, hour="09:50")
    assert last() == ("returned", three.submission.id)
    sent(office, slip, hour="09:55")
    assert last() == ("receipt", two.submission.id)
    told = len(office.ledger.post.letters())
    sent(office, slip, hour="09:56")
    assert len(office.ledger.post.letters()) == told, "the day's last letter says so already"
    subjects = [e.subject for e in office.ledger.events(act="receive-again")]
    repeats = [two, three, two, two]
    assert subjects == [f"submission/{receipt.submission.id}" for receipt in repeats]
    given_back(office)
    sent(office, slip, hour="10:10")
    assert last() == ("returned", two.submission.id)
    assert one.submission.id not in {two.submission.id, three.submission.id}


def test_a_reason_written_into_a_file_that_counted_before_says_nothing_of_today(
    office: Office,
) -> None:
    first = workbook(office, "so-tu-phap")
    sent(office, first)
    book = load_workbook(io.BytesIO(first))
    sheet = book["2. Nội dung"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "ND-03")
    sheet.cell(row, 3).value = "Sửa số hồ sơ"
    buffer = io.BytesIO()
    book.save(buffer)
    with_reason = buffer.getvalue()
    assert sent(office, with_reason).submission.reason == "Sửa số hồ sơ"
    sent(office, changed(first), "Số mới")
    again = sent(office, with_reason)
    assert [f.code for f in again.judged.findings if f.is_blocking] == ["needs-reason"]


def test_a_rejected_file_that_comes_again_waits_again(office: Office) -> None:
    scan = b"%PDF-1.7"
    first = sent(office, scan)
    assert sent(office, scan).is_repeat
    assert [s.id for s in office.ledger.unknown()] == [first.submission.id]
    reject(office, first.submission.id, "không phải báo cáo", "operator", at("2016-09-12"))
    again = sent(office, scan, hour="10:00")
    assert not again.is_repeat
    assert [s.id for s in office.ledger.unknown()] == [again.submission.id]


def test_a_dropped_file_taken_in_again_after_a_crash_is_the_same_act(office: Office) -> None:
    """Recorded, but not yet removed when its run died; meanwhile another version came."""
    right = workbook(office, "so-tu-phap")
    drop(office, "bc.xlsx", right)
    killed(office, "collect", at("2016-09-12", "08:00"), "after", "record", 1)
    sent(office, changed(right), "Cập nhật số liệu")
    (receipt,) = take_in(office).receipts
    assert (receipt.submission.version, receipt.is_repeat) == (1, False)
    assert len(stood(office).versions) == 2
    drop(office, "bc.xlsx", right)
    (receipt,) = take_in(office).receipts
    assert [f.code for f in receipt.judged.findings] == ["needs-reason"], "a new act"
    assert len(stood(office).versions) == 3


def test_a_repeat_from_the_folder_stays_one_after_a_crash(office: Office) -> None:
    right = workbook(office, "so-tu-phap")
    sent(office, right)
    drop(office, "bc.xlsx", right)
    killed(office, "collect", at("2016-09-12", "09:10"), "before", "done", 1)
    sent(office, changed(right), "Cập nhật số liệu", hour="09:20")
    (receipt,) = take_in(office).receipts
    assert (receipt.submission.version, receipt.is_repeat) == (1, True)
    assert len(stood(office).versions) == 2
    assert len(office.ledger.events(act="receive-again")) == 1


def test_a_report_that_is_forwarded_whole_must_hold_no_macro(office: Office) -> None:
    advance(office, REGIME, FORWARDED, at("2016-12-12"))
    now, data = at("2016-12-20"), workbook(office, FORWARDED, "2016", duty=FORWARDED)
    got = receive(office, Incoming(with_macro(data), "bc.xlsm", "hand", now), now)
    assert got.submission.verdict is Verdict.RETURNED
    assert got.judged.findings[0].code == "holds-code"
    assert answers(office, "delivery", "returned") == ["returned"]
    assert (
        receive(office, Incoming(data, "bc.xlsx", "hand", now), now).submission.verdict
        is Verdict.ACCEPTED
    )
    (letter,) = office.ledger.post.letters(kind="delivery")
    assert letter.attachment_sha256 == hashlib.sha256(data).hexdigest()


def test_a_report_that_is_consolidated_may_hold_a_macro(office: Office) -> None:
    drop(office, "bc.xlsm", with_macro(workbook(office, "so-tu-phap")))
    assert take_in(office).receipts[0].submission.verdict is Verdict.ACCEPTED


def test_thirty_versions_at_once_are_numbered_without_gaps(office: Office) -> None:
    owed = office.ledger.find_owed(REGIME, QUARTERLY, "2016-Q3", "so-tu-phap")
    assert owed is not None
    now, data = at("2016-09-12"), workbook(office, "so-tu-phap")

    def sent(number: int) -> Receipt:
        buffer = io.BytesIO(data)
        with zipfile.ZipFile(buffer, "a") as made:
            made.comment = str(number).encode()
        return receive(
            office, Incoming(buffer.getvalue(), f"{number}.xlsx", "hand", now, "sửa"), now
        )

    with ThreadPoolExecutor(30) as threads:
        receipts = list(threads.map(sent, range(30)))
    assert sorted(r.submission.version for r in receipts) == list(range(1, 31))
    versions = office.ledger.versions([owed])[owed.id]
    assert [v.version for v in versions] == list(range(1, 31))
    assert len(answers(office, "receipt")) == 30


def test_of_thirty_at_once_without_a_reason_one_counts(office: Office) -> None:
    """None takes the place of an accepted version without a word, however close they come."""
    data = workbook(office, "so-tu-phap")

    def numbered(number: int) -> Receipt:
        buffer = io.BytesIO(data)
        with zipfile.ZipFile(buffer, "a") as made:
            made.comment = str(number).encode()
        return sent(office, buffer.getvalue())

    with ThreadPoolExecutor(12) as threads:
        receipts = list(threads.map(numbered, range(30)))
    assert Counter(r.submission.verdict for r in receipts) == {
        Verdict.ACCEPTED: 1,
        Verdict.RETURNED: 29,
    }
    assert [v.version for v in stood(office).versions] == list(range(1, 31))
    assert stood(office).versions[0].verdict is Verdict.ACCEPTED
    assert Counter(answers(office, "receipt", "returned")) == {"receipt": 1, "returned": 29}


def test_of_thirty_times_the_same_file_at_once_one_is_a_version(office: Office) -> None:
    data = workbook(office, "so-tu-phap")
    with ThreadPoolExecutor(12) as threads:
        receipts = list(threads.map(lambda _: sent(office, data), range(30)))
    assert sum(not r.is_repeat for r in receipts) == 1
    assert len(stood(office).versions) == 1
    assert len(office.ledger.events(act="receive-again")) == 29
    assert answers(office, "receipt", "returned") == ["receipt"]


def test_a_long_name_keeps_its_ending() -> None:
    assert plain_name("a" * 300 + ".xlsx").endswith(".xlsx")
