"""What this server counts, for Prometheus; never a title, a name or a question."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from yanku.model.answer import Answer, Declined

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """Counters of one server, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "yanku_http_request_seconds",
            "Time to answer an HTTP request, by route",
            ("method", "route", "status"),
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._answers = Counter(
            "yanku_answers",
            "Answers given, by kind and, when declined, by reason",
            ("kind", "reason"),
            registry=self.registry,
        )
        self._latency = Histogram(
            "yanku_answer_seconds",
            "Time from question to whole answer",
            ("kind",),
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._jobs = Gauge("yanku_jobs_waiting", "Jobs that wait or run", registry=self.registry)

    def served(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def answered(self, answer: Answer, latency_ms: int) -> None:
        """Count one answer."""
        reason = answer.reason.value if isinstance(answer, Declined) else ""
        self._answers.labels(answer.kind, reason).inc()
        self._latency.labels(answer.kind).observe(latency_ms / 1000)

    def waiting(self, jobs: int) -> None:
        """Note how many jobs wait or run."""
        self._jobs.set(jobs)

    def text(self) -> bytes:
        """Return everything in the Prometheus text format."""
        return generate_latest(self.registry)
