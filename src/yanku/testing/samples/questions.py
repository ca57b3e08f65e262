"""The questions of the evaluation set, each answered from what the samples print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from yanku.testing.samples.make import (
    ANNUAL,
    ENGLISH,
    MEMO,
    NOTES,
    PICTURE,
    QUARTERLY,
    SCAN,
    WORKBOOK,
    Samples,
)
from yanku.testing.samples.truth import Json, Source, evidence


def questions(samples: Samples) -> list[Json]:
    """Return all questions, numbered."""
    asked = _Asked(samples)
    _lookups(asked)
    _office_lookups(asked)
    _english(asked)
    _growth(asked)
    _ratios(asked)
    _comparisons(asked)
    _texts(asked)
    _unanswerable(asked)
    return [{"id": f"sample_{n:04d}", **row} for n, row in enumerate(asked.rows, start=1)]


@dataclass(slots=True)
class _Asked:
    """Collects questions with their answers."""

    samples: Samples
    rows: list[Json] = field(default_factory=list)

    def lookup(self, question: str, source: Source, unit: str = "CNY") -> None:
        answer = {
            "kind": "number",
            "value": f"{source.value(self.samples):f}",
            "unit": unit,
            "tolerance": 0.0005,
        }
        self._add(question, "lookup", answer, source.evidence(self.samples))

    def computed(
        self,
        question: str,
        kind: str,
        value: Decimal,
        unit: str,
        sources: Sequence[Source],
    ) -> None:
        places = Decimal("0.0001") if unit == "times" else Decimal("0.01")
        answer = {
            "kind": "number",
            "value": str(value.quantize(places, ROUND_HALF_UP)),
            "unit": unit,
            "absolute_tolerance": 0.006 if unit == "times" else 0.06,
        }
        self._add(question, kind, answer, self._evidence(sources))

    def growth(self, question: str, now: Source, before: Source) -> None:
        new, old = now.value(self.samples), before.value(self.samples)
        self.computed(question, "growth", (new - old) * 100 / abs(old), "%", [now, before])

    def share(self, question: str, part: Source, whole: Source) -> None:
        value = part.value(self.samples) * 100 / whole.value(self.samples)
        self.computed(question, "ratio", value, "%", [part, whole])

    def choice(self, question: str, rivals: dict[str, Source], *, lowest: bool = False) -> None:
        values = {name: source.value(self.samples) for name, source in rivals.items()}
        pick = min if lowest else max
        answer = {
            "kind": "choice",
            "value": pick(values, key=lambda name: values[name]),
            "options": list(rivals),
        }
        self._add(question, "compare", answer, self._evidence(list(rivals.values())))

    def text(self, question: str, file: str, key: str, points: list[str]) -> None:
        rows = [
            row
            for row in self.samples.printed
            if (row.file, row.table, row.key) == (file, "text", key)
        ]
        for point in points:
            if not any(point in row.label for row in rows):
                raise AssertionError(f"{file} does not say {point!r} under {key}")
        answer = {"kind": "text", "points": points}
        self._add(question, "text", answer, [evidence(row) for row in rows])

    def none(self, question: str) -> None:
        self._add(question, "unanswerable", {"kind": "none"}, [])

    def _evidence(self, sources: Sequence[Source]) -> list[Json]:
        places: list[Json] = []
        for source in sources:
            places += [p for p in source.evidence(self.samples) if p not in places]
        return places

    def _add(self, question: str, kind: str, answer: Json, places: list[Json]) -> None:
        self.rows.append({"question": question, "type": kind, "answer": answer, "evidence": places})


def _lookups(asked: _Asked) -> None:
    asked.lookup("澜桥精密2024年的营业收入是多少？", Source(ANNUAL, "income", "revenue"))
    asked.lookup("999101 去年（2024年）归母净利润多少钱", Source(ANNUAL, "income", "parent_profit"))
    asked.lookup("澜桥精密2023年末的总资产是多少？", Source(ANNUAL, "balance", "assets", 1))
    asked.lookup(
        "截至2024年12月31日，澜桥精密应收账款余额？", Source(ANNUAL, "balance", "receivables")
    )
    asked.lookup(
        "澜桥精密母公司2024年末货币资金是多少？", Source(ANNUAL, "balance.parent", "money")
    )
    asked.lookup("澜桥精密母公司口径2024年度净利润", Source(ANNUAL, "income.parent", "net_profit"))
    asked.lookup("澜桥精密2022年营业收入是多少元？", Source(ANNUAL, "key", "revenue", 3))
    asked.lookup(
        "澜桥精密2024年第三季度单季的营业收入是多少？", Source(ANNUAL, "quarters", "revenue", 2)
    )
    asked.lookup(
        "澜桥精密2024年扣除非经常性损益后的归母净利润是多少？",
        Source(ANNUAL, "key", "adjusted_profit"),
    )
    asked.lookup("澜桥精密2024年基本每股收益", Source(ANNUAL, "key", "eps"), "CNY/share")
    asked.lookup("澜桥精密2024年加权平均净资产收益率是多少？", Source(ANNUAL, "key", "roe"), "%")
    asked.lookup(
        "澜桥精密2024年谐波减速器产品的营业收入是多少？",
        Source(ANNUAL, "segments", "segment:谐波减速器"),
    )
    asked.lookup(
        "澜桥精密2024年谐波减速器的毛利率是多少？",
        Source(ANNUAL, "segments", "segment:谐波减速器", 2, 1),
        "%",
    )
    asked.lookup(
        "澜桥精密研发人员有多少人？", Source(ANNUAL, "research", "rd_people", 0, 1), "people"
    )
    asked.lookup("霁川生物2024年前三季度的营业收入是多少？", Source(QUARTERLY, "income", "revenue"))
    asked.lookup(
        "霁川生物2024年三季度单季归母净利润是多少？", Source(QUARTERLY, "key", "parent_profit")
    )
    asked.lookup("霁川生物2024年9月末的存货是多少？", Source(QUARTERLY, "balance", "inventory"))
    asked.lookup("霁川生物2023年末负债合计是多少？", Source(QUARTERLY, "balance", "liabilities", 1))
    asked.lookup(
        "霁川生物2023年前三季度购建固定资产等长期资产支付了多少现金？",
        Source(QUARTERLY, "cash", "capex_paid", 1),
    )
    asked.lookup("霁川生物2024年前三季度财务费用是多少？", Source(QUARTERLY, "income", "finance"))
    asked.lookup("霁川生物2024年上半年销售费用是多少？", Source(SCAN, "income", "selling"))
    asked.lookup("霁川生物2024年6月末固定资产", Source(SCAN, "balance", "fixed_assets"))
    asked.lookup("霁川生物2023年上半年净利润是多少？", Source(SCAN, "income", "net_profit", 1))
    asked.lookup(
        "霁川生物2024年上半年经营活动产生的现金流量净额是多少？",
        Source(PICTURE, "cash", "operating_net"),
    )


def _office_lookups(asked: _Asked) -> None:
    asked.lookup(
        "澜桥精密2023年第二季度的研发费用是多少？",
        Source(WORKBOOK, "quarters", "research:2023Q2"),
    )
    asked.lookup(
        "澜桥精密2023年三季度末应收账款是多少亿元？",
        Source(WORKBOOK, "balances", "receivables:2023Q3"),
    )
    asked.lookup("霁川生物2024年全年营业收入是多少？", Source(WORKBOOK, "peers", "999202:revenue"))
    asked.lookup(
        "澜桥精密2023年第四季度毛利率是多少？",
        Source(WORKBOOK, "quarters", "margin:2023Q4", 0, 1),
        "%",
    )


def _english(asked: _Asked) -> None:
    asked.lookup("What was Towen's revenue in 2024?", Source(ENGLISH, "income", "revenue"))
    asked.lookup(
        "How much were Towen Advanced Materials' trade receivables at the end of 2023?",
        Source(ENGLISH, "balance", "receivables", 1),
    )
    asked.lookup(
        "Towen: purchase of fixed and intangible assets in 2024, as a positive amount?",
        Source(ENGLISH, "cash", "capex_paid"),
    )
    asked.lookup(
        "What did Towen spend on research and development in 2024?",
        Source(ENGLISH, "income", "research"),
    )
    asked.lookup(
        "拓纹新材2024年光学膜（optical films）收入是多少？",
        Source(ENGLISH, "segments", "segment:Optical films"),
    )
    asked.growth(
        "By what percentage did Towen's profit attributable to owners grow in 2024?",
        Source(ENGLISH, "income", "parent_profit"),
        Source(ENGLISH, "income", "parent_profit", 1),
    )


def _growth(asked: _Asked) -> None:
    for question, file, table, key in (
        ("澜桥精密2024年营业收入同比增长了百分之多少？", ANNUAL, "income", "revenue"),
        ("澜桥精密2024年研发费用同比增幅", ANNUAL, "income", "research"),
        ("澜桥精密2024年末存货比上年末增长多少？", ANNUAL, "balance", "inventory"),
        ("霁川生物2024年前三季度归母净利润同比变动多少？", QUARTERLY, "income", "parent_profit"),
        (
            "霁川生物2024年前三季度营业收入的同比增长率是多少？",
            QUARTERLY,
            "income",
            "revenue",
        ),
        ("霁川生物2024年上半年研发费用同比增长率", SCAN, "income", "research"),
    ):
        asked.growth(question, Source(file, table, key), Source(file, table, key, 1))
    first = Source(WORKBOOK, "quarters", "revenue:2024Q1")
    before = Source(WORKBOOK, "quarters", "revenue:2023Q1")
    asked.growth("澜桥精密2024年第一季度营业收入同比增长率是多少？", first, before)


def _ratios(asked: _Asked) -> None:
    samples = asked.samples
    revenue, cost = Source(ANNUAL, "income", "revenue"), Source(ANNUAL, "income", "cost")
    margin = 100 - cost.value(samples) * 100 / revenue.value(samples)
    asked.computed("澜桥精密2024年的毛利率是多少？", "ratio", margin, "%", [revenue, cost])
    asked.share(
        "澜桥精密2024年末的资产负债率是多少？",
        Source(ANNUAL, "balance", "liabilities"),
        Source(ANNUAL, "balance", "assets"),
    )
    asked.share(
        "霁川生物2024年前三季度研发费用率是多少？",
        Source(QUARTERLY, "income", "research"),
        Source(QUARTERLY, "income", "revenue"),
    )
    asked.share(
        "霁川生物2024年上半年净利率（净利润/营业收入）？",
        Source(SCAN, "income", "net_profit"),
        Source(SCAN, "income", "revenue"),
    )
    current = Source(ANNUAL, "balance", "current_assets")
    owed = Source(ANNUAL, "balance", "current_liabilities")
    times = current.value(samples) / owed.value(samples)
    asked.computed("澜桥精密2024年末的流动比率是多少？", "ratio", times, "times", [current, owed])
    liabilities = Source(ENGLISH, "balance", "liabilities")
    assets = Source(ENGLISH, "balance", "assets")
    asked.share("What was Towen's debt-to-asset ratio at the end of 2024?", liabilities, assets)


def _comparisons(asked: _Asked) -> None:
    def rivals(table: str, key: str, column: int = 0) -> dict[str, Source]:
        return {
            "澜桥精密": Source(ANNUAL, table, key, column),
            "拓纹新材": Source(ENGLISH, table, key, column),
        }

    asked.choice("澜桥精密和拓纹新材2024年哪家的营业收入更高？", rivals("income", "revenue"))
    asked.choice(
        "2024年末存货：澜桥精密与拓纹新材谁更少？", rivals("balance", "inventory"), lowest=True
    )
    asked.choice("澜桥精密、拓纹新材2024年的研发费用哪个大", rivals("income", "research"))
    asked.choice(
        "2023年末澜桥精密、霁川生物、拓纹新材三家谁的总资产最高？",
        {**rivals("balance", "assets", 1), "霁川生物": Source(QUARTERLY, "balance", "assets", 1)},
    )


def _texts(asked: _Asked) -> None:
    asked.text(
        "澜桥精密2024年度的利润分配预案是什么？", ANNUAL, "dividend", ["3.20", "91,648,000.00"]
    )
    asked.text(
        "澜桥精密研发费用增长的原因是什么？", ANNUAL, "research_reason", ["86", "行星滚柱丝杠"]
    )
    asked.text("澜桥精密毛利率为什么提高？", ANNUAL, "revenue_reason", ["良率"])
    asked.text("澜桥精密2025年有什么扩产计划？", ANNUAL, "plan", ["三期", "12 万台"])
    asked.text(
        "谁审计了澜桥精密的年报，意见类型是什么？", ANNUAL, "audit", ["衡谷", "标准无保留意见"]
    )
    asked.text(
        "霁川生物的回购方案，价格上限和金额是多少？", QUARTERLY, "buyback", ["26.50", "4,000"]
    )
    asked.text(
        "What dividend does Towen's board recommend for 2024?", ENGLISH, "dividend", ["0.18"]
    )
    asked.text("Why did Towen's revenue grow in 2024?", ENGLISH, "revenue_reason", ["Chuzhou"])
    asked.text("澜桥精密在手订单有多少，机器人客户占比多少？", MEMO, "orders", ["5.8 亿元", "64%"])
    asked.text("拓纹新材隔膜产能利用率如何？", NOTES, "utilisation", ["78%"])
    asked.text("拓纹新材匈牙利工厂什么时候投产？", NOTES, "overseas", ["2026 年三季度"])


def _unanswerable(asked: _Asked) -> None:
    for question in (
        "云岫重工2024年的营业收入是多少？",
        "澜桥精密2019年的营业收入是多少？",
        "霁川生物2031年末的总资产是多少？",
        "澜桥精密2024年的广告费支出是多少？",
        "拓纹新材2024年第三季度的存货是多少？",
        "霁川生物2024年末的前十大客户分别是谁？",
        "明天澜桥精密的股价会涨吗？",
        "What was Towen's carbon emission in 2024?",
    ):
        asked.none(question)
