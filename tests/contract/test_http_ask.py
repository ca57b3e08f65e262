"""Questions through the HTTP door, in our own form and in OpenAI's."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import openai
import pytest
from tests.doors import Door, open_door, serving, upload
from tests.houses import add_text
from tests.reports import income_statement

from yanku.entry.http.answers import LookingOut
from yanku.entry.http.events import Event, stream
from yanku.entry.http.links import place_of, source_path
from yanku.errors import ModelUnavailable
from yanku.model.library import DocumentId
from yanku.model.place import Box, InSheet, InText, OnPage, Place
from yanku.ports import Message
from yanku.testing.model import FakeModel

MEMO = "南湖项目的总投资为3.6亿元。\n\n北岸仓库由物流部负责管理。\n"
QUESTION = "北岸仓库由哪个部门负责？"
FOR_THE_MODEL = "概括北岸仓库的管理"
"""A summary: no sentence of a document gives it."""


def _reply(messages: Sequence[Message]) -> str:
    """Quote the line about the warehouse with its source's mark, as a careful model does."""
    mark = "[1]"
    for line in messages[-1].content.splitlines():
        mark = found[0] if (found := re.match(r"\[\d+\]", line)) else mark
        if "物流部" in line:
            return f"北岸仓库由物流部负责管理{mark}。"
    return "资料未提及。"


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(database_url, tmp_path, model=FakeModel(_reply)) as door:
        yield door


def sent_events(text: str) -> list[tuple[str, dict[str, object]]]:
    events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events


async def test_an_answer_cites_its_source_and_leaves_a_receipt(door: Door, tmp_path: Path) -> None:
    ann = await door.person("ann")
    entry = await add_text(door.house, tmp_path, "memo.txt", MEMO, ann)
    async with door.bearer(ann) as client:
        response = await client.post("/api/v1/ask", json={"question": QUESTION})
        assert response.status_code == 200, response.text
        done = response.json()
        answer = done["answer"]
        assert answer["kind"] == "grounded", answer
        assert "物流部" in answer["text"]
        [citation] = answer["citations"]
        assert citation["document"] == entry.id
        assert citation["file"] == "memo.txt"
        assert citation["place"]["kind"] == "text"
        assert citation["url"].startswith(f"http://yanku.test/source/{entry.id}?lines=")
        receipt = (await client.get(f"/api/v1/receipts/{done['receipt']}")).json()
        assert receipt["question"] == QUESTION
        assert receipt["answer"] == answer
        assert receipt["documents"] == [entry.id]
        assert receipt["versions"]["model"].startswith("fake")
        listed = (await client.get("/api/v1/receipts")).json()
        assert [one["id"] for one in listed["items"]] == [done["receipt"]]


async def test_a_receipt_is_for_who_asked_and_nobody_else(door: Door, tmp_path: Path) -> None:
    ann, bob = await door.person("ann"), await door.person("bob")
    await add_text(door.house, tmp_path, "memo.txt", MEMO, ann)
    async with door.bearer(ann) as client, door.bearer(bob) as other:
        done = (await client.post("/api/v1/ask", json={"question": QUESTION})).json()
        response = await other.get(f"/api/v1/receipts/{done['receipt']}")
        assert response.status_code == 404
        assert (await other.get("/api/v1/receipts")).json() == {"items": [], "next": None}


async def test_receipts_come_in_pages_newest_first(door: Door) -> None:
    ann = await door.person("ann")
    async with door.bearer(ann) as client:
        for n in range(5):
            await client.post("/api/v1/ask", json={"question": f"第{n}个仓库由谁负责？"})
        first = (await client.get("/api/v1/receipts", params={"limit": 3})).json()
        rest = (
            await client.get("/api/v1/receipts", params={"limit": 3, "after": first["next"]})
        ).json()
        asked = [one["question"] for one in first["items"] + rest["items"]]
        assert asked == [f"第{n}个仓库由谁负责？" for n in (4, 3, 2, 1, 0)]
        assert rest["next"] is None


async def test_a_stream_tells_what_happens_and_ends_with_the_whole_answer(
    door: Door, tmp_path: Path
) -> None:
    ann = await door.person("ann")
    await add_text(door.house, tmp_path, "memo.txt", MEMO, ann)
    async with door.bearer(ann) as client:
        headers = {"Accept": "text/event-stream"}
        response = await client.post("/api/v1/ask", json={"question": QUESTION}, headers=headers)
        assert response.headers["content-type"].startswith("text/event-stream")
        events = sent_events(response.text)
        assert [name for name, _ in events] == ["looking", "sentence", "done"]
        answer = events[-1][1]["answer"]
        assert isinstance(answer, dict)
        assert answer["kind"] == "grounded"


async def test_a_question_that_cannot_be_asked_has_a_status_even_for_a_stream(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        for headers in ({}, {"Accept": "text/event-stream"}):
            for question in ("   ", "x" * 2001):
                response = await client.post(
                    "/api/v1/ask", json={"question": question}, headers=headers
                )
                assert response.status_code == 400
                assert response.json()["code"] == "invalid_request"


async def test_a_stream_that_fails_ends_with_a_problem(door: Door, tmp_path: Path) -> None:
    def down(_: Sequence[Message]) -> str:
        raise ModelUnavailable("the endpoint does not answer")

    ann = await door.person("ann")
    await add_text(door.house, tmp_path, "memo.txt", MEMO, ann)
    assert isinstance(door.house.model, FakeModel)
    door.house.model._reply = down
    async with door.bearer(ann) as client:
        headers = {"Accept": "text/event-stream"}
        response = await client.post(
            "/api/v1/ask", json={"question": FOR_THE_MODEL}, headers=headers
        )
        name, problem = sent_events(response.text)[-1]
        assert name == "problem"
        assert problem["code"] == "model_unavailable"
        response = await client.post("/api/v1/ask", json={"question": FOR_THE_MODEL})
        assert response.status_code == 503


async def test_a_summary_is_worded_by_the_model_and_bound_to_its_line(
    door: Door, tmp_path: Path
) -> None:
    ann = await door.person("ann")
    await add_text(door.house, tmp_path, "memo.txt", MEMO, ann)
    assert isinstance(door.house.model, FakeModel)
    async with door.bearer(ann) as client:
        worded = (await client.post("/api/v1/ask", json={"question": FOR_THE_MODEL})).json()
        assert worded["answer"]["citations"][0]["quote"] == "北岸仓库由物流部负责管理。"
        assert len(door.house.model.asked) == 1
        quoted = (await client.post("/api/v1/ask", json={"question": QUESTION})).json()
        assert quoted["answer"]["claims"][0]["text"] == "“北岸仓库由物流部负责管理。”"
        assert len(door.house.model.asked) == 1  # No model has a say in a quotation.
        door.house.model._reply = "北岸仓库由采购中心公司负责管理。"
        # In other words, or the answer above would be given again.
        other = {"question": "请概括一下北岸仓库的管理"}
        false = (await client.post("/api/v1/ask", json=other)).json()
        assert false["answer"]["reason"] == "unsupported"


async def test_nothing_readable_is_a_decline_and_not_an_error(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        response = await client.post("/api/v1/ask", json={"question": QUESTION})
        answer = response.json()["answer"]
        assert response.status_code == 200
        assert answer["kind"] == "declined"
        assert answer["reason"] == "not_found"
        assert answer["message"]


async def test_a_quiet_stream_gives_signs_of_life_and_stops_its_work_when_left() -> None:
    ended = asyncio.Event()

    async def slow() -> AsyncGenerator[Event]:
        try:
            yield "looking", LookingOut(task="text", companies=[], metrics=[], assumptions=[])
            await asyncio.sleep(3600)
        finally:
            ended.set()

    body = stream(slow(), quiet_s=0.01).body_iterator
    assert isinstance(body, AsyncGenerator)
    parts = [await anext(body), await anext(body), await anext(body)]
    assert [bytes(part)[:6] for part in parts if not isinstance(part, str)] == [
        b"event:",
        b": ping",
        b": ping",
    ]
    await body.aclose()
    assert ended.is_set()


@pytest.mark.parametrize(
    "place",
    [
        OnPage(3),
        OnPage(3, Box(1.5, 2, 30.25, 40)),
        InSheet("利润 表&x=1", "B4:F9"),
        InText(4, 6),
    ],
)
def test_the_address_of_a_source_leads_back_to_its_place(place: Place) -> None:
    path = source_path(DocumentId("d"), place)
    assert place_of(dict(parse_qsl(urlsplit(path).query))) == place


@pytest.mark.parametrize("query", [{}, {"page": "-1"}, {"page": "x"}, {"box": "1,2,nan,4"}])
def test_an_address_of_nothing_leads_to_the_first_page(query: dict[str, str]) -> None:
    assert place_of(query) == OnPage(1)


# -- OpenAI's own client, over a real socket -----------------------------------------------------


@asynccontextmanager
async def openai_client(door: Door, name: str) -> AsyncIterator[openai.AsyncOpenAI]:
    person = await door.house.accounts.by_name(name)
    token = await door.house.accounts.add_token(person, "chat", 1)
    async with (
        serving(door) as address,
        openai.AsyncOpenAI(base_url=f"{address}/v1", api_key=token, max_retries=0) as client,
    ):
        yield client


async def test_the_official_client_gets_an_answer_with_its_citations(
    door: Door, tmp_path: Path
) -> None:
    ann = await door.person("ann")
    entry = await add_text(door.house, tmp_path, "memo.txt", MEMO, ann)
    async with openai_client(door, "ann") as client:
        assert [model.id async for model in client.models.list()] == ["yanku"]
        completion = await client.chat.completions.create(
            model="yanku",
            messages=[
                {"role": "system", "content": "Answer in rhyme."},
                {"role": "user", "content": "hello"},
                {"role": "assistant", "content": "hello"},
                {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
            ],
        )
        [choice] = completion.choices
        assert choice.finish_reason == "stop"
        assert choice.message.content is not None
        assert "物流部" in choice.message.content
        assert choice.message.annotations is not None
        [annotation] = choice.message.annotations
        assert annotation.type == "url_citation"
        cited = annotation.url_citation
        assert cited.title == "memo.txt"
        assert f"/source/{entry.id}?lines=" in cited.url
        marked = choice.message.content[cited.start_index : cited.end_index]
        assert re.fullmatch(r"\[\d+\]", marked)
        extension = choice.message.model_extra
        assert extension is not None
        assert extension["yanku"]["answer"]["kind"] == "grounded"
        assert extension["yanku"]["receipt"]


async def test_the_official_client_streams_the_same_words(door: Door, tmp_path: Path) -> None:
    ann = await door.person("ann")
    await add_text(door.house, tmp_path, "memo.txt", MEMO, ann)
    async with openai_client(door, "ann") as client:
        asked: list[openai.types.chat.ChatCompletionMessageParam] = [
            {"role": "user", "content": QUESTION}
        ]
        whole = await client.chat.completions.create(model="yanku", messages=asked)
        said, finish = "", None
        extras: dict[str, Any] = {}
        async with await client.chat.completions.create(
            model="yanku", messages=asked, stream=True
        ) as chunks:
            async for chunk in chunks:
                [choice] = chunk.choices
                said += choice.delta.content or ""
                extras |= choice.delta.model_extra or {}
                finish = choice.finish_reason or finish
        assert said == whole.choices[0].message.content
        assert finish == "stop"
        assert extras["annotations"][0]["url_citation"]["file"] == "memo.txt"
        assert extras["yanku"]["receipt"]


async def test_a_decline_is_a_normal_message(door: Door) -> None:
    await door.person("ann")
    async with openai_client(door, "ann") as client:
        completion = await client.chat.completions.create(
            model="yanku", messages=[{"role": "user", "content": QUESTION}]
        )
        message = completion.choices[0].message
        assert message.content
        assert message.annotations == []
        assert (message.model_extra or {})["yanku"]["answer"]["kind"] == "declined"


async def test_the_official_client_understands_our_errors(door: Door) -> None:
    await door.person("ann")
    asked: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": " "}]
    async with openai_client(door, "ann") as client:
        with pytest.raises(openai.BadRequestError, match="question is empty"):
            await client.chat.completions.create(model="yanku", messages=asked)
        with pytest.raises(openai.BadRequestError, match="one model"):
            await client.chat.completions.create(model="gpt-5", messages=asked)
        with pytest.raises(openai.AuthenticationError) as refused:
            await client.with_options(api_key="yk_wrong").models.list()
        assert refused.value.code == "not_signed_in"


async def test_facts_are_given_with_their_places(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        assert (await client.get("/api/v1/facts")).json() == []
        wrong = await client.get("/api/v1/facts", params={"period_end": "yesterday"})
        assert wrong.status_code == 422


async def test_an_upload_is_asked_about_over_a_real_socket(door: Door) -> None:
    ann = await door.person("ann")
    async with serving(door) as address, door.bearer(ann) as inside:
        headers = {"Authorization": inside.headers["Authorization"]}
        async with httpx.AsyncClient(base_url=address, headers=headers) as client:
            sent = await upload(client, "memo.txt", MEMO)
            await door.house.work(vectors=True, until_empty=True)
            response = await client.post("/api/v1/ask", json={"question": QUESTION})
            cited = response.json()["answer"]["citations"]
            assert [one["document"] for one in cited] == [sent.json()["id"]]


async def test_a_question_as_of_a_day_and_a_receipt_given_again(door: Door, tmp_path: Path) -> None:
    ann = await door.person("ann")
    text = income_statement(2024, "1,200.00")
    entry = await add_text(door.house, tmp_path, "report.html", text, ann)
    asked = {"question": "晨屿仪器2024年营业收入是多少"}
    async with door.bearer(ann) as client:
        for when, kind in (
            ({"as_of": "2024-12-31"}, "declined"),
            ({"public_by": "2025-04-29"}, "declined"),
            ({"public_by": "2025-04-30"}, "grounded"),
            ({}, "grounded"),
        ):
            done = (await client.post("/api/v1/ask", json=asked | when)).json()
            assert done["answer"]["kind"] == kind, when
            receipt = (await client.get(f"/api/v1/receipts/{done['receipt']}")).json()
            assert receipt["public_by"] == (when.get("as_of") or when.get("public_by"))
        wrong = await client.post("/api/v1/ask", json=asked | {"as_of": "someday"})
        assert wrong.status_code == 400
        path = f"/api/v1/receipts/{done['receipt']}/replay"
        same = (await client.post(path)).json()
        assert (same["verdict"], same["differences"]) == ("same", [])
        assert same["again"]["answer"]["amount"] == done["answer"]["amount"]
        assert same["sources"] == [{"document": entry.id, "file": "report.html", "state": "live"}]
        assert (await client.delete(f"/api/v1/documents/{entry.id}")).is_success
        gone = (await client.post(path)).json()
        assert gone["verdict"] == "source_gone"
        assert gone["sources"][0]["state"] == "gone"
    async with door.bearer(await door.person("ben")) as client:
        assert (await client.post(path)).status_code == 404
