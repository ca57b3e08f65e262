"""The readers that are compared, each behind the same face: a file becomes tables and lines."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

Rows = list[list[str]]
Amounts = tuple[str, tuple[tuple[Decimal, str], ...]]
"""The text of a row, and its amounts in base units with their units."""


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page, or of a whole file where a reader knows no pages."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader gave: its tables as rows of cells, its lines, and amounts if it reads any."""

    tables: list[Rows]
    pages: tuple[Page, ...] = ()
    amounts: tuple[Amounts, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader by its package; ``load`` imports it and returns the reading function."""

    package: str
    load: Callable[[], Callable[[Path], Reading]]

    def version(self) -> str:
        """Return the version that is measured."""
        return importlib.metadata.version(self.package)


def _yanku() -> Callable[[Path], Reading]:
    from yanku.model.document import Document, Table
    from yanku.parse.reader import read_source
    from yanku.parse.source import Limits

    def tables(blocks: Sequence[Any]) -> Iterator[tuple[Rows, list[Amounts]]]:
        for block in blocks:
            if not isinstance(block, Table):
                continue
            rows: Rows = [[] for _ in range(block.rows)]
            amounts: list[list[tuple[Decimal, str]]] = [[] for _ in range(block.rows)]
            for cell in block.cells:
                rows[cell.row].append(cell.text)
                if cell.amount is not None:
                    amounts[cell.row].append((cell.amount.value, cell.amount.unit))
            yield (
                rows,
                [("".join(row), tuple(found)) for row, found in zip(rows, amounts, strict=True)],
            )

    def read(path: Path) -> Reading:
        _, content = read_source(path, path.name, Limits(), lambda *_: None)
        document: Document = content.document("", path.name, "")  # type: ignore[arg-type]
        found = list(tables(document.blocks))
        lines = tuple(b.text for b in document.blocks if not isinstance(b, Table))
        return Reading(
            [rows for rows, _ in found],
            (Page(lines),),
            tuple(amount for _, amounts in found for amount in amounts if amount[1]),
        )

    return read


def _docvortex() -> Callable[[Path], Reading]:
    import docvortex

    _quiet()

    def read(path: Path) -> Reading:
        model = docvortex.parse(path, parse_mode="txt").middle_json
        pages = model["pages"] if isinstance(model, dict) else model.pages
        tables: list[Rows] = []
        lines: list[list[str]] = []
        for page in pages:
            here: list[str] = []
            for text in _strings(page):
                if text.lstrip().startswith("<table"):
                    tables.append(_html_rows(text))
                else:
                    here += text.splitlines()
            lines.append(here)
        return Reading(tables, tuple(Page(tuple(here)) for here in lines))

    return read


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - another library's open structure
    """Yield every content of a structure of blocks within blocks."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
        return
    fields = value if isinstance(value, dict) else getattr(value, "__dict__", {})
    content = fields.get("content") if fields else None
    if isinstance(content, str):
        yield content
    for name in ("blocks", "content"):
        if fields and isinstance(fields.get(name), list | tuple):
            yield from _strings(fields[name])


def _html_rows(text: str) -> Rows:
    from lxml import html

    table = html.fragment_fromstring(text)
    return [["".join(cell.itertext()) for cell in row.iter("td", "th")] for row in table.iter("tr")]


def _pdfplumber() -> Callable[[Path], Reading]:
    import pdfplumber

    def read(path: Path) -> Reading:
        tables: list[Rows] = []
        pages: list[Page] = []
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                tables += [
                    [[cell or "" for cell in row] for row in table]
                    for table in page.extract_tables()
                ]
                pages.append(Page(tuple((page.extract_text() or "").splitlines())))
                page.close()
        return Reading(tables, tuple(pages))

    return read


def _markitdown() -> Callable[[Path], Reading]:
    from markitdown import MarkItDown

    converter = MarkItDown(enable_plugins=False)

    def read(path: Path) -> Reading:
        lines = converter.convert(path).text_content.splitlines()
        return Reading(list(_pipe_tables(lines)), (Page(tuple(lines)),))

    return read


def _pipe_tables(lines: Sequence[str]) -> Iterator[Rows]:
    rows: Rows = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not all(set(cell) <= set("-: ") for cell in cells):
                rows.append(cells)
        elif rows:
            yield rows
            rows = []


def _quiet() -> None:
    """Keep another library's log out of the measurement."""
    importlib.import_module("loguru").logger.remove()


READERS = {
    "yanku": Reader("yanku", _yanku),
    "docvortex": Reader("docvortex", _docvortex),
    "pdfplumber": Reader("pdfplumber", _pdfplumber),
    "markitdown": Reader("markitdown", _markitdown),
}
