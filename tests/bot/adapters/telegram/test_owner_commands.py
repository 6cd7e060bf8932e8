"""Owners decide at run time who may use the bot on Telegram, and whether it works at all."""

from __future__ import annotations

import uuid

import pytest

from bot.adapters.telegram.messenger import YES
from bot.chat.owner_commands import OwnerCommand
from bot.locales import say
from bot.store import Store
from bot.store.redis import RedisStore
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.bot.adapters.telegram.steps import (
    access_control,
    alerts,
    captioned,
    next_answer,
    rest,
    told,
)
from tests.support.facts import USUAL
from tests.support.photos import photo
from tests.support.redis_server import RedisServer
from tests.support.telegram_server import Json, Person


async def owned(bench: Bench) -> Person:
    """Start the bot; its owner, in a chat of their own with it."""
    owner = bench.server.person()
    await bench.start(access=access_control(owners=f"telegram:{owner.chat_id}"))
    return owner


def in_group(owner: Person, member: Person) -> Person:
    """The owner, writing in the group of somebody else."""
    member.user = owner.user
    return member


async def asked(bench: Bench, person: Person, text: str, *, reply_to: Json | None = None) -> Json:
    """The message with buttons that a command is answered with."""
    before = len(bench.server.made(chat_id=person.chat_id))
    person.says(text, reply_to=reply_to)
    await next_answer(bench, person, before)
    answer: Json = bench.server.made(chat_id=person.chat_id)[before].result
    return answer


async def pressed(bench: Bench, person: Person, question: Json, label: str = "button-yes") -> None:
    """Press one of the two buttons; returns when that is settled, or refused in an alert."""
    before = len(alerts(bench))
    person.presses(question, say(label))
    await bench.server.until(lambda: len(alerts(bench)) > before)
    if alerts(bench)[-1] is None:
        await bench.server.until(lambda: "reply_markup" not in question)


async def test_blocking_by_id_with_confirmation(
    idle: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    owner, nuisance = await owned(idle), idle.server.person()
    name = f"telegram:{nuisance.chat_id}"
    question = await asked(idle, owner, f"/block {nuisance.chat_id}")
    assert question["text"] == say("block-sure", who=name)
    await pressed(idle, owner, question)
    assert question["text"].startswith(say("block-done", who=name))
    assert "reply_markup" not in question
    assert f"owner telegram:{owner.chat_id} blocked {name}" in caplog.text
    nuisance.sends_photo(photo())
    assert (await next_answer(idle, nuisance))["text"] == say("blocked")
    assert idle.jobs == []
    assert not idle.server.downloads
    said = await told(idle, owner, f"/lift {nuisance.chat_id}")
    assert said.startswith(say("lift-done", who=name))
    _, answer = await captioned(idle, nuisance)
    assert answer["text"] == CAPTION


async def test_blocking_who_wrote_a_message(idle: Bench) -> None:
    owner, group = await owned(idle), idle.server.group()
    nuisance, owner_there = idle.server.member(group), in_group(owner, idle.server.member(group))
    bot = idle.server.world.bot["username"]
    message = nuisance.says("rude words")
    question = await asked(idle, owner_there, f"/block@{bot}", reply_to=message)
    assert question["text"] == say("block-sure", who=f"telegram:{nuisance.user['id']}")
    await pressed(idle, owner_there, question)
    nuisance.sends_photo(photo(), caption="/caption")
    _, answer = await captioned(idle, idle.server.member(group), caption="/caption")
    assert answer["text"] == CAPTION
    await idle.settled()
    assert len(idle.jobs) == 1


async def test_blocking_the_group(idle: Bench) -> None:
    owner, group = await owned(idle), idle.server.group()
    owner_there, bot = in_group(owner, idle.server.member(group)), idle.server.world.bot["username"]
    question = await asked(idle, owner_there, f"/block@{bot} here")
    assert question["text"] == say("block-sure", who=f"telegram:{group['id']}")
    await pressed(idle, owner_there, question)
    said = len(idle.server.made())
    idle.server.member(group).sends_photo(photo(), caption="/caption")
    idle.server.member(group).says("/caption")
    await rest(idle)
    assert idle.jobs == []
    assert len(idle.server.made(chat_id=group["id"])) == said  # the question, later edited


@pytest.mark.parametrize("what", ["anonymous", "bot", "topic", "nothing", "name", "private"])
async def test_nobody_is_blocked_by_mistake(idle: Bench, what: str) -> None:
    owner, group = await owned(idle), idle.server.group()
    member, world = idle.server.member(group), idle.server.world
    owner_there = in_group(owner, idle.server.member(group))
    command, reply = f"/block@{world.bot['username']}", None
    if what == "anonymous":  # an admin who writes as the group
        reply = member.sends({"text": "rude", "sender_chat": group})
    elif what == "bot":
        reply = (await captioned(idle, member, caption="/caption"))[1]
    elif what == "topic":  # what everything in a forum's topic replies to
        reply = member.sends({"forum_topic_created": {"name": "Photos", "icon_color": 1}})
    elif what == "name":
        command += " @somebody"
    elif what == "private":
        owner_there, command = owner, "/block here"
    answer = await asked(idle, owner_there, command, reply_to=reply)
    assert answer["text"] == say("access-how", command="/block", example="12345")
    assert "reply_markup" not in answer


async def test_owners_are_safe_from_themselves(idle: Bench) -> None:
    owner = await owned(idle)
    name = f"telegram:{owner.chat_id}"
    assert await told(idle, owner, f"/block {owner.chat_id}") == say("access-owner", who=name)


async def test_others_learn_nothing(idle: Bench) -> None:
    owner, group, stranger = await owned(idle), idle.server.group(), idle.server.person()
    member, bot = idle.server.member(group), idle.server.world.bot["username"]
    owner_there = in_group(owner, idle.server.member(group))
    for command in OwnerCommand:
        assert await told(idle, stranger, f"/{command} 5") == say("owners-only-command")
        member.says(f"/{command}@{bot} 5")
        # an admin who writes as the group may be an owner, but nobody can know
        owner_there.sends({"text": f"/{command}@{bot} 5", "sender_chat": group})
    await rest(idle)
    assert not idle.server.made(chat_id=group["id"])


async def test_a_button_works_for_the_owner_who_was_asked(idle: Bench) -> None:
    owner, group = await owned(idle), idle.server.group()
    owner_there, other = in_group(owner, idle.server.member(group)), idle.server.member(group)
    bot = idle.server.world.bot["username"]
    question = await asked(idle, owner_there, f"/block@{bot} 4711")
    await pressed(idle, other, question)
    assert alerts(idle) == [say("owners-only-command")]
    forged = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    owner_there.sends_callback(question, forged.replace("4711", "4712"))
    other.sends_callback(question, f"{YES}:pause:all:captions:0:0000000000")
    await idle.server.until(lambda: len(alerts(idle)) == 3)
    assert alerts(idle)[1:] == [say("confirm-not-yours"), say("owners-only-command")]
    assert question["text"] == say("block-sure", who="telegram:4711")  # it still stands there
    assert (await told(idle, owner, "/access")).count("–") == 2


async def test_a_button_that_is_pressed_twice(idle: Bench) -> None:
    owner = await owned(idle)
    question = await asked(idle, owner, "/pause")
    buttons = question["reply_markup"]
    await pressed(idle, owner, question)
    assert question["text"].startswith(say("pause-done", resume="/resume"))
    assert await told(idle, owner, "/resume") == say("resume-done")
    question["reply_markup"] = buttons  # on another device, that has not heard of it
    await pressed(idle, owner, question)
    assert alerts(idle) == [None, say("confirm-twice")]
    _, answer = await captioned(idle, idle.server.person())
    assert answer["text"] == CAPTION


async def test_while_it_is_paused_everybody_is_told_the_truth(idle: Bench) -> None:
    owner, person = await owned(idle), idle.server.person()
    group = idle.server.group()
    message, answer = await captioned(idle, person)
    await pressed(idle, owner, await asked(idle, owner, "/pause"))
    for somebody in (person, owner):
        before = len(idle.server.made(chat_id=somebody.chat_id))
        somebody.sends_photo(photo())
        assert (await next_answer(idle, somebody, before))["text"] == say("paused")
    before = len(idle.server.made(chat_id=person.chat_id))
    person.presses(answer, say("button-attention"))
    assert (await next_answer(idle, person, before))["text"] == say("paused")
    idle.server.member(group).sends_photo(photo(), caption="/caption")
    await idle.server.until(lambda: idle.server.made(chat_id=group["id"]))
    assert idle.server.made(chat_id=group["id"])[0].params["text"] == say("paused")
    assert len(idle.jobs) == 1
    assert len(idle.server.downloads) == 1
    assert (await told(idle, person, "/help")) == say("help", **USUAL)
    assert message["photo"]
    await told(idle, owner, "/resume")
    await captioned(idle, person)


async def test_nothing_is_pressed_away_without_yes(idle: Bench) -> None:
    owner = await owned(idle)
    question = await asked(idle, owner, "/pause")
    await pressed(idle, owner, question, "button-no")
    assert question["text"] == say("confirm-no")
    await captioned(idle, idle.server.person())


@pytest.mark.parametrize("lang", ["de", "ar", "ja"])
async def test_owners_are_asked_in_their_language(idle: Bench, lang: str) -> None:
    owner = await owned(idle)
    owner.user["language_code"] = lang
    question = await asked(idle, owner, "/block 4711")
    assert question["text"] == say("block-sure", lang, who="telegram:4711")
    (row,) = question["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == [say("button-yes", lang), say("button-no", lang)]
    owner.presses(question, say("button-yes", lang))
    await idle.server.until(lambda: "reply_markup" not in question)
    assert question["text"].startswith(say("block-done", lang, who="telegram:4711"))


async def test_help_tells_owners_more_but_only_in_private(idle: Bench) -> None:
    owner, group = await owned(idle), idle.server.group()
    assert (
        await told(idle, owner, "/help")
        == f"{say('help', **USUAL)}\n\n{say('help-owner', example='12345')}"
    )
    assert await told(idle, idle.server.person(), "/help") == say("help", **USUAL)
    there = in_group(owner, idle.server.member(group))
    assert await told(idle, there, f"/help@{idle.server.world.bot['username']}") == say(
        "help", **USUAL
    )


async def test_a_store_that_is_away(idle: Bench, gone_store: Store) -> None:
    idle.store = gone_store
    owner = await owned(idle)
    for command in ("/access", "/block 5", "/pause", "/resume", "/allow 5", "/lift 5"):
        assert await told(idle, owner, command) == say("choices-unavailable")
    _, answer = await captioned(idle, idle.server.person())
    assert answer["text"] == CAPTION


async def test_a_group_that_becomes_a_supergroup_stays_blocked(idle: Bench) -> None:
    owner, old, new = await owned(idle), idle.server.group(), idle.server.group()
    await pressed(idle, owner, await asked(idle, owner, f"/block {old['id']}"))
    idle.server.member(old).sends({"migrate_to_chat_id": new["id"]})
    idle.server.member(new).sends_photo(photo(), caption="/caption")
    await rest(idle)
    assert idle.jobs == []
    assert f"telegram:{new['id']}" in await told(idle, owner, "/access")


async def test_a_restart_knows_it(idle: Bench, redis_server: RedisServer) -> None:
    prefix = uuid.uuid4().hex
    idle.store = RedisStore(redis_server.url, prefix)
    owner, nuisance = await owned(idle), idle.server.person()
    question = await asked(idle, owner, f"/block {nuisance.chat_id}")
    await pressed(idle, owner, question)
    assert question["text"] == say("block-done", who=f"telegram:{nuisance.chat_id}")  # it is kept
    await idle.stop()
    await idle.store.close()
    idle.store = RedisStore(redis_server.url, prefix)
    await idle.start(access=access_control(owners=f"telegram:{owner.chat_id}"))
    nuisance.sends_photo(photo())
    assert (await next_answer(idle, nuisance))["text"] == say("blocked")
