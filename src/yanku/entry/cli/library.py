"""Commands on documents: ingest, documents, forget, reindex."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from yanku.entry.cli.shell import As, Exit, Home, Json, Shell, open_desk, run, settings_for
from yanku.entry.desk import Desk
from yanku.errors import InvalidRequest, NotFound, SourceError
from yanku.model.library import DocumentId, Entry, State
from yanku.settings import Settings
from yanku.wiring import House

_POLL_S = 0.3
_DONE = {State.LIVE, State.FAILED, State.SUPERSEDED}


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders; safe to repeat.")],
    group: Annotated[list[str] | None, typer.Option(help="Who may read; repeatable.")] = None,
    replace: Annotated[str, typer.Option(help="Id of the document this one replaces.")] = "",
    wait: Annotated[
        str, typer.Option(help="none, words (searchable by words) or vectors")
    ] = "vectors",
    home: Home = None,
    person: As = "",
    json: Json = False,
) -> None:
    """Add files to the library. Exit status 4 means that some of them failed."""
    shell = Shell()
    files = files_of(paths)
    entries = run(_ingest(shell, settings_for(home), files, group or [], replace, wait, person))
    failed = [entry for entry in entries if entry.state is State.FAILED]
    for entry in entries:
        if json:
            shell.json(entry, Entry)
    for entry in failed:
        code, message = entry.failure or ("", "")
        shell.err.print(f"failed: {message} [{code}]", markup=False)
    if not json:
        shell.say(f"{len(entries) - len(failed)} of {len(files)} files are in the library")
    if failed or len(entries) < len(files):
        raise typer.Exit(Exit.PARTLY if len(failed) < len(files) else Exit.FAILED)


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
        worker = _own_worker(desk, vectors=wait == "vectors")
        try:
            return await _follow(shell, desk, added, person, vectors=wait == "vectors")
        finally:
            if worker is not None:
                worker.cancel()
                await asyncio.gather(worker, return_exceptions=True)


def _own_worker(desk: Desk, *, vectors: bool) -> asyncio.Task[None] | None:
    """Work the queue here, unless a server does."""
    house: House | None = desk.house if isinstance(desk, Desk) else None
    return asyncio.create_task(house.work(vectors=vectors)) if house else None


async def _follow(
    shell: Shell, desk: Desk, added: Sequence[Entry], person: str, *, vectors: bool
) -> list[Entry]:
    """Show progress until every document is live or failed, and has its vectors if wanted."""
    entries = {entry.id: entry for entry in added}
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}  {task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=shell.err, transient=True) as progress:
        pages = progress.add_task("pages", total=1, rate="")
        chunks = progress.add_task("vectors", total=1, rate="", visible=vectors)
        while True:
            for id_ in [id_ for id_, entry in entries.items() if not _settled(entry, vectors)]:
                try:
                    before, entries[id_] = entries[id_], await desk.entry(id_, person)
                    if before.state not in _DONE and entries[id_].state is State.LIVE:
                        shell.err.print(_read(entries[id_]), markup=False)
                except NotFound:
                    del entries[id_]  # Forgotten by somebody meanwhile.
            every = list(entries.values())
            _show(progress, pages, [(e.progress.pages_done, e.progress.pages) for e in every])
            _show(progress, chunks, [(e.progress.vectors_done, e.progress.chunks) for e in every])
            if all(_settled(entry, vectors) for entry in every):
                return every
            await asyncio.sleep(_POLL_S)


def _read(entry: Entry) -> str:
    pages, flaws = entry.progress.pages, len(entry.flaws)
    size = f", {pages} pages" if pages else ""
    doubt = f", {flaws} part(s) not read" if flaws else ""
    return f"read: {entry.name}{size}{doubt}"


def _settled(entry: Entry, vectors: bool) -> bool:
    if entry.state is State.LIVE and vectors:
        return entry.progress.vectors_done >= entry.progress.chunks
    return entry.state in _DONE


def _show(progress: Progress, task: TaskID, counts: Sequence[tuple[int, int]]) -> None:
    done, total = sum(count[0] for count in counts), sum(count[1] for count in counts)
    speed = progress.tasks[task].speed
    rate = f"{speed:.1f}/s" if speed else ""
    progress.update(task, completed=done, total=max(total, 1), rate=rate)


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
            shell.say(f"{entry.id}  {entry.state.value:10}  {entry.name}")


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
            worker = _own_worker(desk, vectors=True)
            if worker is not None:
                while await desk.waiting():
                    await asyncio.sleep(_POLL_S)
                worker.cancel()
                await asyncio.gather(worker, return_exceptions=True)
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
