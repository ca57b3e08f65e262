"""What a table that splits a company's figures says of one of its parts, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from yanku.answer.evidence import lines_of
from yanku.answer.parts import told_by_parts
from yanku.answer.splits import part_asked
from yanku.finance.dates import periods_in
from yanku.finance.inquiry import understand
from yanku.finance.labels import plain
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.finance.unnamed import without_names
from yanku.model.amount import Amount
from yanku.model.answer import Grounded
from yanku.model.finance import Company, Period, Profile, ReportKind
from yanku.model.library import Chunk, ChunkId, DocumentId
from yanku.model.place import InText
from yanku.model.search import Hit

MILL = Company("600355", "茗溪纸品", ("茗溪纸品股份有限公司",))
MADE = (
    "分产品",
    "茗溪纸 | 2024年 / 金额: 600.00 | 占营业收入比重: 60.00% | 2023年 / 金额: 500.00"
    " | 占营业收入比重: 62.50% | 同比增减: 20.00%",
    "包装及印刷 | 2024年 / 金额: 300.00 | 占营业收入比重: 30.00% | 2023年 / 金额: 240.00"
    " | 占营业收入比重: 30.00% | 同比增减: 25.00%",
    "其他 | 2024年 / 金额: 100.00 | 占营业收入比重: 10.00% | 2023年 / 金额: 60.00"
    " | 占营业收入比重: 7.50% | 同比增减: 66.67%",
    "分地区",
    "国内 | 2024年 / 金额: 850.00 | 占营业收入比重: 85.00% | 2023年 / 金额: 700.00"
    " | 占营业收入比重: 87.50% | 同比增减: 21.43%",
    "国外 | 2024年 / 金额: 150.00 | 占营业收入比重: 15.00% | 2023年 / 金额: 100.00"
    " | 占营业收入比重: 12.50% | 同比增减: 50.00%",
)
MARGINS = (
    "其中：茗溪纸 | 营业收入: 600.00 | 营业成本: 420.00 | 毛利率（%）: 30.00"
    " | 营业收入比上年增减（%）: 20.00 | 毛利率比上年增减（%）: 1.50",
    "包装及印刷 | 营业收入: 300.00 | 营业成本: 240.00 | 毛利率（%）: 20.00"
    " | 营业收入比上年增减（%）: 25.00 | 毛利率比上年增减（%）: -0.40",
)


def hit(*rows: str, way: str = "营业收入构成 单位：万元", year: int = 2024) -> Hit:
    context = f"茗溪纸品（600355） {year}年年度报告 > {way}"
    chunk = Chunk(
        ChunkId(f"{context}{rows[0]}"), DocumentId("d"), 0, context, "\n".join(rows),
        InText(1, len(rows)),
    )  # fmt: skip
    profile = Profile("", MILL, ReportKind.ANNUAL, period=full_year(year))
    return Hit(chunk, f"{year}.pdf", profile, 1.0, {})


def told(
    question: str,
    ontology: Ontology,
    *hits: Hit,
    revenue: Mapping[Period, Decimal] | None = None,
) -> Grounded | None:
    inquiry = understand(question, [MILL], ontology, date(2025, 6, 1))
    asked = part_asked(inquiry, without_names(question, inquiry.companies))
    if asked is None:
        return None
    given = lines_of(hits or (hit(*MADE), hit(*MARGINS, way="主营业务分产品 单位：万元")))
    return told_by_parts(inquiry, asked, given, periods_in, plain, revenue or {})


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("茗溪纸品2024年茗溪纸收入", "6000000", "CNY"),
        ("茗溪纸品2023年茗溪纸的收入是多少", "5000000", "CNY"),
        ("茗溪纸品2024年茗溪纸收入占比", "60", "%"),
        ("茗溪纸品2023年包装业务收入占比多少", "30", "%"),
        ("茗溪纸品2024年茗溪纸毛利率", "30", "%"),
        ("茗溪纸品2024年包装收入增速", "25", "%"),
        ("茗溪纸品2024年海外收入占比", "15", "%"),
        ("茗溪纸品2023年境外收入", "1000000", "CNY"),
        ("茗溪纸品2024年国内收入同比", "21.43", "%"),
    ],
)
def test_a_part_has_the_figure_of_its_row_and_of_the_year_asked_for(
    question: str, value: str, unit: str, ontology: Ontology
) -> None:
    answer = told(question, ontology)
    assert answer is not None
    assert answer.amount == Amount(Decimal(value), unit)
    assert [claim.citations for claim in answer.claims] == [(1,)]


def test_a_row_called_otherwise_is_named_as_the_table_has_it(ontology: Ontology) -> None:
    answer = told("茗溪纸品2024年海外收入", ontology)
    assert answer is not None
    assert "“国外”" in answer.text
    assert "“海外”按表中“国外”理解" in answer.assumptions


def test_several_figures_of_a_part_are_told_one_by_one(ontology: Ontology) -> None:
    answer = told("茗溪纸品2024年茗溪纸收入和毛利率", ontology)
    assert answer is not None
    assert answer.amount is None
    assert "6,000,000元" in answer.text
    assert "30.00%" in answer.text


def test_a_share_is_worked_out_of_the_total_where_none_is_printed(ontology: Ontology) -> None:
    rows = (
        "软管 | 2024年收入: 30.0",
        "接头 | 2024年收入: 90.0",
        "合计 | 2024年收入: 120.0",
    )
    answer = told("茗溪纸品2024年软管收入占比", ontology, hit(*rows))
    assert answer is not None
    assert answer.amount == Amount(Decimal(25), "%")
    assert [len(one.operands) for one in answer.calculations] == [2]
    assert told("茗溪纸品2024年软管收入占比", ontology, hit(*rows[:2])) is None


def test_growth_is_worked_out_of_two_years_where_none_is_printed(ontology: Ontology) -> None:
    rows = ("软管 | 2023年收入: 20.0 | 2024年收入: 30.0",)
    answer = told("茗溪纸品2024年软管收入同比增长多少", ontology, hit(*rows))
    assert answer is not None
    assert answer.amount == Amount(Decimal(50), "%")


@pytest.mark.parametrize(
    ("question", "first", "value"),
    [
        ("茗溪纸品2024年哪个产品收入占比最高", "茗溪纸", "60"),
        ("茗溪纸品2024年收入占比最低的产品", "其他", "10"),
        ("茗溪纸品2024年收入增速最快的产品", "其他", "66.67"),
        ("茗溪纸品2024年哪个地区收入最多", "国内", "8500000"),
    ],
)
def test_the_first_of_all_parts_is_told_where_the_table_has_all_of_them(
    question: str, first: str, value: str, ontology: Ontology
) -> None:
    answer = told(question, ontology)
    assert answer is not None
    assert answer.choice == first
    assert answer.amount is not None
    assert answer.amount.value == Decimal(value)
    assert told(question, ontology, hit(*MADE[:2], *MADE[4:6])) is None, "a row lacks"


@pytest.mark.parametrize(
    "question",
    [
        "茗溪纸品2022年茗溪纸收入",
        "茗溪纸品2024年纸浆收入",
        "茗溪纸品2024年包装毛利率增减",
        "茗溪纸品2024年前五大客户收入占比",
        "茗溪纸品2024年其他业务收入占比多少",
    ],
)
def test_what_no_row_or_column_says_is_not_told(question: str, ontology: Ontology) -> None:
    answer = told(question, ontology)
    assert answer is None or "其他" in answer.text


def test_two_rows_that_could_be_meant_and_two_figures_that_differ_tell_nothing(
    ontology: Ontology,
) -> None:
    rows = ("高压软管 | 2024年收入: 30.0", "低压软管 | 2024年收入: 20.0")
    assert told("茗溪纸品2024年软管收入", ontology, hit(*rows)) is None
    one, other = hit("软管 | 2024年收入: 30.0"), hit("软管 | 2024年收入: 31.0")
    assert told("茗溪纸品2024年软管收入", ontology, one, other) is None


def test_a_change_among_several_is_of_sales_only_where_it_says_so(ontology: Ontology) -> None:
    row = "软管 | 产量（吨）: 57.0 | 同比（%）: 0.69 | 销售收入: 126.0 | 同比: 17.39"
    given = hit(row, way="分产品 单位：万元")
    assert told("茗溪纸品2024年软管收入同比", ontology, given) is None
    answer = told("茗溪纸品2024年软管收入", ontology, given)
    assert answer is not None
    assert answer.amount == Amount(Decimal(1260000), "CNY")


def test_costs_and_quantities_of_a_part_are_not_its_sales(ontology: Ontology) -> None:
    rows = ("软管 | 项目: 营业成本 | 金额: 21.0", "软管 | 2024年销售量: 30")
    assert told("茗溪纸品2024年软管收入", ontology, hit(*rows)) is None


# ── all parts of a kind ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("茗溪纸品哪个产品卖得最好", "茗溪纸"),
        ("茗溪纸品2024年卖得最差的产品是哪个", "其他"),
        ("茗溪纸品2024年哪个产品收入最高", "茗溪纸"),
    ],
)
def test_which_comes_first_is_told_of_a_table_that_was_cut(
    question: str, first: str, ontology: Ontology
) -> None:
    cut = (hit(*MADE[:2]), hit(*MADE[2:], way="营业收入构成 > 分产品 单位：万元"))
    answer = told(question, ontology, *cut)
    assert answer is not None
    assert answer.choice == first
    assert told(question, ontology, cut[0]) is None, "a part of the table is missing"


def test_all_parts_of_a_kind_are_told_with_their_places(ontology: Ontology) -> None:
    answer = told("茗溪纸品2024年各产品的收入", ontology)
    assert answer is not None
    assert answer.table is not None
    assert [row[0].text for row in answer.table.rows] == ["茗溪纸", "包装及印刷", "其他"]
    assert all(row[1].citations for row in answer.table.rows)
    assert len(answer.claims) == 3
    assert not any("未必是全部" in note for note in answer.assumptions)


def test_parts_that_do_not_come_to_the_whole_are_said_to_be_those_listed(
    ontology: Ontology,
) -> None:
    rows = (
        "分产品",
        "软管 | 营业收入: 30.0 | 毛利率（%）: 31.5",
        "接头 | 营业收入: 90.0 | 毛利率（%）: 22.0",
    )
    answer = told("茗溪纸品2024年各产品毛利率", ontology, hit(*rows, way="主营业务 单位：元"))
    assert answer is not None
    assert answer.table is not None
    assert [row[0].text for row in answer.table.rows] == ["软管", "接头"]
    assert any("未必是全部" in note for note in answer.assumptions)


def test_parts_without_a_total_are_all_where_they_come_to_the_companys_revenue(
    ontology: Ontology,
) -> None:
    rows = ("按产品档次", "软管 | 营业收入: 30.0", "接头 | 营业收入: 90.0")
    table = hit(*rows, way="主营业务构成 单位：元")
    question = "茗溪纸品2024年哪个产品收入最高"
    assert told(question, ontology, table) is None
    whole = {full_year(2024): Decimal(121)}
    answer = told(question, ontology, table, revenue=whole)
    assert answer is not None
    assert answer.choice == "接头"
    assert told(question, ontology, table, revenue={full_year(2024): Decimal(150)}) is None


def test_two_tables_that_differ_are_not_listed(ontology: Ontology) -> None:
    one = hit("分产品", "软管 | 营业收入: 30.0", "接头 | 营业收入: 90.0", way="甲 单位：元")
    other = hit("分产品", "软管 | 营业收入: 31.0", "接头 | 营业收入: 90.0", way="乙 单位：元")
    assert told("茗溪纸品2024年各产品收入", ontology, one) is not None
    assert told("茗溪纸品2024年各产品收入", ontology, one, other) is None
