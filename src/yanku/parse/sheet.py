"""Sheets that are no XLSX: delimited text, old and binary Excel files."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Block, Flaw
from yanku.parse.biff import Biff, read_biff
from yanku.parse.biff12 import read_biff12
from yanku.parse.cells import steps_before
from yanku.parse.decoding import encoding_of, lines, undecodable
from yanku.parse.grid import GridCell
from yanku.parse.numberformat import GENERAL, Shown, exact, iso, moment, show
from yanku.parse.olechains import refuse_circles
from yanku.parse.package import open_package
from yanku.parse.regions import sheet_blocks
from yanku.parse.sniff import locked
from yanku.parse.source import Content, Limits, OnPage

_MAX_LINE_CHARS = 4_000_000
_MAX_FIELD_CHARS = 1_000_000
_SAMPLE_LINES = 60
_DELIMITERS = ",;\t|"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zone

_Value = int | float | str | bool | time | date | datetime | timedelta


def read_csv(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read comma-separated text; semicolons, tabs and bars are recognised too."""
    return _read_delimited(path, name, limits, on_page, delimiter=None)


def read_tsv(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read tab-separated text."""
    return _read_delimited(path, name, limits, on_page, delimiter="\t")


def _read_delimited(
    path: Path, name: str, limits: Limits, on_page: OnPage, *, delimiter: str | None
) -> Content:
    encoding, whole = encoding_of(path)
    chosen, skipped = (delimiter, 0) if delimiter else _delimiter(path, encoding, name)
    cells = list(_delimited_cells(path, encoding, name, limits, chosen, skipped))
    on_page(1, 1)
    flaws: tuple[Flaw, ...] = () if whole else (undecodable(name, encoding),)
    sheet = re.sub(r"\.(?:csv|tsv|tab)$", "", name, flags=re.IGNORECASE) or name
    return Content((), tuple(sheet_blocks(sheet, cells)), flaws)


def _delimiter(path: Path, encoding: str, name: str) -> tuple[str, int]:
    """Return the delimiter, and how many lines in front only announce it (``sep=;``)."""
    sample: list[str] = []
    for line in lines(path, encoding, name, _MAX_LINE_CHARS):
        sample.append(line[:10_000])
        if len(sample) >= _SAMPLE_LINES:
            break
    announced = re.fullmatch(r"sep=(.)", sample[0].strip()) if sample else None
    if announced is not None:
        return announced[1], 1
    return max(_DELIMITERS, key=lambda each: _regularity(sample, each)), 0


def _regularity(sample: list[str], delimiter: str) -> float:
    """Score a delimiter: how many lines agree on one width, wider being better."""
    widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
    wide = [width for width in widths if width > 1]
    if not wide:
        return 0.0
    commonest = max(set(wide), key=wide.count)
    return wide.count(commonest) + len(wide) / 100 + min(commonest, 50) / 1000


def _delimited_cells(
    path: Path, encoding: str, name: str, limits: Limits, delimiter: str, skipped: int
) -> Iterator[GridCell]:
    csv.field_size_limit(_MAX_FIELD_CHARS)
    count = 0
    source = (line + "\n" for line in lines(path, encoding, name, _MAX_LINE_CHARS))
    rows = csv.reader((line.replace("\0", "") for line in source), delimiter=delimiter)
    try:
        for number, row in enumerate(rows):
            for column, value in enumerate(row if number >= skipped else ()):
                text = _unquoted(value)
                if not text:
                    continue
                count += 1
                if count > limits.max_cells:
                    raise SourceTooLarge(
                        f"{name} has more than {limits.max_cells:,} cells; split it."
                    )
                yield GridCell(number, column, text, text)
    except csv.Error as error:
        raise SourceTooLarge(
            f"{name}: {error}; a quotation mark may be missing its partner."
        ) from error


def _unquoted(value: str) -> str:
    """Return a field's text; ``="00123"`` is how exports keep a spreadsheet from changing it."""
    text = value.strip()
    if text.startswith('="') and text.endswith('"') and '"' not in text[2:-1]:
        return text[2:-1]
    return text[1:] if text.startswith("'") and text[1:].isdigit() else text


# ── old Excel ───────────────────────────────────────────────────────────────────────────────────


def read_xls(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read an Excel 97–2003 workbook; its number formats are read beside its values."""
    data = path.read_bytes()
    refuse_circles(data, name)
    with _damage_named(name):
        return _read_book(read_biff(data, name), path, name, limits, on_page)


def read_xlsb(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a binary workbook; its parts are weighed before the library unpacks them."""
    with open_package(path, name, limits) as package:
        for part in package.names:
            if part.endswith("sharedStrings.bin"):
                package.read(part)
        looks = read_biff12(package, name)
    with _damage_named(name):
        return _read_book(looks, path, name, limits, on_page)


@contextmanager
def _damage_named(name: str) -> Iterator[None]:
    """Give whatever the library says about a damaged workbook its name."""
    try:
        yield
    except PasswordError as error:
        raise locked(name) from error
    except (CalamineError, ValueError, OSError) as error:
        raise BrokenSource(f"{name} is a damaged Excel workbook ({error}).") from error
    except BaseException as error:
        # The library's native code panics at some damage, outside the tree of Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise BrokenSource(f"{name} is a damaged Excel workbook.") from error


def _read_book(looks: Biff, path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    blocks: list[Block] = []
    flaws: list[Flaw] = [*looks.flaws]
    cells_left = limits.max_cells
    with CalamineWorkbook.from_path(path) as book:
        entries = book.sheets_metadata
        for done, entry in enumerate(entries, 1):
            if entry.visible is not SheetVisibleEnum.Visible:
                detail = f"The sheet {entry.name!r} is hidden; it was not read."
                flaws.append(Flaw("hidden_sheet", detail))
            elif entry.typ is SheetTypeEnum.WorkSheet:
                cells = _sheet_cells(book.get_sheet_by_name(entry.name), looks, name, cells_left)
                cells_left -= len(cells)
                blocks += sheet_blocks(entry.name, cells)
            on_page(done, len(entries))
    return Content((), tuple(blocks), tuple(flaws))


def _sheet_cells(sheet: CalamineSheet, looks: Biff, name: str, most: int) -> list[GridCell]:
    start = sheet.start
    if start is None:
        return []
    spans = {
        first: (last[0] - first[0] + 1, last[1] - first[1] + 1)
        for first, last in sheet.merged_cell_ranges or looks.merged.get(sheet.name) or []
    }
    hidden = looks.hidden_rows.get(sheet.name, frozenset())
    hidden_columns = looks.hidden_columns.get(sheet.name, frozenset())
    covered = _covered(spans)
    cells: list[GridCell] = []
    for row, values in enumerate(sheet.iter_rows(), start[0]):
        if row in hidden:
            continue
        for column, value in enumerate(values, start[1]):
            at = (row, column)
            if value == "" or column in hidden_columns or at in covered:
                continue
            code = looks.formats.get((sheet.name, row, column), GENERAL)
            shown = _as_shown(value, code, date1904=looks.date1904)
            if not shown.text:
                continue
            if len(cells) >= most:
                raise SourceTooLarge(f"{name} has too many cells; split it.")
            rows, columns = spans.get(at, (1, 1))
            indent = steps_before(value) if isinstance(value, str) else 0.0
            cells.append(
                GridCell(
                    row, column, shown.text, shown.plain, None, rows, columns, shown.stored, indent
                )
            )
    return cells


def _covered(spans: dict[tuple[int, int], tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the places under merged areas; very large areas are left as they are."""
    return {
        (row + down, column + right)
        for (row, column), (rows, columns) in spans.items()
        if rows * columns <= 10_000
        for down in range(rows)
        for right in range(columns)
        if down or right
    }


def _as_shown(value: _Value, code: str, *, date1904: bool) -> Shown:
    """Return a value as the library gives it, as its format shows it."""
    match value:
        case bool():
            return Shown("TRUE" if value else "FALSE")
        case str():
            return Shown(value.strip(), value.strip())
        case int() | float():
            number = exact(repr(value))
            if number is None:
                return Shown("")
            whole = number == number.to_integral_value()
            return show(number.normalize() if whole else number, code)
        case datetime():
            return _dated(value, code, date1904=date1904)
        case date():
            return _dated(datetime.combine(value, time()), code, date1904=date1904)
        case time():
            return Shown(value.isoformat(timespec="minutes"))
        case _:
            return Shown(str(value))


def _dated(value: datetime, code: str, *, date1904: bool) -> Shown:
    serial = Decimal(int((value - _EPOCH).total_seconds())) / 86400
    if code == GENERAL or date1904 or moment(serial) != value.replace(microsecond=0):
        return Shown(iso(value))
    shown = show(serial, code)
    return shown if shown.text else Shown(iso(value))
