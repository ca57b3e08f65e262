"""Whatever two people do, nothing of one reaches the other."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from yanku.access.scope import scope_of
from yanku.adapters.postgres.facts import PostgresFactBook
from yanku.adapters.postgres.ledger import PostgresLedger
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool
from yanku.errors import NotFound
from yanku.model.answer import Citation, Claim, Grounded
from yanku.model.library import ChunkId, DocumentId, Entry, State, document_id
from yanku.model.people import GroupId, Principal, Role, Scope, UserId
from yanku.model.receipt import Receipt, ReceiptId
from yanku.ports import FactQuery
from yanku.testing.library import (
    ADDED,
    a_document,
    a_fact,
    a_place,
    a_profile,
    an_entry,
    some_chunks,
)

OPERATIONS = 1000


@dataclass
class Person:
    """One of the two, and the word that is in everything that is theirs."""

    name: str
    word: str
    scope: Scope
    mine: list[Entry] = field(default_factory=list)
    receipts: list[ReceiptId] = field(default_factory=list)


def a_person(name: str, word: str, role: Role) -> Person:
    groups = frozenset({GroupId(f"{name}-desk"), GroupId(f"{name}-board")})
    return Person(name, word, scope_of(Principal(UserId(name), name, role, groups)))


class TwoPeople:
    """Does one random thing after another as one of two, and looks at all that comes back."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self.library = PostgresLibrary(pool)
        self.book = PostgresFactBook(pool)
        self.ledger = PostgresLedger(pool)
        self.random = random.Random(seed)
        self.people = (
            a_person("ann", "苇塘", Role.MEMBER),
            a_person("ben", "暗礁", Role.ADMIN),
        )
        self.done = 0
        self.refused = 0

    async def step(self) -> None:
        me, other = self.random.sample(self.people, 2)
        does: list[Callable[[Person, Person], Awaitable[object]]] = [
            self.add,
            self.add,
            self.publish,
            self.publish,
            self.replace,
            self.grant,
            self.forget,
            self.turn_pages,
            self.look_at_theirs,
            self.look_at_theirs,
            self.ask,
            self.ask,
            self.facts,
            self.meddle,
        ]
        seen = await self.random.choice(does)(me, other)
        assert other.word not in repr(seen)
        self.done += 1

    async def add(self, me: Person, _other: Person) -> object:
        entry = await self.library.add(self._entry(me))
        me.mine.append(entry)
        return entry

    async def publish(self, me: Person, _other: Person) -> object:
        entry = self._one(me)
        if entry is None:
            return None
        return await self.library.publish(
            entry.id,
            a_document(entry, f"{me.word} {entry.id}"),
            a_profile(f"{me.word} {self.random.randrange(4)}"),
            some_chunks(entry.id, me.word),
            [a_fact("1", company=f"{me.word} {self.random.randrange(4)}")],
        )

    async def replace(self, me: Person, _other: Person) -> object:
        old = self._one(me)
        if old is None:
            return None
        entry = await self.library.add(self._entry(me), replaces=old.id)
        me.mine.append(entry)
        return entry

    async def grant(self, me: Person, _other: Person) -> object:
        entry = self._one(me)
        if entry is None:
            return None
        readers = frozenset(self.random.sample(sorted(me.scope.readers), 2))
        await self.library.grant(entry.id, readers, scope=me.scope)
        return await self.library.entry(entry.id, scope=me.scope)

    async def forget(self, me: Person, _other: Person) -> object:
        entry = self._one(me) if self.random.random() < 0.3 else None
        if entry is None:
            return None
        gone = await self.library.forget(entry.id, scope=me.scope)
        me.mine = [kept for kept in me.mine if kept.id not in gone]
        return gone

    async def turn_pages(self, me: Person, _other: Person) -> object:
        seen: list[Entry] = []
        after = ""
        while True:
            page, after = await self.library.entries(scope=me.scope, after=after, limit=7)
            seen.extend(page)
            if not after:
                break
        assert {entry.id for entry in seen} <= {entry.id for entry in me.mine}
        assert all(entry.readers <= me.scope.readers for entry in seen)
        receipts, _ = await self.ledger.receipts(scope=me.scope, limit=1000)
        assert {receipt.id for receipt in receipts} == set(me.receipts)
        return seen, receipts

    async def look_at_theirs(self, me: Person, other: Person) -> object:
        theirs = self._one(other)
        document = theirs.id if theirs else DocumentId("0" * 32)
        messages = []
        for id in (document, DocumentId("f" * 32)):
            asked: list[Awaitable[object]] = [
                self.library.entry(id, scope=me.scope),
                self.library.parsed(id, scope=me.scope),
                self.library.forget(id, scope=me.scope),
                self.library.grant(id, me.scope.readers, scope=me.scope),
                self.library.add(self._entry(me), replaces=id),
            ]
            messages += [await self._refusal(each, id) for each in asked]
        half = len(messages) // 2
        assert messages[:half] == messages[half:]  # theirs, and nobody's: the same answer
        receipt = self.random.choice(other.receipts) if other.receipts else ReceiptId("none")
        await self._refusal(self.ledger.receipt(receipt, scope=me.scope), receipt)
        mixed = [id for entry in (*other.mine, *me.mine) for id in self._chunks(entry)]
        found = await self.library.chunks([*mixed, ChunkId("none")], scope=me.scope)
        assert {entry.id for _, entry in found.values()} <= {entry.id for entry in me.mine}
        return found

    async def ask(self, me: Person, other: Person) -> object:
        id = ReceiptId(f"{me.name}-{self.done}")
        at = ADDED + timedelta(seconds=self.done)
        receipt = Receipt(id, at, me.scope.user, me.word, me.scope.readers, (), (), ())
        await self.ledger.open(receipt)
        me.receipts.append(id)
        cited = self._one(self.random.choice((me, me, other)))
        if cited is None:
            return None
        source = "somebody's" if cited.owner != me.scope.user else me.word
        citation = Citation(1, cited.id, source, a_place(), source)
        given = await self.ledger.close(id, Grounded((Claim("x", (1,)),), (citation,)), 1)
        assert not given or cited.owner == me.scope.user
        return await self.ledger.receipt(id, scope=me.scope)

    async def facts(self, me: Person, other: Person) -> object:
        theirs = self._one(other)
        for query in (
            FactQuery(),
            FactQuery(document=theirs.id if theirs else None),
            FactQuery(metrics=frozenset({"operating_revenue"})),
        ):
            told = await self.book.facts(query, scope=me.scope)
            assert all(entry.owner == me.scope.user for _, entry in told)
            assert all(fact.amount.value == Decimal(1) for fact, _ in told)
            assert other.word not in repr(told)
        return (
            await self.book.companies(scope=me.scope),
            await self.book.profiles(scope=me.scope),
        )

    async def meddle(self, me: Person, other: Person) -> object:
        """Add the very bytes the other person has: it is a document of one's own."""
        theirs = self._one(other)
        if theirs is None:
            return None
        id = document_id(me.scope.user, theirs.digest)
        same = replace(self._entry(me), id=id, series=id, digest=theirs.digest, size=theirs.size)
        added = await self.library.add(same)
        if added.id not in {entry.id for entry in me.mine}:
            assert added.state is State.QUEUED
            me.mine.append(added)
        return added

    def _entry(self, me: Person) -> Entry:
        readers = self.random.sample(sorted(me.scope.readers), self.random.randrange(3))
        text = f"{me.word} {self.random.getrandbits(64)}"
        return an_entry(text, me.name, readers=readers, name=f"{me.word}.txt")

    def _one(self, person: Person) -> Entry | None:
        return self.random.choice(person.mine) if person.mine else None

    def _chunks(self, entry: Entry) -> list[ChunkId]:
        return [chunk.id for chunk in some_chunks(entry.id, "")]

    async def _refusal(self, asked: Awaitable[object], id: str) -> str:
        with pytest.raises(NotFound) as refused:
            await asked
        self.refused += 1
        return str(refused.value).replace(id, "it")


@pytest.mark.parametrize("seed", [20260101])
async def test_a_thousand_random_operations_of_two_people_leak_nothing(
    pool: Pool, seed: int
) -> None:
    two = TwoPeople(pool, seed)
    for _ in range(OPERATIONS):
        await two.step()
    assert two.refused > 500
    for person in two.people:
        assert len(person.receipts) > 20
        told = await two.book.facts(FactQuery(), scope=person.scope)
        assert len(told) > 5  # there was something to leak
