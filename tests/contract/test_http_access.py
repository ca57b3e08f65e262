"""Who gets in, what is refused, and in which form it is said."""

from collections.abc import AsyncIterator, MutableMapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.doors import ORIGIN, Door, open_door, upload
from tests.houses import PASSWORD

from yanku.errors import DatabaseUnavailable, Overloaded
from yanku.model.people import Role


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(database_url, tmp_path) as door:
        yield door


def assert_problem(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"] == f"urn:yanku:problem:{code}"
    assert body["title"]
    assert body["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/documents"),
        ("POST", "/api/v1/documents"),
        ("GET", "/api/v1/documents/x/pages/1.png"),
        ("POST", "/api/v1/ask"),
        ("POST", "/api/v1/search"),
        ("GET", "/api/v1/facts"),
        ("GET", "/api/v1/receipts"),
        ("GET", "/api/v1/users"),
        ("GET", "/api/v1/tokens"),
        ("GET", "/api/v1/replicas"),
        ("POST", "/v1/chat/completions"),
        ("GET", "/v1/models"),
    ],
)
async def test_nothing_is_said_to_strangers(door: Door, method: str, path: str) -> None:
    async with door.client() as client:
        response = await client.request(method, path, json={"question": "?"})
    assert_problem(response, 401, "not_signed_in")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_every_route_but_the_doors_themselves_asks_who_it_is(door: Door) -> None:
    open_to_all = {"/healthz", "/readyz", "/metrics", "/api/v1/session", "/api/v1/setup"}
    async with door.client() as client:
        spec = (await client.get("/api/v1/openapi.json")).json()
        for path, methods in spec["paths"].items():
            for method in methods:
                if path in open_to_all:
                    continue
                concrete = path.replace("{number}", "1").replace("{", "").replace("}", "")
                # Empty on purpose: who is asking is settled before what is asked.
                response = await client.request(method.upper(), concrete, json={})
                assert response.status_code == 401, (method, path, response.text)


async def test_a_token_opens_until_it_is_revoked(door: Door) -> None:
    ann = await door.person("ann")
    async with door.bearer(ann) as client:
        assert (await client.get("/api/v1/session")).json()["name"] == "ann"
        [token] = (await client.get("/api/v1/tokens")).json()
        assert (await client.delete(f"/api/v1/tokens/{token['id']}")).status_code == 204
        assert_problem(await client.get("/api/v1/session"), 401, "not_signed_in")


async def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(
    door: Door,
) -> None:
    ann = await door.person("ann")
    async with door.client(Origin=ORIGIN) as client:
        body = {"name": "ann", "password": PASSWORD}
        response = await client.post("/api/v1/session", json=body)
        assert response.json() == {"id": ann.user, "name": "ann", "role": "member", "groups": []}
        cookie = response.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert (await client.get("/api/v1/session")).status_code == 200
        assert (await client.delete("/api/v1/session")).status_code == 204
        assert_problem(await client.get("/api/v1/session"), 401, "not_signed_in")


async def test_an_ended_session_is_no_use_to_who_kept_its_cookie(door: Door) -> None:
    ann = await door.person("ann")
    async with door.browser(ann) as client:
        secret = client.cookies["yanku_session"]
        await client.delete("/api/v1/session")
        client.cookies.set("yanku_session", secret)
        assert_problem(await client.get("/api/v1/session"), 401, "not_signed_in")


async def test_a_wrong_password_and_an_unknown_name_look_the_same(door: Door) -> None:
    await door.person("ann")
    async with door.client(Origin=ORIGIN) as client:
        wrong = await client.post("/api/v1/session", json={"name": "ann", "password": "x" * 12})
        unknown = await client.post("/api/v1/session", json={"name": "bob", "password": "x" * 12})
    assert_problem(wrong, 401, "not_signed_in")
    assert wrong.json() == unknown.json()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": ORIGIN}, 202),
        ({"Sec-Fetch-Site": "same-origin"}, 202),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
    ],
)
async def test_a_cookie_counts_only_for_what_the_console_itself_sends(
    door: Door, headers: dict[str, str], status: int
) -> None:
    ann = await door.person("ann")
    async with door.browser(ann) as signed_in:
        cookies = signed_in.cookies
    async with door.client(**headers) as client:
        client.cookies = cookies
        assert (await upload(client, "a.txt", "text")).status_code == status


async def test_a_token_needs_no_browser_headers(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        assert (await upload(client, "a.txt", "text")).status_code == 202


async def test_members_manage_nobody(door: Door) -> None:
    ann = await door.person("ann")
    async with door.bearer(ann) as client:
        body = {"name": "eve", "password": PASSWORD}
        for response in (
            await client.get("/api/v1/users"),
            await client.post("/api/v1/users", json=body),
            await client.post("/api/v1/groups", json={"name": "traders"}),
            await client.put(f"/api/v1/groups/x/members/{ann.user}"),
            await client.put("/api/v1/users/someone/password", json={"password": PASSWORD}),
        ):
            assert_problem(response, 403, "not_allowed")


async def test_an_administrator_adds_people_groups_and_members(door: Door) -> None:
    admin = await door.house.accounts.create_administrator("root", PASSWORD)
    async with door.bearer(admin) as client:
        body = {"name": "eve", "password": PASSWORD, "role": "member"}
        eve = (await client.post("/api/v1/users", json=body)).json()
        group = (await client.post("/api/v1/groups", json={"name": "traders"})).json()
        path = f"/api/v1/groups/{group['id']}/members/{eve['id']}"
        assert (await client.put(path)).status_code == 204
        people = {one["name"]: one for one in (await client.get("/api/v1/users")).json()}
        assert people["eve"]["groups"] == [group["id"]]
        assert (await client.delete(path)).status_code == 204
        people = {one["name"]: one for one in (await client.get("/api/v1/users")).json()}
        assert people["eve"]["groups"] == []
        again = await client.post("/api/v1/users", json=body)
        assert_problem(again, 409, "conflict")


async def test_ones_own_password_changes_only_with_the_current_one(door: Door) -> None:
    ann = await door.person("ann")
    path = f"/api/v1/users/{ann.user}/password"
    new = "another long sentence 77"
    async with door.browser(ann) as client:
        without = await client.put(path, json={"password": new})
        assert_problem(without, 401, "not_signed_in")
        changed = await client.put(path, json={"password": new, "current": PASSWORD})
        assert changed.status_code == 204
        assert_problem(await client.get("/api/v1/session"), 401, "not_signed_in")


async def test_the_setup_token_makes_one_administrator_and_no_second(door: Door) -> None:
    secret = door.house.accounts.setup_token()
    body = {"token": secret, "name": "chief", "password": PASSWORD}
    async with door.client(Origin=ORIGIN) as client:
        wrong = await client.post("/api/v1/setup", json=body | {"token": "guess"})
        assert_problem(wrong, 401, "not_signed_in")
        made = await client.post("/api/v1/setup", json=body)
        assert made.status_code == 201, made.text
        assert made.json()["role"] == Role.ADMIN.value
        assert (await client.get("/api/v1/users")).status_code == 200
        second = await client.post("/api/v1/setup", json=body | {"name": "other"})
        assert_problem(second, 409, "conflict")


async def test_a_password_never_comes_back_in_a_complaint_about_it(door: Door) -> None:
    async with door.client(Origin=ORIGIN) as client:
        body = {"name": "ann", "password": ["s3cret-in-the-wrong-shape"]}
        response = await client.post("/api/v1/session", json=body)
    assert_problem(response, 422, "invalid_request")
    assert "s3cret" not in response.text
    assert response.json()["errors"][0]["where"] == "body.password"


async def test_what_is_not_there_is_a_problem_and_not_a_page(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        for path in ("/api/v1/nothing", "/api/v2/documents", "/v1/nothing", "/api/v1/documents/x"):
            assert_problem(await client.get(path), 404, "not_found")
        response = await client.patch("/api/v1/documents")
        assert response.status_code in {404, 405}
        assert response.headers["content-type"] == "application/problem+json"


async def test_a_surprise_is_a_number_in_the_log_and_never_a_trace(
    door: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    ann = await door.person("ann")
    async with door.bearer(ann) as client:
        monkeypatch.setattr(type(door.house.library), "entries", broken)
        response = await client.get("/api/v1/documents")
    assert_problem(response, 500, "internal")
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.json()["incident"] in caplog.text
    assert "secret detail" in caplog.text


async def test_the_state_of_the_store_is_not_told_to_readers(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("postgres://db.internal:5432 refused")

    async def busy(*_: object, **__: object) -> None:
        raise Overloaded("eight questions are being answered", 2.5)

    ann = await door.person("ann")
    async with door.bearer(ann) as client:
        monkeypatch.setattr(type(door.house.library), "entries", down)
        response = await client.get("/api/v1/documents")
        assert_problem(response, 503, "database_unavailable")
        assert "internal:5432" not in response.text
        monkeypatch.setattr(type(door.house.library), "entries", busy)
        response = await client.get("/api/v1/documents")
        assert_problem(response, 429, "overloaded")
        assert response.headers["retry-after"] == "3"


async def test_every_answer_carries_the_headers_that_bind_browsers(door: Door) -> None:
    async with door.client() as client:
        for path in ("/healthz", "/api/v1/documents", "/api/v1/openapi.json", "/nowhere"):
            headers = (await client.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (await client.get("/api/v1/documents")).headers["cache-control"] == "no-store"


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        response = await client.post("/api/v1/ask", json={"question": "x" * 2_000_000})
        assert_problem(response, 413, "source_too_large")


async def test_a_body_that_hides_its_size_is_refused_while_it_is_read(door: Door) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    async with door.bearer(await door.person("ann")) as client:
        response = await client.post(
            "/api/v1/ask", content=endless(), headers={"Content-Type": "application/json"}
        )
        assert_problem(response, 413, "source_too_large")
        assert sent < 2_000_000


async def _closing_code(door: Door, **headers: str) -> int | None:
    """Open a web socket the way a browser does; return the code it is closed with at once."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "websocket", "path": "/socket", "headers": raw, "query_string": b""}
    await door.app(scope, receive, send)
    return sent[0].get("code")


async def test_a_web_socket_opens_only_for_the_console_itself(door: Door) -> None:
    foreign = await _closing_code(door, host="yanku.test", origin="https://elsewhere.example")
    own = await _closing_code(door, host="yanku.test", origin=ORIGIN)
    assert foreign == 4403
    assert own != 4403
