"""A Hugging Face Hub on loopback: what it says of a model, and its files, honestly or not.

with hub_server() as hub:
    hub.publish("owner/name", {"config.json": b"{}"})   # a new commit, to which main moves
    hub.next("model.safetensors", breaks_after(1000))   # how the next GET of a file is answered
    ...  # hub.url, hub.gets
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_INFO = re.compile(r"/api/models/(?P<repo>[^/]+/[^/]+)/revision/(?P<revision>.+)")
_FILE = re.compile(r"/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<name>.+)")


@dataclass
class Repository:
    """A model there."""

    commits: dict[str, Mapping[str, bytes]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    gated: bool = False


@dataclass(frozen=True)
class Get:
    """A file that was asked for."""

    name: str
    begin: int = 0  # of the range


Behaviour = Callable[["_Handler", bytes, dict[str, str]], None]


@dataclass
class HubServer:
    """What it has, and what it was asked for."""

    url: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)  # "GET /path"
    agents: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    gets: list[Get] = field(default_factory=list)
    token: str | None = None  # the only one that is known
    _script: dict[str, list[Behaviour]] = field(default_factory=dict)

    def publish(self, repo: str, files: Mapping[str, bytes] | Path) -> str:
        """Add a commit of files, or of a folder's; main is then there."""
        if isinstance(files, Path):
            files = {path.name: path.read_bytes() for path in files.iterdir()}
        there = self.repositories.setdefault(repo, Repository())
        parts = [f"{name} {_etag(data)}" for name, data in sorted(files.items())]
        commit = hashlib.sha1("\n".join(parts).encode(), usedforsecurity=False).hexdigest()
        there.commits[commit] = files
        there.branches["main"] = commit
        return commit

    def next(self, name: str, *behaviours: Behaviour) -> None:
        """How the next GETs of a file, or of what is said of a model ("info"), are answered."""
        self._script.setdefault(name, []).extend(behaviours)

    def behaviour(self, name: str) -> Behaviour:
        script = self._script.get(name)
        return script.pop(0) if script else honest


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: HubServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library has it so
        """Nothing: tests look at `requests`."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _answer(self) -> None:
        hub, path = self.hub, unquote(urlsplit(self.path).path)
        hub.requests.append(f"{self.command} {path}")
        hub.agents.add(self.headers.get("User-Agent", ""))
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        hub.tokens.add(token)
        if token and token != hub.token:
            self.say(401, X_Error_Message="Invalid credentials in Authorization header")
            return
        found = _INFO.fullmatch(path) or _FILE.fullmatch(path)
        there = hub.repositories.get(found["repo"]) if found else None
        if found is None or there is None:
            # As the Hub does: who is unknown is not told whether there is such a model.
            if token:
                self.say(404, X_Error_Code="RepoNotFound")
            else:
                self.say(401, X_Error_Message="Invalid username or password.")
            return
        commit = there.branches.get(found["revision"], found["revision"])
        files = there.commits.get(commit)
        if files is None:
            self.say(404, X_Error_Code="RevisionNotFound")
        elif "name" not in found.groupdict():
            siblings = [{"rfilename": name, "size": len(data)} for name, data in files.items()]
            about: dict[str, Any] = {"id": found["repo"], "sha": commit, "siblings": siblings}
            hub.behaviour("info")(self, json.dumps(about).encode(), {})
        elif there.gated and not token:
            self.say(401, X_Error_Code="GatedRepo")
        elif found["name"] not in files:
            self.say(404, X_Error_Code="EntryNotFound", X_Repo_Commit=commit)
        else:
            self._file(found["name"], files[found["name"]], commit)

    def _file(self, name: str, data: bytes, commit: str) -> None:
        headers = {"ETag": f'"{_etag(data)}"', "X_Repo_Commit": commit, "Accept_Ranges": "bytes"}
        if self.command == "HEAD":
            self.say(200, data, **headers, X_Linked_Size=str(len(data)))
            return
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        self.hub.gets.append(Get(name, int(asked[1]) if asked else 0))
        self.hub.behaviour(name)(self, data, headers)


def honest(handler: _Handler, data: bytes, headers: dict[str, str]) -> None:
    """With ranges, as RFC 9110 has it."""
    asked = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
    if asked is None:
        handler.say(200, data, **headers)
    else:
        begin, total = int(asked[1]), len(data)
        place = f"bytes {begin}-{total - 1}/{total}"
        handler.say(206, data[begin:], **headers, Content_Range=place)


def answers(status: int, body: bytes = b"", **extra: str) -> Behaviour:
    """Just that."""
    return lambda handler, _data, _headers: handler.say(status, body, **extra)


def breaks_after(count: int, *, until: threading.Event | None = None) -> Behaviour:
    """The connection ends after so many bytes; with `until`, not before that is set."""

    def behave(handler: _Handler, data: bytes, headers: dict[str, str]) -> None:
        handler.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data[:count])
        handler.wfile.flush()
        if until is not None:
            until.wait(120)
        handler.close_connection = True

    return behave


def and_then(happens: Callable[[], object]) -> Behaviour:
    """Honestly; before the answer's end something happens."""

    def behave(handler: _Handler, data: bytes, headers: dict[str, str]) -> None:
        happens()
        honest(handler, data, headers)

    return behave


@contextmanager
def hub_server() -> Iterator[HubServer]:
    """A Hub on a free port of 127.0.0.1, in threads of its own."""
    hub = HubServer()
    handler = type("Handler", (_Handler,), {"hub": hub})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        hub.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()


def _etag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
