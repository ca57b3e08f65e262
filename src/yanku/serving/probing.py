"""Finds out whether a replica generates, when nothing else shows it."""

from __future__ import annotations

import asyncio

from yanku.errors import ModelUnavailable, Overloaded, YankuError
from yanku.serving.breaker import State
from yanku.serving.replica import Replica

_SHORTEST_S = 0.05
_LONGEST_REST_S = 10.0


async def probe_for_ever(replica: Replica, *, every_s: float, silence_s: float) -> None:
    """Probe a replica that nothing came from for ``every_s``, or whose breaker may be tried.

    One probe at a time, of a token or two: a replica that is busy with answers is never probed.
    """
    tried = float("-inf")
    loop = asyncio.get_running_loop()
    while True:
        due = max(tried, replica.heard) + every_s
        if replica.breaker.state is State.OPEN:
            due = replica.breaker.until
        if due > loop.time():
            # In short turns: the breaker may open meanwhile, and is tried sooner.
            await asyncio.sleep(min(max(due - loop.time(), _SHORTEST_S), every_s / 2))
        else:
            tried = loop.time()
            replica.breaker.try_again(tried)
            await probe(replica, silence_s)


async def probe(replica: Replica, silence_s: float) -> None:
    """Have a replica generate, and let its breaker know how that went.

    A probe may stand behind long prompts: only if nothing else comes for ``silence_s`` either is
    the replica silent. Whoever waits for it then is free to ask another.
    """
    loop = asyncio.get_running_loop()
    pulse = asyncio.ensure_future(replica.pulse())
    try:
        if await _silent(replica, pulse, silence_s):
            replica.trouble = f"nothing came for {silence_s:g} s"
            replica.breaker.silent(loop.time())
            replica.give_up()
            return
        await pulse
    except Overloaded as error:
        replica.busy_until = loop.time() + min(error.retry_after_s, _LONGEST_REST_S)
    except YankuError as error:
        replica.fails_probe(error, loop.time())
    except Exception as error:  # noqa: BLE001 - however a probe fails, the replica generates nothing
        replica.fails_probe(ModelUnavailable(repr(error)), loop.time())
    else:
        replica.heard = loop.time()
        replica.breaker.probed(loop.time(), generates=True)
    finally:
        pulse.cancel()


async def _silent(replica: Replica, pulse: asyncio.Future[None], silence_s: float) -> bool:
    """Wait for a probe; True as soon as nothing came for so long, from it or anything else."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not pulse.done():
        left_s = max(began, replica.heard) + silence_s - loop.time()
        if left_s <= 0:
            return True
        await asyncio.wait({pulse}, timeout=left_s)
    return False
