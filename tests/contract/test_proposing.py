"""A model helps to read a question only where it is let, rules give nothing, and no document
knows the words.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from tests.houses import open_test_house
from tests.houses_direct import publish_text

from yanku.flows.means import AskLimits
from yanku.model.answer import Grounded
from yanku.ports import Message
from yanku.testing.library import a_fact
from yanku.testing.model import FakeModel
from yanku.wiring import House

ASKED = "Spill Reed Mills operating revenue 2025"


def sorts_as(kind: str) -> FakeModel:
    def reply(messages: Sequence[Message]) -> str:
        if "kind" not in messages[0].content:
            return "Nothing is said of it."
        return json.dumps({"w1": {"word": "spill", "kind": kind}, "about": "whole"})

    return FakeModel(reply)


@asynccontextmanager
async def house_of(
    database_url: str, folder: Path, model: FakeModel, *, seconds: float, text: str
) -> AsyncIterator[House]:
    async with open_test_house(database_url, folder, model=model) as house:
        ask = house.ask
        ask._with = replace(ask._with, limits=AskLimits(plan_seconds=seconds))
        owner = await house.accounts.local()
        await publish_text(house, owner, text, facts=[a_fact("12.50")])
        yield house


async def test_a_question_with_an_empty_word_is_answered_from_facts_and_says_so(
    database_url: str, tmp_path: Path
) -> None:
    model = sorts_as("empty")
    async with house_of(database_url, tmp_path, model, seconds=5, text="A mill.") as house:
        done = await house.ask.answer(ASKED, principal=await house.accounts.local())
    assert isinstance(done.answer, Grounded)
    assert done.answer.amount is not None
    assert any("proposed by the model" in note for note in done.answer.assumptions)


async def test_a_word_that_a_document_has_is_not_empty(database_url: str, tmp_path: Path) -> None:
    model = sorts_as("empty")
    text = "The spill cost Reed Mills much."
    async with house_of(database_url, tmp_path, model, seconds=5, text=text) as house:
        done = await house.ask.answer(ASKED, principal=await house.accounts.local())
    assert not isinstance(done.answer, Grounded) or done.answer.amount is None


async def test_the_model_is_not_asked_unless_it_is_let(database_url: str, tmp_path: Path) -> None:
    model = sorts_as("empty")
    async with house_of(database_url, tmp_path, model, seconds=0, text="A mill.") as house:
        await house.ask.answer(ASKED, principal=await house.accounts.local())
    assert not any("kind" in messages[0].content for messages in model.asked)
