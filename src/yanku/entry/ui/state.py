"""How far a document has come, in words and as a bar."""

from __future__ import annotations

from yanku.entry.http.documents import is_over
from yanku.entry.http.pace import Pace
from yanku.entry.ui.elements import attributes, box, text
from yanku.entry.ui.words import Words
from yanku.model.library import Entry, State


def state_worded(state: State, words: Words) -> str:
    """Return a state in words."""
    return {
        State.QUEUED: words.queued,
        State.PARSING: words.parsing,
        State.LIVE: words.live,
        State.FAILED: words.failed,
        State.SUPERSEDED: words.superseded,
    }[state]


def draw_state(entry: Entry, pace: Pace, words: Words) -> None:
    """Add what there is to say of a document's state."""
    text("span", state_worded(entry.state, words), f"state {entry.state.value}")
    done = entry.progress
    if entry.state is State.PARSING and done.pages:
        attributes(
            box("", "progress"), max=done.pages, value=done.pages_done, aria_label=words.parsing
        )
        text("div", _reading(entry, pace, words), "progress-words")
    elif entry.state is State.LIVE and not is_over(entry):
        shown = words.indexing.format(done=done.vectors_done, all=done.chunks)
        text("div", shown, "progress-words")
    elif entry.failure is not None:
        text("div", words.error(entry.failure[0]), "warn")
    if entry.flaws:
        _flaws(entry, words)


def _reading(entry: Entry, pace: Pace, words: Words) -> str:
    done = entry.progress
    parts = [words.pages_progress.format(done=done.pages_done, all=done.pages)]
    rate, rest = pace.pages_per_second, pace.remaining_s(done.pages)
    if rate is not None and rest is not None:
        parts.append(words.rate.format(n=f"{rate:.1f}"))
        parts.append(words.remaining.format(time=duration_worded(rest, words)))
    return " · ".join(parts)


def duration_worded(seconds: float, words: Words) -> str:
    """Return a stretch of time as people say it."""
    if seconds < 90:
        return words.seconds.format(n=max(1, round(seconds)))
    return words.minutes.format(n=round(seconds / 60))


def _flaws(entry: Entry, words: Words) -> None:
    with box("", "details"):
        text("summary", words.flaws.format(n=len(entry.flaws)))
        with box("", "ul"):
            for flaw in entry.flaws[:50]:
                text("li", words.flaw(flaw.code, flaw.detail))
