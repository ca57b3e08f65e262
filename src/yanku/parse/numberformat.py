"""A spreadsheet's number format applied to a stored number: the text a person sees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext
from functools import lru_cache
from typing import NamedTuple

GENERAL = "General"

BUILTIN: dict[int, str] = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0;("$"#,##0)',
    6: '"$"#,##0;("$"#,##0)', 7: '"$"#,##0.00;("$"#,##0.00)', 8: '"$"#,##0.00;("$"#,##0.00)',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"', 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)", 41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "$"* #,##0_ ;_ "$"* -#,##0_ ;_ "$"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "$"* #,##0.00_ ;_ "$"* -#,##0.00_ ;_ "$"* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Formats known by number. Those that follow the reader's locale are shown as ISO dates."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<exp>[Ee][+-])"
    r"|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|[eE]+|[aA]{3,4})"
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<text>@)|(?P<other>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"\$([^\-\]]*)")
_EXCEL_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = "一二三四五六日"


class Shown(NamedTuple):
    """A number as shown: ``text``, and ``plain``, the same number unrounded with its unit sign.

    ``plain`` is empty where the number is no quantity (a date) or cannot be told from its text.
    ``stored`` is the number in full, or the moment it stands for; empty where that is the text.
    """

    text: str
    plain: str = ""
    stored: str = ""


class _Token(NamedTuple):
    kind: str
    text: str


def exact(stored: str) -> Decimal | None:
    """Return a stored number without the noise of binary fractions: 15 digits, as Excel keeps.

    ``0.30000000000000004`` is 0.3. None if the text is no finite number.
    """
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 330:
        return None
    return value if len(stored) <= 15 else _EXCEL_DIGITS.plus(value)


def show(value: Decimal, code: str, *, date1904: bool = False) -> Shown:
    """Return a number as the format shows it."""
    plain = _plain(value, grouped=False)
    if code == GENERAL:
        return Shown(plain, plain)
    section, tokens = _section(value, code)
    if any(each.kind == "date" for each in tokens):
        at = moment(value, date1904=date1904)
        shown = Shown(_show_date(value, tokens, date1904))
        plain = iso(at) if at is not None else plain
    else:
        shown = _show_number(value, tokens, signed=section == 0)
    return shown if shown.text == plain else shown._replace(stored=plain)


@lru_cache(maxsize=1024)
def _tokens(section: str) -> Sequence[_Token]:
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(section):
        kind = match.lastgroup
        if kind is None:
            continue  # a skipped width or a fill character
        text = match.group(kind)
        if kind == "bracket":
            if (currency := _CURRENCY.match(text)) is not None:
                tokens.append(_Token("literal", currency[1]))
            elif text.lower().strip("hms") == "" and text:
                tokens.append(_Token("date", f"[{text.lower()}]"))
        elif kind in {"quoted", "escaped", "other"}:
            tokens.append(_Token("trick" if kind == "escaped" and text == "." else "literal", text))
        else:
            tokens.append(_Token(kind, text))
    return tuple(tokens)


@lru_cache(maxsize=1024)
def _sections(code: str) -> Sequence[str]:
    parts = [""]
    for piece in re.findall(r'"[^"]*"|[\\!_*].|\[[^\]]*\]|;|.', code, re.DOTALL):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return tuple(parts)


@lru_cache(maxsize=1024)
def _conditions(code: str) -> Sequence[re.Match[str] | None]:
    brackets = ("".join(re.findall(r"\[[^\]]*\]", part)) for part in _sections(code)[:3])
    return tuple(_CONDITION.search(each) for each in brackets)


def _section(value: Decimal, code: str) -> tuple[int, Sequence[_Token]]:
    """Choose the section for a value; 0 means that a negative number still needs its sign."""
    code = (code or GENERAL).replace("G/通用格式", GENERAL)
    parts = _sections(code)[:3]
    conditions = _conditions(code)
    if any(conditions):
        for part, condition in zip(parts, conditions, strict=True):
            if condition is None or _holds(value, condition[1], Decimal(condition[2])):
                return 0, _tokens(part)
        return 0, _tokens(GENERAL)
    if value < 0 and len(parts) > 1:
        return 1, _tokens(parts[1])
    if value == 0 and len(parts) > 2:
        return 2, _tokens(parts[2])
    return 0, _tokens(parts[0])


def _holds(value: Decimal, sign: str, bound: Decimal) -> bool:
    match sign:
        case "<":
            return value < bound
        case ">":
            return value > bound
        case "<=":
            return value <= bound
        case ">=":
            return value >= bound
        case "<>":
            return value != bound
        case _:
            return value == bound


def _show_number(value: Decimal, tokens: Sequence[_Token], *, signed: bool) -> Shown:
    kinds = [each.kind for each in tokens]
    if "general" in kinds or "text" in kinds:
        return _general(value, tokens, signed=signed)
    if "digit" not in kinds:
        return Shown("".join(each.text for each in tokens if each.kind == "literal"))
    digits = [i for i, kind in enumerate(kinds) if kind == "digit"]
    first, last = digits[0], digits[-1]
    if "exp" in kinds or any(t.kind == "literal" and t.text == "/" for t in tokens[first:last]):
        return _general(value, [], signed=True)
    scale = _scale(kinds, last)
    scaled = value * 100 if "percent" in kinds else value
    with localcontext(prec=340):
        scaled = scaled / Decimal(1000) ** scale
    body = _digits(abs(scaled), tokens, first, last)
    text = _assemble(tokens, first, last + scale, body)
    if value < 0 and signed and re.search(r"[1-9]", body):
        text = "-" + text
    before = "".join(t.text for t in tokens[:first] if t.kind == "literal")
    if "trick" in kinds[first:last] or any(c.isdecimal() for c in before):
        return Shown(text, text)
    after = "".join(t.text for t in tokens[last + 1 :] if t.kind in {"literal", "percent"})
    return Shown(text, _plain(scaled, grouped="," in body) + after.strip(" )）"))


def _scale(kinds: Sequence[str], last: int) -> int:
    """Count the commas right behind the last digit: each divides what is shown by 1000."""
    count = 0
    while last + 1 + count < len(kinds) and kinds[last + 1 + count] == "comma":
        count += 1
    return count


def _digits(value: Decimal, tokens: Sequence[_Token], first: int, last: int) -> str:
    """Return the digits between the first and last placeholder, literals inside included."""
    span = tokens[first : last + 1]
    point = next((i for i, t in enumerate(span) if t.kind == "point"), len(span))
    decimals = [t.text for t in span[point:] if t.kind == "digit"]
    with localcontext(prec=340):
        rounded = value.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    while fraction.endswith("0") and decimals and decimals[-1] in "#?":
        fraction, decimals = fraction[:-1], decimals[:-1]
    least = sum(1 for t in span[:point] if t.kind == "digit" and t.text == "0")
    whole = whole.lstrip("0").rjust(least, "0") or ("" if fraction else "0" if least else "")
    inside = span[:point]
    if any(t.kind in {"literal", "trick"} for t in inside):
        whole = _interleave(whole, inside)
    elif any(t.kind == "comma" for t in inside) and whole:
        whole = f"{int(whole):,}".rjust(least, "0")
    return whole + ("." + fraction if fraction else "")


def _interleave(whole: str, pattern: Sequence[_Token]) -> str:
    """Put literals between digits where the pattern has them, counted from the right."""
    out, rest = [], list(whole)
    for token in reversed(pattern):
        if token.kind == "digit":
            out.append(rest.pop() if rest else "0" if token.text == "0" else "")
        elif token.kind != "comma":
            out.append(token.text)
    return "".join(rest) + "".join(reversed(out))


def _assemble(tokens: Sequence[_Token], first: int, last: int, body: str) -> str:
    before = "".join(t.text for t in tokens[:first] if t.kind in {"literal", "trick", "percent"})
    after = "".join(t.text for t in tokens[last + 1 :] if t.kind in {"literal", "trick", "percent"})
    return (before + body + after).strip()


def _general(value: Decimal, tokens: Sequence[_Token], *, signed: bool) -> Shown:
    plain = _plain(value, grouped=False)
    body = plain if signed else plain.lstrip("-")
    at = next((i for i, t in enumerate(tokens) if t.kind in {"general", "text"}), 0)
    after = "".join(t.text for t in tokens[at + 1 :] if t.kind in {"literal", "percent"})
    return Shown(_assemble(tokens, at, at, body), plain + after.strip(" )）"))


def _plain(value: Decimal, *, grouped: bool) -> str:
    """Return a number in full, without exponent or trailing zeros behind the point."""
    text = f"{value:,f}" if grouped else f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


# ── dates ───────────────────────────────────────────────────────────────────────────────────────


def moment(serial: Decimal, *, date1904: bool = False) -> datetime | None:
    """Return the moment of a date serial, to the second; None outside the years 1900 to 9999."""
    if not 0 <= serial < 2_958_466:
        return None
    # Day 60 of 1900 is 29 February, which never was; later days count from one day earlier.
    first = (1904, 1, 1) if date1904 else (1899, 12, 30 if serial >= 60 else 31)
    start = datetime(*first)  # noqa: DTZ001 - sheets know no time zone
    try:
        return start + timedelta(seconds=round(float(serial * 86400)))
    except OverflowError:
        return None


def _show_date(value: Decimal, tokens: Sequence[_Token], date1904: bool) -> str:
    at = moment(value, date1904=date1904)
    if at is None:
        return _plain(value, grouped=False)
    elapsed = value * 86400
    twelve = any(each.kind == "ampm" for each in tokens)
    out = []
    for i, each in enumerate(tokens):
        if each.kind == "date":
            out.append(_date_part(each.text.lower(), at, elapsed, twelve, _is_minute(tokens, i)))
        elif each.kind == "ampm":
            out.append("AM" if at.hour < 12 else "PM")
        elif each.kind in {"literal", "trick", "point", "comma"}:
            out.append(each.text)
    return "".join(out).strip().rstrip(".")


def _is_minute(tokens: Sequence[_Token], at: int) -> bool:
    """Tell minutes from months: ``m`` right after hours or right before seconds."""
    parts = [(i, t.text.lower().strip("[]")) for i, t in enumerate(tokens) if t.kind == "date"]
    place = next(n for n, (i, _) in enumerate(parts) if i == at)
    before = parts[place - 1][1] if place else ""
    after = parts[place + 1][1] if place + 1 < len(parts) else ""
    return before.startswith("h") or after.startswith("s")


def _date_part(part: str, at: datetime, elapsed: Decimal, twelve: bool, minute: bool) -> str:
    width = len(part)
    hour = at.hour % 12 or 12 if twelve else at.hour
    match part[0]:
        case "[":
            unit = {"h": 3600, "m": 60, "s": 1}[part[1]]
            return str(int(elapsed // unit)).rjust(width - 2, "0")
        case "y" | "e":
            return f"{at.year % 100:02d}" if part == "yy" else f"{at.year:04d}"
        case "m" if minute:
            return f"{at.minute:0{min(width, 2)}d}"
        case "m":
            return _MONTHS[at.month - 1] if width >= 3 else f"{at.month:0{width}d}"
        case "d" if width >= 3:
            return at.strftime("%a" if width == 3 else "%A")
        case "d":
            return f"{at.day:0{width}d}"
        case "h":
            return f"{hour:0{min(width, 2)}d}"
        case "s":
            return f"{at.second:0{min(width, 2)}d}"
        case _:
            return ("星期" if width == 4 else "周") + _WEEKDAYS[at.weekday()]


def iso(value: date | datetime) -> str:
    """Return a day as ``2024-03-31``, with the time of day only where there is one."""
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return value.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    return value.strftime("%Y-%m-%d")
