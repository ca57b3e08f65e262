"""An answer is given again only while it is still what would be answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.houses import add_person, open_test_house
from tests.houses_direct import publish_text

from yanku.access.scope import group_key, scope_of
from yanku.flows.ask import Context, Done, Sentence
from yanku.flows.memory import plain_question
from yanku.model.answer import Declined, Grounded, citations_of
from yanku.model.kept import Reuse
from yanku.model.people import AsOf, Principal
from yanku.ports import Message, Sampling
from yanku.settings import CacheSettings
from yanku.testing.library import a_fact
from yanku.testing.model import FakeModel
from yanku.wiring import House

LAKE = "南湖项目的总投资为3.6亿元。"
ASKED = "南湖项目的总投资是多少？"
FOR_THE_MODEL = "概括南湖项目的总投资"
"""A summary: the model words it, where a sentence of the document answers the other."""


def echo() -> FakeModel:
    return FakeModel(lambda messages: messages[-1].content.replace("\n", "。"))


@pytest.fixture
def model() -> FakeModel:
    return echo()


@pytest.fixture(params=["memory", "database"])
async def house(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path, model: FakeModel
) -> AsyncIterator[House]:
    cache = CacheSettings(where=request.param)
    async with open_test_house(database_url, tmp_path, model=model, cache=cache) as house:
        yield house


@pytest.fixture
async def ann(house: House) -> Principal:
    return await add_person(house, "ann", "desk")


@pytest.fixture
async def ben(house: House, ann: Principal) -> Principal:
    assert ann.groups
    return await add_person(house, "ben", "desk")


def desk_of(person: Principal) -> set[str]:
    return {group_key(group) for group in person.groups}


async def test_the_same_question_again_needs_no_model_and_has_its_own_receipt(
    house: House, model: FakeModel, ann: Principal, ben: Principal
) -> None:
    owner = await house.accounts.local()
    await publish_text(house, owner, LAKE, readers=desk_of(ann))
    first = await house.ask.answer(ASKED, principal=ann)
    asked = len(model.asked)
    again = await house.ask.answer(" 南湖项目的总投资是多少? ", principal=ben)
    assert isinstance(first.answer, Grounded)
    assert again.answer == first.answer
    assert (first.reuse, again.reuse) == (None, Reuse.EXACT)
    assert len(model.asked) == asked
    receipt = await house.ledger.receipt(again.receipt, scope=scope_of(ben))
    assert receipt.id != first.receipt
    assert receipt.user == ben.user
    assert receipt.readers == scope_of(ben).readers
    assert receipt.answer == first.answer
    assert ("cache", "exact") in receipt.versions
    assert receipt.documents
    assert receipt.hits


async def test_other_words_for_the_same_plan_are_answered_once(
    house: House, ann: Principal
) -> None:
    await publish_text(house, ann, "Reed Mills", facts=[a_fact()])
    first = await house.ask.answer("Reed Mills 2025年营业收入是多少？", principal=ann)
    other = await house.ask.answer("Reed Mills在2025年的营业总收入多少", principal=ann)
    same = await house.ask.answer("请问 Reed Mills 2025年度营业收入", principal=ann)
    assert isinstance(first.answer, Grounded)
    assert Reuse.PLAN in {other.reuse, same.reuse}
    for done in (other, same):
        if done.reuse is Reuse.PLAN:
            assert done.answer == first.answer


@pytest.mark.parametrize(
    "question",
    [
        "Reed Mills 2024年营业收入是多少？",
        "Reed Mills 2025年净利润是多少？",
        "Oak Mills 2025年营业收入是多少？",
        "Reed Mills 2025年母公司营业收入是多少？",
        "Reed Mills 2025年营业收入是多少亿元？",
        "What was the operating revenue of Reed Mills in 2025?",
    ],
)
async def test_another_company_measure_period_unit_scope_or_language_is_no_hit(
    house: House, ann: Principal, question: str
) -> None:
    await publish_text(house, ann, "Reed Mills", facts=[a_fact()])
    await publish_text(
        house, ann, "Oak Mills", facts=[a_fact("7", "Oak Mills")], company="Oak Mills"
    )
    await house.ask.answer("Reed Mills 2025年营业收入是多少？", principal=ann)
    done = await house.ask.answer(question, principal=ann)
    assert done.reuse is None


async def test_a_change_elsewhere_costs_no_model_when_the_passages_are_the_same(
    house: House, model: FakeModel, ann: Principal
) -> None:
    await publish_text(house, ann, LAKE)
    first = await house.ask.answer(FOR_THE_MODEL, principal=ann)
    asked = len(model.asked)
    await publish_text(house, ann, "Meeting room and canteen hours.", company="Oak Mills")
    again = await house.ask.answer(FOR_THE_MODEL, principal=ann)
    assert again.reuse is Reuse.EVIDENCE
    assert again.answer == first.answer
    assert len(model.asked) == asked
    receipt = await house.ledger.receipt(again.receipt, scope=scope_of(ann))
    assert ("cache", "evidence") in receipt.versions


async def test_a_new_version_is_answered_from_at_once(house: House, ann: Principal) -> None:
    old = await publish_text(house, ann, LAKE)
    await house.ask.answer(ASKED, principal=ann)
    await publish_text(house, ann, LAKE.replace("3.6", "4.1"), replaces=old)
    done = await house.ask.answer(ASKED, principal=ann)
    assert isinstance(done.answer, Grounded)
    assert "4.1" in done.answer.text
    assert "3.6" not in done.answer.text


async def test_whoever_loses_the_right_gets_no_kept_answer(house: House, ann: Principal) -> None:
    owner = await house.accounts.local()
    document = await publish_text(house, owner, LAKE, readers=desk_of(ann))
    assert isinstance((await house.ask.answer(ASKED, principal=ann)).answer, Grounded)
    await house.keep.grant(document, [], principal=owner)
    done = await house.ask.answer(ASKED, principal=ann)
    assert isinstance(done.answer, Declined)
    assert not citations_of(done.answer)
    await house.keep.grant(document, desk_of(ann), principal=owner)
    assert isinstance((await house.ask.answer(ASKED, principal=ann)).answer, Grounded)


async def test_a_forgotten_document_leaves_no_kept_answer(house: House, ann: Principal) -> None:
    document = await publish_text(house, ann, LAKE)
    await house.ask.answer(ASKED, principal=ann)
    assert await house.memory.size() > 0
    await house.keep.forget(document, principal=ann)
    assert await house.memory.size() == 0
    assert isinstance((await house.ask.answer(ASKED, principal=ann)).answer, Declined)


class Gate:
    """Holds the model until it is opened."""

    def __init__(self) -> None:
        self.open = asyncio.Event()


class Gated(FakeModel):
    def __init__(self, gate: Gate) -> None:
        super().__init__(lambda messages: messages[-1].content.replace("\n", "。"))
        self._gate = gate

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        await self._gate.open.wait()
        async for piece in super().generate(messages, sampling):
            yield piece


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def asked_at_once(
    database_url: str, folder: Path, people: int
) -> AsyncIterator[tuple[Gated, Gate, list[asyncio.Task[Done]]]]:
    """Have so many ask the same, and the model wait for its gate."""
    gate = Gate()
    model = Gated(gate)
    async with open_test_house(database_url, folder, model=model) as house:
        ann = await add_person(house, "ann", "desk")
        await publish_text(house, ann, LAKE)
        asking = [
            asyncio.create_task(house.ask.answer(FOR_THE_MODEL, principal=ann))
            for _ in range(people)
        ]
        await _until(lambda: house.memory.asked == people)
        await asyncio.sleep(0.3)
        yield model, gate, asking


async def test_twenty_who_ask_at_once_are_answered_by_one_generation(
    database_url: str, tmp_path: Path
) -> None:
    async with asked_at_once(database_url, tmp_path, 20) as (model, gate, asking):
        gate.open.set()
        done = await asyncio.gather(*asking)
        assert len(model.asked) == 1
        assert len({one.receipt for one in done}) == 20
        assert {one.answer for one in done} == {done[0].answer}
        assert sum(one.reuse is Reuse.JOINED for one in done) == 19


async def test_when_the_first_who_asked_goes_away_another_takes_over(
    database_url: str, tmp_path: Path
) -> None:
    async with asked_at_once(database_url, tmp_path, 5) as (model, gate, asking):
        asking[0].cancel()
        await asyncio.sleep(0.2)
        gate.open.set()
        done = await asyncio.gather(*asking[1:])
        assert all(isinstance(one.answer, Grounded) for one in done)
        assert len(model.asked) == 1


async def test_a_failure_is_told_to_each_and_kept_for_nobody(
    database_url: str, tmp_path: Path
) -> None:
    model = FakeModel("x", window=8)  # Every prompt is too long.
    async with open_test_house(database_url, tmp_path, model=model) as house:
        ann = await add_person(house, "ann", "desk")
        await publish_text(house, ann, LAKE)
        outcomes = await asyncio.gather(
            *(house.ask.answer(FOR_THE_MODEL, principal=ann) for _ in range(3)),
            return_exceptions=True,
        )
        assert {type(outcome).__name__ for outcome in outcomes} == {"PromptTooLong"}
        assert await house.memory.size() == 0


async def test_a_stream_that_is_joined_ends_with_the_whole_answer(
    house: House, ann: Principal
) -> None:
    await publish_text(house, ann, LAKE)
    events = [event async for event in house.ask.stream(ASKED, principal=ann)]
    again = [event async for event in house.ask.stream(ASKED, principal=ann)]
    assert any(isinstance(event, Sentence) for event in events)
    assert not any(isinstance(event, Sentence) for event in again)
    assert again[-1].answer == events[-1].answer  # type: ignore[union-attr]


async def test_a_firm_that_changes_its_terms_gets_no_answer_from_before(
    database_url: str, tmp_path: Path
) -> None:
    cache = CacheSettings(where="database")
    async with open_test_house(database_url, tmp_path, cache=cache) as house:
        ann = await add_person(house, "ann", "desk")
        await publish_text(house, ann, LAKE)
        await house.ask.answer(ASKED, principal=ann)
        assert (await house.ask.answer(ASKED, principal=ann)).reuse is Reuse.EXACT
        home = house.settings.home
    (home / "terms.toml").write_text('[companies."Reed Mills"]\nalso = ["Reeds"]\n')
    async with open_test_house(database_url, tmp_path, cache=cache) as house:
        assert (await house.ask.answer(ASKED, principal=ann)).reuse is None


@pytest.mark.parametrize("question", [ASKED, FOR_THE_MODEL])
async def test_what_is_asked_as_of_an_earlier_moment_is_worked_out_each_time(
    house: House, ann: Principal, question: str
) -> None:
    await publish_text(house, ann, LAKE)
    now = Context(as_of=AsOf(held=house.clock.now()))
    for _ in range(2):
        done = await house.ask.answer(question, principal=ann, context=now)
        assert isinstance(done.answer, Grounded)
        assert done.reuse is None
    assert await house.memory.size() == 0


async def test_another_model_is_another_answer(
    house: House, model: FakeModel, ann: Principal
) -> None:
    await publish_text(house, ann, LAKE)
    await house.ask.answer(FOR_THE_MODEL, principal=ann)
    asked = len(model.asked)
    model.version = "2"
    done = await house.ask.answer(FOR_THE_MODEL, principal=ann)
    assert done.reuse is None
    assert len(model.asked) == asked + 1


def test_only_what_never_matters_is_taken_off_a_question() -> None:
    assert plain_question(" 南湖项目  投资？\n") == plain_question("南湖项目 投资?")
    assert plain_question("ＡＢＣ１２") == "ABC12"
    for one, two in (("10²", "102"), ("5MW", "5mW"), ("1 000", "1000"), ("Ⅱ期", "II期")):
        assert plain_question(one) != plain_question(two)


async def test_a_question_that_leans_on_another_is_not_the_bare_one(
    house: House, ann: Principal
) -> None:
    await publish_text(
        house, ann, "Reed Mills", facts=[a_fact(), replace(a_fact("3"), metric="net_profit")]
    )
    await house.ask.answer("Reed Mills 2025年营业收入是多少？", principal=ann)
    before = Context(questions=("Reed Mills 2025年营业收入是多少？",))
    done = await house.ask.answer("净利润呢？", principal=ann, context=before)
    assert done.reuse is None
    again = await house.ask.answer("净利润呢？", principal=ann, context=before)
    assert again.reuse is Reuse.EXACT
    assert again.answer == done.answer
    receipt = await house.ledger.receipt(again.receipt, scope=scope_of(ann))
    assert receipt.question == "净利润呢？"
    assert receipt.reading
