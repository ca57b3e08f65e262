"""Over random histories, what the cache gives is what would have been worked out, and no leak."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.houses import add_person, open_test_house
from tests.houses_direct import publish_text

from yanku.access.scope import group_key, scope_of
from yanku.errors import NotFound
from yanku.flows.memory import Memory
from yanku.model.answer import Grounded, citations_of
from yanku.model.library import DocumentId
from yanku.model.people import Principal
from yanku.ports import Message
from yanku.settings import CacheSettings
from yanku.testing.library import a_fact
from yanku.testing.model import FakeModel
from yanku.wiring import House

PEOPLE = (("ann", ("desk",)), ("ben", ("desk", "law")), ("cat", ("law",)), ("dan", ()))
COMPANIES = ("Reed Mills", "Oak Foundry")
QUESTIONS = (
    "南湖项目的总投资是多少？",
    "南湖项目的总投资是多少",
    "北湖项目的总投资是多少？",
    "Reed Mills 2025年营业收入是多少？",
    "请问Reed Mills 2025年度营业收入是多少",
    "Oak Foundry 2025年营业收入是多少？",
    "Reed Mills和Oak Foundry 2025年营业收入哪家更高？",
    "2025年营业收入最高的公司是哪家？",
    "Reed Mills 2025年净利润是多少？",
)


Where = Literal["memory", "database"]
Kind = Literal["ask", "publish", "replace", "grant", "forget", "join", "leave"]


@dataclass(frozen=True)
class Step:
    kind: Kind
    person: int
    which: int
    value: int


STEPS = st.builds(
    Step,
    kind=st.sampled_from(
        ("ask", "ask", "ask", "ask", "publish", "replace", "grant", "forget", "join", "leave")
    ),
    person=st.integers(0, len(PEOPLE) - 1),
    which=st.integers(0, 20),
    value=st.integers(1, 99),
)

_rounds = itertools.count()


class World:
    """A house, four people, and what they do to each other's documents."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.people: list[str] = []
        self.groups: dict[str, str] = {}
        self.documents: list[tuple[DocumentId, str]] = []
        self.hits = self.questions = 0
        nothing = Memory(
            answers=None, library=house.library, ledger=house.ledger, clock=house.clock
        )
        self.afresh = house.ask.with_memory(nothing)

    async def open(self) -> None:
        for name, groups in PEOPLE:
            await add_person(self.house, name, *groups)
            self.people.append(name)
        admin = await self.house.accounts.local()
        known = await self.house.accounts.groups(admin)
        self.groups = {group.name: group_key(group.id) for group in known}

    async def who(self, number: int) -> Principal:
        return await self.house.accounts.by_name(self.people[number])

    async def do(self, step: Step) -> None:
        person = await self.who(step.person)
        match step.kind:
            case "ask":
                await self.ask(QUESTIONS[step.which % len(QUESTIONS)], person)
            case "publish":
                await self.publish(person, step, None)
            case "replace" | "grant" | "forget" if self.documents:
                document, owner = self.documents[step.which % len(self.documents)]
                principal = await self.house.accounts.by_name(owner)
                if step.kind == "forget":
                    await self.house.keep.forget(document, principal=principal)
                    self.documents = [one for one in self.documents if one[0] != document]
                elif step.kind == "grant":
                    readers = self._readers(step.value)
                    await self.house.keep.grant(document, readers, principal=principal)
                else:
                    self.documents.remove((document, owner))
                    await self.publish(principal, step, document)
            case "join" | "leave":
                await self.move(person, step)
            case _:
                pass

    def _readers(self, value: int) -> set[str]:
        return {key for n, key in enumerate(self.groups.values()) if value >> n & 1}

    async def publish(self, owner: Principal, step: Step, old: DocumentId | None) -> None:
        subject = step.which % 4
        serial = next(_rounds)
        if subject < 2:
            name = ("南湖", "北湖")[subject]
            text, facts, company = f"{name}项目的总投资为{step.value}亿元。", [], "Elm House"
            text += f"（第{serial}号）"
        else:
            company = COMPANIES[subject - 2]
            text = f"{company} {serial}"
            facts = [replace(a_fact(str(step.value), company))]
        readers = () if old else self._readers(step.value)
        id = await publish_text(
            self.house,
            owner,
            text,
            readers=readers,
            facts=facts,
            replaces=old,
            company=company,
        )
        self.documents.append((id, owner.name))

    async def move(self, person: Principal, step: Step) -> None:
        admin = await self.house.accounts.local()
        name = sorted(self.groups)[step.which % len(self.groups)]
        group = await self.house.accounts.group_named(name)
        change = self.house.accounts.join if step.kind == "join" else self.house.accounts.leave
        await change(admin, person.user, group)

    async def ask(self, question: str, person: Principal) -> None:
        given_ = await self.house.ask.answer(question, principal=person)
        worked_out = await self.afresh.answer(question, principal=person)
        assert given_.answer == worked_out.answer, (question, given_.reuse)
        self.questions += 1
        self.hits += given_.reuse is not None
        scope = scope_of(person)
        for citation in citations_of(given_.answer):
            await self.house.library.entry(citation.document, scope=scope)
        receipt = await self.house.ledger.receipt(given_.receipt, scope=scope)
        assert receipt.answer == given_.answer
        assert receipt.readers == scope.readers


def echo() -> FakeModel:
    """Make a model that repeats the evidence, and not how the question was punctuated."""

    def reply(messages: Sequence[Message]) -> str:
        lines = messages[-1].content.splitlines()
        return "。".join(line for line in lines if "项目的总投资是多少" not in line)

    return FakeModel(reply)


def run_history(database_url: str, folder: Path, where: Where, history: list[Step]) -> World:
    async def live() -> World:
        cache = CacheSettings(where=where, answers=16)
        async with open_test_house(database_url, folder, model=echo(), cache=cache) as house:
            world = World(house)
            await world.open()
            for step in history:
                await world.do(step)
            return world

    return asyncio.run(live())


@pytest.mark.parametrize("where", ["memory", "database"])
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(STEPS, min_size=5, max_size=40))
def test_whatever_happened_the_answer_is_the_one_that_would_be_worked_out_now(
    where: Where,
    new_database: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
    history: list[Step],
) -> None:
    run_history(new_database(), tmp_path_factory.mktemp("house"), where, history)


@pytest.mark.parametrize("where", ["memory", "database"])
def test_over_a_long_history_there_are_hits_and_none_is_wrong_stale_or_leaked(
    where: Where, new_database: Callable[[], str], tmp_path: Path
) -> None:
    chance = random.Random(7)
    kinds: tuple[Kind, ...] = ("ask",) * 14 + (
        "publish",
        "replace",
        "grant",
        "forget",
        "join",
        "leave",
    )
    history = [
        Step(
            chance.choice(kinds), chance.randrange(4), chance.randrange(21), chance.randrange(1, 99)
        )
        for _ in range(400)
    ]
    world = run_history(new_database(), tmp_path, where, history)
    assert world.questions > 200
    assert world.hits > 60


async def test_while_everything_changes_at_once_nobody_is_told_what_they_may_not_read(
    database_url: str, tmp_path: Path
) -> None:
    """The owner takes the right away and gives it back; whoever asks after the taking sees none."""
    async with open_test_house(database_url, tmp_path, model=echo()) as house:
        world = World(house)
        await world.open()
        ann, ben = await world.who(0), await world.who(1)
        document = await publish_text(
            house, ann, "南湖项目的总投资为5亿元。", readers={world.groups["desk"]}
        )
        forbidden = False
        wrong = 0
        over = asyncio.Event()

        async def keep_asking() -> None:
            nonlocal wrong
            while not over.is_set():
                began = forbidden
                done = await house.ask.answer("南湖项目的总投资是多少？", principal=ben)
                # Forbidden when it was asked and when it was answered.
                wrong += began and forbidden and isinstance(done.answer, Grounded)

        async def keep_changing() -> None:
            nonlocal forbidden
            for _ in range(25):
                await house.keep.grant(document, [], principal=ann)
                forbidden = True
                await asyncio.sleep(0.03)
                forbidden = False
                await house.keep.grant(document, [world.groups["desk"]], principal=ann)
                await asyncio.sleep(0.03)
            over.set()

        await asyncio.gather(keep_changing(), *(keep_asking() for _ in range(4)))
        assert wrong == 0
        await house.keep.forget(document, principal=ann)
        with pytest.raises(NotFound):
            await house.library.entry(document, scope=scope_of(ann))
