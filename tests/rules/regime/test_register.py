"""The register: everything that a regime declares, each assumption once and under a number."""

import json

from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.regime.agency import Succession
from kybaocao.rules.regime.register import register
from kybaocao.rules.regime.task import Task
from tests.rules.regime_cast import agency, duty, regime

TITLES = {"cchc-quy": "Báo cáo tình hình cải cách hành chính"}
IDS = ("mot", "hai", "ba", "bon")


@given(st.lists(st.lists(st.sampled_from(IDS), unique=True), min_size=1, max_size=4))
def test_every_assumption_of_a_duty_is_in_the_register(chosen: list[list[str]]) -> None:
    duties = [duty(id=f"d-{n}", assumptions=ids) for n, ids in enumerate(chosen)]
    texts = {name: f"Hiểu là {name}." for name in IDS}
    assumptions = [{"id": name, "text": text} for name, text in texts.items()]
    found = register(regime(*duties, assumptions=assumptions), TITLES)
    by_number = {a.number: a.text for a in found.assumptions}
    assert sorted(by_number.values()) == sorted(texts.values())
    for entry, ids in zip(found.duties, chosen, strict=True):
        assert {by_number[n] for n in entry.assumptions} == {texts[name] for name in ids}


def test_a_duty_says_who_what_when_and_by_which_clause() -> None:
    quarterly = duty(assumptions=["a"])
    half = duty(id="sau-thang", name="Báo cáo 6 tháng", every="half-year", replaces=quarterly.id)
    agencies = (agency("h-1"), agency("so-noi-vu", "so"))
    declared = regime(
        quarterly,
        half,
        agencies=agencies,
        assumptions=[{"id": "a", "text": "Hiểu là a."}],
        days_off={"rule": "next-working-day", "source": "Giả định a"},
    )
    found = register(declared, TITLES)
    assert (found.days_off, found.days_off_source) == (
        "chuyển sang ngày làm việc tiếp theo",
        "Giả định 1",
    )
    assert found.common_reminders.startswith("nhắc khi còn 10, 5, 2 và 1 ngày làm việc đến hạn; ")
    assert dict(found.facts_of(found.duties[0])) == {
        "Ai báo cáo": "Ủy ban nhân dân cấp huyện (1 đơn vị)",
        "Gửi": "So-noi-vu",
        "Biểu mẫu": TITLES["cchc-quy"],
        "Kỳ báo cáo": "Hằng quý",
        "Thời hạn": "Trước ngày 15 tháng cuối quý (hết ngày 14)",
        "Văn bản ghi": "“trước ngày 15 của tháng cuối quý” – 1, Điều 1",
        "Số liệu": "Từ ngày 15 của tháng trước quý đến ngày 14 của tháng cuối quý",
        "Mở kỳ": "15 ngày làm việc trước hạn",
        "Xử lý": "Kiểm tra, tổng hợp thành một báo cáo",
        "Được thay bởi": "Báo cáo 6 tháng",
        "Giả định": "Số 1",
    }
    assert dict(found.duties[1].facts)["Thay cho"] == "Báo cáo quý (kỳ kết thúc cùng tháng)"


def test_successions_and_tasks_are_told_and_json_keeps_days() -> None:
    declared = regime().holding(
        {"h-1": agency("h-1", until="2018-02-28"), "h-2": agency("h-2", since="2018-03-01")},
        successions=(
            Succession(
                predecessor="h-1",
                successor="h-2",
                day="2018-03-01",
                scope="toàn huyện",
                whole=True,
                heir=True,
                source="Nghị quyết",
            ),
        ),
        tasks=(
            Task(
                id="2016.1",
                title="Đề án",
                leads="h-1;*huyen",
                others="Hội",
                deadline="2016-Q3",
                stated="Quý III",
                source="Phụ lục",
            ),
        ),
    )
    found = register(declared, TITLES)
    assert found.succession_rows == [
        (
            "01/3/2018",
            "h-1",
            "h-2",
            "toàn huyện (toàn bộ công việc; cả báo cáo còn nợ)",
            "Nghị quyết",
        )
    ]
    assert found.task_rows == [
        ("2016.1", "Đề án", "h-1; mọi UBND cấp huyện", "Hội", "Quý III năm 2016")
    ]
    assert [a.life for a in found.agencies] == ["đến hết ngày 28/02/2018", "từ ngày 01/3/2018"]
    shown = json.loads(json.dumps(found.as_json()))
    assert shown["agencies"][1]["since"] == shown["successions"][0]["day"] == "2018-03-01"


def test_a_ladder_of_its_own_is_told_with_its_duty() -> None:
    quick = duty(id="nhanh", ladder={"before": [1]})
    found = register(regime(duty(), quick), TITLES)
    assert found.common_reminders == ""
    assert dict(found.facts_of(found.duties[1]))["Thư nhắc"].startswith("Nhắc khi còn 1 ngày")
