"""Plain HTML elements with safe text: what the pages are built of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

Act = Callable[[], Awaitable[None] | None]


class _Tag(TextElement):
    def __init__(self, tag: str, content: str) -> None:
        super().__init__(tag=tag, text=content)


def text(tag: str, content: str, classes: str = "") -> Element:
    """Add an element that holds a text; the text is never read as HTML."""
    return _Tag(tag, content).classes(classes)


def box(classes: str = "", tag: str = "div") -> Element:
    """Add an empty element to put others in."""
    return ui.element(tag).classes(classes)


def attributes(element: Element, **values: str | bool | int) -> Element:
    """Set HTML attributes: ``aria_label`` is ``aria-label``; a trailing underscore is dropped.

    Values are data and never code: this is not the property language of NiceGUI.
    """
    for name, value in values.items():
        element.props[name.rstrip("_").replace("_", "-")] = value
    return element


def button(label: str, act: Act | None = None, classes: str = "", **values: str | bool) -> Element:
    """Add a button."""
    made = attributes(text("button", label, f"button {classes}"), type="button", **values)
    if act is not None:
        made.on("click", act, args=[])
    return made


def link(label: str, href: str, classes: str = "") -> Element:
    """Add a link within the console."""
    return attributes(text("a", label, classes), href=href)


def field(
    label: str, name: str, *, kind: str = "text", hint: str = "", **values: str | bool | int
) -> Element:
    """Add a labelled input; return the input."""
    with box("field"):
        with box("", "label"):
            text("span", label, "label")
            made = attributes(box("input", "input"), name=name, type=kind, **values)
        if hint:
            attributes(made, aria_describedby=text("span", hint, "hint").html_id)
    return made


def form(send: Callable[[dict[str, Any]], Awaitable[bool]]) -> Element:
    """Add a form; ``send`` gets its fields by name. It is emptied if ``send`` returns True."""
    made = box("form", "form")

    async def sent(event: Any) -> None:  # noqa: ANN401 - whatever the browser sent
        if isinstance(event.args, dict) and await send(event.args):
            ui.run_javascript(f"document.getElementById('{made.html_id}')?.reset()")

    made.on(
        "submit", sent, js_handler="(e) => { e.preventDefault(); emit(yanku.fields(e.target)) }"
    )
    return made


def dialog(title: str, close: str) -> tuple[Element, Element]:
    """Open a dialog; return it and its body. It closes on Esc and gives the focus back."""
    with ui.context.client.content:
        shown = box("dialog", "dialog")
    with shown, box("dialog-head"):
        heading = text("h2", title)
        attributes(shown, aria_labelledby=heading.html_id)
        attributes(text("button", "×", "icon"), type="button", aria_label=close).on(
            "click", js_handler="(e) => e.target.closest('dialog').close()"
        )
    with shown:
        body = box("dialog-body")
    shown.on("close", shown.delete, args=[])
    ui.run_javascript(f"yanku.open('{shown.html_id}')")
    return shown, body


def shut(shown: Element) -> None:
    """Close a dialog."""
    ui.run_javascript(f"document.getElementById('{shown.html_id}')?.close()")
