"""Closes a model's stream for certain, though its port promises only an iterator."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator


async def closing_stream(pieces: AsyncIterator[str]) -> AsyncGenerator[str, None]:
    """Yield the same pieces; when this generator is closed, so is what it reads from."""
    try:
        async for piece in pieces:
            yield piece
    finally:
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()
