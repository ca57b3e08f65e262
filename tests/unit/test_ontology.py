"""Labels mean exactly one metric, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanku.errors import SettingsError
from yanku.finance.labels import bare
from yanku.finance.ontology import Metric, load_ontology
from yanku.finance.ratios import Ratio
from yanku.model.finance import Statement

INCOME, BALANCE, CASH = Statement.INCOME, Statement.BALANCE_SHEET, Statement.CASH_FLOW
KEY = Statement.KEY_INDICATORS


@pytest.mark.parametrize(
    ("label", "statement", "metric"),
    [
        ("一、营业总收入", INCOME, "total_operating_revenue"),
        ("其中：营业收入", INCOME, "operating_revenue"),
        ("二、营业总成本", INCOME, "total_operating_cost"),
        ("其中:营业成本", INCOME, "operating_cost"),
        ("五、净利润（净亏损以“－”号填列）", INCOME, "net_profit"),
        ("净（亏损）/利润", INCOME, "net_profit"),
        ("1．归属于母公司股东的净利润（净亏损以“-”号填列）", INCOME, "net_profit_attributable"),
        ("2.少数股东损益（净亏损以“-”号\n填列）", INCOME, "minority_profit"),
        ("减：所得税费用", INCOME, "income_tax"),
        ("（一）基本每股收益（元/股）", INCOME, "basic_eps"),
        ("归属于母公司所有者权益（或股东权益）合计", BALANCE, "equity_attributable"),
        ("所有者权益（或股东权益）合计", BALANCE, "total_equity"),
        ("负债和所有者权益（或股东权益）总计", BALANCE, "total_liabilities_and_equity"),
        ("实收资本（或股本）", BALANCE, "share_capital"),
        ("一年内到期的非流动资产", BALANCE, "non_current_assets_due_within_one_year"),
        ("经营活动产生/（使用）的现金流量净额", CASH, "net_cash_operating"),
        ("加：期初现金及现金等价物余额", CASH, "opening_cash"),
        ("归属于上市公司股东的扣除非经常性损益的净利润（元）", KEY,
         "net_profit_excluding_non_recurring"),
        ("加权平均净资产收益率（%）", KEY, "weighted_roe"),
        ("Net profit attributable to owners of the parent", INCOME, "net_profit_attributable"),
        ("III. Total assets", BALANCE, "total_assets"),
        ("Less: Cost of sales", INCOME, "operating_cost"),
        ("（一）归属母公司所有者的其他综合收益的税后净额", INCOME, "oci_attributable"),
        ("（二）将重分类进损益的其他综合收益", INCOME, "oci_reclassified"),
        ("减：摊回保险责任准备金", INCOME, "reserves_recovered"),
        ("购建固定资产和其他长期资产支付的现金", CASH, "capital_expenditure"),
        ("偿还已发行债务证券支付的现金", CASH, "debt_repayments"),
        ("其中：子公司吸收少数股东投资收到的现金", CASH, "cash_from_minority_contributions"),
    ],
)  # fmt: skip
def test_a_printed_label_means_its_metric(label: str, statement: Statement, metric: str) -> None:
    found = load_ontology().metric_of(label, statement)
    assert found is not None
    assert found.id == metric


@pytest.mark.parametrize(
    ("label", "statement"),
    [
        ("被合并方在合并前实现的净利润", INCOME),
        ("主营业务收入", INCOME),
        ("净利润率", KEY),
        ("应收账款坏账准备", BALANCE),
        ("其他", BALANCE),
        ("营业收入（不含税）", INCOME),
        ("总资产", INCOME),
        ("净利润", BALANCE),
    ],
)
def test_a_label_that_only_resembles_a_metric_means_nothing(
    label: str, statement: Statement
) -> None:
    assert load_ontology().metric_of(label, statement) is None


def test_interest_income_under_finance_expenses_is_not_the_interest_income_of_a_bank() -> None:
    ontology = load_ontology()
    top = ontology.metric_of("利息收入", INCOME)
    part = ontology.metric_of("利息收入", INCOME, under="finance_expenses")
    assert top is not None
    assert part is not None
    assert (top.id, part.id) == ("interest_income", "finance_interest_income")


def test_no_spoken_name_belongs_to_two_measures() -> None:
    ontology = load_ontology()
    owners: dict[str, set[str]] = {}
    measures: list[Metric | Ratio] = [*ontology.metrics.values(), *ontology.ratios.values()]
    for measure in measures:
        for name in measure.spoken:
            owners.setdefault(name, set()).add(measure.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_every_formula_is_over_known_metrics() -> None:
    ontology = load_ontology()
    assert len(ontology.metrics) >= 120
    for ratio in ontology.ratios.values():
        assert ratio.operands
        assert set(ratio.operands) <= set(ontology.metrics)


def test_the_vocabulary_keeps_long_terms_whole() -> None:
    words = load_ontology().vocabulary()
    assert {"归母净利润", "资产负债率", "营业总成本", "保险服务收入"} <= set(words)
    assert list(words) == sorted(words, key=lambda word: (-len(word), word))


def test_an_operator_can_add_names_and_ratios(tmp_path: Path) -> None:
    extra = tmp_path / "ours.toml"
    extra.write_text(
        '[metrics]\noperating_revenue = { also = ["营业额"] }\n'
        'order_backlog = { zh = "在手订单", en = ["Order backlog"], statement = "other",'
        ' kind = "instant", unit = "money" }\n'
        '[ratios]\nbacklog_cover = { zh = "订单保障倍数", en = ["Backlog cover"],'
        ' formula = "order_backlog / operating_revenue", unit = "times" }\n',
        encoding="utf-8",
    )
    ontology = load_ontology(extra)
    found = ontology.metric_of("营业额", INCOME)
    assert found is not None
    assert found.id == "operating_revenue"
    assert "operating_revenue" in ontology.ratios["backlog_cover"].operands


@pytest.mark.parametrize(
    "text",
    [
        '[ratios]\nx = { zh = "x", formula = "__import__(1)", unit = "%" }',
        '[ratios]\nx = { zh = "x", formula = "no_such_metric / total_assets", unit = "%" }',
        '[metrics]\nx = { zh = "x" }',
        "[metrics",
    ],
)
def test_an_unusable_ontology_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    extra = tmp_path / "wrong.toml"
    extra.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"wrong\.toml|ratio x"):
        load_ontology(extra)


def test_numbering_is_stripped_but_a_number_in_a_word_stays() -> None:
    assert bare("（十二）其他综合收益") == "其他综合收益"
    assert bare("一年内到期的非流动负债") == "一年内到期的非流动负债"


def test_an_english_answer_names_every_measure_in_english() -> None:
    ontology = load_ontology()
    measures: list[Metric | Ratio] = [*ontology.metrics.values(), *ontology.ratios.values()]
    assert [one.id for one in measures if not one.en.isascii()] == []
