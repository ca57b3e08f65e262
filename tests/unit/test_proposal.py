"""A model may only sort words; whatever a plan holds stands in the question."""

from __future__ import annotations

import json

import pytest

from yanku.finance.ontology import Ontology
from yanku.finance.proposal import Kind, Opening, kinds_in, opening, reread, schema_of
from yanku.model.inquiry import Inquiry, Task
from yanku.testing.asked.plans import TODAY, WORLD

COMPANIES = list(WORLD.values())


def opened(question: str, ontology: Ontology) -> Opening:
    found = opening(question, COMPANIES, ontology, TODAY)
    assert found is not None
    return found


def said(asked: Opening, *kinds: str, about: str = "whole") -> str:
    told: dict[str, object] = {
        f"w{n}": {"word": word, "kind": kind}
        for n, (word, kind) in enumerate(zip(asked.words, kinds, strict=True), start=1)
    }
    return json.dumps({**told, "about": about})


def planned(question: str, ontology: Ontology, *kinds: str, about: str = "whole") -> Inquiry | None:
    asked = opened(question, ontology)
    sorted_out = kinds_in(said(asked, *kinds, about=about), asked)
    return reread(asked, sorted_out, COMPANIES, ontology, TODAY) if sorted_out else None


def test_without_its_empty_words_a_question_is_read_by_the_rules(ontology: Ontology) -> None:
    found = planned("宜川酒业2024年销售费用烧了多少", ontology, "empty")
    assert found is not None
    assert (found.task, found.metrics) == (Task.LOOKUP, ("selling_expenses",))
    assert [company.name for company in found.companies] == ["宜川酒业"]


def test_a_word_that_narrows_leaves_no_plan(ontology: Ontology) -> None:
    assert planned("宜川酒业2024年销售费用烧了多少", ontology, "narrows") is None
    assert planned("宜川酒业2024年销售费用烧了多少", ontology, "empty", about="part") is None


def test_an_order_is_only_asked_for_where_the_question_asks_who(ontology: Ontology) -> None:
    found = planned("2024年营收这块谁是扛把子", ontology, "empty", "highest")
    assert found is not None
    assert (found.task, found.top) == (Task.RANK, 1)
    assert planned("宜川酒业2024年销售费用烧了多少", ontology, "highest") is None


def test_a_change_is_only_asked_for_where_the_question_compares(ontology: Ontology) -> None:
    found = planned("远望证券2024年营收跟上一年比窜了几个点", ontology, "up")
    assert found is not None
    assert found.task is Task.GROWTH
    assert planned("江南银行24年末不良贷款率飙到多高了", ontology, "up") is None


@pytest.mark.parametrize(
    "question",
    [
        "澜桥精密2024年海外营业收入",
        "Towen's 2024 revenue from coatings",
        "Hetai Electric's washing machine gross margin 2024",
        "霁川生物2024年净利润刨去子公司还剩多少",
        "Bide Technology's 2024 budgeted revenue",
        "江北银行2024年总资产烧了多少",
        "东海水务2024年应该买入吗",
        "为什么东海水务2024年营收猛冲",
    ],
)
def test_what_rules_are_sure_of_no_model_is_asked_about(question: str, ontology: Ontology) -> None:
    assert opening(question, COMPANIES, ontology, TODAY) is None


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "{}", '{"w1": "empty"}', '{"w1": {"kind": "odd"}, "about": "whole"}']
)
def test_what_does_not_keep_to_the_schema_is_no_proposal(answer: str, ontology: Ontology) -> None:
    assert kinds_in(answer, opened("宜川酒业2024年销售费用烧了多少", ontology)) is None


def test_the_schema_leaves_a_choice_of_kinds_and_none_of_words(ontology: Ontology) -> None:
    asked = opened("2024年营收这块谁是扛把子", ontology)
    schema = json.loads(schema_of(asked))
    assert set(schema["required"]) == {"w1", "w2", "about"}
    first = schema["properties"]["w1"]["properties"]
    assert first["word"]["enum"] == [asked.words[0]]
    assert set(first["kind"]["enum"]) == {kind.value for kind in Kind}
