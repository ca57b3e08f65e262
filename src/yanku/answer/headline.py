"""The first sentence of an answer over several figures: how many, which, when, yes or no."""

from __future__ import annotations

from yanku.answer.voice import Voice
from yanku.answer.wording import worded
from yanku.model.amount import Amount
from yanku.model.answer import Claim
from yanku.model.inquiry import Bound, Finding, Fold, Inquiry, Row, Task, Turn

_MOST_CITED = 6
_TWO = 2
_MONEY = {"CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "欧元"}


def headline(voice: Voice, inquiry: Inquiry, finding: Finding, *, leads: bool) -> tuple[Claim, ...]:
    """Return what was found, or nothing where the figures speak for themselves.

    ``leads`` tells that the figures follow one by one.
    """
    among = voice.pick("其中", "Of which ") if leads else ""
    every = tuple(range(1, len(finding.operands) + 1))
    every = every if len(every) <= _MOST_CITED else ()  # The table cites each.
    match inquiry.task:
        case Task.RANK:
            text = _ranking(voice, inquiry, finding)
            return (Claim(text, _chosen_by(inquiry, finding)),) if text else ()
        case Task.WHEN | Task.STREAK | Task.WHETHER:
            return (Claim(_along(voice, inquiry, finding), every),)
        case Task.COMPARE if finding.choice is not None:
            return (_best(voice, inquiry, finding),)
        case _ if finding.amount is None:
            return ()
        case Task.DIFFERENCE | Task.MULTIPLE:
            return (Claim(_apart(voice, inquiry, finding, finding.amount) + among, every),)
        case _:
            return (Claim(_folded(voice, inquiry, finding, finding.amount) + among, every),)


def _ranking(voice: Voice, inquiry: Inquiry, finding: Finding) -> str:
    if inquiry.counted and finding.amount is not None:
        count = f"{finding.amount.value:f}"
        return voice.pick(f"共{count}家。", f"{count} companies. ")
    if not finding.rows:
        return voice.pick("没有公司符合。", "No company meets the condition.")
    if inquiry.place:
        low = voice.pick(
            "倒数" if inquiry.lowest else "", "from the bottom " if inquiry.lowest else ""
        )
        tied = voice.pick("并列" if finding.tied else "", "tied " if finding.tied else "")
        return voice.pick(
            f"{tied}{low}第{inquiry.place}位是{finding.choice}。",
            f"Number {inquiry.place} {low}is {tied}{finding.choice}. ",
        )
    if inquiry.run is not None and inquiry.top:
        top = inquiry.top
        return voice.pick(
            f"各期均在前{top}位的有：{finding.choice}。",
            f"Among the first {top} in every period: {finding.choice}. ",
        )
    if inquiry.bounds:
        return voice.pick(f"符合条件的有：{finding.choice}。", f"{finding.choice}. ")
    return ""


def _chosen_by(inquiry: Inquiry, finding: Finding) -> tuple[int, ...]:
    """Return the citations of who was chosen: those of all figures, but where they are counted."""
    every = tuple(range(1, len(finding.operands) + 1))
    return () if inquiry.counted or len(every) > _MOST_CITED else every


def _along(voice: Voice, inquiry: Inquiry, finding: Finding) -> str:
    what = voice.name(inquiry.metrics[0])
    company = voice.whose(inquiry.companies[0])
    so = _so(voice, inquiry, finding)
    if inquiry.task is Task.WHETHER and inquiry.sided:
        return voice.pick(
            f"{company}{what}：{finding.choice}。", f"{company}'s {what}: {finding.choice}. "
        )
    if inquiry.task is Task.WHETHER:
        yes = finding.choice in {"是", "yes"}
        run = _run(voice, inquiry)
        return voice.pick(
            f"{finding.choice}：{company}{what}{run}{'' if yes else '并非'}{so}。",
            f"{(finding.choice or '').capitalize()}: {company}'s {what} {run}"
            f"{'is' if yes else 'is not'} {so}. ",
        )
    if inquiry.task is Task.STREAK:
        return _streak(voice, finding, f"{company}{what}", f"{company}'s {what}", so)
    if finding.choice is None:
        return voice.pick(
            f"所知各期中，{company}{what}没有一期{so}。",
            f"In none of the periods on record was {company}'s {what} {so}. ",
        )
    word = {
        Turn.FIRST: voice.pick("首次", "first "),
        Turn.LAST: voice.pick("最近一次", "last "),
    }.get(inquiry.turn or Turn.EACH, "")
    return voice.pick(
        f"{company}{what}{word}{so}的期间：{finding.choice}。",
        f"{company}'s {what} was {word}{so} in: {finding.choice}. ",
    )


def _streak(voice: Voice, finding: Finding, zh: str, en: str, so: str) -> str:
    if finding.amount is None:
        raise AssertionError("a streak has a length")
    ends = any(row.amount is not None for row in finding.rows)
    known = len(finding.rows) > finding.amount.value and ends
    if not finding.amount.value:
        return voice.pick(f"{zh}最近一期并非{so}。", f"{en} was not {so} in the latest period. ")
    count = worded(finding.amount, voice.language)
    least = voice.pick("" if known else "至少", "" if known else "at least ")
    return voice.pick(
        f"{zh}已{least}连续{count}{so}。", f"{en} has been {so} for {least}{count} in a row. "
    )


def _run(voice: Voice, inquiry: Inquiry) -> str:
    if inquiry.run is None:
        return ""
    return voice.pick(f"连续{inquiry.run.count}期", f"({inquiry.run.count} periods in a row) ")


def _so(voice: Voice, inquiry: Inquiry, finding: Finding) -> str:
    """Return the bounds in words."""
    if inquiry.turned:
        below = inquiry.bounds[0].below
        return voice.pick(
            "由盈转亏" if below else "扭亏为盈",
            "negative after a profit" if below else "positive after a loss",
        )
    unit = next((row.amount.unit for row in finding.rows if row.amount is not None), "")
    return voice.pick("且", " and ").join(_bound(voice, bound, unit) for bound in inquiry.bounds)


def _bound(voice: Voice, bound: Bound, unit: str) -> str:
    if not bound.value and not bound.or_equal:
        return voice.pick(*(("为负", "negative") if bound.below else ("为正", "positive")))
    said = _in_round(Amount(bound.value, bound.unit or unit), voice.language)
    words = {
        (False, False): ("高于", "above "),
        (False, True): ("不低于", "at least "),
        (True, False): ("低于", "below "),
        (True, True): ("不高于", "at most "),
    }[bound.below, bound.or_equal]
    return f"{voice.pick(*words)}{said}"


def _best(voice: Voice, inquiry: Inquiry, finding: Finding) -> Claim:
    if len(inquiry.companies) > 1 or len(inquiry.metrics) > 1:
        return _ahead(voice, inquiry, finding)
    most = voice.pick(*(("最低", "lowest") if inquiry.lowest else ("最高", "highest")))
    tied = voice.pick("并列" if finding.tied else "", "tied " if finding.tied else "")
    name = voice.name(inquiry.metrics[0])
    best = _extreme(finding, lowest=inquiry.lowest)
    said = voice.amount(best[0].amount) if best[0].amount is not None else ""
    company = voice.whose(best[0].company)
    numbers = tuple(dict.fromkeys(at + 1 for row in best for at in row.operands))
    text = voice.pick(
        f"{company}{name}{tied}{most}的是{finding.choice}，为{said}。",
        f"{company}: {name} was {tied}{most} in {finding.choice}, at {said}. ",
    )
    return Claim(text, numbers)


def _ahead(voice: Voice, inquiry: Inquiry, finding: Finding) -> Claim:
    """Return which company, or which of its measures, is ahead of the others."""
    many = len(finding.rows) > _TWO
    zh = ("最低" if inquiry.lowest else "最高") if many else ("更低" if inquiry.lowest else "更高")
    en = ("the lowest" if inquiry.lowest else "the highest") if many else (
        "lower" if inquiry.lowest else "higher"
    )  # fmt: skip
    numbers = tuple(dict.fromkeys(at + 1 for row in finding.rows for at in row.operands))
    if finding.tied:
        text = voice.pick(f"{finding.choice}数值相同。", f"{finding.choice} are equal. ")
    else:
        text = voice.pick(f"{finding.choice}{zh}。", f"{finding.choice}: {en}. ")
    return Claim(text, numbers if len(numbers) <= _MOST_CITED else ())


def _extreme(finding: Finding, *, lowest: bool) -> list[Row]:
    """Return the rows with the most or the least."""
    values = [row.amount.value for row in finding.rows if row.amount is not None]
    edge = min(values) if lowest else max(values)
    return [row for row in finding.rows if row.amount is not None and row.amount.value == edge]


def _in_round(amount: Amount, language: str) -> str:
    """Return a limit as people say it: 100亿元, CNY 10 billion."""
    for size, zh, en in ((10**8, "亿", ""), (10**9, "", "billion"), (10**6, "", "million")):
        word = en if language == "en" else zh
        if word and amount.unit in _MONEY and abs(amount.value) >= size:
            value = f"{amount.value / size:f}"
            value = value.rstrip("0").rstrip(".") if "." in value else value
            if language == "en":
                return f"{amount.unit} {value} {word}"
            return f"{value}{word}{_MONEY[amount.unit]}"
    return worded(amount, language)


def _apart(voice: Voice, inquiry: Inquiry, finding: Finding, amount: Amount) -> str:
    said = voice.amount(amount)
    if len(inquiry.metrics) > 1:
        return voice.pick(f"{finding.formula} = {said}。", f"{finding.formula} = {said}. ")
    name = voice.name(inquiry.metrics[0])
    return voice.pick(
        f"{name}：{finding.formula} = {said}。",
        f"{name}: {finding.formula} = {said}. ",
    )


def _folded(voice: Voice, inquiry: Inquiry, finding: Finding, amount: Amount) -> str:
    word = {
        Fold.MEAN: voice.pick("平均", "mean"),
        Fold.MEDIAN: voice.pick("中位数", "median"),
        Fold.RANGE: voice.pick("最高与最低相差", "highest less lowest"),
    }.get(inquiry.fold or Fold.SUM, voice.pick("合计", "total"))
    said = voice.amount(amount)
    name = voice.pick("、", ", ").join(voice.name(metric) for metric in inquiry.metrics)
    if inquiry.top or inquiry.bounds:  # The last one chooses, and is not added up.
        name = voice.name(inquiry.metrics[0])
    return voice.pick(
        f"{name}{word}为{said}（{finding.formula}）。",
        f"{name}, {word}: {said} ({finding.formula}). ",
    )
