"""A replica that fails, is slow or says nothing is left out until it is well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tests.replicated import DOWN, GOOD, House, fails, forever, story

from yanku.errors import (
    ModelUnavailable,
    SettingsError,
)
from yanku.ports import Message, Sampling
from yanku.serving.breaker import Fault, State
from yanku.serving.replica import Replica
from yanku.serving.routing import Router
from yanku.testing.replicas import ScriptedModel, Turn


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


@pytest.mark.parametrize("same", [True, False])
def test_a_stream_from_a_replica_that_falls_silent_goes_on_in_the_same_words_or_ends(
    same: bool,
) -> None:
    async def told() -> None:
        house = House(Turn(silent_after=2, said="same"), Turn(said="same" if same else "other"))
        house.probes["a"] = forever
        began = asyncio.get_running_loop().time()
        said = await house.outcome(house.question_for("a"))
        assert asyncio.get_running_loop().time() - began < 10
        assert house.asked() == {"a": 1, "b": 1}
        if same:
            assert said == "same.0 same.1 same.2 same.3 "
        else:
            assert isinstance(said, ModelUnavailable)
            assert "silent" in str(said)
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
