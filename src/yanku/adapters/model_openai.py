"""A chat model behind any OpenAI-compatible endpoint: vLLM, SGLang, a gateway."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import httpx

from yanku.errors import (
    ModelRefused,
    ModelUnavailable,
    Overloaded,
    PromptTooLong,
    SettingsError,
    YankuError,
)
from yanku.ports import Message, Sampling
from yanku.serving.request import check_request
from yanku.serving.stops import StopFilter
from yanku.serving.thoughts import ThoughtFilter

ALONE_PAUSES_S = (0.2, 1.0)
"""How long to wait before each further try where no other endpoint can be asked."""

_log = logging.getLogger("yanku.model")
_PASSING = frozenset({502, 503, 504})
_WRONG = frozenset({400, 404, 422})
_TOO_LONG = re.compile(r"context.?length|maximum.{0,20}(context|length|tokens)|too (long|large)")
# OpenAI takes four; a longer list is cut here, and all of them are applied on this side anyway.
_STOPS_SENT = 4
# How many are in flight is for admission to say. Servers commonly close after five seconds idle:
# a connection that is never so old is never closed under a request.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=64, keepalive_expiry=4)
_PULSE = (Message("user", "Say: 1"),)
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manner:
    """How the model behind an endpoint is to behave.

    ``thinking`` turns thoughts on or off as Hunyuan's and Qwen's chat templates take it; None
    leaves the template as shipped. ``thinking_tokens`` are added to the answer's where it may
    think. ``extra`` goes into every request as it is.
    """

    thinking: bool | None = None
    thinking_tokens: int = 2048
    show_thinking: bool = False
    exact_tokens: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def room(self) -> int:
        """Return the tokens to allow for thoughts."""
        return self.thinking_tokens if self.thinking else 0


class OpenAiModel:
    """Model at ``base_url`` (which ends in ``/v1``), called ``model`` there.

    Nothing is taken from the environment: no key, no proxy, no netrc; redirects are not followed,
    so a prompt goes to the configured host and nowhere else. ``timeout_s`` is the longest silence,
    before the first piece and between pieces. What failed before the first piece for a passing
    reason is tried again after each of ``pauses_s``. Thoughts never are a part of the answer,
    whether the endpoint parts them (a reasoning parser) or not.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        window: int,
        api_key: str = "",
        timeout_s: float = 120.0,
        connect_timeout_s: float = 5.0,
        version: str = "",
        manner: Manner | None = None,
        pauses_s: Sequence[float] = ALONE_PAUSES_S,
    ) -> None:
        where = urlsplit(base_url)
        if where.scheme not in ("http", "https") or not where.hostname:
            raise SettingsError(f"{base_url!r} is not the address of an endpoint (http…/v1)")
        self.name, self.version, self.window = model, version or f"at {where.netloc}", window
        self._host = where.hostname
        self._manner = manner or Manner()
        self._pauses_s = tuple(pauses_s)
        self._client = httpx.AsyncClient(
            base_url=base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
            timeout=httpx.Timeout(timeout_s, connect=connect_timeout_s),
            limits=_LIMITS,
            trust_env=False,
            follow_redirects=False,
        )

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Yield pieces of the answer; the connection closes, and the endpoint stops, with this."""
        check_request(messages, sampling)
        self._check_window(messages, sampling)
        stops, thoughts = StopFilter(sampling.stop), ThoughtFilter()
        manner, pauses_s = self._manner, self._pauses_s
        if sampling.brief:
            manner, pauses_s = replace(manner, thinking_tokens=0), ()
        body = _body(self.name, messages, sampling, manner)
        async with aclosing(self._persistent(body, pauses_s)) as pieces:
            async for text in pieces:
                if piece := stops.feed(thoughts.feed(text)):
                    yield piece
                if stops.met:
                    return
        if piece := stops.feed(thoughts.end()) + stops.end():
            yield piece
        self._tell(thoughts.thought)

    async def pulse(self) -> None:
        """Return when the endpoint has generated a token, be it of a thought.

        Raises Overloaded, or ModelUnavailable, also if it ends an answer without any.
        """
        asked = _body(
            self.name, _PULSE, Sampling(max_tokens=2), replace(self._manner, thinking_tokens=0)
        )
        async with aclosing(self._once(asked)) as pieces:
            try:
                async for _ in pieces:
                    return
            except _PassingError as error:
                raise error.told from error
        raise self._unavailable("ended an answer without having generated anything")

    async def count_tokens(self, text: str) -> int:
        """Return the endpoint's own count (vLLM has a counter) where that is asked for.

        Otherwise an estimate that is rather too high than too low.
        """
        if not self._manner.exact_tokens:
            return estimate_tokens(text)
        asked = {"model": self.name, "prompt": text, "add_special_tokens": False}
        try:
            response = await self._client.post("../tokenize", json=asked)
            return int(response.raise_for_status().json()["count"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise self._unavailable(
                f"does not count tokens ({error!r}); set model.exact_tokens to false"
            ) from error

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _check_window(self, messages: Sequence[Message], sampling: Sampling) -> None:
        # The estimate may be twice too high, and the endpoint knows better: refuse the hopeless.
        least = sum(estimate_tokens(message.content) for message in messages) // 2
        if least + sampling.max_tokens + self._manner.room > self.window:
            raise PromptTooLong(
                f"the prompt has at least {least} tokens and the answer may have "
                f"{sampling.max_tokens}; {self.name} takes {self.window} in all. Ask about less."
            )

    async def _persistent(
        self, body: dict[str, Any], pauses_s: tuple[float, ...]
    ) -> AsyncGenerator[str, None]:
        for pause_s in (*pauses_s, None):
            began = False
            try:
                async with aclosing(self._once(body)) as pieces:
                    async for piece in pieces:
                        began = began or bool(piece)  # A thought alone may be thought anew.
                        yield piece
                return
            except _PassingError as error:
                if began or pause_s is None:
                    raise error.told from error
            await asyncio.sleep(pause_s)

    async def _once(self, body: dict[str, Any]) -> AsyncGenerator[str, None]:
        """Yield what is generated; a piece of a thought is an empty one."""
        try:
            async with self._client.stream("POST", "chat/completions", json=body) as response:
                if response.status_code != 200:
                    await self._refuse(response)
                ended = False
                async for event in _events(response):
                    if "error" in event:
                        raise self._unavailable(f"broke off: {_message(event)}")
                    for choice in event.get("choices") or ():
                        delta = choice.get("delta") or {}
                        thought = delta.get("reasoning") or delta.get("reasoning_content")
                        self._tell(thought)
                        if (text := delta.get("content") or "") or thought:
                            yield text
                        ended = ended or bool(choice.get("finish_reason"))
                if not ended:
                    raise _PassingError(self._unavailable("broke off in the middle of an answer"))
        except httpx.TimeoutException as error:
            raise self._unavailable(f"was silent for too long ({type(error).__name__})") from error
        except httpx.TransportError as error:
            told = self._unavailable(f"cannot be reached: {error or type(error).__name__}")
            raise _PassingError(told) from error
        except (json.JSONDecodeError, AttributeError, UnicodeDecodeError) as error:
            raise self._unavailable(f"does not speak the OpenAI protocol: {error}") from error

    async def _refuse(self, response: httpx.Response) -> None:
        """Raise what a status other than 200 means."""
        said = (await response.aread())[:65536].decode("utf-8", "replace")
        status, message = response.status_code, _message(_json_or_text(said))
        if status == 429 or (status == 503 and "retry-after" in response.headers):
            wait_s = _retry_after_s(response.headers.get("retry-after", ""))
            raise Overloaded(f"the model at {self._host} is busy: {message}", wait_s)
        if status in _PASSING:
            raise _PassingError(self._unavailable(f"answered {status}: {message}"))
        if status == 413 or (status in (400, 422) and _TOO_LONG.search(message.lower())):
            raise PromptTooLong(f"the prompt does not fit {self.name}: {message}")
        if status in (401, 403):
            raise self._unavailable(f"refused the key ({status}); check the model's api_key")
        if status in _WRONG:
            raise ModelRefused(f"the model endpoint at {self._host} answered {status}: {message}")
        raise self._unavailable(f"answered {status}: {message}")

    def _tell(self, thought: str | None) -> None:
        """Write a thought to the log, where an operator asked to see them."""
        if thought and self._manner.show_thinking:
            _log.info("thought: %s", thought)

    def _unavailable(self, what: str) -> ModelUnavailable:
        return ModelUnavailable(f"the model endpoint at {self._host} {what}")


class _PassingError(Exception):
    """A failure that may be gone on the next try; ``told`` is what the caller hears if not."""

    def __init__(self, told: YankuError) -> None:
        super().__init__(str(told))
        self.told = told


def _body(
    model: str, messages: Sequence[Message], sampling: Sampling, manner: Manner
) -> dict[str, Any]:
    body: dict[str, Any] = {
        **manner.extra,
        "model": model,
        "messages": [{"role": said.role, "content": said.content} for said in messages],
        "max_tokens": sampling.max_tokens + manner.room,
        "temperature": sampling.temperature,
        "stream": True,
    }
    if sampling.temperature == 0:
        body["seed"] = 0
    if manner.thinking is not None:
        said = body.get("chat_template_kwargs", {})
        body["chat_template_kwargs"] = {**said, "enable_thinking": manner.thinking}
    if sampling.stop:
        body["stop"] = list(sampling.stop[:_STOPS_SENT])
    if sampling.schema:
        shape = {"name": "answer", "schema": json.loads(sampling.schema), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": shape}
    return body


async def _events(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """Yield the JSON objects of a server-sent event stream, to ``[DONE]`` or its end."""
    async for line in response.aiter_lines():
        if len(line) > _LONGEST_LINE:
            raise json.JSONDecodeError("an event is over a megabyte", line[:80], 0)
        if not line.startswith("data:"):
            continue
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            return
        yield json.loads(data)


def _json_or_text(said: str) -> dict[str, Any]:
    try:
        read = json.loads(said)
    except json.JSONDecodeError:
        return {"error": said}
    return read if isinstance(read, dict) else {"error": said}


def _message(said: dict[str, Any]) -> str:
    """Return the words of an error body: OpenAI's, vLLM's, or whatever it is."""
    error = said.get("error", said.get("message", said.get("detail", said)))
    words = error.get("message", error) if isinstance(error, dict) else error
    return str(words)[:500]


def _retry_after_s(header: str) -> float:
    """Return the seconds a server asks for; a date or nonsense counts as five."""
    try:
        wait_s = float(header)
    except ValueError:
        return 5.0
    return wait_s if math.isfinite(wait_s) and wait_s >= 0 else 5.0


_STRETCH = re.compile(r"(?P<word>[A-Za-z]+)|(?P<space>[ \n\t]+)|(?P<other>.)", re.DOTALL)


def estimate_tokens(text: str) -> int:
    """Return a careful estimate: a token per digit, mark and Chinese character, per three letters
    of a word, per four blanks, and up to four for a character beyond the common plane.
    """
    return sum(_tokens_of(found) for found in _STRETCH.finditer(text))


def _tokens_of(found: re.Match[str]) -> int:
    stretch = found.group()
    match found.lastgroup:
        case "word":
            return math.ceil(len(stretch) / 3)
        case "space":
            # One blank before a word is part of the word's token.
            return 0 if stretch == " " else math.ceil(len(stretch) / 4)
        case _:
            return _tokens_of_sign(stretch)


def _tokens_of_sign(sign: str) -> int:
    if sign.isascii() or "\u4e00" <= sign <= "\u9fff" or "\u3000" <= sign <= "\u303f":
        return 1
    return 1 if "\uff00" <= sign <= "\uffef" else len(sign.encode("utf-8", "replace"))
