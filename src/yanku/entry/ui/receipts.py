"""What was asked before, and the whole record of one answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui.element import Element

from yanku.access.scope import scope_of
from yanku.entry.replays import difference_lines, source_lines, verdict_line
from yanku.entry.ui.answers import AnswerView
from yanku.entry.ui.elements import attributes, box, button, link, text
from yanku.entry.ui.layout import frame
from yanku.entry.ui.source import SourcePanel
from yanku.entry.ui.visit import Visit, dress, not_found, visit_of
from yanku.entry.ui.words import Words
from yanku.errors import NotFound
from yanku.model.answer import Grounded
from yanku.model.people import Group
from yanku.model.receipt import Receipt, ReceiptId

_AT_ONCE = 30


async def receipts_page(request: Request) -> Response | None:
    """Show one's own questions, newest first."""
    visit = await visit_of(request)
    if visit is None:
        return RedirectResponse("/sign-in", 303)
    words = visit.words
    dress(request, words, words.history)
    with frame(words, visit.person, "/receipts"):
        with box("page-head"):
            text("h1", words.history)
            text("p", words.history_text, "muted")
        await _History(visit).draw()
    return None


class _History:
    """The table of receipts, a part at a time."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._after = ""

    async def draw(self) -> None:
        words = self._visit.words
        found = await self._next()
        if not found:
            text("p", words.history_empty, "empty muted")
            return
        with box("things", "table"):
            with box("", "thead"), box("", "tr"):
                for title in (words.question, words.answer, words.when):
                    text("th", title)
            self._rows = box("", "tbody")
        self._add(found)
        self._more = button(words.more, self._go_on, "more")
        self._more.visible = bool(self._after)

    async def _next(self) -> Sequence[Receipt]:
        found, self._after = await self._visit.front.house.ledger.receipts(
            scope=scope_of(await self._visit.who()), after=self._after, limit=_AT_ONCE
        )
        return found

    async def _go_on(self) -> None:
        async with self._visit.care():
            self._add(await self._next())
            self._more.visible = bool(self._after)

    def _add(self, receipts: Sequence[Receipt]) -> None:
        with self._rows:
            for one in receipts:
                with box("", "tr"):
                    with box("", "td"):
                        link(one.question, f"/receipts/{one.id}", "title")
                    text("td", said(one, self._visit.words))
                    text("td", f"{one.at.astimezone():%Y-%m-%d %H:%M}", "detail")


def said(receipt: Receipt, words: Words) -> str:
    """Return an answer in one line."""
    if receipt.answer is None:
        return words.unfinished
    if isinstance(receipt.answer, Grounded):
        line = "".join(claim.text for claim in receipt.answer.claims)
    else:
        line = receipt.answer.message
    return line if len(line) <= 120 else line[:119] + "…"


async def receipt_page(request: Request, receipt: str) -> Response | None:
    """Show the whole record of one of one's own answers."""
    visit = await visit_of(request)
    if visit is None:
        return RedirectResponse("/sign-in", 303)
    words, house = visit.words, visit.front.house
    try:
        found = await house.ledger.receipt(ReceiptId(receipt), scope=scope_of(visit.person))
    except NotFound:
        dress(request, words, words.not_found_title)
        with frame(words, visit.person, ""):
            not_found(words)
        return None
    dress(request, words, words.receipt)
    groups = await house.accounts.groups(visit.person)
    with frame(words, visit.person, "/receipts"), box("asking") as asking, box("conversation"):
        with box("page-head"):
            text("h3", words.receipt)
            text("h1", found.question)
        _answer(visit, found, SourcePanel(visit, asking).show)
        with box("", "section"):
            _facts(visit, found, groups)
            with box("acts-row") as acts:
                link(words.ask_again, f"/?{urlencode({'q': found.question})}", "button")
            _Replaying(visit, found, acts, SourcePanel(visit, asking).show)
    return None


class _Replaying:
    """The button that gives an answer again, and what came of it."""

    def __init__(
        self,
        visit: Visit,
        receipt: Receipt,
        acts: Element,
        show: Callable[..., Awaitable[None]],
    ) -> None:
        self._visit = visit
        self._receipt = receipt
        self._show = show
        if receipt.answer is not None:
            with acts:
                button(visit.words.replay, self._go, title=visit.words.replay_hint)
        self._below = attributes(box("replayed"), aria_live="polite")

    async def _go(self) -> None:
        async with self._visit.care():
            words = self._visit.words
            replayed = await self._visit.front.house.replay.replay(
                self._receipt.id, principal=await self._visit.who()
            )
            self._below.clear()
            with self._below:
                text("h2", words.replayed)
                text("p", verdict_line(replayed, words.language), f"verdict {replayed.verdict}")
                lines = [*source_lines(replayed, words.language)]
                lines += difference_lines(replayed, words.language)
                with box("", "ul"):
                    for line in lines:
                        text("li", line)
                again = replayed.again
                view = AnswerView(words, self._show)
                view.done(self._receipt.question, again.answer, "", again.receipt)


def _answer(visit: Visit, receipt: Receipt, show: Callable[..., Awaitable[None]]) -> None:
    if receipt.answer is None:
        text("p", visit.words.unfinished, "muted")
        return
    AnswerView(visit.words, show).done(receipt.question, receipt.answer, "", "")


def _facts(visit: Visit, receipt: Receipt, groups: Sequence[Group]) -> None:
    words = visit.words
    names = {f"g:{group.id}": group.name for group in groups}
    names[f"u:{visit.person.user}"] = visit.person.name
    evidence = words.evidence_n.format(documents=len(receipt.documents), hits=len(receipt.hits))
    rows = [
        (words.who, visit.person.name),
        (words.when, f"{receipt.at.astimezone():%Y-%m-%d %H:%M:%S}"),
        (words.latency, _seconds(receipt, words)),
        *((words.known_then, day) for day in _as_of(receipt)),
        (words.scope, ", ".join(sorted(names.get(key, key) for key in receipt.readers))),
        (words.evidence, evidence),
        *((words.versions, f"{name} {version}") for name, version in receipt.versions),
        (words.number_of_receipt, receipt.id),
    ]
    with box("facts", "dl"):
        before = ""
        for label, value in rows:
            text("dt", "" if label == before else label)
            text("dd", value)
            before = label


def _as_of(receipt: Receipt) -> tuple[str, ...]:
    held, public = receipt.as_of.held, receipt.as_of.public
    moment = f"{held.astimezone():%Y-%m-%d %H:%M}" if held else ""
    return tuple(filter(None, (moment, str(public or ""))))


def _seconds(receipt: Receipt, words: Words) -> str:
    if receipt.latency_ms is None:
        return words.unfinished
    return words.seconds.format(n=f"{receipt.latency_ms / 1000:.2f}")
