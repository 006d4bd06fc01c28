"""The service that `up` runs: it starts, works, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from kybaocao.serving.supervisor import Service, ServiceError, handed_settings
from kybaocao.settings import CHECKOUT, Settings
from tests.flows.conftest import ask, furnish, in_state, of

UP = """
import sys
from kybaocao.runtime import read_settings
from kybaocao.service import Service
with Service(read_settings(), port=0) as service:
    print(service.api_url, service.portal_url, *service.pids, flush=True)
    sys.exit(service.wait())
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder of its own."""
    return furnish(tmp_path / "home")


def alive(group: int) -> bool:
    """Return whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_service_runs_its_duties_at_once_and_ends_without_a_trace(
    home: Path, data: Path, tmp_path: Path
) -> None:
    user = tmp_path / "user"
    user.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KYBAOCAO", "PREFECT"))}
    environment |= {
        "HOME": str(user),
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
        "KYBAOCAO_HOME": str(home),
        "KYBAOCAO_DATA": str(data),
        "KYBAOCAO_ACTIVE": '{"quang-nam": "2016-07-01"}',
        "PYTHONPATH": str(CHECKOUT),
    }
    up = subprocess.Popen(
        [sys.executable, "-c", UP], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert up.stdout is not None
        url, portal, *groups = up.stdout.readline().split()
        service = Service(Settings(data=data))
        service.port = int(url.split(":")[2].split("/")[0])
        query = {**of("quang-nam", "bao-cao-quy"), "flow_runs": in_state("COMPLETED")}
        patience = time.monotonic() + 120
        while not ask(service, "/flow_runs/filter", **query):
            assert up.poll() is None
            assert time.monotonic() < patience
            time.sleep(0.2)
        query = {**of("khong-dinh-ky", "bao-cao"), "flow_runs": in_state("COMPLETED")}
        patience = time.monotonic() + 120
        while not ask(service, "/flow_runs/filter", **query):
            assert up.poll() is None
            assert time.monotonic() < patience
            time.sleep(0.2)
        deployments = ask(service, "/deployments/filter")
        door = httpx.get(f"{portal}/dang-nhap", timeout=10)
        assert "Địa chỉ thư điện tử" in door.text
    finally:
        up.send_signal(signal.SIGTERM)
    assert up.wait(60) == 0
    assert not any(alive(int(group)) for group in groups)
    assert not list(user.iterdir()), "the user's own Prefect was touched"
    recurring = {"bao-cao-quy", "so-tu-phap"}
    common = {"bao-cao", "thu-muc", "hang-doi"}
    assert {d["name"] for d in deployments} == recurring | common
    assert not any(d["paused"] for d in deployments)


def test_a_child_that_ends_early_is_told_with_the_end_of_its_log(home: Path, data: Path) -> None:
    settings = Settings(home=home, data=data, active={"ha-noi": "2016-07-01"})
    with (
        Service(settings, port=0) as service,
        pytest.raises(
            ServiceError,
            match=r"(?s)^The (served flows|portal) ended with code 1.*no regime ha-noi",
        ),
    ):
        service.wait()


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServiceError, match=f"^Port {port} on 127.0.0.1 is taken: "):
            Service(Settings(data=tmp_path, prefect_port=port)).__enter__()
    assert not list(tmp_path.iterdir())


def test_the_children_see_the_very_settings_whatever_else_says(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KYBAOCAO_HOME", str(home))
    monkeypatch.setenv("PREFECT_API_KEY", "of the user")
    settings = Settings(
        home=home,
        data=home / "dữ liệu",
        active={"bac-giang": "2016-12-01"},
        mail={"host": "mail.example", "port": 2525, "password": "mật khẩu", "security": "tls"},
        intake_every=timedelta(seconds=90),
    )
    (home / "config" / "kybaocao.toml").write_text(
        '[mail]\nhost = "other"\nuser = "other"\n[active]\nha-noi = 2016-01-01\n'
    )
    monkeypatch.setenv("KYBAOCAO_MAIL__SENDER_NAME", "other")
    environment = Service(settings).environment()
    for name in [n for n in os.environ if n.startswith(("KYBAOCAO", "PREFECT"))]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert handed_settings().model_dump() == settings.model_dump()
    assert "PREFECT_API_KEY" not in environment
