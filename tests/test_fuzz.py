"""Changed at random, no file stops the reader, and none is accepted with other figures.

`KYBAOCAO_TEST_MUTANTS` says how many; `make soak` tries thousands.
"""

import os
from collections.abc import Iterator

import pytest

from kybaocao import runtime
from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.settings import GivenSettings
from kybaocao.steps.intake.judge import Judged, judge
from tests.corpus.mutations import Mutant, mutant, sources
from tests.test_corpus import config_of, figures

COUNT = int(os.environ.get("KYBAOCAO_TEST_MUTANTS", "200"))

Results = list[tuple[Mutant, Judged]]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> GivenSettings:
    return GivenSettings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def pool(settings: GivenSettings) -> Iterator[ReaderPool]:
    with runtime.reader_pool(settings) as pool:
        yield pool


@pytest.fixture(scope="module")
def originals(settings: GivenSettings, pool: ReaderPool) -> dict[str, dict[str, object]]:
    """The figures of the good files."""
    return {
        name: figures(judge(config_of(name), settings, pool, data))
        for name, data in sources().items()
    }


@pytest.fixture(scope="module")
def results(settings: GivenSettings, pool: ReaderPool) -> Results:
    """Every mutant with its verdict: whatever it is, there is one, and the parent lives."""
    mutants = map(mutant, range(COUNT))
    return [(m, judge(config_of(m.source), settings, pool, m.data)) for m in mutants]


def test_every_file_has_a_verdict_and_a_reason_unless_it_is_accepted(results: Results) -> None:
    assert len(results) == COUNT
    for of, judged in results:
        has_reason = any(finding.is_blocking for finding in judged.findings)
        assert has_reason == (judged.verdict is not Verdict.ACCEPTED), of.name


def test_what_keeps_the_cells_is_accepted_in_99_of_100(results: Results) -> None:
    kept = [(of, judged) for of, judged in results if of.keeps_cells]
    refused = [
        (of.name, judged.findings[0])
        for of, judged in kept
        if judged.verdict is not Verdict.ACCEPTED
    ]
    assert len(refused) * 100 <= len(kept), refused


def test_no_accepted_figure_differs_from_the_original(
    results: Results, originals: dict[str, dict[str, object]]
) -> None:
    for of, judged in results:
        if judged.verdict is Verdict.ACCEPTED and of.figures is not None:
            assert figures(judged) == {**originals[of.source], **of.figures}, of.name


def test_what_cannot_be_taken_is_not_taken(results: Results) -> None:
    for of, judged in results:
        if of.name.startswith("refused"):
            assert judged.verdict is Verdict.RETURNED, of.name


def test_the_same_number_gives_the_same_file() -> None:
    for seed in range(10):
        assert mutant(seed) == mutant(seed)
