"""What is watched in a house is what its parts say at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from functools import partial
from typing import Any, cast

from yanku.flows.events import Done, Event
from yanku.flows.memory import Memory
from yanku.model.answer import Declined, Reason
from yanku.model.call import NOBODY
from yanku.model.kept import Reuse
from yanku.model.receipt import ReceiptId
from yanku.ports import Message, Sampling
from yanku.serving.admission import Admission
from yanku.serving.limit import BestLimit
from yanku.settings import CacheSettings
from yanku.testing.alone import Alone
from yanku.testing.meters import MemoryMeters
from yanku.testing.model import FakeModel
from yanku.wiring.metering import watch_admission, watch_memory

UNASKED = cast(Any, None)


async def lines(meters: MemoryMeters) -> dict[str, float]:
    found = (line.rpartition(" ") for line in (await meters.text()).decode().splitlines())
    return {name: float(value) for name, _, value in found}


async def test_the_line_in_front_of_a_model_is_seen_while_it_stands() -> None:
    admission = Admission(Alone(FakeModel()), BestLimit(1, 1, 1), waiting=2, waiting_each=2)
    meters = MemoryMeters()
    watch_admission(meters, admission)
    pieces = [
        admission.for_call(NOBODY).generate([Message("user", "x")], Sampling()) for _ in range(4)
    ]
    asking = [asyncio.ensure_future(anext(aiter(one))) for one in pieces]
    await asyncio.wait(asking, timeout=0.05)
    seen = await lines(meters)
    assert seen["yanku_admission_running{}"] == seen["yanku_admission_limit{}"] == 1
    assert seen["yanku_admission_waiting{}"] == 2
    assert seen["yanku_admission_refused{full}"] == 1
    for one in asking:
        one.cancel()
    await asyncio.gather(*asking, return_exceptions=True)


async def test_what_is_given_again_is_no_miss_even_while_it_is_asked() -> None:
    # Nothing is kept, so nothing else of it is asked.
    memory = Memory(answers=None, library=UNASKED, ledger=UNASKED, clock=UNASKED)
    meters = MemoryMeters()
    watch_memory(meters, memory, CacheSettings())
    anew = Done(ReceiptId("r"), Declined(Reason.NOT_FOUND, ""), 1)

    async def work(done: Done) -> AsyncGenerator[Event, None]:
        before = (await lines(meters))["yanku_answer_cache_requests{w_tinylfu,miss}"]
        yield done
        # A counter that goes back would look as if the server had been started anew.
        after = (await lines(meters))["yanku_answer_cache_requests{w_tinylfu,miss}"]
        assert after - before == (done.reuse is None)

    for done in (anew, Done(anew.receipt, anew.answer, 1, Reuse.EVIDENCE), anew):
        async for _ in memory.through(UNASKED, partial(work, done)):
            pass
    assert (await lines(meters))["yanku_answer_cache_requests{w_tinylfu,miss}"] == 2
