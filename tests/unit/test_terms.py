"""A firm extends names, formulas and companies by a file, and a wrong file is refused by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from yanku.errors import SettingsError
from yanku.finance.formula import evaluate, operands_of
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology, load_ontology
from yanku.model.finance import Company
from yanku.settings import load_settings
from yanku.wiring import TERMS, terms_of

WATER = Company("600123", "东海水务")
TODAY = date(2025, 5, 20)


def own(tmp_path: Path, text: str) -> Ontology:
    path = tmp_path / "terms.toml"
    path.write_text(text, encoding="utf-8")
    return load_ontology(path)


def test_a_company_is_known_by_the_names_a_firm_gives_it(tmp_path: Path) -> None:
    ontology = own(tmp_path, '[companies."600123"]\nalso = ["老水厂", "Old Works"]\n')
    for name in ("老水厂", "Old Works"):
        found = understand(f"{name} 2024年营业收入是多少", [WATER], ontology, TODAY)
        assert [company.code for company in found.companies] == ["600123"]


def test_a_firm_changes_a_formula_and_keeps_its_names(tmp_path: Path) -> None:
    text = (
        "[ratios.gross_margin]\n"
        'formula = "(operating_revenue - operating_cost - taxes_and_surcharges)'
        ' / operating_revenue"'
    )
    ratio = own(tmp_path, text).ratios["gross_margin"]
    assert "taxes_and_surcharges" in ratio.operands
    assert "毛利率" in ratio.spoken
    assert ratio.printed == "", "what reports print by another formula must not go before it"


def test_a_firm_adds_a_ratio_with_its_source(tmp_path: Path) -> None:
    text = (
        '[ratios.rent_burden]\nzh = "租金负担"\nunit = "%"\nsource = "内部口径"\n'
        'formula = "lease_liabilities / total_liabilities"\n'
    )
    ontology = own(tmp_path, text)
    found = understand("东海水务2024年末租金负担是多少", [WATER], ontology, TODAY)
    assert found.metrics == ("rent_burden",)
    assert ontology.ratios["rent_burden"].source == "内部口径"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[metrics.mine]\nzh = "毛利率"\nstatement = "other"\nkind = "instant"\nunit = "%"\n',
         r"毛利率 of mine already means gross_margin"),
        ('[companies."600123"]\nalso = "东海"\n', r"company 600123 needs also"),
        ('[companies.A]\nalso = ["东海"]\n[companies.B]\nalso = ["东海"]\n', r"both A and B"),
        ('[ratios.mine]\nzh = "我"\nunit = "%"\nformula = "a / b"\nfromula = "x"\n', "fromula"),
        ('[ratios.mine]\nzh = "我"\nunit = "%"\nformula = "1 + 2"\n', "needs a metric"),
        ('[ratoi]\n', r"ratoi is no section of terms"),
    ],
)  # fmt: skip
def test_a_file_that_would_mislead_is_refused_with_what_is_wrong(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        own(tmp_path, text)


def test_the_terms_of_a_home_are_those_it_works_with(tmp_path: Path) -> None:
    assert terms_of(load_settings(tmp_path)).companies == {}
    (tmp_path / TERMS).write_text('[companies."600123"]\nalso = ["老水厂"]\n', encoding="utf-8")
    assert terms_of(load_settings(tmp_path)).companies == {"600123": ("老水厂",)}


def test_every_formula_says_where_its_definition_is_from() -> None:
    assert [r.id for r in load_ontology().ratios.values() if not r.source] == []


def test_a_formula_may_count_the_days_of_a_period() -> None:
    assert operands_of("days * average(inventories) / operating_cost") == (
        ("inventories", "operating_cost"),
        frozenset({"inventories"}),
    )
    values = {
        "days": Decimal(365),
        "average(inventories)": Decimal(2),
        "operating_cost": Decimal(10),
    }
    assert evaluate("days * average(inventories) / operating_cost", values) == Decimal(73)
