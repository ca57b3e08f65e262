"""The page where questions are asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import aclosing, suppress
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import background_tasks, ui

from yanku.access.scope import scope_of
from yanku.entry.counting import Door
from yanku.entry.http.ask import asked
from yanku.entry.moments import as_of_said
from yanku.entry.ui.answers import AnswerView
from yanku.entry.ui.elements import attributes, box, button, link, text
from yanku.entry.ui.examples import examples
from yanku.entry.ui.layout import frame
from yanku.entry.ui.source import SourcePanel
from yanku.entry.ui.visit import Visit, dress, visit_of
from yanku.entry.ui.words import Words
from yanku.errors import NotFound, YankuError
from yanku.flows.ask import Context, Done, Event, Looking, Sentence
from yanku.model.answer import Answer, Grounded
from yanku.model.people import NOW
from yanku.model.place import OnPage
from yanku.model.receipt import ReceiptId

_RECENT = 5
_AHEAD = 4
_KEPT = 8
"""Answers that stand there again when the page is loaded anew, as with a change of language."""


async def ask_page(request: Request, q: str = "", r: str = "") -> Response | None:
    """Show the question box; with ``q`` a question stands in it already, and below it the answers
    of the receipts in ``r`` (with points between them), the newest first.
    """
    visit = await visit_of(request)
    if visit is None:
        return RedirectResponse("/sign-in", 303)
    dress(request, visit.words, visit.words.ask)
    with frame(visit.words, visit.person, "/"):
        await _Conversation(visit, q[:2000]).draw(r.split(".")[:_KEPT])
    return None


class _Conversation:
    """The question box, what stands below it, and the panel beside it."""

    def __init__(self, visit: Visit, question: str) -> None:
        self._visit = visit
        self._first = question
        self._running: asyncio.Task[None] | None = None
        self._turns = 0
        self._said: list[ReceiptId] = []
        """The answers so far, newest first; the next question may lean on the first of them."""
        self._day = ("", "")
        """As of which day to answer, or public by which, as the browser says it."""

    async def draw(self, kept: Sequence[str]) -> None:
        with box("asking") as asking:
            self._column = box("conversation")
            self._source = SourcePanel(self._visit, asking)
        with self._column:
            self._box()
            self._below = box("below")
            await self._tell_again(kept)
            if not self._turns:
                with self._below:
                    await self._suggestions()
        self._visit.client.on_delete(self._stop)

    def _box(self) -> None:
        words = self._visit.words
        with box("hero"):
            text("h1", words.ask_title)
            text("p", words.ask_text, "muted")
        with box("ask-box", "form") as sending:
            self._input = attributes(
                box("", "textarea"),
                name="question",
                rows=1,
                maxlength=2000,
                placeholder=words.placeholder,
                aria_label=words.question,
                autofocus=True,
            )
            # As ``value`` it would replace what is being typed whenever the page is drawn.
            self._input.props["defaultValue"] = self._first
            self._input.on("input", js_handler="(e) => yanku.grow(e.target)")
            self._input.on(
                "keydown",
                js_handler="(e) => { if (yanku.enter(e)) { e.preventDefault();"
                " e.target.form.requestSubmit() } }",
            )
            with box("ask-foot"):
                text("span", words.ask_hint, "muted hint")
                with attributes(box("as-of", "label"), title=words.as_of_hint):
                    text("span", words.as_of)
                    attributes(
                        box("", "input"),
                        type="date",
                        name="day",
                        max=str(self._visit.front.house.clock.now().astimezone().date()),
                    )
                    with attributes(box("", "select"), name="by", aria_label=words.as_of_by):
                        for value, label in (("held", words.by_held), ("public", words.by_public)):
                            attributes(text("option", label), value=value)
                self._stop_button = button(words.stop, self._stop, "quiet")
                self._stop_button.visible = False
                self._ask_button = attributes(
                    text("button", words.ask, "button primary"), type="submit"
                )
        sending.on(
            "submit",
            self._asked,
            js_handler="(e) => { e.preventDefault();"
            " const asked = yanku.asked(e.target); if (asked) emit(asked) }",
        )

    async def _tell_again(self, kept: Sequence[str]) -> None:
        """Show answers that stood here before."""
        scope, words = scope_of(self._visit.person), self._visit.words
        for id in reversed(kept):
            with suppress(NotFound):
                receipt = await self._visit.front.house.ledger.receipt(ReceiptId(id), scope=scope)
                if receipt.answer is not None:
                    view = self._turn(receipt.question)
                    seconds = worded_seconds(receipt.latency_ms or 0, words)
                    view.done(receipt.question, receipt.answer, seconds, receipt.id)
                    self._said.insert(0, receipt.id)

    async def _suggestions(self) -> None:
        words = self._visit.words
        house = self._visit.front.house
        scope = scope_of(self._visit.person)
        found = examples(
            await house.facts.companies(scope=scope), await house.facts.profiles(scope=scope), words
        )
        if not found and not (await house.library.entries(scope=scope, limit=1))[0]:
            with box("empty"):
                text("h2", words.empty_title)
                text("p", words.empty_text)
                link(words.go_library, "/library", "button primary")
            return
        self._questions(words.examples, found)
        receipts, _ = await house.ledger.receipts(scope=scope, limit=_RECENT)
        self._questions(words.recent, list(dict.fromkeys(one.question for one in receipts)))

    def _questions(self, title: str, questions: list[str]) -> None:
        if not questions:
            return
        with box("suggestions"):
            text("h2", title)
            for question in questions:
                button(question, self._asker(question), "suggestion")

    def _asker(self, question: str) -> Any:  # noqa: ANN401 - a handler of NiceGUI's
        def ask() -> None:
            self._ask(question)
            ui.run_javascript(f"document.getElementById('{self._input.html_id}').focus()")

        return ask

    def _asked(self, event: Any) -> None:  # noqa: ANN401 - whatever the browser sent
        said = event.args if isinstance(event.args, dict) else {}
        question, day = (str(said.get(name) or "").strip() for name in ("question", "day"))
        if question:
            by_public = said.get("by") == "public"
            self._day = ("", day[:40]) if by_public else (day[:40], "")
            self._ask(question)

    def _ask(self, question: str) -> None:
        self._stop()
        self._source.close()
        if not self._turns:
            self._below.clear()
        self._running = background_tasks.create(self._answer(question, self._turn(question)))

    def _turn(self, question: str) -> AnswerView:
        """Add a question with room for its answer; the newest stands under the question box."""
        self._turns += 1
        self._column.classes(add="asked")
        with self._below, box("turn") as turn:
            text("h2", question, "asked-question")
            view = AnswerView(self._visit.words, self._source.show)
        turn.move(self._below, 0)
        return view

    def _stop(self) -> None:
        if self._running is not None and not self._running.done():
            self._running.cancel()

    async def _answer(self, question: str, view: AnswerView) -> None:
        self._busy(busy=True)
        words = self._visit.words
        front = self._visit.front
        try:
            async with self._visit.care(lambda: view.stopped(words.problem)) as person:
                as_of = as_of_said(*self._day, front.house.clock.now()) or NOW
                context = Context(after=next(iter(self._said), None), as_of=as_of)
                happening = asked(front, question, person, context, door=Door.CONSOLE)
                async with aclosing(happening) as events:
                    async for event in events:
                        self._follow(question, event, view)
        except asyncio.CancelledError:
            view.stopped(words.stopped)
            raise
        finally:
            self._busy(busy=False)

    def _follow(self, question: str, event: Event, view: AnswerView) -> None:
        words = self._visit.words
        match event:
            case Looking(inquiry):
                view.looking([company.name for company in inquiry.companies])
            case Sentence(claim, citations):
                view.sentence(claim, citations)
            case Done(receipt, answer, latency_ms):
                view.done(question, answer, worded_seconds(latency_ms, words), receipt)
                self._said.insert(0, receipt)
                self._visit.client.run_javascript(
                    f"yanku.keep('r', {json.dumps('.'.join(self._said[:_KEPT]))})"
                )
                background_tasks.create(self._draw_ahead(answer))

    async def _draw_ahead(self, answer: Answer) -> None:
        """Have the cited pages drawn before somebody opens them: the first time takes seconds."""
        if isinstance(answer, Grounded):
            for citation in answer.citations[:_AHEAD]:
                if isinstance(citation.place, OnPage):
                    with suppress(YankuError):  # Whoever opens it will be told.
                        await self._visit.front.house.view.page_image(
                            citation.document, citation.place.page, principal=self._visit.person
                        )

    def _busy(self, *, busy: bool) -> None:
        self._stop_button.visible = busy
        self._ask_button.visible = not busy


def worded_seconds(latency_ms: int, words: Words) -> str:
    """Return how long an answer took."""
    return words.seconds.format(n=f"{max(latency_ms, 100) / 1000:.1f}")
