"""Headers read as lines above a table are its headers only if they fit it exactly."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.finance.above import headers_above
from yanku.model.amount import read_amount
from yanku.model.document import Cell, Table
from yanku.model.place import OnPage


def table(*rows: Sequence[str]) -> Table:
    cells = tuple(
        Cell(r, c, said, OnPage(1), amount=read_amount(said) if c else None)
        for r, row in enumerate(rows)
        for c, said in enumerate(row)
        if said
    )
    return Table(cells, (OnPage(1),), len(rows), max(map(len, rows)))


STATEMENT = table(
    ["Revenue", "5", "9,512,304", "8,120,455"], ["Cost of sales", "", "(6,001)", "(5,500)"]
)


def test_a_line_of_years_and_a_line_of_units_head_the_columns_without_the_notes() -> None:
    found = headers_above(["Year ended 31 December 2024", "2024 2023", "Notes RMB'000 RMB'000"],
                          STATEMENT)  # fmt: skip
    assert found is not None
    assert (found.periods, found.unit) == ({2: "2024", 3: "2023"}, "RMB'000")
    dated = headers_above(["附注 2024年12月31日 2023年12月31日", "人民币百万元 人民币百万元"],
                          STATEMENT)  # fmt: skip
    assert dated is not None
    assert dated.periods == {2: "2024年12月31日", 3: "2023年12月31日"}
    assert dated.unit == "人民币百万元"


def test_lines_that_say_more_or_less_than_there_are_columns_are_not_headers() -> None:
    three = table(["Revenue", "9,512", "8,120", "7,001"])
    assert headers_above(["2024 2023"], three) is None
    assert headers_above(["2024 2023 2022"], STATEMENT) is None
    assert headers_above(["Revenue grew from 2023 to 2024"], STATEMENT) is None
    assert headers_above(["Year ended 31 December 2024"], STATEMENT) is None
    assert headers_above([], STATEMENT) is None
    assert headers_above(["2024 2023", "a", "b", "c"], STATEMENT) is None


def test_units_that_differ_are_no_unit_of_all() -> None:
    found = headers_above(["2024 2023", "RMB'000 US$'000"], STATEMENT)
    assert found is not None
    assert found.unit == ""
