"""Our statements beside other extractors': ``python benchmarks/witnesses.py FOLDER``.

Every row of every statement that we read is looked for in what others make of the same pages: the
page's own running text, pdfplumber (another PDF engine) and docvortex (another reader of tables).
A row agrees if they print the label followed by exactly our figures, and differs if they print as
many others. Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pdfplumber
import pypdf
from parsing_readers import READERS
from rich.console import Console
from rich.progress import track
from rich.table import Table as Shown

from yanku.finance.ontology import Ontology, load_ontology
from yanku.finance.titled import titled_tables
from yanku.model.document import Digest, Table
from yanku.model.place import OnPage
from yanku.parse.pdf import read_pdf
from yanku.parse.source import Limits
from yanku.parse.witness import witnessed

Texts = Mapping[int, str]


@dataclass(slots=True)
class Tally:
    """Rows that another reader confirms, disputes or does not have."""

    rows: int = 0
    agree: int = 0
    differ: int = 0
    seconds: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=6, help="smallest first; 0 is all")
    parser.add_argument("--without", nargs="*", default=[], help="readers to leave out")
    chosen = parser.parse_args()
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    files = sorted(chosen.folder.glob("*.pdf"), key=lambda path: path.stat().st_size)
    readers = {name: read for name, read in _READERS.items() if name not in chosen.without}
    tallies = {name: Tally() for name in ("running text", *readers)}
    differing: list[str] = []
    ontology = load_ontology()
    for path in track(files[: chosen.documents or None], "documents"):
        statements = _statements(path, ontology)
        if not statements:
            continue
        _count(tallies["running text"], statements, statements, path.name, differing)
        bare = [replace(table, confirmed=(), disputed=()) for table in statements]
        pages = sorted({page for table in statements for page in _pages(table)})
        for name, read in readers.items():
            started = time.perf_counter()
            texts = read(path, pages)
            tallies[name].seconds += time.perf_counter() - started
            held = [block for block in witnessed(bare, texts) if isinstance(block, Table)]
            _count(tallies[name], statements, held, f"{path.name}, {name}", differing)
    _print(tallies, differing)


def _statements(path: Path, ontology: Ontology) -> list[Table]:
    content = read_pdf(path, path.name, Limits(), lambda _done, _all: None)
    document = content.document(Digest("0" * 64), path.name, "application/pdf")
    return [item.table for item in titled_tables(document, ontology) if item.section.is_statement]


def _pages(table: Table) -> set[int]:
    return {place.page for place in table.places if isinstance(place, OnPage)}


def _count(
    tally: Tally, ours: Sequence[Table], held: Sequence[Table], source: str, differing: list[str]
) -> None:
    for mine, theirs in zip(ours, held, strict=True):
        rows = {cell.row for cell in mine.cells if cell.amount is not None}
        tally.rows += len(rows)
        tally.agree += len(theirs.confirmed)
        tally.differ += len(theirs.disputed)
        for row in theirs.disputed:
            cells = [cell.text for cell in mine.cells if cell.row == row]
            differing.append(f"{source}: {' | '.join(cells)}")


def _pdfplumber(path: Path, pages: Sequence[int]) -> Texts:
    with pdfplumber.open(path, pages=list(pages)) as document:
        read = (
            (page.page_number, page.extract_text(use_text_flow=True)) for page in document.pages
        )
        return {number: text or "" for number, text in read}


def _docvortex(path: Path, pages: Sequence[int]) -> Texts:
    """Return the rows of all tables under every page: it does not say on which page they stand."""
    read = next(reader for reader in READERS.values() if reader.package == "docvortex").load()
    with tempfile.TemporaryDirectory() as folder:
        cut = Path(folder) / "pages.pdf"
        writer = pypdf.PdfWriter()
        source = pypdf.PdfReader(path)
        for page in pages:
            writer.add_page(source.pages[page - 1])
        writer.write(cut)
        lines = "\n".join(_lines(read(cut).tables))
    return dict.fromkeys(pages, lines)


def _lines(tables: Sequence[Sequence[Sequence[str]]]) -> Iterator[str]:
    for rows in tables:
        yield from (" ".join(cell for cell in row if cell) for row in rows)


_READERS: dict[str, Callable[[Path, Sequence[int]], Texts]] = {
    "pdfplumber": _pdfplumber,
    "docvortex": _docvortex,
}


def _print(tallies: Mapping[str, Tally], differing: Sequence[str]) -> None:
    console = Console()
    table = Shown(title="rows of statements, as others read them")
    for head in ("reader", "rows", "agree", "differ", "not found", "seconds"):
        table.add_column(head, justify="left" if head == "reader" else "right")
    for name, tally in tallies.items():
        missing = tally.rows - tally.agree - tally.differ
        table.add_row(
            name, str(tally.rows), f"{tally.agree} ({tally.agree / max(tally.rows, 1):.2%})",
            str(tally.differ), str(missing), f"{tally.seconds:.1f}",
        )  # fmt: skip
    console.print(table)
    for line in differing:
        console.print(f"  {line}", markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
