"""The command that measures: eval."""

from __future__ import annotations

import asyncio
import hashlib
import json as jsonlib
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from yanku.access.scope import scope_of
from yanku.entry.cli.factscores import facts_json, facts_table, mismatches
from yanku.entry.cli.scoretables import (
    failure_lines,
    failures_json,
    reach_table,
    score_table,
)
from yanku.entry.cli.shell import Shell, run, settings_for
from yanku.flows.factscore import FactVerdict, Wanted, fact_scores, judge_facts, load_wanted
from yanku.flows.find import Part
from yanku.flows.measure import Measured
from yanku.flows.retrieval import Reach, reach_scores
from yanku.flows.scoring import Question, load_questions, scores
from yanku.model.people import Principal
from yanku.ports import FactQuery
from yanku.settings import Settings
from yanku.wiring import House, open_house, terms_of

_POLL_S = 0.5
_FACTS = "facts"
_RETRIEVAL = "retrieval"
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
        typer.Option(
            help="Ask only this type; or score only the facts (facts) or the search (retrieval). "
            "Repeatable."
        ),
    ] = None,
    without: Annotated[
        list[Part] | None,
        typer.Option(help="Take something out, to see what it is worth. Repeatable."),
    ] = None,
    sample: Annotated[
        int, typer.Option(help="Ask only so many, drawn by --seed; 0 is all.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option(help="What --sample draws by.")] = 1,
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
    its documents are scored too, exact to the last digit, and every mismatch is listed. Answers
    that are not right are grouped by what went wrong first: parse, fact, understanding,
    retrieval, calculation or wording.
    """
    shell = Shell()
    questions, wanted = run(_asked(folder, limit, only or []))
    if 0 < sample < len(questions):
        # Seeded: the same sample each time.
        questions = random.Random(seed).sample(questions, sample)  # noqa: S311 - no secret
    asked = _Wanted(questions, wanted, search_only=only == [_RETRIEVAL], vectors=vectors)
    settings = settings_for(home or _home_of(folder, settings_for(None)))
    found = run(_measure(shell, settings, folder, asked, frozenset(without or ())))
    if predictions:
        lines = [jsonlib.dumps(item.prediction, ensure_ascii=False) for item in found.measured]
        predictions.write_text("\n".join(lines) + "\n", "utf-8")
    if json:
        text = jsonlib.dumps(found.json(), indent=2, ensure_ascii=False)
        json.write_text(text + "\n", "utf-8")
    found.show(shell, " without ".join([folder.name, *sorted(without or ())]))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be measured."""

    questions: Sequence[Question]
    figures: Sequence[Wanted]
    search_only: bool
    vectors: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """What was measured."""

    measured: Sequence[Measured] = ()
    reached: Sequence[Reach] = ()
    figures: Sequence[FactVerdict] = ()

    def json(self) -> dict[str, Any]:
        table = scores(item.verdict for item in self.measured)
        told: dict[str, Any] = {name: asdict(score) for name, score in table.items()}
        if self.measured:
            told["failures"] = failures_json(self.measured)
        if self.reached:
            reach = reach_scores(self.reached)
            told["retrieval"] = {name: asdict(score) for name, score in reach.items()}
        if self.figures:
            told["facts"] = facts_json(fact_scores(self.figures), self.figures)
        return told

    def show(self, shell: Shell, name: str) -> None:
        if self.measured:
            shell.out.print(score_table(name, scores(item.verdict for item in self.measured)))
            shell.say(_speed([item.prediction["seconds"] for item in self.measured]))
            for line in failure_lines(self.measured):
                shell.say(line)
        if self.reached:
            shell.out.print(reach_table(name, reach_scores(self.reached)))
            shell.say(_speed([one.seconds for one in self.reached]))
        if self.figures:
            shell.out.print(facts_table(name, fact_scores(self.figures)))
            for line in mismatches(self.figures):
                shell.say(line)


def _speed(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    return f"median {ordered[len(ordered) // 2]:.3f} s, slowest {ordered[-1]:.1f} s"


async def _asked(
    folder: Path, limit: int, only: Sequence[str]
) -> tuple[list[Question], list[Wanted]]:
    """Return the questions to ask and the figures to look for, as far as they are wanted."""
    wanted = load_wanted(folder) if not only or _FACTS in only else []
    if only == [_FACTS] or (wanted and not (folder / "questions.jsonl").is_file()):
        return [], wanted
    types = [name for name in only if name not in {_FACTS, _RETRIEVAL}]
    questions = [q for q in load_questions(folder) if not types or q.type in types]
    return questions[:limit] if limit else questions, wanted


def _home_of(folder: Path, settings: Settings) -> Path:
    mark = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]
    return settings.cache / "eval" / f"{folder.name}-{mark}"


async def _measure(
    shell: Shell, settings: Settings, folder: Path, asked: _Wanted, without: frozenset[Part]
) -> _Found:
    async with open_house(settings, without=without) as house:
        principal = await house.accounts.local()
        with Progress(*_COLUMNS, console=shell.err, transient=True) as progress:
            adding = progress.add_task("documents", total=None)
            async for _ in house.measure.add(folder, principal=principal):
                progress.advance(adding)
            await _work_off(house, progress, vectors=asked.vectors)
            for line in await _failures(house, principal):
                progress.console.print(line, markup=False)
            asking = progress.add_task("questions", total=len(asked.questions))
            measured: list[Measured] = []
            reached: list[Reach] = []
            if asked.search_only:
                async for reach in house.measure.search(asked.questions, principal=principal):
                    reached.append(reach)
                    progress.advance(asking)
            else:
                async for item in house.measure.run(asked.questions, principal=principal):
                    measured.append(item)
                    progress.advance(asking)
        if not asked.figures:
            return _Found(measured, reached)
        sourced = await house.facts.facts(FactQuery(), scope=scope_of(principal))
        return _Found(measured, reached, judge_facts(asked.figures, sourced, terms_of(settings)))


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
