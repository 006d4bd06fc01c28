"""What is accepted of the corpus is proved a second way; where it is not, it is known why."""

import pytest

from kybaocao.adapters import originals
from kybaocao.adapters.workbooks import reading
from kybaocao.rules.proof.file_proof import FileProof, prove_file
from kybaocao.steps.intake.verdict import judge_book
from tests.corpus.makers import data_of
from tests.support import need_program
from tests.test_corpus import TABLE, config_of
from tests.test_two_readers import ENDLESS

UNPROVED = {
    "codes-deleted.xlsx": "codes and labels are gone: the first way knows rows by more",
    "link-to-nothing-as-wish.xlsx": "the 0 of a link to nothing, where a text is asked for",
    "tcvn3-font.xlsx": "letters of an old font",
    "tcvn3-in-a-new-font.xlsx": "letters of before Unicode",
    "tcvn3-capitals-font.xlsx": "letters of an old font",
    "tcvn3-font-by-libreoffice.xlsx": "letters of an old font",
    "tcvn3-font-by-libreoffice.ods": "letters of an old font",
    "vni-font.xlsx": "letters of an old font",
}
# Where the quick ways differ, LibreOffice decides, as it does before a delivery.
BY_LIBREOFFICE = {"cells-of-another-namespace.xlsx": "the others heed no namespaces"}
UNREAD = {"good-without-type.ods": "calamine wants the type in front"}
ACCEPTED = [
    e.file
    for e in TABLE
    if e.verdict == "accepted" and e.file not in ENDLESS and e.file.endswith((".xlsx", ".ods"))
]


def proof_of(name: str, data: bytes) -> FileProof | None:
    """Return the proof of a file by the first reader that agrees, or the last that could read."""
    config, sent = config_of(name), data_of(name)
    judged = judge_book(config, list(config.regimes), reading.read(sent))
    assert judged.report is not None
    form = judged.report.form
    columns = form.columns_for(judged.report.period.frequency)
    proof = None
    for read in (originals.by_calamine, originals.by_openpyxl):
        try:
            proof = prove_file(form, columns, judged.figures, read(data))
        except Exception:  # noqa: S112 (whatever a library says, the next one tries)
            continue
        if proof.is_clean:
            break
    return proof


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_accepted_file_is_proved_by_another_reader(name: str) -> None:
    proof = proof_of(name, data_of(name))
    assert (proof is None) is (name in UNREAD)
    assert bool(proof and proof.differences) is (name in BY_LIBREOFFICE)
    assert bool(proof and proof.unproved) is (name in UNPROVED)


@pytest.mark.parametrize("name", BY_LIBREOFFICE)
def test_where_quick_readers_differ_libreoffice_sees_what_ours_does(name: str) -> None:
    need_program("soffice", "libreoffice")
    data = originals.converted(data_of(name))
    assert data is not None
    proof = proof_of(name, data)
    assert proof is not None
    assert proof.is_clean
