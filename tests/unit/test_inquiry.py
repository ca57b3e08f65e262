"""Questions are understood by rules, in both languages and however they are put."""

from __future__ import annotations

from datetime import date

import pytest

from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology, load_ontology
from yanku.finance.periods import full_year, months, quarter
from yanku.model.finance import Company, Consolidation, Period
from yanku.model.inquiry import Inquiry, Task

TODAY = date(2025, 5, 20)
WATER = Company("600123", "东海水务", ("东海水务股份有限公司", "Donghai Water Co., Ltd."))
TOOLS = Company("300456", "北岭机床", ("辽宁北岭机床集团股份有限公司", "Beiling Machine Tools"))
BANK = Company("601999", "江南银行", ("江南银行股份有限公司",))


def ask(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, [WATER, TOOLS, BANK], ontology, TODAY)


def codes(inquiry: Inquiry) -> list[str]:
    return [company.code for company in inquiry.companies]


@pytest.mark.parametrize(
    "question",
    [
        "东海水务2024年前三季度的营业收入是多少？",
        "请问2024年前三季度，东海水务的营业收入是多少？",
        "2024年三季报里东海水务营收多少",
        "600123 2024年1-9月营业收入",
        "麻烦帮我查一下东海水务股份有限公司二〇二四年前三季度实现营业收入多少元，谢谢",
        "东海水务 2024 前三季度 revenue",
        "What was Donghai Water's operating revenue for the nine months ended September 30, 2024?",
        "Donghai Water Co., Ltd. revenue in the first nine months of 2024",
    ],
)
def test_one_question_in_many_words_is_one_inquiry(question: str, ontology: Ontology) -> None:
    found = ask(question, ontology)
    assert found.task is Task.LOOKUP
    assert codes(found) == ["600123"]
    assert found.metrics == ("operating_revenue",)
    assert found.periods == (months(2024, 1, 9),)
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("words", "metric"),
    [
        ("营业总收入", "total_operating_revenue"),
        ("营业总成本", "total_operating_cost"),
        ("净利润", "net_profit"),
        ("归母净利润", "net_profit_attributable"),
        ("归属于上市公司股东的净利润", "net_profit_attributable"),
        ("扣非归母净利润", "net_profit_excluding_non_recurring"),
        ("经营活动产生的现金流量净额", "net_cash_operating"),
        ("经营性现金流", "net_cash_operating"),
        ("研发投入", "rd_investment"),
        ("net profit attributable to owners of the parent", "net_profit_attributable"),
    ],
)
def test_the_longest_name_of_a_metric_wins(words: str, metric: str, ontology: Ontology) -> None:
    assert ask(f"北岭机床2023年的{words}是多少", ontology).metrics == (metric,)


def test_a_balance_for_a_year_is_the_balance_at_its_end(ontology: Ontology) -> None:
    for question in (
        "江南银行2023年总资产",
        "江南银行2023年末总资产",
        "江南银行截至2023年12月31日的总资产",
    ):
        assert ask(question, ontology).periods == (Period(date(2023, 12, 31)),)
    assert ask("江南银行2024年第三季度的总负债", ontology).periods == (Period(date(2024, 9, 30)),)


def test_a_third_quarter_is_three_months_and_that_is_said(ontology: Ontology) -> None:
    found = ask("东海水务2024年第三季度净利润", ontology)
    assert found.periods == (quarter(2024, 3),)
    assert any("单季" in text for text in found.assumptions)


def test_words_for_years_count_from_today(ontology: Ontology) -> None:
    assert ask("东海水务去年的净利润", ontology).periods == (full_year(2024),)
    assert ask("东海水务今年一季度的净利润", ontology).periods == (quarter(2025, 1),)


def test_growth_is_not_the_value(ontology: Ontology) -> None:
    for question in (
        "东海水务2024年营业收入同比增长多少？",
        "东海水务2024年营业收入较上年增长了百分之多少",
        "东海水务2024年的营业收入增速",
        "How much did Donghai Water's revenue grow year on year in 2024?",
    ):
        found = ask(question, ontology)
        assert (found.task, found.metrics) == (Task.GROWTH, ("operating_revenue.growth",))
        assert found.periods == (full_year(2024),)


def test_two_named_years_are_current_and_base(ontology: Ontology) -> None:
    found = ask("北岭机床2022年净利润相比2020年变动了百分之多少？", ontology)
    assert found.task is Task.GROWTH
    assert found.periods == (full_year(2022), full_year(2020))


def test_a_change_in_money_is_asked_in_money(ontology: Ontology) -> None:
    found = ask("北岭机床2023年净利润增加了多少亿元", ontology)
    assert found.metrics == ("net_profit.change",)
    assert found.unit == "亿元"


def test_a_ratio_is_known_by_name_or_by_its_parts(ontology: Ontology) -> None:
    assert ask("东海水务2023年末资产负债率", ontology).metrics == ("debt_to_assets",)
    share = ask("东海水务2023年研发费用占营业收入的比例是多少", ontology)
    assert (share.task, share.metrics) == (Task.RATIO, ("rd_expenses", "operating_revenue"))


def test_a_comparison_knows_its_direction(ontology: Ontology) -> None:
    high = ask("东海水务和北岭机床2023年的毛利率哪家更高？", ontology)
    low = ask("东海水务与北岭机床，谁2023年的管理费用更低", ontology)
    assert (high.task, high.lowest, codes(high)) == (Task.COMPARE, False, ["600123", "300456"])
    assert (low.task, low.lowest) == (Task.COMPARE, True)
    question = (
        "Which company had higher net profit in 2023, Donghai Water or Beiling Machine Tools?"
    )
    english = ask(question, ontology)
    assert english.task is Task.COMPARE
    assert len(english.companies) == 2


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("比邻星科2024年末的总资产是多少？", "比邻星科"),
        ("和而泰2023年净利润", "和而泰"),
        ("西山证券2023年前三季度的营业收入是多少？", "西山证券"),
        ("东海水务和比邻星科2023年总资产谁更大", "比邻星科"),
        ("比邻星科与东海水务2023年总资产谁更大", "比邻星科"),
        ("Contoso revenue 2023", "contoso"),
    ],
)
def test_a_company_that_is_not_in_the_library_is_named_as_unknown(
    question: str, name: str, ontology: Ontology
) -> None:
    assert ask(question, ontology).unknown == (name,)


@pytest.mark.parametrize(
    "question",
    [
        "东海水务2023年污水处理业务的营业收入是多少",
        "北岭机床华东地区2023年营业收入",
        "东海水务2023年应收账款坏账准备",
        "东海水务2023年净利润下降的原因是什么？",
        "东海水务的主要客户有哪些",
        "北岭机床2026年净利润预计是多少",
        "东海水务2023年营业收入是否高于2022年",
        "Why did Donghai Water's revenue fall in 2023?",
        "介绍一下北岭机床2023年的研发投入",
    ],
)
def test_what_facts_cannot_answer_goes_to_the_text(question: str, ontology: Ontology) -> None:
    assert ask(question, ontology).task is Task.TEXT


def test_a_loose_name_is_settled_by_a_stated_default(ontology: Ontology) -> None:
    found = ask("东海水务2023年净资产", ontology)
    assert found.metrics == ("equity_attributable",)
    assert any("净资产" in text for text in found.assumptions)


def test_figures_are_consolidated_unless_the_parent_is_asked_for(ontology: Ontology) -> None:
    assert ask("东海水务2023年营业收入", ontology).consolidation is Consolidation.CONSOLIDATED
    found = ask("东海水务母公司2023年营业收入", ontology)
    assert (found.task, found.consolidation) == (Task.LOOKUP, Consolidation.PARENT)
    own = ask("东海水务2023年归属于母公司股东的净利润", ontology)
    assert own.consolidation is Consolidation.CONSOLIDATED


def test_the_unit_asked_for_is_kept(ontology: Ontology) -> None:
    assert ask("东海水务2023年营业收入是多少亿元", ontology).unit == "亿元"
    assert ask("Donghai Water total assets 2023 in millions", ontology).unit == "million"


def test_the_only_company_of_a_library_need_not_be_named(ontology: Ontology) -> None:
    found = understand("2023年营业收入是多少？", [WATER], ontology, TODAY)
    assert codes(found) == ["600123"]
    assert any("东海水务" in text for text in found.assumptions)
    assert understand("2023年营业收入是多少？", [WATER, BANK], ontology, TODAY).companies == ()


def test_a_short_form_is_taken_only_if_it_fits_one_company(ontology: Ontology) -> None:
    assert codes(ask("江行2023年净利润", ontology)) == ["601999"]
    twin = Company("601998", "江东银行")
    both = understand("江行2023年净利润", [BANK, twin], ontology, TODAY)
    assert both.companies == ()


def test_a_company_known_by_code_here_and_by_name_there_is_one_company(ontology: Ontology) -> None:
    by_name = Company("东海水务股份有限公司", "东海水务", ())
    found = understand("东海水务2023年净利润", [WATER, by_name], ontology, TODAY)
    assert codes(found) == ["600123"]
    assert "东海水务股份有限公司" in found.companies[0].aliases


def test_the_year_in_brackets_counts_and_not_the_word_before_it(ontology: Ontology) -> None:
    found = ask("东海水务去年（2022年）净利润", ontology)
    assert found.periods == (full_year(2022),)


def test_a_ratio_spelled_out_in_brackets_is_one_ratio(ontology: Ontology) -> None:
    found = ask("东海水务2023年净利率（净利润/营业收入）是多少", ontology)
    assert (found.task, found.metrics) == (Task.RATIO, ("net_margin",))


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What was the revenue of 迈瑞医疗 in the first nine months of 2025?", "en"),
        ("What was 某某股份's net profit in 2024?", "en"),
        ("迈瑞医疗2024年ROE和EPS是多少", "zh"),
        ("迈瑞医疗 2024 revenue 多少", "zh"),
        ("revenue 2024?", "en"),
    ],
)
def test_the_language_is_that_of_the_question_and_not_of_the_names_in_it(
    question: str, language: str
) -> None:
    companies = [Company("300760", "迈瑞医疗")]
    assert understand(question, companies, load_ontology(), date(2026, 1, 2)).language == language
