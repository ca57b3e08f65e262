"""Rankings, series, sums and means state every figure, what they cover, and what they lack."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from tests.figured import TODAY, TOOLS, WATER, entry, fact

from yanku.answer.compose import compose
from yanku.finance.choose import Sourced
from yanku.finance.compute import settle, wanted
from yanku.finance.inquiry import understand
from yanku.finance.measures import called
from yanku.finance.ontology import Ontology
from yanku.finance.periods import closing, full_year, months
from yanku.model.amount import Amount
from yanku.model.answer import Grounded
from yanku.model.finance import Company, Period
from yanku.model.inquiry import Finding, Inquiry, Missing

BANK = Company("601999", "江南银行")
LIBRARY = (WATER, TOOLS, BANK)


def understood(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, LIBRARY, ontology, TODAY)


def ask(question: str, facts: Sequence[Sourced], ontology: Ontology) -> Finding | Missing:
    inquiry = understood(question, ontology)
    query = wanted(inquiry, ontology)
    given = [
        (f, e)
        for f, e in facts
        if f.company.code in query.companies
        and f.metric in query.metrics
        and (not query.period_ends or f.period.end in query.period_ends)
    ]
    return settle(inquiry, given, ontology)


def answered(question: str, facts: Sequence[Sourced], ontology: Ontology) -> Grounded:
    found = ask(question, facts, ontology)
    assert isinstance(found, Finding), found
    return compose(
        understood(question, ontology), found, lambda name, lang: called(name, lang, ontology)
    )


def sourced(
    company: Company, period: Period, value: str, metric: str = "operating_revenue"
) -> Sourced:
    made = fact(metric, value, period, company=company)
    return made, entry(f"{company.name}{period.end}", period, company)


def revenues(period: Period, **values: str) -> list[Sourced]:
    companies = {"water": WATER, "tools": TOOLS, "bank": BANK}
    return [sourced(companies[name], period, value) for name, value in values.items()]


Y21, Y22, Y23, Y24 = (full_year(year) for year in (2021, 2022, 2023, 2024))


def test_a_ranking_orders_the_whole_library_and_says_what_it_covers(ontology: Ontology) -> None:
    answer = answered("2024年营业收入最高的两家公司", revenues(Y24, water="5", bank="9"), ontology)
    assert answer.choice == "江南银行、东海水务"
    assert [row[0].text for row in answer.table.rows] == ["江南银行", "东海水务"]  # type: ignore[union-attr]
    assert "3家公司中2家披露" in answer.assumptions


def test_who_is_highest_of_all_is_one_name(ontology: Ontology) -> None:
    facts = revenues(Y24, water="5", tools="7", bank="6")
    assert answered("哪家公司2024年营业收入最高？", facts, ontology).choice == "北岭机床"
    assert answered("2024年哪家公司的营业收入最低", facts, ontology).choice == "东海水务"


def test_equal_figures_share_a_place(ontology: Ontology) -> None:
    facts = revenues(Y24, water="7", tools="7", bank="6")
    assert answered("2024年营业收入最高的1家公司", facts, ontology).choice == "东海水务、北岭机床"


def test_a_named_company_without_the_figure_is_not_left_out_silently(ontology: Ontology) -> None:
    facts = revenues(Y24, water="5", tools="7")
    asked = "东海水务、北岭机床、江南银行2024年营业收入从高到低排列"
    found = ask(asked, facts, ontology)
    assert isinstance(found, Missing)
    assert "江南银行" in found.what


def test_figures_in_another_currency_are_not_ranked_with_the_others(ontology: Ontology) -> None:
    dollars = fact("operating_revenue", "99", Y24, company=BANK, unit="USD")
    facts = [*revenues(Y24, water="5", tools="7"), (dollars, entry("bank", Y24, BANK))]
    answer = answered("哪家公司2024年营业收入最高？", facts, ontology)
    assert answer.choice == "北岭机床"
    assert any("江南银行" in note for note in answer.assumptions)


def test_a_bound_chooses_and_counts(ontology: Ontology) -> None:
    facts = revenues(Y24, water="5000000000", tools="12000000000", bank="10000000000")
    above = answered("2024年营业收入超过100亿元的公司有哪些", facts, ontology)
    assert above.choice == "北岭机床"
    least = answered("2024年营业收入不低于100亿元的公司有几家", facts, ontology)
    assert least.amount == Amount(Decimal(2), "")
    assert least.text.startswith("共2家。")


def test_a_loss_is_a_figure_below_zero(ontology: Ontology) -> None:
    facts = [
        sourced(WATER, Y24, "-3", "net_profit_attributable"),
        sourced(TOOLS, Y24, "0", "net_profit_attributable"),
    ]
    assert answered("哪些公司2024年亏损", facts, ontology).choice == "东海水务"


def test_nobody_meeting_a_bound_is_an_answer(ontology: Ontology) -> None:
    answer = answered("2024年营业收入超过100亿元的公司有哪些", revenues(Y24, water="5"), ontology)
    assert "没有公司符合" in answer.text
    assert "3家公司中1家披露" in answer.assumptions


def test_years_are_counted_back_from_the_latest_whole_one(ontology: Ontology) -> None:
    facts = [sourced(WATER, period, str(period.end.year)) for period in (Y21, Y22, Y23, Y24)]
    facts.append(sourced(WATER, months(2025, 1, 3), "1"))
    answer = answered("东海水务近三年营业收入", facts, ontology)
    assert answer.table is not None
    assert [row[0].text for row in answer.table.rows] == ["2022年度", "2023年度", "2024年度"]
    assert [row[1].amount for row in answer.table.rows] == [
        Amount(Decimal(year), "CNY") for year in (2022, 2023, 2024)
    ]
    assert all(row[1].citations for row in answer.table.rows)


def test_a_year_that_is_not_disclosed_is_a_gap_and_named(ontology: Ontology) -> None:
    facts = [sourced(WATER, period, "7") for period in (Y22, Y24)]
    answer = answered("东海水务近三年营业收入", facts, ontology)
    assert answer.table is not None
    assert [row[1].text for row in answer.table.rows] == ["7元", "", "7元"]
    assert any("2023" in note for note in answer.assumptions)


def test_quarters_are_taken_from_sums_to_date_and_grow_on_their_own_year(
    ontology: Ontology,
) -> None:
    sums = {(2023, 3): 10, (2023, 6): 22, (2024, 3): 20, (2024, 6): 46}
    facts = [
        sourced(WATER, months(year, 1, month), str(value)) for (year, month), value in sums.items()
    ]
    answer = answered("东海水务2024年各季度营业收入和同比", facts, ontology)
    assert answer.table is not None
    figures = [[cell.text for cell in row[1:]] for row in answer.table.rows]
    assert figures == [["20元", "100.00%"], ["26元", "116.67%"]]


def test_a_quarter_grows_on_the_quarter_before(ontology: Ontology) -> None:
    facts = [sourced(WATER, months(2024, 1, 3), "10"), sourced(WATER, months(2024, 1, 6), "22")]
    found = ask("东海水务2024年第二季度营业收入环比增长多少", facts, ontology)
    assert isinstance(found, Finding)
    assert found.amount == Amount(Decimal(20), "%")


def test_growth_a_year_is_compound(ontology: Ontology) -> None:
    facts = [sourced(WATER, Y21, "100"), sourced(WATER, Y24, "172.8")]
    found = ask("东海水务2021年至2024年营业收入复合增长率是多少", facts, ontology)
    assert isinstance(found, Finding)
    assert found.amount is not None
    assert round(found.amount.value, 20) == 20
    assert "1/3" in found.formula
    back = ask("东海水务近三年营业收入年均复合增长率", facts, ontology)
    assert isinstance(back, Finding)
    assert back.amount == found.amount


def test_growth_a_year_from_a_loss_makes_no_sense(ontology: Ontology) -> None:
    facts = [sourced(WATER, Y21, "-1"), sourced(WATER, Y24, "5")]
    found = ask("东海水务2021年至2024年营业收入复合增长率是多少", facts, ontology)
    assert isinstance(found, Missing)


def test_sums_and_means_show_their_parts(ontology: Ontology) -> None:
    facts = revenues(Y24, water="5", tools="8")
    total = answered("东海水务和北岭机床2024年营业收入之和", facts, ontology)
    assert total.amount == Amount(Decimal(13), "CNY")
    assert total.calculations[0].formula == "东海水务 + 北岭机床"
    facts = [sourced(WATER, period, value) for period, value in ((Y23, "5"), (Y24, "8"))]
    mean = answered("东海水务2023-2024年平均营业收入", facts, ontology)
    assert mean.amount == Amount(Decimal("6.5"), "CNY")


def test_those_whose_sum_is_asked_for_may_be_named_after_it(ontology: Ontology) -> None:
    facts = revenues(Y24, water="5", tools="8")
    total = answered("两家公司2024年营业收入合计：东海水务、北岭机床", facts, ontology)
    assert total.amount == Amount(Decimal(13), "CNY")


def test_a_sum_without_one_of_its_parts_is_declined(ontology: Ontology) -> None:
    found = ask("东海水务和北岭机床2024年营业收入之和", revenues(Y24, water="5"), ontology)
    assert isinstance(found, Missing)


def test_ratios_of_two_companies_are_both_told(ontology: Ontology) -> None:
    end = closing(Y24)
    facts = [
        sourced(company, end, value, metric)
        for company, metric, value in (
            (WATER, "total_assets", "100"),
            (WATER, "total_liabilities", "40"),
            (TOOLS, "total_assets", "100"),
            (TOOLS, "total_liabilities", "70"),
        )
    ]
    answer = answered("东海水务和北岭机床2024年末资产负债率分别是多少", facts, ontology)
    assert "40.00%" in answer.text
    assert "70.00%" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "净利润下滑的原因有哪些",
        "东海水务的主要客户有哪些",
        "三家公司2024年净利润合计多少",
        "东海水务营业收入变化趋势的原因",
    ],
)
def test_what_is_not_a_question_of_figures_stays_text(question: str, ontology: Ontology) -> None:
    assert understood(question, ontology).task.value == "text"


def test_a_ranking_never_reaches_beyond_its_date(ontology: Ontology) -> None:
    facts = [*revenues(Y24, water="5", tools="6"), *revenues(Y23, bank="9")]
    answer = answered("哪家公司营业收入最高", facts, ontology)
    assert answer.choice == "北岭机床"
    assert any("2024" in note for note in answer.assumptions)
    assert answer.table is not None
    assert [row[0].text for row in answer.table.rows] == ["北岭机床", "东海水务"]
