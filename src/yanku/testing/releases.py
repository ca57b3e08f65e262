# ruff: noqa: D102 - the name of a claim is its sentence
"""What every ReleaseBook must do, as a suite to run over any of them, with a fake that does it.

class TestMine(ReleaseBookContract):
    @pytest.fixture
    async def book(self): ...
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from yanku.errors import Conflict
from yanku.model.receipt import ReceiptId
from yanku.model.release import (
    Act,
    Breach,
    Bucket,
    Count,
    Guard,
    ReleaseState,
    ShadowPair,
    Side,
    Tallies,
    Tally,
    Turn,
)
from yanku.ports import ReleaseBook
from yanku.ports.releases import BLOCK

_STEP = timedelta(seconds=10)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


class FakeReleaseBook:
    """A ReleaseBook in memory."""

    def __init__(self) -> None:
        self._turns: list[Turn] = []
        self._counts: dict[tuple[str, int, int], dict[datetime, Tallies]] = {}
        self._pairs: dict[str, list[ShadowPair]] = defaultdict(list)

    async def state(self) -> ReleaseState:
        """Return the state after the last turn."""
        return self._turns[-1].after if self._turns else ReleaseState()

    async def turn(self, turn: Turn) -> None:
        """Add a turn; raise Conflict if another came first."""
        if turn.after.number != len(self._turns) + 1:
            raise Conflict("the release was changed meanwhile")
        self._turns.append(turn)

    async def history(self, limit: int = 100) -> Sequence[Turn]:
        """Return the turns, newest first."""
        return self._turns[::-1][:limit]

    async def count(self, state: ReleaseState, seen: Tallies, at: datetime) -> Tallies:
        """Add what was seen and return the sums of the present stretch."""
        key = (state.release, state.number)
        blocks = [block for *rest, block in self._counts if tuple(rest) == key]
        block = max(blocks, default=1)
        if _sum(self._counts.get((*key, block), {}).values()).candidate.requests >= BLOCK:
            block += 1
        steps = self._counts.get((*key, block), {})
        if seen.stable != Tally() or seen.candidate != Tally():
            step = at - (at - _EPOCH) % _STEP
            steps[step] = _sum((steps.get(step, Tallies()), seen))
            self._counts[(*key, block)] = steps
        return replace(_sum(steps.values()), block=self._stretches(state.release))

    async def totals(self, release: str) -> Tallies:
        """Return the sums over a whole release."""
        mine = [t for key, steps in self._counts.items() if key[0] == release
                for t in steps.values()]  # fmt: skip
        return replace(_sum(mine), block=self._stretches(release))

    async def series(self, release: str, step: timedelta, limit: int = 120) -> Sequence[Bucket]:
        """Return the last steps of a release, oldest first."""
        found: dict[datetime, Tallies] = defaultdict(Tallies)
        for key, steps in self._counts.items():
            for at, both in steps.items():
                if key[0] == release:
                    start = at - (at - _EPOCH) % step
                    found[start] = _sum((found[start], both))
        return [Bucket(at, t.stable, t.candidate) for at, t in sorted(found.items())[-limit:]]

    async def keep_pair(self, pair: ShadowPair) -> None:
        """Keep how two versions answered one question."""
        self._pairs[pair.release].append(pair)

    async def pairs(self, release: str, limit: int = 2000) -> Sequence[ShadowPair]:
        """Return a release's pairs, newest first."""
        return self._pairs[release][::-1][:limit]

    async def forget(self, before: datetime, kept: Collection[str]) -> int:
        """Forget counts and pairs from before, except of releases that are kept."""
        gone = 0
        for key, steps in list(self._counts.items()):
            old = [at for at in steps if at < before and key[0] not in kept]
            for at in old:
                both = steps.pop(at)
                gone += (both.stable != Tally()) + (both.candidate != Tally())
            if not steps:
                del self._counts[key]
        for release, pairs in self._pairs.items():
            stay = [pair for pair in pairs if pair.at >= before or release in kept]
            gone += len(pairs) - len(stay)
            self._pairs[release] = stay
        return gone

    def _stretches(self, release: str) -> int:
        return max(1, sum(key[0] == release for key in self._counts))


def _sum(many: Iterable[Tallies]) -> Tallies:
    total = Tallies()
    for each in many:
        total = Tallies(total.stable + each.stable, total.candidate + each.candidate)
    return total


def started(number: int = 1, candidate: str = "next", weight: float = 0.05) -> Turn:
    """Return the turn that starts a release."""
    state = ReleaseState(number, "", candidate, "", weight, 0.1, f"release {number}")
    return Turn(_NOON, Act.STARTED, candidate, state, "chief", "try it")


class ReleaseBookContract:
    """Claims about a ReleaseBook that is empty."""

    async def test_without_turns_the_state_is_empty(self, book: ReleaseBook) -> None:
        assert await book.state() == ReleaseState()
        assert list(await book.history()) == []

    async def test_a_turn_is_kept_whole_and_is_the_state(self, book: ReleaseBook) -> None:
        first = started()
        breach = Breach(Guard.DECLINES, Count(19, 20), Count(30, 380), 1234.5)
        after = ReleaseState(2, "", "", "", 0, 0, "release 1")
        second = Turn(_NOON, Act.ROLLED_BACK, "next", after, "", "it declines", breach)
        await book.turn(first)
        await book.turn(second)
        assert await book.state() == after
        assert list(await book.history()) == [second, first]
        assert list(await book.history(1)) == [second]

    async def test_of_two_who_turn_at_once_one_succeeds(self, book: ReleaseBook) -> None:
        made = await asyncio.gather(
            *(book.turn(started(candidate=name)) for name in ("one", "two", "three")),
            return_exceptions=True,
        )
        assert [outcome for outcome in made if outcome is not None and not isinstance(
            outcome, Conflict)] == []  # fmt: skip
        assert sum(outcome is None for outcome in made) == 1
        assert len(await book.history()) == 1

    async def test_no_turn_leaves_a_gap(self, book: ReleaseBook) -> None:
        outcome = await asyncio.gather(book.turn(started(5)), return_exceptions=True)
        assert isinstance(outcome[0], Conflict)
        assert await book.state() == ReleaseState()

    async def test_counts_of_all_servers_add_up(self, book: ReleaseBook) -> None:
        state = started().after
        seen = Tallies(Tally(requests=19, first_ms=800), Tally(requests=1, failures=1))
        await book.count(state, seen, _NOON)
        both = await book.count(state, seen, _NOON + timedelta(seconds=11))
        assert both.stable == Tally(requests=38, first_ms=1600)
        assert both.candidate == Tally(requests=2, failures=2)
        assert both == await book.totals(state.release)

    async def test_counting_nothing_only_looks(self, book: ReleaseBook) -> None:
        state = started().after
        assert await book.count(state, Tallies(), _NOON) == Tallies()
        assert list(await book.series(state.release, _STEP)) == []

    async def test_a_stretch_ends_with_a_turn_and_with_enough_requests(
        self, book: ReleaseBook
    ) -> None:
        state = started().after
        await book.count(state, Tallies(Tally(requests=9), Tally(requests=BLOCK)), _NOON)
        following = await book.count(state, Tallies(candidate=Tally(requests=7)), _NOON)
        assert following == Tallies(candidate=Tally(requests=7), block=2)
        heavier = replace(state, number=2, weight=0.5)
        anew = await book.count(heavier, Tallies(candidate=Tally(requests=3)), _NOON)
        assert anew == Tallies(candidate=Tally(requests=3), block=3)
        assert (await book.totals(state.release)).candidate.requests == BLOCK + 10

    async def test_a_chart_has_one_point_a_step(self, book: ReleaseBook) -> None:
        state = started().after
        for seconds in (0, 12, 31, 65):
            seen = Tallies(Tally(requests=1), Tally(failures=1))
            await book.count(state, seen, _NOON + timedelta(seconds=seconds))
        minutes = await book.series(state.release, timedelta(minutes=1))
        assert [(b.at, b.stable.requests, b.candidate.failures) for b in minutes] == [
            (_NOON, 3, 3),
            (_NOON + timedelta(minutes=1), 1, 1),
        ]
        assert list(await book.series(state.release, timedelta(minutes=1), 1)) == minutes[1:]
        assert list(await book.series("another", _STEP)) == []

    async def test_pairs_are_kept_by_release_newest_first(self, book: ReleaseBook) -> None:
        side = Side(declined=False, cited=True, withheld=0, first_ms=900, whole_ms=2000)
        one = ShadowPair("r", ReceiptId("a"), _NOON, side, side, same_numbers=True)
        two = ShadowPair("r", ReceiptId("b"), _NOON, side, None, failure="model_unavailable")
        for pair in (one, two, replace(one, release="other")):
            await book.keep_pair(pair)
        assert list(await book.pairs("r")) == [two, one]
        assert list(await book.pairs("r", 1)) == [two]

    async def test_what_is_old_is_forgotten_but_for_what_is_kept_and_turns(
        self, book: ReleaseBook
    ) -> None:
        await book.turn(started())
        side = Side(declined=False, cited=True, withheld=0, first_ms=900, whole_ms=2000)
        for name in ("old", "present"):
            for hours in (-2, 2):
                at = _NOON + timedelta(hours=hours)
                await book.count(ReleaseState(release=name), Tallies(Tally(requests=1)), at)
                await book.keep_pair(ShadowPair(name, ReceiptId(f"{hours}"), at, side, side))
        assert await book.forget(_NOON, ("present", "another")) == 2
        assert [(await book.totals(name)).stable.requests for name in ("old", "present")] == [1, 2]
        assert [len(await book.pairs(name)) for name in ("old", "present")] == [1, 2]
        assert await book.forget(_NOON, ("present", "another")) == 0
        assert len(await book.history()) == 1
