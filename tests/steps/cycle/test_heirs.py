"""An agency ends while it owes a report: its heir answers, or a person is asked."""

from datetime import date

import pytest
from openpyxl import load_workbook

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.rules.calendar.period import Period, Window
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import State
from kybaocao.rules.errors import DecisionError
from kybaocao.rules.regime.agency import Succession
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide import grants, requests
from kybaocao.steps.decide.grants import Word
from kybaocao.steps.intake.receive import collect
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import standings
from kybaocao.steps.view.status import overview
from tests.steps.conftest import QUARTERLY, REGIME, at, drop, workbook

OPENING, AFTER = "2016-08-23", "2016-09-16"
ENDED, HEIR = "so-tu-phap", "so-noi-vu"
LAST = date(2016, 9, 14)


def end(office: Office, until: date = LAST, heir: bool = True) -> None:
    """Let Sở Tư pháp end, its work going to Sở Nội vụ."""
    regime = office.config.regimes[REGIME]
    ended = regime.agencies[ENDED].model_copy(update={"until": until})
    move = Succession(
        predecessor=ENDED,
        successor=HEIR,
        day=date.fromordinal(until.toordinal() + 1),
        scope="toàn bộ",
        whole=heir,
        heir=heir,
        source="Điều 3",
    )
    office.config.regimes[REGIME] = regime.holding(  # type: ignore[index]
        {**regime.agencies, ENDED: ended}, regime.contacts, (move,)
    )


def carry(office: Office, day: str) -> None:
    advance(office, REGIME, QUARTERLY, at(day))
    send_letters(office, lambda: at(day, "07:05"))


def to_heir(catcher: MailCatcher) -> list[str]:
    return [
        m.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for m in catcher.messages
        if m["To"] == "vanthu@so-noi-vu.quang-nam.example" and "Quá hạn" in m["Subject"]
    ]


def test_what_an_ended_agency_owed_is_asked_of_its_heir(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    end(office)
    carry(office, AFTER)
    said = to_heir(catcher)
    assert len(said) == 1
    assert "Đơn vị báo cáo: Sở Tư pháp" in said[0]
    assert "đơn vị kế thừa: Sở Nội vụ" in said[0]
    overdue = office.ledger.post.letters(kind="overdue", agency=ENDED)
    assert {letter.address for letter in overdue} == {"vanthu@so-noi-vu.quang-nam.example"}


def test_the_heirs_file_settles_the_report_and_the_heir_gets_the_receipt(office: Office) -> None:
    carry(office, OPENING)
    data = workbook(office, ENDED)
    end(office)
    drop(office, "1.xlsx", data)
    collect(office, at("2016-09-20"), at("2016-09-20"))
    (found,) = standings(office, at("2016-09-20"), agency=ENDED)
    assert found.standing.state is State.ACCEPTED_LATE
    (receipt,) = office.ledger.post.letters(kind="receipt")
    assert receipt.address == "vanthu@so-noi-vu.quang-nam.example"


def test_without_an_heir_nobody_is_written_to_and_the_secretariat_sees_it(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    end(office, heir=False)
    carry(office, AFTER)
    assert office.ledger.post.letters(kind="overdue", agency=ENDED) == []
    waiting = overview(office, at(AFTER)).waiting
    assert (
        "Chưa rõ đơn vị kế thừa: Báo cáo cải cách hành chính quý, Quý III năm 2016, Sở Tư pháp"
        in waiting
    )


@pytest.mark.parametrize("heir", [True, False])
def test_who_ends_before_the_reports_day_owes_it_no_more_and_is_named_so(
    office: Office, catcher: MailCatcher, heir: bool
) -> None:
    """A report belongs to who exists on its day: the heir answers for what fell due before."""
    carry(office, OPENING)
    drop(office, "1.xlsx", workbook(office, "so-tai-chinh"))
    collect(office, at("2016-09-05"), at("2016-09-05"))
    end(office, until=date(2016, 9, 9), heir=heir)
    carry(office, "2016-09-13")
    carry(office, AFTER)
    (found,) = standings(office, at(AFTER), agency=ENDED)
    assert (found.standing.state, found.note.split(";")[0]) == (
        State.WAIVED,
        "đã chấm dứt hoạt động từ ngày 10/9/2016",
    )
    asked = office.ledger.post.letters(agency=ENDED)
    assert {letter.kind for letter in asked} == {Kind.OPENING}
    view = overview(office, at(AFTER))
    assert not any("Chưa rõ đơn vị kế thừa" in line for line in view.waiting)
    assert "còn thiếu 1; được miễn 1" in view.terms[0].summary
    made = office.ledger.consolidation(REGIME, QUARTERLY, "2016-Q3", HEIR)
    assert made is not None
    assert made.owed == 2
    folder = office.settings.data_folder / "out" / REGIME / QUARTERLY / "2016-Q3"
    book = load_workbook(folder / made.file_name)
    rows = [[c.value for c in row] for row in book["Tình hình nộp"].iter_rows()]
    (row,) = (row for row in rows if "Sở Tư pháp" in row)
    assert "đã chấm dứt hoạt động từ ngày 10/9/2016" in str(row)


def test_what_came_before_its_sender_ended_counts(office: Office) -> None:
    carry(office, OPENING)
    drop(office, "1.xlsx", workbook(office, ENDED))
    collect(office, at("2016-09-05"), at("2016-09-05"))
    end(office, until=date(2016, 9, 9))
    (found,) = standings(office, at(AFTER), agency=ENDED)
    assert found.standing.state is State.ACCEPTED


def test_a_period_opened_late_goes_to_the_heir(office: Office) -> None:
    """Nothing ran until the agency that owes the report had ended."""
    end(office)
    advance(office, REGIME, QUARTERLY, at(AFTER))
    (letter,) = office.ledger.post.letters(kind="opening", agency=ENDED)
    assert letter.address == "vanthu@so-noi-vu.quang-nam.example"
    assert "so-tu-phap" in (letter.attachment_name or "")


def test_more_time_for_an_ended_agency_is_told_to_its_heir(office: Office) -> None:
    carry(office, OPENING)
    end(office)
    regime, duty = office.duty(REGIME, QUARTERLY)
    word = Word("Bàn giao hồ sơ", "Sở Nội vụ")
    of, until = Period.parse("2016-Q3"), date(2016, 9, 30)
    grants.extend(office, regime, duty, of, ENDED, until, word, at(AFTER))
    (letter,) = office.ledger.post.letters(kind="granted")
    assert letter.address == "vanthu@so-noi-vu.quang-nam.example"


def test_who_has_ended_by_the_last_day_is_not_asked(office: Office) -> None:
    end(office)
    regime, duty = office.duty(REGIME, QUARTERLY)
    duty = duty.model_copy(update={"on_request": True})
    window = Window(date(2016, 1, 1), LAST)

    def ask(last_day: date, *agencies: str) -> tuple[str, ...]:
        word = Word("Công văn", "Sở Nội vụ")
        given = {"title": "Rà soát", "form": "ngan", "agencies": agencies, "window": window}
        now = at("2016-09-01")
        return requests.ask(  # type: ignore[arg-type]
            office, regime, duty, **given, last_day=last_day, word=word, now=now
        )[0].agencies

    assert ENDED in ask(LAST)
    assert ENDED not in ask(date(2016, 9, 15))
    with pytest.raises(DecisionError, match="does not exist on 2016-09-15"):
        ask(date(2016, 9, 15), ENDED)


def test_a_person_settles_what_nobody_inherits(office: Office) -> None:
    carry(office, OPENING)
    end(office, heir=False)
    regime, duty = office.duty(REGIME, QUARTERLY)
    (found,) = standings(office, at(AFTER), agency=ENDED)
    word = Word("Đơn vị đã giải thể", "Sở Nội vụ")
    grants.waive(office, regime, duty, found.period, ENDED, None, word, at(AFTER))
    assert not any("kế thừa" in line for line in overview(office, at(AFTER)).waiting)


def test_an_agency_that_ends_before_the_deadline_is_not_asked_and_a_new_one_is_from_its_first_day(
    office: Office,
) -> None:
    """Obligations follow who exists on the due day."""
    regime = office.config.regimes[REGIME]
    end(office, until=date(2016, 8, 31), heir=True)
    regime = office.config.regimes[REGIME]
    new = regime.agencies["so-tai-chinh"].model_copy(
        update={"code": "so-moi", "name": "Sở mới", "since": date(2016, 9, 1)}
    )
    office.config.regimes[REGIME] = regime.holding(  # type: ignore[index]
        {**regime.agencies, "so-moi": new}, regime.contacts, regime.successions
    )
    carry(office, OPENING)
    assert {o.agency for o in office.ledger.owed()} == {"so-tai-chinh", "ubnd-tam-ky"}
    carry(office, "2016-09-01")
    assert {o.agency for o in office.ledger.owed()} == {
        "so-tai-chinh",
        "ubnd-tam-ky",
        "so-moi",
    }
