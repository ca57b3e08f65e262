"""Questions on figures over given evidence, made by chance, whose answers are known."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yanku.errors import SettingsError
from yanku.ports import Message

_TASK = (
    "你是证券公司的研究助手。只根据材料回答，一句话，写出数字和单位。 "
    "Answer from the material alone, in one sentence, with the figure and its unit."
)
_METRICS = (
    ("营业收入", "revenue"), ("归母净利润", "net profit attributable to the parent"),
    ("资产总额", "total assets"), ("负债合计", "total liabilities"), ("研发费用", "R&D expenses"),
    ("经营活动现金流量净额", "net cash from operations"), ("存货", "inventories"),
    ("应收账款", "accounts receivable"),
)  # fmt: skip
_FIRST, _SECOND = "华东新海恒天瑞安远宏", "辰科源泰图材信达能机"
_ENGLISH = ("Norwick", "Halden", "Corvex", "Tamsel", "Brightmoor", "Ostrava Dynamics")
_PASSAGE_SIGNS = 200
_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Item:
    """A question over material; right is an answer in which ``figure`` stands."""

    material: tuple[str, ...]
    question: str
    figure: str

    def prompt(self) -> list[Message]:
        """Return what the model is shown."""
        body = "\n".join([*self.material, "", self.question])
        return [Message("system", _TASK), Message("user", body)]

    def right(self, answer: str) -> bool:
        """Tell whether the figure stands in an answer, digit for digit; grouping does not count."""
        return _bare(self.figure) in {_bare(found) for found in _NUMBER.findall(answer)}


def made(count: int, seed: int) -> list[Item]:
    """Return questions made by chance, the same for the same seed; every third is in English."""
    chance = random.Random(seed)  # noqa: S311 - made-up figures
    return [_english(chance) if number % 3 == 2 else _chinese(chance) for number in range(count)]


def read(path: Path) -> list[Item]:
    """Return the questions of a file: JSON lines with material (a list), question and figure.

    Raises SettingsError naming the line that cannot be used.
    """
    items = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            said = json.loads(line)
            items.append(Item(tuple(said["material"]), str(said["question"]), str(said["figure"])))
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(
                f"{path}, line {number}: material, question, figure needed ({error!r})"
            ) from error
    return items


def passages(items: Sequence[Item]) -> list[str]:
    """Return running text to measure perplexity on: material and answer of each question."""
    return joined(["\n".join([*item.material, item.question, item.figure]) for item in items])


def joined(texts: Sequence[str]) -> list[str]:
    """Return texts as passages to measure perplexity on; short ones go together.

    A model is surprised by how any text begins, so that perplexity on short ones says little.
    Raises SettingsError if all together are shorter than one passage.
    """
    found = [""]
    for text in texts:
        if _signs(found[-1]) >= _PASSAGE_SIGNS:
            found.append("")
        found[-1] = f"{found[-1]}\n\n{text}".lstrip("\n")
    if len(found) > 1 and _signs(found[-1]) < _PASSAGE_SIGNS:
        found[-2:] = ["\n\n".join(found[-2:])]
    if _signs(found[-1]) < _PASSAGE_SIGNS:
        raise SettingsError(
            f"perplexity needs {_PASSAGE_SIGNS} characters of text, better a hundred times as "
            f"many, and there are {_signs(found[-1])}"
        )
    return found


def _signs(text: str) -> int:
    return sum(map(len, text.split()))


def _chinese(chance: random.Random) -> Item:
    names = [f"{chance.choice(_FIRST)}{chance.choice(_SECOND)}股份" for _ in range(2)]
    year = chance.randint(2019, 2025)
    unit = chance.choice(["元", "万元", "亿元"])
    lines, figures = [], {}
    for name in dict.fromkeys(names):
        for zh, _ in chance.sample(_METRICS, 3):
            for when in (year, year - 1):
                figures[name, zh, when] = _figure(chance, unit)
                lines.append(f"{name}{when}年{zh}为{figures[name, zh, when]}{unit}。")
    chance.shuffle(lines)
    name, zh, when = chance.choice(list(figures))
    return Item(_numbered(lines), f"{name}{when}年{zh}是多少？", figures[name, zh, when])


def _english(chance: random.Random) -> Item:
    year, unit = chance.randint(2019, 2025), chance.choice(["CNY million", "USD thousand"])
    lines, figures = [], {}
    for name in chance.sample(_ENGLISH, 2):
        for _, metric in chance.sample(_METRICS, 3):
            for when in (year, year - 1):
                figures[name, metric, when] = _figure(chance, unit)
                lines.append(
                    f"{name}'s {metric} in {when} was {figures[name, metric, when]} {unit}."
                )
    chance.shuffle(lines)
    name, metric, when = chance.choice(list(figures))
    return Item(
        _numbered(lines),
        f"What was {name}'s {metric} in {when}?",
        figures[name, metric, when],
    )


def _figure(chance: random.Random, unit: str) -> str:
    if unit == "亿元":
        return f"{chance.uniform(1, 900):.2f}"
    return f"{chance.randint(10**5, 10**9) / 100:,.2f}"


def _numbered(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"[{number}] {line}" for number, line in enumerate(lines, 1))


def _bare(number: str) -> str:
    return number.replace(",", "").replace("，", "").rstrip(".")
