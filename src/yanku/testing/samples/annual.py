"""The annual report of 澜桥精密 for 2024, from its cover to its notes."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from yanku.testing.samples.company import Company
from yanku.testing.samples.discussion import write_discussion
from yanku.testing.samples.figures import (
    Figures,
    Years,
    moved,
    nonrecurring_rows,
    ratio,
)
from yanku.testing.samples.paper import Paper, Row, money, percent
from yanku.testing.samples.statements import (
    Span,
    balance_sheet,
    cash_flow,
    growth,
    income_statement,
    return_on_equity,
)
from yanku.testing.samples.tables import Wording, balance_table, cash_table, income_table

YEAR = 2024
PAYOUT_PER_TEN = Decimal("3.20")
UNIT = "单位：元  币种：人民币"


def write_annual_report(paper: Paper, company: Company) -> None:
    """Write the whole report."""
    figures = Figures.of(company, Span(YEAR, 4), years=3)
    _cover(paper, company)
    _notice(paper, figures)
    _profile(paper, company)
    _key_figures(paper, figures)
    write_discussion(paper, figures)
    _governance(paper, company)
    _statements(paper, figures)
    _notes(paper, figures)


def _cover(paper: Paper, company: Company) -> None:
    firm = company.firm
    paper.space(40)
    paper.note(f"公司代码：{firm.code}")
    paper.note(f"公司简称：{firm.short}")
    paper.space(150)
    paper.title(firm.full, 22)
    paper.title(f"{YEAR} 年年度报告", 26, space_before=16)
    paper.space(250)
    paper.title("二〇二五年四月", 13)
    paper.new_page()


def _notice(paper: Paper, figures: Figures) -> None:
    firm, profit = figures.company.firm, figures.income[0]["parent_profit"]
    total = PAYOUT_PER_TEN / 10 * firm.group.shares
    paper.heading("重要提示", 1)
    paper.text(
        "一、本公司董事会、监事会及董事、监事、高级管理人员保证年度报告内容的真实性、准确性、"
        "完整性，不存在虚假记载、误导性陈述或重大遗漏，并承担个别和连带的法律责任。"
    )
    paper.text("二、公司全体董事出席董事会会议。")
    paper.text(f"三、{firm.auditor}为本公司出具了标准无保留意见的审计报告。", "audit")
    paper.text(
        f"四、公司负责人{firm.representative}、主管会计工作负责人{firm.accountant}及会计机构"
        f"负责人{firm.secretary}声明：保证年度报告中财务报告的真实、准确、完整。"
    )
    paper.text(
        f"五、董事会决议通过的本报告期利润分配预案：拟以公司总股本 {firm.group.shares:,} "
        f"股为基数，向全体股东每 10 股派发现金红利 {PAYOUT_PER_TEN} 元（含税），合计拟派发现金"
        f"红利 {money(total)} 元（含税），占合并报表中归属于上市公司股东的净利润的比例为 "
        f"{percent(ratio(total, profit))}%。本年度不送红股，不以资本公积金转增股本。",
        "dividend",
    )
    paper.text(
        "六、本报告中所涉及的未来计划、发展战略等前瞻性描述不构成公司对投资者的实质承诺，"
        "敬请投资者注意投资风险。"
    )
    paper.text("七、是否存在被控股股东及其他关联方非经营性占用资金情况：否。")
    paper.text("八、是否存在违反规定决策程序对外提供担保的情况：否。")
    paper.new_page()


def _profile(paper: Paper, company: Company) -> None:
    firm = company.firm
    paper.heading("第一节 公司简介和主要财务指标", 1)
    paper.heading("一、公司信息")
    facts = [
        ("公司的中文名称", firm.full),
        ("公司的中文简称", firm.short),
        ("公司的外文名称", firm.english),
        ("公司的法定代表人", firm.representative),
        ("董事会秘书", firm.secretary),
        ("公司注册地址", firm.address),
        ("公司聘请的会计师事务所", firm.auditor),
    ]
    rows = [Row(name, (value,), f"profile:{name}") for name, value in facts]
    paper.table("profile", [], rows, [36, 64], amounts_right=False)
    paper.heading("二、公司股票简况")
    header = ["股票种类", "股票上市交易所", "股票简称", "股票代码"]
    row = Row("A 股", (firm.exchange, firm.short, firm.code), "stock")
    paper.table("profile", header, [row], [18, 34, 24, 24], amounts_right=False)


def _key_figures(paper: Paper, figures: Figures) -> None:
    paper.heading("三、近三年主要会计数据和财务指标")
    paper.heading("（一）主要会计数据", 3)
    paper.note(UNIT, right=True)
    header = ["主要会计数据", "2024 年", "2023 年", "本期比上年同期增减（%）", "2022 年"]
    widths = [29, 19, 19, 15, 18]
    flows = [
        ("营业收入", "revenue"),
        ("利润总额", "profit_before_tax"),
        ("归属于上市公司股东的净利润", "parent_profit"),
        ("归属于上市公司股东的扣除非经常性损益的净利润", "adjusted_profit"),
    ]
    rows = [_three_years(label, key, figures.income) for label, key in flows]
    rows.append(_three_years("经营活动产生的现金流量净额", "operating_net", figures.cash))
    paper.table("key", header, rows, widths)
    header = ["", "2024 年末", "2023 年末", "本期末比上年同期末增减（%）", "2022 年末"]
    ends = [("归属于上市公司股东的净资产", "parent_equity"), ("总资产", "assets")]
    rows = [_three_years(label, key, figures.balance) for label, key in ends]
    paper.table("key", header, rows, widths)
    _indicators(paper, figures)
    _by_quarter(paper, figures.company)
    paper.heading("五、非经常性损益项目和金额")
    paper.note(UNIT, right=True)
    header = ["非经常性损益项目", "2024 年金额", "2023 年金额", "2022 年金额"]
    rows = nonrecurring_rows(figures.income)
    paper.table("nonrecurring", header, rows, [46, 18, 18, 18])


def _indicators(paper: Paper, figures: Figures) -> None:
    shares = figures.company.firm.group.shares
    now, before = figures.income[:2]
    adjusted = [
        (year["adjusted_profit"] / shares).quantize(Decimal("0.01"), ROUND_HALF_UP)
        for year in figures.income
    ]
    returns = [
        return_on_equity(figures.company.group, Span(YEAR - age, 4), year["parent_profit"])
        for age, year in enumerate((now, before))
    ]

    def per_share(label: str, values: tuple[Decimal, Decimal], key: str) -> Row:
        change = percent(growth(*values))
        return Row(label, (str(values[0]), str(values[1]), change), key)

    eps = (now["eps"], before["eps"])
    rows = [
        per_share("基本每股收益（元/股）", eps, "eps"),
        per_share("稀释每股收益（元/股）", eps, "diluted_eps"),
        per_share(
            "扣除非经常性损益后的基本每股收益（元/股）", (adjusted[0], adjusted[1]), "adjusted_eps"
        ),
        Row(
            "加权平均净资产收益率（%）",
            (percent(returns[0]), percent(returns[1]), moved(returns[0] - returns[1])),
            "roe",
        ),
    ]
    paper.heading("（二）主要财务指标", 3)
    header = ["主要财务指标", "2024 年", "2023 年", "本期比上年同期增减（%）"]
    paper.table("key", header, rows, [40, 18, 18, 24])


def _by_quarter(paper: Paper, company: Company) -> None:
    spans = [Span(YEAR, number, number) for number in (1, 2, 3, 4)]
    shares = company.firm.group.shares
    income = [income_statement(company.group, span, shares) for span in spans]
    cash = [cash_flow(company.group, span) for span in spans]
    paper.heading("四、2024 年分季度主要财务数据")
    paper.note(UNIT, right=True)
    names = (
        "第一季度（1-3 月）",
        "第二季度（4-6 月）",
        "第三季度（7-9 月）",
        "第四季度（10-12 月）",
    )
    lines = [
        ("营业收入", "revenue", income),
        ("归属于上市公司股东的净利润", "parent_profit", income),
        ("归属于上市公司股东的扣除非经常性损益后的净利润", "adjusted_profit", income),
        ("经营活动产生的现金流量净额", "operating_net", cash),
    ]
    rows = [
        Row(label, tuple(money(quarter[key]) for quarter in source), key)
        for label, key, source in lines
    ]
    paper.table("quarters", ["", *names], rows, [24, 19, 19, 19, 19])


def _governance(paper: Paper, company: Company) -> None:
    paper.heading("第三节 公司治理与重要事项", 1)
    paper.heading("一、现金分红政策")
    paper.text(
        "公司章程规定：在当年盈利且累计未分配利润为正、无重大资金支出安排的情况下，公司每年以"
        "现金方式分配的利润不少于当年实现的可分配利润的 30%。报告期内，公司实施了 2023 年度利润"
        f"分配方案，每 10 股派发现金红利 {company.firm.group.dividends[2]} 元（含税），已于 2024 "
        "年 5 月 31 日实施完毕。",
        "dividend_policy",
    )
    paper.heading("二、重大诉讼、仲裁事项")
    paper.text("本年度公司无重大诉讼、仲裁事项。", "litigation")
    paper.heading("三、员工情况")
    paper.text(
        "报告期末，母公司及主要子公司在职员工合计 1,761 人，其中生产人员 1,048 人、研发人员 "
        "412 人、销售人员 97 人、财务及行政人员 204 人；硕士及以上学历 238 人。",
        "staff",
    )
    paper.heading("四、会计政策变更")
    paper.text("报告期内，公司未发生会计政策变更、会计估计变更和重大会计差错更正。")
    paper.new_page()


def _statements(paper: Paper, figures: Figures) -> None:
    company = figures.company
    alone, shares = company.parent, company.firm.group.shares
    spans = (figures.span, figures.span.earlier())
    wording = Wording(shanghai=True, notes=True)
    ends, years = ["2024 年 12 月 31 日", "2023 年 12 月 31 日"], ["2024 年度", "2023 年度"]
    paper.heading("第四节 财务报告", 1)
    _title(paper, company, "合并资产负债表", ends[0])
    balance_table(paper, wording, ends, figures.balance[:2])
    _title(paper, company, "母公司资产负债表", ends[0])
    sheets = [balance_sheet(alone, span.year, span.last) for span in spans]
    balance_table(paper, wording, ends, sheets, parent=True)
    _title(paper, company, "合并利润表", "2024 年 1—12 月")
    income_table(paper, wording, years, figures.income[:2])
    _title(paper, company, "母公司利润表", "2024 年 1—12 月")
    incomes = [income_statement(alone, span, shares) for span in spans]
    income_table(paper, wording, years, incomes, parent=True)
    _title(paper, company, "合并现金流量表", "2024 年 1—12 月")
    cash_table(paper, wording, years, figures.cash[:2])
    _title(paper, company, "母公司现金流量表", "2024 年 1—12 月")
    cash_table(paper, wording, years, [cash_flow(alone, span) for span in spans], parent=True)
    _signatures(paper, company)


def _notes(paper: Paper, figures: Figures) -> None:
    now, before = figures.balance[:2]
    paper.heading("合并财务报表项目注释")
    paper.heading("1、货币资金", 3)
    paper.note(UNIT, right=True)
    lines = [
        ("银行存款", "cash"),
        ("其他货币资金（银行承兑汇票保证金）", "restricted"),
        ("合计", "money"),
    ]
    rows = [Row(label, (money(now[key]), money(before[key])), key) for label, key in lines]
    paper.table("notes", ["项目", "期末余额", "期初余额"], rows, [48, 26, 26])


def _title(paper: Paper, company: Company, name: str, date: str) -> None:
    if name != "合并资产负债表":
        _signatures(paper, company)
    paper.heading(name)
    paper.note(date)
    paper.note(f"编制单位：{company.firm.full}        {UNIT}", right=True)


def _signatures(paper: Paper, company: Company) -> None:
    firm = company.firm
    paper.note(
        f"公司负责人：{firm.representative}    主管会计工作负责人：{firm.accountant}    "
        f"会计机构负责人：{firm.secretary}"
    )


def _three_years(label: str, key: str, years: Years) -> Row:
    now, before, first = (year[key] for year in years)
    change = percent(growth(now, before))
    return Row(label, (money(now), money(before), change, money(first)), key)
