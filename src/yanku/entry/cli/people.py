"""Commands on people: users, groups, tokens, the first administrator."""

from __future__ import annotations

from typing import Annotated

import typer

from yanku.entry.cli.shell import As, Home, Shell, open_desk, run, settings_for
from yanku.model.people import Principal

people = typer.Typer(help="Users, groups and API tokens.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A name.")]
Password = Annotated[
    str,
    typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked if not given"),
]


@people.command("set-up")
def set_up(name: Name, password: Password, home: Home = None) -> None:
    """Give the owner of this machine's library a name and password to sign in with."""

    async def work() -> Principal:
        async with open_desk(settings_for(home)) as desk:
            return await desk.set_up(name, password)

    Shell().say(f"{run(work()).name} can sign in as administrator")


@people.command("add-user")
def add_user(
    name: Name,
    password: Password,
    admin: Annotated[bool, typer.Option(help="May manage people.")] = False,
    home: Home = None,
) -> None:
    """Add a user."""

    async def work() -> None:
        async with open_desk(settings_for(home)) as desk:
            await desk.add_user(name, password, admin=admin)

    run(work())
    Shell().say(f"added {name}")


@people.command("add-group")
def add_group(name: Name, home: Home = None) -> None:
    """Add a group."""

    async def work() -> None:
        async with open_desk(settings_for(home)) as desk:
            await desk.add_group(name)

    run(work())
    Shell().say(f"added group {name}")


@people.command("join")
def join(name: Name, group: Name, home: Home = None) -> None:
    """Make a user a member of a group."""

    async def work() -> None:
        async with open_desk(settings_for(home)) as desk:
            await desk.join(name, group)

    run(work())
    Shell().say(f"{name} is in {group}")


@people.command("list")
def list_people(home: Home = None) -> None:
    """List everybody."""

    async def work() -> list[Principal]:
        async with open_desk(settings_for(home)) as desk:
            return list(await desk.people())

    for person in run(work()):
        Shell().say(f"{person.name}  {person.role.value}")


@people.command("add-token")
def add_token(
    name: Name,
    days: Annotated[int, typer.Option(help="Days until it expires; 0 is never.")] = 90,
    home: Home = None,
    person: As = "",
) -> None:
    """Make an API token and print its secret, this once."""

    async def work() -> str:
        async with open_desk(settings_for(home)) as desk:
            return await desk.add_token(person, name, days)

    Shell().say(run(work()))
