"""Our reading beside others', on the same pages: ``python benchmarks/parsing.py DATA/filings``.

Every reader runs in a process of its own that has imported it before the clock starts. What is
asked of each: how fast, which printed rows it finds with their figures, and which tables it keeps
whole. Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import os
import pickle
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from parsing_readers import READERS, Reading
from parsing_truth import WantedRow, WantedTable, filing_truth, generated_truth
from rich.console import Console
from rich.progress import Progress

from yanku.model.amount import read_amount

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Paper:
    """One document as every reader gets it, and what it should say; pages from 1 of the cut."""

    path: Path
    pages: int
    rows: tuple[WantedRow, ...]
    tables: tuple[WantedTable, ...]


@dataclass(slots=True)
class Score:
    """What one reader did in all rounds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    in_tables: int = 0
    anywhere: int = 0
    exact: int = 0
    whole: int = 0
    errors: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="*", help="sets: documents/ and facts.jsonl")
    parser.add_argument("--documents", type=int, default=6, help="documents of each set")
    parser.add_argument("--pages", type=int, default=16, help="pages of each document at most")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--readers", default=",".join(READERS), help="which, by name")
    parser.add_argument("--misses", type=int, default=0, help="rows missed to print, a reader")
    asked = parser.parse_args()
    names = asked.readers.split(",")
    with tempfile.TemporaryDirectory() as folder:
        papers = _papers(asked.data, Path(folder), asked.documents, asked.pages)
        scores = _measure(names, papers, asked.rounds, Path(folder), asked.misses)
    print(_table(names, papers, scores, asked.rounds))


# -- the pages ------------------------------------------------------------------------------------


def _papers(sets: Sequence[Path], folder: Path, documents: int, pages: int) -> list[Paper]:
    papers = []
    for number, (path, rows, tables) in enumerate(generated_truth(folder / "generated")):
        papers.append(_cut(path, folder / f"g{number}.pdf", rows, tables, _ALL))
    for name, set_ in enumerate(sets):
        truths = filing_truth(set_)
        step = max(1, len(truths) // documents)
        for number, (path, rows, tables) in enumerate(truths[::step][:documents]):
            papers.append(_cut(path, folder / f"s{name}-{number}.pdf", rows, tables, pages))
    return papers


def _cut(
    path: Path, target: Path, rows: Sequence[WantedRow], tables: Sequence[WantedTable], most: int
) -> Paper:
    """Write the pages that the truth is about, and some around, as a file of their own."""
    with pypdfium2.PdfDocument(path) as source, pypdfium2.PdfDocument.new() as cut:
        first = max(1, min((row.page for row in rows if row.page), default=1) - 1)
        last = min(len(source), first + most - 1)
        cut.import_pages(source, list(range(first - 1, last)))
        cut.save(target)

    def here(row: WantedRow) -> bool:
        return row.page == 0 or first <= row.page <= last

    kept = tuple(row for row in rows if here(row))
    whole = tuple(table for table in tables if all(map(here, table.rows)))
    return Paper(target, last - first + 1, kept, whole)


# -- measuring ------------------------------------------------------------------------------------


def _measure(
    names: Sequence[str], papers: Sequence[Paper], rounds: int, folder: Path, misses: int
) -> dict[str, Score]:
    scores = {name: Score() for name in names}
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=rounds * len(names))
        for round_ in range(rounds):
            # Each round begins with another reader, so that none always has the warm machine.
            for name in [*names[round_ % len(names) :], *names[: round_ % len(names)]]:
                readings = _run(name, papers, scores[name], folder)
                if round_ == 0:
                    _judge(name, papers, readings, scores[name], misses)
                progress.advance(task)
    return scores


def _run(name: str, papers: Sequence[Paper], score: Score, folder: Path) -> list[Reading]:
    out = folder / "readings.pickle"
    command = [sys.executable, str(Path(__file__).with_name("parsing_child.py")), name, str(out)]
    before = os.times()
    subprocess.run([*command, *(str(paper.path) for paper in papers)], check=True)  # noqa: S603
    after = os.times()
    wall, started, readings, errors = pickle.loads(out.read_bytes())  # noqa: S301 - our own child's
    spent = after.children_user + after.children_system
    score.wall.append(wall)
    score.cpu.append(spent - before.children_user - before.children_system - started)
    score.errors = errors
    return list(readings)


# -- judging --------------------------------------------------------------------------------------


def _judge(
    name: str, papers: Sequence[Paper], readings: Sequence[Reading], score: Score, misses: int
) -> None:
    for paper, reading in zip(papers, readings, strict=True):
        for row in paper.rows:
            table = _table_with(row, reading)
            score.in_tables += table is not None
            found = table is not None or any(_says(row, page.lines) for page in reading.pages)
            score.anywhere += found
            score.exact += _exact(row, reading)
            if not found and misses > 0:
                misses -= 1
                print(f"{name} misses {row} in {paper.path.name}", file=sys.stderr)
        score.whole += sum(_whole(table, reading) for table in paper.tables)


def _table_with(row: WantedRow, reading: Reading) -> int | None:
    for number, table in enumerate(reading.tables):
        if any(_is(row, cells) for cells in table):
            return number
    return None


def _is(row: WantedRow, cells: Sequence[str]) -> bool:
    """Tell whether a row of cells has the label and, each in a cell of its own, the figures."""
    told = [_bare(cell) for cell in cells]
    return _bare(row.label) in "".join(told) and all(_bare(f) in told for f in row.figures)


def _says(row: WantedRow, lines: Iterable[str]) -> bool:
    for line in lines:
        words = [_bare(word) for word in re.split(r"[\s|]+", line)]
        if all(_bare(f) in words for f in row.figures) and _bare(row.label) in _bare(line):
            return True
    return False


def _exact(row: WantedRow, reading: Reading) -> bool:
    """Tell whether a row gives the figures in base units, with their unit."""
    return any(
        _bare(row.label) in _bare(label) and set(row.values) <= set(amounts)
        for label, amounts in reading.amounts
    )


def _whole(wanted: WantedTable, reading: Reading) -> bool:
    """Tell whether all rows stand in one table, and no more rows with figures than there are."""
    table = _table_with(wanted.rows[0], reading)
    if table is None:
        return False
    cells = reading.tables[table]
    if not all(any(_is(row, each) for each in cells) for row in wanted.rows):
        return False
    figured = sum(any(read_amount(cell) is not None for cell in each[1:]) for each in cells)
    return wanted.size is None or figured == wanted.size


def _bare(text: str) -> str:
    """Return a text without what readers write in their own ways: widths, dashes, spaces, and
    the marks of footnotes.
    """
    folded = unicodedata.normalize("NFKC", _MARKS.sub("", text)).translate(_DASHES)
    return re.sub(r"[\s\\*“”\"']+", "", folded).lower()


_DASHES = str.maketrans("−–—", "---")
_MARKS = re.compile(r"[¹²³⁴-⁹①-⑳]|[\[［]注\d{0,2}[\]］]")


# -- showing --------------------------------------------------------------------------------------


def _table(
    names: Sequence[str], papers: Sequence[Paper], scores: dict[str, Score], rounds: int
) -> str:
    pages = sum(paper.pages for paper in papers)
    rows = sum(len(paper.rows) for paper in papers)
    tables = sum(len(paper.tables) for paper in papers)
    spread: defaultdict[str, int] = defaultdict(int)
    for paper in papers:
        spread["generated" if paper.path.name.startswith("g") else "given"] += 1
    kinds = ", ".join(f"{number} {kind}" for kind, number in spread.items())
    lines = [
        f"{len(papers)} documents ({kinds}), {pages} pages, {rows} rows, {tables} tables; "
        f"median of {rounds} rounds; {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "",
        "| reader | pages/s | pages per CPU second | rows in a table | rows anywhere | "
        "amounts in base units | tables whole |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in names:
        score = scores[name]
        wall, cpu = statistics.median(score.wall), statistics.median(score.cpu)
        lines.append(
            f"| {name} {READERS[name].version()} | {pages / wall:.1f} | {pages / cpu:.1f} | "
            f"{score.in_tables / rows:.1%} | {score.anywhere / rows:.1%} | "
            f"{score.exact / rows:.1%} | {score.whole} of {tables} |"
        )
        lines += [f"| | {error} |" for error in score.errors[:3]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
