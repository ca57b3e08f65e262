"""What the management of 澜桥精密 says: business, reasons for changes, research, risks, plans."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from yanku.testing.samples.figures import Figures, moved, ratio, two_years
from yanku.testing.samples.paper import Paper, Row, percent, ten_thousand
from yanku.testing.samples.statements import growth

TOP_CUSTOMERS = Decimal("0.3862")


def write_discussion(paper: Paper, figures: Figures) -> None:
    """Write the section 管理层讨论与分析."""
    paper.heading("第二节 管理层讨论与分析", 1)
    _business(paper, figures)
    _changes(paper, figures)
    _sales(paper, figures)
    _research(paper, figures)
    _risks(paper)


def _business(paper: Paper, figures: Figures) -> None:
    now, before = figures.income[:2]
    rise = percent(growth(now["revenue"], before["revenue"]))
    profit_rise = percent(growth(now["parent_profit"], before["parent_profit"]))
    paper.heading("一、经营情况讨论与分析")
    paper.text(
        "公司主要从事精密传动部件的研发、生产和销售，主要产品为谐波减速器、精密轴承和滚珠丝杠，"
        "下游为工业机器人、数控机床和医疗影像设备。公司采用“以销定产、适度备货”的生产模式，"
        "直销收入占主营业务收入的比例超过九成。",
        "business",
    )
    paper.text(
        f"报告期内，公司实现营业收入 {ten_thousand(now['revenue'])} 万元，同比增长 {rise}%；"
        f"实现归属于上市公司股东的净利润 {ten_thousand(now['parent_profit'])} 万元，同比增长 "
        f"{profit_rise}%。收入增长主要系常州二期工厂投产后谐波减速器产能释放，以及机器人整机"
        "客户订单增加所致；毛利率提高主要系柔轮热处理良率由 91.2% 提升至 95.6%，单位制造成本"
        "下降所致。",
        "revenue_reason",
    )


def _changes(paper: Paper, figures: Figures) -> None:
    paper.heading("二、报告期内主要经营情况")
    paper.heading("（一）利润表及现金流量表相关科目变动分析表", 3)
    paper.note("单位：元  币种：人民币", right=True)
    lines = [
        ("营业收入", figures.income, "revenue"),
        ("营业成本", figures.income, "cost"),
        ("销售费用", figures.income, "selling"),
        ("管理费用", figures.income, "admin"),
        ("财务费用", figures.income, "finance"),
        ("研发费用", figures.income, "research"),
        ("经营活动产生的现金流量净额", figures.cash, "operating_net"),
        ("投资活动产生的现金流量净额", figures.cash, "investing_net"),
        ("筹资活动产生的现金流量净额", figures.cash, "financing_net"),
    ]
    rows = [two_years(label, key, source) for label, source, key in lines]
    header = ["科目", "本期数", "上年同期数", "变动比例（%）"]
    paper.table("changes", header, rows, [40, 22, 22, 16])
    paper.text(
        "销售费用变动原因说明：主要系公司参加境内外专业展会及华南技术服务中心启用，"
        "差旅及人员费用增加所致。",
        "selling_reason",
    )
    paper.text(
        "研发费用变动原因说明：主要系公司新增研发人员 86 人，以及行星滚柱丝杠样机试制投入"
        "增加所致。",
        "research_reason",
    )
    paper.text(
        "经营活动产生的现金流量净额变动原因说明：主要系销售规模扩大、客户回款情况良好所致。",
        "operating_reason",
    )
    paper.text(
        "投资活动产生的现金流量净额变动原因说明：主要系购买结构性存款支付的现金增加所致。",
        "investing_reason",
    )


def _sales(paper: Paper, figures: Figures) -> None:
    paper.heading("（二）主营业务分产品情况", 3)
    paper.note("单位：万元  币种：人民币", right=True)
    header = [
        "分产品",
        "营业收入",
        "营业成本",
        "毛利率（%）",
        "营业收入比上年增减（%）",
        "毛利率比上年增减",
    ]
    paper.table("segments", header, _segment_rows(figures), [17, 16, 16, 12, 17, 22])
    paper.heading("（三）产销量情况分析表", 3)
    header = ["主要产品", "单位", "生产量", "销售量", "库存量", "销售量比上年增减（%）"]
    rows = [
        Row("谐波减速器", ("台", "316,240", "309,518", "24,071", "27.35"), "volume:谐波减速器"),
        Row("精密轴承", ("万套", "1,284.60", "1,270.13", "96.42", "14.08"), "volume:精密轴承"),
        Row("滚珠丝杠", ("万米", "41.75", "40.92", "3.16", "9.66"), "volume:滚珠丝杠"),
    ]
    paper.table("volumes", header, rows, [20, 12, 17, 17, 17, 17])
    revenue = figures.income[0]["revenue"]
    top = _hundreds(revenue * TOP_CUSTOMERS)
    paper.heading("（四）主要销售客户情况", 3)
    paper.text(
        f"前五名客户销售额 {ten_thousand(top)} 万元，占年度销售总额 "
        f"{percent(ratio(top, revenue))}%；其中关联方销售额 0 万元，占年度销售总额 0%。",
        "customers",
    )


def _segment_rows(figures: Figures) -> list[Row]:
    firm, (now, before) = figures.company.firm, figures.income[:2]
    sums = [Decimal(0)] * 4
    rows = []
    tilts = (Decimal("0.955"), Decimal("1.035"), Decimal("1.075"))
    for product, share, tilt in zip(firm.products, firm.product_shares, tilts, strict=True):
        # The mix moves towards the first product within the year.
        earlier = share * Decimal("0.965" if product == firm.products[0] else "1.03")
        amounts = [
            _hundreds(now["revenue"] * share),
            _hundreds(now["cost"] * share * tilt),
            _hundreds(before["revenue"] * earlier),
            _hundreds(before["cost"] * earlier * tilt),
        ]
        rows.append(_segment(product, amounts))
        sums = [total + amount for total, amount in zip(sums, amounts, strict=True)]
    rows.append(_segment("合计", sums))
    return rows


def _segment(name: str, amounts: list[Decimal]) -> Row:
    revenue, cost, before, old_cost = amounts
    margin = ratio(revenue - cost, revenue)
    columns = (
        ten_thousand(revenue),
        ten_thousand(cost),
        percent(margin),
        percent(growth(revenue, before)),
        moved(margin - ratio(before - old_cost, before)),
    )
    return Row(name, columns, f"segment:{name}")


def _research(paper: Paper, figures: Figures) -> None:
    spent, revenue = figures.income[0]["research"], figures.income[0]["revenue"]
    paper.heading("三、研发投入")
    paper.note("单位：万元", right=True)
    share = percent(ratio(spent, revenue))
    rows = [
        Row("本期费用化研发投入", (ten_thousand(spent),), "rd_expensed"),
        Row("本期资本化研发投入", ("0.00",), "rd_capitalised"),
        Row("研发投入合计", (ten_thousand(spent),), "research"),
        Row("研发投入总额占营业收入比例（%）", (share,), "rd_ratio"),
        Row("公司研发人员的数量（人）", ("412",), "rd_people"),
        Row("研发人员数量占公司总人数的比例（%）", ("23.40",), "rd_people_ratio"),
    ]
    paper.table("research", ["项目", "2024 年"], rows, [62, 38])
    paper.text(
        "报告期末，公司拥有有效专利 237 项，其中发明专利 68 项。公司牵头的“高刚度行星滚柱"
        "丝杠副”项目完成样机验证，预计 2026 年进入小批量供货；“轻量化谐波减速器”项目已向"
        "三家协作机器人客户送样。",
        "patents",
    )


def _risks(paper: Paper) -> None:
    paper.heading("四、可能面对的风险")
    paper.text(
        "1、原材料价格波动风险。公司主要原材料为轴承钢和合金结构钢，若采购价格大幅上涨而公司"
        "未能及时调整售价，将对毛利率产生不利影响。公司与两家特钢企业签订了年度锁价协议。",
        "risk_material",
    )
    paper.text(
        "2、客户集中风险。公司前五名客户销售占比较高，若主要客户的机器人出货量下滑，公司订单"
        "可能减少。公司正在拓展医疗影像设备和半导体设备领域的客户。",
        "risk_customer",
    )
    paper.text(
        "3、汇率波动风险。公司部分进口磨床以欧元计价，人民币汇率波动会影响设备采购成本。"
        "公司未开展外汇衍生品交易。",
        "risk_currency",
    )
    paper.text("4、技术人员流失风险。公司对 73 名核心技术人员实施了员工持股计划。", "risk_staff")
    paper.heading("五、经营计划")
    paper.text(
        "2025 年，公司计划完成常州三期工厂主体建设，新增谐波减速器年产能 12 万台；该项目总投资"
        "约 4.6 亿元，由自有资金和银行借款解决。公司同时推进越南北宁服务网点的筹建。",
        "plan",
    )


def _hundreds(amount: Decimal) -> Decimal:
    """Round to 0.01 万元, so that a table in 万元 adds up exactly."""
    return (amount / 100).quantize(Decimal(1), ROUND_HALF_UP) * 100
