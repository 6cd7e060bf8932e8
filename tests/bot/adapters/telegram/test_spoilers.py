"""Photos that were sent as spoilers: whatever is said or drawn of them is covered too."""

from __future__ import annotations

from bot.locales import say
from tests.bot.adapters.telegram.conftest import CAPTION, GIF, Bench, by_colour
from tests.bot.adapters.telegram.steps import alerts, next_answer, rest, told
from tests.support.photos import photo
from tests.support.scripted_worker import jpeg
from tests.support.telegram_server import Json

RED, BLUE = (jpeg(colour, (64, 64)) for colour in ("red", "blue"))


def hidden(params: Json, what: str = "text") -> list[str]:
    """The covered pieces of what was sent."""
    entities = params.get("entities" if what == "text" else "caption_entities") or []
    raw = params[what].encode("utf-16-le")
    spans = [(e["offset"], e["length"]) for e in entities if e["type"] == "spoiler"]
    return [raw[2 * at : 2 * (at + length)].decode("utf-16-le") for at, length in spans]


async def test_caption_of_a_spoiler_is_covered(bench: Bench) -> None:
    person = bench.server.person()
    person.sends_photo(photo(), spoiler=True)
    assert hidden(await next_answer(bench, person)) == [CAPTION]
    person.sends_photo(photo())
    assert hidden(await next_answer(bench, person, 1)) == []


async def test_command_under_somebody_elses_spoiler(bench: Bench) -> None:
    group = bench.server.group()
    message = bench.server.member(group).sends_photo(photo(), spoiler=True)
    member = bench.server.member(group)
    member.says("/caption", reply_to=message)
    assert hidden(await next_answer(bench, member)) == [CAPTION]
    member.says("/alt", reply_to=message)
    params = await next_answer(bench, member, 1)
    assert hidden(params) == [params["text"]]
    (row,) = params["reply_markup"]["inline_keyboard"]
    assert row[0]["copy_text"]["text"] == params["text"]


async def test_mixed_album(bench: Bench) -> None:
    bench.script.reply = by_colour
    person = bench.server.person()
    person.sends_album([RED, BLUE], spoilers=[1])
    params = await next_answer(bench, person)
    assert params["text"] == "1. a red picture\n2. a blue picture"
    assert hidden(params) == ["a blue picture"]


async def test_mixed_album_that_comes_again_after_a_restart(idle: Bench) -> None:
    idle.script.reply = by_colour
    await idle.start(settle=60.0, grace=0.0)
    person = idle.server.person()
    person.sends_album([RED, BLUE], spoilers=[0])
    polls = idle.server.polls
    await idle.server.until(lambda: idle.server.polls >= polls + 3)
    await idle.stop()
    await idle.start()
    assert hidden(await next_answer(idle, person)) == ["a red picture"]
    assert len(await rest(idle)) == 1


async def test_answer_that_is_sent_after_a_restart(idle: Bench) -> None:
    await idle.start()
    idle.working.clear()
    person = idle.server.person()
    person.sends_photo(photo(), spoiler=True)
    await idle.server.until(lambda: not idle.server.world.updates)
    await idle.stop()
    idle.working.set()
    await idle.start()
    assert hidden(await next_answer(idle, person)) == [CAPTION]


async def test_auto_answers_under_a_cover(bench: Bench) -> None:
    group = bench.server.group()
    admin = bench.server.member(group)
    bench.server.make_admin(group, admin.user["id"])
    await told(bench, admin, "/auto on")
    admin.sends_photo(photo(), spoiler=True)
    assert hidden(await next_answer(bench, admin, 1)) == [CAPTION]


async def test_buttons_draw_and_say_it_under_a_cover(bench: Bench) -> None:
    person = bench.server.person()
    person.sends_photo(photo(), spoiler=True)
    await next_answer(bench, person)
    answer = bench.server.made(chat_id=person.chat_id)[0].result
    person.presses(answer, say("button-attention"))
    await bench.server.until(lambda: bench.server.made("sendAnimation"))
    (call,) = bench.server.made("sendAnimation")
    assert call.files["animation"].data == GIF
    assert call.params["has_spoiler"] is True
    assert hidden(call.params, "caption") == [CAPTION]
    person.presses(answer, say("button-sheet"))
    await bench.server.until(lambda: bench.server.made("sendPhoto"))
    (call,) = bench.server.made("sendPhoto")
    assert call.params["has_spoiler"] is True
    assert hidden(call.params, "caption") == [CAPTION]
    person.presses(answer, say("button-alternatives"))
    params = await next_answer(bench, person, 3)
    assert CAPTION not in params["text"].replace("".join(hidden(params)), "")


async def test_sheet_that_telegram_takes_only_as_a_file_is_not_sent(bench: Bench) -> None:
    person = bench.server.person()
    person.sends_photo(photo(), spoiler=True)
    await next_answer(bench, person)
    bench.server.fail("sendPhoto", status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    person.presses(bench.server.made()[0].result, say("button-sheet"))
    assert (await next_answer(bench, person, 1))["text"] == say("cannot-cover")
    assert bench.server.made("sendDocument") == []


async def test_spoiler_is_not_read_aloud_in_a_group(bench: Bench) -> None:
    group = bench.server.group()
    member = bench.server.member(group)
    await told(bench, member, "/voice on")
    await bench.server.until(lambda: bench.server.made("sendVoice"))
    before = len(bench.server.made(chat_id=group["id"]))
    member.sends_photo(photo(), caption="/caption", spoiler=True)
    params = await next_answer(bench, member, before)
    assert hidden(params) == [CAPTION]
    assert params["text"].endswith(say("spoiler-not-spoken"))
    await bench.settled()
    answer = bench.server.made(chat_id=group["id"])[before].result
    member.presses(answer, say("button-speech"))
    await bench.server.until(lambda: say("spoiler-not-spoken") in alerts(bench))
    assert len(bench.server.made("sendVoice")) == 1
