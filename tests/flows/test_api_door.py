"""Prefect's API answers who brings its key, and no page of another site."""

import stat
from pathlib import Path

import httpx
import pytest

from kybaocao.serving.supervisor import HOST, Service
from kybaocao.settings import Settings
from tests.flows.conftest import PATIENCE

# What probes ask; they tell no more than that the server runs.
OPEN = {("get", "/health"), ("get", "/ready")}


def asked(
    service: Service, method: str, path: str, key: str = "", **headers: str
) -> httpx.Response:
    auth = httpx.BasicAuth(*key.split(":")) if key else None
    url = service.api_url.removesuffix("/api") + path
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        return client.request(method, url, json={}, auth=auth, headers=headers)


@pytest.mark.parametrize("key", ["", "kybaocao:", "kybaocao:x", "admin:pass"])
def test_no_address_of_the_api_answers_without_its_key(server: Service, key: str) -> None:
    schema = asked(server, "GET", "/api/openapi.json", server.key).json()
    routes = {
        (method, path.removeprefix("/api"))
        for path, methods in schema["paths"].items()
        for method in methods
    }
    assert ("post", "/deployments/{id}/create_flow_run") in routes
    answers = {(m, p): asked(server, m, f"/api{p}", key).status_code for m, p in routes - OPEN}
    assert set(answers.values()) == {401}


def test_a_page_of_another_site_is_not_let_in(server: Service) -> None:
    for origin in ("https://other.example", "null", "http://127.0.0.1:1"):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for method in ("OPTIONS", "POST"):
            answer = asked(server, method, "/api/flow_runs/filter", server.key, **headers)
            assert answer.headers.get("access-control-allow-origin") in (
                None,
                server_origin(server),
            )


def server_origin(service: Service) -> str:
    return f"http://{HOST}:{service.port}"


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    first = Service(Settings(data=tmp_path / "data"))
    key = first.key
    assert Service(Settings(data=tmp_path / "data")).key == key
    assert Service(Settings(data=tmp_path / "other")).key != key
    assert stat.S_IMODE((tmp_path / "data" / "prefect.key").stat().st_mode) == 0o600
    assert len(key) > 40


def test_the_portal_has_no_business_with_the_key(tmp_path: Path) -> None:
    service = Service(Settings(data=tmp_path / "data"))
    assert service.key in service.environment().values()
    assert service.key not in service.environment(key=False).values()
