"""``yanku models plan``, ``convert``, ``bench`` and ``gc``, as typed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import platformdirs
import pytest
from tests.unit.test_variants import saved
from typer.testing import CliRunner, Result

from yanku.adapters.store import ModelStore
from yanku.entry.cli.main import app_for
from yanku.errors import ModelMissing

LAPTOP_MODEL = "qwen2.5-coder-1.5b-instruct-q4"
_REPORT = (
    "报告期内，公司实现营业收入十二亿元，比上年同期增长百分之八，主要是因为新产品的销量增加，海外市场的订单"
    "也有所恢复。毛利率为百分之三十一，比上年下降一个百分点，原因是原材料价格上涨，而公司没有立即提高售价。"
    "研发费用增长较快，公司认为这是保持技术领先所必需的。经营活动产生的现金流量净额为两亿元，比上年减少，"
    "主要是因为应收账款增加。公司计划在明年继续扩大产能，并加强对应收账款的管理，以改善现金流。董事会建议"
    "向全体股东每十股派发现金红利两元。"
)
_NOTE = (
    "Revenue rose by eight per cent over the year, mostly because more of the new machines were "
    "sold, and because orders from abroad came back. The gross margin fell by one point, as the "
    "price of steel went up and we did not raise our own prices at once. We spent more on studies, "
    "which we believe is needed to stay ahead of our competitors. Cash from operations was lower "
    "than in the year before, since customers took longer to pay their bills."
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YANKU_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("YANKU_HOME", str(tmp_path / "home"))
    return tmp_path / "cache"


def run(*words: object) -> Result:
    return CliRunner().invoke(app_for(["models"]), ["models", *map(str, words)])


def test_a_plan_says_what_a_model_needs_and_how_to_start_it() -> None:
    result = run("plan", "hunyuan-a13b-instruct", "--gpus", "8xH20-96G", "--weights", "fp8")
    assert result.exit_code == 0, result.output
    assert "80.39 B" in result.stdout
    assert "vllm serve tencent/Hunyuan-A13B-Instruct" in result.stdout
    assert "--tensor-parallel-size" in result.stdout


def test_a_plan_as_json_has_the_same_for_programs() -> None:
    result = run("plan", "hunyuan-a13b-instruct", "--gpus", "8xH20-96G", "--json")
    said = json.loads(result.stdout)
    assert said["layout"]["tensor"] * said["layout"]["pipeline"] == said["layout"]["cards"]
    assert any("vllm serve" in command for command in said["commands"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-model", "--gpus", "8xH20-96G"), "known are: "),
        (("hunyuan-a13b-instruct", "--gpus", "eight cards"), "eight cards"),
        (("hunyuan-a13b-instruct", "--gpus", "1xH20-24G"), ""),
    ],
)
def test_a_plan_that_cannot_be_made_says_why(words: tuple[str, ...], said: str) -> None:
    result = run("plan", *words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_folder_is_converted_once(cache: Path, tmp_path: Path) -> None:
    source, target = saved(tmp_path / "source"), tmp_path / "fp16"
    result = run("convert", source, target, "--to", "fp16")
    assert result.exit_code == 0, result.output
    assert (target / "openvino_model.bin").is_file()
    assert "fp16 is in" in result.stdout
    again = run("convert", source, target, "--to", "fp16")
    assert again.exit_code == 1
    assert "there already" in again.stderr
    assert not cache.exists()  # a folder needs no store


def test_what_is_neither_file_nor_model_is_named(cache: Path, tmp_path: Path) -> None:
    for words in (("convert", "nothing", tmp_path / "x", "--to", "fp16"), ("bench", "nothing")):
        result = run(*words)
        assert result.exit_code == 1
        assert "nothing is neither a file or folder nor a model" in result.stderr
    assert not (cache / "models" / "nothing").exists()


def test_questions_that_cannot_be_read_are_refused_before_anything_is_converted(
    cache: Path, tmp_path: Path
) -> None:
    source, keep = saved(tmp_path / "source"), tmp_path / "keep"
    own = tmp_path / "own.jsonl"
    own.write_text("{}\n", "utf-8")
    result = run("bench", source, "--keep", keep, "--eval", own)
    assert result.exit_code == 1
    assert "line 1" in result.stderr
    assert not keep.exists()
    assert not cache.exists()


def test_models_whose_names_differ_after_a_dot_share_no_conversion(
    cache: Path, tmp_path: Path
) -> None:
    keep = tmp_path / "keep"
    for name in ("qwen2.5-half", "qwen2.5-whole"):
        # Measuring fails: there is no language model in it. Converting comes before.
        result = run("bench", saved(tmp_path / name), "--keep", keep, "--to", "fp16")
        assert result.exit_code == 1
        assert "Traceback" not in result.stdout
    assert sorted(path.name for path in keep.iterdir()) == [
        "qwen2.5-half-fp16",
        "qwen2.5-whole-fp16",
    ]
    assert not cache.exists()


def test_clearing_away_frees_what_no_model_needs(cache: Path) -> None:
    assert "0.00 GB freed" in run("gc").stdout
    left = cache / "models" / ".blobs" / ("0" * 64)
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(bytes(10_000_000))
    result = run("gc")
    assert "0.01 GB freed" in result.stdout, result.output
    assert not left.exists()


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_precisions_are_measured_and_compared_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two folders of the same files, as if they were precisions: nothing may be lost."""
    known = Path(os.environ.get("YANKU_CACHE") or platformdirs.user_cache_path("yanku"))
    try:
        source = ModelStore(known / "models").verify(LAPTOP_MODEL)
    except ModelMissing as error:
        pytest.skip(str(error))
    monkeypatch.setenv("YANKU_HOME", str(tmp_path / "home"))
    for precision in ("int8", "int4"):
        (tmp_path / f"{source.name}-{precision}").symlink_to(source)
    texts = tmp_path / "texts.txt"
    texts.write_text(f"{_REPORT}\n\n{_NOTE}", "utf-8")
    result = run(
        *("bench", LAPTOP_MODEL, "--keep", tmp_path, "--to", "int8", "--to", "int4", "--json"),
        *("--questions", 10, "--in-flight", 5, "--texts", texts),
    )
    assert result.exit_code == 0, result.output
    first, second = json.loads(result.stdout.splitlines()[-1])
    assert second["loss"]["value"] == second["perplexity_up"]["value"] == 0
    assert first["speed_up"] == 1
    # How fast is not ours to say: other work may stand beside one of the two.
    assert second["speed_up"] == pytest.approx(second["tokens_per_s"][0] / first["tokens_per_s"][0])
    assert first["right"]["value"] >= 0.3
    # Of plain prose, a word in a dozen: a model that reads it wrongly is surprised by hundreds.
    assert 1 < first["perplexity"]["value"] < 40
