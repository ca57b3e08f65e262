"""Finds the companies that a question leaves out: 除东海水务外, excluding Towen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.finance.names import find_companies, find_stems
from yanku.model.finance import Company

_EXCEPT = re.compile(
    r"除(?:了|去|开|掉)?(?P<who>[^,。;?!]{2,40}?)(?:以外|之外|外)(?:的)?[,]?"
    r"|(?:剔除|排除|去掉|扣除|不算|不含|不包括|不计)(?:掉|了)?(?P<zh>[^,。;?!]{2,40}?)"
    r"(?:的话|以后|之后|后|,|(?=$|[;。?!]))"
    r"|\b(?:excluding|except(?: for)?|apart from|other than|leaving out)\s*(?P<en>[^,;?!]{3,60}?)"
    r"(?:,|$|(?=[?]|(?<![a-z])(?:which|who|what|ha[ds]|have|with|is|are|was|were)\b"
    r"|(?<![a-z])in (?:19|20)\d\d))"
)
_JOINT = re.compile(r"[\s、和与及跟,]+|以及|\b(?:and|or)\b")


def left_out(text: str, companies: Sequence[Company]) -> tuple[str, tuple[Company, ...]]:
    """Return a text (in the form of ``plain``) without the words that leave companies out, and
    whom they leave out; what else is excepted stays where it is.
    """
    gone: dict[str, Company] = {}
    for m in _EXCEPT.finditer(text):
        who = m["who"] or m["zh"] or m["en"]
        named = list(find_companies(who, companies))
        rest = _without(who, [(one.start, one.end) for one in named])
        stems, _ = find_stems(rest, companies, ())
        rest = _without(rest, [(one.start, one.end) for one in stems])
        if (named or stems) and not _JOINT.sub("", rest):
            gone |= {one.company.code: one.company for one in (*named, *stems)}
            text = text[: m.start()] + " " * len(m[0]) + text[m.end() :]
    return text, tuple(gone.values())


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
