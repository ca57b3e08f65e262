"""Compares a model's precisions with the first of them, each difference with its interval."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yanku.adapters.gauge.measure import Measured
from yanku.adapters.gauge.quiz import Item

_RESAMPLES = 2000
_SURE = 0.95
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Interval:
    """A value, and where it lies with 95 % confidence."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One precision of a model beside the first. ``loss`` is in shares of questions."""

    precision: str
    disk_mb: float
    memory_mb: float
    load_s: float
    tokens_per_s: tuple[float, ...]
    answers_per_s: tuple[float, ...]
    speed_up: float
    right: Interval
    loss: Interval
    perplexity: Interval
    perplexity_up: Interval


def row(
    precision: str,
    disk_mb: float,
    measured: Measured,
    base: Measured,
    items: Sequence[Item],
) -> Row:
    """Return a precision's line of the table; ``base`` is the first precision's measurement.

    ``speed_up`` is the mean of the ratios of tokens a second, over the numbers in flight.
    """
    right, right_base = _marks(items, measured), _marks(items, base)
    ratios = [
        mine.tokens_per_s / theirs.tokens_per_s
        for mine, theirs in zip(measured.speeds, base.speeds, strict=True)
    ]
    return Row(
        precision,
        disk_mb,
        measured.peak_mb,
        measured.load_s + measured.first_answer_s,
        tuple(speed.tokens_per_s for speed in measured.speeds),
        tuple(speed.answers_per_s for speed in measured.speeds),
        math.exp(sum(map(math.log, ratios)) / len(ratios)),
        wilson(sum(right), len(right)),
        paired([before - now for now, before in zip(right, right_base, strict=True)]),
        perplexity(measured.losses),
        _perplexity_up(measured.losses, base.losses),
    )


def wilson(right: int, count: int) -> Interval:
    """Return a share with its Wilson score interval."""
    if count == 0:
        return Interval(0.0, 0.0, 1.0)
    share, z2 = right / count, _Z**2
    centre = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = _Z * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))


def paired(differences: Sequence[int]) -> Interval:
    """Return a mean of differences with a bootstrap interval: the same question, asked of both."""
    count = len(differences)
    if count == 0:
        return Interval(0.0, -1.0, 1.0)
    return _interval(sum(differences) / count, count, lambda drawn: _mean(differences, drawn))


def perplexity(losses: Sequence[tuple[float, int]]) -> Interval:
    """Return exp of the mean loss a token, with a bootstrap interval over passages."""
    return _interval(
        _perplexity(losses, range(len(losses))),
        len(losses),
        lambda drawn: _perplexity(losses, drawn),
    )


def _perplexity_up(
    losses: Sequence[tuple[float, int]], base: Sequence[tuple[float, int]]
) -> Interval:
    """Return by what share perplexity rose, the same passages drawn for both."""

    def rise(drawn: Sequence[int]) -> float:
        return _perplexity(losses, drawn) / _perplexity(base, drawn) - 1

    return _interval(rise(range(len(losses))), len(losses), rise)


def _interval(value: float, count: int, of: Callable[[Sequence[int]], float]) -> Interval:
    chance = random.Random(0)  # noqa: S311 - resampling; the same numbers each time
    drawn = sorted(of([chance.randrange(count) for _ in range(count)]) for _ in range(_RESAMPLES))
    cut = int(_RESAMPLES * (1 - _SURE) / 2)
    return Interval(value, drawn[cut], drawn[-1 - cut])


def _mean(values: Sequence[int], drawn: Sequence[int]) -> float:
    return sum(values[number] for number in drawn) / len(drawn)


def _perplexity(losses: Sequence[tuple[float, int]], drawn: Sequence[int]) -> float:
    loss = sum(losses[number][0] for number in drawn)
    return math.exp(loss / sum(losses[number][1] for number in drawn))


def _marks(items: Sequence[Item], measured: Measured) -> list[int]:
    return [int(item.right(answer)) for item, answer in zip(items, measured.answers, strict=True)]


def table(rows: Sequence[Row], in_flight: Sequence[int]) -> str:
    """Return the table as Markdown."""
    flights = " / ".join(map(str, in_flight))
    lines = [
        f"| precision | disk | memory | load | tokens/s at {flights} | answers/s at {flights} "
        "| speed | finance questions right | loss | perplexity | rise |",
        "|" + "---|" * 11,
    ]
    return "\n".join([*lines, *map(_line, rows)])


def _line(row: Row) -> str:
    cells = (
        row.precision.upper(),
        f"{row.disk_mb / 1000:.2f} GB",
        f"{row.memory_mb / 1000:.2f} GB",
        f"{row.load_s:.1f} s",
        " / ".join(f"{rate:.1f}" for rate in row.tokens_per_s),
        " / ".join(f"{rate:.2f}" for rate in row.answers_per_s),
        f"{row.speed_up:.2f}×",
        _percent(row.right),
        _percent(row.loss),
        f"{row.perplexity.value:.2f} ({row.perplexity.low:.2f}–{row.perplexity.high:.2f})",
        _percent(row.perplexity_up),
    )
    return f"| {' | '.join(cells)} |"


def _percent(share: Interval) -> str:
    return f"{share.value * 100:.1f} % ({share.low * 100:.1f} to {share.high * 100:.1f})"
