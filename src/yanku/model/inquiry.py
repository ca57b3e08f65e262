"""What a question asks for, and what the facts say to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from yanku.model.amount import Amount
from yanku.model.finance import Company, Consolidation, Fact, Period
from yanku.model.library import Entry


class Task(StrEnum):
    """The kind of work a question asks for."""

    LOOKUP = "lookup"
    GROWTH = "growth"
    RATIO = "ratio"
    COMPARE = "compare"
    TEXT = "text"
    """Not a question that facts can answer: reasons, descriptions, everything else."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question understood: what is asked, of whom, for when.

    ``metrics`` are identifiers of the ontology. ``unknown`` holds names in the question that look
    like companies and are not in the library. ``unit`` is the printed unit asked for ("亿元").
    ``lowest`` turns a comparison around ("哪家更低"). ``assumptions`` are defaults taken, in the
    question's own ``language`` (``zh`` or ``en``).
    """

    question: str
    task: Task
    language: str = "zh"
    companies: tuple[Company, ...] = ()
    metrics: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    consolidation: Consolidation = Consolidation.CONSOLIDATED
    unit: str = ""
    lowest: bool = False
    unknown: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operand:
    """One fact a finding rests on, and the name it has in the formula."""

    name: str
    fact: Fact
    entry: Entry


@dataclass(frozen=True, slots=True)
class Finding:
    """What the facts say: an amount or a choice, with every fact it rests on.

    ``formula`` is empty when the amount is a fact itself; otherwise it is the calculation in
    terms of the operands' names, such as ``(本期 − 上期) ÷ |上期|``.
    """

    operands: tuple[Operand, ...]
    amount: Amount | None = None
    choice: str | None = None
    formula: str = ""
    assumptions: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Missing:
    """Facts do not settle the inquiry: ``what`` names the company, metric and period lacking.

    ``documents_exist`` tells that documents of that company and period are readable, so the
    figure is not disclosed (or was not read) rather than unknown.
    """

    what: str
    documents_exist: bool = False
