"""A rate over several years is not called a change on the year before."""

from __future__ import annotations

from tests.figured import TODAY, WATER, entry, fact

from yanku.answer.compose import compose
from yanku.finance.compute import settle
from yanku.finance.inquiry import understand
from yanku.finance.measures import called
from yanku.finance.ontology import load_ontology
from yanku.finance.periods import full_year
from yanku.model.inquiry import Finding


def test_a_compound_rate_is_told_as_a_yearly_one() -> None:
    ontology = load_ontology()
    facts = [
        (fact("operating_revenue", str(value), full_year(year)), entry(str(year), full_year(year)))
        for year, value in ((2021, 1000), (2022, 1100), (2023, 1210), (2024, 1331))
    ]
    inquiry = understand("东海水务2021年到2024年营收复合增长率", [WATER], ontology, TODAY)
    finding = settle(inquiry, facts, ontology)
    assert isinstance(finding, Finding)
    text = compose(inquiry, finding, lambda name, lang: called(name, lang, ontology)).text
    assert "年均复合增长10.00%" in text
    assert "同比" not in text
