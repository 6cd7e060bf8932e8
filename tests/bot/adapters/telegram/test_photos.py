"""Private chats: what is captioned, and what people are told about everything else."""

import asyncio

import pytest

from bot.locales import say
from captioner.queue.base import Limits
from captioner.queue.messages import CaptionJob, CaptionReply, Failure
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.support.facts import USUAL
from tests.support.photos import photo
from tests.support.scripted_worker import COLOURS, jpeg, scripted_reply
from tests.support.telegram_server import Json

FILE = {"file_id": "F", "file_unique_id": "U"}


async def test_photo_is_answered_with_its_caption(bench: Bench) -> None:
    person = bench.server.person()
    message = person.sends_photo(photo())
    await bench.server.until(bench.server.made)
    (call,) = bench.server.made()
    assert call.method == "sendMessage"
    assert call.params["chat_id"] == person.chat_id
    assert call.params["text"] == CAPTION
    assert call.params["reply_parameters"] == {
        "message_id": message["message_id"],
        "allow_sending_without_reply": True,
    }
    rows = call.params["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        [say("button-attention"), say("button-sheet")],
        [say("button-alternatives"), say("button-speech")],
        [say("button-delete")],
    ]
    assert call.params["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in call.params
    assert "disable_notification" not in call.params


async def test_smallest_size_that_is_large_enough_is_fetched(bench: Bench) -> None:
    message = bench.server.person().sends_photo(photo())
    await bench.server.until(bench.server.made)
    (size,) = [size for size in message["photo"] if size["width"] == 800]
    assert bench.server.downloads == [size["file_id"]]


async def test_typing_is_shown_until_the_answer(bench: Bench) -> None:
    bench.working.clear()
    person = bench.server.person()
    person.sends_photo(photo())
    await bench.server.until(lambda: bench.server.made("sendChatAction"))
    action = bench.server.made("sendChatAction")[0]
    assert action.params == {"chat_id": person.chat_id, "action": "typing"}
    assert not bench.server.made()
    bench.working.set()
    await bench.server.until(bench.server.made)


async def test_typing_is_kept_alive_and_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.telegram.messenger.TelegramMessenger.every", 0.05)
    bench.working.clear()
    bench.server.person().sends_photo(photo())
    await bench.server.until(lambda: len(bench.server.made("sendChatAction")) >= 3)
    bench.working.set()
    await bench.server.until(bench.server.made)
    await bench.settled()
    shown = len(bench.server.made("sendChatAction"))
    await asyncio.sleep(0.3)
    assert len(bench.server.made("sendChatAction")) <= shown + 1  # one may have been on its way


@pytest.mark.parametrize(
    ("name", "mime", "format"),
    [
        ("picture.png", "image/png", "PNG"),
        ("scan", "image/jpeg", "JPEG"),
        ("IMG_0001.HEIC", None, "HEIF"),
        ("x.webp", "application/octet-stream", "WEBP"),
        ("x.jfif", "application/octet-stream", "JPEG"),
        ("x.jpe", None, "JPEG"),
        ("x.gif", "application/octet-stream", "GIF"),
        ("photo.jpg", "application/x-unknown", "JPEG"),
        ("a report.docx", "application/octet-stream", "PNG"),
        (None, None, "PNG"),
    ],
)
async def test_image_file(
    bench: Bench,
    name: str | None,
    mime: str | None,
    format: str,  # noqa: A002 - Pillow's word
) -> None:
    bench.server.person().sends_file(photo(format=format), name=name, mime=mime)
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["text"] == CAPTION


async def test_file_too_large_is_refused_before_download(bench: Bench) -> None:
    message = bench.server.person().sends_file(photo(), size=30_000_000)
    await bench.server.until(bench.server.made)
    (call,) = bench.server.made()
    assert call.params["text"] == say("too-large-to-download", limit=20, kind="photo")
    assert call.params["reply_parameters"]["message_id"] == message["message_id"]
    assert not [call for call in bench.server.calls if call.method == "getFile"]


async def test_file_whose_size_only_telegram_knows(bench: Bench) -> None:
    bench.server.person().sends_file(photo(), size=30_000_000, tell_size=False)
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["text"] == say(
        "too-large-to-download", limit=20, kind="photo"
    )
    assert not bench.server.downloads


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (photo(640, 480)[:2000], say("damaged")),
        (b"this is not a picture at all\n" * 20, say("not_an_image")),
        (b"", say("empty")),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', say("unsupported", kind="svg")),
    ],
)
async def test_file_that_is_no_picture_inside(bench: Bench, data: bytes, sentence: str) -> None:
    bench.server.person().sends_file(data, name="photo.jpg", mime="image/jpeg")
    await bench.server.until(bench.server.made)
    assert [call.params["text"] for call in bench.server.made()] == [sentence]
    await bench.settled()
    assert bench.jobs == []


ONE_SENTENCE: list[tuple[Json, str]] = [
    ({"text": "what can you do?"}, say("not-a-photo")),
    ({"text": "/unknown"}, say("not-a-photo")),
    ({"voice": FILE | {"duration": 2}}, say("unsupported", kind="audio")),
    (
        {"audio": FILE | {"duration": 2, "mime_type": "audio/mpeg"}},
        say("unsupported", kind="audio"),
    ),
    (
        {"video": FILE | {"duration": 2, "width": 9, "height": 9}},
        say("unsupported", kind="video"),
    ),
    ({"video_note": FILE | {"duration": 2, "length": 9}}, say("unsupported", kind="video")),
    (
        {
            "animation": FILE | {"duration": 2, "width": 9, "height": 9},
            "document": FILE | {"mime_type": "image/gif"},
        },
        say("unsupported", kind="video"),
    ),
    ({"document": FILE | {"mime_type": "application/pdf"}}, say("unsupported", kind="pdf")),
    ({"document": FILE | {"mime_type": "application/zip"}}, say("not-a-photo")),
    (
        {
            "sticker": FILE
            | {
                "type": "regular",
                "width": 9,
                "height": 9,
                "is_animated": True,
                "is_video": False,
            }
        },
        say("moving-sticker"),
    ),
    ({"location": {"latitude": 1.0, "longitude": 1.0}}, say("not-a-photo")),
    ({"text": "/start"}, say("start", **USUAL)),
    ({"text": "/help"}, say("help", **USUAL)),
    ({"text": "/help@Loopback_Caption_Bot"}, say("help", **USUAL)),
    ({"text": "/caption"}, say("nothing-to-caption", command="/caption")),
]


async def test_everything_else_gets_one_honest_sentence(bench: Bench) -> None:
    people = [bench.server.person() for _ in ONE_SENTENCE]
    for person, (content, _) in zip(people, ONE_SENTENCE, strict=True):
        person.sends(content)
    await bench.server.until(lambda: len(bench.server.made()) == len(people))
    await bench.settled()
    for person, (content, sentence) in zip(people, ONE_SENTENCE, strict=True):
        said = [call.params["text"] for call in bench.server.made(chat_id=person.chat_id)]
        assert said == [sentence], content


async def test_silence_about_service_messages_and_edits(bench: Bench) -> None:
    person = bench.server.person()
    person.sends({"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}})
    message = person.says("/start")
    await bench.server.until(bench.server.made)
    person.edits(message, text="/help")
    person.says("/start")
    await bench.server.until(lambda: len(bench.server.made()) == 2)
    assert {call.params["text"] for call in bench.server.made()} == {say("start", **USUAL)}


@pytest.mark.parametrize("failure", list(Failure))
async def test_failure_is_told(bench: Bench, failure: Failure) -> None:
    def fail(job: CaptionJob) -> CaptionReply:
        return CaptionReply(
            job_id=job.id, adapter=job.adapter, context=job.context, failure=failure
        )

    bench.script.reply = fail
    bench.server.person().sends_photo(photo())
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["text"] == say(failure)


async def test_slow_download_holds_up_nobody_else(bench: Bench) -> None:
    slow, quick = bench.server.person(), bench.server.person()
    gate = bench.server.fail("download", gate=asyncio.Event())
    slow.sends_photo(photo(seed=1))
    await bench.server.until(lambda: gate.happened)
    quick.sends_photo(photo(seed=2))
    await bench.server.until(lambda: bench.server.made(chat_id=quick.chat_id))
    assert not bench.server.made(chat_id=slow.chat_id)
    assert gate.gate is not None
    gate.gate.set()
    await bench.server.until(lambda: bench.server.made(chat_id=slow.chat_id))


async def test_everybody_gets_the_caption_of_their_own_photo(bench: Bench) -> None:
    bench.script.reply = scripted_reply
    people = {colour: bench.server.person() for colour in COLOURS}
    for colour, person in people.items():
        person.sends_photo(jpeg(colour, (64, 64)))
    wanted = {person.chat_id: f"a {colour} picture" for colour, person in people.items()}
    # On a busy machine some are told first how many are in front of them.
    await bench.server.until(
        lambda: (
            {call.params["chat_id"]: call.params["text"] for call in bench.server.made()} == wanted
        )
    )


async def test_same_photo_again_is_answered_without_a_worker(bench: Bench) -> None:
    first, second = bench.server.person(), bench.server.person()
    first.sends_photo(photo())
    await bench.server.until(bench.server.made)
    await bench.settled()
    message = second.sends_photo(photo())
    await bench.server.until(lambda: bench.server.made(chat_id=second.chat_id))
    (call,) = bench.server.made(chat_id=second.chat_id)
    assert call.params["text"] == CAPTION
    assert call.params["reply_parameters"]["message_id"] == message["message_id"]
    assert call.params["reply_markup"]
    assert len(bench.jobs) == 1


async def test_person_with_too_much_in_flight_is_told(bench: Bench) -> None:
    bench.queue.limits = Limits(per_person=1)
    bench.working.clear()
    person = bench.server.person()
    person.sends_photo(photo(seed=1))
    async with asyncio.timeout(30):
        while not await bench.queue.depth():
            await asyncio.sleep(0.01)
    second = person.sends_photo(photo(seed=2))
    await bench.server.until(bench.server.made)
    (call,) = bench.server.made()
    assert call.params["text"] == say("person-busy")
    assert call.params["reply_parameters"]["message_id"] == second["message_id"]
    bench.working.set()
    await bench.server.until(lambda: len(bench.server.made()) == 2)


async def test_photo_removed_before_its_download(bench: Bench) -> None:
    message = bench.server.person().sends_photo(photo())
    for size in message["photo"]:
        bench.server.world.files[size["file_id"]].available = False
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["text"] == say("download-failed")


async def test_download_that_fails_is_tried_again(bench: Bench) -> None:
    bench.server.fail("getFile", status=500)
    bench.server.fail("download", reset=True)
    bench.server.person().sends_photo(photo())
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["text"] == CAPTION


async def test_download_that_keeps_failing_is_told(bench: Bench) -> None:
    bench.server.fail("download", times=99, status=500)
    bench.server.person().sends_photo(photo())
    await bench.server.until(bench.server.made)
    assert bench.server.made()[0].params["text"] == say("download-failed")
