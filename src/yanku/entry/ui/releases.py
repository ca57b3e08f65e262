"""Releases of model versions, for administrators: live, and with the buttons that decide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from nicegui import ui

from yanku.entry.releases import breach_worded
from yanku.entry.ui.elements import attributes, box, button, dialog, field, form, shut, text
from yanku.entry.ui.office import office_page
from yanku.entry.ui.release_live import draw_live, percent
from yanku.entry.ui.release_words import ReleaseWords
from yanku.entry.ui.visit import Visit
from yanku.entry.ui.words import Words
from yanku.flows.releasing import ReleaseStatus
from yanku.model.people import Principal
from yanku.model.release import Bucket, Turn

_LOOK_EVERY_S = 2.0
_POINTS = 120
_STEP_S = 10
_SHOWN = 50


async def releases_page(request: Request) -> Response | None:
    """Show releases."""
    return await office_page(request, "/releases", _said, _draw)


def _said(words: Words) -> tuple[str, str]:
    said = ReleaseWords(words.language)
    return said.say("title"), said.say("about")


async def _draw(visit: Visit) -> None:
    words = ReleaseWords(visit.words.language)
    if visit.front.house.releasing.offered:
        await _Page(visit, words).draw()
    else:
        text("p", words.say("one_version"), "empty muted")


class _Page:
    """A part that is drawn anew every moment, and forms that stay until something changes."""

    def __init__(self, visit: Visit, words: ReleaseWords) -> None:
        self._visit = visit
        self._words = words
        self._releasing = visit.front.house.releasing
        self._number = -1
        self._shown: object = None

    async def draw(self) -> None:
        self._live = box("releases")
        self._acts = box("releases")
        self._past = box("releases")
        await self._look(self._visit.person)
        ui.timer(_LOOK_EVERY_S, self._tick)

    async def _tick(self) -> None:
        async with self._visit.care() as person:
            await self._look(person)

    async def _look(self, person: Principal) -> None:
        found = await self._releasing.status(person)
        turns = await self._releasing.history(person, _SHOWN)
        series = await self._releasing.series(person, _step_s(turns), _POINTS)
        if (found, series) != self._shown:
            self._shown = (found, series)
            self._redraw(found, series, turns)
        if found.state.number != self._number:
            self._number = found.state.number
            self._offer(found)
            self._tell_past(turns)

    def _redraw(
        self, found: ReleaseStatus, series: Sequence[Bucket], turns: Sequence[Turn]
    ) -> None:
        self._live.clear()
        with self._live:
            draw_live(self._words, found, series, turns)

    def _offer(self, found: ReleaseStatus) -> None:
        self._acts.clear()
        with self._acts:
            if found.state.running:
                self._running(found)
            else:
                self._idle(found)

    def _running(self, found: ReleaseStatus) -> None:
        say, state = self._words.say, found.state
        with box("card", "section"):
            text("h2", say("change_title"))
            with form(self._weigh).classes("row-form"):
                self._share("weight", state.weight)
                self._share("shadow", state.shadow)
                attributes(text("button", say("change"), "button"), type="submit")
            with box("acts-row"):
                button(
                    say("promote"),
                    lambda: self._sure(
                        "promote", say("sure_promote", name=state.candidate), self._promote
                    ),
                    "primary",
                )
                button(
                    say("rollback"),
                    lambda: self._sure(
                        "rollback", say("sure_rollback", name=found.stable), self._roll_back
                    ),
                    "danger",
                )

    def _idle(self, found: ReleaseStatus) -> None:
        say = self._words.say
        with box("card", "section"):
            text("h2", say("start_title"))
            with form(self._start).classes("row-form"):
                with box("field", "label"):
                    text("span", say("version"), "label")
                    with attributes(box("input", "select"), name="name"):
                        for name in found.versions:
                            if name != found.stable:
                                attributes(text("option", name), value=name)
                self._share("weight", 0.05)
                self._share("shadow", 0.0)
                field(say("why"), "why", maxlength=500, autocomplete="off")
                attributes(text("button", say("start"), "button primary"), type="submit")
            if found.state.previous:
                with box("acts-row"):
                    sure = say("sure_rollback", name=found.state.previous)
                    button(say("undo"), lambda: self._sure("undo", sure, self._roll_back), "danger")

    def _share(self, name: str, value: float) -> None:
        said = self._words.say(name)
        made = field(said, name, kind="number", required=True, min=0, max=100, step="any")
        # Held from the first moment; as ``value`` it would come back whenever the page is drawn.
        made.props["defaultValue"] = f"{value * 100:g}"

    def _sure(self, name: str, said: str, act: Callable[[Principal], Awaitable[object]]) -> None:
        shown, body = dialog(self._words.say(name), self._visit.words.close)

        async def go() -> None:
            shut(shown)
            await self._do(act)

        with body:
            text("p", said)
            with box("dialog-acts"):
                attributes(button(self._visit.words.cancel, lambda: shut(shown)), autofocus=True)
                button(self._words.say(name), go, "danger" if name != "promote" else "primary")

    async def _do(self, act: Callable[[Principal], Awaitable[object]]) -> None:
        async with self._visit.care() as person:
            await act(person)
            self._visit.tell(self._words.say("done"))
            await self._look(person)

    async def _promote(self, person: Principal) -> object:
        return await self._releasing.promote(person)

    async def _roll_back(self, person: Principal) -> object:
        return await self._releasing.roll_back(person)

    async def _weigh(self, fields: dict[str, Any]) -> bool:
        shares = self._shares(fields)
        if shares is not None:
            await self._do(lambda person: self._releasing.weigh(person, *shares))
        return False

    async def _start(self, fields: dict[str, Any]) -> bool:
        shares, name = self._shares(fields), str(fields.get("name", ""))
        if shares is not None:
            weight, shadow = shares
            said = self._words.say("sure_start", weight=percent(weight), name=name)
            why = str(fields.get("why", ""))
            self._sure(
                "start",
                said,
                lambda person: self._releasing.start(person, name, weight, shadow, why),
            )
        return False

    def _shares(self, fields: dict[str, Any]) -> tuple[float, float] | None:
        try:
            weight, shadow = (float(fields[name]) / 100 for name in ("weight", "shadow"))
        except (KeyError, ValueError):
            weight = shadow = -1.0
        if 0 <= weight <= 1 and 0 <= shadow <= 1:
            return weight, shadow
        self._visit.tell(self._words.say("share_wrong"), "bad")
        return None

    def _tell_past(self, turns: Sequence[Turn]) -> None:
        words = self._words
        self._past.clear()
        if not turns:
            return
        columns = ("when", "version", "what", "weight", "who", "why")
        with self._past, box("", "section"):
            text("h2", words.say("history"))
            with box("things", "table"):
                with box("", "thead"), box("", "tr"):
                    for name in columns:
                        text("th", words.say(name))
                with box("", "tbody"):
                    for turn in turns:
                        with box("", "tr"):
                            for name, cell in zip(columns, self._cells(turn), strict=True):
                                attributes(text("td", cell), data_label=words.say(name))

    def _cells(self, turn: Turn) -> tuple[str, ...]:
        words = self._words
        why = breach_worded(turn.breach, words.language) if turn.breach else turn.why
        return (
            f"{turn.at.astimezone():%Y-%m-%d %H:%M:%S}",
            turn.candidate,
            words.act(turn.act),
            percent(turn.after.weight) if turn.after.running else "–",
            turn.who or words.say("a_guard"),
            why,
        )


def _step_s(turns: Sequence[Turn]) -> int:
    """Return steps of a chart that show the latest release from its start."""
    if not turns:
        return _STEP_S
    release = turns[0].after.release
    began = min(turn.at for turn in turns if turn.after.release == release)
    seconds = (turns[0].at.now(began.tzinfo) - began).total_seconds()
    return max(_STEP_S, -(-int(seconds / _POINTS) // _STEP_S) * _STEP_S)
