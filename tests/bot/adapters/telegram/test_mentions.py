"""In a group the bot's name asks for a caption, and /auto on for all."""

from __future__ import annotations

import pytest

from bot.locales import say
from bot.store import Store
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.bot.adapters.telegram.steps import next_answer, rest, told
from tests.support.photos import photo
from tests.support.telegram_server import BOT

NAME = "@loopback_caption_bot"


@pytest.mark.parametrize("text", [NAME, f"what is this, {NAME.upper()}?", f"🙂 {NAME}"])
async def test_name_under_a_photo(bench: Bench, text: str) -> None:
    member = bench.server.member(bench.server.group())
    message = member.sends_photo(photo(), caption=text)
    params = await next_answer(bench, member)
    assert params["text"] == CAPTION
    assert params["reply_parameters"]["message_id"] == message["message_id"]


async def test_name_in_a_reply_to_a_photo(bench: Bench) -> None:
    group = bench.server.group()
    message = bench.server.member(group).sends_photo(photo())
    member = bench.server.member(group)
    member.says(f"{NAME} please", reply_to=message)
    params = await next_answer(bench, member)
    assert params["text"] == CAPTION
    assert params["reply_parameters"]["message_id"] == message["message_id"]


async def test_name_by_a_link_to_the_bot(bench: Bench) -> None:
    """Those without a username are mentioned by a link; so may the bot be."""
    member = bench.server.member(bench.server.group())
    entity = {"type": "text_mention", "offset": 0, "length": 4, "user": BOT}
    photo_of = member.sends_photo(photo())["photo"]
    member.sends({"photo": photo_of, "caption": "you?", "caption_entities": [entity]})
    assert (await next_answer(bench, member))["text"] == CAPTION


async def test_other_names_and_idle_talk_are_nothing_to_us(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    text = member.says("hello")
    message = member.sends_photo(photo(), caption="@another_bot look")
    member.says(f"thank you {NAME}")
    member.says(f"thank you {NAME}", reply_to=text)
    member.says("@loopback_caption_bots", reply_to=message)
    assert await rest(bench) == []


async def test_auto_is_for_admins_and_answers_every_photo(bench: Bench) -> None:
    group = bench.server.group()
    member, admin = bench.server.member(group), bench.server.member(group)
    bench.server.make_admin(group, admin.user["id"])
    bench.server.make_admin(group, BOT["id"])  # so it sees everything
    assert await told(bench, member, "/auto on") == say("auto-not-allowed")
    assert await told(bench, admin, "/auto") == say("auto-how")
    assert await told(bench, admin, "/auto on") == say("auto-on")
    member.sends_photo(photo())
    assert (await next_answer(bench, member, 3))["text"] == CAPTION
    member.sends_album([photo(seed=1), photo(seed=2)])
    assert (await next_answer(bench, member, 4))["text"] == f"1. {CAPTION}\n2. {CAPTION}"
    member.sends_sticker(photo(format="WEBP"))
    member.sends_file(b"no picture")
    member.says("hello")
    bench.server.member(bench.server.group()).sends_photo(photo())
    assert len(await rest(bench)) == 5
    assert await told(bench, admin, "/auto OFF") == say("auto-off")
    member.sends_photo(photo(seed=3))
    assert len(await rest(bench)) == 6


async def test_auto_says_so_where_privacy_mode_hides_the_photos(bench: Bench) -> None:
    group = bench.server.group()
    admin = bench.server.member(group)
    bench.server.make_admin(group, admin.user["id"])
    assert await told(bench, admin, "/auto on") == say("auto-needs-sight")


async def test_auto_without_privacy_mode(idle: Bench) -> None:
    idle.server.world.bot["can_read_all_group_messages"] = True
    await idle.start()
    group = idle.server.group()
    admin = idle.server.member(group)
    idle.server.make_admin(group, admin.user["id"])
    assert await told(idle, admin, "/auto on") == say("auto-on")
    await idle.stop()
    await idle.start()  # it is remembered
    admin.sends_photo(photo())
    assert (await next_answer(idle, admin, 1))["text"] == CAPTION


async def test_admin_who_stays_anonymous(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    auto = {"type": "bot_command", "offset": 0, "length": 5}
    member.sends({"text": "/auto off", "entities": [auto], "sender_chat": member.chat})
    assert (await next_answer(bench, member))["text"] == say("auto-off")


async def test_auto_where_it_cannot_be(bench: Bench) -> None:
    assert await told(bench, bench.server.person(), "/auto on") == say("auto-in-groups")


async def test_auto_without_the_store(idle: Bench, gone_store: Store) -> None:
    idle.store = gone_store
    await idle.start()
    group = idle.server.group()
    admin = idle.server.member(group)
    idle.server.make_admin(group, admin.user["id"])
    assert await told(idle, admin, "/auto on") == say("choices-unavailable")


async def test_choice_follows_a_group_that_becomes_a_supergroup(bench: Bench) -> None:
    old, new = bench.server.group(), bench.server.group()
    admin = bench.server.member(old)
    for ident in (admin.user["id"], BOT["id"]):
        bench.server.make_admin(old, ident)
    assert await told(bench, admin, "/auto on") == say("auto-on")
    admin.sends({"migrate_to_chat_id": new["id"]})
    assert len(await rest(bench)) == 1
    member = bench.server.member(new)
    member.sends_photo(photo())
    assert (await next_answer(bench, member))["text"] == CAPTION


async def test_choice_is_forgotten_when_the_bot_is_sent_away(bench: Bench) -> None:
    group = bench.server.group()
    admin = bench.server.member(group)
    for ident in (admin.user["id"], BOT["id"]):
        bench.server.make_admin(group, ident)
    assert await told(bench, admin, "/auto on") == say("auto-on")
    admin.removes_bot()
    await rest(bench)
    admin.sends_photo(photo())
    assert len(await rest(bench)) == 1
