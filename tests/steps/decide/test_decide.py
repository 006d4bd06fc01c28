"""What people decide changes what is due: more time, no report, a report out of turn."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from kybaocao.adapters.ledger import LetterStatus
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.rules.calendar.period import Period, Window
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.request import Request
from kybaocao.rules.cycle.standing import State
from kybaocao.rules.cycle.waiver import Waiver
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance, unscheduled
from kybaocao.steps.decide import grants, requests
from kybaocao.steps.decide.grants import DecisionError, Word
from kybaocao.steps.intake.receive import collect
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import Standpoint, counts, standings
from kybaocao.steps.view.status import overview
from tests.steps.conftest import QUARTERLY, REGIME, SMALL, at, drop, workbook

ASKED = """
  - id: dot-xuat
    name: Báo cáo đột xuất
    clause: Điều 1
    stated: đột xuất
    reporters: {levels: [so, huyen], without: [so-noi-vu]}
    recipient: so-noi-vu
    handling: consolidate
    every: request
    deadline: {requested: true}
    form: ngan
"""
OPENING, LAST_DAY, AFTER = "2016-08-23", "2016-09-14", "2016-09-15"
Q3 = Period.parse("2016-Q3")
WORD = Word("Mất điện do bão", "Giám đốc Sở Nội vụ")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The small office, whose regime knows reports on request."""
    folder = tmp_path / "home"
    shutil.copytree(SMALL / "config", folder / "config")
    (folder / "templates").symlink_to(SMALL.parent.parent / "templates")
    regime = folder / "config" / "regimes" / REGIME / "regime.yaml"
    regime.write_text(regime.read_text(encoding="utf-8").rstrip() + ASKED, encoding="utf-8")
    return folder


def carry(office: Office, day: str, duty: str = QUARTERLY) -> str:
    return advance(office, REGIME, duty, at(day)).summary


def send(office: Office, day: str) -> str:
    return send_letters(office, lambda: at(day, "07:05")).summary


def extend(office: Office, until: str, day: str = "2016-09-13", word: Word = WORD) -> Waiver:
    regime, duty = office.duty(REGIME, QUARTERLY)
    last = date.fromisoformat(until)
    return grants.extend(office, regime, duty, Q3, "so-tu-phap", last, word, at(day))


def waive(office: Office, period: str | None, until: str | None, day: str = "2016-09-13") -> Waiver:
    regime, duty = office.duty(REGIME, QUARTERLY)
    of = Period.parse(period) if period else None
    last = date.fromisoformat(until) if until else None
    return grants.waive(office, regime, duty, of, "so-tu-phap", last, WORD, at(day))


def report_of(office: Office, agency: str) -> None:
    """Let an agency's report come in time."""
    drop(office, f"{agency}.xlsx", workbook(office, agency))
    collect(office, at("2016-09-12"), at("2016-09-12"))


def withdraw(office: Office, day: str) -> Waiver:
    regime, duty = office.duty(REGIME, QUARTERLY)
    word = Word("Ghi nhầm đơn vị", "Sở Nội vụ")
    return grants.withdraw(office, regime, duty, Q3, "so-tu-phap", word, at(day))


def ask(office: Office, day: str = "2016-10-03", **changes: object) -> tuple[Request, bool]:
    regime, duty = office.duty(REGIME, "dot-xuat")
    given: dict[str, object] = {
        "title": "Báo cáo rà soát hồ sơ quá hạn",
        "form": "ngan",
        "agencies": ("so-tu-phap", "ubnd-tam-ky"),
        "window": Window(date(2016, 1, 1), date(2016, 9, 30)),
        "last_day": date(2016, 10, 14),
        "word": Word("Công văn của Ủy ban nhân dân tỉnh", "Sở Nội vụ"),
        "now": at(day),
    }
    return requests.ask(office, regime, duty, **{**given, **changes})  # type: ignore[arg-type]


def stands(office: Office, day: str, agency: str = "so-tu-phap") -> Standpoint:
    (found,) = standings(office, at(day), agency=agency)
    return found


# More time


def test_an_extension_moves_the_deadline_of_one_report(office: Office) -> None:
    carry(office, OPENING)
    extend(office, "2016-09-20")
    assert stands(office, "2016-09-19").standing.state is State.WAITING
    assert stands(office, "2016-09-21").standing.state is State.OVERDUE
    assert stands(office, "2016-09-19", "so-tai-chinh").standing.state is State.OVERDUE


def test_who_has_more_time_is_told_and_reminded_by_the_new_deadline(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    send(office, OPENING)
    extend(office, "2016-09-20")
    send(office, "2016-09-13")
    told = catcher.messages[-1]
    assert told["To"] == "vanthu@so-tu-phap.quang-nam.example"
    assert "Hạn mới 20/9/2016" in told["Subject"]
    body = told.get_body(("plain",)).get_content()
    assert "gia hạn đến hết ngày 20/9/2016: Mất điện do bão (Giám đốc Sở Nội vụ)" in body
    carry(office, "2016-09-16")
    late = {x.agency for x in office.ledger.post.letters(kind="overdue")}
    assert late == {"so-tai-chinh", "ubnd-tam-ky"}
    carry(office, "2016-09-20")
    days = {x.rung.day for x in office.ledger.post.letters(kind="reminder", agency="so-tu-phap")}
    assert date(2016, 9, 20) in days


def test_more_time_than_the_ladder_of_the_rule_lasts_is_reminded_of_to_its_end(
    office: Office,
) -> None:
    carry(office, OPENING)
    extend(office, "2016-11-30")
    carry(office, "2016-11-30")
    carry(office, "2016-12-02")
    for kind, day in (("reminder", date(2016, 11, 30)), ("overdue", date(2016, 12, 2))):
        of = {"period": "2016-Q3", "agency": "so-tu-phap", "kind": kind}
        assert day in {x.rung.day for x in office.ledger.post.letters(**of)}


def test_a_report_within_the_extension_is_in_time(office: Office) -> None:
    carry(office, OPENING)
    extend(office, "2016-09-20")
    drop(office, "1.xlsx", workbook(office, "so-tu-phap"))
    collect(office, at("2016-09-20", "16:50"), at("2016-09-20", "16:50"))
    assert stands(office, "2016-09-21").standing.state is State.ACCEPTED


def test_the_same_extension_again_is_recorded_and_told_once(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    first = extend(office, "2016-09-20")
    assert extend(office, "2016-09-20", day="2016-09-14") == first
    assert len(office.ledger.post.letters(kind="granted")) == 1


def test_an_extension_cannot_shorten_and_needs_its_reason(office: Office) -> None:
    carry(office, OPENING)
    with pytest.raises(DecisionError, match="before 2016-09-14"):
        extend(office, "2016-09-13")
    with pytest.raises(DecisionError, match="needs its reason"):
        extend(office, "2016-09-20", word=Word(" ", "Giám đốc"))
    assert office.ledger.decisions.waivers() == []


def test_what_was_granted_before_the_period_opens_holds(office: Office) -> None:
    extend(office, "2016-09-20", day="2016-08-01")
    carry(office, OPENING)
    assert stands(office, "2016-09-19").standing.state is State.WAITING


def test_what_was_withdrawn_holds_no_more(office: Office) -> None:
    carry(office, OPENING)
    extend(office, "2016-09-20")
    withdraw(office, "2016-09-14")
    assert stands(office, "2016-09-16").standing.state is State.OVERDUE
    regime, duty = office.duty(REGIME, QUARTERLY)
    with pytest.raises(DecisionError, match="nothing was granted"):
        grants.withdraw(office, regime, duty, Q3, "so-tai-chinh", WORD, at("2016-09-14"))


def test_a_letter_on_what_is_overdue_does_not_leave_once_there_is_more_time(
    office: Office, catcher: MailCatcher
) -> None:
    """The extension is granted between planning and sending."""
    carry(office, OPENING)
    carry(office, "2016-09-19")
    extend(office, "2016-09-20", day="2016-09-19")
    send(office, "2016-09-19")
    letters = office.ledger.post.letters(agency="so-tu-phap")
    assert {x.kind for x in letters if x.status is LetterStatus.MOOT} == {
        *(Kind.OVERDUE, Kind.ESCALATION)
    }
    told = {m["To"] for m in catcher.messages if "Quá hạn" in m["Subject"]}
    assert told == {f"vanthu@{x}.quang-nam.example" for x in ("so-tai-chinh", "ubnd-tam-ky")}


def test_an_extension_alone_hands_nothing_over_again(office: Office) -> None:
    """A report that is still missing is missing, however long it may take."""
    carry(office, OPENING)
    report_of(office, "so-tai-chinh")
    carry(office, AFTER)
    extend(office, "2016-09-20", day=AFTER)
    for day in ("2016-09-16", "2016-09-21"):
        assert "tổng hợp" not in carry(office, day)
    assert len(office.ledger.post.letters(kind="delivery")) == 1


def test_a_period_that_the_duty_does_not_have_cannot_be_extended(office: Office) -> None:
    regime, duty = office.duty(REGIME, QUARTERLY)
    yearly = duty.model_copy(update={"id": "khac", "which": (1,), "replaces": QUARTERLY})
    with pytest.raises(DecisionError, match="has no period"):
        grants.extend(
            *(office, regime, yearly, Q3, "so-tu-phap"), date(2016, 9, 20), WORD, at(OPENING)
        )
    both = regime.model_copy(update={"duties": (duty, yearly)})
    first = Period.parse("2017-Q1")
    with pytest.raises(DecisionError, match="another report stands for"):
        grants.waive(office, both, duty, first, "so-tu-phap", None, WORD, at(OPENING))


# No report


def test_a_waived_report_is_not_missing_and_nobody_is_reminded(office: Office) -> None:
    carry(office, OPENING)
    waive(office, "2016-Q3", None)
    carry(office, "2016-09-16")
    assert {x.agency for x in office.ledger.post.letters(kind="overdue")} == {
        *("so-tai-chinh", "ubnd-tam-ky")
    }
    found = counts(standings(office, at("2016-09-16")))
    assert (found["total"], found["missing"], found["waived"]) == (2, 2, 1)
    # Nobody has reported, so nothing is handed over.
    assert office.ledger.consolidation(REGIME, QUARTERLY, "2016-Q3", "so-noi-vu") is None
    (shown,) = overview(office, at("2016-09-16")).terms
    assert shown.summary.endswith("còn thiếu 2; được miễn 1")


def test_a_waiver_until_a_day_spares_the_opening_letters_till_then(office: Office) -> None:
    waive(office, None, "2016-12-31", day="2016-08-01")
    carry(office, OPENING)
    opened = {x.agency for x in office.ledger.post.letters(kind="opening")}
    assert opened == {"so-tai-chinh", "ubnd-tam-ky"}
    assert stands(office, OPENING).standing.state is State.WAIVED


def test_who_was_waived_at_the_opening_gets_the_workbook_when_that_is_withdrawn(
    office: Office, catcher: MailCatcher
) -> None:
    waive(office, "2016-Q3", None, day="2016-08-01")
    carry(office, OPENING)
    first = withdraw(office, "2016-08-25")
    assert withdraw(office, "2016-08-26") == first
    (letter,) = office.ledger.post.letters(kind="opening", agency="so-tu-phap")
    assert letter.attachment_name == "bao-cao-quy_2016-Q3_so-tu-phap.xlsx"
    send(office, "2016-08-25")
    assert "vanthu@so-tu-phap.quang-nam.example" in {
        m["To"] for m in catcher.messages if list(m.iter_attachments())
    }


def test_a_withdrawn_waiver_is_handed_over_as_missing_again(office: Office) -> None:
    carry(office, OPENING)
    report_of(office, "so-tai-chinh")
    carry(office, AFTER)
    waive(office, "2016-Q3", None, day=AFTER)
    carry(office, "2016-09-16")
    withdraw(office, "2016-09-19")
    carry(office, "2016-09-19")
    made = office.ledger.consolidation(REGIME, QUARTERLY, "2016-Q3", "so-noi-vu")
    assert made is not None
    assert made.owed == 3
    assert len(office.ledger.post.letters(kind="delivery")) == 3


def test_a_term_is_titled_by_its_rule_and_more_time_stands_in_the_row(office: Office) -> None:
    carry(office, OPENING)
    extend(office, "2016-09-20")
    (shown,) = overview(office, at("2016-09-13")).terms
    assert shown.title.endswith("(hết ngày 14/09/2016)")
    (row,) = (row for row in shown.rows if row.code == "so-tu-phap")
    assert row.note.startswith("gia hạn đến hết ngày 20/9/2016")


def test_a_report_that_comes_although_it_was_waived_counts(office: Office) -> None:
    carry(office, OPENING)
    waive(office, "2016-Q3", None)
    drop(office, "1.xlsx", workbook(office, "so-tu-phap"))
    collect(office, at("2016-09-13"), at("2016-09-13"))
    assert stands(office, AFTER).standing.state is State.ACCEPTED


def test_only_who_owes_a_report_can_be_spared_it(office: Office) -> None:
    regime, duty = office.duty(REGIME, QUARTERLY)
    now = at("2016-09-13")
    for agency in ("so-noi-vu", "khong-co"):
        with pytest.raises(DecisionError, match=r"owes no|does not owe"):
            grants.waive(office, regime, duty, Q3, agency, None, WORD, now)
        with pytest.raises(DecisionError, match="does not owe"):
            grants.waive(office, regime, duty, None, agency, date(2016, 12, 31), WORD, now)
    with pytest.raises(DecisionError, match="one period, or until a day"):
        grants.waive(office, regime, duty, None, "so-tu-phap", None, WORD, now)
    with pytest.raises(DecisionError, match="has no period"):
        of = Period.parse("2016")
        grants.waive(office, regime, duty, of, "so-tu-phap", None, WORD, now)


# Out of turn


def test_a_request_opens_like_any_period(office: Office, catcher: MailCatcher) -> None:
    asked, is_new = ask(office)
    assert (asked.period.id, is_new) == ("2016-R1", True)
    assert carry(office, "2016-10-03", "dot-xuat") == "mở kỳ Lần 1 năm 2016 cho 2 đơn vị"
    send(office, "2016-10-03")
    opening = catcher.messages[-1]
    assert "Báo cáo rà soát hồ sơ quá hạn" in opening["Subject"]
    attached = next(opening.iter_attachments())
    assert attached.get_filename() == "dot-xuat_2016-R1_ubnd-tam-ky.xlsx"


def test_a_request_opens_neither_before_it_was_made_nor_a_year_after_its_end(
    office: Office,
) -> None:
    ask(office)
    for day in ("2016-10-02", "2017-11-01"):
        assert carry(office, day, "dot-xuat") == "không có việc gì phải làm"
    office.settings.active[REGIME] = date(2016, 10, 15)
    assert carry(office, "2016-10-16", "dot-xuat") == "không có việc gì phải làm"
    assert office.ledger.owed() == []


def test_a_requested_report_is_received_and_consolidated(office: Office) -> None:
    ask(office)
    carry(office, "2016-10-03", "dot-xuat")
    regime, duty = office.duty(REGIME, "dot-xuat")
    asked, of_term = office.asked(regime, duty, Period.parse("2016-R1"))
    drop(office, "1.xlsx", workbook(office, "so-tu-phap", "2016-R1", duty="dot-xuat"))
    report = collect(office, at("2016-10-10"), at("2016-10-10"))
    assert report.receipts[0].summary == f"1.xlsx: đã nhận ({REGIME}/dot-xuat/2016-R1/so-tu-phap)"
    assert (asked.name, of_term.due.last_day) == (
        *("Báo cáo rà soát hồ sơ quá hạn", date(2016, 10, 14)),
    )
    done = advance(office, REGIME, "dot-xuat", at("2016-10-15"))
    assert "tổng hợp 1/2 báo cáo" in done.summary
    assert len(done.workbooks) == 1


def test_the_same_request_again_asks_nobody_twice(office: Office) -> None:
    first, _ = ask(office)
    assert ask(office, day="2016-10-04") == (first, False)
    carry(office, "2016-10-04", "dot-xuat")
    carry(office, "2016-10-04", "dot-xuat")
    keys = {o.key for o in office.ledger.owed(duty="dot-xuat")}
    assert keys == {f"{REGIME}/dot-xuat/2016-R1/{x}" for x in ("so-tu-phap", "ubnd-tam-ky")}


def test_the_same_request_in_the_new_year_is_that_of_the_old_one(office: Office) -> None:
    first, _ = ask(office, day="2016-12-30", last_day=date(2017, 1, 20))
    assert ask(office, day="2017-01-03", last_day=date(2017, 1, 20)) == (first, False)
    assert ask(office, day="2017-01-03", last_day=date(2017, 1, 23))[0].period.id == "2017-R1"


def test_who_begins_while_other_terms_are_open_is_shown_with_its_own_term(office: Office) -> None:
    carry(office, OPENING)
    ask(office, day="2016-08-24")
    carry(office, "2016-08-24", "dot-xuat")
    regime = office.config.regimes[REGIME]
    new = regime.agencies["so-tai-chinh"].model_copy(
        update={"code": "so-moi", "since": date(2016, 9, 1)}
    )
    office.config.regimes[REGIME] = regime.holding(  # type: ignore[index]
        {**regime.agencies, "so-moi": new}, regime.contacts
    )
    carry(office, "2016-09-01")
    shown = {term.key: len(term.rows) for term in overview(office, at("2016-09-01")).terms}
    assert shown == {f"{REGIME}/{QUARTERLY}/2016-Q3": 4, f"{REGIME}/dot-xuat/2016-R1": 2}
    assert len(overview(office, at("2016-09-01")).terms) == 2


def test_a_request_that_is_taken_back_frees_everyone_with_a_letter(
    office: Office, catcher: MailCatcher
) -> None:
    ask(office)
    carry(office, "2016-10-03", "dot-xuat")
    regime, duty = office.duty(REGIME, "dot-xuat")
    word = Word("Yêu cầu nhầm", "Sở Nội vụ")
    of = Period.parse("2016-R1")
    assert requests.cancel(office, regime, duty, of, word, at("2016-10-04")) == 2
    found = counts(standings(office, at("2016-10-20"), duty="dot-xuat"))
    assert (found["total"], found["waived"]) == (0, 2)
    assert len(office.ledger.post.letters(kind="granted")) == 2
    with pytest.raises(DecisionError, match="is no request"):
        requests.cancel(office, regime, duty, Q3, word, at("2016-10-04"))


def test_letters_say_why_and_by_whom_a_report_is_asked_for(
    office: Office, catcher: MailCatcher
) -> None:
    ask(office)
    carry(office, "2016-10-03", "dot-xuat")
    send(office, "2016-10-03")
    body = catcher.messages[-1].get_body(("plain",))
    assert body is not None
    assert "theo yêu cầu: Công văn của Ủy ban nhân dân tỉnh (Sở Nội vụ)" in body.get_content()


def test_a_waiver_until_a_day_is_told_for_the_report_that_is_open(office: Office) -> None:
    carry(office, OPENING)
    waive(office, None, "2016-12-31")
    (letter,) = office.ledger.post.letters(kind="granted")
    assert (letter.agency, letter.period) == ("so-tu-phap", "2016-Q3")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "needs its title"),
        ({"word": Word("", "Sở Nội vụ")}, "needs its title"),
        ({"window": Window(date(2016, 1, 1), date(2016, 10, 15))}, "after the report is due"),
        ({"form": "khong-co"}, "no form 'khong-co'; known: ngan"),
        ({"agencies": ("khong-co",)}, "no agency 'khong-co'"),
        ({"last_day": date(2016, 10, 2)}, "is over"),
        ({"window": Window(date(2016, 9, 30), date(2016, 1, 1))}, "would end"),
    ],
)
def test_a_request_that_does_not_fit_is_refused(
    office: Office, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(DecisionError, match=said):
        ask(office, **changes)
    assert office.ledger.decisions.requests() == []


def test_a_duty_that_takes_no_requests_says_so(office: Office) -> None:
    regime, duty = office.duty(REGIME, QUARTERLY)
    with pytest.raises(DecisionError, match="takes no requests"):
        requests.ask(
            office,
            regime,
            duty,
            title="x",
            form="ngan",
            agencies=(),
            window=Window(date(2016, 1, 1), date(2016, 9, 30)),
            last_day=date(2016, 10, 14),
            word=WORD,
            now=at("2016-10-03"),
        )


def test_a_file_on_another_form_than_was_asked_for_waits_for_a_person(office: Office) -> None:
    """The identity names a period that was asked for on another form."""
    data = workbook(office, "so-tu-phap", "2016-Q3")
    ask(office)
    carry(office, "2016-10-03", "dot-xuat")
    drop(office, "1.xlsx", data)
    report = collect(office, at("2016-10-10"), at("2016-10-10"))
    assert "chờ xử lý" in report.receipts[0].summary


def test_what_the_calendar_does_not_bring_is_found_every_morning(office: Office) -> None:
    assert [d.id for _, d in unscheduled(office, at(AFTER))] == ["dot-xuat"]
    carry(office, OPENING)
    extend(office, "2016-09-20")
    assert {d.id for _, d in unscheduled(office, at(AFTER))} == {QUARTERLY, "dot-xuat"}
