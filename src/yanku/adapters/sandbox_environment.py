"""All that a child knows of the world: no secrets, no proxies, no configuration."""

from __future__ import annotations

import os


def environment(folder: str) -> dict[str, str]:
    """Return the environment variables of a child that lives in a folder."""
    known = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "XDG_CACHE_HOME": folder,
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    # Where shared libraries are is no secret, and some interpreters do not start without.
    return known | {k: v for k, v in os.environ.items() if k == "LD_LIBRARY_PATH"}
