"""Joins the answers to the parts of a question; a part that has none is declined by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from yanku.model.answer import (
    Answer,
    AnswerTable,
    Calculation,
    Citation,
    Claim,
    Declined,
    Grounded,
    Part,
    TableCell,
)
from yanku.model.inquiry import Inquiry

_SAID = {"zh": "“{asked}”：{message}", "en": "“{asked}”: {message}"}

_MARK = re.compile(r"\[(\d+)\]")

Numbers = Mapping[int, int]
"""The number of a citation in a part's answer → its number in the whole."""


def joined(inquiry: Inquiry, answers: Sequence[Answer]) -> Answer:
    """Return one answer made of those to the parts of an inquiry, in their order.

    It is declined only where every part is; otherwise the parts that are say so by name.
    """
    told = list(zip(inquiry.parts, answers, strict=True))
    if not any(isinstance(answer, Grounded) for answer in answers):
        return _all_declined(inquiry, [(part, a) for part, a in told if isinstance(a, Declined)])
    citations: dict[Citation, int] = {}
    claims: list[Claim] = []
    parts: list[Part] = []
    calculations: list[Calculation] = []
    tables: list[AnswerTable] = []
    every: list[tuple[Claim, ...]] = []
    for part, answer in told:
        if isinstance(answer, Declined):
            parts.append(declined_part(part.question, answer))
            said: tuple[Claim, ...] = (_declined_claim(inquiry, part, answer, citations),)
        else:
            numbers = _numbers(answer.citations, citations)
            said = tuple(_renumbered(claim, numbers) for claim in answer.claims)
            calculations += [_calculated(one, numbers) for one in answer.calculations]
            tables += [_table(answer.table, numbers)] if answer.table is not None else []
            parts.append(Part(part.question, answer.amount, answer.choice))
            parts += answer.parts
        if any(said == told for told in every):
            continue  # What two parts are answered with is said once.
        every.append(said)
        claims += [replace(said[0], text=f"\n{said[0].text}") if claims else said[0], *said[1:]]
    grounded = [answer for answer in answers if isinstance(answer, Grounded)]
    notes = (note for answer in grounded for note in answer.assumptions)
    return Grounded(
        claims=tuple(claims),
        citations=tuple(replace(one, number=number) for one, number in citations.items()),
        calculations=tuple(calculations),
        assumptions=tuple(dict.fromkeys((*inquiry.assumptions, *notes))),
        withheld=sum(answer.withheld for answer in grounded),
        table=beside(tables),
        parts=tuple(parts),
    )


def declined_part(asked: str, answer: Declined) -> Part:
    """Return what was not answered, and why."""
    return Part(asked, reason=answer.reason, message=_MARK.sub("", answer.message))


def _declined_claim(
    inquiry: Inquiry, part: Inquiry, answer: Declined, citations: dict[Citation, int]
) -> Claim:
    """Return why a part was declined; the figures that it names keep their sources."""
    marked = {int(m[1]) for m in _MARK.finditer(answer.message)}
    own = [citation for citation in answer.nearest if citation.number in marked]
    numbers = _numbers(own, citations)
    text = _MARK.sub("", _named(inquiry, part, answer))
    return Claim(text, tuple(numbers[number] for number in sorted(numbers)))


def _all_declined(inquiry: Inquiry, told: Sequence[tuple[Inquiry, Declined]]) -> Declined:
    messages = dict.fromkeys(answer.message for _, answer in told)
    if len(messages) == 1:
        return told[0][1]
    nearest: dict[Citation, int] = {}
    lines = []
    for part, answer in told:
        numbers = _numbers(answer.nearest, nearest)
        lines.append(_marked(_named(inquiry, part, answer), numbers))
    return Declined(
        told[0][1].reason,
        "\n".join(lines),
        tuple(replace(one, number=number) for one, number in nearest.items()),
    )


def _marked(text: str, numbers: Numbers) -> str:
    """Return a text with its marks numbered as in the whole."""
    return _MARK.sub(lambda m: f"[{numbers.get(int(m[1]), m[1])}]", text)


def _named(inquiry: Inquiry, part: Inquiry, answer: Declined) -> str:
    return _SAID[inquiry.language].format(asked=part.question, message=answer.message)


def _numbers(own: Sequence[Citation], all_of_them: dict[Citation, int]) -> Numbers:
    """Return a part's citations numbered among those there are; each place is there once."""
    numbers = {}
    for citation in own:
        bare = replace(citation, number=0)
        numbers[citation.number] = all_of_them.setdefault(bare, len(all_of_them) + 1)
    return numbers


def _renumbered(claim: Claim, numbers: Numbers) -> Claim:
    return replace(claim, citations=tuple(numbers[n] for n in claim.citations))


def _calculated(shown: Calculation, numbers: Numbers) -> Calculation:
    operands = tuple(replace(one, citation=numbers[one.citation]) for one in shown.operands)
    return replace(shown, operands=operands)


def _table(table: AnswerTable, numbers: Numbers) -> AnswerTable:
    rows = tuple(
        tuple(replace(cell, citations=tuple(numbers[n] for n in cell.citations)) for cell in row)
        for row in table.rows
    )
    return AnswerTable(table.columns, rows)


def beside(tables: Sequence[AnswerTable]) -> AnswerTable | None:
    """Return one table of several: a column for each that any has, and all of their rows.

    Rows that agree in the columns that both name (company, period) are one row.
    """
    if not tables:
        return None
    columns = tuple(dict.fromkeys(column for table in tables for column in table.columns))
    rows: list[dict[str, TableCell]] = []
    for table in tables:
        for row in table.rows:
            cells = dict(zip(table.columns, row, strict=True))
            same = next((one for one in rows if _agree(one, cells)), None)
            if same is None:
                rows.append(cells)
            else:
                same |= cells
    empty = TableCell("")
    return AnswerTable(
        columns, tuple(tuple(row.get(column, empty) for column in columns) for row in rows)
    )


def _agree(one: Mapping[str, TableCell], other: Mapping[str, TableCell]) -> bool:
    """Tell whether two rows are of the same, and no cell of one says otherwise than the other's."""
    heads = [{c: x for c, x in row.items() if x.text and not x.citations} for row in (one, other)]
    shared = one.keys() & other.keys()
    return heads[0] == heads[1] and all(one[column] == other[column] for column in shared)
