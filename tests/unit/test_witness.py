"""A table is held to the running text of its page, which knows nothing of grids."""

from __future__ import annotations

import pytest

from yanku.model.amount import read_amount
from yanku.model.document import Cell, Paragraph, Table
from yanku.model.place import OnPage
from yanku.parse.witness import witnessed

TEXT = """海潮股份 2024 年年度报告
38 / 201
项目 附注 期末余额 期初余额
货币资金 七、1 1,840,124,511.87 2,862,911,984.90
应收账款 5 213,041.24 206,014.30
公允价值变动收益（损失以“-”号填
列）
-190,401,449.68 -108,513,934.09
长期股权投资 - 19,528,685.37
"""


def read(*rows: list[str], text: str = TEXT, page: int = 1) -> Table:
    cells = tuple(
        Cell(r, c, said, OnPage(page), amount=read_amount(said) if c else None)
        for r, row in enumerate(rows)
        for c, said in enumerate(row)
        if said
    )
    table = Table(cells, (OnPage(page),), len(rows), max(map(len, rows)))
    (held,) = witnessed([table], {1: text})
    assert isinstance(held, Table)
    return held


@pytest.mark.parametrize(
    "row",
    [
        ["货币资金", "七、1", "1,840,124,511.87", "2,862,911,984.90"],
        ["应收账款", "5", "213,041.24", "206,014.30"],
        ["公允价值变动收益（损失以“-”号填列）", "", "-190,401,449.68", "-108,513,934.09"],
        ["长期股权投资", "", "-", "19,528,685.37"],
    ],
)
def test_a_row_that_the_text_says_too_is_confirmed(row: list[str]) -> None:
    assert (read(row).confirmed, read(row).disputed) == ((0,), ())


@pytest.mark.parametrize(
    "row",
    [
        ["货币资金", "七、1", "1,840,124,511.81", "2,862,911,984.90"],
        ["货币资金", "七、1", "2,862,911,984.90", "1,840,124,511.87"],
        ["应收账款", "5", "206,014.30", "19,528,685.37"],
        ["长期股权投资", "", "19,528,685.37", "-"],
    ],
)
def test_a_digit_a_column_or_a_row_that_is_another_is_disputed(row: list[str]) -> None:
    assert (read(row).confirmed, read(row).disputed) == ((), (0,))


def test_a_row_that_the_text_does_not_say_stays_without_a_second_reading() -> None:
    table = read(
        ["项目", "", "期末余额", "期初余额"],
        ["收账款", "5", "213,041.24", "206,014.30"],
        ["应收账款", "5", "213,041.24"],
        ["存货", "", "12.00", "13.00"],
    )
    assert (table.confirmed, table.disputed) == ((), ())
    assert read(["应收账款", "5", "213,041.24", "206,014.30"], page=2).confirmed == ()


def test_a_minus_lost_between_dash_and_figure_is_not_confirmed() -> None:
    lost = read(["净利润", "7,712.25", "6,612.25"], text="净利润 -7,712.25 6,612.25")
    assert (lost.confirmed, lost.disputed) == ((), (0,))
    apart = read(["净利润", "-7,712.25", "6,612.25"], text="净利润 - 7,712.25 6,612.25")
    assert apart.confirmed == (0,)
    nil = read(["净利润", "-", "7,712.25"], text="净利润 -7,712.25")
    assert nil.confirmed == ()


def test_a_figure_broken_in_a_narrow_cell_is_confirmed_only_if_its_commas_tell_where_it_ends() -> (
    None
):
    whole = read(["股本", "749,888,699.00", "44.10"], text="股本 749,888,6 99.00 44.10")
    assert whole.confirmed == ()
    grouped = read(["股本", "749,888,699.00"], text="股本 749,888,6\n99.00")
    assert grouped.confirmed == (0,)


def test_figures_written_column_by_column_dispute_nothing() -> None:
    text = "营业收入\n营业成本\n12.00\n8.00\n11.00\n7.00"
    table = read(["营业收入", "12.00", "11.00"], ["营业成本", "8.00", "7.00"], text=text)
    assert (table.confirmed, table.disputed) == ((), ())


def test_figures_of_a_label_that_stands_between_its_lines_are_not_taken_for_the_neighbours() -> (
    None
):
    text = "12.00 11.00\n营业收入 9.09% 10.00\n8.00 7.00\n营业成本 14.29% 6.00"
    table = read(["营业收入", "12.00", "11.00", "9.09%", "10.00"], text=text)
    assert (table.confirmed, table.disputed) == ((), ())


def test_a_label_used_twice_disputes_nothing_and_can_be_confirmed() -> None:
    text = "优先股 1.00 2.00\n永续债 5.00 6.00\n优先股 3.00 4.00"
    assert read(["优先股", "3.00", "4.00"], text=text).confirmed == (0,)
    assert read(["优先股", "3.00", "5.00"], text=text).disputed == ()


def test_two_statements_side_by_side_are_confirmed_only_together() -> None:
    text = "货币资金 5.50 4.50 短期借款 2.50 1.50"
    right = ["货币资金", "5.50", "4.50", "短期借款", "2.50", "1.50"]
    assert read(right, text=text).confirmed == (0,)
    wrong = ["货币资金", "5.50", "4.50", "短期借款", "1.50", "2.50"]
    assert (read(wrong, text=text).confirmed, read(wrong, text=text).disputed) == ((), (0,))


def test_a_percent_sign_set_apart_belongs_to_its_figure() -> None:
    apart = "合同负债 243,566.42 0.15 % 501,765.24 0.34 % -0.19 %"
    row = ["合同负债", "243,566.42", "0.15%", "501,765.24", "0.34%", "-0.19 %"]
    assert read(row, text=apart).confirmed == (0,)


def test_what_is_no_table_stays_as_it_is() -> None:
    block = Paragraph("货币资金 5.50", OnPage(1))
    assert witnessed([block], {1: TEXT}) == (block,)
