"""Discord's events as its gateway sends them.

What people can bring about must be handled without an error of ours; what only a broken Discord
would send must be survived: the bot answers the next person.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.bot.adapters.discord.stage import Stage, stage
from tests.fuzz.mutations import mutated_json
from tests.fuzz.target import Check, Open, Outcome, Target
from tests.fuzz.targets.complaints import Complaints, complaints
from tests.support.discord_server import DiscordServer, Interaction, discord_server
from tests.support.photos import photo

Json = dict[str, Any]
_MEMBER: Json = {
    "roles": [], "joined_at": "$TIME", "deaf": False, "mute": False,
    "flags": 0, "nick": None, "avatar": None,
}  # fmt: skip
_ANN: Json = {
    "id": "$PERSON", "username": "ann", "discriminator": "0", "avatar": None, "global_name": None,
    "bot": False, "public_flags": 0,
}  # fmt: skip
_BOT: Json = _ANN | {"id": "$BOT", "username": "captionbot", "bot": True}


def _attachment(name: str, kind: str) -> Json:
    address = f"$CDN/attachments/1/2/{name}?ex=1"
    return {
        "id": "$ID", "filename": name, "size": 900, "url": address, "proxy_url": address,
        "content_type": kind, "description": "a cat",
    }  # fmt: skip


def _message(content: str, *attachments: Json, **more: Any) -> Json:
    return {
        "id": "$ID", "channel_id": "$CHANNEL", "guild_id": "$GUILD", "type": 0, "author": _ANN,
        "member": _MEMBER, "content": content, "attachments": list(attachments), "components": [],
        "embeds": [{"type": "image", "url": "http://127.0.0.1:9/x.jpg",
                    "image": {"url": "http://127.0.0.1:9/x.jpg"}}],
        "mentions": [_BOT], "mention_roles": [], "mention_everyone": False, "pinned": False,
        "tts": False, "flags": 0, "timestamp": "$TIME",
        "edited_timestamp": None, **more,
    }  # fmt: skip


def _interaction(kind: int, data: Json, **more: Any) -> Json:
    return {
        "id": "$ID", "application_id": "$BOT", "type": kind, "token": "$TOKEN", "version": 1,
        "data": data, "locale": "en-GB", "channel_id": "$CHANNEL", "entitlements": [],
        "channel": {"id": "$CHANNEL", "type": 0, "guild_id": "$GUILD", "name": "photos",
                    "position": 0, "permission_overwrites": [], "nsfw": False, "topic": None,
                    "parent_id": None, "last_message_id": None, "rate_limit_per_user": 0},
        "app_permissions": "$ALLOWED", "attachment_size_limit": 10_485_760,
        "authorizing_integration_owners": {"0": "$GUILD"}, "guild_id": "$GUILD", "context": 0,
        "member": {**_MEMBER, "user": _ANN, "permissions": "$NOTHING"}, **more,
    }  # fmt: skip


def _command(name: str, *options: Json, **resolved: Any) -> Json:
    data = {"id": "$COMMAND", "name": name, "type": 1, "options": list(options)}
    return _interaction(2, {**data, "resolved": resolved})


def _events() -> list[tuple[str, Json]]:
    picture = _attachment("cat.jpg", "image/jpeg")
    given = {"name": "image", "type": 11, "value": "$ID"}
    private = {"name": "private", "type": 5, "value": True}
    return [
        ("MESSAGE_CREATE", _message("<@$BOT> what is this?", picture)),
        ("MESSAGE_CREATE", _message("<@$BOT> and these?", picture, _attachment("notes.txt", ""))),
        ("MESSAGE_CREATE", _message("<@$BOT>")),
        ("INTERACTION_CREATE", _command("caption", given, private, attachments={"$ID": picture})),
        ("INTERACTION_CREATE", _command("help")),
        ("INTERACTION_CREATE", _command("language", {"name": "language", "type": 3,
                                                     "value": "de"})),
        ("INTERACTION_CREATE", _interaction(3, {"custom_id": "alt:1:0", "component_type": 2},
                                            message=_message("A dog.", author=_BOT))),
    ]  # fmt: skip


def _seeds() -> Sequence[bytes]:
    return [json.dumps(event).encode() for event in _events()]


class _Bench:
    """A bot on a stage, and what is filled into events."""

    def __init__(self, server: DiscordServer, bot: Stage, heard: Complaints) -> None:
        self._server, self._bot, self._heard = server, bot, heard
        path = "/attachments/1/2/cat.jpg"
        server.world.files[path] = photo(64, 48)

    async def check(self, data: bytes, *, wild: bool) -> Outcome:
        """Send an event, and wait until nothing that came of it is in hand."""
        event, about = self._filled(data)
        if not isinstance(event, str) or not isinstance(about, dict | list):
            return Outcome("refused", "no event")  # the gateway's frames are Discord's own
        # discord.py knows one Discord in a process; there may be another bench in this one.
        Route.BASE = self._server.api_url
        DiscordWebSocket.DEFAULT_GATEWAY = URL(self._server.gateway_url)
        self._heard.taken()  # of another bench in this process
        before = asyncio.all_tasks()
        await self._server.gateway.dispatch(event, about)
        await self._answers_others()
        async with asyncio.timeout(60):
            while any(_is_a_handler(task) for task in asyncio.all_tasks() - before):
                await asyncio.sleep(0.002)
            await self._bot.emptied()
        complaints, wrong = self._heard.taken(), self._server.rest.violations[:]
        self._server.rest.violations.clear()
        self._server.rest.received.clear()
        if not wild:
            assert not complaints, complaints[0]
            assert not wrong, f"a call that Discord refuses: {wrong[0][:300]}"
        return Outcome("refused" if complaints else "accepted", "logged" if complaints else "")

    async def _answers_others(self) -> None:
        """Somebody else is answered, be it after the bot has connected anew."""
        for patience in range(1, 20):
            assert not self._bot.begun.done(), "the bot has ended"
            if self._server.gateway.live is not None:
                asked = await self._server.command(self._bot.person, "help")
                try:
                    async with asyncio.timeout(patience):
                        await self._bot.answered(asked)
                except TimeoutError:
                    continue
                return
            await asyncio.sleep(0.5)
        raise AssertionError("nobody is answered any more")

    def _filled(self, data: bytes) -> tuple[Any, Any]:
        world = self._server.world
        number = world.snowflake()
        token = f"aW50ZXJhY3Rpb24{number}"
        world.interactions[token] = Interaction(number, token, world.text_channel, self._bot.person)
        command = next((c["id"] for c in world.commands if c["name"] == "caption"), "1")
        text = data.decode()
        for name, value in {
            "$PERSON": self._bot.person.id, "$BOT": world.bot.id, "$CHANNEL": world.text_channel.id,
            "$GUILD": world.guild, "$ID": number, "$TOKEN": token, "$CDN": world.cdn,
            "$ALLOWED": world.allowed, "$NOTHING": 0, "$COMMAND": command,
            "$TIME": "2026-01-01T00:00:00+00:00",
        }.items():  # fmt: skip
            text = text.replace(name, str(value))
        pair = json.loads(text)
        return (pair[0], pair[1]) if isinstance(pair, list) and len(pair) == 2 else (None, None)


def _is_a_handler(task: asyncio.Task[Any]) -> bool:
    return task.get_name().startswith("discord.py: ") or "CommandTree" in task.get_name()


@asynccontextmanager
async def _open(*, wild: bool) -> AsyncIterator[Check]:
    async with discord_server() as server:
        logging.getLogger("discord").setLevel(logging.ERROR)
        with complaints() as heard:
            async with stage(server) as bot:
                bench = _Bench(server, bot, heard)
                yield lambda data: bench.check(data, wild=wild)
        server.rest.violations.clear()


def _opening(*, wild: bool) -> Open:
    return lambda: _open(wild=wild)


def _wild(seed: bytes, dice: Any, others: Sequence[bytes]) -> bytes:
    """Only what is JSON arrives at all."""
    changed = mutated_json(seed, dice, others)
    try:
        json.loads(changed)
        changed.decode()
    except (ValueError, RecursionError):
        return seed
    return changed


TARGETS = (
    Target(
        name="discord",
        group="servers",
        seeds=_seeds,
        mutate=partial(mutated_json, kinds=False),
        open=_opening(wild=False),
        share=6,
    ),
    Target(
        name="discord-broken",
        group="servers",
        seeds=_seeds,
        mutate=_wild,
        open=_opening(wild=True),
        share=4,
    ),
)
