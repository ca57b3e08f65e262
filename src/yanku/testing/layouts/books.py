"""The lines of condensed statements, and a year's figures in them that obey their laws."""

from __future__ import annotations

import random

MONEY_ROWS = {
    "资产负债表": (
        ("流动资产", "total_current_assets"),
        ("现金", ""),
        ("应收票据及账款", ""),
        ("存货", "inventories"),
        ("非流动资产", "total_non_current_assets"),
        ("固定资产", "fixed_assets"),
        ("无形资产", "intangible_assets"),
        ("资产总计", "total_assets"),
        ("流动负债", "total_current_liabilities"),
        ("短期借款", "short_term_borrowings"),
        ("应付票据及账款", ""),
        ("非流动负债", "total_non_current_liabilities"),
        ("负债合计", "total_liabilities"),
        ("少数股东权益", "minority_interests"),
        ("归属母公司股东权益", "equity_attributable"),
        ("负债和股东权益", "total_liabilities_and_equity"),
    ),
    "利润表": (
        ("营业收入", "operating_revenue"),
        ("营业成本", "operating_cost"),
        ("营业税金及附加", "taxes_and_surcharges"),
        ("销售费用", "selling_expenses"),
        ("管理费用", "administrative_expenses"),
        ("研发费用", "rd_expenses"),
        ("财务费用", "finance_expenses"),
        ("投资净收益", "investment_income"),
        ("营业利润", "operating_profit"),
        ("营业外收入", "non_operating_income"),
        ("营业外支出", "non_operating_expenses"),
        ("利润总额", "profit_before_tax"),
        ("所得税", "income_tax"),
        ("净利润", "net_profit"),
        ("少数股东损益", "minority_profit"),
        ("归属母公司净利润", "net_profit_attributable"),
    ),
    "现金流量表": (
        ("经营活动现金流", "net_cash_operating"),
        ("净利润", ""),
        ("折旧摊销", ""),
        ("财务费用", ""),
        ("投资损失", ""),
        ("营运资金变动", ""),
        ("投资活动现金流", "net_cash_investing"),
        ("资本支出", ""),
        ("筹资活动现金流", "net_cash_financing"),
        ("短期借款", ""),
        ("现金净增加额", "net_increase_in_cash"),
    ),
}
RATIOS = (
    ("成长能力", (("营业收入(%)", "%"), ("营业利润(%)", "%"), ("归属于母公司净利润(%)", "%"))),
    ("获利能力", (("毛利率(%)", "%"), ("净利率(%)", "%"), ("ROE(%)", "%"))),
    ("偿债能力", (("资产负债率(%)", "%"), ("流动比率", ""), ("速动比率", ""))),
    ("每股指标(元)", (("每股收益(最新摊薄)", "CNY/share"), ("每股净资产(最新摊薄)", "CNY/share"))),
    ("估值比率", (("P/E", ""), ("P/B", ""), ("EV/EBITDA", ""))),
)
INDENTED = frozenset(
    {"现金", "应收票据及账款", "存货", "固定资产", "无形资产", "短期借款", "应付票据及账款"}
)


def year_of(dice: random.Random, size: int) -> dict[str, dict[str, int]]:
    """Return the statements of one year of a company of some size."""

    def part(low: float, high: float) -> int:
        return int(size * dice.uniform(low, high))

    assets = {"现金": part(0.1, 0.4), "应收票据及账款": part(0.1, 0.3), "存货": part(0.05, 0.3)}
    fixed = {"固定资产": part(0.1, 0.9), "无形资产": part(0.01, 0.2)}
    owed = {"短期借款": part(0.01, 0.2), "应付票据及账款": part(0.05, 0.2)}
    current, other = sum(assets.values()), sum(fixed.values())
    short, long, minority = sum(owed.values()), part(0.01, 0.2), part(0.001, 0.02)
    total = current + other
    balance = {
        "流动资产": current,
        **assets,
        "非流动资产": other,
        **fixed,
        "资产总计": total,
        "流动负债": short,
        **owed,
        "非流动负债": long,
        "负债合计": short + long,
        "少数股东权益": minority,
        "归属母公司股东权益": total - short - long - minority,
        "负债和股东权益": total,
    }
    revenue = part(0.5, 1.2)
    costs = {
        "营业成本": int(revenue * dice.uniform(0.4, 0.7)),
        "营业税金及附加": int(revenue * 0.007),
        "销售费用": int(revenue * dice.uniform(0.02, 0.12)),
        "管理费用": int(revenue * dice.uniform(0.02, 0.08)),
        "研发费用": int(revenue * dice.uniform(0.02, 0.09)),
        "财务费用": int(revenue * dice.uniform(-0.01, 0.02)),
    }
    gain, extra, loss = int(revenue * 0.004), part(0.001, 0.004), part(0.001, 0.003)
    operating = revenue - sum(costs.values()) + gain
    before = operating + extra - loss
    tax = int(before * 0.15)
    net, outside = before - tax, part(0.001, 0.006)
    income = {
        "营业收入": revenue,
        **costs,
        "投资净收益": gain,
        "营业利润": operating,
        "营业外收入": extra,
        "营业外支出": loss,
        "利润总额": before,
        "所得税": tax,
        "净利润": net,
        "少数股东损益": outside,
        "归属母公司净利润": net - outside,
    }
    from_work, from_deals, from_lenders = net + part(0.02, 0.1), -part(0.05, 0.2), part(-0.1, 0.1)
    cash = {
        "经营活动现金流": from_work,
        "净利润": net,
        "折旧摊销": part(0.02, 0.1),
        "财务费用": costs["财务费用"],
        "投资损失": -gain,
        "营运资金变动": -part(0.01, 0.1),
        "投资活动现金流": from_deals,
        "资本支出": -part(0.05, 0.2),
        "筹资活动现金流": from_lenders,
        "短期借款": part(-0.1, 0.1),
        "现金净增加额": from_work + from_deals + from_lenders,
    }
    return {"资产负债表": balance, "利润表": income, "现金流量表": cash}
