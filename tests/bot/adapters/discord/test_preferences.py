"""What people choose, what is kept of that, and who may know how much there was to do."""

from __future__ import annotations

import pytest

from bot.chat.access_control import AccessControl
from bot.chat.speech import Speech
from bot.locales import say
from bot.settings import Settings
from bot.store import MemoryStore, Preferences, StoreUnavailable
from tests.bot.adapters.discord.stage import CAPTION, Stage, stage, stranger
from tests.support.discord_server import DiscordServer
from tests.support.facts import USUAL


def access_control(**lists: str) -> AccessControl:
    """The lists as an operator writes them."""
    written = {f"CAPTIONBOT_{name.upper()}": value for name, value in lists.items()}
    return AccessControl(Settings(_env_file=None, **written))  # type: ignore[call-arg, arg-type] # pydantic-settings'


async def chosen(bot: Stage) -> Preferences:
    """What the store knows of the person."""
    return await bot.store.preferences(bot.service.hashed("person", str(bot.person.id)))


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was read aloud."""
    texts: list[str] = []

    async def speak(text: str, *, language: str = "en") -> Speech:
        texts.append(text)
        return Speech(b"OggS", 1.0)

    monkeypatch.setattr("bot.chat.messenger.speak", speak)
    return texts


async def test_voice_for_a_message_comes_with_the_answer(bot: Stage, spoken: list[str]) -> None:
    assert (await bot.told("voice on")).content == say("voice-on")
    assert (await chosen(bot)).voice
    await bot.mention("cat.jpg")
    message = (await bot.said(2))[-1]
    assert [a["filename"] for a in message.attachments] == ["caption.ogg"]
    assert spoken == [f"{CAPTION}."]
    bot.person = stranger(bot.server)
    await bot.mention("dog.jpg")
    assert (await bot.said(3))[-1].attachments == []


async def test_voice_for_a_command_comes_behind_the_answer(bot: Stage, spoken: list[str]) -> None:
    await bot.told("voice on")
    answer = await bot.answered(await bot.use_caption(private=True))
    await bot.server.until(lambda: len(bot.server.said(bot.channel)) == 3)
    sound = bot.server.said(bot.channel)[-1]
    assert [a["filename"] for a in answer.attachments] == ["photo.jpg"]
    assert [a["filename"] for a in sound.attachments] == ["caption.ogg"]
    assert sound.ephemeral
    await bot.emptied()
    assert (await bot.told("voice off")).content == say("voice-off")
    await bot.answered(await bot.use_caption())
    await bot.emptied()
    assert len(spoken) == 1


async def test_language_goes_before_what_discord_says(bot: Stage) -> None:
    told = await bot.told("language", language="en")
    now = say("language-now", bot="English", captions="English")
    assert told.content == f"{say('language-chosen', 'en')}\n{now}"
    assert told.ephemeral
    assert (await chosen(bot)).language == "en"
    await bot.told("language", language="auto")
    assert (await chosen(bot)).language is None


async def test_everything_that_is_kept_is_deleted(bot: Stage) -> None:
    await bot.told("voice on")
    assert (await bot.told("delete")).content == say("deleted")
    assert await chosen(bot) == Preferences()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("privacy", say("privacy", delete="/delete", **USUAL)),
        ("help", say("help-discord", **USUAL)),
    ],
)
async def test_what_is_to_be_known(bot: Stage, command: str, said: str) -> None:
    told = await bot.told(command)
    assert told.content == said
    assert told.ephemeral


async def test_counts_are_for_owners(server: DiscordServer) -> None:
    async with stage(server, start=False) as bot:
        await bot.start(access=access_control(owners=f"discord:{bot.person.id}"))
        await bot.answered(await bot.use_caption())
        await bot.answered(await bot.use_caption(b"no photo"))
        await bot.emptied()
        told = await bot.told("stats")
        assert told.ephemeral
        assert told.content.startswith(say("stats"))
        assert "discord.caption: 1" in told.content
        assert "discord.refused.not_an_image: 1" in told.content
        bot.person = stranger(server)
        assert (await bot.told("stats")).content == say("owners-only")


@pytest.mark.parametrize("whose", ["person", "guild"])
async def test_who_is_blocked_gets_no_answer(server: DiscordServer, whose: str) -> None:
    async with stage(server, start=False) as bot:
        blocked = bot.person.id if whose == "person" else server.world.guild
        await bot.start(access=access_control(block=f"discord:{blocked}"))
        await bot.mention("cat.jpg")
        told = await bot.answered(await bot.use_caption())
        assert told.content == say("blocked")
        assert told.ephemeral
        told = await bot.told("privacy")  # that everybody may know
        assert told.content == say("privacy", delete="/delete", **USUAL)
        assert bot.jobs == []
        assert all(m.ephemeral for m in server.said(bot.channel))


async def test_blocked_people_cannot_press_buttons(server: DiscordServer) -> None:
    async with stage(server) as bot:
        await bot.mention("cat.jpg")
        (answer,) = await bot.said()
        await bot.stop()
        bot.person = stranger(server)
        await bot.start(access=access_control(block=f"discord:{bot.person.id}"))
        assert (await bot.pressed(answer, 0)).content == say("blocked")


class Broken(MemoryStore):
    """A store whose server is away."""

    async def preferences(self, who: str) -> Preferences:  # noqa: ARG002 - it is the store's
        raise StoreUnavailable

    async def forget(self, who: str) -> None:  # noqa: ARG002 - it is the store's
        raise StoreUnavailable


@pytest.mark.parametrize("store", [Broken(), None])
async def test_without_a_store_photos_are_answered_all_the_same(
    server: DiscordServer, store: MemoryStore | None
) -> None:
    async with stage(server, store=store) as bot:
        for command in ("voice on", "voice off"):
            assert (await bot.told(command)).content == say("choices-unavailable")
        assert (await bot.told("language", language="en")).content == say("choices-unavailable")
        await bot.mention("cat.jpg")
        answers = [m for m in await bot.said(4) if not m.ephemeral]
        assert [m.content for m in answers] == [CAPTION]


async def test_deleting_while_the_store_is_away(server: DiscordServer) -> None:
    async with stage(server, store=Broken()) as bot:
        assert (await bot.told("delete")).content == say("choices-unavailable")
