"""How exactly tables are read: ``python benchmarks/tables.py rows DATA/cfr-numqa``.

``rows`` looks for the amounts of evidence rows, ``joined`` for statements cut by page ends;
``invented`` reads random tables printed in every format and style, ``filings`` takes the facts out
of invented reports of companies, banks, brokers and insurers; both need no data.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
from rich.console import Console
from rich.progress import track
from rich.table import Table as Shown

from yanku.finance.facts import facts_of
from yanku.finance.ontology import load_ontology
from yanku.finance.profile import profile_of
from yanku.model.document import Block, Cell, Digest, Document, Table
from yanku.model.finance import Statement
from yanku.model.place import OnPage
from yanku.parse.pdf import read_pdf
from yanku.parse.reader import read_source
from yanku.parse.source import Limits
from yanku.testing.layouts.accounts import KINDS
from yanku.testing.layouts.filing import Filing
from yanku.testing.layouts.judge import judge
from yanku.testing.tables.judge import Score, judged
from yanku.testing.tables.press import Style
from yanku.testing.tables.suite import Printed, print_pdf, print_scan, write_book, write_memo

BEFORE, AFTER = 3, 2
"""Pages read around an evidence page unless whole documents are asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An amount that stands in a row of a page."""

    file: str
    page: int
    row: str
    value: Decimal
    unit: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["rows", "joined", "invented", "filings"])
    parser.add_argument("data", type=Path, nargs="?", help="a set: documents/ and gold")
    parser.add_argument("--files", type=int, default=20, help="invented files of each kind")
    parser.add_argument("--scans", type=int, default=2, help="invented scans of each style")
    parser.add_argument("--seed", type=int, default=1_000_000)
    parser.add_argument("--whole", action="store_true", help="read documents from end to end")
    parser.add_argument("--every", type=int, default=1, help="take every nth document")
    parser.add_argument("--errors", type=int, default=20, help="how many misses to print")
    asked = parser.parse_args()
    console = Console()
    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    if asked.what == "invented":
        invented(console, asked.files, asked.scans, asked.seed, asked.errors)
    elif asked.what == "filings":
        filings(console, asked.files, asked.seed, asked.errors)
    elif asked.data is None:
        parser.error(f"{asked.what} needs a folder with data")
    else:
        measure = rows if asked.what == "rows" else joined
        measure(console, asked.data, every=asked.every, whole=asked.whole, errors=asked.errors)
    wall, cpu = time.perf_counter() - wall, sum(os.times()[:4]) - cpu
    console.print(f"{wall:.0f} s, {cpu:.0f} s of CPU")


# ── evidence rows ───────────────────────────────────────────────────────────────────────────────


def rows(console: Console, data: Path, *, every: int, whole: bool, errors: int) -> None:
    """Print how many amounts stand in the right row, with the right unit."""
    by_file: dict[str, list[Wanted]] = defaultdict(list)
    for each in _wanted(data):
        by_file[each.file].append(each)
    asked = right = valued = 0
    misses: list[str] = []
    for file in track(sorted(by_file)[::every], console=console):
        pages = {each.page for each in by_file[file]}
        path = data / "documents" / file
        found = _rows(blocks_near(path, pages, whole=whole))
        for each in by_file[file]:
            here = [row for row in found.get(each.page, []) if _same_label(each.row, row[0].text)]
            amounts = [c.amount for row in here for c in row if c.amount is not None]
            exact = [a for a in amounts if _near(a.value, each.value)]
            asked += 1
            valued += bool(exact)
            good = any(a.unit.partition("/")[0] == each.unit for a in exact)
            right += good
            if not good:
                seen = [f"{a.value} {a.unit}" for a in amounts]
                misses.append(f"{file} p{each.page} {each.row!r} {each.value} {each.unit}: {seen}")
    for miss in misses[:errors]:
        console.print(miss, highlight=False)
    _report(console, "evidence rows", asked, {"value in its row": valued, "and its unit": right})


def _wanted(data: Path) -> Iterator[Wanted]:
    seen = set()
    for line in (data / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        answer, evidence = question["answer"], question["evidence"]
        if answer["kind"] != "number" or len(evidence) != 1:
            continue
        place = evidence[0]
        value = Decimal(str(answer["value"]))
        each = Wanted(place["file"], place["page"], place["row"], value, answer["unit"])
        if each not in seen:
            seen.add(each)
            yield each


def blocks_near(path: Path, pages: set[int], *, whole: bool) -> Iterator[tuple[Block, int]]:
    """Yield the blocks of a document, or of stretches around the pages, with the page offset."""
    if whole:
        content = read_pdf(path, path.name, Limits(), lambda *_: None)
        yield from ((block, 0) for block in content.blocks)
        return
    source = pypdfium2.PdfDocument(path)
    for first, last in _stretches(pages, len(source)):
        part = pypdfium2.PdfDocument.new()
        part.import_pages(source, list(range(first - 1, last)))
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "part.pdf"
            part.save(target)
            part.close()
            content = read_pdf(target, path.name, Limits(), lambda *_: None)
        yield from ((block, first - 1) for block in content.blocks)
    source.close()


def _stretches(pages: set[int], count: int) -> list[tuple[int, int]]:
    stretches: list[tuple[int, int]] = []
    for page in sorted(pages):
        first, last = max(1, page - BEFORE), min(count, page + AFTER)
        if stretches and first <= stretches[-1][1] + 1:
            stretches[-1] = (stretches[-1][0], last)
        else:
            stretches.append((first, last))
    return stretches


def _rows(blocks: Iterator[tuple[Block, int]]) -> dict[int, list[list[Cell]]]:
    """Return the rows of all tables by the page they stand on; labels that span rows count."""
    found: dict[int, list[list[Cell]]] = defaultdict(list)
    for table, offset in ((b, o) for b, o in blocks if isinstance(b, Table)):
        lines: dict[int, list[Cell]] = defaultdict(list)
        for cell in table.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                lines[row].append(cell)
        for line in lines.values():
            for page in {c.place.page for c in line if isinstance(c.place, OnPage)}:
                found[page + offset].append(sorted(line, key=lambda c: c.column))
    return found


def _same_label(wanted: str, label: str) -> bool:
    mine, its = _bare(wanted), _bare(label)
    return bool(mine) and (mine in its or (len(its) >= 2 and its in mine))


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _near(value: Decimal, gold: Decimal) -> bool:
    return abs(value - gold) <= abs(gold) * Decimal("0.00005")


# ── statements across pages ─────────────────────────────────────────────────────────────────────


def joined(console: Console, data: Path, *, every: int, whole: bool, errors: int) -> None:
    """Print how many page ends inside a statement are bridged by one table."""
    ontology = load_ontology()
    gold: dict[str, dict[Statement, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for line in (data / "facts.jsonl").read_text(encoding="utf-8").splitlines():
        fact = json.loads(line)
        for statement in (Statement.BALANCE_SHEET, Statement.INCOME, Statement.CASH_FLOW):
            metric = ontology.metric_of(fact["metric"], statement)
            if metric is not None and metric.statement is statement:
                gold[fact["file"]][statement].append(fact)
                break
    bridges = bridged = 0
    misses: list[str] = []
    for file in track(sorted(gold)[::every], console=console):
        pairs = list(_pairs(gold[file].values()))
        if not pairs:
            continue
        pages = {fact["page"] for pair in pairs for fact in pair}
        near = list(blocks_near(data / "documents" / file, pages, whole=whole))
        tables = [(b, o) for b, o in near if isinstance(b, Table)]
        for above, below in pairs:
            bridges += 1
            good = any(_holds(t, o, above) and _holds(t, o, below) for t, o in tables)
            bridged += good
            if not good:
                misses.append(f"{file} p{above['page']}-{below['page']} {above['metric']}")
    for miss in misses[:errors]:
        console.print(miss, highlight=False)
    _report(console, "page ends in statements", bridges, {"joined": bridged})


def _pairs(statements: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:  # noqa: ANN401
    """Yield the facts on both sides of each page end that lies between two facts."""
    for facts in statements:
        by_page = {fact["page"]: fact for fact in sorted(facts, key=lambda f: f["page"])}
        numbers = sorted(by_page)
        for upper, lower in pairwise(numbers):
            yield by_page[upper], by_page[lower]


def _holds(table: Table, offset: int, fact: dict[str, Any]) -> bool:
    value = abs(Decimal(fact["value"]))
    return any(
        c.amount is not None
        and abs(c.amount.value) == value
        and isinstance(c.place, OnPage)
        and c.place.page + offset == fact["page"]
        for c in table.cells
    )


# ── invented tables ─────────────────────────────────────────────────────────────────────────────


def invented(console: Console, files: int, scans: int, seed: int, errors: int) -> None:
    """Print how much of random tables is read exactly, by format and style."""
    shown = Shown(title="invented tables", caption="per cent of what was printed")
    for name in ("what", "tables", "cells", "text", "spans", "amounts", "header rows", "whole"):
        shown.add_column(name, justify="left" if name == "what" else "right", no_wrap=True)
    kinds: list[tuple[str, Callable[[Path, int], Printed], int]] = [
        ("xlsx", write_book, files),
        ("docx", write_memo, files),
        *((f"pdf, {s}", partial(_printed, print_pdf, s), files) for s in Style),
        *((f"scan, {s}", partial(_printed, print_scan, s), scans) for s in Style),
    ]
    for name, write, count in kinds:
        score = Score()
        with tempfile.TemporaryDirectory() as folder:
            for number in track(range(seed, seed + count), name, console=console, transient=True):
                score.add(_read_back(write(Path(folder), number)))
        for miss in score.misses[:errors]:
            console.print(f"{name}: {miss}", highlight=False)
        parts = [(score.exact, score.cells), (score.spans, score.cells),
                 (score.right, score.amounts), (score.headers, score.tables),
                 (score.whole, score.tables)]  # fmt: skip
        counted = (f"{100 * part / max(whole, 1):.2f}" for part, whole in parts)
        shown.add_row(name, str(score.tables), str(score.cells), *counted)
    console.print(shown)


def _printed(print_: Callable[..., Printed], style: Style, folder: Path, seed: int) -> Printed:
    return print_(folder, seed, style)


def _read_back(printed: Printed) -> Score:
    _, content = read_source(printed.path, printed.path.name, Limits(), lambda *_: None)
    total = Score()
    for score in judged(printed.tables, [b for b in content.blocks if isinstance(b, Table)]):
        total.add(score)
    return total


# ── invented filings ────────────────────────────────────────────────────────────────────────────


def filings(console: Console, files: int, seed: int, errors: int) -> None:
    """Print how many facts of invented filings are found, and how many that are found are true."""
    ontology = load_ontology()
    shown = Shown(title="facts of invented filings", caption="every statement line of both scopes")
    for name in ("whose", "filings", "facts", "recall %", "precision %", "figures %"):
        shown.add_column(name, justify="left" if name == "whose" else "right", no_wrap=True)
    for kind in KINDS:
        total = Counter[str]()
        with tempfile.TemporaryDirectory() as folder:
            for number in track(range(seed, seed + files), kind, console=console, transient=True):
                laid = Filing(Path(folder), number, kind).make()
                form, content = read_source(laid.path, laid.path.name, Limits(), lambda *_: None)
                document = Document(
                    Digest("0" * 64), laid.path.name, form.media_type, content.pages, content.blocks
                )
                facts = facts_of(document, profile_of(document), ontology)
                found = judge(laid, document, facts)
                for miss in (*found.false, *found.missing)[:errors]:
                    console.print(f"{laid.path.name}: {miss}", highlight=False)
                total.update(
                    facts=found.facts, known=found.known, read=found.read,
                    false=len(found.false), figures=found.figures, right=found.right,
                )  # fmt: skip
        pairs = (("known", "facts"), ("right", "figures"))
        recall, figures = (100 * total[part] / max(1, total[whole]) for part, whole in pairs)
        precision = 100 - 100 * total["false"] / max(1, total["read"])
        shown.add_row(kind, str(files), str(total["facts"]), f"{recall:.2f}", f"{precision:.2f}",
                      f"{figures:.2f}")  # fmt: skip
    console.print(shown)


def _report(console: Console, title: str, asked: int, counts: dict[str, int]) -> None:
    shown = Shown(title=f"{asked} {title}")
    shown.add_column("what")
    shown.add_column("count", justify="right")
    shown.add_column("%", justify="right")
    for name, count in counts.items():
        shown.add_row(name, str(count), f"{100 * count / max(asked, 1):.2f}")
    console.print(shown)


if __name__ == "__main__":
    main()
