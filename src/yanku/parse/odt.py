"""OpenDocument texts (ODT) as headings, paragraphs and tables in reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Flaw, Role
from yanku.parse.flow import Flow
from yanku.parse.odfstyle import Styles
from yanku.parse.odfwalk import Walker
from yanku.parse.package import Package, open_package
from yanku.parse.sniff import locked
from yanku.parse.source import Content, Limits, OnPage
from yanku.parse.wordtext import local, within

_MAX_ELEMENTS = 3_000_000


def read_odt(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read an ODT: deleted and hidden text is left out, macros are not run."""
    with open_package(path, name, limits) as package:
        file = OdfFile(package, name)
        flow = Flow(name, limits)
        walker = Walker(flow, file.styles, file.chart)
        walker.walk(file.body("text"))
        walker.finish()
        _read_margins(file, walker, flow)
        flaws = (*walker.flaws(), *file.flaws())
    on_page(1, 1)
    return Content((), tuple(flow.blocks), flaws)


class OdfFile:
    """The parts of one OpenDocument file."""

    def __init__(self, package: Package, shown: str) -> None:
        self._package = package
        self._shown = shown
        if package.asks_password:
            raise locked(shown)
        self.styles = Styles()
        self.common = self.part("styles.xml") if "styles.xml" in package.names else None
        self._content = self.part("content.xml")
        for each in (self.common, self._content):
            if each is not None:
                self.styles.add(each)

    def part(self, name: str) -> etree._Element:
        """Return a part parsed; raise SourceTooLarge if it has too many elements."""
        if self._package.count(name, b"<") > 2 * _MAX_ELEMENTS:
            raise SourceTooLarge(
                f"{self._shown}: {name} holds more than {_MAX_ELEMENTS:,} elements; split it."
            )
        return self._package.xml(name)

    def body(self, kind: str) -> etree._Element:
        """Return the text or presentation itself."""
        for body in within(self._content, "body"):
            for each in body:
                if local(each) == kind:
                    return each
        raise BrokenSource(f"{self._shown} has no document body.")

    def chart(self, link: str) -> etree._Element | None:
        """Return the table behind an embedded chart, None if the object is something else."""
        part = posixpath.normpath(posixpath.join(link.removeprefix("./"), "content.xml"))
        if part not in self._package.names:
            return None
        root = self.part(part)
        if next(within(root, "chart"), None) is None:
            return None
        return next(iter(root.iter("{*}table")), None)

    def flaws(self) -> Iterator[Flaw]:
        """Return what the file holds that is never run."""
        if any(n.startswith(("Basic/", "Scripts/")) for n in self._package.names):
            yield Flaw("macros", "The file holds macros; they were not run.")


def _read_margins(file: OdfFile, walker: Walker, flow: Flow) -> None:
    """Read headers and footers once each."""
    seen: set[str] = set()
    for each in file.common.iter("{*}header", "{*}footer") if file.common is not None else ():
        role = Role.HEADER if local(each) == "header" else Role.FOOTER
        for text in walker.lines(each):
            if text not in seen and any(c.isalpha() for c in text):
                seen.add(text)
                flow.say(text, role=role)
