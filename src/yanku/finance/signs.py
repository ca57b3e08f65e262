"""Brings costs and payments to one sign, however a statement prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yanku.finance.ontology import Ontology
from yanku.model.amount import Amount
from yanku.model.finance import Fact, Statement

_EARNS = re.compile(r"income|收入", re.IGNORECASE)
_INTEREST = frozenset({"interest_expense", "finance_interest_expense"})


def costs_positive(facts: Sequence[Fact], ontology: Ontology) -> list[Fact]:
    """Return the facts of one statement with its costs as positive numbers.

    Some statements put every deduction in brackets: 营业成本 (800). Where most of them are
    negative that is the statement's way of writing, and all are turned; a single negative cost
    among positive ones (a reversal, net interest earned) stays what it is. In a statement of cash
    flows even a single one is: money that is paid. And interest expense that stands in brackets
    under "other income (expense)" is an expense all the same.
    """
    costs = [fact for fact in facts if ontology.metrics[fact.metric].deducted]
    negative = sum(1 for fact in costs if fact.amount.value < 0)
    flows = any(fact.statement is Statement.CASH_FLOW for fact in costs)
    turned = negative * 3 >= len(costs) * 2 and negative >= (1 if flows else 2)
    return [
        _negated(fact)
        if fact.amount.value
        and ontology.metrics[fact.metric].deducted
        and (turned or _is_expense(fact))
        else fact
        for fact in facts
    ]


def _is_expense(fact: Fact) -> bool:
    """Tell interest that is paid, printed as what it takes away."""
    return fact.metric in _INTEREST and fact.amount.value < 0 and _EARNS.search(fact.label) is None


def _negated(fact: Fact) -> Fact:
    return replace(fact, amount=Amount(-fact.amount.value, fact.amount.unit))
