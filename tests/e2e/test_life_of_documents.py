"""Documents through the whole house: found, replaced, forgotten, in the right hands only."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.houses import add_person, add_text, open_test_house

from yanku.access.scope import scope_of
from yanku.errors import NotFound
from yanku.model.answer import Citation, Declined, Grounded
from yanku.model.library import State
from yanku.testing.model import FakeModel


def echo() -> FakeModel:
    """Make a model that repeats the evidence it is shown, as a careless one would."""
    return FakeModel(lambda messages: messages[-1].content.replace("\n", "。"))


def cited(answer: Grounded | Declined) -> tuple[Citation, ...]:
    return answer.citations if isinstance(answer, Grounded) else answer.nearest


def quoted(answer: Grounded | Declined) -> set[str]:
    return {citation.document for citation in cited(answer)}


async def test_a_document_is_found_by_words_before_it_has_vectors(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        path = tmp_path / "memo.txt"
        path.write_text("南湖项目的总投资为3.6亿元。", "utf-8")
        entry = await house.ingest.add(path, path.name, owner=owner)
        await house.work(vectors=False, until_empty=True)
        found = await house.find.search("南湖项目总投资", scope=scope_of(owner))
        assert [hit.chunk.document for hit in found.hits] == [entry.id]


async def test_the_same_bytes_added_twice_are_one_document(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        first = await add_text(house, tmp_path, "a.txt", "甲方支付2,000元。", owner)
        again = await add_text(house, tmp_path, "copy.txt", "甲方支付2,000元。", owner)
        assert first.id == again.id
        entries, _ = await house.library.entries(scope=scope_of(owner))
        assert len(entries) == 1
        assert await house.index.count() == 1


async def test_a_broken_file_fails_alone_with_a_name(database_url: str, tmp_path: Path) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        path = tmp_path / "report.pdf"
        path.write_bytes(b"%PDF-1.7\nnothing that follows is a PDF")
        broken = await house.ingest.add(path, path.name, owner=owner)
        good = await add_text(house, tmp_path, "a.txt", "北湖项目投资5亿元。", owner)
        failed = await house.library.entry(broken.id, scope=scope_of(owner))
        assert failed.state is State.FAILED
        assert failed.failure is not None
        assert failed.failure[0] == "broken_source"
        assert "report.pdf" in failed.failure[1]
        assert good.state is State.LIVE


async def test_a_forgotten_document_is_gone_everywhere_when_forget_returns(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path, model=echo()) as house:
        owner = await house.accounts.local()
        entry = await add_text(house, tmp_path, "a.txt", "东湖项目的预算为8亿元。", owner)
        before = await house.ask.answer("东湖项目预算多少?", principal=owner)
        assert isinstance(before.answer, Grounded)
        await house.keep.forget(entry.id, principal=owner)
        after = await house.ask.answer("东湖项目预算多少?", principal=owner)
        assert isinstance(after.answer, Declined)
        assert not quoted(after.answer)
        assert await house.index.count() == 0
        assert not [p for p in (tmp_path / "files").rglob("*") if p.is_file()]
        receipt = await house.ledger.receipt(before.receipt, scope=scope_of(owner))
        assert receipt.answer is not None
        assert "8亿元" not in "".join(
            citation.quote for citation in getattr(receipt.answer, "citations", ())
        )
        with pytest.raises(NotFound):
            await house.library.entry(entry.id, scope=scope_of(owner))


async def test_no_answer_cites_a_document_after_its_delete_returned(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path, model=echo()) as house:
        owner = await house.accounts.local()
        for round_ in range(6):
            entry = await add_text(
                house,
                tmp_path,
                f"{round_}.txt",
                f"西湖项目第{round_}期预算为{round_ + 2}亿元。",
                owner,
            )
            gone = asyncio.Event()
            late: list[set[str]] = []

            async def keep_asking(gone: asyncio.Event, late: list[set[str]]) -> None:
                for _ in range(200):
                    started_after = gone.is_set()
                    done = await house.ask.answer("西湖项目预算多少?", principal=owner)
                    if gone.is_set():
                        late.append(quoted(done.answer))
                    if started_after:
                        return

            asking = [asyncio.create_task(keep_asking(gone, late)) for _ in range(3)]
            await asyncio.sleep(0.05 * round_)
            await house.keep.forget(entry.id, principal=owner)
            gone.set()
            await asyncio.gather(*asking)
            assert late
            assert all(entry.id not in cited for cited in late)


async def test_replacing_a_document_gives_old_answers_or_new_never_a_mixture(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path, model=echo()) as house:
        owner = await house.accounts.local()
        old = await add_text(house, tmp_path, "v.txt", "中湖预算5亿元。\n\n中湖工期30个月。", owner)
        path = tmp_path / "v2.txt"
        path.write_text("中湖预算7亿元。\n\n中湖工期40个月。", "utf-8")
        seen: set[bool] = set()
        done = asyncio.Event()

        async def look() -> None:
            while not done.is_set():
                found = await house.find.search("中湖 预算 工期", scope=scope_of(owner))
                text = " ".join(hit.chunk.text for hit in found.hits)
                assert text, "neither version was found"
                assert ("5亿" in text) != ("7亿" in text), text
                seen.add("7亿" in text)
                await asyncio.sleep(0)

        looking = asyncio.create_task(look())
        await house.ingest.add(path, "v.txt", owner=owner, replaces=old.id)
        await house.work(vectors=True, until_empty=True)
        await asyncio.sleep(0.05)
        done.set()
        await looking
        assert seen == {False, True}
        entries, _ = await house.library.entries(scope=scope_of(owner))
        assert [(entry.version, entry.state) for entry in entries] == [(2, State.LIVE)]


async def test_two_people_with_disjoint_rights_never_see_each_others_documents(
    database_url: str, tmp_path: Path
) -> None:
    shown_to_model = echo()
    async with open_test_house(database_url, tmp_path, model=shown_to_model) as house:
        anna = await add_person(house, "anna", "east")
        boris = await add_person(house, "boris", "west")
        secrets = {"anna": "琥珀计划", "boris": "翡翠计划"}
        for person in (anna, boris):
            await add_text(
                house,
                tmp_path,
                f"{person.name}.txt",
                f"{secrets[person.name]}的预算为{len(person.name)}亿元,负责人为{person.name}。",
                person,
            )
        chance = random.Random(11)
        questions = [
            "琥珀计划预算多少?",
            "翡翠计划预算多少?",
            "谁是负责人?",
            "预算最高的计划?",
            "计划 负责人 预算",
        ]
        for _ in range(1000):
            person, other = chance.choice([(anna, "boris"), (boris, "anna")])
            done = await house.ask.answer(chance.choice(questions), principal=person)
            # The model may repeat the question; what it is shown and what is cited may not leak.
            assert f"{other}.txt" not in repr(done.answer)
            shown = shown_to_model.asked[-1][-1].content if shown_to_model.asked else ""
            shown_to_model.asked.clear()
            assert secrets[other] not in shown.rsplit("\n\n", 1)[0]
            assert all(secrets[other] not in citation.quote for citation in cited(done.answer))


async def test_an_unknown_thing_and_somebody_elses_look_the_same(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path, model=echo()) as house:
        anna = await add_person(house, "anna")
        boris = await add_person(house, "boris")
        entry = await add_text(house, tmp_path, "a.txt", "琥珀计划预算为3亿元。", anna)
        real = await house.ask.answer("琥珀计划预算多少?", principal=boris)
        unreal = await house.ask.answer("玛瑙计划预算多少?", principal=boris)
        assert real.answer == unreal.answer
        errors = []
        for id_ in (entry.id, type(entry.id)("0" * 32)):
            with pytest.raises(NotFound) as caught:
                await house.view.lines(id_, principal=boris)
            errors.append(str(caught.value).replace(id_, "ID"))
        assert errors[0] == errors[1]


async def test_reindexing_rebuilds_what_was_lost(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    async with open_test_house(new_database(), tmp_path) as house:
        owner = await house.accounts.local()
        entry = await add_text(house, tmp_path, "a.txt", "洪湖项目总投资9亿元。", owner)
        await house.index.clear()
        assert not (await house.find.search("洪湖项目", scope=scope_of(owner))).hits
        assert await house.keep.reindex() == 1
        found = await house.find.search("洪湖项目", scope=scope_of(owner))
        assert [hit.chunk.document for hit in found.hits] == [entry.id]
