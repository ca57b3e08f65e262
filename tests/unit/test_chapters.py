"""One kind of question is for one chapter, in both languages and whosever report it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.quotes import FIRM, ONTOLOGY, TODAY, TOKENS, VOCABULARY

from yanku.finance.chapters import _chapters, fixed_chapters, free_chapters
from yanku.finance.inquiry import understand
from yanku.finance.matter import matter_of
from yanku.model.finance import Company


def free_names(question: str, firm: Company = FIRM) -> list[str]:
    inquiry = understand(question, [firm], ONTOLOGY, TODAY)
    matter = matter_of(inquiry, ONTOLOGY, VOCABULARY, TOKENS.of, TODAY)
    return [chapter.name for chapter in free_chapters(matter, inquiry.companies)]


def fixed_name(question: str, firm: Company = FIRM) -> str | None:
    return next((chapter.name for chapter in fixed_chapters(question, [firm])), None)


@pytest.mark.parametrize(
    ("chinese", "english", "name"),
    [
        (
            "栖川重工2025年有哪些风险",
            "What are the main risks of Qichuan Heavy Industries?",
            "risks",
        ),
        ("栖川重工的审计机构是谁", "Who is the auditor of Qichuan Heavy Industries?", "auditor"),
        ("栖川重工是做什么的", "What does Qichuan Heavy Industries do?", "business"),
        ("栖川重工员工人数", "How many employees does Qichuan Heavy Industries have?", "employees"),
        ("栖川重工主要客户", "Who are Qichuan Heavy Industries' customers?", "customers"),
        ("栖川重工竞争格局", "Who are Qichuan Heavy Industries' competitors?", "competition"),
        ("栖川重工的发展战略", "What is Qichuan Heavy Industries' strategy?", "strategy"),
    ],
)
def test_both_languages_ask_for_it_in_both_kinds_of_reports(
    chinese: str, english: str, name: str
) -> None:
    assert [fixed_name(chinese), fixed_name(english)] == [name, name]
    assert [free_names(chinese), free_names(english)] == [[name], [name]]


@pytest.mark.parametrize(
    ("question", "fixed", "free"),
    [
        ("What raw materials does Qichuan Heavy Industries use?", "supply", []),
        ("What is Qichuan Heavy Industries' dividend policy?", "dividend policy", []),
        ("栖川重工前五大供应商", None, ["suppliers"]),
        ("栖川重工2025年分红方案", None, ["dividend"]),
    ],
)
def test_what_would_be_wrong_of_the_other_kind_is_a_chapter_of_its_own(
    question: str, fixed: str | None, free: list[str]
) -> None:
    assert fixed_name(question) == fixed
    assert free_names(question) == free


def test_a_word_may_rule_out_one_place_and_leave_the_other() -> None:
    question = "What currency risks does Qichuan Heavy Industries face?"
    assert fixed_name(question) == "risks"
    assert free_names(question) == []


@pytest.mark.parametrize(
    "question",
    ["栖川重工换审计机构了吗", "Did Qichuan Heavy Industries change its auditor?"],
)
def test_a_change_of_the_auditor_is_not_told_by_its_name(question: str) -> None:
    assert fixed_name(question) is None
    assert free_names(question) == []


def test_a_companys_name_asks_for_nothing() -> None:
    firm = replace(FIRM, name="核心竞争力科技", aliases=("Risk Factors Ltd",))
    assert free_names("核心竞争力科技2025年的收入", firm) == []
    assert fixed_name("What was the revenue of Risk Factors Ltd?", firm) is None
    assert free_names("核心竞争力科技有哪些风险", firm) == ["risks"]


@pytest.mark.parametrize("name", ["Qichuan Heavy Industries", "栖川重工"])
@pytest.mark.parametrize(
    ("question", "chapter"),
    [
        ("What does {} do?", "business"),
        ("What is {}'s strategy?", "strategy"),
        ("What risks does {} face?", "risks"),
    ],
)
def test_a_name_may_be_chinese_in_an_english_question(
    name: str, question: str, chapter: str
) -> None:
    assert fixed_name(question.format(name)) == chapter
    assert free_names(question.format(name)) == [chapter]


def test_a_question_may_join_two_parts_of_a_report_of_a_fixed_form() -> None:
    question = "Who audits Qichuan Heavy Industries and how many people does it employ?"
    assert [c.name for c in fixed_chapters(question, [FIRM])] == ["auditor", "employees"]
    assert free_names(question) == ["auditor", "employees"]
    question = "How much does Qichuan Heavy Industries pay its auditor?"
    assert fixed_chapters(question, [FIRM]) == ()


def test_every_chapter_has_a_name_of_its_own() -> None:
    names = [known.chapter.name for known in _chapters()]
    assert len(names) == len(set(names))
