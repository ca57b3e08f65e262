"""People come before vectors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from tests.houses import add_text, open_test_house

from yanku.ports import Message, Sampling
from yanku.testing.model import FakeModel


class HeldModel(FakeModel):
    """A model that begins to write when it is told to."""

    def __init__(self) -> None:
        super().__init__(lambda messages: messages[-1].content.replace("\n", "。"))
        self.asked_for = asyncio.Event()
        self.may_write = asyncio.Event()

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        self.asked_for.set()
        await self.may_write.wait()
        async for piece in super().generate(messages, sampling):
            yield piece


async def test_vectors_wait_for_the_answer_that_is_being_written(
    database_url: str, tmp_path: Path
) -> None:
    model = HeldModel()
    async with open_test_house(database_url, tmp_path, model=model) as house:
        owner = await house.accounts.local()
        await add_text(house, tmp_path, "a.txt", "东湖项目的预算为8亿元。", owner)
        path = tmp_path / "b.txt"
        path.write_text("西湖项目的预算为9亿元。", "utf-8")
        await house.ingest.add(path, path.name, owner=owner)
        await house.work(vectors=False, until_empty=True)

        answering = asyncio.create_task(house.ask.answer("概括东湖项目的预算", principal=owner))
        await asyncio.wait_for(model.asked_for.wait(), 30)
        embedding = asyncio.create_task(house.ingest.embed_some())
        await asyncio.wait({embedding}, timeout=0.5)
        assert not embedding.done()

        model.may_write.set()
        await answering
        assert await asyncio.wait_for(embedding, 30) == 1
