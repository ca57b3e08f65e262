"""Models come from hubs and registries, over lines that break, and from nowhere unasked."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.servers import Hub as Server
from tests.servers import serve

from yanku.adapters.store import File, Hub, Manifest, ModelStore, Origin
from yanku.adapters.store.digests import BLOCK
from yanku.adapters.store.hubs import Places, source_for
from yanku.adapters.store.web import Web, WebSettings
from yanku.errors import ModelCorrupt, ModelUnavailable, SettingsError
from yanku.model.document import Digest

GIVEN = "open-sesame"
LARGE = random.Random(5).randbytes(2 * BLOCK + 12345)
SMALL = b'{"hidden_size": 1}'


def digest(content: bytes) -> Digest:
    return Digest(hashlib.sha256(content).hexdigest())


def blocks(content: bytes) -> tuple[Digest, ...]:
    return tuple(digest(content[at : at + BLOCK]) for at in range(0, len(content), BLOCK))


ORIGINS = (
    Origin(Hub.MODELSCOPE, "firm/little", "v1"),
    Origin(Hub.HUGGINGFACE, "firm/little", "abc123"),
    Origin(Hub.OCI, "models/little"),
)
LITTLE = Manifest(
    "little",
    "CC0",
    "made here",
    (
        File("weights.bin", len(LARGE), digest(LARGE), blocks=blocks(LARGE)),
        File("config.json", len(SMALL), digest(SMALL)),
    ),
    origins=ORIGINS,
)


def held(prefix: str) -> dict[str, bytes]:
    return {f"{prefix}/weights.bin": LARGE, f"{prefix}/config.json": SMALL}


AT = {
    Hub.MODELSCOPE: held("/models/firm/little/resolve/v1"),
    Hub.HUGGINGFACE: held("/firm/little/resolve/abc123"),
    Hub.OCI: {
        f"/v2/models/little/blobs/sha256:{digest(content)}": content for content in (LARGE, SMALL)
    },
}


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(Server(AT[Hub.MODELSCOPE])) as running:
        yield running


def store(
    root: Path,
    server: Server,
    manifest: Manifest = LITTLE,
    hub: Hub = Hub.MODELSCOPE,
    web: WebSettings | None = None,
) -> ModelStore:
    places = Places(server.url, server.url, server.url)
    return ModelStore(
        root / "models",
        {"little": manifest},
        choose=lambda chosen: source_for(chosen, places, web or WebSettings(), hub.value),
    )


def check(folder: Path) -> None:
    assert (folder / "weights.bin").read_bytes() == LARGE
    assert (folder / "config.json").read_bytes() == SMALL


@pytest.mark.parametrize("hub", list(Hub))
def test_each_hub_is_asked_in_its_own_way(tmp_path: Path, hub: Hub) -> None:
    with serve(Server(AT[hub])) as server:
        check(store(tmp_path, server, hub=hub).pull("little"))
    assert server.sent == len(LARGE) + len(SMALL)


def test_blocks_are_fetched_apart_and_a_manifest_without_their_digests_works_too(
    tmp_path: Path, server: Server
) -> None:
    files = (File("weights.bin", len(LARGE), digest(LARGE)), LITTLE.files[1])
    plain = Manifest("little", "CC0", "made here", files, origins=ORIGINS)
    check(store(tmp_path, server, plain).pull("little"))
    assert len(server.asked) == 4


def test_a_line_that_breaks_off_is_taken_up_where_it_broke(tmp_path: Path, server: Server) -> None:
    server.break_every = 9_000_000
    check(store(tmp_path, server).pull("little"))
    starts = [int(span.removeprefix("bytes=").split("-")[0]) for _, span, _ in server.asked]
    assert any(start % BLOCK for start in starts)


def test_a_server_that_knows_no_ranges_is_read_from_its_start(
    tmp_path: Path, server: Server
) -> None:
    server.ranges = False
    check(store(tmp_path, server).pull("little"))


def test_a_busy_server_is_asked_again(tmp_path: Path, server: Server) -> None:
    server.busy = 2
    check(store(tmp_path, server).pull("little"))


def test_a_line_that_stays_broken_is_given_up_and_said(server: Server) -> None:
    server.busy, waits = 10**6, list[float]()
    web = Web(WebSettings(), sleep=waits.append)
    path = next(iter(server.files))
    with (
        pytest.raises(ModelUnavailable, match="503"),
        web.open(server.url + path, 0, 10) as stream,
    ):
        stream.read()
    assert waits == sorted(waits)
    assert len(waits) == 4


def test_what_had_arrived_before_a_failure_is_not_fetched_again(
    tmp_path: Path, server: Server
) -> None:
    whole, server.files = server.files, dict(list(server.files.items())[:1])
    with pytest.raises(ModelUnavailable, match="404"):
        store(tmp_path, server).pull("little")
    server.files = whole
    server.asked.clear()
    check(store(tmp_path, server).pull("little"))
    assert server.sent < len(LARGE)


def test_a_hub_that_gives_other_bytes_is_found_out(tmp_path: Path, server: Server) -> None:
    flipped = LARGE[: BLOCK + 5] + b"\0\0" + LARGE[BLOCK + 7 :]
    server.files = {**server.files, next(iter(server.files)): flipped}
    with pytest.raises(ModelCorrupt, match=f"weights.bin from byte {BLOCK}"):
        store(tmp_path, server).pull("little")
    server.files = AT[Hub.MODELSCOPE]
    server.asked.clear()
    check(store(tmp_path, server).pull("little"))


def test_the_token_is_sent_to_the_hub_and_to_nobody_a_redirect_leads_to(
    tmp_path: Path, server: Server
) -> None:
    with serve(Server({}, redirect=server.url)) as door:
        web = WebSettings(token=GIVEN, redirect_hosts=("127.0.0.1",))
        check(store(tmp_path, door, web=web).pull("little"))
    assert {said for _, _, said in door.asked} == {f"Bearer {GIVEN}"}
    assert {said for _, _, said in server.asked} == {""}


def test_a_redirect_to_a_host_not_listed_is_not_followed(tmp_path: Path, server: Server) -> None:
    with (
        serve(Server({}, redirect=server.url)) as door,
        pytest.raises(ModelUnavailable, match="redirect_hosts"),
    ):
        store(tmp_path, door).pull("little")
    assert server.asked == []


def test_a_redirect_without_tls_to_another_machine_is_not_followed(tmp_path: Path) -> None:
    web = WebSettings(redirect_hosts=("cdn.example",))
    with (
        serve(Server({}, redirect="http://cdn.example")) as door,
        pytest.raises(ModelUnavailable, match="without TLS"),
    ):
        store(tmp_path, door, web=web).pull("little")


def test_a_registry_that_asks_for_a_token_gets_one(tmp_path: Path) -> None:
    with serve(Server({**AT[Hub.OCI], "/token": b'{"token": "pull-me"}'})) as registry:
        registry.wants = "Bearer pull-me"
        registry.challenge = (
            f'Bearer realm="{registry.url}/token",service="here",'
            'scope="repository:models/little:pull"'
        )
        web = WebSettings(token=f"user:{GIVEN}")
        check(store(tmp_path, registry, hub=Hub.OCI, web=web).pull("little"))
    tokens = [(path, said) for path, _, said in registry.asked if path.startswith("/token")]
    assert tokens
    assert all("scope=repository" in path and said.startswith("Basic ") for path, said in tokens)


def test_an_oci_layout_on_disk_is_a_source(tmp_path: Path) -> None:
    contents = tmp_path / "image" / "blobs" / "sha256"
    contents.mkdir(parents=True)
    (tmp_path / "image" / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))
    for content in (LARGE, SMALL):
        (contents / digest(content)).write_bytes(content)
    source = source_for(LITTLE, Places(), WebSettings(), str(tmp_path / "image"))
    check(ModelStore(tmp_path / "models", {"little": LITTLE}).pull("little", source=source))


def test_a_proxy_is_used_when_set(tmp_path: Path, server: Server) -> None:
    """A proxy for plain http is asked for whole addresses."""
    files = {f"http://hub.example{path}": content for path, content in server.files.items()}
    with serve(Server(files)) as proxy:
        web = WebSettings(proxy=proxy.url)
        places = Places("http://hub.example")
        source = source_for(LITTLE, places, web, "modelscope")
        check(ModelStore(tmp_path / "models", {"little": LITTLE}).pull("little", source=source))


@pytest.mark.parametrize(
    ("wanted", "told"), [("oci", "oci_url"), ("nowhere", "neither a folder"), ("", "--from")]
)
def test_a_place_that_is_not_known_is_said(wanted: str, told: str) -> None:
    manifest = LITTLE if wanted else Manifest("bare", "CC0", "here", LITTLE.files)
    with pytest.raises(SettingsError, match=told):
        source_for(manifest, Places(), WebSettings(), wanted)
