"""Every no has its reason, its next step, and both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from yanku.answer.declining import decline_missing, decline_unasked, declined
from yanku.finance.compute import settle
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.model.amount import Amount
from yanku.model.answer import Reason
from yanku.model.document import Digest
from yanku.model.finance import Company, Consolidation, Fact, Profile, ReportKind, Statement
from yanku.model.inquiry import Cause, Inquiry, Missing
from yanku.model.library import DocumentId, Entry, State
from yanku.model.people import UserId
from yanku.model.place import OnPage
from yanku.testing.asked.plans import TODAY, WORLD

Y24, Y23 = full_year(2024), full_year(2023)


def read(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, list(WORLD.values()), ontology, TODAY)


def sourced(
    company: Company, metric: str, value: str, name: str, unit: str = "CNY", year: int = 2024
) -> tuple[Fact, Entry]:
    period = full_year(year)
    profile = Profile("", company, ReportKind.ANNUAL, False, period, date(2025, 3, 1))
    entry = Entry(
        DocumentId(name), name, 1, name, Digest("0" * 64), 1, "application/pdf", UserId("u"),
        State.LIVE, datetime(2025, 1, 1, tzinfo=UTC), profile=profile,
    )  # fmt: skip
    fact = Fact(
        company, metric, metric, period, Consolidation.CONSOLIDATED, Statement.OTHER,
        Amount(Decimal(value), unit), OnPage(1),
    )  # fmt: skip
    return fact, entry


def missing(question: str, facts: list[tuple[Fact, Entry]], ontology: Ontology) -> Missing:
    found = settle(read(question, ontology), facts, ontology)
    assert isinstance(found, Missing)
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_has_a_sentence(language: str) -> None:
    told = {declined(reason, language).message for reason in Reason}
    assert len(told) == len(Reason)
    assert all(told)


@pytest.mark.parametrize(
    ("question", "step"),
    [
        ("东海水务的股票现在能买吗？", "风险因素"),
        ("明天东海水务的股价会涨吗？", "历史数据"),
        ("给我讲个笑话", "营业收入"),
        ("Should I buy Towen shares?", "risk factors"),
        ("Will Towen's revenue grow next year?", "outlook"),
        ("Tell me a joke", "revenue"),
    ],
)
def test_what_no_document_answers_is_declined_with_what_to_ask(
    question: str, step: str, ontology: Ontology
) -> None:
    no = decline_unasked(read(question, ontology))
    assert no is not None
    assert no.reason is Reason.OFF_TOPIC
    assert step in no.message


@pytest.mark.parametrize(
    ("question", "choices"),
    [
        ("华宁2024年营业收入是多少", ("华宁医药", "华宁科技")),
        ("东海水务2024年利润", ("归母净利润", "利润总额")),
        ("2024年营业收入是多少", ("东海水务", "北岭机床")),
        ("What was Towen's profit in 2024?", ("Net profit", "Operating profit")),
    ],
)
def test_what_can_be_read_in_several_ways_is_asked_back_with_the_choices(
    question: str, choices: tuple[str, ...], ontology: Ontology
) -> None:
    no = decline_unasked(read(question, ontology))
    assert no is not None
    assert no.reason is Reason.AMBIGUOUS
    assert all(choice in no.message for choice in choices)


def test_a_question_that_can_be_answered_is_not_declined_before_looking(ontology: Ontology) -> None:
    assert decline_unasked(read("东海水务2024年营业收入是多少", ontology)) is None


def test_a_company_nobody_knows_is_named_with_the_one_that_is_near(ontology: Ontology) -> None:
    inquiry = read("东海水泥2024年营业收入是多少", ontology)
    no = decline_missing(inquiry, Missing("东海水泥"), ())
    assert no.reason is Reason.NOT_FOUND
    assert "东海水泥" in no.message
    assert "东海水务" in no.message


@pytest.mark.parametrize("question", ["东海水务2021年营业收入", "Donghai Water revenue in 2021"])
def test_a_period_that_is_not_there_is_told_with_those_that_are(
    question: str, ontology: Ontology
) -> None:
    inquiry = read(question, ontology)
    no = decline_missing(inquiry, Missing("x", company=WORLD["W"]), (), [Y24, Y23])
    assert no.reason is Reason.NOT_FOUND
    assert "2024" in no.message
    assert "2023" in no.message


def test_sources_that_contradict_one_another_are_both_shown(ontology: Ontology) -> None:
    facts = [
        sourced(WORLD["W"], "operating_revenue", "100", "甲.pdf"),
        sourced(WORLD["W"], "operating_revenue", "200", "乙.pdf"),
    ]
    found = missing("东海水务2024年营业收入是多少", facts, ontology)
    assert found.cause in {Cause.CONTRADICTORY, Cause.DOUBTFUL}
    no = decline_missing(read("东海水务2024年营业收入是多少", ontology), found, ())
    assert no.reason in {Reason.CONTRADICTORY, Reason.DOUBTFUL}
    for said in ("100", "200", "甲.pdf", "乙.pdf"):
        assert said in no.message


def test_the_same_digits_in_another_unit_are_a_contradiction_and_no_answer(
    ontology: Ontology,
) -> None:
    own, entry = sourced(WORLD["W"], "operating_revenue", "7808869000000", "2024.pdf")
    later, other = sourced(WORLD["W"], "operating_revenue", "7808869", "2025.pdf", year=2025)
    comparative = Fact(
        later.company, later.metric, later.label, own.period, later.consolidation,
        later.statement, later.amount, later.place,
    )  # fmt: skip
    found = missing("东海水务2024年营业收入", [(own, entry), (comparative, other)], ontology)
    assert found.cause is Cause.CONTRADICTORY
    assert {operand.entry.id for operand in found.operands} == {"2024.pdf", "2025.pdf"}


def test_currencies_are_never_put_together(ontology: Ontology) -> None:
    facts = [
        sourced(WORLD["W"], "operating_revenue", "100", "w"),
        sourced(WORLD["X"], "operating_revenue", "900", "x", "USD"),
    ]
    for question in (
        "东海水务和拓纹新材2024年谁的营业收入更高",
        "东海水务比拓纹新材2024年营业收入高多少",
        "东海水务和拓纹新材2024年营业收入之和",
    ):
        found = missing(question, facts, ontology)
        assert found.cause is Cause.UNITS
        no = decline_missing(read(question, ontology), found, ())
        assert no.reason is Reason.INCOMPARABLE
        assert "900" in no.message


def test_growth_from_nothing_is_senseless_and_not_undisclosed(ontology: Ontology) -> None:
    facts = [
        sourced(WORLD["W"], "operating_revenue", "100", "a"),
        sourced(WORLD["W"], "operating_revenue", "0", "b", year=2023),
    ]
    found = missing("东海水务2024年营业收入同比增长多少", facts, ontology)
    assert found.cause is Cause.SENSELESS


@pytest.mark.parametrize(
    "question",
    [
        "文库里有哪些公司",
        "你能做什么",
        "你好",
        "Which companies are in the library?",
        "What can you do?",
    ],
)
def test_who_asks_what_there_is_to_ask_is_told_of_which_companies(
    question: str, ontology: Ontology
) -> None:
    no = decline_unasked(read(question, ontology))
    assert no is not None
    assert no.reason is Reason.OFF_TOPIC
    assert "东海水务" in no.message
    assert ".." not in no.message


def test_where_nobody_may_read_anything_no_list_of_companies_is_told(ontology: Ontology) -> None:
    no = decline_unasked(understand("你能做什么", [], ontology, TODAY))
    assert no is not None
    assert "您可查阅" not in no.message


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        (Reason.NOT_FOUND, "写明公司、期间", "name the company"),
        (Reason.UNSUPPORTED, "最接近的原文", "nearest passages"),
        (Reason.CONTRADICTORY, "替换或删除", "replace or delete"),
    ],
)
def test_a_no_that_knows_nothing_more_says_what_to_do_next(
    reason: Reason, zh: str, en: str
) -> None:
    assert zh in declined(reason, "zh").message
    assert en in declined(reason, "en").message


def test_a_name_without_a_near_one_is_to_be_checked(ontology: Ontology) -> None:
    for question, step in (
        ("旷无矿业2024年营业收入是多少", "核对名称或证券代码"),
        ("What was the revenue of Nowhere Mines in 2024?", "check the name"),
    ):
        inquiry = read(question, ontology)
        assert inquiry.unknown
        assert step in decline_missing(inquiry, Missing("x"), ()).message


def test_in_english_the_sentences_of_a_no_stand_apart(ontology: Ontology) -> None:
    facts = [
        sourced(WORLD["W"], "operating_revenue", "100", "a"),
        sourced(WORLD["W"], "operating_revenue", "0", "b", year=2023),
    ]
    question = "What was the growth of 东海水务's operating revenue in 2024?"
    no = decline_missing(read(question, ontology), missing(question, facts, ontology), ())
    assert no.reason is Reason.SENSELESS
    assert "). 东海水务" in no.message
    assert "；" not in no.message
    assert no.message.endswith(".")
