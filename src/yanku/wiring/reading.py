"""Readers of files, within the limits that are set."""

from __future__ import annotations

from yanku.adapters.sandbox import SandboxReader
from yanku.adapters.sandbox_nursery import Nursery
from yanku.parse.source import Limits
from yanku.ports import Reader
from yanku.settings import ParserSettings, Settings

MEBIBYTE = 1024**2


def limits_of(chosen: ParserSettings) -> Limits:
    """Return what a reader accepts."""
    return Limits(
        max_bytes=chosen.max_mb * MEBIBYTE,
        max_pages=chosen.max_pages,
        max_pixels=chosen.max_megapixels * 1_000_000,
        max_cells=chosen.max_cells,
        max_unpacked_bytes=chosen.max_unpacked_mb * MEBIBYTE,
        max_ratio=chosen.max_ratio,
        max_members=chosen.max_members,
        ocr_dpi=chosen.ocr_dpi,
    )


def reader_of(chosen: ParserSettings, nursery: Nursery | None = None) -> Reader:
    """Return a reader that reads each file in a process of its own; several may share a nursery."""
    return SandboxReader(
        limits_of(chosen),
        memory_bytes=chosen.memory_mb * MEBIBYTE,
        wall_time_s=chosen.wall_time_s,
        workers=chosen.workers,
        nursery=nursery,
    )


def reader_for(settings: Settings) -> Reader:
    """Return a reader for one file, without a home or a database."""
    return reader_of(settings.parser)
