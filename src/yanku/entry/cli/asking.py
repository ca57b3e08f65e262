"""Commands that ask: ask and search."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yanku.entry.cli.printing import answer_notes, citation_line, hit_lines, side_by_side
from yanku.entry.cli.shell import (
    As,
    AsOfDay,
    Exit,
    Home,
    Json,
    PublicBy,
    Shell,
    open_desk,
    run,
    settings_for,
)
from yanku.flows.ask import Done, Sentence
from yanku.flows.find import Search
from yanku.model.answer import Declined, Grounded

Question = Annotated[str, typer.Argument(help="A question in Chinese or English.")]


def ask(
    question: Question,
    after: Annotated[
        str, typer.Option(help="Receipt of the answer that this question leans on.")
    ] = "",
    as_of: AsOfDay = "",
    public_by: PublicBy = "",
    home: Home = None,
    person: As = "",
    json: Json = False,
) -> None:
    """Answer a question with citations. Exit status 3 means declined."""
    shell = Shell()
    asked = (question, person, after, as_of, public_by)
    done = run(_ask(shell, asked, home, quiet=json))
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


async def _ask(
    shell: Shell, asked: tuple[str, str, str, str, str], home: Path | None, *, quiet: bool
) -> Done:
    shown = ""
    async with open_desk(settings_for(home)) as desk:
        async for event in desk.ask(*asked):
            if isinstance(event, Sentence) and not quiet:
                marks = "".join(f"[{number}]" for number in event.claim.citations)
                shell.out.print(event.claim.text + marks, end="", markup=False)
                shown += event.claim.text + marks
            if isinstance(event, Done):
                if not quiet and isinstance(event.answer, Grounded):
                    shell.say(_rest(event.answer.text, shown))
                return event
    raise AssertionError("the events of an answer end with Done")


def _rest(whole: str, shown: str) -> str:
    """Return what is left to say; an answer that was worded otherwise meanwhile follows whole."""
    return whole[len(shown) :] if whole.startswith(shown) else f"\n\n{whole}"


def search(
    question: Question,
    limit: Annotated[int, typer.Option(help="How many hits.", min=1, max=100)] = 10,
    as_of: AsOfDay = "",
    public_by: PublicBy = "",
    home: Home = None,
    person: As = "",
    json: Json = False,
) -> None:
    """Show evidence only, with the reason each hit is there."""
    shell = Shell()

    async def work() -> Search:
        async with open_desk(settings_for(home)) as desk:
            return await desk.search(question, person, limit, as_of, public_by)

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
