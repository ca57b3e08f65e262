"""Makes what office libraries write repeatable: no clock in the archive, no empty formulas."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

FIXED = (2025, 5, 1, 9, 0, 0)
STAMP = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def repack(path: Path, change: Callable[[str, str], str] = lambda _, text: text) -> None:
    """Rewrite a ZIP-based office file with fixed times; ``change`` may edit its XML parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            if name == "docProps/core.xml":
                data = STAMP.sub(r"\g<1>2025-05-01T09:00:00Z", data.decode()).encode()
            elif name.endswith(".xml"):
                data = change(name, data.decode()).encode()
            info = zipfile.ZipInfo(name, FIXED)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)


def with_results(results: Mapping[str, Mapping[str, Decimal]]) -> Callable[[str, str], str]:
    """Return a change that stores computed results beside formulas, as Excel itself does.

    ``results`` maps a part name to cells and values. Without them a reader that does not
    calculate sees empty cells, which no workbook saved by Excel shows.
    """

    def change(name: str, text: str) -> str:
        for cell, value in results.get(name, {}).items():
            pattern = rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)(?:<v ?/>|<v></v>)'
            text, count = re.subn(pattern, rf"\g<1><v>{value}</v>", text)
            if count != 1:
                raise AssertionError(f"{name}: {cell} holds no formula")
        return text

    return change
