"""Takes the company and the periods out of a question, to see what else it names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.finance.dates import find_periods
from yanku.finance.labels import plain
from yanku.finance.names import find_companies, find_stems
from yanku.model.finance import Company

_WHEN = re.compile(
    r"(?:去年|今年|上年|前年|本年|最近|目前)(?:度)?|^(?:请问|查(?:一?下|询)?|帮我查?|看看?)|谢谢"
)


def without_names(question: str, companies: Sequence[Company]) -> str:
    """Return a question in plain form without the first mention of its company and its periods.

    A product may be called as its company is: of 五粮液2024年五粮液产品 the product is left.
    """
    text = plain(question)
    named = find_companies(text, companies) or find_stems(text, companies, ())[0]
    spans = [(one.start, one.end) for one in named[:1]]
    spans += [(one.start, one.end) for one in find_periods(text)]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return _WHEN.sub("", text)
