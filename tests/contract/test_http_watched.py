"""What operators watch: meters, and whether each part is ready."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.contract.test_http_access import assert_problem
from tests.doors import ORIGIN, Door, open_door, upload

from yanku.errors import DatabaseUnavailable
from yanku.testing.model import FakeModel


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(database_url, tmp_path) as door:
        yield door


async def test_metrics_count_by_pattern_and_tell_no_names(door: Door) -> None:
    ann = await door.person("ann")
    async with door.bearer(ann) as client:
        await upload(client, "合并报表.txt", "text")
        await client.post("/api/v1/ask", json={"question": "秘密的问题是什么？"})
        await client.get("/api/v1/documents/some-id")
        text = (await client.get("/metrics")).text
    assert 'http_route="/api/v1/documents/{document}"' in text
    assert 'yanku_answers_total{door="api",kind="declined"' in text
    assert 'yanku_jobs{kind="parse",state="todo"} 1.0' in text
    assert 'yanku_documents{state="queued"} 1.0' in text
    assert 'db_client_connection_max{db_client_connection_pool_name="postgresql"}' in text
    for secret in ("some-id", "合并报表", "秘密", "ann"):
        assert secret not in text


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
        ("127.0.0.1", {"Via": "x"}),
    ],
)
async def test_without_a_token_metrics_are_for_this_machine_alone(
    door: Door, address: str, headers: dict[str, str]
) -> None:
    transport = httpx.ASGITransport(door.app, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
        assert_problem(await client.get("/metrics"), 403, "not_allowed")


async def test_with_a_token_metrics_are_for_who_sends_it(database_url: str, tmp_path: Path) -> None:
    secret = "0123456789abcdef0123"  # noqa: S105 - for the test
    server = {"metrics_token": secret}
    async with open_door(database_url, tmp_path, server=server) as door:
        async with door.client() as client:
            assert_problem(await client.get("/metrics"), 401, "not_signed_in")
        ann = await door.person("ann")
        async with door.bearer(ann) as client:
            assert_problem(await client.get("/metrics"), 401, "not_signed_in")
        transport = httpx.ASGITransport(door.app, client=("192.0.2.7", 1))
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, headers=headers
        ) as client:
            assert "yanku_build_info" in (await client.get("/metrics")).text


async def test_methods_that_a_client_makes_up_are_one(door: Door) -> None:
    async with door.client() as client:
        for method in ("BREW", "HACK"):
            await client.request(method, "/healthz")
        text = (await client.get("/metrics")).text
    assert 'http_request_method="_OTHER"' in text
    assert "BREW" not in text


async def test_answers_are_counted_by_door_and_parts_by_readiness(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        body = {"messages": [{"role": "user", "content": "南湖项目的总投资是多少？"}]}
        assert (await client.post("/v1/chat/completions", json=body)).status_code == 200
        assert (await client.post("/api/v1/ask", json={"question": " "})).status_code == 400
        await client.get("/readyz")
        text = (await client.get("/metrics")).text
    assert 'yanku_answers_total{door="openai",kind="declined",reason="not_found"} 1.0' in text
    assert 'yanku_answer_failures_total{code="invalid_request",door="api"} 1.0' in text
    assert 'yanku_ready{part="model"} 1.0' in text
    assert 'yanku_answer_cache_requests_total{policy="w_tinylfu",result="miss"} 1.0' in text
    assert 'yanku_admission_refused_total{reason="full"} 0.0' in text


async def test_readiness_asks_the_model_once_for_many(door: Door) -> None:
    async with door.client() as client:
        assert (await client.get("/healthz")).text == "ok"
        for _ in range(5):
            response = await client.get("/readyz")
            assert response.json() == {
                "ready": True,
                "database": "ok",
                "search": "ok",
                "model": "ok",
            }
    assert isinstance(door.house.model, FakeModel)
    assert len(door.house.model.asked) == 1


async def test_readiness_names_the_part_that_fails(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object) -> int:
        raise DatabaseUnavailable("postgres://db.internal:5432 refused")

    monkeypatch.setattr(type(door.house.queue), "waiting", down)
    async with door.client() as client:
        response = await client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "database_unavailable"
    assert "internal:5432" not in response.text
