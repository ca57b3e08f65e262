"""Tests figures against the laws of the statements they stand in: 资产 = 负债 + 权益."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files

from yanku.model.finance import STATEMENTS, Check, Consolidation, Fact, Period, Statement


@dataclass(frozen=True, slots=True)
class Law:
    """``total`` = Σ ``parts``; a part with a minus sign is taken away.

    ``optional`` parts count as nothing where they are not printed, and need not belong to the sum
    where they are. A law without ``strict`` can
    only confirm: parts it does not name may belong to the sum.
    """

    name: str
    total: str
    parts: tuple[str, ...]
    optional: tuple[str, ...] = ()
    strict: bool = True


def load_laws() -> tuple[Law, ...]:
    """Return the laws shipped with the package."""
    text = files("yanku.finance").joinpath("laws.toml").read_text(encoding="utf-8")
    return tuple(
        Law(
            entry["name"],
            entry["total"],
            tuple(entry["parts"]),
            tuple(entry.get("optional", ())),
            entry.get("strict", True),
        )
        for entry in tomllib.loads(text)["laws"]
    )


@cache
def _laws() -> tuple[Law, ...]:
    return load_laws()


@cache
def laws_leaving_out(metric: str) -> tuple[Law, ...]:
    """Return the laws of sums in which a line may be lacking: where one holds, it is nothing."""
    return tuple(law for law in _laws() if not law.parts and metric in law.optional)


_Key = tuple[Consolidation, Statement, Period, bool, str]


def checked(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the facts of one document, each with the tests it took part in.

    Only figures of one statement, of one period and of one company are held against one another.
    """
    found: dict[int, list[Check]] = defaultdict(list)
    for members, step in _columns(facts):
        for law in _laws():
            for number, check in _tested(law, members, facts, step):
                found[number].append(check)
    return tuple(
        replace(fact, checks=(*fact.checks, *found[number])) if number in found else fact
        for number, fact in enumerate(facts)
    )


def _columns(facts: Sequence[Fact]) -> Iterator[tuple[Mapping[str, int], Decimal]]:
    """Yield the numbers of each column's facts by metric, and the unit they are rounded to."""
    groups: dict[_Key, dict[str, int]] = defaultdict(dict)
    for number, fact in enumerate(facts):
        if fact.statement in STATEMENTS:
            groups[_key(fact)].setdefault(fact.metric, number)
    for members in groups.values():
        amounts = [facts[number].amount for number in members.values()]
        # Earnings per share stand in cents below figures of thousands.
        yield members, _step(a.value for a in amounts if not a.unit.endswith("/share"))


@dataclass(frozen=True, slots=True)
class Gap:
    """By how much a sum misses: Σ sign × value of its members, the total taken away."""

    law: Law
    value: Decimal
    members: tuple[tuple[int, int], ...]
    """(number of the fact, 1 or -1)"""
    step: Decimal


def gaps(facts: Sequence[Fact]) -> Iterator[Gap]:
    """Yield what is left over of every law whose figures are printed and do not add up.

    A law that is not strict may miss because figures it does not name belong to the sum.
    """
    for members, step in _columns(facts):
        for law in _laws():
            if any(not check.passed for _, check in _tested(law, members, facts, step)) or (
                not law.strict and not _tested(law, members, facts, step)
            ):
                yield from _left_over(law, members, facts, step)


def _left_over(
    law: Law, members: Mapping[str, int], facts: Sequence[Fact], step: Decimal
) -> Iterator[Gap]:
    names = [part.lstrip("-") for part in law.parts]
    if law.total not in members or any(name not in members for name in names):
        return
    parts = [p for p in (*law.parts, *law.optional) if p.lstrip("-") in members]
    signs = [(members[p.lstrip("-")], -1 if p.startswith("-") else 1) for p in parts]
    for reading in (signs, [(number, 1) for number, _ in signs]):
        whole = ((members[law.total], -1), *reading)
        value = sum((sign * facts[n].amount.value for n, sign in whole), Decimal(0))
        yield Gap(law, value, whole, step)


def _key(fact: Fact) -> _Key:
    """Return what figures of one law share; closing cash stands with the flows of its column."""
    end = Period(fact.period.end)
    return (fact.consolidation, fact.statement, end, fact.restated, fact.column)


def _step(values: Iterable[Decimal]) -> Decimal:
    """Return the unit the figures are rounded to: 0.01, 1, 1000, …, by what divides them all."""
    step = Decimal(10) ** 8
    for value in values:
        while step > Decimal("0.01") and value % step:
            step /= 10
    return step


def _tested(
    law: Law, members: Mapping[str, int], facts: Sequence[Fact], step: Decimal
) -> list[tuple[int, Check]]:
    names = [part.lstrip("-") for part in law.parts]
    if law.total not in members or any(name not in members for name in names):
        return []
    present = tuple(p for p in law.optional if p.lstrip("-") in members)
    total = facts[members[law.total]].amount.value
    used = (*law.parts, *present)
    passed = _adds_up(total, _signed(used, members, facts), step, strict=law.strict)
    if not passed and law.strict and present:
        passed = _adds_up(total, _signed(law.parts, members, facts), step, strict=True)
        used = law.parts if passed else used
    if not passed and not law.strict:
        return []
    involved = [members[law.total], *(members[part.lstrip("-")] for part in used)]
    return [(number, Check(law.name, passed)) for number in involved]


def _signed(
    parts: Sequence[str], members: Mapping[str, int], facts: Sequence[Fact]
) -> list[tuple[int, Decimal]]:
    return [
        (-1 if part.startswith("-") else 1, facts[members[part.lstrip("-")]].amount.value)
        for part in parts
    ]


def _adds_up(
    total: Decimal, parts: Sequence[tuple[int, Decimal]], step: Decimal, *, strict: bool
) -> bool:
    """Tell whether the parts make the total, within rounding.

    Some statements print costs and outflows as negative numbers already.
    """
    slack = _slack(step, len(parts), strict)
    return any(
        abs(total - sum((sign * value for sign, value in reading), Decimal(0))) <= slack
        for reading in (parts, [(1, value) for _, value in parts])
    )


def _slack(step: Decimal, parts: int, strict: bool) -> Decimal:
    """Return by how much a sum of rounded figures may miss.

    A strict law must not fail for rounding, however it falls; to confirm a long sum, no more is
    allowed than rounding likely leaves.
    """
    if step <= Decimal("0.01"):
        return Decimal("0.02")
    return step * ((Decimal(parts) + 1) / 2 if strict else Decimal(parts).sqrt())
