"""How fast and how exactly pictures are read: ``python benchmarks/scans.py [--every 3]``.

Generated pages always; the scanned filings and the receipts of ../shared/data where they are.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.table import Table

from yanku.finance.voucher import voucher_of
from yanku.model.document import Digest, Document
from yanku.parse.image import read_image
from yanku.parse.ink import Word, lines_of
from yanku.parse.ocr import Eyes
from yanku.parse.pdfium import opened, picture_of, sheet_of
from yanku.parse.source import Limits
from yanku.testing.samples import make_samples
from yanku.testing.samples.scan import Scanner

DATA = Path(__file__).parents[1] / "../shared/data"
SCANNERS = {
    "200 dpi, level": Scanner(200, 0.3, 3.0),
    "150 dpi, 2° askew": Scanner(150, 2.0, 8.0),
    "120 dpi, noisy": Scanner(120, 1.0, 14.0),
    "150 dpi, 8° askew": Scanner(150, 8.0, 8.0),
}
FIGURE = re.compile(r"\d[\d,.]*\d")


@dataclass(slots=True)
class Score:
    """What was printed and what was read, over some pages."""

    pages: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    printed: int = 0
    read: int = 0
    right: int = 0
    letters: int = 0
    wrong_letters: int = 0
    fields: Counter[str] = field(default_factory=Counter)

    def page(self, eyes: Eyes, picture: Image.Image, dpi: float) -> tuple[Word, ...]:
        """Read a page by the clock."""
        cpu, wall = time.process_time(), time.perf_counter()
        words = eyes.read(picture, 1, dpi).ink.words
        self.cpu_s += time.process_time() - cpu
        self.wall_s += time.perf_counter() - wall
        self.pages += 1
        return words

    def compare(self, printed: Iterable[str], read: Iterable[str]) -> None:
        """Count figures of three digits or more that are there and that were read."""
        truth, seen = _figures(printed), _figures(read)
        self.printed += truth.total()
        self.read += seen.total()
        self.right += (truth & seen).total()


def _figures(texts: Iterable[str]) -> Counter[str]:
    found = (m[0] for text in texts for m in FIGURE.finditer(text))
    return Counter(figure for figure in found if sum(map(str.isdigit, figure)) > 2)


def generated(eyes: Eyes, every: int, scanner: Scanner) -> Score:
    """Read the samples' pages as a scanner would give them."""
    score = Score()
    with tempfile.TemporaryDirectory() as folder:
        make_samples(Path(folder))
        for path in sorted(Path(folder).glob("*.pdf")):
            with opened(path, path.name) as document:
                inks = [sheet_of(document, n + 1).ink for n in range(len(document))]
            for ink, picture in list(zip(inks, scanner.scan(path), strict=True))[::every]:
                if ink.words:
                    words = score.page(eyes, picture, scanner.dpi)
                    score.compare((w.text for w in ink.words), (w.text for w in words))
    return score


def filings(eyes: Eyes, every: int) -> Score:
    """Read the scanned filings; the text layer of the same filing is the truth."""
    score = Score()
    for path in sorted((DATA / "scans/documents").glob("*.pdf")):
        original = DATA / "filings/documents" / path.name
        with opened(path, path.name) as scan, opened(original, path.name) as text:
            for number in range(1, len(scan) + 1, every):
                picture = picture_of(scan, number, 200, path.name, 10**8)
                words = score.page(eyes, picture, 200)
                truth = sheet_of(text, number).ink.words
                score.compare((w.text for w in truth), (w.text for w in words))
    return score


def receipts(every: int) -> Score:
    """Read the photographed receipts: letters in order of lines, totals, days."""
    score = Score()
    for path in sorted((DATA / "receipts/documents").glob("*.jpg"))[::every]:
        cpu, wall = time.process_time(), time.perf_counter()
        content = read_image(path, path.name, Limits(), lambda *_: None)
        score.cpu_s += time.process_time() - cpu
        score.wall_s += time.perf_counter() - wall
        score.pages += 1
        document = content.document(Digest(""), path.name, "image/jpeg")
        truth = path.parents[1] / "truth" / path.stem
        said = json.loads(truth.with_suffix(".json").read_text("utf-8"))
        score.fields.update(_fields(document, said))
        printed = _squeezed(_words(truth.with_suffix(".csv")))
        read = _squeezed(_seen(path))
        score.letters += len(printed)
        score.wrong_letters += _distance(printed, read)
    return score


def _fields(document: Document, said: dict[str, str]) -> Iterator[str]:
    voucher = voucher_of(document)
    if voucher is None:
        return
    if voucher.total is not None:
        yield "total" if f"{voucher.total.value:.2f}" == said["total"] else "wrong total"
    if voucher.day is not None:
        numbers = {int(n) % 100 for n in re.findall(r"\d+", said["date"])}
        day = voucher.day
        same = numbers == {day.year % 100, day.month, day.day}
        yield "day" if same else "wrong day"


def _words(path: Path) -> list[Word]:
    found = []
    for row in csv.reader(path.read_text("utf-8", "replace").splitlines(), quoting=csv.QUOTE_NONE):
        if len(row) > 8:
            xs, ys = [float(v) for v in row[:8:2]], [float(v) for v in row[1:8:2]]
            text = ",".join(row[8:])
            found.append(Word(text, min(xs), min(ys), max(xs), max(ys), max(ys) - min(ys)))
    return found


def _seen(path: Path) -> tuple[Word, ...]:
    with Image.open(path) as picture:
        return EYES.read(picture.convert("RGB"), 1, 72).ink.words


def _squeezed(words: Iterable[Word]) -> str:
    """Return words as one run of letters, line after line; spaces and case are not compared."""
    text = "".join(word.text for line in lines_of(words) for word in line.words)
    return re.sub(r"\s", "", text).upper()


def _distance(a: str, b: str) -> int:
    """Return how many letters must be put in, taken out or changed (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last = row
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (x != y)))
    return row[-1]


EYES = Eyes()


def main() -> None:
    """Print one line for each kind of picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=3, help="read one page of so many")
    every = parser.parse_args().every
    EYES.read(Image.new("RGB", (1000, 1000), "white"), 1, 100)  # loads the networks
    scores = {name: generated(EYES, every, each) for name, each in SCANNERS.items()}
    if (DATA / "scans").is_dir():
        scores["scanned filings"] = filings(EYES, every)
    if (DATA / "receipts").is_dir():
        scores["receipts"] = receipts(every)
    table = Table("pictures", "pages", "CPU s/page", "pages/s", "figures", "found %", "right %",
                  "letters wrong %", "fields")  # fmt: skip
    for name, score in scores.items():
        table.add_row(*_row(name, score))
    Console().print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process {peak:,.0f} MiB")


def _row(name: str, score: Score) -> list[str]:
    pages = max(1, score.pages)
    figures = [f"{score.printed}", f"{100 * score.right / max(1, score.printed):.2f}",
               f"{100 * score.right / max(1, score.read):.2f}"]  # fmt: skip
    letters = f"{100 * score.wrong_letters / score.letters:.1f}" if score.letters else ""
    fields = ", ".join(f"{what} {count}" for what, count in sorted(score.fields.items()))
    speed = [f"{score.cpu_s / pages:.2f}", f"{pages / max(1e-9, score.wall_s):.2f}"]
    return [name, str(score.pages), *speed, *figures, letters, fields]


if __name__ == "__main__":
    main()
