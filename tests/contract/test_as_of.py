"""Answers as of an earlier day, and earlier answers given again."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.houses import add_person, add_text, open_test_house
from tests.reports import income_statement, written

from yanku.access.scope import scope_of
from yanku.errors import InvalidRequest, NotFound
from yanku.flows.ask import Context, Done
from yanku.flows.replay import Aspect, SourceState, Verdict
from yanku.model.answer import Answer, Declined, Grounded
from yanku.model.library import Entry
from yanku.model.people import AsOf, Principal
from yanku.model.receipt import ReceiptId
from yanku.testing.clock import FakeClock
from yanku.testing.model import FakeModel
from yanku.wiring import House

MAY = datetime(2025, 5, 10, 9, tzinfo=UTC)
QUESTION = "晨屿仪器2024年营业收入是多少"


@asynccontextmanager
async def a_house(
    database_url: str, folder: Path, *, model: FakeModel | None = None
) -> AsyncIterator[tuple[House, FakeClock, Principal]]:
    clock = FakeClock(MAY)
    async with open_test_house(database_url, folder, clock=clock, model=model) as house:
        yield house, clock, await house.accounts.local()


async def add(
    house: House, path: Path, owner: Principal, replaces: Entry | None = None, *groups: str
) -> Entry:
    readers = await house.accounts.readers(groups)
    entry = await house.ingest.add(
        path, path.name, owner=owner, readers=readers, replaces=replaces.id if replaces else None
    )
    await house.work(vectors=True, until_empty=True)
    return await house.library.entry(entry.id, scope=scope_of(owner))


async def asked(
    house: House, who: Principal, as_of: AsOf | None = None, question: str = QUESTION
) -> Done:
    context = Context(as_of=as_of) if as_of else Context()
    return await house.ask.answer(question, principal=who, context=context)


def value(answer: Answer) -> Decimal | None:
    return answer.amount.value if isinstance(answer, Grounded) and answer.amount else None


async def test_a_replaced_version_answers_as_of_its_own_days_and_the_new_one_since(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        old = await add(house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who)
        clock.advance(timedelta(days=10))
        new = written(tmp_path, "b.html", income_statement(2024, "1,300.00"))
        await add(house, new, who, old)
        assert value((await asked(house, who)).answer) == 1300
        for moment, expected in (
            (MAY - timedelta(days=1), None),
            (MAY + timedelta(days=1), 1200),
            (MAY + timedelta(days=11), 1300),
        ):
            done = await asked(house, who, AsOf(moment))
            assert value(done.answer) == expected
            receipt = await house.ledger.receipt(done.receipt, scope=scope_of(who))
            assert receipt.as_of == AsOf(moment)
            if isinstance(done.answer, Grounded):
                assert any("只用当时文库已有" in note for note in done.answer.assumptions)
            else:
                assert "只用当时文库已有" in done.answer.message


async def test_the_place_of_a_replaced_version_that_is_cited_can_still_be_seen(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        old = await add(house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who)
        clock.advance(timedelta(days=10))
        await add(house, written(tmp_path, "b.html", income_statement(2024, "1,300.00")), who, old)
        done = await asked(house, who, AsOf(MAY + timedelta(days=1)))
        assert isinstance(done.answer, Grounded)
        assert done.answer.citations[0].document == old.id
        lines = await house.view.lines(old.id, principal=who)
        assert any("1,200.00" in line.text for line in lines)


async def test_what_was_not_public_by_a_day_does_not_answer_as_of_it(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, _, who):
        # An annual report of 2024 that names no day counts as public from its deadline.
        entry = await add(
            house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who
        )
        assert entry.public_on == date(2025, 4, 30)
        before, since = (AsOf(public=date(2025, 4, day)) for day in (29, 30))
        assert isinstance((await asked(house, who, before)).answer, Declined)
        assert value((await asked(house, who, since)).answer) == 1200
        assert isinstance((await asked(house, who, AsOf(MAY, date(2025, 4, 29)))).answer, Declined)


async def test_last_year_is_the_year_before_the_day_asked_as_of(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        await add(house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who)
        clock.advance(timedelta(days=400))
        question = "晨屿仪器去年营业收入是多少"
        then = await asked(house, who, AsOf(MAY + timedelta(days=1)), question)
        assert value(then.answer) == 1200
        assert isinstance((await asked(house, who, None, question)).answer, Declined)


async def test_a_question_that_follows_one_as_of_a_day_is_as_of_that_day_too(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        text = income_statement(2024, "1,200.00", before="900.00")
        old = await add(house, written(tmp_path, "a.html", text), who)
        clock.advance(timedelta(days=10))
        text = income_statement(2024, "1,300.00", before="950.00")
        await add(house, written(tmp_path, "b.html", text), who, old)
        first = await asked(house, who, AsOf(MAY + timedelta(days=1)))
        context = Context(after=first.receipt)
        then = await house.ask.answer("那2023年呢？", principal=who, context=context)
        assert value(then.answer) == 900


async def test_text_is_found_as_of_a_day_only_in_what_was_known_then(
    database_url: str, tmp_path: Path
) -> None:
    model = FakeModel("南湖项目由甲方承建[1]。")
    async with a_house(database_url, tmp_path, model=model) as (house, clock, who):
        old = await add_text(house, tmp_path, "memo.txt", "南湖项目由甲方承建。", who)
        clock.advance(timedelta(days=10))
        await add(house, written(tmp_path, "m.txt", "南湖项目改由乙方承建。"), who, old)
        for as_of, file in ((AsOf(MAY + timedelta(days=1)), "memo.txt"), (AsOf(), "m.txt")):
            search = await house.find.search("南湖项目由谁承建？", scope=scope_of(who, as_of))
            assert [hit.file for hit in search.hits] == [file]
        done = await asked(house, who, AsOf(MAY + timedelta(days=1)), "南湖项目由谁承建？")
        assert isinstance(done.answer, Grounded)
        assert done.answer.citations[0].document == old.id


async def test_the_index_built_anew_still_finds_what_was_known_then(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        old = await add_text(house, tmp_path, "memo.txt", "南湖项目由甲方承建。", who)
        clock.advance(timedelta(days=10))
        await add(house, written(tmp_path, "m.txt", "南湖项目改由乙方承建。"), who, old)
        await house.keep.reindex()
        await house.work(vectors=True, until_empty=True)
        then = scope_of(who, AsOf(MAY + timedelta(days=1)))
        for scope, file in ((then, "memo.txt"), (scope_of(who), "m.txt")):
            found = await house.find.search("南湖项目由谁承建？", scope=scope)
            assert [hit.file for hit in found.hits] == [file]


async def test_a_forgotten_document_answers_as_of_no_day(database_url: str, tmp_path: Path) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        old = await add(house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who)
        clock.advance(timedelta(days=10))
        new = await add(
            house, written(tmp_path, "b.html", income_statement(2024, "1,300.00")), who, old
        )
        await house.keep.forget(new.id, principal=who)
        for moment in (MAY + timedelta(days=1), MAY + timedelta(days=11)):
            assert isinstance((await asked(house, who, AsOf(moment))).answer, Declined)
        assert await house.index.count() == 0


async def test_whoever_may_not_read_a_document_reads_it_as_of_no_day(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, _, who):
        await add(house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who)
        other = await add_person(house, "ben")
        for as_of in (AsOf(MAY + timedelta(days=1)), AsOf(public=date(2025, 12, 31))):
            assert isinstance((await asked(house, other, as_of)).answer, Declined)


async def test_an_answer_given_again_is_the_same_from_the_same_sources(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        await add(house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who)
        clock.advance(timedelta(days=1))
        first = await asked(house, who)
        replayed = await house.replay.replay(first.receipt, principal=who)
        assert replayed.verdict is Verdict.SAME
        assert replayed.differences == ()
        assert [source.state for source in replayed.sources] == [SourceState.LIVE]
        assert replayed.again.receipt != first.receipt


async def test_one_changed_digit_changes_the_answer_and_not_the_replay_of_the_old_one(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        text = income_statement(2024, "1,234,567,890.12")
        old = await add(house, written(tmp_path, "a.html", text), who)
        clock.advance(timedelta(days=1))
        first = await asked(house, who)
        clock.advance(timedelta(days=1))
        changed = re.sub("567", "568", text)
        await add(house, written(tmp_path, "b.html", changed), who, old)
        clock.advance(timedelta(days=1))
        assert value((await asked(house, who)).answer) == Decimal("1234568890.12")
        replayed = await house.replay.replay(first.receipt, principal=who)
        assert value(replayed.again.answer) == Decimal("1234567890.12")
        assert replayed.verdict is Verdict.SAME
        assert [source.state for source in replayed.sources] == [SourceState.REPLACED]


async def test_a_replay_says_which_source_was_deleted(database_url: str, tmp_path: Path) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        entry = await add(
            house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who
        )
        clock.advance(timedelta(days=1))
        first = await asked(house, who)
        await house.keep.forget(entry.id, principal=who)
        replayed = await house.replay.replay(first.receipt, principal=who)
        assert replayed.verdict is Verdict.SOURCE_GONE
        assert [(s.file, s.state) for s in replayed.sources] == [("a.html", SourceState.GONE)]
        kind = next(d for d in replayed.differences if d.aspect is Aspect.KIND)
        assert kind.then == "grounded"
        assert isinstance(replayed.again.answer, Declined)


async def test_a_source_taken_from_a_reader_looks_deleted_in_their_replay(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        ben = await add_person(house, "ben", "desk")
        path = written(tmp_path, "a.html", income_statement(2024, "1,200.00"))
        entry = await add(house, path, who, None, "desk")
        clock.advance(timedelta(days=1))
        first = await asked(house, ben)
        assert value(first.answer) == 1200
        await house.keep.grant(entry.id, (), principal=who)
        replayed = await house.replay.replay(first.receipt, principal=ben)
        assert replayed.verdict is Verdict.SOURCE_GONE
        assert [s.state for s in replayed.sources] == [SourceState.GONE]
        with pytest.raises(NotFound):
            await house.replay.replay(first.receipt, principal=who)


async def test_a_replay_sees_nothing_that_became_readable_only_later(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        ben = await add_person(house, "ben")
        path = written(tmp_path, "a.html", income_statement(2024, "1,200.00"))
        admin = await house.accounts.local()
        await house.accounts.add_group(admin, "desk")
        await add(house, path, who, None, "desk")
        clock.advance(timedelta(days=1))
        first = await asked(house, ben)
        assert isinstance(first.answer, Declined)
        group = await house.accounts.group_named("desk")
        await house.accounts.join(admin, ben.user, group)
        ben = await house.accounts.by_name("ben")
        assert value((await asked(house, ben)).answer) == 1200
        replayed = await house.replay.replay(first.receipt, principal=ben)
        assert isinstance(replayed.again.answer, Declined)
        assert replayed.verdict is Verdict.SAME


async def test_an_answer_never_completed_cannot_be_given_again(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        await add(house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who)
        clock.advance(timedelta(days=1))
        first = await asked(house, who)
        receipt = await house.ledger.receipt(first.receipt, scope=scope_of(who))
        open_ = replace(receipt, id=ReceiptId("open"), answer=None, latency_ms=None)
        await house.ledger.open(open_)
        with pytest.raises(InvalidRequest):
            await house.replay.replay(ReceiptId("open"), principal=who)


async def test_a_replay_tells_that_the_own_terms_of_the_house_have_changed(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        text = income_statement(2024, "1,200.00").replace(
            "</table>", "<tr><td>减：营业成本</td><td>900.00</td></tr></table>"
        )
        await add(house, written(tmp_path, "a.html", text), who)
        clock.advance(timedelta(days=1))
        first = await asked(house, who, None, "晨屿仪器2024年毛利率")
        assert value(first.answer) == 25
    written(
        tmp_path,
        "terms.toml",
        '[ratios.gross_margin]\nformula = "operating_revenue / operating_cost"',
    )
    async with a_house(database_url, tmp_path) as (house, clock, who):
        clock.advance(timedelta(days=2))
        replayed = await house.replay.replay(first.receipt, principal=who)
        assert replayed.verdict is Verdict.DIFFERENT
        told = {one.aspect: (one.then, one.now) for one in replayed.differences}
        assert told[Aspect.VERSION][0] == "terms"
        assert re.fullmatch(r"terms [0-9a-f]{12}", told[Aspect.VERSION][1])


async def test_a_replay_names_a_source_that_was_granted_only_later(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        ben = await add_person(house, "ben", "desk")
        path = written(tmp_path, "a.html", income_statement(2024, "1,200.00"))
        entry = await add(house, path, who)
        clock.advance(timedelta(days=1))
        first = await asked(house, ben)
        assert isinstance(first.answer, Declined)
        readers = await house.accounts.readers(("desk",))
        await house.keep.grant(entry.id, readers, principal=who)
        replayed = await house.replay.replay(first.receipt, principal=ben)
        assert replayed.verdict is Verdict.DIFFERENT
        assert [(s.file, s.state) for s in replayed.sources] == [("a.html", SourceState.ADDED)]


async def test_a_replay_tells_that_fewer_companies_disclose_and_what_was_near_a_decline_is_gone(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        await add(house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who)
        other = income_statement(2024, "300.00", company="栖川重工股份有限公司")
        other = other.replace("688901", "688902").replace("晨屿仪器", "栖川重工")
        gone = await add(house, written(tmp_path, "b.html", other), who)
        clock.advance(timedelta(days=1))
        most = await asked(house, who, None, "2024年营业收入超过1000元的公司有几家")
        none = await asked(house, who, None, "栖川重工2024年研发费用是多少")
        assert isinstance(none.answer, Declined)
        assert (await house.replay.replay(most.receipt, principal=who)).differences == ()
        await house.keep.forget(gone.id, principal=who)
        replayed = await house.replay.replay(most.receipt, principal=who)
        (difference,) = replayed.differences
        assert difference.aspect is Aspect.NOTES
        assert "2家公司中2家披露" in difference.then
        assert "1家公司中1家披露" in difference.now
        replayed = await house.replay.replay(none.receipt, principal=who)
        assert replayed.verdict is Verdict.SOURCE_GONE
        assert [(s.file, s.state) for s in replayed.sources] == [("b.html", SourceState.GONE)]


async def test_that_an_answer_was_given_before_is_no_difference(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        await add(house, written(tmp_path, "a.html", income_statement(2024, "1,200.00")), who)
        clock.advance(timedelta(days=1))
        await asked(house, who)
        again = await asked(house, who)
        assert again.reuse is not None
        assert (await house.replay.replay(again.receipt, principal=who)).differences == ()


async def test_a_question_that_leaned_on_another_is_given_again_alike(
    database_url: str, tmp_path: Path
) -> None:
    async with a_house(database_url, tmp_path) as (house, clock, who):
        text = income_statement(2024, "1,200.00", before="900.00")
        await add(house, written(tmp_path, "a.html", text), who)
        clock.advance(timedelta(days=1))
        for question in (QUESTION, "What was the operating revenue of 晨屿仪器 in 2024?"):
            first = await asked(house, who, None, question)
            context = Context(after=first.receipt)
            leaning = await house.ask.answer("那2023年呢？", principal=who, context=context)
            assert value(leaning.answer) == 900
            clock.advance(timedelta(days=400))
            replayed = await house.replay.replay(leaning.receipt, principal=who)
            assert replayed.differences == ()
