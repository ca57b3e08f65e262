"""Tells which measures a question means, which of them it chooses by, and what 亏损 asks of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from yanku.finance.bounds import Limit, attached
from yanku.finance.breadth import Breadth
from yanku.finance.idioms import drop_courtesy, find_holding, find_idioms
from yanku.finance.judged import judged_in
from yanku.finance.labels import has_han, plain
from yanku.finance.measures import names_of
from yanku.finance.names import stems_of
from yanku.finance.ontology import Ontology
from yanku.finance.page import Page
from yanku.finance.saying import say
from yanku.finance.sides import Side
from yanku.finance.spoken import Spoken, find_measures
from yanku.model.blank import BLANK
from yanku.model.finance import Company
from yanku.model.inquiry import Bound

_COUNTED = re.compile(r"(?<!哪)(?:多少|几)家|how many (?:companies|firms|banks)")
_RESULT = "net_profit_attributable"
_SHARE_OF = re.compile(r"\s*(?:的?(?:金额|总额)?占(?:当期|同期|全部|总)?|与|和|/)\s*")
_SHARE_SAID = re.compile(r"的?(?:比例|比重|占比|比率|百分比|比值|之比)")
_SPELLS = re.compile(r"[(（=＝/÷]|即|等于|除以|divided by|\bover\b|减去|之比|minus")
_BY = re.compile(r"(?:\bby|\bhighest|\blargest|\bbiggest|\bmost|按(?:照)?)[□ a-z]{0,12}$")


def spoken_in(
    page: Page, companies: Sequence[Company], whose: Sequence[Company], ontology: Ontology
) -> tuple[Spoken, ...]:
    """Return where measures are named, in the order of the question, and take them.

    ``companies`` are those of the library, ``whose`` those asked about.
    """
    held = find_holding(page, ontology)
    found = list(find_measures(page.text, page.free, ontology))
    for one in found:
        page.take(one.start, one.end)
        measure = ontology.measure(one.identifier)
        if one.name in measure.loose:
            name = ontology.name(one.identifier, page.language)
            page.note("loose", said=one.name, name=name)
    drop_courtesy(page, ontology.phrases)
    stems, western = stems_of(companies), _are_western(whose)
    found += held
    found += find_idioms(page, stems, ontology, western=western)
    found += judged_in(page, found, ontology)
    found.sort(key=lambda one: one.start)
    page.said += dict.fromkeys(one.name for one in found)
    return tuple(found)


_WESTERN = {
    "operating income": "operating_profit",
    "roe": "return_on_equity",
    "return on equity": "return_on_equity",
    "net sales": "net_sales",
    "total net sales": "net_sales",
}
"""Names that mean something else where no Chinese rules say what they are."""
_SALES = ("operating_revenue", "total_operating_revenue", "net_sales")
"""Measures that texts call by one another's names."""
_ITS_MARGIN = re.compile(r"□\s*(?:,\s*)?(?:and|with|&)\s+(?P<said>(?:its|the|their)?\s*margins?)\b")
_MARGINS = {
    "net_profit": "net_margin",
    "gross_profit": "gross_margin",
    "operating_profit": "operating_margin",
    "profit_before_tax": "pretax_margin",
    "net_profit_attributable": "attributable_net_margin",
    "ebit": "ebit_margin",
    "ebitda": "ebitda_margin",
    "free_cash_flow": "free_cash_flow_margin",
}


def western(spoken: Sequence[Spoken], companies: Sequence[Company]) -> tuple[Spoken, ...]:
    """Return the measures with "operating income" as the profit that it is outside China.

    It translates 营业收入 in Chinese reports, whose companies have Chinese names. An ROE is
    calculated where no rules say how it is printed.
    """
    if not _are_western(companies):
        return tuple(spoken)
    return tuple(
        replace(one, identifier=_WESTERN[one.name]) if one.name in _WESTERN else one
        for one in spoken
    )


def own_names(identifier: str, companies: Sequence[Company], ontology: Ontology) -> frozenset[str]:
    """Return what texts of some companies call a measure, in the form of ``plain``."""
    alike = _SALES if identifier in _SALES else (identifier,)
    names = frozenset(plain(name) for one in alike for name in names_of(one, ontology))
    if not _are_western(companies):
        return names
    others = {name for name, meant in _WESTERN.items() if meant not in alike}
    return (names - others) | {name for name, meant in _WESTERN.items() if meant in alike}


def _are_western(companies: Sequence[Company]) -> bool:
    chinese = any(has_han(name) for c in companies for name in (c.name, *c.aliases))
    return bool(companies) and not chinese


def with_margin(page: Page, spoken: Sequence[Spoken]) -> tuple[Spoken, ...]:
    """Return the measures with the margin of one: "net income and its margin"."""
    m = _ITS_MARGIN.search(page.rest)
    of = [one for one in spoken if m is not None and one.end == m.start() + 1]
    if m is None or not of or of[0].identifier not in _MARGINS:
        return tuple(spoken)
    start, end = m.span("said")
    page.take(start, end)
    return (*spoken, Spoken(start, end, _MARGINS[of[0].identifier], m["said"].strip()))


def as_ratios(page: Page, spoken: Sequence[Spoken], ontology: Ontology) -> tuple[Spoken, ...]:
    """Return the measures with 研发费用占营收比例 as the one ratio that it spells, if it is one.

    Only one measure can put companies in order.
    """
    found: list[Spoken] = []
    for one in spoken:
        before = found[-1] if found else None
        after = _SHARE_SAID.match(page.text, one.end)
        if before is not None and after and _SHARE_OF.fullmatch(page.text[before.end : one.start]):
            spelled = f"{before.identifier} / {one.identifier}"
            ratio = next((r for r in ontology.ratios.values() if r.formula == spelled), None)
            if ratio is not None:
                page.take(before.end, after.end())
                name = page.text[before.start : after.end()]
                found[-1] = Spoken(before.start, after.end(), ratio.id, name)
                continue
        found.append(one)
    return tuple(found)


def metrics_of(page: Page, spoken: Sequence[Spoken], ontology: Ontology) -> tuple[str, ...]:
    """Return the measures named, each once; 净利率（净利润/营业收入） spells one out."""
    names = dict.fromkeys(
        one.identifier for one in spoken if not _spells_out(page.text, one, spoken, ontology)
    )
    return tuple(names)


def _spells_out(text: str, one: Spoken, spoken: Sequence[Spoken], ontology: Ontology) -> bool:
    """Tell whether a measure only spells out a ratio that is named too."""
    for other in spoken:
        ratio = ontology.ratios.get(other.identifier)
        if ratio is None or one.identifier not in ratio.operands:
            continue
        first, second = sorted((one, other), key=lambda each: each.start)
        between = text[first.end : second.start]
        if _SPELLS.search(between) or _SPELLS.match(text[one.end :].lstrip(BLANK + " ")):
            return True
    return False


def result_of(
    page: Page, metrics: tuple[str, ...], breadth: Breadth, ontology: Ontology
) -> tuple[tuple[str, ...], Breadth]:
    """Read "哪些公司亏损" and "连续三年盈利" as a bound on the net profit of the shareholders."""
    phrases = ontology.phrases
    asked = phrases.which_companies.search(page.rest)
    if not metrics and breadth.limits and all(limit.loss for limit in breadth.limits):
        said = page.text[breadth.limits[0].start : breadth.limits[0].end].strip(BLANK + " ")
        page.note("loose", said=said, name=f"{ontology.name(_RESULT, page.language)} < 0")
        return (_RESULT,), breadth
    if metrics == (_RESULT,) and any(phrases.loss.fullmatch(said) for said in page.said):
        # "亏损了超过1亿元" names the measure and turns it around.
        turned = tuple(limit.turned() for limit in breadth.limits if not limit.loss)
        breadth = replace(breadth, limits=turned) if turned else breadth
    about = asked or breadth.run or breadth.streak or breadth.turn or breadth.whether
    if not about or breadth.limits or metrics not in {(), (_RESULT,)}:
        return metrics, breadth
    text = page.text if metrics else page.rest
    loss, gain = phrases.loss.search(text), phrases.gain.search(text)
    m = loss or gain
    if m is None or text[: m.start()].endswith(("最", "更", "most ", "more ")):
        return metrics, breadth
    counted = _COUNTED.search(page.rest) is not None
    for found in (m, asked):
        if found is not None:
            page.take(found.start(), found.end())
    sign = " < 0" if loss else " > 0"
    name = ontology.name(_RESULT, page.language)
    plainly = say("loose", page.language, said=m[0], name=name)
    page.notes = [note for note in page.notes if note != plainly]
    page.note("loose", said=m[0], name=name + sign)
    limit = Limit(m.start(), m.end(), Bound(Decimal(0), below=loss is not None))
    return (_RESULT,), replace(breadth, limits=(limit,), counted=counted)


def of_side(
    page: Page, metrics: tuple[str, ...], side: Side | None, ontology: Ontology
) -> tuple[str, ...]:
    """Read "是赚是亏" and "扭亏" of no measure as asked of the shareholders' profit."""
    if side is None or metrics:
        return metrics
    page.note("loose", said=side.said, name=ontology.name(_RESULT, page.language))
    return (_RESULT,)


def main_first(
    page: Page, metrics: tuple[str, ...], spoken: Sequence[Spoken], breadth: Breadth
) -> tuple[str, ...]:
    """Return two measures with the one first that is ranked or added up, not the one to choose by.

    "营收前五的公司的平均毛利率" adds up margins; its companies are chosen by revenue.
    """
    if len(metrics) != 2 or not (breadth.top or breadth.limits):
        return metrics
    if breadth.fold is None:
        limits = attached(breadth.limits, spoken, metrics, page.text) or ()
        chosen_by = {metrics[bound.measure] for bound in limits}
        return tuple(sorted(metrics, key=lambda name: name in chosen_by))
    chooses = [one for one in spoken if _BY.search(page.text[: one.start])]
    if breadth.top and chooses:
        by = chooses[-1].identifier
    elif has_han(page.text) and not breadth.limits:
        by = metrics[0]
    elif breadth.limits and (bounds := attached(breadth.limits, spoken, metrics, page.text)):
        by = metrics[bounds[0].measure]
    else:
        return metrics
    return (*(name for name in metrics if name != by), by)
