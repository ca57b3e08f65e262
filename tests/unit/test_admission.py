"""Who is let into the model, in which order, and who is sent away."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanku.errors import DeadlinePassed, Overloaded
from yanku.model.call import Call, Priority
from yanku.ports import Message, Sampling
from yanku.serving.admission import Admission
from yanku.serving.fair import FairQueue
from yanku.serving.limit import BestLimit
from yanku.testing.alone import Alone
from yanku.testing.model import FakeModel

ASKED = [Message("user", "数")]


def admission(
    model: FakeModel, in_flight: int, *, waiting: int = 500, each: int = 500
) -> Admission:
    limit = BestLimit(in_flight, in_flight, in_flight)
    return Admission(Alone(model), limit, waiting=waiting, waiting_each=each)


def test_a_user_with_a_hundred_questions_does_not_hold_up_one_with_two() -> None:
    line: FairQueue[str] = FairQueue()
    for number in range(100):
        line.add(f"greedy-{number}", Call("greedy"), 500)
    for number in range(2):
        line.add(f"modest-{number}", Call("modest"), 500)
    first = [line.take() for _ in range(5)]
    assert sum(item.startswith("modest") for item in first) == 2


def test_groups_share_alike_however_many_users_they_have() -> None:
    line: FairQueue[str] = FairQueue()
    for user in range(10):
        for _ in range(20):
            line.add("big", Call(f"big-{user}", group="big"), 500)
    for _ in range(60):
        line.add("small", Call("small", group="small"), 500)
    served = Counter(line.take() for _ in range(100))
    assert abs(served["big"] - served["small"]) <= 2


def test_shares_are_of_work_and_not_of_requests() -> None:
    line: FairQueue[str] = FairQueue()
    for _ in range(200):
        line.add("long", Call("long"), 4000)
        line.add("short", Call("short"), 500)
    served = Counter(line.take() for _ in range(90))
    assert 6 <= served["short"] / served["long"] <= 10


def test_people_go_before_programs_and_programs_still_get_on() -> None:
    line: FairQueue[str] = FairQueue()
    for _ in range(50):
        line.add("batch", Call("p", priority=Priority.BATCH), 500)
        line.add("person", Call("q"), 500)
    served = [line.take() for _ in range(40)]
    assert served.count("batch") == 5
    assert served[:7] == ["person"] * 7


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.booleans()), max_size=80))
def test_whoever_comes_is_served_once_or_leaves(steps: list[tuple[int, int, bool]]) -> None:
    line: FairQueue[object] = FairQueue()
    inside: dict[int, tuple[object, Call]] = {}
    for number, (user, group, leaves) in enumerate(steps):
        call = Call(str(user), group=str(group))
        item = object()
        line.add(item, call, 100 * user + 1)
        if leaves:
            assert line.remove(item, call)
            assert not line.remove(item, call)
        else:
            inside[number] = (item, call)
    served = {id(line.take()) for _ in range(len(line))}
    assert served == {id(item) for item, _ in inside.values()}
    assert len(line) == 0


async def test_a_line_that_is_full_refuses_at_once_with_a_time_to_come_back() -> None:
    gate = admission(FakeModel("x" * 40), 1, waiting=2)
    model = gate.for_call(Call("a"))
    running = [asyncio.create_task(_all(model)) for _ in range(3)]
    await asyncio.sleep(0)
    began = monotonic()
    with pytest.raises(Overloaded) as refused:
        await _all(gate.for_call(Call("b")))
    assert monotonic() - began < 0.1
    assert refused.value.retry_after_s >= 1
    assert gate.refused["full"] == 1
    await asyncio.gather(*running)
    assert gate.inside == gate.in_line == 0


async def test_one_user_cannot_fill_the_line() -> None:
    gate = admission(FakeModel("x" * 40), 1, waiting=50, each=3)
    running = [asyncio.create_task(_all(gate.for_call(Call("a")))) for _ in range(4)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await _all(gate.for_call(Call("a")))
    assert await _all(gate.for_call(Call("b")))
    await asyncio.gather(*running)


async def test_who_would_begin_too_late_is_refused_before_waiting() -> None:
    gate = admission(FakeModel("x" * 40), 1)
    running = [asyncio.create_task(_all(gate.for_call(Call("a")))) for _ in range(4)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await _all(gate.for_call(Call("b", until=monotonic() + 0.5)))
    assert gate.refused["deadline"] == 1
    await asyncio.gather(*running)


class Slow(FakeModel):
    """Takes a while for each answer, and remembers how many it wrote to the end."""

    def __init__(self, seconds: float) -> None:
        super().__init__("x")
        self.seconds = seconds
        self.busy = self.most = 0

    async def generate(self, messages, sampling):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201, ARG002
        self.busy += 1
        self.most = max(self.most, self.busy)
        try:
            await asyncio.sleep(self.seconds)
            yield "x"
        finally:
            self.busy -= 1


async def test_an_answer_that_takes_longer_than_its_asker_waits_ends_and_frees_the_engine() -> None:
    model = Slow(30)
    gate = admission(model, 1)
    began = monotonic()
    with pytest.raises(DeadlinePassed):
        await _all(gate.for_call(Call("a", until=monotonic() + 0.2)))
    assert monotonic() - began < 2
    assert model.busy == gate.inside == 0


async def test_whoever_goes_away_leaves_no_place_taken_in_any_moment() -> None:
    chance = random.Random(3)
    model = Slow(0.01)
    gate = admission(model, 3)
    tasks = []
    for number in range(300):
        tasks.append(asyncio.create_task(_all(gate.for_call(Call(str(number % 7))))))
        if chance.random() < 0.6:
            asyncio.get_running_loop().call_later(chance.random() * 0.3, tasks[-1].cancel)
        await asyncio.sleep(chance.random() * 0.002)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert gate.inside == gate.in_line == model.busy == 0
    assert model.most == 3
    assert await _all(gate.for_call(Call("z"))) == "x"


@pytest.mark.parametrize("best", [3, 10, 24])
def test_the_number_in_flight_climbs_to_where_most_answers_are_finished(best: int) -> None:
    limit = BestLimit(8, 1, 40)
    now, seen = 0.0, []
    for _ in range(4000):
        at = limit.value
        # Linear up to the best, then falling: caches and memory are exhausted.
        rate = float(at) if at <= best else best * max(0.2, 1 - 0.08 * (at - best))
        now += 1 / rate
        limit.finished(now, others_wait=True)
        seen.append(limit.value)
    late = seen[2000:]
    assert abs(sum(late) / len(late) - best) <= max(2, best * 0.25)


def test_an_engine_nobody_waits_for_teaches_nothing() -> None:
    limit = BestLimit(8, 1, 40)
    for number in range(1000):
        limit.finished(number * 0.1, others_wait=False)
    assert limit.value == 8


async def _all(model) -> str:  # type: ignore[no-untyped-def] # noqa: ANN001
    return "".join([p async for p in model.generate(ASKED, Sampling(max_tokens=40))])
