"""What Office files hold against what we read: ``python benchmarks/office.py FOLDER``.

The other reading is that of python-docx, openpyxl and python-pptx: texts, cells with their places
on a sheet, formulas, and the values of charts. Each must be found in ours.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from datetime import time as clock
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
from lxml import etree
from openpyxl.utils import get_column_letter
from rich.console import Console
from rich.table import Table as Shown

from yanku.errors import SourceError
from yanku.model.document import Paragraph, Table
from yanku.model.place import InSheet
from yanku.parse.reader import read_source
from yanku.parse.source import Content, Limits


@dataclass(slots=True)
class Tally:
    """How much of one file was found: (found, all) of each kind, and what is missing."""

    file: str
    texts: tuple[int, int] = (0, 0)
    cells: tuple[int, int] = (0, 0)
    formulas: tuple[int, int] = (0, 0)
    missing: list[str] = field(default_factory=list)
    error: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder of docx, xlsx and pptx files")
    parser.add_argument("--missing", type=int, default=5, help="how many misses to print a file")
    parser.add_argument("--json", type=Path, help="where to write the tallies")
    asked = parser.parse_args()
    wall, cpu = time.perf_counter(), sum(os.times()[:2])
    files = sorted(p for p in asked.folder.iterdir() if p.suffix in {".docx", ".xlsx", ".pptx"})
    tallies = [_tally(path) for path in files]
    _show(Console(width=140), tallies, asked.missing)
    wall, cpu = time.perf_counter() - wall, sum(os.times()[:2]) - cpu
    print(f"{len(files)} files, both readings: {wall:.1f} s wall, {cpu:.1f} s CPU")
    if asked.json:
        asked.json.write_text(json.dumps([asdict(t) for t in tallies], ensure_ascii=False), "utf-8")


def _tally(path: Path) -> Tally:
    tally = Tally(path.name)
    try:
        _, content = read_source(path, path.name, Limits(), lambda _done, _all: None)
    except SourceError as error:
        tally.error = str(error)
        return tally
    match path.suffix:
        case ".docx":
            _compare_words(tally, content, *_docx(path))
        case ".pptx":
            _compare_words(tally, content, *_pptx(path))
        case _:
            _compare_sheets(tally, content, path)
    return tally


# ── texts and tables ────────────────────────────────────────────────────────────────────────────


def _compare_words(tally: Tally, content: Content, texts: list[str], cells: list[str]) -> None:
    tables = [block for block in content.blocks if isinstance(block, Table)]
    ours = Counter(_plain(cell.text) for table in tables for cell in table.cells)
    said = "\n".join(_plain(b.text) for b in content.blocks if not isinstance(b, Table))
    whole = said + "\n" + "\n".join(ours)
    tally.texts = _score(tally, "text", texts, [_plain(text) in whole for text in texts])
    found = []
    for text in cells:
        plain = _plain(text)
        there = ours[plain] > 0
        ours[plain] -= there
        found.append(there or plain in said)  # a table of one cell is a framed paragraph
    tally.cells = _score(tally, "cell", cells, found)


def _score(tally: Tally, kind: str, wanted: list[str], found: list[bool]) -> tuple[int, int]:
    tally.missing += [f"{kind} {w[:70]!r}" for w, hit in zip(wanted, found, strict=True) if not hit]
    return sum(found), len(found)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))  # x² is stored as a raised 2


def _docx(path: Path) -> tuple[list[str], list[str]]:
    texts = list(_raw_paragraphs(path))
    try:
        document = docx.Document(str(path))
    except KeyError:  # the strict dialect, which that library does not know
        return texts, []
    # That library leaves equations out of the text; the paragraphs as stored have them.
    texts += [each.text for each in document.paragraphs if each._p.find(".//{*}oMath") is None]
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header):
            texts += [each.text for each in part.paragraphs if any(c.isalpha() for c in each.text)]
    cells = [text for table in document.tables for text in _docx_cells(table)]
    return [text for text in texts if text.strip()], cells


def _raw_paragraphs(path: Path) -> Iterator[str]:
    """Yield the runs of every paragraph in the body, text boxes and content controls included."""
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    for fallback in root.findall(".//{*}Fallback"):
        fallback.getparent().remove(fallback)
    for paragraph in root.iter("{*}p"):
        if "wordprocessingml" not in str(etree.QName(paragraph).namespace):
            continue
        runs = (
            run.text or ""
            for run in paragraph.iter("{*}t")
            if next(run.iterancestors("{*}p")) is paragraph
            and next(run.iterancestors("{*}del", "{*}moveFrom"), None) is None
        )
        text = "".join(runs)
        if text.strip():
            yield text


def _docx_cells(table: Any) -> Iterator[str]:  # noqa: ANN401 - typed in part
    seen = set()
    for row in table.rows:
        for cell in row.cells:
            if cell._tc in seen:
                continue
            seen.add(cell._tc)
            text = "".join(run.text or "" for run in cell._tc.iter("{*}t"))
            if text.strip():
                yield text


def _pptx(path: Path) -> tuple[list[str], list[str]]:
    texts: list[str] = []
    cells: list[str] = []
    for slide in pptx.Presentation(str(path)).slides:
        if slide._element.get("show") == "0":
            continue
        for shape in _shapes(slide.shapes):
            if shape.has_text_frame:
                texts += [p.text for p in shape.text_frame.paragraphs]
            if getattr(shape, "has_table", False):
                cells += [c.text for row in shape.table.rows for c in row.cells if not c.is_spanned]
            if getattr(shape, "has_chart", False):
                cells += _chart(shape.chart)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            texts += [p.text for p in slide.notes_slide.notes_text_frame.paragraphs]
    return [t for t in texts if t.strip()], [c for c in cells if c.strip()]


def _shapes(shapes: Any) -> Iterator[Any]:  # noqa: ANN401 - typed in part
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _chart(chart: Any) -> list[str]:  # noqa: ANN401 - typed in part
    root = chart._chartSpace
    values = [v.text or "" for val in root.iter("{*}val") for v in val.iter("{*}v")]
    # The categories are stored again with each series.
    shared = {v.text or "" for e in root.iter("{*}cat", "{*}tx") for v in e.iter("{*}v")}
    return [*values, *sorted(shared)]


# ── sheets ──────────────────────────────────────────────────────────────────────────────────────


def _compare_sheets(tally: Tally, content: Content, path: Path) -> None:
    ours = {
        (cell.place.sheet, cell.place.cells.split(":")[0]): cell
        for block in content.blocks
        if isinstance(block, Table)
        for cell in block.cells
        if isinstance(cell.place, InSheet)
    }
    texts = {
        (b.place.sheet, b.place.cells.split(":")[0]): b.text
        for b in content.blocks
        if isinstance(b, Paragraph) and isinstance(b.place, InSheet)
    }
    said = {_plain(b.caption if isinstance(b, Table) else b.text) for b in content.blocks}
    wanted, found, formulas, kept = [], [], [], []
    for at, value, formula in _sheet_cells(path):
        name = f"{at[0]}!{at[1]}"
        cell = ours.get(at)
        if value is not None:
            wanted.append(f"{name} = {value}")
            shown = cell.text if cell is not None else texts.get(at, "")
            if not shown and any(_plain(str(value)) in each for each in said):
                shown = str(value)  # a title or note, whose place is the region it stands over
            found.append(_same(value, shown, cell.stored if cell is not None else ""))
        if formula:
            formulas.append(f"{name} {formula}")
            ours_ = _plain(cell.formula or "").removeprefix("=") if cell is not None else ""
            kept.append(ours_ == _plain(formula))
    tally.cells = _score(tally, "cell", wanted, found)
    tally.formulas = _score(tally, "formula", formulas, kept)


def _sheet_cells(path: Path) -> Iterator[tuple[tuple[str, str], Any, str]]:
    """Yield (place, saved value, formula) of each filled cell that shows."""
    saved = openpyxl.load_workbook(path, data_only=True)
    written = openpyxl.load_workbook(path)
    for sheet in saved.worksheets:
        if sheet.sheet_state != "visible":
            continue
        # Only the cells that are there: a sheet may claim a million rows of nothing.
        for cell in list(written[sheet.title]._cells.values()):
            value = sheet._cells[cell.row, cell.column].value
            formula = str(getattr(cell.value, "text", cell.value)) if cell.data_type == "f" else ""
            letter = get_column_letter(cell.column)
            hidden = sheet.row_dimensions[cell.row].hidden or sheet.column_dimensions[letter].hidden
            if not hidden and (value is not None or formula) and str(value).strip():
                yield (sheet.title, cell.coordinate), value, formula.removeprefix("=")


def _same(value: Any, shown: str, stored: str) -> bool:  # noqa: ANN401 - typed in part
    """Tell whether a saved value is the one we keep: beside the shown text, or as the text."""
    held = stored or shown
    if isinstance(value, bool):
        return held.upper() == str(value).upper()
    if isinstance(value, datetime | date | clock):
        return bool(held) and _moment(value).startswith(held)
    if isinstance(value, int | float):
        exact = Decimal(repr(value))
        try:
            return abs(Decimal(held) - exact) <= abs(exact) / 10**14  # a sheet keeps 15 digits
        except InvalidOperation:
            return False
    return _plain(str(value)) == _plain(held)


def _moment(value: datetime | date | clock) -> str:
    return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()


# ── the table of results ────────────────────────────────────────────────────────────────────────


def _show(console: Console, tallies: list[Tally], most: int) -> None:
    shown = Shown("file", "texts", "cells", "formulas", "missing")
    for each in tallies:
        missing = each.error or "\n".join(each.missing[:most])
        shown.add_row(each.file, *map(_share, (each.texts, each.cells, each.formulas)), missing)
    sums = [
        (sum(getattr(t, kind)[0] for t in tallies), sum(getattr(t, kind)[1] for t in tallies))
        for kind in ("texts", "cells", "formulas")
    ]
    read = sum(not each.error for each in tallies)
    shown.add_section()
    shown.add_row(f"{read} of {len(tallies)} read", *map(_share, sums), "")
    console.print(shown)


def _share(score: tuple[int, int]) -> str:
    found, all_ = score
    return f"{found}/{all_}" + (f" {100 * found / all_:.2f} %" if found < all_ else "")


if __name__ == "__main__":
    main()
