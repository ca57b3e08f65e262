"""The same answers in OpenAI's chat format, so that existing chat clients work."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from yanku.entry.counting import Door
from yanku.entry.http.answers import DoneOut
from yanku.entry.http.ask import answered, asked, begun
from yanku.entry.http.auth import Caller
from yanku.entry.http.calls import Calling, while_present
from yanku.entry.http.events import apart
from yanku.entry.http.front import AtFront
from yanku.entry.http.known import KnownIn, SaidInHeaders, known_by
from yanku.entry.http.links import base_of, source_path
from yanku.entry.http.problems import incident, problem_of
from yanku.entry.pipes import table_in_pipes
from yanku.errors import InvalidRequest, YankuError
from yanku.flows.ask import Context, Done, Event, Sentence
from yanku.model.answer import Answer, Citation, Declined, Grounded
from yanku.model.place import OnPage

router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])

MODEL = "yanku"


class Part(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(extra="ignore")

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """One turn of a conversation."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """Return the words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class Format(BaseModel):
    """What shape an answer is to have."""

    model_config = ConfigDict(extra="ignore")

    type: str = "text"


class ChatIn(KnownIn):
    """A conversation; its last user message is the question, which may lean on those before.

    Sampling options have no effect. Tools may be offered and are never called.
    ``as_of`` and ``public_by`` are ours; a client that cannot add fields sends the headers
    ``X-Yanku-As-Of`` and ``X-Yanku-Public-By``.
    """

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool = False
    n: int | None = Field(default=None, ge=1, le=1)
    response_format: Format | None = None
    tool_choice: str | dict[str, Any] | None = None

    def check(self) -> None:
        """Raise InvalidRequest for what an answer from documents cannot be."""
        _check_model(self.model)
        if self.response_format is not None and self.response_format.type != "text":
            raise InvalidRequest(
                "answers are sentences with citations, not JSON; leave response_format out, and "
                "read the values in the message's `yanku`"
            )
        if self.tool_choice not in (None, "auto", "none"):
            raise InvalidRequest("no tool is ever called here; leave tool_choice out")


@router.get("/models", summary="The one model there is")
async def models(_person: Caller) -> dict[str, Any]:
    """Return the list that chat clients ask for."""
    return {"object": "list", "data": [_model()]}


@router.get("/models/{model}", summary="The model")
async def model(model: str, _person: Caller) -> dict[str, Any]:
    """Return what chat clients ask for about a model."""
    _check_model(model)
    return _model()


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "yanku"}


def _check_model(name: str) -> None:
    if name != MODEL:
        raise InvalidRequest(f"there is one model here, {MODEL!r}; ask for that")


@router.post("/chat/completions", summary="Ask in OpenAI's format", response_model=None)
async def chat(
    body: ChatIn,
    request: Request,
    person: Caller,
    front: AtFront,
    call: Calling,
    said: SaidInHeaders,
) -> Response:
    """Answer the last user message from the documents you may read.

    The message's `annotations` hold the citations, `yanku` the whole answer with its receipt.
    """
    body.check()
    asked_so_far = [turn.text for turn in body.messages if turn.role == "user"] or [""]
    as_of = known_by(body, said, front)
    question, context = asked_so_far[-1], Context(questions=tuple(asked_so_far[:-1]), as_of=as_of)
    reply = _Reply(base_of(request))
    if not body.stream:
        answer = answered(front, question, person, context, call, door=Door.OPENAI)
        return JSONResponse(reply.whole(await while_present(request, answer)))
    happening = asked(front, question, person, context, call, door=Door.OPENAI)
    # A question that cannot be asked has a status of its own.
    first = await while_present(request, begun(happening))
    return StreamingResponse(
        reply.pieces(first, happening),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


class _Reply:
    """One completion, whole or in pieces."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._id = f"chatcmpl-{uuid.uuid4().hex}"
        self._created = int(time.time())

    def whole(self, done: Done) -> dict[str, Any]:
        message = {"role": "assistant", "content": text_of(done.answer), **self._extras(done)}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return self._envelope("chat.completion", choice)

    async def pieces(self, first: Event, happening: AsyncGenerator[Event]) -> AsyncIterator[bytes]:
        said = ""
        yield self._chunk({"role": "assistant", "content": ""})
        try:
            async with aclosing(apart(_from(first, happening))) as events:
                async for event in events:
                    if isinstance(event, Sentence):
                        piece = event.claim.text + _marks(event.claim.citations)
                        said += piece
                        yield self._chunk({"content": piece})
                    elif isinstance(event, Done):
                        rest = _rest(text_of(event.answer), said)
                        yield self._chunk({"content": rest, **self._extras(event)})
                        yield self._chunk({}, "stop")
        except YankuError as error:
            yield _error(problem_of(error).detail, error.code)
        except Exception as error:  # noqa: BLE001 - headers are out: it can only be said here
            yield _error(incident(error).detail, "internal")
        yield b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event(self._envelope("chat.completion.chunk", choice))

    def _envelope(self, kind: str, choice: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": self._id,
            "object": kind,
            "created": self._created,
            "model": MODEL,
            "choices": [choice],
        }

    def _extras(self, done: Done) -> dict[str, Any]:
        answer = done.answer
        citations = answer.citations if isinstance(answer, Grounded) else answer.nearest
        text = text_of(answer)
        return {
            "annotations": [self._annotation(citation, text) for citation in citations],
            "yanku": DoneOut.of(done, self._base).model_dump(mode="json"),
        }

    def _annotation(self, citation: Citation, text: str) -> dict[str, Any]:
        mark = f"[{citation.number}]"
        start = text.find(mark)
        cited: dict[str, Any] = {
            "url": self._base + source_path(citation.document, citation.place),
            "title": citation.file,
            "start_index": max(start, 0),
            "end_index": start + len(mark) if start >= 0 else 0,
            "number": citation.number,
            "file": citation.file,
            "quote": citation.quote,
        }
        if isinstance(citation.place, OnPage):
            cited["page"] = citation.place.page
        return {"type": "url_citation", "url_citation": cited}


async def _from(first: Event, rest: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
    async with aclosing(rest):
        yield first
        async for event in rest:
            yield event


def text_of(answer: Answer) -> str:
    """Return an answer as one text, its table below it; a decline is its message."""
    match answer:
        case Grounded(table=table) if table is not None:
            return f"{answer.text}\n\n{table_in_pipes(table)}"
        case Grounded():
            return answer.text
        case Declined():
            return answer.message


def _rest(whole: str, said: str) -> str:
    """Return what is left to say; what was said cannot be taken back, so a change follows it."""
    if whole.startswith(said):
        return whole[len(said) :]
    return f"\n\n{whole}"


def _marks(citations: tuple[int, ...]) -> str:
    return "".join(f"[{number}]" for number in citations)


def _error(message: str, code: str) -> bytes:
    return _event({"error": {"message": message, "type": "server_error", "code": code}})


def _event(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()
