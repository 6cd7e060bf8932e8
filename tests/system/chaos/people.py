"""People who send photos, and what each of them got to read about each photo."""

from __future__ import annotations

import asyncio
import random
import re
from collections import defaultdict
from dataclasses import dataclass, field

from bot.locales import ENGLISH, say
from tests.support.discord_server import DiscordServer, Interaction, Message
from tests.support.telegram_server import Call, TelegramServer
from tests.system.chaos.photos import Tag, tagged
from tests.system.chaos.worker import sentence

_NUMBER = re.compile(sentence(0).replace("0", r"(\d+)"), re.IGNORECASE)
# Discord tells the person that "the application did not respond" after three seconds; a busy
# machine is given more.
_ACKNOWLEDGED_WITHIN = 6.0
NO_RESPONSE = "(Discord: the application did not respond)"


@dataclass(slots=True)
class Heard:
    """What came back about one photo."""

    numbers: list[int] = field(default_factory=list)  # of the sentences that say one
    refusals: list[str] = field(default_factory=list)  # sentences that say why there is none

    @property
    def settled(self) -> bool:
        """Whether whoever sent it knows how it ended."""
        return bool(self.numbers or self.refusals)


def _plain(text: str) -> str:
    return re.sub(r"\d+", "#", text)


_PASSING = {
    _plain(say("waking", ENGLISH)),
    *(_plain(say("waiting", ENGLISH, ahead=ahead)) for ahead in (1, 2)),
}


def _hear(heard: Heard, text: str) -> None:
    if found := _NUMBER.search(text):
        heard.numbers.append(int(found[1]))
    elif text and _plain(text) not in _PASSING:
        heard.refusals.append(_plain(text))


class OnTelegram:
    """People in private chats."""

    def __init__(self, server: TelegramServer, people: int) -> None:
        self._server = server
        self._people = [server.person() for _ in range(people)]
        self._photos: dict[int, int] = {}  # message → number
        self.ways: dict[int, str] = defaultdict(lambda: "private message")
        self._heard: dict[int, Heard] = defaultdict(Heard)
        self._read = 0  # calls looked at

    async def send(self, tag: Tag, chance: random.Random) -> None:
        """Somebody sends a photo."""
        message = chance.choice(self._people).sends_photo(tagged(tag))
        self._photos[message["message_id"]] = tag.number

    def heard(self) -> dict[int, Heard]:
        """By the number of the photo, as far as something was said."""
        calls: list[Call] = self._server.calls[self._read :]
        self._read += len(calls)
        for call in calls:
            if call.method == "sendMessage" and call.result is not None:
                about = (call.params.get("reply_parameters") or {}).get("message_id")
                if about in self._photos:
                    _hear(self._heard[self._photos[about]], call.params["text"])
        return self._heard


class OnDiscord:
    """People who write to the bot, mention it in a channel, or use its command there."""

    def __init__(self, server: DiscordServer, people: int) -> None:
        self._server = server
        self._people = [server.world.person(f"person{n}") for n in range(people)]
        self._messages: dict[int, int] = {}  # message → number
        self._commands: dict[int, Interaction] = {}  # number → interaction
        self.ways: dict[int, str] = {}  # in which it was sent
        self._watches: set[asyncio.Task[None]] = set()

    async def greet(self) -> None:
        """Everybody says hello in private: Discord tells no bot of channels that it never saw."""
        direct = [self._server.world.dm(person) for person in self._people]
        for person, channel in zip(self._people, direct, strict=True):
            await self._server.post(person, channel, "hello")
        await self._server.until(lambda: all(map(self._server.said, direct)))

    async def send(self, tag: Tag, chance: random.Random) -> None:
        """Somebody shows a photo, in one of three ways."""
        world, person = self._server.world, chance.choice(self._people)
        photo = world.attachment(f"{tag.number}.jpg", tagged(tag))
        way = self.ways[tag.number] = chance.choice(("private message", "mention", "command"))
        match way:
            case "private message":
                posted = await self._server.post(person, world.dm(person), attachments=[photo])
            case "mention":
                posted = await self._server.post(
                    person, world.text_channel, f"<@{world.bot.id}>", attachments=[photo]
                )
            case _:
                asked = await self._server.caption(person, photo)
                self._commands[tag.number] = asked
                watch = asyncio.create_task(self._expire(asked))
                self._watches.add(watch)
                watch.add_done_callback(self._watches.discard)
                return
        self._messages[posted.id] = tag.number

    async def close(self) -> None:
        """Watch no longer."""
        watches = list(self._watches)
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)

    def heard(self) -> dict[int, Heard]:
        """By the number of the photo, as far as something was said."""
        found: dict[int, Heard] = defaultdict(Heard)
        originals: set[int] = set()
        for number, asked in self._commands.items():
            if asked.expired:
                found[number].refusals.append(NO_RESPONSE)
            if asked.original is not None:
                originals.add(asked.original.id)
                self._messages[asked.original.id] = number
                _read(found[number], asked.original)
        for message in list(self._server.world.messages.values()):
            if message.author is self._server.world.bot and message.id not in originals:
                about = message.reference.id if message.reference else 0
                if about in self._messages:
                    _read(found[self._messages[about]], message)
        return found

    async def _expire(self, asked: Interaction) -> None:
        await asyncio.sleep(_ACKNOWLEDGED_WITHIN)
        if not asked.acknowledged:
            asked.expired = True


def _read(heard: Heard, message: Message) -> None:
    if not message.loading and not message.deleted:
        _hear(heard, message.content)
