"""Judges facts against an evaluation set's list of figures, to the last digit."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from yanku.errors import InvalidRequest
from yanku.finance.agreement import Sourced
from yanku.finance.ontology import Ontology
from yanku.finance.standing import Standing, standing
from yanku.model.finance import Consolidation, ReportKind, Statement

_CURRENT = {Standing.PERIOD_END, Standing.PERIOD}
_PREVIOUS = {Standing.PRIOR_PERIOD_END, Standing.PRIOR_PERIOD}
# A third-quarter report's statements are of the nine months; its quarter alone is not asked for.
_CURRENT_Q3 = {Standing.PERIOD_END, Standing.YEAR_TO_DATE}
_PREVIOUS_Q3 = {Standing.PRIOR_PERIOD_END, Standing.PRIOR_YEAR_TO_DATE}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One figure of facts.jsonl: a printed name in a file, and one of its two columns."""

    file: str
    metric: str
    period: str
    column: str
    value: Decimal
    unit: str
    scope: str
    page: int


@dataclass(frozen=True, slots=True)
class FactVerdict:
    """What was read for a wanted figure: the right value or not, and which wrong ones."""

    wanted: Wanted
    found: bool
    wrong: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class FactScore:
    """How many figures are wanted, found, and read wrongly; the shares of them as fractions."""

    wanted: int
    found: int
    wrong: int
    recall: float
    precision: float


def load_wanted(folder: Path) -> list[Wanted]:
    """Read a set's facts.jsonl, nothing if it has none; raise InvalidRequest naming the line."""
    path = folder / "facts.jsonl"
    if not path.is_file():
        return []
    found: list[Wanted] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.extend(_wanted(json.loads(line, parse_float=Decimal)))
        except (ValueError, KeyError, TypeError, ArithmeticError) as error:
            raise InvalidRequest(f"{path}, line {number}: {error!r}; see the format") from error
    return found


def _wanted(raw: Mapping[str, Any]) -> list[Wanted]:
    """Return the figures of one line, one for each column; a line without a value is wrong."""
    columns = [("current", raw["value"]), ("previous", raw.get("previous"))]
    return [
        Wanted(
            file=str(raw["file"]),
            metric=str(raw["metric"]),
            period=str(raw.get("period", "")),
            column=column,
            value=Decimal(str(value)),
            unit=str(raw.get("unit", "")),
            scope=str(raw.get("scope", Consolidation.CONSOLIDATED.value)),
            page=int(raw.get("page") or 0),
        )
        for column, value in columns
        if value not in (None, "")
    ]


def judge_facts(
    wanted: Iterable[Wanted], sourced: Sequence[Sourced], ontology: Ontology
) -> list[FactVerdict]:
    """Return for each wanted figure whether it was read, and what else was read in its place.

    A fact of the same file, metric, column and scope with another value is wrong, whatever else
    was read right. Figures before a restatement are a column of their own.
    """
    by_figure: dict[tuple[str, str, str, str], set[tuple[Decimal, str]]] = defaultdict(set)
    for fact, entry in sourced:
        column = _column(standing(fact, entry.profile), entry.profile.report)
        if column:
            key = (entry.name, fact.metric, fact.consolidation.value, column)
            by_figure[key].add((fact.amount.value, fact.amount.unit))
    return [_judged(one, _ids(one.metric, ontology), by_figure) for one in wanted]


def _column(said: str, report: ReportKind) -> str:
    third = report is ReportKind.THIRD_QUARTER
    if said in (_CURRENT_Q3 if third else _CURRENT):
        return "current"
    return "previous" if said in (_PREVIOUS_Q3 if third else _PREVIOUS) else ""


def _ids(name: str, ontology: Ontology) -> frozenset[str]:
    """Return the metrics that a printed name, or an identifier, can mean."""
    if name in ontology.metrics:
        return frozenset({name})
    found = (ontology.metric_of(name, statement) for statement in Statement)
    return frozenset(metric.id for metric in found if metric is not None)


def _judged(
    one: Wanted,
    ids: frozenset[str],
    by_figure: Mapping[tuple[str, str, str, str], set[tuple[Decimal, str]]],
) -> FactVerdict:
    read = {
        said for id_ in ids for said in by_figure.get((one.file, id_, one.scope, one.column), ())
    }
    right = {s for s in read if s[0] == one.value and (not one.unit or s[1] == one.unit)}
    return FactVerdict(one, bool(right), tuple(sorted(value for value, _ in read - right)))


def fact_scores(verdicts: Sequence[FactVerdict]) -> dict[str, dict[str, FactScore]]:
    """Return scores by ``column``, ``period`` and ``metric``, and of everything under ``all``."""
    groups: dict[str, dict[str, list[FactVerdict]]] = defaultdict(lambda: defaultdict(list))
    for verdict in verdicts:
        one = verdict.wanted
        for by, name in (
            ("all", "ALL"),
            ("column", one.column),
            ("period", one.period),
            ("metric", one.metric),
        ):
            groups[by][name].append(verdict)
    return {
        by: {name: _score(found) for name, found in sorted(names.items())}
        for by, names in groups.items()
    }


def _score(verdicts: Sequence[FactVerdict]) -> FactScore:
    found = sum(verdict.found for verdict in verdicts)
    wrong = sum(len(verdict.wrong) for verdict in verdicts)
    return FactScore(
        wanted=len(verdicts),
        found=found,
        wrong=wrong,
        recall=found / len(verdicts),
        precision=found / (found + wrong) if found + wrong else 0.0,
    )
