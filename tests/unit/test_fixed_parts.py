"""A kind of question is answered from the section of a report that answers it."""

from __future__ import annotations

import re

import pytest
from tests.sectioned import FORM_10K, in_year, quotes, report, seen

from yanku.finance.chapters import _chapters, fixed_chapters
from yanku.model.chapter import Way
from yanku.model.finance import Company, Profile, ReportKind


async def test_what_a_company_does_is_told_by_how_its_business_begins() -> None:
    (told,) = await quotes("What does Towen Materials do?")
    assert told.startswith("Towen Materials, Inc. (“Towen,” “we” or the “Company”) designs")
    assert "incorporated" not in told
    assert "web site" not in told


async def test_a_sentence_goes_on_behind_inc() -> None:
    (told,) = await quotes("What does Towen Materials do?")
    assert "coated films" in told


async def test_risks_are_their_titles_of_each_group_and_how_many_there_are() -> None:
    sight = await seen("What are the principal risks of Towen Materials?")
    assert sight is not None
    assert [quote.text.split(",")[0] for quote in sight.choice.quotes] == [
        "We depend on two suppliers of resin",
        "Our plant in Ghent holds most of our capacity",
        "New rules on solvents may raise our costs.",
    ]
    assert sight.choice.count == 3


async def test_risks_from_something_are_those_that_speak_of_it() -> None:
    assert await quotes("What risks does Towen Materials face from solvents?") == []
    more = FORM_10K.replace(
        "## Item 2. Properties",
        "Solvents could be banned in places where we sell.\n"
        "Some places where we sell films consider a ban on solvents altogether, and we could "
        "lose what we sell there. It was much in fiscal 2023.\n## Item 2. Properties",
    )
    told = await quotes("What risks does Towen Materials face from solvents?", in_year(2023, more))
    assert [text.split()[0] for text in told] == ["New", "Solvents"]


async def test_a_word_that_only_begins_like_what_is_asked_does_not_speak_of_it() -> None:
    more = FORM_10K.replace(
        "## Item 2. Properties",
        "Changes of currencies could reduce what we earn.\n"
        "We sell in 31 countries, and where a currency loses in value we earn less in dollars for "
        "what we sell there, whatever we do.\n"
        "We are currently in dispute with a neighbour, who could win it.\n"
        "The neighbour says that trucks to and from our plant in Toledo pass at night, and wants "
        "them to pass elsewhere, which would cost us time.\n## Item 2. Properties",
    )
    more = more.replace("New rules on solvents may", "A weaker currency may")
    told = await quotes("What currency risks does Towen Materials face?", in_year(2023, more))
    assert [text.split()[0] for text in told] == ["A", "Changes"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which segments does Towen Materials report?", "Films; and Adhesives"),
        ("How many employees does Towen Materials have?", "6,214 people"),
        ("Who is Towen Materials' auditor?", "Hollis & Marr LLP"),
        ("What legal proceedings is Towen Materials involved in?", "Larkfield Chemical filed"),
        ("Who are Towen Materials' competitors?", "Ostend Coatings"),
        ("Where is Towen Materials headquartered?", "Dayton, Ohio"),
        ("When was Towen Materials incorporated?", "Delaware in 1961"),
    ],
)
async def test_a_sentence_that_says_what_is_asked_is_quoted(question: str, said: str) -> None:
    assert said in (await quotes(question))[0]


async def test_what_a_question_says_beside_its_topic_is_not_lost() -> None:
    question = "What resin risks does Towen Materials face?"
    assert await quotes(question) == []
    sight = await seen("What risks does Towen Materials face?")
    assert sight is not None
    assert len(sight.choice.quotes) == 3


async def test_a_sentence_that_only_sends_elsewhere_is_not_quoted() -> None:
    told = await quotes("Which segments does Towen Materials report?")
    assert not any("Note 12" in text for text in told)


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("During fiscal 2023, one customer accounted for 14% of our net sales.", True),
        ("No single customer accounted for more than 10% of our net sales.", False),
        ("No customer other than Larkfield accounted for 10% or more of net sales.", True),
        ("We do not depend on any single customer.", False),
        (
            "While we do not have a single customer accounting for more than 10% of our net sales, "
            "concentration can be more pronounced in some businesses.",
            False,
        ),
        ("The Company did not have sales to any customer that exceeded 10% of net sales.", False),
    ],
)
async def test_whether_a_few_customers_matter_is_answered_yes_or_no(
    sentence: str, *, holds: bool
) -> None:
    text = FORM_10K.replace(
        "During fiscal 2023, one customer accounted for 14% of our net sales.", sentence
    )
    question = "Does Towen Materials have customer concentration?"
    sight = await seen(question, in_year(2023, text))
    assert sight is not None
    assert sight.choice.holds is holds
    assert [quote.text for quote in sight.choice.quotes] == [sentence]


async def test_a_yes_of_one_part_and_a_no_of_another_are_both_shown_and_neither_said() -> None:
    text = FORM_10K.replace(
        "Demand for our products is not significantly seasonal.",
        "Demand for films is not seasonal.\nAdhesives sell best in the spring season.",
    )
    sight = await seen("Is Towen Materials' business seasonal?", in_year(2023, text))
    assert sight is not None
    assert sight.choice.holds is None
    assert len(sight.choice.quotes) == 2


async def test_of_two_parts_that_are_asked_for_both_are_told_or_none() -> None:
    question = "Who audits Towen Materials and how many people does it employ?"
    told = await quotes(question)
    assert any("Hollis & Marr LLP" in one for one in told)
    assert any("6,214 people" in one for one in told)
    silent = FORM_10K.replace("At June 30, 2023, we employed 6,214 people", "We value our people")
    assert await seen(question, in_year(2023, silent)) is None


async def test_what_the_section_does_not_say_is_not_quoted_from_it() -> None:
    text = FORM_10K.replace("At June 30, 2023, we employed 6,214 people", "We value our people")
    sight = await seen("How many employees does Towen Materials have?", in_year(2023, text))
    assert sight is not None
    assert sight.choice.quotes == ()


# ── why a measure moved ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What drove the change in Towen Materials' gross margin in 2023?", "resin cost more"),
        ("Why did Towen Materials' net sales increase in fiscal 2023?", "higher prices of films"),
        ("Why did Adhesives net sales decrease at Towen Materials?", "lower volumes"),
    ],
)
async def test_the_reason_why_a_measure_moved_is_that_of_the_measure_itself(
    question: str, said: str
) -> None:
    (told,) = await quotes(question)
    assert said in told


async def test_under_a_heading_that_is_the_measure_its_parts_are_told() -> None:
    parted = FORM_10K.replace(
        "Gross margin decreased to 31.2% from 33.0%, mainly because resin cost more.",
        "#### Gross Margin\nFilms gross margin decreased, mainly because resin cost more.\n"
        "Adhesives gross margin increased due to a better mix.",
    )
    question = "What drove the change in Towen Materials' gross margin in 2023?"
    told = await quotes(question, in_year(2023, parted))
    assert [text.split()[0] for text in told] == ["Films", "Adhesives"]


async def test_a_rise_is_no_reason_for_a_fall() -> None:
    assert await quotes("Why did Towen Materials' net sales fall in fiscal 2023?") == []


async def test_what_moved_only_something_else_is_no_reason() -> None:
    without = FORM_10K.replace("Net sales increased 8% in fiscal 2023", "Trade was lively")
    assert await quotes("What drove Towen Materials' net sales?", in_year(2023, without)) == []


# ── which report ────────────────────────────────────────────────────────────────────────────────


async def test_the_report_is_that_on_the_fiscal_year_asked_about_and_else_the_latest() -> None:
    older = FORM_10K.replace("6,214", "5,900")
    both = (in_year(2022, older), in_year(2023))
    question = "How many employees did Towen Materials have{}?"
    assert "6,214" in (await quotes(question.format(""), *both))[0]
    assert "5,900" in (await quotes(question.format(" in FY2022"), *both))[0]
    assert await quotes(question.format(" in FY2019"), *both) == []


async def test_a_report_on_a_year_goes_before_one_on_a_part_of_it() -> None:
    document, profile = in_year(2024, FORM_10K.replace("6,214", "7,000"))
    part = (document, Profile("", profile.company, ReportKind.OTHER, False, profile.period))
    told = await quotes("How many employees does Towen Materials have?", in_year(2023), part)
    assert "6,214" in told[0]


async def test_a_report_without_the_section_leaves_the_question_to_the_search() -> None:
    plain = (report("# Letter\nWe did well."), in_year(2023)[1])
    assert await seen("What does Towen Materials do?", plain) is None


# ── the table ───────────────────────────────────────────────────────────────────────────────────


def test_headings_are_expressions_that_the_database_reads_alike() -> None:
    parts = [known.chapter.fixed for known in _chapters() if known.chapter.fixed is not None]
    assert parts
    for part in parts:
        for heading in part.headings:
            re.compile(heading)
            assert "\\b" not in heading, "a word's edge is a backspace there"
            assert "(?!" not in heading[:3]


def test_a_question_that_is_of_no_kind_has_no_chapter() -> None:
    firm = [Company("Towen Materials, Inc.", "Towen Materials, Inc.")]
    assert fixed_chapters("What was Towen Materials' revenue in 2023?", firm) == ()
    assert fixed_chapters("海澜精工2024年的营业收入是多少", firm) == ()


def test_every_part_in_which_sentences_are_looked_for_says_what_they_say() -> None:
    silent = [
        known.chapter.name
        for known in _chapters()
        if (part := known.chapter.fixed) and part.way is not Way.MATTER and not part.tells
    ]
    assert silent == []
