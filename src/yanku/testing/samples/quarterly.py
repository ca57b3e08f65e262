"""The third-quarter report of 霁川生物 for 2024, and the statements of its half-year report."""

from __future__ import annotations

from decimal import Decimal

from yanku.testing.samples.company import Company
from yanku.testing.samples.figures import Figures, Years, moved, nonrecurring_rows
from yanku.testing.samples.paper import Paper, Row, money, percent, ten_thousand
from yanku.testing.samples.statements import Span, growth, return_on_equity
from yanku.testing.samples.tables import Wording, balance_table, cash_table, income_table

YEAR = 2024
SHENZHEN = Wording(shanghai=False)
BALANCE_HEADER = ["期末余额", "期初余额"]
FLOW_HEADER = ["本期发生额", "上期发生额"]


def write_quarterly_report(paper: Paper, company: Company) -> None:
    """Write the whole report."""
    quarter = Figures.of(company, Span(YEAR, 3, 3))
    so_far = Figures.of(company, Span(YEAR, 3))
    _head(paper, company)
    _key_figures(paper, quarter, so_far)
    _reasons(paper, so_far)
    _shareholders(paper)
    _events(paper)
    paper.heading("四、季度财务报表")
    paper.heading("（一）财务报表", 3)
    year_end = Figures.of(company, Span(YEAR - 1, 4), years=1).balance[0]
    _title(paper, company, "1、合并资产负债表", "2024 年 09 月 30 日")
    balance_table(paper, SHENZHEN, BALANCE_HEADER, [so_far.balance[0], year_end])
    _title(paper, company, "2、合并年初到报告期末利润表", "")
    income_table(paper, SHENZHEN, FLOW_HEADER, so_far.income)
    _title(paper, company, "3、合并年初到报告期末现金流量表", "")
    cash_table(paper, SHENZHEN, FLOW_HEADER, so_far.cash)
    paper.heading("（二）审计报告", 3)
    paper.text("公司第三季度报告未经审计。", "audit")
    paper.note(f"{company.firm.full}董事会", right=True)
    paper.note("2024 年 10 月 29 日", right=True)


def write_half_year_statements(paper: Paper, company: Company) -> None:
    """Write the balance sheet and the income statement of the half-year report."""
    figures = Figures.of(company, Span(YEAR, 2))
    year_end = Figures.of(company, Span(YEAR - 1, 4), years=1).balance[0]
    _title(paper, company, "1、合并资产负债表", "2024 年 06 月 30 日")
    balance_table(paper, SHENZHEN, BALANCE_HEADER, [figures.balance[0], year_end])
    _title(paper, company, "3、合并利润表", "2024 年 1—6 月")
    income_table(paper, SHENZHEN, ["2024 年半年度", "2023 年半年度"], figures.income)


def write_half_year_cash_flow(paper: Paper, company: Company) -> None:
    """Write the cash flow statement of the half-year report, one page."""
    figures = Figures.of(company, Span(YEAR, 2))
    _title(paper, company, "5、合并现金流量表", "2024 年 1—6 月")
    cash_table(paper, SHENZHEN, ["2024 年半年度", "2023 年半年度"], figures.cash)


def _head(paper: Paper, company: Company) -> None:
    firm = company.firm
    paper.note(f"证券代码：{firm.code}        证券简称：{firm.short}        公告编号：2024-058")
    paper.title(firm.full, 17, space_before=14)
    paper.title("2024 年第三季度报告", 17)
    paper.text(
        "本公司及董事会全体成员保证信息披露的内容真实、准确、完整，没有虚假记载、误导性陈述或"
        "重大遗漏。"
    )
    paper.heading("重要内容提示：", 3)
    paper.text(
        "1.董事会、监事会及董事、监事、高级管理人员保证季度报告的真实、准确、完整，不存在虚假"
        "记载、误导性陈述或重大遗漏，并承担个别和连带的法律责任。"
    )
    paper.text(
        f"2.公司负责人{firm.representative}、主管会计工作负责人{firm.accountant}声明：保证季度"
        "报告中财务信息的真实、准确、完整。"
    )
    paper.text("3.第三季度报告是否经过审计：□是 √否")


def _key_figures(paper: Paper, quarter: Figures, so_far: Figures) -> None:
    paper.heading("一、主要财务数据")
    paper.heading("（一）主要会计数据和财务指标", 3)
    header = [
        "",
        "本报告期",
        "本报告期比上年同期增减",
        "年初至报告期末",
        "年初至报告期末比上年同期增减",
    ]
    lines = [
        ("营业收入（元）", "revenue"),
        ("归属于上市公司股东的净利润（元）", "parent_profit"),
        ("归属于上市公司股东的扣除非经常性损益的净利润（元）", "adjusted_profit"),
    ]
    rows = [_beside(label, key, quarter.income, so_far.income) for label, key in lines]
    rows.append(_cash_row(so_far))
    for label, key in (("基本每股收益（元/股）", "eps"), ("稀释每股收益（元/股）", "diluted_eps")):
        rows.append(_beside(label, key, quarter.income, so_far.income))
    rows.append(_return_row(so_far))
    widths = [31, 18, 15, 19, 17]
    paper.table("key", header, rows, widths)
    year_end = Figures.of(so_far.company, Span(YEAR - 1, 4), years=1).balance[0]
    ends = [("总资产（元）", "assets"), ("归属于上市公司股东的所有者权益（元）", "parent_equity")]
    rows = []
    for label, key in ends:
        now, before = so_far.balance[0][key], year_end[key]
        change = f"{percent(growth(now, before))}%"
        rows.append(Row(label, (money(now), money(before), change), key))
    header = ["", "本报告期末", "上年度末", "本报告期末比上年度末增减"]
    paper.table("key", header, rows, [37, 22, 22, 19])
    paper.heading("（二）非经常性损益项目和金额", 3)
    paper.note("单位：元", right=True)
    three, nine = nonrecurring_rows(quarter.income[:1]), nonrecurring_rows(so_far.income[:1])
    rows = [
        Row(now.label, (*now.columns, *year.columns), now.key)
        for now, year in zip(three, nine, strict=True)
    ]
    header = ["项目", "本报告期金额", "年初至报告期期末金额"]
    paper.table("nonrecurring", header, rows, [50, 24, 26])


def _reasons(paper: Paper, figures: Figures) -> None:
    paper.heading("（三）主要会计数据和财务指标发生变动的情况及原因", 3)
    paper.note("单位：万元", right=True)
    lines = [
        ("营业收入", "revenue", "诊断用酶下游客户去库存，出货量下降"),
        ("营业成本", "cost", "产品结构变化，低毛利的工业酶占比上升"),
        ("研发费用", "research", "基因编辑工具酶平台投入增加"),
        ("财务费用", "finance", "存款利息收入增加"),
        ("所得税费用", "tax", "利润总额减少"),
    ]
    rows = []
    for label, key, reason in lines:
        now, before = figures.income[0][key], figures.income[1][key]
        change = f"{percent(growth(now, before))}%"
        rows.append(Row(label, (ten_thousand(now), ten_thousand(before), change, reason), key))
    header = ["利润表项目", "年初至报告期末", "上年同期", "变动幅度", "变动原因"]
    paper.table("changes", header, rows, [16, 18, 18, 14, 34])
    paper.text(
        "报告期内，公司绵阳酶谷基地二期发酵车间于 8 月转入试生产，设计产能为年产液体酶 2,400 吨；"
        "同期公司终止了与一家海外经销商的独家代理协议，预计影响全年收入约 1,500 万元。",
        "plant",
    )


def _shareholders(paper: Paper) -> None:
    paper.heading("二、股东信息")
    paper.text("报告期末普通股股东总数为 11,327 户，表决权恢复的优先股股东总数为 0。", "holders")
    header = ["股东名称", "股东性质", "持股比例", "持股数量（股）"]
    holders = [
        ("绵阳霁川控股有限公司", "境内非国有法人", Decimal("31.42")),
        ("沈既白", "境内自然人", Decimal("8.75")),
        ("酶谷一号员工持股平台（有限合伙）", "其他", Decimal("5.10")),
        ("涪江产业投资基金（有限合伙）", "其他", Decimal("3.36")),
        ("柏清和", "境内自然人", Decimal("1.28")),
    ]
    rows = [
        Row(name, (kind, f"{share}%", f"{int(share * 1_286_000):,}"), f"holder:{name}")
        for name, kind, share in holders
    ]
    paper.table("holders", header, rows, [40, 22, 16, 22])


def _events(paper: Paper) -> None:
    paper.heading("三、其他重要事项")
    paper.text(
        "公司于 2024 年 7 月 16 日召开董事会，审议通过以集中竞价方式回购股份的方案，回购价格不超过 "
        "26.50 元/股，回购资金总额不低于 2,000 万元且不超过 4,000 万元，用于员工持股计划。"
        "截至报告期末，公司尚未实施本次回购。",
        "buyback",
    )


def _title(paper: Paper, company: Company, name: str, date: str) -> None:
    paper.heading(name, 3)
    paper.note(f"编制单位：{company.firm.full}")
    if date:
        paper.note(date)
    paper.note("单位：元", right=True)


def _beside(label: str, key: str, quarter: Years, so_far: Years) -> Row:
    cells = []
    for years in (quarter, so_far):
        now, before = years[0][key], years[1][key]
        cells += [money(now), f"{percent(growth(now, before))}%"]
    return Row(label, tuple(cells), key)


def _cash_row(so_far: Figures) -> Row:
    now, before = (year["operating_net"] for year in so_far.cash)
    change = f"{percent(growth(now, before))}%"
    label = "经营活动产生的现金流量净额（元）"
    return Row(label, ("——", "——", money(now), change), "operating_net")


def _return_row(so_far: Figures) -> Row:
    now, before = (
        return_on_equity(so_far.company.group, Span(YEAR - age, 3), year["parent_profit"])
        for age, year in enumerate(so_far.income)
    )
    change = (
        moved(now - before).replace(" 个百分点", "%").replace("增加 ", "").replace("减少 ", "-")
    )
    return Row("加权平均净资产收益率", ("——", "——", f"{now}%", change), "roe")
