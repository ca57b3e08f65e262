"""How answers, hits and places look in a terminal."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from yanku.entry.places import place_worded
from yanku.model.answer import AnswerTable, Citation, Grounded, TableCell
from yanku.model.search import Hit


def citation_line(citation: Citation) -> str:
    """Return a citation as one line under an answer."""
    where = place_worded(citation.place)
    return f"  [{citation.number}] {citation.file}, {where}\n      {citation.quote}"


def answer_notes(answer: Grounded) -> list[str]:
    """Return what stands under the sentences: calculations, assumptions, sources."""
    notes = [
        f"  = {calculation.formula} = {calculation.result.value:.4f} {calculation.result.unit}"
        for calculation in answer.calculations
    ]
    notes += [f"  * {assumption}" for assumption in answer.assumptions]
    if answer.withheld:
        notes.append(f"  * {answer.withheld} sentence(s) withheld: not found in the evidence")
    return notes + [citation_line(citation) for citation in answer.citations]


def side_by_side(shown: AnswerTable) -> Table:
    """Return an answer's table for a terminal, figures to the right with their marks."""
    table = Table()
    for at, column in enumerate(shown.columns):
        figures = any(row[at].amount is not None for row in shown.rows)
        table.add_column(escape(column), justify="right" if figures else "left")
    for row in shown.rows:
        table.add_row(*(_cell(cell) for cell in row))
    return table


def _cell(cell: TableCell) -> str:
    """Return a cell with its marks; no sign in it is an order to the terminal's markup."""
    return escape(cell.text + "".join(f"[{number}]" for number in cell.citations))


def hit_lines(number: int, hit: Hit) -> list[str]:
    """Return a hit with the reason it is here."""
    ranks = ", ".join(f"{channel.value} #{rank}" for channel, rank in sorted(hit.ranks.items()))
    head = f"{number:2}. {hit.file}, {place_worded(hit.chunk.place)}   [{ranks}; {hit.score:.4f}]"
    text = " ".join(hit.chunk.text.split())
    return [head, f"      {hit.chunk.context}", f"      {text[:240]}"]
