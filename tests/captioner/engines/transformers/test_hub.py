"""Names of models, and models fetched from a Hub on loopback, by huggingface_hub itself."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import huggingface_hub.constants as theirs
import pytest
from huggingface_hub import close_session
from PIL import Image

from bot.settings import load_settings
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.transformers.hub import HubFetch, HubModel, fetched_folder, hub_model, needed
from captioner.loading import hub_of, load_captioner
from captioner.network import FetchError
from tests.support.hub_server import HubServer, and_then, answers, breaks_after, hub_server
from tests.support.redis_server import free_port

BLIP = HubModel("someone/blip")
WEIGHTS = "model.safetensors"
SMALL = {"config.json": b"{}", "tokenizer.json": b"[]", WEIGHTS: bytes(range(256)) * 400}
_FETCH = """
import asyncio, sys
from captioner.engines.transformers.hub import HubFetch, HubModel

print(asyncio.run(HubFetch(model=HubModel(sys.argv[1]), tries=1).run()))
"""


SOUND = ["config.json", "model.safetensors", "tokenizer.json", "README.md"]


def test_the_names_of_models() -> None:
    assert hub_model("hf:Salesforce/blip") == HubModel("Salesforce/blip")
    assert hub_model(Path("hf:a/b.c-d@v1.0")) == HubModel("a/b.c-d", "v1.0")
    assert str(hub_model("hf:gpt2@main")) == "hf:gpt2@main"
    assert hub_model("model.safetensors") is None
    assert hub_model(None) is None


@pytest.mark.parametrize(
    "name", ["hf:", "hf:a/b/c", "hf:../b", "hf:a/..", "hf:a b", "hf:a/b@", "hf:a/b@../x", "hf:-a"]
)
def test_names_of_none(name: str) -> None:
    with pytest.raises(CheckpointError, match="hf:"):
        hub_model(name)


def test_what_is_fetched_of_a_repository() -> None:
    names = [*SOUND, "pytorch_model.bin", "code.py", "onnx/model.onnx", "tf_model.h5", "a/b.json"]
    assert needed(names, where="x") == ["config.json", "model.safetensors", "tokenizer.json"]
    shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    index = "model.safetensors.index.json"
    assert needed(["config.json", *shards, index], where="x") == sorted([
        "config.json", *shards, index,
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["config.json", "pytorch_model.bin"], "its weights are pickles, which can run code"),
        (["config.json", "README.md"], "no model.safetensors is there"),
        (["model.safetensors"], "no model of transformers is there"),
        ([], "no model of transformers is there"),
    ],
)
def test_repositories_without_a_model(names: list[str], sentence: str) -> None:
    with pytest.raises(CheckpointError, match=f"^hf:a/b: {sentence}"):
        needed(names, where="hf:a/b")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubServer]:
    """A Hub, an empty cache, and nobody's token."""
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.delenv("HUGGING_FACE_HUB_TOKEN", raising=False)
    with hub_server() as server:
        # They are read from the environment when huggingface_hub is imported.
        monkeypatch.setattr(theirs, "ENDPOINT", server.url)
        template = server.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(theirs, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(theirs, "HF_HUB_CACHE", str(tmp_path / "hub"))
        monkeypatch.setattr(theirs, "HF_TOKEN_PATH", str(tmp_path / "token"))
        monkeypatch.setattr(theirs, "HF_HUB_DISABLE_TELEMETRY", True)
        monkeypatch.setattr(theirs, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setattr(theirs, "HF_HUB_OFFLINE", False)
        yield server
        close_session()


async def fetch(model: HubModel = BLIP, tries: int = 1) -> Path:
    return await HubFetch(model=model, tries=tries, pause=0.01).run()


async def failure(model: HubModel = BLIP) -> str:
    """The sentence that operators read."""
    with pytest.raises((FetchError, CheckpointError)) as raised:
        await fetch(model)
    text = str(raised.value)
    assert text.startswith(str(model))
    assert "\n" not in text
    return text


def fetched(hub: HubServer) -> list[str]:
    return [get.name for get in hub.gets]


def test_a_model_of_the_hub_captions(
    hub: HubServer, folder: Callable[[str], Path], photos: list[Image.Image]
) -> None:
    commit = hub.publish(BLIP.repository, folder("blip"))
    captioner = load_captioner(load_settings(None), Path(str(BLIP)))
    (said,) = captioner.caption(photos[:1])
    assert said.captions[0].text
    assert captioner.path is not None
    assert captioner.path.name == commit
    assert captioner.identity.startswith("blip ")


async def test_what_is_fetched_and_told(hub: HubServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    others = {"pytorch_model.bin": b"pickle", "modeling.py": b"code", "README.md": b"hello"}
    commit = hub.publish(BLIP.repository, SMALL | others)
    told: list[tuple[int, int | None]] = []
    path = await HubFetch(model=BLIP, progress=lambda *news: told.append(news)).run()
    assert {one.name: one.read_bytes() for one in path.iterdir()} == SMALL
    assert sorted(fetched(hub)) == sorted(SMALL)
    assert fetched(hub)[-1] == WEIGHTS, "what is small comes first"
    total = sum(map(len, SMALL.values()))
    assert told == sorted(told)
    assert told[-1] == (total, total)
    assert f"CAPTIONBOT_CHECKPOINT=hf:someone/blip@{commit}" in caplog.text
    assert hub.tokens == {""}


async def test_the_first_revision_stays_when_the_branch_moves(hub: HubServer) -> None:
    first = hub.publish(BLIP.repository, SMALL)
    pinned = HubModel(BLIP.repository, first)
    path = await fetch()
    second = hub.publish(BLIP.repository, SMALL | {WEIGHTS: b"new"})
    hub.requests.clear()
    assert await fetch() == await fetch(pinned) == path
    assert not hub.requests, "what is there needs no Hub"
    newer = await fetch(HubModel(BLIP.repository, second))
    assert (newer / WEIGHTS).read_bytes() == b"new"
    assert await fetch() == path
    assert (path / WEIGHTS).read_bytes() == SMALL[WEIGHTS]


async def test_a_pinned_revision_is_fetched_though_the_branch_is_elsewhere(hub: HubServer) -> None:
    first = hub.publish(BLIP.repository, SMALL)
    hub.publish(BLIP.repository, SMALL | {WEIGHTS: b"new"})
    path = await fetch(HubModel(BLIP.repository, first))
    assert (path / WEIGHTS).read_bytes() == SMALL[WEIGHTS]
    assert fetched_folder(BLIP) is None


async def test_a_connection_that_breaks_goes_on_where_it_was(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theirs, "DOWNLOAD_CHUNK_SIZE", 10_000)  # what comes is kept in such pieces
    hub.publish(BLIP.repository, SMALL)
    hub.next(WEIGHTS, breaks_after(40_000))
    path = await fetch()
    assert (path / WEIGHTS).read_bytes() == SMALL[WEIGHTS]
    assert [get.begin for get in hub.gets if get.name == WEIGHTS] == [0, 40_000]


async def test_after_a_longer_break_whole_files_are_kept_and_halves_are_not(
    hub: HubServer, tmp_path: Path
) -> None:
    hub.publish(BLIP.repository, SMALL)
    hub.next(WEIGHTS, breaks_after(40_000), answers(503))
    assert "the Hub answered 503; try again later" in await failure()
    assert fetched_folder(BLIP) is None
    assert not list(tmp_path.rglob("*.incomplete"))
    hub.gets.clear()
    told: list[int] = []
    path = await HubFetch(model=BLIP, progress=lambda done, _: told.append(done)).run()
    assert fetched(hub) == [WEIGHTS]
    assert (path / WEIGHTS).read_bytes() == SMALL[WEIGHTS]
    assert told[-1] == sum(map(len, SMALL.values()))


async def test_a_branch_that_moves_meanwhile_is_not_mixed(hub: HubServer) -> None:
    hub.publish(BLIP.repository, SMALL)
    changed = SMALL | {"config.json": b"{} ", WEIGHTS: b"new"}
    hub.next("tokenizer.json", and_then(lambda: hub.publish(BLIP.repository, changed)))
    path = await fetch(tries=2)
    assert {one.name: one.read_bytes() for one in path.iterdir()} == changed
    assert fetched_folder(BLIP) == path


async def test_a_process_that_ends_in_the_middle(hub: HubServer, tmp_path: Path) -> None:
    hub.publish(BLIP.repository, SMALL)
    over = threading.Event()
    hub.next(WEIGHTS, breaks_after(40_000, until=over))
    environment = {name: value for name, value in os.environ.items() if "HF_" not in name}
    environment |= {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path), "HF_HUB_DISABLE_XET": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _FETCH, BLIP.repository, env=environment,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    async with asyncio.timeout(120):
        while WEIGHTS not in fetched(hub):
            await asyncio.sleep(0.02)
    process.kill()
    await process.wait()
    over.set()
    assert fetched_folder(BLIP) is None
    assert (tmp_path / "hub").is_dir(), "HF_HOME was not used"
    path = await fetch()
    assert (path / WEIGHTS).read_bytes() == SMALL[WEIGHTS]


async def test_models_that_are_not_there(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "there is no such model, or it is private" in await failure()
    hub.publish(BLIP.repository, SMALL)
    assert "no such revision" in await failure(HubModel(BLIP.repository, "v2"))
    hub.token = "hf_right"
    monkeypatch.setenv("HF_TOKEN", "hf_right")
    assert "there is no such model" in await failure(HubModel("someone/else"))
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    text = await failure()
    assert "HF_TOKEN" in text
    assert "hf_wrong" not in text


async def test_a_gated_model(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.publish(BLIP.repository, SMALL)
    hub.repositories[BLIP.repository].gated = True
    text = await failure()
    assert "accept its terms" in text
    assert "HF_TOKEN" in text
    assert not hub.gets
    hub.token = "hf_right"
    monkeypatch.setenv("HF_TOKEN", "hf_right")
    assert (await fetch() / WEIGHTS).is_file()


async def test_the_hub_of_an_env_file(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where huggingface_hub itself does not look."""
    hub.publish(BLIP.repository, SMALL)
    hub.token = "hf_right"
    monkeypatch.setattr(theirs, "ENDPOINT", f"http://127.0.0.1:{free_port()}")
    file = tmp_path / ".env"
    home = tmp_path / "home"
    file.write_text(f"HF_ENDPOINT={hub.url}/\nHF_TOKEN=hf_right\nHF_HOME={home}\n")
    with monkeypatch.context() as patched:
        for name in ("HF_ENDPOINT", "HF_HOME", "HF_HUB_CACHE"):
            patched.delenv(name, raising=False)
        where = hub_of(load_settings(file))
    assert "hf_right" not in repr(where)
    path = await HubFetch(model=BLIP, hub=where, tries=1).run()
    assert path.is_relative_to(home / "hub")
    assert (path / WEIGHTS).read_bytes() == SMALL[WEIGHTS]
    assert fetched_folder(BLIP, home / "hub") == path
    assert fetched_folder(BLIP) is None


async def test_pickles_are_refused_before_anything_is_fetched(hub: HubServer) -> None:
    hub.publish(BLIP.repository, {"config.json": b"{}", "pytorch_model.bin": b"x" * 1000})
    assert "its weights are pickles" in await failure()
    assert not hub.gets


async def test_a_hub_that_is_away(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theirs, "ENDPOINT", f"http://127.0.0.1:{free_port()}")
    assert "no connection to the Hub" in await failure()


async def test_a_hub_that_comes_back(hub: HubServer) -> None:
    hub.publish(BLIP.repository, SMALL)
    hub.next("info", answers(503), answers(429))
    assert (await fetch(tries=3) / WEIGHTS).is_file()


async def test_what_is_no_hub(hub: HubServer) -> None:
    hub.publish(BLIP.repository, SMALL)
    hub.next("info", answers(200, b"<html>Please log in</html>"))
    assert "HF_ENDPOINT" in await failure()


async def test_a_disk_without_room(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.publish(BLIP.repository, SMALL)
    hub.next(WEIGHTS, answers(503))
    await failure()
    missing = len(SMALL[WEIGHTS])
    for free, enough in ((missing - 1, False), (missing, True)):
        usage = type("Usage", (), {"free": free})
        monkeypatch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
        if enough:  # what is there already needs no room
            assert (await fetch() / WEIGHTS).is_file()
        else:
            assert "make room" in await failure()


async def test_offline(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.publish(BLIP.repository, SMALL)
    monkeypatch.setattr(theirs, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in await failure()
    assert not hub.requests


async def test_who_waits_no_more_stops_it(hub: HubServer) -> None:
    hub.publish(BLIP.repository, SMALL)
    over = threading.Event()
    hub.next(WEIGHTS, breaks_after(40_000, until=over))
    task = asyncio.create_task(fetch())
    async with asyncio.timeout(30):
        while WEIGHTS not in fetched(hub):
            await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    over.set()
    for thread in threading.enumerate():
        if thread.name == "hub":
            await asyncio.to_thread(thread.join, 30)
            assert not thread.is_alive()
    assert fetched_folder(BLIP) is None
