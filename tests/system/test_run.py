"""`captionbot run` and its roles, as processes: a photo in, a caption out."""

from __future__ import annotations

import asyncio
import io
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.support.chat_completions_server import KEY, MODEL, ChatServer, status
from tests.support.command import captionbot, until_ready
from tests.support.discord_server import discord_server
from tests.support.matrix_server import matrix_server
from tests.support.photos import photo
from tests.support.redis_server import RedisServer, free_port
from tests.support.telegram_server import TOKEN, TelegramServer
from tests.support.web_server import form

pytestmark = pytest.mark.timeout(300)


async def caption(client: aiohttp.ClientSession, url: str, data: bytes) -> dict[str, Any]:
    async with client.post(f"{url}/api/captions", data=form(data)) as answer:
        body: dict[str, Any] = await answer.json()
        assert answer.status == 200, body
        return body


def port() -> tuple[str, str]:
    number = free_port()
    return str(number), f"http://127.0.0.1:{number}"


async def test_everything_in_one_process(checkpoint: Path, tmp_path: Path) -> None:
    number, url = port()
    settings = {"CAPTIONBOT_CHECKPOINT": str(checkpoint), "CAPTIONBOT_WEB_PORT": number}
    async with (
        captionbot("run", folder=tmp_path, **settings) as command,
        aiohttp.ClientSession() as client,
    ):
        await until_ready(client, url)
        assert f"the page is at {url}" in command.log
        found = await caption(client, url, photo(seed=1))
        assert found["caption"].endswith(".")
        assert found["words"]
        assert 0 <= found["confidence"] <= 1
        again = await caption(client, url, photo(seed=1))
        assert again["caption"] == found["caption"]
        async with client.get(url + found["attention_gif"]) as answer:
            gif = Image.open(io.BytesIO(await answer.read()))
            frames = getattr(gif, "n_frames", 1)
            assert (gif.format, frames) == ("GIF", len(found["words"]) + 2)
        async with client.get(url + "/") as answer:
            assert "CaptionBot" in await answer.text()
        assert await command.stopped() == 0
    assert "Traceback" not in command.log
    assert found["caption"] not in command.log


async def test_a_web_process_and_a_worker_over_redis(
    checkpoint: Path, tmp_path: Path, redis_server: RedisServer
) -> None:
    number, url = port()
    database = {"REDIS_URL": redis_server.url.removesuffix("/0") + "/1"}
    async with (
        captionbot("web", folder=tmp_path, CAPTIONBOT_WEB_PORT=number, **database) as web,
        captionbot(
            "worker", folder=tmp_path, CAPTIONBOT_CHECKPOINT=str(checkpoint), **database
        ) as worker,
        aiohttp.ClientSession() as client,
    ):
        await until_ready(client, url)
        found = await asyncio.gather(*(caption(client, url, photo(seed=s)) for s in range(6)))
        assert len({f["id"] for f in found}) == 6
        assert await worker.stopped() == 0
        assert await web.stopped() == 0
    assert "● ok" in worker.log
    assert "Traceback" not in web.log + worker.log


async def test_redis_comes_late_and_goes_away_for_a_while(checkpoint: Path, tmp_path: Path) -> None:
    """Nothing that was accepted is lost: the photo waits in the append-only file."""
    server = RedisServer(tmp_path, appendonly=True)
    number, url = port()
    (tmp_path / "web").mkdir()
    try:
        async with (
            captionbot(
                "web", folder=tmp_path / "web", CAPTIONBOT_WEB_PORT=number, REDIS_URL=server.url
            ) as web,
            aiohttp.ClientSession() as client,
        ):
            await web.until("trying until it is there")
            async with client.post(f"{url}/api/captions", data=form(photo())) as answer:
                assert answer.status == 503
                assert answer.headers["Retry-After"]
            server.start()
            await web.until("redis is there")
            waiting = asyncio.create_task(caption(client, url, photo(seed=3)))
            async with asyncio.timeout(60):
                while "captionbot_queue_depth 1.0" not in await _metrics(client, url):
                    await asyncio.sleep(0.05)
            server.kill()
            server.start()
            async with captionbot(
                "worker", folder=tmp_path / "web", REDIS_URL=server.url,
                CAPTIONBOT_CHECKPOINT=str(checkpoint),
            ):  # fmt: skip
                assert (await waiting)["caption"]
    finally:
        server.kill()


async def _metrics(client: aiohttp.ClientSession, url: str) -> str:
    async with client.get(f"{url}/metrics") as answer:
        return await answer.text()


async def test_telegram_and_discord_from_update_to_reply(checkpoint: Path, tmp_path: Path) -> None:
    number, url = port()
    async with TelegramServer() as telegram, discord_server() as discord:
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "DISCORD_BOT_TOKEN": discord.world.token,
            "DISCORD_API_URL": discord.api_url,
            "DISCORD_GATEWAY_URL": str(discord.gateway_url),
            "DISCORD_CDN_URL": discord.url,
            "CAPTIONBOT_CHECKPOINT": str(checkpoint),
            "CAPTIONBOT_WEB_PORT": number,
            "CAPTIONBOT_LOG_LEVEL": "debug",
        }
        async with (
            captionbot("run", folder=tmp_path, **settings) as command,
            aiohttp.ClientSession() as client,
        ):
            await until_ready(client, url)
            expected = (await caption(client, url, photo(seed=5)))["caption"]

            person = telegram.person()
            sent = person.sends_photo(photo(seed=5))
            await telegram.until(lambda: bool(telegram.made("sendMessage")))
            reply = telegram.made("sendMessage")[0]
            assert expected in reply.params["text"]
            assert reply.params["reply_parameters"]["message_id"] == sent["message_id"]
            assert reply.result is not None
            person.presses(reply.result, "Where did you look?")
            await telegram.until(lambda: bool(telegram.made("sendAnimation")))

            await discord.until_online()
            attachment = discord.world.attachment("cat.jpg", photo(seed=5))
            asked = await discord.caption(discord.world.person("ann"), attachment)
            await discord.until(lambda: asked.original is not None and asked.original.content != "")
            assert asked.original is not None
            assert expected in asked.original.content

            assert await command.stopped() == 0
        assert not telegram.violations
    for secret in (TOKEN, discord.world.token, expected):
        assert secret not in command.log
    assert "Traceback" not in command.log


async def test_a_key_that_is_no_longer_taken(tmp_path: Path) -> None:
    """The process ends with a sentence, and first refuses the photos that nobody will caption."""
    number, url = port()
    with ChatServer() as model:
        async with TelegramServer() as telegram:
            settings = {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_URL": telegram.url,
                "CAPTIONBOT_ENGINE": "openai",
                "CAPTIONBOT_OPENAI_URL": model.url,
                "CAPTIONBOT_OPENAI_MODEL": MODEL,
                "CAPTIONBOT_OPENAI_KEY": KEY,
                "CAPTIONBOT_WEB_PORT": number,
            }
            async with (
                captionbot("run", folder=tmp_path, **settings) as command,
                aiohttp.ClientSession() as client,
            ):
                await until_ready(client, url)
                assert await caption(client, url, photo(seed=1))
                model.always(status(401, after=1.0))  # by then, both have come
                telegram.person().sends_photo(photo(seed=2))
                async with client.post(f"{url}/api/captions", data=form(photo(seed=3))) as answer:
                    assert (await answer.json())["code"] == "internal"
                await telegram.until(lambda: bool(telegram.made("sendMessage")))
                assert await command.ended() == 2
            (reply,) = telegram.made("sendMessage")
            assert "Please try again in a moment" in reply.params["text"]
        assert not telegram.violations
    assert "does not accept the key (status 401); set CAPTIONBOT_OPENAI_KEY" in command.log
    assert KEY not in command.log
    assert "Traceback" not in command.log


async def test_matrix_from_event_to_reply(checkpoint: Path, tmp_path: Path) -> None:
    number, url = port()
    async with matrix_server() as matrix:
        room = matrix.room("@ann:loopback.test")
        settings = {
            "MATRIX_ACCESS_TOKEN": matrix.token,
            "MATRIX_HOMESERVER_URL": matrix.url,
            "CAPTIONBOT_CHECKPOINT": str(checkpoint),
            "CAPTIONBOT_WEB_PORT": number,
            "CAPTIONBOT_LOG_LEVEL": "debug",
        }
        async with (
            captionbot("run", folder=tmp_path, **settings) as command,
            aiohttp.ClientSession() as client,
        ):
            await until_ready(client, url)
            expected = (await caption(client, url, photo(seed=5)))["caption"]
            await matrix.until(lambda: matrix.syncs > 1)
            matrix.photo(room, "@ann:loopback.test", photo(seed=5))
            await matrix.until(lambda: matrix.texts(room))
            assert expected in matrix.texts(room)[0]
            matrix.reacts(room, "@ann:loopback.test", matrix.said(room)[0]["event_id"], "🔍")
            await matrix.until(lambda: len(matrix.said(room)) == 2)
            assert matrix.said(room)[1]["msgtype"] == "m.image"
            assert 'captionbot_replies_total{outcome="sent",platform="matrix"} 2.0' in (
                await _metrics(client, url)
            )
            assert await command.stopped() == 0
        assert not matrix.violations
    for secret in (matrix.token, "IMG_1", "@ann", expected):
        assert secret not in command.log
    assert "Traceback" not in command.log


async def one_line(folder: Path, *arguments: str, **settings: str) -> str:
    """The only line of a command that must end with exit status 2."""
    async with captionbot(*arguments, folder=folder, **settings) as command:
        assert await command.ended() == 2, command.log
    said = [line for line in command.lines if line.startswith("captionbot: ")]
    assert len(said) == 1, command.log
    assert "Traceback" not in command.log
    return said[0]


@pytest.mark.parametrize(
    ("role", "settings", "sentence"),
    [
        ("worker", {}, "needs REDIS_URL"),
        ("telegram", {"REDIS_URL": "redis://127.0.0.1:1/0"}, "set TELEGRAM_BOT_TOKEN"),
        ("discord", {"REDIS_URL": "redis://127.0.0.1:1/0"}, "set DISCORD_BOT_TOKEN"),
        ("matrix", {"REDIS_URL": "redis://127.0.0.1:1/0"}, "set MATRIX_ACCESS_TOKEN"),
        ("run", {"REDIS_URL": "gopher://secret@x"}, "REDIS_URL"),
        ("run", {"CAPTIONBOT_BEAMSIZE": "3"}, "CAPTIONBOT_BEAMSIZE: no such setting"),
        ("run", {"CAPTIONBOT_BEAM_SIZE": "many"}, "CAPTIONBOT_BEAM_SIZE"),
        ("run", {"CAPTIONBOT_WEB_PORT": "70000"}, "CAPTIONBOT_WEB_PORT"),
        ("run", {"CAPTIONBOT_DEVICE": "tpu"}, "CAPTIONBOT_DEVICE"),
    ],
)
async def test_what_an_operator_must_put_right(
    role: str, settings: dict[str, str], sentence: str, tmp_path: Path, checkpoint: Path
) -> None:
    number, _ = port()
    defaults = {"CAPTIONBOT_CHECKPOINT": str(checkpoint), "CAPTIONBOT_WEB_PORT": number}
    said = await one_line(tmp_path, role, **(defaults | settings))
    assert sentence in said
    assert "secret" not in said


async def test_checkpoints_that_are_absent_or_corrupt(tmp_path: Path, checkpoint: Path) -> None:
    number, _ = port()
    absent = tmp_path / "absent.safetensors"
    said = await one_line(
        tmp_path, "run", CAPTIONBOT_CHECKPOINT=str(absent), CAPTIONBOT_WEB_PORT=number
    )
    assert f"{absent}: no such checkpoint; set CAPTIONBOT_CHECKPOINT" in said
    corrupt = tmp_path / "corrupt.safetensors"
    corrupt.write_bytes(checkpoint.read_bytes()[:100_000])
    said = await one_line(
        tmp_path, "run", CAPTIONBOT_CHECKPOINT=str(corrupt), CAPTIONBOT_WEB_PORT=number
    )
    assert f"{corrupt}: damaged or incomplete" in said


async def test_a_port_that_is_taken(tmp_path: Path, checkpoint: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        said = await one_line(
            tmp_path, "run", CAPTIONBOT_CHECKPOINT=str(checkpoint), CAPTIONBOT_WEB_PORT=str(number)
        )
    assert f"127.0.0.1:{number}" in said
    assert "CAPTIONBOT_WEB_PORT" in said


async def test_tokens_that_are_rejected_end_neither_the_page_nor_the_process(
    tmp_path: Path, checkpoint: Path
) -> None:
    number, url = port()
    watched, watched_url = port()
    async with (
        TelegramServer(token="1234567:" + "x" * 35) as telegram,
        captionbot(
            "run", folder=tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=telegram.url,
            DISCORD_BOT_TOKEN="non sense", CAPTIONBOT_METRICS_PORT=watched,
            CAPTIONBOT_CHECKPOINT=str(checkpoint), CAPTIONBOT_WEB_PORT=number,
        ) as command,
        aiohttp.ClientSession() as client,
    ):  # fmt: skip
        await until_ready(client, url)
        assert (await caption(client, url, photo(seed=1)))["caption"]
        async with client.get(f"{watched_url}/ready") as answer:
            assert answer.status == 503
            problems = (await answer.json())["problems"]
        assert problems.keys() == {"telegram", "discord"}
        assert "TELEGRAM_BOT_TOKEN" in problems["telegram"]
        assert "DISCORD_BOT_TOKEN" in problems["discord"]
        for name in problems:
            assert f"{name} is off: " in command.log
        assert "trying again in 60 s" in command.log
        assert await command.stopped() == 0
    assert TOKEN not in command.log
    assert "Traceback" not in command.log


async def test_a_bot_alone_ends_where_its_token_is_rejected(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    server.start()
    try:
        async with TelegramServer(token="1234567:" + "x" * 35) as telegram:
            said = await one_line(
                tmp_path, "telegram", TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=telegram.url,
                REDIS_URL=server.url,
            )  # fmt: skip
    finally:
        server.stop()
    assert "TELEGRAM_BOT_TOKEN" in said
    assert TOKEN not in said
