"""The panel beside an answer that shows where a citation leads."""

from __future__ import annotations

from nicegui import ui
from nicegui.element import Element

from yanku.access.scope import scope_of
from yanku.entry.ui.elements import attributes, box, link, text
from yanku.entry.ui.places import place_worded
from yanku.entry.ui.viewer import Viewer
from yanku.entry.ui.visit import Visit
from yanku.model.answer import Citation


class SourcePanel:
    """Opens beside the conversation, or over it where there is no room; Esc closes it."""

    def __init__(self, visit: Visit, around: Element) -> None:
        self._visit = visit
        self._around = around
        with around:
            self._panel = attributes(
                box("source", "aside"), aria_label=visit.words.source_view, role="region"
            )
        self._panel.visible = False
        self._panel.on("keydown.esc", self.close, args=[])

    async def show(self, citation: Citation) -> None:
        """Show where a citation points."""
        async with self._visit.care() as person:
            entry = await self._visit.front.house.library.entry(
                citation.document, scope=scope_of(person)
            )
            self._panel.clear()
            self._panel.visible = True
            self._around.classes(add="with-source")
            with self._panel:
                self._head(citation)
                viewer = Viewer(self._visit, citation.document, citation.file, entry.progress.pages)
            ui.run_javascript(f"yanku.panel('{self._panel.html_id}')")
            with self._panel:
                await viewer.show(citation.place)

    def _head(self, citation: Citation) -> None:
        words = self._visit.words
        with box("source-head"):
            with box("source-title"):
                text("span", f"[{citation.number}]", "chip still")
                link(citation.file, f"/documents/{citation.document}")
                text("span", place_worded(citation.place, words), "muted")
            attributes(text("button", "×", "icon close"), type="button", aria_label=words.close).on(
                "click", self.close, args=[]
            )
        if citation.quote:
            text("blockquote", citation.quote)

    def close(self) -> None:
        """Put the panel away and the focus back where it was."""
        self._panel.visible = False
        self._around.classes(remove="with-source")
        ui.run_javascript("yanku.unpanel()")
