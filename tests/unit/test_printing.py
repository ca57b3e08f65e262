"""What stands in a terminal is what the answer says: no sign in it is taken for an order."""

from __future__ import annotations

import io
from decimal import Decimal

from rich.console import Console

from yanku.entry.cli.printing import side_by_side
from yanku.model.amount import Amount
from yanku.model.answer import AnswerTable, TableCell


def test_brackets_in_names_and_headers_are_printed_and_not_obeyed() -> None:
    table = AnswerTable(
        ("公司", "收入[bold]"),
        ((TableCell("甲[red]乙[/]"), TableCell("5元", Amount(Decimal(5), "CNY"), (1, 2))),),
    )
    out = io.StringIO()
    Console(file=out, width=100).print(side_by_side(table))
    for said in ("收入[bold]", "甲[red]乙[/]", "5元[1][2]"):
        assert said in out.getvalue()
