"""The command that opens protected documents, and the prompt for their passwords."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from yanku.entry.cli.following import end_worker, follow, own_worker
from yanku.entry.cli.shell import As, Exit, Home, Shell, open_desk, run, settings_for
from yanku.entry.desk import Desk
from yanku.errors import InvalidRequest, WrongPassword
from yanku.flows.unlock import is_locked
from yanku.model.library import DocumentId, Entry, State

_TRIES = 3
Prompt = Callable[[str], str]
"""Asks a question and returns what was typed, without showing it."""


def unlock(
    document: Annotated[str, typer.Argument(help="Id of the document (see: yanku documents).")],
    password_file: Annotated[
        Path | None,
        typer.Option(help="File whose first line is the password; - reads standard input."),
    ] = None,
    home: Home = None,
    person: As = "",
) -> None:
    """Open a document that is protected by a password, and read it.

    The password is asked for without showing it, used once, and kept nowhere.
    """
    shell = Shell()

    async def work() -> list[Entry]:
        password = await password_from(password_file)
        async with open_desk(settings_for(home)) as desk:
            worker = own_worker(desk, vectors=True)
            try:
                entry = await desk.unlock(DocumentId(document), password, person)
                return await follow(shell, desk, [entry], person, vectors=True)
            finally:
                await end_worker(worker)

    for entry in run(work()):
        if entry.state is State.FAILED and entry.failure is not None:
            shell.err.print(f"failed: {entry.failure[1]} [{entry.failure[0]}]", markup=False)
            raise typer.Exit(Exit.FAILED)
        shell.say(f"unlocked: {entry.name}")


async def ask_passwords(
    shell: Shell, desk: Desk, entries: Sequence[Entry], person: str, prompt: Prompt | None = None
) -> bool:
    """Ask for the password of every document that waits for one; tell whether any was opened."""
    opened = False
    for entry in entries:
        if is_locked(entry):
            opened |= await _ask(shell, desk, entry, person, prompt or _prompt)
    return opened


async def _ask(shell: Shell, desk: Desk, entry: Entry, person: str, prompt: Prompt) -> bool:
    """Ask up to three times; an empty answer leaves the document as it is."""
    for _ in range(_TRIES):
        password = await asyncio.to_thread(prompt, f"Password of {entry.name} (empty: skip)")
        if not password:
            return False
        try:
            await desk.unlock(entry.id, password, person)
        except WrongPassword as error:
            shell.err.print(str(error), markup=False)
        else:
            return True
    return False


def _prompt(question: str) -> str:
    return str(typer.prompt(question, hide_input=True, default="", show_default=False, err=True))


async def password_from(file: Path | None) -> str:
    """Return the first line of a file, or of standard input for ``-``; ask if there is none."""
    if file is None:
        return await asyncio.to_thread(_prompt, "Password")
    try:
        text = sys.stdin.readline() if str(file) == "-" else file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{file} cannot be read as text; check the path") from error
    return text.split("\n", 1)[0].rstrip("\r")
