"""Analysts ask in English with conditions, definitions and instructions, and mean one figure."""

from __future__ import annotations

from datetime import date

import pytest

from yanku.finance.defined import definitions_in, formula_for
from yanku.finance.inquiry import understand
from yanku.finance.instructions import instructions_in
from yanku.finance.labels import plain
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.model.finance import Company
from yanku.model.inquiry import Inquiry, Task

TOWEN = Company("Towen Materials, Inc.", "Towen Materials, Inc.")
DOTTED = Company("HARROWGATE.COM INCORPORATED", "HARROWGATE.COM INCORPORATED")
OTHERS = (Company("BEST HARROW CO., INC.", "BEST HARROW CO., INC."), Company("4T", "4T COMPANY"))


def read(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, (TOWEN, *OTHERS), ontology, date(2026, 5, 1))


@pytest.mark.parametrize(
    "question",
    [
        "What is the FY2023 capital expenditure amount (in USD millions) for Towen Materials? "
        "Give a response to the question by relying on the details in the cash flow statement.",
        "Assume that you are a credit analyst. Answer the following question by only using the "
        "statement of cash flows: what was Towen Materials's FY2023 capex? Answer in USD millions.",
        "Using the cash flow statement, how much capex did Towen Materials report in FY2023? "
        "Please state your answer in USD millions. Round it to one decimal place.",
        "When primarily referencing the cash flow statement, what is Towen Materials's FY2023 "
        "capex? Answer in USD millions. Calculate (or extract) the answer from the statement.",
        "Towen Materials capital expenditures FY2023 (in millions). Base your judgments on the "
        "information provided primarily in the statement of cash flows.",
    ],
)
def test_what_tells_how_to_answer_is_not_asked_for(question: str, ontology: Ontology) -> None:
    inquiry = read(question, ontology)
    assert (inquiry.task, inquiry.metrics) == (Task.LOOKUP, ("capital_expenditure",))
    assert (inquiry.companies, inquiry.periods) == ((TOWEN,), (full_year(2023),))
    assert inquiry.unit == "million"
    assert not inquiry.unknown


@pytest.mark.parametrize(
    "question",
    [
        "How did Towen respond to rising freight costs in 2023?",
        "How much did Towen raise in its latest round of financing?",
        "How much revenue did Towen report in 2023?",
        "Why did gross margin fall, and what did management state as the answer to it?",
    ],
)
def test_words_of_the_question_itself_are_no_instructions(question: str) -> None:
    assert instructions_in(plain(question)) == ()


@pytest.mark.parametrize(
    ("question", "metric", "task"),
    [
        ("Does Towen Materials have an improving operating margin profile as of FY2023? If "
         "operating margin is not a useful metric for a company like this, then state that and "
         "explain why.",
         "operating_margin.change", Task.WHETHER),
        ("Did Towen Materials grow its PP&E between FY2022 and FY2023?",
         "fixed_assets.growth", Task.WHETHER),
        ("Was there any drop in cash & cash equivalents between FY2022 and Q2 of FY2024 at "
         "Towen Materials?", "closing_cash.growth", Task.WHETHER),
        ("How much did the effective tax rate of Towen Materials change between FY2022 and FY2023?",
         "effective_tax_rate.change", Task.GROWTH),
    ],
)  # fmt: skip
def test_a_direction_is_asked_of_the_change(
    question: str, metric: str, task: Task, ontology: Ontology
) -> None:
    inquiry = read(question, ontology)
    assert (inquiry.task, inquiry.metrics) == (task, (metric,))
    assert inquiry.companies == (TOWEN,)


def test_a_word_of_a_name_that_is_everyday_english_names_no_company(ontology: Ontology) -> None:
    inquiry = read("Which product of Towen Materials performed best in 2023?", ontology)
    assert inquiry.companies == (TOWEN,)


def test_a_name_is_known_without_its_domain_and_its_ending(ontology: Ontology) -> None:
    asked = "Harrowgate's inventory turnover ratio in 2023"
    inquiry = understand(asked, (DOTTED, TOWEN), ontology, date(2026, 5, 1))
    assert (inquiry.companies, inquiry.metrics) == ((DOTTED,), ("inventory_turnover",))


def test_a_name_of_a_figure_and_a_letter_is_known_without_its_ending(ontology: Ontology) -> None:
    assert read("What was 4T's net income in 2023?", ontology).companies == (OTHERS[1],)


@pytest.mark.parametrize(
    ("said", "formula"),
    [
        ("DPO is defined as: 365 * (average accounts payable between FY2022 and FY2023) / (FY2023 "
         "COGS + change in inventory between FY2022 and FY2023).",
         "365 * average(accounts_payable) / (operating_cost + change(inventories))"),
        ("Define DPO as accounts payable divided by cost of sales.",
         "accounts_payable / operating_cost"),
        ("Define as accounts payable / COGS.", "accounts_payable / operating_cost"),
        ("Defined it as 365 * accounts payable / COGS",
         "365 * accounts_payable / operating_cost"),
    ],
)  # fmt: skip
def test_the_formula_of_the_question_is_the_one_that_is_used(
    said: str, formula: str, ontology: Ontology
) -> None:
    asked = f"What is the FY2023 days payable outstanding (DPO) for Towen Materials? {said}"
    inquiry = read(asked, ontology)
    assert (inquiry.metrics, inquiry.formula) == (("payables_days",), formula)


def test_parts_of_a_definition_may_be_defined_in_turn(ontology: Ontology) -> None:
    text = plain(
        "CCC is defined as: DIO - DPO. DIO is defined as: 365 * inventory / COGS. "
        "DPO is defined as: 365 * accounts payable / COGS."
    )
    defined, _ = definitions_in(text, ontology)
    assert formula_for("cash_conversion_cycle", defined, text, ontology) == (
        "365 * inventories / operating_cost - 365 * accounts_payable / operating_cost"
    )


@pytest.mark.parametrize(
    "said",
    [
        "Define DPO as accounts payable divided by the moons of Jupiter.",
        "Define it as accounts payable divided by the moons of Jupiter.",
        "Inventory turnover is defined as: COGS / inventory.",
    ],
)
def test_a_definition_that_cannot_be_read_or_is_of_something_else_is_not_passed_over(
    said: str, ontology: Ontology
) -> None:
    asked = f"What is the FY2023 days payable outstanding for Towen Materials? {said}"
    assert read(asked, ontology).task is Task.TEXT


def test_operating_income_is_a_profit_where_no_company_is_chinese(ontology: Ontology) -> None:
    assert read("Operating income of Towen Materials in 2023", ontology).metrics == (
        "operating_profit",
    )
    lanqiao = Company("300999", "澜桥精密", ("Lanqiao Precision Co., Ltd.",))
    asked = "Operating income of Lanqiao Precision in 2023"
    inquiry = understand(asked, (lanqiao, TOWEN), ontology, date(2026, 5, 1))
    assert inquiry.metrics == ("operating_revenue",)


@pytest.mark.parametrize("said", ["from 2020 to 2023", "2020 - 2023", "between FY2020 and FY2023"])
def test_a_mean_over_years_from_one_to_another_is_over_those_between_too(
    said: str, ontology: Ontology
) -> None:
    asked = f"What was the average operating margin of Towen Materials {said}?"
    assert read(asked, ontology).periods == tuple(map(full_year, range(2020, 2024)))
    two = read("Average gross margin of Towen Materials in 2020 and 2023?", ontology)
    assert two.periods == (full_year(2020), full_year(2023))


def test_a_definition_of_a_part_that_is_understood_so_anyway_changes_nothing(
    ontology: Ontology,
) -> None:
    asked = (
        "What is the FY2021 - FY2023 3 year average unadjusted EBITDA % margin for Towen? "
        "Define unadjusted EBITDA as unadjusted operating income + depreciation and amortization "
        "from the cash flow statement. Calculate what was asked by only using the P&L statement."
    )
    inquiry = read(asked, ontology)
    assert (inquiry.task, inquiry.metrics) == (Task.TOTAL, ("ebitda_margin",))
    assert inquiry.periods == (full_year(2021), full_year(2022), full_year(2023))
    assert inquiry.formula == ""


@pytest.mark.parametrize(
    ("said", "metrics"),
    [
        ("Towen Materials net income and its margin in 2023", ("net_profit", "net_margin")),
        ("Towen Materials operating income, and the margin, 2023",
         ("operating_profit", "operating_margin")),
        ("Return on equity of Towen Materials in 2023", ("return_on_equity",)),
        ("Does Towen Materials have positive working capital based on FY2023 data?",
         ("working_capital",)),
    ],
)  # fmt: skip
def test_a_margin_is_that_of_the_profit_named_before_it(
    said: str, metrics: tuple[str, ...], ontology: Ontology
) -> None:
    assert read(said, ontology).metrics == metrics
