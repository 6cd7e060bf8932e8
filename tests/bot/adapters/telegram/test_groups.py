"""Groups: silence, unless the bot is asked."""

import pytest

from bot.locales import say
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.support.facts import USUAL
from tests.support.photos import photo
from tests.support.telegram_server import Json, Person

VIDEO = {
    "file_id": "F",
    "file_unique_id": "U",
    "duration": 2,
    "width": 9,
    "height": 9,
}


async def only_answers(bench: Bench, count: int) -> list[Json]:
    """What was said, once everything sent so far is dealt with and a last question answered."""
    last = bench.server.person()
    last.says("/start")
    await bench.server.until(lambda: bench.server.made(chat_id=last.chat_id))
    await bench.server.until(lambda: len(bench.server.made()) >= count + 1)
    await bench.settled()
    return [c.params for c in bench.server.made() if c.params["chat_id"] != last.chat_id]


async def test_silence(bench: Bench) -> None:
    group = bench.server.group()
    member, other = bench.server.member(group), bench.server.member(group)
    message = member.sends_photo(photo())
    member.sends_photo(photo(), caption="my new caption")
    member.sends_file(photo())
    member.says("hello /caption")
    other.says("nice", reply_to=message)
    other.says("/caption@another_bot", reply_to=message)
    other.says("/help@another_bot")
    other.says("/captions", reply_to=message)
    assert await only_answers(bench, 0) == []
    assert bench.jobs == []
    assert not bench.server.downloads


@pytest.mark.parametrize(
    "command", ["/caption", "/caption@loopback_caption_bot", "/CAPTION please"]
)
async def test_caption_as_reply_to_a_photo(bench: Bench, command: str) -> None:
    group = bench.server.group()
    message = bench.server.member(group).sends_photo(photo())
    bench.server.member(group).says(command, reply_to=message)
    (params,) = await only_answers(bench, 1)
    assert params["text"] == CAPTION
    assert params["chat_id"] == group["id"]
    assert params["reply_parameters"]["message_id"] == message["message_id"]
    assert "message_thread_id" not in params


async def test_caption_as_the_photos_own_text(bench: Bench) -> None:
    message = bench.server.member(bench.server.group()).sends_photo(photo(), caption="/caption")
    (params,) = await only_answers(bench, 1)
    assert params["text"] == CAPTION
    assert params["reply_parameters"]["message_id"] == message["message_id"]


async def test_two_people_may_ask_about_one_photo(bench: Bench) -> None:
    group = bench.server.group()
    message = bench.server.member(group).sends_photo(photo())
    for _ in range(2):
        bench.server.member(group).says("/caption", reply_to=message)
    assert [p["text"] for p in await only_answers(bench, 2)] == [CAPTION, CAPTION]


async def test_caption_without_a_photo(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    text = member.says("hello")
    member.says("/caption")
    member.says("/caption", reply_to=text)
    member.says("/caption", reply_to=member.sends({"video": VIDEO}))
    answers = [p["text"] for p in await only_answers(bench, 3)]
    how, video = say("nothing-to-caption", command="/caption"), say("unsupported", kind="video")
    assert sorted(answers) == sorted([how, how, video])


@pytest.mark.parametrize("name", ["", "@loopback_caption_bot"])
@pytest.mark.parametrize("command", ["help", "start", "privacy", "language", "voice", "delete"])
async def test_every_command_is_answered_with_and_without_the_name(
    bench: Bench, command: str, name: str
) -> None:
    bench.server.member(bench.server.group()).says(f"/{command}{name}")
    (params,) = await only_answers(bench, 1)
    known = {"privacy": say("privacy", delete="/delete", **USUAL), "voice": say("voice-how")}
    known |= {"help": say("help", **USUAL), "start": say("start", **USUAL)}
    now = say("language-now", bot="English", captions="English")
    known |= {"language": f"{now}\n{say('language-ask')}", "delete": say("deleted")}
    assert params["text"] == known[command]


async def test_unknown_command_that_names_the_bot_is_told_of_help(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    member.says("/describe@loopback_caption_bot")
    member.says("/describe")
    (params,) = await only_answers(bench, 1)
    assert params["text"] == say("not-a-photo")
    assert "/help" in params["text"]


async def test_group_is_greeted_once_a_day(bench: Bench) -> None:
    member = bench.server.member(bench.server.group())
    member.adds_bot()
    await bench.server.until(lambda: bench.server.made(chat_id=member.chat_id))
    member.removes_bot()
    member.adds_bot()
    (params,) = await only_answers(bench, 1)
    assert params["text"] == say("added-to-group")
    assert "reply_parameters" not in params


async def test_forum_topic_is_kept(bench: Bench) -> None:
    forum = bench.server.group(forum=True)
    member: Person = bench.server.member(forum, thread=77)
    message = member.sends_photo(photo())
    bench.server.member(forum, thread=77).says("/caption", reply_to=message)
    member.says("/caption")
    answers = await only_answers(bench, 2)
    assert {p["text"] for p in answers} == {CAPTION, say("nothing-to-caption", command="/caption")}
    assert {p["message_thread_id"] for p in answers} == {77}
    (action, *_) = bench.server.made("sendChatAction")
    assert action.params["message_thread_id"] == 77


async def test_thread_of_replies_is_no_topic(bench: Bench) -> None:
    """A supergroup without topics gives its chains of replies a message_thread_id, too."""
    member = bench.server.member(bench.server.group())
    member.sends(
        {
            "photo": member.sends_photo(photo())["photo"],
            "caption": "/caption",
            "message_thread_id": 5,
        }
    )
    (params,) = await only_answers(bench, 1)
    assert params["text"] == CAPTION
    assert "message_thread_id" not in params
