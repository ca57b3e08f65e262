"""What moves on the page of releases: where the trial stands, its charts, its guards."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import timedelta

from yanku.entry.releases import breach_worded, guard_worded
from yanku.entry.ui.charts import Line, line_chart
from yanku.entry.ui.elements import attributes, box, text
from yanku.entry.ui.release_words import ReleaseWords
from yanku.flows.releasing import ReleaseStatus
from yanku.model.release import Bucket, Count, GuardView, Level, Tally, Turn

_STEP = timedelta(seconds=10)
_STATES = {Level.FINE: "live", Level.WARNING: "parsing", Level.BREACHED: "failed"}


def percent(share: float) -> str:
    """Return a share as people write it."""
    return f"{share * 100:.3g} %"


def draw_live(
    words: ReleaseWords, found: ReleaseStatus, series: Sequence[Bucket], turns: Sequence[Turn]
) -> None:
    """Add all of it."""
    _standing(words, found)
    if found.state.release:
        _versions(words, found)
        _charts(words, series, turns)
        _guards(words, found.guards)
        _shadows(words, found)


def _standing(words: ReleaseWords, found: ReleaseStatus) -> None:
    state = found.state
    text("p", words.say("serves", name=found.stable), "title")
    if state.running:
        weight, shadow = percent(state.weight), percent(state.shadow)
        said = words.say("tried", name=state.candidate, weight=weight, shadow=shadow)
        text("p", said)
    else:
        text("p", words.say("nothing_tried"), "muted")
    if found.rehearsing:
        text("p", words.say("rehearsing", n=found.rehearsed), "muted")
    if found.missing:
        text("p", words.say("missing", names=", ".join(found.missing)), "trouble")
    if found.suspended:
        text("p", words.say("suspended"), "trouble")
    elif any(view.level is Level.WARNING for view in found.guards):
        text("p", words.say("warned"), "trouble")
    if found.last is not None and found.last.breach is not None:
        said = f"{found.last.candidate} {words.act(found.last.act)}"
        text("p", f"{said}: {breach_worded(found.last.breach, words.language)}", "trouble")


def _versions(words: ReleaseWords, found: ReleaseStatus) -> None:
    columns = ("requests", "failures", "declines", "withheld", "first", "latency")
    with box("things level", "table"):
        with box("", "thead"), box("", "tr"):
            for title in ("", *(words.say(name) for name in columns)):
                text("th", title)
        with box("", "tbody"):
            for kind, tally in (("stable", found.totals.stable),
                                ("candidate", found.totals.candidate)):  # fmt: skip
                with box("", "tr"):
                    with box("title", "td"):
                        text("span", words.say(kind), f"version {kind}")
                    for name, cell in zip(columns, _cells(tally), strict=True):
                        attributes(text("td", cell), data_label=words.say(name))


def _cells(tally: Tally) -> tuple[str, ...]:
    return (
        f"{tally.requests:,}",
        _of(Count(tally.failures, tally.requests)),
        _of(Count(tally.declined, tally.judged)),
        _of(Count(tally.withheld, tally.judged)),
        _seconds(tally.first_ms, tally.began),
        _seconds(tally.whole_ms, tally.ended),
    )


def _of(count: Count) -> str:
    return f"{count.hits} ({percent(count.rate)})" if count.of else "–"


def _seconds(total_ms: int, of: int) -> str:
    return f"{total_ms / of / 1000:.2f} s" if of else "–"


def _charts(words: ReleaseWords, series: Sequence[Bucket], turns: Sequence[Turn]) -> None:
    if not series:
        text("p", words.say("no_data"), "muted")
        return
    with box("charts"):
        weights = Line(words.say("candidate"), "candidate", _weights(series, turns))
        _chart(words, "chart_weight", series, [weights], percent, 0.1)
        for name, rate, least in (
            ("chart_failures", lambda t: _rate(t.failures, t.requests), 0.05),
            ("chart_declines", lambda t: _rate(t.declined, t.judged), 0.2),
        ):
            _chart(words, name, series, _both(words, series, rate), percent, least)
        lines = _both(words, series, lambda t: _rate(t.whole_ms / 1000, t.ended))
        _chart(words, "chart_latency", series, lines, lambda value: f"{value:.2g}", 0.1)


def _chart(
    words: ReleaseWords,
    name: str,
    series: Sequence[Bucket],
    lines: Sequence[Line],
    shown: Callable[[float], str],
    least: float,
) -> None:
    with box("card", "section"):
        text("h3", words.say(name))
        line_chart(words.say(name), [b.at for b in series], lines, shown, least=least)


def _both(
    words: ReleaseWords, series: Sequence[Bucket], value: Callable[[Tally], float | None]
) -> list[Line]:
    return [
        Line(words.say("stable"), "stable", [value(bucket.stable) for bucket in series]),
        Line(words.say("candidate"), "candidate", [value(bucket.candidate) for bucket in series]),
    ]


def _rate(hits: float, of: int) -> float | None:
    return hits / of if of else None


def _weights(series: Sequence[Bucket], turns: Sequence[Turn]) -> list[float | None]:
    """Return the weight that the last turn up to each step set."""
    oldest_first = list(reversed(turns))
    moments = [turn.at for turn in oldest_first]
    return [
        oldest_first[at - 1].after.weight if (at := bisect_right(moments, bucket.at + _STEP)) else
        oldest_first[0].after.weight if oldest_first else None
        for bucket in series
    ]  # fmt: skip


def _guards(words: ReleaseWords, guards: Sequence[GuardView]) -> None:
    if not guards:
        return
    text("h2", words.say("guards"))
    with box("things level", "table"):
        with box("", "thead"), box("", "tr"):
            for name in ("guard", "candidate", "stable", "level"):
                text("th", words.say(name))
        with box("", "tbody"):
            for view in guards:
                with box("", "tr"):
                    text("td", guard_worded(view.guard, words.language), "title")
                    for name, count in (("candidate", view.candidate), ("stable", view.stable)):
                        attributes(text("td", _of(count)), data_label=words.say(name))
                    with attributes(box("", "td"), data_label=words.say("level")):
                        style = _STATES.get(view.level, "")
                        text("span", words.level(view.level), f"state {style}")


def _shadows(words: ReleaseWords, found: ReleaseStatus) -> None:
    seen = found.shadows
    if not seen.pairs:
        return
    text("h2", words.say("shadow_title"))
    said = words.say(
        "shadow_text",
        pairs=seen.pairs,
        same=seen.same_numbers,
        failed=seen.failed,
        only_candidate=seen.only_candidate_declined,
        only_stable=seen.only_stable_declined,
        candidate_ms=seen.candidate_ms,
        stable_ms=seen.stable_ms,
    )
    text("p", said)
