"""What an inquiry's metrics can be: a metric, a ratio, or the change of one of them."""

from __future__ import annotations

from yanku.finance.ontology import Metric, Ontology
from yanku.finance.periods import closing, year_to_date
from yanku.finance.ratios import Ratio
from yanku.model.finance import Period

GROWTH = ".growth"
"""Ends the identifier of a change in percent: ``operating_revenue.growth``."""
CHANGE = ".change"
"""Ends the identifier of a change in the measure's own unit: ``total_assets.change``."""
QUARTERLY = ".qoq"
"""Ends the identifier of a change in percent on the quarter before (环比)."""
COMPOUND = ".cagr"
"""Ends the identifier of a compound annual growth rate in percent."""

SINCE = ".since"
"""Ends the identifier of a change in percent on any earlier period that is named."""

_ENDINGS = (GROWTH, CHANGE, QUARTERLY, COMPOUND, SINCE)


def base_of(identifier: str) -> str:
    """Return the metric or ratio that an identifier, with or without an ending, speaks of."""
    for ending in _ENDINGS:
        identifier = identifier.removesuffix(ending)
    return identifier


def is_instant(identifier: str, ontology: Ontology) -> bool:
    """Tell measures of a balance sheet's day from those of a stretch of time."""
    measure = ontology.measure(base_of(identifier))
    if isinstance(measure, Metric):
        return measure.instant
    return all(ontology.metrics[name].instant for name in measure.operands)


def fitted(period: Period, identifier: str, ontology: Ontology) -> Period:
    """Return the period in the form a measure has: a day's balance, or the stretch up to a day."""
    if is_instant(identifier, ontology):
        return closing(period)
    return year_to_date(period.end) if period.is_instant else period


def in_percent(measure: Metric | Ratio) -> bool:
    """Tell measures whose change is told in percentage points."""
    return measure.unit == "%"


def called(identifier: str, language: str, ontology: Ontology) -> str:
    """Return what people call a measure or its change, in ``zh`` or ``en``."""
    name = ontology.name(base_of(identifier), language)
    if identifier.endswith(GROWTH):
        return f"{name} growth" if language == "en" else f"{name}同比增长率"
    if identifier.endswith(SINCE):
        return f"{name} growth" if language == "en" else f"{name}增长率"
    if identifier.endswith(CHANGE):
        return f"change in {name}" if language == "en" else f"{name}变动额"
    if identifier.endswith(QUARTERLY):
        return f"{name} growth on the quarter before" if language == "en" else f"{name}环比增长率"
    if identifier.endswith(COMPOUND):
        return f"{name} CAGR" if language == "en" else f"{name}年均复合增长率"
    return name


def names_of(identifier: str, ontology: Ontology) -> frozenset[str]:
    """Return everything a text may call a measure."""
    measure = ontology.measure(base_of(identifier))
    names = {measure.zh, measure.en, *measure.spoken} - {""}
    return frozenset(names | measure.labels if isinstance(measure, Metric) else names)
