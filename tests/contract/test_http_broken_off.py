"""An engine goes in the middle of an answer, and people get a whole one, or are told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.doors import open_door
from tests.houses_direct import publish_text

from yanku.access.scope import group_key
from yanku.model.receipt import ReceiptId
from yanku.testing.defects import Defective
from yanku.testing.model import FakeModel
from yanku.wiring import House

FACTS = (
    "北岸仓库由物流部负责管理，总投资为3.6亿元。",
    "北岸仓库2022年建成，面积为2.4万平方米。",
    "北岸仓库有员工96人，分三班工作。",
)
ASKED = "概括北岸仓库的管理"


def saying(*answers: Iterable[int]) -> Callable[..., str]:
    """Return a reply that says these of the facts, each time other ones."""
    turns = iter(answers)
    last = [*answers][-1]

    def reply(_messages: object) -> str:
        return "".join(f"{FACTS[at]}[1]" for at in next(turns, last))

    return reply


def breaking(*after: int) -> Callable[[], int | None]:
    turns = iter(after)
    return lambda: next(turns, None)


@asynccontextmanager
async def asker(
    database_url: str, folder: Path, model: Defective
) -> AsyncIterator[tuple[httpx.AsyncClient, House]]:
    async with open_door(database_url, folder, model=model) as door:
        person = await door.person("ann", "desk")
        readers = {group_key(group) for group in person.groups}
        chief = await door.house.accounts.local()
        await publish_text(door.house, chief, "".join(FACTS), readers=readers)
        async with door.bearer(person) as client:
            yield client, door.house


async def streamed(client: httpx.AsyncClient) -> tuple[list[str], dict[str, Any]]:
    """Return the sentences shown, and the last event."""
    headers = {"Accept": "text/event-stream"}
    said = await client.post("/api/v1/ask", json={"question": ASKED}, headers=headers)
    assert said.status_code == 200
    events = [
        (block.split("\n")[0].removeprefix("event: "), json.loads(block.split("data: ", 1)[1]))
        for block in said.text.strip().split("\n\n")
    ]
    shown = [data["claim"]["text"] for name, data in events if name == "sentence"]
    name, last = events[-1]
    return shown, {"event": name, **last}


_FIRST = len(FACTS[0]) // 2 + 5
"""Pieces of two characters after which the first sentence is out, and the second is not."""


async def test_an_answer_that_breaks_off_is_written_to_its_end_and_nothing_is_shown_twice(
    database_url: str, tmp_path: Path
) -> None:
    model = Defective(FakeModel(saying((0, 1, 2))), breaks=breaking(_FIRST))
    async with asker(database_url, tmp_path, model) as (client, house):
        shown, last = await streamed(client)
        assert last["event"] == "done"
        assert shown == [claim["text"] for claim in last["answer"]["claims"]]
        assert len(shown) == 3
        assert model.answered == 2
        assert house.admission.inside == 0


async def test_where_the_answer_is_worded_otherwise_the_whole_replaces_what_was_shown(
    database_url: str, tmp_path: Path
) -> None:
    model = Defective(FakeModel(saying((0, 1), (2, 1))), breaks=breaking(_FIRST))
    async with asker(database_url, tmp_path, model) as (client, _):
        shown, last = await streamed(client)
        assert ["3.6" in text for text in shown] == [True]
        whole = " ".join(claim["text"] for claim in last["answer"]["claims"])
        assert "96" in whole
        assert "3.6" not in whole


async def test_an_openai_client_is_told_the_whole_after_what_was_shown(
    database_url: str, tmp_path: Path
) -> None:
    model = Defective(FakeModel(saying((0, 1), (2, 1))), breaks=breaking(_FIRST))
    async with asker(database_url, tmp_path, model) as (client, _):
        body = {
            "model": "yanku",
            "stream": True,
            "messages": [{"role": "user", "content": ASKED}],
        }
        said = await client.post("/v1/chat/completions", json=body)
        chunks = [
            json.loads(line.removeprefix("data: "))
            for line in said.text.splitlines()
            if line.startswith("data: {")
        ]
        assert not any("error" in chunk for chunk in chunks)
        text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
        before, _, after = text.partition("\n\n")
        assert "3.6" in before
        assert "96" in after


async def test_an_answer_shown_whole_is_begun_anew_at_the_one_engine_there_is(
    database_url: str, tmp_path: Path
) -> None:
    model = Defective(FakeModel(saying((0, 1, 2))), breaks=breaking(1))
    async with asker(database_url, tmp_path, model) as (client, house):
        said = await client.post("/api/v1/ask", json={"question": ASKED})
        assert said.status_code == 200
        assert "96" in said.text
        receipt = ReceiptId(said.json()["receipt"])
        answered = await client.get(f"/api/v1/receipts/{receipt}")
        assert answered.json()["answer"] is not None
        assert house.admission.inside == 0


@pytest.mark.parametrize("pieces", [1, _FIRST])
async def test_an_engine_that_goes_again_is_named_and_nothing_is_tried_for_ever(
    database_url: str, tmp_path: Path, pieces: int
) -> None:
    model = Defective(FakeModel(saying((0, 1, 2))), breaks=lambda: pieces)
    async with asker(database_url, tmp_path, model) as (client, house):
        shown, last = await streamed(client)
        assert (last["event"], last["code"]) == ("problem", "answer_broke_off")
        assert len(shown) == (pieces > 1)
        assert model.answered == 2
        assert house.admission.inside == 0
        whole = await client.post("/api/v1/ask", json={"question": ASKED})
        assert whole.status_code == 503
        assert whole.json()["code"] == "answer_broke_off"
