"""Several replicas behind one model: who is asked, who is asked next, and who is left out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import pytest

from yanku.errors import (
    InvalidRequest,
    ModelRefused,
    ModelUnavailable,
    Overloaded,
    PromptTooLong,
    SettingsError,
    YankuError,
)
from yanku.ports import Message, Sampling
from yanku.serving.breaker import Fault, State
from yanku.serving.replica import Replica
from yanku.serving.routing import Router, RoutingRules, rank
from yanku.testing.leaping import run_leaping
from yanku.testing.replicas import ScriptedModel, Turn

T = TypeVar("T")
DOWN = ModelUnavailable("no line")
GOOD = Turn()
LONG = 10_000.0


def _always(turn: Turn, _question: str) -> Turn:
    return turn


class House:
    """Replicas ``a``, ``b``, … that do what their turns say; probes are answered at once."""

    def __init__(self, *turns: Turn | Callable[[str], Turn], **rules: Any) -> None:
        self.probes: dict[str, Callable[[], Awaitable[None]]] = {}
        self.models = [
            ScriptedModel(name, turn if callable(turn) else partial(_always, turn))
            for name, turn in zip("abcdefgh", turns, strict=False)
        ]
        self.router = Router(
            [Replica(model.name, model, self._pulse(model.name)) for model in self.models],
            RoutingRules(**rules),
        )

    def _pulse(self, name: str) -> Callable[[], Awaitable[None]]:
        async def pulse() -> None:
            if name in self.probes:
                await self.probes[name]()

        return pulse

    async def answer(self, question: str = "问", *, whole: bool = False) -> str:
        asked = [Message("user", question)]
        sampling = Sampling(max_tokens=64, whole=whole)
        return "".join([piece async for piece in self.router.generate(asked, sampling)])

    async def outcome(self, question: str = "问", *, whole: bool = False) -> str | YankuError:
        try:
            return await self.answer(question, whole=whole)
        except YankuError as error:
            return error

    def question_for(self, name: str) -> str:
        """Return a question that goes to this replica when nobody is busy."""
        return next(
            said
            for said in (f"问题{number}" for number in range(1000))
            if self.first_for(said) == name
        )

    def first_for(self, question: str) -> str:
        return min((model.name for model in self.models), key=lambda name: rank(question, name))

    def asked(self) -> dict[str, int]:
        return {model.name: len(model.played) for model in self.models}

    def state(self, name: str) -> State:
        return next(one for one in self.router.snapshot() if one.name == name).state


def story(told: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return run_leaping(told())


async def forever() -> None:
    await asyncio.sleep(LONG)


async def fails() -> None:
    raise DOWN


def test_equal_beginnings_go_to_the_same_replica_while_nobody_is_busy() -> None:
    async def told() -> None:
        house = House(*[GOOD] * 5)
        for _ in range(8):
            await house.answer("同一份年报的证据")
        assert sorted(house.asked().values()) == [0, 0, 0, 0, 8]
        for number in range(100):
            await house.answer(f"另一份年报的证据{number}")
        assert min(house.asked().values()) >= 8
        await house.router.close()

    story(told)


def test_many_equal_beginnings_at_once_are_spread_evenly() -> None:
    async def told() -> None:
        house = House(*[GOOD] * 5)
        await asyncio.gather(*(house.answer("同一份年报的证据") for _ in range(40)))
        assert max(house.asked().values()) - min(house.asked().values()) <= 2
        await house.router.close()

    story(told)


def test_a_replica_that_comes_takes_only_its_own_share_of_beginnings() -> None:
    four, five = House(*[GOOD] * 4), House(*[GOOD] * 5)
    questions = [f"问题{number}" for number in range(500)]
    moved = [said for said in questions if four.first_for(said) != five.first_for(said)]
    assert {five.first_for(said) for said in moved} == {"e"}
    assert len(moved) == pytest.approx(100, abs=40)


@pytest.mark.parametrize("whole", [True, False])
def test_what_fails_before_the_first_piece_is_asked_of_another(whole: bool) -> None:
    async def told() -> None:
        house = House(Turn(pieces=0, failure=DOWN), GOOD)
        said = await house.answer(house.question_for("a"), whole=whole)
        assert said == "b.0 b.1 b.2 b.3 "
        assert house.router.counted["retries"] == 1
        await house.router.close()

    story(told)


def test_a_stream_is_not_begun_anew_after_its_first_piece() -> None:
    async def told() -> None:
        house = House(Turn(pieces=2, failure=DOWN), GOOD)
        assert await house.outcome(house.question_for("a")) is DOWN
        assert house.asked() == {"a": 1, "b": 0}
        await house.router.close()

    story(told)


def test_an_answer_shown_whole_survives_a_replica_that_dies_in_the_middle() -> None:
    async def told() -> None:
        house = House(Turn(pieces=2, failure=DOWN), GOOD)
        assert await house.answer(house.question_for("a"), whole=True) == "b.0 b.1 b.2 b.3 "
        await house.router.close()

    story(told)


@pytest.mark.parametrize("error", [InvalidRequest("empty"), PromptTooLong("too long")])
def test_what_is_wrong_with_the_request_is_told_and_blames_nobody(error: YankuError) -> None:
    async def told() -> None:
        house = House(*[Turn(pieces=0, failure=error)] * 3)
        for _ in range(5):
            assert await house.outcome() is error
        assert sum(house.asked().values()) == 5
        assert {one.state for one in house.router.snapshot()} == {State.CLOSED}
        await house.router.close()

    story(told)


def test_a_refusal_that_two_agree_on_is_the_request_s_own_fault() -> None:
    async def told() -> None:
        refusal = ModelRefused("400")
        house = House(*[Turn(pieces=0, failure=refusal)] * 4)
        for _ in range(6):
            assert await house.outcome() is refusal
        assert sum(house.asked().values()) == 12
        assert {one.state for one in house.router.snapshot()} == {State.CLOSED}
        await house.router.close()

    story(told)


@pytest.mark.parametrize("turn", [Turn(pieces=0), Turn(pieces=0, failure=ModelRefused("404"))])
def test_one_that_says_nothing_where_another_answers_is_left_out(turn: Turn) -> None:
    async def told() -> None:
        house = House(turn, GOOD)
        question = house.question_for("a")
        for _ in range(3):
            assert (await house.answer(question)).startswith("b.0")
        assert house.state("a") is State.OPEN
        await house.router.close()

    story(told)


def test_an_answer_that_is_empty_with_all_is_empty() -> None:
    async def told() -> None:
        house = House(*[Turn(pieces=0)] * 3)
        assert await house.answer() == ""
        assert sum(house.asked().values()) == 2
        await house.router.close()

    story(told)


def test_a_busy_replica_is_left_alone_for_as_long_as_it_asks() -> None:
    async def told() -> None:
        house = House(Turn(pieces=0, failure=Overloaded("busy", 5)), GOOD)
        question = house.question_for("a")
        for _ in range(4):
            assert (await house.answer(question)).startswith("b.0")
        assert house.asked() == {"a": 1, "b": 4}
        await asyncio.sleep(5)
        await house.answer(question)
        assert house.asked() == {"a": 2, "b": 5}
        assert house.state("a") is State.CLOSED
        await house.router.close()

    story(told)


def test_where_all_are_busy_the_shortest_wait_is_told_at_once() -> None:
    async def told() -> None:
        waits = [Turn(pieces=0, failure=Overloaded("busy", wait)) for wait in (9.0, 4.0)]
        house = House(*waits)
        error = await house.outcome()
        assert isinstance(error, Overloaded)
        assert error.retry_after_s == 4
        assert sum(house.asked().values()) == 2
        await house.router.close()

    story(told)


def test_three_attempts_are_enough_for_one_answer() -> None:
    async def told() -> None:
        house = House(*[Turn(pieces=0, failure=DOWN)] * 8)
        assert await house.outcome() is DOWN
        assert sum(house.asked().values()) == 3
        await house.router.close()

    story(told)


def test_all_that_failed_are_asked_again_after_a_pause() -> None:
    async def told() -> None:
        calls: list[str] = []

        def blip(_: str) -> Turn:
            calls.append("")
            return GOOD if len(calls) > 2 else Turn(pieces=0, failure=DOWN)

        house = House(blip, blip)
        assert (await house.answer()).endswith(".3 ")
        await house.router.close()

    story(told)


def test_one_that_fails_is_left_out_and_used_when_a_probe_succeeds() -> None:
    async def told() -> None:
        broken = True
        house = House(lambda _: Turn(pieces=0, failure=DOWN) if broken else GOOD, GOOD)
        question = house.question_for("a")
        house.probes["a"] = fails
        for _ in range(6):
            await house.answer(question)
        assert house.state("a") is State.OPEN
        assert house.asked()["a"] == 3
        await asyncio.sleep(30)
        assert house.state("a") is not State.CLOSED
        broken = False
        del house.probes["a"]
        await asyncio.sleep(11)
        assert house.state("a") is State.CLOSED
        assert (await house.answer(question)).startswith("a.0")
        await house.router.close()

    story(told)


@pytest.mark.parametrize("probe", [forever, fails])
def test_one_that_generates_nothing_is_left_out_within_ten_seconds_though_nobody_asks(
    probe: Callable[[], Awaitable[None]],
) -> None:
    async def told() -> None:
        house = House(GOOD, GOOD)
        house.router.watch()
        await asyncio.sleep(60)
        house.probes["a"] = probe
        await asyncio.sleep(10)
        assert house.state("a") is not State.CLOSED
        assert house.state("b") is State.CLOSED
        await house.router.close()

    story(told)


@pytest.mark.parametrize("whole", [True, False])
def test_whoever_waits_for_a_silent_one_is_answered_by_another(whole: bool) -> None:
    async def told() -> None:
        house = House(Turn(silent_after=1 if whole else 0), GOOD)
        house.probes["a"] = forever
        question = house.question_for("a")
        began = asyncio.get_running_loop().time()
        said = await asyncio.gather(*(house.answer(question, whole=whole) for _ in range(8)))
        assert set(said) == {"b.0 b.1 b.2 b.3 "}
        assert asyncio.get_running_loop().time() - began < 10
        assert all(played.closed is not None for played in house.models[0].played)
        await house.router.close()

    story(told)


def test_a_stream_from_a_replica_that_falls_silent_ends_in_an_error() -> None:
    async def told() -> None:
        house = House(Turn(silent_after=2), GOOD)
        house.probes["a"] = forever
        began = asyncio.get_running_loop().time()
        error = await house.outcome(house.question_for("a"))
        assert isinstance(error, ModelUnavailable)
        assert "silent" in str(error)
        assert asyncio.get_running_loop().time() - began < 10
        assert house.asked() == {"a": 1, "b": 0}
        await house.router.close()

    story(told)


def test_a_busy_replica_is_not_probed_and_not_taken_for_silent() -> None:
    async def told() -> None:
        probed: list[str] = []

        async def waits_in_line() -> None:
            probed.append("")
            await forever()

        house = House(Turn(pieces=60, each_s=1.0), GOOD)
        house.probes["a"] = waits_in_line
        asking = asyncio.create_task(house.answer(house.question_for("a")))
        await asyncio.sleep(0.5)
        probed.clear()
        await asking
        assert probed == []
        assert house.state("a") is State.CLOSED
        await house.router.close()

    story(told)


def test_a_probe_behind_long_prompts_is_no_silence_while_pieces_come() -> None:
    async def told() -> None:
        house = House(Turn(pieces=20, each_s=4.0), GOOD)
        house.probes["a"] = forever
        await house.answer(house.question_for("a"))
        assert house.state("a") is State.CLOSED
        await house.router.close()

    story(told)


def test_failing_replicas_are_used_when_there_are_no_others_and_silent_ones_never() -> None:
    async def told() -> None:
        broken = True
        house = House(lambda _: Turn(pieces=0, failure=DOWN) if broken else GOOD, GOOD)
        house.probes = {"a": fails, "b": forever}
        for _ in range(3):
            await house.outcome()
        await asyncio.sleep(10)
        assert {one.fault for one in house.router.snapshot()} == {Fault.FAILING, Fault.SILENT}
        broken = False
        before = house.asked()["b"]
        assert (await house.answer(house.question_for("b"))).startswith("a.0")
        assert house.asked()["b"] == before
        await house.router.close()

    story(told)


def test_where_all_are_silent_that_is_told_at_once() -> None:
    async def told() -> None:
        house = House(GOOD, GOOD)
        house.probes = {"a": forever, "b": forever}
        house.router.watch()
        await asyncio.sleep(10)
        began = asyncio.get_running_loop().time()
        assert isinstance(await house.outcome(), ModelUnavailable)
        assert asyncio.get_running_loop().time() - began < 0.1
        await house.router.close()

    story(told)


def test_one_much_slower_than_the_others_is_left_out() -> None:
    async def told() -> None:
        house = House(Turn(first_s=9.0), GOOD, GOOD)
        await asyncio.gather(*(house.answer(f"问题{number}") for number in range(60)))
        (slow, *others) = house.router.snapshot()
        assert slow.fault is Fault.SLOW
        assert {one.state for one in others} == {State.CLOSED}
        await house.router.close()

    story(told)


def test_nobody_is_slow_where_all_are() -> None:
    async def told() -> None:
        house = House(*[Turn(first_s=9.0)] * 3)
        await asyncio.gather(*(house.answer(f"问题{number}") for number in range(60)))
        assert {one.state for one in house.router.snapshot()} == {State.CLOSED}
        await house.router.close()

    story(told)


@pytest.mark.parametrize("whole", [True, False])
def test_a_second_replica_is_asked_after_the_patience_and_the_loser_stops_at_once(
    whole: bool,
) -> None:
    async def told() -> None:
        house = House(Turn(first_s=3.0), GOOD, hedge_s=1.0)
        assert (await house.answer(house.question_for("a"), whole=whole)).startswith("b.0")
        (lost,), (won,) = (model.played for model in house.models)
        assert won.first is not None
        assert won.began == pytest.approx(1.0, abs=0.01)
        assert lost.closed == pytest.approx(won.closed if whole else won.first, abs=0.01)
        assert house.router.counted == {"retries": 0, "hedges": 1, "hedges_won": 1}
        await house.router.close()

    story(told)


def test_an_answer_that_has_begun_is_not_asked_for_twice() -> None:
    async def told() -> None:
        house = House(Turn(pieces=8, each_s=1.0), GOOD, hedge_s=0.5)
        assert (await house.answer(house.question_for("a"), whole=True)).startswith("a.0")
        assert house.asked()["b"] == 0
        await house.router.close()

    story(told)


def test_no_more_than_a_tenth_is_asked_for_twice_when_all_are_slow() -> None:
    async def told() -> None:
        house = House(*[Turn(first_s=2.0)] * 4, hedge_s=1.0)
        await asyncio.gather(*(house.answer(f"问题{number}") for number in range(200)))
        assert 5 <= house.router.counted["hedges"] <= 25
        await house.router.close()

    story(told)


def test_closing_an_answer_stops_its_engine_and_leaves_no_work_behind() -> None:
    async def told() -> None:
        house = House(Turn(pieces=1000), GOOD)
        pieces = house.router.generate(
            [Message("user", house.question_for("a"))], Sampling(max_tokens=1000)
        )
        assert await anext(pieces) == "a.0 "
        assert [one.outstanding for one in house.router.snapshot()] == [1, 0]
        await pieces.aclose()
        assert [one.outstanding for one in house.router.snapshot()] == [0, 0]
        assert [one.work for one in house.router.snapshot()] == [0, 0]
        assert house.models[0].played[0].closed is not None
        await house.router.close()

    story(told)


def test_tokens_are_counted_by_whoever_can() -> None:
    async def told() -> None:
        house = House(GOOD, GOOD)

        house.models[0].counts = False
        assert await house.router.count_tokens("资产") == 2
        await house.router.close()

    story(told)


def test_replicas_need_addresses_of_their_own() -> None:
    model = ScriptedModel("a", lambda _: GOOD)
    with pytest.raises(SettingsError):
        Router([])
    with pytest.raises(SettingsError):
        Router([Replica("one", model), Replica("one", model)])
