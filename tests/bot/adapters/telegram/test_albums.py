"""Albums: one answer, a line a photo."""

from __future__ import annotations

import pytest

from bot.locales import say
from bot.store import MemoryStore, Store
from tests.bot.adapters.telegram.conftest import CAPTION, Bench, by_colour
from tests.bot.adapters.telegram.steps import alerts, next_answer, rest
from tests.support.scripted_worker import jpeg

RED, BLUE, GREEN = (jpeg(colour, (64, 64)) for colour in ("red", "blue", "green"))


def lines(*captions: str) -> str:
    return "\n".join(f"{number}. {caption}" for number, caption in enumerate(captions, 1))


async def test_album_is_one_job_and_one_answer(bench: Bench) -> None:
    bench.script.reply = by_colour
    person = bench.server.person()
    first, *_ = person.sends_album([RED, BLUE, GREEN], caption="our holidays")
    params = await next_answer(bench, person)
    assert params["text"] == lines("a red picture", "a blue picture", "a green picture")
    assert params["reply_parameters"]["message_id"] == first["message_id"]
    (row,) = params["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == [say("button-speech"), say("button-delete")]
    assert len(await rest(bench)) == 1
    assert [len(job.photos) for job in bench.jobs] == [3]


async def test_bad_photo_spoils_only_its_line(bench: Bench) -> None:
    bench.script.reply = by_colour
    person = bench.server.person()
    messages = person.sends_album([RED, b"no picture at all", BLUE, GREEN])
    for size in messages[3]["photo"]:
        bench.server.world.files[size["file_id"]].available = False
    params = await next_answer(bench, person)
    gone = say("download-failed")
    assert params["text"] == lines("a red picture", say("not_an_image"), "a blue picture", gone)


async def test_album_of_bad_photos_is_refused_in_one_sentence(bench: Bench) -> None:
    person = bench.server.person()
    person.sends_album([b"no picture", b"none either"])
    assert (await next_answer(bench, person))["text"] == say("not_an_image")
    assert len(await rest(bench)) == 1


async def test_album_in_a_group_is_captioned_when_its_text_says_so(bench: Bench) -> None:
    group = bench.server.group()
    bench.server.member(group).sends_album([RED, BLUE])
    member = bench.server.member(group)
    first, _ = member.sends_album([RED, BLUE], caption="/caption@loopback_caption_bot")
    params = await next_answer(bench, member)
    assert params["text"] == lines(CAPTION, CAPTION)
    assert params["reply_parameters"]["message_id"] == first["message_id"]
    assert len(await rest(bench)) == 1


async def test_reply_to_one_photo_of_an_album_is_about_that_photo(bench: Bench) -> None:
    bench.script.reply = by_colour
    group = bench.server.group()
    _, second = bench.server.member(group).sends_album([RED, BLUE])
    member = bench.server.member(group)
    member.says("/caption", reply_to=second)
    assert (await next_answer(bench, member))["text"] == "a blue picture"


async def test_album_that_was_being_collected_comes_again_after_a_restart(idle: Bench) -> None:
    idle.script.reply = by_colour
    await idle.start(settle=60.0, grace=0.0)
    person = idle.server.person()
    person.sends_album([RED, BLUE])
    polls = idle.server.polls
    await idle.server.until(lambda: idle.server.polls >= polls + 3)
    await idle.stop()
    assert len(idle.server.world.updates) == 2
    await idle.start()
    params = await next_answer(idle, person)
    assert params["text"] == lines("a red picture", "a blue picture")
    assert len(await rest(idle)) == 1


async def test_album_delivered_twice_is_answered_once(bench: Bench) -> None:
    person = bench.server.person()
    person.sends_album([RED, BLUE])
    updates = list(bench.server.world.updates)
    await next_answer(bench, person)
    await bench.settled()
    await bench.stop()
    await bench.start()
    for update in updates:
        bench.server.world.push_again(update)
    assert len(await rest(bench)) == 1


async def test_photo_that_comes_late_has_an_answer_of_its_own(bench: Bench) -> None:
    bench.script.reply = by_colour
    person = bench.server.person()
    person.sends_album([RED, BLUE], group="77")
    await next_answer(bench, person)
    late, *_ = person.sends_album([GREEN], group="77")
    params = await next_answer(bench, person, 1)
    assert params["text"] == "a green picture"
    assert params["reply_parameters"]["message_id"] == late["message_id"]


async def test_late_photo_in_a_group_is_meant_as_the_rest_was(bench: Bench) -> None:
    bench.script.reply = by_colour
    member = bench.server.member(bench.server.group())
    member.sends_album([RED, BLUE], caption="/caption", group="77")
    await next_answer(bench, member)
    late, *_ = member.sends_album([GREEN], group="77")
    params = await next_answer(bench, member, 1)
    assert params["text"] == "a green picture"
    assert params["reply_parameters"]["message_id"] == late["message_id"]
    member.sends_album([GREEN, RED], group="78")
    assert len(await rest(bench)) == 2


async def test_answer_about_one_photo_offers_the_album(bench: Bench) -> None:
    bench.script.reply = by_colour
    group = bench.server.group()
    first, second = bench.server.member(group).sends_album([RED, BLUE])
    member = bench.server.member(group)
    member.says("/caption", reply_to=second)
    params = await next_answer(bench, member)
    assert params["text"] == "a blue picture"
    answer = bench.server.made(chat_id=member.chat_id)[0].result
    member.presses(answer, say("button-album"))
    params = await next_answer(bench, member, 1)
    assert params["text"] == lines("a red picture", "a blue picture")
    assert params["reply_parameters"]["message_id"] == first["message_id"]
    bench.store = MemoryStore()
    await bench.stop()
    await bench.start()
    member.presses(answer, say("button-album"))
    await bench.server.until(lambda: say("photo-expired") in alerts(bench))


async def test_photo_alone_offers_no_album(bench: Bench) -> None:
    person = bench.server.person()
    person.sends_album([RED])
    params = await next_answer(bench, person)
    buttons = [b["text"] for row in params["reply_markup"]["inline_keyboard"] for b in row]
    assert say("button-album") not in buttons


async def test_album_without_the_store(idle: Bench, gone_store: Store) -> None:
    idle.store = gone_store
    await idle.start()
    person = idle.server.person()
    person.sends_album([RED, BLUE])
    assert (await next_answer(idle, person))["text"] == lines(CAPTION, CAPTION)


@pytest.mark.parametrize("caption", [None, "/caption"])
async def test_album_of_what_is_never_a_picture(bench: Bench, caption: str | None) -> None:
    person = bench.server.person()
    voice = {"file_id": "F", "file_unique_id": "U", "duration": 2}
    content = {"audio": voice, "media_group_id": "5"} | ({"caption": caption} if caption else {})
    person.sends(content)
    person.sends({"audio": voice, "media_group_id": "5"})
    expected = (
        say("nothing-to-caption", command="/caption")
        if caption
        else say("unsupported", kind="audio")
    )
    assert (await next_answer(bench, person))["text"] == expected
    assert len(await rest(bench)) == 1
