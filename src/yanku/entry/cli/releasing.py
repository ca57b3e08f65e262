"""Commands on releases of model versions."""

from __future__ import annotations

from typing import Annotated

import typer

from yanku.entry.cli.shell import Home, Json, Shell, open_desk, run, settings_for
from yanku.entry.releases import breach_worded, guard_worded
from yanku.flows.releasing import ReleaseStatus
from yanku.model.release import Act, Level, ReleaseState, Tally, Turn

release = typer.Typer(
    help="Try another version of the model on a few, and let it serve, or go back.",
    no_args_is_help=True,
)

Percent = Annotated[float, typer.Argument(metavar="PERCENT", min=0, max=100)]
Why = Annotated[str, typer.Option(help="Why, for the history.")]
Force = Annotated[
    bool, typer.Option("--force", help="Although a guard warns or a rehearsal goes on.")
]
Shadow = Annotated[
    float | None,
    typer.Option(min=0, max=100, help="Percent of questions it is asked behind their back."),
]
_LEVELS = {Level.WAITING: "too little yet", Level.FINE: "fine"}
_ACTS = {
    Act.STARTED: "started",
    Act.WEIGHED: "weight changed",
    Act.PROMOTED: "promoted",
    Act.ROLLED_BACK: "rolled back",
}


@release.command("start")
def start(
    name: Annotated[str, typer.Argument(help="A version in releases.versions.")],
    weight: Annotated[float, typer.Option(min=0, max=100, help="Percent of the users.")] = 5,
    shadow: Shadow = None,
    why: Why = "",
    home: Home = None,
) -> None:
    """Try a version on a few users; it goes back by itself if it does worse."""

    async def work() -> ReleaseState:
        async with open_desk(settings_for(home)) as desk:
            return await desk.release_start(name, weight / 100, (shadow or 0) / 100, why)

    _say(run(work()))


@release.command("weight")
def weight(
    percent: Percent,
    shadow: Shadow = None,
    why: Why = "",
    force: Force = False,
    home: Home = None,
) -> None:
    """Try it on more users, or on fewer."""

    async def work() -> ReleaseState:
        async with open_desk(settings_for(home)) as desk:
            share = None if shadow is None else shadow / 100
            return await desk.release_weight(percent / 100, share, why, force=force)

    _say(run(work()))


@release.command("promote")
def promote(why: Why = "", force: Force = False, home: Home = None) -> None:
    """Let the version on trial serve everybody."""

    async def work() -> ReleaseState:
        async with open_desk(settings_for(home)) as desk:
            return await desk.release_promote(why, force=force)

    Shell().say(f"{run(work()).stable} serves everybody")


@release.command("rollback")
def rollback(why: Why = "", home: Home = None) -> None:
    """End the trial; without one, go back to the version before the last promotion."""

    async def work() -> ReleaseState:
        async with open_desk(settings_for(home)) as desk:
            return await desk.release_rollback(why)

    Shell().say(f"{run(work()).stable} serves everybody")


@release.command("status")
def status(home: Home = None, json: Json = False) -> None:
    """Show the versions, what was counted, and how the guards stand."""

    async def work() -> ReleaseStatus:
        async with open_desk(settings_for(home)) as desk:
            return await desk.release_status()

    found = run(work())
    if json:
        Shell().json(found, ReleaseStatus)
        return
    for line in status_lines(found):
        Shell().say(line)


@release.command("history")
def history(
    limit: Annotated[int, typer.Option(min=1, help="Entries at most.")] = 20,
    home: Home = None,
    json: Json = False,
) -> None:
    """Show what was done, by whom and why, newest first."""

    async def work() -> list[Turn]:
        async with open_desk(settings_for(home)) as desk:
            return await desk.release_history(limit)

    found = run(work())
    if json:
        Shell().json(found, list[Turn])
        return
    for turn in found:
        Shell().say(turn_line(turn))


def turn_line(turn: Turn) -> str:
    """Return a turn as one line."""
    why = breach_worded(turn.breach, "en") if turn.breach else turn.why
    share = f" {turn.after.weight:.1%}" if turn.after.running else ""
    said = f"{turn.at.astimezone():%Y-%m-%d %H:%M:%S}  {turn.candidate}  {_ACTS[turn.act]}{share}"
    return f"{said}  by {turn.who or 'a guard'}" + (f": {why}" if why else "")


def status_lines(found: ReleaseStatus) -> list[str]:
    """Return a status as lines."""
    state = found.state
    lines = [f"serves: {found.stable}   versions: {', '.join(found.versions)}"]
    lines += [f"not set up here: {name}" for name in found.missing]
    if state.running:
        held = "   nobody new is sent there: a guard has struck" if found.suspended else ""
        lines.append(
            f"tried: {state.candidate} on {state.weight:.1%} of the users, "
            f"{state.shadow:.1%} of the questions in the shadow{held}"
        )
    if found.rehearsing:
        lines.append(f"  nobody gets it yet: it has written {found.rehearsed} answers in rehearsal")
    if state.release:
        stable, tried = found.totals.stable, found.totals.candidate
        lines += [f"  stable     {_tally(stable)}", f"  candidate  {_tally(tried)}"]
    for view in found.guards:
        level = _LEVELS.get(view.level, f"{view.level.value}, odds {view.odds:.3g}")
        seen = f"{view.candidate.rate:.1%} against {view.stable.rate:.1%}"
        lines.append(f"  {guard_worded(view.guard, 'en'):<28} {seen}  {level}")
    pairs = found.shadows
    if pairs.pairs:
        lines.append(
            f"  in the shadow {pairs.pairs}: same numbers {pairs.same_numbers}, failed "
            f"{pairs.failed}, declined by it alone {pairs.only_candidate_declined}, by the stable "
            f"alone {pairs.only_stable_declined}, {pairs.candidate_ms} ms against "
            f"{pairs.stable_ms} ms"
        )
    if found.last is not None:
        lines.append(turn_line(found.last))
    return lines


def _tally(tally: Tally) -> str:
    mean = tally.whole_ms // tally.ended if tally.ended else 0
    return (
        f"{tally.requests} requests, {tally.failures} failed, {tally.declined} declined, "
        f"{tally.withheld} with a sentence withheld, {mean} ms on average"
    )


def _say(state: ReleaseState) -> None:
    Shell().say(
        f"{state.candidate} is tried on {state.weight:.1%} of the users, "
        f"{state.shadow:.1%} of the questions in the shadow"
    )
