"""What a file is to the versions before it: a repeat, a new version, or one without its reason."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.cycle.bearing import Bearing, bearing, counted, doubted
from kybaocao.rules.cycle.standing import Verdict


@dataclass(frozen=True)
class Sent:
    version: int
    sha256: str
    verdict: Verdict
    given_back: bool = False


def versions(*said: str) -> list[Sent]:
    """`A+` is a file A that counts, `A-` one that was returned, `A!` one given back."""
    marks = {"+": Verdict.ACCEPTED, "-": Verdict.RETURNED, "!": Verdict.RETURNED}
    return [Sent(n, one[0], marks[one[1]], one[1] == "!") for n, one in enumerate(said, 1)]


@pytest.mark.parametrize(
    ("before", "said", "written", "expected"),
    [
        ([], "", "", Bearing()),
        (["A+"], "", "", Bearing(repeats=1)),
        (["A+"], "một lời", "", Bearing(repeats=1, reason="một lời")),
        (["A+", "B-"], "", "", Bearing(repeats=1)),
        (["B+"], "", "", Bearing(unexplained=1)),
        (["B+"], " ", "", Bearing(unexplained=1)),
        (["B+"], "sửa", "", Bearing(reason="sửa")),
        (["B+"], "", "sửa", Bearing(reason="sửa")),
        (["A+", "B+"], "nhầm", "", Bearing(reason="nhầm")),
        (["A+", "B+"], "", "viết từ trước", Bearing(unexplained=2)),
        (["A-", "B+"], "", "viết trong tệp", Bearing(reason="viết trong tệp")),
        (["A-"], "", "", Bearing()),
        (["A!"], "", "viết từ trước", Bearing(repeats=1)),
        (["A!"], "đã đúng", "", Bearing(reason="đã đúng")),
        (["A!", "C-"], "", "", Bearing(repeats=1)),
        (["A!", "B!"], "", "", Bearing()),
        (["A!", "B!", "A+", "B!"], "", "", Bearing(repeats=3)),
        (["A!", "B+"], "", "", Bearing(unexplained=2)),
    ],
)
def test_a_good_file(before: list[str], said: str, written: str, expected: Bearing) -> None:
    assert bearing("A", True, said, written, versions(*before)) == expected


@pytest.mark.parametrize("before", [[], ["B+"], ["A-"], ["A!"], ["B!", "A-"]])
def test_a_faulty_file_is_a_version_unless_it_is_the_one_that_counts(before: list[str]) -> None:
    """Whether it goes back for the same faults as before is for the step to see."""
    assert bearing("A", False, "", "", versions(*before)) == Bearing()
    assert bearing("A", False, "", "", versions(*before, "A+")).repeats == len(before) + 1


MARKS = st.sampled_from([f"{name}{mark}" for name in "ABC" for mark in "+-!"])


@given(st.lists(MARKS, max_size=6), st.sampled_from(["", "lời"]))
def test_a_good_file_counts_or_says_what_it_lacks(before: list[str], said: str) -> None:
    """It never replaces what counts in silence, and never is swallowed when something is said."""
    there = versions(*before)
    counts, found = counted(there), bearing("A", True, said, "", there)
    if counts is not None and counts.sha256 == "A":
        assert found.repeats == counts.version
    elif said:
        assert found == Bearing(reason=said)
    elif counts is not None:
        assert found == Bearing(unexplained=counts.version)
    else:
        back = doubted(there)
        is_doubted = back is not None and back.sha256 == "A"
        assert found == (Bearing(repeats=back.version) if back and is_doubted else Bearing())
