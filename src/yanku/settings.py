"""What an operator may set, grouped by room; unsafe values refuse to start."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from yanku.errors import SettingsError
from yanku.serving.policies import PolicyName

_FILE = "yanku.toml"
_LEAST_TOKEN = 16


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(_Group):
    """Where PostgreSQL is."""

    url: SecretStr = Field(
        SecretStr(""), description="PostgreSQL 15 or newer by URL; empty starts the embedded one"
    )
    pool_size: int = Field(8, ge=2, le=200, description="connections at most")


class IndexSettings(_Group):
    """Where the search index is."""

    url: str = Field("", description="Qdrant server; empty keeps the index in this process")
    api_key: SecretStr = Field(SecretStr(""), description="key of the Qdrant server")
    collection: str = Field("yanku", description="collection on the Qdrant server")


class ModelSettings(_Group):
    """The chat model."""

    name: str = Field("qwen2.5-coder-1.5b-instruct-q4", description="model in the store, or at url")
    url: str = Field("", description="OpenAI-compatible endpoint (…/v1); empty runs the store's")
    urls: tuple[str, ...] = Field((), description="more endpoints that serve the same model")
    version: str = Field("", description="what receipts call it; empty: where it is served")
    api_key: SecretStr = Field(SecretStr(""), description="key of the endpoint")
    window: int = Field(8192, ge=512, description="tokens of prompt and answer at an endpoint")
    max_answer_tokens: int = Field(160, ge=16, description="longest answer")
    evidence_tokens: int = Field(480, ge=100, description="evidence shown to the model")
    plan_seconds: float = Field(
        0, ge=0, le=60, description="let the model help to read questions; longest wait, 0: never"
    )
    timeout_s: float = Field(120, gt=0, description="longest wait for an endpoint")
    in_flight: int = Field(8, ge=1, description="answers generated at once")
    load_at_start: bool = Field(
        True, description="load the store's model when serving begins, not at the first question"
    )
    thinking: bool | None = Field(
        None, description="let a model that can think do so, or not; unset: as it is shipped"
    )
    thinking_tokens: int = Field(2048, ge=0, description="room for thoughts before an answer")
    show_thinking: bool = Field(False, description="write thoughts to the log; never to answers")
    exact_tokens: bool = Field(False, description="have the endpoint count tokens (vLLM)")
    extra: dict[str, Any] = Field({}, description="more fields for every request to the endpoint")

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Return all addresses it is served at."""
        return (*((self.url,) if self.url else ()), *self.urls)


class RoutingSettings(_Group):
    """Several endpoints that serve the same model."""

    attempts: int = Field(3, ge=1, le=10, description="times one answer is asked for at most")
    probe_s: float = Field(
        2, ge=0.1, le=60, description="an endpoint that was quiet for so long is tried"
    )
    silence_s: float = Field(
        5, ge=0.1, le=120, description="one that generates nothing for so long then is left out"
    )
    failures: int = Field(3, ge=1, le=100, description="failures in a row that leave one out")
    slow_times: float = Field(
        5, ge=2, le=1000, description="one that takes so many times as long as others is left out"
    )
    hedge_s: float = Field(
        0, ge=0, le=600, description="ask a second one when nothing came for so long; 0 never"
    )


class StoreSettings(_Group):
    """Where models come from, and whose manifests are believed."""

    source: str = Field(
        "", description="index, modelscope, huggingface, oci or a folder; empty: by the manifest"
    )
    modelscope_url: str = Field("https://www.modelscope.cn", description="ModelScope or a mirror")
    huggingface_url: str = Field("https://huggingface.co", description="Hugging Face or a mirror")
    oci_url: str = Field("", description="OCI registry (https://HOST)")
    index_url: str = Field("", description="package index; empty: the one pip is set to")
    proxy: str = Field("", description="proxy for downloads (http://HOST:PORT)")
    certificates: Path | None = Field(None, description="authorities to trust for downloads (PEM)")
    token: SecretStr = Field(
        SecretStr(""), description="token for the hub, or USER:PASSWORD for a registry"
    )
    redirect_hosts: tuple[str, ...] = Field(
        (".huggingface.co", ".hf.co", ".modelscope.cn", ".aliyuncs.com"),
        description="hosts a download may be redirected to; a dot in front means a domain",
    )
    workers: int = Field(4, ge=1, le=32, description="pieces fetched at once")
    manifests: Path | None = Field(
        None, description="folder of your own manifests; empty: manifests in the cache folder"
    )
    trusted_keys: tuple[str, ...] = Field(
        (), description="public keys (base64) whose signed manifests are used"
    )
    allow_unsigned: bool = Field(False, description="use manifests that nobody signed")
    mend: bool = Field(True, description="fetch damaged files anew before a model is loaded")


class AdmissionSettings(_Group):
    """Who may ask the model at once, and who waits."""

    most_in_flight: int = Field(
        0, ge=0, le=4096, description="find the best number in flight up to this; 0 keeps it fixed"
    )
    waiting: int = Field(64, ge=0, description="longest line; one more is refused")
    waiting_each: int = Field(16, ge=1, description="longest line of one user")


class ReleaseSettings(_Group):
    """Versions of the chat model to try on a few before they serve everybody."""

    versions: dict[str, ModelSettings] = Field(
        {}, description="other versions by name, each with the settings of model"
    )
    base: str = Field("base", min_length=1, description="name of the version that model sets")
    may_choose: Literal["admins", "everybody", "nobody"] = Field(
        "admins", description="who may ask for a version with X-Yanku-Release"
    )
    automatic: bool = Field(True, description="go back by itself from a version that does worse")
    least: int = Field(20, ge=1, description="requests of a version before it is judged")
    in_a_row: int = Field(5, ge=2, description="failures one after another that end a release")
    slower: float = Field(
        1.5, ge=1, description="times longer that a version on trial may take than usual"
    )
    patience_s: float = Field(
        30, gt=0, description="longest wait for its first word before the stable version answers"
    )
    poll_s: float = Field(1, gt=0, le=10, description="how often servers look at one another")
    rehearsals: int = Field(
        300, ge=0, le=10_000, description="short answers a version writes before anybody is served"
    )
    rehearse_s: float = Field(120, gt=0, le=3600, description="longest time for these")
    most_failures: float = Field(
        0.05, ge=0, le=1, description="greatest share of failures of a version in service"
    )
    keep_days: int = Field(
        90, ge=1, le=3650, description="how long counts are kept; decisions are for good"
    )


class BudgetSettings(_Group):
    """What one person or API key may use of the models; 0 is no limit."""

    user_requests_per_minute: int = Field(0, ge=0, description="questions of a user a minute")
    user_requests_per_day: int = Field(0, ge=0, description="questions of a user a day")
    user_tokens_per_day: int = Field(0, ge=0, description="tokens of a user a day, about")
    key_requests_per_minute: int = Field(0, ge=0, description="questions of an API key a minute")
    key_requests_per_day: int = Field(0, ge=0, description="questions of an API key a day")
    key_tokens_per_day: int = Field(0, ge=0, description="tokens of an API key a day, about")


class CacheSettings(_Group):
    """Answers given again while nothing they rest on has changed."""

    where: Literal["memory", "database", "off"] = Field(
        "memory", description="kept in this process, in PostgreSQL for all servers, or not at all"
    )
    policy: PolicyName = Field(PolicyName.W_TINYLFU, description="what stays in memory")
    answers: int = Field(5000, ge=8, le=1_000_000, description="answers kept at most")
    hours: float = Field(24, gt=0, le=720, description="longest time an answer is kept")


class EmbedderSettings(_Group):
    """The embedding model."""

    url: str = Field("", description="OpenAI-compatible endpoint; empty uses the built-in e5")
    model: str = Field("", description="name of the model at the endpoint")
    api_key: SecretStr = Field(SecretStr(""), description="key of the endpoint")
    dimensions: int = Field(384, ge=8, description="length of its vectors")


class ParserSettings(_Group):
    """Limits of the process that reads files."""

    workers: int = Field(2, ge=1, le=64, description="files read at once")
    memory_mb: int = Field(2048, ge=256, description="memory of one reader")
    wall_time_s: float = Field(1800, gt=0, description="longest time for one file")
    max_mb: int = Field(512, ge=1, description="largest file")
    max_pages: int = Field(3000, ge=1, description="most pages")
    max_megapixels: int = Field(100, ge=1, description="largest picture")
    max_cells: int = Field(1_000_000, ge=1, description="most cells in a workbook")
    max_unpacked_mb: int = Field(1024, ge=1, description="largest unpacked size")
    max_ratio: int = Field(200, ge=10, description="most times a packed part may grow")
    max_members: int = Field(2000, ge=1, le=20000, description="most files in an archive or mail")
    max_depth: int = Field(4, ge=1, le=16, description="deepest files inside files")
    ocr_dpi: int = Field(200, ge=72, le=400, description="resolution for reading scans")


class ServerSettings(_Group):
    """The HTTP server and console."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8440, ge=0, le=65535, description="port to listen on")
    certificate: Path | None = Field(None, description="TLS certificate chain (PEM)")
    private_key: Path | None = Field(None, description="TLS private key (PEM)")
    behind_tls_proxy: bool = Field(False, description="a proxy in front ends TLS")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="bearer token for /metrics; empty: only from this machine"
    )
    session_hours: int = Field(12, ge=1, le=720, description="how long a sign-in lasts")


class Settings(BaseSettings):
    """All settings: the environment (``YANKU_SERVER__PORT``) over ``yanku.toml`` in the home."""

    model_config = SettingsConfigDict(
        env_prefix="YANKU_", env_nested_delimiter="__", extra="ignore", frozen=True
    )

    home: Path = Field(description="folder for everything on this machine")
    cache: Path = Field(description="folder for models, shared by homes")
    development: bool = Field(False, description="allow what is unsafe elsewhere")
    database: DatabaseSettings = DatabaseSettings()
    index: IndexSettings = IndexSettings()
    model: ModelSettings = ModelSettings()
    routing: RoutingSettings = RoutingSettings()
    store: StoreSettings = StoreSettings()
    admission: AdmissionSettings = AdmissionSettings()
    releases: ReleaseSettings = ReleaseSettings()
    answers: CacheSettings = CacheSettings()
    budgets: BudgetSettings = BudgetSettings()
    embedder: EmbedderSettings = EmbedderSettings()
    parser: ParserSettings = ParserSettings()
    server: ServerSettings = ServerSettings()

    @model_validator(mode="after")
    def _named(self) -> Self:
        _require(
            self.releases.base not in self.releases.versions,
            f"releases.versions has another {self.releases.base!r}, which is releases.base",
        )
        return self

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.development:
            return self
        if self.server.certificate is None and not self.server.behind_tls_proxy:
            _require(
                _is_loopback(self.server.host),
                f"server.host {self.server.host!r} is reachable from outside without TLS; "
                "set server.certificate and server.private_key, or server.behind_tls_proxy",
            )
        _require(
            not 0 < len(self.server.metrics_token.get_secret_value()) < _LEAST_TOKEN,
            f"server.metrics_token has fewer than {_LEAST_TOKEN} characters; "
            "make one with: openssl rand -hex 32",
        )
        _require(
            (self.server.certificate is None) == (self.server.private_key is None),
            "server.certificate and server.private_key go together",
        )
        for room, url in (
            *(("model.url", url) for url in self.model.endpoints),
            *(
                (f"releases.versions.{name}.url", url)
                for name, version in self.releases.versions.items()
                for url in version.endpoints
            ),
            ("embedder.url", self.embedder.url),
            ("index.url", self.index.url),
        ):
            _require(
                not url.startswith("http://") or _is_loopback(urlsplit(url).hostname or ""),
                f"{room} sends documents over plain http to another machine; use https",
            )
        for place in ("modelscope_url", "huggingface_url", "oci_url"):
            url = getattr(self.store, place)
            _require(
                not url.startswith("http://") or _is_loopback(urlsplit(url).hostname or ""),
                f"store.{place} fetches models over plain http from another machine; use https",
            )
        return self


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load_settings(home: Path | None = None, **overrides: Any) -> Settings:  # noqa: ANN401 - settings
    """Read settings for a home; raise SettingsError naming each value that is wrong.

    The home is the argument, or ``YANKU_HOME``, or the platform's user data folder. The cache is
    ``YANKU_CACHE`` or the platform's user cache folder.
    """
    home = home or Path(os.environ.get("YANKU_HOME") or platformdirs.user_data_path("yanku"))
    home = home.expanduser().resolve()
    cache = Path(os.environ.get("YANKU_CACHE") or platformdirs.user_cache_path("yanku"))
    values: dict[str, Any] = {**_from_file(home / _FILE), **overrides}
    values |= {"home": home, "cache": cache.expanduser().resolve()}
    try:
        return Settings(**_without_environment(values))
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in item['loc']) or 'settings'}: {item['msg']}"
            for item in error.errors()
        )
        raise SettingsError(
            f"settings refused: {wrong} (from {home / _FILE} and YANKU_…)"
        ) from None


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path} cannot be read: {error}; mend or remove it") from error


def _without_environment(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out of the file's values what the environment sets: pydantic ranks arguments first."""
    kept: dict[str, Any] = {}
    for group, value in values.items():
        if isinstance(value, dict):
            kept[group] = {
                key: inner
                for key, inner in value.items()
                if f"YANKU_{group}__{key}".upper() not in os.environ
            }
        elif group in {"home", "cache"} or f"YANKU_{group}".upper() not in os.environ:
            kept[group] = value
    return kept
