"""A broker's report on one company: side bar, two columns, forecasts, condensed statements."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from yanku.model.amount import Amount
from yanku.testing.layouts.books import INDENTED, MONEY_ROWS, RATIOS, year_of
from yanku.testing.layouts.page import WIDTH, Block, Pages
from yanku.testing.layouts.truth import Laid, Said, TrueFact

_NAMES = ("海澜精工", "恒岳光电", "中禾生物", "瑞川股份", "北辰材料", "云脉通信")
_PROSE = (
    "公司发布年度报告，全年经营保持平稳，主要产品销量增长，海外渠道占比继续提升，符合我们此前的判断。",
    "费用端保持克制，研发投入主要用于新一代平台，随着规模效应释放，盈利能力有望进一步改善。",
    "我们认为行业格局仍在优化，公司凭借成本与客户优势，份额有望继续提升，维持此前的盈利预测。",
    "下游需求恢复的节奏仍有不确定性，但订单能见度较高，交付周期缩短，经营质量稳步改善。",
)


@dataclass(frozen=True, slots=True)
class _Year:
    year: int
    forecast: bool
    printed: str


class Broker:
    """Makes one report by chance; the same seed makes the same file."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - repeatable samples, not a secret
        self._pages = Pages(folder / f"broker-{seed}.pdf")
        self._name = self._dice.choice(_NAMES)
        self._code = (
            f"{self._dice.choice(('600', '688', '300', '002'))}{self._dice.randrange(1000):03}"
        )
        last = self._dice.choice((2022, 2023, 2024))
        self._years = self._printed_years(last)
        self._books = self._kept_books()
        self._statements = [self._drawn_statement(name) for name in MONEY_ROWS]
        self._ratios = self._drawn_ratios()
        self._style = self._dice.choice(("bare", "rules", "frame"))
        self._side = self._dice.choice(("left", "right"))
        self.laid = Laid(self._pages.path, company=self._code)

    def make(self) -> Laid:
        """Print the report."""
        self._front()
        self._pages.next()
        self._columns()
        self._pages.next()
        self._appendix()
        self._pages.close()
        return self.laid

    def _printed_years(self, last: int) -> list[_Year]:
        actual, forecast = self._dice.choice(
            (("{}A", "{}E"), ("{}", "{}E"), ("{}A", "{}F"), ("{}年", "{}年E"), ("{}A", "{}E"),
             ("{}", "{}(E)"))
        )  # fmt: skip
        return [
            _Year(year, year > last, (forecast if year > last else actual).format(year))
            for year in range(last - 1, last + 4)
        ]

    def _kept_books(self) -> dict[int, dict[str, dict[str, int]]]:
        """Return the figures of each year in millions; they obey the laws of statements."""
        dice = self._dice
        size = dice.randint(400, 40_000)
        return {
            each.year: year_of(dice, size * (100 + 9 * n) // 100)
            for n, each in enumerate(self._years)
        }

    # ── figures ─────────────────────────────────────────────────────────────────────────────────

    def _drawn_statement(self, name: str) -> tuple[str, list[tuple[str, str, list[str]]]]:
        books = [self._books[each.year][name] for each in self._years]
        return name, [
            (label, metric, [f"{book[label]:,}" for book in books])
            for label, metric in MONEY_ROWS[name]
        ]

    def _drawn_ratios(self) -> list[tuple[str, list[tuple[str, str, list[str]]]]]:
        return [
            (
                group,
                [
                    (label, unit, [f"{self._dice.uniform(0.3, 48):.2f}" for _ in self._years])
                    for label, unit in rows
                ],
            )
            for group, rows in RATIOS
        ]

    # ── the first page ──────────────────────────────────────────────────────────────────────────

    def _front(self) -> None:
        pages, years = self._pages, self._years
        pages.text(48, 50, "证券研究报告", 9)
        pages.text(
            WIDTH - 48,
            50,
            self._dice.choice(("公司点评", "公司深度研究", "业绩点评")),
            9,
            align="right",
        )
        pages.rule(48, WIDTH - 48, 56, 1.2)
        pages.text(48, 84, f"{self._name}（{self._code}）", 17)
        pages.text(48, 106, "业绩符合预期，盈利能力持续改善", 13)
        pages.text(48, 124, f"{years[1].year + 1}年4月{self._dice.randint(10, 28)}日", 9)
        bar = (48.0, 190.0) if self._side == "left" else (WIDTH - 190, WIDTH - 48)
        main = (212.0, WIDTH - 48) if self._side == "left" else (48.0, WIDTH - 212)
        self._bar(*bar)
        y = 150.0
        for title in ("事件", "点评", "投资建议", "风险提示"):
            pages.text(main[0], y, title, 10.5)
            y += 17
            for _ in range(self._dice.randint(1, 2)):
                said = self._dice.choice(_PROSE)
                self.laid.order.append(said)
                y = pages.prose(*main, y, "  " + said, 9) + 3
            y += 6
        self._forecast_table(max(y + 16, 470))

    def _bar(self, x0: float, x1: float) -> None:
        pages = self._pages
        pages.shade(x0 - 4, x1 + 4, 138, 186, 0.93)
        pages.text(x0, 154, "投资评级", 9)
        pages.text(
            x1,
            154,
            self._dice.choice(("买入（维持）", "增持（首次）", "推荐（上调）")),
            9,
            align="right",
        )
        price = self._dice.uniform(8, 90)
        pages.text(x0, 174, "目标价", 9)
        pages.text(x1, 174, f"{price * 1.25:.2f}元", 9, align="right")
        y = 206.0
        pages.text(x0, y, "市场数据", 9.5)
        pages.rule(x0, x1, y + 4)
        rows = (
            ("收盘价(元)", f"{price:.2f}", "CNY/share", 1),
            ("总股本(百万股)", f"{self._dice.uniform(200, 3000):,.2f}", "shares", 1_000_000),
            ("流通股本(百万股)", f"{self._dice.uniform(100, 900):,.2f}", "shares", 1_000_000),
            ("总市值(亿元)", f"{self._dice.uniform(20, 900):,.2f}", "CNY", 100_000_000),
            ("流通市值(亿元)", f"{self._dice.uniform(20, 900):,.2f}", "CNY", 100_000_000),
            ("资产负债率(%)", f"{self._dice.uniform(20, 70):.2f}", "%", 1),
            ("每股净资产(元)", f"{self._dice.uniform(2, 30):.2f}", "CNY/share", 1),
        )
        for label, figure, unit, scale in rows:
            y += 15
            pages.row(Block(x0, (x1,)), y, label, (figure,), 8)
            value = _number(figure) * scale
            unit = "CNY" if label == "收盘价(元)" else unit
            self.laid.said.append(Said(label, (), Amount(value, unit)))
        y += 24
        pages.text(x0, y, "分析师", 9.5)
        pages.rule(x0, x1, y + 4)
        for line in ("李知行", "执业证书：S0990523070012", "邮箱：lizhixing@example.cn"):
            y += 14
            pages.text(x0, y, line, 8)

    def _forecast_table(self, y: float) -> None:
        pages = self._pages
        x0, x1 = 48.0, WIDTH - 48
        pages.text(
            x0,
            y,
            self._dice.choice(("盈利预测与估值", "盈利预测和财务指标", "主要财务数据及预测")),
            10,
        )
        y += 8
        step = (x1 - x0 - 130) / len(self._years)
        block = Block(x0, tuple(x0 + 130 + step * (n + 1) - 6 for n in range(len(self._years))))
        income = {label: figures for label, _, figures in self._statements[1][1]}
        rows = [
            ("营业收入(百万元)", income["营业收入"], "CNY", 1_000_000),
            ("同比(%)", self._percents(), "%", 1),
            ("归母净利润(百万元)", income["归属母公司净利润"], "CNY", 1_000_000),
            ("同比增速(%)", self._percents(), "%", 1),
            (
                "每股收益(元/股)",
                [f"{self._dice.uniform(0.1, 6):.2f}" for _ in self._years],
                "CNY/share",
                1,
            ),
            ("ROE(%)", self._percents(), "%", 1),
            ("P/E(倍)", [f"{self._dice.uniform(5, 60):.2f}" for _ in self._years], "times", 1),
            ("P/B(倍)", [f"{self._dice.uniform(0.5, 9):.2f}" for _ in self._years], "times", 1),
        ]
        self._grid(
            block,
            y,
            self._dice.choice(("指标", "会计年度", "")),
            [(r[0], r[1], 0) for r in rows],
            14,
        )
        for label, figures, unit, scale in rows:
            self._say(label, figures, unit, scale)
        self._never("operating_revenue", income["营业收入"])

    def _percents(self) -> list[str]:
        return [f"{self._dice.uniform(-20, 60):.1f}" for _ in self._years]

    # ── the second page: two columns ────────────────────────────────────────────────────────────

    def _columns(self) -> None:
        pages = self._pages
        pages.text(48, 50, f"{self._name}（{self._code}）业绩点评", 8)
        pages.rule(48, WIDTH - 48, 56)
        middle = WIDTH / 2
        for x0, x1, part in ((48.0, middle - 12, "一"), (middle + 12, WIDTH - 48, "二")):
            y = 84.0
            pages.text(
                x0,
                y,
                f"{part}、{self._dice.choice(('经营回顾', '行业格局', '竞争优势', '增长动能'))}",
                11,
            )
            y += 20
            for _ in range(self._dice.randint(3, 5)):
                said = "".join(self._dice.sample(_PROSE, 2))
                self.laid.order.append(said)
                y = pages.prose(x0, x1, y, said, 9) + 5
            y = max(y, 330.0)
            self._small_table(x0, x1, y + 12, part)

    def _small_table(self, x0: float, x1: float, y: float, part: str) -> None:
        pages = self._pages
        number = 1 if part == "一" else 2
        pages.text(
            x0, y, f"图表{number}：公司{'分产品' if number == 1 else '分地区'}收入（亿元）", 8.5
        )
        labels = ("智能终端", "元器件", "软件服务") if number == 1 else ("华东", "华南", "海外")
        years = [each.printed for each in self._years[:3]]
        step = (x1 - x0 - 70) / 3
        block = Block(x0, tuple(x0 + 70 + step * (n + 1) - 2 for n in range(3)))
        y += 6
        pages.rule(x0, x1, y, 0.8)
        pages.row(block, y + 12, "类别", years, 8)
        pages.rule(x0, x1, y + 16, 0.4)
        y += 16
        for label in labels:
            y += 13
            figures = [f"{self._dice.uniform(1, 90):.2f}" for _ in years]
            pages.row(block, y, label, figures, 8)
            for head, figure in zip(years, figures, strict=True):
                amount = Amount(_number(figure) * 100_000_000, "CNY")
                self.laid.said.append(Said(label, (head,), amount))
        pages.rule(x0, x1, y + 4, 0.8)
        pages.text(x0, y + 16, "资料来源：公司公告，研究所", 7.5)

    # ── the appendix: statements side by side ───────────────────────────────────────────────────

    def _appendix(self) -> None:
        pages = self._pages
        title = self._dice.choice(
            ("附录：三大报表预测值", "财务预测摘要", "附：财务报表预测（单位：百万元）")
        )
        pages.text(48, 60, title, 11)
        self._announced = "百万元" in title
        middle = WIDTH / 2
        # In one frame the halves touch; their frames then share a border.
        apart = 3 if self._style != "bare" and self._dice.random() < 0.5 else 6
        left, right = self._half(48, middle - apart), self._half(middle + apart, WIDTH - 48)
        upper = self._pair(left, right, 78, self._statements[0], self._statements[1])
        ratios = self._ratio_rows()
        self._pair(left, right, upper + 10, self._statements[2], ("主要财务比率", ratios))

    def _half(self, x0: float, x1: float) -> Block:
        count = len(self._years)
        step = (x1 - x0 - 82) / count
        return Block(x0, tuple(x0 + 82 + step * (n + 1) for n in range(count)))

    def _ratio_rows(self) -> list[tuple[str, str, list[str]]]:
        rows: list[tuple[str, str, list[str]]] = []
        for group, inner in self._ratios:
            rows.append((group, "", []))
            rows += inner
        return rows

    def _pair(
        self, left: Block, right: Block, y: float,
        a: tuple[str, list[tuple[str, str, list[str]]]],
        b: tuple[str, list[tuple[str, str, list[str]]]],
    ) -> float:  # fmt: skip
        height = 12.6
        ends = [
            self._quarter(block, y, name, rows, height)
            for block, (name, rows) in ((left, a), (right, b))
        ]
        return max(ends)

    def _quarter(
        self,
        block: Block,
        y: float,
        name: str,
        rows: list[tuple[str, str, list[str]]],
        height: float,
    ) -> float:
        money = name in MONEY_ROWS
        title = f"{name}（百万元）" if money and not self._announced else name
        body = [(label, figures, 6 if label in INDENTED else 0) for label, _, figures in rows]
        end = self._grid(block, y, title, body, height, 7)
        group = ""
        for label, metric, figures in rows:
            if not figures:
                group = label
                continue
            if money:
                group = group if label in INDENTED else ""
                self._say(label, figures, "CNY", 1_000_000, (group,) if group else ())
                group = group or label
                self._facts(metric, name, figures)
            else:
                self._say(label, figures, metric, 1, (group,))
        return end

    def _grid(
        self, block: Block, y: float, corner: str, rows: Sequence[tuple[str, Sequence[str], float]],
        height: float, size: float = 8,
    ) -> float:  # fmt: skip
        pages, x0, x1 = self._pages, block.x0 - 3, block.x1 + 3
        top = y
        if self._style != "bare":
            pages.rule(x0, x1, y, 0.9)
        pages.row(block, y + height - 3.5, corner, [each.printed for each in self._years], size)
        y += height
        if self._style != "bare":
            pages.rule(x0, x1, y, 0.4)
        for label, figures, indent in rows:
            pages.row(block, y + height - 3.5, label, figures, size, indent=indent)
            y += height
            if self._style == "frame":
                pages.rule(x0, x1, y, 0.3)
        if self._style != "bare":
            pages.rule(x0, x1, y, 0.9)
        if self._style == "frame":
            for x in (x0, *(e - (block.ends[1] - block.ends[0]) + 3 for e in block.ends), x1):
                pages.upright(x, top, y, 0.3)
        return y

    def _say(
        self,
        label: str,
        figures: Sequence[str],
        unit: str,
        scale: int,
        groups: tuple[str, ...] = (),
    ) -> None:
        for year, figure in zip(self._years, figures, strict=True):
            amount = Amount(_number(figure) * scale, unit)
            self.laid.said.append(Said(label, (year.printed,), amount, groups))

    def _facts(self, metric: str, name: str, figures: Sequence[str]) -> None:
        if not metric:
            return
        for year, figure in zip(self._years, figures, strict=True):
            start = None if name == "资产负债表" else date(year.year, 1, 1)
            amount = Amount(_number(figure) * 1_000_000, "CNY")
            fact = TrueFact(metric, date(year.year, 12, 31), amount, start)
            (self.laid.never if year.forecast else self.laid.facts).append(fact)

    def _never(self, metric: str, figures: Sequence[str]) -> None:
        for year, figure in zip(self._years, figures, strict=True):
            if year.forecast:
                amount = Amount(_number(figure) * 1_000_000, "CNY")
                fact = TrueFact(metric, date(year.year, 12, 31), amount, date(year.year, 1, 1))
                self.laid.never.append(fact)


def _number(figure: str) -> Decimal:
    return Decimal(figure.replace(",", ""))
