"""Tables of the parts of an answer are one table where they speak of the same."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.answer.joined import beside
from yanku.model.answer import AnswerTable, TableCell


def cells(*texts: str) -> tuple[TableCell, ...]:
    return tuple(TableCell(text, citations=(1,) if text.isdigit() else ()) for text in texts)


def tables() -> Sequence[AnswerTable]:
    return (
        AnswerTable(("期间", "营业收入"), (cells("2023年", "10"), cells("2024年", "12"))),
        AnswerTable(("期间", "毛利率"), (cells("2024年", "3"),)),
    )


def test_tables_of_parts_are_joined_where_they_speak_of_the_same() -> None:
    table = beside(tables())
    assert table is not None
    assert table.columns == ("期间", "营业收入", "毛利率")
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["2023年", "10", ""],
        ["2024年", "12", "3"],
    ]
