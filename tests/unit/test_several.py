"""A question that asks several things is answered part by part, and never by half."""

from __future__ import annotations

import pytest
from tests.figured import TODAY, TOOLS, WATER, entry, fact

from yanku.answer.compose import cited, compose, known_beside
from yanku.answer.declining import decline_missing, decline_unasked, declined
from yanku.answer.joined import joined
from yanku.finance.choose import Sourced
from yanku.finance.clauses import clauses_of
from yanku.finance.compute import settle
from yanku.finance.inquiry import understand
from yanku.finance.measures import called
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.finance.several import read_question
from yanku.model.answer import Answer, Declined, Grounded, Reason
from yanku.model.inquiry import Inquiry, Missing, Task

Y24, Y23 = full_year(2024), full_year(2023)
COMPANIES = (WATER, TOOLS)


def read(question: str, ontology: Ontology) -> Inquiry:
    return read_question(question, COMPANIES, ontology, TODAY)


def book() -> list[Sourced]:
    """Revenue, cost and profit of two companies in two years; the second has no R&D expenses."""
    facts = []
    for company, scale in ((WATER, 100), (TOOLS, 50)):
        for year, growth in ((Y23, 10), (Y24, 12)):
            source = entry(f"{company.name}{year.end.year}", year, company)
            figures = {
                "operating_revenue": scale * growth,
                "operating_cost": scale * (growth - 3),
                "net_profit": scale * growth // 10,
            }
            if company is WATER:
                figures["rd_expenses"] = growth
            facts += [
                (fact(name, str(value), year, company=company, page=page), source)
                for page, (name, value) in enumerate(figures.items(), start=1)
            ]
    return facts


def answer(inquiry: Inquiry, ontology: Ontology) -> Answer:
    def named(name: str, language: str) -> str:
        return called(name, language, ontology)

    if inquiry.parts:
        return joined(inquiry, [answer(part, ontology) for part in inquiry.parts])
    if (unasked := decline_unasked(inquiry)) is not None:
        return unasked
    if inquiry.task is Task.TEXT:
        return declined(Reason.NOT_FOUND, inquiry.language)
    outcome = settle(inquiry, book(), ontology)
    if isinstance(outcome, Missing):
        there = outcome.known.operands if outcome.known else ()
        told = known_beside(inquiry, outcome, named)
        return decline_missing(inquiry, outcome, cited(there, inquiry.language), told=told)
    return compose(inquiry, outcome, named)


def grounded(question: str, ontology: Ontology) -> Grounded:
    found = answer(read(question, ontology), ontology)
    assert isinstance(found, Grounded), found
    return found


def parts(question: str, ontology: Ontology) -> list[tuple[str, tuple[str, ...]]]:
    return [(part.task.value, part.metrics) for part in read(question, ontology).parts]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        (
            "东海水务2024年营收多少，比2023年多多少，毛利率高几个百分点",
            [("growth", ("operating_revenue.change",)), ("growth", ("gross_margin.change",))],
        ),
        (
            "东海水务2024年毛利率比北岭机床高多少，谁的净利润更高",
            [("difference", ("gross_margin",)), ("compare", ("net_profit",))],
        ),
        (
            "东海水务和北岭机床2024年谁的毛利率更高？高多少？",
            [("compare", ("gross_margin",)), ("difference", ("gross_margin",))],
        ),
        (
            "近三年东海水务营收变化趋势如何，哪年最高",
            [("series", ("operating_revenue",)), ("compare", ("operating_revenue",))],
        ),
        (
            "东海水务2024年营收多少，北岭机床2023年净利润多少",
            [("lookup", ("operating_revenue",)), ("lookup", ("net_profit",))],
        ),
        (
            "东海水务2024年净利润为什么增长，增长了多少",
            [("text", ("net_profit",)), ("growth", ("net_profit.growth",))],
        ),
    ],
)
def test_each_thing_asked_is_a_plan_of_its_own(
    question: str, wanted: list[tuple[str, tuple[str, ...]]], ontology: Ontology
) -> None:
    assert parts(question, ontology) == wanted


@pytest.mark.parametrize(
    "question",
    [
        "东海水务2024年营业收入和净利润分别是多少？",
        "东海水务2024年营收多少？净利润呢？",
        "2024年净利润最高的是哪家，金额为多少",
        "2024年营收超过50亿元，净利润最高的公司是哪家",
        "东海水务2024年营业收入是多少，同比增长多少",
        "Companies whose revenue topped 2 billion and whose net profit topped 200 million in 2024",
    ],
)
def test_what_one_plan_says_whole_is_not_parted(question: str, ontology: Ontology) -> None:
    inquiry = read(question, ontology)
    assert inquiry.task not in {Task.SEVERAL, Task.TEXT}
    assert inquiry == understand(question, COMPANIES, ontology, TODAY)


def test_values_and_their_changes_stand_side_by_side(ontology: Ontology) -> None:
    for question in (
        "东海水务2024年营收和净利润分别是多少，同比如何",
        "东海水务2024年营收、净利润及其同比增长率",
    ):
        found = grounded(question, ontology)
        assert found.table is not None
        cells = [cell.amount.value for cell in found.table.rows[0] if cell.amount is not None]
        assert [round(value) for value in cells] == [1200, 120, 20, 20]


@pytest.mark.parametrize("base", ["比上年", "较去年", "比去年同期"])
def test_a_base_that_is_no_date_is_taken_over_too(base: str, ontology: Ontology) -> None:
    asked = f"东海水务2024年营收多少，{base}多多少，毛利率高几个百分点"
    metrics = (
        "operating_revenue",
        "operating_revenue.change",
        "gross_margin",
        "gross_margin.change",
    )
    assert read(asked, ontology).metrics == metrics
    text = grounded(asked, ontology).text
    assert "1,200" in text
    assert "200元" in text


def test_which_of_its_own_measures_is_higher_gives_them_all(ontology: Ontology) -> None:
    text = grounded("东海水务2024年营业收入和净利润哪个高", ontology).text
    assert "1,200" in text
    assert "120" in text


def test_how_it_compared_with_an_earlier_year_is_its_change(ontology: Ontology) -> None:
    asked = "What was 东海水务's revenue in 2024 and how did it compare with 2023?"
    inquiry = read(asked, ontology)
    assert (inquiry.task, inquiry.metrics) == (Task.GROWTH, ("operating_revenue.growth",))


def test_a_change_is_of_the_measures_before_its_word(ontology: Ontology) -> None:
    inquiry = read("东海水务2024年营收同比、毛利率", ontology)
    assert set(inquiry.metrics) == {"gross_margin", "operating_revenue.growth"}


def test_every_part_is_answered_with_sources_of_its_own(ontology: Ontology) -> None:
    found = grounded("东海水务2024年营收多少，比2023年多多少，毛利率高几个百分点", ontology)
    assert "1,200元" in found.text
    assert "200元" in found.text
    assert "个百分点" in found.text
    numbers = {citation.number for citation in found.citations}
    assert numbers == set(range(1, len(found.citations) + 1))
    assert {n for claim in found.claims for n in claim.citations} <= numbers
    places = {(c.document, c.place, c.quote) for c in found.citations}
    assert len(places) == len(found.citations)


def test_a_part_that_nobody_can_answer_is_declined_by_name_and_the_others_stand(
    ontology: Ontology,
) -> None:
    found = grounded("东海水务2024年营收多少？明年会涨吗？", ontology)
    assert "1,200元" in found.text
    reasons = [part.reason for part in found.parts]
    assert reasons == [None, Reason.OFF_TOPIC]
    assert "明年会涨" in found.text


def test_a_figure_that_lacks_is_named_beside_those_there_are(ontology: Ontology) -> None:
    found = grounded("北岭机床2024年营业收入、研发费用和净利润分别是多少", ontology)
    assert "600元" in found.text
    assert "60元" in found.text
    assert [part.asked for part in found.parts] == ["北岭机床 2024年 研发费用"]
    assert found.parts[0].reason is Reason.NOT_DISCLOSED
    assert "北岭机床 2024年 研发费用" in found.text
    assert found.amount is None


@pytest.mark.parametrize(
    "question",
    [
        "东海水务和北岭机床2024年研发费用谁更高",
        "北岭机床2024年研发费用比东海水务高多少",
        "东海水务和北岭机床2024年研发费用合计",
        "东海水务、北岭机床2024年研发费用排名",
    ],
)
def test_a_comparison_with_one_side_missing_gives_the_other_and_its_source(
    question: str, ontology: Ontology
) -> None:
    found = answer(read(question, ontology), ontology)
    assert isinstance(found, Declined)
    assert found.reason is Reason.NOT_DISCLOSED
    assert "缺少：北岭机床 2024年 研发费用" in found.message
    assert "东海水务2024年度研发费用为12元[1]" in found.message
    assert [citation.number for citation in found.nearest] == [1]


def test_beside_a_company_nobody_knows_the_other_sides_figure_is_given(ontology: Ontology) -> None:
    found = answer(read("东海水务和宏达股份2024年营收谁高", ontology), ontology)
    assert isinstance(found, Declined)
    assert found.reason is Reason.NOT_FOUND
    assert "宏达股份" in found.message
    assert "东海水务2024年度营业收入为1,200元[1]" in found.message


def test_where_no_part_can_be_answered_the_whole_is_declined(ontology: Ontology) -> None:
    found = answer(read("北岭机床2024年研发费用是多少，2023年呢", ontology), ontology)
    assert isinstance(found, Declined)


def test_a_quarter_on_quarter_of_a_year_is_senseless_and_not_contradictory(
    ontology: Ontology,
) -> None:
    found = answer(read("东海水务2024年营业收入环比增长率", ontology), ontology)
    assert isinstance(found, Declined)
    assert found.reason is Reason.SENSELESS


@pytest.mark.parametrize(
    ("question", "by", "beside_it", "top", "place"),
    [
        ("2024年营收最高的公司，净利率是多少", "operating_revenue", ("net_margin",), 1, 0),
        ("2024年净利润最高的是哪家，它的毛利率是多少", "net_profit", ("gross_margin",), 1, 0),
        (
            "2024年营收前三的公司，毛利率和净利率分别是多少",
            "operating_revenue",
            ("gross_margin", "net_margin"),
            3,
            0,
        ),
        ("2024年营收第二的公司净利润是多少", "operating_revenue", ("net_profit",), 0, 2),
    ],
)
def test_one_measure_chooses_and_others_are_told_of_who_is_chosen(
    question: str, by: str, beside_it: tuple[str, ...], top: int, place: int, ontology: Ontology
) -> None:
    inquiry = read(question, ontology)
    assert (inquiry.task, inquiry.metrics, inquiry.beside) == (Task.RANK, (by,), beside_it)
    assert (inquiry.top, inquiry.place) == (top, place)


def test_who_is_chosen_is_told_with_what_else_was_asked(ontology: Ontology) -> None:
    found = grounded("2024年营收最高的公司，净利润是多少", ontology)
    assert found.choice == "东海水务"
    assert "1,200元" in found.text
    assert "120元" in found.text
    assert "北岭机床" not in found.text


def test_whom_two_measures_could_choose_is_not_guessed(ontology: Ontology) -> None:
    assert read("2024年营收和净利润最高的公司", ontology).task is Task.TEXT


def test_a_share_beside_another_figure_is_no_row_of_its_parts(ontology: Ontology) -> None:
    wanted = [("ratio", ("net_profit", "operating_revenue")), ("ratio", ("gross_margin",))]
    assert parts("东海水务2024年净利润占营收比重和毛利率", ontology) == wanted
    undecided = read("东海水务2024年净利润和研发费用占营收的比重", ontology)
    assert undecided.task is Task.TEXT


def test_several_changes_are_between_the_two_years_named(ontology: Ontology) -> None:
    found = grounded("东海水务和北岭机床2024年营业收入比2023年增长多少", ontology)
    assert found.table is not None
    assert len(found.table.rows) == 2
    values = [cell.amount.value for row in found.table.rows for cell in row if cell.amount]
    assert [round(value) for value in values] == [20, 20]


def test_a_change_over_two_years_is_not_called_yearly(ontology: Ontology) -> None:
    early = full_year(2022)
    facts = [
        (fact("operating_revenue", "800", early, company=company), entry("2022", early, company))
        for company in COMPANIES
    ]
    inquiry = read("东海水务和北岭机床2024年营业收入比2022年增长多少", ontology)
    finding = settle(inquiry, [*book(), *facts], ontology)
    assert not isinstance(finding, Missing)
    text = compose(inquiry, finding, lambda name, lang: called(name, lang, ontology)).text
    assert "营业收入增长率为50.00%" in text
    assert "同比" not in text


PARTED = """
    2024年营收最高和最低的公司分别是谁 => 2024年营收最高的公司分别是谁 | 2024年营收最低的公司分别是谁
    东海水务2024年营收是2023年的多少倍，净利润呢 => 东海水务2024年营收是2023年的多少倍 | 东海水务2024年净利润是2023年的多少倍
    北岭机床2024年研发费用多少，同比变化，占营收比例 => 北岭机床2024年研发费用多少 | 北岭机床2024年研发费用同比变化 | 北岭机床2024年研发费用占营收比例
    东海水务2024年营收多少，北岭机床营收多少，合计多少 => 东海水务2024年营收多少 | 2024年北岭机床营收多少 | 东海水务和北岭机床2024年营收合计多少
    东海水务2024年营收多少，净利润多少，两者之比呢 => 东海水务2024年营收多少 | 东海水务2024年净利润多少 | 东海水务2024年营收和净利润之比呢
    请列出东海水务2024年营收，净利润，并与2023年比较 => 请列出东海水务2024年营收,净利润 | 东海水务2024年营收,净利润比2023年变动多少
    东海水务2024年合并净利润多少，母公司呢 => 东海水务2024年合并净利润多少 | 东海水务2024年净利润母公司呢
    东海水务2024年毛利率下降了吗，为什么 => 东海水务2024年毛利率下降了吗 | 东海水务2024年毛利率为什么
    东海水务2024年净利润多少？增长的原因？明年展望？ => 东海水务2024年净利润多少 | 东海水务2024年净利润增长的原因 | 东海水务2024年明年展望
    2024年营收超过50亿的公司有几家，分别是谁 =>
    东海水务营收第一次超过50亿是哪年，当年净利润多少 =>
"""  # noqa: E501 - one question a line
"""Questions, and the questions that they are made of; none if they are one."""


@pytest.mark.parametrize("line", [line.strip() for line in PARTED.strip().splitlines()])
def test_a_clause_takes_over_what_it_leaves_out(line: str, ontology: Ontology) -> None:
    question, _, wanted = line.partition(" =>")
    parted = tuple(part for part in wanted.strip().split(" | ") if part)
    assert clauses_of(question, COMPANIES, ontology, TODAY) == parted


def test_a_sum_of_several_measures_is_the_sum(ontology: Ontology) -> None:
    found = grounded("东海水务2024年营业成本和研发费用合计多少", ontology)
    assert found.amount is not None
    assert found.amount.value == 912
    assert "营业成本 + 研发费用" in found.text


def test_growth_on_the_year_and_on_the_quarter_are_both_told(ontology: Ontology) -> None:
    inquiry = read("东海水务2024年第三季度营收同比和环比", ontology)
    assert set(inquiry.metrics) >= {"operating_revenue.growth", "operating_revenue.qoq"}


def test_parts_may_be_wanted_in_different_units(ontology: Ontology) -> None:
    inquiry = read("东海水务2024年营收多少亿，净利润多少万", ontology)
    assert [part.unit for part in inquiry.parts] == ["亿元", "万元"]


def test_a_company_of_one_letter_is_nobody_known(ontology: Ontology) -> None:
    assert read("A公司2024年营收多少，东海水务呢", ontology).unknown == ("a公司",)


def test_a_share_of_nothing_named_is_not_the_amount(ontology: Ontology) -> None:
    assert read("东海水务2024年研发费用占比是多少", ontology).task is Task.TEXT
    assert read("东海水务2024年研发费用占营收比例是多少", ontology).task is Task.RATIO


def test_the_figures_in_a_declined_part_keep_their_own_sources(ontology: Ontology) -> None:
    question = "东海水务2024年营收多少，东海水务和北岭机床2024年研发费用谁更高"
    found = grounded(question, ontology)
    (claim,) = [claim for claim in found.claims if "已有" in claim.text]
    assert "[" not in claim.text
    by_number = {citation.number: citation for citation in found.citations}
    assert [by_number[number].quote for number in claim.citations] == ["rd_expenses: 12元"]


def test_marks_of_parts_that_are_all_declined_lead_to_their_own_sources(
    ontology: Ontology,
) -> None:
    question = "东海水务和北岭机床2024年研发费用谁更高，东海水务和宏达股份2024年营收谁高"
    found = answer(read(question, ontology), ontology)
    assert isinstance(found, Declined)
    assert "12元[1]" in found.message
    assert "1,200元[2]" in found.message
    quotes = [citation.quote for citation in found.nearest]
    assert quotes == ["rd_expenses: 12元", "operating_revenue: 1,200元"]
