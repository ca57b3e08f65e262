"""Printed amounts and units are read as they are meant."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yanku.model.amount import Amount, Unit, find_amounts, read_amount, read_unit


@pytest.mark.parametrize(
    ("printed", "code", "scale"),
    [
        ("元", "CNY", "1"),
        ("人民币元", "CNY", "1"),
        ("RMB", "CNY", "1"),
        ("千元", "CNY", "1e3"),
        ("（千元）", "CNY", "1e3"),
        ("万元", "CNY", "1e4"),
        ("萬元", "CNY", "1e4"),
        ("百万元", "CNY", "1e6"),
        ("亿元", "CNY", "1e8"),
        ("万亿元", "CNY", "1e12"),
        ("人民币百万元", "CNY", "1e6"),
        ("人民币 百万元", "CNY", "1e6"),
        ("千元人民币", "CNY", "1e3"),
        ("美元", "USD", "1"),
        ("万美元", "USD", "1e4"),
        ("US$ million", "USD", "1e6"),
        ("US$", "USD", "1"),
        ("港元", "HKD", "1"),
        ("港币千元", "HKD", "1e3"),
        ("HK$'000", "HKD", "1e3"),
        ("HK$ million", "HKD", "1e6"),
        ("欧元", "EUR", "1"),
        ("%", "%", "1"),
        ("（％）", "%", "1"),
        ("个百分点", "pp", "1"),
        ("百分点", "pp", "1"),
        ("percentage points", "pp", "1"),
        ("bps", "pp", "0.01"),
        ("元/股", "CNY/share", "1"),
        ("元／股", "CNY/share", "1"),
        ("人民币元/股", "CNY/share", "1"),
        ("港元/股", "HKD/share", "1"),
        ("RMB per share", "CNY/share", "1"),
        ("倍", "times", "1"),
        ("股", "shares", "1"),
        ("万股", "shares", "1e4"),
        ("亿股", "shares", "1e8"),
        ("人", "people", "1"),
        ("名", "people", "1"),
        ("万吨", "吨", "1e4"),
        ("亿千瓦时", "千瓦时", "1e8"),
        ("千瓦时", "千瓦时", "1"),
        ("单位：万元 币种：人民币", "CNY", "1e4"),
        ("单位：元  币种：美元", "USD", "1"),
        ("单位:元 币种:人民币 审计类型：未经审计", "CNY", "1"),
        ("单位：人民币万元", "CNY", "1e4"),
        ("单位：股", "shares", "1"),
        ("单位：万重量箱", "重量箱", "1e4"),
        ("金额单位：人民币千元", "CNY", "1e3"),
        ("（除特别注明外，金额单位均为人民币千元）", "CNY", "1e3"),
        ("（人民币百万元，百分比除外）", "CNY", "1e6"),
        ("人民币百万元，特别注明除外", "CNY", "1e6"),
        ("in thousands of RMB", "CNY", "1e3"),
        ("(in millions of US dollars, except per share data)", "USD", "1e6"),
        ("RMB'000", "CNY", "1e3"),
        ("RMB’000", "CNY", "1e3"),
        ("RMB in millions", "CNY", "1e6"),
        ("RMB million", "CNY", "1e6"),
        ("In millions", "", "1e6"),
        ("Expressed in thousands of Renminbi", "CNY", "1e3"),
        ("€ million", "EUR", "1e6"),
        ("in thousands of Hong Kong dollars", "HKD", "1e3"),
        ("in thousands of Singapore dollars", "SGD", "1e3"),
        ("in millions of Canadian dollars", "CAD", "1e6"),
        ("in millions of pounds sterling", "GBP", "1e6"),
    ],
)
def test_a_printed_unit_is_known(printed: str, code: str, scale: str) -> None:
    assert read_unit(printed) == Unit(code, Decimal(scale))


@pytest.mark.parametrize(
    "text",
    ["", "项目", "营业收入", "2023年", "合计", "Revenue", "注", "本期金额", "share capital", "/"],
)
def test_a_word_is_not_a_unit(text: str) -> None:
    assert read_unit(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "value", "code"),
    [
        ("1,234.50", "", "1234.5", ""),
        ("１，２３４．５０", "", "1234.5", ""),
        ("1,234", "万元", "12340000", "CNY"),
        ("1,234", "单位：千元", "1234000", "CNY"),
        ("(1,234)", "", "-1234", ""),
        ("（1,234.56）", "元", "-1234.56", "CNY"),
        ("(12)", "RMB million", "-12000000", "CNY"),
        ("−1.5", "%", "-1.5", "%"),
        ("–1.5", "", "-1.5", ""),
        ("－1.5", "", "-1.5", ""),
        ("- 1.5", "", "-1.5", ""),
        ("△1,000", "", "-1000", ""),
        ("12.5%", "万元", "12.5", "%"),
        ("（12.5%）", "万元", "-12.5", "%"),
        ("(12.5)%", "", "-12.5", "%"),
        ("12.5亿元", "元", "1250000000", "CNY"),
        ("12.5亿", "元", "1250000000", "CNY"),
        ("3亿4,500.5万元", "", "345005000", "CNY"),
        ("¥1,234", "", "1234", "CNY"),
        ("RMB 1.2 billion", "", "1200000000", "CNY"),
        ("US$3.2m", "", "3200000", "USD"),
        ("$ 1,234", "", "1234", "USD"),
        ("$1,234", "in thousands", "1234", "USD"),
        ("0.35", "元/股", "0.35", "CNY/share"),
        ("1,234.56*", "", "1234.56", ""),
        ("1,234.56[1]", "", "1234.56", ""),
        ("1,234.56（1）", "", "1234.56", ""),
        ("12.5%②", "", "12.5", "%"),
        ("减少0.53个百分点", "", "-0.53", "pp"),
        ("增加 1.2 个百分点", "%", "1.2", "pp"),
        ("15.2x", "", "15.2", "times"),
        ("1,234, 567.89", "", "1234567.89", ""),
        ("0", "元", "0", "CNY"),
        ("2023", "人", "2023", "people"),
        ("2,023", "万元", "20230000", "CNY"),
        ("100", "标准箱", "100", "标准箱"),
        ("-2013", "百万元", "-2013000000", "CNY"),
    ],
)
def test_a_printed_number_is_an_amount(text: str, unit: str, value: str, code: str) -> None:
    assert read_amount(text, unit) == Amount(Decimal(value), code)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "—", "－", "--", "——", "/", "不适用", "N/A", "2023年", "2023", "2023年度",
        "2023-12-31", "2023.12.31", "2023.12", "2023/12/31", "2023年12月31日", "七、1", "七、（1）",
        "1、", "15:30", "第3季度", "1,23,456", "1,2345", "000333",
        "减少1,234.00", "1.2.3", "12.5 13.5",
        "营业收入 12", "31 December 2023", "1-3", "A1", "附注5",
    ],
)  # fmt: skip
@pytest.mark.parametrize("unit", ["", "万元"])
def test_what_is_not_one_amount_is_none(text: str, unit: str) -> None:
    assert read_amount(text, unit) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("营业收入为12.5亿元，同比增长8.3%。", ["1250000000 CNY", "8.3 %"]),
        ("2023年第3季度净利润-1,234.5万元[1][12]", ["-12345000 CNY"]),
        ("截至2023年12月31日，公司（300760）员工1,234人", ["1234 people"]),
        ("毛利率提升1.2个百分点至45.6%", ["1.2 pp", "45.6 %"]),
        ("1、公司主营业务收入5万元", ["50000 CNY"]),
        ("（1）营业收入 100 元；（2）成本 90 元", ["100 CNY", "90 CNY"]),
        ("Revenue was RMB12.5 billion in 2023, up 8.3% from 2022.", ["12500000000 CNY", "8.3 %"]),
        ("On 31 December 2023 it had US$3.2 million and 15 subsidiaries", ["3200000 USD", "15 "]),
        ("净利润同比下降5%-8%", ["5 %", "8 %"]),
        ("2022-2024年分别为1.1亿元、2.2亿元和3.3亿元",
         ["110000000 CNY", "220000000 CNY", "330000000 CNY"]),
        ("每股收益0.35元/股", ["0.35 CNY/share"]),
        ("股票代码：600519", []),
        ("600519.SH 与 00700.HK", []),
        ("详见附注七、45及第12页", []),
        ("会议于15:30召开，2023-015号公告", []),
        ("COVID-19与5G、H200", []),
        ("1.2.3 经营情况", []),
        ("流动比率为 1.52 倍", ["1.52 times"]),
        ("金额为人民币1,234,567.89元", ["1234567.89 CNY"]),
        ("收入100，200分别为", ["100 ", "200 "]),
        ("loss of (1,234) in the year", ["-1234 "]),
        ("净额（3.2亿元）", ["320000000 CNY"]),
        ("2024 Q1、2023H1、FY2023", []),
        ("占比为45.2%[3]，余额 3 亿 4,500 万元", ["45.2 %", "345000000 CNY"]),
        ("1-9月实现营收 3.5 亿美元", ["350000000 USD"]),
        ("前5名客户合计12.3%", ["12.3 %"]),
    ],
)  # fmt: skip
def test_amounts_are_found_in_running_text(text: str, expected: list[str]) -> None:
    found = find_amounts(text)
    assert [f"{p.amount.value} {p.amount.unit}" for p in found] == expected
    assert all(text[p.start : p.end] == p.text for p in found)


@pytest.mark.parametrize(
    ("text", "half"),
    [("12.5亿元", "5000000"), ("12.50亿元", "500000"), ("1,234元", "0.5"), ("8.3%", "0.05")],
)
def test_half_step_is_half_of_the_last_printed_digit(text: str, half: str) -> None:
    assert find_amounts(text)[0].half_step == Decimal(half)
