"""A server whose engine says the same at once: everything in front of a model, and no model.

    python benchmarks/serving_gateway.py FOLDER CORE

It prints one line of JSON when it is ready ({"port": …, "token": …}), and ends with its standard
input. The database is real, and runs on the same core.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import uuid
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import cast

import uvicorn

from yanku.adapters.metered_models import MeteredModels
from yanku.entry.http.app import create_app
from yanku.flows.ask import Ask
from yanku.flows.events import Done, Event
from yanku.model.answer import Claim, Grounded
from yanku.model.call import Call
from yanku.model.meters import WAITED
from yanku.model.people import Principal
from yanku.model.receipt import ReceiptId
from yanku.ports import Message, Sampling
from yanku.serving.admission import Admission
from yanku.serving.limit import BestLimit
from yanku.settings import load_settings
from yanku.testing.alone import Alone
from yanku.testing.model import FakeModel
from yanku.wiring import House, open_house

_SAID = "营业收入为 12.3 亿元。"


class Answerer:
    """Stands where the flow of a question stands: one turn at the engine, and its words."""

    def __init__(self, house: House) -> None:
        admission = Admission(
            Alone(FakeModel(_SAID)),
            BestLimit(8, 8, 8),
            waiting=1000,
            waiting_each=1000,
            spent=house.budgets.spent,
            waited=lambda seconds: house.meters.observe(WAITED, seconds),
        )
        self._models = MeteredModels(admission, house.meters)

    async def stream(  # noqa: D102 - the name of the flow's own
        self, question: str, *, principal: Principal, call: Call, **_: object
    ) -> AsyncGenerator[Event, None]:
        model = self._models.for_call(replace(call, user=principal.user))
        asked = [Message("user", question)]
        said = [piece async for piece in model.generate(asked, Sampling(max_tokens=64))]
        answer = Grounded((Claim("".join(said)),), ())
        yield Done(ReceiptId(uuid.uuid4().hex), answer, 1)


async def serve(folder: Path) -> None:
    settings = load_settings(folder, development=True)
    async with open_house(settings) as house:
        token = await house.accounts.add_token(await house.accounts.local(), "load", 1)
        stubbed = replace(house, ask=cast(Ask, Answerer(house)))
        server = uvicorn.Server(uvicorn.Config(create_app(stubbed), port=0, log_level="warning"))
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        print(json.dumps({"port": port, "token": token}), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        server.should_exit = True
        await serving


def main() -> None:
    folder, core = Path(sys.argv[1]), int(sys.argv[2])
    os.sched_setaffinity(0, {core})  # The database is a child, and shares it.
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:
        runner.run(serve(folder))


if __name__ == "__main__":
    main()
