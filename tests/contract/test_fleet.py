"""Several addresses in the settings are replicas, and those who run the server see how they do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.doors import Door, open_door

from yanku.adapters.model_openai import OpenAiModel
from yanku.errors import ModelUnavailable
from yanku.model.meters import BREAKER
from yanku.model.people import Role
from yanku.serving.fleet import Fleet
from yanku.serving.replica import Replica
from yanku.serving.routing import Router
from yanku.settings import Settings, load_settings
from yanku.testing.endpoint import endpoint
from yanku.testing.meters import MemoryMeters
from yanku.testing.model import FakeModel, full_text
from yanku.wiring.metering import watch_fleet
from yanku.wiring.models import model_of

AB = ("http://127.0.0.1:8001/v1", "http://127.0.0.1:8002/v1")


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(database_url, tmp_path) as door:
        yield door


def settings(home: Path, **model: Any) -> Settings:
    return load_settings(home, model={"name": "m", **model})


async def test_one_address_is_an_endpoint_and_several_are_replicas(tmp_path: Path) -> None:
    fleet = Fleet()
    alone = model_of(settings(tmp_path, urls=AB[:1]), MemoryMeters(), fleet=fleet)
    assert isinstance(alone, OpenAiModel)
    assert fleet.seen() == ()
    routed = model_of(settings(tmp_path, url=AB[0], urls=AB[1:]), MemoryMeters(), fleet=fleet)
    assert isinstance(routed, Router)
    (serving,) = fleet.seen()
    assert [seen.name for seen in serving.replicas] == ["127.0.0.1:8001", "127.0.0.1:8002"]
    await alone.close()
    await routed.close()
    assert fleet.seen() == ()


async def test_another_version_is_made_of_its_own_settings(tmp_path: Path) -> None:
    here = settings(tmp_path, url=AB[0])
    chosen = here.model.model_copy(update={"url": "", "urls": AB, "version": "v2"})
    model = model_of(here, MemoryMeters(), chosen)
    assert isinstance(model, Router)
    assert model.version == "v2"
    await model.close()


async def test_an_answer_comes_from_whoever_is_there(tmp_path: Path) -> None:
    async with endpoint(FakeModel("好")) as url:
        model = model_of(settings(tmp_path, urls=("http://127.0.0.1:9/v1", url)), MemoryMeters())
        for question in "甲乙丙丁戊己庚辛":
            assert await full_text(model, question) == "好"
        await model.close()


async def test_administrators_see_the_replicas_and_nobody_else_does(door: Door) -> None:
    house = door.house

    async def nothing() -> None:
        raise ModelUnavailable("nothing comes")

    east = Replica("east", FakeModel("好"), nothing)
    router = Router([east, Replica("west", FakeModel("好"))])
    house.fleet.add(router)
    chief = await house.accounts.create_administrator("chief", "correct horse battery staple")
    assert chief.role is Role.ADMIN
    assert await full_text(router, "你好") == "好"
    east.breaker.silent(asyncio.get_running_loop().time())
    async with door.bearer(chief) as client:
        (shown,) = (await client.get("/api/v1/replicas")).json()
    assert shown["model"] == "fake"
    states = {one["name"]: (one["state"], one["fault"]) for one in shown["replicas"]}
    assert states == {"east": ("open", "silent"), "west": ("closed", "")}
    assert sum(one["answered"] for one in shown["replicas"]) == 1
    async with door.bearer(await door.person("mina")) as client:
        response = await client.get("/api/v1/replicas")
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    await router.close()


async def test_meters_show_the_state_of_each_breaker() -> None:
    meters, fleet = MemoryMeters(), Fleet()
    watch_fleet(meters, fleet)
    for _ in range(2):  # Two versions on the same engines.
        fleet.add(Router([Replica("east", FakeModel()), Replica("west", FakeModel())]))
    text = (await meters.text()).decode()
    assert text.count(BREAKER.name) == 6
    closed = [line.split()[-1] for line in text.splitlines() if "closed" in line]
    assert [float(value) for value in closed] == [1, 1]
