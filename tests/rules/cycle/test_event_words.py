"""The log in Vietnamese: no letter without words, and no key where a name is known."""

import pytest

from kybaocao.rules.cycle.event_words import (
    about_words,
    act_words,
    actor_key,
    actor_words,
    counted_words,
    detail_words,
    letter_words,
)
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import MARKS, Standing, State, days_words
from tests.rules.regime_cast import agency, regime

TAM_KY = agency("tam-ky").model_copy(update={"name": "UBND Tam Kỳ"})
REGIME = regime(agencies=(TAM_KY,))


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("mau/bao-cao-quy/2016-Q3/tam-ky", "Báo cáo quý III năm 2016 – UBND Tam Kỳ"),
        ("mau/bao-cao-quy/2016-Q3", "Báo cáo quý III năm 2016"),
        (
            "mau/bao-cao-quy/2016-Q3/tam-ky/reminder/2016-09-07/a@b.example",
            "Báo cáo quý III năm 2016 – UBND Tam Kỳ – thư nhắc hạn",
        ),
        ("mau/bao-cao-quy/*/tam-ky", "Báo cáo quý – UBND Tam Kỳ"),
        ("mau/tam-ky", "UBND Tam Kỳ"),
        ("mau", "Mẫu"),
        ("mau/khong-con/2016-Q3/xa-cu", "mau/khong-con/2016-Q3/xa-cu"),
        ("submission/12", "Tệp số 12"),
    ],
)
def test_a_key_is_said_in_words(about: str, words: str) -> None:
    assert about_words(REGIME, about) == words


def test_a_file_is_called_by_its_name() -> None:
    assert about_words(REGIME, "submission/12", "a.xlsx") == "Tệp “a.xlsx”"


def test_particulars_are_said_in_words_and_empty_ones_left_out() -> None:
    detail = {
        "until": "2016-09-20",
        "reason": "",
        "granted_by": None,
        "verdict": "returned",
        "answer": "declined",
        "kind": "signed",
        "agencies": ["tam-ky", "xa-cu"],
        "target": "mau/bao-cao-quy/2016-Q3/tam-ky",
        "new": 0,
        "unheard-of": {"a": 1},
    }
    assert detail_words(REGIME, detail) == [
        ("đến hết ngày", "20/9/2016"),
        ("kết quả kiểm tra", "trả lại để sửa"),
        ("trả lời", "không đồng ý"),
        ("loại", "văn bản báo cáo đã ký"),
        ("đơn vị", "UBND Tam Kỳ, xa-cu"),
        ("báo cáo, đơn vị liên quan", "Báo cáo quý III năm 2016 – UBND Tam Kỳ"),
        ("số báo cáo mới mở", "0"),
        ("unheard-of", "a: 1"),
    ]


def test_whoever_acts_is_found_by_the_words_shown() -> None:
    for actor in ("kybaocao", "operator", "a@b.example"):
        assert actor_key(actor_words(actor)) == actor
    assert actor_key("HỆ  THỐNG") == "kybaocao"


def test_every_letter_has_words_that_go_on_a_sentence() -> None:
    assert all(letter_words(kind)[0].islower() for kind in Kind)


def test_an_act_without_words_stays_as_it_is() -> None:
    assert (act_words("extension"), act_words("new-act")) == ("Gia hạn", "new-act")


def test_counts_of_nothing_are_left_out() -> None:
    assert counted_words([(2, "thư nhắc"), (0, "biên nhận"), (1, "thư trả lại")]) == (
        "2 thư nhắc, 1 thư trả lại"
    )


@pytest.mark.parametrize(
    ("state", "days", "words"),
    [
        (State.WAITING, -9, "còn 9 ngày"),
        (State.WAITING, 0, "hết hạn hôm nay"),
        (State.RETURNED, -1, "còn 1 ngày"),
        (State.OVERDUE, 2, "muộn 2 ngày"),
        (State.RETURNED_OVERDUE, 1, "muộn 1 ngày"),
        (State.ACCEPTED, -3, ""),
        (State.ACCEPTED_LATE, 4, "muộn 4 ngày"),
        (State.WAIVED, None, ""),
    ],
)
def test_days_are_left_or_over(state: State, days: int | None, words: str) -> None:
    assert days_words(Standing(state, None, days)) == words


def test_each_state_has_a_sign_and_a_word_of_its_own() -> None:
    assert set(MARKS) == set(State)
    assert len({word for _, word in MARKS.values()}) == len(State)
