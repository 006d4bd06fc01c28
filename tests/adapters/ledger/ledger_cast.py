"""A fixed cast for the ledger's tests: one term, its agencies, files and letters."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from kybaocao.adapters.ledger import Arrival, Ledger, LetterDraft, Owed
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period, WindowRule
from kybaocao.rules.cycle.obligation import Due, Obligation, Term
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.form.form import Figure

NOW = datetime(2016, 9, 14, 23, 59, 59, 999_999, tzinfo=VIETNAM)
HOLD = timedelta(minutes=30)
PERIOD = Period.parse("2016-Q3")
TERM = Term(
    "quang-nam",
    "bao-cao-quy",
    PERIOD,
    PERIOD.window(WindowRule.MID_MONTH),
    date(2016, 8, 23),
    Due(date(2016, 9, 14), date(2016, 9, 15)),
)
FINDINGS = (
    Finding(
        *("sum-mismatch", Severity.BLOCKING, "3. Thủ tục hành chính", "E12", "1.234,5"),
        *("tổng của TTHC-02 và TTHC-03 bằng TTHC-01", "Sửa “TTHC-01”; 50% '; DROP TABLE x --"),
    ),
    Finding("late", Severity.WARNING, "", "", "", "Gửi trước hạn", "Ghi lý do\nở trang bìa"),
)
FIGURES = (
    Figure("3. Thủ tục hành chính", "TTHC-01", "done", 1250, "E12"),
    Figure("3. Thủ tục hành chính", "TTHC-02", "done", 98.33, "E13"),
    Figure("3. Thủ tục hành chính", "TTHC-03", "done", None, "E14"),
    Figure("Trang bìa", "BIA-01", "", "0123/BC-UBND", "C3"),
)


def owe(*agencies: str) -> list[Obligation]:
    return [Obligation(TERM, agency, TERM.due) for agency in agencies]


def opened(ledger: Ledger, agency: str = "so-y-te") -> Owed:
    """Open the period for one agency, and return what it owes."""
    ledger.open(owe(agency), (), NOW)
    found = ledger.find_owed("quang-nam", "bao-cao-quy", "2016-Q3", agency)
    assert found is not None
    return found


def arrival(
    obligation_id: int | None, number: int = 1, verdict: Verdict = Verdict.ACCEPTED
) -> Arrival:
    """One file; another `number` is other bytes."""
    return Arrival(
        obligation_id, f"{number:064x}", f"báo cáo {number}.xlsx", "folder", NOW, verdict
    )


def draft(
    kind: Kind = Kind.REMINDER,
    address: str = "vanthu@so-y-te.example",
    day: str = "2016-09-12",
    agency: str = "so-y-te",
) -> LetterDraft:
    on = date.fromisoformat(day)
    return LetterDraft(kind, address, "quang-nam", "bao-cao-quy", "2016-Q3", agency, on)


def receipt(address: str = "vanthu@so-y-te.example") -> LetterDraft:
    return replace(draft(Kind.RECEIPT, address), day=None)
