"""Forecasts that brokers printed are quoted; a prediction of our own is declined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from tests.quotes import FIRM, asked, hit, text

from yanku.chunk.cut import CHUNKER
from yanku.finance.chapters import free_chapters
from yanku.flows.free_parts import FreeParts
from yanku.model.document import Digest
from yanku.model.finance import Profile
from yanku.model.inquiry import Beyond
from yanku.model.library import Chunk, ChunkId, DocumentId, Entry, State, chunk_id
from yanku.model.people import AsOf, Scope, UserId
from yanku.model.place import OnPage

ANN = Scope(UserId("ann"), frozenset(), AsOf())
NOTE = Profile("点评", FIRM, published=date(2025, 8, 27))
LINES = (
    "➢ 投资建议：我们预计2025-2027年公司营业收入分别为66.7/76.7/87.4亿元，维持“推荐”评级。",
    "➢ 风险提示：订单不及预期。",
)


class _Shelf:
    """One note of a broker's, as the library and the facts tell of it."""

    async def profiles(self, *, scope: Scope) -> Sequence[tuple[DocumentId, Profile]]:
        assert scope == ANN
        return [(DocumentId("note"), NOTE)]

    async def chunks(
        self, ids: Sequence[ChunkId], *, scope: Scope
    ) -> Mapping[ChunkId, tuple[Chunk, Entry]]:
        assert scope == ANN
        document = DocumentId("note")
        first = chunk_id(document, 0, CHUNKER)
        chunk = Chunk(first, document, 0, "点评 > 栖川重工", "\n".join(LINES), OnPage(1))
        entry = Entry(
            id=document, series=document, version=1, name="note.pdf", digest=Digest("1" * 64),
            size=1, media_type="application/pdf", owner=UserId("ann"), state=State.LIVE,
            added=datetime(2026, 1, 1, tzinfo=UTC), profile=NOTE,
        )  # fmt: skip
        return {first: (chunk, entry)} if first in ids else {}


async def _told(question: str) -> str:
    inquiry, matter = asked(question)
    chapter = next(iter(free_chapters(matter, [FIRM])))
    assert chapter.name == "forecast"
    shelf = cast("Any", _Shelf())
    (told,) = await FreeParts(shelf, shelf).told([chapter], inquiry, scope=ANN)
    return "".join(quote.text for quote in told.quotes)


@pytest.mark.parametrize(
    "question",
    [
        "栖川重工2026年预测营业收入是多少",
        "券商预计栖川重工2027年收入多少",
        "栖川重工的盈利预测",
        "栖川重工2025年的收入预测",
    ],
)
async def test_a_forecast_that_covers_the_year_is_quoted(question: str) -> None:
    assert "76.7" in await _told(question)


async def test_a_forecast_for_other_years_answers_nothing() -> None:
    assert await _told("栖川重工2029年盈利预测") == ""
    assert await _told("栖川重工2023年盈利预测") == ""


@pytest.mark.parametrize(
    ("question", "predicts"),
    [
        ("预测一下栖川重工2026年营收", True),
        ("帮我预测栖川重工明年的利润", True),
        ("请预测栖川重工未来走势", True),
        ("栖川重工2026年预测营业收入是多少", False),
        ("栖川重工的盈利预测", False),
    ],
)
def test_who_asks_us_to_predict_is_told_that_we_do_not(question: str, predicts: bool) -> None:
    inquiry, _ = asked(question)
    assert (inquiry.beyond is Beyond.PREDICTION) is predicts


def test_the_list_of_other_notes_answers_nothing() -> None:
    listed = hit(
        1,
        "1.栖川重工（999801.SZ）2024年年报点评：盈利能力稳步提升，新签订单持续向上-2025/04/01",
        heading="相关研究",
    )
    said = hit(2, "公司2025年新签订单同比增长20%，订单承接保持向好趋势。")
    assert text("栖川重工2025年新签订单情况怎么样", listed) == ""
    assert "增长20%" in text("栖川重工2025年新签订单情况怎么样", listed, said)


async def test_a_document_is_read_once_for_all_that_is_asked_of_it() -> None:
    class Counted(_Shelf):
        reads = 0

        async def chunks(
            self, ids: Sequence[ChunkId], *, scope: Scope
        ) -> Mapping[ChunkId, tuple[Chunk, Entry]]:
            self.reads += 1
            return await super().chunks(ids, scope=scope)

    inquiry, matter = asked("栖川重工的盈利预测和风险提示")
    chapters = free_chapters(matter, [FIRM])
    assert [one.name for one in chapters] == ["forecast", "risks"]
    shelf = Counted()
    parts = FreeParts(cast("Any", shelf), cast("Any", shelf))
    told = await parts.told(chapters, inquiry, scope=ANN)
    assert all(read.quotes for read in told)
    assert shelf.reads == 1
