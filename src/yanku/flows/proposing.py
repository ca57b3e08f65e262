"""Has the model sort the words that rules cannot explain, and believes it only so far.

A word is taken for empty only if the model says so, nothing in the question ties it to the figure
(``finance/proposal.py``), and no document that the reader may see has it: what a company calls a
product or a region stands in its reports, and chatter does not.
"""

from __future__ import annotations

import asyncio
import re
import tomllib
from contextlib import aclosing
from dataclasses import replace
from functools import cache
from importlib.resources import files

from yanku.errors import ModelError, Overloaded
from yanku.finance.labels import has_han, plain
from yanku.finance.proposal import Kind, Opening, kinds_in, opening, reread, schema_of
from yanku.finance.saying import say
from yanku.flows.means import Means
from yanku.flows.memory import Case
from yanku.model.inquiry import Inquiry
from yanku.ports import Message, Sampling
from yanku.serving.closing import closing_stream

_ANSWER_TOKENS = 200
_LOOKED_AT = 10
_WORD = re.compile(r"[a-z]{4,}")


class Proposing:
    """Plans that a model helps to find where rules alone find none."""

    def __init__(self, means: Means) -> None:
        self._with = means

    async def plan(self, case: Case) -> Inquiry | None:
        """Return a plan for a question that rules leave open; None where there is none to trust.

        It takes no longer than the limits allow; a model that is busy or gone proposes nothing.
        """
        companies = await self._with.facts.companies(scope=case.scope)
        today = case.scope.as_of.day or self._with.clock.now().date()
        inquiry, ontology = case.inquiry, self._with.ontology
        asked = opening(inquiry.question, companies, ontology, today)
        if asked is None:
            return None
        try:
            async with asyncio.timeout(self._with.limits.plan_seconds):
                kinds = kinds_in(await self._said(asked), asked)
        except (TimeoutError, ModelError, Overloaded):
            return None
        if kinds is None:
            return None
        empty = [word for word, kind in kinds.items() if kind is Kind.EMPTY]
        found = reread(asked, kinds, companies, ontology, today)
        if found is None or await self._in_documents(case, empty):
            return None
        note = say("proposed", inquiry.language, question=found.question)
        return replace(
            found,
            question=inquiry.question,
            language=inquiry.language,
            asked=inquiry.asked,
            as_of=inquiry.as_of,
            assumptions=(note, *found.assumptions),
        )

    async def _said(self, asked: Opening) -> str:
        joint = "；" if asked.language == "zh" else "; "
        question = f"“{asked.text}” 词：{joint.join(asked.words)}"
        pieces = self._with.model.generate(
            (Message("system", _prompt()), Message("user", question)),
            Sampling(max_tokens=_ANSWER_TOKENS, whole=True, schema=schema_of(asked)),
        )
        async with aclosing(closing_stream(pieces)) as answer:
            return "".join([piece async for piece in answer])

    async def _in_documents(self, case: Case, words: list[str]) -> bool:
        """Tell whether a document of the company has one of the words."""
        for word in words:
            wanted = replace(case.inquiry, question=word)
            search = await self._with.find.evidence(wanted, scope=case.scope, limit=_LOOKED_AT)
            parts = _parts(word, self._with.tokens.of(word))
            texts = [plain(hit.chunk.text) for hit in search.hits]
            if any(part in text for part in parts for text in texts):
                return True
        return False


def _parts(word: str, tokens: tuple[str, ...]) -> list[str]:
    """Return what of a word a document could have: words of two characters or more."""
    if not has_han(word):
        return _WORD.findall(word)
    return [word, *(token for token in tokens if len(token) > 1 and has_han(token))]


@cache
def _prompt() -> str:
    text = files("yanku.flows").joinpath("proposing.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["prompt"])
