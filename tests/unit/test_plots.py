"""The picture of a table: one axis a unit, nothing drawn on an axis of another, gaps left open."""

from __future__ import annotations

from decimal import Decimal

from yanku.entry.ui.plots import Plot, plot_of
from yanku.entry.ui.words import Language
from yanku.model.amount import Amount
from yanku.model.answer import AnswerTable, TableCell

YEARS = ("2022年度", "2023年度", "2024年度")
MONEY = ("1250000000", "-300000000", "2500000000")


def table(*columns: tuple[str, str, tuple[str, ...]], rows: tuple[str, ...] = YEARS) -> AnswerTable:
    """Make a table of columns, each with a name, a unit and a value a row, empty where none is."""
    made = [
        [TableCell(v, Amount(Decimal(v), unit), (1,)) if v else TableCell("") for v in values]
        for _, unit, values in columns
    ]
    return AnswerTable(
        ("期间", *(name for name, _, _ in columns)),
        tuple((TableCell(row), *cells) for row, *cells in zip(rows, *made, strict=True)),
    )


def drawn(shown: AnswerTable, language: Language = "zh") -> Plot:
    plot = plot_of(shown, language)
    assert plot is not None
    return plot


def test_money_is_drawn_in_a_scale_that_its_axis_names() -> None:
    options = drawn(table(("营业收入", "CNY", MONEY))).options
    assert [axis["name"] for axis in options["yAxis"]] == ["亿元"]
    assert options["series"][0]["data"] == [12.5, -3.0, 25.0]
    assert options["xAxis"]["data"] == list(YEARS)
    options = drawn(table(("Revenue", "USD", MONEY)), "en").options
    assert [axis["name"] for axis in options["yAxis"]] == ["USD bn"]


def test_a_figure_per_share_stands_on_an_axis_of_its_own() -> None:
    plot = drawn(table(("营业收入", "CNY", MONEY), ("每股收益", "CNY/share", ("0.5", "-0.1", "1"))))
    assert [axis["name"] for axis in plot.options["yAxis"]] == ["亿元", "元/股"]
    money, share = plot.options["series"]
    assert (money["type"], money["yAxisIndex"]) == ("bar", 0)
    assert (share["type"], share["yAxisIndex"], share["data"]) == ("line", 1, [0.5, -0.1, 1.0])


def test_shares_alone_are_lines_on_an_axis_that_says_percent() -> None:
    plot = drawn(table(("毛利率", "%", ("40", "41", "39")), ("变动", "pp", ("1", "1", "-2"))))
    assert [axis["name"] for axis in plot.options["yAxis"]] == ["%"]
    assert [one["type"] for one in plot.options["series"]] == ["line", "line"]


def test_a_third_unit_and_a_column_of_several_are_left_to_the_table() -> None:
    mixed = table(
        ("营业收入", "CNY", MONEY), ("每股收益", "CNY/share", ("1", "2", "3")),
        ("毛利率", "%", ("40", "41", "39")),
    )  # fmt: skip
    assert drawn(mixed).columns == ("营业收入", "每股收益")
    rows = list(mixed.rows)
    rows[0] = (rows[0][0], TableCell("7", Amount(Decimal(7), "USD"), (1,)), *rows[0][2:])
    assert drawn(AnswerTable(mixed.columns, tuple(rows))).columns == ("每股收益", "毛利率")


def test_what_is_not_disclosed_is_a_gap_and_no_zero() -> None:
    plot = drawn(table(("营业收入", "CNY", ("5", "", "7"))))
    assert plot.options["series"][0]["data"] == [5.0, None, 7.0]
    assert plot.options["series"][0]["connectNulls"] is False


def test_no_line_runs_from_one_company_to_the_next() -> None:
    shown = table(("营业收入", "CNY", MONEY), ("毛利率", "%", ("40", "41", "39")))
    shown = AnswerTable(("公司", *shown.columns[1:]), shown.rows)
    assert [one["type"] for one in drawn(shown).options["series"]] == ["bar", "scatter"]


def test_twenty_companies_keep_room_for_their_names() -> None:
    names = tuple(f"第{n}公司" for n in range(20))
    plot = drawn(table(("营业收入", "CNY", tuple("12345678901234567890")), rows=names))
    assert plot.width >= 20 * 40
    assert plot.options["xAxis"]["axisLabel"]["interval"] == 0


def test_two_rows_hundreds_or_no_figures_need_no_picture() -> None:
    many = tuple(f"第{n}公司" for n in range(300))
    assert plot_of(table(("营业收入", "CNY", ("1",) * 300), rows=many), "zh") is None
    assert plot_of(table(("营业收入", "CNY", ("1", "2")), rows=YEARS[:2]), "zh") is None
    assert plot_of(table(("营业收入", "CNY", ("", "", ""))), "zh") is None
