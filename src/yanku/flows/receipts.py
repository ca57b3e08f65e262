"""Receipts of answers: open before anything leaves, complete when the sources are still there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from yanku.flows.events import Done
from yanku.flows.means import Means
from yanku.flows.memory import Case
from yanku.model.answer import Answer, Declined
from yanku.model.library import DocumentId
from yanku.model.receipt import Receipt, ReceiptId
from yanku.model.search import Hit


class Receipts:
    """Opens and closes the receipt of one question."""

    def __init__(self, means: Means) -> None:
        self._with = means

    async def open(
        self,
        case: Case,
        hits: Sequence[Hit],
        documents: tuple[DocumentId, ...] = (),
        marks: tuple[tuple[str, str], ...] = (),
    ) -> ReceiptId:
        """Write a receipt; it is durable when this returns."""
        inquiry, scope = case.inquiry, case.scope
        receipt = Receipt(
            id=ReceiptId(uuid.uuid4().hex),
            at=self._with.clock.now(),
            user=scope.user,
            question=inquiry.asked or inquiry.question,
            reading=inquiry.question if inquiry.asked else "",
            readers=scope.readers,
            as_of=scope.as_of,
            hits=tuple(hit.chunk.id for hit in hits),
            documents=documents or tuple(dict.fromkeys(hit.chunk.document for hit in hits)),
            versions=(*case.versions, *marks),
        )
        await self._with.ledger.open(receipt)
        return receipt.id

    async def close(self, case: Case, receipt: ReceiptId, answer: Answer) -> Done | None:
        """Complete a receipt; None if a source is gone, and then nothing is written."""
        latency_ms = round((perf_counter() - case.started) * 1000)
        if await self._with.ledger.close(receipt, answer, latency_ms):
            return Done(receipt, answer, latency_ms)
        return None

    async def surely_close(self, case: Case, receipt: ReceiptId, answer: Declined) -> Done:
        """Close with a decline; its nearest evidence goes if it is not there any more."""
        done = await self.close(case, receipt, answer)
        done = done or await self.close(case, receipt, replace(answer, nearest=()))
        if done is None:
            raise AssertionError("a decline without evidence cites nothing that could be gone")
        return done
