"""Config that works is read; config that does not says where, and what was expected."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from kybaocao.adapters.regime_files import load
from kybaocao.rules.errors import ConfigError
from kybaocao.rules.regime.contact import Role
from tests.support import ROOT

LEVELS = (ROOT / "config/levels.yaml").read_text(encoding="utf-8")
FORM = """\
id: bao-cao
version: 1
title: Báo cáo
columns:
  - id: done
    name: Thực hiện
  - id: total
    name: Lũy kế
  - id: note
    name: Ghi chú
    text: true
sheets:
  - id: so-lieu
    kind: indicators
    name: Số liệu
    title: Số liệu
    rows:
      - code: SL-01
        name: Hồ sơ
        unit: hồ sơ
        columns: [done, total]
        source: khoản 1
      - code: SL-02
        name: Hồ sơ đúng hạn
        unit: hồ sơ
        columns: [done]
        source: khoản 1
      - code: SL-03
        name: Hồ sơ cộng dồn
        unit: hồ sơ
        columns: [total]
        source: khoản 1
"""
REGIME = """\
id: mau
name: Mẫu
province: Mẫu
document:
  number: 1/QĐ-UBND
  date: 2016-01-04
  issuer: Ủy ban nhân dân tỉnh
  title: Quyết định
in_force:
  since: 2016-01-04
secretariat: so-noi-vu
days_off: {rule: none, source: Giả định}
corrected: first-version
assumptions:
  - id: ky-so-lieu
    text: Theo năm dương lịch.
duties:
  - id: bao-cao-quy
    name: Báo cáo quý
    clause: Điều 1
    stated: trước ngày 15
    reporters:
      levels: [huyen]
    recipient: so-noi-vu
    handling: consolidate
    every: quarter
    window: mid-month
    deadline:
      before: 15
    opens: 15
    form: bao-cao
    assumptions: [ky-so-lieu]
"""
AGENCIES = """\
code,name,short,level,parent,desk,since,until,source
so-noi-vu,Sở Nội vụ,Sở Nội vụ,so,,,,,Điều 1
ubnd-a,Ủy ban nhân dân huyện A,UBND A,huyen,,,,2016-06-30,Điều 1
ubnd-b,Ủy ban nhân dân huyện B,UBND B,huyen,,,,,Điều 1
"""
CONTACTS = """\
agency,role,address,name
ubnd-a,officer,vanthu@ubnd-a.example,Văn thư
ubnd-a,head,lanhdao@ubnd-a.example,
"""


class Home:
    """A config folder that works, to be broken in one place."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config"
        for name, text in {
            "forms/bao-cao.yaml": FORM,
            "regimes/mau/regime.yaml": REGIME,
            "regimes/mau/agencies.csv": AGENCIES,
            "regimes/mau/contacts.csv": CONTACTS,
            "levels.yaml": LEVELS,
        }.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, name: str, *changes: tuple[str, str]) -> None:
        path = self.config / name
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def faults(self) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load(self.config)
        return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


# What works


def test_a_regime_comes_with_its_agencies_and_contacts(home: Home) -> None:
    regime = load(home.config).regimes["mau"]
    assert list(regime.agencies) == ["so-noi-vu", "ubnd-a", "ubnd-b"]
    assert regime.agencies["ubnd-a"].level == "huyen"
    assert regime.agencies["ubnd-a"].until == date(2016, 6, 30)
    assert regime.agencies["ubnd-b"].since is None
    assert [(c.role, c.address) for c in regime.contacts] == [
        (Role.OFFICER, "vanthu@ubnd-a.example"),
        (Role.HEAD, "lanhdao@ubnd-a.example"),
    ]


def test_a_contact_may_have_a_telephone_and_a_regime_says_whom_to_ask(home: Home) -> None:
    row = TELEPHONE_ROW.replace("hỏi văn thư", "0235 3852 345")
    home.replace(CONTACTS_FILE, ("name\nubnd-a,officer,vanthu@ubnd-a.example,Văn thư", row))
    asked = ASKED_BY_NUMBER.replace("2353000000", '"(0235) 3852 000"')
    home.replace(REGIME_FILE, ("secretariat: so-noi-vu", asked))
    regime = load(home.config).regimes["mau"]
    assert [c.telephone for c in regime.contacts] == ["0235 3852 345", ""]
    assert regime.contact is not None
    assert (regime.contact.telephone, regime.contact.email) == ("(0235) 3852 000", None)


def test_the_newest_version_of_a_form_counts_and_old_ones_stay(home: Home) -> None:
    home.write("forms/bao-cao-2.yaml", FORM.replace("version: 1", "version: 2"))
    config = load(home.config)
    assert config.form("bao-cao").version == 2
    assert config.form("bao-cao", 1).version == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
def test_tables_saved_by_a_spreadsheet_program_are_read(home: Home, encoding: str) -> None:
    path = home.config / "regimes/mau/agencies.csv"
    text = AGENCIES.replace("Ủy ban nhân dân huyện B", '"Ủy ban nhân dân\nhuyện B"')
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    agencies = load(home.config).regimes["mau"].agencies
    assert agencies["ubnd-b"].name == "Ủy ban nhân dân\nhuyện B"
    assert agencies["ubnd-b"].source == "Điều 1"


def test_saturdays_worked_for_a_swapped_day_come_from_the_holidays_package(home: Home) -> None:
    calendar = load(home.config).calendar
    assert not calendar.is_working(date(2019, 4, 29))
    assert calendar.is_working(date(2019, 5, 4))
    assert calendar.reason_off(date(2016, 9, 2)) == "Quốc khánh"


DAYS_OF_2016 = """\
year: 2016
provisional: Mẫu.
days:
  - {day: 2016-09-02, type: holiday, name: Quốc khánh}
  - {day: 2016-09-03, type: compensatory, name: Nghỉ bù, instead_of: 2016-09-04}
  - {day: 2016-09-05, type: swapped-off, name: Hoán đổi, instead_of: 2016-09-10}
"""
OWN_DAYS = """\
days:
  - {day: 2016-10-03, type: swapped-off, name: Nghỉ bão, source: Công điện, instead_of: 2016-10-08}
  - {day: 2016-10-08, type: swapped-worked, name: Làm bù, source: Công điện, instead_of: 2016-10-03}
  - {day: 2016-09-02, type: ordinary, name: Làm thêm, source: Công điện}
"""


def test_own_days_are_read_on_top_of_the_package(home: Home) -> None:
    home.write("calendar/rieng.yaml", OWN_DAYS)
    calendar = load(home.config).calendar
    assert calendar.reason_off(date(2016, 10, 3)) == "Nghỉ bão"
    assert calendar.is_working(date(2016, 10, 8))
    assert calendar.is_working(date(2016, 9, 2))
    assert calendar.reason_off(date(2016, 5, 3)) == "Ngày Quốc tế Lao động (nghỉ bù)"
    assert calendar.provisional(2016)


def test_a_years_table_stands_instead_of_the_package(home: Home) -> None:
    lines = DAYS_OF_2016.splitlines(keepends=True)
    home.write("calendar/2016.yaml", "".join(lines[:4]))
    calendar = load(home.config).calendar
    assert calendar.reason_off(date(2016, 9, 2)) == "Quốc khánh"
    assert calendar.is_working(date(2016, 5, 3))
    assert not calendar.is_working(date(2017, 5, 2))
    assert calendar.provisional(2016) == "Mẫu."


# What does not


FORM_FILE = "forms/bao-cao.yaml"
REGIME_FILE = "regimes/mau/regime.yaml"
AGENCIES_FILE = "regimes/mau/agencies.csv"
CONTACTS_FILE = "regimes/mau/contacts.csv"
TELEPHONE_ROW = "name,telephone\nubnd-a,officer,vanthu@ubnd-a.example,Văn thư,hỏi văn thư"
ASKED_BY_NUMBER = "secretariat: so-noi-vu\ncontact: {office: X, telephone: 2353000000}"
DONE = "columns: [done]"
RATIO = f"{DONE}\n        aggregate: ratio\n        compute: "
LONG_NAME = "Số liệu cải cách hành chính năm 2016 của tỉnh"

# file, what to replace, by what, the fault expected
FAULTS = [
    (FORM_FILE, "version: 1", "version: một", "2: version: expected a whole number, found 'một'"),
    (FORM_FILE, "version: 1", "version: 0", "2: version: expected 1 or more, found '0'"),
    (FORM_FILE, "version: 1\n", "", "1: version: is missing"),
    (FORM_FILE, "version: 1", "version: 1\nhidden: 1", "3: hidden: is not a word known here"),
    (FORM_FILE, "title: Báo cáo", "title: a: b", "3: not readable as YAML: mapping values"),
    (
        FORM_FILE,
        "title: Báo cáo",
        "title: a\ntitle: b",
        "4: not readable as YAML: found duplicate key",
    ),
    (FORM_FILE, "    kind: indicators\n", "", "13: sheets.0.kind: is missing"),
    (
        *(FORM_FILE, "kind: indicators", "kind: indicator"),
        "14: sheets.0.kind: expected 'entries', 'indicators' or 'table', found 'indicator'",
    ),
    (
        *(FORM_FILE, "    name: Số liệu\n", f"    name: {LONG_NAME}\n"),
        f"15: sheets.0.name: expected at most 31 characters, found '{LONG_NAME}'",
    ),
    (
        *(FORM_FILE, "    name: Số liệu\n", "    name: Số/liệu\n"),
        "15: sheets.0.name: expected a sheet name without any of []:*?/\\ and with no apostrophe "
        "at its ends, found 'Số/liệu'",
    ),
    (
        *(FORM_FILE, "    name: Số liệu\n", "    name: Số liệu'\n"),
        "15: sheets.0.name: expected a sheet name without any of []:*?/\\ and with no apostrophe "
        'at its ends, found "Số liệu\'"',
    ),
    (
        *(FORM_FILE, "SL-02", "sl02"),
        "23: sheets.0.rows.1.code: expected capitals and digits, parted by hyphens or dots "
        "(TTHC-05), found 'sl02'",
    ),
    (
        *(FORM_FILE, "name: Hồ sơ đúng hạn", "name: 12"),
        "24: sheets.0.rows.1.name: expected a text (numbers in quotes), found '12'",
    ),
    (
        FORM_FILE,
        DONE,
        "columns: done",
        "26: sheets.0.rows.1.columns: expected a list, found 'done'",
    ),
    (
        *(FORM_FILE, DONE, f"{DONE}\n        kind: số"),
        "27: sheets.0.rows.1.kind: expected 'integer', 'decimal', 'percent', 'text', 'date' or "
        "'choice', found 'số'",
    ),
    (
        FORM_FILE,
        DONE,
        "columns: [plan]",
        "26: expected a figure column (done, total), found 'plan'",
    ),
    (FORM_FILE, "SL-02", "SL-01", "23: row SL-01 exists twice"),
    (
        *(FORM_FILE, DONE, RATIO + "{part: [SL-01], whole: [SL-09]}"),
        "28: expected an indicator's code, found 'SL-09'",
    ),
    (REGIME_FILE, "id: mau", "id: khac", "1: expected id 'mau', the folder's name, found 'khac'"),
    (
        *(REGIME_FILE, "since: 2016-01-04", "since: 2016-02-30"),
        "10: in_force.since: expected a day (2016-12-31), found '2016-02-30'",
    ),
    (
        *(REGIME_FILE, "secretariat: so-noi-vu", "secretariat: so-x"),
        "11: expected a code of agencies.csv, found 'so-x'",
    ),
    (
        *(REGIME_FILE, "recipient: so-noi-vu", "recipient: so-x"),
        "24: expected a code of agencies.csv, found 'so-x'",
    ),
    (
        *(REGIME_FILE, "levels: [huyen]", "levels: [huyen]\n      without: [ubnd-x]"),
        "24: expected a code of agencies.csv, found 'ubnd-x'",
    ),
    (
        *(REGIME_FILE, "levels: [huyen]", "levels: [tinh]"),
        "22: no agency of agencies.csv owes this report",
    ),
    (REGIME_FILE, "form: bao-cao", "form: bieu", "31: expected a form (bao-cao), found 'bieu'"),
    (
        *(REGIME_FILE, "[ky-so-lieu]", "[ky]"),
        "32: expected an assumption (ky-so-lieu), found 'ky'",
    ),
    (
        *(REGIME_FILE, "before: 15", "by: 31\n      month: 11"),
        "28: duties.0.deadline: month 11 has no day 31",
    ),
    (
        *(REGIME_FILE, "since: 2016-01-04", "since: 2016-01-04\n  until: 2015-12-31"),
        "9: in_force: `until` is before `since`",
    ),
    (
        *(AGENCIES_FILE, "huyen,,,,2016-06-30", "huyen,,,2016-07-01,2016-06-30"),
        "3: `until` is before `since`",
    ),
    (
        *(REGIME_FILE, "before: 15", "by: 32"),
        "29: duties.0.deadline.by: expected 31 or less or 'end-of-month' or 'end-of-quarter', "
        "found '32'",
    ),
    (
        *(REGIME_FILE, "before: 15", "before: 15\n      by: 14"),
        "28: duties.0.deadline: needs exactly one of `before`, `by`, `after_cutoff` and "
        "`requested: true`",
    ),
    (
        *(AGENCIES_FILE, "code,name", "mã,name"),
        "1: expected the columns code,name,short,level,parent,desk,since,until,source, "
        "parted by commas; found also mã; missing code",
    ),
    (
        *(AGENCIES_FILE, "ubnd-b,Ủy", "UBND B,Ủy"),
        "4: code: expected lower-case letters, digits and single hyphens, found 'UBND B'",
    ),
    (
        *(AGENCIES_FILE, "2016-06-30", "30/6/2016"),
        "3: until: expected a day (2016-12-31), found '30/6/2016'",
    ),
    (
        *(AGENCIES_FILE, "UBND A,huyen,", "UBND A,huyen,ubnd-x"),
        "3: parent: expected a code of this file, found 'ubnd-x'",
    ),
    (AGENCIES_FILE, "ubnd-b,Ủy", "ubnd-a,Ủy", "4: agency ubnd-a exists twice"),
    (AGENCIES_FILE, "UBND B,huyen,,,,,Điều 1", "UBND B,huyen", "4: source: is missing"),
    (AGENCIES_FILE, ",,,,,Điều 1\nubnd-a", ",,,,,Điều 1,x\nubnd-a", "2: more cells than columns"),
    (AGENCIES_FILE, "ubnd-b,Ủy", 'ubnd-b,"Ủy', "3: not readable as CSV: unexpected end of data"),
    (
        *(CONTACTS_FILE, "vanthu@ubnd-a.example", "vanthu ubnd-a.example"),
        "2: address: địa chỉ thư “vanthu ubnd-a.example” không đúng dạng ten@donvi.vn",
    ),
    (CONTACTS_FILE, "lanhdao@", "vanthu@", "3: vanthu@ubnd-a.example exists twice for ubnd-a"),
    (
        *(CONTACTS_FILE, "ubnd-a,head", "ubnd-x,head"),
        "3: agency: expected a code of agencies.csv, found 'ubnd-x'",
    ),
    (
        *(CONTACTS_FILE, "name\nubnd-a,officer,vanthu@ubnd-a.example,Văn thư", TELEPHONE_ROW),
        "2: telephone: expected a telephone number, found 'hỏi văn thư'",
    ),
    (
        *(REGIME_FILE, "secretariat: so-noi-vu", ASKED_BY_NUMBER),
        "12: contact.telephone: expected a text (numbers in quotes), found '2353000000'",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), FAULTS)
def test_a_fault_says_where_and_what_was_expected(
    home: Home, file: str, old: str, new: str, expected: str
) -> None:
    home.replace(file, (old, new))
    assert any(f.startswith(f"config/{file}:{expected}") for f in home.faults()), home.faults()


def test_all_faults_of_all_files_come_at_once(home: Home) -> None:
    chosen = {
        FORM_FILE: ["version: một", "name: 12", "columns: done"],
        REGIME_FILE: ["since: 2016-02-30", "by: 32"],
        AGENCIES_FILE: ["30/6/2016", "UBND B,huyen"],
        CONTACTS_FILE: ["vanthu ubnd-a.example", "ubnd-x,head"],
    }
    expected = []
    for file, old, new, message in FAULTS:
        if new in chosen[file]:
            home.replace(file, (old, new))
            expected.append(f"config/{file}:{message}")
    wrong = "{day: 2016-02-30, type: holiday, name: a, source: b}"
    home.write("calendar/rieng.yaml", f"days:\n  - {wrong}\n")
    expected.append(
        "config/calendar/rieng.yaml:2: days.0.day: expected a day (2016-12-31), found '2016-02-30'"
    )
    assert len(expected) == 10
    assert sorted(home.faults()) == sorted(expected)


@pytest.mark.parametrize("file", [FORM_FILE, REGIME_FILE, AGENCIES_FILE, CONTACTS_FILE])
@pytest.mark.parametrize("content", [b"", b"- a\n- b\n", "Báo cáo".encode("utf-16"), None])
def test_an_unreadable_file_is_one_fault_and_hides_no_other(
    home: Home, file: str, content: bytes | None
) -> None:
    path = home.config / file
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    home.write("calendar/rieng.yaml", "swapped: []\n")
    of_calendar = "config/calendar/rieng.yaml:1: swapped: is not a word known here"
    faults = home.faults()
    if content is None and file == FORM_FILE:
        assert faults[1:] == ["config/regimes/mau/regime.yaml:31: " + NO_FORM]
    else:
        assert [f.split(":")[0] for f in faults] == sorted(
            ["config/" + file, of_calendar.split(":")[0]]
        )
    assert of_calendar in faults


def test_faults_of_the_calendar_are_named_with_their_lines(home: Home) -> None:
    home.write("calendar/2016.yaml", DAYS_OF_2016)
    home.write("calendar/2018.yaml", DAYS_OF_2016.replace("holiday", "feast"))
    home.write("calendar/rieng.yaml", OWN_DAYS.replace("source: Công điện}", "source: ''}"))
    assert home.faults() == [
        "config/calendar/2016.yaml:5: expected Monday to Friday, since the others are off anyway",
        "config/calendar/2017.yaml: is missing; the table runs from 2016 to 2018",
        "config/calendar/2018.yaml:4: days.0.type: expected 'holiday', 'compensatory', "
        "'swapped-off' or 'swapped-worked', found 'feast'",
        "config/calendar/rieng.yaml:4: days.2.source: expected a text, found ''",
    ]
    (home.config / "calendar/rieng.yaml").unlink()
    assert home.faults()[1:3] == [
        "config/calendar/2016.yaml:5: instead_of: expected 2016-09-04 to be holiday, found nothing",
        "config/calendar/2016.yaml:6: instead_of: expected 2016-09-10 to be "
        "swapped-worked, found nothing",
    ]


NO_FORM = "expected a form (there is none), found 'bao-cao'"


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "config")
    assert str(caught.value) == (
        "config/forms: this folder is missing\n"
        "config/levels.yaml: cannot be read: No such file or directory\n"
        "config/regimes: this folder is missing"
    )


def test_no_fault_of_a_regime_waits_for_another(tmp_path: Path) -> None:
    """A wrong word in one place hides nothing that is wrong in the others."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "tests" / "small" / "config", config)
    path = config / "regimes" / "quang-nam" / "regime.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("rule: none", "rule: never", 1)
    text = text.replace("recipient: so-noi-vu", "recipient: so-la", 1)
    text = text.replace("form: ngan", "form: dai", 1)
    text = text.replace("every: year", "every: week", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(config)
    said = "\n".join(str(fault) for fault in caught.value.faults)
    for piece in ("never", "so-la", "dai", "week"):
        assert piece in said, said
    assert len(caught.value.faults) == 4, said


def test_a_fault_of_a_regime_hides_none_of_the_tables_beside_it(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(ROOT / "tests" / "small" / "config", config)
    folder = config / "regimes" / "quang-nam"
    path = folder / "regime.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("rule: none", "rule: never", 1), encoding="utf-8")
    (folder / "successions.csv").write_text(
        "predecessor,successor,day,scope,whole,heir,source\n"
        "so-noi-vu,so-la,2016-07-01,tất cả,true,true,Điều 1\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        load(config)
    said = sorted(str(fault) for fault in caught.value.faults)
    assert [fault.split("/")[-1].split(":")[0] for fault in said] == [
        "regime.yaml",
        "successions.csv",
    ], said


def test_no_fault_is_told_twice(tmp_path: Path) -> None:
    """What cannot be a code is said once, and not also held against the agencies' codes."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "tests" / "small" / "config", config)
    path = config / "regimes" / "quang-nam" / "regime.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("secretariat: so-noi-vu", "secretariat: Sở", 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(config)
    assert len(caught.value.faults) == 1, caught.value


def test_a_duty_that_does_not_fit_itself_hides_no_other_fault(tmp_path: Path) -> None:
    """A fault of a duty as a whole, found only when its parts are held together."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "tests" / "small" / "config", config)
    path = config / "regimes" / "quang-nam" / "regime.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("every: year\n    window: calendar", "every: once\n    window: calendar", 1)
    text = text.replace("recipient: so-noi-vu", "recipient: so-la", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(config)
    said = [str(fault) for fault in caught.value.faults]
    assert [fault.partition(": ")[2] for fault in said] == [
        "expected a code of agencies.csv, found 'so-la'",
        "duties.1: `every: once` and `once` go together",
    ]


def test_a_regime_that_demands_days_after_the_cutoff_must_leave_them(home: Home) -> None:
    home.replace(REGIME_FILE, ("corrected:", "days_after_cutoff: 1\ncorrected:"))
    assert home.faults() == [
        "config/regimes/mau/regime.yaml:29: expected at least 1 working days after the data "
        "window, which ends on 2016-03-14; found 0 for 2016-Q1"
    ]
