"""Text from a sender is never a live formula, link, markup, header or path in what we write."""

import csv
import io
import re
import unicodedata
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kybaocao.adapters.letters import (
    LetterFacts,
    LetterItem,
    Letters,
    SentFile,
    brief,
    line,
    theirs,
)
from kybaocao.adapters.mailer.letter import Attachment, Mail, compose, safe_name
from kybaocao.adapters.mailer.settings import MailSettings
from kybaocao.adapters.workbooks.look import LONGEST_TEXT, cell_text
from kybaocao.adapters.workbooks.marked import mark
from kybaocao.adapters.workbooks.report import report
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.finding import Finding, Severity
from tests.sample_form import filled, saved
from tests.support import ROOT
from tests.workbook_cases import AS_OF, DUTY, FORM, REGIME, TERM, consolidated, through_libreoffice

HOSTILE = [
    '=HYPERLINK("http://xau.example";"bấm")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "http://xau.example/a",
    "mailto:ai@xau.example",
    "internal:'3. TTHC'!A1",
    "_x003D_1+1",
    "_x000D__x0000_",
    "<r><t>đậm</t></r>",
    "<r>&</r>",
    "<r> =1 </r>",
    '<b onclick="x">&amp;</b><script>1</script>',
    "]]><!-- -->",
    "a\x00b\x07c\x1bd",
    "\ud800 lẻ",
    "\ufffe\uffff",
    "\u202egnp.exe\u2066",
    "{{ 7 * 7 }}{% raw %}",
    "x\r\nBcc: ai@xau.example\r\n\r\nthân",
    "=?utf-8?q?x?=",
    "../../etc/passwd",
    "dài " * 20_000,
    "😀" * 20_000,
]
ANY = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60), st.from_regex(r"<r>.*</r>"))
TEMPLATES = ROOT / "templates" / "letters"


def cells_of(data: bytes) -> list[ElementTree.Element]:
    parts = zipfile.ZipFile(io.BytesIO(data))
    assert parts.testzip() is None
    found: list[ElementTree.Element] = []
    for name in parts.namelist():
        tree = ElementTree.fromstring(parts.read(name))  # noqa: S314 - we wrote it
        if "worksheets/" in name and not name.endswith(".rels"):
            found += [c for c in tree.iter() if c.tag.endswith("}c")]
    return found


def with_formula(data: bytes) -> list[ElementTree.Element]:
    return [c for c in cells_of(data) if any(e.tag.endswith("}f") for e in c)]


def links_outside(data: bytes) -> list[str]:
    parts = zipfile.ZipFile(io.BytesIO(data))
    rels = [parts.read(n).decode() for n in parts.namelist() if n.endswith(".rels")]
    return [said for said in rels if "External" in said]


# Workbooks.


@settings(max_examples=150, deadline=None)
@given(ANY, ANY, ANY)
def test_the_list_of_findings_holds_text_alone(value: str, expected: str, sheet: str) -> None:
    finding = Finding("x", Severity.BLOCKING, sheet, "E5", value, expected, value)
    data = mark(b"", [finding], expected)
    assert all(cell.get("t") in ("inlineStr", None) for cell in cells_of(data))
    assert not with_formula(data)
    assert not links_outside(data)
    [shown] = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(
        min_row=6, min_col=4, max_col=4
    )
    assert shown[0].quotePrefix
    assert len(str(shown[0].value or "").encode("utf-16-le")) <= 2 * LONGEST_TEXT + 12


ONE = saved(filled())


@settings(max_examples=60, deadline=None)
@given(ANY, ANY)
def test_comments_hold_text_alone(value: str, expected: str) -> None:
    finding = Finding("x", Severity.BLOCKING, "3. TTHC", "E5", value, expected, value)
    book = openpyxl.load_workbook(io.BytesIO(mark(ONE, [finding], value)))
    said = book["3. TTHC"]["E5"].comment.text
    assert said.startswith("LỖI PHẢI SỬA")
    # A place for private use is a sign of some font, and is seen.
    assert all(
        char.isprintable() or char in "\n\t" or unicodedata.category(char) == "Co" for char in said
    )


@settings(max_examples=40, deadline=None)
@given(ANY)
def test_the_consolidated_workbook_holds_text_alone(text: str) -> None:
    clean = consolidated({"so-tu-phap": said_by("lời")})
    data = report(consolidated({"so-tu-phap": said_by(text)}), FORM, REGIME, DUTY, TERM, AS_OF)
    calm = report(clean, FORM, REGIME, DUTY, TERM, AS_OF)
    assert len(with_formula(data)) == len(with_formula(calm))
    assert not links_outside(data)
    openpyxl.load_workbook(io.BytesIO(data))


def said_by(text: str) -> dict[tuple[str, str], float | str | None]:
    return {
        ("TT-01", "done"): 1,
        ("TT-01", "note"): text,
        ("BIA-01", ""): text,
        ("ND-01", ""): text,
        ("#1", "task"): text,
    }


def test_an_answer_stays_text_when_somebody_edits_its_cell() -> None:
    made = consolidated({"so-tu-phap": said_by("=1+1")})
    book = openpyxl.load_workbook(io.BytesIO(report(made, FORM, REGIME, DUTY, TERM, AS_OF)))
    found = [c for s in book.worksheets for row in s.iter_rows() for c in row if c.value == "=1+1"]
    assert len(found) >= 4
    assert all(cell.quotePrefix and cell.data_type == "s" for cell in found)


def test_libreoffice_shows_what_was_typed(tmp_path: Path) -> None:
    # Its CSV is written in the encoding of the system.
    typed = [t for t in HOSTILE if len(t) < 200 and t.isascii()]
    findings = [Finding("x", Severity.BLOCKING, "", "", t, "e", "a") for t in typed]
    said = through_libreoffice(mark(b"", findings, "Kỳ"), tmp_path, "csv").decode("latin-1")
    shown = [row[4] for row in csv.reader(io.StringIO(said)) if row[0].isdigit()]
    assert shown == [cell_text(t) for t in typed]


def test_libreoffice_makes_no_markup_of_it(tmp_path: Path) -> None:
    findings = [Finding("x", Severity.BLOCKING, "", "", t, t, t) for t in HOSTILE[:-2]]
    page = through_libreoffice(mark(b"", findings, "Kỳ"), tmp_path, "html").decode().lower()
    assert "<script" not in page
    assert "href" not in page
    assert "onclick" not in re.sub(r"&lt;.*?&gt;", "", page)


def test_a_cell_holds_no_more_than_it_can() -> None:
    for text in ("dài " * 20_000, "😀" * 20_000, "x" * 40_000):
        assert 0 < len(cell_text(text).encode("utf-16-le")) <= 2 * LONGEST_TEXT
    assert cell_text("đủ") == "đủ"


# Letters.


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attributes)))


def letter_about(kind: Kind, text: str) -> tuple[str, str, str]:
    fault = Finding("x", Severity.BLOCKING, text, "E5", text, text, text)
    item = LetterItem(
        duty_name="Báo cáo quý",
        period_label="Quý III năm 2016",
        agency_name="Sở Tư pháp",
        recipient_name="Sở Nội vụ",
        stated="trước ngày 15",
        last_day=datetime(2016, 9, 14, tzinfo=UTC).date(),
        attachment=text,
        sent=SentFile(
            received_at=datetime(2016, 9, 12, 2, 15, tzinfo=UTC),
            file_name=text,
            findings=(fault,),
            warnings=(fault,),
            # Why a report was returned is the secretariat's own word, and may hold an address.
            reason=text if kind is Kind.UNREADABLE else "",
        ),
    )
    facts = LetterFacts(
        address="dau-moi@stp.example",
        to_name="Sở Tư pháp",
        sender_name="Kỳ Báo Cáo",
        today=datetime(2016, 9, 12, tzinfo=UTC).date(),
        items=[item],
    )
    made = Letters(TEMPLATES).render(kind, facts)
    return made.subject, made.text, made.html


KINDS = (Kind.RETURNED, Kind.RECEIPT, Kind.UNREADABLE)
OVERRIDES = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", HOSTILE[:-2])
def test_a_letter_shows_a_senders_text_as_text(kind: Kind, text: str) -> None:
    subject, words, page = letter_about(kind, text)
    calm = Tags(), Tags()
    calm[0].feed(page)
    calm[1].feed(letter_about(kind, "lời")[2])
    assert calm[0].found == calm[1].found
    for said in (subject, words, page):
        assert not OVERRIDES.search(said)
        assert said.isascii() or said.encode()
    assert "\n" not in subject
    for said in (words, page):
        assert "http://xau" not in said
        assert "ai@xau" not in said
        assert "xau.example" not in said


@given(ANY)
def test_a_letters_line_is_one_visible_line(text: str) -> None:
    for said in (line(text), theirs(text), brief(text)):
        assert said.splitlines() in ([], [said])
        assert not OVERRIDES.search(said)
        said.encode()
    assert theirs(theirs(text)) == theirs(text)


@pytest.mark.parametrize("said", ["1.234,5", "98,33%", "Báo cáo quý 3.xlsx", "TTHC-04: 12 hồ sơ."])
def test_what_is_no_address_stays_whole(said: str) -> None:
    assert theirs(said) == said


# The mail itself.

MAIL = Mail(
    message_id="<1@kybaocao.example>",
    to="dau-moi@stp.example",
    subject="Trả lại",
    text="chữ",
    html="<p>chữ</p>",
    date=datetime(2016, 9, 12, tzinfo=UTC),
)
SETTINGS = MailSettings("localhost", 25, "kbc@tinh.example")


@given(ANY)
def test_a_name_from_a_sender_makes_no_header_and_no_path(name: str) -> None:
    mail = replace(MAIL, subject=line(name), attachments=(Attachment(f"{name[:200]}.xlsx", b"PK"),))
    read = message_from_bytes(compose(mail, SETTINGS), policy=policy.default)
    assert read["Bcc"] is None
    assert set(read.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    [attachment] = read.iter_attachments()
    shown = attachment.get_filename() or ""
    assert "/" not in shown
    assert "\\" not in shown
    assert shown.isprintable()


def test_a_file_name_does_not_turn_round_nor_hide_an_encoded_word() -> None:
    assert safe_name("bao\u202exslx.exe") == "bao_xslx.exe"
    assert safe_name("=?utf-8?q?a=2Fb?=") == "=_utf-8?q?a=2Fb?="
    assert safe_name("Báo cáo quý 3.xlsx") == "Báo cáo quý 3.xlsx"
