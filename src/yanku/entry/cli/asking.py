"""Commands that ask: ask, search, facts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from yanku.entry.cli.printing import answer_notes, citation_line, hit_lines, side_by_side
from yanku.entry.cli.shell import As, Exit, Home, Json, Shell, open_desk, run, settings_for
from yanku.entry.desk import Wanted
from yanku.errors import InvalidRequest
from yanku.flows.ask import Done, Sentence
from yanku.flows.find import Search
from yanku.model.answer import Declined, Grounded
from yanku.model.finance import Fact
from yanku.model.library import Entry
from yanku.model.place import InSheet, OnPage

Question = Annotated[str, typer.Argument(help="A question in Chinese or English.")]


def ask(question: Question, home: Home = None, person: As = "", json: Json = False) -> None:
    """Answer a question with citations. Exit status 3 means declined."""
    shell = Shell()
    done = run(_ask(shell, question, home, person, quiet=json))
    if json:
        shell.json(done, Done)
    elif isinstance(done.answer, Grounded):
        if done.answer.table is not None:
            shell.out.print(side_by_side(done.answer.table))
        for line in answer_notes(done.answer):
            shell.say(line)
    else:
        shell.say(done.answer.message)
        for citation in done.answer.nearest:
            shell.say(citation_line(citation))
    if not json:
        shell.say(f"  receipt {done.receipt}, {done.latency_ms} ms")
    raise typer.Exit(Exit.DECLINED if isinstance(done.answer, Declined) else Exit.OK)


async def _ask(shell: Shell, question: str, home: Any, person: str, *, quiet: bool) -> Done:  # noqa: ANN401
    shown = False
    async with open_desk(settings_for(home)) as desk:
        async for event in desk.ask(question, person):
            if isinstance(event, Sentence) and not quiet:
                marks = "".join(f"[{number}]" for number in event.claim.citations)
                shell.out.print(event.claim.text + marks, end="", markup=False)
                shown = True
            if isinstance(event, Done):
                if not quiet and isinstance(event.answer, Grounded):
                    shell.say("" if shown else event.answer.text)
                return event
    raise AssertionError("the events of an answer end with Done")


def search(
    question: Question,
    limit: Annotated[int, typer.Option(help="How many hits.", min=1, max=100)] = 10,
    home: Home = None,
    person: As = "",
    json: Json = False,
) -> None:
    """Show evidence only, with the reason each hit is there."""
    shell = Shell()

    async def work() -> Search:
        async with open_desk(settings_for(home)) as desk:
            return await desk.search(question, person, limit)

    found = run(work())
    if json:
        shell.json(found, Search)
        return
    companies = ", ".join(company.name for company in found.inquiry.companies) or "any company"
    years = ", ".join(str(year) for year in sorted(found.filter.years)) or "any year"
    shell.say(f"filters: {companies}; {years}")
    for number, hit in enumerate(found.hits, start=1):
        for line in hit_lines(number, hit):
            shell.say(line)
    if not found.hits:
        shell.say("nothing found")


def facts(
    company: Annotated[list[str] | None, typer.Option(help="Securities code; repeatable.")] = None,
    metric: Annotated[list[str] | None, typer.Option(help="Metric id; repeatable.")] = None,
    period: Annotated[
        list[str] | None, typer.Option(help="Last day of the period, 2024-09-30; repeatable.")
    ] = None,
    scope: Annotated[str, typer.Option(help="consolidated or parent")] = "",
    home: Home = None,
    person: As = "",
    json: Json = False,
) -> None:
    """List typed facts by company, metric and period, one a line."""
    shell = Shell()

    async def work() -> list[tuple[Fact, Entry]]:
        wanted = Wanted(
            companies=tuple(company or ()),
            metrics=tuple(metric or ()),
            period_ends=tuple(_day(text) for text in period or ()),
            consolidation=scope,
        )
        async with open_desk(settings_for(home)) as desk:
            return await desk.facts(wanted, person)

    for fact, entry in run(work()):
        if json:
            shell.json(fact_json(fact, entry), dict[str, Any])
        else:
            shell.say(
                f"{fact.company.name}  {fact.period.start or ''}…{fact.period.end}  "
                f"{fact.label}  {fact.amount.value:,f} {fact.amount.unit}  "
                f"{fact.consolidation.value}  {entry.name}"
            )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidRequest(f"{text!r} is not a day like 2024-09-30") from None


def fact_json(fact: Fact, entry: Entry) -> dict[str, Any]:
    """Return a fact as one flat object, numbers as decimal strings in base units."""
    place = fact.place
    period = entry.profile.period
    return {
        "file": entry.name,
        "code": fact.company.code,
        "company": fact.company.name,
        "year": fact.period.end.year,
        "period": entry.profile.report.value,
        "report_end": period.end.isoformat() if period else None,
        "start_date": fact.period.start.isoformat() if fact.period.start else None,
        "end_date": fact.period.end.isoformat(),
        "statement": fact.statement.value,
        "metric": fact.metric,
        "label": fact.label,
        "value": f"{fact.amount.value:f}",
        "unit": fact.amount.unit,
        "scope": fact.consolidation.value,
        "column": fact.column,
        "restated": fact.restated,
        "page": place.page if isinstance(place, OnPage) else None,
        "box": place.box if isinstance(place, OnPage) else None,
        "sheet": place.sheet if isinstance(place, InSheet) else None,
        "cell": place.cells if isinstance(place, InSheet) else None,
        "checks": {check.name: check.passed for check in fact.checks},
    }
