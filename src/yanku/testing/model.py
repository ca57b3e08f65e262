# ruff: noqa: D102 - the name of a claim is its sentence
"""What every Model must do, as a suite to run over any of them, with a fake that does it.

class TestMine(ModelContract):
    @pytest.fixture
    async def model(self): ...
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

from yanku.errors import InvalidRequest, PromptTooLong, YankuError
from yanku.ports import Message, Model, Sampling
from yanku.serving.closing import closing_stream
from yanku.serving.request import check_request
from yanku.serving.stops import StopFilter

Reply = Callable[[Sequence[Message]], str]


class FakeModel:
    """A Model that says what ``reply`` returns, a character a token; ``asked`` are its requests.

    Without ``reply`` it gives the last message back, over and over. ``in_flight`` counts the
    answers being written, ``closed`` tells that it was closed.
    """

    def __init__(
        self,
        reply: Reply | str | None = None,
        *,
        name: str = "fake",
        version: str = "1",
        window: int = 8192,
    ) -> None:
        self.name, self.version, self.window = name, version, window
        self.asked: list[tuple[Message, ...]] = []
        self.in_flight = 0
        self.closed = False
        self._reply = reply

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Yield the reply in pieces of two characters."""
        check_request(messages, sampling)
        if sum(len(said.content) for said in messages) + sampling.max_tokens > self.window:
            raise PromptTooLong(f"the prompt does not fit {self.name}'s window of {self.window}")
        self.asked.append(tuple(messages))
        self.in_flight += 1
        try:
            text = _shaped(sampling.schema) if self._shapes(sampling) else self._text(messages)
            async with aclosing(_pieces(text, sampling)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self.in_flight -= 1

    async def count_tokens(self, text: str) -> int:
        """Return the number of characters."""
        return len(text)

    async def close(self) -> None:
        """Remember having been closed."""
        self.closed = True

    def _shapes(self, sampling: Sampling) -> bool:
        """Tell whether there is a schema to fill in; a ``reply`` of one's own is said as it is."""
        return bool(sampling.schema) and self._reply is None

    def _text(self, messages: Sequence[Message]) -> str:
        match self._reply:
            case None:
                return (messages[-1].content + "\n") * 100
            case str(text):
                return text
            case reply:
                return reply(messages)


def _shaped(schema: str) -> str:
    """Return the plainest JSON that conforms to a schema of objects, enumerations and numbers."""
    return json.dumps(_plainest(json.loads(schema)), ensure_ascii=False)


def _plainest(schema: dict[str, Any]) -> object:
    if "enum" in schema:
        return schema["enum"][0]
    match schema["type"]:
        case "object":
            parts = schema.get("properties", {})
            return {name: _plainest(parts[name]) for name in schema.get("required", ())}
        case "array":
            return [_plainest(schema["items"])] * schema.get("minItems", 0)
        case kind:
            return {"string": "", "integer": 0, "number": 0, "boolean": False}[kind]


async def _pieces(text: str, sampling: Sampling) -> AsyncGenerator[str, None]:
    stops, cut = StopFilter(sampling.stop), text[: sampling.max_tokens]
    for at in range(0, len(cut), 2):
        await asyncio.sleep(0)
        if piece := stops.feed(cut[at : at + 2]):
            yield piece
    if piece := stops.end():
        yield piece


async def full_text(model: Model, question: str, sampling: Sampling | None = None) -> str:
    """Return the whole answer to one question."""
    asked = [Message("user", question)]
    return "".join([p async for p in model.generate(asked, sampling or Sampling(max_tokens=48))])


async def first_pieces(pieces: AsyncIterator[str], count: int) -> list[str]:
    """Return the first pieces of an answer and close it."""
    taken: list[str] = []
    async with aclosing(closing_stream(pieces)) as open_pieces:
        async for piece in open_pieces:
            taken.append(piece)
            if len(taken) == count:
                break
    return taken


async def failure(pieces: AsyncIterator[str]) -> YankuError:
    """Return the error an answer ends with."""
    try:
        async for _ in pieces:
            continue
    except YankuError as error:
        return error
    raise AssertionError("the answer ended without an error")


class ModelContract:
    """Claims about a Model. The fixture ``model`` must answer ``counting`` with several pieces,
    and write Chinese when asked ``chinese``.
    """

    counting = "请从1数到20，用逗号隔开，不要说别的。"
    chinese = "请用中文写两句话，介绍什么是资产负债表。"

    async def test_pieces_come_one_after_another(self, model: Model) -> None:
        asked = [Message("user", self.counting)]
        pieces = [piece async for piece in model.generate(asked, Sampling(max_tokens=32))]
        assert len(pieces) > 2
        assert all(pieces)

    async def test_greedy_twice_is_the_same(self, model: Model) -> None:
        first = await full_text(model, self.counting)
        assert first
        assert await full_text(model, self.counting) == first

    async def test_max_tokens_is_the_longest_answer(self, model: Model) -> None:
        short = await full_text(model, self.counting, Sampling(max_tokens=5))
        longer = await full_text(model, self.counting, Sampling(max_tokens=20))
        assert 0 < len(short) < len(longer)
        assert longer.startswith(short)
        assert await model.count_tokens(short) <= 6

    async def test_the_answer_ends_before_a_stop_string(self, model: Model) -> None:
        whole = await full_text(model, self.counting, Sampling(max_tokens=32))
        stop = whole[5:8]
        cut = await full_text(model, self.counting, Sampling(max_tokens=32, stop=(stop,)))
        assert cut == whole[: whole.index(stop)]

    async def test_closing_early_leaves_the_model_free(self, model: Model) -> None:
        endless = [Message("user", self.counting)]
        whole = await full_text(model, self.counting, Sampling(max_tokens=8))
        for _ in range(3):
            pieces = model.generate(endless, Sampling(max_tokens=500))
            assert len(await first_pieces(pieces, 2)) == 2
        assert await full_text(model, self.counting, Sampling(max_tokens=8)) == whole

    async def test_a_cancelled_answer_leaves_the_model_free(self, model: Model) -> None:
        slow = asyncio.create_task(full_text(model, self.chinese, Sampling(max_tokens=500)))
        await asyncio.sleep(0)
        slow.cancel()
        assert isinstance((await asyncio.gather(slow, return_exceptions=True))[0], BaseException)
        assert await full_text(model, self.counting, Sampling(max_tokens=4))

    async def test_several_answers_at_once_do_not_mix(self, model: Model) -> None:
        one, two = Sampling(max_tokens=12), Sampling(max_tokens=6)
        alone = await full_text(model, self.counting, one)
        at_once = await asyncio.gather(
            *(full_text(model, self.counting, one) for _ in range(3)),
            full_text(model, self.chinese, two),
        )
        assert at_once[:3] == [alone] * 3
        assert at_once[3]
        assert at_once[3] != alone

    async def test_an_answer_keeps_to_a_schema(self, model: Model) -> None:
        colours = ["红", "蓝", "green"]
        parts = {
            "colour": {"type": "string", "enum": colours},
            "sure": {"type": "boolean"},
            "count": {"type": "integer"},
        }
        schema = {
            "type": "object",
            "properties": parts,
            "required": list(parts),
            "additionalProperties": False,
        }
        asked = Sampling(max_tokens=80, schema=json.dumps(schema, ensure_ascii=False))
        said = json.loads(await full_text(model, "天空是什么颜色？用JSON回答。", asked))
        assert set(said) == set(parts)
        assert said["colour"] in colours
        assert isinstance(said["sure"], bool)
        assert isinstance(said["count"], int)

    async def test_what_is_no_schema_is_an_invalid_request(self, model: Model) -> None:
        asked = [Message("user", self.counting)]
        for schema in ("{", "[]", '{"type": "string"}'):
            sampling = Sampling(max_tokens=8, schema=schema)
            assert isinstance(await failure(model.generate(asked, sampling)), InvalidRequest)

    async def test_no_message_is_an_invalid_request(self, model: Model) -> None:
        assert isinstance(await failure(model.generate([], Sampling())), InvalidRequest)
        blank = [Message("system", "你是助手"), Message("user", "  ")]
        assert isinstance(await failure(model.generate(blank, Sampling())), InvalidRequest)

    async def test_an_unknown_role_is_an_invalid_request(self, model: Model) -> None:
        odd = [Message("user", "你好"), Message("tool", "…")]
        assert isinstance(await failure(model.generate(odd, Sampling())), InvalidRequest)

    async def test_a_prompt_beyond_the_window_is_too_long(self, model: Model) -> None:
        long = [Message("user", "资产负债表 " * model.window)]
        assert isinstance(await failure(model.generate(long, Sampling())), PromptTooLong)
        assert await full_text(model, self.counting, Sampling(max_tokens=4))

    async def test_chinese_arrives_in_whole_characters(self, model: Model) -> None:
        asked = [Message("user", self.chinese)]
        pieces = [piece async for piece in model.generate(asked, Sampling(max_tokens=64))]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in "".join(pieces))
        assert not any("\N{REPLACEMENT CHARACTER}" in piece for piece in pieces)

    async def test_a_longer_text_has_more_tokens(self, model: Model) -> None:
        assert await model.count_tokens("") == 0
        short = await model.count_tokens("营业收入")
        assert 0 < short < await model.count_tokens("营业收入同比增长 12.3%，达到 45.6 亿元。")

    async def test_a_text_beyond_the_window_is_counted_to_its_end(self, model: Model) -> None:
        once, often = "营业收入 12.3；", 2 * model.window
        assert await model.count_tokens(once * often) > 2 * model.window
