"""Words of a picture put right where only one thing can have been printed."""

from __future__ import annotations

import re
from difflib import get_close_matches

_FORECAST = re.compile(r"((?:19|20)\d\d年?)([日曰巳已己])")
"""2025E: the letter after a year reads like a Han character that never follows one bare."""
_ACTUAL = re.compile(r"((?:19|20)\d\d年?)([人入])")
_MARK = r"['·•’‘`´′°º^*\"“”„]"
_THOUSANDS = re.compile(rf"(?<![A-Z])(HK|US|NT|S|A|C|)([$S§])\s?{_MARK}\s?[0OoQ]{{3}}(?![0-9])")
_CODED = re.compile(rf"\b(RMB|CNY|HKD|USD|EUR|JPY|GBP)\s?{_MARK}\s?[0OoQ]{{3}}(?![0-9])")
_DOLLAR = re.compile(r"\b(HK|US|NT)S(?=\s?(?:million|billion|thousand|['’]000|\d))", re.IGNORECASE)
_SCALED = re.compile(
    r"(\b(?:RMB|CNY|HKD|USD|EUR|JPY|GBP|HK\$|US\$|[$€£¥])\s?)([a-z]{5,9})(?![a-z])"
)
_SCALES = ("thousand", "million", "billion", "trillion")
_NEARLY = 0.85
"""How like a word must be: all of its letters but one."""
_GROUP = re.compile("([\u4e00-\u9fff]{2,8})[;；]")
"""流动资产：; a word or two alone do not end in a semicolon."""
_NOTE = re.compile("([一二三四五六七八九十]{1,3})[ ,，.·]?(\\d{1,2})")
"""七、5: the mark between the number of a note and that of its item is small."""
_COLON = re.compile(r"([(（]?[-−–]?\d{1,3}(?:,\d{3})+)[:：](\d{1,2}[)）]?)")
_RAISED = re.compile(r"([(（][\d,.]+[)）])([1-9])")
_SUPERSCRIPT = str.maketrans("123456789", "¹²³⁴⁵⁶⁷⁸⁹")
_PRICE_TO = re.compile(r"P/8(?=$|[(（])")
_EBITDA = re.compile(r"EV\s?/\s?[A-Za-z0-9|]{5,7}(?=$|[(（])", re.IGNORECASE)
_UNIT = re.compile(
    "(?:(?<=[:：(（币百千])|^(?=..{0,2}[)）]))([千干于万方亿]|百[万方]|[千干]万)[元无兀]"
    "(?=$|[)）,，、/ ])"
)
"""单位：干元, and 干元） where a label goes on in its second line."""
_UNIT_LETTERS = str.maketrans("干于方", "千千万")
_RATE = re.compile("(?<=[比利转长债税])[事宰卒奉](?=[(（]|$)")
"""比率, 利率, 周转率: the last letter of a label that says whether its figures are money."""
_SIGN_LEFT_OUT = re.compile("以“[”“]号填列")
_QUOTES = re.compile('[“”„"]')
_HAN = re.compile("[\u4e00-\u9fff]")


def mended_text(text: str) -> str:
    """Return a text with the marks of units, of years and of quotations as they are printed.

    >>> mended_text("2024年日"), mended_text("HKS°000")
    ('2024年E', "HK$'000")
    """
    if match := _FORECAST.fullmatch(text):
        return f"{match[1]}E"
    if match := _ACTUAL.fullmatch(text):
        return f"{match[1]}A"
    if match := _COLON.fullmatch(text):
        return f"{match[1]}.{match[2]}"
    if match := _RAISED.fullmatch(text):
        return match[1] + match[2].translate(_SUPERSCRIPT)
    if match := _NOTE.fullmatch(text):
        return f"{match[1]}、{match[2]}"
    if match := _GROUP.fullmatch(text):
        return f"{match[1]}："
    text = _EBITDA.sub(_to_ebitda, _PRICE_TO.sub("P/B", text))
    if "0" in text or "O" in text.upper():
        text = _THOUSANDS.sub(r"\1$'000", text)
        text = _CODED.sub(r"\1'000", text)
    text = _SCALED.sub(lambda said: said[1] + _scale(said[2]), _DOLLAR.sub(r"\1$", text))
    if not _HAN.search(text):
        return text
    text = _UNIT.sub(lambda said: f"{said[1].translate(_UNIT_LETTERS)}元", _RATE.sub("率", text))
    return _SIGN_LEFT_OUT.sub("以“-”号填列", _paired(text))


def _to_ebitda(said: re.Match[str]) -> str:
    """Return EV/EBIIDA as EV/EBITDA; another measure stays."""
    return "EV/EBITDA" if get_close_matches(said[0].upper(), ["EV/EBITDA"], 1, _NEARLY) else said[0]


def _scale(word: str) -> str:
    """Return the word after a currency; one of which a letter was lost or misread is whole."""
    return next(iter(get_close_matches(word, _SCALES, 1, _NEARLY)), word)


def _paired(text: str) -> str:
    """Return a text in which quotation marks open and close by turns; an odd one out stays."""
    marks = _QUOTES.findall(text)
    if len(marks) < 2 or len(marks) % 2:
        return text
    turns = iter("“”" * (len(marks) // 2))
    return _QUOTES.sub(lambda _: next(turns), text)
