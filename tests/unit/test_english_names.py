"""English words are taken for a company nobody knows only where they could be one."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.model.finance import Company
from yanku.model.inquiry import Inquiry, Task
from yanku.testing.asked.plans import TODAY, WORLD

COMPANIES = list(WORLD.values())
_KNOWN = ("Donghai Water", "Towen", "Beiling Machine Tools", "Hetai Electric", "Bide Technology")
_STRANGE = ("Contoso", "Acme Holdings", "Northwind Traders", "Tower Semiconductor", "Globex",
            "Fabrikam", "BlueRiver Bank", "Initech", "Umbrella Group", "Stark Works")  # fmt: skip
_MEASURES = ("revenue", "net profit", "gross margin", "total assets", "operating cash flow",
             "inventories", "R&D expenses", "EPS", "goodwill", "current ratio")  # fmt: skip
_PERIODS = ("in 2024", "for FY2024", "at the end of 2024", "in Q3 2024", "last year", "")
_OF_NOBODY = (
    "How did the sector do on {m} {p}?", "Give an overview of {m} {p}", "Where is the {m} {p}?",
    "Who leads on {m} {p}?", "Compare {m} across the portfolio {p}", "Anything unusual about {m}?",
    "Please summarise {m} trends {p}", "Let's look at {m} {p} for everybody", "Median {m} {p}",
    "Average {m} of the universe {p}", "Is {m} improving {p}?", "Which name has the best {m} {p}",
    "Sort everyone by {m} {p}", "Biggest movers by {m} {p}", "{m} leaderboard {p}",
    "Total {m} of all issuers {p}", "Any company with negative {m} {p}?", "What drove {m} {p}",
    "Do we have {m} {p}?", "How many issuers improved {m} {p}?", "Overall {m} {p}",
    "Highest {m} {p}, please", "The lowest {m} {p} belongs to whom?", "Quarterly {m} {p}",
    "sort the list by {m} {p}", "Could you rank the whole library by {m} {p}",
)  # fmt: skip
_OF_SOMEBODY = (
    "How has {c}'s {m} evolved {p}?", "Walk me through {c}'s {m} {p}", "{c} {m} versus peers {p}",
    "{c}'s {m} {p}, my boss keeps asking", "Per the filing, {c} {m} {p}", "Pull up {c}'s {m} {p}",
    "{m} at {c} stood at what level {p}", "{c} booked how much {m} {p}", "Explain {c}'s {m} {p}",
    "Quote {c}'s audited {m} {p}", "I need {c}'s {m} {p} for my slides", "Got {c}'s {m} {p}?",
)  # fmt: skip
_OF_A_STRANGER = (
    "What was {c}'s {m} in 2024?", "{c} {m} 2024", "{m} of {c} for 2024",
    "compare {c} and Towen {m} 2024",
    "How much {m} did {c} make in 2024?", "Which had higher {m} in 2024, Towen or {c}?",
    "In 2024, what was the {m} of {c}?", "{m} at {c} at the end of 2024", "{c}: {m} for FY2024?",
)  # fmt: skip


def made(templates: tuple[str, ...], names: tuple[str, ...], seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    for template in templates:
        for _ in range(4):
            text = template.format(
                m=chance.choice(_MEASURES), p=chance.choice(_PERIODS), c=chance.choice(names)
            )
            text = " ".join(text.split()).replace(" ?", "?").replace(" ,", ",")
            yield text[0].upper() + text[1:] if chance.random() < 0.8 else text


def read(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, COMPANIES, ontology, TODAY)


@pytest.mark.parametrize("seed", [3, 20261127])
def test_everyday_words_are_no_companies(seed: int, ontology: Ontology) -> None:
    questions = [*made(_OF_NOBODY, ("",), seed), *made(_OF_SOMEBODY, _KNOWN, seed)]
    assert len(questions) > 140
    assert {q: found for q in questions if (found := read(q, ontology).unknown)} == {}


@pytest.mark.parametrize("seed", [3, 20261127])
def test_companies_nobody_knows_are_named_as_such(seed: int, ontology: Ontology) -> None:
    questions = [*made(_OF_A_STRANGER, _STRANGE, seed)]
    assert [q for q in questions if not read(q, ontology).unknown] == []


def test_a_question_typed_without_capitals_may_still_name_a_stranger(ontology: Ontology) -> None:
    assert read("contoso revenue 2024", ontology).unknown == ("contoso",)
    assert read("largest revenue 2024", ontology).unknown == ()


_WESTERN = [
    Company(name, name)
    for name in (
        "Orlo Micro Devices, Inc.", "Brightwater & Burns", "Amberland Exchange Company",
        "KLM Resorts International", "PEPSICA, INC.", "Ostend Water Works Company, Inc.",
    )
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("OMD", "Orlo Micro Devices, Inc."),
        ("BnB", "Brightwater & Burns"),
        ("B&B", "Brightwater & Burns"),
        ("AMEX", "Amberland Exchange Company"),
        ("KLM", "KLM Resorts International"),
        ("Pepsica", "PEPSICA, INC."),
        ("OWW", "Ostend Water Works Company, Inc."),
    ],
)
def test_a_company_is_known_by_the_letters_of_its_name(
    said: str, name: str, ontology: Ontology
) -> None:
    found = understand(f"What was {said}'s revenue in FY2022?", _WESTERN, ontology, TODAY)
    assert [company.name for company in found.companies] == [name]
    assert found.unknown == ()


@pytest.mark.parametrize("said", ["OMX", "XYZ", "omd", "EPS"])
def test_letters_of_no_name_name_nobody(said: str, ontology: Ontology) -> None:
    found = understand(f"What was {said}'s revenue in FY2022?", _WESTERN, ontology, TODAY)
    assert found.companies == ()


def test_letters_that_two_companies_could_be_called_by_are_no_name(ontology: Ontology) -> None:
    both = [*_WESTERN, Company("Old Mill Dairies, Inc.", "Old Mill Dairies, Inc.")]
    found = understand("What was OMD's revenue in FY2022?", both, ontology, TODAY)
    assert found.companies == ()


def test_what_a_company_was_called_before_narrows_nothing(ontology: Ontology) -> None:
    question = "What was Pepsica's (formerly known as Cola Works) revenue in FY2022?"
    found = understand(question, _WESTERN, ontology, TODAY)
    assert found.metrics == ("operating_revenue",)
    assert found.task is Task.LOOKUP


@pytest.mark.parametrize(
    ("question", "metrics", "task"),
    [
        ("Has Pepsica paid dividends to shareholders in FY2022?", "cash_dividends", "whether"),
        ("Did Pepsica buy back its shares in 2022?", "share_repurchases", "whether"),
        ("How much debt does Pepsica have at the end of 2022?", "total_debt", "lookup"),
        ("What was Pepsica's net income per diluted share in 2022?", "diluted_eps", "lookup"),
        ("What was Pepsica's cash flow from operations in 2022?", "net_cash_operating", "lookup"),
        ("Does Pepsica have a healthy liquidity profile based on its quick ratio in 2022?",
         "quick_ratio", "ratio"),
        ("Is Pepsica a capital-intensive business based on FY2022 data?", "capital_intensity",
         "ratio"),
    ],
)  # fmt: skip
def test_questions_that_analysts_ask_of_american_filings_are_of_figures(
    question: str, metrics: str, task: str, ontology: Ontology
) -> None:
    found = understand(question, _WESTERN, ontology, TODAY)
    assert (found.metrics[:1], found.task.value) == ((metrics,), task)
    assert found.topic


def test_a_judgement_is_left_to_the_reader_and_said_so(ontology: Ontology) -> None:
    question = "Is Pepsica a capital-intensive business based on FY2022 data?"
    found = understand(question, _WESTERN, ontology, TODAY)
    assert any("the judgement is the reader's" in note for note in found.assumptions)


def test_a_name_beside_the_code_of_a_company_is_its_own(ontology: Ontology) -> None:
    firm = [Company("600123", "东海水务"), Company("Towen", "Towen")]
    found = understand("What was Donghai 600123's revenue in 2024?", firm, ontology, TODAY)
    assert [company.code for company in found.companies] == ["600123"]
    assert found.task is Task.LOOKUP
    both = understand("Towen 600123 revenue 2024", firm, ontology, TODAY)
    assert {company.code for company in both.companies} == {"600123", "Towen"}
