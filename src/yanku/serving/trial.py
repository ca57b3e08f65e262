"""One call's model version: measured, given up if it does not begin, taken back if it is bad."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from yanku.errors import InvalidRequest, ModelError, ModelUnavailable, ModelWithdrawn, Overloaded
from yanku.model.answer import Answer, Declined, Grounded, Reason
from yanku.model.release import Tally
from yanku.ports import Message, Model, Sampling
from yanku.serving.closing import closing_stream
from yanku.serving.slowness import Slowness


@dataclass(frozen=True, slots=True)
class Role:
    """In which role a version serves a call.

    ``release`` names the one it began in. ``on_trial`` is the candidate's; ``counted`` lets the
    guards see it, ``only_failures`` that much of it; ``replaceable`` tells that another version
    answers where this one fails.
    """

    release: str = ""
    on_trial: bool = False
    counted: bool = False
    only_failures: bool = False
    replaceable: bool = False


class Watching(Protocol):
    """Whoever counts what versions do."""

    firsts: Slowness
    wholes: Slowness

    def note(self, role: Role, seen: Tally) -> None:
        """Add to what is known of a version."""
        ...

    def began(self, trial: Trial) -> None:
        """Learn that a version works on an answer."""
        ...

    def ended(self, trial: Trial) -> None:
        """Learn that it does no more."""
        ...


class Trial:
    """A model (``ports.Model``) that serves one call as one version.

    ``first_ms`` and ``whole_ms`` are how long its last answer took, 0 before; ``declined`` tells
    that no sentence of it survived.
    """

    def __init__(
        self,
        model: Model,
        version: str,
        role: Role,
        watching: Watching,
        *,
        label: str,
        patience_s: float,
        now: Callable[[], float],
    ) -> None:
        self.name, self.version, self.window = model.name, version, model.window
        self.label = label
        self.role = role
        self.first_ms = self.whole_ms = 0
        self.declined = False
        self._model = model
        self._watching = watching
        self._patience_s = patience_s
        self._now = now
        self._since = 0.0
        self._whole = self._shown = self._begun = self._overdue = self._withdrawn = False
        self._alarm: asyncio.Timeout | None = None

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Yield the model's pieces. Of a version on trial every failure is a ModelError."""
        self._since, self._whole = self._now(), sampling.whole
        self._begun = self._shown = self._overdue = False
        self._watching.began(self)
        try:
            async with aclosing(closing_stream(self._model.generate(messages, sampling))) as pieces:
                while (piece := await self._next(pieces)) is not None:
                    self._first()
                    self._shown = self._shown or not self._whole
                    yield piece
            if self.role.replaceable and not self._begun:
                raise ModelUnavailable(f"{self.label} wrote nothing")
            self._done()
        except (InvalidRequest, ModelWithdrawn):
            raise
        except Exception as error:  # However it failed, the version on trial did; it is raised on.
            self._failed()
            if self.role.replaceable and isinstance(error, Overloaded):
                raise ModelUnavailable(f"{self.label} has too much to do: {error}") from error
            raise
        finally:
            self._watching.ended(self)

    async def count_tokens(self, text: str) -> int:
        """Return the model's own count."""
        try:
            return await self._model.count_tokens(text)
        except ModelError:
            self._failed()
            raise

    async def close(self) -> None:
        """Close nothing: the model is everybody's."""

    def withdraw(self) -> None:
        """Give up what was not shown yet; another version answers in its place."""
        self._withdrawn = True
        if self._alarm is not None and self._may_be_replaced():
            self._alarm.reschedule(asyncio.get_running_loop().time())

    def look(self) -> None:
        """Note that an answer is late, though it has not begun."""
        seconds = self._now() - self._since
        if self._whole or self._begun or self._overdue:
            return
        if self._watching.firsts.is_slow(seconds, on_trial=self.role.on_trial):
            self._overdue = True
            self._note(Tally(firsts=1, slow_firsts=1))

    def judged(self, answer: Answer) -> None:
        """Note what became of the answer once it was checked."""
        self.declined = isinstance(answer, Declined)
        self._note(
            Tally(
                judged=1,
                declined=self.declined,
                uncited=_is_uncited(answer),
                withheld=withheld_in(answer) > 0,
            )
        )

    async def _next(self, pieces: AsyncGenerator[str, None]) -> str | None:
        if not self.role.replaceable:
            return await anext(pieces, None)
        if self._withdrawn and self._may_be_replaced():
            raise self._gone()
        alarm = asyncio.timeout(None if self._begun else self._patience_s)
        try:
            async with alarm as self._alarm:
                return await anext(pieces, None)
        except TimeoutError as error:
            if not alarm.expired():
                raise
            if self._withdrawn:
                raise self._gone() from error
            raise ModelUnavailable(
                f"{self.label} did not begin within {self._patience_s:g} s"
            ) from error
        finally:
            self._alarm = None

    def _may_be_replaced(self) -> bool:
        return self.role.replaceable and not self._shown

    def _gone(self) -> ModelWithdrawn:
        return ModelWithdrawn(f"{self.label} was rolled back while it answered; ask again")

    def _first(self) -> None:
        if self._begun:
            return
        self._begun = True
        seconds = self._now() - self._since
        self.first_ms = round(seconds * 1000)
        if self._whole:
            return  # It may come in one piece.
        slow = self._watching.firsts.is_slow(seconds, on_trial=self.role.on_trial)
        known = slow is not None and not self._overdue
        self._note(
            Tally(firsts=known, slow_firsts=known and bool(slow), began=1, first_ms=self.first_ms)
        )
        if self._is_the_measure():
            self._watching.firsts.learn(seconds)

    def _done(self) -> None:
        seconds = self._now() - self._since
        self.whole_ms = round(seconds * 1000)
        slow = self._watching.wholes.is_slow(seconds, on_trial=self.role.on_trial)
        self._note(
            Tally(
                requests=1,
                wholes=slow is not None,
                slow_wholes=bool(slow),
                ended=1,
                whole_ms=self.whole_ms,
            )
        )
        if self._is_the_measure():
            self._watching.wholes.learn(seconds)

    def _failed(self) -> None:
        self._note(Tally(requests=1, failures=1))

    def _is_the_measure(self) -> bool:
        return self.role.counted and not self.role.on_trial

    def _note(self, seen: Tally) -> None:
        if not self.role.counted:
            return
        if self.role.only_failures:
            seen = Tally(requests=seen.requests, failures=seen.failures)
        self._watching.note(self.role, seen)


def trial_of(model: Model) -> Trial | None:
    """Return the version inside whatever is wrapped around it."""
    inside: object = model
    while inside is not None and not isinstance(inside, Trial):
        inside = getattr(inside, "model", None)
    return inside


def withheld_in(answer: Answer) -> int:
    """Return how many sentences the checks withheld, at least."""
    match answer:
        case Grounded():
            return answer.withheld
        case Declined():
            return int(answer.reason is Reason.UNSUPPORTED)


def _is_uncited(answer: Answer) -> bool:
    return isinstance(answer, Grounded) and not all(claim.citations for claim in answer.claims)
