"""Filings of invented Chinese companies, banks, brokers and insurers, with all their facts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from yanku.finance.ontology import load_ontology
from yanku.finance.periods import closing
from yanku.model.amount import Amount
from yanku.model.finance import Consolidation, Period
from yanku.testing.layouts import indicators
from yanku.testing.layouts.accounts import KINDS, STATEMENTS, Account, Figures, accounts, figures_of
from yanku.testing.layouts.calendar import Calendar, Slot, both_scopes, said
from yanku.testing.layouts.grids import Line, grid
from yanku.testing.layouts.indicators import Indicator
from yanku.testing.layouts.truth import Laid, Said, TrueFact
from yanku.testing.tables.press import LEFT, RIGHT, Press, Setting, Style, fitting
from yanku.testing.tables.truth import TrueTable

_NAMES = {
    "industry": ("衡岳精密机械", "澄江新材料", "蓝渡生物制药", "启恒半导体", "远麓环境科技"),
    "bank": ("临川银行", "南屏银行", "渝江银行", "海陵农村商业银行"),
    "broker": ("岱岳证券", "江淮证券", "沧海证券"),
    "insurer": ("安恒人寿保险", "泰岳财产保险", "永宁保险（集团）"),
}
_TITLES = {"balance": "资产负债表", "income": "利润表", "cash": "现金流量表"}
_SCALES = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000}
_PLACES = {"元": 2, "千元": 0, "万元": 2, "百万元": 0}
_ONTOLOGY = load_ontology()


@dataclass(frozen=True, slots=True)
class Look:
    """How a filing prints: its unit, whether costs stand in brackets, the sign of a minus."""

    unit: str
    brackets: bool
    minus: str
    nil: str
    style: Style
    notes: bool

    @property
    def scale(self) -> int:
        """Return how many 元 one printed unit is."""
        return _SCALES[self.unit]


class Filing:
    """Makes one filing by chance; the same seed makes the same file."""

    def __init__(self, folder: Path, seed: int, kind: str = "", report: str = "") -> None:
        dice = self._dice = random.Random(seed)  # noqa: S311 - repeatable samples, not a secret
        self.kind = kind or dice.choice(KINDS)
        report = report or dice.choice(("annual", "half", "first", "third"))
        self._calendar = Calendar(report, dice.choice((2021, 2022, 2023, 2024)))
        self._abstract = report in {"annual", "half"} and dice.random() < 0.25
        self._name = dice.choice(_NAMES[self.kind]) + "股份有限公司"
        self._code = f"{dice.choice(('600', '601', '002', '300'))}{dice.randrange(1000):03}"
        self._own = {"bank": dice.choice(("本行", "银行"))}.get(self.kind, "本公司")
        self._look = self._drawn_look()
        self._mixed = report in {"annual", "half"} and self._look.scale > 1 and dice.random() < 0.6
        self._books: dict[tuple[str, Period, Consolidation, bool], Figures] = {}
        self._press = Press(
            folder / f"{self.kind}-{report}-{seed}.pdf",
            f"{self._name}{self._calendar.year}年{self._calendar.name}",
        )
        self.laid = Laid(self._press.path, company=self._code, complete=True)

    def make(self) -> Laid:
        """Print the report."""
        self._cover()
        self._indicators()
        if not self._abstract:
            self._others()
            self._press.new_page()
            self._statements()
            self._notes()
        self._press.close()
        return self.laid

    def _drawn_look(self) -> Look:
        dice = self._dice
        units = ("元", "元", "千元", "万元")
        if self.kind != "industry":
            units = ("元", "千元", "百万元", "百万元")
        styles = (Style.RULED, Style.RULED, Style.THREE_LINE, Style.LEVEL, Style.BARE)
        return Look(
            dice.choice(units),
            self.kind != "industry" and dice.random() < 0.3,
            dice.choice(("-{}", "-{}", "({})", "（{}）")),
            dice.choice(("-", "–", "—", "", "")),
            dice.choice(styles),
            dice.random() < 0.5,
        )  # fmt: skip

    # ── figures ─────────────────────────────────────────────────────────────────────────────────

    def _book(
        self, statement: str, period: Period, scope: Consolidation, original: bool = False
    ) -> Figures:
        """Return the figures of a statement for a period, the same ones whenever it is asked."""
        key = (statement, period, scope, original)
        if key not in self._books:
            size = {"元": 9_000_000_000, "千元": 90_000_000, "万元": 900_000, "百万元": 90_000}
            book = figures_of(
                accounts(self.kind, statement), self._dice, size[self._look.unit],
                _PLACES[self._look.unit],
            )  # fmt: skip
            self._books[key] = self._ending_as_others(key, book)
        return self._books[key]

    def _ending_as_others(
        self, key: tuple[str, Period, Consolidation, bool], book: Figures
    ) -> Figures:
        """Return cash flows that end in the cash of the other stretches that end on their day."""
        statement, period, *whose = key
        for (other, stretch, *others), known in self._books.items():
            alike = (other, stretch.end, others) == (statement, period.end, whose)
            cash, added = known.get("closing_cash"), book.get("net_increase_in_cash")
            if alike and cash is not None and added is not None:
                return {**book, "closing_cash": cash, "opening_cash": cash - added}
        return book

    def _printed(self, value: Decimal | None, places: int) -> str:
        if value is None:
            return self._look.nil
        text = f"{abs(value):,.{places}f}"
        return self._look.minus.format(text) if value < 0 else text

    # ── the first pages ─────────────────────────────────────────────────────────────────────────

    def _cover(self) -> None:
        press, year = self._press, self._calendar.year
        press.gap(120)
        press.say(self._name, 20, centre=True)
        press.gap(20)
        abstract = "摘要" if self._abstract else ""
        press.say(f"{year}年{self._calendar.name}{abstract}", 18, centre=True)
        press.gap(20)
        short = self._name.removesuffix("股份有限公司").removesuffix("（集团）")[:6]
        press.say(f"证券代码：{self._code}    证券简称：{short}", 10, centre=True)
        press.new_page()

    def _indicators(self) -> None:
        dice, calendar = self._dice, self._calendar
        adjusted = dice.random() < 0.35
        title = dice.choice(
            ("一、主要财务数据", "第二节 主要会计数据和财务指标", "（一）主要会计数据和财务指标")
        )
        self._press.say(title, 12)
        rows = indicators.flows(self.kind, dice)
        flow_slots = indicators.slots(calendar, dice, adjusted)
        self._announce_unit()
        self._indicator_table(rows, flow_slots)
        if dice.random() < 0.5:
            self._announce_unit()
        self._indicator_table(
            indicators.balances(self.kind, dice), indicators.day_slots(calendar, dice, adjusted)
        )
        if calendar.kind == "annual":
            self._press.say("分季度主要财务数据", 10)
            self._announce_unit()
            slots = [Slot((text,), period) for text, period in calendar.year_quarters(dice)]
            self._indicator_table([r for r in rows if r.form == "money"], slots)

    def _indicator_table(self, rows: Sequence[Indicator], slots: Sequence[Slot]) -> None:
        lines = []
        for row in rows:
            cells = [self._indicator(row, slot) for slot in slots]
            lines.append(Line(row.label, tuple(cells)))
        self._print(
            grid("", "", self._dice.choice(("项目", "", "主要会计数据")), slots, lines), False
        )

    def _indicator(self, row: Indicator, slot: Slot) -> tuple[str, Amount | None]:
        dice = self._dice
        if slot.change:
            value = Decimal(dice.randrange(-6000, 9000)).scaleb(-2)
            return f"{value:.2f}" + (
                "%" if "%" not in slot.heads[0] and "％" not in slot.heads[0] else ""
            ), None
        value = self._known(row, slot)
        if row.form == "money":
            amount = Amount(value * self._look.scale, "CNY")
            text = self._printed(value, _PLACES[self._look.unit])
        else:
            amount = Amount(value, "CNY/share" if row.form == "share" else "%")
            text = self._printed(value, 2)
        period = closing(slot.period) if row.day else slot.period
        self._fact(row.metric, period, amount, slot)
        return text, amount

    def _known(self, row: Indicator, slot: Slot) -> Decimal:
        """Return the figure of the statements, or one kept for this row."""
        for statement in STATEMENTS:
            day = statement == "balance"
            if any(a.key == row.metric for a in accounts(self.kind, statement)) and day == row.day:
                book = self._book(statement, slot.period, slot.scope, slot.original)
                return book[row.metric] or Decimal(0)
        key = (row.metric, slot.period, slot.scope, slot.original)
        if key not in self._books:
            places = 2 if row.form != "money" else _PLACES[self._look.unit]
            top = 1500 if row.form != "money" else 80_000_000
            self._books[key] = {row.metric: Decimal(self._dice.randrange(10, top)).scaleb(-places)}
        return self._books[key][row.metric] or Decimal(0)

    def _fact(self, metric: str, period: Period, amount: Amount, slot: Slot) -> None:
        self.laid.facts.append(
            TrueFact(metric, period.end, amount, period.start, slot.scope, slot.restated)
        )

    def _announce_unit(self) -> None:
        unit = self._look.unit
        forms = [f"单位：{unit}", f"单位：{unit}  币种：人民币", f"（单位：人民币{unit}）",
                 f"（除特别注明外，金额单位均为人民币{unit}）", f"单位:人民币{unit}"]  # fmt: skip
        self._press.say(self._dice.choice(forms), 8.5, right=True)
        self._press.gap(3)

    # ── what is not the company's ───────────────────────────────────────────────────────────────

    def _others(self) -> None:
        """Print the figures of subsidiaries and of segments: none of them is the company's."""
        if self._dice.random() < 0.7:
            self._press.say("主要控股参股公司分析", 11)
            self._announce_unit()
            heads = ("公司类型", "总资产", "净资产", "营业收入", "净利润")
            names = ("东屏置业有限公司", "岚桥信息服务有限公司", "云栖投资管理有限公司")
            lines = [
                Line(n, (("子公司", None), *(self._stray() for _ in heads[1:]))) for n in names
            ]
            self._print(grid("", "", "公司名称", [_headed(h) for h in heads], lines), False)
        if self._dice.random() < 0.6:
            self._press.say("分部经营情况", 11)
            self._announce_unit()
            labels = ("营业收入", "营业支出", "营业利润", "资产总额", "负债总额")
            parts = ("零售业务分部", "公司业务分部", "其他", "合计")
            lines = [Line(label, tuple(self._stray() for _ in parts)) for label in labels]
            self._print(grid("", "", "项目", [_headed(p) for p in parts], lines), False)

    def _stray(self) -> tuple[str, None]:
        value = Decimal(self._dice.randrange(100_000, 90_000_000))
        return f"{value:,.{_PLACES[self._look.unit]}f}", None

    def _notes(self) -> None:
        """Print notes to the statements, whose figures are parts of their lines."""
        self._press.new_page()
        self._press.say("七、合并财务报表项目注释", 12)
        industry = self.kind == "industry"
        whole = "应收账款" if industry else "货币资金"
        cost = "财务费用" if industry else "业务及管理费"
        for number, (title, labels) in enumerate(
            ((whole, ("1年以内", "1至2年", "坏账准备", "合计")),
             ("固定资产", ("房屋及建筑物", "机器设备", "固定资产", "合计")),
             (cost, ("利息支出", "手续费", "合计"))),
            1,
        ):  # fmt: skip
            self._press.say(f"{number}、{title}", 10)
            self._announce_unit()
            heads = ("期末余额", "期初余额") if number < 3 else ("本期发生额", "上期发生额")
            lines = [Line(label, (self._stray(), self._stray())) for label in labels]
            self._print(grid("", "", "项目", [_headed(h) for h in heads], lines), False)

    # ── the statements ──────────────────────────────────────────────────────────────────────────

    def _statements(self) -> None:
        self._press.say(
            self._dice.choice(("二、财务报表", "四、季度财务报表", "第十节 财务报告")), 12
        )
        for statement in STATEMENTS:
            if self._mixed:
                self._mixed_statement(statement)
                continue
            self._statement(statement, Consolidation.CONSOLIDATED)
            if self._calendar.kind != "first" or self._dice.random() < 0.4:
                self._statement(statement, Consolidation.PARENT)

    def _columns(self, statement: str) -> list[tuple[tuple[str, ...], Period]]:
        calendar, dice = self._calendar, self._dice
        if statement == "balance":
            return [((text,), period) for text, period in calendar.balance(dice)]
        if calendar.kind == "third" and self._look.scale > 1 and dice.random() < 0.5:
            return calendar.quarters(dice)
        return [((text,), period) for text, period in calendar.flows(dice)]

    def _statement(self, statement: str, scope: Consolidation) -> None:
        whose = (
            "合并"
            if scope is Consolidation.CONSOLIDATED
            else self._dice.choice(
                ("母公司", "公司") if self.kind != "bank" else ("母公司", "银行")
            )
        )
        slots = [Slot(heads, period, scope) for heads, period in self._columns(statement)]
        self._print_statement(statement, f"{whose}{_TITLES[statement]}", slots)

    def _mixed_statement(self, statement: str) -> None:
        calendar, dice = self._calendar, self._dice
        columns = calendar.balance(dice) if statement == "balance" else calendar.flows(dice)
        slots = both_scopes(columns, dice, self._own)
        other = {"bank": "银行"}.get(self.kind, dice.choice(("公司", "母公司")))
        title = dice.choice((f"合并及{other}", f"合并和{other}", f"合并及{other}"))
        self._print_statement(statement, title + _TITLES[statement], slots)

    def _print_statement(self, statement: str, title: str, slots: Sequence[Slot]) -> None:
        press, dice = self._press, self._dice
        if press.y > 520 or dice.random() < 0.4:
            press.new_page()
        if dice.random() < 0.3:
            press.say(f"{dice.choice('一二三四')}、{title}", 12)
        else:
            press.say(title, 13, centre=True)
        self._under_title(statement)
        lines = self._lines(statement, slots)
        noted = self._look.notes
        corner = dice.choice(("项目", "项 目", "", "资产" if statement == "balance" else "项目"))
        self._print(grid("", "", corner, slots, lines, notes=noted), True)
        if dice.random() < 0.6:
            press.say(
                "法定代表人：王某某    主管会计工作负责人：李某某    会计机构负责人：赵某某", 8.5
            )
        press.gap(12)

    def _under_title(self, statement: str) -> None:
        calendar, dice = self._calendar, self._dice
        if dice.random() < 0.5:
            day = said(calendar.day.end)
            span = f"{calendar.year}年1—{calendar.day.end.month}月"
            self._press.say(day if statement == "balance" else span, 9, centre=True)
        if dice.random() < 0.6:
            self._press.say(f"编制单位：{self._name}", 8.5)
        self._announce_unit()
        if dice.random() < 0.2:
            self._press.say("审计类型：未经审计", 8.5)

    def _lines(self, statement: str, slots: Sequence[Slot]) -> list[Line]:
        out = []
        scopes = {slot.scope for slot in slots}
        for number, account in enumerate(accounts(self.kind, statement)):
            if "group" in account.flags and Consolidation.CONSOLIDATED not in scopes:
                continue
            label = self._dice.choice(account.labels)
            if account.heading:
                out.append(Line(label, (), indent=account.indent))
                continue
            cells = tuple(self._cell(statement, account, label, slot) for slot in slots)
            note = str(number) if self._dice.random() < 0.5 else ""
            out.append(Line(label, cells, note, account.indent))
        return out

    def _cell(
        self, statement: str, account: Account, label: str, slot: Slot
    ) -> tuple[str, Amount | None]:
        if "group" in account.flags and slot.scope is Consolidation.PARENT:
            return "", None
        value = self._book(statement, slot.period, slot.scope)[account.key]
        if value is None or not value:
            return self._look.nil, None
        share = "share" in account.flags
        shown = -value if account.cost and self._look.brackets else value
        text = self._printed(shown, 2 if share else _PLACES[self._look.unit])
        amount = Amount(shown * (1 if share else self._look.scale), "CNY/share" if share else "CNY")
        if account.metrics:
            self._state(account.metric(label), value, amount, slot)
        return text, amount

    def _state(self, metric: str, value: Decimal, printed: Amount, slot: Slot) -> None:
        """Keep what a line of a statement says as a fact: costs are positive however printed."""
        known = _ONTOLOGY.metrics[metric]
        amount = replace(printed, value=value * self._look.scale) if known.deducted else printed
        self._fact(metric, closing(slot.period) if known.instant else slot.period, amount, slot)

    # ── printing ────────────────────────────────────────────────────────────────────────────────

    def _print(self, table: TrueTable, long: bool) -> None:
        dice, look = self._dice, self._look
        setting = Setting(
            look.style if table.columns < 7 else Style.RULED, dice.choice((7.5, 8.5)),
            repeats_header=dice.random() < 0.6, cuts_rows=long and dice.random() < 0.2,
        )  # fmt: skip
        fit = fitting(table, setting, LEFT, RIGHT) or replace(setting, size=6.0, style=Style.RULED)
        self._press.table(table, fit)
        for cell in table.cells:
            if cell.amount is not None and cell.row >= table.header_rows:
                row = [c for c in table.cells if c.row == cell.row and c.column == 0]
                self.laid.said.append(Said(row[0].text, (), cell.amount))


def _headed(text: str) -> Slot:
    return Slot((text,), Period(Calendar("annual", 2020).day.end))
