"""Writes invented tables as rich text: merged cells, letters as code page bytes or as Unicode."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from yanku.testing.tables.truth import TrueCell, TrueTable

_HEAD = (
    r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}"
    r"{\f1\froman\fcharset0 Times;}}"
    r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}}{\info{\title x}}" + "\n"
)
_WIDTH = 1200


def write_rich(path: Path, tables: Sequence[TrueTable], dice: random.Random) -> None:
    """Write the tables one below the other, each under its title and its unit."""
    parts = [_HEAD]
    for table in tables:
        unicode = dice.random() < 0.5
        parts.append(rf"\pard\s1 {_letters(table.title, unicode)}\par" + "\n")
        if table.unit_line:
            parts.append(rf"\pard\qr {_letters(table.unit_line, unicode)}\par" + "\n")
        at = {(c.row + r, c.column + n): (c, r, n) for c in table.cells
              for r in range(c.row_span) for n in range(c.column_span)}  # fmt: skip
        parts += [_row(table, at, row, unicode) for row in range(table.rows)]
        parts.append(r"\pard\par" + "\n")
    path.write_bytes("".join([*parts, "}"]).encode("ascii"))


def _row(
    table: TrueTable, at: dict[tuple[int, int], tuple[TrueCell, int, int]], row: int, unicode: bool
) -> str:
    shape, cells = [r"\trowd"], []
    if row < table.header_rows:
        shape.append(r"\trhdr")
    for column in range(table.columns):
        cell, down, right = at.get((row, column), (None, 0, 0))
        if cell is not None and cell.column_span > 1:
            shape.append(r"\clmrg" if right else r"\clmgf")
        if cell is not None and cell.row_span > 1:
            shape.append(r"\clvmrg" if down else r"\clvmgf")
        shape.append(rf"\clbrdrt\brdrs\cellx{(column + 1) * _WIDTH}")
        shown = cell.text if cell is not None and not down and not right else ""
        cells.append(rf"\pard\intbl {_letters(shown, unicode)}\cell")
    return "".join([*shape, "\n", *cells, r"\row", "\n"])


def _letters(text: str, unicode: bool) -> str:
    """Return text in ASCII: other letters as bytes of GBK, or by their Unicode numbers."""
    out = []
    for letter in text:
        if letter in "\\{}":
            out.append(f"\\{letter}")
        elif letter.isascii():
            out.append(letter)
        else:
            try:
                coded = b"" if unicode else letter.encode("gbk")
            except UnicodeEncodeError:
                coded = b""
            number = ord(letter) - (0x10000 if ord(letter) > 0x7FFF else 0)
            out.append("".join(rf"\'{b:02x}" for b in coded) or rf"\u{number}?")
    return "".join(out)
