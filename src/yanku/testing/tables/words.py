"""The words of invented tables: titles, labels, periods, units and how units are announced."""

from __future__ import annotations

import random

FULL_WIDTH = {ord("0") + n: ord("０") + n for n in range(10)} | {ord(","): "，", ord("."): "．"}

UNITS_ZH = (
    "元",
    "千元",
    "万元",
    "百万元",
    "亿元",
    "人民币百万元",
    "百万港元",
    "万美元",
    "港币千元",
)
UNITS_EN = ("RMB million", "HK$ thousand", "US$ million", "EUR billion", "US$'000", "RMB'000")


def with_unit(number: str, unit: str) -> str:
    """Print an amount with its unit: 1.2亿元, RMB1.2 million."""
    mark, _, scale = unit.partition(" ")
    return f"{mark}{number} {scale}" if scale else f"{number}{unit}"


def unit_line_zh(dice: random.Random, unit: str) -> str:
    """Announce a unit in Chinese."""
    forms = ["单位：{}", "单位:{}", "（单位：{}）", "金额单位：{}", "(除特别注明外，单位：{})"]
    if not unit.startswith(("人民币", "百万港", "万美", "港币")):
        forms.append("单位：{} 币种：人民币")
    return dice.choice(forms).format(unit)


def unit_line_en(dice: random.Random, unit: str) -> str:
    """Announce a unit in English."""
    forms = ["({})", "(in {})", "Unit: {}", "({}, except per share data)"]
    return dice.choice(forms).format(unit)


TITLES_ZH = (
    "主要会计数据", "分部经营情况", "盈利预测与财务指标", "应收款项构成", "产品收入与成本",
    "在建工程变动表", "期间费用明细表", "现金流量构成", "资本开支计划", "主要客户销售情况",
)  # fmt: skip
TITLES_EN = (
    "Segment information", "Selected financial data", "Operating expenses by nature",
    "Trade receivables", "Earnings forecast", "Capital expenditure by region",
)  # fmt: skip
CORNERS_ZH = ("项目", "科目", "指标", "类别", "项　目")
CORNERS_EN = ("Item", "Line item", "Category", "Description")
PERIODS_ZH: tuple[tuple[str, ...], ...] = (
    ("2024年", "2023年", "2022年"),
    ("期末余额", "期初余额"),
    ("2024年12月31日", "2023年12月31日"),
    ("2023A", "2024E", "2025E", "2026E"),
    ("本期发生额", "上期发生额"),
    ("第一季度", "第二季度", "第三季度", "第四季度"),
    ("本报告期末", "上年度末"),
)
PERIODS_EN: tuple[tuple[str, ...], ...] = (
    ("2024", "2023", "2022"),
    ("FY2023A", "FY2024E", "FY2025E"),
    ("31 December 2024", "31 December 2023"),
    ("Q1 2024", "Q2 2024", "Q3 2024", "Q4 2024"),
)
SCOPES_ZH = ("合并", "母公司")
SCOPES_EN = ("The Group", "The Company")
REGIONS_ZH = ("华东", "华南", "华北", "西南", "境外")
REGIONS_EN = ("Mainland China", "Hong Kong", "Europe", "Americas", "Other")
SECTIONS_ZH = ("流动资产：", "非流动资产：", "按产品分类：", "一、经营活动：", "其他项目：")
SECTIONS_EN = ("Current assets:", "Non-current assets:", "By product:", "Operating activities:")
TOTAL_ZH = ("小计", "合计", "流动资产合计")
TOTAL_EN = ("Subtotal", "Total")

LABELS_ZH = (
    "营业收入", "营业成本", "税金及附加", "销售费用", "管理费用", "研发费用", "财务费用",
    "归属于母公司所有者的净利润", "归属于上市公司股东的扣除非经常性损益的净利润", "利润总额",
    "经营活动产生的现金流量净额", "投资活动现金流出小计", "货币资金", "交易性金融资产",
    "以公允价值计量且其变动计入其他综合收益的金融资产公允价值变动", "应收票据及应收账款",
    "存货", "合同负债", "长期股权投资", "固定资产", "在建工程", "使用权资产", "商誉",
    "一年内到期的非流动负债", "递延所得税资产", "购建固定资产、无形资产和其他长期资产支付的现金",
    "智能装备", "新能源材料", "技术服务", "海外业务", "资产处置收益（损失以“－”号填列）",
    "应付职工薪酬", "其他应收款", "预付款项", "少数股东损益", "专项储备", "信用减值损失",
)  # fmt: skip
LABELS_EN = (
    "Revenue", "Cost of sales", "Gross profit", "Selling and distribution expenses",
    "Administrative expenses", "Research and development", "Finance costs",
    "Share of profits and losses of associates", "Profit before tax", "Income tax expense",
    "Profit for the year attributable to owners of the parent", "Cash and cash equivalents",
    "Trade and bills receivables", "Inventories", "Property, plant and equipment",
    "Right-of-use assets", "Intangible assets", "Interest-bearing bank borrowings",
    "Net cash flows from operating activities", "Purchases of items of property and plant",
    "Other comprehensive income that may be reclassified to profit or loss", "Goodwill",
)  # fmt: skip
SPECIAL_ZH = (
    ("基本每股收益（元/股）", "元/股", "share"),
    ("每股净资产（元/股）", "元/股", "share"),
    ("加权平均净资产收益率（%）", "%", "ratio"),
    ("毛利率", "", "ratio"),
    ("期末员工人数（人）", "人", "count"),
    ("总股本（万股）", "万股", "count"),
    ("市盈率（倍）", "倍", "times"),
)
SPECIAL_EN = (
    ("Basic earnings per share (RMB)", "RMB/share", "share"),
    ("Gross margin (%)", "%", "ratio"),
    ("Return on equity", "", "ratio"),
    ("Number of employees (persons)", "persons", "count"),
)
