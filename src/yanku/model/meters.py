"""Every meter there is; dashboards and alert rules are tested against this list.

Names follow OpenTelemetry's conventions (HTTP, database pools, generative AI servers) where there
is one, with its dots and units written as Prometheus writes them; what only this product has is
called ``yanku_…``. A new meter is a line here and a call of ``ports.Meters``: ``add`` or
``observe`` where something happens, ``watch`` where a state is asked for when somebody looks.
"""

from __future__ import annotations

from yanku.model.meter import Kind, Meter

_SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_FIRST = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)
_EACH = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5)
_PAGE = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16)
_FEW = (0, 1, 2, 3, 5, 8, 13, 21, 34)
_MODEL = ("gen_ai_request_model", "gen_ai_response_model")


def _counter(name: str, about: str, *labels: str) -> Meter:
    return Meter(name, about, Kind.COUNTER, labels)


def _gauge(name: str, about: str, *labels: str) -> Meter:
    return Meter(name, about, Kind.GAUGE, labels)


def _histogram(name: str, about: str, bounds: tuple[float, ...], *labels: str) -> Meter:
    return Meter(name, about, Kind.HISTOGRAM, labels, bounds)


BUILD = _gauge("yanku_build_info", "1, with the version that runs", "version", "python")
READY = _gauge("yanku_ready", "1 if the last readiness check of this part passed", "part")
UNREAD = _counter("yanku_unread_meters", "Meters that could not be read when asked for", "code")

# The doors.
REQUESTS = _histogram(
    "http_server_request_duration_seconds",
    "Time of an HTTP request, to the last byte of its answer",
    _SHORT,
    "http_request_method",
    "http_route",
    "http_response_status_code",
)
IN_PROGRESS = _gauge("http_server_active_requests", "HTTP requests being answered")
ANSWERS = _counter(
    "yanku_answers", "Questions answered, and declined for which reason", "door", "kind", "reason"
)
ANSWER_TIME = _histogram(
    "yanku_answer_seconds", "Time from question to whole answer", _SHORT, "door", "kind"
)
CITATIONS = _histogram("yanku_answer_citations", "Citations of a grounded answer", _FEW, "door")
FAILED_ANSWERS = _counter(
    "yanku_answer_failures", "Questions that ended in an error", "door", "code"
)

# The models, as whoever asks them sees it: waiting for a turn included.
FIRST_TOKEN = _histogram(
    "gen_ai_server_time_to_first_token_seconds", "Time to the first token", _FIRST, *_MODEL
)
EACH_TOKEN = _histogram(
    "gen_ai_server_time_per_output_token_seconds",
    "Time of each token after the first",
    _EACH,
    *_MODEL,
)
GENERATIONS = _histogram(
    "gen_ai_server_request_duration_seconds",
    "Time of a generation; error_type is empty if it went well",
    _SHORT,
    *_MODEL,
    "error_type",
)
TOKENS = _counter(
    "gen_ai_client_token_usage",
    "Tokens read (input) and written (output)",
    *_MODEL,
    "gen_ai_token_type",
)

# Admission.
WAITING = _gauge("yanku_admission_waiting", "Generations that wait for their turn")
RUNNING = _gauge("yanku_admission_running", "Generations that have their turn")
MOST_RUNNING = _gauge("yanku_admission_limit", "Generations let in at once, as found to be best")
WAITED = _histogram("yanku_admission_wait_seconds", "Time until a generation's turn", _SHORT)
REFUSED = _counter("yanku_admission_refused", "Generations refused, by reason", "reason")

# The engine in this machine; vLLM tells its own.
MODEL_LOAD = _gauge(
    "yanku_model_load_seconds",
    "Time that verifying and loading took, the last time",
    "gen_ai_request_model",
    "phase",
)
MODEL_LOADS = _counter(
    "yanku_model_loads", "Times a model was loaded", "gen_ai_request_model", "outcome"
)
ENGINE_REQUESTS = _gauge(
    "yanku_engine_requests", "Generations in the engine", "gen_ai_request_model"
)
ENGINE_BATCH = _gauge(
    "yanku_engine_batch_size", "Generations advanced by the last step", "gen_ai_request_model"
)
ENGINE_STEPS = _counter("yanku_engine_steps", "Steps of the engine", "gen_ai_request_model")
ENGINE_BATCHED = _counter(
    "yanku_engine_batched", "Generations advanced, over all steps", "gen_ai_request_model"
)
KV_USED = _gauge(
    "yanku_engine_kv_cache_usage_ratio",
    "Part of the cache of keys and values in use after the last step, prefixes included",
    "gen_ai_request_model",
)
KV_PEAK = _gauge(
    "yanku_engine_kv_cache_peak_ratio",
    "Largest part of the cache in use since the engine started",
    "gen_ai_request_model",
)
KV_BYTES = _gauge(
    "yanku_engine_kv_cache_bytes", "Size of the cache of keys and values", "gen_ai_request_model"
)

# Graphics processors of this machine, where there are any.
GPU_MEMORY = _gauge("yanku_gpu_memory_bytes", "Memory of a GPU of this machine", "gpu")
GPU_MEMORY_USED = _gauge("yanku_gpu_memory_used_bytes", "Memory of a GPU that is in use", "gpu")

# Routing between replicas, and releases of models.
BREAKER = _gauge(
    "yanku_replica_breaker_state", "1 for the state a replica's breaker is in", "replica", "state"
)
RELEASE_WEIGHT = _gauge(
    "yanku_release_weight_ratio", "Part of the traffic that a release gets", "release"
)

# Answers given again.
CACHE = _counter(
    "yanku_answer_cache_requests",
    "Questions, by whether and why an answer was given again (result: miss or a reason)",
    "policy",
    "result",
)
CACHED = _gauge("yanku_answer_cache_entries", "Answers kept", "policy")

# Documents.
DOCUMENTS = _gauge("yanku_documents", "Documents by state", "state")
JOBS = _gauge("yanku_jobs", "Jobs by kind and state; done ones are gone", "kind", "state")
READ_PAGE = _histogram(
    "yanku_parse_page_seconds", "Time to read a page, a document's mean", _PAGE, "origin"
)
READ_PAGES = _counter("yanku_parse_pages", "Pages read", "origin")
READ_DOCUMENTS = _counter(
    "yanku_parse_documents", "Documents read; code is empty if it went well", "code"
)

# The pool of database connections.
POOL = _gauge(
    "db_client_connection_count",
    "Connections, idle or used",
    "db_client_connection_pool_name",
    "db_client_connection_state",
)
POOL_MOST = _gauge(
    "db_client_connection_max", "Connections at most", "db_client_connection_pool_name"
)
POOL_WAITING = _gauge(
    "db_client_connection_pending_requests",
    "Requests that wait for a connection",
    "db_client_connection_pool_name",
)
POOL_TIMEOUTS = _counter(
    "db_client_connection_timeouts",
    "Requests that waited for a connection in vain",
    "db_client_connection_pool_name",
)

ALL: tuple[Meter, ...] = tuple(
    found for name, found in sorted(globals().items()) if isinstance(found, Meter)
)
