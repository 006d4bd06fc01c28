"""YAML is read as its version 1.2 means it, with the line of every part."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from kybaocao.rules.declared.yaml_tree import TreeError, line_of, read
from tests.support import ROOT

CONFIG = ROOT / "config"
TEXT = """\
# A comment
id: mau
duties:
  - id: a
    choices: [Có, no]
    deadline: {before: 15}

  - id: b
    assumptions: &chung
      - mot
      - hai
  - id: c
    assumptions: *chung
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15", 15),
        ("1.5", 1.5),
        ("-1e3", -1000.0),
        ("true", True),
        ("no", "no"),
        ("on", "on"),
        ("2016-12-31", "2016-12-31"),
        ("2016-02-30", "2016-02-30"),
        ("07:00", "07:00"),
        ("'15'", "15"),
        ("~", None),
        ("0123", 123),
        ("1908/QĐ-UBND", "1908/QĐ-UBND"),
    ],
)
def test_plain_words(text: str, value: object) -> None:
    found = read(f"key: {text}\n")["key"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("id",), 2),
        (("duties", 0), 4),
        (("duties", 0, "choices", 1), 5),
        (("duties", 1, "id"), 8),
        (("duties", 1, "assumptions", 1), 11),
        (("duties", 2, "assumptions"), 13),
        # What is not there is named by what encloses it.
        (("duties", 1, "deadline", "by"), 8),
        (("secretariat",), 1),
    ],
)
def test_each_part_knows_its_line(place: tuple[str | int, ...], line: int) -> None:
    assert line_of(read(TEXT), place) == line


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: c: d\n", 2, "mapping values"),
        ("a: 1\nb: 2\na: 3\n", 3, 'found duplicate key "a"'),
        ("a: [1\n", 2, "did not find expected"),
        ("? [a]\n: 1\n", 1, "expected a word"),
        ("a: *b\n", 1, "undefined alias"),
    ],
)
def test_what_is_no_yaml_says_where(text: str, line: int, said: str) -> None:
    with pytest.raises(TreeError, match=said) as caught:
        read(text)
    assert caught.value.line == line


@pytest.mark.parametrize("path", sorted(CONFIG.rglob("*.yaml")), ids=lambda p: p.stem)
def test_another_reader_finds_the_same(path: Path) -> None:
    class Days(SafeConstructor):
        """Leaves days as text."""

    Days.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)
    other = YAML(typ="safe", pure=True)
    other.Constructor = Days
    text = path.read_text(encoding="utf-8")
    assert read(text) == other.load(text)
