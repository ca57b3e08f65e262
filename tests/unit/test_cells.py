"""A table answers only if exactly one of its figures stands where the question says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from yanku.answer.cells import told_by_tables
from yanku.answer.evidence import lines_of
from yanku.finance.dates import periods_in
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.model.amount import Amount
from yanku.model.answer import Grounded
from yanku.model.finance import Company, Profile, ReportKind
from yanku.model.library import Chunk, ChunkId, DocumentId
from yanku.model.place import InText
from yanku.model.search import Hit
from yanku.retrieve.tokens import Tokens

WATER = Company("600123", "东海水务", ("东海水务股份有限公司",))
TOOLS = Company("300456", "北岭机床")
SEGMENTS = (
    "污水处理 | 营业收入: 5,100.20 | 毛利率（%）: 31.50 | 营业收入比上年增减（%）: 12.40",
    "自来水销售 | 营业收入: 2,300.00 | 毛利率（%）: 28.10 | 营业收入比上年增减（%）: -1.20",
)


@pytest.fixture(scope="module")
def tokens(ontology: Ontology) -> Tokens:
    return Tokens(ontology.vocabulary())


def hit(
    *rows: str,
    context: str = "东海水务（600123） 2024年年度报告 > 主营业务分产品情况 单位：万元",
    company: Company | None = WATER,
    year: int = 2024,
) -> Hit:
    place = InText(1, len(rows))
    chunk = Chunk(
        ChunkId(context), DocumentId("d"), 0, context, "\n".join(rows), place,
        tuple(InText(n, n) for n in range(1, len(rows) + 1)),
    )  # fmt: skip
    profile = Profile("", company, ReportKind.ANNUAL, period=full_year(year))
    return Hit(chunk, "东海水务.pdf", profile, 1.0, {})


def ask(question: str, ontology: Ontology, tokens: Tokens, *hits: Hit) -> Grounded | None:
    inquiry = understand(question, [WATER, TOOLS], ontology, date(2025, 5, 20))
    assert inquiry.figure
    unit = ontology.measure(inquiry.metrics[0]).unit if inquiry.metrics else ""
    return told_by_tables(inquiry, lines_of(hits), tokens.of, periods_in, unit=unit)


def test_a_figure_is_found_by_its_row_and_column(ontology: Ontology, tokens: Tokens) -> None:
    found = ask("东海水务2024年污水处理业务的营业收入是多少？", ontology, tokens, hit(*SEGMENTS))
    assert found is not None
    assert found.amount == Amount(Decimal("51002000.00"), "CNY")
    assert found.citations[0].place == InText(1, 1)
    margin = ask("东海水务2024年自来水销售的毛利率", ontology, tokens, hit(*SEGMENTS))
    assert margin is not None
    assert margin.amount == Amount(Decimal("28.10"), "%")


@pytest.mark.parametrize(
    "question",
    [
        "东海水务2024年固废处理的营业收入是多少？",
        "东海水务2024年污水处理的净利润是多少？",
        "东海水务2023年污水处理的营业收入是多少？",
        "北岭机床2024年污水处理的营业收入是多少？",
    ],
)
def test_another_row_column_year_or_company_is_no_answer(
    question: str, ontology: Ontology, tokens: Tokens
) -> None:
    assert ask(question, ontology, tokens, hit(*SEGMENTS)) is None


def test_two_figures_that_differ_are_no_answer(ontology: Ontology, tokens: Tokens) -> None:
    other = hit(
        "污水处理 | 营业收入: 5,900.00",
        context="东海水务（600123） 2024年年度报告 > 分地区 单位：万元",
    )
    asked = "东海水务2024年污水处理的营业收入是多少？"
    assert ask(asked, ontology, tokens, hit(*SEGMENTS), other) is None


def test_the_same_figure_twice_is_one_answer(ontology: Ontology, tokens: Tokens) -> None:
    again = hit(
        "污水处理 | 营业收入: 51,002,000.00",
        context="东海水务（600123） 2024年年度报告 > 附注 单位：元",
    )
    asked = "东海水务2024年污水处理的营业收入是多少？"
    assert ask(asked, ontology, tokens, hit(*SEGMENTS), again) is not None


def test_a_column_of_another_year_does_not_answer(ontology: Ontology, tokens: Tokens) -> None:
    rows = "污水处理 | 2024年: 5,100.20 | 2023年: 4,537.54"
    context = "东海水务（600123） 2024年年度报告 > 营业收入构成 单位：万元"
    asked = "东海水务{}年污水处理的营业收入是多少？"
    for year, value in ((2024, "51002000.00"), (2023, "45375400.00")):
        found = ask(asked.format(year), ontology, tokens, hit(rows, context=context))
        assert found is not None
        assert found.amount == Amount(Decimal(value), "CNY")


def test_periods_may_stand_in_the_rows(ontology: Ontology, tokens: Tokens) -> None:
    rows = ("2023Q1 | 研发费用（万元）: 310.5", "2023Q2 | 研发费用（万元）: 322.0")
    found = ask(
        "东海水务2023年第二季度的研发费用是多少？", ontology, tokens,
        hit(*rows, context="东海水务 分季度数据"),
    )  # fmt: skip
    assert found is not None
    assert found.amount == Amount(Decimal("3220000.0"), "CNY")


def test_a_forecast_is_not_a_figure(ontology: Ontology, tokens: Tokens) -> None:
    rows = "污水处理 | 2024E 营业收入: 9,999.00"
    assert ask("东海水务2024年污水处理营业收入", ontology, tokens, hit(rows)) is None


def test_a_figure_of_the_parent_company_does_not_answer_for_the_group(
    ontology: Ontology, tokens: Tokens
) -> None:
    rows = "委托贷款 | 2024年末: 320.00"
    parent = hit(rows, context="东海水务（600123） 2024年年度报告 > 母公司附注 单位：万元")
    group = hit(rows, context="东海水务（600123） 2024年年度报告 > 合并附注 单位：万元")
    asked = "东海水务{}2024年末委托贷款是多少？"
    assert ask(asked.format(""), ontology, tokens, parent) is None
    assert ask(asked.format(""), ontology, tokens, group) is not None
    assert ask(asked.format("母公司"), ontology, tokens, parent) is not None
    assert ask(asked.format("母公司"), ontology, tokens, group) is None


def test_a_share_asked_for_is_no_sum_of_money(ontology: Ontology, tokens: Tokens) -> None:
    row = "境外 | 2024年 / 金额: 5,100.20 | 2024年 / 占营业收入比重: 30.60%"
    found = ask("东海水务2024年境外收入占营业收入的比重", ontology, tokens, hit(row))
    assert found is None or found.amount == Amount(Decimal("30.60"), "%")


def ask_towen(question: str, ontology: Ontology, tokens: Tokens, *hits: Hit) -> Grounded | None:
    inquiry = understand(question, [TOWEN], ontology, date(2025, 5, 20))
    return told_by_tables(inquiry, lines_of(hits), tokens.of, periods_in)


TOWEN = Company("Towen Materials, Inc.", "Towen Materials, Inc.")
PLACES = hit(
    "Operating income | 2024: $31 | 2023: $28",
    "Japan:",
    "Net sales | 2024: $25 | 2023: $24",
    "Rest of the world:",
    "Net sales | 2024: $29 | 2023: $26",
    context="Towen Materials, Inc. 2024年年度报告 > Note 11 > Greater China: unit: $ in millions",
    company=TOWEN,
)


def test_a_row_is_of_the_group_above_it_and_not_of_the_first_of_its_passage(
    ontology: Ontology, tokens: Tokens
) -> None:
    question = "What were Towen Materials' net sales in {} in 2024?"
    japan = ask_towen(question.format("Japan"), ontology, tokens, PLACES)
    assert japan is not None
    assert japan.amount == Amount(Decimal(25_000_000), "USD")
    assert ask_towen(question.format("Greater China"), ontology, tokens, PLACES) is None


def test_a_table_that_says_revenue_answers_who_asks_for_net_sales(
    ontology: Ontology, tokens: Tokens
) -> None:
    rows = hit(
        "Films | 2024: $205 | 2023: $191", "Adhesives | 2024: $40 | 2023: $35",
        context="Towen Materials, Inc. 2024年年度报告 > Note 2 – Revenue unit: $ in millions",
        company=TOWEN,
    )  # fmt: skip
    found = ask_towen("What were Towen Materials' Films net sales in 2024?", ontology, tokens, rows)
    assert found is not None
    assert found.amount == Amount(Decimal(205_000_000), "USD")


def test_money_of_no_known_scale_is_no_figure_beside_tables_in_millions(
    ontology: Ontology, tokens: Tokens
) -> None:
    bare = hit(
        "Membership fees | 2024: $4,224 | 2023: $3,877",
        context="Towen Materials, Inc. 2024年年度报告 > Membership Fees",
        company=TOWEN,
    )
    question = "What were Towen Materials' membership fees in 2024?"
    assert ask_towen(question, ontology, tokens, bare, PLACES) is None
    assert ask_towen(question, ontology, tokens, bare) is not None
