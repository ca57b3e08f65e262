"""Two people, nothing in common: neither learns from the door what the other has."""

import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from reportlab.pdfgen.canvas import Canvas
from tests.doors import Door, open_door, upload
from tests.houses import add_text

_CALLS = 1000
_SECRETS = ("7.77", "墨香", "hidden-name")
_MEMO = "鹤鸣电子翠屏计划投资7.77亿元，代号墨香。"

Call = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True)
class Sides:
    """Ann's door and Bob's; ``hidden`` are ids of Bob's documents, ``receipts`` of his answers."""

    ann: httpx.AsyncClient
    bob: httpx.AsyncClient
    hidden: tuple[str, ...]
    receipts: tuple[str, ...]
    group: str


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(database_url, tmp_path) as door:
        yield door


@pytest.fixture
async def sides(door: Door, tmp_path: Path) -> AsyncIterator[Sides]:
    ann, bob = await door.person("ann", "traders"), await door.person("bob", "lawyers")
    async with door.bearer(ann) as ann_in, door.bearer(bob) as bob_in:
        await add_text(door.house, tmp_path, "memo.txt", "南湖项目的总投资为3.6亿元。", ann)
        groups = tuple(bob.groups)
        sent = [
            await upload(
                bob_in, "hidden-name.txt", "鹤鸣电子翠屏计划投资7.77亿元。", groups=groups
            ),
            await upload(bob_in, "hidden-name.pdf", _pdf(), groups=groups),
        ]
        await door.house.work(vectors=True, until_empty=True)
        asked = await bob_in.post("/api/v1/ask", json={"question": "翠屏计划投资多少？"})
        yield Sides(
            ann_in,
            bob_in,
            tuple(response.json()["id"] for response in sent),
            (asked.json()["receipt"],),
            groups[0],
        )


def _pdf() -> bytes:
    file = BytesIO()
    canvas = Canvas(file)
    canvas.drawString(40, 400, "hidden-name 7.77")
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _on_document(chance: random.Random, id: str) -> Call:
    path = f"/api/v1/documents/{id}"
    page = chance.choice([1, 2, 9999])
    calls: list[Call] = [
        ("GET", path, {}),
        ("DELETE", path, {}),
        ("GET", f"{path}/progress", {}),
        ("PUT", f"{path}/readers", {"json": {"groups": []}}),
        ("PUT", f"{path}/readers", {"json": {"groups": ["nowhere"]}}),
        ("PUT", f"{path}/readers", {"json": {"groups": 5}}),
        ("GET", f"{path}/pages/{page}", {}),
        ("GET", f"{path}/pages/{page}.png", {}),
        ("GET", f"{path}/sheets/Sheet1", {}),
        ("GET", f"{path}/report", {}),
        ("GET", f"{path}/blocks", {}),
        ("GET", f"{path}/pages/{page}/blocks", {}),
        ("GET", f"{path}/sheets/Sheet1/blocks", {}),
        ("GET", f"{path}/lines", {}),
        ("GET", "/api/v1/facts", {"params": {"document": id}}),
        (
            "POST",
            "/api/v1/documents",
            {"files": {"file": ("n.txt", b"new")}, "data": {"replaces": id}},
        ),
    ]
    return chance.choice(calls)


def _on_receipt(_: random.Random, id: str) -> Call:
    return "GET", f"/api/v1/receipts/{id}", {}


async def _say(client: httpx.AsyncClient, call: Call) -> httpx.Response:
    method, path, rest = call
    return await client.request(method, path, **rest)


def _seen(response: httpx.Response, id: str) -> tuple[int, str, dict[str, str]]:
    headers = {
        name: value for name, value in response.headers.items() if name not in {"date", "server"}
    }
    return response.status_code, response.text.replace(id, "*"), headers


@pytest.mark.timeout(600)
async def test_what_is_hidden_and_what_is_missing_answer_alike_a_thousand_times(
    sides: Sides,
) -> None:
    chance = random.Random(20261123)
    makers: list[tuple[Callable[[random.Random, str], Call], tuple[str, ...]]] = [
        (_on_document, sides.hidden),
        (_on_document, sides.hidden),
        (_on_receipt, sides.receipts),
    ]
    for _ in range(_CALLS // 2):
        maker, ids = chance.choice(makers)
        hidden, missing = chance.choice(ids), f"{chance.getrandbits(128):032x}"
        seed = chance.getrandbits(32)
        calls = [maker(random.Random(seed), id) for id in (hidden, missing)]
        answers = [
            _seen(await _say(sides.ann, call), id)
            for call, id in zip(calls, (hidden, missing), strict=True)
        ]
        assert answers[0] == answers[1], calls[0]
        assert not any(secret in answers[0][1] for secret in _SECRETS)
    # All of that took nothing from who may see it.
    for id in sides.hidden:
        assert (await sides.bob.get(f"/api/v1/documents/{id}")).status_code == 200


async def test_lists_searches_and_answers_hold_nothing_of_others(sides: Sides) -> None:
    chance = random.Random(7)
    questions = [
        "翠屏计划投资多少？",
        "鹤鸣电子2024年的营业收入是多少？",
        "南湖项目的总投资是多少？",
        "这份文件的代号是什么？",
    ]
    for _ in range(60):
        question = chance.choice(questions)
        calls: list[Call] = [
            ("GET", "/api/v1/documents", {"params": {"limit": chance.randint(1, 9)}}),
            ("GET", "/api/v1/facts", {}),
            ("GET", "/api/v1/receipts", {}),
            ("GET", "/api/v1/groups", {}),
            ("POST", "/api/v1/search", {"json": {"question": question}}),
            ("POST", "/api/v1/ask", {"json": {"question": question}}),
            ("GET", "/metrics", {}),
        ]
        call = chance.choice(calls)
        response = await _say(sides.ann, call)
        assert response.status_code == 200
        text = response.text
        assert not any(secret in text for secret in _SECRETS), (call, text)
        assert not any(id in text for id in (*sides.hidden, *sides.receipts, sides.group))
    listed = (await sides.ann.get("/api/v1/documents")).json()["items"]
    assert [item["name"] for item in listed] == ["memo.txt"]
