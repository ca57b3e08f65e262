"""The engines behind the model and how each of them does, for administrators."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response
from nicegui import ui

from yanku.entry.http.serving import seen_by
from yanku.entry.ui.elements import attributes, box, text
from yanku.entry.ui.engines_words import EnginesWords
from yanku.entry.ui.office import office_page
from yanku.entry.ui.visit import Visit
from yanku.entry.ui.words import Words
from yanku.serving.breaker import State
from yanku.serving.fleet import Serving
from yanku.serving.replica import Seen

_LOOK_EVERY_S = 2.0
_LOOKS = {State.CLOSED: "live", State.HALF_OPEN: "parsing", State.OPEN: "failed"}
"""The console's colours of states."""
_COLUMNS = ("replica", "state", "outstanding", "answered", "failed", "first", "trouble")


async def engines_page(request: Request) -> Response | None:
    """Show the replicas."""
    return await office_page(request, "/engines", _said, _page)


def _said(words: Words) -> tuple[str, str]:
    return words.engines, EnginesWords(words.language)["about"]


async def _page(visit: Visit) -> None:
    engines = _Engines(visit)
    await engines.look()
    ui.timer(_LOOK_EVERY_S, engines.look)


class _Engines:
    """A table for each model version, drawn anew when something has changed."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._words = EnginesWords(visit.words.language)
        self._drawn: tuple[Serving, ...] | None = None
        self._place = box()

    async def look(self) -> None:
        """See how the engines do, and show that."""
        async with self._visit.care() as person:
            found = seen_by(person, self._visit.front)
            if found != self._drawn:
                self._drawn = found
                self._draw(found)

    def _draw(self, found: tuple[Serving, ...]) -> None:
        self._place.clear()
        with self._place:
            for serving in found:
                with box("", "section"):
                    text("h2", serving.name)
                    text("p", f"{self._words['version']} {serving.version}", "muted")
                    self._table(serving.replicas)
            if not found:
                text("p", self._words["none"], "muted")

    def _table(self, replicas: tuple[Seen, ...]) -> None:
        with box("things level", "table"):
            with box("", "thead"), box("", "tr"):
                for column in _COLUMNS:
                    text("th", self._words[column])
            with box("", "tbody"):
                for seen in replicas:
                    self._row(seen)

    def _row(self, seen: Seen) -> None:
        first = "" if seen.first_s is None else f"{seen.first_s:.2f} s"
        cells = {
            "outstanding": str(seen.outstanding),
            "answered": str(seen.answered),
            "failed": str(seen.failed),
            "first": first,
            "trouble": seen.trouble,
        }
        with box("", "tr"):
            text("td", seen.name)
            with attributes(box("", "td"), data_label=self._words["state"]):
                text("span", self._words.state(seen), f"state {_LOOKS[seen.state]}")
            for key, value in cells.items():
                attributes(text("td", value), data_label=self._words[key])
