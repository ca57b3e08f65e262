"""The story of a release: a version is tried on a few, on more, and becomes the one that serves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from statistics import median

from yanku.access.rights import Action, require
from yanku.errors import Conflict, InvalidRequest, NotAllowed
from yanku.model.call import Call
from yanku.model.people import Principal, Role
from yanku.model.release import (
    Act,
    Bucket,
    GuardView,
    ReleaseState,
    ShadowPair,
    ShadowSum,
    Tallies,
    Turn,
)
from yanku.ports import Clock, ReleaseBook
from yanku.serving.rehearsal import rehearsal_of
from yanku.serving.releases import Releases, rolled_back


class MayChoose(StrEnum):
    """Who may ask for a model version by its name."""

    ADMINS = "admins"
    EVERYBODY = "everybody"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class ReleaseStatus:
    """Where a release stands; ``last`` is the latest turn, ``totals`` all that was counted.

    ``suspended`` tells that nobody new is sent to the candidate, because a guard has struck,
    ``rehearsing`` that nobody is yet, because it is made to write first; ``rehearsed`` so often.
    """

    versions: tuple[str, ...]
    stable: str
    state: ReleaseState
    last: Turn | None
    totals: Tallies
    guards: tuple[GuardView, ...]
    shadows: ShadowSum
    suspended: bool = False
    missing: tuple[str, ...] = ()
    rehearsing: bool = False
    rehearsed: int = 0


class Releasing:
    """What administrators do with releases, and who may choose a version."""

    def __init__(
        self, *, releases: Releases, book: ReleaseBook, clock: Clock, may_choose: MayChoose
    ) -> None:
        self.releases = releases
        self._book = book
        self._clock = clock
        self._may_choose = may_choose

    @property
    def offered(self) -> bool:
        """Tell whether there is any version to try."""
        return len(self.releases.names) > 1

    def permit(self, person: Principal, call: Call) -> None:
        """Raise NotAllowed, or InvalidRequest for an unknown name, if a call asks for a version."""
        if not call.release:
            return
        everybody = self._may_choose is MayChoose.EVERYBODY
        admins = self._may_choose is MayChoose.ADMINS and person.role is Role.ADMIN
        if not everybody and not admins:
            raise NotAllowed(
                "X-Yanku-Release chooses a model version, which is not open to you; leave it out"
            )
        self.releases.check(call.release)

    async def start(
        self, actor: Principal, name: str, weight: float, shadow: float = 0.0, why: str = ""
    ) -> ReleaseState:
        """Try a version on a share of the users; raise Conflict if one is tried already.

        Raises ModelError if the version cannot write a word.
        """
        before = await self._current(actor)
        self.releases.check(name)
        _check_share("weight", weight)
        _check_share("shadow", shadow)
        if before.running:
            raise Conflict(
                f"{before.candidate} is being tried; promote it or roll it back before {name}"
            )
        if name == self.releases.stable:
            raise Conflict(f"{name} is the version that serves already")
        await self.releases.warm(name)
        after = ReleaseState(
            before.number + 1,
            self.releases.stable,
            name,
            before.previous,
            weight,
            shadow,
            uuid.uuid4().hex[:12],
        )
        return await self._turn(actor, Act.STARTED, name, after, why)

    async def weigh(
        self,
        actor: Principal,
        weight: float,
        shadow: float | None = None,
        why: str = "",
        *,
        force: bool = False,
    ) -> ReleaseState:
        """Change the share of users; more of them only while no guard warns, unless forced."""
        before = self._running(await self._current(actor))
        _check_share("weight", weight)
        shadow = before.shadow if shadow is None else shadow
        _check_share("shadow", shadow)
        if weight > before.weight:
            self._check_calm(force=force)
        after = replace(before, number=before.number + 1, weight=weight, shadow=shadow)
        return await self._turn(actor, Act.WEIGHED, before.candidate, after, why)

    async def promote(
        self, actor: Principal, why: str = "", *, force: bool = False
    ) -> ReleaseState:
        """Make the version on trial the one that serves everybody."""
        before = self._running(await self._current(actor))
        self._check_rehearsed(force=force)
        self._check_calm(force=force)
        after = replace(rolled_back(before), stable=before.candidate, previous=self.releases.stable)
        return await self._turn(actor, Act.PROMOTED, before.candidate, after, why)

    async def roll_back(self, actor: Principal, why: str = "") -> ReleaseState:
        """End a trial; where there is none, go back to the version before the last promotion."""
        before = await self._current(actor)
        if before.running:
            return await self._turn(
                actor, Act.ROLLED_BACK, before.candidate, rolled_back(before), why
            )
        if not before.previous:
            raise Conflict("no version is being tried, and none served before this one")
        after = replace(rolled_back(before), stable=before.previous, previous="")
        return await self._turn(actor, Act.ROLLED_BACK, before.stable, after, why)

    async def status(self, actor: Principal) -> ReleaseStatus:
        """Return where things stand; administrators only."""
        state = await self._current(actor)
        turns = await self._book.history(1)
        release = state.release
        seen = self.releases.snapshot()
        return ReleaseStatus(
            versions=self.releases.names,
            stable=self.releases.stable,
            state=state,
            last=turns[0] if turns else None,
            totals=await self._book.totals(release) if release else Tallies(),
            guards=tuple(self.releases.guards()),
            shadows=summed(await self._book.pairs(release)) if release else ShadowSum(),
            suspended=bool(seen["suspended"]),
            missing=tuple(seen["missing"]),
            rehearsing=bool(seen["rehearsing"]),
            rehearsed=int(seen["rehearsed"]),
        )

    async def history(self, actor: Principal, limit: int = 100) -> Sequence[Turn]:
        """Return what was done, newest first; administrators only."""
        require(actor, Action.MANAGE_RELEASES)
        return await self._book.history(limit)

    async def series(self, actor: Principal, step_s: int, limit: int = 120) -> Sequence[Bucket]:
        """Return the present or last release in steps of time; administrators only."""
        state = await self._current(actor)
        if not state.release:
            return []
        return await self._book.series(state.release, timedelta(seconds=step_s), limit)

    async def tidy(self, keep: timedelta) -> int:
        """Forget counts and pairs of answers older than that, but of the present or last release;
        what was decided stays. Returns how many rows went.
        """
        release = (await self._book.state()).release
        kept = (release, rehearsal_of(release))
        return await self._book.forget(self._clock.now() - keep, kept)

    async def _current(self, actor: Principal) -> ReleaseState:
        require(actor, Action.MANAGE_RELEASES)
        state = await self._book.state()
        self.releases.adopt(state)
        return state

    def _running(self, state: ReleaseState) -> ReleaseState:
        if not state.running:
            raise Conflict("no version is being tried; start a release first")
        return state

    def _check_rehearsed(self, *, force: bool) -> None:
        if self.releases.rehearsing and not force:
            raise Conflict(
                "this version is still being rehearsed; wait until that is over, or force it"
            )

    def _check_calm(self, *, force: bool) -> None:
        if self.releases.warns() and not force:
            raise Conflict(
                "a guard warns that this version may do worse; wait until it is calm, roll back, "
                "or force it"
            )

    async def _turn(
        self, actor: Principal, act: Act, name: str, after: ReleaseState, why: str
    ) -> ReleaseState:
        await self._book.turn(Turn(self._clock.now(), act, name, after, actor.name, why))
        self.releases.adopt(after)
        return after


def summed(pairs: Sequence[ShadowPair]) -> ShadowSum:
    """Return what pairs of answers come to."""
    both = [(pair, pair.stable, pair.candidate) for pair in pairs if pair.candidate is not None]
    return ShadowSum(
        pairs=len(pairs),
        failed=len(pairs) - len(both),
        same_numbers=sum(pair.same_numbers for pair, _, _ in both),
        only_stable_declined=sum(s.declined and not c.declined for _, s, c in both),
        only_candidate_declined=sum(c.declined and not s.declined for _, s, c in both),
        only_stable_cited=sum(s.cited and not c.cited for _, s, c in both),
        only_candidate_cited=sum(c.cited and not s.cited for _, s, c in both),
        more_withheld=sum(c.withheld > s.withheld for _, s, c in both),
        stable_ms=round(median(s.whole_ms for _, s, _ in both)) if both else 0,
        candidate_ms=round(median(c.whole_ms for _, _, c in both)) if both else 0,
    )


def _check_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise InvalidRequest(f"the {name} is {value:g} and must be a share from 0 to 1")
