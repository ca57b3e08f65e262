"""Meters in memory and those that Prometheus reads keep the same promises."""

import pytest

from yanku.adapters.meters import PrometheusMeters
from yanku.model.meter import Kind, Meter, Reading
from yanku.model.meters import ALL, BREAKER, CACHE, REQUESTS
from yanku.ports import Meters
from yanku.testing.meters import MemoryMeters, MetersContract


class TestMemory(MetersContract):
    @pytest.fixture
    def meters(self) -> Meters:
        return MemoryMeters()


class TestPrometheus(MetersContract):
    @pytest.fixture
    def meters(self) -> Meters:
        return PrometheusMeters()


async def test_every_meter_is_shown_from_the_start_under_the_names_it_says() -> None:
    text = (await PrometheusMeters().text()).decode()
    for meter in ALL:
        family = f"{meter.name}_total" if meter.kind is Kind.COUNTER else meter.name
        assert f"# TYPE {family} {meter.kind}" in text
        if not meter.labels:
            assert all(f"\n{name}" in text for name in meter.exposed)


async def test_the_exposed_names_are_those_that_prometheus_prints() -> None:
    meters = PrometheusMeters()
    meters.observe(REQUESTS, 0.1, "GET", "/x", "200")

    async def look() -> list[Reading]:
        return [Reading(CACHE, 3, ("lru", "miss")), Reading(BREAKER, 1, ("a", "open"))]

    meters.watch((CACHE, BREAKER), look)
    text = (await meters.text()).decode()
    assert 'yanku_answer_cache_requests_total{policy="lru",result="miss"} 3.0' in text
    assert 'yanku_replica_breaker_state{replica="a",state="open"} 1.0' in text
    for name in REQUESTS.exposed:
        assert f'\n{name}{{http_request_method="GET"' in text


def test_no_two_meters_have_one_name_and_labels_name_nobody() -> None:
    names = [name for meter in ALL for name in meter.exposed]
    assert len(set(names)) == len(names)
    labels = {label for meter in ALL for label in meter.labels}
    assert not labels & {
        "user",
        "person",
        "group",
        "document",
        "question",
        "path",
        "company",
        "key",
    }


def test_what_is_set_directly_cannot_be_watched_as_well() -> None:
    meters = PrometheusMeters()
    gauge = Meter("a_gauge", "x", Kind.GAUGE)
    meters.set(gauge, 1)

    async def look() -> list[Reading]:
        return []

    with pytest.raises(TypeError):
        meters.watch([gauge], look)
    with pytest.raises(TypeError):
        meters.add(gauge)
