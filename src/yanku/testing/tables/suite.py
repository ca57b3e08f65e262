"""Whole files of invented tables with the truth about them: PDF, scan, workbook, Word."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

from yanku.testing.samples.scan import Scanner, write_scan
from yanku.testing.tables import office, richtext
from yanku.testing.tables.invent import Inventor
from yanku.testing.tables.press import LEFT, RIGHT, Press, Style, fitting, random_setting
from yanku.testing.tables.truth import TrueTable

_FILLER = (
    "公司管理层认为，报告期内行业需求总体平稳，主要原材料价格有所回落，公司继续优化产品结构",
    "并加强费用管控。以下数据未经特别说明均来自公司财务报告。",
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A file, and the tables in it in reading order."""

    path: Path
    tables: tuple[TrueTable, ...]


def print_pdf(folder: Path, seed: int, style: Style, *, count: int = 4) -> Printed:
    """Print some tables in one style; one in three is long enough to be cut by a page end."""
    chance = seed + 1_000_003 * list(Style).index(style)
    dice = random.Random(chance)  # noqa: S311 - repeatable samples, not a secret
    inventor = Inventor(chance)
    press = Press(folder / f"{style.value}-{seed}.pdf", "测试股份有限公司2024年年度报告")
    tables: list[TrueTable] = []
    for _ in range(count):
        _fill(press, dice)
        if style is Style.RULED and dice.random() < 0.2:
            tables += _side_by_side(press, inventor, dice)
            continue
        table = inventor.table(long=dice.random() < 0.34, groups=style is Style.RULED)
        table = _printable(table)
        setting = fitting(table, random_setting(dice, style), LEFT, RIGHT)
        if setting is None:
            continue
        _announce(press, table)
        press.table(table, setting)
        tables.append(table)
    _fill(press, dice)
    press.close()
    return Printed(press.path, tuple(tables))


def _printable(table: TrueTable) -> TrueTable:
    """Return the table with dashes for minus signs, which the font does not have."""
    cells = (replace(c, text=c.text.replace("−", "–")) for c in table.cells)
    return replace(table, cells=tuple(cells))


def _fill(press: Press, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 2, 4, 9))):
        for line in _FILLER:
            press.say(line)
        press.gap(4)


def _announce(press: Press, table: TrueTable) -> None:
    press.gap(6)
    if press.y > 640:
        press.new_page()
    press.say(table.title, 10.5)
    if table.unit_line:
        press.say(table.unit_line, 8.5, right=True)
    press.gap(5)


def _side_by_side(press: Press, inventor: Inventor, dice: random.Random) -> list[TrueTable]:
    """Print two narrow tables beside each other, under one title line each."""
    middle = (LEFT + RIGHT) / 2
    halves = [(LEFT, middle - 10), (middle + 10, RIGHT)]
    pair = [_printable(inventor.table(narrow=True)) for _ in halves]
    setting = replace(random_setting(dice, Style.RULED), size=7.5, tight=False)
    if any(fitting(t, setting, *half) != setting for t, half in zip(pair, halves, strict=True)):
        return []
    if press.y > 500:
        press.new_page()
    press.beside(pair, setting, halves)
    return pair


def print_scan(folder: Path, seed: int, style: Style) -> Printed:
    """Print a file and scan it: 200 dpi, a little askew, a little noise."""
    printed = print_pdf(folder, seed, style, count=2)
    path = folder / f"scan-{printed.path.name}"
    write_scan(Scanner(seed=seed).scan(printed.path), path)
    return Printed(path, printed.tables)


def write_book(folder: Path, seed: int, count: int = 4) -> Printed:
    """Write a workbook of tables."""
    path = folder / f"{seed}.xlsx"
    tables = _some(seed, count)
    office.write_sheets(path, tables, random.Random(seed))  # noqa: S311
    return Printed(path, tables)


def write_memo(folder: Path, seed: int, count: int = 4) -> Printed:
    """Write a Word file of tables."""
    path = folder / f"{seed}.docx"
    tables = _some(seed, count)
    office.write_word(path, tables, random.Random(seed))  # noqa: S311
    return Printed(path, tables)


def write_rich(folder: Path, seed: int, count: int = 4) -> Printed:
    """Write a rich text file of tables."""
    path = folder / f"{seed}.rtf"
    tables = _some(seed, count)
    richtext.write_rich(path, tables, random.Random(seed))  # noqa: S311
    return Printed(path, tables)


def _some(seed: int, count: int) -> tuple[TrueTable, ...]:
    inventor = Inventor(seed)
    return tuple(inventor.table(long=n % 4 == 3) for n in range(count))
