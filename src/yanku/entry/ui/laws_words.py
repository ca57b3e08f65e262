"""The identities of statements in words, by their names in finance/laws.toml."""

from __future__ import annotations

LAWS: dict[str, tuple[str, str]] = {
    "assets=liabilities+equity": ("资产 = 负债 + 权益", "assets = liabilities + equity"),
    "assets=liabilities_and_equity": ("资产 = 负债和权益总计", "assets = liabilities and equity"),
    "assets=current+non_current": ("资产 = 流动 + 非流动", "assets = current + non-current"),
    "liabilities=current+non_current": (
        "负债 = 流动 + 非流动",
        "liabilities = current + non-current",
    ),
    "equity=attributable+minority": ("权益 = 归母 + 少数股东", "equity = owners + minority"),
    "profit_before_tax=operating+other": (
        "利润总额 = 营业利润 + 营业外收支",
        "profit before tax = operating + other",
    ),
    "net_profit=before_tax-tax": ("净利润 = 利润总额 − 所得税", "net profit = before tax − tax"),
    "net_profit=attributable+minority": (
        "净利润 = 归母 + 少数股东",
        "net profit = owners + minority",
    ),
    "operating_cash=in-out": ("经营现金净额 = 流入 − 流出", "operating cash = in − out"),
    "investing_cash=in-out": ("投资现金净额 = 流入 − 流出", "investing cash = in − out"),
    "financing_cash=in-out": ("筹资现金净额 = 流入 − 流出", "financing cash = in − out"),
    "cash_change=operating+investing+financing": (
        "现金净增加 = 经营 + 投资 + 筹资 + 汇率",
        "change in cash = sum of flows",
    ),
    "assets-current_liabilities=non_current+net_current": (
        "资产 − 流动负债 = 非流动资产 + 净流动资产",
        "assets − current liabilities = non-current + net current assets",
    ),
    "equity=assets-current_liabilities-non_current_liabilities": (
        "权益 = 资产 − 流动负债 − 非流动负债",
        "equity = assets − current − non-current liabilities",
    ),
    "net_current=current_assets-current_liabilities": (
        "净流动资产 = 流动资产 − 流动负债",
        "net current assets = current assets − current liabilities",
    ),
    "gross_profit=revenue-cost": ("毛利 = 收入 − 成本", "gross profit = revenue − cost"),
    "operating_profit=revenue-expenses": (
        "营业利润 = 营业收入 − 营业支出",
        "operating profit = revenue − expenses",
    ),
    "operating_profit=revenue-expenses_of_a_bank": (
        "营业利润 = 营业收入 − 营业支出（银行）",
        "operating profit = revenue − expenses (bank)",
    ),
    "net_interest=interest_income-interest_expense": (
        "利息净收入 = 利息收入 − 利息支出",
        "net interest = interest income − expense",
    ),
    "net_fees=fee_income-fee_expense": (
        "手续费净收入 = 收入 − 支出",
        "net fees = fee income − expense",
    ),
    "comprehensive=net_profit+other_comprehensive": (
        "综合收益 = 净利润 + 其他综合收益",
        "comprehensive = net profit + other comprehensive",
    ),
    "comprehensive=attributable+minority": (
        "综合收益 = 归母 + 少数股东",
        "comprehensive = owners + minority",
    ),
    "closing=opening+change": ("期末现金 = 期初 + 净增加", "closing = opening + change"),
    "total_current_assets=sum": ("流动资产 = 各项之和", "current assets = sum of lines"),
    "total_non_current_assets=sum": ("非流动资产 = 各项之和", "non-current assets = sum of lines"),
    "total_current_liabilities=sum": ("流动负债 = 各项之和", "current liabilities = sum of lines"),
    "total_non_current_liabilities=sum": (
        "非流动负债 = 各项之和",
        "non-current liabilities = sum of lines",
    ),
    "equity_attributable=sum": ("归母权益 = 各项之和", "owners' equity = sum of lines"),
    "total_equity=sum": ("权益 = 各项之和", "equity = sum of lines"),
    "total_assets=sum": ("资产 = 各项之和", "assets = sum of lines"),
    "total_liabilities=sum": ("负债 = 各项之和", "liabilities = sum of lines"),
    "total_operating_revenue=sum": ("营业总收入 = 各项之和", "total revenue = sum of lines"),
    "total_operating_cost=sum": ("营业总成本 = 各项之和", "total cost = sum of lines"),
    "operating_profit=revenue-cost+gains": (
        "营业利润 = 总收入 − 总成本 + 各项收益",
        "operating profit = revenue − cost + gains",
    ),
    "operating_profit=revenue-costs+gains": (
        "营业利润 = 收入 − 各项成本 + 各项收益",
        "operating profit = revenue − costs + gains",
    ),
    "total_operating_revenue=net_income_of_each_business": (
        "营业收入 = 各项业务净收入之和",
        "revenue = net income of each business",
    ),
    "total_operating_cost=expenses_of_a_broker": (
        "营业支出 = 各项之和（券商）",
        "expenses = sum of lines (broker)",
    ),
    "operating_inflows=sum": ("经营流入 = 各项之和", "operating inflows = sum of lines"),
    "operating_outflows=sum": ("经营流出 = 各项之和", "operating outflows = sum of lines"),
    "investing_inflows=sum": ("投资流入 = 各项之和", "investing inflows = sum of lines"),
    "investing_outflows=sum": ("投资流出 = 各项之和", "investing outflows = sum of lines"),
    "financing_inflows=sum": ("筹资流入 = 各项之和", "financing inflows = sum of lines"),
    "financing_outflows=sum": ("筹资流出 = 各项之和", "financing outflows = sum of lines"),
}
