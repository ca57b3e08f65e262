"""The command that shows what an answer left: receipt."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yanku.entry.cli.printing import answer_notes, citation_line, side_by_side
from yanku.entry.cli.shell import As, Exit, Home, Json, Shell, open_desk, run, settings_for
from yanku.entry.replays import difference_lines, source_lines, verdict_line
from yanku.flows.replay import Replayed, Verdict
from yanku.model.answer import Answer, Grounded
from yanku.model.receipt import Receipt


def receipt(
    id: Annotated[str, typer.Argument(metavar="ID", help="The receipt's number.")],
    replay: Annotated[
        bool,
        typer.Option(
            "--replay", help="Ask its question again, as known then, and say what differs."
        ),
    ] = False,
    home: Home = None,
    person: As = "",
    json: Json = False,
) -> None:
    """Show one of your receipts. With --replay, exit status 5 means that the answer differs."""
    shell = Shell()
    if not replay:
        found = run(_receipt(id, person, home))
        shell.json(found, Receipt) if json else _show(shell, found)
        return
    replayed = run(_replay(id, person, home))
    shell.json(replayed, Replayed) if json else _tell(shell, replayed)
    raise typer.Exit(Exit.OK if replayed.verdict is Verdict.SAME else Exit.DIFFERENT)


async def _receipt(id: str, person: str, home: Path | None) -> Receipt:
    async with open_desk(settings_for(home)) as desk:
        return await desk.receipt(id, person)


async def _replay(id: str, person: str, home: Path | None) -> Replayed:
    async with open_desk(settings_for(home)) as desk:
        return await desk.replay(id, person)


def _show(shell: Shell, found: Receipt) -> None:
    shell.say(found.question)
    if found.reading:
        shell.say(f"  read as: {found.reading}")
    if found.answer is None:
        shell.say("the answer was never completed")
    else:
        _answer(shell, found.answer)
    shell.say(f"  asked {found.at.astimezone():%Y-%m-%d %H:%M:%S}, {found.latency_ms or 0} ms")
    for name, version in found.versions:
        shell.say(f"  {name} {version}")


def _answer(shell: Shell, answer: Answer) -> None:
    if isinstance(answer, Grounded):
        shell.say(answer.text)
        if answer.table is not None:
            shell.out.print(side_by_side(answer.table))
        for line in answer_notes(answer):
            shell.say(line)
    else:
        shell.say(answer.message)
        for citation in answer.nearest:
            shell.say(citation_line(citation))


def _tell(shell: Shell, replayed: Replayed) -> None:
    shell.say(verdict_line(replayed, "en"))
    for line in (*source_lines(replayed, "en"), *difference_lines(replayed, "en")):
        shell.say(f"  {line}")
    _answer(shell, replayed.again.answer)
    shell.say(f"  receipt {replayed.again.receipt}, {replayed.again.latency_ms} ms")
