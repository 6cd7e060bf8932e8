"""A checkpoint that has yet to come: by the command, and while the bot already answers."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.command import captionbot, environment, until_ready
from tests.support.file_server import FileServer, answers, breaks_after, file_server, honest, say
from tests.support.hub_server import HubServer, hub_server
from tests.support.hub_server import breaks_after as stalls_after
from tests.support.photos import photo
from tests.support.redis_server import free_port
from tests.support.telegram_server import TOKEN, TelegramServer
from tests.support.transformers_models import save

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def data(checkpoint: Path) -> bytes:
    return checkpoint.read_bytes()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def pull(
    folder: Path, *arguments: object, **settings: str
) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot.cli", "weights", "pull", *map(str, arguments)],
        cwd=folder, env=environment(**settings), capture_output=True, text=True, timeout=200,
        check=False,
    )  # fmt: skip


async def test_a_file_by_its_address(data: bytes, tmp_path: Path) -> None:
    async with file_server(data) as server:
        server.next(breaks_after(len(data) // 2))
        done = await pull(tmp_path, server.url, "--sha256", sha256(data).upper())
    assert done.returncode == 0, done.stderr
    assert done.stdout == "file.bin\n"
    assert (tmp_path / "file.bin").read_bytes() == data
    assert "the connection broke; going on" in done.stderr
    assert "100%" in done.stderr
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "file.bin").stat().st_mode) == 0o666 & ~umask


async def test_without_a_checksum_it_is_said_what_came(data: bytes, tmp_path: Path) -> None:
    async with file_server(data) as server:
        done = await pull(tmp_path, server.url, "--to", tmp_path / "a" / "b.safetensors")
    assert done.returncode == 0, done.stderr
    assert f"CAPTIONBOT_CHECKPOINT_SHA256={sha256(data)}" in done.stderr
    assert (tmp_path / "a" / "b.safetensors").read_bytes() == data


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["http://example.org/x"], "must start with https://"),
        (["https://127.0.0.1:9/"], "names no file; say with --to"),
        (["https://127.0.0.1:9/x", "--sha256", "abc"], "64 hexadecimal digits"),
        ([], "set CAPTIONBOT_CHECKPOINT_URL, or give an address"),
    ],
)
async def test_what_cannot_be_asked(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = await pull(tmp_path, *arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert says in done.stderr


async def test_what_is_no_checkpoint_replaces_none(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(data)
    page = b"<html>" + b"x" * 100
    async with file_server(page) as server:
        done = await pull(tmp_path, server.url, "--to", path)
    assert done.returncode == 2
    assert "what came is no checkpoint: not a safetensors file" in done.stderr
    assert path.read_bytes() == data


def settings(server: FileServer, data: bytes, folder: Path) -> dict[str, str]:
    return {
        "CAPTIONBOT_CHECKPOINT_URL": server.url,
        "CAPTIONBOT_CHECKPOINT_SHA256": sha256(data),
        "CAPTIONBOT_CHECKPOINT": str(folder / "cache" / "model.safetensors"),
    }


async def test_the_bot_answers_while_its_model_is_on_its_way(data: bytes, tmp_path: Path) -> None:
    arrived = asyncio.Event()

    async def slow(server: FileServer, request: Any, writer: asyncio.StreamWriter) -> None:
        await say(writer, 200, server.data[:5000], content_length=len(data), etag=server.etag)
        await arrived.wait()  # and then the connection breaks

    number = free_port()
    url = f"http://127.0.0.1:{number}"
    async with file_server(data) as server, TelegramServer() as telegram:
        server.next(slow, answers(503), honest)
        own = settings(server, data, tmp_path) | {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "CAPTIONBOT_WEB_PORT": str(number),
        }
        async with (
            captionbot("run", folder=tmp_path, **own) as command,
            aiohttp.ClientSession() as client,
        ):
            await command.until("fetching http://127.0.0.1")
            person = telegram.person()
            sent = person.sends_photo(photo(seed=5))
            await telegram.until(lambda: bool(telegram.made("sendMessage")))
            first = telegram.made("sendMessage")[0].params["text"]
            assert "still waking up" in first
            async with client.get(f"{url}/ready") as answer:
                assert answer.status == 503
            arrived.set()
            await command.until("the checkpoint is there")
            await until_ready(client, url)
            await telegram.until(lambda: answered(telegram))
            assert await command.stopped() == 0
        assert sent
    assert "Traceback" not in command.log


def of_the_hub(hub: HubServer, folder: Path, name: str) -> dict[str, str]:
    """Settings in .env and without; the Hub's stand in .env, where operators write them."""
    (folder / ".env").write_text(
        f"CAPTIONBOT_CHECKPOINT=hf:{name}\nHF_ENDPOINT={hub.url}\nHF_HOME={folder / 'hf'}\n"
    )
    # Loopback speaks no Xet.
    return {"CAPTIONBOT_WEB_PORT": str(free_port()), "HF_HUB_DISABLE_XET": "1"}


async def test_the_bot_answers_while_a_model_of_the_hub_is_on_its_way(tmp_path: Path) -> None:
    arrived = threading.Event()
    with hub_server() as hub:
        hub.publish("owner/blip", save("blip", tmp_path / "blip"))
        hub.next("model.safetensors", stalls_after(40_000, until=arrived))
        async with TelegramServer() as telegram:
            own = of_the_hub(hub, tmp_path, "owner/blip") | {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_URL": telegram.url,
            }
            async with (
                captionbot("run", folder=tmp_path, **own) as command,
                aiohttp.ClientSession() as client,
            ):
                await command.until("fetching hf:owner/blip: ")
                telegram.person().sends_photo(photo(seed=5))
                await telegram.until(lambda: bool(telegram.made("sendMessage")))
                assert "still waking up" in telegram.made("sendMessage")[0].params["text"]
                arrived.set()
                await command.until("CAPTIONBOT_CHECKPOINT=hf:owner/blip@")
                await until_ready(client, f"http://127.0.0.1:{own['CAPTIONBOT_WEB_PORT']}")
                await telegram.until(lambda: answered(telegram))
                assert await command.stopped() == 0
    assert ", 100%" in command.log
    assert "Traceback" not in command.log


@pytest.mark.parametrize(
    ("files", "gated", "says"),
    [
        (("config.json", "model.safetensors"), True, "accept its terms at"),
        (("config.json", "pytorch_model.bin"), False, "its weights are pickles"),
        (("model.safetensors",), False, "no model of transformers is there"),
        ((), False, "there is no such model, or it is private"),
    ],
)
async def test_a_model_of_the_hub_that_cannot_be_had(
    tmp_path: Path, files: tuple[str, ...], gated: bool, says: str
) -> None:
    with hub_server() as hub:
        if files:
            hub.publish("owner/name", dict.fromkeys(files, b"{}"))
            hub.repositories["owner/name"].gated = gated
        own = of_the_hub(hub, tmp_path, "owner/name")
        async with captionbot("run", folder=tmp_path, **own) as command:
            assert await command.ended() == 2
    assert command.lines[-1].startswith("captionbot: hf:owner/name: ")
    assert says in command.lines[-1]
    assert "Traceback" not in command.log


def answered(telegram: TelegramServer) -> bool:
    made = [*telegram.made("sendMessage"), *telegram.made("editMessageText")]
    return any("waking" not in one.params.get("text", "") for one in made)


async def test_a_worker_whose_checkpoint_is_another_ends_with_a_sentence(
    data: bytes, tmp_path: Path
) -> None:
    async with file_server(data[:-1] + b"\0") as server:
        own = settings(server, data, tmp_path) | {"CAPTIONBOT_WEB_PORT": str(free_port())}
        async with captionbot("run", folder=tmp_path, **own) as command:
            assert await command.ended() == 2
        assert len(server.requests) == 1
    assert "this is another file: its SHA-256 is" in command.lines[-1]
    assert "Traceback" not in command.log
    assert not (tmp_path / "cache" / "model.safetensors").exists()


async def test_it_stops_at_once_while_it_fetches(data: bytes, tmp_path: Path) -> None:
    over = asyncio.Event()

    async def hang(_server: FileServer, _request: Any, _writer: asyncio.StreamWriter) -> None:
        await over.wait()

    async with file_server(data) as server:
        server.next(hang)
        async with captionbot(
            "run", folder=tmp_path, CAPTIONBOT_WEB_PORT=str(free_port()),
            **settings(server, data, tmp_path),
        ) as command:  # fmt: skip
            await command.until("the page is at")
            async with asyncio.timeout(60):
                while not server.requests:
                    await asyncio.sleep(0.02)
            assert await command.stopped() == 0
        over.set()
    assert "Traceback" not in command.log


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ("CAPTIONBOT_CHECKPOINT_SHA256", "CAPTIONBOT_CHECKPOINT_SHA256: set it with"),
        ("CAPTIONBOT_CHECKPOINT", "CAPTIONBOT_CHECKPOINT: set it with"),
        ("CAPTIONBOT_CHECKPOINT_URL", "CAPTIONBOT_CHECKPOINT_URL: set it too"),
    ],
)
async def test_settings_that_belong_together(
    data: bytes, tmp_path: Path, left_out: str, says: str
) -> None:
    own = settings(FileServer(data, url="https://example.org/x"), data, tmp_path)
    del own[left_out]
    done = await pull(tmp_path, **own)
    assert done.returncode == 2
    assert says in done.stderr
