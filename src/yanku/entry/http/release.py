"""Releases of model versions over HTTP, for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from yanku.entry.http.auth import Caller
from yanku.entry.http.front import AtFront
from yanku.flows.releasing import ReleaseStatus
from yanku.model.release import Act, Breach, Bucket, GuardView, ReleaseState, ShadowSum, Tally, Turn

router = APIRouter(prefix="/api/v1/release", tags=["releases"])


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WhyIn(_In):
    """Why something is done, for the history."""

    why: str = Field(default="", max_length=500)


class PromoteIn(WhyIn):
    """A promotion; ``force`` overrides a guard that warns."""

    force: bool = False


class WeightIn(PromoteIn):
    """Another share of the users, and of the questions asked in the shadow."""

    weight: float = Field(ge=0, le=1, examples=[0.05])
    shadow: float | None = Field(default=None, ge=0, le=1)


class StartIn(WhyIn):
    """A version to try: on a share of the users, and in the shadow on a share of the questions."""

    name: str = Field(max_length=200)
    weight: float = Field(default=0.05, ge=0, le=1)
    shadow: float = Field(default=0.0, ge=0, le=1)


class TurnOut(BaseModel):
    """One entry of the history and the state after it; ``who`` is empty where a guard acted."""

    at: datetime
    act: Act
    version: str
    who: str
    why: str
    breach: Breach | None
    after: ReleaseState

    @classmethod
    def of(cls, turn: Turn) -> TurnOut:
        """Return a turn as it is shown."""
        return cls(
            at=turn.at,
            act=turn.act,
            version=turn.candidate,
            who=turn.who,
            why=turn.why,
            breach=turn.breach,
            after=turn.after,
        )


class StatusOut(BaseModel):
    """Where a release stands; shares are from 0 to 1, times in milliseconds in sum."""

    versions: tuple[str, ...]
    stable: str
    state: ReleaseState
    suspended: bool
    rehearsing: bool
    rehearsed: int
    missing: tuple[str, ...]
    totals: dict[str, Tally]
    guards: tuple[GuardView, ...]
    shadows: ShadowSum
    last: TurnOut | None

    @classmethod
    def of(cls, status: ReleaseStatus) -> StatusOut:
        """Return a status as it is shown."""
        return cls(
            versions=status.versions,
            stable=status.stable,
            state=status.state,
            suspended=status.suspended,
            rehearsing=status.rehearsing,
            rehearsed=status.rehearsed,
            missing=status.missing,
            totals={"stable": status.totals.stable, "candidate": status.totals.candidate},
            guards=status.guards,
            shadows=status.shadows,
            last=TurnOut.of(status.last) if status.last else None,
        )


@router.get("", summary="Where the release stands")
async def status(person: Caller, front: AtFront) -> StatusOut:
    """Return the versions, the weights, what was counted, and how the guards stand."""
    return StatusOut.of(await front.house.releasing.status(person))


@router.post("", status_code=201, summary="Try a version on a few")
async def start(body: StartIn, person: Caller, front: AtFront) -> ReleaseState:
    """Start a release; a version that cannot write a word is refused."""
    releasing = front.house.releasing
    return await releasing.start(person, body.name, body.weight, body.shadow, body.why)


@router.put("/weight", summary="Try it on more, or on fewer")
async def weigh(body: WeightIn, person: Caller, front: AtFront) -> ReleaseState:
    """Change the share of users; whoever has the version keeps it when the share grows."""
    releasing = front.house.releasing
    return await releasing.weigh(person, body.weight, body.shadow, body.why, force=body.force)


@router.post("/promote", summary="Let it serve everybody")
async def promote(body: PromoteIn, person: Caller, front: AtFront) -> ReleaseState:
    """Make the version on trial the one that serves."""
    return await front.house.releasing.promote(person, body.why, force=body.force)


@router.post("/rollback", summary="Go back")
async def roll_back(body: WhyIn, person: Caller, front: AtFront) -> ReleaseState:
    """End the trial, or take back the last promotion."""
    return await front.house.releasing.roll_back(person, body.why)


@router.get("/history", summary="What was done, by whom and why")
async def history(
    person: Caller, front: AtFront, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[TurnOut]:
    """Return all turns, newest first."""
    return [TurnOut.of(turn) for turn in await front.house.releasing.history(person, limit)]


@router.get("/series", summary="Both versions over time")
async def series(
    person: Caller, front: AtFront, step_s: Annotated[int, Query(ge=10, le=86_400)] = 60
) -> Sequence[Bucket]:
    """Return what was counted, in steps of time, oldest first."""
    return list(await front.house.releasing.series(person, step_s))
