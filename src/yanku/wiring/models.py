"""The chat models a setting names, and the store they are fetched into."""

from __future__ import annotations

from pathlib import Path

from yanku.adapters.model_openai import Manner, OpenAiModel
from yanku.adapters.store import ModelStore, Trust, bundled_manifests, read_manifests
from yanku.adapters.store.hubs import Places, source_for
from yanku.adapters.store.web import WebSettings
from yanku.ports import Meters, Model
from yanku.settings import Settings


def model_of(settings: Settings, meters: Meters) -> Model:
    """Return the chat model the settings name; one in this process loads at its first question."""
    chosen = settings.model
    if chosen.url:
        model: Model = OpenAiModel(
            chosen.url,
            chosen.name,
            window=chosen.window,
            api_key=chosen.api_key.get_secret_value(),
            timeout_s=chosen.timeout_s,
            manner=Manner(
                chosen.thinking,
                chosen.thinking_tokens,
                chosen.show_thinking,
                chosen.exact_tokens,
                chosen.extra,
            ),
        )
    else:
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
        model = engine
    return model


def model_store(settings: Settings, wanted: str = "") -> ModelStore:
    """Return the models of this machine, shared by its homes.

    ``wanted`` says where to fetch from: ``index``, a hub, or a folder; empty as the settings say.
    """
    chosen = settings.store
    trust = Trust(chosen.trusted_keys, unsigned=chosen.allow_unsigned)
    kept, refused = read_manifests(manifests_folder(settings), trust)
    places = Places(
        chosen.modelscope_url, chosen.huggingface_url, chosen.oci_url, _index_options(settings)
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


def _index_options(settings: Settings) -> tuple[str, ...]:
    chosen = settings.store
    wanted = {
        "--index-url": chosen.index_url,
        "--proxy": chosen.proxy,
        "--cert": str(chosen.certificates or ""),
    }
    return tuple(f"{option}={value}" for option, value in wanted.items() if value)
