"""Every Model keeps the same promises: the fake, the limited, the endpoint, the laptop's own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import platformdirs
import psutil
import pytest

from yanku.adapters.model_openai import OpenAiModel
from yanku.adapters.model_openvino import OpenVinoModel
from yanku.adapters.store import ModelStore
from yanku.errors import ModelCorrupt, ModelMissing, ModelUnavailable
from yanku.model.call import NOBODY
from yanku.ports import Message, Model, Sampling
from yanku.serving.admission import Admission
from yanku.serving.limit import BestLimit
from yanku.testing.alone import Alone
from yanku.testing.endpoint import endpoint
from yanku.testing.model import FakeModel, ModelContract, failure, first_pieces, full_text

LAPTOP_MODEL = "qwen2.5-coder-1.5b-instruct-q4"


class TestFake(ModelContract):
    @pytest.fixture
    def model(self) -> Model:
        return FakeModel()


class TestAdmitted(ModelContract):
    @pytest.fixture
    def model(self) -> Model:
        models = Alone(FakeModel())
        limit = BestLimit(2, 2, 2)
        return Admission(models, limit, waiting=8, waiting_each=8).for_call(NOBODY)


class TestEndpoint(ModelContract):
    @pytest.fixture
    async def model(self) -> AsyncIterator[Model]:
        async with endpoint(FakeModel()) as url:
            model = OpenAiModel(url, "fake", window=8192)
            yield model
            await model.close()


@pytest.fixture(scope="module")
def laptop_model() -> Iterator[OpenVinoModel]:
    cache = Path(os.environ.get("YANKU_CACHE") or platformdirs.user_cache_path("yanku"))
    try:
        model = asyncio.run(OpenVinoModel.load(ModelStore(cache / "models"), LAPTOP_MODEL))
    except ModelMissing as error:
        pytest.skip(str(error))  # A gigabyte: the message names the command that fetches it.
    yield model
    asyncio.run(model.close())


def engines() -> list[psutil.Process]:
    """Return the engine processes of this test run."""
    children = psutil.Process().children()
    return [child for child in children if "yanku.adapters.openvino_engine" in child.cmdline()]


async def spent_s(process: psutil.Process) -> float:
    """Return the processor time a process takes in a second."""
    before = process.cpu_times()
    await asyncio.sleep(1)
    after = process.cpu_times()
    return float(after.user + after.system - before.user - before.system)


async def shown(model: OpenVinoModel) -> dict[tuple[str, ...], float]:
    """Return what the model's readings say, by meter and its labels after the model's name."""
    found = await model.readings()
    return {(one.meter.name, *one.labels[1:]): one.value for one in found}


async def test_files_that_are_not_sound_are_never_loaded_and_no_engine_stays() -> None:
    def corrupt() -> Path:
        raise ModelCorrupt("a bit is flipped")

    before = len(engines())
    model = OpenVinoModel(corrupt, name="m", version="1", window=100)
    asked = model.generate([Message("user", "?")], Sampling())
    assert isinstance(await failure(asked), ModelCorrupt)
    assert len(engines()) == before
    assert (await shown(model))["yanku_model_loads", "model_corrupt"] == 1
    await model.close()


async def test_files_an_engine_cannot_load_are_named_and_no_engine_stays(tmp_path: Path) -> None:
    before = len(engines())
    model = OpenVinoModel(lambda: tmp_path, name="m", version="1", window=100)
    with pytest.raises(ModelUnavailable, match=tmp_path.name):
        await model.count_tokens("x")
    assert len(engines()) == before


@pytest.mark.model
class TestOpenVino(ModelContract):
    @pytest.fixture
    def model(self, laptop_model: OpenVinoModel) -> Model:
        return laptop_model

    async def test_loading_time_is_known(self, laptop_model: OpenVinoModel) -> None:
        assert laptop_model.load_seconds > laptop_model.verify_seconds > 0

    async def test_what_the_engine_does_is_told(self, laptop_model: OpenVinoModel) -> None:
        before = await shown(laptop_model)
        await full_text(laptop_model, self.counting, Sampling(max_tokens=8))
        after = await shown(laptop_model)
        assert after["yanku_engine_steps",] > before["yanku_engine_steps",]
        assert after["yanku_engine_batched",] > before["yanku_engine_batched",]
        assert after["yanku_engine_kv_cache_bytes",] > 0
        assert 0 < after["yanku_engine_kv_cache_peak_ratio",] <= 1
        assert after["yanku_engine_requests",] == after["yanku_engine_batch_size",] == 0
        assert after["yanku_model_loads", "ok"] >= 1

    async def test_text_cannot_end_its_own_turn(self, laptop_model: OpenVinoModel) -> None:
        mark, plain = "<|im_end|>", "< |im_end|>"
        assert await laptop_model.count_tokens(mark) == await laptop_model.count_tokens(plain)

    async def test_the_careful_estimate_is_not_below_the_model_s_own_count(
        self, laptop_model: OpenVinoModel
    ) -> None:
        estimate = OpenAiModel("http://localhost/v1", "x", window=8192)
        texts = [
            "截至2024年12月31日，公司资产总额为1,234,567.89万元，较上年末增长12.30%。",
            "| 项目 | 本期金额 | 上期金额 |\n| --- | --- | --- |\n| 营业收入 | 12.00 | (3.40) |\n",
            "Consolidated statements of operations for the year ended December 31, 2024",
            "経営成績の概況、매출액 증가, Überschüsse, Прибыль 🏦📈",
            "归属于上市公司股东的扣除非经常性损益的净利润\n\n\n    龘靐齉",
        ]
        for text in texts:
            own = await laptop_model.count_tokens(text)
            assert own <= await estimate.count_tokens(text) <= 3 * own
        await estimate.close()

    async def test_the_server_s_loop_runs_on_while_the_engine_reads(
        self, laptop_model: OpenVinoModel
    ) -> None:
        asked = [Message("user", "净利润增长。" * 300)]
        answer = asyncio.create_task(anext(laptop_model.generate(asked, Sampling(max_tokens=2))))
        turns = 0
        while not answer.done():
            await asyncio.sleep(0.005)
            turns += 1
        assert turns > 20

    async def test_a_closed_answer_takes_no_more_processor_time(
        self, laptop_model: OpenVinoModel
    ) -> None:
        endless = [Message("user", "从一数到一万，一个也不要省略。")]
        pieces = laptop_model.generate(endless, Sampling(max_tokens=4000))
        await first_pieces(pieces, 3)
        (engine,) = engines()
        async with asyncio.timeout(100):
            while await spent_s(engine) > 0.05:
                continue

    async def test_an_engine_that_dies_is_named_and_started_anew(
        self, laptop_model: OpenVinoModel
    ) -> None:
        pieces = laptop_model.generate([Message("user", self.counting)], Sampling(max_tokens=400))
        await anext(pieces)
        for engine in engines():
            engine.kill()
        assert isinstance(await failure(pieces), ModelUnavailable)
        assert await full_text(laptop_model, self.counting, Sampling(max_tokens=4))
