"""What a command shows while documents are being read, and the worker that reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from yanku.entry.cli.shell import Shell
from yanku.entry.desk import Desk
from yanku.errors import NotFound
from yanku.model.library import DocumentId, Entry, State
from yanku.wiring import House

POLL_S = 0.3
DONE = {State.LIVE, State.FAILED, State.SUPERSEDED}


def own_worker(desk: Desk, *, vectors: bool) -> asyncio.Task[None] | None:
    """Work the queue here, unless a server does."""
    house: House | None = desk.house if isinstance(desk, Desk) else None
    return asyncio.create_task(house.work(vectors=vectors)) if house else None


async def end_worker(worker: asyncio.Task[None] | None) -> None:
    """Stop a worker of this process; what it was at goes back to the queue."""
    if worker is not None:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


async def follow(
    shell: Shell, desk: Desk, added: Sequence[Entry], person: str, *, vectors: bool
) -> list[Entry]:
    """Show progress until every document is live or failed, and has its vectors if wanted.

    The files in archives and mails are followed too, from the moment they are known.
    """
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
                    if before.state not in DONE and entries[id_].state is State.LIVE:
                        shell.err.print(_read(entries[id_]), markup=False)
                        entries |= await _members(desk, entries[id_], person, entries)
                except NotFound:
                    del entries[id_]  # Forgotten by somebody meanwhile.
            every = list(entries.values())
            _show(progress, pages, [(e.progress.pages_done, e.progress.pages) for e in every])
            _show(progress, chunks, [(e.progress.vectors_done, e.progress.chunks) for e in every])
            if all(_settled(entry, vectors) for entry in every):
                return every
            await asyncio.sleep(POLL_S)


async def _members(
    desk: Desk, container: Entry, person: str, known: Mapping[DocumentId, Entry]
) -> dict[DocumentId, Entry]:
    found = await desk.members(container.id, person)
    return {entry.id: entry for entry in found if entry.id not in known}


def _read(entry: Entry) -> str:
    pages, flaws = entry.progress.pages, len(entry.flaws)
    size = f", {pages} pages" if pages else ""
    doubt = f", {flaws} part(s) not read" if flaws else ""
    return f"read: {entry.name}{size}{doubt}"


def _settled(entry: Entry, vectors: bool) -> bool:
    if entry.state is State.LIVE and vectors:
        return entry.progress.vectors_done >= entry.progress.chunks
    return entry.state in DONE


def _show(progress: Progress, task: TaskID, counts: Sequence[tuple[int, int]]) -> None:
    done, total = sum(count[0] for count in counts), sum(count[1] for count in counts)
    speed = progress.tasks[task].speed
    rate = f"{speed:.1f}/s" if speed else ""
    progress.update(task, completed=done, total=max(total, 1), rate=rate)
