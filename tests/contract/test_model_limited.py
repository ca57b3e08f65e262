"""A model that is entered in turn refuses the crowd, and stops text where it should."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanku.errors import InvalidRequest, Overloaded
from yanku.model.call import NOBODY
from yanku.ports import Message, Model, Sampling
from yanku.serving.admission import Admission
from yanku.serving.closing import closing_stream
from yanku.serving.limit import BestLimit
from yanku.serving.stops import StopFilter
from yanku.testing.alone import Alone
from yanku.testing.model import FakeModel, failure, first_pieces, full_text


def limited_to(fake: FakeModel, *, in_flight: int, waiting: int) -> tuple[Admission, Model]:
    admission = Admission(
        Alone(fake), BestLimit(in_flight, in_flight, in_flight), waiting=waiting, waiting_each=99
    )
    return admission, admission.for_call(NOBODY)


async def anext_of(pieces: AsyncIterator[str]) -> str:
    return await anext(pieces)


ASKED = [Message("user", "数")]


async def test_no_more_than_allowed_are_inside_at_once() -> None:
    fake = FakeModel()
    _, limited = limited_to(fake, in_flight=2, waiting=10)
    most = 0

    async def ask() -> None:
        nonlocal most
        async for _ in limited.generate(ASKED, Sampling(max_tokens=20)):
            most = max(most, fake.in_flight)

    await asyncio.gather(*(ask() for _ in range(6)))
    assert most == 2
    assert len(fake.asked) == 6


async def test_the_crowd_is_refused_with_a_time_to_come_back() -> None:
    _, limited = limited_to(FakeModel(), in_flight=1, waiting=1)
    first, second = (closing_stream(limited.generate(ASKED, Sampling())) for _ in range(2))
    await anext(first)
    waits = asyncio.create_task(anext_of(second))
    await asyncio.sleep(0)
    error = await failure(limited.generate(ASKED, Sampling()))
    assert isinstance(error, Overloaded)
    assert error.retry_after_s >= 1
    await first.aclose()
    assert await waits
    await second.aclose()
    assert await full_text(limited, "数")


async def test_an_answer_closed_early_gives_its_place_back() -> None:
    fake = FakeModel()
    admission, limited = limited_to(fake, in_flight=1, waiting=0)
    for _ in range(3):
        await first_pieces(limited.generate(ASKED, Sampling()), 1)
        assert fake.in_flight == admission.inside == 0


async def test_a_failure_gives_its_place_back() -> None:
    _, limited = limited_to(FakeModel(), in_flight=1, waiting=0)
    for _ in range(3):
        assert isinstance(await failure(limited.generate([], Sampling())), InvalidRequest)
    assert await full_text(limited, "数")


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(max_tokens=0),
        Sampling(temperature=-0.1),
        Sampling(temperature=float("nan")),
        Sampling(stop=("",)),
    ],
)
async def test_sampling_that_cannot_be_meant_is_refused(sampling: Sampling) -> None:
    assert isinstance(await failure(FakeModel().generate(ASKED, sampling)), InvalidRequest)


@given(
    pieces=st.lists(st.text("ab", max_size=4), max_size=12),
    stops=st.lists(st.text("ab", min_size=1, max_size=3), max_size=2),
)
def test_however_the_pieces_break_the_text_ends_at_the_first_stop(
    pieces: list[str], stops: list[str]
) -> None:
    cut, shown = StopFilter(tuple(stops)), ""
    for piece in pieces:
        shown += cut.feed(piece)
        if cut.met:
            break
    shown += cut.end()
    whole = "".join(pieces)
    ends = {stop: whole.index(stop) + len(stop) for stop in stops if stop in whole}
    if not ends:
        assert shown == whole
        assert not cut.met
    else:
        assert cut.met
        assert whole.startswith(shown)
        assert not any(stop in shown for stop in stops)
        assert any(whole[len(shown) :].startswith(stop) for stop in stops)
