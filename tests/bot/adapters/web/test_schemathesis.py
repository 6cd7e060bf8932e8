"""The running server, asked what its own OpenAPI document makes up, by schemathesis.

Each answer is held against the document: its status, kind, headers and body; and a request that
the document does not allow must not succeed. The same requests are made each time.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.schemas import OpenApiSchema

from bot.adapters.web import WebOptions
from tests.support.photos import hostile, photo
from tests.support.scripted_worker import ScriptedCaptions, follows_prompts
from tests.support.web_server import web_server

_OPTIONS = WebOptions(per_minute=0, answer_seconds=60.0)
_EVERYTHING = replace(follows_prompts("en"), attention=True, confidence=True)
_EXAMPLES, _SCENARIOS = 25, 8  # of each operation, and of requests that follow from another's
_SETTINGS = settings(
    max_examples=_EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_FILES = [photo(32, 24), photo(32, 24, format="PNG"), photo(4, 4), photo(32, 24)[:200],
          hostile()["SVG"].data, hostile()["PDF"].data, b"", b"text"]  # fmt: skip
# That a file is a picture is more than a schema can say.
_CONFIG = {"checks": {"positive_data_acceptance": {"enabled": False}}}
OPERATIONS = (
    "captionPhoto", "attentionAnimation", "attentionSheet", "smallPhoto", "description", "health",
    "ready", "metrics", "languages", "askQuestion", "capabilities",
)  # fmt: skip


@contextmanager
def served() -> Iterator[str]:
    """The address of a server that runs beside this thread."""
    ready, stop = threading.Event(), asyncio.Event()
    address: list[str] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with web_server(
            options=_OPTIONS, captions=ScriptedCaptions(capabilities=_EVERYTHING)
        ) as server:
            while not (await server.queue.workers()).ready:
                await asyncio.sleep(0.01)
            address.append(server.url)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(60), "the server does not start"
        yield address[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(60)
        loop.close()


@pytest.fixture(scope="module")
def api() -> Iterator[OpenApiSchema]:
    """The document, and a server that it should be true of."""
    document: dict[str, Any] = json.loads(
        (resources.files("bot.adapters.web") / "openapi.json").read_text(encoding="utf-8")
    )
    schemathesis.openapi.format("binary", st.sampled_from(_FILES) | st.binary(max_size=200))
    with served() as url:
        schema = schemathesis.openapi.from_dict(
            document, config=SchemathesisConfig.from_dict(_CONFIG)
        )
        schema.config.update(base_url=url)
        yield schema


def test_each_operation_is_asked(api: OpenApiSchema) -> None:
    paths = api.raw_schema["paths"].values()
    found = {
        about["operationId"] for path in paths for about in path.values() if "responses" in about
    }
    assert found == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_as_documented(api: OpenApiSchema, name: str) -> None:
    operation = api.find_operation_by_id(name)
    statuses = set()

    @seed(20_261_124)
    @_SETTINGS
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        statuses.add(case.call_and_validate().status_code)

    ask()
    assert statuses
    assert max(statuses) < 500


def test_requests_that_follow_from_an_answer(api: OpenApiSchema) -> None:
    """A caption's animation, sheet, photo and questions, by the id that the caption came with."""
    run_state_machine_as_test(
        api.as_state_machine(),
        settings=settings(_SETTINGS, max_examples=_SCENARIOS, stateful_step_count=4),
    )
