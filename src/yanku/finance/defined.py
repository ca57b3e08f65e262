"""Reads the formula that an English question itself gives for the measure it asks for."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yanku.finance.formula import operands_of
from yanku.finance.labels import plain
from yanku.finance.measures import base_of
from yanku.finance.ontology import Ontology
from yanku.model.inquiry import Inquiry, Task

_NAME = r"[a-z][a-z&\- ]{1,60}?"
_REST = r"\s*[:=]?\s*(?P<formula%s>[^?!]+?)(?=[?!]|\.(?:\s|$)|$)"
_DEFINED = re.compile(
    rf"(?P<name>{_NAME})\s*(?:\((?P<short>[a-z]{{2,6}})\)\s*)?(?:here )?(?:is|are) (?:here )?"
    rf"(?:defined|calculated|computed|measured) as{_REST % ''}"
    rf"|\bdefine (?P<name2>{_NAME})\s*(?:\((?P<short2>[a-z]{{2,6}})\)\s*)? (?:as|to be)"
    rf"{_REST % '2'}"
    rf"|(?<=[.?,;(] )(?:please )?defined?(?: (?:it|this|that|the ratio))? as{_REST % '3'}"
)
_USING = re.compile(
    rf"\b(?:calculate|compute|derive|determine|get) (?:the |its )?(?P<name>{_NAME}) "
    r"(?:using|from|with|based on) (?P<parts>[^.?!()]+?)(?:\s*\(\s*\))?(?=\s*[.?!]|\s*$)"
    rf"|(?P<name2>(?<=[ ,])[a-z][a-z&\- ]{{3,40}}?) ?\((?:calculated |computed )?"
    r"(?:using|from|with|based on) (?P<parts2>[^()]+)\)"
)
"""A ratio, and the lines it is to be made of, without how: (using net income attributable to …)."""
_JOINED = re.compile(
    r"\b(?:and|as well as|the|total|unadjusted|reported|paid|both|line items?)\b|[,&]"
)
_KIN = {
    "net_profit": "net_profit_attributable",
    "dividends_paid": "cash_dividends",
    "operating_revenue": "total_operating_revenue",
    "total_equity": "equity_attributable",
}
"""A line of a formula, and one that a question may put in its place."""
_WORDS = (
    (re.compile(r"\bdivided by\b|\bover\b|÷"), "/"),
    (re.compile(r"\b(?:multiplied by|times)\b|×"), "*"),
    (re.compile(r"\bplus\b"), "+"),
    (re.compile(r"\b(?:minus|less)\b|[–—−]"), "-"),
)
_WHEN = re.compile(
    r"\b(?:between|from) (?:fy|fiscal )?\s?\d{2,4} (?:and|to) (?:fy|fiscal )?\s?\d{2,4}"
    r"|\b(?:in|for|at|as of|of|during)? ?(?:the )?(?:end of )?(?:year[- ]end )?"
    r"(?:fy|fiscal (?:year )?)\s?\d{2,4}"
    r"|\b(?:of|for|in) the (?:same )?(?:year|period)\b"
)
_EMPTY = re.compile(
    r"\b(?:the|total|unadjusted|company'?s?|reported|net amount of|amount of|value of|year-end"
    r"|ending)\b"
)
_AVERAGE = re.compile(r"\baverage (?:of )?(\w+)\b")
_CHANGE = re.compile(r"\bchange in (\w+)\b")
_WESTERN = {"operating income": "operating_profit"}
"""Who spells out a formula in English means the profit, and not 营业收入."""
_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition at ``text[start:end]``: what is defined, and its formula in identifiers.

    Without a name it is of the one ratio that is asked for: "Define as …".
    """

    start: int
    end: int
    name: str
    short: str
    formula: str


def definitions_in(text: str, ontology: Ontology) -> tuple[tuple[Defined, ...], bool]:
    """Return the definitions of a text (in the form of ``plain``), and whether all could be read.

    "DPO is defined as: 365 * (average accounts payable between FY2017 and FY2018) / (FY2018 COGS +
    change in inventory …)": the first is of what is asked for, others spell out parts of it.
    """
    found = list(_DEFINED.finditer(text))
    said = {
        name: (m["formula"] or m["formula2"] or m["formula3"]).strip()
        for m in found
        for name in (_name(m), m["short"] or m["short2"] or "")
        if name or m["formula3"]
    }
    read: list[Defined] = []
    for m in found:
        formula = _formula(said[_name(m)], said, ontology, _DEPTH)
        if not formula:
            return (), False
        read.append(Defined(m.start(), m.end(), _name(m), m["short"] or m["short2"] or "", formula))
    free = [m for m in _USING.finditer(text) if not any(_meet(m, one) for one in read)]
    return (*read, *filter(None, (_made_of(m, ontology) for m in free))), True


def _meet(m: re.Match[str], one: Defined) -> bool:
    return m.start() < one.end and one.start < m.end()


def _made_of(m: re.Match[str], ontology: Ontology) -> Defined | None:
    """Return a ratio by its own formula over the lines that a question names for it."""
    name = re.sub(r"^.*\b(?:is|was|the|unadjusted) ", "", m["name"] or m["name2"])
    ratio = ontology.ratios.get(dict(ontology.names()).get(name, ""))
    said = m["parts"] or m["parts2"]
    named: list[str] = []
    for known, identifier in ontology.names():
        if re.search(rf"(?<!\w){re.escape(known)}(?!\w)", said):
            named.append(_WESTERN.get(known, identifier))
            said = said.replace(known, " ")
    if ratio is None or not named or _JOINED.sub(" ", said).strip():
        return None
    formula = ratio.formula
    for operand in ratio.operands:
        if operand not in named and _KIN.get(operand) in named:
            formula = re.sub(rf"\b{operand}\b", _KIN[operand], formula)
    if not set(named) <= set(operands_of(formula)[0]):
        return None
    start = m.start() if m["name"] else m.end("name2")
    return Defined(start, m.end(), name, "", formula)


def formula_for(
    identifier: str, defined: Sequence[Defined], text: str, ontology: Ontology
) -> str | None:
    """Return the formula that definitions give a ratio; "" for its own, None for another's.

    A definition is of the ratio if it goes by its name, or by the letters in brackets behind it.
    One that spells out a part of it just as it is understood anyway changes nothing.
    """
    ratio = ontology.ratios[identifier]
    for one in defined:
        bare = re.sub(r"^(?:unadjusted|the)\s+", "", one.name)
        names = (bare, bare.removesuffix(" ratio"), f"{bare} ratio", one.short)
        if not bare or any(name in ratio.spoken for name in names):
            return one.formula
        if re.search(rf"\({re.escape(bare)}\)", text):
            return one.formula
    known = dict(ontology.names())
    for one in defined:
        part = ontology.ratios.get(known.get(re.sub(r"^unadjusted\s+", "", one.name), ""))
        if part is None or _squeezed(part.formula) != _squeezed(one.formula):
            return None
    return ""


def _squeezed(formula: str) -> str:
    return re.sub(r"[\s()]", "", formula)


def _name(m: re.Match[str]) -> str:
    return re.sub(r"^(?:where |here |and )+", "", (m["name"] or m["name2"] or "").strip())


def _formula(said: str, others: Mapping[str, str], ontology: Ontology, depth: int) -> str:
    """Return a definition as a formula of identifiers; empty if any word of it is not known."""
    text = f" {said} "
    for pattern, sign in _WORDS:
        text = pattern.sub(f" {sign} ", text)
    text = re.sub(r"\s+", " ", _WHEN.sub(" ", text))
    parts: list[str] = []
    for name in sorted(others, key=len, reverse=True):
        if depth and others[name] != said and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            inner = _formula(others[name], others, ontology, depth - 1)
            if not inner:
                return ""
            parts.append(f"({inner})")
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", f" _{len(parts) - 1}_ ", text)
    for name, identifier in ontology.names():
        if not name.isascii() or name not in text:
            continue
        identifier = _WESTERN.get(name, identifier)
        ratio = ontology.ratios.get(identifier)
        parts.append(f"({ratio.formula})" if ratio is not None else identifier)
        mark = f" _{len(parts) - 1}_ "
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", mark, text)
    text = re.sub(r"\s+", " ", _EMPTY.sub(" ", text))
    text = _CHANGE.sub(r"change(\1)", _AVERAGE.sub(r"average(\1)", text))
    if re.fullmatch(r"(?:\s|_\d+_|average\(|change\(|[()*/+-]|\d+)*", text) is None:
        return ""
    formula = re.sub(r"_(\d+)_", lambda m: parts[int(m[1])], text).strip()
    try:
        operands_of(formula)
    except (ValueError, SyntaxError):
        return ""
    return ast.unparse(ast.parse(formula, mode="eval"))


def as_defined(inquiry: Inquiry, defined: Sequence[Defined], ontology: Ontology) -> Inquiry:
    """Return the inquiry with the formula its question gives; TEXT if that is of nothing asked.

    Of several definitions the first is of the measure, and the others of its parts.
    """
    if not defined or inquiry.task is Task.TEXT:
        return inquiry
    base = base_of(inquiry.metrics[0])
    if len(inquiry.metrics) != 1 or base not in ontology.ratios:
        return replace(inquiry, task=Task.TEXT)
    formula = formula_for(base, defined, plain(inquiry.question), ontology)
    if formula is None:
        return replace(inquiry, task=Task.TEXT)
    return replace(inquiry, formula=formula)
