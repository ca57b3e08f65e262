"""Nobody asks more than their budget, over all servers, and nobody else pays for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from yanku.adapters.postgres.pool import Pool
from yanku.adapters.postgres.usage import PostgresUsage
from yanku.errors import BudgetSpent
from yanku.flows.budgets import Budget, Budgets
from yanku.model.call import Call


class At:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 27, 9, 30, 10, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


def budgets(pool: Pool, clock: At, user: Budget = Budget(), key: Budget = Budget()) -> Budgets:  # noqa: B008
    return Budgets(usage=PostgresUsage(pool), clock=clock, user=user, key=key)


async def test_more_questions_a_minute_than_allowed_are_refused_until_the_next(pool: Pool) -> None:
    clock = At()
    one, other = (budgets(pool, clock, Budget(requests_per_minute=3)) for _ in range(2))
    for server in (one, other, one):
        await server.ask(Call("ann"))
    with pytest.raises(BudgetSpent) as refused:
        await other.ask(Call("ann"))
    assert refused.value.retry_after_s == 50
    await other.ask(Call("ben"))
    clock.moment += timedelta(minutes=1)
    await one.ask(Call("ann"))


async def test_tokens_count_for_a_day(pool: Pool) -> None:
    clock = At()
    house = budgets(pool, clock, Budget(tokens_per_day=1000))
    await house.ask(Call("ann"))
    house.spent(Call("ann"), 999)
    await house.ask(Call("ann"))
    house.spent(Call("ann"), 1)
    with pytest.raises(BudgetSpent):
        await house.ask(Call("ann"))
    clock.moment += timedelta(hours=25)
    await house.ask(Call("ann"))


async def test_a_key_has_a_budget_of_its_own(pool: Pool) -> None:
    house = budgets(pool, At(), key=Budget(requests_per_day=1))
    await house.ask(Call("ann", key="one"))
    await house.ask(Call("ann", key="two"))
    await house.ask(Call("ann"))
    with pytest.raises(BudgetSpent):
        await house.ask(Call("ann", key="one"))


async def test_without_budgets_nothing_is_counted() -> None:
    house = Budgets(usage=None, clock=At(), user=Budget(1, 1, 1), key=Budget(1, 1, 1))
    for _ in range(5):
        await house.ask(Call("ann", key="k"))
