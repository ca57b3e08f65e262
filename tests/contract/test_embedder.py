"""Every embedder does what the suite says: fake, in process, and over HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from yanku.adapters.embed_e5 import E5Embedder
from yanku.adapters.embed_openai import Manners, OpenAIEmbedder
from yanku.errors import ModelUnavailable
from yanku.ports import Embedder
from yanku.testing.embedder import PASSAGES, EmbedderSuite, FakeEmbedder, cosine


class TestFakeEmbedder(EmbedderSuite):
    @pytest.fixture
    def embedder(self) -> Embedder:
        return FakeEmbedder()


@pytest.fixture(scope="module")
def e5() -> E5Embedder:
    return E5Embedder(threads=1)


class TestE5Embedder(EmbedderSuite):
    @pytest.fixture
    def embedder(self, e5: E5Embedder) -> Embedder:
        return e5

    async def test_only_the_first_part_of_a_long_text_counts(self, embedder: Embedder) -> None:
        start = "报告期内公司营业收入增长。" * 200
        one, two = await embedder.passages([start + "存货", start + "商誉减值" * 100])
        assert cosine(one, two) > 1 - 1e-6

    async def test_a_question_does_not_wait_behind_passages(self, embedder: Embedder) -> None:
        texts = ["报告期内公司营业收入增长，主要系销售增长所致。" * 12] * 160
        await embedder.query("营业收入")  # the model is read
        passages = asyncio.create_task(embedder.passages(texts))
        await asyncio.sleep(0.1)
        await embedder.query("营业收入增长了多少？")
        assert not passages.done()
        passages.cancel()
        with pytest.raises(asyncio.CancelledError):
            await passages

    async def test_the_server_answers_while_passages_are_embedded(self, embedder: Embedder) -> None:
        texts = ["报告期内公司营业收入增长，主要系销售增长所致。" * 12] * 32
        passages = asyncio.create_task(embedder.passages(texts))
        ticks = 0
        while not passages.done():
            await asyncio.sleep(0.005)
            ticks += 1
        # With the interpreter's lock held through a batch there would be one tick a batch: four.
        assert ticks > 20

    async def test_making_one_costs_nothing_until_a_text_comes(self) -> None:
        untouched = E5Embedder()
        assert (untouched.dimensions, await untouched.passages([])) == (384, [])


@dataclass
class Endpoint:
    """What the endpoint on this machine was asked, and what it answers before it behaves."""

    first_answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    requests: list[dict[str, list[str]]] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)
    url: str = ""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    letters = FakeEmbedder()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            endpoint.requests.append(body)
            endpoint.keys.add(self.headers["authorization"])
            status, headers, content = 200, dict[str, str](), b""
            if endpoint.first_answers:
                status, headers, content = endpoint.first_answers.pop(0)
            elif self.path != "/v1/embeddings" or not all(body["input"]):
                status, content = 400, b"bad request"
            else:
                rows = [
                    {"index": n, "embedding": [3 * x for x in letters._vector(text)]}
                    for n, text in enumerate(body["input"])
                ]
                content = json.dumps({"data": rows[::-1]}).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        yield endpoint
        server.shutdown()


@pytest.fixture
async def client(endpoint: Endpoint) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": "Bearer secret-key"}
    async with httpx.AsyncClient(base_url=endpoint.url, headers=headers) as client:
        yield client


class Waits(list[float]):
    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


class TestOpenAIEmbedder(EmbedderSuite):
    @pytest.fixture
    def embedder(self, client: httpx.AsyncClient) -> Embedder:
        return OpenAIEmbedder(client, "letters", 256, Manners(batch=4))

    async def test_texts_go_out_in_batches_with_their_prefix_and_the_key(
        self, endpoint: Endpoint, client: httpx.AsyncClient
    ) -> None:
        manners = Manners(query_prefix="query: ", passage_prefix="passage: ", batch=3)
        embedder = OpenAIEmbedder(client, "letters", 256, manners)
        await embedder.passages(PASSAGES)
        await embedder.query("收入")
        sent = [request["input"] for request in endpoint.requests]
        assert [len(texts) for texts in sent] == [3, 1, 1]
        assert sent[1] == [f"passage: {PASSAGES[3]}"]
        assert sent[2] == ["query: 收入"]
        assert endpoint.keys == {"Bearer secret-key"}

    async def test_a_busy_endpoint_is_asked_again_after_the_time_it_names(
        self, endpoint: Endpoint, client: httpx.AsyncClient
    ) -> None:
        endpoint.first_answers = [(503, {}, b""), (429, {"retry-after": "7"}, b""), (500, {}, b"")]
        waits = Waits()
        embedder = OpenAIEmbedder(client, "letters", 256, sleep=waits)
        assert len(await embedder.passages(["收入"])) == 1
        assert waits == [0.5, 7.0, 2.0]

    async def test_an_endpoint_that_stays_busy_is_given_up(
        self, endpoint: Endpoint, client: httpx.AsyncClient
    ) -> None:
        endpoint.first_answers = [(503, {}, b"loading")] * 9
        embedder = OpenAIEmbedder(client, "letters", 256, sleep=Waits())
        with pytest.raises(ModelUnavailable, match="503 Service Unavailable: loading"):
            await embedder.query("收入")
        assert len(endpoint.requests) == 4

    async def test_a_refusal_is_not_repeated_and_does_not_tell_the_key(
        self, endpoint: Endpoint, client: httpx.AsyncClient
    ) -> None:
        endpoint.first_answers = [(401, {}, b"invalid key")]
        waits = Waits()
        embedder = OpenAIEmbedder(client, "letters", 256, sleep=waits)
        with pytest.raises(ModelUnavailable, match="401") as raised:
            await embedder.query("收入")
        assert (waits, len(endpoint.requests)) == ([], 1)
        assert "secret-key" not in str(raised.value)

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (b"<html>", "not a list of embeddings"),
            (b"[]", "not a list of embeddings"),
            (b'{"data": []}', "0 vectors for 1 texts"),
            (b'{"data": [{"index": 0, "embedding": [1, 2]}]}', "2 numbers"),
            (json.dumps({"data": [{"index": 0, "embedding": [0] * 256}]}).encode(), "direction"),
            (json.dumps({"data": [{"index": 0, "embedding": [None]}]}).encode(), "not a list"),
        ],
    )
    async def test_an_answer_that_is_no_vector_is_named(
        self, endpoint: Endpoint, client: httpx.AsyncClient, answer: bytes, said: str
    ) -> None:
        endpoint.first_answers = [(200, {}, answer)]
        with pytest.raises(ModelUnavailable, match=said):
            await OpenAIEmbedder(client, "letters", 256).query("收入")

    async def test_an_endpoint_that_is_not_there_is_named_with_its_address(self) -> None:
        async with httpx.AsyncClient(base_url="http://127.0.0.1:9/v1") as nowhere:
            embedder = OpenAIEmbedder(nowhere, "letters", 256, sleep=Waits())
            with pytest.raises(ModelUnavailable, match=r"127\.0\.0\.1:9.*ConnectError.*4 times"):
                await embedder.query("收入")

    async def test_waiting_can_be_cancelled(
        self, endpoint: Endpoint, client: httpx.AsyncClient
    ) -> None:
        endpoint.first_answers = [(429, {"retry-after": "30"}, b"")]
        asking = asyncio.create_task(OpenAIEmbedder(client, "letters", 256).query("收入"))
        while not endpoint.requests:
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
