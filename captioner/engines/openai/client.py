"""Calls of the chat-completions interface: bounded in time and size, counted, tried again."""

from __future__ import annotations

import base64
import io
import json
import logging
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

import httpx2
import openai
from PIL import Image

from captioner.engines.base import DeviceError, Pixels
from captioner.errors import ModelAwayError
from captioner.network import host_of, is_own_network, leads_out
from captioner.telemetry import metrics

_TRIES = 3
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 20.0  # seconds; the latter also where a server asks for more
_MOST_BYTES = 1_000_000  # of an answer
_QUALITY = 90
_OF_IMAGES = re.compile(r"\bimages?\b|\bvision\b|\bmmproj\b|multi-?modal", re.IGNORECASE)
_NO_KEY = "none"  # servers without keys take any

log = logging.getLogger("captioner.engines")


class AnswerError(Exception):
    """One photo got no usable answer; the text says why, without what the server wrote."""


class SilentError(AnswerError):
    """There was no answer, or half of one: it is the photo, or the server, that is at fault."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where the model is, and how it is called."""

    url: str
    model: str
    key: str | None = None
    timeout: float = 60.0  # seconds for one answer, all tries together

    @property
    def host(self) -> str:
        """For people."""
        return host_of(self.url)

    @property
    def outside(self) -> bool:
        """Whether photos leave the operator's network for it."""
        return not is_own_network(self.url)


class ChatClient:
    """Asks one model about photos. Threads may share it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._client = openai.OpenAI(
            base_url=endpoint.url,
            api_key=endpoint.key or _NO_KEY,
            max_retries=0,  # see `ask`
            # Photos go where the operator says and nowhere else: redirects are not followed, and
            # no proxy of the environment lies between us and a server of one's own.
            http_client=httpx2.Client(follow_redirects=False, trust_env=False),
        )
        self._length_option = "max_tokens"

    def ask(self, photo: Pixels, text: str, *, most_tokens: int) -> str:
        """What the model answers, as it wrote it.

        Raises AnswerError if this photo gets no answer, ModelAwayError if no photo would get one
        now, DeviceError if none will until the operator does something.
        """
        deadline = time.monotonic() + self._endpoint.timeout
        pause = _FIRST_PAUSE
        for attempt in range(1, _TRIES + 1):
            try:
                return self._call(photo, text, most_tokens, deadline)
            except (_BusyError, SilentError) as error:
                asked_for = error.after if isinstance(error, _BusyError) else 0.0
                wait = min(max(pause, asked_for), _LONGEST_PAUSE)
                if attempt == _TRIES or time.monotonic() + wait >= deadline:
                    if isinstance(error, SilentError):
                        raise
                    raise ModelAwayError(f"{self._endpoint.host}: {error}") from error
                time.sleep(wait)
                pause *= 4
        raise AssertionError("the last attempt raises or returns")

    def check_address(self) -> None:
        """See that an address of one's own network does not lead out of it.

        Raises DeviceError if it does, ModelAwayError if its name cannot be looked up now.
        """
        if self._endpoint.outside:
            return
        try:
            address = leads_out(self._endpoint.url)
        except OSError as error:
            raise ModelAwayError(f"{self._endpoint.host}: the name is not known (yet)") from error
        if address:
            raise DeviceError(
                f"{self._endpoint.host} has the address {address}, which is outside of your own "
                "network, and people are told that their photos stay there; set "
                "CAPTIONBOT_OPENAI_URL to a server of yours"
            )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _call(self, photo: Pixels, text: str, most_tokens: int, deadline: float) -> str:
        began = time.monotonic()
        outcome = "failed"
        try:
            answer = self._answer(photo, text, most_tokens, deadline)
            outcome = "answered"
        except openai.APITimeoutError as error:
            raise self._too_late() from error
        except openai.APIConnectionError as error:
            raise _BusyError(f"no connection ({type(error.__cause__).__name__})") from error
        except openai.APIStatusError as error:
            if error.status_code == 400 and self._adapted(error):
                return self._call(photo, text, most_tokens, deadline)
            self._refused(error)
        except (httpx2.TimeoutException, httpx2.NetworkError, httpx2.ProtocolError) as error:
            raise SilentError(f"the answer broke off ({type(error).__name__})") from error
        finally:
            metrics.MODEL_CALLS.labels(outcome).inc()
            metrics.MODEL_CALL_SECONDS.observe(time.monotonic() - began)
        return answer

    def _answer(self, photo: Pixels, text: str, most_tokens: int, deadline: float) -> str:
        content: list[dict[str, Any]] = [
            {"type": "text", "text": text},
            {"type": "image_url", "image_url": {"url": _data_url(photo)}},
        ]
        create: Any = self._client.chat.completions.with_streaming_response.create
        with create(
            model=self._endpoint.model,
            messages=[{"role": "user", "content": content}],
            temperature=0,
            timeout=max(0.1, deadline - time.monotonic()),
            **{self._length_option: most_tokens},
        ) as response:
            body = bytearray()
            for chunk in response.iter_bytes(16_384):
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise AnswerError(f"the answer is longer than {_MOST_BYTES} bytes")
                if time.monotonic() > deadline:
                    raise self._too_late()
            kind = response.headers.get("content-type", "")
        documents = _events(body) if kind.startswith("text/event-stream") else [_parsed(body)]
        written, usage = _read(documents)
        for name in ("prompt", "completion"):
            tokens = usage.get(f"{name}_tokens")
            if isinstance(tokens, int) and 0 <= tokens < 10_000_000:
                metrics.MODEL_TOKENS.labels(name).inc(tokens)
        return written

    def _too_late(self) -> SilentError:
        return SilentError(f"no answer within {self._endpoint.timeout:.0f} s")

    def _adapted(self, error: openai.APIStatusError) -> bool:
        """Whether another call may do: some models of OpenAI want the limit under another name."""
        if self._length_option != "max_tokens" or "max_completion_tokens" not in str(error):
            return False
        self._length_option = "max_completion_tokens"
        return True

    def _refused(self, error: openai.APIStatusError) -> NoReturn:
        status, where = error.status_code, self._endpoint.host
        told = error.body if isinstance(error.body, dict) else ""  # not the page of a proxy
        if status in {500, 501} and _OF_IMAGES.search(str(told)):
            # So Ollama and llama.cpp say that a model takes none, which does not go by itself.
            raise AnswerError(f"the server answered {status}, because of the photo") from error
        if status in {408, 409, 425, 429} or status >= 500:
            raise _BusyError(f"the server answered {status}", _retry_after(error)) from error
        if status in {401, 403}:
            raise DeviceError(
                f"{where} does not accept the key (status {status}); set CAPTIONBOT_OPENAI_KEY"
            ) from error
        if status == 402:
            raise DeviceError(
                f"{where} wants to be paid first (status 402); see to the account whose key is "
                "CAPTIONBOT_OPENAI_KEY"
            ) from error
        if status == 404:
            raise DeviceError(
                f"{where} knows no model {self._endpoint.model!r}, or CAPTIONBOT_OPENAI_URL is "
                "wrong (it mostly ends with /v1); see which models the server has"
            ) from error
        if 300 <= status < 400:
            raise DeviceError(
                f"{where} sends us elsewhere (status {status}), and photos go only where "
                "CAPTIONBOT_OPENAI_URL says; set it to the address that answers"
            ) from error
        raise AnswerError(f"the server answered {status}") from error


class _BusyError(Exception):
    """Something that may be over in a while."""

    def __init__(self, text: str, after: float = 0.0) -> None:
        super().__init__(text)
        self.after = after  # seconds that the server wishes to be left alone


def _retry_after(error: openai.APIStatusError) -> float:
    text = error.response.headers.get("retry-after", "")
    return float(text) if text.isdecimal() and len(text) < 6 else 0.0


def _data_url(photo: Pixels) -> str:
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "JPEG", quality=_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def _parsed(body: bytes | bytearray) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError as error:  # a proxy's page, or half an answer
        raise SilentError("the answer is no JSON") from error
    except RecursionError:
        document = None
    if not isinstance(document, dict):
        raise AnswerError("the answer is no JSON object")
    return document


def _events(body: bytes | bytearray) -> list[dict[str, Any]]:
    """The documents of a stream, which some servers send whatever is asked for."""
    lines = body.decode("utf-8", "replace").splitlines()
    data = [line.removeprefix("data:").strip() for line in lines if line.startswith("data:")]
    return [_parsed(one.encode()) for one in data if one and one != "[DONE]"]


def _read(documents: Iterable[dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """The text of an answer, whole or in parts, and its use of tokens."""
    text, usage = "", {}
    for document in documents:
        if isinstance(document.get("usage"), dict):
            usage = document["usage"]
        choices = document.get("choices")
        first = choices[0] if isinstance(choices, list) and choices else {}
        message = first.get("message") or first.get("delta") if isinstance(first, dict) else None
        text += _written(message.get("content")) if isinstance(message, dict) else ""
    return text, usage


def _written(content: object) -> str:
    """What is written in a message's content, which some servers send as a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [
        one.get("text") for one in parts if isinstance(one, dict) and one.get("type") == "text"
    ]
    return "".join(text for text in texts if isinstance(text, str))
