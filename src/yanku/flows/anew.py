"""The story of an answer that is begun a second time: by another version, or after it broke off."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from yanku.errors import AnswerBrokeOff, ModelError
from yanku.flows.events import Done, Event, Looking, Sentence
from yanku.model.answer import Declined
from yanku.ports import Model
from yanku.serving.trial import trial_of

Story = Callable[[], AsyncGenerator[Event, None]]
Again = Callable[[bool], AsyncGenerator[Event, None]]
"""The story told again, with its answer shown whole or not."""


async def begun_anew(
    first: Story, again: Again, *, model: Model, whole: bool, on_trial: bool
) -> AsyncGenerator[Event, None]:
    """Yield a story; where its engine goes in the middle of the answer, or where its model, a
    version ``on_trial``, fails or declines before anything was shown, yield it as told again.

    Sentences that were shown are not shown twice. Where the answer is worded otherwise now, Done
    replaces them. With ``whole`` nothing is shown before Done. The receipt of the first attempt
    stays open: it tells that this was never completed.
    """
    shown: list[Sentence] = []
    looked = False
    try:
        async with aclosing(first()) as events:
            async for event in events:
                bettered = on_trial and not shown and _may_be_bettered(event, model)
                if bettered:
                    break
                if isinstance(event, Sentence) and not whole:
                    shown.append(event)
                looked = looked or isinstance(event, Looking)
                yield event
            else:
                return
    except ModelError as error:
        if not isinstance(error, AnswerBrokeOff) and (shown or not on_trial):
            raise
    async with aclosing(_but_for(again(bool(shown)), shown)) as events:
        async for event in events:
            if not (looked and isinstance(event, Looking)):
                yield event


async def _but_for(
    story: AsyncGenerator[Event, None], shown: Sequence[Sentence]
) -> AsyncGenerator[Event, None]:
    """Yield a story without the sentences it shares with those shown; without any, if it differs
    from them.
    """
    left, differs = list(shown), False
    async with aclosing(story) as events:
        async for event in events:
            if isinstance(event, Sentence):
                if left:
                    differs = event != left.pop(0) or differs
                    continue
                if differs:
                    continue
            yield event


def _may_be_bettered(event: Event, model: Model) -> bool:
    """Tell whether a decline is of the model's making, and not what facts or rights come to."""
    if not isinstance(event, Done):
        return False
    trial = trial_of(model)
    mine = trial is not None and trial.declined
    return isinstance(event.answer, Declined) and (mine or event.reuse is not None)
