"""The register as a page: valid Markdown whatever the names hold, for every regime of config/."""

import re
from pathlib import Path

import pytest

from kybaocao.adapters.regime_files import Config, load
from kybaocao.adapters.register_page import RegisterPageError, page, text
from kybaocao.rules.cells.phrases import quoted
from kybaocao.rules.regime.register import Register, register
from tests.rules.regime_cast import duty, regime
from tests.support import ROOT

TEMPLATES = ROOT / "templates"
REGIMES = sorted(p.parent.name for p in (ROOT / "config/regimes").glob("*/regime.yaml"))


@pytest.fixture(scope="module")
def config() -> Config:
    return load(ROOT / "config")


def registered(config: Config, regime_id: str) -> Register:
    declared = config.regimes[regime_id]
    return register(declared, {d.form: config.form(d.form).title for d in declared.duties})


def assert_tables_are_whole(markdown: str) -> None:
    """Assert that every table has its rule line and the same number of cells in each row."""
    for block in re.findall(r"(?m)(?:^\|.*\n)+", markdown):
        rows = block.splitlines()
        assert re.fullmatch(r"\|(---\|)+", rows[1]), rows[:2]
        cells = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
        assert len(cells) == 1, block
    for before, after in zip(markdown.splitlines(), markdown.splitlines()[1:], strict=False):
        if after.startswith("|") and not before.startswith("|"):
            assert before == "", f"a table that a paragraph swallows: {after}"


@pytest.mark.parametrize("regime_id", REGIMES)
def test_the_page_of_every_regime_is_whole(config: Config, regime_id: str) -> None:
    found = registered(config, regime_id)
    markdown = page(TEMPLATES, found)
    assert_tables_are_whole(markdown)
    assert not re.search(r"\n\n\n", markdown)
    for entry in found.duties:
        assert text(entry.name) in markdown
        assert text(quoted(entry.stated)) in markdown
        assert text(entry.clause) in markdown
    for assumption in found.assumptions:
        assert f"\n{assumption.number}. {text(assumption.text)}\n" in markdown
    for agency in found.agencies:
        assert f"| {text(agency.name)} |" in markdown


def test_marks_in_a_name_stay_text() -> None:
    declared = regime(duty(name="Báo cáo | *quý* <b>\nvà [6 tháng](x)_"))
    markdown = page(TEMPLATES, register(declared, {"cchc-quy": "Mẫu"}))
    assert_tables_are_whole(markdown)
    assert r"Báo cáo \| \*quý\* \<b\> và \[6 tháng\](x)\_" in markdown


def test_a_page_without_its_template_says_so(tmp_path: Path) -> None:
    with pytest.raises(RegisterPageError, match=r"register\.md"):
        page(tmp_path, register(regime(), {"cchc-quy": "Mẫu"}))
