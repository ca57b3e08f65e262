"""The fact book in PostgreSQL keeps what its port promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from yanku.adapters.postgres.facts import PostgresFactBook
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool
from yanku.model.finance import (
    Check,
    Company,
    Consolidation,
    Fact,
    Period,
    Profile,
    Statement,
)
from yanku.model.library import DocumentId
from yanku.model.people import Scope, UserId
from yanku.model.place import InSheet
from yanku.ports import FactQuery
from yanku.testing.library import ADDED, a_document, a_fact, a_profile, an_entry, code_of

ANN = Scope(UserId("ann"), frozenset({"u:ann"}))
BEN = Scope(UserId("ben"), frozenset({"u:ben"}))


@pytest.fixture
def book(pool: Pool) -> PostgresFactBook:
    return PostgresFactBook(pool)


async def published(
    library: PostgresLibrary,
    text: str,
    profile: Profile,
    facts: Sequence[Fact],
    owner: str = "ann",
    age_h: int = 0,
) -> DocumentId:
    added = ADDED - timedelta(hours=age_h)
    entry = await library.add(an_entry(text, owner, added=added))
    await library.publish(entry.id, a_document(entry, text), profile, [], facts)
    return entry.id


async def test_a_fact_comes_back_exactly_as_it_went_in(
    library: PostgresLibrary, book: PostgresFactBook
) -> None:
    instant = Fact(
        company=Company("600000", "苇塘纺织", ("苇塘", "Reed")),
        metric="total_assets",
        label="资产总计",
        period=Period(date(2025, 12, 31)),
        consolidation=Consolidation.PARENT,
        statement=Statement.BALANCE_SHEET,
        amount=replace(a_fact().amount, value=Decimal("-98765432109876543210.123400")),
        place=InSheet("资产负债表", "B4"),
        column="期末余额\t(元)\n\\N",
        restated=True,
        checks=(Check("assets=liabilities+equity", True), Check("sum", False)),
    )
    facts = [a_fact("0.10"), instant, a_fact("1E+3")]
    id = await published(library, "one", a_profile(), facts)
    told = [fact for fact, _ in await book.facts(FactQuery(), scope=ANN)]
    assert told == facts
    assert [str(fact.amount.value) for fact in told[:2]] == ["0.10", str(instant.amount.value)]
    assert {entry.id for _, entry in await book.facts(FactQuery(), scope=ANN)} == {id}


async def test_the_latest_published_comes_first_then_the_latest_period_then_the_latest_added(
    library: PostgresLibrary, book: PostgresFactBook
) -> None:
    early, late = Period(date(2023, 12, 31)), Period(date(2024, 12, 31))
    for value, published_on, period, age_h in (
        ("6", None, late, 0),
        ("5", date(2024, 4, 1), early, 3),
        ("4", date(2024, 4, 1), early, 2),
        ("3", date(2024, 4, 1), late, 9),
        ("2", date(2025, 4, 1), early, 9),
        ("1", date(2025, 4, 1), late, 9),
    ):
        fact = replace(a_fact(value), period=period)
        await published(library, value, a_profile(published=published_on), [fact], age_h=age_h)
    told = [str(fact.amount.value) for fact, _ in await book.facts(FactQuery(), scope=ANN)]
    assert told == ["1", "2", "3", "4", "5", "6"]


async def test_each_condition_narrows_and_all_hold_together(
    library: PostgresLibrary, book: PostgresFactBook
) -> None:
    base = a_fact("1")
    other_company = a_fact("2", company="Other Works")
    other_metric = a_fact("3", metric="net_profit")
    other_period = replace(a_fact("4"), period=Period(date(2024, 12, 31)))
    parent = replace(a_fact("5"), consolidation=Consolidation.PARENT)
    all_ = [base, other_company, other_metric, other_period, parent]
    one = await published(library, "one", a_profile(), all_)
    await published(library, "two", a_profile(), [a_fact("6")])

    async def values(query: FactQuery) -> set[str]:
        return {str(fact.amount.value) for fact, _ in await book.facts(query, scope=ANN)}

    reed, other = code_of("Reed Mills"), code_of("Other Works")
    assert await values(FactQuery(companies=frozenset({other}))) == {"2"}
    assert await values(FactQuery(companies=frozenset({reed, other}), document=one)) == {*"12345"}
    assert await values(FactQuery(metrics=frozenset({"net_profit", "x"}))) == {"3"}
    assert await values(FactQuery(period_ends=frozenset({date(2024, 12, 31)}))) == {"4"}
    assert await values(FactQuery(consolidation="parent")) == {"5"}
    whole = FactQuery(
        frozenset({reed}),
        frozenset({"operating_revenue"}),
        frozenset({date(2025, 12, 31)}),
        "consolidated",
        one,
    )
    assert await values(whole) == {"1"}
    assert (
        await values(FactQuery(companies=frozenset({"'; DROP TABLE facts; --", "\x00"}))) == set()
    )


async def test_companies_have_all_their_names_and_the_most_used_first(
    library: PostgresLibrary, book: PostgresFactBook
) -> None:
    company = Company("600000", "苇塘纺织", ("苇塘",))
    renamed = Company("600000", "苇塘科技", ())
    facts = [replace(a_fact(), company=company)] * 2
    await published(library, "one", replace(a_profile(), company=renamed), facts)
    assert await book.companies(scope=ANN) == [
        Company("600000", "苇塘纺织", ("苇塘科技", "苇塘")),
    ]


async def test_a_company_known_only_from_a_forbidden_document_does_not_appear(
    library: PostgresLibrary, book: PostgresFactBook
) -> None:
    shared = Company("600000", "苇塘纺织")
    secret_name = replace(shared, aliases=("暗名",))
    await published(library, "a", replace(a_profile(), company=shared), [])
    await published(
        library,
        "b",
        replace(a_profile(), company=secret_name),
        [a_fact(company="Hidden Works")],
        owner="ben",
    )
    assert await book.companies(scope=ANN) == [shared]
    assert {name.name for name in await book.companies(scope=BEN)} == {"苇塘纺织", "Hidden Works"}
    assert await book.facts(FactQuery(), scope=ANN) == []


async def test_profiles_are_those_of_readable_live_documents(
    library: PostgresLibrary, book: PostgresFactBook
) -> None:
    old = a_profile(published=date(2024, 4, 1))
    new = a_profile("Other Works", published=date(2025, 4, 1))
    first = await published(library, "one", old, [])
    second = await published(library, "two", new, [])
    await published(library, "theirs", a_profile("Hidden Works"), [], owner="ben")
    await library.add(an_entry("queued"))
    assert await book.profiles(scope=ANN) == [(second, new), (first, old)]
