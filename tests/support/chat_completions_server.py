"""A loopback server that speaks OpenAI's chat completions, honestly or not.

with ChatServer() as server:
    server.next(status(429), says("A dog."))   # how the next calls are answered; honestly otherwise
    ...  # server.url, server.calls
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "small-vision"
KEY = "sk-a-secret-of-the-tests"


@dataclass
class Call:
    """What was asked."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """The prompt."""
        content = self.body["messages"][0]["content"]
        return "".join(part["text"] for part in content if part["type"] == "text")


Behaviour = Callable[["Handler"], None]


@dataclass
class ChatServer:
    """What was asked, and how the next calls are answered."""

    says: str = "A brown dog runs on the grass."
    answers: Callable[[Call], str] | None = None  # what is said to a call, instead of `says`
    port: int = 0  # a free one; kept when the server comes back
    calls: list[Call] = field(default_factory=list)
    most_at_once: int = 0
    _script: list[Behaviour] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _now: int = 0
    _gone: bool = False

    def next(self, *behaviours: Behaviour) -> None:
        with self._lock:
            self._script.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        self._script = [behaviour] * 1000

    def honest_again(self) -> None:
        self._script = []

    @contextmanager
    def counted(self, call: Call) -> Iterator[Behaviour]:
        said = self.answers(call) if self.answers else self.says
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            behaviour = self._script.pop(0) if self._script else says(said)
            if self._gone:  # a connection that was kept is not answered either
                behaviour = hangs_up
        try:
            yield behaviour
        finally:
            with self._lock:
                self._now -= 1

    def __enter__(self) -> ChatServer:
        self._gone = False
        handler = type("Bound", (Handler,), {"chat": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._gone = True
        self._server.shutdown()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    chat: ChatServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.path, headers, body)
        self.chat.calls.append(call)
        with self.chat.counted(call) as behaviour:
            try:
                behaviour(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    def send(self, status: int, body: bytes, kind: str = "application/json", **more: str) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), **more}
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's
        pass


def says(text: str, *, after: float = 0.0) -> Behaviour:
    """An answer as the interface has it."""

    def behave(handler: Handler) -> None:
        time.sleep(after)
        handler.send(200, json.dumps(completion(text)).encode())

    return behave


def completion(text: str | None) -> dict[str, Any]:
    """The document of an answer."""
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": {"prompt_tokens": 300, "completion_tokens": 9, "total_tokens": 309},
    }  # fmt: skip


def status(number: int, message: str = "no", *, after: float = 0.0, **headers: str) -> Behaviour:
    """A refusal."""
    body = json.dumps({"error": {"message": message, "type": "error", "code": None}}).encode()

    def behave(handler: Handler) -> None:
        time.sleep(after)
        handler.send(number, body, **headers)

    return behave


def raw(body: bytes, kind: str = "application/json") -> Behaviour:
    """Anything."""
    return lambda handler: handler.send(200, body, kind)


def streams(*parts: str) -> Behaviour:
    """The answer in parts, which nobody asked for."""
    events = [{"choices": [{"index": 0, "delta": {"content": part}}]} for part in parts]
    lines = [f"data: {json.dumps(event)}\n\n" for event in events]
    return raw("".join([*lines, "data: [DONE]\n\n"]).encode(), "text/event-stream")


def stalls(seconds: float, *, after: bytes = b"") -> Behaviour:
    """The headers, the beginning of an answer, and then nothing for long."""

    def behave(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(after)
        handler.wfile.flush()
        time.sleep(seconds)
        handler.close_connection = True

    return behave


def hangs_up(handler: Handler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True
    handler.connection.close()
