"""Dashboard and alert rules speak of meters that there are, and the rules fire when meant."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yanku.model.meters import ALL

DEPLOY = Path(__file__).parents[2] / "deploy"
KNOWN = {name: frozenset(meter.labels) for meter in ALL for name in meter.exposed}
ADDED = {"instance", "job", "le"}
"""Labels that Prometheus itself adds."""
OTHERS = {
    "up": set(),
    "process_cpu_seconds_total": set(),
    "process_resident_memory_bytes": set(),
    # https://docs.vllm.ai/en/latest/usage/metrics.html and NVIDIA's DCGM exporter.
    "vllm:kv_cache_usage_perc": {"model_name"},
    "vllm:prefix_cache_hits_total": {"model_name"},
    "vllm:prefix_cache_queries_total": {"model_name"},
    "DCGM_FI_DEV_FB_USED": {"Hostname", "gpu"},
}
"""What others tell, in an expression of ours, with its labels."""
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_BRACES = re.compile(r"\{([^}]*)\}")
_GROUPING = re.compile(r"\b(?:by|on|ignoring|without)\s*\(([^)]*)\)")
_LABEL = re.compile(r"([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)")
_RULE = re.compile(r"- alert: (\w+)\n\s+expr: (?:>-\n)?(.*?)\n\s+(?:for|labels): ", re.DOTALL)
_WORDS = {"sum", "min", "max", "count", "rate", "increase", "histogram_quantile", "and", "or"}


def series_in(expression: str) -> set[str]:
    """Return the names of the series an expression reads."""
    plain = re.sub(r"\[[^\]]*\]", "", _GROUPING.sub("", _BRACES.sub("", expression)))
    return set(_NAME.findall(plain)) - _WORDS


def labels_in(expression: str) -> set[str]:
    """Return the labels an expression selects or groups by."""
    selected = {label for inside in _BRACES.findall(expression) for label in _LABEL.findall(inside)}
    grouped = {name for inside in _GROUPING.findall(expression) for name in _NAME.findall(inside)}
    return selected | grouped


def dashboards() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((DEPLOY / "grafana").glob("*.json")):
        yield path.name, json.loads(path.read_text("utf-8"))


def expressions() -> Iterator[tuple[str, str]]:
    for name, dashboard in dashboards():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", ()):
                yield f"{name}: {panel['title']}", target["expr"]
    rules = (DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8")
    for alert, expression in _RULE.findall(rules):
        yield f"alert: {alert}", expression


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_every_expression_reads_series_and_labels_that_there_are(
    where: str, expression: str
) -> None:
    read = series_in(expression)
    assert read, where
    unknown = read - KNOWN.keys() - OTHERS.keys()
    assert not unknown, f"{where} reads {unknown}"
    there = ADDED.union(*(KNOWN.get(name) or OTHERS.get(name, set()) for name in read))
    assert labels_in(expression) <= there, f"{where}: {labels_in(expression) - there}"


def test_what_is_unknown_would_be_noticed() -> None:
    said = (
        'sum by (kind, x) (rate(yanku_answers_total{door="api", nobody!="b"}[5m])) / yanku_made_up'
    )
    assert series_in(said) == {"yanku_answers_total", "yanku_made_up"}
    assert labels_in(said) == {"kind", "x", "door", "nobody"}


def test_every_meter_has_a_panel_or_an_alert() -> None:
    read = {name for _, expression in expressions() for name in series_in(expression)}
    assert [meter.name for meter in ALL if not meter.exposed & read] == []


def test_panels_have_numbers_of_their_own_and_titles_in_both_languages() -> None:
    for name, dashboard in dashboards():
        panels = dashboard["panels"]
        assert len({panel["id"] for panel in panels}) == len(panels), name
        for panel in panels:
            assert re.search(r"[\u4e00-\u9fff]", panel["title"]), panel["title"]
            assert re.search(r"[A-Za-z]", panel["title"]), panel["title"]


def test_the_rules_fire_when_they_are_meant_to() -> None:
    beside = Path(sys.executable).with_name("promtool")
    promtool = str(beside) if beside.exists() else shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed; scripts/system-packages brings it")
    folder = DEPLOY / "prometheus"
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]):
        done = subprocess.run(
            [promtool, *command], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_case_in_which_it_fires() -> None:
    rules = (DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8")
    cases = (DEPLOY / "prometheus" / "alerts_test.yml").read_text("utf-8")
    named = re.findall(r"- alert: (\w+)", rules)
    assert len(named) == len(_RULE.findall(rules)) > 0
    assert set(re.findall(r"alertname: (\w+)\n\s+exp_alerts:\n", cases)) == set(named)
