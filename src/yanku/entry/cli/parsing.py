"""Commands that show what the machine saw in a document: parse, report."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from yanku.entry.cli.overlay import overlaid
from yanku.entry.cli.reporting import report_lines
from yanku.entry.cli.shell import As, Home, Json, Shell, open_desk, run, settings_for
from yanku.entry.cli.unlocking import password_from
from yanku.entry.markdown import markdown_of
from yanku.errors import InvalidRequest
from yanku.finance.ontology import load_ontology
from yanku.flows.report import Reading, read_file
from yanku.model.document import Document
from yanku.model.library import DocumentId
from yanku.model.report import ParseReport
from yanku.ports import Reader
from yanku.wiring import reader_for

_DPI = 110
_RANGE = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")
_MOST_PAGES = 100_000

Pages = Annotated[str, typer.Option(help="Only these pages are shown, such as 3-7 or 1,4-6.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print the document as Markdown.")]


def parse(
    file: Annotated[Path, typer.Argument(help="The file to read; nothing is kept of it.")],
    report: Annotated[bool, typer.Option("--report", help="Print the report (default).")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the whole document, or with --report the report.")
    ] = False,
    markdown: Markdown = False,
    overlay: Annotated[
        Path | None, typer.Option(help="Write each page as a PNG, with what was seen outlined.")
    ] = None,
    pages: Pages = "",
    password_file: Annotated[
        Path | None,
        typer.Option(help="File whose first line is the password; - reads standard input."),
    ] = None,
    home: Home = None,
) -> None:
    """Read one file and show what the machine saw in it. Needs no library, and changes none."""
    if markdown and (json or report):
        raise typer.BadParameter("--markdown goes without --json and --report")
    chosen = _chosen(pages)
    shell = Shell()
    reader = reader_for(settings_for(home))
    with TemporaryDirectory() as folder:
        source = run(_source(reader, file, password_file, Path(folder)))
        reading = run(_read(shell, reader, source, file.name))
        if chosen is not None:
            reading = reading.within(chosen)
        if overlay is not None:
            run(_overlay(shell, reader, source, file.name, reading.document, overlay))
    if markdown:
        _write(markdown_of(reading.document))
    elif json and not report:
        shell.json(reading.document, Document)
    elif json:
        shell.json(reading.report(), ParseReport)
    elif report or overlay is None:
        _say(shell, reading.report())


def report(
    document: Annotated[str, typer.Argument(help="Id of the document (see: yanku documents).")],
    markdown: Markdown = False,
    home: Home = None,
    person: As = "",
    json: Json = False,
) -> None:
    """Show what the machine saw in a document of the library."""
    if markdown and json:
        raise typer.BadParameter("--markdown goes without --json")
    shell = Shell()

    async def work() -> ParseReport | str:
        async with open_desk(settings_for(home)) as desk:
            if markdown:
                return await desk.markdown(DocumentId(document), person)
            return await desk.report(DocumentId(document), person)

    found = run(work())
    if isinstance(found, str):
        _write(found)
    elif json:
        shell.json(found, ParseReport)
    else:
        _say(shell, found)


def _say(shell: Shell, report: ParseReport) -> None:
    for line in report_lines(report):
        shell.say(line)


def _write(text: str) -> None:
    """Write a text as UTF-8, whatever the terminal thinks it speaks."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.flush()


async def _source(reader: Reader, file: Path, password_file: Path | None, folder: Path) -> Path:
    """Return the file, or with a password a copy of it that opens without."""
    if not _readable(file):
        raise InvalidRequest(f"{file} is no file, or may not be read; check the path")
    if password_file is None:
        return file
    await reader.unlock(file, file.name, await password_from(password_file), folder / "unlocked")
    return folder / "unlocked"


def _readable(file: Path) -> bool:
    try:
        return file.is_file() and os.access(file, os.R_OK)
    except OSError:  # a folder on the way may not be looked into
        return False


async def _read(shell: Shell, reader: Reader, source: Path, name: str) -> Reading:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=shell.err, transient=True) as progress:
        task = progress.add_task("pages", total=1)

        async def on_pages(done: int, total: int) -> None:
            progress.update(task, completed=done, total=max(total, 1))

        return await read_file(reader, load_ontology(), source, name, on_pages)


async def _overlay(
    shell: Shell, reader: Reader, source: Path, name: str, document: Document, folder: Path
) -> None:
    if not document.pages:
        raise InvalidRequest(f"{name} has no pages to draw on; leave out --overlay")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with Progress(console=shell.err, transient=True) as progress:
            for page in progress.track(document.pages, description="drawing"):
                picture = await reader.render(source, name, page.number, _DPI)
                target = folder / f"{Path(name).stem}-{page.number:04}.png"
                target.write_bytes(overlaid(picture, page, document))
    except OSError as error:
        raise InvalidRequest(f"{folder} cannot be written to: {error.strerror}") from error
    shell.err.print(f"{len(document.pages)} page(s) drawn in {folder}", markup=False)


def _chosen(pages: str) -> frozenset[int] | None:
    """Return the pages named by ``3-7`` or ``1,4-6``, None for all."""
    if not pages:
        return None
    chosen: set[int] = set()
    for part in pages.split(","):
        found = _RANGE.fullmatch(part.strip())
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= _MOST_PAGES:
            raise typer.BadParameter(f"--pages {pages}: give pages such as 3-7 or 1,4-6")
        chosen.update(range(first, last + 1))
    return frozenset(chosen)
