"""Several replicas of one model behind one ``Model``: the least busy answers, the dead rest.

prompt ──▶ whoever saw its beginning before, unless others have less to do
             │                                            ┌ probe ─▶ replica 1, breaker
             │ fails:                                     ├ probe ─▶ replica 2, breaker
             └──────────▶ the next one                    └ probe ─▶ replica 3, breaker
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from statistics import median

from yanku.errors import ModelUnavailable, Overloaded, SettingsError, YankuError
from yanku.ports import Message, Sampling
from yanku.serving.breaker import Outcome
from yanku.serving.probing import probe_for_ever
from yanku.serving.race import Race
from yanku.serving.replica import Replica, Seen
from yanku.serving.resuming import OtherWords, Shown

_LEADING = 1024
"""Characters of a prompt that decide whose cache it is in: the rules, and the first evidence."""
_CHARACTERS = 2
"""Characters of a prompt to a token, about."""
_READING = 8
"""Tokens an engine reads in the time in which it writes one, at least."""
_SLACK = 0.25
_HEDGED_SHARE, _HEDGES_SAVED = 0.1, 5.0
_SURELY_QUICK_S = 0.5


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """How replicas are used.

    One answer is asked for ``attempts`` times at most. A replica from which nothing came for
    ``probe_s`` is probed, and left out if a probe brings nothing for ``silence_s``. After
    ``hedge_s`` without a first piece another one is asked beside it, for a tenth of all answers at
    most; None never does. Slow is what takes ``slow_times`` as long to begin as with the others.
    """

    attempts: int = 3
    probe_s: float = 2.0
    silence_s: float = 5.0
    hedge_s: float | None = None
    slow_times: float = 5.0


USUALLY = RoutingRules()


class Router:
    """A Model over replicas of the same version. ``counted`` has retries, resumed, hedges and
    hedges_won.

    An answer moves to another replica whenever its own fails. Where its beginning was shown, the
    other writes it again and what is equal is left out; if it is not equal, the answer ends in the
    error of the first, as it does where chance chose the words (``Sampling.temperature``).

    Replicas that fail or are slow are used when there are no others; silent ones never.
    """

    def __init__(
        self,
        replicas: Sequence[Replica],
        rules: RoutingRules = USUALLY,
        *,
        version: str = "",
    ) -> None:
        if not replicas or len({replica.name for replica in replicas}) < len(replicas):
            raise SettingsError("a model needs replicas, and each of them an address of its own")
        first = replicas[0].model
        self.name = first.name
        self.version = version or ", ".join(replica.model.version for replica in replicas)
        self.window = min(replica.model.window for replica in replicas)
        self.replicas = tuple(replicas)
        self.counted: Counter[str] = Counter()
        self.rules = rules
        self._hedges_left = _HEDGES_SAVED
        self.closed = False
        self._probes: list[asyncio.Task[None]] = []

    def watch(self) -> None:
        """Begin to probe the replicas; the first answer does, too."""
        if not self._probes and not self.closed:
            self._probes = [
                asyncio.create_task(
                    probe_for_ever(
                        replica,
                        every_s=self.rules.probe_s,
                        silence_s=self.rules.silence_s,
                    )
                )
                for replica in self.replicas
            ]

    def snapshot(self) -> tuple[Seen, ...]:
        """Return how each replica does."""
        now = asyncio.get_running_loop().time()
        return tuple(replica.seen(now) for replica in self.replicas)

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Yield a replica's pieces; all engines asked stop when this is closed."""
        self.watch()
        work = sum(len(said.content) for said in messages) // (_CHARACTERS * _READING)
        work += sampling.max_tokens
        self._hedges_left = min(self._hedges_left + _HEDGED_SHARE, _HEDGES_SAVED)
        choice = _Choice(self, messages, work)
        shown, broken, left = Shown(), list[Replica](), None
        while True:
            race = Race(choice, messages, sampling, work, avoided=broken)
            try:
                async with aclosing(_told(race)) as pieces:
                    async for piece in pieces:
                        if fresh := shown.new_in(piece):
                            yield fresh
                shown.ended()
            except (ModelUnavailable, Overloaded) as error:
                # Who asked hears why the answer broke off, not why it could not be gone on with.
                left = left or error
                if race.winner is None or not self._may_resume(sampling, shown, broken, error):
                    raise left from error
                broken.append(race.winner.replica)
                shown.begin_again()
                self.counted["resumed"] += 1
            else:
                return
            finally:
                self.counted["retries"] += race.retries
                self.counted["hedges"] += race.hedge is not None
                self.counted["hedges_won"] += race.hedge is not None and race.hedge is race.winner
                await race.close()

    def _may_resume(
        self, sampling: Sampling, shown: Shown, broken: Sequence[Replica], error: YankuError
    ) -> bool:
        """Tell whether another replica may write the same again: only what is greedy repeats."""
        repeats = sampling.temperature == 0 and not sampling.whole
        again = repeats and bool(shown.text) and not isinstance(error, OtherWords)
        return again and len(broken) + 1 < self.rules.attempts

    async def count_tokens(self, text: str) -> int:
        """Return a replica's own count."""
        failed = ModelUnavailable("no replica of the model counts tokens")
        for replica in sorted(self.replicas, key=lambda one: (not one.usable, one.silent)):
            try:
                async with asyncio.timeout(self.rules.silence_s):
                    return await replica.model.count_tokens(text)
            except ModelUnavailable as error:
                failed = error
            except TimeoutError:
                failed = ModelUnavailable(f"{replica.name} does not count tokens")
        raise failed

    def may_hedge(self) -> bool:
        """Tell whether one more answer may be asked for twice, and count it."""
        if self._hedges_left < 1:
            return False
        self._hedges_left -= 1
        return True

    async def close(self) -> None:
        """End the probes, and let go of all replicas."""
        self.closed = True
        for probe in self._probes:
            probe.cancel()
        for probe in self._probes:
            with suppress(asyncio.CancelledError):
                await probe
        self._probes = []
        for replica in self.replicas:
            await replica.model.close()


class _Choice:
    """Chooses replicas for one prompt, in the order of who keeps its beginning."""

    def __init__(self, router: Router, messages: Sequence[Message], work: int) -> None:
        self._router = router
        self._work = work
        self.attempts = router.rules.attempts
        leading = "\n".join(said.content for said in messages)[:_LEADING]
        self._order = sorted(router.replicas, key=lambda one: rank(leading, one.name))

    def next_one(self, tried: Sequence[Replica]) -> Replica | None:
        """Return the best of those not tried: well, then busy, then failing; never a silent one."""
        now = asyncio.get_running_loop().time()
        rest = [one for one in self._order if one not in tried]
        well = [one for one in rest if one.usable]
        free = [one for one in well if one.busy_until <= now]
        failing = [one for one in rest if not one.silent]
        return next((self._nearest(pool) for pool in (free, well, failing) if pool), None)

    def _nearest(self, pool: Sequence[Replica]) -> Replica:
        """Return the first in order that is not an answer, or a quarter, busier than the idlest."""
        work = [one.work for one in pool]
        most = min(work) + max(self._work, _SLACK * sum(work) / len(work))
        return next(one for one, has in zip(pool, work, strict=True) if has < most)

    def hedge_after_s(self) -> float | None:
        """Return how long to wait for a beginning before another replica is asked, if ever."""
        return self._router.rules.hedge_s

    def may_hedge(self) -> bool:
        """Tell whether one more answer may be asked for twice, and count it."""
        return self._router.may_hedge()

    def outcome(self, replica: Replica, first_s: float) -> Outcome:
        """Return whether a beginning was slow: only the others tell what is."""
        others = [
            one.first_s
            for one in self._router.replicas
            if one is not replica and one.usable and one.first_s is not None
        ]
        times = self._router.rules.slow_times
        if not others or first_s <= max(_SURELY_QUICK_S, times * median(others)):
            return Outcome.GOOD
        return Outcome.SLOW


async def _told(race: Race) -> AsyncGenerator[str, None]:
    for piece in await race.won():
        yield piece
    async with aclosing(race.rest()) as pieces:
        async for piece in pieces:
            yield piece


def rank(leading: str, name: str) -> bytes:
    """Return a replica's place for a prompt, whoever else there is (rendezvous hashing)."""
    said = f"{name}\0{leading}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=8).digest()
