"""Parts of tables made into tables: joined across pages, mended, with caption and unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from yanku.model.amount import read_unit
from yanku.model.document import Heading, Paragraph, Table
from yanku.model.place import OnPage
from yanku.parse.grid import GridCell, announced_unit, label_unit, make_table
from yanku.parse.ink import glued
from yanku.parse.piece import Piece, PieceCell, is_figure

_SERIAL_HEADER = re.compile(
    r"附\s*注.{0,6}|注\s*释.{0,6}|序\s*号|行\s*次|编\s*号|代\s*码|证券代码|股票代码|notes?|no\.?",
    re.IGNORECASE,
)
_PER_SHARE = re.compile(r"每股|per share", re.IGNORECASE)
_PER_SHARE_UNITS = {"CNY": "元/股", "USD": "美元/股", "HKD": "港元/股"}
_NOT_A_TITLE = re.compile(
    r"编制单位|编制公司|公司名称[：:]|[□√☑☒✓]|币种|审计类型|^[（(].*[）)]$|续表|^[（(]?续[)）]?$"
    r"|^(?:于|截至)?\s*\d{4}\s*年(?:度|\s*\d{1,2}\s*月.*)?(?:止.*)?$"
)
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十百]+[节章]|[一二三四五六七八九十]+\s?[、.．]|[（(][一二三四五六七八九十\d]+[)）]"
    r"|\d+(?:\.\d+)*\s?[、.．]?)\s*"
)
_REACH = 6


def title_above(before: Sequence[Heading | Paragraph | Table]) -> tuple[str, str]:
    """Return (caption, unit) printed above a table; the nearest line is the last."""
    unit = ""
    for block in reversed(before[-_REACH:]):
        if isinstance(block, Table):
            break
        text = block.text.strip()
        unit = unit or announced_unit(text)
        if isinstance(block, Heading):
            return _NUMBERED.sub("", text), unit
        if announced_unit(text) or _NOT_A_TITLE.search(text):
            continue
        if len(text) <= 40 and not text.endswith(("。", "；", ".", ";", "，")):
            return _NUMBERED.sub("", text).rstrip("：:"), unit
        break
    return "", unit


def is_unit_line(text: str) -> bool:
    """Tell a line that says nothing but the unit of what follows."""
    return len(text) <= 40 and bool(
        re.match(r"\s*[（(]?\s*(?:金额|货币)?单位\s*[：:]", text) and announced_unit(text)
    )


def continues(above: Piece, below: Piece) -> bool:
    """Tell whether a part at the top of a page goes on with the one at the foot of the last.

    It does if their columns are the same, by number and, within 3 %, by width.
    """
    if above.columns != below.columns or above.ruled != below.ruled:
        return False
    if not above.ruled:
        return True
    a, b = _shares(above), _shares(below)
    return all(abs(x - y) <= 0.03 for x, y in zip(a, b, strict=True))


def _shares(piece: Piece) -> list[float]:
    width = piece.xs[-1] - piece.xs[0]
    return [(x - piece.xs[0]) / width for x in piece.xs]


def table_of(pieces: Sequence[Piece], caption: str, unit: str) -> Table:
    """Return the table that one or several parts form."""
    rows: list[list[PieceCell]] = []
    places: dict[tuple[int, int], OnPage] = {}
    top: list[list[PieceCell]] = []
    for piece in pieces:
        part = mended(piece)
        if not top:
            top = part
        else:
            part = part[_repeated(top, part) :]
        offset = len(rows)
        for i, row in enumerate(part):
            for cell in row:
                places[(offset + i, cell.column)] = piece.ink.place(cell.box)
        rows.extend(part)
    rows, places, unit = _without_unit_row(rows, places, unit)
    cells = [
        GridCell(i, c.column, c.text, _plain(c), row_span=c.row_span, column_span=c.column_span)
        for i, row in enumerate(rows)
        for c in row
    ]
    cells = _typed(cells, unit)
    return make_table(
        cells,
        lambda cell: places[(cell.row, cell.column)],
        tuple(piece.ink.place(piece.box) for piece in pieces),
        caption=caption,
        unit=unit,
    )


def _plain(cell: PieceCell) -> str:
    return cell.text


def _without_unit_row(
    rows: list[list[PieceCell]], places: dict[tuple[int, int], OnPage], unit: str
) -> tuple[list[list[PieceCell]], dict[tuple[int, int], OnPage], str]:
    """Take a first row that only says the unit out of the grid."""
    if rows and len(rows[0]) == 1 and len(rows) > 1 and (said := announced_unit(rows[0][0].text)):
        shifted = {(r - 1, c): place for (r, c), place in places.items() if r > 0}
        return rows[1:], shifted, said
    return rows, places, unit


def _repeated(top: Sequence[Sequence[PieceCell]], part: Sequence[Sequence[PieceCell]]) -> int:
    """Return how many first rows repeat the header."""
    count = 0
    for first, again in zip(top[:6], part, strict=False):
        if [_bare(c) for c in first] != [_bare(c) for c in again] or any(
            is_figure(c.text) for c in again
        ):
            break
        count += 1
    return count


def _bare(cell: PieceCell) -> tuple[int, str]:
    return cell.column, re.sub(r"\s", "", cell.text)


# ── rows ────────────────────────────────────────────────────────────────────────────────────────


def mended(piece: Piece) -> list[list[PieceCell]]:
    """Return the rows of a part, those that are one row printed as several put together."""
    rows: list[list[PieceCell]] = [[] for _ in range(piece.rows)]
    for cell in sorted(piece.cells, key=lambda c: (c.row, c.column)):
        rows[cell.row].append(cell)
    if any(c.row_span > 1 and c.column == 0 for c in piece.cells):
        return rows
    return _joined_rows(rows, tight=not piece.ruled)


def _joined_rows(rows: list[list[PieceCell]], *, tight: bool) -> list[list[PieceCell]]:
    pitch = _pitch(rows)
    out: list[list[PieceCell]] = []
    i = 0
    while i < len(rows):
        row = rows[i]
        near = rows[i + 1] if i + 1 < len(rows) else []
        if _no_label(row) and near and _complements(row, near):
            rows[i + 1] = _merged(row, near)
            i += 1
            continue
        if _no_label(row):
            if out and _only_label(out[-1]) and _close(out[-1], row, pitch, tight):
                row = _merged(out.pop(), row)
            if near and _only_label(near) and _close(row, near, pitch, tight):
                row = _merged(row, near)
                i += 1
        elif tight and _only_label(row) and near and _wraps(rows, i, pitch):
            rows[i + 1] = _merged(row, near)
            i += 1
            continue
        out.append(row)
        i += 1
    return out


def _no_label(row: Sequence[PieceCell]) -> bool:
    return (
        bool(row)
        and row[0].column > 0
        and all(c.row_span == 1 for c in row)
        and any(is_figure(c.text) and any(map(str.isdigit, c.text)) for c in row)
    )


def _only_label(row: Sequence[PieceCell]) -> bool:
    return (
        len(row) == 1
        and row[0].column == 0
        and row[0].row_span == 1
        and not row[0].text.rstrip().endswith(("：", ":"))
        and not is_figure(row[0].text)
    )


def _complements(row: Sequence[PieceCell], below: Sequence[PieceCell]) -> bool:
    """Tell figures without a label from a labelled row that lacks just these columns."""
    if not below or below[0].column != 0 or len(below) < 2:
        return False
    mine = {c.column for c in row}
    theirs = {c.column for c in below}
    figures = any(is_figure(c.text) for c in below[1:])
    return not mine & theirs and figures and all(c.row_span == 1 for c in below)


def _pitch(rows: Sequence[Sequence[PieceCell]]) -> float:
    middles = [_middle(row) for row in rows if len(row) > 1]
    steps = [b - a for a, b in pairwise(middles) if b > a]
    return median(steps) if steps else 0.0


def _middle(row: Sequence[PieceCell]) -> float:
    return sum(c.box.y0 + c.box.y1 for c in row) / (2 * len(row))


def _close(
    above: Sequence[PieceCell], below: Sequence[PieceCell], pitch: float, tight: bool
) -> bool:
    return not tight or _middle(below) - _middle(above) < 0.85 * pitch


def _wraps(rows: Sequence[Sequence[PieceCell]], i: int, pitch: float) -> bool:
    """Tell a label whose last line stands in the next row, by how close the two are set."""
    below = _middle(rows[i + 1]) - _middle(rows[i])
    above = _middle(rows[i]) - _middle(rows[i - 1]) if i and rows[i - 1] else pitch
    return len(rows[i + 1]) > 1 and below < 0.85 * pitch and above > 1.15 * below


def _merged(above: Sequence[PieceCell], below: Sequence[PieceCell]) -> list[PieceCell]:
    """Return two rows as one; texts of the same column are joined."""
    cells: dict[int, PieceCell] = {c.column: c for c in above}
    for cell in below:
        mate = cells.get(cell.column)
        if mate is None:
            cells[cell.column] = cell
            continue
        cells[cell.column] = PieceCell(
            mate.row,
            mate.column,
            glued(mate.text, cell.text),
            mate.box.united(cell.box),
            1,
            max(mate.column_span, cell.column_span),
        )
    return [cells[column] for column in sorted(cells)]


# ── what is a number ────────────────────────────────────────────────────────────────────────────


def _typed(cells: Sequence[GridCell], unit: str) -> list[GridCell]:
    """Return the cells, serial and note numbers as text, per-share values with their unit."""
    serial = _serial_columns(cells)
    labels = {c.row: c.text for c in reversed(cells) if c.text and not is_figure(c.text)}
    money = read_unit(unit) if unit else None
    per_share = _PER_SHARE_UNITS.get(money.code, "") if money else ""
    typed = []
    for cell in cells:
        plain = cell.plain
        if cell.column in serial:
            plain = ""
        elif per_share and _PER_SHARE.search(labels.get(cell.row, "")):
            label = labels[cell.row]
            if not label_unit(label) and is_figure(cell.text) and "%" not in cell.text:
                plain = cell.text + per_share
        typed.append(
            GridCell(
                cell.row,
                cell.column,
                cell.text,
                plain,
                row_span=cell.row_span,
                column_span=cell.column_span,
            )
        )
    return typed


def _serial_columns(cells: Sequence[GridCell]) -> set[int]:
    """Return the columns of note references, serial numbers and codes, and the label column."""
    columns: dict[int, list[GridCell]] = {}
    for cell in cells:
        columns.setdefault(cell.column, []).append(cell)
    found = set()
    for column, members in columns.items():
        head = next((c.text for c in members[:3] if _SERIAL_HEADER.fullmatch(c.text.strip())), "")
        figures = [c for c in members if is_figure(c.text)]
        is_label = column == 0 and len(figures) * 2 <= len(members)
        if head or is_label or _counts_up(figures) or (column and _are_references(members)):
            found.add(column)
    return found


def _counts_up(members: Sequence[GridCell]) -> bool:
    numbers = [c.text for c in members]
    return len(numbers) >= 2 and numbers == [str(i) for i in range(1, len(numbers) + 1)]


_REFERENCE = re.compile(
    r"[（(]?[一二三四五六七八九十]+[）)]?\s?[、.(（]?\s?[（(]?\d{0,3}[)）]?(?:[(（]\d+[)）])?"
)


def _are_references(members: Sequence[GridCell]) -> bool:
    """Tell a column in which more cells look like 七、12 than like anything else."""
    hits = sum(bool(_REFERENCE.fullmatch(c.text)) for c in members)
    return hits >= 2 and hits * 2 > len(members)
