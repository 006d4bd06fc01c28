"""The player: flows one after another, told and answered in lines of JSON."""

import json

import pytest

from kybaocao.serving.supervisor import Player, Service, ServiceError
from tests.flows.conftest import ask


@pytest.fixture(scope="module")
def player(server: Service) -> Player:
    return server.player()


def test_a_duty_is_carried_to_the_day_named_and_leaves_its_table(
    player: Player, server: Service
) -> None:
    answer = player.run("duty", "2016-09-01", regime="quang-nam", duty="bao-cao-quy")
    assert answer == {"ok": True, "state": "Completed", "summary": answer["summary"]}
    key = {"key": {"any_": ["quang-nam-bao-cao-quy-tinh-hinh"]}}
    [artifact] = ask(server, "/artifacts/filter", artifacts=key)
    assert answer["summary"] in artifact["description"]
    assert "Sở Tư pháp" in {row["Đơn vị"] for row in json.loads(artifact["data"])}


def test_intake_of_an_empty_folder_is_done_at_once(player: Player) -> None:
    answer = player.run("intake", "2016-09-01T08:00:00+07:00")
    assert answer["ok"]
    assert answer["summary"].startswith("0 tệp")


def test_a_failed_flow_is_answered_with_the_reason(player: Player) -> None:
    answer = player.run("sending", "2016-09-01")
    assert (answer["ok"], answer["state"]) == (False, "Failed")
    assert "no mail server" in answer["summary"]


@pytest.mark.parametrize(
    ("flow", "as_of", "parameters"),
    [
        ("dance", "2016-09-01", {}),
        ("duty", "2016-09-01", {}),
        ("duty", "2016-09-01", {"regime": "quang-nam", "duty": "bao-cao-tuan"}),
        ("intake", "tomorrow", {}),
    ],
)
def test_what_is_told_wrongly_does_not_end_the_player(
    player: Player, flow: str, as_of: str, parameters: dict[str, str]
) -> None:
    assert not player.run(flow, as_of, **parameters)["ok"]
    assert player.run("intake", "2016-09-01")["ok"]


def test_a_player_that_is_gone_is_reported_with_its_log(server: Service) -> None:
    gone = server.player()
    gone.process.kill()
    gone.process.wait()
    with pytest.raises(ServiceError, match=r"player of flows ended with code -9; .*play\.log"):
        gone.run("intake", "2016-09-01")
