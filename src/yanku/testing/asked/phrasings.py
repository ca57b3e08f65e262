"""Makes questions about known figures in many styles, each with the answer it must get.

The answers are worked out from the figures alone, by arithmetic of this module's own, so that a
plan, the choice of facts and the calculation are all put to the test.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yanku.finance.labels import has_han
from yanku.finance.ontology import Ontology
from yanku.finance.periods import is_full_year, months, year_before
from yanku.finance.script import sound_alike
from yanku.model.finance import Company, Period
from yanku.testing.asked.saying_dates import dates_said


@dataclass(frozen=True, slots=True)
class Key:
    """What a figure is of: a company's code, a metric, a period."""

    company: str
    metric: str
    period: Period


@dataclass(frozen=True, slots=True)
class Wanted:
    """The answer a question must get: a value in a unit, or names; in any order of the text."""

    value: Decimal | None = None
    unit: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrased:
    """A question, its style and intent, and the answer it must get."""

    question: str
    style: str
    intent: str
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Known:
    """The figures questions are made of: one value per key, in its base unit."""

    companies: Sequence[Company]
    figures: Mapping[Key, Decimal]
    units: Mapping[Key, str]
    ontology: Ontology


_PLAIN = (
    "东岭机床桥宁务业资产负债营润经费净现额总应账存货长动说谁请问较为与万亿财报劳您麻"
    "烦谢帮询项贷银证券药电霁纹览类发"
)
_COMPLEX = (
    "東嶺機牀橋寧務業資產負債營潤經費淨現額總應賬存貨長動說誰請問較為與萬億財報勞您麻"
    "煩謝幫詢項貸銀證券藥電霽紋覽類發"
)
STYLES = ("plain", "terse", "polite", "order", "spoken", "mixed", "english", "traditional", "typo")
_HELLO = (
    "您好，",
    "请问",
    "麻烦您帮我查一下",
    "劳驾，",
    "想了解一下",
    "老师好，请教一下",
    "能不能帮忙看下",
    "",
)
_THANKS = ("，谢谢", "，多谢啦", "，辛苦了", "，急用", "，感谢您", "")
_ASKS = ("是多少", "多少", "为多少", "是多少？", "有多少", "数据", "")
_COMMON = (
    "收手受首利立力闰润存成城营盈产场净静镜率律债寨资字务物勿物费废人认期七货活款宽总综用拥本笨额饿"
)


def phrased(known: Known, seed: int, count: int) -> Iterator[Phrased]:
    """Yield questions; the same seed gives the same ones."""
    chance = random.Random(seed)  # noqa: S311 - a test must be repeatable
    makers: Sequence[Callable[[_Maker], Phrased | None]] = (
        _lookup, _lookup, _growth, _compare, _difference, _share, _total, _rank, _change,
    )  # fmt: skip
    maker = _Maker(known, chance, sorted(known.figures, key=_order))
    made = 0
    while made < count:
        one = chance.choice(makers)(maker)
        if one is not None:
            made += 1
            yield one


def _order(key: Key) -> tuple[str, str, str]:
    return key.company, key.metric, str(key.period)


@dataclass(frozen=True, slots=True)
class _Maker:
    known: Known
    chance: random.Random
    keys: Sequence[Key]

    def key(self) -> Key:
        return self.chance.choice(self.keys)

    def style(self) -> str:
        return self.chance.choice(STYLES)

    def value(self, key: Key) -> Decimal | None:
        return self.known.figures.get(key)

    def company(self, code: str) -> Company:
        return next(c for c in self.known.companies if c.code == code)

    def named(self, code: str, style: str) -> str:
        company = self.company(code)
        latin = [n for n in company.aliases if not has_han(n) and not n.isdigit()]
        if style == "english" and latin:
            return self.chance.choice(latin)
        if style == "terse" and company.code.isdigit() and self.chance.random() < 0.3:
            return company.code
        return company.name

    def measured(self, metric: str, style: str) -> str:
        """Return a name of the metric that means it and nothing else."""
        measure = self.known.ontology.metrics[metric]
        names = [n for n in measure.spoken if n not in measure.loose and len(n) <= 24]
        owner = dict(self.known.ontology.names())
        names = [n for n in names if owner[n] == metric]
        latin = [n for n in names if not has_han(n)]
        han = [n for n in names if has_han(n)] or [measure.zh]
        english = style == "english" or (style == "mixed" and self.chance.random() < 0.6)
        return self.chance.choice(latin if english and latin else han)

    def dated(self, period: Period, style: str) -> str:
        return self.chance.choice(dates_said(period, style))

    def said(self, style: str, parts: tuple[str, str, str], asks: str) -> str:
        """Return company, period and measure as the style puts them together."""
        company, period, measure = parts
        if style == "english":
            return self.chance.choice(
                (
                    f"What was {company}'s {measure} {_in(period)}{asks}?",
                    f"{company} {measure} {period}{asks}",
                    f"{_in(period).capitalize()}, what was the {measure} of {company}{asks}?",
                    f"Could you tell me the {measure} of {company} {_in(period)}{asks}?",
                )
            )
        joint = " " if style in {"terse", "mixed"} else ""
        order = [company, period, measure]
        if style == "order":
            self.chance.shuffle(order)
            joint = self.chance.choice(("，", " ", "，"))
        text = joint.join(order) if joint else f"{company}{period}的{measure}"
        text += asks
        if style == "polite":
            text = self.chance.choice(_HELLO) + text + self.chance.choice(_THANKS)
        if style == "traditional":
            text = text.translate(_complex())
        if style == "typo":
            text = self.mistyped(text, measure)
        return text

    def mistyped(self, text: str, measure: str) -> str:
        """Return the text with one character of the measure changed for one that sounds alike."""
        spots = [at for at, sign in enumerate(measure) if has_han(sign)]
        self.chance.shuffle(spots)
        for at in spots:
            for other in _COMMON:
                if other != measure[at] and sound_alike(other, measure[at]):
                    return text.replace(measure, measure[:at] + other + measure[at + 1 :])
        return text


def _complex() -> dict[int, str]:
    return {ord(sign): other for sign, other in zip(_PLAIN, _COMPLEX, strict=True)}


def _in(period: str) -> str:
    return period if period.startswith(("at ", "for ", "on ", "in ")) else f"in {period}"


# ── intents ──


def _asks(maker: _Maker, style: str) -> str:
    return "" if style in {"english", "terse"} else maker.chance.choice(_ASKS)


def _lookup(maker: _Maker) -> Phrased | None:
    key, style = maker.key(), maker.style()
    parts = _parts(maker, key, style)
    wanted = Wanted(maker.value(key), maker.known.units[key])
    return Phrased(maker.said(style, parts, _asks(maker, style)), style, "lookup", wanted)


def _parts(maker: _Maker, key: Key, style: str) -> tuple[str, str, str]:
    return (
        maker.named(key.company, style),
        maker.dated(key.period, style),
        maker.measured(key.metric, style),
    )


def _growth(maker: _Maker) -> Phrased | None:
    key, style = maker.key(), maker.style()
    then = Key(key.company, key.metric, year_before(key.period))
    now, old = maker.value(key), maker.value(then)
    if now is None or not old or maker.known.units[key] == "%":
        return None
    asks = maker.chance.choice(
        (" growth", ", year on year change")
        if style == "english"
        else (
            "同比增长多少",
            "同比",
            "的同比增速",
            "较上年同期变动幅度",
            "同比增长率是多少",
            " yoy",
        )
    )
    company, period, measure = _parts(maker, key, style)
    if style == "english":
        text = maker.chance.choice(
            (
                f"What was the growth rate of {company}'s {measure} {_in(period)}?",
                f"{company} {measure} growth {period}",
                f"By how much did {company}'s {measure} change year on year {_in(period)}?",
            )
        )
    elif style == "order":
        asks = maker.chance.choice(("同比增长多少", "增速", "同比变动"))
        text = f"{asks}，{company}{period}的{measure}"
    else:
        text = maker.said(style, (company, period, measure), asks)
    return Phrased(text, style, "growth", Wanted((now - old) * 100 / abs(old), "%"))


def _change(maker: _Maker) -> Phrased | None:
    key, style = maker.key(), maker.style()
    then = Key(key.company, key.metric, year_before(key.period))
    now, old = maker.value(key), maker.value(then)
    if (
        now is None
        or old is None
        or maker.known.units[key] != "CNY"
        or style in {"english", "order"}
    ):
        return None
    asks = maker.chance.choice(("同比增加了多少元", "比上年同期增加多少元", "同比增减额"))
    text = maker.said(style, _parts(maker, key, style), asks)
    return Phrased(text, style, "change", Wanted(now - old, "CNY"))


def _two(maker: _Maker) -> tuple[Key, Key] | None:
    key = maker.key()
    others = [
        Key(c.code, key.metric, key.period) for c in maker.known.companies if c.code != key.company
    ]
    others = [k for k in others if maker.value(k) is not None]
    same = [k for k in others if maker.known.units[k] == maker.known.units[key]]
    return (key, maker.chance.choice(same)) if same else None


def _compare(maker: _Maker) -> Phrased | None:
    pair, style = _two(maker), maker.style()
    if pair is None or style == "typo":
        return None
    a, b = (maker.named(k.company, style) for k in pair)
    period, measure = maker.dated(pair[0].period, style), maker.measured(pair[0].metric, style)
    one, other = (maker.value(k) or Decimal(0) for k in pair)
    if one == other:
        return None
    low = maker.chance.random() < 0.3
    if style == "english":
        text = (
            f"Which company had {'lower' if low else 'higher'} {measure} {_in(period)}, {a} or {b}?"
        )
    else:
        word = "低" if low else "高"
        text = maker.chance.choice(
            (
                f"{a}和{b}{period}谁的{measure}更{word}",
                f"{period}{measure}，{a}与{b}哪家{word}？",
                f"{a}、{b}，{period}哪个{measure}更{word}一些",
                f"{period}，{a}跟{b}比，谁的{measure}{'最' + word}",
            )
        )
    if style == "traditional":
        text = text.translate(_complex())
    best = pair[0] if (one < other) is low else pair[1]
    return Phrased(text, style, "compare", Wanted(names=(best.company,)))


def _difference(maker: _Maker) -> Phrased | None:
    pair, style = _two(maker), maker.style()
    if pair is None or style in {"typo", "english", "order"}:
        return None
    a, b = (maker.named(k.company, style) for k in pair)
    period, measure = maker.dated(pair[0].period, style), maker.measured(pair[0].metric, style)
    one, other = (maker.value(k) or Decimal(0) for k in pair)
    text = maker.chance.choice(
        (f"{a}{period}{measure}比{b}高多少", f"{period}{a}与{b}的{measure}相差多少")
    )
    unit = maker.known.units[pair[0]]
    return Phrased(text, style, "difference", Wanted(one - other, "pp" if unit == "%" else unit))


def _share(maker: _Maker) -> Phrased | None:
    key, style = maker.key(), maker.style()
    base = "total_assets" if key.period.is_instant else "operating_revenue"
    whole = maker.value(Key(key.company, base, key.period))
    part = maker.value(key)
    if part is None or not whole or key.metric == base or style in {"typo", "english", "order"}:
        return None
    if maker.known.units[key] != "CNY":
        return None
    company, period, measure = _parts(maker, key, "plain")
    name = maker.known.ontology.name(base)
    asks = maker.chance.choice((f"占{name}的比例", f"占{name}多少", f"占{name}的比重是多少"))
    text = maker.said(style, (company, period, measure), asks)
    return Phrased(text, style, "share", Wanted(part * 100 / whole, "%"))


def _total(maker: _Maker) -> Phrased | None:
    key, style = maker.key(), maker.style()
    years = [
        Key(key.company, key.metric, months(key.period.end.year - n, 1, 12)) for n in (0, 1, 2)
    ]
    values = [maker.value(k) for k in years]
    if (
        key.period.is_instant
        or not is_full_year(key.period)
        or style in {"typo", "english", "order"}
    ):
        return None
    if any(value is None for value in values) or maker.known.units[key] != "CNY":
        return None
    last = key.period.end.year
    company, measure = maker.named(key.company, style), maker.measured(key.metric, "plain")
    mean = maker.chance.random() < 0.5
    when = maker.chance.choice(
        (f"{last - 2}年至{last}年", f"{last - 2}、{last - 1}、{last}年", f"{last - 2}-{last}年")
    )
    text = f"{company}{when}{measure}{'平均是多少' if mean else '合计是多少'}"
    whole = sum((value for value in values if value is not None), Decimal(0))
    return Phrased(text, style, "total", Wanted(whole / 3 if mean else whole, "CNY"))


def _rank(maker: _Maker) -> Phrased | None:
    key, style = maker.key(), maker.style()
    rivals = [
        k
        for c in maker.known.companies
        if maker.value(k := Key(c.code, key.metric, key.period)) is not None
    ]
    if len(rivals) < 2 or len({maker.known.units[k] for k in rivals}) > 1 or style == "typo":
        return None
    low = maker.chance.random() < 0.2
    ordered = sorted(rivals, key=lambda k: maker.value(k) or Decimal(0), reverse=not low)
    if maker.value(ordered[0]) == maker.value(ordered[1]):
        return None
    period, measure = maker.dated(key.period, style), maker.measured(key.metric, style)
    if style == "english":
        text = f"Which company had the {'lowest' if low else 'highest'} {measure} {_in(period)}?"
    else:
        word = "低" if low else "高"
        text = maker.chance.choice(
            (
                f"{period}{measure}最{word}的公司是哪家",
                f"哪家公司{period}{measure}最{word}？",
                f"{period}谁的{measure}最{word}",
            )
        )
    return Phrased(text, style, "rank", Wanted(names=(ordered[0].company,)))
