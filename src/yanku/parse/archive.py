"""ZIP archives: what is in them, and each file in them taken out, whatever the archive claims."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yanku.errors import BrokenSource, EncryptedSource, SourceTooLarge
from yanku.model.document import Block, Flaw, Heading, Member, Paragraph, Role
from yanku.model.place import InText
from yanku.parse.container import Names, Taking, is_junk, shortened, tidy_name
from yanku.parse.package import damage_of_zip, weigh
from yanku.parse.source import Content, Limits, OnPage
from yanku.ports import Unpacked

_BLOCK_BYTES = 1024 * 1024
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 1
_UNICODE_PATH = 0x7075


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive under the name it is shown with."""

    name: str
    info: zipfile.ZipInfo


def read_archive(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """List the files in an archive; what they say is for documents of their own.

    Raises EncryptedSource, BrokenSource, or SourceTooLarge over the limits on members, unpacked
    bytes and ratio.
    """
    with opened_archive(path, name, limits) as archive:
        entries, flaws = entries_of(archive)
        refuse_locked(entries, name)
    members = tuple(Member(each.name, each.info.file_size) for each in entries)
    on_page(1, 1)
    return Content((), listing(name, members), flaws, members)


def unpack_archive(path: Path, name: str, folder: Path, limits: Limits) -> Unpacked:
    """Write each file in an archive into a folder, under a number and never under its name."""
    taking = Taking(folder, name, limits)
    with opened_archive(path, name, limits) as archive:
        entries, _ = entries_of(archive)
        refuse_locked(entries, name)
        for entry in entries:
            try:
                taking.take(entry.name, _blocks(archive, entry))
            except BrokenSource as error:
                taking.leave("unread_member", str(error))
    return taking.unpacked()


@contextmanager
def opened_archive(path: Path, name: str, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose directory has been seen to be safe to unpack."""
    with damage_of_zip(name):
        archive = zipfile.ZipFile(path)
    with archive:
        files = sum(1 for each in archive.infolist() if not each.filename.endswith("/"))
        if files > limits.max_members:
            raise SourceTooLarge(
                f"{name} holds {files:,} files; at most {limits.max_members:,} are read. "
                "Send them in several archives."
            )
        weigh(archive, path.stat().st_size, name, limits)
        yield archive


def entries_of(archive: zipfile.ZipFile) -> tuple[list[Entry], tuple[Flaw, ...]]:
    """Return the files in an archive, each with a name of its own, and what is odd about them."""
    names, entries = Names(), []
    links: list[str] = []
    strange: list[str] = []
    files = [each for each in archive.infolist() if not _is_folder(each)]
    for info, name in zip(files, _decoded(files), strict=True):
        if is_junk(name):
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            links.append(tidy_name(name))
            continue
        if _leads_out(name):
            strange.append(tidy_name(name))
        entries.append(Entry(names.of(name), info))
    return entries, (*_links_flaw(links), *_strange_flaw(strange))


def refuse_locked(entries: list[Entry], name: str) -> None:
    """Raise EncryptedSource if files in an archive need a password."""
    locked = [each.name for each in entries if each.info.flag_bits & _ENCRYPTED_FLAG]
    if locked:
        raise EncryptedSource(
            f"{name} holds {len(locked)} files protected by a password "
            f"({shortened(locked)}); unlock it with that, or send it without one."
        )


def listing(name: str, members: tuple[Member, ...]) -> tuple[Block, ...]:
    """Return a list of files as a document shows it."""
    items = (
        Paragraph(each.name, InText(line, line), Role.ITEM) for line, each in enumerate(members, 2)
    )
    return (Heading(name, 1, InText(1, 1)), *items)


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith("/") or info.orig_filename.endswith("\\")


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or parts[0].endswith(":")


def _links_flaw(links: list[str]) -> tuple[Flaw, ...]:
    if not links:
        return ()
    return (Flaw("link_member", f"Links to other files were not followed: {shortened(links)}."),)


def _strange_flaw(strange: list[str]) -> tuple[Flaw, ...]:
    if not strange:
        return ()
    detail = f"Names that lead out of the archive were shortened: {shortened(strange)}."
    return (Flaw("unsafe_names", detail),)


def _blocks(archive: zipfile.ZipFile, entry: Entry) -> Iterator[bytes]:
    shown = f"{entry.name}"
    with damage_of_zip(shown), archive.open(entry.info) as file:
        while block := file.read(_BLOCK_BYTES):
            yield block


# ── names ───────────────────────────────────────────────────────────────────────────────────────


def _decoded(files: list[zipfile.ZipInfo]) -> list[str]:
    """Return the names as they were meant: Chinese Windows writes GBK and does not say so.

    ``zipfile`` takes every name without the UTF-8 flag for code page 437, which loses nothing.
    """
    unflagged = [each.orig_filename for each in files if not each.flag_bits & _UTF8_FLAG]
    encoding = _encoding(b"\n".join(_raw(each) for each in unflagged))
    return [_name(each, encoding) for each in files]


def _name(info: zipfile.ZipInfo, encoding: str) -> str:
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    raw = _raw(info.orig_filename)
    return _unicode_path(info, raw) or raw.decode(encoding, "replace")


def _raw(name: str) -> bytes:
    return name.encode("cp437", "replace")


def _encoding(raw: bytes) -> str:
    """Return the one encoding all names of an archive are in."""
    for encoding in ("utf-8", "gb18030"):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "cp437"


def _unicode_path(info: zipfile.ZipInfo, raw: bytes) -> str:
    """Return the name in the extra field that Info-ZIP writes beside an old-style name."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        told = kind == _UNICODE_PATH and len(body) > 5 and body[0] == 1
        if told and int.from_bytes(body[1:5], "little") == zlib.crc32(raw):
            return body[5:].decode("utf-8", "replace")
    return ""
