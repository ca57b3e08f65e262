"""Invents finance tables: headers of one to three levels, row groups, units in every place."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from yanku.model.amount import Amount, Unit, read_unit
from yanku.testing.tables import words
from yanku.testing.tables.truth import TrueCell, TrueTable


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of figures: its titles from the top level down, and the unit printed in them."""

    titles: tuple[str, ...]
    unit: str = ""
    form: str = "money"


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    indent: int = 0
    unit: str = ""
    form: str = "money"
    blank: bool = False
    group: str = ""


class Inventor:
    """Makes tables by chance; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - repeatable samples, not a secret

    def table(self, *, long: bool = False, narrow: bool = False, groups: bool = True) -> TrueTable:
        """Return a table; ``long`` ones are cut by page ends, ``narrow`` ones fit half a page.

        ``groups`` allows a first column whose cells span rows.
        """
        dice = self._dice
        english = dice.random() < 0.3
        where = dice.choice(("line", "line", "title", "corner", "columns", "rows", "cells"))
        units = words.UNITS_EN if english else words.UNITS_ZH
        unit = dice.choice(units[:4] if where == "cells" else units)
        columns = self._columns(english, unit if where == "columns" else "", narrow)
        rows = self._rows(english, unit if where == "rows" else "", long, narrow)
        grouped = groups and not long and not narrow and dice.random() < 0.2
        maker = _Grid(dice, columns, rows, english, unit, where, grouped)
        title = dice.choice(words.TITLES_EN if english else words.TITLES_ZH)
        line = ""
        if where == "line":
            line = (words.unit_line_en if english else words.unit_line_zh)(dice, unit)
        elif where == "title":
            title += f" ({unit})" if english else f"（单位：{unit}）"
        return maker.made(title, line)

    # ── columns ─────────────────────────────────────────────────────────────────────────────────

    def _columns(self, english: bool, unit: str, narrow: bool) -> list[_Column]:
        dice = self._dice
        levels = 1 if narrow else dice.choice((1, 1, 1, 2, 2, 3))
        if levels == 1:
            return self._flat(english, unit, narrow)
        names = dice.choice(words.PERIODS_EN if english else words.PERIODS_ZH)[:2]
        inner = self._inner(english, unit)
        out = [_Column((name, *c.titles), c.unit, c.form) for name in names for c in inner]
        if levels == 3:
            scopes = words.SCOPES_EN if english else words.SCOPES_ZH
            return [_Column((s, *c.titles), c.unit, c.form) for s in scopes for c in out]
        if dice.random() < 0.5:
            change = "Change (%)" if english else "同比增减（%）"
            out.append(_Column((change,), "%", "ratio"))
        return out

    def _inner(self, english: bool, unit: str) -> list[_Column]:
        money = "Amount" if english else self._dice.choice(("金额", "账面余额", "本期金额"))
        shown = f"{money} ({unit})" if english else f"{money}（{unit}）"
        ratio = self._dice.choice(("% of total",) if english else ("占比（%）", "比例(%)"))
        return [_Column((shown if unit else money,), unit), _Column((ratio,), "%", "ratio")]

    def _flat(self, english: bool, unit: str, narrow: bool) -> list[_Column]:
        dice = self._dice
        names: tuple[str, ...] = dice.choice(words.PERIODS_EN if english else words.PERIODS_ZH)
        names = names[: 2 if narrow else dice.randint(2, len(names))]
        pattern = f"{{}} ({unit})" if english else f"{{}}（{unit}）"
        out = [_Column((pattern.format(n) if unit else n,), unit) for n in names]
        if not narrow and dice.random() < 0.35:
            out.insert(0, _Column(("Notes" if english else "附注",), "", "note"))
        if dice.random() < 0.4:
            change = (
                "Change (%)"
                if english
                else dice.choice(("同比增减（%）", "变动幅度（％）", "增减%"))
            )
            out.append(_Column((change,), "%", "ratio"))
        return out

    # ── rows ────────────────────────────────────────────────────────────────────────────────────

    def _rows(self, english: bool, unit: str, long: bool, narrow: bool) -> list[_Row]:
        dice = self._dice
        labels = list(words.LABELS_EN if english else words.LABELS_ZH)
        dice.shuffle(labels)
        count = dice.randint(28, 60) if long else dice.randint(3, 7 if narrow else 14)
        out: list[_Row] = []
        while len(out) < count:
            out.extend(self._block(labels, english, unit))
            if not labels:
                labels = list(words.LABELS_EN if english else words.LABELS_ZH)
                dice.shuffle(labels)
        if dice.random() < 0.4:
            out.extend(self._special(english))
        return out

    def _block(self, labels: list[str], english: bool, unit: str) -> list[_Row]:
        """Return some rows, perhaps under a section row or with a part of them set in."""
        dice = self._dice

        def row(indent: int = 0, lead: str = "") -> _Row:
            label = lead + labels.pop() if labels else lead + "其他"
            if unit:
                label += f" ({unit})" if english else f"（{unit}）"
            return _Row(label, indent, unit)

        kind = dice.random()
        if kind < 0.2 and len(labels) > 3:
            head = dice.choice(words.SECTIONS_EN if english else words.SECTIONS_ZH)
            total = words.TOTAL_EN if english else words.TOTAL_ZH
            rows = [_Row(head, blank=True), row(1), row(1)]
            return [*rows, *([] if unit else [_Row(dice.choice(total))])]
        if kind < 0.35 and len(labels) > 2:
            return [row(), row(1, "Of which: " if english else "其中：")]
        return [row()]

    def _special(self, english: bool) -> list[_Row]:
        """Return rows that keep their own unit whatever the table is in."""
        choices = words.SPECIAL_EN if english else words.SPECIAL_ZH
        picked = self._dice.sample(choices, self._dice.randint(1, 3))
        return [_Row(label, 0, unit, form) for label, unit, form in picked]


class _Grid:
    """Turns columns and rows into cells with their amounts."""

    def __init__(
        self,
        dice: random.Random,
        columns: Sequence[_Column],
        rows: Sequence[_Row],
        english: bool,
        unit: str,
        where: str,
        grouped: bool,
    ) -> None:
        self._dice = dice
        self._columns = columns
        self._rows = rows
        self._english = english
        self._unit = unit
        self._where = where
        self._left = 2 if grouped else 1
        self._levels = max(len(c.titles) for c in columns)
        self._minus = dice.choice(("-{}", "−{}", "({})", "-{}", "（{}）", "△{}"))
        self._nil = dice.choice(("-", "—", "–", "--"))
        self._wide = not english and dice.random() < 0.06
        self._decimals = dice.choice((0, 1, 2, 2, 2))

    def made(self, title: str, line: str) -> TrueTable:
        """Return the table."""
        cells = [*self._corner(), *self._heads(), *self._groups()]
        for number, row in enumerate(self._rows, self._levels):
            cells.append(TrueCell(number, self._left - 1, row.label, indent=row.indent))
            if row.blank:
                continue
            for place, column in enumerate(self._columns, self._left):
                cell = self._figure(number, place, row, column)
                if cell is not None:
                    cells.append(cell)
        return TrueTable(
            tuple(sorted(cells, key=lambda c: (c.row, c.column))),
            self._levels + len(self._rows),
            self._left + len(self._columns),
            self._levels,
            title,
            line,
            self._english,
        )

    def _corner(self) -> list[TrueCell]:
        text = self._dice.choice(words.CORNERS_EN if self._english else words.CORNERS_ZH)
        if self._where == "corner":
            text = f"({self._unit})" if self._english else f"{text}（单位：{self._unit}）"
        cells = [TrueCell(0, self._left - 1, text, self._levels)]
        if self._left == 2:
            cells.insert(0, TrueCell(0, 0, "Region" if self._english else "地区", self._levels))
        return cells

    def _heads(self) -> list[TrueCell]:
        """Return the titles: equal neighbours under the same title are one cell."""
        cells: list[TrueCell] = []
        for level in range(self._levels):
            at = 0
            while at < len(self._columns):
                titles = self._columns[at].titles
                if level >= len(titles):
                    at += 1
                    continue
                last = level == len(titles) - 1
                width = 1
                while not last and self._shares(at, at + width, level):
                    width += 1
                height = self._levels - level if last else 1
                cells.append(TrueCell(level, self._left + at, titles[level], height, width))
                at += width
        return cells

    def _shares(self, at: int, other: int, level: int) -> bool:
        if other >= len(self._columns):
            return False
        return self._columns[at].titles[: level + 1] == self._columns[other].titles[: level + 1]

    def _groups(self) -> list[TrueCell]:
        """Return a first column whose cells span the rows of a group."""
        if self._left == 1:
            return []
        cells, at = [], 0
        names = list(words.REGIONS_EN if self._english else words.REGIONS_ZH)
        while at < len(self._rows):
            left = len(self._rows) - at
            height = left if left < 4 or len(names) == 1 else self._dice.randint(2, 4)
            height = left if left - height == 1 else height
            cells.append(TrueCell(self._levels + at, 0, names.pop(0), height))
            at += height
        return cells

    # ── figures ─────────────────────────────────────────────────────────────────────────────────

    def _figure(self, row: int, place: int, line: _Row, column: _Column) -> TrueCell | None:
        dice = self._dice
        if column.form == "note":
            text = str(row) if self._english else f"七、{row}"
            return TrueCell(row, place, text) if dice.random() < 0.7 else None
        chance = dice.random()
        if chance < 0.04:
            return None
        if chance < 0.08:
            nil = dice.choice(("N/A", "n/a") if self._english else ("不适用",))
            return TrueCell(row, place, nil if chance > 0.07 else self._nil)
        if column.form == "ratio" or line.form == "ratio":
            return self._ratio(row, place, "" if column.form == "ratio" or line.unit else "%")
        if line.form != "money":
            return self._special(row, place, line)
        unit = read_unit(column.unit or line.unit or self._unit)
        if unit is None:
            raise AssertionError(f"{self._unit} is no unit")
        return self._money(row, place, unit)

    def _money(self, row: int, place: int, unit: Unit) -> TrueCell:
        """Return an amount as the table prints them, or with its unit in the cell."""
        value = self._drawn(self._decimals, 9 if unit.scale < 1000 else 6)
        text = self._signed(value, f"{abs(value):,.{self._decimals}f}")
        if self._where == "cells":
            text = self._signed(value, words.with_unit(text.strip("-−()（）△"), self._unit))
        elif self._dice.random() < 0.03:
            text += self._dice.choice(("*", "¹", "②", "[注1]"))
        amount = Amount(_plain(value * unit.scale), unit.code)
        return TrueCell(row, place, self._dressed(text), amount=amount)

    def _ratio(self, row: int, place: int, sign: str) -> TrueCell:
        value = self._drawn(2, 2)
        text = self._signed(value, f"{abs(value):.2f}{sign}")
        return TrueCell(row, place, self._dressed(text), amount=Amount(_plain(value), "%"))

    def _special(self, row: int, place: int, line: _Row) -> TrueCell:
        """Return a figure in the unit of its row; per-share rows may leave it to the table."""
        code = read_unit(line.unit)
        table = read_unit(self._unit)
        if code is None and table is not None:
            code = Unit(f"{table.code}/share", Decimal(1))
        if code is None:
            raise AssertionError(f"{line.label} has no unit")
        decimals = 0 if line.form == "count" else 2
        value = abs(self._drawn(decimals, 6 if line.form == "count" else 1))
        text = f"{value:,.{decimals}f}"
        return TrueCell(row, place, text, amount=Amount(_plain(value * code.scale), code.code))

    def _drawn(self, decimals: int, digits: int) -> Decimal:
        """Return a number; years and bare small wholes are drawn again, as they read like marks."""
        dice = self._dice
        while True:
            whole = dice.randrange(10 ** dice.randint(1, digits))
            value = Decimal(whole) + Decimal(dice.randrange(10**decimals)).scaleb(-decimals)
            if value and not (decimals == 0 and value < 2100):
                return -value if dice.random() < 0.2 else value

    def _signed(self, value: Decimal, text: str) -> str:
        return self._minus.format(text) if value < 0 else text

    def _dressed(self, text: str) -> str:
        return text.translate(words.FULL_WIDTH) if self._wide else text


def _plain(value: Decimal) -> Decimal:
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()
