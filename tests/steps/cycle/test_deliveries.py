"""What was delivered last is what counts: every change goes out once, and says what it is."""

import io
from collections.abc import Sequence
from datetime import date

from openpyxl import load_workbook

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.figures import Figures
from kybaocao.rules.form.form import Form
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance, unscheduled
from kybaocao.steps.decide.triage import give_back
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import collect, receive
from kybaocao.steps.post.send import send_letters
from tests.steps.conftest import QUARTERLY, REGIME, Spoil, at, drop, workbook

OPENING, AFTER = "2016-08-23", "2016-09-15"
SECRETARIAT = "vanthu@so-noi-vu.quang-nam.example"
EVERYBODY = ("so-tu-phap", "so-tai-chinh", "ubnd-tam-ky")


def opened(office: Office, agencies: Sequence[str] = EVERYBODY) -> None:
    """Open the term, and let these agencies report in time."""
    advance(office, REGIME, QUARTERLY, at(OPENING))
    for agency in agencies:
        drop(office, f"{agency}.xlsx", workbook(office, agency))
    collect(office, at("2016-09-12"), at("2016-09-12"))


def morning(office: Office, day: str) -> None:
    """Do what the flow of every morning does."""
    for regime, duty in unscheduled(office, at(day)):
        advance(office, regime.id, duty.id, at(day))
    send_letters(office, lambda: at(day, "07:05"))


def delivered(catcher: MailCatcher) -> list[str]:
    """Return the text of each mail that handed over a workbook."""
    return [
        m.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for m in catcher.messages
        if m["To"] == SECRETARIAT and "Bản tổng hợp" in m["Subject"]
    ]


def shares(office: Office) -> list[tuple[int, int]]:
    """Return how many of how many reports each delivered workbook holds, oldest first."""
    letters = office.ledger.post.letters(kind="delivery")
    made = [office.ledger.consolidation_of(x.consolidation_id or 0) for x in letters]
    return [(one.accepted, one.owed) for one in made if one]


def more(form: Form, figures: Figures) -> None:
    figures["HS-01", "planned"] = 4321


def send_again(office: Office, agency: str, day: str, spoil: Spoil | None = None) -> None:
    data = workbook(office, agency, spoil=spoil)
    receive(office, Incoming(data, f"{agency}.xlsx", "hand", at(day), "Sửa kế hoạch năm"), at(day))


def return_to(office: Office, agency: str, day: str) -> None:
    owed = office.ledger.find_owed(REGIME, QUARTERLY, "2016-Q3", agency)
    assert owed is not None
    give_back(office, owed, "Xem lại số liệu", "Sở Nội vụ", at(day))


def test_what_was_given_back_and_comes_again_is_delivered_again(office: Office) -> None:
    opened(office)
    advance(office, REGIME, QUARTERLY, at(AFTER))
    return_to(office, "so-tu-phap", "2016-09-16")
    morning(office, "2016-09-19")
    send_again(office, "so-tu-phap", "2016-09-19", more)
    morning(office, "2016-09-20")
    assert office.ledger.proofs.stopped() == []
    assert shares(office) == [(3, 3), (2, 3), (3, 3)]


def test_a_state_that_comes_back_is_another_consolidation(office: Office) -> None:
    opened(office, EVERYBODY[:2])
    advance(office, REGIME, QUARTERLY, at(AFTER))
    agency = "ubnd-tam-ky"
    send_again(office, agency, "2016-09-16")
    morning(office, "2016-09-19")
    return_to(office, agency, "2016-09-19")
    morning(office, "2016-09-20")
    newest = office.ledger.consolidation(REGIME, QUARTERLY, "2016-Q3", "so-noi-vu")
    assert shares(office) == [(2, 3), (3, 3), (2, 3)]
    assert newest is not None
    files = {p.name for p in (office.settings.data_folder / "out").rglob("*.xlsx")}
    assert len(files) == 3


def test_a_deleted_copy_is_laid_out_again_from_the_archive(office: Office) -> None:
    opened(office)
    (path,) = advance(office, REGIME, QUARTERLY, at(AFTER)).workbooks
    data = path.read_bytes()
    path.unlink()
    morning(office, "2017-05-02")
    assert path.read_bytes() == data
    assert len(office.ledger.post.letters(kind="delivery")) == 1


def test_a_late_report_is_delivered_long_after_the_ladder(
    office: Office, catcher: MailCatcher
) -> None:
    opened(office, EVERYBODY[:2])
    advance(office, REGIME, QUARTERLY, at(AFTER))
    send_again(office, "ubnd-tam-ky", "2016-11-20")
    morning(office, "2016-11-21")
    assert shares(office) == [(2, 3), (3, 3)]
    assert "Ủy ban nhân dân thành phố Tam Kỳ: thêm báo cáo" in delivered(catcher)[-1]
    morning(office, "2016-11-22")
    assert len(shares(office)) == 2


def test_letter_and_first_page_say_whose_figure_changed(
    office: Office, catcher: MailCatcher
) -> None:
    opened(office)
    advance(office, REGIME, QUARTERLY, at(AFTER))
    send_again(office, "so-tu-phap", "2016-09-16", more)
    morning(office, "2016-09-19")
    told = delivered(catcher)[-1]
    (line,) = (row for row in told.splitlines() if "HS-01" in row)
    assert line.strip().startswith("- Sở Tư pháp: HS-01 ")
    assert line.endswith("→ 4.321")
    newest = office.ledger.consolidation(REGIME, QUARTERLY, "2016-Q3", "so-noi-vu")
    assert newest is not None
    book = load_workbook(io.BytesIO(office.archive.get(newest.sha256)))
    front = [
        str(c) for row in book["Tổng hợp"].iter_rows(max_row=20, values_only=True) for c in row
    ]
    (heading,) = (n for n, said in enumerate(front) if said.startswith("Thay đổi so với bản"))
    assert "07:00 ngày 15/9/2016" in front[heading]
    assert any("HS-01" in said and "4.321" in said for said in front[heading:])


def rename(office: Office, agency: str, **changed: object) -> None:
    regime = office.config.regimes[REGIME]
    of = regime.agencies[agency].model_copy(update=changed)
    office.config.regimes[REGIME] = regime.holding(  # type: ignore[index]
        {**regime.agencies, agency: of}, regime.contacts
    )


def test_what_is_declared_identifies_a_consolidation(office: Office, catcher: MailCatcher) -> None:
    opened(office)
    advance(office, REGIME, QUARTERLY, at(AFTER))
    rename(office, "so-tu-phap", name="Sở Tư pháp và Hộ tịch")
    morning(office, "2016-09-19")
    assert "tên trước đây là “Sở Tư pháp”" in delivered(catcher)[-1]
    morning(office, "2016-09-20")
    assert len(shares(office)) == 2


def test_nothing_is_delivered_where_nobody_reported(office: Office) -> None:
    opened(office, ())
    report = advance(office, REGIME, QUARTERLY, at(AFTER))
    assert report.workbooks == []
    assert office.ledger.post.letters(kind="delivery") == []


def test_a_yearlong_silence_needs_no_carrying(office: Office) -> None:
    """Every morning's flow has nothing to do for what was delivered and has not changed."""
    opened(office)
    advance(office, REGIME, QUARTERLY, at(AFTER))
    assert list(unscheduled(office, at("2016-10-03"))) == []
    assert date(2016, 10, 3) not in {x.queued_at.date() for x in office.ledger.post.letters()}
