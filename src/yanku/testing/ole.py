"""Old compound files (OLE) written by script: folders and streams in one file.

[MS-CFB], version 3: sectors of 512 bytes; streams below 4096 bytes lie in a stream of their own
made of small sectors of 64 bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF
_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096

Tree = Mapping[str, "bytes | Tree"]
"""A folder: streams are bytes, folders are mappings."""


@dataclass(slots=True)
class _Node:
    name: str
    kind: int
    data: bytes = b""
    children: list[int] = field(default_factory=list)
    start: int = _END


def ole(tree: Tree) -> bytes:
    """Return a compound file that holds a tree of streams."""
    nodes = [_Node("Root Entry", 5)]
    _add(nodes, 0, tree)
    small, mini = bytearray(), list[int]()
    for node in nodes:
        if node.kind == 2 and 0 < len(node.data) < _CUTOFF:
            node.start = len(mini)
            small += _padded(node.data, _SMALL)
            _chain(mini, -(-len(node.data) // _SMALL))
    nodes[0].data = bytes(small)
    body, fat = bytearray(), list[int]()
    for node in nodes:
        if node.kind == 5 or len(node.data) >= _CUTOFF:
            node.start = _store(body, fat, node.data)
    mini_start = _store(body, fat, b"".join(struct.pack("<I", each) for each in mini))
    directory = _store(body, fat, _directory(nodes))
    return _file(body, fat, directory, mini_start, len(mini))


def _add(nodes: list[_Node], parent: int, tree: Tree) -> None:
    for name, value in sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())):
        nodes[parent].children.append(len(nodes))
        if isinstance(value, bytes):
            nodes.append(_Node(name, 2, value))
        else:
            nodes.append(_Node(name, 1))
            _add(nodes, len(nodes) - 1, value)


def _chain(table: list[int], count: int) -> None:
    first = len(table)
    table += [*range(first + 1, first + count), _END][:count]


def _store(body: bytearray, fat: list[int], data: bytes) -> int:
    if not data:
        return _END
    start = len(fat)
    _chain(fat, -(-len(data) // _SECTOR))
    body += _padded(data, _SECTOR)
    return start


def _padded(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)


def _directory(nodes: list[_Node]) -> bytes:
    """Return the directory; the children of a folder are a chain of right siblings."""
    right = {a: b for node in nodes for a, b in zip(node.children, node.children[1:], strict=False)}
    out = b""
    for number, node in enumerate(nodes):
        name = node.name.encode("utf-16-le") + b"\0\0"
        child = node.children[0] if node.children else _NONE
        out += name.ljust(64, b"\0") + struct.pack("<HBB", len(name), node.kind, 1)
        out += struct.pack("<III", _NONE, right.get(number, _NONE), child) + bytes(36)
        out += struct.pack("<IQ", node.start, len(node.data))
    unused = bytes(64) + struct.pack("<HBBIII", 0, 0, 0, _NONE, _NONE, _NONE) + bytes(48)
    return out + unused * (-len(nodes) % 4)


def _file(body: bytearray, fat: list[int], directory: int, mini: int, minis: int) -> bytes:
    tables = 1
    while tables * 128 < len(fat) + tables:
        tables += 1
    at = [len(fat) + n for n in range(tables)]
    entries = fat + [_FAT] * tables
    entries += [_FREE] * (tables * 128 - len(entries))
    packed = b"".join(struct.pack("<I", each) for each in entries)
    mini_sectors = -(-minis * 4 // _SECTOR)
    head = _MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIII", 0, tables, directory, 0, _CUTOFF)
    head += struct.pack("<IIII", mini if minis else _END, mini_sectors, _END, 0)
    head += b"".join(struct.pack("<I", each) for each in [*at, *[_FREE] * (109 - tables)])
    return head + bytes(body) + packed
