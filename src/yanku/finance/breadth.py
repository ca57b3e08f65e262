"""Finds how many figures a question asks for: spans of periods, tops of rankings, bounds, sums."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from yanku.finance.bounds import Limit, find_limits
from yanku.finance.page import blanked
from yanku.finance.phrases import Phrases
from yanku.finance.sides import Side
from yanku.finance.spread import ends_apart
from yanku.model.inquiry import Bound, Fold, Span, Step, Turn

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {
    **{sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)},
    **{word: n for n, word in enumerate(_WORDS, start=1)},
    **{f"{ten}十{sign}": 10 * tens + n
       for tens, ten in enumerate(("", "二"), start=1)
       for n, sign in enumerate(["", *"一二三四五六七八九"])},
    "两": 2,
}  # fmt: skip
_N = r"二?十[一二三四五六七八九]?|[一二两三四五六七八九]|\d{1,2}"
_N_EN = r"\d{1,2}|" + "|".join(_WORDS)
_EACH_QUARTER = (
    r"(?:各|每)个?(?:单)?季度?|逐季度?|分季度?|(?<=□)(?:年)?(?:的|全年的?)?(?:四|4)个季度"
)
_LATEST_EN = r"(?:over |in |for |during )?the (?:last|past|latest|recent|most recent)"
_SPANS = (
    (
        re.compile(
            rf"(?:最?近|过去|前|这)(?P<n>{_N})个?(?:完整)?(?:会计|财务|财政)?年度?(?:以?来|间|内|里|中)?的?"
            rf"(?P<each>{_EACH_QUARTER})?"
        ),
        Step.YEAR,
    ),
    (re.compile(rf"(?:最?近|过去|前)(?P<n>{_N})个季度(?:以?来|内|里)?"), Step.QUARTER),
    (
        re.compile(
            rf"{_LATEST_EN} (?P<n>{_N_EN})"
            r" (?:fiscal |financial )?years?(?P<each>,? (?:by|each|every|per) quarter)?"
        ),
        Step.YEAR,
    ),
    (re.compile(rf"{_LATEST_EN} (?P<n>{_N_EN}) quarters?"), Step.QUARTER),
)
SPAN_SAID = re.compile(
    rf"(?:最?近|过去)(?:{_N})个?(?:完整)?(?:会计)?(?:年度?|季度)(?:以?来)?|历年"
    rf"|{_LATEST_EN} (?:{_N_EN}) (?:fiscal |financial )?(?:years?|quarters?)"
)
"""Periods counted back, as far as their words go."""
_QUARTER_EN = r"(?:by|each|every|per) quarter|\bquarterly\b(?! (?:report|filing))"
_EVERY = (
    (re.compile(rf"{_EACH_QUARTER}|{_QUARTER_EN}"), Step.QUARTER),
    (
        re.compile(
            r"历年|逐年|各年度?|每年度?|各个?年份"
            r"|(?:by|each|every|per) year|\b(?:yearly|annually)\b"
        ),
        Step.YEAR,
    ),
)
_TOPS = (
    re.compile(
        rf"(?:最[高低大小多少强快慢]的?)?前(?P<n>{_N})(?:名|家|位|大|强|个|只)?(?!年|个?季|个?月)"
    ),
    re.compile(rf"最[高低大小多少强快慢]的?(?P<n>{_N})(?:名|家|位|个|只)"),
    re.compile(rf"(?:后|倒数)(?P<n>{_N})(?:名|家|位)"),
    re.compile(rf"(?:是|为)?哪(?P<n>{_N})(?:家|个|只)(?:上市)?(?:公司|企业|银行|券商)?(?!季|月)"),
    re.compile(rf"\b(?:which|what|the) (?P<n>{_N_EN}) (?:companies|firms|banks)\b(?! with)"),
    re.compile(r"排(?:名|行)?(?:在)?第(?P<n>一)(?:名|位|的)?"),
    re.compile(r"第一(?:名|位|高|大|多)?(?:(?:[和与及、]|以及)第(?P<n>[二三])(?:名|位|高|大|多)?)"),
    re.compile(
        rf"\b(?:top|bottom)[ -]?(?P<n>{_N_EN})(?![a-z0-9])(?: companies| firms| banks)?(?: by)?"
    ),
    re.compile(
        rf"\b(?P<n>{_N_EN}) (?:companies|firms|banks)? ?with the (?:highest|lowest|most|least)"
    ),
)
_LOWER = frozenset({"低", "小", "少", "慢", "差", "lowest", "smallest", "least", "slowest"})
_LOW = re.compile(r"最[低小少慢差]|后|倒数|bottom|lowest|least|smallest")
_MOVES = re.compile(
    r"(?<!连续)(?<!年)(?<!都)(?P<down>(?:同比)?(?:下滑|下降|减少|负增长|倒退))(?:了)?(?!率|最|超|幅|多少|额|较|比|情况|百分)"
    r"|(?<!连续)(?<!年)(?<!都)(?<!负)(?P<up>(?:同比)?正?(?:增长|上升|增加))(?:了)?(?!率|最|超|幅|多少|额|较|比|情况|百分|点)"
)
"""A rise or fall that companies are chosen by."""
_DIRECTION = re.compile(
    r"(?P<down>(?:同比)?(?:下滑|下降|下跌|减少|负增长|倒退|降低|跌|降|变少)了?"
    r"(?!率|最|得|幅|速|多少|额|情况|百分|点)"
    r"|\b(?:fall(?:ing)?|fell|fallen|falls|declin(?:e[ds]?|ing)|decreas(?:e[ds]?|ing)"
    r"|drop(?:p(?:ed|ing)|s)?|shr[aiu]nk(?:ing)?|worsen(?:ed|ing)?|deteriorat(?:e[ds]?|ing)"
    r"|(?:get|got|gotten|become|became) worse)\b"
    r"(?! rate))"
    r"|(?P<up>(?:同比)?(?<!负)正?(?:增长|上升|上涨|增加|提高|涨|增|变多)了?"
    r"(?!率|最|得|幅|速|多少|额|情况|百分|点|长|加|减)"
    r"|\b(?:gr[eo]w(?:n|s|th|ing)?|ris(?:e|en|es|ing)|rose|increas(?:e[ds]?|ing)|expand(?:ed|s|ing)?"
    r"|improv(?:e[ds]?|ing|ement)|(?:get|got|gotten|become|became) better)\b(?! rate))"
)
"""A rise or fall that is asked about as such: whether, when, for how long."""
_BEFORE = r"(?:上年|去年|上一年|前一年)(?:度|同期)?|同期|年初|上期"
_HIGHER = re.compile(
    rf"(?:比|较)(?:□+|{_BEFORE})(?:的)?(?:还|更|要)?(?P<up>高|多|大|好)了?"
    rf"|(?:比|较)(?:□+|{_BEFORE})(?:的)?(?:还|更|要)?(?P<down>低|少|小|差)了?"
    r"|\b(?P<up_en>higher|larger|greater|bigger|more)\b[□ a-z']*\bthan\b"
    r"|\b(?P<down_en>lower|smaller|less|fewer)\b[□ a-z']*\bthan\b"
)
_ORDINALS = {
    **{word: n for n, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
         "tenth"), start=1)},
    "1st": 1, "2nd": 2, "3rd": 3, **{f"{n}th": n for n in range(4, 11)},
}  # fmt: skip
_TH = "|".join(_ORDINALS)
_PLACES = (
    re.compile(
        rf"(?:排名?|排行|名列|位居|位列|排在)?(?:在)?(?P<last>倒数)?第(?P<n>{_N})(?:名|位|个)?的?"
        r"(?P<way>[高大多强快低小少慢差])?的?(?:名|位)?"
        r"(?=[□\s的是,，?？、]|$|公司|企业|银行|券商|谁|哪)(?!季|年|大股东|大客户|大供应商)"
    ),
    re.compile(r"老(?P<n>[二三四])(?=是|的|$|[□?？,，])"),
    re.compile(
        rf"\b(?:the )?(?P<n>{_TH})[ -]?(?:most )?"
        r"(?P<way>highest|largest|biggest|greatest|most|fastest|lowest|smallest|least|slowest)\b"
    ),
    re.compile(
        rf"\b(?:rank(?:s|ed)?|came|placed|comes) (?:in )?(?:the )?(?P<n>{_TH})(?: place)?\b"
    ),
    re.compile(rf"\b(?P<n>{_TH})(?: place)?(?= by □)"),
)
_RUNS = (
    re.compile(
        rf"(?:已经?)?连续□*(?:了)?(?P<n>{_N}|几|多少)(?:个)?(?:完整)?(?:会计)?"
        r"(?P<step>年度?|季度?)(?:以上|以来|来)?(?:都|均|保持|实现|出现)?"
    ),
    re.compile(
        r"(?:已经?)?连续(?P<act>增长|上升|上涨|增加|下降|下滑|下跌|减少)了?"
        rf"(?P<n>{_N}|几|多少)(?:个)?(?P<step>年|季度?)了?"
    ),
    re.compile(rf"连(?P<act>[涨跌增降])了?(?P<n>{_N}|几|多少)(?:个)?(?P<step>年|季度?)了?"),
    re.compile(
        rf"(?:for )?(?:each of )?(?P<n>{_N_EN}|how many) (?:consecutive|straight|successive) "
        r"(?P<step>years?|quarters?)(?: of)?"
    ),
    re.compile(
        rf"(?:for )?(?P<n>{_N_EN}|how many) (?P<step>years?|quarters?) "
        r"(?:in a row|running|on end|straight)"
    ),
)
_TURNS = (
    (Turn.FIRST, re.compile(r"首次|首度|第一次|最早|头一回|开始(?=[□亏盈赚])|\bfirst\b")),
    (
        Turn.LAST,
        re.compile(
            r"最近一次|上一次|上次|最后一次"
            r"|\b(?:most recently|last|latest)\b(?! (?:\d|year(?! in which)|quarter))"
        ),
    ),
    (Turn.EACH, re.compile(r"哪几年|哪些年(?:份|度)?|哪几个年度|\b(?:which|what) years\b")),
)
_WHEN = re.compile(
    r"(?:是)?(?:在)?(?:什么时候|何时|啥时候|哪(?:一)?年(?:度)?|哪个年度|哪几年|哪些年(?:份|度)?"
    r"|哪(?:一)?(?:个)?季度?)"
    r"|(?<=的)(?:那|一|哪)一?年(?:度|份)?(?=$|[?？,，。是])"
    r"|\bwhen\b|\b(?:in )?(?:which|what) (?:(?:fiscal )?years?|quarters?)\b"
    r"|(?:year|quarter) in which"
)
_SUCH = re.compile(r"的(?:上市)?(?:公司|企业|银行|券商)(?:有)?(?:哪些|哪几家|几家|多少家|谁)?")
_COUNTED = re.compile(
    r"(?:共|一共|总共)?有?(?<!哪)(?:多少|几)家(?:上市)?(?:公司|企业|银行|券商)?"
    r"|(?:的)?(?:上市)?(?:公司|企业|银行|券商)(?:的)?(?:数量|家数|个数)"
    r"|\bhow many (?:companies|firms|banks)"
)


@dataclass(frozen=True, slots=True)
class Breadth:
    """What a question says of how many; ``taken`` are the stretches of text that say it."""

    span: Span | None = None
    fold: Fold | None = None
    top: int = 0
    place: int = 0
    limits: tuple[Limit, ...] = ()
    bounds: tuple[Bound, ...] | None = ()
    run: Span | None = None
    streak: Step | None = None
    turn: Turn | None = None
    step: Step = Step.YEAR
    whether: bool = False
    counted: bool = False
    ranked: bool = False
    series: bool = False
    compound: bool = False
    everyone: bool = False
    moves: bool = False
    sided: bool = False
    turned: bool = False
    trailing: bool = False
    such: bool = False
    lowest: bool = False
    taken: tuple[tuple[int, int], ...] = ()

    @property
    def orders(self) -> bool:
        """Tell whether companies are to be put in order or chosen by a bound."""
        return self.ranked or bool(self.top) or bool(self.place) or bool(self.limits)

    @property
    def wide(self) -> bool:
        """Tell whether figures of several companies or periods are asked for."""
        return self.orders or self.series or self.everyone or bool(self.span or self.fold)


TRAILING = re.compile(
    r"滚动(?:四|4)?个?季度?|滚动(?:十二|12)个?月|(?:最近|近|过去)(?:十二|12)个月"
    r"|(?<![a-z])(?:ttm|ltm)(?![a-z])|\b(?:trailing|last|past) (?:twelve|12)[ -]months?\b"
)
"""The four quarters up to the latest, or to the end of the period named."""


def breadth_of(rest: str, phrases: Phrases, side: Side | None = None) -> Breadth:
    """Return what a text in the form of ``plain``, with names and periods blanked, says of it.

    A ``side`` that is asked about is a bound; whether it is so is asked where nothing else is.
    """
    taken: list[tuple[int, int]] = []
    apart = ends_apart(rest)
    taken += apart
    rest = blanked(rest, apart)
    run, streak, act, rest = _run(rest, taken)
    compound = _first(phrases.compound, rest, taken)
    asks = phrases.which_companies.search(rest) or _COUNTED.search(rest) or _SUCH.search(rest)
    when: list[tuple[int, int]] = []
    turn, step = _turn(rest, when)
    whether = turn is None and streak is None and phrases.whether.search(rest) is not None
    span = _span(rest, taken)
    place, lowest = _place(rest, taken)
    top, low = (place, lowest) if place == 1 else (0, False) if place else _top(rest, taken)
    limits = find_limits(rest) if side is None else (side.limit,)
    taken += [(limit.start, limit.end) for limit in limits]
    moves = None
    if not limits and not top and not place:
        about = bool(run or streak or turn or whether)
        moves = act or _moved(rest, taken, asks=bool(asks), about=about, whether=whether)
    if limits or moves or any(p.search(rest) for p in _seen_along_time(phrases)):
        taken += when  # Otherwise it asks for something else: 收入何时确认.
    ranked = _first(phrases.rank, rest, taken)
    series = _first(phrases.series, rest, taken)
    fold = _fold(rest, phrases, taken) if not compound else None
    fold = Fold.RANGE if apart else fold
    counted = (bool(limits) or moves is not None) and _first(_COUNTED, rest, taken)
    if ranked or top or place or limits or moves:
        _first(phrases.which_companies, rest, taken)
        _first(_SUCH, rest, taken)
    everyone = _first(phrases.everyone, rest, taken)
    if moves is not None:
        limits = (moves,)
    if side is not None and turn is None and not asks and not counted:
        whether = True
    return Breadth(
        span=span,
        fold=fold,
        top=top,
        place=place if place > 1 else 0,
        limits=limits,
        run=run,
        streak=streak,
        turn=turn,
        step=step,
        whether=whether,
        counted=counted,
        ranked=ranked,
        series=series,
        compound=compound,
        everyone=everyone,
        moves=moves is not None or any(limit.moves for limit in limits),
        sided=side is not None and not side.turned,
        turned=side is not None and side.turned,
        such=bool(asks),
        lowest=lowest or low,
        taken=tuple(taken),
    )


def _seen_along_time(phrases: Phrases) -> tuple[re.Pattern[str], ...]:
    """Return what must be asked of a figure for the question when to be about figures."""
    return (phrases.most, phrases.least, phrases.falls_most, phrases.loss, phrases.gain)


def _moved(
    text: str, taken: list[tuple[int, int]], *, asks: bool, about: bool, whether: bool
) -> Limit | None:
    """Return a rise or fall that chooses companies or periods, as a bound on the change."""
    m = _DIRECTION.search(text) if about else _MOVES.search(text) if asks else None
    if m is None and whether and (m := _HIGHER.search(text)) is not None:
        down = bool(m["down"] or m["down_en"])
    elif m is not None:
        down = m["down"] is not None
    else:
        return None
    taken.append(m.span())
    return Limit(m.start(), m.end(), Bound(Decimal(0), below=down))


def _run(
    text: str, taken: list[tuple[int, int]]
) -> tuple[Span | None, Step | None, Limit | None, str]:
    """Read "连续三年": so many periods in a row; "连续几年" asks for their number.

    The text comes back without the words, which also count years for other purposes.
    """
    for pattern in _RUNS:
        if (m := pattern.search(text)) is None:
            continue
        taken.append(m.span())
        step = Step.QUARTER if m["step"].startswith(("季", "quarter")) else Step.YEAR
        rest = blanked(text, (m.span(),))
        act = None
        if "act" in m.groupdict():
            act = Limit(m.start(), m.end(), Bound(Decimal(0), below=m["act"][0] in "跌降下减"))
        if m["n"] in {"几", "多少", "how many"}:
            return None, step, act, rest
        return Span(_number(m["n"]), step), None, act, rest
    return None, None, None, text


def _turn(text: str, taken: list[tuple[int, int]]) -> tuple[Turn | None, Step]:
    """Return which periods are asked for, and of which kind, where a question asks when."""
    when = _WHEN.search(text)
    if when is None:
        return None, Step.YEAR
    taken.append(when.span())
    step = Step.QUARTER if "季" in when[0] or "quarter" in when[0] else Step.YEAR
    for turn, pattern in _TURNS:
        if (m := pattern.search(text)) is not None:
            taken.append(m.span())
            return turn, step
    return Turn.EACH, step


def _place(text: str, taken: list[tuple[int, int]]) -> tuple[int, bool]:
    """Return which place of a ranking is asked for, and whether from its lower end."""
    for pattern in _PLACES:
        if (m := pattern.search(text)) is not None:
            taken.append(m.span())
            said = m.groupdict()
            low = said.get("last") or (said.get("way") or "") in _LOWER
            return _ORDINALS.get(m["n"]) or _number(m["n"]), bool(low)
    return 0, False


def _first(pattern: re.Pattern[str], text: str, taken: list[tuple[int, int]]) -> bool:
    found = [m.span() for m in pattern.finditer(text)]
    taken.extend(found)
    return bool(found)


def _span(text: str, taken: list[tuple[int, int]]) -> Span | None:
    for pattern, step in _SPANS:
        if (m := pattern.search(text)) is not None:
            taken.append(m.span())
            count = _number(m["n"])
            if "each" in m.groupdict() and m["each"]:
                return Span(4 * count, Step.QUARTER)
            every = _EVERY[0][0].search(blanked(text, (m.span(),)))
            if step is Step.YEAR and every is not None:
                taken.append(every.span())
                return Span(4 * count, Step.QUARTER)
            return Span(count, step)
    for pattern, step in _EVERY:
        if (m := pattern.search(text)) is not None:
            taken.append(m.span())
            return Span(0, step)
    return None


def _top(text: str, taken: list[tuple[int, int]]) -> tuple[int, bool]:
    """Return how many of a ranking are wanted, and whether from its lower end."""
    for pattern in _TOPS:
        if (m := pattern.search(text)) is not None:
            taken.append(m.span())
            return _number(m["n"]), _LOW.search(m[0]) is not None
    return 0, False


def _fold(text: str, phrases: Phrases, taken: list[tuple[int, int]]) -> Fold | None:
    if _first(phrases.median, text, taken):
        return Fold.MEDIAN
    if _first(phrases.mean, text, taken):
        return Fold.MEAN
    return Fold.SUM if _first(phrases.total, text, taken) else None


def _number(word: str) -> int:
    return _NUMBERS.get(word) or int(word)
