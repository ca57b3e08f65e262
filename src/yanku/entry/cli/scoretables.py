"""Tables of scores for a terminal: answers, search alone, and why answers failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from yanku.flows.inquest import Cause
from yanku.flows.measure import Measured
from yanku.flows.retrieval import TOP, ReachScore
from yanku.flows.scoring import Score

_SHOWN = 12


def score_table(name: str, found: dict[str, Score]) -> Table:
    """Return the scores of answers by type; ``cited`` is of the right ones."""
    heads = ("type", "n", "right", "95 %", "wrong", "declined", "invented", "cited")
    table = _headed(name, heads)
    for kind, score in found.items():
        shares = (score.wrong, score.declined, score.invented, score.cited)
        table.add_row(
            kind,
            str(score.questions),
            f"{score.accuracy:.1%}",
            f"{score.low:.1%}–{score.high:.1%}",
            *(f"{share:.1%}" for share in shares),
        )
    return table


def reach_table(name: str, found: dict[str, ReachScore]) -> Table:
    """Return the scores of search alone by type."""
    heads = ("type", "n", f"all pages in {TOP}", "95 %", f"pages in {TOP}")
    table = _headed(f"{name}, search alone", heads)
    for kind, score in found.items():
        table.add_row(
            kind,
            str(score.questions),
            f"{score.all_found:.1%}",
            f"{score.low:.1%}–{score.high:.1%}",
            f"{score.share:.1%}",
        )
    return table


def _headed(title: str, heads: Sequence[str]) -> Table:
    # Narrow: what is no terminal is taken for one of 80 columns.
    table = Table(title=title, box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for head in heads:
        table.add_column(head, justify="left" if head == "type" else "right", no_wrap=True)
    return table


def failure_lines(measured: Sequence[Measured]) -> list[str]:
    """Return why answers were not right: counted by cause, then each with what to look at."""
    lines: list[str] = []
    for cause, failed in _by_cause(measured).items():
        if not failed:
            continue
        lines.append(f"{cause.value}: {len(failed)}")
        lines += [
            f"  {one.verdict.id} {'declined' if one.verdict.declined else 'wrong'}: "
            f"{one.failure.detail if one.failure else ''}"
            for one in failed[:_SHOWN]
        ]
        if len(failed) > _SHOWN:
            lines.append(f"  … {len(failed) - _SHOWN} more")
    return lines


def failures_json(measured: Sequence[Measured]) -> dict[str, Any]:
    """Return why answers were not right, for a program: counts, and every one."""
    groups = _by_cause(measured)
    return {
        "counts": {cause.value: len(failed) for cause, failed in groups.items()},
        "questions": [
            {
                "id": one.verdict.id,
                "type": one.verdict.type,
                "declined": one.verdict.declined,
                **(asdict(one.failure) if one.failure else {}),
            }
            for failed in groups.values()
            for one in failed
        ],
    }


def _by_cause(measured: Sequence[Measured]) -> dict[Cause, list[Measured]]:
    return {
        cause: [one for one in measured if one.failure and one.failure.cause is cause]
        for cause in Cause
    }
