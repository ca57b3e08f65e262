"""A zipped Office package opened with suspicion: sizes before bytes, no entities, no network."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote

from lxml import etree

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.parse.sniff import locked
from yanku.parse.source import Limits

MANIFEST = "META-INF/manifest.xml"
_MAX_PARTS = 20_000
_BOMB_BYTES = 64 * 1024**2
_BLOCK_BYTES = 1024**2
_SMALL_PART_BYTES = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class Relation:
    """One link of a part to another part, or to somewhere outside."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of an OOXML or ODF file; every error names the file.

    Sizes are the directory's own claims, and reading stops at them (``zipfile`` never inflates
    past a part's declared size), so the sum checked on opening bounds what can be unpacked.
    """

    def __init__(self, archive: zipfile.ZipFile, shown: str) -> None:
        self._archive = archive
        self._shown = shown
        self.names = frozenset(archive.namelist())

    @contextmanager
    def stream(self, part: str) -> Iterator[IO[bytes]]:
        """Open a part for reading; raise BrokenSource if it is missing or damaged."""
        with self._told(part), self._archive.open(part) as file:
            yield file

    def read(self, part: str) -> bytes:
        """Return a small part whole."""
        if part in self.names and self._archive.getinfo(part).file_size > _SMALL_PART_BYTES:
            raise SourceTooLarge(
                f"{self._shown}: the part {part} unpacks to more than "
                f"{_SMALL_PART_BYTES // 1024**2} MiB."
            )
        with self.stream(part) as file:
            return file.read()

    def xml(self, part: str) -> etree._Element:
        """Return a small part parsed; entities stay unresolved and a DTD is refused."""
        data = self.read(part)
        with self._told(part):
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            root = etree.fromstring(data, parser)
            self._refuse_dtd(root, part)
            return root

    def walk(self, part: str, tags: tuple[str, ...]) -> Iterator[tuple[str, etree._Element]]:
        """Yield (event, element) for local tag names while a part streams by.

        Elements are emptied after their end event, so memory does not grow with the part.
        """
        wanted = tuple("{*}" + tag for tag in tags)
        with self.stream(part) as file, self._told(part):
            steps = etree.iterparse(
                file,
                events=("start", "end"),
                tag=wanted,
                resolve_entities=False,
                no_network=True,
                huge_tree=False,
            )
            first = True
            for event, element in steps:
                if first:
                    self._refuse_dtd(element, part)
                    first = False
                yield event, element
                if event == "end":
                    _forget(element)

    def count(self, part: str, mark: bytes) -> int:
        """Return how often some bytes stand in a part, without parsing it."""
        found, carried = 0, b""
        with self.stream(part) as file:
            while block := file.read(_BLOCK_BYTES):
                found += (carried + block).count(mark)
                carried = block[1 - len(mark) :]
        return found

    @property
    def asks_password(self) -> bool:
        """Tell an OpenDocument file whose parts are encrypted; the package itself is plain."""
        return MANIFEST in self.names and b"encryption-data" in self.read(MANIFEST)

    def relations(self, part: str) -> dict[str, Relation]:
        """Return what a part links to, by id; targets inside are full part names."""
        folder, file = posixpath.split(part)
        where = posixpath.join(folder, "_rels", file + ".rels")
        if where not in self.names:
            return {}
        found = {}
        for each in self.xml(where):
            if not isinstance(each.tag, str):
                continue
            external = each.get("TargetMode") == "External"
            target = each.get("Target") or ""
            if not external:
                target = self._inside(folder, target)
            id_ = each.get("Id") or ""
            found[id_] = Relation(
                id_, (each.get("Type") or "").rsplit("/", 1)[-1], target, external
            )
        return found

    def main_part(self, fallback: str) -> str:
        """Return the name of the part that holds the document itself."""
        for each in self.relations("").values():
            if each.kind == "officeDocument" and each.target in self.names:
                return each.target
        return fallback

    def _inside(self, folder: str, target: str) -> str:
        plain = unquote(target)
        joined = plain if plain.startswith("/") else posixpath.join("/", folder, plain)
        return posixpath.normpath(joined).lstrip("/")

    @contextmanager
    def _told(self, part: str) -> Iterator[None]:
        try:
            yield
        except KeyError as error:
            raise BrokenSource(f"{self._shown}: the part {part} is missing.") from error
        except etree.XMLSyntaxError as error:
            raise BrokenSource(f"{self._shown}: {part} is not valid XML ({error}).") from error
        except RuntimeError as error:  # zipfile's way to say that an entry is encrypted
            raise locked(self._shown) from error
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError,
                zlib.error, struct.error) as error:  # fmt: skip
            raise BrokenSource(f"{self._shown}: {part} is damaged ({error}).") from error

    def _refuse_dtd(self, element: etree._Element, part: str) -> None:
        if element.getroottree().docinfo.doctype:
            raise BrokenSource(
                f"{self._shown}: {part} declares a document type, which Office formats forbid "
                "and which is used for attacks; save the file again with an office program."
            )


@contextmanager
def open_package(path: Path, shown: str, limits: Limits) -> Iterator[Package]:
    """Open a package after its directory has shown that it is safe to unpack."""
    with damage_of_zip(shown):
        archive = zipfile.ZipFile(path)
    with archive:
        _refuse_locked(archive, shown)
        weigh(archive, path.stat().st_size, shown, limits)
        yield Package(archive, shown)


@contextmanager
def damage_of_zip(shown: str) -> Iterator[None]:
    """Give whatever ``zipfile`` says about damaged bytes its name."""
    try:
        yield
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, OSError,
            zlib.error, struct.error) as error:  # fmt: skip
        raise BrokenSource(
            f"{shown} is damaged or truncated, or packed in a way nothing here knows ({error})."
        ) from error
    except RuntimeError as error:  # zipfile's way to say that an entry is encrypted
        raise locked(shown) from error


def _refuse_locked(archive: zipfile.ZipFile, shown: str) -> None:
    if any(each.flag_bits & 1 for each in archive.infolist()):
        raise locked(shown)


def weigh(archive: zipfile.ZipFile, size: int, shown: str, limits: Limits) -> None:
    """Raise SourceTooLarge or BrokenSource unless a ZIP's directory promises to unpack safely."""
    entries = archive.infolist()
    if len(entries) > _MAX_PARTS:
        raise SourceTooLarge(f"{shown} holds {len(entries)} parts; at most {_MAX_PARTS} are read.")
    unpacked = sum(each.file_size for each in entries)
    if unpacked > limits.max_unpacked_bytes:
        raise SourceTooLarge(
            f"{shown} would unpack to {unpacked // 1024**2} MiB; "
            f"the limit is {limits.max_unpacked_bytes // 1024**2} MiB."
        )
    for each in entries:
        most = limits.max_ratio * each.compress_size
        if each.file_size > _BOMB_BYTES and each.file_size > most:
            raise SourceTooLarge(
                f"{shown}: {each.filename[:100]!r} unpacks to more than {limits.max_ratio} times "
                "its size, as only a ZIP bomb does."
            )
    if sum(each.compress_size for each in entries) > size:
        raise BrokenSource(f"{shown} is a ZIP whose parts overlap, as only a ZIP bomb's do.")


def _forget(element: etree._Element) -> None:
    element.clear()
    while element.getprevious() is not None:
        parent = element.getparent()
        if parent is None:
            break
        del parent[0]
