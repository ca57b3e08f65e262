"""The cause of a wrong answer follows from what was read, known, understood and found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.houses import open_test_house
from tests.reports import income_statement, written

from yanku.access.scope import scope_of
from yanku.finance.ontology import load_ontology
from yanku.flows.inquest import Cause, Failure, Inquest
from yanku.flows.retrieval import Reach, pages_of, reach_scores
from yanku.flows.scoring import Question
from yanku.model.amount import Amount
from yanku.model.answer import Answer, Calculation, Citation, Claim, Declined, Grounded, Reason
from yanku.model.answer import Operand as Shown
from yanku.model.inquiry import Task
from yanku.model.library import ChunkId, DocumentId
from yanku.model.place import InText
from yanku.model.search import Channel
from yanku.wiring import House

ROW = ("report.html", 0, "营业收入")
GONE = Declined(Reason.NOT_FOUND, "没有")


def figure(value: str, *evidence: tuple[str, int, str], unit: str = "CNY") -> Question:
    return Question(
        "q1",
        "晨屿仪器2024年营业收入是多少",
        "lookup",
        {"kind": "number", "value": value, "unit": unit},
        evidence or (ROW,),
    )


def told(amount: str, *, chunk: str = "", operands: tuple[str, ...] = ()) -> Grounded:
    cited = Citation(
        1, DocumentId("d"), "report.html", InText(1, 1), "", ChunkId(chunk) if chunk else None
    )
    shown = tuple(Shown(name, Amount(Decimal(name), "CNY"), 1) for name in operands)
    result = Amount(Decimal(amount), "CNY")
    calculations = (Calculation("a − b", shown, result),) if shown else ()
    return Grounded((Claim(amount, (1,)),), (cited,), result, calculations=calculations)


@asynccontextmanager
async def inquests(database_url: str, folder: Path) -> AsyncIterator[tuple[House, Inquest]]:
    async with open_test_house(database_url, folder) as house:
        who = await house.accounts.local()
        text = income_statement(2024, "1,200.00", before="1,000.00")
        text = text.replace(
            "</table>", "<tr><td>零星杂项</td><td>7.00</td><td>8.00</td></tr></table>"
        )
        path = written(folder, "report.html", text)
        await house.ingest.add(path, path.name, owner=who)
        await house.work(vectors=True, until_empty=True)
        yield (
            house,
            Inquest(
                find=house.find,
                library=house.library,
                facts=house.facts,
                ontology=load_ontology(),
            ),
        )


async def test_each_step_that_fails_first_is_named(database_url: str, tmp_path: Path) -> None:
    async with inquests(database_url, tmp_path) as (house, inquest):
        who = await house.accounts.local()
        question = figure("1200")
        inquiry = await house.find.inquiry(question.text, scope=scope_of(who))

        async def cause(asked: Question, answer: Answer, **change: object) -> Cause:
            read = replace(inquiry, **change)  # type: ignore[arg-type]
            failure: Failure = await inquest.cause(asked, read, answer, principal=who)
            assert failure.detail
            return failure.cause

        assert await cause(figure("1", ("other.pdf", 1, "营业收入")), GONE) is Cause.PARSE
        assert await cause(figure("1", ("report.html", 0, "存货")), GONE) is Cause.PARSE
        assert await cause(figure("1201"), GONE) is Cause.PARSE
        assert await cause(figure("7", ("report.html", 0, "零星杂项")), GONE) is Cause.FACT
        assert await cause(question, GONE, task=Task.TEXT) is Cause.UNDERSTANDING
        assert await cause(question, GONE, metrics=("total_assets",)) is Cause.UNDERSTANDING
        early = tuple(replace(p, end=p.end.replace(year=2019)) for p in inquiry.periods)
        assert await cause(question, GONE, periods=early) is Cause.UNDERSTANDING
        assert await cause(question, GONE) is Cause.WORDING
        assert await cause(question, told("1000")) is Cause.FACT
        assert await cause(question, told("1000", chunk="c")) is Cause.WORDING
        change = figure("20", ROW, unit="%")
        assert await cause(change, told("99", operands=("1200", "1000"))) is Cause.CALCULATION
        assert await cause(change, told("99", operands=("5", "6"))) is Cause.FACT
        trap = replace(question, answer={"kind": "none"}, evidence=())
        assert await cause(trap, told("1000")) is Cause.UNDERSTANDING
        assert await cause(trap, told("1000"), task=Task.TEXT) is Cause.WORDING
        text = replace(question, answer={"kind": "text", "points": ["x"]})
        unlike = replace(text, evidence=(("report.html", 9, ""),))
        assert await cause(unlike, GONE) is Cause.RETRIEVAL
        assert await cause(text, GONE) is Cause.WORDING


async def test_the_row_with_the_figure_asked_for_is_found_first_and_says_why(
    database_url: str, tmp_path: Path
) -> None:
    async with inquests(database_url, tmp_path) as (house, _):
        who = await house.accounts.local()
        for n in range(12):
            noise = "晨屿仪器 营业收入 2024年 " * 3 + f"<p>营业收入的说明之{n}</p>"
            path = written(tmp_path, f"{n}.html", f"<html><body><p>{noise}</p></body></html>")
            await house.ingest.add(path, path.name, owner=who)
        await house.work(vectors=True, until_empty=True)
        search = await house.find.search("晨屿仪器2024年营业收入是多少", scope=scope_of(who))
        first = search.hits[0]
        assert first.file == "report.html"
        assert first.ranks[Channel.FACTS] == 1
        assert pages_of(search.hits)[0] == ("report.html", 0)


def test_a_question_is_reached_when_every_page_it_needs_is_among_the_first_ten() -> None:
    wanted = frozenset({("a.pdf", 1), ("b.pdf", 2)})
    others = tuple(("c.pdf", n) for n in range(9))
    near = Reach("1", "t", wanted, (("a.pdf", 1), ("b.pdf", 2), *others), 0.1)
    far = Reach("2", "t", wanted, (("a.pdf", 1), *others, ("b.pdf", 2)), 0.1)
    assert (near.all_found, far.all_found) == (True, False)
    score = reach_scores([near, far])["ALL"]
    assert score.all_found == pytest.approx(0.5)
    assert score.share == pytest.approx(0.75)
