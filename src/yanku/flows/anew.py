"""The story of an answer that one model version does not give and another does."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from yanku.errors import ModelError
from yanku.flows.events import Done, Event, Looking, Sentence
from yanku.model.answer import Declined
from yanku.ports import Model
from yanku.serving.trial import trial_of

Story = Callable[[], AsyncGenerator[Event, None]]


async def begun_anew(
    first: Story, again: Story, *, model: Model, whole: bool
) -> AsyncGenerator[Event, None]:
    """Yield a story; where its model, a version on trial, fails or declines before anything was
    shown, yield the other instead.

    With ``whole`` nothing is shown before Done. The receipt of a version that failed stays open:
    it tells that this version never completed its answer.
    """
    shown = looked = False
    try:
        async with aclosing(first()) as events:
            async for event in events:
                if isinstance(event, Done) and not shown and _may_be_bettered(event, model):
                    break
                shown = shown or (isinstance(event, Sentence) and not whole)
                looked = looked or isinstance(event, Looking)
                yield event
            else:
                return
    except ModelError:
        if shown:
            raise
    async with aclosing(again()) as events:
        async for event in events:
            if not (looked and isinstance(event, Looking)):
                yield event


def _may_be_bettered(done: Done, model: Model) -> bool:
    """Tell whether a decline is of the model's making, and not what facts or rights come to."""
    trial = trial_of(model)
    mine = trial is not None and trial.declined
    return isinstance(done.answer, Declined) and (mine or done.reuse is not None)
