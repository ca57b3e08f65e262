"""How one language says whose figure it is, of when, and how much."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from yanku.answer.wording import period_worded, worded
from yanku.model.amount import Amount
from yanku.model.finance import Company, Consolidation, Fact
from yanku.model.inquiry import Inquiry

_FOOTNOTE = re.compile(r"\s*\((?:[a-z]|\d{1,2}|notes? [^()]{1,12})\)\s*$", re.IGNORECASE)
_SHORT, _LONG = 5, 70
"""Letters of a label that says enough alone, and is not a sentence."""

Named = Callable[[str, str], str]
"""What people call a metric or ratio: (identifier, language) → name."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The few sentence patterns of one language."""

    language: str
    unit: str
    named: Named
    companies: Mapping[str, str] = field(default_factory=dict)
    """By code, the name that an answer gives a company."""
    decimals: int | None = None

    def name(self, metric: str) -> str:
        """Return what people call a measure."""
        return self.named(metric, self.language)

    def whose(self, company: Company) -> str:
        """Return the name of a company."""
        return self.companies.get(company.code, company.name)

    def subject(self, fact: Fact) -> str:
        """Return whose figure a fact is, of when, and which."""
        name = self._printed(fact) or self.name(fact.metric)
        period = period_worded(fact.period, self.language)
        parent = fact.consolidation is Consolidation.PARENT
        whose = self.whose(fact.company)
        whose += self.pick("母公司", " (parent company)") if parent else ""
        if self.language == "en":
            return f"{whose}: {name}, {period},"
        return f"{whose}{period}{name}"

    def _printed(self, fact: Fact) -> str:
        """Return an American line's own words: "net sales" is what its reader looks for."""
        if self.language != "en" or fact.amount.unit != "USD" or not fact.label.isascii():
            return ""
        words = _FOOTNOTE.sub("", fact.label).strip(" :$")
        return words if _SHORT < len(words) < _LONG and "," not in words[-1:] else ""

    def amount(self, amount: Amount) -> str:
        """Return an amount in the unit asked for."""
        return worded(amount, self.language, self.unit, self.decimals)

    def pick(self, zh: str, en: str) -> str:
        """Return the one of two texts that is in the voice's language."""
        return en if self.language == "en" else zh


def voice_of(inquiry: Inquiry, named: Named) -> Voice:
    """Return the voice in which a question is answered."""
    names = {one.code: one.called(inquiry.question) for one in inquiry.companies}
    return Voice(inquiry.language, inquiry.unit, named, names, inquiry.decimals)
