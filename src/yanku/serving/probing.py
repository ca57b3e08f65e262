"""Finds out whether a replica generates, when nothing else shows it."""

from __future__ import annotations

import asyncio

from yanku.errors import ModelUnavailable, Overloaded, YankuError
from yanku.serving.breaker import State
from yanku.serving.replica import Replica

_SHORTEST_S = 0.05


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

    A probe that brings nothing may stand behind long prompts: only if nothing else came meanwhile
    either is the replica silent. Whoever waits for it then is free to ask another.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        async with asyncio.timeout(silence_s):
            await replica.pulse()
    except TimeoutError:
        if replica.heard > began:
            replica.breaker.probed(loop.time(), generates=True)
        else:
            replica.trouble = f"nothing came for {silence_s:g} s"
            replica.breaker.silent(loop.time())
            replica.give_up()
    except Overloaded as error:
        _refused(replica, error)
    except YankuError as error:
        replica.fails_probe(error, loop.time())
    except Exception as error:  # noqa: BLE001 - however a probe fails, the replica generates nothing
        replica.fails_probe(ModelUnavailable(repr(error)), loop.time())
    else:
        replica.heard = loop.time()
        replica.breaker.probed(loop.time(), generates=True)


def _refused(replica: Replica, error: Overloaded) -> None:
    """Note that a replica has too much to do, which is no fault."""
    replica.busy_until = asyncio.get_running_loop().time() + min(error.retry_after_s, 5.0)
