"""What stood before a report, across the mergers of 01/3/2025 and the end of districts on 01/7."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.figures import Agencys, Figures
from kybaocao.demo.officer import filled
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import obligations, term
from kybaocao.rules.cycle.standing import State, Verdict
from kybaocao.rules.finding import Finding
from kybaocao.rules.regime.succession import answerable
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings, MailOptions
from kybaocao.steps.cycle.open_period import blank_workbook, open_period
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.earlier import all_findings, history_findings
from kybaocao.steps.intake.receive import Receipt, receive
from kybaocao.steps.standings import Reports, standings
from tests.conftest import OpenOffice
from tests.steps.conftest import ROOT, at

REGIME = "lang-son-hien-nay"
QUARTER, HALF, YEAR = "bao-cao-quy", "bao-cao-6-thang", "bao-cao-nam"
OPENED = {
    "2024": (YEAR, "2024-12-02"),
    "2025-Q1": (QUARTER, "2025-03-03"),
    "2025-H1": (HALF, "2025-06-02"),
    "2025-Q3": (QUARTER, "2025-09-03"),
    "2026-Q1": (QUARTER, "2026-03-03"),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with the real regime, and the calendar and forms that it needs."""
    config = tmp_path / "home" / "config"
    for folder in ("forms", "regimes"):
        (config / folder).mkdir(parents=True)
    for name in (
        "calendar",
        "levels.yaml",
        f"regimes/{REGIME}",
        "forms/sau-linh-vuc.yaml",
        "forms/phieu-gui-bao-cao.yaml",
    ):
        (config / name).symlink_to(ROOT / "config" / name)
    (config.parent / "templates").symlink_to(ROOT / "templates")
    return config.parent


@pytest.fixture
def office(home: Path, catcher: MailCatcher, open_office: OpenOffice) -> Iterator[Office]:
    mail = MailOptions(host=catcher.host, port=catcher.port, security="none", timeout=60)
    settings = GivenSettings(
        home=home, active={REGIME: date(2024, 12, 1)}, mail=mail, settle_seconds=0, rehearsal=True
    )
    with open_office(settings) as opened:
        yield opened


def report(office: Office, agency: str, period: str, **given: int) -> bytes:
    """Return an agency's report with so many files `opening`, `closing` and `done` in it."""
    regime, duty = office.duty(REGIME, OPENED[period][0])
    form = office.config.form(duty.form).for_agency(regime.agencies[agency])
    of_period = Period.parse(period)
    figures = Agencys(form, agency, seed=1).of(Period.parse("2025-Q1"), 2025)
    files(figures, **given)
    of_term = term(regime, duty, of_period, office.config.calendar)
    _, blank = blank_workbook(office, regime, duty, of_term, agency)
    return filled(blank, form, figures, date(2025, 3, 17), regime.agencies[agency].name)


def files(
    figures: Figures,
    opening: int = 0,
    closing: int = 0,
    done: int = 200,
    done_before: int = 0,
    new_before: int = 0,
) -> None:
    """Let files come, be solved and stay open in numbers that add up, as Biểu 06 has them.

    Of the year before this period, `new_before` came and `done_before` were solved; all other
    figures of the period before were those of this one.
    """
    new = done + closing - opening
    flows = {"TT-11": new, "TT-12": new, "TT-13": 0, "TT-15": done, "TT-16": done}
    flows |= {"TT-17": 0, "TT-18": 0, "CS-07": 0}
    before = dict.fromkeys(("TT-11", "TT-12"), new_before)
    before |= dict.fromkeys(("TT-15", "TT-16"), done_before)
    stocks = {"TT-10": new + opening, "TT-14": opening, "TT-19": closing, "TT-20": closing}
    for code, number in (flows | stocks | {"TT-21": 0}).items():
        figures[code, "done"] = number
    for code, column in figures:
        if column != "cumulative":
            continue
        if code in flows:
            figures[code, column] = flows[code] + before.get(code, 0)
        elif done_before:
            figures[code, column] = 2 * figures[code, "done"]


def opened(office: Office, period: str) -> None:
    """Put a period's obligations on the books, without the letters and workbooks."""
    duty_id, day = OPENED[period]
    regime, duty = office.duty(REGIME, duty_id)
    of_term = term(regime, duty, Period.parse(period), office.config.calendar)
    owed = obligations(regime, duty, of_term)
    open_period(office, regime, duty, owed, at(day), with_letters=False)


def send(office: Office, agency: str, period: str, day: str, **given: int) -> Receipt:
    data, time = report(office, agency, period, **given), at(day, "09:00")
    # Whoever sent one before says why.
    receipt = receive(
        office, Incoming(data, f"{agency} {period}.xlsx", "folder", time, "Sửa số liệu"), time
    )
    assert receipt.submission.verdict is Verdict.ACCEPTED, receipt.judged.findings
    return receipt


def found(receipt: Receipt, *codes: str) -> list[Finding]:
    return [f for f in receipt.judged.findings if f.code in codes]


def history(receipt: Receipt) -> list[Finding]:
    """Return what the reports before say; targets are another matter."""
    return [f for f in receipt.judged.findings if f.code != "target-missed"]


def told(receipt: Receipt) -> list[str]:
    return [f.code for f in history(receipt)]


# Whole mergers: Sở Kế hoạch và Đầu tư went into Sở Tài chính on 01/3/2025.


@pytest.fixture
def two_departments(office: Office) -> Office:
    opened(office, "2024")
    send(office, "so-ke-hoach-dau-tu", "2024", "2024-12-16", closing=30)
    send(office, "so-tai-chinh", "2024", "2024-12-16", closing=12)
    opened(office, "2025-Q1")
    return office


def test_a_merged_department_goes_on_from_the_sum(two_departments: Office) -> None:
    receipt = send(two_departments, "so-tai-chinh", "2025-Q1", "2025-03-17", opening=42)
    assert told(receipt) == []


def test_a_merged_department_that_forgets_the_other_is_told(two_departments: Office) -> None:
    receipt = send(two_departments, "so-tai-chinh", "2025-Q1", "2025-03-17", opening=12)
    (finding,) = found(receipt, "not-carried")
    assert told(receipt) == ["not-carried"]
    assert finding.value == "12"
    names = "Sở Tài chính và Sở Kế hoạch và Đầu tư"
    assert finding.expected == f"TT-19 của kỳ trước (cộng số của {names}): 42"


def test_without_the_report_of_one_nothing_is_compared(office: Office) -> None:
    opened(office, "2024")
    send(office, "so-tai-chinh", "2024", "2024-12-16", closing=12)
    opened(office, "2025-Q1")
    assert told(send(office, "so-tai-chinh", "2025-Q1", "2025-03-17", opening=42)) == []


def test_the_half_year_that_spans_the_merger_compares_too(two_departments: Office) -> None:
    send(two_departments, "so-tai-chinh", "2025-Q1", "2025-03-17", opening=42, done=300)
    opened(two_departments, "2025-H1")
    receipt = send(two_departments, "so-tai-chinh", "2025-H1", "2025-06-16", opening=42, done=500)
    assert told(receipt) == []
    receipt = send(two_departments, "so-tai-chinh", "2025-H1", "2025-06-17", opening=42, done=299)
    assert {f.expected for f in found(receipt, "cumulative-fell")} >= {
        "không nhỏ hơn số từ đầu năm của Quý I năm 2025: 300"
    }


# Parts that moved: figures are split by a person.


@pytest.mark.parametrize(
    ("agency", "others"),
    [
        ("so-noi-vu", ["Sở Lao động - Thương binh và Xã hội", "Sở Dân tộc và Tôn giáo"]),
        ("so-khoa-hoc-cong-nghe", ["Sở Thông tin và Truyền thông"]),
        ("so-nong-nghiep-moi-truong", ["giảm nghèo"]),
        ("so-tu-phap", ["lý lịch tư pháp", "Công an tỉnh"]),
    ],
    ids=["took and gave", "took a part", "made of two and a part", "gave a part"],
)
def test_who_took_or_gave_a_part_is_asked_how_figures_were_split(
    office: Office, agency: str, others: list[str]
) -> None:
    opened(office, "2024")
    if agency != "so-nong-nghiep-moi-truong":
        send(office, agency, "2024", "2024-12-16", closing=12)
    opened(office, "2025-Q1")
    receipt = send(office, agency, "2025-Q1", "2025-03-17", opening=7)
    (finding,) = history(receipt)
    assert finding.code == "split-figures"
    assert not finding.is_blocking
    assert all(words in finding.expected for words in others)
    assert "Ghi chú" in finding.action


def test_who_was_not_touched_is_compared_as_ever(office: Office) -> None:
    opened(office, "2024")
    send(office, "thanh-tra-tinh", "2024", "2024-12-16", closing=12)
    opened(office, "2025-Q1")
    receipt = send(office, "thanh-tra-tinh", "2025-Q1", "2025-03-17", opening=7)
    (finding,) = history(receipt)
    assert (finding.code, finding.expected) == ("not-carried", "TT-19 của kỳ trước: 12")


# The end of districts


@pytest.mark.parametrize(
    ("done_before", "awaited"),
    [(500, set()), (510, {"lũy kế kỳ trước 500 cộng kỳ này 100 bằng 600"})],
    ids=["fits", "ten too many"],
)
def test_quarter_three_goes_on_from_the_half_year(
    office: Office, done_before: int, awaited: set[str]
) -> None:
    opened(office, "2025-H1")
    send(office, "thanh-tra-tinh", "2025-H1", "2025-06-16", closing=5, done=500)
    opened(office, "2025-Q3")
    now = {"opening": 5, "closing": 9, "done": 100, "new_before": 505}
    receipt = send(
        office, "thanh-tra-tinh", "2025-Q3", "2025-09-15", **now, done_before=done_before
    )
    assert {f.expected for f in history(receipt)} == awaited
    assert set(told(receipt)) <= {"cumulative-gap"}


def test_a_new_commune_is_asked_how_the_figures_of_its_district_were_split(office: Office) -> None:
    opened(office, "2025-H1")
    send(office, "ubnd-cao-loc", "2025-H1", "2025-06-16", closing=40)
    opened(office, "2025-Q3")
    (finding,) = history(send(office, "phuong-ky-lua", "2025-Q3", "2025-09-15", opening=8))
    assert finding.code == "split-figures"
    assert "Ủy ban nhân dân huyện Cao Lộc" in finding.expected
    assert "Ủy ban nhân dân thành phố Lạng Sơn" in finding.expected


def test_an_open_report_of_a_district_waits_for_a_person_after_its_end(office: Office) -> None:
    opened(office, "2025-H1")
    (open_one,) = standings(office, at("2025-07-01"), regime=REGIME, agency="ubnd-cao-loc")
    assert open_one.standing.state is State.OVERDUE
    regime = office.regime(REGIME)
    assert answerable(regime, "ubnd-cao-loc", date(2025, 6, 30)) is open_one.agency
    assert answerable(regime, "ubnd-cao-loc", date(2025, 7, 1)) is None


def test_what_was_sent_late_for_a_district_still_counts_after_its_end(office: Office) -> None:
    opened(office, "2025-H1")
    send(office, "ubnd-cao-loc", "2025-H1", "2025-07-02")
    (late,) = standings(office, at("2025-07-03"), regime=REGIME, agency="ubnd-cao-loc")
    assert late.standing.state is State.ACCEPTED_LATE


def test_the_provinces_own_report_is_held_against_no_figures(office: Office) -> None:
    _, duty = office.duty(REGIME, "gui-bo-quy")
    rules = office.config.form(duty.form).rules
    assert (rules.carried, rules.cumulative) == ((), None)


# Figures far from what the agency itself gave before


@pytest.fixture
def a_year_later(office: Office) -> Office:
    opened(office, "2025-Q1")
    send(office, "thanh-tra-tinh", "2025-Q1", "2025-03-17", closing=12)
    opened(office, "2026-Q1")
    return office


@pytest.mark.parametrize(
    ("done", "code"), [(1_900, None), (20_000, "large-jump"), (200_000, "unit-slip")]
)
def test_a_jump_against_the_same_quarter_of_last_year_is_a_warning(
    a_year_later: Office, done: int, code: str | None
) -> None:
    receipt = send(a_year_later, "thanh-tra-tinh", "2026-Q1", "2026-03-16", done=done)
    assert set(told(receipt)) == ({code} if code else set())
    if code:
        # Of what came and what was solved; their totals follow from these.
        came, solved = history(receipt)
        assert "(Quý I năm 2025: 212)" in came.expected
        assert "(Quý I năm 2025: 200)" in solved.expected
        assert not came.is_blocking


def test_another_agencys_figures_are_no_history(a_year_later: Office) -> None:
    assert told(send(a_year_later, "so-tai-chinh", "2026-Q1", "2026-03-16", done=20_000)) == []


def test_history_stands_where_the_sender_sees_it_and_says_nothing_twice(
    a_year_later: Office,
) -> None:
    receipt = send(a_year_later, "thanh-tra-tinh", "2026-Q1", "2026-03-16", done=20_000)
    judged, now = receipt.judged, at("2026-03-16", "09:00")
    assert judged.report is not None
    form = judged.report.form
    names = {sheet.id: f"{sheet.name} (sửa)" for sheet in reversed(form.sheets)}
    reports = Reports(a_year_later, now)
    found = history_findings(a_year_later, judged.report, judged.figures, reports, names)
    assert len(found) == len(history(receipt))
    assert {f.sheet for f in found} <= set(names.values())
    again = history_findings(a_year_later, judged.report, judged.figures, reports, names, found[:1])
    assert again == found[1:]
    assert all_findings(found[1:], found[:1], names) == tuple(found)
