"""The networks that read pictures, loaded before there is one."""

from __future__ import annotations

from yanku.parse.engine import letters, network
from yanku.parse.finder import usual_pages
from yanku.parse.ocr import FINDING_SIDE
from yanku.parse.speller import HEIGHT, usual_widths


def warm() -> None:
    """Load the networks and have them prepare for what most scanned pages hold.

    A process forked after this reads its first page as fast as its tenth. Starts no thread.
    """
    letters()
    network("det").warm(usual_pages(FINDING_SIDE))
    network("rec").warm([(HEIGHT, width) for width in usual_widths()])
