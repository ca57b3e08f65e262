"""Both versions of a release are made to write before people are served, side by side.

A version that fails in one of fifty answers shows it in hundreds of them. So many short answers to
invented questions take an engine a minute; so many of people's questions may be a day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from yanku.errors import InvalidRequest, ModelError, ModelUnavailable, Overloaded
from yanku.model.release import ReleaseState, Tallies, Tally
from yanku.ports import Clock, Message, Model, ReleaseBook, Sampling
from yanku.serving.closing import closing_stream
from yanku.serving.guards import Guards

_AT_ONCE = 4
_TOKENS = 8
_RULES = "Answer from the evidence alone, in one sentence. 只按资料回答，一句话。"
_EVIDENCE = (
    "The northern depot is run by the logistics department and cost 3.6 million.",
    "北岸仓库由物流部负责管理，建设期三年，投资由公司自筹。",
    "The company had 412 employees at the end of the year, of whom 96 work in research.",
    "报告期内公司新设两家子公司，分别从事仓储与检测。",
)
_QUESTIONS = ("Who runs the depot?", "仓库由谁负责？", "How many people work there?", "1+1=?")


@dataclass(frozen=True, slots=True)
class RehearsalRules:
    """``usual`` rehearsals of a version that does well, and up to three times as many of one in
    doubt, within ``longest_s``; one that has not begun after ``patience_s`` has failed.
    """

    usual: int = 0
    longest_s: float = 120.0
    patience_s: float = 30.0


class Rehearsals:
    """The rehearsals of one release after another; all servers add theirs up in the book."""

    def __init__(
        self, rules: RehearsalRules, *, book: ReleaseBook, clock: Clock, now: Callable[[], float]
    ) -> None:
        self._rules = rules
        self._book = book
        self._clock = clock
        self._now = now
        self._release = ""
        self._until = 0.0
        self._over = False
        self._number = 0

    def over(self, release: str) -> bool:
        """Tell whether people may be served."""
        return not self._rules.usual or (self._over and self._release == release)

    async def go_on(
        self, release: str, guards: Guards, stable: Model, candidate: Model, for_s: float
    ) -> Guards:
        """Rehearse for so long, if there is need; return the guards with what came of it.

        Raises StoreError.
        """
        if not self._rules.usual:
            return guards
        if self._release != release:
            self._release, self._over = release, False
            self._until = self._now() + self._rules.longest_s
        elif self._over:
            return guards
        key = ReleaseState(release=rehearsal_of(release))
        guards = replace(guards, rehearsed=await self._book.totals(key.release))
        stop = min(self._now() + for_s, self._until)
        while guards.to_rehearse(self._rules.usual) and self._now() <= stop:
            beside = guards.beside(self._rules.usual)
            seen = await self._round(stable, candidate, beside)
            if seen.candidate == Tally():
                break  # It has too much to do; later.
            await self._book.count(key, seen, self._clock.now())
            guards = replace(guards, rehearsed=await self._book.totals(key.release))
            if guards.breach(Tallies()) is not None:
                break
        needed = guards.to_rehearse(self._rules.usual)
        self._over = not needed or self._now() >= self._until
        return guards

    async def _round(self, stable: Model, candidate: Model, beside: int) -> Tallies:
        """Have the candidate write a few at once, and the stable version as many, so many times."""
        tried, known = Tally(), Tally()
        for turn in range(beside):
            models = [stable] * _AT_ONCE + [candidate] * (_AT_ONCE if not turn else 0)
            seen = await asyncio.gather(
                *(
                    rehearse(model, self._number + n, self._rules.patience_s)
                    for n, model in enumerate(models)
                )
            )
            self._number += _AT_ONCE
            known = sum(seen[:_AT_ONCE], known)
            tried = sum(seen[_AT_ONCE:], tried)
        return Tallies(known, tried)


def rehearsal_of(release: str) -> str:
    """Return under which name the rehearsals of a release are counted."""
    return f"rehearsal of {release}"


async def warm_up(model: Model, name: str, patience_s: float) -> None:
    """Have a model write a word, so that nobody waits for it to load; raise ModelError."""
    try:
        async with asyncio.timeout(patience_s):
            await _write(model, (Message("user", "1+1=?"),), 1)
    except TimeoutError as error:
        raise ModelUnavailable(f"{name} did not begin when it was tried") from error


async def rehearse(model: Model, number: int, patience_s: float) -> Tally:
    """Have a model begin an answer to the ``number``-th question; return whether it failed.

    An answer without text is no failure, since it may have been thoughts. Nothing is counted where
    the model has too much to do, since that is not its fault.
    """
    try:
        async with asyncio.timeout(patience_s):
            await _write(model, _prompt(number), _TOKENS)
    except Overloaded:
        return Tally()
    except (ModelError, InvalidRequest, TimeoutError):
        return Tally(requests=1, failures=1)
    return Tally(requests=1)


async def _write(model: Model, messages: Sequence[Message], tokens: int) -> None:
    sampling = Sampling(max_tokens=tokens, brief=True)
    async with aclosing(closing_stream(model.generate(messages, sampling))) as pieces:
        async for _ in pieces:
            pass


def _prompt(number: int) -> tuple[Message, ...]:
    """Return a prompt; they differ in language, and in length up to some hundred tokens."""
    question = _QUESTIONS[number % len(_QUESTIONS)]
    evidence = "\n".join(_EVIDENCE[at % len(_EVIDENCE)] for at in range(number % 13))
    return (Message("system", _RULES), Message("user", f"{evidence}\n{question}".strip()))
