"""The command that measures: eval."""

from __future__ import annotations

import asyncio
import hashlib
import json as jsonlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from yanku.access.scope import scope_of
from yanku.entry.cli.factscores import facts_json, facts_table, mismatches
from yanku.entry.cli.shell import Shell, run, settings_for
from yanku.flows.factscore import FactVerdict, Wanted, fact_scores, judge_facts, load_wanted
from yanku.flows.measure import Measured
from yanku.flows.scoring import Question, Score, load_questions, scores
from yanku.model.people import Principal
from yanku.ports import FactQuery
from yanku.settings import Settings
from yanku.wiring import House, open_house, terms_of

_POLL_S = 0.5
_FACTS = "facts"
_COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeRemainingColumn(),
)


def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="SET", help="Folder of the evaluation set.")],
    limit: Annotated[int, typer.Option(help="Ask only the first so many; 0 is all.")] = 0,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Ask only this type, or score only the facts (facts); repeatable."),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write the scores here.")] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="Write one line per question here.")
    ] = None,
    home: Annotated[
        Path | None, typer.Option(help="Home of this set (default: one per set, in the cache).")
    ] = None,
    vectors: Annotated[
        bool, typer.Option(help="Wait for vectors before asking; without, words alone find.")
    ] = False,
) -> None:
    """Measure accuracy on an evaluation set; a second run reuses what was read.

    Answers are scored by questions.jsonl. Where the set has a facts.jsonl, the figures read from
    its documents are scored too, exact to the last digit, and every mismatch is listed.
    """
    shell = Shell()
    questions, wanted = run(_asked(folder, limit, only or []))
    settings = settings_for(home or _home_of(folder, settings_for(None)))
    measured, verdicts = run(_measure(shell, settings, folder, questions, wanted, vectors=vectors))
    table = scores(item.verdict for item in measured)
    figures = fact_scores(verdicts)
    if predictions:
        lines = [jsonlib.dumps(item.prediction, ensure_ascii=False) for item in measured]
        predictions.write_text("\n".join(lines) + "\n", "utf-8")
    if json:
        found: dict[str, Any] = {name: asdict(score) for name, score in table.items()}
        if verdicts:
            found["facts"] = facts_json(figures, verdicts)
        json.write_text(jsonlib.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if measured:
        shell.out.print(_table(folder.name, table))
        seconds = sorted(item.prediction["seconds"] for item in measured)
        shell.say(f"median {seconds[len(seconds) // 2]:.3f} s, slowest {seconds[-1]:.1f} s")
    if verdicts:
        shell.out.print(facts_table(folder.name, figures))
        for line in mismatches(verdicts):
            shell.say(line)


async def _asked(
    folder: Path, limit: int, only: Sequence[str]
) -> tuple[list[Question], list[Wanted]]:
    """Return the questions to ask and the figures to look for, as far as they are wanted."""
    wanted = load_wanted(folder) if not only or _FACTS in only else []
    if only == [_FACTS] or (wanted and not (folder / "questions.jsonl").is_file()):
        return [], wanted
    questions = [q for q in load_questions(folder) if not only or q.type in only]
    return questions[:limit] if limit else questions, wanted


def _home_of(folder: Path, settings: Settings) -> Path:
    mark = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]
    return settings.cache / "eval" / f"{folder.name}-{mark}"


async def _measure(
    shell: Shell,
    settings: Settings,
    folder: Path,
    questions: Sequence[Question],
    wanted: Sequence[Wanted],
    *,
    vectors: bool,
) -> tuple[list[Measured], list[FactVerdict]]:
    async with open_house(settings) as house:
        principal = await house.accounts.local()
        with Progress(*_COLUMNS, console=shell.err, transient=True) as progress:
            adding = progress.add_task("documents", total=None)
            async for _ in house.measure.add(folder, principal=principal):
                progress.advance(adding)
            await _work_off(house, progress, vectors=vectors)
            for line in await _failures(house, principal):
                progress.console.print(line, markup=False)
            asking = progress.add_task("questions", total=len(questions))
            measured = []
            async for item in house.measure.run(questions, principal=principal):
                measured.append(item)
                progress.advance(asking)
        if not wanted:
            return measured, []
        sourced = await house.facts.facts(FactQuery(), scope=scope_of(principal))
        return measured, judge_facts(wanted, sourced, terms_of(settings))


async def _failures(house: House, principal: Principal) -> list[str]:
    """Return a line for every document that could not be read: it costs answers and facts."""
    lines: list[str] = []
    after = ""
    while True:
        entries, after = await house.library.entries(scope=scope_of(principal), after=after)
        lines += [f"not read: {e.name}: {e.failure[1]}" for e in entries if e.failure]
        if not after:
            return lines


async def _work_off(house: House, progress: Progress, *, vectors: bool) -> None:
    """Run the queue until it is empty, showing how many documents are left."""
    reading = progress.add_task("reading", total=await house.queue.waiting())
    worker = asyncio.create_task(house.work(vectors=vectors, until_empty=True))
    total = progress.tasks[reading].total or 0
    while not worker.done():
        progress.update(reading, completed=total - await house.queue.waiting())
        await asyncio.wait([worker], timeout=_POLL_S)
    await worker


def _table(name: str, found: dict[str, Score]) -> Table:
    table = Table(title=name)
    heads = ("type", "n", "accuracy", "95 %", "wrong", "declined", "invented", "cited of right")
    for head in heads:
        table.add_column(head, justify="left" if head == "type" else "right")
    for kind, score in found.items():
        shares = (score.wrong, score.declined, score.invented, score.cited)
        table.add_row(
            kind,
            str(score.questions),
            f"{score.accuracy:.1%}",
            f"{score.low:.1%}–{score.high:.1%}",
            *(f"{share:.1%}" for share in shares),
        )
    return table
