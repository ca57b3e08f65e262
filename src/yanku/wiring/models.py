"""The chat models a setting names, and the store they are fetched into."""

from __future__ import annotations

import logging
from pathlib import Path

from yanku.adapters.model_openai import ALONE_PAUSES_S, Manner, OpenAiModel
from yanku.adapters.store import ModelStore, Trust, bundled_manifests, read_manifests
from yanku.adapters.store.hubs import Places, source_for
from yanku.adapters.store.web import WebSettings
from yanku.ports import Meters, Model
from yanku.serving.breaker import BreakerRules, State
from yanku.serving.fleet import Fleet
from yanku.serving.replica import Replica, Seen
from yanku.serving.routing import Router, RoutingRules
from yanku.settings import ModelSettings, RoutingSettings, Settings

_log = logging.getLogger("yanku.model")


def model_of(
    settings: Settings,
    meters: Meters,
    chosen: ModelSettings | None = None,
    fleet: Fleet | None = None,
) -> Model:
    """Return the chat model the settings name; one in this process loads at its first question.

    ``chosen`` is one version in place of ``settings.model``. One that is served at several
    endpoints is added to the ``fleet``, which shows how they do.
    """
    chosen = chosen or settings.model
    match chosen.endpoints:
        case ():
            return _laptop_model(settings, chosen, meters)
        case (url,):
            return _endpoint(chosen, url)
        case urls:
            router = _router(settings.routing, chosen, urls)
            if fleet is not None:
                fleet.add(router)
            return router


def versions_of(settings: Settings, meters: Meters, fleet: Fleet) -> dict[str, Model]:
    """Return the other versions of the model by name; each loads when it is first tried."""
    return {
        name: model_of(settings, meters, chosen, fleet)
        for name, chosen in settings.releases.versions.items()
    }


def _laptop_model(settings: Settings, chosen: ModelSettings, meters: Meters) -> Model:
    # Imported where chosen: half a second.
    from yanku.adapters.model_openvino import READINGS, OpenVinoModel

    store = model_store(settings)
    manifest = store.manifest(chosen.name)
    engine = OpenVinoModel(
        lambda: (store.sound if settings.store.mend else store.verify)(chosen.name),
        name=chosen.name,
        version=manifest.version,
        window=manifest.window,
    )
    meters.watch(READINGS, engine.readings)
    return engine


def _endpoint(
    chosen: ModelSettings, url: str, pauses_s: tuple[float, ...] = ALONE_PAUSES_S
) -> OpenAiModel:
    return OpenAiModel(
        url,
        chosen.name,
        window=chosen.window,
        api_key=chosen.api_key.get_secret_value(),
        timeout_s=chosen.timeout_s,
        version=chosen.version,
        manner=Manner(
            chosen.thinking,
            chosen.thinking_tokens,
            chosen.show_thinking,
            chosen.exact_tokens,
            chosen.extra,
        ),
        pauses_s=pauses_s,
    )


def _router(rules: RoutingSettings, chosen: ModelSettings, urls: tuple[str, ...]) -> Router:
    replicas = []
    for url in urls:
        endpoint = _endpoint(chosen, url, pauses_s=())  # Another replica is the better retry.
        replica = Replica(
            url.partition("://")[2].rstrip("/").removesuffix("/v1"),
            endpoint,
            endpoint.pulse,
            rules=BreakerRules(failures=rules.failures),
            changed=_tell,
        )
        replicas.append(replica)
    return Router(
        replicas,
        RoutingRules(
            attempts=rules.attempts,
            probe_s=rules.probe_s,
            silence_s=rules.silence_s,
            hedge_s=rules.hedge_s or None,
            slow_times=rules.slow_times,
        ),
        version=chosen.version,
    )


def _tell(seen: Seen) -> None:
    """Write to the log that a replica is left out, or used again."""
    fault = f" ({seen.fault}: {seen.trouble})" if seen.fault else ""
    match seen.state:
        case State.OPEN:
            _log.warning("%s gets no requests%s", seen.name, fault)
        case State.CLOSED:
            _log.warning("%s gets requests again", seen.name)
        case State.HALF_OPEN:
            _log.info("%s is tried", seen.name)


def model_store(settings: Settings, wanted: str = "") -> ModelStore:
    """Return the models of this machine, shared by its homes.

    ``wanted`` says where to fetch from: ``index``, a hub, or a folder; empty as the settings say.
    """
    chosen = settings.store
    trust = Trust(chosen.trusted_keys, unsigned=chosen.allow_unsigned)
    kept, refused = read_manifests(manifests_folder(settings), trust)
    places = Places(
        chosen.modelscope_url, chosen.huggingface_url, chosen.oci_url, _for_pip(settings)
    )
    web = WebSettings(
        proxy=chosen.proxy,
        certificates=chosen.certificates,
        token=chosen.token.get_secret_value(),
        redirect_hosts=chosen.redirect_hosts,
    )
    return ModelStore(
        settings.cache / "models",
        bundled_manifests() | kept,
        choose=lambda manifest: source_for(manifest, places, web, wanted or chosen.source),
        refused=refused,
        workers=chosen.workers,
    )


def manifests_folder(settings: Settings) -> Path:
    """Return the folder of the operator's own manifests."""
    return settings.store.manifests or settings.cache / "manifests"


def _for_pip(settings: Settings) -> dict[str, str]:
    """Return what is set, as pip reads it from its environment."""
    chosen = settings.store
    wanted = {
        "PIP_INDEX_URL": chosen.index_url,
        "PIP_PROXY": chosen.proxy,
        "PIP_CERT": str(chosen.certificates or ""),
    }
    return {name: value for name, value in wanted.items() if value}
