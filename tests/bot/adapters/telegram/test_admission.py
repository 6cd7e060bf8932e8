"""Who may not use the bot hears it once, in private; and is nothing to it in company."""

from __future__ import annotations

from bot.locales import say
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.bot.adapters.telegram.steps import access_control, alerts, captioned, rest, told
from tests.support.facts import USUAL
from tests.support.photos import photo


async def test_blocked_person(idle: Bench) -> None:
    person = idle.server.person()
    await idle.start(access=access_control(block=f"telegram:{person.chat_id}"))
    assert await told(idle, person, "hello") == say("blocked")
    person.sends_photo(photo())
    person.says("/start")
    person.says("/caption")
    assert await rest(idle) == [say("blocked")]
    assert idle.jobs == []
    assert not idle.server.downloads
    assert await told(idle, person, "/privacy") == say("privacy", delete="/delete", **USUAL)
    assert await told(idle, person, "/delete") == say("deleted")


async def test_group_that_is_not_on_the_list(idle: Bench) -> None:
    welcome, other = idle.server.group(), idle.server.group()
    await idle.start(access=access_control(allow=f"telegram:{welcome['id']}"))
    stranger = idle.server.member(other)
    stranger.sends_photo(photo(), caption="/caption")
    stranger.says("/caption")
    stranger.says("/auto on")
    _, answer = await captioned(idle, idle.server.member(welcome), caption="/caption")
    assert answer["text"] == CAPTION
    await idle.settled()
    assert not idle.server.made(chat_id=other["id"])


async def test_press_of_a_blocked_person(idle: Bench) -> None:
    group = idle.server.group()
    blocked = idle.server.member(group)
    await idle.start(access=access_control(block=f"telegram:{blocked.user['id']}"))
    _, answer = await captioned(idle, idle.server.member(group), caption="/caption")
    for label in ("button-attention", "button-speech", "button-delete"):
        blocked.presses(answer, say(label))
    await idle.server.until(lambda: len(alerts(idle)) == 3)
    assert set(alerts(idle)) == {say("blocked")}
    await idle.settled()
    assert len(idle.jobs) == 1
