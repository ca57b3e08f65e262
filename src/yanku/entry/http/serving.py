"""How the engines behind the model do, for administrators."""

from __future__ import annotations

from typing import Literal, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field

from yanku.access.rights import Action, require
from yanku.entry.http.auth import Caller
from yanku.entry.http.front import AtFront, Front
from yanku.model.people import Principal
from yanku.serving.fleet import Serving
from yanku.serving.replica import Seen

router = APIRouter(prefix="/api/v1", tags=["operation"])


class ReplicaOut(BaseModel):
    """One engine, as this server sees it."""

    name: str = Field(examples=["10.0.0.7:8000"])
    state: Literal["closed", "open", "half_open"] = Field(
        description="of its breaker; closed is the good one: it gets requests"
    )
    fault: Literal["", "failing", "slow", "silent"] = Field(description="why it gets none")
    for_s: float | None = Field(description="seconds in this state; null from the start")
    outstanding: int = Field(description="answers it is writing")
    outstanding_tokens: int
    answered: int
    failed: int
    first_piece_s: float | None = Field(description="usual time to the first piece of an answer")
    trouble: str = Field(description="what went wrong last")

    @classmethod
    def of(cls, seen: Seen) -> Self:
        """Return a replica as it is shown."""
        return cls(
            name=seen.name,
            state=seen.state.value,
            fault=seen.fault.value if seen.fault else "",
            for_s=seen.for_s,
            outstanding=seen.outstanding,
            outstanding_tokens=seen.work,
            answered=seen.answered,
            failed=seen.failed,
            first_piece_s=seen.first_s,
            trouble=seen.trouble,
        )


class ServingOut(BaseModel):
    """A model version that several engines serve."""

    model: str
    version: str
    replicas: list[ReplicaOut]


@router.get("/replicas", summary="The engines behind the model")
async def replicas(person: Caller, front: AtFront) -> list[ServingOut]:
    """Return how each engine does, by model version; only models with several are listed."""
    return [
        ServingOut(
            model=serving.name,
            version=serving.version,
            replicas=[ReplicaOut.of(seen) for seen in serving.replicas],
        )
        for serving in seen_by(person, front)
    ]


def seen_by(person: Principal, front: Front) -> tuple[Serving, ...]:
    """Return how all engines do; raise NotAllowed for others than administrators."""
    require(person, Action.SEE_ENGINES)
    return front.house.fleet.seen()
