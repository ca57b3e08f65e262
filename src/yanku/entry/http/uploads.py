"""A multipart upload: one file on the disk for as long as it is looked at."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from fastapi import Request
from starlette.datastructures import UploadFile

from yanku.errors import InvalidRequest
from yanku.model.document import Digest

_LONGEST_NAME = 255
_MOST_FIELDS = 200

SCHEMA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "group": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "ids of groups that may read it; once per group",
                        },
                        "replaces": {
                            "type": "string",
                            "description": "id of the document that this one is a new version of",
                        },
                    },
                }
            }
        },
    }
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, and what was said about it."""

    path: Path
    name: str
    groups: tuple[str, ...]
    replaces: str | None


@asynccontextmanager
async def upload_of(request: Request) -> AsyncIterator[Upload]:
    """Receive an upload; the file is gone afterwards. Its size is limited before this."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise InvalidRequest("send the file as multipart/form-data, in the field 'file'")
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InvalidRequest("there is no file in the field 'file'")
        replaces = form.get("replaces")
        with tempfile.NamedTemporaryFile(prefix="yanku-upload-") as kept:
            await asyncio.to_thread(_copy, file.file, Path(kept.name))
            yield Upload(
                path=Path(kept.name),
                name=clean_name(file.filename or ""),
                groups=tuple(group for group in form.getlist("group") if isinstance(group, str)),
                replaces=replaces if isinstance(replaces, str) and replaces else None,
            )


def _copy(source: BinaryIO, path: Path) -> None:
    with path.open("wb") as target:
        shutil.copyfileobj(source, target, 1024 * 1024)


def digest_of(path: Path) -> Digest:
    """Return the digest of a file's bytes."""
    with path.open("rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())


def clean_name(name: str) -> str:
    """Return a file's own name, without folders and characters that cannot be seen."""
    name = PurePosixPath(name.replace("\\", "/")).name
    name = "".join(char for char in name if char.isprintable()).strip()
    if not name.strip("."):
        raise InvalidRequest("the file has no name; send one in the field 'file'")
    if len(name) > _LONGEST_NAME:
        stem, dot, suffix = name.rpartition(".")
        name = stem[: _LONGEST_NAME - len(suffix) - 1] + dot + suffix
    return name[-_LONGEST_NAME:]
