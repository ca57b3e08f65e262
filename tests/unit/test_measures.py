"""Measures and their changes have names in both languages."""

import pytest

from yanku.finance.measures import called, names_of
from yanku.finance.ontology import load_ontology


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_measure_and_its_change_can_be_named(language: str) -> None:
    ontology = load_ontology()
    for identifier in (*ontology.metrics, *ontology.ratios):
        plain = called(identifier, language, ontology)
        growth = called(f"{identifier}.growth", language, ontology)
        change = called(f"{identifier}.change", language, ontology)
        assert plain
        assert len({plain, growth, change}) == 3
        assert plain in growth
        assert ontology.name(identifier, "zh") in names_of(f"{identifier}.growth", ontology)
