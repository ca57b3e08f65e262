"""Chooses the model version of each call, and goes back by itself from one that does worse."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from time import monotonic
from typing import Any

from yanku.errors import Conflict, InvalidRequest, ModelError, StoreError
from yanku.model.answer import Answer
from yanku.model.call import Call
from yanku.model.release import (
    Act,
    Breach,
    Count,
    Guard,
    GuardView,
    Level,
    ReleaseState,
    Tallies,
    Tally,
    Turn,
)
from yanku.ports import Clock, Model, ReleaseBook
from yanku.serving.guards import Guards
from yanku.serving.rehearsal import RehearsalRules, Rehearsals, warm_up
from yanku.serving.slowness import Slowness
from yanku.serving.trial import Role, Trial, trial_of

_log = logging.getLogger("yanku.release")
_RECORD_EACH_S = 10.0


@dataclass(frozen=True, slots=True)
class ReleaseRules:
    """How releases are run.

    ``slower`` is how many times longer than usual answers may take before they count as slow,
    ``patience_s`` how long a version on trial may take to begin; then the stable one answers.
    It writes ``rehearsals`` short answers before anybody is served, within ``rehearse_s``.
    """

    guards: Guards = field(default_factory=Guards)
    slower: float = 1.5
    patience_s: float = 30.0
    poll_s: float = 1.0
    automatic: bool = True
    rehearsals: int = 0
    rehearse_s: float = 120.0


class Releases:
    """Versions of the model by name (``ports.Models``).

    ``base`` names the version that serves until another is promoted. Every server of one database
    has its own; what they count, and what is decided, they share through the book. Until
    ``keep_up`` runs, the base version serves.
    """

    def __init__(
        self,
        versions: Mapping[str, Model],
        *,
        base: str,
        book: ReleaseBook,
        clock: Clock,
        rules: ReleaseRules | None = None,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.rules = rules or ReleaseRules()
        self.state = ReleaseState()
        self.totals = Tallies()
        self.firsts = Slowness(self.rules.slower)
        self.wholes = Slowness(self.rules.slower)
        self._versions = dict(versions)
        self._base = base
        self._book = book
        self._clock = clock
        self._now = now
        self._guards = self.rules.guards
        self._rehearsals = Rehearsals(
            RehearsalRules(self.rules.rehearsals, self.rules.rehearse_s, self.rules.patience_s),
            book=book,
            clock=clock,
            now=now,
        )
        self._pending = Tallies()
        self._in_a_row = 0
        self._suspended = False
        self._ready: set[str] = set()
        self._working: set[Trial] = set()
        self._wake = asyncio.Event()
        self._turning = asyncio.Lock()
        self._recorded_at = 0.0

    # which version

    @property
    def names(self) -> tuple[str, ...]:
        """Return the versions there are."""
        return tuple(self._versions)

    @property
    def stable(self) -> str:
        """Return the version that serves; the base where the one that should is not set up here."""
        wanted = self.state.stable
        return wanted if wanted in self._versions else self._base

    def for_call(self, call: Call) -> Model:
        """Return the version that serves a call; raise InvalidRequest for a name there is not."""
        release = self.state.release
        if call.release:
            self.check(call.release)
            return self._trial(call.release, Role(release))
        if call.shadow and self.state.candidate in self._versions:
            role = Role(release, on_trial=True, counted=True, only_failures=True)
            return self._trial(self.state.candidate, role)
        if not call.again and self._is_chosen(call.user):
            role = Role(release, on_trial=True, counted=True, replaceable=True)
            return self._trial(self.state.candidate, role)
        counted = bool(call.user) and not call.again
        return self._trial(self.stable, Role(release, counted=counted))

    def check(self, name: str) -> None:
        """Raise InvalidRequest for the name of no version."""
        if name not in self._versions:
            raise InvalidRequest(
                f"there is no model version {name!r}; there are {', '.join(self._versions)}"
            )

    def told(self, model: Model, answer: Answer | None) -> None:
        """Learn what became of an answer; failures are seen where they happen."""
        trial = trial_of(model)
        if trial is not None and answer is not None:
            trial.judged(answer)

    async def close(self) -> None:
        """Close all versions."""
        for model in self._versions.values():
            await model.close()

    def _is_chosen(self, user: str) -> bool:
        state = self.state
        return (
            bool(user)
            and not self._suspended
            and state.candidate in self._ready
            and not self.rehearsing
            and position(user, state.release) < state.weight
        )

    def _trial(self, name: str, role: Role) -> Trial:
        model = self._versions[name]
        # What was answered before there were versions stays valid for the first of them.
        version = model.version if name == self._base else f"{model.version}, release {name}"
        return Trial(
            model,
            version,
            role,
            self,
            label=name,
            patience_s=self.rules.patience_s,
            now=self._now,
        )

    # what they do

    def note(self, role: Role, seen: Tally) -> None:
        """Add to what is known of a version, and look whether it does worse."""
        if role.release != self.state.release:
            return  # It was begun in another release.
        pending = self._pending
        if not role.on_trial:
            self._pending = replace(pending, stable=pending.stable + seen)
            return
        self._pending = replace(pending, candidate=pending.candidate + seen)
        if seen.requests:
            self._in_a_row = self._in_a_row + 1 if seen.failures else 0
        if self.state.running and self._breach(self._known()) is not None:
            # Nobody else is sent there until all servers' counts have been looked at.
            self._suspended = self.rules.automatic
            self._wake.set()

    def began(self, trial: Trial) -> None:
        """Learn that a version works on an answer."""
        self._working.add(trial)

    def ended(self, trial: Trial) -> None:
        """Learn that it does no more."""
        self._working.discard(trial)

    def guards(self) -> list[GuardView]:
        """Return how each guard stands."""
        return list(self._guards.view(self._known())) if self.state.running else []

    def warns(self) -> bool:
        """Tell whether a guard has seen something that may become a reason to go back."""
        return any(view.level in (Level.WARNING, Level.BREACHED) for view in self.guards())

    @property
    def rehearsing(self) -> bool:
        """Tell whether nobody is served by the version on trial yet."""
        return self.state.running and not self._rehearsals.over(self.state.release)

    def snapshot(self) -> dict[str, Any]:
        """Return the weights, the state and the guards' figures."""
        share = self.state.weight if self.state.running else 0.0
        weights = dict.fromkeys(self._versions, 0.0)
        weights[self.stable] = 1.0 - share
        if self.state.candidate in weights:
            weights[self.state.candidate] = share
        known = self._known()
        return {
            "stable": self.stable,
            "candidate": self.state.candidate,
            "release": self.state.release,
            "number": self.state.number,
            "shadow": self.state.shadow,
            "suspended": self._suspended,
            "rehearsing": self.rehearsing,
            "rehearsed": self._guards.rehearsed.candidate.requests,
            "ready": self.state.candidate in self._ready,
            "missing": [
                name
                for name in (self.state.stable, self.state.candidate)
                if name and name not in self._versions
            ],
            "weights": weights,
            "in_a_row": self._in_a_row,
            "in_flight": sum(trial.role.on_trial for trial in self._working),
            "block": known.block,
            "tallies": {"stable": asdict(known.stable), "candidate": asdict(known.candidate)},
            "guards": [asdict(view) for view in self.guards()],
        }

    def _known(self) -> Tallies:
        return Tallies(
            self.totals.stable + self._pending.stable,
            self.totals.candidate + self._pending.candidate,
            self.totals.block,
        )

    def _breach(self, both: Tallies) -> Breach | None:
        if self._in_a_row >= self._guards.in_a_row:
            row = Count(self._in_a_row, self._in_a_row)
            return Breach(Guard.IN_A_ROW, row, both.stable.of(Guard.FAILURES), 0.0)
        return self._guards.breach(both)

    # keeping up with the other servers

    async def catch_up(self) -> None:
        """Take over what was decided before this server started."""
        self.adopt(await self._book.state())

    async def keep_up(self) -> None:
        """Follow what is decided, count together, and go back from a bad version, until cancelled.

        While the database does not answer, things stay as they are, and nobody new is sent to a
        version that seems bad.
        """
        silent = False
        while True:
            try:
                await self.tick()
                silent = False
            except StoreError as error:
                if not silent:
                    _log.warning("releases cannot be followed: %s", error)
                silent = True
                await asyncio.sleep(self.rules.poll_s)
            with suppress(TimeoutError):
                # Not wait_for, which may lose a cancellation that meets a result.
                async with asyncio.timeout(self.rules.poll_s):
                    await self._wake.wait()
            self._wake.clear()

    async def tick(self) -> None:
        """Look once."""
        async with self._turning:
            for trial in list(self._working):
                trial.look()
            await self._count()
            self.adopt(await self._book.state())
            if not self.state.running:
                return
            await self._prepare()
            await self._judge()

    def adopt(self, state: ReleaseState) -> None:
        """Serve as a state says, from now on."""
        if state.number <= self.state.number:
            return
        before, self.state = self.state, state
        self._pending, self.totals = Tallies(), Tallies()
        self._in_a_row = 0
        self._suspended = False
        if state.release != before.release:
            self._guards = self.rules.guards
        for trial in list(self._working):
            if trial.role.replaceable and trial.label not in (state.candidate, self.stable):
                trial.withdraw()
        if missing := self.snapshot()["missing"]:
            _log.warning("not set up on this server: %s", ", ".join(missing))
        self._wake.set()

    async def warm(self, name: str) -> None:
        """Have a version write a word, so that nobody waits for it to load; raise ModelError."""
        await warm_up(self._versions[name], name, self.rules.patience_s * 4)
        self._ready.add(name)

    async def _count(self) -> None:
        """Put what was seen here to what all servers saw."""
        state, seen = self.state, self._pending
        if not state.running:
            if seen.stable != Tally() and self._now() - self._recorded_at >= _RECORD_EACH_S:
                self._pending = Tallies()
                self._recorded_at = self._now()
                # A row an hour is enough: of a record only the sum is read.
                hour = self._clock.now().replace(minute=0, second=0, microsecond=0)
                await self._book.count(_record_of(self.stable), seen, hour)
            return
        self._pending = Tallies()
        try:
            self.totals = await self._book.count(state, seen, self._clock.now())
        except StoreError:
            self._pending = Tallies(
                self._pending.stable + seen.stable, self._pending.candidate + seen.candidate
            )
            raise

    async def _prepare(self) -> None:
        name = self.state.candidate
        if self._guards is self.rules.guards:
            record = (await self._book.totals(_record_of(self.stable).release)).stable
            self._guards = replace(self.rules.guards, record=record.of(Guard.FAILURES))
        if name in self._versions and name not in self._ready:
            try:
                await self.warm(name)
            except ModelError as error:
                _log.warning("%s gets nobody yet: %s", name, error)
                self.note(Role(self.state.release, on_trial=True), Tally(requests=1, failures=1))
        if name in self._ready:
            await self._rehearse()

    async def _rehearse(self) -> None:
        state = self.state
        both = self._versions[self.stable], self._versions[state.candidate]
        guards = await self._rehearsals.go_on(
            state.release, self._guards, *both, for_s=self.rules.poll_s
        )
        if self.state.release == state.release:  # Else another one began meanwhile.
            self._guards = guards

    async def _judge(self) -> None:
        breach = self._breach(self._known())
        if breach is None or not self.rules.automatic:
            self._suspended = False
            return
        after = rolled_back(self.state)
        subject = self.state.candidate
        turn = Turn(self._clock.now(), Act.ROLLED_BACK, subject, after, breach=breach)
        try:
            await self._book.turn(turn)
        except Conflict:
            after = await self._book.state()  # Another server was first.
        _log.warning("%s was rolled back: %s", subject, breach)
        self.adopt(after)


def position(user: str, release: str) -> float:
    """Return where a user stands in a release, from 0 to 1: those below its weight are in it.

    It is the same on every server, and differs from release to release, so that it is not always
    the same people who try. Raising the weight takes in more and lets nobody go.
    """
    digest = hashlib.sha256(f"{release}\0{user}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def rolled_back(state: ReleaseState) -> ReleaseState:
    """Return the state after a release was given up."""
    return replace(state, number=state.number + 1, candidate="", weight=0.0, shadow=0.0)


def _record_of(stable: str) -> ReleaseState:
    """Return under what a version's doings are counted while nothing is tried beside it."""
    return ReleaseState(release=f"record of {stable}")
