"""What a secretary sees who imports a list."""

from pathlib import Path

import pytest
from cyclopts import App

from kybaocao.adapters.regime_files import load
from kybaocao.commands.forms import form
from kybaocao.commands.words import WrongUseError
from kybaocao.rules.errors import KyBaoCaoError
from tests.list_cases import office_list
from tests.support import ROOT

SMALL = ROOT / "tests" / "small"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with the small config, and the list of an office beside it."""
    (tmp_path / "config").symlink_to(SMALL / "config")
    (tmp_path / "ds.xlsx").write_bytes(office_list())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KYBAOCAO_HOME", str(tmp_path))
    return tmp_path


def run(*words: str) -> int:
    app = App(result_action="return_value")
    app.default(form)
    code = app(list(words), exit_on_error=False, print_error=False)
    assert isinstance(code, int)
    return code


def test_without_out_it_only_shows(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(home.iterdir())
    assert run("ds.xlsx", "--id", "moi") == 0
    shown = capsys.readouterr().out
    for expected in (
        "Lưu ý – Trang tính “Danh mục”, ô A20",
        "2. Thủ tục hành chính một cửa: 3 chỉ tiêu",
        "nhiệm vụ",
        "I-02 = 100 × I-01.1 / I-01",
        "I-01 = I-01.1 + I-01.2",
        "II-01.1 ≤ II-01",
        "Lũy kế từ đầu năm ≥ Thực hiện trong kỳ",
        "3 trang tính (có trang bìa), 7 chỉ tiêu, 4 cột",
        "chưa ghi",
    ):
        assert expected in shown
    assert sorted(home.iterdir()) == before


def test_the_yaml_and_the_blank_workbook_are_written_once(home: Path) -> None:
    folder = home / "moi" / "forms"
    folder.mkdir(parents=True)
    (home / "moi" / "regimes").mkdir()
    (home / "moi" / "levels.yaml").symlink_to(ROOT / "config/levels.yaml")
    words = ["ds.xlsx", "--id", "moi", "--version", "2", "--title", "Báo cáo", "--out", str(folder)]
    assert run(*words, "--blank", "xem.xlsx", "--duty", "quang-nam/bao-cao-quy") == 0
    made = load(home / "moi").form("moi")
    assert (made.version, made.title, len(list(made.indicators()))) == (2, "Báo cáo", 7)
    assert (home / "xem.xlsx").read_bytes().startswith(b"PK")
    with pytest.raises(KyBaoCaoError, match="exists already"):
        run(*words)


def test_a_faulty_list_writes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "ds.xlsx").write_bytes(b"")
    assert run("ds.xlsx", "--id", "moi", "--out", "moi.yaml") == 1
    assert "Lỗi – Cả tệp" in capsys.readouterr().out
    assert not (home / "moi.yaml").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("ds.xlsx", "--id", "Mới"),
        ("ds.xlsx", "--id", "a" * 65),
        ("ds.xlsx", "--id", "moi", "--version", "0"),
        ("ds.xlsx", "--id", "moi", "--blank", "x.xlsx"),
        ("ds.xlsx", "--id", "moi", "--blank", "x.xlsx", "--duty", "quang-nam/khong-co"),
        ("khong-co.xlsx", "--id", "moi"),
    ],
)
def test_wrong_use_is_said_and_nothing_written(home: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(WrongUseError):
        run(*words)
    assert not (home / "x.xlsx").exists()
