"""What an endpoint can do wrong has a name, and nothing leaves for another host."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from yanku.adapters.model_openai import Manner, OpenAiModel
from yanku.errors import ModelUnavailable, Overloaded, PromptTooLong, SettingsError, YankuError
from yanku.ports import Message, Sampling
from yanku.testing.endpoint import endpoint, event, serving
from yanku.testing.model import FakeModel, failure, first_pieces, full_text

HELLO = [Message("user", "你好")]


class Script:
    """Answers each request with the next of these; the last one again and again."""

    def __init__(self, *answers: Response | list[str]) -> None:
        self._answers = list(answers)
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []

    async def __call__(self, request: Request, body: dict[str, Any]) -> Response:
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Response):
            return answer
        return StreamingResponse(_each(answer), media_type="text/event-stream")


async def _each(lines: list[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


def says(text: str, *, ends: bool = True) -> list[str]:
    reason = "stop" if ends else None
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
    return [": comment\n\n", event({"choices": [choice]}), "data: [DONE]\n\n"]


def refuses(status: int, message: str = "no", headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"message": message}}, status, headers)


async def outcome(script: Script, **options: Any) -> YankuError | str:
    async with serving(script) as url:
        model = OpenAiModel(url, "m", window=8192, **options)
        try:
            return await full_text(model, "你好")
        except YankuError as error:
            return error
        finally:
            await model.close()


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        (refuses(400, "This model's maximum context length is 8 tokens"), PromptTooLong, "8 tok"),
        (refuses(413), PromptTooLong, "does not fit"),
        (refuses(400, "bad temperature"), ModelUnavailable, "bad temperature"),
        (refuses(401), ModelUnavailable, "api_key"),
        (refuses(404, "no model m"), ModelUnavailable, "no model m"),
        (refuses(500, "out of memory"), ModelUnavailable, "out of memory"),
        (PlainTextResponse("<html>", 502), ModelUnavailable, "502"),
        (PlainTextResponse("<html>", 200), ModelUnavailable, "broke off"),
        (["data: {nonsense\n\n"], ModelUnavailable, "protocol"),
        (["data: [1, 2]\n\n"], ModelUnavailable, "protocol"),
        ([event({"error": {"message": "engine died"}})], ModelUnavailable, "engine died"),
        (says("半句", ends=False), ModelUnavailable, "broke off"),
    ],
)
async def test_each_failure_has_its_name(
    answer: Response | list[str], kind: type[YankuError], told: str
) -> None:
    error = await outcome(Script(answer))
    assert isinstance(error, kind)
    assert told in str(error)


@pytest.mark.parametrize(
    ("header", "wait_s"), [("7", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 5.0), ("nan", 5.0)]
)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_endpoint_says_when_to_come_back(
    status: int, header: str, wait_s: float
) -> None:
    script = Script(refuses(status, headers={"Retry-After": header}))
    error = await outcome(script)
    assert isinstance(error, Overloaded)
    assert error.retry_after_s == wait_s
    assert len(script.bodies) == 1


async def test_a_passing_failure_is_tried_again() -> None:
    script = Script(refuses(503), refuses(502), says("好"))
    assert await outcome(script) == "好"
    assert len(script.bodies) == 3


async def test_what_was_said_is_never_said_twice() -> None:
    script = Script(says("半句", ends=False), says("整句"))
    error = await outcome(script)
    assert isinstance(error, ModelUnavailable)
    assert len(script.bodies) == 1


async def test_a_wrong_request_is_not_repeated() -> None:
    script = Script(refuses(400))
    await outcome(script)
    assert len(script.bodies) == 1


async def test_a_redirect_is_not_followed() -> None:
    elsewhere = Script(says("密"))
    async with serving(elsewhere) as url:
        to = {"Location": f"{url}/chat/completions"}
        error = await outcome(Script(Response(status_code=307, headers=to)))
    assert isinstance(error, ModelUnavailable)
    assert "307" in str(error)
    assert elsewhere.bodies == []


async def test_key_and_proxy_come_from_settings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "from-the-environment")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    script = Script(says("好"))
    assert await outcome(script) == "好"
    assert "authorization" not in script.headers[0]
    assert await outcome(script, api_key="from-settings") == "好"
    assert script.headers[1]["authorization"] == "Bearer from-settings"


async def test_the_key_is_in_no_message() -> None:
    error = await outcome(Script(refuses(401, "bad")), api_key="sk-secret")
    assert "sk-secret" not in str(error)


async def test_an_endpoint_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        model = OpenAiModel(url, "m", window=8192)
        error = await failure(model.generate(HELLO, Sampling()))
        await model.close()
    assert isinstance(error, ModelUnavailable)
    assert "cannot be reached" in str(error)


async def test_a_silent_endpoint_is_unavailable() -> None:
    async def silent(request: Request, body: dict[str, Any]) -> Response:  # noqa: ARG001
        await asyncio.sleep(30)
        return Response()

    async with serving(silent) as url:
        model = OpenAiModel(url, "m", window=8192, timeout_s=0.2)
        error = await failure(model.generate(HELLO, Sampling()))
        await model.close()
    assert isinstance(error, ModelUnavailable)
    assert "silent" in str(error)


async def test_closing_the_answer_ends_it_at_the_endpoint() -> None:
    behind = FakeModel()
    async with endpoint(behind) as url:
        model = OpenAiModel(url, "m", window=8192)
        long = [Message("user", "数" * 4000)]
        assert await first_pieces(model.generate(long, Sampling(max_tokens=4000)), 2)
        async with asyncio.timeout(20):
            while behind.in_flight:
                await asyncio.sleep(0.01)
        await model.close()


async def test_a_greedy_request_says_so() -> None:
    script = Script(says("好"))
    await outcome(script)
    assert script.bodies[0]["temperature"] == 0
    assert script.bodies[0]["stream"] is True
    assert script.bodies[0]["messages"] == [{"role": "user", "content": "你好"}]


@pytest.mark.parametrize("address", ["", "localhost:8000", "ftp://h/v1", "http:///v1"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(SettingsError):
        OpenAiModel(address, "m", window=8192)


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
async def test_thoughts_the_endpoint_parts_are_no_answer(field: str) -> None:
    choice = {"index": 0, "delta": {field: "第一步"}, "finish_reason": None}
    assert await outcome(Script([event({"choices": [choice]}), *says("好")])) == "好"


async def test_thoughts_the_endpoint_leaves_in_are_no_answer() -> None:
    assert await outcome(Script(says("<think>\n第一步\n</think>\n\n好"))) == "好"


@pytest.mark.parametrize(("thinking", "room"), [(True, 500), (False, 0)])
async def test_thinking_is_turned_on_and_off_with_room_for_it(thinking: bool, room: int) -> None:
    script = Script(says("好"))
    await outcome(script)
    await outcome(script, manner=Manner(thinking=thinking, thinking_tokens=500))
    plain, body = script.bodies
    assert body["chat_template_kwargs"] == {"enable_thinking": thinking}
    assert body["max_tokens"] == plain["max_tokens"] + room


async def test_a_brief_answer_has_no_room_for_thoughts_and_one_try() -> None:
    brief = Sampling(max_tokens=9, brief=True)
    manner = Manner(thinking=True, thinking_tokens=500)
    script = Script(says("<think>第一"), refuses(503))
    async with serving(script) as url:
        model = OpenAiModel(url, "m", window=8192, manner=manner)
        assert [piece async for piece in model.generate(HELLO, brief)] == []
        with pytest.raises(ModelUnavailable):
            await anext(model.generate(HELLO, brief))
        await model.close()
    assert [body["max_tokens"] for body in script.bodies] == [9, 9]


async def test_unset_thinking_and_extra_fields_go_out_as_they_are() -> None:
    script = Script(says("好"))
    extra = {"top_k": 7, "model": "another"}
    await outcome(script, manner=Manner(extra=extra))
    (body,) = script.bodies
    assert "chat_template_kwargs" not in body
    assert (body["top_k"], body["model"]) == (7, "m")


@pytest.mark.parametrize("shown", [True, False])
async def test_thoughts_are_written_to_the_log_only_where_that_is_set(
    shown: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "yanku.model")
    await outcome(Script(says("<think>第一步</think>好")), manner=Manner(show_thinking=shown))
    assert ("第一步" in caplog.text) is shown
