"""Commands are registered when they changed, in every language that there are texts for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import locales
from bot.locales import languages, say
from tests.bot.adapters.discord.stage import Stage, logged, stage
from tests.support.discord_server import DiscordServer

NAME = re.compile(r"^[-_'\w\u0900-\u097f]{1,32}$")
EVERYWHERE = {"caption", "alt", "help", "privacy", "delete", "stats", "language", "voice",
              "Caption this image", "Show attention", "Write alt text"}  # fmt: skip


def registrations(server: DiscordServer) -> int:
    return len(server.calls("PUT", "/commands"))


async def again(bot: Stage) -> int:
    """Start once more; how often commands were registered by then."""
    await bot.stop()
    await bot.start()
    return registrations(bot.server)


async def test_all_are_there_for_servers_and_for_people(bot: Stage) -> None:
    commands = {command["name"]: command for command in bot.server.world.commands}
    assert set(commands) == EVERYWHERE | {"auto", "owner"}
    for name in EVERYWHERE:
        assert sorted(commands[name]["contexts"]) == [0, 1, 2]
        assert sorted(commands[name]["integration_types"]) == [0, 1]
    images = [o["name"] for o in commands["caption"]["options"] if o["type"] == 11]
    assert images == ["image", "image2", "image3", "image4", "image5"]
    choices = next(o for o in commands["language"]["options"])["choices"]
    assert [choice["value"] for choice in choices] == ["auto", *languages()]


async def test_nothing_is_registered_at_a_start_without_a_change(bot: Stage) -> None:
    assert registrations(bot.server) == 1
    assert await again(bot) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"description": "of an older version"},
        {"name_localizations": {"de": "bildtext"}},
        {"description_localizations": {"fr": "autre chose"}},
        {"integration_types": [0]},
        {"contexts": [0]},
        {"default_member_permissions": "8"},
        {"options": []},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_any_change_is_registered(bot: Stage, change: dict[str, Any]) -> None:
    (caption,) = [c for c in bot.server.world.commands if c["name"] == "caption"]
    caption.update(change)
    assert await again(bot) == 2
    assert await again(bot) == 2


GERMAN = """
name-caption = bildunterschrift
name-help = Hilfe bitte
menu-caption = Bild beschreiben
command-caption = Sagt, was auf einem Foto ist
language-chosen = Von jetzt an Deutsch.
voice-on = Ich lese vor.
no-picture-in-message = Da sehe ich kein Bild.
"""


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A German that has names for commands, one of them none that Discord takes."""
    (tmp_path / "en.ftl").write_text(locales.source("en"), encoding="utf-8")
    (tmp_path / "de.ftl").write_text(GERMAN, encoding="utf-8")

    class Elsewhere:
        @staticmethod
        def files(_: str) -> Path:
            return tmp_path

    monkeypatch.setattr(locales, "resources", Elsewhere)
    _forget()
    yield
    _forget()


def _forget() -> None:
    locales.languages.cache_clear()
    locales._bundle.cache_clear()
    locales._plain.cache_clear()


@pytest.mark.usefixtures("german")
async def test_names_and_descriptions_are_translated(
    server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(server) as bot:
        commands = {command["name"]: command for command in server.world.commands}
        assert commands["caption"]["name_localizations"] == {"de": "bildunterschrift"}
        assert commands["caption"]["description_localizations"] == {
            "de": "Sagt, was auf einem Foto ist"
        }
        assert commands["Caption this image"]["name_localizations"] == {"de": "Bild beschreiben"}
        assert commands["help"]["name_localizations"] == {}  # no name that Discord takes
        await logged(caplog, "name-help in de is no name")
        assert await again(bot) == 1


@pytest.mark.usefixtures("german")
async def test_people_are_answered_in_their_language(server: DiscordServer) -> None:
    async with stage(server) as bot:
        server.locale = "de"
        target = await server.post(bot.person, bot.channel, "no picture")
        said = await bot.answered(await server.choose(bot.person, target, "Caption this image"))
        assert said.content == "Da sehe ich kein Bild."
        server.locale = "en-US"
        told = (await bot.told("language", language="de")).content
        assert told.splitlines()[0] == "Von jetzt an Deutsch."
        assert (await bot.told("voice on")).content == "Ich lese vor."


@pytest.mark.parametrize("lang", languages())
def test_names_are_such_as_discord_takes(lang: str) -> None:
    source = locales.source("en")
    slash = re.findall(r"^(name-[\w-]+) =", source, re.MULTILINE)
    names = [say(text_id, lang) for text_id in slash]
    assert all(NAME.match(name) and name == name.lower() for name in names)
    assert len(set(names)) == len(names)
    menus = [say(text_id, lang) for text_id in ("menu-caption", "menu-attention", "menu-alt")]
    assert all(len(name) <= 32 for name in menus)
    assert len(set(menus)) == len(menus)
    for text_id in re.findall(r"^(command-[\w-]+) =", source, re.MULTILINE):
        assert len(say(text_id, lang)) <= 100
