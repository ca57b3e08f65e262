"""The names of segments, regions and products: what is left of a label, and what kind it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.finance.labels import plain
from yanku.model.breakdown import Kind, Standing

_FOOTNOTE = re.compile(r"\s*(?:[(\[](?:\d{1,2}|[a-z]|\*+)[)\]]|\*+)\s*(?:,\s*)?")
_GENERIC = re.compile(
    r"\b(?:the|total|subtotal|consolidated|combined|worldwide|reportable|reporting|operating"
    r"|business|segments?|groups?|divisions?|net|sales|revenues?|company|all|external|customers?"
    r"|profit|income|earnings|loss|ebitd?a?r?|adjusted|contribution|amounts?|from|of|to|for|by"
    r"|before|taxes|unaffiliated|third part(?:y|ies)|and|in|millions?|thousands?|dollars?"
    r"|corporation|inc|other than)\b|[()$,:;.]|\s-\s"
)
"""Words that every label may have; a label of nothing else names a total."""
_SUMS = re.compile(
    r"\b(?:total|subtotal|consolidated|combined|worldwide|company|corporation|net|sales|revenues?"
    r"|profit|income|earnings|loss|ebitd?a?r?|segments?|all|amounts?|inc)\b|^\W*$"
)
"""What a label that names no part says of the sum that it is."""
_ADJUSTS = re.compile(
    r"\b(?:eliminat\w*|unallocated|inter-?segment|reconcil\w*|adjustments?|corporate|rounding"
    r"|deferrals?|hedg\w*|non-?reportable)\b"
    r"|^(?:all )?others?(?: (?:operations|businesses|activities|net))?$"
)
_SUBTRACTS = re.compile(r"\b(?:eliminat\w*|inter-?segment|reconcil\w*|rounding|adjustments?)\b")
_NO_PART = re.compile(
    r"\b(?:organic|acqui\w+|divest\w*|currency|translation|exchange|volume|price|pricing|mix"
    r"|quarters?|q[1-4]|weeks?|months?|(?:19|20)\d\d|january|february|march|april|june|july|august"
    r"|september|october|november|december|restructuring|impairment|amorti[sz]ation|depreciation"
    r"|expenses?|costs?|interest|taxes|net income|net loss|stock-based|share-based|gains?|losses"
    r"|returns|discounts?|allowances?|rebates?|chargebacks?|gross|balance|beginning|ending)\b"
)
"""What is added up to sales and is no part of the business that makes them."""
_PLACES = re.compile(
    r"\b(?:americas?|u\.?s\.?a?|united states|north|south|latin|central|europe\w*|emea|asia|apac"
    r"|pacific|africa|middle east|china|japan|korea|taiwan|singapore|india|australia|brazil|mexico"
    r"|canad\w+|germany|france|italy|spain|switzerland|ireland|netherlands|united kingdom|u\.?k\.?"
    r"|international|domestic|foreign|overseas|rest of (?:the )?world|other countries|abroad"
    r"|caribbean|oceania|eurasia|russia|east|west|western|eastern|emerging markets)\b"
)
_SEGMENT = re.compile(r"\b(?:segments?|divisions?)\b|\bbusiness (?:units?|groups?)\b")
_PRODUCT = re.compile(
    r"\b(?:products?|categor(?:y|ies)|services?|offerings?|brands?|lines of business|sources?"
    r"|disaggregat\w+|revenue streams?|merchandise)\b"
)
_REGION = re.compile(r"\b(?:geograph\w+|regions?|countr(?:y|ies)|markets?|areas?)\b")


def name_of(label: str) -> str:
    """Return the name in a label, in the form of ``plain``: empty for "Total net sales"."""
    text = plain(_FOOTNOTE.sub(" ", label))
    bare = " ".join(_GENERIC.sub(" ", text).split())
    if not bare:
        return "" if _SUMS.search(text) else text
    short = re.sub(r"^total(?: of)?\s+", "", text)
    short = re.sub(
        r"\s+(?:(?:reportable|operating|business|reporting) )*(?:segments?|groups?|divisions?)"
        r"(?: (?:net )?(?:sales|revenues?))?$",
        "",
        short,
    )
    short = re.sub(r"\s+(?:net )?(?:sales|revenues?)$", "", short)
    return short.strip(" :-–—").removesuffix(".")


def standing_of(name: str) -> Standing:
    """Return what a line of a name is: a part, what is left over, or what is set off."""
    if _SUBTRACTS.search(name):
        return Standing.SET_OFF
    return Standing.BESIDE if _ADJUSTS.search(name) else Standing.RUN


def is_place(name: str) -> bool:
    """Tell the name of a country or of a part of the world."""
    return _PLACES.search(name) is not None


def says_nothing(name: str) -> bool:
    """Tell what is no part of a business: a quarter, an effect of prices, a cost, or no name."""
    return not name or len(name) > 60 or _NO_PART.search(name) is not None


def kinds_of(names: Sequence[str], around: Sequence[str]) -> frozenset[Kind]:
    """Return what parts are: places by their own names, the rest by the words around.

    Of the texts ``around``, nearest first, the first that says of which kind they are counts.
    """
    own = [name for name in names if standing_of(name) is Standing.RUN] or list(names)
    places = sum(_PLACES.search(name) is not None for name in own)
    found = {Kind.REGION} if places * 2 > len(own) else set()
    for text in around:
        said = plain(text)
        regions = places > 0 and _REGION.search(said) is not None
        if _SEGMENT.search(said) and not (regions and found):
            return frozenset(found | {Kind.SEGMENT})
        if regions:
            return frozenset(found | {Kind.REGION})
        if _PRODUCT.search(said) and not found:
            return frozenset({Kind.PRODUCT})
    return frozenset(found)
