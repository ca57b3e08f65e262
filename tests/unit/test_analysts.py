"""Analysts ask in English with conditions, definitions and instructions, and mean one figure."""

from __future__ import annotations

from datetime import date

import pytest

from yanku.finance.defined import definitions_in, formula_for
from yanku.finance.inquiry import understand
from yanku.finance.instructions import instructions_in
from yanku.finance.labels import plain
from yanku.finance.ontology import Ontology, load_ontology
from yanku.finance.periods import full_year
from yanku.model.finance import Company
from yanku.model.inquiry import Inquiry, Task

TOWEN = Company("Towen Materials, Inc.", "Towen Materials, Inc.")
OTHERS = (Company("BEST HARROW CO., INC.", "BEST HARROW CO., INC."), Company("4T", "4T COMPANY"))


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


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
        "Inventory turnover is defined as: COGS / inventory.",
    ],
)
def test_a_definition_that_cannot_be_read_or_is_of_something_else_is_not_passed_over(
    said: str, ontology: Ontology
) -> None:
    asked = f"What is the FY2023 days payable outstanding for Towen Materials? {said}"
    assert read(asked, ontology).task is Task.TEXT
