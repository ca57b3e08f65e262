"""One model for every call, with no limit and no release: for tests and benchmarks."""

from __future__ import annotations

from yanku.model.answer import Answer
from yanku.model.call import Call
from yanku.ports import Model


class Alone:
    """A single model (``ports.Models``)."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def for_call(self, call: Call) -> Model:  # noqa: ARG002 - whoever calls gets the same
        """Return the model."""
        return self._model

    def told(self, model: Model, answer: Answer | None) -> None:
        """Learn nothing: there is no other to compare with."""

    async def close(self) -> None:
        """Close the model."""
        await self._model.close()
