"""A mail, whatever it was kept in: its head and text as blocks, its attachments as members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Flaw, Heading, Member, Paragraph, Role, Table
from yanku.parse.container import Names, Taking, blocks_of, shortened
from yanku.parse.flow import Flow
from yanku.parse.grid import GridCell
from yanku.parse.source import Content, Limits
from yanku.parse.text import paragraphs_of
from yanku.parse.web import page_into
from yanku.ports import Unpacked

_SMALL_PICTURE_BYTES = 10 * 1024
"""Pictures within a text are mostly logos of signatures; a pasted table is larger."""


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


def content_of(letter: Letter, name: str, limits: Limits) -> Content:
    """Return what a mail says: subject, head, text, and the list of its attachments."""
    flow = Flow(name, limits)
    flow.say(letter.subject or name, 1)
    for label, value in letter.head:
        flow.say(f"{label}: {value}")
    flaws = [*letter.flaws, *_say_body(letter, flow, name)]
    members, passed_by = members_of(letter)
    if len(members) > limits.max_members:
        raise SourceTooLarge(
            f"{name} has {len(members):,} attachments; at most {limits.max_members:,} are read."
        )
    for each, _ in members:
        flow.say(f"Attachment: {each.name}", role=Role.ITEM)
    return Content((), tuple(flow.blocks), (*flaws, *passed_by), tuple(each for each, _ in members))


def _say_body(letter: Letter, flow: Flow, name: str) -> list[Flaw]:
    """Add the text of a mail: its markup, which keeps tables, or else its plain text."""
    before = len(flow.blocks)
    if letter.html.strip():
        try:
            flaws = page_into(flow, letter.html, name)
        except BrokenSource:
            flaws = []  # the plain text says the same
        if len(flow.blocks) > before:
            return flaws
    for block in paragraphs_of(letter.plain.splitlines(), 1):
        match block:
            case Heading(text, level):
                flow.say(text, level)
            case Paragraph(text):
                flow.say(text)
            case Table(cells):
                flow.table([GridCell(c.row, c.column, c.text, c.text) for c in cells])
    return []


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


def named(label: str, values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return a printed line of a head, or none if there is nothing to print."""
    shown = ", ".join(" ".join(each.split()) for each in values if each.strip())
    return ((label, shown[:2000]),) if shown else ()
