"""Whole invented documents are read as printed: every figure, the order, the facts, no forecast."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanku.finance.facts import facts_of
from yanku.finance.ontology import load_ontology
from yanku.finance.profile import profile_of
from yanku.model.document import Digest, Document
from yanku.parse.reader import read_source
from yanku.parse.source import Limits
from yanku.testing.layouts.broker import Broker
from yanku.testing.layouts.english import EnglishReport
from yanku.testing.layouts.judge import Verdict, judge
from yanku.testing.layouts.truth import Laid

_ONTOLOGY = load_ontology()


def _verdict(laid: Laid) -> Verdict:
    form, content = read_source(laid.path, laid.path.name, Limits(), lambda *_: None)
    document = Document(
        Digest("0" * 64), laid.path.name, form.media_type, content.pages, content.blocks
    )
    profile = profile_of(document)
    assert profile.company is not None
    assert profile.company.code == laid.company
    return judge(laid, document, facts_of(document, profile, _ONTOLOGY))


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_a_brokers_report_is_read_whole_and_no_forecast_becomes_a_fact(
    tmp_path: Path, seed: int
) -> None:
    verdict = _verdict(Broker(tmp_path, seed).make())
    assert verdict.missing == []
    assert verdict.false == []
    assert verdict.facts > 50


@pytest.mark.parametrize("seed", range(201, 207))
def test_an_english_report_is_read_whole_whatever_month_its_year_ends_in(
    tmp_path: Path, seed: int
) -> None:
    verdict = _verdict(EnglishReport(tmp_path, seed).make())
    assert verdict.missing == []
    assert verdict.facts > 30
