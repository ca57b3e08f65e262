"""Brings costs and payments to one sign, however a statement prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yanku.finance.ontology import Ontology
from yanku.model.amount import Amount
from yanku.model.finance import Fact


def costs_positive(facts: Sequence[Fact], ontology: Ontology) -> list[Fact]:
    """Return the facts of one statement with its costs as positive numbers.

    Some statements put every deduction in brackets: 营业成本 (800). Where most of them are
    negative that is the statement's way of writing, and all are turned; a single negative cost
    among positive ones (a reversal, net interest earned) stays what it is.
    """
    costs = [fact for fact in facts if ontology.metrics[fact.metric].deducted]
    negative = sum(1 for fact in costs if fact.amount.value < 0)
    if negative * 3 < len(costs) * 2 or negative < 2:
        return list(facts)
    return [
        replace(fact, amount=Amount(-fact.amount.value, fact.amount.unit))
        if ontology.metrics[fact.metric].deducted and fact.amount.value
        else fact
        for fact in facts
    ]
