"""How the scores of facts look in a terminal and in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from yanku.flows.factscore import FactScore, FactVerdict

Scores = Mapping[str, Mapping[str, FactScore]]


def facts_table(name: str, scores: Scores) -> Table:
    """Return the scores by column, period and metric, and of everything."""
    table = Table(title=f"{name}: facts")
    for head in ("facts", "n", "found", "wrong", "recall", "precision"):
        table.add_column(head, justify="left" if head == "facts" else "right")
    for by in ("metric", "period", "column", "all"):
        for kind, score in scores.get(by, {}).items():
            table.add_row(
                kind,
                str(score.wanted),
                str(score.found),
                str(score.wrong),
                f"{score.recall:.2%}",
                f"{score.precision:.2%}",
            )
        table.add_section()
    return table


def facts_json(scores: Scores, verdicts: Sequence[FactVerdict]) -> dict[str, Any]:
    """Return the scores and every mismatch as plain values."""
    return {
        **{by: {k: asdict(score) for k, score in kinds.items()} for by, kinds in scores.items()},
        "mismatches": [_mismatch(verdict) for verdict in verdicts if _missed(verdict)],
    }


def mismatches(verdicts: Sequence[FactVerdict]) -> Iterator[str]:
    """Yield a line for every figure not read, or read otherwise."""
    for verdict in verdicts:
        if _missed(verdict):
            one = verdict.wanted
            read = ", ".join(f"{value:,f}" for value in verdict.wrong) or "nothing"
            where = f"{one.file}, p. {one.page}, {one.metric}, {one.column}"
            yield f"  {where}: wanted {one.value:,f}, read {read}"


def _missed(verdict: FactVerdict) -> bool:
    return not verdict.found or bool(verdict.wrong)


def _mismatch(verdict: FactVerdict) -> dict[str, Any]:
    one = verdict.wanted
    return {
        "file": one.file,
        "page": one.page,
        "metric": one.metric,
        "column": one.column,
        "wanted": f"{one.value:f}",
        "found": verdict.found,
        "wrong": [f"{value:f}" for value in verdict.wrong],
    }
