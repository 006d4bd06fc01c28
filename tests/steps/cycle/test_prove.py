"""Nothing is delivered that is not what the originals say, unless a person says so."""

import copy
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, update

from kybaocao.adapters import originals
from kybaocao.adapters.ledger.schema import submissions
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.proof.file_proof import FileProof, prove_file
from kybaocao.rules.report import consolidation
from kybaocao.runtime import Office
from kybaocao.steps.cycle.consolidate import prove_term
from kybaocao.steps.cycle.cycle import advance, unscheduled
from kybaocao.steps.intake.receive import collect
from kybaocao.steps.post.digest import queue_digest
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.view.status import overview
from kybaocao.steps.view.today import today
from tests.steps.conftest import QUARTERLY, REGIME, at, drop, workbook
from tests.support import need_program

OPENING, AFTER, NEXT = "2016-08-23", "2016-09-15", "2016-09-16"
EVERYBODY = ("so-tu-phap", "so-tai-chinh", "ubnd-tam-ky")
Rows = list[dict[str, Any]]


def opened(office: Office) -> None:
    advance(office, REGIME, QUARTERLY, at(OPENING))
    for agency in EVERYBODY:
        drop(office, f"{agency}.xlsx", workbook(office, agency))
    collect(office, at("2016-09-12"), at("2016-09-12"))


def tamper(office: Office, change: Callable[[Rows], Rows]) -> None:
    """Change what the ledger keeps of one report, behind everybody's back."""
    with office.ledger.database.writing() as connection:
        row = connection.execute(select(submissions).order_by(submissions.c.id).limit(1)).one()
        figures = change(copy.deepcopy(row.figures))
        changed = update(submissions).where(submissions.c.id == row.id).values(figures=figures)
        connection.execute(changed)


def one_more(figures: Rows) -> Rows:
    first = next(f for f in figures if f["row"] == "HS-01")
    first["value"] += 1
    return figures


def one_less(figures: Rows) -> Rows:
    return [f for f in figures if f["row"] != "HS-01"]


def moved(figures: Rows) -> Rows:
    first, second = [f for f in figures if f["row"] in ("HS-01", "HS-02")][:2]
    first["cell"], second["cell"] = second["cell"], first["cell"]
    return figures


def invented(figures: Rows) -> Rows:
    first = next(f for f in figures if f["row"] == "HS-01")
    return [*figures, {**first, "cell": "Z99", "column": "done", "row": "HS-02"}]


def swapped_words(figures: Rows) -> Rows:
    text = next(f for f in figures if isinstance(f["value"], str) and len(f["value"]) > 3)
    text["value"] = "Nội dung khác"
    return figures


def said_on(path: Any) -> str:
    book = openpyxl.load_workbook(path)
    return json.dumps(
        [list(r) for r in book["Tổng hợp"].iter_rows(max_row=25, values_only=True)],
        ensure_ascii=False,
        default=str,
    )


def test_a_proved_workbook_says_so_on_its_first_page_and_in_its_letter(
    office: Office, catcher: MailCatcher
) -> None:
    opened(office)
    (path,) = advance(office, REGIME, QUARTERLY, at(AFTER)).workbooks
    assert "ô số liệu với 3 tệp gốc" in said_on(path)
    send_letters(office, lambda: at(AFTER, "07:05"))
    letters = [m for m in catcher.messages if "Bản tổng hợp" in m["Subject"]]
    assert "Đã đối chiếu " in letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    proved = office.ledger.proofs.newest(REGIME, QUARTERLY, "2016-Q3", "so-noi-vu")
    assert proved is not None
    assert (proved.files, proved.differences, proved.unproved) == (3, (), ())
    accepted = office.ledger.proofs.accepted(REGIME, QUARTERLY, "2016-Q3")
    # HS-04 is a percentage that the form computes: made anew, and no cell of the sender's.
    assert proved.cells == sum(f.row != "HS-04" for one in accepted for f in one.figures)


@pytest.mark.parametrize("fault", [one_more, one_less, moved, invented, swapped_words])
def test_a_fault_in_the_ledger_stops_the_delivery(
    office: Office, fault: Callable[[Rows], Rows]
) -> None:
    opened(office)
    tamper(office, fault)
    report = advance(office, REGIME, QUARTERLY, at(AFTER))
    assert report.workbooks == []
    assert "dừng giao" in report.summary
    assert office.ledger.post.letters(kind="delivery") == []


def test_a_difference_shows_cell_both_values_and_file_on_board_and_in_the_morning(
    office: Office, catcher: MailCatcher
) -> None:
    opened(office)
    tamper(office, one_more)
    advance(office, REGIME, QUARTERLY, at(AFTER))
    lines = [line for line in overview(office, at(AFTER)).waiting if "Dừng giao" in line]
    assert any("HS-01" in x and "so-tu-phap.xlsx, ô " in x and "tệp gốc ghi" in x for x in lines)
    assert today(office, office.regime(REGIME), at(AFTER)).stopped == tuple(lines)
    assert queue_digest(office, at(AFTER)) == 1
    send_letters(office, lambda: at(AFTER, "07:05"))
    assert "Dừng giao" in catcher.messages[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_what_was_mended_is_delivered_next_morning(office: Office) -> None:
    opened(office)
    kept: Rows = []
    tamper(office, lambda figures: kept.extend(copy.deepcopy(figures)) or one_more(figures))
    advance(office, REGIME, QUARTERLY, at(AFTER))
    tamper(office, lambda _: kept)
    for regime, duty in unscheduled(office, at(NEXT)):
        advance(office, regime.id, duty.id, at(NEXT))
    assert len(office.ledger.post.letters(kind="delivery")) == 1
    assert not any("Dừng giao" in line for line in overview(office, at(NEXT)).waiting)


def test_a_person_delivers_for_all_that_and_the_first_page_says_so(office: Office) -> None:
    opened(office)
    tamper(office, one_more)
    advance(office, REGIME, QUARTERLY, at(AFTER))
    (stopped,) = office.ledger.proofs.stopped(regime=REGIME)
    office.ledger.proofs.release(stopped, "Cần gấp cho phiên họp", "Giám đốc", at(AFTER))
    (path,) = advance(office, REGIME, QUARTERLY, at(AFTER, "08:00")).workbooks
    assert "CHƯA ĐỐI CHIẾU" in said_on(path)
    assert "Cần gấp cho phiên họp" in said_on(path)
    assert len(office.ledger.post.letters(kind="delivery")) == 1
    assert [e.actor for e in office.ledger.events(act="deliver-unproved")] == ["Giám đốc"]
    assert list(unscheduled(office, at(NEXT))) == []


def test_what_was_said_of_some_differences_holds_for_no_others(office: Office) -> None:
    opened(office)
    tamper(office, one_more)
    advance(office, REGIME, QUARTERLY, at(AFTER))
    (stopped,) = office.ledger.proofs.stopped(regime=REGIME)
    office.ledger.proofs.release(stopped, "Cần gấp cho phiên họp", "Giám đốc", at(AFTER))
    tamper(office, one_less)
    assert advance(office, REGIME, QUARTERLY, at(AFTER, "08:00")).workbooks == []


def test_a_consolidation_that_adds_one_is_caught(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(office)
    found = consolidation.consolidate

    def adds_one(*args: Any) -> consolidation.Consolidation:
        made = found(*args)
        made.summary.loc[0, "value"] += 1
        return made

    monkeypatch.setattr("kybaocao.steps.cycle.collected.consolidate", adds_one)
    assert advance(office, REGIME, QUARTERLY, at(AFTER)).workbooks == []
    (stopped,) = office.ledger.proofs.stopped(regime=REGIME)
    assert "tổng: bảng ghi" in stopped.differences[0]


def test_an_accepted_report_never_leaves_by_an_edit_of_the_list_of_agencies(
    office: Office,
) -> None:
    opened(office)
    advance(office, REGIME, QUARTERLY, at(AFTER))
    regime = office.config.regimes[REGIME]
    rest = {code: a for code, a in regime.agencies.items() if code != "so-tu-phap"}
    office.config.regimes[REGIME] = regime.holding(rest, regime.contacts)  # type: ignore[index]
    for of, duty in unscheduled(office, at(NEXT)):
        advance(office, of.id, duty.id, at(NEXT))
    assert len(office.ledger.post.letters(kind="delivery")) == 1
    assert any("so-tu-phap" in line for line in overview(office, at(NEXT)).waiting)


def test_an_original_that_is_gone_is_a_difference(office: Office) -> None:
    opened(office)
    (first, *_) = office.ledger.proofs.accepted(REGIME, QUARTERLY, "2016-Q3")
    office.archive.path(first.sha256).unlink()
    assert advance(office, REGIME, QUARTERLY, at(AFTER)).workbooks == []


def test_a_proof_by_hand_delivers_nothing(office: Office) -> None:
    opened(office)
    regime, duty = office.duty(REGIME, QUARTERLY)
    asked, term = office.asked(regime, duty, Period.parse("2016-Q3"))
    found = prove_term(office, regime, asked, term, at(AFTER))
    assert [(p.files, p.differences) for p in found.values()] == [(3, [])]
    assert office.ledger.consolidation(REGIME, QUARTERLY, "2016-Q3", "so-noi-vu") is None


# How originals are read


def proof_of(office: Office, data: bytes, read: originals.Read) -> FileProof:
    """Return the proof of the first report against these bytes."""
    (first, *_) = office.ledger.proofs.accepted(REGIME, QUARTERLY, "2016-Q3")
    agency = office.regime(REGIME).agencies[first.agency]
    form = office.config.form(first.form, first.form_version).for_agency(agency)
    columns = form.columns_for(Period.parse("2016-Q3").frequency)
    return prove_file(form, columns, first.figures, read(data))


def test_both_readers_prove_the_same(office: Office) -> None:
    opened(office)
    data = workbook(office, "so-tu-phap")
    found = [proof_of(office, data, r) for r in (originals.by_calamine, originals.by_openpyxl)]
    assert found[0].is_clean
    assert found[0] == found[1]


def test_old_formats_are_proved_as_libreoffice_reads_them(office: Office) -> None:
    need_program("soffice", "libreoffice")
    opened(office)
    data = workbook(office, "so-tu-phap")
    made = originals.converted(data)
    assert made is not None
    assert proof_of(office, made, originals.by_calamine).is_clean


def test_what_the_second_way_cannot_understand_is_counted_and_no_difference(
    office: Office,
) -> None:
    opened(office)
    book = openpyxl.load_workbook(io.BytesIO(workbook(office, "so-tu-phap")))
    (first, *_) = office.ledger.proofs.accepted(REGIME, QUARTERLY, "2016-Q3")
    figure = next(f for f in first.figures if f.row == "HS-01")
    sheet = next(s for s in book.worksheets if s[figure.cell].value == figure.value)
    sheet[figure.cell] = "chừng ba trăm"
    out = io.BytesIO()
    book.save(out)
    proof = proof_of(office, out.getvalue(), originals.by_calamine)
    assert proof.differences == ()
    assert len(proof.unproved) == 1
