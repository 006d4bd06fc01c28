"""A form becomes YAML that people can go on writing, and that loads back as the same form."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kybaocao.adapters.form_files import as_yaml, write
from kybaocao.adapters.regime_files import load
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.form.form import Form
from tests.list_cases import FORMS
from tests.support import ROOT

SIMPLE = FORMS["cai-cach-tai-chinh-cong"]


def loaded(text: str) -> Form:
    return Form.model_validate(YAML(typ="safe").load(text))


@pytest.mark.parametrize("name", FORMS)
def test_every_form_comes_back_as_it_was(name: str) -> None:
    assert loaded(as_yaml(FORMS[name], "Ghi chú: #1")) == FORMS[name]


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1) | st.sampled_from(
    ["null", "2016-12-31", "1e5", "- a", "a: b", "# a", "'", '"', "no", "~", "100%", "%", "a" * 300]
)


@given(name=TEXTS, note=TEXTS, unit=TEXTS)
@settings(max_examples=60, deadline=None)
def test_whatever_people_write_comes_back(name: str, note: str, unit: str) -> None:
    tree = SIMPLE.model_dump(mode="json")
    row = next(s for s in tree["sheets"] if s["kind"] == "indicators")["rows"][0]
    row["name"], row["unit"], row["target"] = name, unit, note
    tree["note"] = f"{note} {name} " * 3
    form = Form.model_validate(tree)
    assert loaded(as_yaml(form)) == form


@pytest.mark.parametrize("name", ["cchc-quy", "cai-cach-tai-chinh-cong", "ung-dung-cntt"])
def test_it_looks_as_if_written_by_hand(name: str) -> None:
    """But for comments, and for where a folded text breaks, the lines are those of the file."""
    by_hand = (ROOT / "config" / "forms" / f"{name}.yaml").read_text(encoding="utf-8")
    lines = [line for line in by_hand.splitlines() if not line.startswith("#")]
    ours = as_yaml(FORMS[name]).splitlines()
    strange = [line for line in ours if line not in lines]
    assert all(len(line) <= 100 for line in ours)
    assert len(strange) <= len(ours) / 25, strange


def test_the_file_loads_with_the_rest_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "config" / "regimes").mkdir(parents=True)
    (tmp_path / "config" / "forms").mkdir()
    (tmp_path / "config" / "levels.yaml").symlink_to(ROOT / "config/levels.yaml")
    write(tmp_path / "config" / "forms" / "moi.yaml", SIMPLE, "Từ danh mục\nchỉ tiêu")
    assert load(tmp_path / "config").form(SIMPLE.id) == SIMPLE
    text = (tmp_path / "config" / "forms" / "moi.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Từ danh mục\n# chỉ tiêu\nid: ")


def test_a_file_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "cu.yaml"
    path.write_text("cũ", encoding="utf-8")
    with pytest.raises(KyBaoCaoError, match=r"cu\.yaml exists already"):
        write(path, SIMPLE)
    assert path.read_text(encoding="utf-8") == "cũ"
