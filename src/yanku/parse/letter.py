"""A mail, whatever it was kept in: its head and text as blocks, its attachments as members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree, html

from yanku.model.document import Block, Flaw, Heading, Member, Paragraph, Role
from yanku.model.place import InText
from yanku.parse.container import Names, Taking, blocks_of, shortened
from yanku.parse.source import Content, Limits
from yanku.parse.text import paragraphs_of
from yanku.ports import Unpacked

_SMALL_PICTURE_BYTES = 10 * 1024
"""Pictures within a text are mostly logos of signatures; a pasted table is larger."""
_MOST_TEXT = 20_000_000
_CELL, _GAP = {"td", "th"}, {"br"}
_APART = {
    "address", "article", "blockquote", "body", "dd", "div", "dl", "dt", "fieldset", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section",
    "table", "tbody", "tr", "ul",
}  # fmt: skip
_UNSEEN = {"head", "script", "style", "title", "template", "noscript", "object", "svg"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail; ``inline`` tells a picture that stands within the text."""

    name: str
    data: bytes
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail: ``head`` are its printed lines, such as ("From", "a@b.cn"); ``html`` is markup."""

    subject: str
    head: tuple[tuple[str, str], ...]
    plain: str
    html: str
    attachments: tuple[Attachment, ...]
    flaws: tuple[Flaw, ...] = ()


def content_of(letter: Letter, name: str) -> Content:
    """Return what a mail says: subject, head, text, and the list of its attachments."""
    head: list[Block] = [Heading(letter.subject or name, 1, InText(1, 1))]
    for label, value in letter.head:
        line = len(head) + 1
        head.append(Paragraph(f"{label}: {value}", InText(line, line)))
    text = letter.plain if letter.plain.strip() else text_of_html(letter.html)
    lines = text[:_MOST_TEXT].splitlines()
    body = paragraphs_of(lines, len(head) + 1)
    after = len(head) + len(lines) + 1
    members, flaws = members_of(letter)
    items = [
        Paragraph(f"Attachment: {each.name}", InText(line, line), Role.ITEM)
        for line, (each, _) in enumerate(members, after)
    ]
    cut = (
        (Flaw("long_text", f"Only the first {_MOST_TEXT:,} characters were read."),)
        if len(text) > _MOST_TEXT
        else ()
    )
    return Content(
        (),
        (*head, *body, *items),
        (*letter.flaws, *flaws, *cut),
        tuple(each for each, _ in members),
    )


def unpack_letter(letter: Letter, name: str, folder: Path, limits: Limits) -> Unpacked:
    """Write the attachments of a mail into a folder, each under a number."""
    taking = Taking(folder, name, limits)
    for member, attachment in members_of(letter)[0]:
        taking.take(member.name, blocks_of(attachment.data))
    return taking.unpacked()


def members_of(letter: Letter) -> tuple[list[tuple[Member, Attachment]], tuple[Flaw, ...]]:
    """Return the attachments that are files of their own, named apart, and what was passed by."""
    names = Names()
    taken: list[tuple[Member, Attachment]] = []
    small: list[str] = []
    flaws: list[Flaw] = []
    for each in letter.attachments:
        if _is_winmail(each):
            flaws.append(
                Flaw(
                    "winmail_dat",
                    f"{each.name} holds attachments in a form that only Outlook opens; "
                    "ask the sender to send the mail as plain text or HTML.",
                )
            )
        elif each.inline and len(each.data) < _SMALL_PICTURE_BYTES:
            small.append(each.name)
        else:
            taken.append((Member(names.of(each.name), len(each.data)), each))
    if small:
        detail = f"{len(small)} small pictures within the text were not read: {shortened(small)}."
        flaws.append(Flaw("inline_pictures", detail))
    return taken, tuple(flaws)


def _is_winmail(each: Attachment) -> bool:
    return each.data.startswith(b"\x78\x9f\x3e\x22") or each.name.lower() == "winmail.dat"


def text_of_html(markup: str) -> str:
    """Return the words of a page line by line; cells of a row stand apart by tabs."""
    if not markup.strip():
        return ""
    try:
        root = html.document_fromstring(markup[:_MOST_TEXT].encode("utf-8", "replace"), _parser())
    except (etree.ParserError, ValueError):
        return ""
    pieces = "".join(_pieces(root))
    lines = (re.sub(r"[^\S\n\t]+", " ", line).strip() for line in pieces.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)


def _pieces(root: etree._Element) -> Iterator[str]:
    """Yield text and line ends in reading order, without recursion: markup may be deep."""
    unseen = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            unseen += tag in _UNSEEN
            if not unseen:
                yield _before(tag)
                yield _flat(element.text)
            continue
        if event == "end":
            unseen -= tag in _UNSEEN
            if not unseen:
                yield _after(tag)
        if not unseen and element is not root:
            yield _flat(element.tail)


def _before(tag: str) -> str:
    return "\n" if tag in _APART or tag in _GAP else ""


def _after(tag: str) -> str:
    return "\t" if tag in _CELL else "\n" if tag in _APART else ""


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text) if text else ""


def named(label: str, values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return a printed line of a head, or none if there is nothing to print."""
    shown = ", ".join(" ".join(each.split()) for each in values if each.strip())
    return ((label, shown[:2000]),) if shown else ()
