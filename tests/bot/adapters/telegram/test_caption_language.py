"""Captions in the language that a person reads."""

from __future__ import annotations

from bot.locales import say
from tests.bot.adapters.telegram.conftest import Bench
from tests.bot.adapters.telegram.steps import told
from tests.support.scripted_worker import jpeg, scripted_reply, speaks
from tests.support.telegram_server import Json, Person


async def answered(bench: Bench, person: Person) -> Json:
    """The bot's answer to a red photo, as a message."""
    before = len(bench.server.made())
    person.sends_photo(jpeg("red", (64, 48)))
    await bench.server.until(lambda: len(bench.server.made()) > before)
    message: Json = bench.server.made()[before].result
    return message


async def test_captions_in_the_persons_language(idle: Bench) -> None:
    """From /language to the job, the answer, its buttons, the voice and what others get."""
    bench, multilingual = idle, speaks("en", "de", "ar")
    bench.script.reply = lambda job: scripted_reply(job, multilingual)
    await bench.queue.announce("another worker", ready=True, capabilities=multilingual)
    await bench.start()
    person, other = bench.server.person(), bench.server.person()
    person.user["language_code"] = "de-AT"
    other.user["language_code"] = "it"
    answer = await answered(bench, person)
    assert answer["text"] == "ein Bild in Rot"
    buttons = [b for row in answer["reply_markup"]["inline_keyboard"] for b in row]
    assert "speech:de" in {b["callback_data"] for b in buttons}
    person.sends_callback(answer, "speech:de")
    await bench.server.until(lambda: bench.server.made("sendVoice"))
    told_once = say(
        "captions-not-in", "it", wanted="italiano", used="inglese",
        languages="inglese, tedesco, arabo",
    )  # fmt: skip
    for remark in (f"\n\n{told_once}", ""):
        english = await answered(bench, other)
        assert english["text"] == f"a red picture{remark}"
    await told(bench, other, "/language")
    offer = bench.server.made(chat_id=other.chat_id)[-1].result
    other.sends_callback(offer, "language:captions")
    await bench.server.until(lambda: bench.server.made("editMessageText"))
    rows = bench.server.made("editMessageText")[0].params["reply_markup"]["inline_keyboard"]
    assert [[b["callback_data"] for b in row] for row in rows] == [
        ["language:captions en", "language:captions de", "language:captions ar"],
        ["language:captions auto"],
    ]
    other.sends_callback(offer, "language:captions ar")
    await bench.server.until(lambda: len(bench.server.made("editMessageText")) == 2)
    now = say("language-now", "it", bot="italiano", captions="arabo")
    assert bench.server.made("editMessageText")[1].params["text"] == now
    arabic = await answered(bench, other)
    assert arabic["text"] == "صورة حمراء"
    assert [job.language for job in bench.jobs] == ["de", "en", "ar"], "the rest was known"
