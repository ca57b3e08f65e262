"""The ledger in PostgreSQL keeps what its port promises."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from yanku.adapters.postgres.ledger import PostgresLedger
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool, transaction
from yanku.errors import Conflict, NotFound
from yanku.model.amount import Amount
from yanku.model.answer import (
    Answer,
    Calculation,
    Citation,
    Claim,
    Declined,
    Grounded,
    Operand,
    Reason,
)
from yanku.model.library import ChunkId, DocumentId, Entry
from yanku.model.people import AsOf, Scope, UserId
from yanku.model.place import InSheet
from yanku.model.receipt import Receipt, ReceiptId
from yanku.testing.library import (
    ADDED,
    a_document,
    a_fact,
    a_place,
    a_profile,
    an_entry,
    some_chunks,
)

ANN = Scope(UserId("ann"), frozenset({"u:ann"}))
BEN = Scope(UserId("ben"), frozenset({"u:ben"}))


@pytest.fixture
def ledger(pool: Pool) -> PostgresLedger:
    return PostgresLedger(pool)


def a_receipt(id: str = "r1", scope: Scope = ANN) -> Receipt:
    return Receipt(
        id=ReceiptId(id),
        at=ADDED,
        user=scope.user,
        question="营业收入?",
        readers=scope.readers,
        hits=(ChunkId("c2"), ChunkId("c1")),
        documents=(DocumentId("d1"),),
        versions=(("model", "m 1"), ("prompt", "3")),
    )


def grounded(documents: Iterable[DocumentId]) -> Grounded:
    citations = tuple(
        Citation(
            number,
            document,
            "report.txt",
            a_place(),
            f"the secret line of {document}",
            values=(Amount(Decimal("12.50"), "CNY"),),
        )
        for number, document in enumerate(documents, start=1)
    )
    return Grounded(
        claims=(Claim("营业收入为12.50元", tuple(c.number for c in citations)),),
        citations=citations,
        amount=Amount(Decimal("12.50"), "CNY"),
        calculations=(
            Calculation("a", (Operand("a", Amount(Decimal("1E-30")), 1),), Amount(Decimal(1))),
        ),
        assumptions=("合并报表口径",),
        withheld=1,
    )


async def live(library: PostgresLibrary, text: str, readers: Iterable[str] = ()) -> Entry:
    entry = await library.add(an_entry(text, readers=readers))
    await library.publish(
        entry.id, a_document(entry, text), a_profile(), some_chunks(entry.id, text), [a_fact()]
    )
    return entry


async def test_a_receipt_comes_back_open_and_then_with_its_answer(
    library: PostgresLibrary, ledger: PostgresLedger
) -> None:
    entry = await live(library, "one")
    await ledger.open(a_receipt())
    assert await ledger.receipt(ReceiptId("r1"), scope=ANN) == a_receipt()
    answer = grounded([entry.id])
    assert await ledger.close(ReceiptId("r1"), answer, 1234)
    closed = await ledger.receipt(ReceiptId("r1"), scope=ANN)
    assert closed == replace(a_receipt(), answer=answer, latency_ms=1234)
    assert isinstance(closed.answer, Grounded)
    assert str(closed.answer.citations[0].values[0].value) == "12.50"


async def test_a_decline_comes_back_with_its_nearest_evidence(
    library: PostgresLibrary, ledger: PostgresLedger
) -> None:
    entry = await live(library, "one")
    nearest = Citation(1, entry.id, "r.xlsx", InSheet("表 1", "B4:F9"), "near\x00est")
    await ledger.open(a_receipt())
    answer = Declined(Reason.NOT_DISCLOSED, "没有披露", (nearest,))
    assert await ledger.close(ReceiptId("r1"), answer, 5)
    closed = await ledger.receipt(ReceiptId("r1"), scope=ANN)
    assert closed.answer == replace(answer, nearest=(replace(nearest, quote="near\ufffdest"),))


async def test_no_answer_is_given_without_its_receipt_and_none_twice(
    ledger: PostgresLedger,
) -> None:
    answer = Declined(Reason.NOT_FOUND, "no")
    with pytest.raises(NotFound):
        await ledger.close(ReceiptId("none"), answer, 1)
    await ledger.open(a_receipt())
    with pytest.raises(Conflict):
        await ledger.open(a_receipt())
    assert await ledger.close(ReceiptId("r1"), answer, 1)
    with pytest.raises(Conflict):
        await ledger.close(ReceiptId("r1"), answer, 1)


async def test_an_answer_is_refused_when_a_source_is_not_live_or_not_readable(
    library: PostgresLibrary, ledger: PostgresLedger
) -> None:
    mine = await live(library, "mine")
    queued = await library.add(an_entry("queued"))
    theirs = await library.add(an_entry("theirs", "ben"))
    await library.publish(theirs.id, a_document(theirs, "x"), a_profile(), [], [])
    await ledger.open(a_receipt())
    for cited in ([mine.id, queued.id], [theirs.id, mine.id], [DocumentId("gone")]):
        assert not await ledger.close(ReceiptId("r1"), grounded(cited), 1)
        nearest = Declined(Reason.NOT_FOUND, "no", grounded(cited).citations)
        assert not await ledger.close(ReceiptId("r1"), nearest, 1)
    assert (await ledger.receipt(ReceiptId("r1"), scope=ANN)).answer is None
    assert await ledger.close(ReceiptId("r1"), grounded([mine.id, mine.id]), 1)


async def test_one_sees_only_ones_own_receipts_page_by_page(ledger: PostgresLedger) -> None:
    for n in range(5):
        at = ADDED + timedelta(seconds=n // 2)
        await ledger.open(replace(a_receipt(f"r{n}"), at=at))
    await ledger.open(a_receipt("b1", BEN))
    with pytest.raises(NotFound):
        await ledger.receipt(ReceiptId("r1"), scope=BEN)
    seen: list[str] = []
    after = ""
    while True:
        page, after = await ledger.receipts(scope=ANN, after=after, limit=2)
        seen.extend(receipt.id for receipt in page)
        if not after:
            break
    assert seen == ["r4", "r3", "r2", "r1", "r0"]


async def test_receipts_keep_the_answer_and_lose_the_quotes_of_what_was_forgotten(
    library: PostgresLibrary, ledger: PostgresLedger, pool: Pool
) -> None:
    gone, kept = await live(library, "gone"), await live(library, "kept")
    answer = grounded([gone.id, kept.id])
    await ledger.open(a_receipt("r1"))
    await ledger.open(a_receipt("r2"))
    await ledger.open(a_receipt("r3"))
    await ledger.close(ReceiptId("r1"), answer, 1)
    await ledger.close(ReceiptId("r2"), Declined(Reason.NOT_FOUND, "no", answer.citations), 1)
    await library.forget(gone.id, scope=ANN)

    blanked = (replace(answer.citations[0], quote="", values=()), answer.citations[1])
    first = await ledger.receipt(ReceiptId("r1"), scope=ANN)
    assert first.answer == replace(answer, citations=blanked)
    second = await ledger.receipt(ReceiptId("r2"), scope=ANN)
    assert second.answer == Declined(Reason.NOT_FOUND, "no", blanked)
    assert (await ledger.receipt(ReceiptId("r3"), scope=ANN)).answer is None
    async with transaction(pool) as connection:
        found = await connection.execute(
            "SELECT FROM receipts WHERE answer::text LIKE %s", (f"%secret line of {gone.id}%",)
        )
        assert found.rowcount == 0


async def test_once_forget_has_returned_no_receipt_is_closed_that_cites_the_document(
    library: PostgresLibrary, ledger: PostgresLedger
) -> None:
    for round_ in range(8):
        entry = await live(library, f"text {round_}")
        ids = [ReceiptId(f"r{round_}-{n}") for n in range(12)]
        for id in ids:
            await ledger.open(a_receipt(id))
        forgotten = asyncio.Event()

        async def forget(document: DocumentId, done: asyncio.Event, pause: float) -> None:
            await asyncio.sleep(pause)
            await library.forget(document, scope=ANN)
            done.set()

        async def close(id: ReceiptId, answer: Answer, pause: float, done: asyncio.Event) -> None:
            await asyncio.sleep(pause)
            too_late = done.is_set()
            if await ledger.close(id, answer, 1):
                assert not too_late

        await asyncio.gather(
            forget(entry.id, forgotten, 0.002 * round_),
            *(close(id, grounded([entry.id]), 0.002 * n, forgotten) for n, id in enumerate(ids)),
        )
        for id in ids:
            answer = (await ledger.receipt(id, scope=ANN)).answer
            if isinstance(answer, Grounded):
                assert {citation.quote for citation in answer.citations} == {""}


async def test_an_answer_is_refused_once_its_reader_has_lost_the_document(
    library: PostgresLibrary, ledger: PostgresLedger
) -> None:
    entry = await live(library, "one", readers={"u:ben"})
    await ledger.open(a_receipt("b", BEN))
    await library.grant(entry.id, frozenset(), scope=ANN)
    assert not await ledger.close(ReceiptId("b"), grounded([entry.id]), 1)


async def test_an_answer_from_a_superseded_version_is_refused(
    library: PostgresLibrary, ledger: PostgresLedger
) -> None:
    old = await live(library, "old")
    new = await library.add(an_entry("new"), replaces=old.id)
    await ledger.open(a_receipt())
    await library.publish(new.id, a_document(new, "new"), a_profile(), [], [])
    assert not await ledger.close(ReceiptId("r1"), grounded([old.id]), 1)
    assert await ledger.close(ReceiptId("r1"), grounded([new.id]), 1)


async def test_an_answer_as_of_a_day_may_cite_what_was_live_then_and_nothing_later(
    library: PostgresLibrary, ledger: PostgresLedger
) -> None:
    first, second = ADDED, ADDED + timedelta(days=9)
    old = await library.add(an_entry("old"))
    await library.publish(old.id, a_document(old, "old"), a_profile(), [], [], at=first)
    new = await library.add(an_entry("new"), replaces=old.id)
    await library.publish(new.id, a_document(new, "new"), a_profile(), [], [], at=second)
    then = replace(a_receipt(), as_of=AsOf(first + timedelta(days=1)))
    await ledger.open(then)
    assert (await ledger.receipt(ReceiptId("r1"), scope=ANN)).as_of == then.as_of
    assert not await ledger.close(ReceiptId("r1"), grounded([new.id]), 1)
    assert await ledger.close(ReceiptId("r1"), grounded([old.id]), 1)
    await ledger.open(replace(then, id=ReceiptId("r2")))
    await library.forget(new.id, scope=ANN)
    assert not await ledger.close(ReceiptId("r2"), grounded([old.id]), 1)
