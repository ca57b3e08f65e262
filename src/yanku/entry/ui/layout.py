"""The frame around every page: brand, menu, language, colours, and where messages appear."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui
from nicegui.element import Element

import yanku
from yanku.entry.ui.elements import attributes, box, link, text
from yanku.entry.ui.visit import LANGUAGE_COOKIE, THEME_COOKIE
from yanku.entry.ui.words import Words
from yanku.model.people import Principal, Role

ASSETS_AT = f"/console/{yanku.__version__}"
"""Where the console's style and script are served; a new version is not an old one's cache."""


@contextmanager
def frame(words: Words, person: Principal | None, here: str) -> Iterator[Element]:
    """Draw the frame; what is added inside goes to the page's main part."""
    skip = attributes(text("a", words.skip, "skip"), href="#main")
    with box("top", "header") as top:
        _brand(words)
        if person is not None:
            _menu(words, person, here)
        _preferences(words, person)
    messages = attributes(box("messages"), id="messages", role="status", aria_live="polite")
    # The library's layout has one <main>; what is no main content stands before it.
    for place, element in enumerate((skip, top, messages)):
        element.move(ui.context.client.layout, target_index=place)
    with attributes(box("main"), id="main", tabindex="-1") as main:
        yield main


def _brand(words: Words) -> None:
    with attributes(box("brand", "a"), href="/"):
        ui.html(_MARK, sanitize=False, tag="span").classes("mark")
        text("span", words.brand)


def _menu(words: Words, person: Principal, here: str) -> None:
    items = [("/", words.ask), ("/library", words.library), ("/receipts", words.history)]
    if person.role is Role.ADMIN:
        items += [("/people", words.people), ("/engines", words.engines)]
        items += [("/releases", words.releases)]
    with attributes(box("menu", "nav"), aria_label=words.main_menu):
        for path, label in items:
            item = link(label, path)
            if path == here:
                attributes(item, aria_current="page")


def _preferences(words: Words, person: Principal | None) -> None:
    with box("preferences"):
        other = "en" if words.language == "zh" else "zh"
        choose = attributes(
            text("button", words.other_language, "quiet"),
            type="button",
            lang="en" if other == "en" else "zh-CN",
        )
        choose.on("click", js_handler=f"() => yanku.prefer('{LANGUAGE_COOKIE}', '{other}')")
        shade = attributes(
            text("button", "◐", "quiet icon"),
            type="button",
            aria_label=words.dark,
            title=words.dark,
        )
        shade.on("click", js_handler=f"() => yanku.shade('{THEME_COOKIE}')")
        if person is not None:
            attributes(link(person.name, "/account", "quiet me"), title=words.account)
            with attributes(box("", "form"), method="post", action="/sign-out"):
                attributes(text("button", words.sign_out, "quiet"), type="submit")


# A page, and on it the one line that an answer leads to.
_MARK = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 2.5h10L19.5 7v14.5H5z" fill="none" '
    'stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M8 9h8M8 17.5h5" '
    'stroke="currentColor" stroke-width="1.4" stroke-linecap="round"/><rect x="7" y="11.4" '
    'width="10" height="3.4" rx=".8" class="mark-line"/></svg>'
)
