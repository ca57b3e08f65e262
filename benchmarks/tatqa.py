"""How many TAT-QA questions are answered exactly: ``python benchmarks/tatqa.py DATA --sample 200``.

Each of its documents (a table and paragraphs, as JSON) is read as a web page and belongs to a
person of its own, who asks its questions: so a question sees its own document and no other.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import string
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from html import escape
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from yanku.errors import ModelError
from yanku.flows.scoring import interval
from yanku.model.answer import Answer, Grounded
from yanku.model.people import Principal, Role
from yanku.settings import load_settings
from yanku.wiring import House, open_house

_SCALES = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9, "percent": 1}
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_MARKS = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what is expected, and what came of it."""

    id: str
    document: str
    question: str
    kind: str
    source: str
    expected: tuple[str, ...]
    scale: str
    text: str = ""
    exact: bool = False
    holds: bool = False
    declined: bool = False
    seconds: float = 0.0


def web_page(document: Mapping[str, Any]) -> str:
    """Return a document as a web page; a paragraph that ends in a colon stands before its table."""
    paragraphs = [str(one["text"]) for one in document["paragraphs"]]
    leading = [text for text in paragraphs if text.rstrip().endswith(":")]
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in document["table"]["table"]
    )
    parts = [f"<p>{escape(text)}</p>" for text in leading]
    parts.append(f"<table>{rows}</table>")
    parts += [f"<p>{escape(text)}</p>" for text in paragraphs if text not in leading]
    return f"<html><body>{''.join(parts)}</body></html>"


def questions_of(documents: Sequence[Mapping[str, Any]]) -> list[Asked]:
    """Return every question with its expected answer."""
    return [
        Asked(
            question["uid"],
            document["table"]["uid"],
            question["question"],
            question["answer_type"],
            question["answer_from"],
            _spans(question["answer"]),
            question["scale"],
        )
        for document in documents
        for question in document["questions"]
    ]


def _spans(answer: object) -> tuple[str, ...]:
    return tuple(map(str, answer)) if isinstance(answer, list) else (str(answer),)


def judged(asked: Asked, answer: Answer, seconds: float) -> Asked:
    """Return the question with the verdict: as TAT-QA's exact match, scale included.

    A figure is right if it is the expected one at its scale, to two decimals; a text if it is the
    expected one, white space, case, articles and punctuation aside. ``holds`` tells whether every
    expected span stands in the answer.
    """
    values = asdict(asked) | {"seconds": seconds}
    if not isinstance(answer, Grounded):
        return Asked(**values | {"declined": True, "text": answer.message})
    exact = _figure_is_right(asked, answer) or _text_is_right(asked, answer)
    text = _plain(answer.text)
    holds = exact or all(_plain(span) in text for span in asked.expected)
    return Asked(**values | {"text": answer.text, "exact": exact, "holds": holds})


def _figure_is_right(asked: Asked, answer: Grounded) -> bool:
    wanted = _number(asked.expected[0]) if len(asked.expected) == 1 else None
    if wanted is None or answer.amount is None:
        return False
    percent = answer.amount.unit in {"%", "pp"}  # The set calls percentage points percent.
    if (asked.scale == "percent") is not percent and asked.scale:
        return False
    return round(answer.amount.value / _SCALES[asked.scale], 2) == round(wanted, 2)


def _text_is_right(asked: Asked, answer: Grounded) -> bool:
    wanted = sorted(_plain(span) for span in asked.expected)
    said = [answer.choice] if answer.choice else [claim.text for claim in answer.claims]
    if answer.table is not None:
        said = [row[0].text for row in answer.table.rows]
    return wanted == sorted(_plain(one) for one in said)


def _plain(text: str) -> str:
    bare = _MARKS.sub("", text).lower()
    bare = "".join(sign for sign in bare if sign not in set(string.punctuation))
    return " ".join(_ARTICLES.sub(" ", bare).split())


def _number(span: str) -> Decimal | None:
    """Return a span as a number; brackets mean a loss, as they do in a statement."""
    bare = re.sub(r"[\s,$€£%]", "", span).replace("\u2212", "-")
    if re.fullmatch(r"\(.*\)", bare):
        bare = f"-{bare[1:-1]}"
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


async def measured(data: Path, sample: int, seed: int, home: Path) -> list[Asked]:
    """Read the documents, ask a sample of the questions, and judge the answers."""
    documents = json.loads((data / "tatqa_dataset_dev.json").read_text("utf-8"))
    asked = questions_of(documents)
    if 0 < sample < len(asked):
        asked = random.Random(seed).sample(asked, sample)  # noqa: S311 - repeatable, no secret
    wanted = {one.document for one in asked}
    async with open_house(load_settings(home)) as house:
        owners = await _read(house, [d for d in documents if d["table"]["uid"] in wanted])
        return [await _ask(house, one, owners[one.document]) for one in track(asked, "asking")]


async def _read(house: House, documents: Sequence[Mapping[str, Any]]) -> dict[str, Principal]:
    admin = await house.accounts.local()
    known = {person.name: person for person in await house.accounts.users(admin)}
    owners: dict[str, Principal] = {}
    with tempfile.TemporaryDirectory() as folder:
        for document in track(documents, "adding"):
            name = document["table"]["uid"]
            if name not in known:
                secret = random.SystemRandom().randbytes(18).hex()
                known[name] = await house.accounts.add_user(admin, name, secret, Role.MEMBER)
            owners[name] = known[name]
            path = Path(folder) / f"{name}.html"
            path.write_text(web_page(document), "utf-8")
            await house.ingest.add(path, path.name, owner=owners[name])
        await house.work(vectors=False, until_empty=True)
    return owners


async def _ask(house: House, asked: Asked, owner: Principal) -> Asked:
    started = time.perf_counter()
    try:
        done = await house.ask.answer(asked.question, principal=owner)
    except ModelError:
        values = asdict(asked) | {"declined": True, "text": "no model"}
        return Asked(**values | {"seconds": time.perf_counter() - started})
    return judged(asked, done.answer, time.perf_counter() - started)


def table_of(found: Sequence[Asked]) -> Table:
    """Return the shares by kind of answer and by where it stands."""
    table = Table(title=f"TAT-QA dev, {len(found)} questions")
    for head in ("kind", "n", "exact", "95 %", "holds the answer", "declined", "wrong", "median s"):
        table.add_column(head, justify="left" if head == "kind" else "right", no_wrap=True)
    for name, group in _grouped(found):
        n = len(group)
        wrong = sum(1 for one in group if not one.declined and not one.holds)
        seconds = sorted(one.seconds for one in group)
        low, high = interval([one.exact for one in group])
        exact = sum(one.exact for one in group) / n
        table.add_row(
            name,
            str(n),
            f"{exact:.1%}",
            f"{low:.1%}–{high:.1%}",
            *(
                f"{count / n:.1%}"
                for count in (
                    sum(one.holds for one in group),
                    sum(one.declined for one in group),
                    wrong,
                )
            ),
            f"{seconds[n // 2]:.2f}",
        )
    return table


def _grouped(found: Sequence[Asked]) -> Iterator[tuple[str, list[Asked]]]:
    groups: dict[str, list[Asked]] = defaultdict(list)
    for one in found:
        groups[f"{one.kind}, {one.source}"].append(one)
    yield from sorted(groups.items())
    for kind in sorted({one.kind for one in found}):
        yield kind.upper(), [one for one in found if one.kind == kind]
    yield "ALL", list(found)


def main() -> None:
    """Measure, print, and write each answer where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "yanku-tatqa")
    parser.add_argument("--answers", type=Path, help="write one line per question here")
    chosen = parser.parse_args()
    found = asyncio.run(measured(chosen.data, chosen.sample, chosen.seed, chosen.home))
    if chosen.answers:
        lines = [json.dumps(asdict(one), ensure_ascii=False) for one in found]
        chosen.answers.write_text("\n".join(lines) + "\n", "utf-8")
    console = Console(width=120)
    console.print(table_of(found))
    console.print(dict(Counter(one.kind for one in found)))


if __name__ == "__main__":
    main()
