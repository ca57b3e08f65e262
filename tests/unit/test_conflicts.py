"""Where documents differ, both are shown with their documents, and which is preferred is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.figured import TODAY, TOOLS, WATER, entry, fact

from yanku.answer.compose import compose
from yanku.finance.choose import Sourced
from yanku.finance.compute import settle
from yanku.finance.inquiry import understand
from yanku.finance.measures import called
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.model.answer import Grounded
from yanku.model.inquiry import Cause, Finding, Missing

Y22, Y23, Y24 = full_year(2022), full_year(2023), full_year(2024)
OUT = date(2024, 4, 10)
FULL = entry("全文.pdf", Y23, published=OUT)
ABSTRACT = entry("摘要.pdf", Y23, abstract=True, published=OUT)
OTHER = entry("另一份.pdf", Y23, published=OUT)
NEXT = entry("次年.pdf", Y24)


def revenue(value: str, document: object, *, restated: bool = False) -> Sourced:
    return fact("operating_revenue", value, Y23, restated=restated), document  # type: ignore[return-value]


def settled(question: str, facts: Sequence[Sourced], ontology: Ontology) -> Finding | Missing:
    return settle(understand(question, (WATER, TOOLS), ontology, TODAY), list(facts), ontology)


def answered(question: str, facts: Sequence[Sourced], ontology: Ontology) -> Grounded:
    found = settled(question, facts, ontology)
    assert isinstance(found, Finding), found
    inquiry = understand(question, (WATER, TOOLS), ontology, TODAY)
    return compose(inquiry, found, lambda name, lang: called(name, lang, ontology))


def shown(answer: Grounded) -> dict[str, str]:
    """Return the file of the source that each sentence with one source cites."""
    files = {c.number: c.file for c in answer.citations}
    return {c.text.strip(): files[c.citations[0]] for c in answer.claims if len(c.citations) == 1}


def test_a_full_report_goes_before_its_abstract_and_both_are_shown(ontology: Ontology) -> None:
    facts = [revenue("103", ABSTRACT), revenue("100", FULL)]
    answer = answered("东海水务2023年营业收入是多少", facts, ontology)
    assert answer.amount is not None
    assert answer.amount.value == 100
    assert shown(answer) == {
        "东海水务2023年度营业收入为100元。": "全文.pdf",
        "摘要列示为103元，此处以报告全文为准。": "摘要.pdf",
    }
    answer = answered("What was the operating revenue of 东海水务 in 2023?", facts, ontology)
    assert "The abstract gives 103 CNY; the full report is preferred here." in shown(answer)


def test_an_abstract_that_errs_brings_no_later_restatement_in_place_of_the_report(
    ontology: Ontology,
) -> None:
    facts = [revenue("103", ABSTRACT), revenue("100", FULL), revenue("101", NEXT, restated=True)]
    answer = answered("东海水务2023年营业收入是多少", facts, ontology)
    assert answer.amount is not None
    assert answer.amount.value == 100
    assert set(shown(answer).values()) == {"全文.pdf", "摘要.pdf", "次年.pdf"}
    assert any("次年.pdf" in note and "101元" in note for note in answer.assumptions)


def test_two_reports_on_one_period_that_differ_are_still_no_answer(ontology: Ontology) -> None:
    found = settled(
        "东海水务2023年营业收入是多少", [revenue("103", OTHER), revenue("100", FULL)], ontology
    )
    assert isinstance(found, Missing)
    assert found.cause is Cause.CONTRADICTORY


def test_a_later_figure_in_place_of_reports_that_differ_shows_them_too(ontology: Ontology) -> None:
    facts = [revenue("103", OTHER), revenue("100", FULL), revenue("101", NEXT)]
    answer = answered("东海水务2023年营业收入是多少", facts, ontology)
    assert answer.amount is not None
    assert answer.amount.value == 101
    assert {"全文.pdf", "另一份.pdf"} <= set(shown(answer).values())
    assert "请核对原文" in answer.text


def test_in_a_table_each_difference_says_whose_and_of_when_it_is(ontology: Ontology) -> None:
    before = fact("operating_revenue", "90", Y22), entry("前年.pdf", Y22)
    again = fact("operating_revenue", "91", Y22), FULL
    facts = [before, again, revenue("100", FULL), revenue("103", ABSTRACT)]
    answer = answered("列出东海水务2022年和2023年营业收入", facts, ontology)
    said = shown(answer)
    assert said["东海水务2022年度营业收入：后续文件列示为91元，此处以当期报告为准。"] == "全文.pdf"
    assert said["东海水务2023年度营业收入：摘要列示为103元，此处以报告全文为准。"] == "摘要.pdf"
    assert answer.table is not None
    assert [row[1].text for row in answer.table.rows] == ["90元", "100元"]
