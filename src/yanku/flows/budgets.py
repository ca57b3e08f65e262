"""The story of a budget: what a person or key may ask, and what it has asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

from yanku.errors import BudgetSpent
from yanku.model.call import Call
from yanku.ports import Clock, Usage

_MINUTE_S, _HOUR_S = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Budget:
    """Most that one subject may use; 0 is no limit."""

    requests_per_minute: int = 0
    requests_per_day: int = 0
    tokens_per_day: int = 0

    @property
    def unlimited(self) -> bool:
        """Tell whether there is nothing to count."""
        return not (self.requests_per_minute or self.requests_per_day or self.tokens_per_day)


class Budgets:
    """Counts questions and tokens per user and per API key, and refuses what is over.

    Tokens are known when an answer ends; they count from the subject's next question on.
    """

    def __init__(self, *, usage: Usage | None, clock: Clock, user: Budget, key: Budget) -> None:
        self._usage = usage
        self._clock = clock
        self._user, self._key = user, key
        self._owed: Counter[str] = Counter()

    def spent(self, call: Call, tokens: int) -> None:
        """Note what an answer cost."""
        for subject, _ in self._subjects(call):
            self._owed[subject] += tokens

    async def ask(self, call: Call) -> None:
        """Count a question; raise BudgetSpent with the time to come back if it is too many."""
        await asyncio.gather(*(self._count(*each) for each in self._subjects(call)))

    def _subjects(self, call: Call) -> list[tuple[str, Budget]]:
        found = []
        if self._usage is not None and call.user and not self._user.unlimited:
            found.append((f"u:{call.user}", self._user))
        if self._usage is not None and call.key and not self._key.unlimited:
            found.append((f"k:{call.key}", self._key))
        return found

    async def _count(self, subject: str, budget: Budget) -> None:
        assert self._usage is not None  # noqa: S101 - for the type checker
        tokens = self._owed.pop(subject, 0)
        now = self._clock.now()
        used = await self._usage.use(subject, now, requests=1, tokens=tokens)
        if 0 < budget.requests_per_minute < used.requests_in_minute:
            raise BudgetSpent(
                f"{budget.requests_per_minute} questions a minute are your budget; go on in a "
                "moment",
                _MINUTE_S - now.second,
            )
        if 0 < budget.requests_per_day < used.requests_in_day:
            raise BudgetSpent(
                f"{budget.requests_per_day} questions a day are your budget, and it is spent",
                _HOUR_S,
            )
        if 0 < budget.tokens_per_day <= used.tokens_in_day:
            raise BudgetSpent(
                f"{budget.tokens_per_day} tokens a day are your budget, and it is spent", _HOUR_S
            )
