"""Places, ranges, conditions and runs choose the right companies; times the right years."""

from __future__ import annotations

from decimal import Decimal

from tests.figured import TOOLS, WATER, entry, fact
from tests.unit.test_many import (
    BANK,
    Y21,
    Y22,
    Y23,
    Y24,
    answered,
    ask,
    revenues,
    sourced,
    understood,
)

from yanku.finance.choose import Sourced
from yanku.finance.ontology import Ontology
from yanku.finance.periods import closing, full_year, months
from yanku.model.amount import Amount
from yanku.model.finance import Check, Company
from yanku.model.inquiry import Missing, Task

YEARS = (Y21, Y22, Y23, Y24)


def course(
    company: Company, *values: str, metric: str = "operating_revenue", first: int = 2021
) -> list[Sourced]:
    """Return a figure a year, from ``first`` on."""
    return [
        sourced(company, full_year(year), value, metric)
        for year, value in enumerate(values, start=first)
    ]


# ── places, ranges, conditions ──


def test_the_second_is_named_beside_the_first(ontology: Ontology) -> None:
    facts = revenues(Y24, water="5", tools="7", bank="6")
    answer = answered("2024年营业收入第二高的公司是哪家", facts, ontology)
    assert answer.choice == "江南银行"
    assert answer.table is not None
    assert [row[0].text for row in answer.table.rows] == ["北岭机床", "江南银行"]
    assert "3家公司中3家披露" in answer.assumptions


def test_a_place_counts_from_the_bottom_too(ontology: Ontology) -> None:
    facts = revenues(Y24, water="5", tools="7", bank="6")
    assert answered("2024年营业收入倒数第二的公司", facts, ontology).choice == "江南银行"


def test_equal_figures_share_the_second_place(ontology: Ontology) -> None:
    facts = revenues(Y24, water="6", tools="7", bank="6")
    answer = answered("2024年营业收入第二高的公司是哪家", facts, ontology)
    assert answer.choice == "东海水务、江南银行"
    assert "并列" in answer.text


def test_there_is_no_third_of_two(ontology: Ontology) -> None:
    found = ask("2024年营业收入第三高的公司", revenues(Y24, water="6", tools="7"), ontology)
    assert isinstance(found, Missing)
    assert "2家" in found.what


def test_a_range_holds_its_ends(ontology: Ontology) -> None:
    facts = revenues(Y24, water="1000000000", tools="2000000000", bank="2000000001")
    for asked in (
        "2024年营业收入在10亿元到20亿元之间的公司有哪些",
        "2024年营业收入在10到20亿元之间的公司有哪些",
        "2024年营业收入介于10亿至20亿元的公司",
        "Which companies had revenue between 1 billion and 2 billion in 2024?",
    ):
        answer = answered(asked, facts, ontology)
        assert set((answer.choice or "").split("、")) == {"北岭机床", "东海水务"}, asked


def test_two_conditions_must_both_be_met(ontology: Ontology) -> None:
    facts = [
        *revenues(Y24, water="20000000000", tools="30000000000", bank="5000000000"),
        *course(WATER, "5000000000", metric="net_profit", first=2024),
        *course(TOOLS, "3000000000", metric="net_profit", first=2024),
        *course(BANK, "4000000000", metric="net_profit", first=2024),
    ]
    answer = answered("2024年营收超过100亿元且净利率高于20%的公司有哪些", facts, ontology)
    assert answer.choice == "东海水务"
    assert answer.table is not None
    assert len(answer.table.columns) == 3


def test_a_company_that_lacks_one_of_the_conditions_is_told_as_not_disclosing(
    ontology: Ontology,
) -> None:
    facts = [
        *revenues(Y24, water="20000000000", tools="30000000000"),
        *course(WATER, "5000000000", metric="net_profit", first=2024),
    ]
    answer = answered("2024年营收超过100亿元且净利润超过1亿元的公司有哪些", facts, ontology)
    assert answer.choice == "东海水务"
    assert "3家公司中1家披露" in answer.assumptions


def test_a_bound_in_percent_is_not_held_against_money(ontology: Ontology) -> None:
    found = ask("2024年营业收入超过20%的公司有哪些", revenues(Y24, water="5", tools="7"), ontology)
    assert isinstance(found, Missing)


def test_a_run_must_hold_in_every_year(ontology: Ontology) -> None:
    facts = [
        *course(WATER, "1", "2", "3", "4"),
        *course(TOOLS, "1", "2", "1", "4"),
        *course(BANK, "2", "3", "4", first=2022),
    ]
    answer = answered("营业收入连续三年增长的公司有哪些", facts, ontology)
    assert answer.choice == "东海水务"
    assert "连续3期：2022年至2024年" in answer.assumptions
    # The bank's figures begin in 2022, so whether it grew in that year is not known.
    assert "3家公司中2家披露" in answer.assumptions


def test_losses_in_a_row_are_counted(ontology: Ontology) -> None:
    facts = [
        *course(WATER, "-1", "-2", metric="net_profit_attributable", first=2023),
        *course(TOOLS, "1", "-2", metric="net_profit_attributable", first=2023),
    ]
    answer = answered("连续两年亏损的公司有几家", facts, ontology)
    assert answer.amount == Amount(Decimal(1), "")


# ── along time ──


def test_the_best_year_is_of_all_known_and_says_which(ontology: Ontology) -> None:
    answer = answered("东海水务哪一年营业收入最高", course(WATER, "1", "9", "3", "4"), ontology)
    assert answer.choice == "2022年"
    assert "所据期间：2021年至2024年，共4期" in answer.assumptions
    assert answer.table is not None
    assert all(row[1].citations for row in answer.table.rows)


def test_the_largest_fall_is_the_lowest_growth(ontology: Ontology) -> None:
    facts = course(WATER, "10", "9", "4", "4")
    assert answered("东海水务营业收入下降最多的是哪一年", facts, ontology).choice == "2023年"


def test_nothing_is_best_of_years_with_a_gap(ontology: Ontology) -> None:
    facts = [*course(WATER, "1", "2"), *course(WATER, "3", first=2024)]
    found = ask("东海水务哪一年营业收入最高", facts, ontology)
    assert isinstance(found, Missing)
    assert "2023" in found.what


def test_the_first_year_beyond_a_bound_needs_one_before_that_was_not(ontology: Ontology) -> None:
    asked = "东海水务营业收入首次超过10亿元是哪一年"
    known = course(WATER, "900000000", "1100000000", "800000000", "1200000000")
    assert answered(asked, known, ontology).choice == "2022年"
    found = ask(asked, known[1:], ontology)
    assert isinstance(found, Missing)
    assert "2021" in found.what


def test_the_last_and_each_year_are_told_apart(ontology: Ontology) -> None:
    facts = course(WATER, "-1", "1", "-1", "1", metric="net_profit_attributable")
    assert answered("东海水务最近一次亏损是哪年", facts, ontology).choice == "2023年"
    assert answered("东海水务哪几年是亏损的", facts, ontology).choice == "2021年、2023年"


def test_no_year_at_all_is_an_answer(ontology: Ontology) -> None:
    facts = course(WATER, "1", "1", metric="net_profit_attributable")
    answer = answered("东海水务哪几年亏损", facts, ontology)
    assert answer.choice is None
    assert "没有一期" in answer.text


def test_a_streak_ends_where_the_bound_was_not_met(ontology: Ontology) -> None:
    facts = course(WATER, "5", "3", "4", "6")
    answer = answered("东海水务营业收入连续几年增长", facts, ontology)
    assert answer.amount == Amount(Decimal(2), "years")
    assert "至少" not in answer.text


def test_a_streak_as_long_as_the_record_is_at_least_that_long(ontology: Ontology) -> None:
    answer = answered("东海水务营业收入连续几年增长", course(WATER, "2", "3", "4"), ontology)
    assert answer.amount == Amount(Decimal(2), "years")
    assert "至少连续2年" in answer.text


def test_whether_is_answered_with_yes_or_no_and_the_figure(ontology: Ontology) -> None:
    facts = course(WATER, "900000000", "1100000000", first=2023)
    yes = answered("东海水务2024年营业收入是否超过10亿元？", facts, ontology)
    assert yes.choice == "是"
    assert "1,100,000,000元" in yes.text
    assert answered("东海水务2023年营业收入是否超过10亿元？", facts, ontology).choice == "否"
    assert answered("东海水务2024年营收比2023年高吗", facts, ontology).choice == "是"


def test_whether_of_a_year_that_lacks_is_declined(ontology: Ontology) -> None:
    found = ask("东海水务2022年是否盈利", course(WATER, "1", first=2023), ontology)
    assert isinstance(found, Missing)


# ── two figures, and sums over those chosen ──


def test_two_measures_of_one_company_are_told_apart(ontology: Ontology) -> None:
    facts = [
        *course(WATER, "30", metric="selling_expenses", first=2024),
        *course(WATER, "12", metric="rd_expenses", first=2024),
    ]
    answer = answered("东海水务2024年销售费用比研发费用高多少", facts, ontology)
    assert answer.amount == Amount(Decimal(18), "CNY")
    times = answered("东海水务2024年销售费用是研发费用的几倍", facts, ontology)
    assert times.amount == Amount(Decimal("2.5"), "times")


def test_two_years_of_one_company_are_divided_in_the_order_asked(ontology: Ontology) -> None:
    answer = answered(
        "东海水务2024年营业收入是2021年的几倍", course(WATER, "2", "3", "4", "6"), ontology
    )
    assert answer.amount == Amount(Decimal(3), "times")


def test_a_multiple_of_a_loss_makes_no_sense(ontology: Ontology) -> None:
    facts = [*revenues(Y24, water="5"), *course(WATER, "-1", metric="net_profit", first=2024)]
    assert isinstance(ask("东海水务2024年营业收入是净利润的几倍", facts, ontology), Missing)


def test_the_mean_is_over_the_companies_chosen_by_another_measure(ontology: Ontology) -> None:
    facts = [
        *revenues(Y24, water="5", tools="7", bank="6"),
        *course(WATER, "100", metric="rd_expenses", first=2024),
        *course(TOOLS, "10", metric="rd_expenses", first=2024),
        *course(BANK, "20", metric="rd_expenses", first=2024),
    ]
    answer = answered("2024年营业收入前两名的公司平均研发费用", facts, ontology)
    assert answer.amount == Amount(Decimal(15), "CNY")
    assert any("北岭机床" in note and "江南银行" in note for note in answer.assumptions)
    assert len(answer.citations) == 4


def test_a_sum_over_chosen_companies_needs_each_of_them(ontology: Ontology) -> None:
    facts = [
        *revenues(Y24, water="5", tools="7", bank="6"),
        *course(TOOLS, "10", metric="rd_expenses", first=2024),
    ]
    assert isinstance(ask("2024年营业收入前两名的公司研发费用合计", facts, ontology), Missing)


# ── lines that are not printed ──

_DEBT = ("short_term_borrowings", "non_current_liabilities_due_within_one_year",
         "long_term_borrowings", "bonds_payable", "lease_liabilities")  # fmt: skip


def _balance(*, checked: bool, without: str = "bonds_payable") -> list[Sourced]:
    at = closing(Y24)
    held = entry("water", Y24, WATER)
    lines = [(fact(name, "10", at), held) for name in _DEBT if name != without]
    for total in ("total_current_liabilities", "total_non_current_liabilities"):
        checks = (Check(f"{total}=sum", passed=True),) if checked else ()
        lines.append((fact(total, "40", at, checks=checks), held))
    return lines


def test_a_line_not_printed_is_nothing_where_the_statement_adds_up_without(
    ontology: Ontology,
) -> None:
    answer = answered("东海水务2024年末有息负债", _balance(checked=True), ontology)
    assert answer.amount == Amount(Decimal(40), "CNY")
    assert any("应付债券" in note for note in answer.assumptions)


def test_a_line_not_printed_is_lacking_where_nothing_shows_that_it_is_nothing(
    ontology: Ontology,
) -> None:
    found = ask("东海水务2024年末有息负债", _balance(checked=False), ontology)
    assert isinstance(found, Missing)
    assert "应付债券" in found.what


def test_many_figures_are_summed_up_in_a_sentence_and_told_in_the_table(
    ontology: Ontology,
) -> None:
    facts = course(WATER, "5", "9", "3", "4", "6", "8", first=2019)
    answer = answered("东海水务历年营业收入", facts, ontology)
    assert answer.table is not None
    assert len(answer.table.rows) == 6
    assert all(row[1].citations for row in answer.table.rows)
    assert answer.text.count("元") <= 4
    assert "最高" in answer.text


def test_a_quarter_alone_is_no_year(ontology: Ontology) -> None:
    facts = [*course(WATER, "1", "2", "3"), sourced(WATER, months(2024, 1, 3), "99")]
    assert answered("东海水务哪一年营业收入最高", facts, ontology).choice == "2023年"


def test_when_something_is_recognised_is_not_a_question_of_years(ontology: Ontology) -> None:
    found = understood("When is revenue recognised at 东海水务?", ontology)
    assert found.task is Task.TEXT
    assert "when" in found.topic
