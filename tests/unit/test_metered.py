# ruff: noqa: ARG002 - what stands in for a port has its arguments
"""What is measured around models, readers and questions is what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import cast

import pytest

from yanku.adapters.metered_models import MeteredModels
from yanku.adapters.metered_reader import MeteredReader
from yanku.errors import BrokenSource, ModelUnavailable, YankuError
from yanku.model.call import NOBODY
from yanku.model.document import Digest, Document, Origin, Page
from yanku.ports import Message, Model, OnPages, Reader, Sampling, Unpacked
from yanku.testing.alone import Alone
from yanku.testing.meters import MemoryMeters
from yanku.testing.model import FakeModel, ModelContract, failure, first_pieces

ASKED = [Message("user", "abcd")]


class Ticking:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Slow:
    """A model whose first piece takes 2 s and each of the others 1 s, two characters a piece."""

    name, version, window = "slow", "7", 100

    def __init__(self, clock: Ticking, fails: YankuError | None = None) -> None:
        self._clock, self._fails = clock, fails

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        self._clock.now += 1
        for piece in ("ab", "cd", "ef"):
            self._clock.now += 1
            yield piece
        if self._fails:
            raise self._fails

    async def count_tokens(self, text: str) -> int:
        return len(text)

    async def close(self) -> None:
        """Hold nothing."""


class TestMetered(ModelContract):
    @pytest.fixture
    def model(self) -> Model:
        return MeteredModels(Alone(FakeModel()), MemoryMeters()).for_call(NOBODY)


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def meters() -> MemoryMeters:
    return MemoryMeters()


def metered(model: Model, meters: MemoryMeters, clock: Callable[[], float]) -> Model:
    return MeteredModels(Alone(model), meters, now=clock).for_call(NOBODY)


async def test_first_token_each_token_and_the_whole_are_timed(
    clock: Ticking, meters: MemoryMeters
) -> None:
    model = metered(Slow(clock), meters, clock)
    assert "".join([piece async for piece in model.generate(ASKED, Sampling())]) == "abcdef"
    labels = ("slow", "7")
    assert meters.entered["gen_ai_server_time_to_first_token_seconds", labels] == [2]
    # Two more pieces, two seconds, five more tokens: pieces are not tokens.
    assert meters.entered["gen_ai_server_time_per_output_token_seconds", labels] == [0.4]
    assert meters.entered["gen_ai_server_request_duration_seconds", (*labels, "")] == [4]
    assert meters.seen["gen_ai_client_token_usage", (*labels, "input")] == 4
    assert meters.seen["gen_ai_client_token_usage", (*labels, "output")] == 6


async def test_a_failure_is_counted_by_its_code(clock: Ticking, meters: MemoryMeters) -> None:
    model = metered(Slow(clock, ModelUnavailable("gone")), meters, clock)
    assert isinstance(await failure(model.generate(ASKED, Sampling())), ModelUnavailable)
    ended = ("slow", "7", "model_unavailable")
    assert meters.entered["gen_ai_server_request_duration_seconds", ended] == [4]
    assert ("gen_ai_client_token_usage", ("slow", "7", "output")) not in meters.seen


async def test_who_goes_away_is_counted_as_such(clock: Ticking, meters: MemoryMeters) -> None:
    model = metered(Slow(clock), meters, clock)
    assert await first_pieces(model.generate(ASKED, Sampling()), 1) == ["ab"]
    ended = ("slow", "7", "cancelled")
    assert meters.entered["gen_ai_server_request_duration_seconds", ended] == [2]


async def test_a_cancelled_task_is_counted_as_such(meters: MemoryMeters) -> None:
    class Endless(Slow):
        async def generate(
            self, messages: Sequence[Message], sampling: Sampling
        ) -> AsyncGenerator[str, None]:
            await asyncio.sleep(60)
            yield ""

    clock = Ticking()
    model = metered(Endless(clock), meters, clock)
    task = asyncio.create_task(failure(model.generate(ASKED, Sampling())))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    ended = ("slow", "7", "cancelled")
    assert len(meters.entered["gen_ai_server_request_duration_seconds", ended]) == 1


class Pages:
    """A reader that takes 3 s for so many pages, or fails."""

    def __init__(self, clock: Ticking, *origins: Origin) -> None:
        self._clock, self._origins = clock, origins

    async def read(self, path: Path, name: str, on_pages: OnPages | None = None) -> Document:
        self._clock.now += 3
        if name == "broken":
            raise BrokenSource("no")
        pages = tuple(Page(n, 1, 1, origin) for n, origin in enumerate(self._origins, start=1))
        return Document(Digest(""), name, "", pages, ())

    async def render(self, path: Path, name: str, page: int, dpi: int) -> bytes:
        return b"png"

    async def unpack(self, path: Path, name: str, folder: Path) -> Unpacked:
        return Unpacked(())

    async def unlock(self, path: Path, name: str, password: str, target: Path) -> None:
        """Do nothing."""


async def test_reading_is_timed_by_page_and_told_apart_by_how_pages_were_read(
    clock: Ticking, meters: MemoryMeters
) -> None:
    scan = Pages(clock, Origin.OCR, Origin.OCR, Origin.TEXT_LAYER)
    await MeteredReader(cast(Reader, scan), meters, now=clock).read(Path(), "a.pdf")
    await MeteredReader(cast(Reader, Pages(clock)), meters, now=clock).read(Path(), "b.txt")
    assert meters.entered["yanku_parse_page_seconds", ("ocr",)] == [1]
    assert meters.entered["yanku_parse_page_seconds", ("native",)] == [3]
    assert meters.seen["yanku_parse_pages", ("ocr",)] == 3
    assert meters.seen["yanku_parse_documents", ("",)] == 2


async def test_a_file_that_cannot_be_read_is_counted_by_why(
    clock: Ticking, meters: MemoryMeters
) -> None:
    reader = MeteredReader(cast(Reader, Pages(clock)), meters, now=clock)
    with pytest.raises(BrokenSource):
        await reader.read(Path(), "broken")
    assert meters.seen["yanku_parse_documents", ("broken_source",)] == 1
    assert not meters.entered
