"""What must stay secret stays so, in every role, whatever goes wrong around it.

Real processes at the most talkative level of logging. Looked through: their logs, what the
processes are called with, their decoding processes' environment, metrics, and what people and
callers are answered.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.support.chat_completions_server import ChatServer, status
from tests.support.command import Command, captionbot
from tests.support.discord_server import TOKEN as DISCORD_TOKEN
from tests.support.discord_server import DiscordServer, discord_server
from tests.support.photos import photo
from tests.support.redis_server import RedisServer, free_port, running_redis
from tests.support.telegram_server import TOKEN, TelegramServer
from tests.support.web_server import form

pytestmark = pytest.mark.timeout(300)

PASSWORD = "redis-Password_0123456789"
SECRETS = {
    "the Telegram token": TOKEN,
    "its secret half": TOKEN.partition(":")[2],
    "the webhook's secret": "webhook-Secret_0123456789",
    "the Discord token": DISCORD_TOKEN,
    "the Redis password": PASSWORD,
    "the hash key": "hash-Key_0123456789abcdef",
    "the model's key": "sk-Key_0123456789abcdef",
    "the Hub's token": "hf_Token0123456789abcdef",
}


def everything(redis: str, telegram: str, discord: str) -> dict[str, str]:
    """Every secret that there is, and the worst level of logging."""
    webhook = f"http://127.0.0.1:{free_port()}/hook"
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
        "TELEGRAM_WEBHOOK_URL": webhook,
        "TELEGRAM_WEBHOOK_SECRET": SECRETS["the webhook's secret"],
        "CAPTIONBOT_WEBHOOK_PORT": webhook.rpartition(":")[2].partition("/")[0],
        "DISCORD_BOT_TOKEN": DISCORD_TOKEN,
        "DISCORD_API_URL": f"{discord}/api/v10",
        "DISCORD_GATEWAY_URL": f"{discord.replace('http', 'ws', 1)}/gateway",
        "DISCORD_CDN_URL": discord,
        "REDIS_URL": redis,
        "CAPTIONBOT_HASH_KEY": SECRETS["the hash key"],
        "CAPTIONBOT_OPENAI_KEY": SECRETS["the model's key"],
        "HF_TOKEN": SECRETS["the Hub's token"],
        "CAPTIONBOT_LOG_LEVEL": "debug",
    }


def with_password(port: int, password: str = PASSWORD) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def nowhere() -> str:
    return f"http://127.0.0.1:{free_port()}"


def check(where: str, text: str) -> None:
    for name, secret in SECRETS.items():
        assert secret not in text, f"{name} is in {where}"


def family(pid: int) -> list[Path]:
    """A process and all that came of it, as folders of /proc."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = folder.joinpath("stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        parents[int(folder.name)] = int(stat[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return [Path(f"/proc/{number}") for number in found]


def check_processes(command: Command) -> int:
    """Look through command lines, and the environment of children; how many children."""
    children = 0
    for folder in family(command.pid):
        try:
            check("a command line", folder.joinpath("cmdline").read_bytes().decode())
            if folder.name != str(command.pid):
                check("a child's environment", folder.joinpath("environ").read_bytes().decode())
                children += 1
        except OSError:
            continue
    return children


async def refusal(url: str) -> str:
    """What somebody is told who sends a photo to the page in trouble, with all headers."""
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{url}/api/captions", data=form(photo())) as answer,
    ):
        assert answer.status >= 400
        return f"{answer.headers} {await answer.text()}"


async def metrics(url: str) -> str:
    async with aiohttp.ClientSession() as client, client.get(f"{url}/metrics") as answer:
        return await answer.text()


@pytest.mark.parametrize("role", ["web", "telegram", "discord", "worker"])
async def test_a_role_whose_servers_are_not_there(
    role: str, tmp_path: Path, checkpoint: Path
) -> None:
    settings = everything(with_password(free_port()), nowhere(), nowhere())
    page = free_port()
    settings |= {"CAPTIONBOT_WEB_PORT": str(page), "CAPTIONBOT_CHECKPOINT": str(checkpoint)}
    trouble = {
        "telegram": "telegram: cannot be reached",
        "discord": "discord: cannot be reached",
    }.get(role, "trying until it is there")
    async with captionbot(role, folder=tmp_path, **settings) as command:
        await command.until("trying until it is there")
        await command.until(trouble)
        if role == "web":
            await command.until("the page is at")
            check("a refusal", await refusal(f"http://127.0.0.1:{page}"))
            check("metrics", await metrics(f"http://127.0.0.1:{page}"))
        check_processes(command)
        await command.stopped()
    check("the log", command.log)


async def test_a_redis_that_wants_another_password(tmp_path: Path, checkpoint: Path) -> None:
    page = free_port()
    with running_redis(tmp_path, "--requirepass", "another-password") as redis:
        settings = everything(with_password(redis.port), nowhere(), nowhere())
        settings |= {"CAPTIONBOT_WEB_PORT": str(page), "CAPTIONBOT_CHECKPOINT": str(checkpoint)}
        async with captionbot("web", folder=tmp_path, **settings) as command:
            await command.until("trying until it is there")
            await command.until("the page is at")
            check("a refusal", await refusal(f"http://127.0.0.1:{page}"))
            redis.pause()  # from here on it times out
            check("metrics", await metrics(f"http://127.0.0.1:{page}"))
            redis.resume()
            await command.stopped()
    check("the log", command.log)


@pytest.mark.parametrize("role", ["telegram", "discord"])
async def test_a_token_that_is_refused(role: str, tmp_path: Path) -> None:
    async with TelegramServer(token="1:" + "x" * 35) as telegram:
        discord = DiscordServer(token="another")
        await discord.start()
        try:
            settings = everything(with_password(free_port()), telegram.url, discord.url)
            async with captionbot(role, folder=tmp_path, **settings) as command:
                assert await command.ended() == 2
        finally:
            await discord.stop()
    assert f"{role.upper()}_BOT_TOKEN" in command.lines[-1]
    check("the log", command.log)


async def test_a_key_that_a_models_server_refuses(tmp_path: Path) -> None:
    key = SECRETS["the model's key"]
    with ChatServer() as server:
        server.always(status(401, f"Incorrect API key provided: {key}"))
        settings = everything(with_password(free_port()), nowhere(), nowhere())
        settings |= {
            "CAPTIONBOT_ENGINE": "openai", "CAPTIONBOT_OPENAI_URL": server.url,
            "CAPTIONBOT_OPENAI_MODEL": "llava",
        }  # fmt: skip
        async with captionbot("worker", folder=tmp_path, **settings) as command:
            assert await command.ended() == 2, command.log
        assert server.calls[0].headers["authorization"] == f"Bearer {key}"
    assert "set CAPTIONBOT_OPENAI_KEY" in command.lines[-1]
    check("the log", command.log)
    assert "data:image" not in command.log, "a photo is in the log"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", f"gopher://:{PASSWORD}@redis.example.org"),
        ("REDIS_URL", f"redis://:{PASSWORD}@redis.example.org:port/0"),
        ("TELEGRAM_BOT_TOKEN", f"{TOKEN} and more"),
        ("DISCORD_BOT_TOKEN", f"{DISCORD_TOKEN} and more"),
        ("TELEGRAM_WEBHOOK_SECRET", f"{SECRETS['the webhook' + chr(39) + 's secret']} and more"),
        ("CAPTIONBOT_OPENAI_KEY", f"{SECRETS['the model' + chr(39) + 's key']} and more"),
        ("TELEGRAM_WEBHOOK_URL", f"https://user:{PASSWORD}@bot.example.org/"),
        (f"CAPTIONBOT_HASH_KEY{SECRETS['the hash key']}", "the equals sign is at a wrong place"),
    ],
)
async def test_a_secret_that_is_no_good_is_not_repeated(
    name: str, value: str, tmp_path: Path, checkpoint: Path
) -> None:
    settings = everything(with_password(free_port()), nowhere(), nowhere())
    settings |= {
        "CAPTIONBOT_WEB_PORT": str(free_port()), "CAPTIONBOT_CHECKPOINT": str(checkpoint),
        name: value,
    }  # fmt: skip
    # A token is looked at when it is used; with the others, even a worker does not start.
    role = {"TELEGRAM_BOT_TOKEN": "telegram", "DISCORD_BOT_TOKEN": "discord"}.get(name, "run")
    async with captionbot(role, folder=tmp_path, **settings) as command:
        assert await command.ended() == 2, command.log
    check("the sentence", command.log)


async def test_a_system_in_trouble(tmp_path: Path, checkpoint: Path) -> None:
    """All in one process, over servers that fail in the middle of what they do."""
    page = free_port()
    with running_redis(tmp_path, "--requirepass", PASSWORD) as redis:
        async with TelegramServer() as telegram, discord_server() as discord:
            settings = everything(with_password(redis.port), telegram.url, discord.url)
            settings |= {"CAPTIONBOT_WEB_PORT": str(page), "CAPTIONBOT_CHECKPOINT": str(checkpoint)}
            async with captionbot("run", folder=tmp_path, **settings) as command:
                await command.until("telegram: listening")
                await command.until("discord: logged in")
                await _ask(telegram, discord)
                assert check_processes(command) >= 1, "no decoding process to look at"
                await _lose(redis, command)
                check("a refusal", await refusal(f"http://127.0.0.1:{page}"))
                check("metrics", await metrics(f"http://127.0.0.1:{page}"))
                await command.stopped()
            said = [str(call.params) for call in telegram.made()]
            said += [message.content for message in discord.world.messages.values()
                     if message.author is discord.world.bot]  # fmt: skip
    check("the log", command.log)
    check("what people are told", "\n".join(said))


async def _ask(telegram: TelegramServer, discord: DiscordServer) -> None:
    """Photos on both platforms, while calls are cut off, refused or answered with errors."""
    for method in ("getFile", "download", "sendMessage"):
        telegram.fail(method, reset=True)
        telegram.fail(method, status=500)
    discord.fail("PATCH", "@original", 500)
    discord.fail("PATCH", "@original", 0)
    telegram.person().sends_photo(photo(seed=1))
    await discord.until_online()
    attachment = discord.world.attachment("cat.jpg", photo(seed=2))
    asked = await discord.caption(discord.world.person("ann"), attachment)
    await telegram.until(telegram.made, seconds=90)
    await discord.until(lambda: asked.original is not None and asked.original.content != "")
    await discord.gateway.drop()


async def _lose(redis: RedisServer, command: Command) -> None:
    before = len(command.lines)
    redis.kill()
    async with asyncio.timeout(60):
        while len(command.lines) < before + 2:
            await asyncio.sleep(0.1)
