"""Every HTTP door answers as of a day: what came later is not seen, and a bad day is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from tests.doors import Door, open_door, serving, upload
from tests.reports import income_statement

from yanku.entry.control import RemoteDesk, control_app
from yanku.entry.desk import Desk, Wanted
from yanku.errors import InvalidRequest
from yanku.testing.clock import FakeClock

MAY = datetime(2025, 5, 10, 9, tzinfo=UTC)
THEN = "2025-05-12"
"""After the first version was added, and before the second."""
QUESTION = "晨屿仪器2024年营业收入是多少？"
OLD, NEW = "1,234,567,890.12", "1,234,567,891.12"
"""Two versions of a report, which differ in one digit."""


@asynccontextmanager
async def two_versions(database_url: str, folder: Path) -> AsyncIterator[tuple[Door, str]]:
    """Open a door on a report and, ten days later, the same one with one digit changed."""
    clock = FakeClock(MAY)
    async with open_door(database_url, folder, clock=clock) as door:
        admin = await door.house.accounts.local()
        token = await door.house.accounts.add_token(admin, "test", 100)
        async with door.client(Authorization=f"Bearer {token}") as client:
            first = await upload(client, "annual.html", income_statement(2024, OLD))
            await door.house.work(vectors=True, until_empty=True)
            clock.advance(timedelta(days=10))
            again = income_statement(2024, NEW)
            await upload(client, "annual.html", again, replaces=first.json()["id"])
            await door.house.work(vectors=True, until_empty=True)
            clock.advance(timedelta(days=1))
        yield door, token


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Door, str]]:
    async with two_versions(database_url, tmp_path) as opened:
        yield opened


def chat(question: str = QUESTION, **more: str | bool) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}], **more}


async def test_a_chat_is_answered_as_of_the_day_in_its_header_or_in_its_body(
    door: tuple[Door, str],
) -> None:
    async with door[0].client(Authorization=f"Bearer {door[1]}") as client:

        async def said(body: dict[str, Any], **headers: str) -> str:
            sent = await client.post("/v1/chat/completions", json=body, headers=headers)
            return str(sent.json()["choices"][0]["message"]["content"])

        now = await said(chat())
        assert NEW in now
        assert OLD not in now
        for body, headers in (
            (chat(as_of=THEN), {}),
            (chat(), {"X-Yanku-As-Of": THEN}),
            (chat(as_of=THEN), {"X-Yanku-As-Of": THEN}),
        ):
            then = await said(body, **headers)
            assert OLD in then
            assert NEW not in then
        early = await said(chat(), **{"X-Yanku-Public-By": "2025-04-29"})
        assert OLD not in early
        assert NEW not in early


async def test_a_streamed_chat_is_answered_as_of_a_day(door: tuple[Door, str]) -> None:
    async with door[0].client(
        Authorization=f"Bearer {door[1]}", **{"X-Yanku-As-Of": THEN}
    ) as client:
        sent = await client.post("/v1/chat/completions", json=chat(stream=True))
    assert OLD in sent.text
    assert NEW not in sent.text


async def test_the_openai_client_asks_as_of_a_day(door: tuple[Door, str]) -> None:
    async with (
        serving(door[0]) as address,
        openai.AsyncOpenAI(api_key=door[1], base_url=f"{address}/v1", max_retries=0) as client,
    ):
        messages: list[Any] = [{"role": "user", "content": QUESTION}]
        reply = await client.chat.completions.create(
            model="yanku", messages=messages, extra_body={"as_of": THEN}
        )
        assert OLD in str(reply.choices[0].message.content)
        with pytest.raises(openai.BadRequestError, match="no day"):
            await client.chat.completions.create(
                model="yanku", messages=messages, extra_headers={"X-Yanku-As-Of": "yesterday"}
            )


async def test_facts_are_listed_as_of_a_day_in_the_query_or_in_a_header(
    door: tuple[Door, str],
) -> None:
    async with door[0].client(Authorization=f"Bearer {door[1]}") as client:

        async def values(query: str = "", **headers: str) -> set[str]:
            sent = await client.get(f"/api/v1/facts{query}", headers=headers)
            return {fact["value"] for fact in sent.json()}

        assert await values() == {NEW.replace(",", "")}
        assert await values(f"?as_of={THEN}") == {OLD.replace(",", "")}
        assert await values(**{"X-Yanku-As-Of": THEN}) == {OLD.replace(",", "")}
        assert await values("?as_of=2025-05-09") == set()
        assert await values("?public_by=2025-04-29") == set()


async def test_evidence_is_found_as_of_the_day_in_a_header(door: tuple[Door, str]) -> None:
    async with door[0].client(Authorization=f"Bearer {door[1]}") as client:
        body = {"question": QUESTION}
        headers = {"X-Yanku-As-Of": THEN}
        found = await client.post("/api/v1/search", json=body, headers=headers)
    texts = " ".join(hit["text"] for hit in found.json()["hits"])
    assert OLD in texts
    assert NEW not in texts


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("yesterday", "no day"),
        ("2025-02-30", "no day"),
        ("2025-05-12T25:00", "no moment"),
        ("2030-01-01", "still to come"),
    ],
)
async def test_a_day_that_is_none_or_to_come_is_refused_with_the_reason(
    door: tuple[Door, str], day: str, says: str
) -> None:
    async with door[0].client(Authorization=f"Bearer {door[1]}") as client:
        header = {"X-Yanku-As-Of": day}
        refused = [
            await client.post("/v1/chat/completions", json=chat(), headers=header),
            await client.post("/v1/chat/completions", json=chat(as_of=day)),
            await client.get("/api/v1/facts", params={"as_of": day}),
            await client.get("/api/v1/facts", headers=header),
            await client.post("/api/v1/ask", json={"question": QUESTION}, headers=header),
            await client.post("/api/v1/search", json={"question": QUESTION, "as_of": day}),
        ]
    for response in refused:
        assert response.status_code == 400, response.text
        assert says in response.text


async def test_two_different_days_in_one_request_are_refused(door: tuple[Door, str]) -> None:
    async with door[0].client(Authorization=f"Bearer {door[1]}") as client:
        header = {"X-Yanku-As-Of": THEN}
        chatted = await client.post(
            "/v1/chat/completions", json=chat(as_of="2025-05-13"), headers=header
        )
        listed = await client.get("/api/v1/facts", params={"as_of": "2025-05-13"}, headers=header)
        both = await client.get("/api/v1/facts", params={"as_of": THEN, "public_by": "2025-05-13"})
    for response in (chatted, listed, both):
        assert response.status_code == 400, response.text


async def test_the_command_line_lists_facts_as_of_a_day(door: tuple[Door, str]) -> None:
    transport = httpx.ASGITransport(control_app(Desk(door[0].house)))
    async with httpx.AsyncClient(transport=transport, base_url="http://yanku") as client:
        remote = RemoteDesk(client)
        for day, expected in ((THEN, {OLD}), ("", {NEW}), ("2025-05-09", set())):
            facts = await remote.facts(Wanted(), "", day)
            assert {f"{fact.amount.value:,}" for fact, _ in facts} == expected
        assert await remote.facts(Wanted(), "", "", "2025-04-29") == []
        with pytest.raises(InvalidRequest, match="no day"):
            await remote.facts(Wanted(), "", "yesterday")
