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
from yanku.testing.layouts.filing import Filing
from yanku.testing.layouts.judge import Verdict, judge
from yanku.testing.layouts.truth import Laid
from yanku.testing.layouts.workbooks import AwkwardBook

_ONTOLOGY = load_ontology()


def _document(path: Path) -> Document:
    form, content = read_source(path, path.name, Limits(), lambda *_: None)
    return Document(Digest("0" * 64), path.name, form.media_type, content.pages, content.blocks)


def _verdict(laid: Laid) -> Verdict:
    document = _document(laid.path)
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


@pytest.mark.parametrize("seed", [*range(1, 9), 107, 128, 134, 143, 154, 162])
def test_a_filing_of_any_kind_of_company_gives_all_its_facts_and_no_others(
    tmp_path: Path, seed: int
) -> None:
    verdict = _verdict(Filing(tmp_path, seed).make())
    assert verdict.missing == []
    assert verdict.false == []
    assert verdict.facts > 20


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["industry", "bank", "broker", "insurer"])
def test_hardly_a_fact_is_missed_in_filings_nobody_has_looked_at(tmp_path: Path, kind: str) -> None:
    verdicts = [_verdict(Filing(tmp_path, seed, kind).make()) for seed in range(40_000, 40_012)]
    known, facts = sum(v.known for v in verdicts), sum(v.facts for v in verdicts)
    false, read = sum(len(v.false) for v in verdicts), sum(v.read for v in verdicts)
    assert known >= 0.97 * facts
    assert false <= 0.005 * read


@pytest.mark.parametrize("seed", range(301, 307))
def test_a_workbook_with_several_regions_a_sheet_is_read_whole(tmp_path: Path, seed: int) -> None:
    laid = AwkwardBook(tmp_path, seed).make()
    verdict = judge(laid, _document(laid.path), ())
    assert verdict.missing == []
    assert verdict.figures > 100
