"""English annual reports: Hong Kong, 10-K and bank style, fiscal years that end in any month."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from yanku.model.amount import Amount
from yanku.testing.layouts.ledgers import KINDS, Line
from yanku.testing.layouts.page import HEIGHT, WIDTH, Block, Pages
from yanku.testing.layouts.truth import Laid, Said, TrueFact

_PROSE = (
    "The Group continued to invest in its platform during the year and demand remained strong in",
    "most of its markets. Management expects the environment to stay competitive, and the Board",
    "has recommended a final dividend, subject to approval at the annual general meeting.",
)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_ENDS = ((12, 31), (6, 30), (3, 31), (9, 30), (12, 31), (9, 28))


@dataclass(frozen=True, slots=True)
class Look:
    """How a report prints money: its unit line, currency mark, scale, and code."""

    unit: str
    mark: str
    scale: int
    code: str


_LOOKS = {
    "hk": (Look("HK$'000", "", 1_000, "HKD"), Look("RMB'000", "", 1_000, "CNY"),
           Look("RMB million", "", 1_000_000, "CNY"), Look("US$'000", "", 1_000, "USD")),
    "10k": (Look("(In millions, except per share amounts)", "$", 1_000_000, "USD"),
            Look("(in thousands of U.S. dollars)", "$", 1_000, "USD"),
            Look("(Dollars in millions)", "$", 1_000_000, "USD")),
}  # fmt: skip


class EnglishReport:
    """Makes one report by chance; the same seed makes the same file."""

    def __init__(self, folder: Path, seed: int) -> None:
        dice = self._dice = random.Random(seed)  # noqa: S311 - repeatable samples
        self._pages = Pages(folder / f"english-{seed}.pdf", latin=True)
        self._form = dice.choice(("hk", "hk", "10k"))
        self._look = dice.choice(_LOOKS[self._form])
        self._kind = dice.choice(list(KINDS)) if self._form == "hk" else "industry"
        month, day = dice.choice(_ENDS)
        last = date(dice.choice((2022, 2023, 2024)), month, day)
        count = 3 if self._form == "10k" else 2
        self._ends = [_year_back(last, n) for n in range(count)]
        self._name = dice.choice(("Harrow Vale", "Northgate Pacific", "Silverline", "Kestrel Bay"))
        self._name += {"bank": " Bank Limited", "insurer": " Insurance Limited"}.get(
            self._kind, " Holdings Limited" if self._form == "hk" else " Inc."
        )
        self._code = f"{dice.randint(100, 9999):04}" if self._form == "hk" else self._name
        size = dice.randint(900_000, 9_000_000)
        self._books = [KINDS[self._kind](dice, size * (100 - 7 * n) // 100) for n in range(count)]
        self.laid = Laid(self._pages.path, company=self._code)

    def make(self) -> Laid:
        """Print the report."""
        self._cover()
        self._pages.next()
        for name in ("income", "balance", "cash"):
            self._statement(name)
            self._pages.next()
        self._pages.close()
        return self.laid

    def _cover(self) -> None:
        pages, end = self._pages, self._ends[0]
        if self._form == "hk":
            pages.text(WIDTH / 2, 200, self._name, 22, align="centre", strong=True)
            pages.text(WIDTH / 2, 230, f"(Stock code: {self._code})", 11, align="centre")
            said = f"Annual Report {end.year}"
            if end.month != 12:
                said = self._dice.choice(
                    (said, f"Annual Report {end.year - 1}/{end.year % 100:02}")
                )
            pages.text(WIDTH / 2, 300, said, 18, align="centre")
            pages.text(WIDTH / 2, 330, f"For the year ended {self._day(end)}", 10, align="centre")
        else:
            pages.text(WIDTH / 2, 90, "UNITED STATES SECURITIES AND EXCHANGE COMMISSION", 11,
                       align="centre", strong=True)  # fmt: skip
            pages.text(WIDTH / 2, 130, "FORM 10-K", 16, align="centre", strong=True)
            pages.text(60, 170, "ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d)", 9)
            pages.text(60, 186, f"For the fiscal year ended {self._day(end)}", 9)
            pages.text(WIDTH / 2, 250, self._name, 18, align="centre", strong=True)
            pages.text(WIDTH / 2, 266, "(Exact name of Registrant as specified in its charter)", 8,
                       align="centre")  # fmt: skip

    def _day(self, day: date) -> str:
        if self._form == "hk":
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"

    # ── statements ──────────────────────────────────────────────────────────────────────────────

    def _statement(self, name: str) -> None:
        pages, hk = self._pages, self._form == "hk"
        title = {
            "income": "Consolidated Statement of Profit or Loss" if hk
            else "CONSOLIDATED STATEMENTS OF OPERATIONS",
            "balance": "Consolidated Statement of Financial Position" if hk
            else "CONSOLIDATED BALANCE SHEETS",
            "cash": "Consolidated Statement of Cash Flows" if hk
            else "CONSOLIDATED STATEMENTS OF CASH FLOWS",
        }[name]  # fmt: skip
        if hk:
            pages.text(60, 70, title, 15, strong=True)
            lead = "As at" if name == "balance" else "For the year ended"
            pages.text(60, 88, f"{lead} {self._day(self._ends[0])}", 9)
            y = 118.0
        else:
            pages.text(WIDTH / 2, 62, self._name, 11, align="centre", strong=True)
            pages.text(WIDTH / 2, 80, title, 11, align="centre", strong=True)
            pages.text(WIDTH / 2, 95, self._look.unit, 9, align="centre")
            y = 118.0
        ends = self._ends[:2] if name == "balance" else self._ends
        step = 82.0
        right = WIDTH - 60
        block = Block(60, tuple(right - step * n for n in range(len(ends)))[::-1])
        y = self._heads(name, block, ends, y) if hk else self._us_heads(name, block, ends, y)
        self._group: tuple[str, ...] = ()
        for index, line in enumerate(self._books[0].lines[name]):
            y += 15
            if line.heading and self._books[0].lines[name][index + 1].indent:
                self._group = (line.label,)
            elif not line.indent:
                self._group = ()
            if y > HEIGHT - 90:
                return
            self._line(name, block, y, line, index)
        y += 30
        for said in _PROSE:
            pages.text(60, y, said, 9)
            y += 13

    def _heads(self, name: str, block: Block, ends: Sequence[date], y: float) -> float:
        pages, dice = self._pages, self._dice
        self._notes = block.ends[0] - 72
        spanning = name != "balance" and dice.random() < 0.5
        if spanning:
            last = self._ends[0]
            said = f"Year ended {last.day} {_MONTHS[last.month - 1]}"
            pages.text((block.ends[0] + block.ends[-1]) / 2 - 20, y, said, 9, align="centre")
            pages.rule(block.ends[0] - 50, block.ends[-1], y + 3)
            y += 14
        for at, end in zip(block.ends, ends, strict=True):
            pages.text(at, y, str(end.year), 9, align="right", strong=True)
        y += 13
        pages.text(self._notes, y, dice.choice(("Notes", "Note")), 9, align="right")
        for at in block.ends:
            pages.text(at, y, self._look.unit, 9, align="right", strong=True)
        pages.rule(60, block.ends[-1], y + 4, 0.8)
        return y + 4

    def _us_heads(self, name: str, block: Block, ends: Sequence[date], y: float) -> float:
        pages = self._pages
        self._notes = 0.0
        if name != "balance":
            said = self._dice.choice(("Years ended", "Fiscal Year Ended", "Year Ended"))
            pages.text(
                (block.ends[0] + block.ends[-1]) / 2 - 30, y, said, 8, align="centre", strong=True
            )
            pages.rule(block.ends[0] - 60, block.ends[-1], y + 3)
            y += 13
        for at, end in zip(block.ends, ends, strict=True):
            pages.text(at, y, f"{_MONTHS[end.month - 1]} {end.day},", 8, align="right", strong=True)
            pages.text(at, y + 11, str(end.year), 8, align="right", strong=True)
        pages.rule(60, block.ends[-1], y + 15)
        return y + 15

    def _line(self, name: str, block: Block, y: float, line: Line, index: int) -> None:
        pages = self._pages
        pages.text(block.x0 + 10 * line.indent, y, line.label, 9, strong=line.total)
        if line.heading:
            return
        if self._notes and line.note:
            pages.text(self._notes, y, str(self._dice.randint(4, 40)), 9, align="right")
        values = [book.values[name][line.key] for book in self._books[: len(block.ends)]]
        for n, (at, value) in enumerate(zip(block.ends, values, strict=True)):
            said = _printed(value)
            if self._look.mark and (line.total or index < 2) and not line.share:
                pages.text(at - 58, y, self._look.mark, 9)
            # A closing bracket hangs over the right edge, so that the digits stay in line.
            shift = pages.width(")", 9) if said.endswith(")") else 0
            pages.text(at + shift, y, said, 9, align="right", strong=line.total)
            self._tell(name, line, n, value)
        if line.total:
            pages.rule(block.ends[0] - 58, block.ends[-1], y + 4)

    def _tell(self, name: str, line: Line, n: int, value: Decimal) -> None:
        scale = 1 if line.share else self._look.scale
        if not value:
            return
        code = f"{self._look.code}/share" if line.share else self._look.code
        if line.share and self._form == "hk":
            return
        self.laid.said.append(
            Said(line.label, (str(self._ends[n].year),), Amount(value * scale, code), self._group)
        )
        if line.metric:
            end = self._ends[n]
            start = None if name == "balance" or line.instant else _first_day(end)
            shown = abs(value) if line.cost else value
            self.laid.facts.append(TrueFact(line.metric, end, Amount(shown * scale, code), start))


def _printed(value: Decimal) -> str:
    if not value:
        return "–"
    text = f"{abs(value):,}"
    return f"({text})" if value < 0 else text


def _year_back(day: date, years: int) -> date:
    return date(day.year - years, day.month, day.day)


def _first_day(end: date) -> date:
    """Return the first day of the twelve months that end with a day, by whole months."""
    after = end + timedelta(days=1) if (end + timedelta(days=1)).day == 1 else end
    if after is end:
        index = end.year * 12 + end.month - 12
        return date(index // 12, index % 12 + 1, 1)
    return date(after.year - 1, after.month, 1)
