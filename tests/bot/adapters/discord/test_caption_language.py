"""Captions in the language that a person's Discord is in, or that they chose."""

from __future__ import annotations

from bot.locales import say
from tests.bot.adapters.discord.stage import CAPTION, Stage, stage, stranger
from tests.support.discord_server import DiscordServer
from tests.support.photos import photo
from tests.support.scripted_worker import jpeg, scripted_reply, speaks

_SIZE = (64, 48)


async def captioned(bot: Stage) -> str:
    """What /caption says of a red photo."""
    answer = await bot.answered(await bot.use_caption(jpeg("red", _SIZE)))
    await bot.emptied()
    return answer.content


async def test_captions_in_the_persons_language(server: DiscordServer) -> None:
    multilingual = speaks("en", "de", "ar")
    async with stage(server, start=False) as bot:
        bot.script.reply = lambda job: scripted_reply(job, multilingual)
        await bot.queue.announce("another worker", ready=True, capabilities=multilingual)
        await bot.start()
        server.locale = "de"
        assert await captioned(bot) == "ein Bild in Rot"
        now = say("language-now", "de", bot="Deutsch", captions="Arabisch")
        assert (await bot.told("language", captions="ar")).content == now
        assert await captioned(bot) == "صورة حمراء"
        bot.person, server.locale = stranger(server), "it"
        told_once = say(
            "captions-not-in", "it", wanted="italiano", used="inglese",
            languages="inglese, tedesco, arabo",
        )  # fmt: skip
        for remark in (f"\n\n{told_once}", ""):
            assert await captioned(bot) == f"a red picture{remark}"
        assert [job.language for job in bot.jobs] == ["de", "ar", "en"], "the rest was known"


async def test_an_album_with_a_file_that_is_no_photo_is_told_too(server: DiscordServer) -> None:
    async with stage(server) as bot:
        server.locale = "it"
        world = server.world
        album = [world.attachment("a.jpg", b"no photo"), world.attachment("b.jpg", photo())]
        target = await server.post(bot.person, bot.channel, attachments=album)
        said = await bot.answered(await server.choose(bot.person, target, "Caption this image"))
        assert say("not_an_image", "it") in said.content
        told = say("captions-not-in", "it", wanted="italiano", used="inglese", languages="inglese")
        assert said.content.endswith(f"{CAPTION}\n\n{told}")
