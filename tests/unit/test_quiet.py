"""Background work waits while somebody asks, and goes on after."""

from __future__ import annotations

import asyncio

import pytest

from yanku.serving.quiet import Quiet


async def _soon(turn: asyncio.Task[None]) -> bool:
    await asyncio.wait({turn}, timeout=0.05)
    return turn.done()


async def test_a_turn_is_free_when_nobody_asks() -> None:
    await asyncio.wait_for(Quiet().turn(), 0.05)


async def test_work_waits_while_somebody_asks_and_goes_on_after() -> None:
    quiet = Quiet()
    with quiet.asking():
        turn = asyncio.create_task(quiet.turn())
        assert not await _soon(turn)
    assert await _soon(turn)


async def test_work_waits_for_the_last_of_several_who_ask() -> None:
    quiet = Quiet()
    with quiet.asking():
        with quiet.asking():
            turn = asyncio.create_task(quiet.turn())
            assert not await _soon(turn)
        assert not await _soon(turn)
    assert await _soon(turn)


async def test_an_answer_that_fails_keeps_nobody_waiting() -> None:
    quiet = Quiet()
    with pytest.raises(ZeroDivisionError), quiet.asking():
        raise ZeroDivisionError
    assert await _soon(asyncio.create_task(quiet.turn()))


async def test_work_is_not_starved_by_people_who_never_stop_asking() -> None:
    quiet = Quiet(patience_s=0.2)
    with quiet.asking():
        turns = 0
        for _ in range(3):
            await asyncio.wait_for(quiet.turn(), 2)
            turns += 1
    assert turns == 3


@pytest.mark.parametrize("moments", range(5))
async def test_work_that_is_ended_in_the_moment_of_its_turn_ends(moments: int) -> None:
    quiet = Quiet()
    with quiet.asking():
        turn = asyncio.create_task(quiet.turn())
        assert not await _soon(turn)
    for _ in range(moments):
        await asyncio.sleep(0)
    if turn.cancel():
        with pytest.raises(asyncio.CancelledError):
            await turn
