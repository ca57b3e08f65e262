"""What the sample reports print in their statements is read from them, to the last digit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from yanku.finance.facts import facts_of
from yanku.finance.ontology import load_ontology
from yanku.finance.profile import profile_of
from yanku.model.document import Digest
from yanku.parse.reader import read_source
from yanku.parse.source import Limits
from yanku.testing.samples.make import ANNUAL, ENGLISH, QUARTERLY, Samples, make_samples
from yanku.testing.samples.truth import facts


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return make_samples(tmp_path_factory.mktemp("samples"))


@pytest.mark.parametrize("name", [ANNUAL, ENGLISH, QUARTERLY])
def test_every_figure_of_the_list_is_a_fact_of_its_report(samples: Samples, name: str) -> None:
    wanted = [row for row in facts(samples) if row["file"] == name]
    assert len(wanted) > 15
    read = _values(samples.folder / name)
    missing = [
        (row["metric"], row[column])
        for row in wanted
        for column in ("value", "previous")
        if Decimal(row[column]) not in read
    ]
    assert missing == []


def _values(path: Path) -> set[Decimal]:
    """Return the values of a report's facts."""
    kind, content = read_source(path, path.name, Limits(), lambda *_: None)
    document = content.document(Digest("0" * 64), path.name, kind.media_type)
    return {fact.amount.value for fact in facts_of(document, profile_of(document), load_ontology())}


def test_a_short_name_beside_the_full_one_in_a_table_is_known(samples: Samples) -> None:
    path = samples.folder / ENGLISH
    kind, content = read_source(path, path.name, Limits(), lambda *_: None)
    company = profile_of(content.document(Digest("0" * 64), path.name, kind.media_type)).company
    assert company is not None
    assert company.name == "拓纹新材"
