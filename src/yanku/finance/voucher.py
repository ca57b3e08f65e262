"""Reads from a till receipt or an invoice who sold, on which day, and for how much in all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from yanku.model.amount import Amount
from yanku.model.document import Document, Table
from yanku.model.place import Place

_MOST_PAGES = 3
_COINS = Decimal("0.05")
"""What a sum is rounded by where small coins are not in use."""
_SIGNS = re.compile(
    r"receipt|invoice|cashier|\bcash\b|\bchange\b|subtotal|sub[\s-]total|\bqty\b|thank\s?you|\bgst\b"
    r"|\bvat\b|grand total|amount due|发票|收据|小票|价税合计|开票日期|收银|找零|实收",
    re.IGNORECASE,
)
_MONEY = (
    r"(?P<minus>[-−]\s?)?"
    r"(?P<mark>RM|MYR|US\$|HK\$|S\$|USD|HKD|SGD|CNY|RMB|EUR|GBP|\$|¥|￥|€|£)?\s*"
    r"(?P<sum>-?\s?(?:\d{1,3}(?:[,，]\d{3})+|\d+)\.\d{2})(?![\d.%])\s*(?P<after>元)?"
)
_SUM = re.compile(_MONEY)
_POINTLESS = re.compile(
    r"(?P<mark>(?:RM|MYR|US\$|HK\$|S\$|[$¥￥€£])\s*)(?P<whole>\d{1,6})\s(?P<cents>\d\d)(?![\d.,%])"
)
_MARKS = {"RM": "MYR", "US$": "USD", "HK$": "HKD", "S$": "SGD", "RMB": "CNY", "¥": "CNY",
          "￥": "CNY", "€": "EUR", "£": "GBP", "$": ""}  # fmt: skip

_TOTAL = r"t[o0u]t\W?[a4]?[l1]"
# What the words before a sum make of it: those nearest to it count, then the first of these.
_KINDS = (
    ("inclusive", rf"{_TOTAL}\W*(?:sales|amount|amt)?\W*incl\w*\W*(?:of)?\W*\d*\W*"
                  r"(?:gst|vat|tax|sst)"),
    ("subtotal", rf"sub\W*(?:{_TOTAL}|[o0]tal)(?:\(\w{{2,5}}\))?|小计|不含税(?:金额)?"),
    ("tax", rf"(?:gst|vat|tax|税额)(?:\W*{_TOTAL})?|{_TOTAL}\s*(?:gst|vat|tax)\w*"),
    ("other", rf"excl\w*|before|qty|quantity|items?|{_TOTAL}\s*(?:disc|sav|qty)\w*|disc\w*|saving"),
    ("due", rf"grand\s*{_TOTAL}|net\w*\s*{_TOTAL}|(?:amount|amt|balance|{_TOTAL})\s*(?:due|payable)"
            rf"|payable|round\w*\s*d?\s*{_TOTAL}|{_TOTAL}\s*\(?(?:sales|amt|amount)?\(?(?:round|after|incl)\w*"
            r"(?:\s*of)?(?:\s*gst)?|价税合计|小写|应付|应收"),
    ("change", r"change|找零|找回"),
    ("cash", r"cash(?:\s*tendered)?|tender\w*|paid|payment|现金|实收"),
    ("rounding", r"round\w*(?:\s*adj\w*)?|抹零|四舍五入"),
    ("total", rf"{_TOTAL}(?:\s*(?:amt|amount|sales))?|合计|总计|总额"),
)  # fmt: skip
_WHOLE = {"total", "inclusive"}
_LABELS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = (
    re.compile(r"(?<!\d)(?P<y>20\d\d)\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>(?:20)?\d\d)(?!\d|[./-]\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[\s-]?(?P<mon>[A-Za-z]{3})[a-z]*[\s,-]*(?P<y>(?:20)?\d\d)\b"),
    re.compile(r"(?P<mon>[A-Za-z]{3})[a-z]*\.?\s(?P<d>\d{1,2}),?\s(?P<y>20\d\d)(?!\d)"),
)  # fmt: skip
_DAY_LABEL = re.compile(r"date|日期|时间", re.IGNORECASE)
_NO_NAME = re.compile(
    r"^\W*(?:tax\s*)?(?:invoice|receipt|bill|cash|date|tel|fax|no\b|gst)|发票|收据|号码|^\W*[\d\W]+$"
    r"|dup|copy|welcome",
    re.IGNORECASE,
)
_SELLER = re.compile(
    r"(?:销售方|销货单位|收款单位)[\s\S]{0,6}?名\s*称\s*[:：]\s*(?P<name>\S{2,40})"
)


@dataclass(frozen=True, slots=True)
class Voucher:
    """What a receipt or invoice says; None or empty is what it does not say clearly.

    ``place`` is where the total stands.
    """

    merchant: str = ""
    day: date | None = None
    total: Amount | None = None
    place: Place | None = None

    @property
    def title(self) -> str:
        """Return a title by which it is known among others."""
        total = f"{self.total.value:,.2f} {self.total.unit}" if self.total is not None else ""
        day = self.day.isoformat() if self.day is not None else ""
        return " ".join(part for part in (self.merchant, day, total.strip()) if part)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum of money, what the words before it make of it, and where it stands."""

    kind: str
    value: Decimal
    unit: str
    place: Place


def voucher_of(document: Document) -> Voucher | None:
    """Return what a receipt or an invoice says, or None if the document does not look like one."""
    rows = list(_rows(document))
    signs = {m[0].lower() for text, _ in rows for m in _SIGNS.finditer(text)}
    if len(document.pages) > _MOST_PAGES or len(signs) < 2:
        return None
    known = {each.value for text, place in rows for each in _sums(text, place)}
    sums = [each for text, place in rows for each in _sums(_pointed(text, known), place)]
    found = _total(sums)
    texts = [text for text, _ in rows]
    if found is None:
        return Voucher(_merchant(texts), _day(texts))
    units = {each.unit for each in sums if each.unit}
    unit = found.unit or (units.pop() if len(units) == 1 else "")
    return Voucher(_merchant(texts), _day(texts), Amount(found.value, unit), found.place)


def _rows(document: Document) -> Iterator[tuple[str, Place]]:
    """Yield what stands side by side: paragraphs, and rows of tables at their last cells."""
    for block in document.body:
        if not isinstance(block, Table):
            yield block.text, block.place
            continue
        for row in range(block.rows):
            cells = [cell for cell in block.cells if cell.row == row and cell.text.strip()]
            if cells:
                yield " ".join(cell.text for cell in cells), cells[-1].place


def _pointed(text: str, known: Set[Decimal]) -> str:
    """Return a text in which RM 86 00 is RM 86.00, if that sum is printed elsewhere with its point.

    On worn paper the point alone may be gone.
    """

    def point(said: re.Match[str]) -> str:
        value = Decimal(f"{said['whole']}.{said['cents']}")
        return f"{said['mark']}{value}" if value in known else said[0]

    return _POINTLESS.sub(point, text)


def _sums(text: str, place: Place) -> Iterator[_Sum]:
    start = 0
    for m in _SUM.finditer(text):
        words = text[start : m.start("mark") if m["mark"] else m.start("sum")][-40:]
        value = Decimal(re.sub(r"[,，\s]", "", m["sum"]))
        mark = m["mark"] or ("CNY" if m["after"] else "")
        value = -value if m["minus"] and m["mark"] else value
        yield _Sum(_kind(words), value, _MARKS.get(mark, mark), place)
        start = m.end()


def _kind(words: str) -> str:
    glued = words[-1:].isalnum()
    words = re.sub(r"\s", "", words)  # letters of till receipts stand far apart
    ends = {kind: max((m.end() for m in label.finditer(words)), default=0)
            for kind, label in _LABELS}  # fmt: skip
    nearest = max(ends, key=lambda kind: ends[kind])
    if glued and 0 < ends[nearest] < len(words):
        return "unclear"  # other print runs into the sum, so that its first digits are not certain
    return nearest if ends[nearest] else ""


def _total(sums: list[_Sum]) -> _Sum | None:
    """Return what is to be paid; None unless labels, rounding and cash given leave one sum.

    Coins round a total by a few cents, and then it is printed twice, or only paid.
    """
    likely = [s for s in sums if s.kind == "due" and s.value > 0]
    totals = [s for s in sums if s.kind in _WHOLE and s.value > 0]
    rounding = {s.value for s in sums if s.kind == "rounding" and s.value}
    rounded = {t.value + r for t in totals for r in rounding} & {s.value for s in sums}
    paid = _paid(sums)
    near = [s for s in (*likely, *totals) if paid is not None and abs(s.value - paid) <= _COINS]
    if paid is not None and near:
        return next((s for s in sums if s.value == paid), None)
    if len(rounded) == 1:
        return next(s for s in sums if s.value in rounded)
    if not likely and not totals and (proved := _proved(sums, paid)) is not None:
        return proved
    if paid is None and not likely and (stamped := _stamped_over(sums)) is not None:
        return stamped
    if paid is not None or any(s.kind == "unclear" for s in sums):
        return None  # what was paid says otherwise, or was itself read wrongly
    group = likely or totals
    if len({s.value for s in group}) != 1 or _has_rival(group[-1], sums):
        return None
    return group[-1]


def _has_rival(total: _Sum, sums: list[_Sum]) -> bool:
    """Tell a total that another sum with an unreadable label may have to replace.

    One that differs by a few coins was rounded, or is what was rounded; a larger one further down
    says that this may be a subtotal.
    """
    near = (0 < abs(s.value - total.value) <= _COINS for s in sums if s.kind != "rounding")
    below = sums[next(i for i, s in enumerate(sums) if s is total) + 1 :]
    return any(near) or any(s.kind == "" and s.value > total.value for s in below)


def _proved(sums: list[_Sum], paid: Decimal | None) -> _Sum | None:
    """Return the total whose label cannot be read, if subtotal, tax and rounding add up to it.

    It must be printed below the subtotal, and where cash and change are known, be what was paid.
    """
    at = next((i for i, s in enumerate(sums) if s.kind == "subtotal"), None)
    if at is None:
        return None
    taxes = {s.value for s in sums if s.kind == "tax"} | {Decimal(0)}
    rounding = {s.value for s in sums if s.kind == "rounding" and s.value} or {Decimal(0)}
    added = {sums[at].value + t + r for t in taxes for r in rounding}
    if paid is None:
        added.discard(sums[at].value)  # the subtotal alone is no witness of itself
    below = [s for s in sums[at + 1 :] if s.value in added and paid in (None, s.value)]
    below = [s for s in below if s.kind in {"", "cash"} and s.value > 0]
    return below[0] if len({s.value for s in below}) == 1 else None


def _stamped_over(sums: list[_Sum]) -> _Sum | None:
    """Return a total that other print runs into, if subtotal, tax and rounding make its end.

    ``TOTAL DA175527.55`` below 26.00, 1.56 and -0.01 is a total of 27.55.
    """
    at = next((i for i, s in enumerate(sums) if s.kind == "subtotal"), None)
    tax = {s.value for s in sums if s.kind == "tax" and s.value}
    rounding = {s.value for s in sums if s.kind == "rounding" and s.value} or {Decimal(0)}
    if at is None or len(tax) != 1 or len(rounding) != 1:
        return None
    value = sums[at].value + tax.pop() + rounding.pop()
    below = [s for s in sums[at + 1 :] if s.kind == "unclear" and f"{s.value}".endswith(f"{value}")]
    return replace(below[0], kind="due", value=value) if below and value > 0 else None


def _paid(sums: list[_Sum]) -> Decimal | None:
    """Return cash given less change, where both are printed once."""
    cash = {s.value for s in sums if s.kind == "cash"}
    change = {abs(s.value) for s in sums if s.kind == "change"}
    if len(cash) != 1 or len(change) != 1:
        return None
    paid = cash.pop() - change.pop()
    return paid if paid > 0 else None


def _day(texts: Iterable[str]) -> date | None:
    """Return the day of sale: one that is called a date, else the first that is printed."""
    found = [(bool(_DAY_LABEL.search(text)), day) for text in texts for day in _days(text)]
    return max(found, key=lambda each: each[0])[1] if found else None


def _days(text: str) -> Iterator[date]:
    for pattern in _DAYS:
        for m in pattern.finditer(text):
            parts = m.groupdict()
            name = (parts.get("mon") or "").lower()
            if name and name not in _MONTHS:
                continue
            month = _MONTHS.index(name) + 1 if name else int(parts["m"])
            day, year = int(parts["d"]), int(parts["y"]) % 100 + 2000
            if month > 12 >= day and not name:
                month, day = day, month  # printed month first
            try:
                yield date(year, month, day)
            except ValueError:
                continue


def _merchant(texts: list[str]) -> str:
    """Return the seller: named as such, else the first line that can be a name."""
    if (m := _SELLER.search("\n".join(texts))) is not None:
        return m["name"]
    for text in texts[:6]:
        line = " ".join(text.split())
        if sum(c.isalpha() for c in line) >= 4 and not _NO_NAME.search(line):
            return line[:60]
    return ""
