"""An answer's table as Markdown, for chat clients, each figure with the marks of its sources."""

from __future__ import annotations

from yanku.model.answer import AnswerTable, TableCell


def table_in_pipes(table: AnswerTable) -> str:
    """Return the table with pipes; figures stand to the right."""
    width = range(len(table.columns))
    figures = [any(row[at].amount is not None for row in table.rows) for at in width]
    rule = ["---:" if figure else "---" for figure in figures]
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    lines = [[_safe(column) for column in table.columns], rule, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(cell: TableCell) -> str:
    return _safe(cell.text) + "".join(f"[{number}]" for number in cell.citations)


def _safe(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
