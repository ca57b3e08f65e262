"""Several replicas behind one model: who is asked, who is asked next, and who is left out."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.replicated import DOWN, GOOD, House, story

from yanku.errors import (
    InvalidRequest,
    ModelRefused,
    ModelUnavailable,
    Overloaded,
    PromptTooLong,
    YankuError,
)
from yanku.ports import Message, Sampling
from yanku.serving.breaker import State
from yanku.testing.replicas import Turn


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


SAME = Turn(said="same")


@pytest.mark.parametrize("shown", [1, 2, 3])
def test_a_stream_that_breaks_off_goes_on_where_another_writes_the_same(shown: int) -> None:
    async def told() -> None:
        house = House(replace(SAME, pieces=shown, failure=DOWN), SAME)
        assert await house.answer(house.question_for("a")) == "same.0 same.1 same.2 same.3 "
        assert house.asked() == {"a": 1, "b": 1}
        assert house.router.counted["resumed"] == 1
        assert sum(one.outstanding for one in house.router.snapshot()) == 0
        await house.router.close()

    story(told)


@pytest.mark.parametrize(
    "other", [GOOD, Turn(said="same", pieces=1)], ids=["other words", "fewer words"]
)
def test_a_stream_is_never_gone_on_with_in_other_words(other: Turn) -> None:
    async def told() -> None:
        house = House(replace(SAME, pieces=3, failure=DOWN), other)
        stream = house.router.generate([Message("user", house.question_for("a"))], Sampling())
        assert [await anext(stream) for _ in range(3)] == ["same.0 ", "same.1 ", "same.2 "]
        with pytest.raises(ModelUnavailable) as caught:
            await anext(stream)
        assert caught.value is DOWN
        assert house.asked() == {"a": 1, "b": 1}
        assert {one.state for one in house.router.snapshot()} == {State.CLOSED}
        await house.router.close()

    story(told)


def test_words_that_chance_chose_are_not_written_again() -> None:
    async def told() -> None:
        house = House(replace(SAME, pieces=2, failure=DOWN), SAME)
        asked = [Message("user", house.question_for("a"))]
        stream = house.router.generate(asked, Sampling(temperature=0.7))
        assert [await anext(stream) for _ in range(2)] == ["same.0 ", "same.1 "]
        with pytest.raises(ModelUnavailable):
            await anext(stream)
        assert house.asked() == {"a": 1, "b": 0}
        await house.router.close()

    story(told)


def test_a_question_that_kills_engines_kills_three_at_most_in_the_middle_too() -> None:
    async def told() -> None:
        house = House(*[replace(SAME, pieces=2, failure=DOWN)] * 5)
        assert await house.outcome() is DOWN
        assert sum(house.asked().values()) == 3
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
