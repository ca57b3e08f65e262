"""Commands on documents: ingest, documents, forget, reindex."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from yanku.entry.cli.following import POLL_S, end_worker, follow, own_worker
from yanku.entry.cli.shell import As, Exit, Home, Json, Shell, open_desk, run, settings_for
from yanku.entry.cli.unlocking import ask_passwords as ask_for_passwords
from yanku.errors import InvalidRequest, SourceError
from yanku.flows.unlock import is_locked
from yanku.model.library import DocumentId, Entry, State
from yanku.settings import Settings


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders; safe to repeat.")],
    group: Annotated[list[str] | None, typer.Option(help="Who may read; repeatable.")] = None,
    replace: Annotated[str, typer.Option(help="Id of the document this one replaces.")] = "",
    wait: Annotated[
        str, typer.Option(help="none, words (searchable by words) or vectors")
    ] = "vectors",
    ask_passwords: Annotated[
        bool, typer.Option("--ask-passwords", help="Ask for those of protected files.")
    ] = False,
    home: Home = None,
    person: As = "",
    json: Json = False,
) -> None:
    """Add files to the library. Exit status 4 means that some of them failed."""
    shell = Shell()
    files = files_of(paths)
    ask = ask_passwords and sys.stdin.isatty()
    entries = run(
        _ingest(shell, settings_for(home), files, group or [], replace, wait, person, ask=ask)
    )
    failed = [entry for entry in entries if entry.state is State.FAILED]
    for entry in entries:
        if json:
            shell.json(entry, Entry)
    for entry in failed:
        code, message = entry.failure or ("", "")
        shell.err.print(f"failed: {message} [{code}]", markup=False)
        if is_locked(entry):
            shell.err.print(f"  give its password: yanku unlock {entry.id}", markup=False)
    # Files in archives and mails count as files; refused ones never became entries.
    refused = len(files) - sum(1 for entry in entries if entry.parent is None)
    every, good = len(entries) + refused, len(entries) - len(failed)
    if not json:
        shell.say(f"{good} of {every} files are in the library")
    if good < every:
        raise typer.Exit(Exit.PARTLY if good else Exit.FAILED)


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Return the files named or contained, sorted, hidden ones left out; raise InvalidRequest."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file())
            files += sorted(
                p for p in inside if not any(x.startswith(".") for x in p.relative_to(path).parts)
            )
        elif path.is_file():
            files.append(path)
        else:
            run(_absent(path))
    return [file.resolve() for file in files]


async def _absent(path: Path) -> None:
    raise InvalidRequest(f"{path} does not exist, or may not be read; check the path")


async def _ingest(
    shell: Shell,
    settings: Settings,
    files: Sequence[Path],
    groups: Sequence[str],
    replaces: str,
    wait: str,
    person: str,
    *,
    ask: bool,
) -> list[Entry]:
    async with open_desk(settings) as desk:
        added: list[Entry] = []
        for file in files:
            try:
                added.append(await desk.add(file, file.name, person, tuple(groups), replaces))
            except SourceError as error:
                shell.err.print(f"refused: {error} [{error.code}]", markup=False)
        if wait == "none":
            return added
        worker = own_worker(desk, vectors=wait == "vectors")
        try:
            every = await follow(shell, desk, added, person, vectors=wait == "vectors")
            while ask and await ask_for_passwords(shell, desk, every, person):
                every = await follow(shell, desk, every, person, vectors=wait == "vectors")
            return every
        finally:
            await end_worker(worker)


def documents(home: Home = None, person: As = "", json: Json = False) -> None:
    """List the documents one may read, newest first."""
    shell = Shell()

    async def work() -> list[Entry]:
        found: list[Entry] = []
        async with open_desk(settings_for(home)) as desk:
            listing = await desk.listing(person)
            found += listing.entries
            while listing.after:
                listing = await desk.listing(person, listing.after)
                found += listing.entries
        return found

    for entry in run(work()):
        if json:
            shell.json(entry, Entry)
        else:
            shell.say(
                f"{entry.id}  {entry.state.value:10}  {'  ' if entry.parent else ''}{entry.name}"
            )


def forget(
    document: Annotated[str, typer.Argument(help="Id of the document (see: yanku documents).")],
    home: Home = None,
    person: As = "",
) -> None:
    """Delete a document and all its versions for good, everywhere."""

    async def work() -> int:
        async with open_desk(settings_for(home)) as desk:
            return await desk.forget(DocumentId(document), person)

    versions = run(work())
    Shell().say(f"forgotten: {versions} version(s), with every chunk, fact, vector and picture")


def reindex(home: Home = None) -> None:
    """Rebuild the search index from the database alone."""

    async def work() -> int:
        async with open_desk(settings_for(home), fresh_index=True) as desk:
            chunks = await desk.reindex()
            worker = own_worker(desk, vectors=True)
            if worker is not None:
                while await desk.waiting():
                    await asyncio.sleep(POLL_S)
                await end_worker(worker)
            return chunks

    Shell().say(f"{run(work())} chunks indexed")


def grant(
    document: Annotated[str, typer.Argument(help="Id of the document.")],
    group: Annotated[list[str] | None, typer.Option(help="Who may read; repeatable.")] = None,
    home: Home = None,
    person: As = "",
) -> None:
    """Make a document readable by exactly these groups, and its owner."""

    async def work() -> None:
        async with open_desk(settings_for(home)) as desk:
            await desk.grant(DocumentId(document), tuple(group or ()), person)

    run(work())
    Shell().say("granted" if group else "only its owner reads it now")
