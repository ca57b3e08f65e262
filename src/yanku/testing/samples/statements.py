"""What books print as: the lines of the three statements and the value of every line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from yanku.testing.samples.economy import nonrecurring_before_tax
from yanku.testing.samples.ledger import (
    CURRENT_LIABILITIES,
    NONCURRENT_LIABILITIES,
    OWN_EQUITY,
    ZERO,
    Books,
)

CENT = Decimal("0.01")
Values = Mapping[str, Decimal]

CURRENT_ASSETS = [
    "money",
    "trading_assets",
    "notes_receivable",
    "receivables",
    "receivables_financing",
    "prepayments",
    "other_receivables",
    "inventory",
    "other_current_assets",
]
NONCURRENT_ASSETS = [
    "long_term_equity",
    "fixed_assets",
    "construction",
    "right_of_use",
    "intangibles",
    "goodwill",
    "long_prepaid",
    "deferred_tax_assets",
    "other_noncurrent",
]
OPERATING_IN = ["sales_received", "tax_refunds", "other_operating_received"]
OPERATING_OUT = ["purchases_paid", "staff_paid", "taxes_paid", "other_operating_paid"]
INVESTING_IN = ["investments_recovered", "investment_yield_received", "disposals_received"]
INVESTING_OUT = ["capex_paid", "investments_paid"]
FINANCING_IN = ["loans_received"]
FINANCING_OUT = ["debt_repaid", "dividends_interest_paid", "other_financing_paid"]


@dataclass(frozen=True, slots=True)
class Span:
    """The quarters ``first`` to ``last`` of a year; a balance sheet stands at the end of them."""

    year: int
    last: int
    first: int = 1

    def earlier(self, years: int = 1) -> Span:
        """Return the same quarters of an earlier year."""
        return Span(self.year - years, self.last, self.first)


def balance_sheet(books: Books, year: int, quarter: int) -> dict[str, Decimal]:
    """Return every line of the balance sheet at the end of a quarter, totals included."""
    values = dict.fromkeys(("long_term_equity", "goodwill", "treasury"), ZERO)
    values.update(books.closing(year, quarter))
    values["money"] = values["cash"] + values["restricted"]
    total = _adder(values)
    values["current_assets"] = total(CURRENT_ASSETS)
    values["noncurrent_assets"] = total(NONCURRENT_ASSETS)
    values["assets"] = total(["current_assets", "noncurrent_assets"])
    values["current_liabilities"] = total(CURRENT_LIABILITIES)
    values["noncurrent_liabilities"] = total(NONCURRENT_LIABILITIES)
    values["liabilities"] = total(["current_liabilities", "noncurrent_liabilities"])
    values["parent_equity"] = total(OWN_EQUITY) - values["treasury"]
    values["equity"] = total(["parent_equity", "minority"])
    values["liabilities_and_equity"] = total(["liabilities", "equity"])
    return values


def income_statement(books: Books, span: Span, shares: int) -> dict[str, Decimal]:
    """Return every line of the income statement for a span, with earnings per share."""
    values = books.income(span.year, span.first, span.last)
    values["total_revenue"] = values["revenue"]
    total = _adder(values)
    values["total_cost"] = total(["cost", "surcharges", "selling", "admin", "research", "finance"])
    values["operating_profit"] = (
        values["total_revenue"]
        - values["total_cost"]
        + total(
            [
                "other_income",
                "investment_income",
                "fair_value",
                "credit_loss",
                "asset_loss",
                "disposal_gain",
            ]
        )
    )
    values["profit_before_tax"] = (
        values["operating_profit"] + values["nonoperating_income"] - values["nonoperating_expense"]
    )
    values["net_profit"] = values["profit_before_tax"] - values["tax"]
    values["continuing_profit"] = values["net_profit"]
    values["parent_profit"] = values["net_profit"] - values["minority_profit"]
    values["oci_change"] = books.cash(span.year, span.first, span.last)["exchange_effect"]
    values["oci_change_parent"] = values["oci_change"]
    values["comprehensive"] = values["net_profit"] + values["oci_change"]
    values["comprehensive_parent"] = values["parent_profit"] + values["oci_change"]
    values["comprehensive_minority"] = values["minority_profit"]
    values["nonrecurring_pretax"] = nonrecurring_before_tax(values)
    values["nonrecurring"] = (
        values["nonrecurring_pretax"] - values["nonrecurring_tax"] - values["nonrecurring_minority"]
    )
    values["adjusted_profit"] = values["parent_profit"] - values["nonrecurring"]
    values["eps"] = (values["parent_profit"] / shares).quantize(CENT, ROUND_HALF_UP)
    values["diluted_eps"] = values["eps"]
    return values


def cash_flow(books: Books, span: Span) -> dict[str, Decimal]:
    """Return every line of the cash flow statement for a span, totals included."""
    values = books.cash(span.year, span.first, span.last)
    total = _adder(values)
    values["operating_in"], values["operating_out"] = total(OPERATING_IN), total(OPERATING_OUT)
    values["operating_net"] = values["operating_in"] - values["operating_out"]
    values["investing_in"], values["investing_out"] = total(INVESTING_IN), total(INVESTING_OUT)
    values["investing_net"] = values["investing_in"] - values["investing_out"]
    values["financing_in"], values["financing_out"] = total(FINANCING_IN), total(FINANCING_OUT)
    values["financing_net"] = values["financing_in"] - values["financing_out"]
    values["cash_change"] = total(
        ["operating_net", "investing_net", "financing_net", "exchange_effect"]
    )
    values["cash_closing"] = books.closing(span.year, span.last)["cash"]
    values["cash_opening"] = values["cash_closing"] - values["cash_change"]
    return values


def return_on_equity(books: Books, span: Span, profit: Decimal) -> Decimal:
    """Return the weighted average return on equity in percent, two decimals.

    P ÷ (E0 + NP ÷ 2 − dividends × months remaining ÷ months), as the CSRC's rule no. 9 has it;
    dividends are paid at the end of May.
    """
    months = 3 * span.last
    opening = balance_sheet(books, span.year - 1, 4)["parent_equity"]
    net = balance_sheet(books, span.year, span.last)["parent_equity"] - opening
    paid = profit_of(books, span) + books.cash(span.year, 1, span.last)["exchange_effect"] - net
    weight = Decimal(max(months - 5, 0)) / months
    base = opening + profit_of(books, span) / 2 - paid * weight
    return (profit * 100 / base).quantize(CENT, ROUND_HALF_UP)


def profit_of(books: Books, span: Span) -> Decimal:
    """Return the net profit that belongs to the owners of the parent."""
    return income_statement(books, span, 1)["parent_profit"]


def growth(now: Decimal, before: Decimal) -> Decimal:
    """Return the change in percent, two decimals, the way A-share reports print it."""
    return ((now - before) * 100 / abs(before)).quantize(CENT, ROUND_HALF_UP)


def _adder(values: Values) -> Callable[[Iterable[str]], Decimal]:
    def total(keys: Iterable[str]) -> Decimal:
        return sum((values[key] for key in keys), ZERO)

    return total


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row: ``key`` is empty for a title row; ``indent`` in steps."""

    key: str
    zh: str
    en: str = ""
    indent: int = 0


def _lines(text: str) -> tuple[Line, ...]:
    """Read rows of ``indent|key|Chinese|English``."""
    made = []
    for row in text.strip().splitlines():
        indent, key, zh, en = (part.strip() for part in row.split("|"))
        made.append(Line(key, zh, en, int(indent)))
    return tuple(made)


BALANCE_LINES = _lines("""
0||流动资产：|Current assets
1|money|货币资金|Cash and bank balances
1|trading_assets|交易性金融资产|Financial assets at fair value through profit or loss
1|notes_receivable|应收票据|Notes receivable
1|receivables|应收账款|Trade receivables
1|receivables_financing|应收款项融资|Receivables at fair value through OCI
1|prepayments|预付款项|Prepayments
1|other_receivables|其他应收款|Other receivables
1|inventory|存货|Inventories
1|other_current_assets|其他流动资产|Other current assets
0|current_assets|流动资产合计|Total current assets
0||非流动资产：|Non-current assets
1|long_term_equity|长期股权投资|Investments in subsidiaries
1|fixed_assets|固定资产|Property, plant and equipment
1|construction|在建工程|Construction in progress
1|right_of_use|使用权资产|Right-of-use assets
1|intangibles|无形资产|Intangible assets
1|goodwill|商誉|Goodwill
1|long_prepaid|长期待摊费用|Long-term deferred expenses
1|deferred_tax_assets|递延所得税资产|Deferred tax assets
1|other_noncurrent|其他非流动资产|Other non-current assets
0|noncurrent_assets|非流动资产合计|Total non-current assets
0|assets|资产总计|Total assets
0||流动负债：|Current liabilities
1|short_loans|短期借款|Short-term borrowings
1|notes_payable|应付票据|Notes payable
1|payables|应付账款|Trade payables
1|contract_liabilities|合同负债|Contract liabilities
1|payroll_payable|应付职工薪酬|Employee benefits payable
1|taxes_payable|应交税费|Taxes payable
1|other_payables|其他应付款|Other payables
1|due_within_year|一年内到期的非流动负债|Current portion of non-current liabilities
1|other_current_liabilities|其他流动负债|Other current liabilities
0|current_liabilities|流动负债合计|Total current liabilities
0||非流动负债：|Non-current liabilities
1|long_loans|长期借款|Long-term borrowings
1|lease_liabilities|租赁负债|Lease liabilities
1|deferred_income|递延收益|Deferred income
1|deferred_tax_liabilities|递延所得税负债|Deferred tax liabilities
0|noncurrent_liabilities|非流动负债合计|Total non-current liabilities
0|liabilities|负债合计|Total liabilities
0||所有者权益（或股东权益）：|Equity
1|share_capital|实收资本（或股本）|Share capital
1|capital_reserve|资本公积|Capital reserve
1|treasury|减：库存股|Less: treasury shares
1|oci|其他综合收益|Other comprehensive income
1|surplus_reserve|盈余公积|Surplus reserve
1|retained|未分配利润|Retained earnings
0|parent_equity|归属于母公司所有者权益（或股东权益）合计|Equity attributable to owners
1|minority|少数股东权益|Non-controlling interests
0|equity|所有者权益（或股东权益）合计|Total equity
0|liabilities_and_equity|负债和所有者权益（或股东权益）总计|Total liabilities and equity
""")

INCOME_LINES = _lines("""
0|total_revenue|一、营业总收入|Total revenue
1|revenue|其中：营业收入|Revenue
0|total_cost|二、营业总成本|Total operating costs
1|cost|其中：营业成本|Cost of sales
2|surcharges|税金及附加|Taxes and surcharges
2|selling|销售费用|Selling expenses
2|admin|管理费用|Administrative expenses
2|research|研发费用|Research and development expenses
2|finance|财务费用|Finance costs, net
3|interest_expense|其中：利息费用|Including: interest expense
3|interest_income|利息收入|Interest income
1|other_income|加：其他收益|Other income
2|investment_income|投资收益（损失以“－”号填列）|Investment income
2|fair_value|公允价值变动收益（损失以“－”号填列）|Fair value gains, net
2|credit_loss|信用减值损失（损失以“－”号填列）|Impairment losses on receivables
2|asset_loss|资产减值损失（损失以“－”号填列）|Impairment losses on inventories
2|disposal_gain|资产处置收益（损失以“－”号填列）|Gains on disposal of assets
0|operating_profit|三、营业利润（亏损以“－”号填列）|Operating profit
1|nonoperating_income|加：营业外收入|Non-operating income
1|nonoperating_expense|减：营业外支出|Non-operating expenses
0|profit_before_tax|四、利润总额（亏损总额以“－”号填列）|Profit before tax
1|tax|减：所得税费用|Income tax expense
0|net_profit|五、净利润（净亏损以“－”号填列）|Profit for the year
1||（一）按经营持续性分类|
2|continuing_profit|1.持续经营净利润（净亏损以“－”号填列）|Profit from continuing operations
2||2.终止经营净利润（净亏损以“－”号填列）|
1||（二）按所有权归属分类|Attributable to:
2|parent_profit|1.归属于母公司股东的净利润（净亏损以“－”号填列）|Owners of the Company
2|minority_profit|2.少数股东损益（净亏损以“－”号填列）|Non-controlling interests
0|oci_change|六、其他综合收益的税后净额|Other comprehensive income, net of tax
1|oci_change_parent|归属母公司所有者的其他综合收益的税后净额|Exchange differences on translation
0|comprehensive|七、综合收益总额|Total comprehensive income
1|comprehensive_parent|（一）归属于母公司所有者的综合收益总额|Attributable to owners
1|comprehensive_minority|（二）归属于少数股东的综合收益总额|Attributable to NCI
0||八、每股收益：|
1|eps|（一）基本每股收益（元/股）|Basic earnings per share (RMB)
1|diluted_eps|（二）稀释每股收益（元/股）|Diluted earnings per share (RMB)
""")

CASH_LINES = _lines("""
0||一、经营活动产生的现金流量：|Cash flows from operating activities
1|sales_received|销售商品、提供劳务收到的现金|Cash received from customers
1|tax_refunds|收到的税费返还|Tax refunds received
1|other_operating_received|收到其他与经营活动有关的现金|Other operating cash received
0|operating_in|经营活动现金流入小计|Total operating cash inflows
1|purchases_paid|购买商品、接受劳务支付的现金|Cash paid to suppliers
1|staff_paid|支付给职工及为职工支付的现金|Cash paid to and for employees
1|taxes_paid|支付的各项税费|Taxes paid
1|other_operating_paid|支付其他与经营活动有关的现金|Other operating cash paid
0|operating_out|经营活动现金流出小计|Total operating cash outflows
0|operating_net|经营活动产生的现金流量净额|Net cash from operating activities
0||二、投资活动产生的现金流量：|Cash flows from investing activities
1|investments_recovered|收回投资收到的现金|Proceeds from disposal of investments
1|investment_yield_received|取得投资收益收到的现金|Investment income received
1|disposals_received|处置固定资产、无形资产和其他长期资产收回的现金净额|Proceeds from asset sales
0|investing_in|投资活动现金流入小计|Total investing cash inflows
1|capex_paid|购建固定资产、无形资产和其他长期资产支付的现金|Purchase of fixed and intangible assets
1|investments_paid|投资支付的现金|Purchase of investments
0|investing_out|投资活动现金流出小计|Total investing cash outflows
0|investing_net|投资活动产生的现金流量净额|Net cash used in investing activities
0||三、筹资活动产生的现金流量：|Cash flows from financing activities
1|loans_received|取得借款收到的现金|Proceeds from borrowings
0|financing_in|筹资活动现金流入小计|Total financing cash inflows
1|debt_repaid|偿还债务支付的现金|Repayment of borrowings
1|dividends_interest_paid|分配股利、利润或偿付利息支付的现金|Dividends and interest paid
1|other_financing_paid|支付其他与筹资活动有关的现金|Lease payments
0|financing_out|筹资活动现金流出小计|Total financing cash outflows
0|financing_net|筹资活动产生的现金流量净额|Net cash used in financing activities
0|exchange_effect|四、汇率变动对现金及现金等价物的影响|Effect of exchange rate changes
0|cash_change|五、现金及现金等价物净增加额|Net increase in cash and cash equivalents
1|cash_opening|加：期初现金及现金等价物余额|Cash and cash equivalents, opening
0|cash_closing|六、期末现金及现金等价物余额|Cash and cash equivalents, closing
""")
