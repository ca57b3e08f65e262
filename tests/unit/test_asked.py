"""Questions in every style become the plan a careful reader would make of them, or none."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.finance.script import simplified, sound_alike
from yanku.model.inquiry import Inquiry, Task
from yanku.testing.asked.plans import OPEN, TODAY, WORLD, Asked, Plan, asked, understood

QUESTIONS = tuple(asked())


def read(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, list(WORLD.values()), ontology, TODAY)


def plans(ontology: Ontology) -> list[tuple[Asked, Plan]]:
    return [(one, understood(read(one.question, ontology))) for one in QUESTIONS]


def test_no_question_gets_a_plan_other_than_its_own(ontology: Ontology) -> None:
    wrong = [
        (one.question, found)
        for one, found in plans(ontology)
        if found != one.plan and found.task not in OPEN
    ]
    assert wrong == []


def test_in_every_style_nearly_all_questions_are_understood(ontology: Ontology) -> None:
    every = Counter(one.style for one in QUESTIONS)
    right = Counter(one.style for one, found in plans(ontology) if found == one.plan)
    assert len(QUESTIONS) > 800
    assert {style: n for style, n in every.items() if right[style] < 0.9 * n} == {}


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("澜桥精蜜2024年营业收入", "澜桥精密"),
        ("东海水务2024年净利闰", "净利润"),
        ("Beiling Machine Tools gros margin 2024", "gross"),
    ],
)
def test_what_is_read_as_something_else_is_told(
    question: str, meant: str, ontology: Ontology
) -> None:
    found = read(question, ontology)
    assert found.task is not Task.TEXT
    assert any(meant in note for note in found.assumptions)


@pytest.mark.parametrize("name", ["东海水泥", "北岭重工", "江北银行", "宜川乳业", "澜江精密"])
def test_another_company_is_never_taken_for_one_that_looks_like_it(
    name: str, ontology: Ontology
) -> None:
    assert read(f"{name}2024年营业收入是多少", ontology).unknown == (name,)


def test_a_name_one_character_off_is_suggested_and_not_assumed(ontology: Ontology) -> None:
    assert read("东海水泥2024年营业收入是多少", ontology).likely == ("东海水务",)


def test_a_name_that_two_companies_share_is_asked_back(ontology: Ontology) -> None:
    (unclear,) = read("华宁2024年营业收入是多少", ontology).unclear
    assert (unclear.said, set(unclear.options)) == ("华宁", {"华宁医药", "华宁科技"})


def test_a_question_of_no_company_asks_which(ontology: Ontology) -> None:
    (unclear,) = read("2024年营业收入是多少", ontology).unclear
    assert unclear.said == ""
    assert "东海水务" in unclear.options


def test_a_part_of_a_year_without_its_year_is_kept_as_such(ontology: Ontology) -> None:
    found = read("东海水务上半年净利润", ontology)
    assert (found.periods, found.part) == ((), (1, 6))


def test_nine_months_from_quarter_to_quarter_are_not_the_first_quarter(ontology: Ontology) -> None:
    for said in ("2024Q1-Q3", "2024年一至三季度", "Q1 to Q3 2024", "24年一季度到三季度"):
        (period,) = read(f"东海水务 {said} 营业收入", ontology).periods
        assert (period.start, period.end) == (date(2024, 1, 1), date(2024, 9, 30))


def test_a_character_that_is_not_explained_keeps_a_question_from_the_facts(
    ontology: Ontology,
) -> None:
    assert read("东海水务2024年末表外负债", ontology).task is Task.TEXT
    assert read("宜川酒业去年一年卖了多少酒", ontology).task is Task.TEXT


def test_traditional_characters_become_simplified_ones_place_for_place() -> None:
    text = "東海水務2024年的營業收入與淨利潤"
    assert simplified(text) == "东海水务2024年的营业收入与净利润"
    assert simplified("东海水务与营收") == "东海水务与营收"


def test_characters_sound_alike_by_their_syllable() -> None:
    assert sound_alike("密", "蜜")
    assert sound_alike("航", "行")
    assert not sound_alike("务", "泥")
    assert sound_alike("产", "厂", roughly=True)
    assert not sound_alike("产", "厂")
