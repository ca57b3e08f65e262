"""How fast and how exactly pictures are read: ``python benchmarks/scans.py [FOLDER …]``.

``--worse SEED …`` reads invented papers scanned badly in every way there is a name for, instead.

FOLDERs of scans and receipts are timed through the whole pipeline, in sandboxed children.
Generated pages always; the scanned filings and the receipts of ../shared/data where they are.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import re
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from yanku.adapters.sandbox_nursery import Nursery
from yanku.chunk.cut import cut
from yanku.finance.facts import facts_of
from yanku.finance.ontology import load_ontology
from yanku.finance.profile import profile_of
from yanku.finance.voucher import voucher_of
from yanku.model.document import Digest, Document
from yanku.model.finance import Fact
from yanku.model.library import DocumentId
from yanku.parse.image import read_image
from yanku.parse.ink import Ink, Word, lines_of
from yanku.parse.ocr import Eyes
from yanku.parse.pdf import read_pdf
from yanku.parse.pdfium import opened, picture_of, sheet_of
from yanku.parse.source import Content, Limits
from yanku.settings import load_settings
from yanku.testing.samples import make_samples
from yanku.testing.samples.scan import Scanner, write_scan
from yanku.testing.scans.judge import Tally, compare, compare_facts
from yanku.testing.scans.papers import statements, tables
from yanku.testing.scans.suite import Ill, ruined
from yanku.wiring.reading import reader_of

DATA = Path(__file__).parents[1] / "../shared/data"
SCANNERS = {
    "200 dpi, level": Scanner(200, 0.3, 3.0),
    "150 dpi, 2° askew": Scanner(150, 2.0, 8.0),
    "120 dpi, noisy": Scanner(120, 1.0, 14.0),
    "150 dpi, 8° askew": Scanner(150, 8.0, 8.0),
}
_PAGES = 12
_FILES = 8
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
        words = eyes.read(picture, 1, dpi).words
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
        ink = _seen(path)
        printed = _squeezed(_levelled(_words(truth.with_suffix(".csv")), ink))
        read = _squeezed(ink.words)
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


def _seen(path: Path) -> Ink:
    with Image.open(path) as picture:
        return EYES.read(picture.convert("RGB"), 1, 72).inks[0]


def _levelled(words: Iterable[Word], ink: Ink) -> list[Word]:
    """Return words of the picture as they stand on the level sheet, so that lines are lines."""
    if ink.lens is None:
        return list(words)
    there = np.linalg.inv(np.array(ink.lens.matrix).reshape(3, 3))
    found = []
    for word in words:
        x, y, depth = there @ ((word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2, 1)
        wide, high = (word.x1 - word.x0) / 2, (word.y1 - word.y0) / 2
        x, y = x / depth, y / depth
        bent, bend = y, ink.lens.bend
        for _ in range(3):
            y = bent - (float(bend.rise(x, y)) if bend is not None else 0.0)
        found.append(word._replace(x0=x - wide, y0=y - high, x1=x + wide, y1=y + high))
    return found


def _squeezed(words: Iterable[Word]) -> str:
    """Return words as one run of letters, line after line; spaces, case and width are the same."""
    text = "".join(word.text for line in lines_of(words) for word in line.words)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


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


@dataclass(slots=True)
class Whole:
    """Some pages read in sandboxed children, two at a time, to facts."""

    pages: int
    wall_s: float
    cpu_s: float
    peak: int


async def whole(files: Sequence[Path]) -> Whole:
    """Read files as the worker does, two at a time, and watch the children's memory."""
    nursery = Nursery()
    reader = reader_of(load_settings(Path(tempfile.gettempdir()) / "no-home").parser, nursery)
    ontology, two, peak = load_ontology(), asyncio.Semaphore(2), 0

    async def watch() -> None:
        nonlocal peak
        own = psutil.Process()
        while True:
            peak = max(peak, *(_resident(child) for child in own.children(recursive=True)), 0)
            await asyncio.sleep(0.05)

    async def one(path: Path) -> int:
        async with two:
            document = await reader.read(path, path.name)
        profile = profile_of(document)
        cut(document, DocumentId("benchmark"), profile)
        facts_of(document, profile, ontology)
        return len(document.pages)

    watching = asyncio.create_task(watch())
    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    pages = sum(await asyncio.gather(*map(one, files)))
    watching.cancel()
    wall = time.perf_counter() - wall
    nursery.close()  # what its children took counts once it has ended
    return Whole(pages, wall, sum(os.times()[:4]) - cpu, peak)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def wholes(given: Sequence[Path]) -> Iterator[tuple[str, Whole]]:
    """Yield what the whole pipeline takes for a long generated scan, and for files given."""
    with tempfile.TemporaryDirectory() as folder:
        make_samples(Path(folder))
        pictures = [p for path in sorted(Path(folder).glob("*.pdf"))
                    for p in SCANNERS["200 dpi, level"].scan(path)]  # fmt: skip
        halves = [Path(folder) / name for name in ("one.scan.pdf", "two.scan.pdf")]
        for half, path in enumerate(halves):
            write_scan(pictures[half:_PAGES:2], path)
        yield f"generated, {_PAGES // 2} pages a file", asyncio.run(whole(halves))
        for place in given:
            files = sorted(place.iterdir()) if place.is_dir() else [place]
            kept = [each for each in files if each.suffix in {".pdf", ".jpg", ".png"}][:_FILES]
            yield str(place.parent.name), asyncio.run(whole(kept))


def worse(seeds: Sequence[int], names: Sequence[str]) -> Iterator[tuple[Ill, Tally]]:
    """Yield for each way of scanning badly how invented papers come out of it."""
    ontology = load_ontology()

    def known(content: Content, path: Path) -> tuple[Fact, ...]:
        document = content.document(Digest(""), path.name, "application/pdf")
        return facts_of(document, profile_of(document), ontology)

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        papers = [(c, s) for s in seeds for c in (*statements(place, s), *tables(place, s))]
        clean = {paper.path: _read(paper.path) for paper, _ in papers}
        for ill in Ill:
            tally = Tally()
            for paper, seed in papers if not names or ill.name in names else ():
                path = ruined(paper.path, ill, seed)
                scanned = _read(path)
                one = compare(clean[paper.path], scanned, paper.tables)
                facts = (known(clean[paper.path], paper.path), known(scanned, path))
                compare_facts(one, *facts)
                tally.add(one)
            if tally.pages:
                yield ill, tally


def _read(path: Path) -> Content:
    return read_pdf(path, path.name, Limits(), lambda *_: None)


def _print_worse(ill: Ill, tally: Tally) -> None:
    shares = [(tally.exact, tally.cells), (tally.found, tally.figures), (tally.known, tally.facts),
              (tally.known, tally.known + tally.false)]  # fmt: skip
    cells, figures, recall, precision = (f"{100 * a / max(1, b):.1f}" for a, b in shares)
    row = [ill.value, str(tally.pages), cells, f"{figures} of {tally.figures}",
           f"{tally.read - tally.found}, {tally.silent}", f"{recall} of {tally.facts}",
           precision]  # fmt: skip
    print(f"| {' | '.join(row)} |", flush=True)


def main() -> None:
    """Print one line for each kind of picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("given", nargs="*", type=Path, help="files or folders to time as a whole")
    parser.add_argument("--every", type=int, default=3, help="read one page of so many")
    parser.add_argument("--worse", nargs="+", type=int, metavar="SEED", help="scan badly")
    parser.add_argument("--ills", nargs="*", default=(), help=" ".join(ill.name for ill in Ill))
    asked = parser.parse_args()
    if asked.worse:
        print("| scanned | pages | cells exact % | amounts found % | wrong, of them unmarked "
              "| facts found % | facts right % |\n|---|---|---|---|---|---|---|")  # fmt: skip
        for ill, tally in worse(asked.worse, asked.ills):
            _print_worse(ill, tally)
        return
    print("| whole pipeline | pages | pages/s | CPU s/page | peak of a child, MiB |")
    print("|---|---|---|---|---|")
    for name, done in wholes(asked.given):
        speed = f"{done.pages / done.wall_s:.2f} | {done.cpu_s / done.pages:.2f}"
        print(f"| {name} | {done.pages} | {speed} | {done.peak / 1024**2:,.0f} |", flush=True)
    print("\n| pictures | pages | CPU s/page | figures | found % | right % | letters wrong % "
          "| fields |\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    EYES.read(Image.new("RGB", (1000, 1000), "white"), 1, 100)  # loads the networks
    for name, scanner in SCANNERS.items():
        _print(name, generated(EYES, asked.every, scanner))
    if (DATA / "receipts").is_dir():
        _print("receipts", receipts(1))
    if (DATA / "scans").is_dir():
        _print("scanned filings", filings(EYES, 3 * asked.every))


def _print(name: str, score: Score) -> None:
    figures = [f"{score.printed}", f"{100 * score.right / max(1, score.printed):.2f}",
               f"{100 * score.right / max(1, score.read):.2f}"]  # fmt: skip
    if not score.printed:
        figures = ["", "", ""]
    letters = f"{100 * score.wrong_letters / score.letters:.1f}" if score.letters else ""
    fields = ", ".join(f"{what} {count}" for what, count in sorted(score.fields.items()))
    row = [name, str(score.pages), f"{score.cpu_s / max(1, score.pages):.2f}", *figures]
    print(f"| {' | '.join([*row, letters, fields])} |", flush=True)


if __name__ == "__main__":
    main()
