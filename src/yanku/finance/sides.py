"""Finds what is asked of a sign: profit or loss, or the turn from one to the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from yanku.finance.bounds import Limit
from yanku.finance.page import Page
from yanku.model.inquiry import Bound

_GAIN, _LOSS = r"(?:赚钱?|盈利?|盈余)", r"(?:亏损|亏钱?|赔钱?)"
_END, _OR = r"(?:了|的|着)?", r"\s*(?:,|还是|或者?是?|抑或)?\s*(?:是)?"
_IS, _OR_IS, _NUMBER = r"(?:是|为)", r"(?:还是|或)?(?:是|为)?", r"(?:数|值|的)?"
_EITHER = re.compile(
    rf"(?:是|在)?{_GAIN}{_END}{_OR}{_LOSS}{_END}|(?:是|在)?{_LOSS}{_END}{_OR}{_GAIN}{_END}"
    r"|赚没赚(?:到)?钱?|亏没亏(?:损|钱)?|(?:有)?没(?:有)?(?:赚钱|亏钱|盈利|亏损)(?=[?？]?$)|盈亏(?:情况|状况)?(?:如何|怎么样|怎样)?"
    rf"|{_IS}正{_NUMBER}{_OR_IS}负{_NUMBER}|{_IS}负{_NUMBER}{_OR_IS}正{_NUMBER}"
    r"|\b(?:in )?(?:a )?(?:net )?profit or (?:a )?(?:net )?loss\b"
    r"|\bprofitable or (?:not|loss-making)\b"
    r"|\bpositive or negative\b|\bin the black or (?:in the )?red\b"
)
_TO_LOSS = re.compile(
    r"(?:由|从)?(?:盈利?|正)(?:转|变|变成|变为|转为)(?:亏损?|负)了?|转亏(?!为)了?|首亏"
    r"|\b(?:turn(?:ed|s)?|sw[iu]ng|swings|slipped|fell) (?:from (?:a )?profit )?(?:in)?to"
    r" (?:a )?(?:net )?loss\b"
)
_TO_GAIN = re.compile(
    r"(?:实现)?(?:扭亏(?:为盈)?|转亏为盈|(?:由|从)?(?:亏损?|负)(?:转|变|变成|变为|转为)(?:盈利?|正))了?|转盈了?"
    r"|\b(?:return(?:ed|s)? to|swung (?:back )?to|turned to) (?:a )?(?:net )?profit(?:ability)?\b"
    r"|\bturn(?:ed|s)? profitable\b"
)
_GIVES = re.compile(
    r"(?P<asks>^[□ ,]*(?:did|does|do|has|have)\b)(?P<whose>[^?]*?)(?:"
    r"\b(?P<verb>paid|pays?|declared?|distributed?)(?: any| out)?"
    r"(?= (?:cash |regular )?dividends?\b)"
    r"|(?=\b(?:re)?(?:purchas|bought|buy)\w*(?: back)? (?:its |their |any |own )*"
    r"(?:shares|stock)\b))"
)
"""Did it pay dividends, or buy shares back: whether the amount is any."""
_TO_OWNERS = re.compile(
    r"\bto (?:its |the |their |common |ordinary )*(?:share|stock)(?:holders|owners)\b"
)


@dataclass(frozen=True, slots=True)
class Side:
    """The sign that is asked about, as a bound; ``turned``: after the other one before."""

    limit: Limit
    said: str
    turned: bool = False


def side_in(page: Page) -> Side | None:
    """Return what a question asks of a sign, and take the words that say so."""
    for pattern, below, turned in (
        (_TO_GAIN, False, True),
        (_TO_LOSS, True, True),
        (_EITHER, False, False),
    ):
        if (m := pattern.search(page.rest)) is not None:
            page.take(m.start(), m.end())
            limit = Limit(m.start(), m.end(), Bound(Decimal(0), below=below))
            return Side(limit, page.text[m.start() : m.end()].strip(), turned)
    return _given(page)


def _given(page: Page) -> Side | None:
    """Return that an amount is any, where a question asks whether it is paid at all."""
    m = _GIVES.search(page.rest)
    if m is None:
        return None
    page.take(*m.span("asks"))
    if m["verb"]:
        page.take(m.start("verb"), m.end())
    page.take_all(_TO_OWNERS)
    start, end = m.span("verb") if m["verb"] else m.span("asks")
    return Side(Limit(start, end, Bound(Decimal(0), below=False)), page.text[start:end].strip())
